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
 * Notices that activities go, so that their jobs tell so. Archives stay, and no run of a job depends on this.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class observer {
    /**
     * An activity was deleted.
     *
     * @param \core\event\course_module_deleted $event
     */
    public static function activity_deleted(\core\event\course_module_deleted $event): void {
        self::mark('cmid = :cmid', ['cmid' => $event->objectid]);
    }

    /**
     * A course was deleted, or all its content was.
     *
     * @param \core\event\base $event
     */
    public static function course_emptied(\core\event\base $event): void {
        $where = 'courseid = :courseid AND NOT EXISTS (SELECT 1 FROM {course_modules} cm WHERE cm.id = {local_archivist_job}.cmid)';
        self::mark($where, ['courseid' => $event->objectid]);
    }

    /**
     * Enters that activities are gone.
     *
     * @param string $where
     * @param array $params
     */
    private static function mark(string $where, array $params): void {
        global $DB;
        $params['now'] = job::now();
        $DB->execute("UPDATE {local_archivist_job} SET activitygone = :now WHERE activitygone = 0 AND $where", $params);
    }
}
