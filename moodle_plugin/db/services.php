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
 * Functions that the pages of local_archivist call.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$functions = [
    'local_archivist_create_jobs' => [
        'classname' => \local_archivist\external\create_jobs::class,
        'description' => 'Archives activities; what has not changed since it was archived only on request.',
        'type' => 'write',
        'capabilities' => 'local/archivist:view, local/archivist:create',
    ],
    'local_archivist_get_job' => [
        'classname' => \local_archivist\external\get_job::class,
        'description' => 'Tells how far an archive job is.',
        'type' => 'read',
        'ajax' => true,
        'capabilities' => 'local/archivist:view',
    ],
    'local_archivist_get_jobs' => [
        'classname' => \local_archivist\external\get_jobs::class,
        'description' => 'Tells how far archive jobs are.',
        'type' => 'read',
        'ajax' => true,
        'capabilities' => 'local/archivist:view',
    ],
    'local_archivist_get_job_log' => [
        'classname' => \local_archivist\external\get_job_log::class,
        'description' => 'Reads the log of an archive job, in pages.',
        'type' => 'read',
        'ajax' => true,
        'capabilities' => 'local/archivist:view',
    ],
];
