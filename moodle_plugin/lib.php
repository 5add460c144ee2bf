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

/**
 * Callbacks of local_archivist.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

/**
 * Adds the overview of what is archived to the menu of a course.
 *
 * @param navigation_node $node
 * @param stdClass $course
 * @param context_course $context
 */
function local_archivist_extend_navigation_course(navigation_node $node, stdClass $course, context_course $context): void {
    if (has_capability('local/archivist:view', $context)) {
        $node->add(
            get_string('archives', 'local_archivist'),
            new moodle_url('/local/archivist/index.php', ['courseid' => $course->id]),
            navigation_node::TYPE_SETTING,
            null,
            'local_archivist',
            new pix_icon('i/backup', ''),
        );
    }
}

/**
 * Adds the archives of an activity to its own menu.
 *
 * @param settings_navigation $navigation
 * @param context $context
 */
function local_archivist_extend_settings_navigation(settings_navigation $navigation, context $context): void {
    global $PAGE;
    if (!$context instanceof context_module || !$PAGE->cm || !local_archivist\archivers::supports($PAGE->cm->modname)) {
        return;
    }
    $node = $navigation->find('modulesettings', navigation_node::TYPE_SETTING);
    if ($node && has_capability('local/archivist:view', $context->get_course_context())) {
        $node->add(
            get_string('archives', 'local_archivist'),
            new moodle_url('/local/archivist/activity.php', ['id' => $PAGE->cm->id]),
            navigation_node::TYPE_SETTING,
            null,
            'local_archivist',
            new pix_icon('i/backup', ''),
        );
    }
}

/**
 * The checks for the page of Moodle's system status.
 *
 * @return \core\check\check[]
 */
function local_archivist_status_checks(): array {
    return local_archivist\check\storages::all();
}

/**
 * Keeps the rights in an activity with its jobs, as long as they can be told.
 *
 * @param stdClass $cm
 */
function local_archivist_pre_course_module_delete(stdClass $cm): void {
    local_archivist\rights::keep_of_activity((int) $cm->course, (int) $cm->id);
}

/**
 * Keeps the rights in all activities of a course with their jobs, as long as they can be told.
 *
 * @param stdClass $course
 */
function local_archivist_pre_course_delete(stdClass $course): void {
    local_archivist\rights::keep_of_course((int) $course->id);
}
