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

use Archivist\Exception\CanceledException;
use Archivist\Exception\StateException;
use Archivist\Job as native_job;
use Archivist\Progress;
use core\local\cli\shutdown;

use const Archivist\E_CANCELED;
use const Archivist\E_CLOSED;

/**
 * Looks, while a job runs, whether people or cron want it to end, and tells how far it is. Its limits are the engine's.
 *
 * Whoever runs it calls as often as it likes; the database is asked once a second. What ends the run is thrown.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class watch {
    /** @var float Seconds between two looks at the database, for progress and for a cancel request. */
    private const TICK_SECONDS = 1.0;

    /** @var callable|null function (float $fraction, string $message): void */
    private $onprogress;

    /** @var float When the database was last looked at. */
    private float $ticked = 0.0;

    /** @var int[] The numbers of the progress that was seen last. */
    private array $seen = [];

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
     * The engine begins to pack: its first progress is looked at, however short a while ago the last look was.
     */
    public function begin(): void {
        $this->ticked = 0.0;
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
            $this->seen = $seen;
            $this->job->update($columns);
        }
        if ($this->onprogress) {
            ($this->onprogress)($this->meter->fraction(), output\job_progress::data($this->job)['message']);
        }
        $this->stop_if_asked();
    }

    /**
     * A sign of life while the driver collects, at most once a second: the engine, which waits for it, is asked about its
     * limits.
     *
     * @param native_job $native
     */
    public function beat(native_job $native): void {
        if ($this->is_time()) {
            $this->job->update([]);
            $this->stop_if_asked();
            $native->check();
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
     * Ends the run when somebody asked for it, and when cron was asked to end.
     *
     * @throws CanceledException|StateException as the engine is told it
     */
    private function stop_if_asked(): void {
        if ($this->job->is_cancelled()) {
            throw new CanceledException(get_string('cause_cancelled', 'local_archivist'), E_CANCELED);
        }
        if (shutdown::should_gracefully_exit()) {
            throw new StateException(get_string('cause_interrupted', 'local_archivist'), E_CLOSED);
        }
    }
}
