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

namespace local_archivist;

use Archivist\Progress;
use Archivist\State as native_state;
use core\local\cli\shutdown;

/**
 * Looks, while a job runs, whether it may go on, and tells how far it is.
 *
 * Whoever runs it calls as often as it likes; the database is asked once a second. What ends the run is thrown.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class watch {
    /** @var float Seconds between two looks at the database, for progress and for a wish to cancel. */
    private const TICK_SECONDS = 1.0;

    /** @var callable|null function (float $fraction, string $message): void */
    private $onprogress;

    /** @var float When the database was last looked at. */
    private float $ticked = 0.0;

    /** @var int[] The numbers of the progress that was seen last. */
    private array $seen = [];

    /** @var int When the progress last moved. */
    private int $moved = 0;

    /** @var progress_meter How far the run is. */
    private progress_meter $meter;

    /**
     * A watch over a job.
     *
     * @param job $job
     * @param callable|null $onprogress function (float $fraction, string $message): void
     */
    public function __construct(
        /** @var job the job */
        private readonly job $job,
        ?callable $onprogress,
    ) {
        $this->onprogress = $onprogress;
        $this->meter = new progress_meter();
    }

    /**
     * The engine begins: what moves is counted from now on.
     */
    public function begin(): void {
        [$this->ticked, $this->moved] = [0.0, job::now()];
    }

    /**
     * Writes progress into the database, at most once a second, and looks whether the run may go on.
     *
     * @param Progress $progress
     */
    public function tick(Progress $progress): void {
        if (!$this->is_time()) {
            return;
        }
        $numbers = [$progress->bytesDone, $progress->bytesTotal, $progress->entriesDone, $progress->entriesTotal];
        $columns = $this->meter->take(...$numbers);
        $seen = [...$numbers, $progress->bytesWritten, $progress->bytesStored, $progress->state->value];
        if ($seen !== $this->seen) {
            [$this->seen, $this->moved] = [$seen, job::now()];
            $this->job->update($columns);
        }
        if ($this->onprogress) {
            ($this->onprogress)($this->meter->fraction(), output\job_progress::data($this->job)['message']);
        }
        $this->stop_if_asked();
        // Nothing is seen of storages while they read back what they have.
        if ($progress->state !== native_state::Store) {
            $this->stop_if_stalled();
        }
    }

    /**
     * A sign of life while the driver collects, at most once a second.
     */
    public function beat(): void {
        if ($this->is_time()) {
            $this->job->update([]);
            $this->stop_if_asked();
        }
    }

    /**
     * Whether it is time to look at the database again.
     *
     * @return bool
     */
    private function is_time(): bool {
        $now = hrtime(true) / 1e9;
        if ($now - $this->ticked < self::TICK_SECONDS) {
            return false;
        }
        $this->ticked = $now;
        return true;
    }

    /**
     * Ends the run when somebody asked for it, when cron was asked to end, and when the time of the job is over.
     */
    public function stop_if_asked(): void {
        if ($this->job->is_cancelled()) {
            throw new cancelled();
        }
        if (shutdown::should_gracefully_exit()) {
            throw new interrupted();
        }
        $record = $this->job->record();
        $deadline = limits::deadline($record);
        if ($deadline !== null && job::now() >= $deadline) {
            $hours = format_time($deadline - (int) $record->timestarted);
            throw new \moodle_exception('cause_timelimit', 'local_archivist', '', $hours);
        }
    }

    /**
     * Ends the run when nothing has moved for too long.
     */
    private function stop_if_stalled(): void {
        $seconds = limits::stall_seconds();
        if ($seconds && job::now() - $this->moved >= $seconds) {
            throw new stalled($seconds);
        }
    }
}
