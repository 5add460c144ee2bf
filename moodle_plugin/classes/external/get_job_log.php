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
use core_external\external_multiple_structure;
use core_external\external_single_structure;
use core_external\external_value;
use local_archivist\access;
use local_archivist\job_log;

/**
 * Reads the log of a job, in pages, for whoever may see in the activity all that its archive shows.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class get_job_log extends external_api {
    /** @var int The most records on a page. */
    public const PER_PAGE_MAX = 500;

    /**
     * What it takes.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        $max = self::PER_PAGE_MAX;
        return new external_function_parameters([
            'id' => new external_value(PARAM_INT, 'The id of the job'),
            'level' => new external_value(PARAM_INT, 'The least level: 0 debug to 4 error', VALUE_DEFAULT, 0),
            'page' => new external_value(PARAM_INT, 'The page, from 0', VALUE_DEFAULT, 0),
            'perpage' => new external_value(PARAM_INT, "Records on a page, 1 to $max", VALUE_DEFAULT, 50),
            'newestfirst' => new external_value(PARAM_BOOL, 'Whether the newest record comes first', VALUE_DEFAULT, true),
        ]);
    }

    /**
     * A page of the log of a job.
     *
     * @param int $id
     * @param int $level
     * @param int $page
     * @param int $perpage
     * @param bool $newestfirst
     * @return array
     */
    public static function execute(int $id, int $level = 0, int $page = 0, int $perpage = 50, bool $newestfirst = true): array {
        $params = self::validate_parameters(self::execute_parameters(), [
            'id' => $id, 'level' => $level, 'page' => $page, 'perpage' => $perpage, 'newestfirst' => $newestfirst,
        ]);
        require_login(null, false, null, false, true); // Nobody gets to know an id who is not logged in.
        $job = access::require_job($params['id']);
        self::validate_context($job->context());
        if (!access::may_read($job)) {
            throw new \moodle_exception('error_notseen', 'local_archivist');
        }
        $perpage = min(max(1, $params['perpage']), self::PER_PAGE_MAX);
        $total = job_log::count($job, $params['level']);
        $page = min(max(0, $params['page']), (int) ceil($total / $perpage)); // Beyond the end there is nothing.
        $rows = job_log::page($job, $params['level'], $page, $perpage, $params['newestfirst']);
        return [
            'total' => $total,
            'entries' => array_map(fn(\stdClass $row): array => [
                'id' => (int) $row->id,
                'timecreated' => (int) $row->timecreated,
                'level' => (int) $row->level,
                'levelname' => job_log::export($row)['level'],
                'source' => $row->source,
                'message' => access::told($row->message),
            ], $rows),
        ];
    }

    /**
     * What it returns.
     *
     * @return external_single_structure
     */
    public static function execute_returns(): external_single_structure {
        return new external_single_structure([
            'total' => new external_value(PARAM_INT, 'How many records there are of these levels'),
            'entries' => new external_multiple_structure(new external_single_structure([
                'id' => new external_value(PARAM_INT, 'The id of the record; these ascend in the order of what happened'),
                'timecreated' => new external_value(PARAM_INT, 'When it was written, in seconds since 1970'),
                'level' => new external_value(PARAM_INT, 'The level, 0 debug to 4 error'),
                'levelname' => new external_value(PARAM_ALPHANUM, 'debug, info, notice, warning or error'),
                // They may quote anything, and cleaning would refuse the whole answer.
                'source' => new external_value(PARAM_RAW, 'What wrote it, as plain text'),
                'message' => new external_value(PARAM_RAW, 'What happened, as plain text'),
            ])),
        ]);
    }
}
