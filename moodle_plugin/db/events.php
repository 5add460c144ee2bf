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
 * Observers of local_archivist.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$observers = [
    ['eventname' => '\core\event\course_module_deleted', 'callback' => '\local_archivist\observer::activity_deleted'],
    ['eventname' => '\core\event\course_content_deleted', 'callback' => '\local_archivist\observer::course_emptied'],
    ['eventname' => '\core\event\course_deleted', 'callback' => '\local_archivist\observer::course_emptied'],
    ['eventname' => '\local_archivist\event\archive_job_completed', 'callback' => '\local_archivist\notifier::entered'],
    ['eventname' => '\local_archivist\event\archive_job_failed', 'callback' => '\local_archivist\notifier::entered'],
    // Whatever happens in a course may change what is archived of it. After a commit, since nobody else sees it before.
    ['eventname' => '*', 'callback' => '\local_archivist\fingerprints::changed', 'internal' => false],
];
