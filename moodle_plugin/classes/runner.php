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
use Archivist\Exception\CanceledException;
use Archivist\Exception\ExistsException;
use Archivist\Exception\SourceException;
use Archivist\Exception\StorageException;
use Archivist\Failure;
use Archivist\Format;
use Archivist\Job as native_job;
use Archivist\JobResult;
use Archivist\LogLevel;
use Archivist\LogRecord;
use Archivist\PackageOptions;
use Archivist\StagedStatus;
use Archivist\State as native_state;

/**
 * Runs one archive job through the engine, and lets its row say what the engine's journal does.
 *
 * The way of a job: a lock, so that it runs once; the engine's run, within which the driver collects, what it collected is
 * compared with what the database says, and the engine packs, stores everywhere, reads back and compares; only then a copy
 * is entered as stored and the job as completed. Whether, when and how often a run that failed is followed by another one,
 * the engine decides. What its journal knows to be done is not done again.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class runner {
    /** @var int Milliseconds between two looks whether the run is to stop. */
    private const POLL_MS = 500;

    /** @var int Seconds until a job is looked at again whose journal nobody can use or enter now. */
    private const BUSY_SECONDS = 60;

    /** @var task_record[] The tasks that run, so that an error reaches each. */
    private array $tasks = [];

    /** @var copies What is written where. */
    private copies $copies;

    /** @var journal What the engine knows of the job. */
    private journal $journal;

    /** @var watch Whether the run may go on. */
    private watch $watch;

    /** @var task_record|null The archiving task. */
    private ?task_record $archiving = null;

    /** @var bool Whether it reads the activity. */
    private bool $collecting = false;

    /** @var bool Whether the engine's run came to its end, so that the journal says what is next. */
    private bool $ended = false;

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
     * Runs the job unless it has ended or somebody else runs it. An error ends the job and is not thrown, but for one of the
     * database while the engine has nothing to do with the job: then Moodle's task is tried again.
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
        // A cancel request since the error was dealt with got no lock, and could not hasten the waiting task.
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
            engine::require_ready();
            array_map([stores::class, 'get_enabled'], $this->job->option('stores', []));
            $workspace = new workspace($this->job);
            $this->finish($this->archive());
        } catch (\Throwable $e) {
            $this->job->log(0, 'job', get_class($e) . " {$e->getFile()}:{$e->getLine()}");
            $this->settle($e);
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
        $record = $this->job->record();
        if ($this->job->status() === state::ERROR_HANDLING) {
            $this->give_up($record->cancelled ? state::ABORTED : state::FAILURE, (string) $record->cause);
            return false;
        }
        if (copies::are_proven($this->job)) {
            $this->job->put_back();
            $this->complete(); // An earlier run was killed when all was stored and proven.
            return false;
        }
        $status = $this->journal->status();
        if ($status?->running) { // By a process that lost its lock with the database.
            $this->put_off(null);
            return false;
        }
        if ($status && journal::waits($status) && !$record->cancelled) { // Its task came too early.
            $this->rest($status, $record->cause ?? (string) $status->cause);
            return false;
        }
        $this->job->put_back();
        if ($status && journal::has_done($status)) { // An earlier run was killed before the database knew.
            $this->finish($this->archive());
            return false;
        }
        foreach (task_record::unfinished($this->job) as $task) {
            $task->end('aborted', get_string('cause_interrupted', 'local_archivist'));
        }
        activity_backup::clear($this->job);
        // Without one it is made of the row; one of before a new beginning by hand is taken back first.
        if (!$status || (!(int) $record->timestarted && journal::is_over($status))) {
            $this->copies->clear();
            $status = null;
        }
        if ($record->cancelled && !$status) {
            $this->give_up(state::ABORTED, get_string('cause_cancelled', 'local_archivist'));
            return false;
        }
        if ($record->cancelled) { // The cancel request may be older than the journal.
            $this->journal->cancel();
        }
        $this->job->update(['cause' => null] + progress_meter::NOTHING);
        if ($status && $status->packaged) {
            $this->job->log(1, 'job', get_string('log_packaged', 'local_archivist'));
        }
        return true;
    }

    /**
     * The run did not come to a good end. What the journal says now is what becomes of the job.
     *
     * @param \Throwable $e
     */
    private function settle(\Throwable $e): void {
        if (copies::are_proven($this->job)) { // Whatever it was, the archive is stored and proven.
            $this->job->log(3, 'job', self::sentence($e));
            $this->complete();
            return;
        }
        try {
            $status = $this->job->status() === state::ERROR_HANDLING ? null : $this->journal->status();
        } catch (\Throwable $unreadable) {
            if (!$this->journal->is_damaged() && engine::is_ready()) { // Nothing is removed as long as nobody knows.
                $this->put_off($e);
                return;
            }
            $status = null;
        }
        $cancelled = $this->job->is_cancelled();
        // Without a status the extension may be missing, and with it the states.
        $rests = $status && $status->state === native_state::Queued && !$cancelled; // The run was interrupted, and does not count.
        if ($status && ($status->running || (journal::has_done($status) && !$cancelled))) {
            $this->put_off($e);
        } else if ($rests && self::is_interruption($e)) {
            $this->put_back();
        } else if ($rests && self::database_error($e)) {
            $this->put_off($e);
        } else if (!$this->ended && self::database_error($e)) {
            throw $e;
        } else {
            $this->fail($e, $status, $cancelled || ($status && $status->state === native_state::Aborted));
        }
    }

    /**
     * Cron had to end: that is no fault of the job, and it goes on as soon as cron is back.
     */
    private function put_back(): void {
        $cause = get_string('cause_interrupted', 'local_archivist');
        $this->tidy('aborted', $cause, false);
        $this->job->log(2, 'job', $cause);
        $this->job->put_back(['cause' => $cause]);
        $this->job->update($this->journal->mirrored());
        jobs::queue($this->job);
    }

    /**
     * Nobody can use the journal, or enter in the database what it says. A later run looks again, until it succeeds or
     * somebody cancels the job.
     *
     * @param \Throwable|null $e null: another process runs the job
     */
    private function put_off(?\Throwable $e): void {
        if ($e) {
            $cause = self::sentence($e);
            $this->job->log(3, 'job', $cause);
            $this->tidy('failed', $cause, false);
        }
        $this->job->put_back();
        if ($e) {
            $this->job->update(['cause' => $cause]);
        }
        jobs::queue($this->job, self::BUSY_SECONDS);
    }

    /**
     * Something went wrong: the job waits for its next run where the engine says so, and everything else ends it.
     *
     * @param \Throwable $e
     * @param StagedStatus|null $status null: there is no journal, or nobody can read it
     * @param bool $cancelled
     */
    private function fail(\Throwable $e, ?StagedStatus $status, bool $cancelled): void {
        if ($cancelled) {
            $this->give_up(state::ABORTED, get_string('cause_cancelled', 'local_archivist'));
            return;
        }
        $waits = $this->ended && $status && $status->state === native_state::RecoverableError;
        $lost = ($waits || $this->collecting || $e instanceof SourceException) && $this->is_lost($status);
        $cause = $this->cause($e, $waits && $status->packaged, $lost);
        if ($this->job->status() !== state::ERROR_HANDLING) {
            if (!state::may_become($this->job->status(), state::ERROR)) { // It waited.
                $this->job->put_back();
            }
            $this->job->enter(state::ERROR, ['cause' => $cause]);
        }
        $this->job->log(4, 'job', $cause);
        if ($this->job->is_cancelled()) {
            $this->give_up(state::ABORTED, get_string('cause_cancelled', 'local_archivist'));
        } else if ($waits && !$lost) {
            $this->rest($status, $this->tidy('failed', $cause, false));
        } else {
            $this->give_up(state::FAILURE, $cause);
        }
    }

    /**
     * The job waits for its next run, which the engine has set.
     *
     * @param StagedStatus $status
     * @param string $cause a sentence
     */
    private function rest(StagedStatus $status, string $cause): void {
        if (state::may_become($this->job->status(), state::ERROR)) { // A run was killed before the row knew.
            $this->job->enter(state::ERROR, ['cause' => $cause]);
        }
        if ($this->job->status() === state::ERROR) {
            $this->job->enter(state::RECOVERABLE_ERROR, ['cause' => $cause] + $this->journal->mirrored());
        }
        jobs::queue($this->job, $status->retryAt ? max(0, $status->retryAt - job::now()) : self::BUSY_SECONDS);
    }

    /**
     * The error of the database in an error: it did not answer, or chose this query to be the one that has to wait.
     *
     * @param \Throwable $e
     * @return \Throwable|null
     */
    private static function database_error(\Throwable $e): ?\Throwable {
        for ($cause = $e; $cause; $cause = $cause->getPrevious()) {
            if (
                $cause instanceof \dml_exception
                && !$cause instanceof \dml_missing_record_exception && !$cause instanceof \dml_multiple_records_exception
            ) {
                return $cause;
            }
        }
        return null;
    }

    /**
     * Whether a run was stopped from outside.
     *
     * @param \Throwable $e
     * @return bool
     */
    private static function is_interruption(\Throwable $e): bool {
        return $e instanceof ArchivistException && $e->getCode() === \Archivist\E_CLOSED;
    }

    /**
     * Ends the job without an archive.
     *
     * @param int $status FAILURE or ABORTED
     * @param string $cause a sentence
     */
    private function give_up(int $status, string $cause): void {
        if ($this->job->status() !== state::ERROR_HANDLING) {
            $this->job->enter(state::ERROR_HANDLING, ['cause' => $cause] + $this->journal->mirrored());
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
        foreach ([fn() => activity_backup::clear($this->job), fn() => $all && $this->copies->clear()] as $clear) {
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
            if (!state::may_become($this->job->status(), state::CLEANUP)) { // States came faster than they were told.
                $this->job->put_back();
            }
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
     * Lets the engine do what is left: collect, pack and store in all storages, store what is packed, or only tell what it
     * did.
     *
     * An exception in most of its callbacks would make it take back all that it has done. So nothing is done in them:
     * whatever stops this run lets go of the engine, which interrupts the job there. It goes on with the next run, or is
     * taken back by whoever gives it up.
     *
     * @return JobResult
     */
    private function archive(): JobResult {
        $engine = engine::create(function (LogRecord $r): void {
            if ($r->source !== 'job' || $r->level !== LogLevel::Info) { // It tells states, and so does the job.
                $this->job->log($r->level->value, $r->source, $r->message);
            }
        });
        $status = $this->journal->status();
        if ($status && ($status->packaged || journal::has_done($status))) {
            $this->announce();
        }
        $states = [];
        $onstate = function (native_job $native, native_state $state) use (&$states): void {
            $states[] = $state;
        };
        $native = $engine->start($this->journal->spec(fn(native_job $native): array => $this->collect($native), $onstate));
        while ($engine->poll(self::POLL_MS)) {
            if ($status && journal::has_done($status)) { // It only tells what it has done.
                continue;
            }
            try {
                $this->follow($states);
                $this->watch->tick($native->progress()); // No exception may hold the engine, which is dropped then.
            } catch (CanceledException $e) { // The engine takes back what it has done, and ends.
                $native->cancel();
            }
        }
        $this->ended = true;
        $this->follow($states);
        return $this->entered($native->wait());
    }

    /**
     * Collects, within the engine's run: what goes wrong here is the engine's to deal with.
     *
     * @param native_job $native
     * @return array{\Archivist\EntryList, PackageOptions}
     */
    private function collect(native_job $native): array {
        $this->collecting = true;
        try {
            $states = [native_state::PreProcessing];
            $this->follow($states);
            $collected = $this->collected($native);
            $this->collecting = false;
            return $collected;
        } catch (ArchivistException $e) {
            throw $e;
        } catch (\Throwable $e) {
            // When the activity was deleted meanwhile, no later run helps.
            throw self::database_error($e) && !$this->is_lost(null) ? new passing($e) : $e;
        }
    }

    /**
     * What the archive is made of.
     *
     * @param native_job $native
     * @return array{\Archivist\EntryList, PackageOptions}
     */
    private function collected(native_job $native): array {
        $this->job->update(['timecollected' => job::now(), 'timeread' => 0, 'timepacked' => 0, 'timestored' => 0]);
        $record = $this->job->record();
        $archiver = $this->archiver ? new $this->archiver($this->cm()) : archivers::for_cm($this->cm());
        $this->archiving?->end('aborted', get_string('cause_interrupted', 'local_archivist')); // It is packed once more.
        $this->tasks[] = $this->archiving = task_record::create(
            $this->job,
            $archiver::component(),
            'archive',
            "{$record->modname} {$record->cmid}",
            "archive {$record->uuid}",
        );
        $this->archiving->start();
        $collection = new collection($this->job, $archiver, fn() => $this->watch->beat($native));
        [$package, $expected] = $collection->make();
        if ($this->job->option('backup')) {
            (new activity_backup($this->job, $this->cm()))->add_to($package);
        }
        $this->job->update(['timeread' => job::now()]);
        $this->watch->begin();
        $this->announce();
        return [$package->entries, new PackageOptions(
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
        )];
    }

    /**
     * Enters what is going to be stored.
     */
    private function announce(): void {
        array_push($this->tasks, ...$this->copies->announce(
            array_map([stores::class, 'get'], $this->job->option('stores', [])),
            Format::from($this->job->option('format', 'zip')),
            naming::archive_name($this->job->record()),
        ));
    }

    /**
     * Enters what was stored.
     *
     * @param JobResult $result
     * @return JobResult the same
     */
    private function entered(JobResult $result): JobResult {
        $this->announce(); // Of a stream that an earlier run has finished, this one has collected nothing.
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
        ] + $this->journal->mirrored());
        return $result;
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
     * Lets the row follow the engine's states while it works; how it ends, the row learns when its copies are entered.
     *
     * @param native_state[] $states those since the last time; emptied
     */
    private function follow(array &$states): void {
        while ($states) {
            $state = array_shift($states)->value;
            if ($state > state::STORE || $state === state::QUEUED || !state::may_become($this->job->status(), $state)) {
                continue;
            }
            $columns = $this->journal->mirrored();
            if ($state === state::STORE) {
                $this->archiving?->end('completed');
                $columns['timepacked'] = (int) $this->job->record()->timepacked ?: job::now();
            }
            $this->job->enter($state, $columns);
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
     * Whether there is nothing left that another run could archive. When nobody can tell now, there may be.
     *
     * @param StagedStatus|null $status
     * @return bool
     */
    private function is_lost(?StagedStatus $status): bool {
        try {
            return $this->is_gone() && !$status?->packaged;
        } catch (\moodle_exception $e) { // It may be why the run failed.
            return false;
        }
    }

    /**
     * Why the job failed. What went wrong when the activity was gone is named as that: it is why nothing helps any more.
     *
     * @param \Throwable $e
     * @param bool $kept whether the next run has the container
     * @param bool $lost whether nothing is left to archive
     * @return string a sentence
     */
    private function cause(\Throwable $e, bool $kept, bool $lost): string {
        $e = $e instanceof passing ? $e->getPrevious() : $e;
        $key = match (true) {
            $e instanceof SourceException => 'cause_source',
            $e instanceof ExistsException => 'cause_taken',
            $e instanceof StorageException => $kept ? 'cause_storagewaits' : 'cause_storage',
            self::database_error($e) === $e => 'cause_database',
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
