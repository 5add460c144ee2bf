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
    /** @var string Characters that begin a formula in one of the usual spreadsheets. */
    private const FORMULA = "=+-@\t\r\n|%";

    /**
     * A whole table.
     *
     * @param string[] $header
     * @param iterable<array> $rows
     * @return string RFC 4180 with CRLF, UTF-8 with a byte order mark, since Excel asks for one
     */
    public static function table(array $header, iterable $rows): string {
        $out = "\u{FEFF}" . self::row($header);
        foreach ($rows as $row) {
            $out .= self::row($row);
        }
        return $out;
    }

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
        $text = is_bool($value) ? ($value ? '1' : '0') : (string) $value;
        $first = ltrim($text, " \u{A0}")[0] ?? '';
        if ($text !== '' && (str_contains(self::FORMULA, $text[0]) || str_contains("=+-@|%", $first ?: ' ') || $text[0] === "'")
                && !preg_match('/^-?[0-9]+([.,][0-9]+)?$/D', $text)) {
            $text = "'" . $text;
        }
        return preg_match('/[",\r\n\']|^\s|\s$/', $text) ? '"' . str_replace('"', '""', $text) . '"' : $text;
    }
}
