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
use core_external\external_value;
use local_archivist\access;
use local_archivist\job;
use local_archivist\output\job_progress;

/**
 * Tells how far jobs are, for what moves on the pages.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class get_jobs extends external_api {
    /** @var int The most jobs that are told about at once: no page shows more. */
    public const JOBS_MAX = 100;

    /**
     * What it takes.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'ids' => new external_multiple_structure(
                new external_value(PARAM_INT, 'The id of a job'),
                'Jobs; of more than ' . self::JOBS_MAX . ' the first ones',
            ),
        ]);
    }

    /**
     * How far jobs are. Those that were deleted meanwhile, or must not be seen, are left out.
     *
     * @param int[] $ids
     * @return array
     */
    public static function execute(array $ids): array {
        global $DB;
        ['ids' => $ids] = self::validate_parameters(self::execute_parameters(), ['ids' => $ids]);
        require_login(null, false, null, false, true);
        $ids = array_slice(array_unique($ids), 0, self::JOBS_MAX);
        $jobs = array_map(fn(\stdClass $record): job => new job($record), $DB->get_records_list('local_archivist_job', 'id', $ids));
        $allowed = [];
        foreach ($jobs as $job) {
            $context = $job->context();
            $allowed[$context->id] ??= self::may_see($context);
        }
        $told = array_filter($jobs, fn(job $job): bool => $allowed[$job->context()->id]);
        return array_map([job_progress::class, 'data'], array_values($told));
    }

    /**
     * Whether the user may see the jobs of a context.
     *
     * @param \context $context
     * @return bool
     */
    private static function may_see(\context $context): bool {
        try {
            self::validate_context($context);
        } catch (\moodle_exception $e) {
            return false;
        }
        return access::may_view($context);
    }

    /**
     * What it returns.
     *
     * @return external_multiple_structure
     */
    public static function execute_returns(): external_multiple_structure {
        return new external_multiple_structure(get_job::execute_returns());
    }
}
