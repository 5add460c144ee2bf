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

namespace local_archivist\external;

use core_external\external_api;
use core_external\external_function_parameters;
use core_external\external_single_structure;
use core_external\external_value;
use local_archivist\access;
use local_archivist\output\job_progress;

/**
 * Tells how far a job is.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class get_job extends external_api {
    /**
     * What it takes.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'id' => new external_value(PARAM_INT, 'The id of the job'),
        ]);
    }

    /**
     * How far a job is.
     *
     * @param int $id
     * @return array
     */
    public static function execute(int $id): array {
        ['id' => $id] = self::validate_parameters(self::execute_parameters(), ['id' => $id]);
        require_login(null, false, null, false, true); // Nobody gets to know an id who is not logged in.
        $job = access::require_job($id);
        self::validate_context($job->context());
        return job_progress::data($job);
    }

    /**
     * What it returns.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'id' => new external_value(PARAM_INT, 'The id of the job'),
            'state' => new external_value(PARAM_INT, 'The state as a number'),
            'label' => new external_value(PARAM_TEXT, 'The state for people'),
            'badgeclass' => new external_value(PARAM_TEXT, 'CSS classes of its badge'),
            'percent' => new external_value(PARAM_INT, 'How far it is, 0 to 100'),
            'bytesdone' => new external_value(PARAM_INT, 'Bytes that are packed'),
            'bytestotal' => new external_value(PARAM_INT, 'Bytes to pack, 0 while unknown'),
            'entriesdone' => new external_value(PARAM_INT, 'Files that are packed'),
            'entriestotal' => new external_value(PARAM_INT, 'Files to pack, 0 while unknown'),
            'byterate' => new external_value(PARAM_INT, 'Bytes a second at the moment, 0 while unknown'),
            'secondsleft' => new external_value(PARAM_INT, 'Seconds until all is packed, 0 while unknown'),
            'final' => new external_value(PARAM_BOOL, 'Whether it has ended'),
            'moving' => new external_value(PARAM_BOOL, 'Whether somebody works on it'),
            // A cause may quote anything, and cleaning would refuse the whole answer; it is plain text to its reader.
            'message' => new external_value(PARAM_RAW, 'A sentence for people, as plain text'),
            'cause' => new external_value(PARAM_RAW, 'Why its last attempt failed while it waits for the next one, as plain text'),
        ]);
    }
}
