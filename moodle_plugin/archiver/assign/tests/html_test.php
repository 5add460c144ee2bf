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

use local_archivist\tests\german;

/**
 * Pages that are readable without Moodle.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \archiver_assign\html
 * @covers     \local_archivist\language
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
            'link' => ['<a href="@@PLUGINFILE@@/a%20b/c.pdf?forcedownload=1">x</a>', 1, '<a href="my_files/a%20b/c.pdf">x</a>'],
            'link to a renamed file' => ["<img src='@@PLUGINFILE@@/what%3F.png'>", 1, '<img src="my_files/file-7.png"'],
            'picture' => ['<img src="@@PLUGINFILE@@/a%20b/c%3A1.png" alt="x">', 1, '<img src="my_files/a%20b/c%3A1.png" alt="x"'],
            'video' => ['<video controls src="@@PLUGINFILE@@/a.mp4"></video>', 1, 'src="my_files/a.mp4"'],
            'picture in Markdown' => ['![x](@@PLUGINFILE@@/a.png)', 4, 'src="my_files/a.png"'],
            'link elsewhere' => ['<a href="https://example.org/?a=1">x</a>', 1, 'href="https://example.org/?a=1"'],
            'link to a person' => ['<a href="mailto:a@example.org">x</a>', 1, 'href="mailto:a@example.org"'],
            'looks' => ['<p style="color:#ff0000">x</p>', 1, 'color:#ff0000'],
            'formula' => ['<p>\\(a &lt; b\\)</p>', 1, '\\(a &lt; b\\)'],
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
     * Texts that want a reader's browser to load something from elsewhere, or to do something.
     *
     * @return array<string, array{string, 1?: int}>
     */
    public static function vectors(): array {
        return [
            'file on another computer' => ['<img src="file://evil.example/s/x.png">'],
            'without a scheme' => ['<img src="//evil.example/s/x.png">'],
            'without a scheme, hidden' => ["<img src='\t/\n/evil.example/s/x.png'>"],
            'entities' => ['<img src="&#47;&#x2f;evil.example/x.png">'],
            'backslashes' => ['<img src="\\\\evil.example\\x.png" alt="x">'],
            'mixed slashes' => ['<img src="/\\evil.example/x.png">'],
            'up and out' => ['<img src="../../../../..//evil.example/x.png">'],
            'up and out, hidden' => ['<img src="%2e%2e/%2e%2e/%2fevil.example/x.png">'],
            'http' => ['<img src="http://evil.example/x.png" alt="x">'],
            'https' => ['<img src=https://evil.example/x.png>'],
            'in Markdown' => ['![x](//evil.example/x.png)', 4],
            'in Moodle\'s own format' => ['<img src="//evil.example/x.png">', 0],
            'after a bracket' => ['<img alt="a > b" title=\'"<>\' src="//evil.example/s/x.png">'],
            'srcset' => ['<img src="a.png" srcset="a.png 1x, //evil.example/x.png 2x">'],
            'picture source' => ['<picture><source srcset="//evil.example/x.png"><img src="a.png"></picture>'],
            'poster' => ['<video poster="//evil.example/x.png" src="a.mp4"></video>'],
            'video' => ['<video src="https://evil.example/x.mp4"></video>'],
            'audio' => ['<audio><source src="//evil.example/x.mp3"></audio>'],
            'subtitles' => ['<video src="a.mp4"><track src="//evil.example/x.vtt"></video>'],
            'background' => ['<table background="//evil.example/x.png"><tr><td background="//evil.example/x">a</td></tr></table>'],
            'background in CSS' => ['<p style="background:url(//evil.example/x.png)">a</p>'],
            'background picture' => ['<p style="color:red;background-image: url(\'https://evil.example/x\')">a</p>'],
            'escapes in CSS' => ['<p style="background:\\75rl(//evil.example/x.png)">a</p>'],
            'list in CSS' => ['<ul style="list-style-image:url(&quot;file://evil.example/x&quot;)"><li>a</li></ul>'],
            'set of pictures' => ['<p style="background:image-set(\'//evil.example/x\' 1x)">a</p>'],
            'style sheet' => ['<style>@import "//evil.example/x.css"; p{background:url(//evil.example/x)}</style>'],
            'link' => ['<link rel="stylesheet" href="//evil.example/x.css">'],
            'prefetch' => ['<link rel="dns-prefetch" href="https://evil.example/">'],
            'another address' => ['<META http-equiv="refresh" content="0;url=//evil.example/">'],
            'base' => ['<base href="//evil.example/">'],
            'object' => ['<object data="//evil.example/x"></object>'],
            'embed' => ['<embed src="//evil.example/x">'],
            'frame' => ['<iframe src="//evil.example/x"></iframe>'],
            'form' => ['<form action="//evil.example/x"><input type="image" src="//evil.example/x"></form>'],
            'SVG' => ['<svg><image href="//evil.example/x" xlink:href="//evil.example/x"/></svg>'],
            'script' => ['<script>fetch("//evil.example/x")</script>'],
            'handler' => ['<img src="a.png" onerror="fetch(\'//evil.example/x\')">'],
            'script in a link' => ['<a href="javascript:fetch(\'//evil.example/x\')">a</a>'],
            'link to a file elsewhere' => ['<a href="//evil.example/x">a</a>'],
            'ping' => ['<a href="a.html" ping="https://evil.example/x">a</a>'],
        ];
    }

    /**
     * Nothing of them is left in a tag.
     *
     * @dataProvider vectors
     * @param string $text
     * @param int $format
     */
    public function test_harmless(string $text, int $format = 1): void {
        $view = html::text("<p>before</p>\n\n$text\n\nafter", $format, 'my_files');
        $this->assertStringContainsString('before', $view);
        $this->assertDoesNotMatchRegularExpression('~<[^>]*evil~i', $view);
        $this->assertDoesNotMatchRegularExpression('~<(meta|base|link|style|script|object|embed|iframe|form|svg)~i', $view);
    }

    /**
     * A page says which language its words are in: not always the one that was asked for.
     */
    public function test_language(): void {
        global $SESSION;
        $this->resetAfterTest();
        german::install();
        german::install('de_du', 'de');
        german::install('fr');
        foreach (['en' => 'en', 'de' => 'de', 'de_du' => 'de', 'fr' => 'en'] as $spoken => $told) {
            $SESSION->forcelang = $spoken;
            $this->assertStringContainsString("<html lang=\"$told\">", html::page('Mia', ''));
        }
        unset($SESSION->forcelang);
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
        $this->assertSame("<table class=\"facts\">\n<tr><th scope=\"row\">a&lt;</th><td>b&gt;</td></tr>\n</table>\n", $facts);
        $this->assertSame('', html::facts(['a' => null]));
    }
}
