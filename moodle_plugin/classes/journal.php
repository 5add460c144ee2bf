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

use Archivist\Exception\ArchivistException;
use Archivist\Exception\IntegrityException;
use Archivist\Exception\NotFoundException;
use Archivist\Exception\StateException;
use Archivist\Format;
use Archivist\JobSpec;
use Archivist\PackageOptions;
use Archivist\StagedStatus;
use Archivist\Staging;
use Archivist\State as native_state;

/**
 * What the engine writes down about a job, so that nothing is lost or done twice when a run is killed: in a folder of
 * moodledata, which all cron nodes share and Moodle never cleans.
 *
 * While a job lives, its journal decides: state, attempts, the time of the next run, limits, what lies in the storages. The
 * row of the job holds what people asked for, and mirrors the rest; when the job has ended, the row is the record. The first
 * run makes the journal of the row. The journal goes when the database has all that it says.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class journal {
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
     * What the row says of it. While the job lives, this is the only place where these columns come from.
     *
     * @return array<string, int> columns of the job; empty where there is no journal, or nobody can read it now
     */
    public function mirrored(): array {
        try {
            $status = $this->status();
        } catch (ArchivistException | \moodle_exception $e) {
            return [];
        }
        return $status ? [
            'attempts' => $status->attempts,
            'timestarted' => (int) $status->begunAt,
            'timeretry' => (int) $status->retryAt,
        ] : [];
    }

    /**
     * Whether the archive is stored and proven, so that its run was killed before the database knew.
     *
     * @return bool
     */
    public function is_done(): bool {
        $status = $this->status(); // Without one the extension may be missing, and with it the states.
        return $status && self::has_done($status);
    }

    /**
     * Whether a journal says that the archive is stored and proven.
     *
     * @param StagedStatus $status
     * @return bool
     */
    public static function has_done(StagedStatus $status): bool {
        return in_array($status->state, [native_state::Completed, native_state::Partial], true);
    }

    /**
     * Whether a journal says that the job fails or is cancelled, taken back already or not.
     *
     * @param StagedStatus $status
     * @return bool
     */
    public static function is_over(StagedStatus $status): bool {
        return in_array($status->state, [native_state::ErrorHandling, native_state::Failure, native_state::Aborted], true);
    }

    /**
     * Whether a journal says that the next run is not due yet.
     *
     * @param StagedStatus $status
     * @return bool
     */
    public static function waits(StagedStatus $status): bool {
        return $status->state === native_state::RecoverableError && !$status->cancelAsked && (int) $status->retryAt > time();
    }

    /**
     * Whether what it says cannot be believed.
     *
     * @return bool
     */
    public function is_damaged(): bool {
        try {
            $this->status();
        } catch (ArchivistException | \moodle_exception $e) {
            return $e instanceof \moodle_exception && $e->errorcode === 'cause_journal';
        }
        return false;
    }

    /**
     * What the engine is to do for the job. How often, when and how long it does that, is its own.
     *
     * @param callable|null $collect as in JobSpec; null: nothing is packed
     * @param callable|null $onstate function (\Archivist\Job $job, \Archivist\State $state): void
     * @return JobSpec
     */
    public function spec(?callable $collect = null, ?callable $onstate = null): JobSpec {
        $record = $this->job->record();
        return new JobSpec(
            entries: null,
            package: new PackageOptions(
                naming::archive_name($record),
                Format::from($this->job->option('format', 'zip')),
                uuid: $record->uuid,
            ),
            storages: array_map(fn(int $id) => stores::get($id)->driver(), $this->job->option('stores', [])),
            staging: self::staging(),
            streams: !limits::stages(),
            limits: limits::times(),
            retry: limits::retry(),
            collect: $collect,
            onState: $onstate,
        );
    }

    /**
     * Begins it anew by hand, with all attempts and the whole time limit before it, and with what it has packed and stored.
     */
    public function requeue(): void {
        try {
            self::staging()->requeue($this->job->record()->uuid);
        } catch (NotFoundException $e) {
            return; // The next run makes it.
        }
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
     * Whether a journal that belongs to no job of the site may go: it has ended, or has stored nothing yet.
     *
     * @param string $uuid
     * @return bool
     */
    public static function is_superfluous(string $uuid): bool {
        try {
            $status = self::staging()->status($uuid);
        } catch (IntegrityException $e) {
            return false;
        } catch (NotFoundException $e) { // There is no job in it, or not any more.
            return true;
        }
        return !$status->running && ($status->state->isFinal() || !$status->targets);
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
