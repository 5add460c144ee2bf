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

namespace local_archivist\output;

/**
 * Points in time for people: what was archived or deleted when is evidence, so the zone always stands with it.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class moment {
    /**
     * A point in time in somebody's zone.
     *
     * @param int $time
     * @param string $format name of a string of langconfig
     * @param \stdClass|null $user whose zone and language; null: who looks
     * @return string
     */
    public static function told(int $time, string $format = 'strftimedatetimeshort', ?\stdClass $user = null): string {
        $zone = \core_date::get_user_timezone_object($user);
        $format = get_string_manager()->get_string($format, 'langconfig', null, ($user->lang ?? '') ?: null);
        $abbreviation = (new \DateTime("@$time"))->setTimezone($zone)->format('T');
        return userdate($time, $format, $user->timezone ?? 99) . " $abbreviation";
    }
}
