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

namespace local_archivist;

/**
 * Tables for spreadsheets.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \local_archivist\csv
 */
final class csv_test extends \advanced_testcase {
    /**
     * Texts that some spreadsheet runs, and what they must become.
     *
     * @return array<string, array{string}>
     */
    public static function attacks(): array {
        $texts = ['=1+1', '+1+1', '-1+1', '@SUM(A1)', "\t=1+1", "\r=1+1", "\n=1+1", ' =1+1', "\u{A0}=1+1", "\u{3000}=1+1", '|cmd',
            '%0A-1', '＝1+1', '＋1', '－1+1', '＠SUM(A1)', "\u{FEFF}=1+1", "\u{200B}=1+1", '=HYPERLINK("http://x","y")',
            "=cmd|' /C calc'!A0", '-', '--1', '-1,2,3', '+49 123', "'=1", "''", '-1e5', "\x00=1"];
        return array_combine(array_map('json_encode', $texts), array_map(fn($text) => [$text], $texts));
    }

    /**
     * None of them begins a formula, also after a reader has taken the quotes off, and each can be had back.
     *
     * @dataProvider attacks
     * @param string $text
     */
    public function test_attack(string $text): void {
        $read = $this->read(csv::row([$text, 'next']));
        $this->assertSame("'" . $text, $read[0][0]);
        $this->assertSame('next', $read[0][1]);
    }

    /**
     * Texts and numbers that are harmless, and how they stand in the table.
     *
     * @return array<string, array{mixed, string}>
     */
    public static function harmless(): array {
        return [
            'text' => ['Größe', 'Größe'],
            'number' => [-5, '-5'],
            'fraction' => [-1.5, '-1.5'],
            'number as text' => ['-5', '-5'],
            'fraction as text' => ['-5.25', '-5.25'],
            'fraction with a comma' => ['-5,25', '"-5,25"'],
            'nothing' => [null, ''],
            'true' => [true, '1'],
            'false' => [false, '0'],
            'quotes' => ['say "a"', '"say ""a"""'],
            'lines' => ["a\nb", "\"a\nb\""],
            'semicolon' => ['a;b', '"a;b"'],
            'blanks' => [' a ', '" a "'],
            'sign inside' => ['a=b', 'a=b'],
            'not UTF-8' => ["a\xFFb", 'a?b'],
        ];
    }

    /**
     * They stay what they are.
     *
     * @dataProvider harmless
     * @param mixed $value
     * @param string $cell
     */
    public function test_harmless($value, string $cell): void {
        $this->assertSame($cell, csv::cell($value));
    }

    /**
     * Every text comes back when one apostrophe is taken from each cell that begins with one.
     */
    public function test_reversible(): void {
        $parts = ["'", '=', '-', '1', '"', ',', "\r\n", ' ', 'ä', '＝', "\t"];
        $rows = [];
        foreach ($parts as $a) {
            foreach ($parts as $b) {
                foreach ($parts as $c) {
                    $rows[] = ["$a$b$c", "$c$a", $b];
                }
            }
        }
        $read = $this->read(implode('', array_map([csv::class, 'row'], [['a', 'b', 'c'], ...$rows])));
        array_shift($read);
        $back = array_map(fn($row) => array_map(fn($cell) => $cell[0] === "'" ? substr($cell, 1) : $cell, $row), $read);
        $this->assertSame($rows, $back);
    }

    /**
     * Lines end as RFC 4180 says, and the byte order mark is one by which Excel reads UTF-8.
     */
    public function test_row(): void {
        $this->assertSame("\u{FEFF}a,b\r\n1,ü\r\n", csv::BOM . csv::row(['a', 'b']) . csv::row([1, 'ü']));
    }

    /**
     * Reads CSV as RFC 4180 says.
     *
     * @param string $text
     * @return string[][]
     */
    private function read(string $text): array {
        $handle = fopen('php://memory', 'w+b');
        fwrite($handle, preg_replace('/^\x{FEFF}/u', '', $text));
        rewind($handle);
        $rows = [];
        while (($row = fgetcsv($handle, null, ',', '"', '')) !== false) {
            $rows[] = $row;
        }
        fclose($handle);
        return $rows;
    }
}
