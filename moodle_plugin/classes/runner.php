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
use Archivist\Exception\CanceledException;
use Archivist\Exception\ExistsException;
use Archivist\Exception\InvalidArgumentException;
use Archivist\Exception\SourceException;
use Archivist\Exception\StateException;
use Archivist\Exception\StorageException;
use Archivist\Failure;
use Archivist\Format;
use Archivist\Job as native_job;
use Archivist\JobResult;
use Archivist\LogLevel;
use Archivist\LogRecord;
use Archivist\PackageOptions;
use Archivist\State as native_state;

use const Archivist\E_IO;
use const Archivist\E_NOSPACE;
use const Archivist\E_SYSTEM;

/**
 * Runs one archive job through the engine.
 *
 * The way of a job: a lock, so that it runs once; leftovers of a run that was killed are removed; the driver collects;
 * what was collected is compared with what the database says; the engine packs, stores everywhere, reads back and
 * compares; only then a copy is entered as stored and the job as completed. What the engine's journal knows to be done is
 * not done again.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class runner {
    /** @var int Milliseconds between two looks whether the run is to stop. */
    private const POLL_MS = 500;

    /** @var int Seconds until a job is looked at again that another process has not let go of. */
    private const BUSY_SECONDS = 60;

    /** @var task_record[] The tasks that run, so that an error reaches each. */
    private array $tasks = [];

    /** @var copies What is written where. */
    private copies $copies;

    /** @var journal What the engine knows of the job. */
    private journal $journal;

    /** @var watch Whether the run may go on. */
    private watch $watch;

    /** @var bool Whether it reads the activity. */
    private bool $collecting = false;

    /**
     * A runner for a job.
     *
     * @param job $job
     * @param callable|null $onprogress function (float $fraction, string $message): void
     * @param class-string<archiver>|null $archiver another driver than the one installed for the activity
     */
    public function __construct(
        /** @var job the job */
        private readonly job $job,
        ?callable $onprogress = null,
        /** @var class-string<archiver>|null the driver */
        private readonly ?string $archiver = null,
    ) {
        $this->copies = new copies($job);
        $this->journal = new journal($job);
        $this->watch = new watch($job, $onprogress);
    }

    /**
     * Runs the job unless it has ended or somebody else runs it. An error ends the job and is not thrown.
     *
     * @return bool whether it was run here
     */
    public function run(): bool {
        $lock = jobs::lock($this->job);
        if (!$lock) {
            return false;
        }
        try {
            $this->job->reload();
            if (state::is_final($this->job->status())) {
                return false;
            }
            $this->guarded();
        } finally {
            $lock->release();
        }
        // Who wished to cancel it since the error was dealt with got no lock, and could not hasten what waits.
        if ($this->job->status() === state::RECOVERABLE_ERROR && $this->job->is_cancelled()) {
            jobs::queue($this->job);
        }
        return true;
    }

    /**
     * All of it, under the lock.
     */
    private function guarded(): void {
        $workspace = null;
        try {
            if (!$this->take_up()) {
                return;
            }
            $this->begin();
            $workspace = new workspace($this->job);
            $this->archive();
        } catch (cancelled | CanceledException $e) {
            $this->give_up(state::ABORTED, get_string('cause_cancelled', 'local_archivist'));
        } catch (interrupted $e) {
            $this->put_back();
        } catch (\Throwable $e) {
            $this->job->log(0, 'job', get_class($e) . " {$e->getFile()}:{$e->getLine()}");
            if (copies::are_proven($this->job)) { // Whatever it was, the archive is stored and proven.
                $this->job->log(3, 'job', self::sentence($e));
                $this->complete();
                return;
            }
            if ($this->is_stored() && !$this->job->is_cancelled()) {
                $this->put_off($e);
                return;
            }
            $this->fail($e);
        } finally {
            $workspace?->close();
        }
    }

    /**
     * Takes up what an earlier run left, wherever that ended.
     *
     * @return bool whether there is anything left to archive
     */
    private function take_up(): bool {
        if ($this->job->status() === state::ERROR_HANDLING) {
            $record = $this->job->record();
            $this->give_up($record->cancelled ? state::ABORTED : state::FAILURE, (string) $record->cause);
            return false;
        }
        $this->job->put_back();
        if (copies::are_proven($this->job)) {
            $this->complete(); // An earlier run was killed when all was stored and proven.
            return false;
        }
        if ($this->journal->status()?->running) { // By a process that lost its lock with the database.
            jobs::queue($this->job, self::BUSY_SECONDS);
            return false;
        }
        if ($this->journal->is_done()) { // An earlier run was killed before the database knew.
            $this->finish($this->pack());
            return false;
        }
        if ($this->job->record()->cancelled) {
            throw new cancelled();
        }
        return true;
    }

    /**
     * Counts the attempt and tidies up what an earlier one left, unless this one goes on with it.
     */
    private function begin(): void {
        $record = $this->job->record();
        foreach (task_record::unfinished($this->job) as $task) {
            $task->end('aborted', get_string('cause_interrupted', 'local_archivist'));
        }
        if ((int) $record->attempts >= limits::attempts()) {
            throw new \moodle_exception('cause_attempts', 'local_archivist', '', (int) $record->attempts);
        }
        $columns = [
            'attempts' => (int) $record->attempts + 1,
            'cause' => null,
            'timestarted' => (int) $record->timestarted ?: job::now(),
        ] + progress_meter::NOTHING;
        if ($this->journal->is_packaged()) {
            $this->job->update($columns);
            $this->job->log(1, 'job', get_string('log_packaged', 'local_archivist'));
        } else {
            $this->job->enter(state::PRE_PROCESSING, $columns);
        }
        $this->clear_dead();
        activity_backup::clear($this->job);
        $this->watch->stop_if_asked();
    }

    /**
     * Removes what no attempt goes on with.
     */
    private function clear_dead(): void {
        if (!$this->journal->goes_on()) {
            $this->copies->clear();
        }
    }

    /**
     * Cron had to end: that is no fault of the job, and it goes on as soon as cron is back.
     */
    private function put_back(): void {
        $cause = get_string('cause_interrupted', 'local_archivist');
        $this->tidy('aborted', $cause, false);
        $this->job->log(2, 'job', $cause);
        $this->job->put_back(['cause' => $cause, 'attempts' => max(0, (int) $this->job->record()->attempts - 1)]);
        jobs::queue($this->job);
    }

    /**
     * Something went wrong when the archive was proven and before the database knew: a later run takes it over. That takes
     * no work, so it is tried until it is done or somebody cancels it.
     *
     * @param \Throwable $e
     */
    private function put_off(\Throwable $e): void {
        $cause = self::sentence($e);
        $attempts = (int) $this->job->record()->attempts;
        $this->job->log(3, 'job', $cause);
        $this->tidy('failed', $cause, false);
        $this->job->put_back();
        $this->job->update(['cause' => $cause, 'attempts' => $attempts + 1]);
        jobs::queue($this->job, limits::retry_delay($attempts));
    }

    /**
     * Whether the engine has stored and proven the archive, as far as anybody can tell now.
     *
     * @return bool
     */
    private function is_stored(): bool {
        try {
            return $this->job->status() !== state::ERROR_HANDLING && $this->journal->is_done();
        } catch (\Throwable $e) { // Nothing is removed as long as nobody knows.
            return false;
        }
    }

    /**
     * Something went wrong: what may pass is tried again later, everything else ends the job.
     *
     * @param \Throwable $e
     */
    private function fail(\Throwable $e): void {
        $record = $this->job->record();
        $delay = limits::retry_delay((int) $record->attempts);
        $passes = self::may_pass($e);
        $lost = ($passes || $this->collecting || $e instanceof SourceException) && $this->is_lost();
        $again = $passes && !$lost && (int) $record->attempts < limits::attempts()
            && job::now() + $delay < (limits::deadline($record) ?? PHP_INT_MAX);
        $cause = $this->cause($e, $again, $lost);
        $this->job->enter(state::ERROR, ['cause' => $cause]);
        $this->job->log(4, 'job', $cause);
        if ($this->job->is_cancelled()) {
            $this->give_up(state::ABORTED, get_string('cause_cancelled', 'local_archivist'));
            return;
        }
        if (!$again) {
            $this->give_up(state::FAILURE, $cause);
            return;
        }
        $cause = $this->tidy('failed', $cause, false);
        $this->job->enter(state::RECOVERABLE_ERROR, ['cause' => $cause, 'timeretry' => job::now() + $delay]);
        jobs::queue($this->job, $delay);
    }

    /**
     * Whether an error may be gone when the job is tried again.
     *
     * @param \Throwable $e
     * @return bool
     */
    private static function may_pass(\Throwable $e): bool {
        for ($cause = $e; $cause; $cause = $cause->getPrevious()) {
            if (self::is_of_database($cause)) {
                return true;
            }
        }
        return $e instanceof stalled || $e instanceof StateException // Another process has the job's folder for a moment.
            || ($e instanceof ArchivistException
                && ($e->isRetryable() || in_array($e->getCode(), [E_IO, E_NOSPACE, E_SYSTEM], true)));
    }

    /**
     * Whether the database did not answer, or chose this query to be the one that has to wait.
     *
     * @param \Throwable $e
     * @return bool
     */
    private static function is_of_database(\Throwable $e): bool {
        return $e instanceof \dml_exception
            && !$e instanceof \dml_missing_record_exception && !$e instanceof \dml_multiple_records_exception;
    }

    /**
     * Ends the job without an archive.
     *
     * @param int $status FAILURE or ABORTED
     * @param string $cause a sentence
     */
    private function give_up(int $status, string $cause): void {
        if ($this->job->status() !== state::ERROR_HANDLING) {
            $this->job->enter(state::ERROR_HANDLING, ['cause' => $cause]);
        }
        $cause = $this->tidy($status === state::FAILURE ? 'failed' : 'aborted', $cause, true);
        if ($status === state::ABORTED) {
            $this->job->log(2, 'job', $cause);
        }
        $this->job->give_up($status, $cause);
    }

    /**
     * Removes what this attempt left, and ends its tasks.
     *
     * @param string $status of the tasks
     * @param string $cause a sentence
     * @param bool $all also what the next attempt would go on with
     * @return string the cause, with what could not be removed
     */
    private function tidy(string $status, string $cause, bool $all): string {
        $left = [];
        foreach (
            [
                fn() => activity_backup::clear($this->job),
                fn() => $all ? $this->copies->clear() : $this->clear_dead(),
            ] as $clear
        ) {
            try {
                $clear();
            } catch (\Throwable $e) { // The rows stay, and the clean-up task tries again.
                $left[] = self::sentence($e);
                $this->job->log(4, 'job', end($left));
            }
        }
        if ($left) {
            $a = (object) ['cause' => $cause, 'left' => implode(' ', $left)];
            $cause = get_string('cause_left', 'local_archivist', $a);
        }
        foreach ($this->tasks as $task) {
            $task->end($status, $cause);
        }
        foreach (task_record::unfinished($this->job) as $task) { // Of runs that were killed.
            $task->end($status, $cause);
        }
        $this->tasks = [];
        return $cause;
    }

    /**
     * Everything is stored, read back and compared.
     */
    private function complete(): void {
        foreach ($this->tasks as $task) {
            $task->end('completed');
        }
        foreach (task_record::unfinished($this->job) as $task) { // Of a run that was killed after it had stored.
            $task->end('completed');
        }
        if ($this->job->status() !== state::CLEANUP) {
            $this->job->enter(state::CLEANUP);
        }
        try {
            activity_backup::clear($this->job);
            $this->journal->forget();
        } catch (\Throwable $e) { // The clean-up task tries again.
            $this->job->log(3, 'job', self::sentence($e));
        }
        $record = $this->job->record();
        if ((int) $record->failurecount) {
            $told = collection::told($this->job->failures(), (int) $record->failurecount);
            $cause = get_string($this->is_gone() ? 'cause_partialgone' : 'cause_partial', 'local_archivist', $told);
            $this->job->log(3, 'job', $cause);
            $this->job->enter(state::PARTIAL, ['cause' => $cause]);
            return;
        }
        $this->job->enter(state::COMPLETED, ['cause' => null]);
        try {
            copies::remove_superseded($this->job);
        } catch (\Throwable $e) { // The clean-up task tries again.
            $this->job->log(3, 'job', self::sentence($e));
        }
    }

    /**
     * Collects, packs and stores, or stores only.
     */
    private function archive(): void {
        engine::require_ready();
        array_map([stores::class, 'get_enabled'], $this->job->option('stores', []));
        if ($this->journal->is_packaged()) {
            try {
                $this->finish($this->pack());
                return;
            } catch (InvalidArgumentException $e) {
                if ($this->journal->is_packaged()) {
                    throw $e;
                }
                $this->job->put_back(); // It was streamed, and not every storage got all of it.
                $this->job->enter(state::PRE_PROCESSING);
            }
        }
        $this->collect();
    }

    /**
     * Collects, packs and stores.
     */
    private function collect(): void {
        $this->job->update(['timecollected' => job::now(), 'timeread' => 0, 'timepacked' => 0, 'timestored' => 0]);
        $record = $this->job->record();
        $this->collecting = true;
        $archiver = $this->archiver ? new $this->archiver($this->cm()) : archivers::for_cm($this->cm());
        $this->job->enter(state::ACTIVITY_ARCHIVING);
        $this->tasks[] = $task = task_record::create(
            $this->job,
            $archiver::component(),
            'archive',
            "{$record->modname} {$record->cmid}",
            "archive {$record->uuid}",
        );
        $task->start();
        $collection = new collection($this->job, $archiver, fn() => $this->watch->beat());
        [$package, $expected] = $collection->make();
        if ($this->job->option('backup')) {
            (new activity_backup($this->job, $this->cm()))->add_to($package);
        }
        $this->collecting = false;
        $this->job->update(['timeread' => job::now()]);
        $this->watch->stop_if_asked();
        $this->finish($this->pack($package->entries, new PackageOptions(
            name: naming::archive_name($record),
            format: Format::from($this->job->option('format', 'zip')),
            level: $this->job->option('level'),
            sha512: (bool) $this->job->option('sha512'),
            uuid: $record->uuid,
            collectedAt: (int) $record->timecollected,
            requestedAt: (int) $record->timecreated,
            createdBy: metadata::created_by($record, $archiver),
            title: $record->activityname,
            language: $collection->language(),
            metadata: metadata::for_job($this->job, $archiver, $package, $expected),
            failuresMax: collection::FAILURES_MAX,
            allowEmpty: true, // The database says that there is nothing, not a disk that might not be mounted.
        ), $task));
    }

    /**
     * Tells what was stored, and completes the job.
     *
     * @param JobResult $result
     */
    private function finish(JobResult $result): void {
        $this->job->update(['timestored' => (int) $this->job->record()->timestored ?: job::now()]);
        $this->job->log(1, 'job', get_string('log_stored', 'local_archivist', (object) [
            'entries' => $result->entries, 'size' => display_size($result->containerBytes), 'sha256' => $result->sha256,
        ]));
        $this->complete();
    }

    /**
     * Lets the engine do what is left: pack and store in all storages, store what is packed, or only tell what it did.
     *
     * @param EntryList|null $entries null: they are not needed any more
     * @param PackageOptions|null $options
     * @param task_record|null $task the archiving task
     * @return JobResult
     */
    private function pack(?EntryList $entries = null, ?PackageOptions $options = null, ?task_record $task = null): JobResult {
        array_push($this->tasks, ...$this->copies->announce(
            array_map([stores::class, 'get'], $this->job->option('stores', [])),
            Format::from($this->job->option('format', 'zip')),
            naming::archive_name($this->job->record()),
        ));
        $result = $this->drive($entries, $options, $task);
        // What could not be collected was written down before, maybe by an earlier run.
        $collected = json_decode($this->job->record()->collected ?? '{}', true) ?: ['number' => 0, 'failures' => []];
        $failures = array_slice([...$collected['failures'], ...self::packing_failures($result)], 0, job::FAILURES_KEPT);
        $this->copies->confirm($result, [
            'bytesdone' => $result->payloadBytes, 'bytestotal' => $result->payloadBytes,
            'entriesdone' => $result->entries, 'entriestotal' => $result->entries,
            'failurecount' => $collected['number'] + $result->failureCount,
            'failures' => $failures ? json_encode($failures, JSON_THROW_ON_ERROR
                | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE) : null,
            'collected' => null,
        ]);
        return $result;
    }

    /**
     * Runs the engine.
     *
     * An exception in one of its callbacks would make it take back all that it has done. So nothing is done in them:
     * whatever stops this run lets go of the engine, which interrupts the job there. It goes on with the next run, or is
     * taken back by whoever gives it up.
     *
     * @param EntryList|null $entries
     * @param PackageOptions|null $options
     * @param task_record|null $task the archiving task
     * @return JobResult
     */
    private function drive(?EntryList $entries, ?PackageOptions $options, ?task_record $task): JobResult {
        $engine = engine::create(function (LogRecord $r): void {
            if ($r->source !== 'job' || $r->level !== LogLevel::Info) { // It tells states, and so does the job.
                $this->job->log($r->level->value, $r->source, $r->message);
            }
        });
        $this->watch->begin();
        $states = [];
        $onstate = function (native_job $native, native_state $state) use (&$states): void {
            $states[] = $state;
        };
        $done = $this->journal->is_done();
        $native = $engine->start($this->journal->spec($entries, $options, $onstate));
        while ($engine->poll(self::POLL_MS)) {
            if (!$done) { // Else it only tells what it has done.
                $this->follow($states, $task);
                $this->watch->tick($native->progress());
            }
        }
        $this->follow($states, $task);
        return $native->wait();
    }

    /**
     * The files that could not be read when their turn to be packed came.
     *
     * @param JobResult $result
     * @return array<int, array{name: string, cause: string}>
     */
    private static function packing_failures(JobResult $result): array {
        return array_map(
            fn(Failure $failure): array => ['name' => $failure->name, 'cause' => $failure->message],
            $result->failures,
        );
    }

    /**
     * Follows the engine's states.
     *
     * @param native_state[] $states those since the last time; emptied
     * @param task_record|null $task the archiving task
     */
    private function follow(array &$states, ?task_record $task): void {
        while ($states) {
            $state = array_shift($states);
            if ($state === native_state::PostProcessing) {
                $this->job->enter(state::POST_PROCESSING);
            } else if ($state === native_state::Store) {
                $task?->end('completed');
                $this->job->enter(state::STORE, ['timepacked' => (int) $this->job->record()->timepacked ?: job::now()]);
            }
        }
    }

    /**
     * The activity.
     *
     * @return \cm_info
     * @throws \moodle_exception it is gone
     */
    private function cm(): \cm_info {
        $record = $this->job->record();
        try {
            [, $cm] = get_course_and_cm_from_cmid((int) $record->cmid, $record->modname);
        } catch (\moodle_exception $e) {
            if (!$e instanceof \dml_missing_record_exception && !$this->is_gone()) {
                throw $e; // The database or the cache of the course did not answer.
            }
            throw new \moodle_exception('cause_activitygone', 'local_archivist', '', $record->activityname);
        }
        if ($cm->deletioninprogress) {
            throw new \moodle_exception('cause_activitygone', 'local_archivist', '', $record->activityname);
        }
        return $cm;
    }

    /**
     * Whether the activity was deleted, or is about to be.
     *
     * @return bool
     */
    private function is_gone(): bool {
        global $DB;
        $cm = $DB->get_record('course_modules', ['id' => $this->job->record()->cmid], 'id, deletioninprogress');
        return !$cm || $cm->deletioninprogress;
    }

    /**
     * Whether there is nothing left that another attempt could archive. When nobody can tell now, there may be.
     *
     * @return bool
     */
    private function is_lost(): bool {
        try {
            return $this->is_gone() && !$this->journal->status()?->running && !$this->journal->is_packaged();
        } catch (ArchivistException | \moodle_exception $e) { // It may be why the run failed.
            return false;
        }
    }

    /**
     * Why the job failed. What went wrong when the activity was gone is named as that: it is why nothing helps any more.
     *
     * @param \Throwable $e
     * @param bool $again whether it is tried again
     * @param bool $lost whether nothing is left to archive
     * @return string a sentence
     */
    private function cause(\Throwable $e, bool $again, bool $lost): string {
        $key = match (true) {
            $e instanceof SourceException => 'cause_source',
            $e instanceof ExistsException => 'cause_taken',
            $e instanceof StorageException => $again && $this->keeps_packaged() ? 'cause_storagewaits' : 'cause_storage',
            self::is_of_database($e) => 'cause_database',
            default => null,
        };
        $message = $e->getMessage();
        if ($e instanceof StorageException) {
            $message = stores::named($message, $this->job->option('stores', []));
        }
        $cause = $key ? get_string($key, 'local_archivist', $message) : self::sentence($e);
        if (!$lost) {
            return $cause;
        }
        $gone = get_string('cause_activitygone', 'local_archivist', $this->job->record()->activityname);
        if ($cause !== $gone) {
            $this->job->log(3, 'job', get_string('log_replaced', 'local_archivist', $cause));
        }
        return $gone;
    }

    /**
     * Whether the next attempt has the container, as far as anybody can tell now: for what is said only.
     *
     * @return bool
     */
    private function keeps_packaged(): bool {
        try {
            return $this->journal->is_packaged();
        } catch (ArchivistException | \moodle_exception $e) { // It may be why the run failed.
            return false;
        }
    }

    /**
     * What an error says to people.
     *
     * @param \Throwable $e
     * @return string a sentence
     */
    public static function sentence(\Throwable $e): string {
        for ($cause = $e; $cause; $cause = $cause->getPrevious()) {
            if ($cause instanceof \moodle_exception && preg_match('/^(local_archivist$|archive(r|store)_)/', $cause->module)) {
                return get_string($cause->errorcode, $cause->module, $cause->a);
            }
        }
        if ($e instanceof ArchivistException) {
            return $e->getMessage();
        }
        return get_string('cause_unexpected', 'local_archivist', $e->getMessage());
    }
}
