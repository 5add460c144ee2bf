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
use local_archivist\archivers;
use local_archivist\batch;
use local_archivist\jobs;
use local_archivist\scope;

/**
 * External function: archives activities, as the page of a course does.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class create_jobs extends external_api {
    /** @var int The most activities at once. */
    public const ACTIVITIES_MAX = 100;

    /**
     * What it takes.
     *
     * @return external_function_parameters
     */
    public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'cmids' => new external_multiple_structure(
                new external_value(PARAM_INT, 'The id of a course module'),
                'Activities; at most ' . self::ACTIVITIES_MAX,
            ),
            'again' => new external_value(
                PARAM_BOOL,
                'Whether to make a second archive of what has not changed since it was archived',
                VALUE_DEFAULT,
                false,
            ),
        ]);
    }

    /**
     * Makes a job for each activity that changed since it was archived, with the options of the settings.
     *
     * @param int[] $cmids
     * @param bool $again
     * @return array
     */
    public static function execute(array $cmids, bool $again = false): array {
        ['cmids' => $cmids, 'again' => $again] = self::validate_parameters(self::execute_parameters(), [
            'cmids' => $cmids, 'again' => $again,
        ]);
        require_login(null, false, null, false, true);
        if (count($cmids) > self::ACTIVITIES_MAX) {
            throw new \moodle_exception('toomany', 'local_archivist', '', self::ACTIVITIES_MAX);
        }
        $told = [];
        foreach (self::by_course($cmids) as $cms) {
            self::validate_context(\context_course::instance(reset($cms)->course));
            $batch = batch::create($cms, scope::all(), jobs::default_options(), $again);
            foreach ($batch->jobs as $job) {
                $told[(int) $job->record()->cmid] = ['jobid' => $job->id(), 'created' => true, 'problem' => ''];
            }
            foreach ($batch->unchanged as $job) {
                $told[(int) $job->record()->cmid] = ['jobid' => $job->id(), 'created' => false, 'problem' => ''];
            }
            foreach ($batch->problems as $cmid => $problem) {
                $text = html_entity_decode(strip_tags($problem), ENT_QUOTES);
                $told[$cmid] = ['jobid' => 0, 'created' => false, 'problem' => $text];
            }
        }
        $none = ['jobid' => 0, 'created' => false, 'problem' => get_string('error_noactivity', 'local_archivist')];
        return array_map(fn(int $cmid): array => ['cmid' => $cmid] + ($told[$cmid] ?? $none), array_values(array_unique($cmids)));
    }

    /**
     * The activities that the user may archive. The others are answered as those are that are not there.
     *
     * @param int[] $cmids
     * @return array<int, \cm_info[]> by course
     */
    private static function by_course(array $cmids): array {
        $courses = [];
        foreach (array_unique($cmids) as $cmid) {
            $found = get_coursemodule_from_id('', $cmid);
            $context = $found ? \context_course::instance($found->course) : null;
            if (!$context || !access::may_view($context) || !has_capability('local/archivist:create', $context)) {
                continue;
            }
            $cm = get_fast_modinfo($found->course)->get_cm($cmid);
            if ($cm->uservisible && !$cm->deletioninprogress && archivers::supports($cm->modname)) {
                $courses[(int) $found->course][$cmid] = $cm;
            }
        }
        return $courses;
    }

    /**
     * What it returns.
     *
     * @return external_multiple_structure
     */
    public static function execute_returns(): external_multiple_structure {
        return new external_multiple_structure(new external_single_structure([
            'cmid' => new external_value(PARAM_INT, 'The id of the course module'),
            'jobid' => new external_value(PARAM_INT, 'The job that archives the activity, or has archived it as it is; 0: none'),
            'created' => new external_value(PARAM_BOOL, 'Whether the job was made now'),
            'problem' => new external_value(PARAM_RAW, 'Why there is none, as plain text'),
        ]));
    }
}
