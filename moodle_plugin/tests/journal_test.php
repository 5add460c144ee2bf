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

use archiver_assign\fixtures\scripted_archiver;
use Archivist\EntryList;
use Archivist\Exception\StorageException;
use Archivist\Format;
use Archivist\Retry;
use Archivist\Verifier;
use core\check\result;
use local_archivist\tests\failing_file_system;

defined('MOODLE_INTERNAL') || die();
require_once(__DIR__ . '/fixtures/archive_testcase.php');

/**
 * Tests of jobs that the engine journals: nothing is done twice, and nothing is lost.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \local_archivist\journal
 * @covers     \local_archivist\runner
 * @covers     \local_archivist\copies
 * @covers     \local_archivist\jobs
 * @covers     \local_archivist\task\cleanup
 * @covers     \local_archivist\check\staging
 */
final class journal_test extends fixtures\archive_testcase {
    /** @var int How often something was collected. */
    private int $collections = 0;

    #[\Override]
    protected function setUp(): void {
        parent::setUp();
        set_config('staging', 'stage', 'local_archivist');
        scripted_archiver::$collect = function (): void {
            $this->collections++;
        };
    }

    /**
     * A storage that is away when a job begins: it is packed once, and stored when the storage is back.
     */
    public function test_storage_is_away(): void {
        $this->folder_store();
        $good = $this->folder;
        $this->folder_store();
        $this->assertSame(state::COMPLETED, (int) $this->run_job($this->make_job())->status);
        rename($this->folder, "{$this->folder}.away"); // As if its disk was not mounted.
        $job = $this->make_job();
        $record = $this->run_job($job);
        $this->assertSame([state::RECOVERABLE_ERROR, 2], [(int) $record->status, $this->collections]);
        $this->assertStringContainsString($this->folder, $record->cause);
        $this->assertCount(1, $this->files_in($good));
        $status = (new journal($job))->status();
        $this->assertSame([true, 1], [$status->packaged, $status->attempts]);
        rename("{$this->folder}.away", $this->folder);
        $record = $this->run_job($job);
        $this->assertSame([state::COMPLETED, null, 2], [(int) $record->status, $record->cause, (int) $record->attempts]);
        $this->assertSame(2, $this->collections);
        $this->assert_stored_in_both($job, $status->sha256);
        $this->assertSame([2, 2], [count($this->files_in($good)), count($this->files_in())]);
    }

    /**
     * Of two storages one has the archive and one does not answer: only the other one is stored into again, and nobody
     * takes away meanwhile what is stored. Started again by hand it waits for nothing.
     */
    public function test_one_stored_one_missing(): void {
        $job = $this->half_stored();
        $record = $job->record();
        $this->assertStringContainsString('The pool does not answer.', $record->cause);
        [$path] = $this->files_in();
        $before = [fileinode("{$this->folder}/$path"), hash_file('sha256', "{$this->folder}/$path")];
        $this->assertSame(['writing', 'writing'], array_column($job->files(), 'status'));
        $this->expectOutputString('');
        (new task\cleanup())->execute();
        $this->assertFileExists("{$this->folder}/$path");

        $this->assertSame(state::RECOVERABLE_ERROR, (int) $this->run_job($job)->status); // Still away.
        jobs::retry($job);
        failing_file_system::$down = false;
        $record = $this->run_job($job);
        $this->assertSame([state::COMPLETED, null, 1], [(int) $record->status, $record->cause, (int) $record->attempts]);
        clearstatcache();
        $this->assertSame($before, [fileinode("{$this->folder}/$path"), hash_file('sha256', "{$this->folder}/$path")]);
        $this->assertSame([1, 3], [$this->collections, failing_file_system::$asked]);
        $this->assert_stored_in_both($job, $before[1]);
        $this->assertTrue((new Verifier())->verify("{$this->folder}/$path")->valid);
    }

    /**
     * What could not be collected by the run that packed is named, too, when another one stores.
     */
    public function test_failures_of_an_earlier_run(): void {
        scripted_archiver::$expected = ['text' => [2 => 'Ana']];
        scripted_archiver::$collect = function (package $package): void {
            $this->collections++;
            $package->attempt('Mia', [], fn(): bool => true);
            $package->attempt('Ana', ['text' => [2]], fn() => throw new \RuntimeException('Surprise.'));
        };
        $job = $this->half_stored();
        $this->assertSame([0, null], [(int) $job->record()->failurecount, $job->record()->failures]);
        failing_file_system::$down = false;
        $record = $this->run_job($job);
        $this->assertSame([state::PARTIAL, 1, null], [(int) $record->status, (int) $record->failurecount, $record->collected]);
        $this->assertSame(['Ana'], array_column($job->failures(), 'name'));
        $this->assertSame(2, $this->collections); // Once more, since something was missing; not by the second run.
        jobs::retry($job); // Under a new UUID.
        scripted_archiver::$collect = null;
        scripted_archiver::$expected = [];
        $this->assertSame(state::COMPLETED, (int) $this->run_job($job)->status);
    }

    /**
     * What is packed needs the activity no more: when that is deleted, a storage that does not answer is still named.
     */
    public function test_activity_deleted_between(): void {
        $job = $this->half_stored();
        failing_file_system::$down = false;
        course_delete_module($this->cm->id); // Into the recycle bin, which lies in the pool.
        failing_file_system::$down = true;
        $record = $this->run_job($job);
        $this->assertSame(state::RECOVERABLE_ERROR, (int) $record->status);
        $this->assertStringContainsString('The pool does not answer.', $record->cause);
        failing_file_system::$down = false;
        $this->assertSame(state::COMPLETED, (int) $this->run_job($job)->status);
    }

    /**
     * What waits with something stored and staged is taken back when somebody cancels it.
     */
    public function test_cancelled_between(): void {
        global $DB;
        $job = $this->half_stored();
        $DB->delete_records('task_adhoc');
        jobs::cancel($job);
        $this->assertSame(state::RECOVERABLE_ERROR, $job->status());
        $this->assertSame(1, $DB->count_records('task_adhoc'));
        $this->assertLessThanOrEqual(time(), (int) $DB->get_field('task_adhoc', 'nextruntime', []));
        $record = $this->run_job($job);
        $this->assertSame(state::ABORTED, (int) $record->status);
        $this->assertSame(get_string('cause_cancelled', 'local_archivist'), $record->cause);
        $this->assert_nothing_left($job);
        jobs::retry($job);
        failing_file_system::$down = false;
        $this->assertSame(state::COMPLETED, (int) $this->run_job($job)->status);
    }

    /**
     * A job that waits is deleted with what is stored and staged.
     */
    public function test_deleted_between(): void {
        global $DB;
        $job = $this->half_stored();
        jobs::delete($job);
        $this->assertFalse($DB->record_exists('local_archivist_job', ['id' => $job->id()]));
        $this->assert_nothing_left($job);
    }

    /**
     * What is given up between two attempts is taken back.
     */
    public function test_given_up_between(): void {
        $job = $this->half_stored();
        limits::set_for_test(new Retry(1));
        $this->assertSame(state::FAILURE, (int) $this->run_job($job)->status);
        $this->assert_nothing_left($job);
    }

    /**
     * What cannot be taken back when a job is given up stays known: the clean-up task does it later, or a new beginning.
     */
    public function test_taken_back_later(): void {
        $this->folder_store();
        $this->assertSame(state::COMPLETED, (int) $this->run_job($this->make_job())->status);
        $job = $this->half_stored($this->folder);
        limits::set_for_test(new Retry(1));
        rename($this->folder, "{$this->folder}.away");
        $this->assertSame(state::FAILURE, (int) $this->run_job($job)->status);
        $this->assertCount(2, $job->files());
        $this->expectOutputRegex('/could not be removed/');
        (new task\cleanup())->execute();
        $this->assertCount(2, $job->files());
        rename("{$this->folder}.away", $this->folder);
        jobs::retry($job);
        failing_file_system::$down = false;
        $this->assertSame(state::COMPLETED, (int) $this->run_job($job)->status);
        $this->assertSame(3, $this->collections);
        $this->assertCount(2, $this->files_in());
        $this->assert_no_staging();
    }

    /**
     * The engine has as many attempts as the job: with the last one everything is taken back.
     */
    public function test_attempts(): void {
        limits::set_for_test(new Retry(2, 1));
        $job = $this->half_stored();
        $this->assertSame([1, 1], [(int) $job->record()->attempts, (new journal($job))->status()->attempts]);
        $record = $this->run_job($job);
        $this->assertSame([state::FAILURE, 2], [(int) $record->status, (int) $record->attempts]);
        $this->assertStringContainsString('After 2 attempts', $record->cause);
        $this->assert_nothing_left($job);
    }

    /**
     * A run that is killed when its container is complete: the next one only stores it.
     */
    public function test_killed_when_it_stores(): void {
        if (!function_exists('pcntl_fork') || !function_exists('posix_kill')) {
            $this->markTestSkipped('Killing a run needs the PHP extensions pcntl and posix.');
        }
        $this->folder_store();
        $job = $this->make_job();
        $pid = pcntl_fork();
        if ($pid === 0) {
            \core\event\manager::phpunit_replace_observers([[
                'eventname' => '\local_archivist\event\archive_job_updated',
                'callback' => fn($event) => $event->other['status'] === state::STORE && posix_kill(getmypid(), SIGKILL),
            ]]);
            (new runner($job, null, scripted_archiver::class))->run();
            posix_kill(getmypid(), SIGTERM);
        }
        pcntl_waitpid($pid, $how);
        $this->assertSame(SIGKILL, pcntl_wtermsig($how));
        $job->reload();
        $this->assertSame([state::STORE, 1], [$job->status(), (int) $job->record()->attempts]);
        $status = (new journal($job))->status();
        $this->assertTrue($status->packaged);
        $record = $this->run_job($job);
        $this->assertSame([state::COMPLETED, null, 2], [(int) $record->status, $record->cause, (int) $record->attempts]);
        $this->assertSame([0, $status->sha256], [$this->collections, current($job->files(true))->sha256]);
        $this->assert_no_staging();
    }

    /**
     * A run that is killed when all is stored and the database does not know it: the next one takes that over.
     *
     * @dataProvider ways
     * @param string $way
     */
    public function test_killed_before_it_is_entered(string $way): void {
        set_config('staging', $way, 'local_archivist');
        [$job, $done] = $this->stored_unknown(['cancelled' => 1]);
        $record = $this->run_job($job);
        $this->assertSame([state::COMPLETED, 1, 0], [(int) $record->status, (int) $record->attempts, $this->collections]);
        $files = $job->files(true);
        $this->assertSame([$done->sha256], array_column($files, 'sha256'));
        $this->assertSame(array_column($files, 'storekey'), $this->files_in());
        $this->assert_no_staging();
    }

    /**
     * Ways into the storages.
     *
     * @return array
     */
    public static function ways(): array {
        return ['at once' => ['stream'], 'staged' => ['stage']];
    }

    /**
     * What is proven and could not be entered is neither removed nor made again, whatever goes wrong: it is entered later.
     *
     * @dataProvider mishaps
     * @param string $what
     * @param int $status in which the run leaves the job
     */
    public function test_proven_is_kept(string $what, int $status): void {
        global $DB;
        $this->preventResetByRollback();
        [$job, $done] = $this->stored_unknown();
        $folder = journal::folder() . "/{$job->record()->uuid}";
        if ($what === 'database') { // The database refuses the transaction.
            $job->update(['collected' => json_encode(['number' => 1e30, 'failures' => []])]);
        } else if ($what === 'journal') { // It cannot be opened for a while.
            rename($folder, "$folder.away");
            touch($folder);
        } else {
            engine::set_version_for_test(null);
        }
        $this->assertSame($status, (int) $this->run_job($job)->status);
        if ($what === 'journal') {
            unlink($folder);
            rename("$folder.away", $folder);
        }
        engine::set_version_for_test(false);
        $this->expectOutputRegex($status === state::FAILURE ? '/is stored and checked/' : '/^$/');
        (new task\cleanup())->execute();
        $this->assertCount(1, $this->files_in());
        $this->assertSame(['writing'], array_values(array_column($job->files(), 'status')));
        $job->update(['collected' => null]);
        if ($status !== state::QUEUED) {
            jobs::retry($job);
        } else {
            $this->assertSame(1, $DB->count_records('task_adhoc'));
            $this->assertGreaterThan(time(), (int) $DB->get_field('task_adhoc', 'nextruntime', []));
        }
        $record = $this->run_job($job);
        $this->assertSame([state::COMPLETED, null, 0], [(int) $record->status, $record->cause, $this->collections]);
        $this->assertSame([$done->sha256], array_values(array_column($job->files(true), 'sha256')));
        $this->assertCount(1, $this->files_in());
        $this->assert_no_staging();
    }

    /**
     * What may go wrong when all is stored and the database does not know it.
     *
     * @return array
     */
    public static function mishaps(): array {
        return [
            'the database refuses' => ['database', state::QUEUED],
            'the journal cannot be opened' => ['journal', state::QUEUED],
            'cron has no extension' => ['extension', state::FAILURE],
        ];
    }

    /**
     * Copies that the database did not take all are not taken for entered by the run that goes on.
     *
     * @dataProvider refusals
     * @param array $fields of the job
     */
    public function test_none_is_entered(array $fields): void {
        global $DB;
        $this->preventResetByRollback();
        [$job, $done, $copies] = $this->stored_unknown();
        if (!$fields) { // As if the COMMIT itself failed.
            $outer = $DB->start_delegated_transaction();
            try {
                $DB->start_delegated_transaction()->rollback(new \RuntimeException('Deadlock.'));
            } catch (\RuntimeException $e) {
                $this->assertTrue($DB->is_transaction_started());
            }
        }
        try {
            $copies->confirm($done, $fields);
            $this->fail('The database should have refused that.');
        } catch (\dml_exception $e) {
            $this->assertFalse($DB->is_transaction_started());
        }
        $this->assertSame(['writing'], array_values(array_column($job->files(), 'status')));
        $this->assertFalse(copies::are_proven($job));
        $this->assertSame(state::COMPLETED, (int) $this->run_job($job)->status);
        $this->assertCount(1, $this->files_in());
    }

    /**
     * Where the database refuses.
     *
     * @return array
     */
    public static function refusals(): array {
        return ['an update' => [['failurecount' => 1e30]], 'the COMMIT' => [[]]];
    }

    /**
     * What is proven and cannot be entered goes when somebody cancels the job.
     */
    public function test_proven_is_cancelled(): void {
        $this->preventResetByRollback();
        [$job] = $this->stored_unknown();
        $job->update(['collected' => json_encode(['number' => 1e30, 'failures' => []])]);
        $this->assertSame(state::QUEUED, (int) $this->run_job($job)->status);
        jobs::cancel($job);
        $this->assertSame(state::ABORTED, (int) $this->run_job($job)->status);
        $this->assert_nothing_left($job);
    }

    /**
     * When cron ends after the last step, nothing of it is removed.
     */
    public function test_cron_ends_after_the_last_step(): void {
        [$job] = $this->stored_unknown();
        (new \ReflectionMethod(runner::class, 'put_back'))->invoke(new runner($job));
        $this->assertCount(1, $this->files_in());
        $this->assertSame(state::COMPLETED, (int) $this->run_job($job)->status);
    }

    /**
     * A process that has lost its lock on the job and still works on it is neither disturbed nor counted.
     */
    public function test_somebody_works_on_it(): void {
        global $DB;
        $this->folder_store();
        $job = $this->make_job();
        $journal = new journal($job);
        $entries = (new EntryList())->addCallback('zeros.bin', fn(int $length): string => str_repeat("\0", $length));
        $other = engine::create();
        $other->start($journal->spec(fn(): EntryList => $entries));
        while (!$journal->status()?->running) {
            $other->poll(10);
        }
        $record = $this->run_job($job);
        $this->assertSame([state::QUEUED, 0, 0], [(int) $record->status, (int) $record->attempts, $this->collections]);
        $this->assertSame(1, $DB->count_records('task_adhoc'));
        $other = null;
        $this->assertSame(state::COMPLETED, (int) $this->run_job($job)->status);
    }

    /**
     * A damaged journal ends the job, and nothing is removed; started again by hand it begins anew.
     */
    public function test_damaged(): void {
        $job = $this->half_stored();
        $uuid = $job->record()->uuid;
        $journal = journal::folder() . "/$uuid/journal";
        file_put_contents($journal, str_replace('created', 'creatad', file_get_contents($journal)));
        $record = $this->run_job($job);
        $this->assertSame(state::FAILURE, (int) $record->status);
        $this->assertStringStartsWith('The journal of this job is damaged', $record->cause);
        $this->assertCount(1, $this->files_in());
        $this->assertCount(2, $job->files());
        $found = (new check\staging())->get_result();
        $this->assertSame(result::WARNING, $found->get_status());
        $this->assertStringContainsString($uuid, $found->get_summary());
        $this->expectOutputRegex("/damaged: $uuid/");
        (new task\cleanup())->execute();
        $this->assertCount(1, $this->files_in());
        jobs::retry($job);
        failing_file_system::$down = false;
        $this->assertSame(state::COMPLETED, (int) $this->run_job($job)->status);
        $this->assertSame(2, $this->collections);
        $this->assert_stored_in_both($job, hash_file('sha256', "{$this->folder}/{$this->files_in()[0]}"));
        $this->assertSame(result::OK, (new check\staging())->get_result()->get_status());
    }

    /**
     * A journal that cannot be opened is not taken for none: nothing is removed, and the job stays known.
     */
    public function test_cannot_be_opened(): void {
        $job = $this->half_stored();
        $journal = new journal($job);
        $folder = journal::folder() . "/{$job->record()->uuid}";
        rename($folder, "$folder.away");
        touch($folder, time() - DAYSECS - 1);
        $this->assertTrue($journal->exists());
        foreach ([[$journal, 'status'], [$journal, 'cancel'], [$journal, 'forget'], [new copies($job), 'clear']] as $call) {
            try {
                $call();
                $this->fail('Nobody can know what there is.');
            } catch (StorageException $e) {
                $this->assertStringContainsString('cannot be opened', $e->getMessage());
            }
        }
        $this->assertCount(1, $this->files_in());
        $this->assertCount(2, $job->files());
    }

    /**
     * What does not fit into the staging folder says so before anything is packed.
     */
    public function test_no_room(): void {
        set_config('staginglimitgib', 1, 'local_archivist');
        $this->folder_store();
        scripted_archiver::$collect = function (package $package): void {
            $package->entries->addCallback('Mia/big.bin', fn() => $this->fail('Nothing is read.'), sizeBytes: 2 * 1024 ** 3);
        };
        $job = $this->make_job();
        $record = $this->run_job($job);
        $this->assertSame(state::RECOVERABLE_ERROR, (int) $record->status);
        $this->assertStringContainsString('are left of its limit', $record->cause);
        $this->assertSame([], $this->files_in());
    }

    /**
     * When the activity was deleted meanwhile, no later attempt has anything to pack, and so none is waited for.
     */
    public function test_no_room_and_no_activity(): void {
        global $DB;
        set_config('staginglimitgib', 1, 'local_archivist');
        $this->folder_store();
        scripted_archiver::$collect = function (package $package): void {
            $package->entries->addCallback('Mia/big.bin', fn() => $this->fail('Nothing is read.'), sizeBytes: 2 * 1024 ** 3);
            delete_course($this->course, false);
        };
        $job = $this->make_job();
        $record = $this->run_job($job);
        $gone = get_string('cause_activitygone', 'local_archivist', 'Exam 1');
        $this->assertSame([state::FAILURE, $gone], [(int) $record->status, $record->cause]);
        $log = $DB->get_fieldset('local_archivist_log', 'message', ['jobid' => $job->id(), 'level' => 3]);
        $this->assertCount(1, preg_grep('/^What the job met first.*are left of its limit/', $log));
        $this->assertSame(0, $DB->count_records('task_adhoc', ['component' => 'local_archivist']));
        $this->assert_nothing_left($job);
        $this->assert_no_staging();
    }

    /**
     * The clean-up task removes the folders of jobs that have ended or are gone, and no others.
     */
    public function test_cleanup(): void {
        global $DB;
        $waits = $this->half_stored();
        $ended = $this->make_job();
        $this->run_job($ended);
        (new journal($ended))->take_back(); // As if it could not be done when the job ended.
        $DB->set_field('local_archivist_job', 'status', state::FAILURE, ['id' => $ended->id()]);
        [$old, $new] = [\core\uuid::generate(), \core\uuid::generate()];
        journal::staging()->create($old);
        journal::staging()->create($new);
        touch(journal::folder() . "/$old", time() - DAYSECS - 1);
        $this->expectOutputRegex("/Removed the staging folder of $old/");
        (new task\cleanup())->execute();
        $left = journal::staging()->uuids();
        sort($left);
        $expected = [$waits->record()->uuid, $new];
        sort($expected);
        $this->assertSame($expected, $left);
        $this->assertSame(state::RECOVERABLE_ERROR, (int) $this->run_job($waits)->status);
    }

    /**
     * What has stored something and belongs to no job stays, since nobody else knows what that is, and is told.
     */
    public function test_cleanup_without_a_row(): void {
        global $DB;
        $job = $this->half_stored();
        $uuid = $job->record()->uuid;
        $DB->delete_records('local_archivist_job', ['id' => $job->id()]); // An older state of the database was brought back.
        touch(journal::folder() . "/$uuid", time() - 3 * DAYSECS);
        $this->expectOutputString('');
        (new task\cleanup())->execute();
        $this->assertSame([$uuid], journal::staging()->uuids());
        $found = (new check\staging())->get_result();
        $this->assertSame(result::WARNING, $found->get_status());
        $this->assertStringContainsString($uuid, $found->get_summary());
    }

    /**
     * The clean-up task leaves a job alone that was begun anew after it had looked for ended ones.
     */
    public function test_cleanup_and_a_new_beginning(): void {
        $job = $this->half_stored();
        $before = $job->record();
        $before->status = state::FAILURE; // As it was when it was looked for.
        $cleanup = new task\cleanup();
        $remove = fn(job $job) => (new copies($job))->clear();
        (new \ReflectionMethod($cleanup, 'under_lock'))->invoke($cleanup, $before, 'X', $remove);
        $this->assertCount(1, $this->files_in());
        $this->assertCount(2, $job->files());
    }

    /**
     * A job whose run was killed when all was stored and the database did not know it.
     *
     * @param array $fields of the job
     * @return array the job, what the engine has stored, and the copies that were announced
     */
    private function stored_unknown(array $fields = []): array {
        $store = $this->folder_store();
        $job = $this->make_job();
        $job->enter(state::STORE, ['attempts' => 1] + $fields);
        $copies = new copies($job);
        $copies->announce([$store], Format::Zip, 'x');
        $package = new package(new EntryList());
        $package->add_text('Mia/essay.txt', 'To be.');
        $done = engine::create()->start((new journal($job))->spec(fn(): EntryList => $package->entries))->wait();
        return [$job, $done, $copies];
    }

    /**
     * A job of which one of two storages has the archive.
     *
     * @param string|null $path of the one that has it, if that is there already
     * @return job
     */
    private function half_stored(?string $path = null): job {
        $path ?? $this->folder_store();
        $this->make_store('moodledata');
        failing_file_system::install();
        failing_file_system::$down = true;
        $job = $this->make_job();
        $this->assertSame(state::RECOVERABLE_ERROR, (int) $this->run_job($job)->status);
        $targets = (new journal($job))->status()->targets;
        $this->assertSame([true, false], array_column($targets, 'stored'));
        return $job;
    }

    /**
     * The same archive is entered as stored in both storages, and nothing else is left.
     *
     * @param job $job
     * @param string $sha256
     */
    private function assert_stored_in_both(job $job, string $sha256): void {
        $this->assertSame([$sha256, $sha256], array_column($job->files(true), 'sha256'));
        $this->assertCount(2, $job->files());
        $this->assert_no_staging();
    }

    /**
     * No archive, no part of one, and no row of one.
     *
     * @param job $job
     */
    private function assert_nothing_left(job $job): void {
        global $DB;
        $this->assertSame([], $this->files_in());
        $this->assertSame([], $job->files());
        $this->assertFalse($DB->record_exists_select('files', "component = 'archivestore_moodledata' AND filename <> '.'"));
        $this->assert_no_staging();
    }

    /**
     * Nothing is in the staging folder.
     */
    private function assert_no_staging(): void {
        $this->assertSame([], journal::staging()->uuids());
    }
}
