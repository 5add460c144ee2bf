<?php
// This file is part of Moodle - http://moodle.org/
//
// Moodle is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// Moodle is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with Moodle.  If not, see <http://www.gnu.org/licenses/>.

namespace archiver_assign;

/**
 * Pages that are readable without Moodle.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \archiver_assign\html
 */
final class html_test extends \advanced_testcase {
    /**
     * Texts in Moodle's formats, and what of them must be in a page.
     *
     * @return array<string, array{string|null, int, string}>
     */
    public static function texts(): array {
        return [
            'HTML stays' => ['<p class="x">a &amp; b</p>', 1, '<p class="x">a &amp; b</p>'],
            'plain text' => ["<b>\na", 2, "&lt;b&gt;\na"],
            'Markdown' => ['*a*', 4, '<em>a</em>'],
            'Moodle\'s own' => ["a\nb", 0, "a<br />\nb"],
            'nothing' => [null, 1, ''],
            'another address' => ['<META http-equiv="refresh" content="0;url=x">', 1, '&lt;META'],
            'link' => ['<a href="@@PLUGINFILE@@/a%20b/c.pdf?forcedownload=1">x</a>', 1, '<a href="my_files/a%20b/c.pdf">x</a>'],
            'link to a renamed file' => ["<img src='@@PLUGINFILE@@/what%3F.png'>", 1, "<img src='my_files/file-7.png'>"],
            'two links' => ['@@PLUGINFILE@@/a.png @@PLUGINFILE@@/b.png', 1, 'my_files/a.png my_files/b.png'],
        ];
    }

    /**
     * Texts become pieces of pages.
     *
     * @dataProvider texts
     * @param string|null $text
     * @param int $format
     * @param string $expected
     */
    public function test_text(?string $text, int $format, string $expected): void {
        $this->assertStringContainsString($expected, html::text($text, $format, 'my_files', ['/what?.png' => 'file-7.png']));
    }

    /**
     * A page stands alone, and names in it are no markup.
     */
    public function test_page(): void {
        $page = html::page('<Mia> & "Ana"', '<p>ü</p>');
        $this->assertStringStartsWith("<!DOCTYPE html>\n<html lang=\"en\">", $page);
        $this->assertStringContainsString('<meta charset="UTF-8">', $page);
        $this->assertStringContainsString('<title>&lt;Mia&gt; &amp; &quot;Ana&quot;</title>', $page);
        $this->assertStringContainsString("default-src 'none'", $page);
        $facts = html::facts(['a<' => 'b>', 'none' => '', 'unset' => null]);
        $this->assertSame("<table>\n<tr><th scope=\"row\">a&lt;</th><td>b&gt;</td></tr>\n</table>\n", $facts);
        $this->assertSame('', html::facts(['a' => null]));
    }
}
