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

defined('MOODLE_INTERNAL') || die();
require_once(__DIR__ . '/fixtures/archive_testcase.php');

/**
 * Tests of making, cancelling, retrying and deleting jobs.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \local_archivist\jobs
 * @covers     \local_archivist\job
 */
final class jobs_test extends fixtures\archive_testcase {
    /**
     * A job takes what is not said from the settings, and waits in the queue as nobody's task.
     */
    public function test_create(): void {
        global $DB, $USER;
        $store = $this->folder_store();
        set_config('format', 'tar.zst', 'local_archivist');
        set_config('sha512', 1, 'local_archivist');
        $sink = $this->redirectEvents();
        $job = jobs::create($this->cm, null, ['level' => 3]);
        $record = $job->record();
        $this->assertSame(['tar.zst', true, 3, false, [$store->id()]], array_map(
            [$job, 'option'],
            ['format', 'sha512', 'level', 'backup', 'stores'],
        ));
        $this->assertEquals(
            [state::QUEUED, $this->cm->id, $this->course->id, 'Exam 1', 'EX', $USER->id, 0, 'page'],
            [$record->status, $record->cmid, $record->courseid, $record->activityname, $record->courseshortname,
                $record->userid, $record->scopeuserid, $record->origin],
        );
        $this->assertTrue(\core\uuid::generate() !== $record->uuid && strlen($record->uuid) === 36);
        $task = $DB->get_record('task_adhoc', ['classname' => '\local_archivist\task\run_job']);
        $this->assertSame([null, $job->id()], [$task->userid, json_decode($task->customdata)->jobid]);
        $event = $sink->get_events()[0];
        $this->assertInstanceOf(event\archive_job_created::class, $event);
        $this->assertSame(['c', $job->id(), $record->uuid], [$event->crud, $event->objectid, $event->other['uuid']]);
        $this->assertEquals($record, $event->get_record_snapshot('local_archivist_job', $job->id()));
    }

    /**
     * A storage that is named twice is written once.
     */
    public function test_create_storage_twice(): void {
        $id = $this->folder_store()->id();
        $job = $this->make_job(['stores' => [$id, (string) $id, $id]]);
        $this->assertSame([$id], $job->option('stores'));
        $this->assertSame(state::COMPLETED, (int) $this->run_job($job)->status);
    }

    /**
     * What cannot be begun makes no job.
     *
     * @dataProvider refusals
     * @param string $what
     * @param string $errorcode
     */
    public function test_create_refuses(string $what, string $errorcode): void {
        global $DB;
        $this->folder_store();
        $disabled = $this->make_store('moodledata');
        $DB->set_field('local_archivist_store', 'enabled', 0, ['id' => $disabled->id()]);
        $options = [];
        match ($what) {
            'extension' => engine::set_version_for_test(null),
            'old' => engine::set_version_for_test('0.0.1'),
            'nostore' => $DB->set_field('local_archivist_store', 'enabled', 0, []),
            'disabled' => $options = ['stores' => [$disabled->id()]],
            'gone' => $options = ['stores' => [0x7fffffff]],
            'format' => $options = ['format' => 'rar'],
        };
        try {
            jobs::create($this->cm, null, $options);
            $this->fail('A job was made.');
        } catch (\moodle_exception $e) {
            $this->assertSame($errorcode, $e->errorcode);
        }
        $this->assertSame(0, $DB->count_records('local_archivist_job'));
        $this->assertSame(0, $DB->count_records('task_adhoc', ['component' => 'local_archivist']));
    }

    /**
     * Reasons to refuse.
     *
     * @return array
     */
    public static function refusals(): array {
        return [
            'no extension' => ['extension', 'engine_notready'],
            'an old extension' => ['old', 'engine_notready'],
            'no storage is enabled' => ['nostore', 'error_nostore'],
            'the storage is disabled' => ['disabled', 'error_storedisabled'],
            'the storage is gone' => ['gone', 'error_storegone'],
            'an unknown format' => ['format', 'error_format'],
        ];
    }

    /**
     * A waiting job is cancelled at once; one that runs is asked to end; one that has ended stays as it is.
     */
    public function test_cancel(): void {
        $this->folder_store();
        $waiting = $this->make_job();
        jobs::cancel($waiting);
        $this->assertSame(state::ABORTED, $waiting->status());
        $running = $this->make_job();
        $lock = jobs::lock($running);
        jobs::cancel($running);
        $lock->release();
        $running->reload();
        $this->assertEquals([state::QUEUED, 1], [$running->status(), $running->record()->cancelled]);
        $this->assertSame(state::ABORTED, (int) $this->run_job($running)->status);
        $this->expectExceptionMessage(get_string('error_jobended', 'local_archivist'));
        jobs::cancel($running);
    }

    /**
     * A cancelled job can be begun anew under the same UUID, a completed one cannot.
     */
    public function test_retry(): void {
        $this->folder_store();
        $job = $this->make_job();
        $uuid = $job->record()->uuid;
        jobs::cancel($job);
        jobs::retry($job);
        $this->assertSame([state::QUEUED, $uuid], [$job->status(), $job->record()->uuid]);
        $record = $this->run_job($job);
        $this->assertSame([state::COMPLETED, 1], [(int) $record->status, (int) $record->attempts]);
        $this->expectExceptionMessage(get_string('error_jobnotfailed', 'local_archivist'));
        jobs::retry($job);
    }

    /**
     * Deleting a job deletes its copies everywhere.
     */
    public function test_delete(): void {
        global $DB;
        $this->folder_store();
        $this->make_store('moodledata');
        $job = $this->make_job();
        $this->run_job($job);
        $sink = $this->redirectEvents();
        jobs::delete($job);
        $this->assertSame([], $this->files_in());
        $this->assertFalse($DB->record_exists_select('files', "component = 'archivestore_moodledata' AND filename <> '.'"));
        foreach (['job', 'file', 'task', 'log'] as $table) {
            $this->assertSame(0, $DB->count_records("local_archivist_$table"), $table);
        }
        $this->assertInstanceOf(event\archive_job_deleted::class, $sink->get_events()[0]);
    }

    /**
     * A copy that is gone already does not keep the job; one that cannot be deleted does.
     */
    public function test_delete_copies(): void {
        global $DB;
        $this->folder_store();
        $job = $this->make_job();
        $this->run_job($job);
        $file = current($job->files());
        unlink("{$this->folder}/{$file->storekey}");
        jobs::delete_copy($job, $file);
        $this->assertSame('deleted', current($job->files())->status);
        $this->assertSame([], $job->files(true));

        $other = $this->make_job();
        $this->run_job($other);
        $DB->set_field('local_archivist_store', 'settings', '{"path":"/dev/null/x"}', []);
        try {
            jobs::delete($other);
            $this->fail('It was deleted.');
        } catch (\moodle_exception $e) {
            $this->assertSame('error_notdeleted', $e->errorcode);
        }
        $this->assertCount(1, $other->files(true));
    }

    /**
     * A job that runs is not deleted.
     */
    public function test_delete_running(): void {
        $this->folder_store();
        $job = $this->make_job();
        $lock = jobs::lock($job);
        try {
            $this->expectExceptionMessage(get_string('error_jobruns', 'local_archivist'));
            jobs::delete($job);
        } finally {
            $lock->release();
        }
    }

    /**
     * A job that has not ended is not deleted, also while nobody runs it.
     */
    public function test_delete_waiting(): void {
        $this->folder_store();
        $job = $this->make_job();
        try {
            jobs::delete($job);
            $this->fail('It was deleted.');
        } catch (\moodle_exception $e) {
            $this->assertSame('error_jobnotended', $e->errorcode);
        }
        $this->assertSame(state::QUEUED, job::get($job->id())->status());
        $this->assertSame(state::COMPLETED, (int) $this->run_job($job)->status); // The lock is free.
    }

    /**
     * Nothing is begun anew while somebody runs it.
     */
    public function test_retry_running(): void {
        global $DB;
        $this->folder_store();
        $job = $this->make_job();
        jobs::cancel($job);
        $lock = jobs::lock($job);
        try {
            jobs::retry(job::get($job->id()));
            $this->fail('It was begun anew.');
        } catch (\moodle_exception $e) {
            $this->assertSame('error_jobruns', $e->errorcode);
        } finally {
            $lock->release();
        }
        $this->assertSame(state::ABORTED, job::get($job->id())->status());
        $this->assertSame(0, $DB->count_records('task_adhoc', ['component' => 'local_archivist']));
        jobs::retry($job);
        $this->assertSame(state::QUEUED, $job->status());
    }

    /**
     * A job that waits for its next attempt can be cancelled, deleted, and begun at once; its task in the queue goes.
     */
    public function test_recoverable(): void {
        global $DB;
        $this->folder_store();
        $jobs = [];
        foreach (['cancel', 'delete', 'retry'] as $what) {
            $job = $this->make_job();
            foreach ([state::ERROR, state::RECOVERABLE_ERROR] as $state) {
                $job->enter($state, ['attempts' => 3, 'timestarted' => 5, 'timeretry' => 9, 'cause' => 'Full.']);
            }
            jobs::queue($job, 1000);
            $this->assertTrue(access::actions($job)[$what]);
            jobs::$what($job);
            $jobs[] = $job;
        }
        $this->assertSame(state::ABORTED, job::get($jobs[0]->id())->status());
        $this->assertFalse($DB->record_exists('local_archivist_job', ['id' => $jobs[1]->id()]));
        $record = job::get($jobs[2]->id())->record();
        $this->assertEquals(
            [state::QUEUED, 0, 0, 0, null],
            [$record->status, $record->attempts, $record->timestarted, $record->timeretry, $record->cause],
        );
        $tasks = $DB->get_records('task_adhoc', ['component' => 'local_archivist']);
        $ids = array_map(fn(\stdClass $task): int => json_decode($task->customdata)->jobid, array_values($tasks));
        $this->assertSame([$jobs[2]->id()], $ids);
        $this->assertLessThanOrEqual(time(), (int) reset($tasks)->nextruntime);
    }

    /**
     * There is no way from one state to another but those in the table.
     */
    public function test_ways(): void {
        $this->folder_store();
        $job = $this->make_job();
        foreach ([state::COMPLETED, state::QUEUED, state::DELETED] as $state) {
            try {
                $job->enter($state);
                $this->fail('It went there.');
            } catch (\coding_exception $e) {
                $this->assertStringContainsString('queued -> ' . state::name($state), $e->getMessage());
            }
        }
        $this->assertSame(state::QUEUED, job::get($job->id())->status());
    }

    /**
     * A run that was killed when all was stored and proven cannot be cancelled any more: the next one completes it.
     */
    public function test_cancel_stored(): void {
        global $DB;
        $store = $this->folder_store();
        $job = $this->make_job();
        $job->enter(state::STORE, ['attempts' => 1]);
        $DB->insert_record('local_archivist_file', [
            'jobid' => $job->id(), 'storeid' => $store->id(), 'storekey' => "x/{$job->record()->uuid}.zip",
            'filename' => 'x.zip', 'format' => 'zip', 'status' => 'stored',
        ]);
        jobs::cancel($job);
        $this->assertSame(state::STORE, job::get($job->id())->status());
        $this->assertSame(state::COMPLETED, (int) $this->run_job($job)->status);
        $this->assertEquals(0, $job->record()->cancelled);
    }

    /**
     * Moodle's backup that a killed run left goes with the job, and with the clean-up task when the job has ended.
     */
    public function test_backup_left_behind(): void {
        $this->folder_store();
        $cancelled = $this->make_job();
        $this->leave_backup($cancelled);
        jobs::cancel($cancelled);
        $this->assertSame([], activity_backup::left_behind());
        $this->leave_backup($cancelled);
        jobs::delete($cancelled);
        $this->assertSame([], activity_backup::left_behind());

        $ended = $this->make_job();
        jobs::cancel($ended);
        $waiting = $this->make_job();
        array_map([$this, 'leave_backup'], [$ended, $waiting]);
        ob_start();
        (new task\cleanup())->execute();
        ob_end_clean();
        $this->assertSame([$waiting->record()->uuid], activity_backup::left_behind());
    }

    /**
     * Leaves what a killed run leaves in the file pool.
     *
     * @param job $job
     */
    private function leave_backup(job $job): void {
        get_file_storage()->create_file_from_string([
            'contextid' => $job->record()->contextid, 'component' => 'backup', 'filearea' => 'activity', 'itemid' => 0,
            'filepath' => '/', 'filename' => "archivist-{$job->record()->uuid}.mbz",
        ], 'backup');
    }

    /**
     * A job is asked for in its course, and when that is gone in the site.
     */
    public function test_context(): void {
        $this->folder_store();
        $job = $this->make_job();
        $this->assertEquals(\context_course::instance($this->course->id), $job->context());
        delete_course($this->course, false);
        $this->assertEquals(\context_system::instance(), $job->context());
    }

    /**
     * The log keeps what the administrator wants to see.
     *
     * @dataProvider levels
     * @param string|null $setting
     * @param int[] $kept
     */
    public function test_log_level(?string $setting, array $kept): void {
        global $DB;
        $this->folder_store();
        if ($setting !== null) {
            set_config('loglevel', $setting, 'local_archivist');
        }
        $job = $this->make_job();
        foreach (range(0, 4) as $level) {
            $job->log($level, 'test', "Level $level.");
        }
        $levels = $DB->get_fieldset_select('local_archivist_log', 'level', "source = 'test' ORDER BY id");
        $this->assertEquals($kept, $levels);
    }

    /**
     * Levels.
     *
     * @return array
     */
    public static function levels(): array {
        return ['default' => [null, [1, 2, 3, 4]], 'debug' => ['0', [0, 1, 2, 3, 4]], 'errors' => ['4', [4]]];
    }
}
