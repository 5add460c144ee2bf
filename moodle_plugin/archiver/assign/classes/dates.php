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
 * Points in time, for machines and for people.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class dates {
    /** @var int Points in time that are kept in words: those of an exam are often the same, and words take time. */
    private const KNOWN_MAX = 2000;

    /** @var array<string, string> Points in time in words, by language, zone and seconds. */
    private static array $known = [];

    /**
     * For machines.
     *
     * @param int|string|null $time seconds since 1970; 0 means none
     * @return string|null ISO 8601 in UTC
     */
    public static function iso($time): ?string {
        return (int) $time > 0 ? gmdate('Y-m-d\TH:i:s\Z', (int) $time) : null;
    }

    /**
     * For people: in the time zone of the site, which is named.
     *
     * @param int|string|null $time
     * @return string
     */
    public static function human($time): string {
        if ((int) $time <= 0) {
            return '–';
        }
        $key = current_language() . \core_date::get_server_timezone() . (int) $time;
        if (count(self::$known) > self::KNOWN_MAX) {
            self::$known = [];
        }
        return self::$known[$key] ??= self::written((int) $time);
    }

    /**
     * A point in time, in words.
     *
     * @param int $time
     * @return string
     */
    private static function written(int $time): string {
        $format = get_string('strftimedatetimeaccurate', 'langconfig');
        $zone = \core_date::get_server_timezone_object();
        $offset = (new \DateTime("@$time"))->setTimezone($zone)->format('P');
        return userdate((int) $time, $format, $zone->getName()) . " (UTC$offset)";
    }
}
