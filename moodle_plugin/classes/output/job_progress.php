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
use local_archivist\limits;
use local_archivist\shortfall;
use local_archivist\state;

/**
 * How far a job is: badge, bar and sentence. With JavaScript it moves by itself.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class job_progress implements renderable, templatable {
    /** @var int Seconds after which speed and time left are those of the past: the run writes them each second. */
    private const FRESH_SECONDS = 30;

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
            'alert' => match ($data['state']) {
                state::FAILURE => 'alert-danger',
                state::PARTIAL, state::RECOVERABLE_ERROR => 'alert-warning',
                default => null,
            },
            'url' => (new \moodle_url('/local/archivist/job.php', ['id' => $this->job->id()]))->out(false),
        ];
    }

    /**
     * The facts, for the pages and for the external functions that keep them up to date.
     *
     * @param job $job
     * @return array<string, mixed>
     */
    public static function data(job $job): array {
        $record = $job->record();
        $speed = self::has_speed($job, $record);
        return [
            'id' => $job->id(),
            'state' => $job->status(),
            'label' => self::label($job, $record),
            'badgeclass' => badge::of_job($job->status()),
            'percent' => (int) floor(100 * $job->fraction()),
            'bytesdone' => (int) $record->bytesdone,
            'bytestotal' => (int) $record->bytestotal,
            'entriesdone' => (int) $record->entriesdone,
            'entriestotal' => (int) $record->entriestotal,
            'byterate' => $speed ? (int) $record->byterate : 0,
            'secondsleft' => $speed ? (int) $record->secondsleft : 0,
            'final' => state::is_final($job->status()),
            'moving' => self::is_worked_on($job->status()),
            'message' => self::message($job, $record),
            'cause' => $job->status() === state::RECOVERABLE_ERROR ? access::said($job, $record->cause) : '',
        ];
    }

    /**
     * Whether somebody works on a job in this state, so that there is a bar that moves.
     *
     * @param int $status
     * @return bool
     */
    private static function is_worked_on(int $status): bool {
        return !state::is_final($status) && !in_array($status, state::WAITING, true);
    }

    /**
     * Whether speed and time left are those of this moment.
     *
     * @param job $job
     * @param \stdClass $record
     * @return bool
     */
    private static function has_speed(job $job, \stdClass $record): bool {
        return self::is_worked_on($job->status()) && !$record->cancelled
            && abs(job::now() - $record->timemodified) <= self::FRESH_SECONDS;
    }

    /**
     * The state for people; of an archive that lacks something also how much is in it.
     *
     * @param job $job
     * @param \stdClass $record
     * @return string
     */
    private static function label(job $job, \stdClass $record): string {
        return $job->status() === state::PARTIAL
            ? get_string('activity_partialof', 'local_archivist', (object) (new shortfall($record))->numbers())
            : state::label($job->status());
    }

    /**
     * What to say about it.
     *
     * @param job $job
     * @param \stdClass $record
     * @return string
     */
    private static function message(job $job, \stdClass $record): string {
        $status = $job->status();
        if ($status === state::COMPLETED) {
            return get_string('progress_completed', 'local_archivist', moment::told((int) $record->timefinished));
        }
        if (state::is_final($status)) {
            return access::said($job, $record->cause);
        }
        if ($record->cancelled) {
            return get_string('progress_cancelling', 'local_archivist');
        }
        if ($status === state::RECOVERABLE_ERROR) {
            return self::waiting($record);
        }
        if ($status === state::QUEUED) {
            return get_string('progress_queued', 'local_archivist');
        }
        if (!$record->entriestotal && !$record->bytestotal) {
            return get_string('progress_collecting', 'local_archivist');
        }
        return self::amounts($record) . (self::has_speed($job, $record) ? self::speed($record) : '');
    }

    /**
     * When it is tried again.
     *
     * @param \stdClass $record
     * @return string
     */
    private static function waiting(\stdClass $record): string {
        $time = (int) $record->timeretry;
        $soon = $time <= job::now();
        $today = userdate($time, '%Y%m%d') === userdate(job::now(), '%Y%m%d');
        return get_string($soon ? 'progress_retrysoon' : 'progress_retry', 'local_archivist', (object) [
            'time' => moment::told($time, $today ? 'strftimetime24' : 'strftimedatetimeshort'),
            'next' => min((int) $record->attempts + 1, limits::attempts()),
            'max' => limits::attempts(),
        ]);
    }

    /**
     * Files and bytes.
     *
     * @param \stdClass $record
     * @return string
     */
    private static function amounts(\stdClass $record): string {
        if ((int) $record->status === state::STORE && $record->bytesdone >= $record->bytestotal) {
            return get_string('progress_readback', 'local_archivist', (object) [
                'total' => (int) $record->entriestotal, 'bytestotal' => display_size((int) $record->bytestotal),
            ]);
        }
        return get_string('progress_files', 'local_archivist', (object) [
            'done' => (int) $record->entriesdone,
            'total' => (int) $record->entriestotal,
            'bytesdone' => display_size((int) $record->bytesdone),
            'bytestotal' => display_size((int) $record->bytestotal),
        ]);
    }

    /**
     * Speed and time left, as far as they are known.
     *
     * @param \stdClass $record
     * @return string to be put behind the amounts
     */
    private static function speed(\stdClass $record): string {
        $text = '';
        if ($record->byterate > 0) {
            $text .= get_string('progress_rate', 'local_archivist', display_size((int) $record->byterate));
        }
        if ($record->secondsleft > 0) {
            // People do not want to see seconds of an hour.
            $seconds = (int) $record->secondsleft;
            $step = match (true) {
                $seconds < MINSECS => 5,
                $seconds < HOURSECS => MINSECS,
                $seconds < DAYSECS => 5 * MINSECS,
                default => HOURSECS,
            };
            $text .= get_string('progress_left', 'local_archivist', format_time($step * (int) ceil($seconds / $step)));
        }
        return $text;
    }
}
