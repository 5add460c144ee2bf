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

use Archivist\EntryList;
use Archivist\Exception\ArchivistException;
use Archivist\Exception\IntegrityException;
use Archivist\Exception\NotFoundException;
use Archivist\Exception\StateException;
use Archivist\Format;
use Archivist\JobSpec;
use Archivist\Limits;
use Archivist\PackageOptions;
use Archivist\Retry;
use Archivist\StagedStatus;
use Archivist\Staging;
use Archivist\State as native_state;

/**
 * What the engine writes down about a job, so that nothing is lost or done twice when a run is killed: in a folder of
 * moodledata, which all cron nodes share and Moodle never cleans.
 *
 * The journal says what lies in the storages; the rows of the job say what people see. It is made with the first run
 * that packs, and goes when what it tells stands in the database.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class journal {
    /** @var int Milliseconds that the engine itself waits before it goes on: when that is, Moodle's queue decides. */
    private const RETRY_DELAY_MS = 1;

    /** @var int Seconds that a run has to end itself, with a sentence of its own, before the engine does. */
    private const GRACE_SECONDS = 60;

    /**
     * The journal of a job, whether there is one or not.
     *
     * @param job $job
     */
    public function __construct(
        /** @var job the job */
        private readonly job $job,
    ) {
    }

    /**
     * The folder in which the engine keeps jobs.
     *
     * @return string
     */
    public static function folder(): string {
        global $CFG;
        return "{$CFG->dataroot}/archivist/staging";
    }

    /**
     * The engine's view of that folder, which is made when it is missing.
     *
     * @return Staging
     */
    public static function staging(): Staging {
        engine::require_ready();
        make_writable_directory(dirname(self::folder()));
        return new Staging(self::folder(), limits::staging_bytes());
    }

    /**
     * Whether the engine has anything about the job, or may have: a folder that cannot be opened is one. Needs no extension.
     *
     * @return bool
     */
    public function exists(): bool {
        $uuid = $this->job->record()->uuid;
        if (!engine::is_ready()) {
            return self::may_exist($uuid);
        }
        try {
            self::staging()->status($uuid);
        } catch (NotFoundException $e) {
            return false;
        } catch (ArchivistException $e) {
            return true;
        }
        return true;
    }

    /**
     * Whether the engine may have anything about a job; it is asked where it is there. That PHP sees no folder is no proof,
     * since it does not tell an error of the disk from a folder that is not there: nothing is removed on its strength.
     *
     * @param string $uuid
     * @return bool
     */
    private static function may_exist(string $uuid): bool {
        $path = self::folder() . "/$uuid";
        clearstatcache(true, $path); // The engine removes it behind the back of PHP.
        return engine::is_ready() || is_dir($path);
    }

    /**
     * What it says.
     *
     * @return StagedStatus|null null: there is none
     * @throws ArchivistException|\moodle_exception it cannot be read or is damaged, or the extension is missing
     */
    public function status(): ?StagedStatus {
        if (!self::may_exist($this->job->record()->uuid)) {
            return null;
        }
        try {
            return self::staging()->status($this->job->record()->uuid);
        } catch (NotFoundException $e) {
            return null;
        } catch (IntegrityException $e) {
            throw new \moodle_exception('cause_journal', 'local_archivist', '', $e->getMessage());
        }
    }

    /**
     * Whether the archive is stored and proven, so that its run was killed before the database knew.
     *
     * @return bool
     */
    public function is_done(): bool {
        $status = $this->status(); // Without one the extension may be missing, and with it the states.
        return $status && in_array($status->state, [native_state::Completed, native_state::Partial], true);
    }

    /**
     * Whether what it says cannot be believed.
     *
     * @return bool
     */
    public function is_damaged(): bool {
        try {
            $this->status();
        } catch (\moodle_exception $e) {
            return $e->errorcode === 'cause_journal';
        }
        return false;
    }

    /**
     * Whether the next attempt goes on with what there is, which may be all. Everything else begins with nothing.
     *
     * @return bool
     */
    public function goes_on(): bool {
        if ($this->is_done()) {
            return true;
        }
        $status = $this->status();
        return $status && !$status->cancelAsked && !$status->state->isFinal() && $status->state !== native_state::ErrorHandling;
    }

    /**
     * Whether the container is complete and is only to be stored.
     *
     * @return bool
     */
    public function is_packaged(): bool {
        return $this->goes_on() && $this->status()->packaged;
    }

    /**
     * What the engine is to do for the job.
     *
     * Its attempts are those that the job has left, on top of those that the journal counts: runs that did not get as far
     * as the engine count in the job only. Its limits end a little later than the job's own, which have the better
     * sentences; but only the engine gives a storage the time to read back a large archive, which shows nothing.
     *
     * @param EntryList|null $entries null: they are not needed any more
     * @param PackageOptions|null $package null: nothing is packed
     * @param callable|null $onstate function (\Archivist\Job $job, \Archivist\State $state): void
     * @return JobSpec
     */
    public function spec(
        ?EntryList $entries = null,
        ?PackageOptions $package = null,
        ?callable $onstate = null,
    ): JobSpec {
        $record = $this->job->record();
        $status = $this->status();
        $deadline = limits::deadline($record);
        $begun = $status?->begunAt ?? job::now();
        $stall = limits::stall_seconds();
        return new JobSpec(
            entries: $entries,
            package: $package ?? new PackageOptions(
                naming::archive_name($record),
                Format::from($this->job->option('format', 'zip')),
                uuid: $record->uuid,
            ),
            storages: array_map(fn(int $id) => stores::get($id)->driver(), $this->job->option('stores', [])),
            staging: self::staging(),
            streams: !limits::stages(),
            limits: new Limits(
                timeMs: $deadline === null ? 0 : 1000 * max(1, $deadline + self::GRACE_SECONDS - $begun),
                stallMs: $stall ? 1000 * ($stall + self::GRACE_SECONDS) : 0, // Storages that read back are given time.
            ),
            retry: new Retry(
                attempts: max(1, (int) $status?->attempts + limits::attempts() - (int) $record->attempts + 1),
                delayMs: self::RETRY_DELAY_MS,
            ),
            onState: $onstate,
        );
    }

    /**
     * Asks to take back what there is: whoever runs the job does, or its next run.
     */
    public function cancel(): void {
        if (engine::is_ready()) {
            try {
                self::staging()->cancel($this->job->record()->uuid);
            } catch (NotFoundException $e) {
                return;
            } catch (StateException | IntegrityException $e) {
                $this->job->log(0, 'job', $e->getMessage()); // There is nothing to cancel.
            }
        }
    }

    /**
     * Lets the engine take back what it has stored and staged, and waits for it.
     *
     * @throws ArchivistException|\moodle_exception it could not, and a later try may
     */
    public function take_back(): void {
        $this->cancel();
        try {
            engine::create()->start($this->spec())->wait();
        } catch (ArchivistException $e) { // That it was cancelled, or why not.
            $status = $this->status();
            if ($status && !$status->state->isFinal()) {
                throw $e;
            }
        }
    }

    /**
     * Removes the folder of the job, if that has ended for the engine. What is stored stays.
     *
     * @param bool $damaged also one that is damaged
     */
    public function forget(bool $damaged = false): void {
        $uuid = $this->job->record()->uuid;
        if (!self::may_exist($uuid)) {
            return;
        }
        try {
            self::staging()->delete($uuid);
        } catch (IntegrityException $e) {
            if (!$damaged) {
                throw $e;
            }
            self::staging()->delete($uuid, true);
        } catch (NotFoundException $e) {
            return;
        } catch (StateException $e) {
            $this->job->log(0, 'job', $e->getMessage());
        }
    }

    /**
     * Removes a folder whatever it says: for jobs that are no more.
     *
     * @param string $uuid
     */
    public static function remove(string $uuid): void {
        if (!self::may_exist($uuid)) {
            return;
        }
        try {
            self::staging()->delete($uuid, true);
        } catch (NotFoundException $e) {
            return;
        } catch (StateException $e) { // Another process runs it: not for long.
            debugging($e->getMessage(), DEBUG_DEVELOPER);
        }
    }

    /**
     * The jobs whose journal is damaged.
     *
     * @return string[] UUIDs
     */
    public static function damaged(): array {
        if (!is_dir(self::folder()) || !engine::is_ready()) {
            return [];
        }
        $staging = self::staging();
        return array_values(array_filter($staging->uuids(), function (string $uuid) use ($staging): bool {
            try {
                $staging->status($uuid);
            } catch (IntegrityException $e) {
                return true;
            } catch (NotFoundException $e) { // It ended meanwhile.
                return false;
            }
            return false;
        }));
    }
}
