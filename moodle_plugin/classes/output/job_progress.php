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
use local_archivist\access;
use local_archivist\job;
use local_archivist\state;

/**
 * How far a job is: badge, bar and sentence. With JavaScript it moves by itself.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class job_progress implements renderable, templatable {
    /**
     * The progress of a job.
     *
     * @param job $job
     */
    public function __construct(
        /** @var job the job */
        private readonly job $job,
    ) {
    }

    #[\Override]
    public function export_for_template(renderer_base $output) {
        $data = self::data($this->job);
        return $data + [
            'failed' => $data['state'] === state::FAILURE,
            'url' => (new \moodle_url('/local/archivist/job.php', ['id' => $this->job->id()]))->out(false),
        ];
    }

    /**
     * The facts, for the page and for the external function that keeps it up to date.
     *
     * @param job $job
     * @return array<string, mixed>
     */
    public static function data(job $job): array {
        $record = $job->record();
        return [
            'id' => $job->id(),
            'state' => $job->status(),
            'label' => state::label($job->status()),
            'badgeclass' => badge::of_job($job->status()),
            'percent' => (int) floor(100 * $job->fraction()),
            'bytesdone' => (int) $record->bytesdone,
            'bytestotal' => (int) $record->bytestotal,
            'entriesdone' => (int) $record->entriesdone,
            'entriestotal' => (int) $record->entriestotal,
            'final' => state::is_final($job->status()),
            'message' => self::message($job, $record),
        ];
    }

    /**
     * What to say about it.
     *
     * @param job $job
     * @param \stdClass $record
     * @return string
     */
    private static function message(job $job, \stdClass $record): string {
        if ($job->status() === state::COMPLETED) {
            return get_string('progress_completed', 'local_archivist', userdate((int) $record->timefinished));
        }
        if (state::is_final($job->status())) {
            return access::told((string) $record->cause);
        }
        if ($job->status() === state::RECOVERABLE_ERROR) {
            return get_string('progress_recoverable', 'local_archivist', (object) [
                'time' => userdate((int) $record->timeretry), 'cause' => access::told((string) $record->cause),
            ]);
        }
        if ($record->cancelled) {
            return get_string('progress_cancelling', 'local_archivist');
        }
        if ($job->status() === state::QUEUED) {
            return get_string('progress_queued', 'local_archivist');
        }
        if (!$record->entriestotal && !$record->bytestotal) {
            return get_string('progress_collecting', 'local_archivist');
        }
        return get_string('progress_files', 'local_archivist', (object) [
            'done' => (int) $record->entriesdone,
            'total' => (int) $record->entriestotal,
            'bytesdone' => display_size((int) $record->bytesdone),
            'bytestotal' => display_size((int) $record->bytestotal),
        ]);
    }
}
