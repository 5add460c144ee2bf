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

/**
 * Makes, cancels, retries and deletes archive jobs.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class jobs {
    /** @var string[] Formats of archives, as the engine names them. */
    public const FORMATS = ['zip', 'tar.zst', 'tar.gz', 'tar'];

    /**
     * Makes a job and puts it into the queue.
     *
     * @param \cm_info $cm the activity
     * @param scope|null $scope everybody by default
     * @param array<string, mixed> $options format, level, sha512, backup, stores (ids); what is missing is taken
     *     from the settings
     * @param string $origin page, cli or cron
     * @param bool $queue false: the caller runs it itself
     * @return job
     * @throws \moodle_exception with a sentence: nothing was made
     */
    public static function create(
        \cm_info $cm,
        ?scope $scope = null,
        array $options = [],
        string $origin = 'page',
        bool $queue = true,
    ): job {
        engine::require_ready();
        archivers::for_cm($cm);
        $options += self::default_options();
        if ($origin === 'page') {
            if (!access::sees($cm)) {
                throw new \moodle_exception('error_notseen', 'local_archivist');
            }
            access::require_scope($cm, $scope ?? scope::all());
            // A default of the administrator gives nobody a right.
            $options['backup'] = $options['backup'] && access::may_backup($cm);
        }
        if (!in_array($options['format'], self::FORMATS, true)) {
            throw new \moodle_exception('error_format', 'local_archivist', '', implode(', ', self::FORMATS));
        }
        $chosen = array_map('intval', $options['stores'] ?: array_keys(stores::all(true)));
        $options['stores'] = array_values(array_unique($chosen));
        if (!$options['stores']) {
            throw new \moodle_exception('error_nostore', 'local_archivist');
        }
        array_map([stores::class, 'get_enabled'], $options['stores']);
        return self::make($cm, $scope ?? scope::all(), $options, $origin, $queue);
    }

    /**
     * Makes the job that archives who is who in an activity that is marked blind: an archive of its own, which belongs to the
     * archive of the activity and is opened by a capability of its own.
     *
     * @param job $parent about the activity and everybody in it
     * @param string $origin page or cli
     * @param bool $queue false: the caller runs it itself
     * @return job
     * @throws \moodle_exception with a sentence: nothing was made
     */
    public static function create_identities(job $parent, string $origin = 'page', bool $queue = true): job {
        engine::require_ready();
        if (rights::anonymous($parent) === null) {
            throw new \moodle_exception('error_identitiesunknown', 'local_archivist');
        }
        $cm = access::activity_of($parent);
        if (!$cm || !$parent->may_have_identities() || !archivers::for_cm($cm)->is_anonymous()) {
            throw new \moodle_exception('error_noidentities', 'local_archivist');
        }
        if ($origin === 'page') {
            require_capability('local/archivist:archiveidentities', $parent->context());
            if (!access::sees_activity_of($parent)) {
                throw new \moodle_exception('error_notseen', 'local_archivist');
            }
        }
        $lock = locks::take("create_identities_{$parent->id()}");
        try {
            $runs = array_filter($parent->identities(), fn(job $other): bool => !state::is_final($other->status()));
            if (!$lock || $runs) {
                throw new \moodle_exception('error_running', 'local_archivist', '', self::identities_name($cm));
            }
            return self::make_identities($parent, $cm, $origin, $queue);
        } finally {
            $lock?->release();
        }
    }

    /**
     * Enters the job that archives who is who, under the lock that lets nobody else do so.
     *
     * @param job $parent
     * @param \cm_info $cm
     * @param string $origin
     * @param bool $queue
     * @return job
     */
    private static function make_identities(job $parent, \cm_info $cm, string $origin, bool $queue): job {
        $options = [
            'format' => $parent->option('format', 'zip'),
            'level' => $parent->option('level'),
            'sha512' => (bool) $parent->option('sha512'),
            'backup' => false, // It would have the names of everybody.
            'stores' => $parent->option('stores', []),
        ];
        array_map([stores::class, 'get_enabled'], $options['stores']);
        return self::make($cm, scope::all(), $options, $origin, $queue, [
            'purpose' => job::IDENTITIES,
            'parentid' => $parent->id(),
            'activityname' => self::identities_name($cm),
            'sizeestimate' => 0,
        ]);
    }

    /**
     * What a job that archives who is who is called.
     *
     * @param \cm_info $cm
     * @return string
     */
    private static function identities_name(\cm_info $cm): string {
        return get_string('identities_name', 'local_archivist', $cm->name);
    }

    /**
     * Enters a job and puts it into the queue.
     *
     * @param \cm_info $cm
     * @param scope $scope
     * @param array<string, mixed> $options all of them
     * @param string $origin
     * @param bool $queue
     * @param array<string, mixed> $more further columns
     * @return job
     */
    private static function make(
        \cm_info $cm,
        scope $scope,
        array $options,
        string $origin,
        bool $queue,
        array $more = [],
    ): job {
        global $DB, $USER;
        $course = $cm->get_course();
        $now = job::now();
        $record = (object) ($more + [
            'uuid' => \core\uuid::generate(),
            'courseid' => $course->id,
            'cmid' => $cm->id,
            'contextid' => $cm->context->id,
            'modname' => $cm->modname,
            'coursename' => \core_text::substr($course->fullname, 0, 255),
            'courseshortname' => \core_text::substr($course->shortname, 0, 255),
            'activityname' => $cm->name,
            'userid' => $USER->id,
            'scopeuserid' => $scope->userid,
            'origin' => $origin,
            'options' => json_encode($options, JSON_THROW_ON_ERROR),
            'status' => state::QUEUED,
            'rights' => rights::of_activity($cm, $scope),
            'sizeestimate' => (int) $DB->get_field_sql(
                'SELECT SUM(filesize) FROM {files} WHERE contextid = :contextid',
                ['contextid' => $cm->context->id],
            ),
            'timecreated' => $now,
            'timemodified' => $now,
        ]);
        $record->id = $DB->insert_record('local_archivist_job', $record);
        $job = job::get((int) $record->id);
        event\archive_job_created::from_job($job)->trigger();
        if ($queue) {
            self::queue($job);
        }
        return $job;
    }

    /**
     * What the administrator set for new jobs.
     *
     * @return array<string, mixed>
     */
    public static function default_options(): array {
        $config = get_config('local_archivist');
        return [
            'format' => $config->format ?? 'zip',
            'level' => null,
            'sha512' => !empty($config->sha512),
            'backup' => !empty($config->backup),
            'stores' => [],
        ];
    }

    /**
     * Puts a job into Moodle's queue of ad hoc tasks, instead of where it stood in it.
     *
     * The task belongs to nobody: rights were asked for when the job was made, and Moodle drops the tasks of people who
     * have left. So a job also runs in the language of the site, whoever asked for it.
     *
     * @param job $job
     * @param int $delay seconds
     */
    public static function queue(job $job, int $delay = 0): void {
        self::unqueue($job);
        $task = places::task($job);
        $task->set_custom_data((object) ['jobid' => $job->id()]);
        if ($delay) {
            $task->set_next_run_time(job::now() + $delay);
        }
        \core\task\manager::queue_adhoc_task($task);
    }

    /**
     * Takes a job out of Moodle's queue. A task that was begun stays: it finds out what became of its job.
     *
     * @param job $job
     */
    private static function unqueue(job $job): void {
        global $DB;
        $data = json_encode((object) ['jobid' => $job->id()]);
        $where = "component = 'local_archivist' AND timestarted IS NULL AND "
            . $DB->sql_compare_text('customdata', strlen($data) + 1) . ' = ?';
        $DB->delete_records_select('task_adhoc', $where, [$data]);
    }

    /**
     * Asks to cancel. A waiting job ends at once, or with its next run, now, when something of it is staged or stored; a
     * running one soon. One whose copies are stored and proven already is completed by its next run.
     *
     * @param job $job
     */
    public static function cancel(job $job): void {
        $job->reload();
        if (state::is_final($job->status())) {
            throw new \moodle_exception('error_jobended', 'local_archivist');
        }
        $job->update(['cancelled' => 1]);
        $job->log(2, 'job', get_string('log_cancelasked', 'local_archivist'));
        $journal = new journal($job);
        $journal->cancel();
        $lock = self::lock($job);
        if (!$lock) { // The run that has the lock sees the cancel request.
            return;
        }
        try {
            $job->reload();
            if (state::is_final($job->status())) {
                return;
            }
            if (copies::are_proven($job)) {
                $job->update(['cancelled' => 0]);
                return;
            }
            if ($journal->exists()) { // The run looks what there is; storages may take their time.
                self::queue($job);
                return;
            }
            self::abort($job);
        } finally {
            $lock->release();
        }
    }

    /**
     * Ends a job that nobody runs, under its lock.
     *
     * @param job $job
     */
    private static function abort(job $job): void {
        $cause = get_string('cause_cancelled', 'local_archivist');
        if ($job->status() !== state::ERROR_HANDLING) { // Its run may have been killed there.
            $job->enter(state::ERROR_HANDLING, ['cause' => $cause]);
        }
        activity_backup::clear($job);
        self::unqueue($job);
        $job->give_up(state::ABORTED, $cause);
    }

    /**
     * Begins a job anew that failed, was cancelled, is incomplete or waits for its next attempt.
     *
     * An incomplete job makes another archive, under another UUID, as nothing in a storage is ever written over. The
     * incomplete one stays until a complete one is proven.
     *
     * @param job $job
     * @throws \moodle_exception with a sentence
     */
    public static function retry(job $job): void {
        engine::require_ready();
        $lock = self::require_lock($job);
        try {
            if (!in_array($job->status(), state::RETRYABLE, true)) {
                throw new \moodle_exception('error_jobnotfailed', 'local_archivist');
            }
            activity_backup::clear($job); // Its name is made of the UUID.
            (new copies($job))->forget();
            $job->enter(state::QUEUED, [
                'uuid' => copies::are_proven($job) ? \core\uuid::generate() : $job->record()->uuid,
                'attempts' => 0, 'cancelled' => 0, 'cause' => null, 'timestarted' => 0, 'timefinished' => 0, 'timeretry' => 0,
                'bytesdone' => 0, 'bytestotal' => 0, 'entriesdone' => 0, 'entriestotal' => 0,
            ]);
            self::queue($job);
        } finally {
            $lock->release();
        }
    }

    /**
     * Deletes a job that has ended or waits for its next attempt, with all its stored copies. What cannot be deleted stays,
     * and so does the job.
     *
     * @param job $job
     * @param string $reason for the traces that stay, one of tombstones::*
     * @throws \moodle_exception with a sentence
     */
    public static function delete(job $job, string $reason = tombstones::ASKED): void {
        global $DB;
        $lock = self::require_lock($job);
        try {
            if ($job->status() === state::RECOVERABLE_ERROR) {
                self::abort($job);
            }
            if (!state::is_final($job->status())) {
                throw new \moodle_exception('error_jobnotended', 'local_archivist');
            }
            // Without a journal nothing is stored yet, and what has the name is somebody else's.
            $gone = engine::is_ready() && !(new journal($job))->exists() ? ['deleted', 'writing'] : ['deleted'];
            foreach ($job->files() as $file) {
                if (!in_array($file->status, $gone, true)) {
                    self::delete_copy($job, $file, $reason);
                }
            }
            activity_backup::clear($job);
            journal::remove($job->record()->uuid);
            $transaction = $DB->start_delegated_transaction(); // No job is found in the state that it enters now.
            tombstones::of_job($job->record(), $reason);
            $job->enter(state::DELETED);
            foreach (['log', 'file', 'task', 'person'] as $table) {
                $DB->delete_records("local_archivist_$table", ['jobid' => $job->id()]);
            }
            $DB->delete_records('local_archivist_job', ['id' => $job->id()]);
            $transaction->allow_commit();
        } finally {
            $lock->release();
        }
    }

    /**
     * Deletes one stored copy. One that is gone already counts as deleted. Its trace is there before its storage is asked.
     *
     * @param job $job
     * @param \stdClass $file row of local_archivist_file
     * @param string $reason for the trace, one of tombstones::*
     */
    public static function delete_copy(job $job, \stdClass $file, string $reason = tombstones::ASKED): void {
        global $DB;
        engine::require_ready();
        $store = stores::get((int) $file->storeid);
        $tombstone = tombstones::begin($job, $file, $reason);
        $found = true;
        try {
            $store->driver()->delete($file->storekey);
        } catch (\Archivist\Exception\NotFoundException $e) {
            $found = false;
            $job->log(3, $store::component(), $e->getMessage());
        } catch (\Archivist\Exception\ArchivistException $e) {
            throw new \moodle_exception('error_notdeleted', 'local_archivist', '', (object) [
                'store' => $store->name(), 'cause' => $e->getMessage(),
            ]);
        }
        $transaction = $DB->start_delegated_transaction();
        tombstones::confirm($tombstone, $found);
        $DB->update_record('local_archivist_file', (object) [
            'id' => $file->id, 'status' => 'deleted', 'timedeleted' => job::now(),
        ]);
        $transaction->allow_commit();
    }

    /**
     * Jobs that should run and have shown no sign of life for longer than they may make no progress.
     *
     * @return job[]
     */
    public static function stalled(): array {
        global $DB;
        $seconds = limits::stall_seconds();
        if (!$seconds) {
            return [];
        }
        [$idle, $params] = $DB->get_in_or_equal([...state::WAITING, ...state::FINAL], SQL_PARAMS_QM, 'state', false);
        $params[] = job::now() - $seconds;
        $records = $DB->get_records_select('local_archivist_job', "status $idle AND timemodified <= ?", $params, 'id');
        return array_map(fn(\stdClass $record): job => new job($record), array_values($records));
    }

    /**
     * The lock of a job: who has it runs it. It is free as soon as its process is dead.
     *
     * @param job $job
     * @return \core\lock\lock|null null when somebody else has it
     */
    public static function lock(job $job): ?\core\lock\lock {
        return locks::take('job_' . $job->id());
    }

    /**
     * The lock under which a page looks for a job and makes one, so that a form that is sent twice makes one.
     *
     * @param \cm_info $cm
     * @param scope $scope
     * @return \core\lock\lock|null null when somebody else makes that job right now
     */
    public static function creation_lock(\cm_info $cm, scope $scope): ?\core\lock\lock {
        return locks::take("create_{$cm->id}_{$scope->userid}");
    }

    /**
     * The lock of a job that nobody runs, and the job as it is under it.
     *
     * @param job $job
     * @return \core\lock\lock
     * @throws \moodle_exception somebody else has it, or the job is gone
     */
    private static function require_lock(job $job): \core\lock\lock {
        $lock = self::lock($job);
        if (!$lock) {
            throw new \moodle_exception('error_jobruns', 'local_archivist');
        }
        try {
            $job->reload();
        } catch (\moodle_exception $e) {
            $lock->release();
            throw $e;
        }
        return $lock;
    }
}
