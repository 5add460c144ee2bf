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

use core\output\renderable;
use core\output\renderer_base;
use core\output\templatable;
use local_archivist\activity;
use local_archivist\job_list;

/**
 * The page of one activity: whether it is archived, and all its jobs.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class activity_page implements renderable, templatable {
    /**
     * The page.
     *
     * @param activity $activity
     * @param bool $cancreate whether the user may archive, and something can be archived at the moment
     * @param int $page of the jobs, from 0
     */
    public function __construct(
        /** @var activity the activity */
        private readonly activity $activity,
        /** @var bool whether there are buttons to archive */
        private readonly bool $cancreate,
        /** @var int from 0 */
        private readonly int $page = 0,
    ) {
    }

    #[\Override]
    public function export_for_template(renderer_base $output) {
        $cm = $this->activity->cm;
        $job = activity_row::job_to_download($this->activity);
        $download = $job ? downloads::first([$job])[$job->id()] ?? null : null;
        $url = new \moodle_url('/local/archivist/activity.php', ['id' => $cm->id]);
        $jobs = (new job_table(new job_list((int) $cm->course, '', '', '', (int) $cm->id), $url, $this->page))
            ->export_for_template($output);
        return activity_row::data($this->activity, $this->cancreate, $download) + [
            'courseid' => (int) $cm->course,
            'archiveurl' => (new \moodle_url('/local/archivist/archive.php'))->out(false),
            'sesskey' => sesskey(),
            'live' => $this->activity->state === activity::RUNNING,
            'jobs' => $jobs,
        ];
    }
}
