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
 * Tables for spreadsheets in which no cell is run as a formula.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class csv {
    /** @var string Put before the first line, since Excel takes the file for UTF-8 only then. */
    public const BOM = "\u{FEFF}";

    /**
     * @var string What some spreadsheet takes for the beginning of a formula or of a command, also after blanks and
     *     in wide characters; and the apostrophe that defuses it.
     */
    private const RISKY = '/^(?:[\t\r\n\']|[\s\p{Z}\p{C}]*[=+\-@|%＝＋－＠｜％])/u';

    /** @var string Texts that begin with a sign and are mere numbers. */
    private const NUMBER = '/^-?[0-9]+(?:[.,][0-9]+)?$/D';

    /**
     * One line.
     *
     * @param array $cells
     * @return string
     */
    public static function row(array $cells): string {
        return implode(',', array_map([self::class, 'cell'], array_values($cells))) . "\r\n";
    }

    /**
     * One cell. A text that could be a formula gets an apostrophe in front, and so does a text that begins with
     * one: removing one apostrophe from every cell that begins with one gives the original back.
     *
     * @param mixed $value
     * @return string
     */
    public static function cell(mixed $value): string {
        if (is_int($value) || is_float($value)) {
            return (string) $value;
        }
        $text = is_bool($value) ? (string) (int) $value : mb_scrub((string) $value, 'UTF-8');
        if (preg_match(self::RISKY, $text) && !preg_match(self::NUMBER, $text)) {
            $text = "'" . $text;
        }
        return preg_match('/[",;\t\r\n\']|^\s|\s$/', $text) ? '"' . str_replace('"', '""', $text) . '"' : $text;
    }
}
