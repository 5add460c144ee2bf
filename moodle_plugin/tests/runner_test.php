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
use Archivist\Exception\StateException;
use Archivist\Exception\StorageException;
use Archivist\Exception\TimeoutException;
use Archivist\Limits as native_limits;
use Archivist\Retry;
use Archivist\Verifier;
use local_archivist\tests\failing_file_system;
use local_archivist\tests\german;

defined('MOODLE_INTERNAL') || die();
require_once(__DIR__ . '/fixtures/archive_testcase.php');

/**
 * Tests of a run of a job: what it makes, and what is left of it when something goes wrong.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \local_archivist\runner
 * @covers     \local_archivist\copies
 * @covers     \local_archivist\collection
 * @covers     \local_archivist\language
 * @covers     \local_archivist\task_record
 */
final class runner_test extends fixtures\archive_testcase {
    /**
     * A job ends with the same proven bytes in every storage, and with its events.
     */
    public function test_completes(): void {
        global $DB;
        $this->folder_store();
        $pool = $this->make_store('moodledata');
        $job = $this->make_job();
        $sink = $this->redirectEvents();
        $record = $this->run_job($job);
        $this->assertSame([state::COMPLETED, null], [(int) $record->status, $record->cause]);
        $this->assertEquals([1, 1, 21, 21], [$record->entriesdone, $record->entriestotal, $record->bytesdone, $record->bytestotal]);
        $files = array_values($job->files(true));
        $this->assertCount(2, $files);
        $key = substr($record->uuid, -2) . "/{$record->uuid}.zip";
        $this->assertSame([$key, $key], array_column($files, 'storekey'));
        $path = "{$this->folder}/$key";
        $this->assertSame(hash_file('sha256', $path), $files[0]->sha256);
        $this->assertSame(file_get_contents($path), stream_get_contents($pool->open($key)));
        $report = (new Verifier())->verify($path);
        $this->assertTrue($report->valid);
        $this->assertSame([$record->uuid, 1], [$report->uuid, $report->payloadFiles]);
        $this->assertSame('EX – Exam 1 – ' . gmdate('Y-m-d', (int) $record->timecreated) . '.zip', $files[0]->filename);
        $names = array_map(fn($event): string => $event->eventname, $sink->get_events());
        foreach (
            [
                '\archiver_assign\event\task_created', '\archiver_assign\event\task_updated',
                '\archiver_assign\event\task_completed',
                '\archivestore_filesystem\event\write_task_created', '\archivestore_moodledata\event\write_task_completed',
                '\local_archivist\event\archive_job_updated', '\local_archivist\event\archive_job_completed',
            ] as $name
        ) {
            $this->assertContains($name, $names);
        }
        $ends = array_count_values(preg_grep('/_completed$/', $names));
        $this->assertSame([1], array_values(array_unique($ends)), 'each task and the job end once');
        $this->assertSame(3, $DB->count_records('local_archivist_task', ['jobid' => $job->id(), 'status' => 'completed']));
        $this->assertFalse((new runner($job))->run()); // Ended is ended.
    }

    /**
     * The index of an archive is in the language of the site, as the pages beside it are, whoever runs the job.
     *
     * @dataProvider languages
     * @param string $site
     * @param string $index
     */
    public function test_language_of_the_index(string $site, string $index): void {
        global $CFG;
        $this->folder_store();
        german::install();
        german::install('de_du', 'de');
        german::install('fr');
        $CFG->lang = $site;
        $spoken = '';
        scripted_archiver::$collect = function () use (&$spoken): void {
            $spoken = get_string('archives', 'local_archivist');
        };
        $record = $this->run_job($this->make_job());
        $zip = new \ZipArchive();
        $zip->open("{$this->folder}/" . substr($record->uuid, -2) . "/{$record->uuid}.zip");
        $found = $zip->locateName('index.html', \ZipArchive::FL_NODIR);
        $words = ['en' => ['Archives', 'Content'], 'de' => ['Archive', 'Inhalt']][$index];
        $this->assertSame($words[0], $spoken);
        $page = $zip->getFromIndex($found);
        $this->assertStringContainsString("<html lang=\"$index\">", $page);
        $this->assertStringContainsString($words[1], $page);
    }

    /**
     * Languages of a site, and the one that the engine has for them.
     *
     * @return array
     */
    public static function languages(): array {
        return [
            'English' => ['en', 'en'], 'German' => ['de', 'de'], 'a kind of German' => ['de_du', 'de'],
            'a language without words' => ['fr', 'en'], 'a language without a pack' => ['nl', 'en'],
        ];
    }

    /**
     * A temporary folder that cannot be used ends the job with a sentence.
     */
    public function test_workspace_refused(): void {
        $this->folder_store();
        $job = $this->make_job();
        $before = getenv('TMPDIR');
        putenv('TMPDIR=/proc/none');
        try {
            $record = $this->run_job($job);
        } finally {
            putenv($before === false ? 'TMPDIR' : "TMPDIR=$before");
        }
        $this->assertSame(state::FAILURE, (int) $record->status);
        $this->assertStringContainsString('/proc/none', $record->cause);
    }

    /**
     * Progress reaches the caller and the database.
     */
    public function test_progress(): void {
        $this->folder_store();
        $seen = [];
        $this->scripted_bytes(64);
        $this->run_job($this->make_job(), function (float $fraction, string $message) use (&$seen): void {
            $seen[] = $fraction;
        });
        $this->assertNotEmpty($seen);
        $this->assertGreaterThanOrEqual(0.0, min($seen));
        $this->assertLessThanOrEqual(1.0, max($seen));
    }

    /**
     * What is cancelled while it runs ends soon and leaves nothing.
     */
    public function test_cancelled_while_running(): void {
        global $DB;
        $this->folder_store();
        $job = $this->make_job();
        $this->scripted_bytes(16384, fn() => $DB->set_field('local_archivist_job', 'cancelled', 1, ['id' => $job->id()]));
        $record = $this->run_job($job);
        $this->assertSame(state::ABORTED, (int) $record->status);
        $this->assertSame(get_string('cause_cancelled', 'local_archivist'), $record->cause);
        $this->assert_nothing_left($job);
        $this->assertSame(2, $DB->count_records('local_archivist_task', ['jobid' => $job->id(), 'status' => 'aborted']));
    }

    /**
     * What is handed in while it is collected does not make an archive incomplete: it is collected once more.
     */
    public function test_changed_while_collecting(): void {
        $this->folder_store();
        $collections = 0;
        scripted_archiver::$collect = function (package $package) use (&$collections): void {
            if (++$collections > 1) {
                $package->count('submission', 7);
            }
            scripted_archiver::$expected = ['submission' => [7 => 'Mia']]; // In the database from now on.
        };
        $job = $this->make_job();
        $record = $this->run_job($job);
        $this->assertSame([state::COMPLETED, null, 2], [(int) $record->status, $record->cause, $collections]);
        $this->assertSame(['{"submission":1}', '{"submission":1}'], [$record->expected, $record->archived]);
        $this->assertEquals(1, $record->entriestotal); // Nothing is twice in it.

        scripted_archiver::$collect = function () use (&$collections): void {
            $collections++;
        };
        $collections = 0;
        $record = $this->run_job($this->make_job());
        $this->assertSame([state::FAILURE, 3], [(int) $record->status, $collections]);
    }

    /**
     * A job that is run already is left alone.
     */
    public function test_twice_at_once(): void {
        $this->folder_store();
        $job = $this->make_job();
        $lock = jobs::lock($job);
        $this->assertFalse((new runner(job::get($job->id())))->run());
        $lock->release();
        $this->assertSame(state::COMPLETED, (int) $this->run_job($job)->status);
    }

    /**
     * A run that was killed when it had announced what it would store is made good by the next one: nothing is doubled.
     */
    public function test_killed_before_storing(): void {
        global $DB;
        $store = $this->folder_store();
        $job = $this->make_job();
        $job->enter(state::STORE, ['attempts' => 1]);
        $key = $this->leave_behind($job, $store, 'writing');
        task_record::create($job, 'archivestore_filesystem', 'write', 'a', 'b')->start();
        $record = $this->run_job($job);
        $this->assertSame([state::COMPLETED, 1], [(int) $record->status, (int) $record->attempts]); // The engine knew of none.
        $this->assertCount(1, $job->files());
        $this->assertTrue((new Verifier())->verify("{$this->folder}/$key")->valid);
        $this->assertSame(1, $DB->count_records('local_archivist_task', ['jobid' => $job->id(), 'status' => 'aborted']));
        $this->assertSame(0, $DB->count_records('local_archivist_task', ['jobid' => $job->id(), 'status' => 'running']));
    }

    /**
     * A run that was killed when all was proven is completed; nothing is written again.
     */
    public function test_killed_after_proof(): void {
        $store = $this->folder_store();
        $job = $this->make_job();
        $job->enter(state::STORE, ['attempts' => 1]);
        $key = $this->leave_behind($job, $store, 'stored', 'proven');
        scripted_archiver::$collect = fn() => $this->fail('It must not be collected again.');
        $this->assertSame(state::COMPLETED, (int) $this->run_job($job)->status);
        $this->assertSame('proven', file_get_contents("{$this->folder}/$key"));
    }

    /**
     * A job that is killed again and again is given up.
     */
    public function test_attempts_are_bounded(): void {
        if (!function_exists('pcntl_fork') || !function_exists('posix_kill')) {
            $this->markTestSkipped('Killing a run needs the PHP extensions pcntl and posix.');
        }
        $this->folder_store();
        $job = $this->make_job();
        $pid = pcntl_fork();
        if ($pid === 0) {
            scripted_archiver::$collect = fn() => posix_kill(getmypid(), SIGKILL);
            (new runner($job, null, scripted_archiver::class))->run();
            posix_kill(getmypid(), SIGTERM);
        }
        pcntl_waitpid($pid, $how);
        $this->assertSame(SIGKILL, pcntl_wtermsig($how));
        $job->reload();
        $this->assertSame([state::PRE_PROCESSING, 1], [$job->status(), (int) $job->record()->attempts]);
        limits::set_for_test(new Retry(1));
        scripted_archiver::$collect = fn() => $this->fail('It must not be collected again.');
        $record = $this->run_job($job);
        $this->assertSame([state::FAILURE, 1], [(int) $record->status, (int) $record->attempts]);
        $this->assertStringContainsString('was begun 1 times', $record->cause);
        $this->assert_nothing_left($job);
    }

    /**
     * What cannot be removed is named, and one thing that cannot does not keep the others.
     */
    public function test_something_stays(): void {
        failing_file_system::install();
        $store = $this->folder_store();
        $job = $this->make_job();
        $job->enter(state::ERROR_HANDLING, ['cause' => 'The disk is full.']);
        $this->leave_behind($job, $store, 'writing', 'half');
        get_file_storage()->create_file_from_string([
            'contextid' => $job->record()->contextid, 'component' => 'backup', 'filearea' => 'activity', 'itemid' => 0,
            'filepath' => '/', 'filename' => "archivist-{$job->record()->uuid}.mbz",
        ], 'a backup');
        failing_file_system::$error = new \file_exception('storedfileproblem', 'Broken disk');
        $cause = $this->run_job($job)->cause;
        $this->assertStringStartsWith('The disk is full.', $cause);
        $this->assertStringContainsString('could not be removed yet', $cause);
        $this->assertStringContainsString('Broken disk', $cause);
        $this->assertSame([], $job->files());
    }

    /**
     * What lies under the key and is no work of the engine for this job is neither overwritten nor removed, whether the job
     * was about to use that key or not.
     *
     * @dataProvider announcements
     * @param bool $announced
     */
    public function test_key_is_taken(bool $announced): void {
        global $DB;
        $store = $this->folder_store();
        $job = $this->make_job();
        $key = $this->leave_behind($job, $store, 'writing', 'from before the database was restored');
        $announced || $DB->delete_records('local_archivist_file');
        $record = $this->run_job($job);
        $this->assertSame(state::FAILURE, (int) $record->status);
        $found = stores::named("file://{$this->folder}/$key", [$store->id()]);
        $this->assertStringContainsString('"Storage filesystem"', $found);
        $this->assertStringStartsWith(get_string('cause_taken', 'local_archivist', $found), $record->cause);
        $this->assertSame('from before the database was restored', file_get_contents("{$this->folder}/$key"));
        $this->assertSame([], $job->files());
        $DB->insert_record('local_archivist_file', ['jobid' => $job->id(), 'storeid' => $store->id(), 'storekey' => $key,
            'filename' => 'x.zip', 'format' => 'zip', 'status' => 'writing']);
        jobs::delete($job);
        $this->assertFileExists("{$this->folder}/$key");
    }

    /**
     * Whether a run had announced what it would store.
     *
     * @return array
     */
    public static function announcements(): array {
        return ['it was unknown' => [false], 'it was announced' => [true]];
    }

    /**
     * When one of two storages fails, nothing stays in the other; after it was mended the same job succeeds.
     */
    public function test_one_storage_fails_then_retry(): void {
        $this->folder_store();
        $good = $this->folder;
        $blocked = make_request_directory() . '/file';
        file_put_contents($blocked, 'not a folder');
        $this->folder_store("$blocked/below");
        limits::set_for_test(new Retry(1)); // The disk may be mounted there a moment later.
        $job = $this->make_job();
        $record = $this->run_job($job);
        $this->assertSame(state::FAILURE, (int) $record->status);
        $this->assertStringContainsString($blocked, $record->cause);
        $this->assertSame([], array_filter($this->files_in($good), fn(string $name): bool => str_contains($name, '.zip')));
        $this->assertSame([], $job->files());
        unlink($blocked);
        mkdir($blocked);
        jobs::retry($job);
        $again = $this->run_job($job);
        $this->assertSame([state::COMPLETED, $record->uuid, null], [(int) $again->status, $again->uuid, $again->cause]);
        $this->assertCount(2, $job->files(true));
    }

    /**
     * Errors that end a job: each with its sentence, and nothing is left.
     *
     * @dataProvider failures
     * @param string $what which error
     * @param string $cause key of the sentence
     * @param mixed $a its parameter
     */
    public function test_failures(string $what, string $cause, mixed $a = null): void {
        global $DB;
        $store = $this->folder_store();
        $job = $this->make_job();
        match ($what) {
            'extension' => engine::set_version_for_test(null),
            'store' => $DB->set_field('local_archivist_store', 'enabled', 0, ['id' => $store->id()]),
            'storegone' => $DB->delete_records('local_archivist_store', ['id' => $store->id()]),
            'activity' => course_delete_module($this->cm->id),
            'course' => delete_course($this->course, false),
            'filemissing' => $this->scripted_file(null, true),
            'nothing' => scripted_archiver::$collect = fn(package $package) => $package->attempt(
                'Mia',
                [],
                fn() => throw new \moodle_exception('generalexceptionmessage', 'error', '', 'Surprise.'),
            ),
            'toomuch' => scripted_archiver::$collect = function (package $package): void {
                for ($i = 0; $i <= 1000; $i++) {
                    $package->attempt("Item $i", [], fn() => true);
                    $package->fail('file', $i, "Item $i", 'Gone.');
                }
            },
            'incomplete' => scripted_archiver::$expected = ['submission' => [7 => 'Mia (s0100)']],
            'unexpected' => scripted_archiver::$collect = fn() => throw new \RuntimeException('Surprise.'),
            'pluginsentence' => scripted_archiver::$collect
                = fn() => throw new \moodle_exception('error_unreadable', 'archivestore_filesystem', '', 'X'),
        };
        $record = $this->run_job($job);
        $this->assertSame(state::FAILURE, (int) $record->status);
        $a = $what === 'storegone' ? $store->id() : $a;
        $component = $what === 'pluginsentence' ? 'archivestore_filesystem' : 'local_archivist';
        $sentence = get_string($cause, $component, is_array($a) ? (object) $a : $a);
        $this->assertStringStartsWith(strstr($sentence, '…', true) ?: $sentence, $record->cause); // The engine says which file.
        $this->assert_nothing_left($job);
        $this->assertSame(0, $DB->count_records_select('local_archivist_task', "status IN ('created', 'running')"));
    }

    /**
     * Errors and their sentences.
     *
     * @return array
     */
    public static function failures(): array {
        return [
            'no extension in cron' => ['extension', 'engine_missing', engine::REQUIRED],
            'the storage was disabled' => ['store', 'error_storedisabled', 'Storage filesystem'],
            'the storage is gone' => ['storegone', 'error_storegone'],
            'the activity was deleted' => ['activity', 'cause_activitygone', 'Exam 1'],
            'the course was deleted' => ['course', 'cause_activitygone', 'Exam 1'],
            'a file is missing in the pool' => ['filemissing', 'error_filemissing', 'Mia/big.bin'],
            'nothing could be collected' => ['nothing', 'cause_failures', ['number' => 1, 'names' => 'Mia: …']],
            'too much could not be collected' => ['toomuch', 'cause_failures', ['number' => 1001,
                'names' => 'Item 0: Gone. Item 1: Gone. Item 2: Gone. …']],
            'not all was collected' => ['incomplete', 'cause_incomplete', ['number' => 1, 'names' => 'submission 7: Mia (s0100)']],
            'something unexpected' => ['unexpected', 'cause_unexpected', 'Surprise.'],
            'a sentence of a sub-plugin' => ['pluginsentence', 'error_unreadable', 'X'],
        ];
    }

    /**
     * One item that cannot be collected, and one that cannot be read any more when it is packed, cost only themselves: the
     * job ends as incomplete, with their names. The next archive has another UUID; the first one goes when that is complete.
     */
    public function test_partial(): void {
        $this->folder_store();
        $job = $this->make_job(['backup' => true]);
        $this->script_partial();
        $sink = $this->redirectEvents();
        $first = $this->run_job($job);
        $this->assertSame([state::PARTIAL, 2, 1.0], [(int) $first->status, (int) $first->failurecount, $job->fraction()]);
        $this->assertStringContainsString('archive: 2;', $first->cause);
        $failures = $job->failures();
        $this->assertSame(['Ana', 'Mia/big.bin'], array_column($failures, 'name'));
        $this->assertStringStartsWith('An unexpected error happened: Surprise.', $failures[0]['cause']);
        $this->assertStringContainsString($failures[1]['cause'], $first->cause);
        $this->assertSame(['{"text":2}', '{"text":1}'], [$first->expected, $first->archived]);
        $names = array_map(fn($event): string => $event->eventname, $sink->get_events());
        $this->assertContains('\local_archivist\event\archive_job_failed', $names);
        $this->assertNotContains('\local_archivist\event\archive_job_completed', $names);
        $this->assertSame(['Mia/essay.txt', 'backup/activity.mbz', 'one.txt'], $this->names_in(current($job->files(true))));
        $overview = new overview($this->course);
        $activity = $overview->activities()[$this->cm->id];
        $this->assertSame([activity::PARTIAL, null], [$activity->state, $activity->archived]);

        jobs::retry($job); // As bad as before: both stay.
        $this->assertNotSame($first->uuid, $job->record()->uuid);
        $second = $this->run_job($job);
        $this->assertSame(state::PARTIAL, (int) $second->status);
        $this->assertCount(2, $job->files(true));

        jobs::retry($job); // Worse: nothing is lost.
        scripted_archiver::$collect = fn() => throw new \RuntimeException('Surprise.');
        $record = $this->run_job($job);
        $this->assertSame([state::PARTIAL, 2], [(int) $record->status, (int) $record->failurecount]);
        $kept = get_string('cause_partialkept', 'local_archivist', get_string('cause_unexpected', 'local_archivist', 'Surprise.'));
        $this->assertSame($kept, $record->cause);
        $this->assertCount(2, $job->files(true));

        jobs::retry($job); // Cancelled: the same.
        jobs::cancel($job);
        $this->assertSame([state::PARTIAL, $record->uuid], [$job->status(), $job->record()->uuid]);
        $third = $record->uuid;

        jobs::retry($job);
        scripted_archiver::$expected = [];
        scripted_archiver::$collect = null;
        $last = $this->run_job($job);
        $this->assertSame([state::COMPLETED, null, 0, null, $third], [
            (int) $last->status, $last->cause, (int) $last->failurecount, $last->failures, $last->uuid,
        ]);
        $files = $job->files(true);
        $this->assertStringContainsString($third, current($files)->storekey);
        $this->assertSame([current($files)->storekey], $this->files_in());
        $this->assertSame(2, count($job->files()) - count($files)); // It stays known that there were others.
    }

    /**
     * A run that was killed between the proof and the end of an incomplete job ends as incomplete, too.
     */
    public function test_killed_after_partial_proof(): void {
        $store = $this->folder_store();
        $job = $this->make_job();
        $failures = json_encode([['name' => 'Ana', 'cause' => 'Gone.']]);
        $job->enter(state::STORE, ['attempts' => 1, 'failurecount' => 1, 'failures' => $failures]);
        $this->leave_behind($job, $store, 'stored', 'proven');
        $this->assertSame(state::PARTIAL, (int) $this->run_job($job)->status);
        $this->assertStringContainsString('Ana: Gone.', $job->record()->cause);
    }

    /**
     * When the course is deleted while it is archived, what was read before is kept, and named as what it is.
     */
    public function test_course_deleted_meanwhile(): void {
        $this->folder_store();
        $job = $this->make_job();
        $this->scripted_file(fn() => delete_course($this->course, false));
        $record = $this->run_job($job);
        $this->assertSame(state::PARTIAL, (int) $record->status);
        $told = (object) ['number' => 1, 'names' => $job->failures()[0]['cause']];
        $this->assertStringContainsString("'Mia/big.bin'", $told->names);
        $this->assertSame(get_string('cause_partialgone', 'local_archivist', $told), $record->cause);
    }

    /**
     * An incomplete archive that cannot be deleted when a complete one is proven goes with the clean-up task.
     */
    public function test_superseded_later(): void {
        global $DB;
        $store = $this->folder_store();
        $job = $this->make_job();
        $this->leave_behind($job, $store, 'stored', 'old');
        $job->update(['uuid' => \core\uuid::generate()]);
        $DB->insert_record('local_archivist_store', ['plugin' => 'gone', 'name' => 'x'] + (array) $DB->get_record(
            'local_archivist_store',
            ['id' => $store->id()],
        ));
        $other = $DB->get_field_sql('SELECT MAX(id) FROM {local_archivist_store}');
        $DB->set_field('local_archivist_file', 'storeid', $other, []);
        $this->assertSame(state::COMPLETED, (int) $this->run_job($job)->status);
        $this->assertCount(2, $job->files(true));
        $DB->set_field('local_archivist_file', 'storeid', $store->id(), ['storeid' => $other]);
        $this->expectOutputString('');
        (new task\cleanup())->execute();
        $this->assertCount(1, $job->files(true));
        $this->assertCount(1, $this->files_in());
    }

    /**
     * When cron is asked to end, the job waits for the next cron and loses no attempt.
     */
    public function test_cron_ends(): void {
        global $DB;
        $this->folder_store();
        $job = $this->make_job();
        $flag = new \ReflectionProperty(\core\local\cli\shutdown::class, 'cligracefulexit');
        $this->scripted_bytes(16384, fn() => $flag->setValue(null, true));
        try {
            $record = $this->run_job($job);
        } finally {
            $flag->setValue(null, false);
        }
        $this->assertSame([state::QUEUED, 0], [(int) $record->status, (int) $record->attempts]);
        $this->assertSame(1, $DB->count_records('task_adhoc', ['classname' => '\local_archivist\task\run_job']));
        $this->assert_goes_on($job, 0);
        scripted_archiver::$collect = null;
        $this->assertSame(state::COMPLETED, (int) $this->run_job($job)->status);
    }

    /**
     * An error that may pass is tried again when the engine says, and as often. A task that comes too early runs nothing.
     */
    public function test_passing_errors_are_retried(): void {
        global $DB;
        $this->folder_store();
        limits::set_for_test();
        $job = $this->make_job();
        $tries = 0;
        $error = $this->script_passing_error(function () use (&$tries): void {
            $tries++;
        });
        $record = $this->run_job($job);
        $this->assertSame([state::RECOVERABLE_ERROR, 1], [(int) $record->status, (int) $record->attempts]);
        $this->assertEqualsWithDelta(time() + 60, (int) $record->timeretry, 30);
        $this->assertSame((new journal($job))->status()->retryAt, (int) $record->timeretry);
        foreach ([1, 2] as $early) {
            $this->assertEqualsWithDelta($record->timeretry, $DB->get_field('task_adhoc', 'nextruntime', []), 2);
            $DB->delete_records('task_adhoc');
            $record = $this->run_job($job);
            $this->assertSame([state::RECOVERABLE_ERROR, 1], [(int) $record->status, (int) $record->attempts]);
        }
        $this->assertSame(1, $tries);
        jobs::retry($job); // By hand nobody waits, and all attempts are before it.
        $this->assertSame([0, 0], [(int) $job->record()->attempts, (new journal($job))->status()->attempts]);
        limits::set_for_test(new Retry(delayMs: 1));
        for ($i = 1; $i < 5; $i++) {
            $record = $this->run_job($job);
            $this->assertSame([state::RECOVERABLE_ERROR, $i], [(int) $record->status, (int) $record->attempts]);
        }
        $DB->delete_records('task_adhoc');
        $record = $this->run_job($job);
        $sentence = get_string('cause_storage', 'local_archivist', stores::named(
            $error->getMessage(),
            array_keys(stores::all()),
        ));
        $this->assertSame([state::FAILURE, $sentence, 6], [(int) $record->status, $record->cause, $tries]);
        $this->assertSame(0, $DB->count_records('task_adhoc'));
    }

    /**
     * What a disk, the database or another process has caused may pass; what says the same each time may not.
     *
     * @dataProvider passing_errors
     * @param callable $make the error
     * @param bool $passes
     * @param string $cause what the job says
     */
    public function test_which_errors_pass(callable $make, bool $passes, string $cause): void {
        $this->folder_store();
        $job = $this->make_job();
        scripted_archiver::$collect = fn() => throw $make();
        $record = $this->run_job($job);
        $this->assertSame($passes ? state::RECOVERABLE_ERROR : state::FAILURE, (int) $record->status);
        $this->assertStringContainsString($cause, $record->cause);
        scripted_archiver::$collect = null;
        $passes ? $this->assertSame(state::COMPLETED, (int) $this->run_job($job)->status) : $this->assert_nothing_left($job);
    }

    /**
     * Errors that may pass, and others.
     *
     * @return array
     */
    public static function passing_errors(): array {
        return [
            'deadlock' => [fn() => new \dml_write_exception('Deadlock found'), true, 'Moodle\'s database did not answer'],
            'lock timeout' => [fn() => new \dml_read_exception('Lock wait timeout exceeded'), true, 'Lock wait timeout exceeded'],
            'below' => [fn() => new \RuntimeException('Surprise.', 0, new \dml_read_exception('Gone away')), true, 'Surprise.'],
            'no record' => [fn() => new \dml_missing_record_exception('user'), false, 'unexpected'],
            'I/O error' => [fn() => new StorageException('Broken.', \Archivist\E_IO), true, 'Broken.'],
            'no space' => [fn() => new StorageException('Full.', \Archivist\E_NOSPACE), true, 'Full.'],
            'system error' => [fn() => new StorageException('Refused.', \Archivist\E_SYSTEM), true, 'Refused.'],
            'timeout' => [fn() => new TimeoutException('Slow.', \Archivist\E_TIMEOUT), true, 'Slow.'],
            'state' => [fn() => new StateException('Held.', \Archivist\E_STATE), false, 'Held.'],
            'no permission' => [fn() => new StorageException('Forbidden.', \Archivist\E_ACCESS), false, 'Forbidden.'],
        ];
    }

    /**
     * What goes wrong because the activity is deleted meanwhile is named as that; what it was stands in the log.
     */
    public function test_activity_deleted_meanwhile(): void {
        global $DB;
        $this->folder_store();
        $job = $this->make_job();
        scripted_archiver::$collect = function (): void {
            course_delete_module($this->cm->id);
            throw new \RuntimeException('Surprise.');
        };
        $gone = get_string('cause_activitygone', 'local_archivist', 'Exam 1');
        $this->assertSame($gone, $this->run_job($job)->cause);
        $first = get_string('cause_unexpected', 'local_archivist', 'Surprise.');
        $warnings = $DB->get_fieldset('local_archivist_log', 'message', ['jobid' => $job->id(), 'level' => 3]);
        $this->assertContains(get_string('log_replaced', 'local_archivist', $first), $warnings);
    }

    /**
     * When the activity is gone and nothing is packed, no later attempt can archive it: the job ends at once, whatever it was.
     *
     * @dataProvider errors_that_pass
     * @param callable $make the error
     */
    public function test_no_attempt_without_the_activity(callable $make): void {
        global $DB;
        $this->folder_store();
        $job = $this->make_job();
        scripted_archiver::$collect = function () use ($make): void {
            delete_course($this->course, false);
            throw $make();
        };
        $record = $this->run_job($job);
        $gone = get_string('cause_activitygone', 'local_archivist', 'Exam 1');
        $this->assertSame([state::FAILURE, $gone, 1], [(int) $record->status, $record->cause, (int) $record->attempts]);
        $this->assertSame(0, $DB->count_records('task_adhoc', ['component' => 'local_archivist']));
        $this->assert_nothing_left($job);
    }

    /**
     * Errors after which a job is tried again.
     *
     * @return array
     */
    public static function errors_that_pass(): array {
        return array_filter(self::passing_errors(), fn(array $case): bool => $case[1]);
    }

    /**
     * Only an activity that is gone is said to be.
     */
    public function test_activity_that_cannot_be_read(): void {
        global $DB;
        $this->folder_store();
        $job = $this->make_job();
        $DB->set_field('course_modules', 'instance', 0, ['id' => $this->cm->id]);
        rebuild_course_cache($this->course->id);
        $cause = $this->run_job($job)->cause;
        $this->assertStringNotContainsString('deleted', $cause);
        $this->assertStringContainsString(get_string('invalidcoursemoduleid', 'error', $this->cm->id), $cause);
    }

    /**
     * How often a job is begun is a setting.
     */
    public function test_attempts(): void {
        limits::set_for_test(new Retry(2, 1));
        $this->folder_store();
        $job = $this->make_job();
        $this->script_passing_error();
        $this->assertSame(state::RECOVERABLE_ERROR, (int) $this->run_job($job)->status);
        $record = $this->run_job($job);
        $this->assertSame([state::FAILURE, 2], [(int) $record->status, (int) $record->attempts]);
    }

    /**
     * States that pass within a moment have no event, and none has two.
     */
    public function test_events_of_a_failure(): void {
        limits::set_for_test(new Retry(2, 1));
        $this->folder_store();
        $job = $this->make_job();
        $this->script_passing_error();
        $sink = $this->redirectEvents();
        $this->run_job($job);
        $this->run_job($job);
        $ends = array_filter($sink->get_events(), fn($event): bool => str_ends_with($event->eventname, 'task_failed'));
        $this->assertCount(2, $ends);
        $events = array_filter($sink->get_events(), fn($event): bool => $event instanceof event\job_base);
        $this->assertSame([
            'archive_job_updated preprocessing', 'archive_job_updated recoverable',
            'archive_job_updated queued', 'archive_job_updated preprocessing', 'archive_job_failed failure',
        ], array_values(array_map(
            fn($event): string => substr(strrchr($event->eventname, '\\'), 1) . ' ' . state::name($event->other['status']),
            $events,
        )));
    }

    /**
     * A cancel request that comes while an error is dealt with is not forgotten until the next attempt.
     */
    public function test_cancelled_while_it_fails(): void {
        global $DB;
        $this->folder_store();
        $job = $this->make_job();
        $this->script_passing_error(fn() => $DB->set_field('local_archivist_job', 'cancelled', 1, ['id' => $job->id()]));
        $this->assertSame(state::ABORTED, (int) $this->run_job($job)->status);
        $this->assertSame(0, $DB->count_records('task_adhoc'));
    }

    /**
     * A cancel request that comes when an error is dealt with, and gets no lock, does not wait as long as the job would.
     */
    public function test_cancelled_when_it_is_about_to_wait(): void {
        global $DB;
        $this->folder_store();
        $job = $this->make_job();
        $this->script_passing_error();
        \core\event\manager::phpunit_replace_observers([[
            'eventname' => '\local_archivist\event\archive_job_updated',
            'callback' => function ($event) use ($job): void {
                if ($event->other['status'] === state::RECOVERABLE_ERROR) {
                    jobs::cancel(job::get($job->id()));
                }
            },
        ]]);
        try {
            $this->assertSame(state::RECOVERABLE_ERROR, (int) $this->run_job($job)->status);
        } finally {
            \core\event\manager::phpunit_reset();
        }
        $this->assertSame(1, $DB->count_records('task_adhoc'));
        $this->assertLessThanOrEqual(time(), (int) $DB->get_field('task_adhoc', 'nextruntime', []));
        $this->assertSame(state::ABORTED, (int) $this->run_job($job)->status);
    }

    /**
     * A run that was killed while it dealt with an error: what was being given up is given up, everything else is tried again.
     *
     * @dataProvider errors
     * @param int[] $states that the job went through
     * @param bool $cancelled
     * @param int $end
     */
    public function test_killed_in_an_error(array $states, bool $cancelled, int $end): void {
        $store = $this->folder_store();
        $job = $this->make_job();
        $job->enter(state::PRE_PROCESSING, ['attempts' => 1, 'cancelled' => (int) $cancelled]);
        foreach ($states as $state) {
            $job->enter($state, ['cause' => 'The disk is full.']);
        }
        $this->leave_behind($job, $store, 'writing');
        $record = $this->run_job($job);
        $this->assertSame($end, (int) $record->status);
        if ($end !== state::COMPLETED) {
            $this->assertSame('The disk is full.', $record->cause);
            $this->assert_nothing_left($job);
        }
    }

    /**
     * Errors in which a run was killed.
     *
     * @return array
     */
    public static function errors(): array {
        return [
            'nothing was decided' => [[state::ERROR], false, state::COMPLETED],
            'it waited' => [[state::ERROR, state::RECOVERABLE_ERROR], false, state::COMPLETED],
            'it was given up' => [[state::ERROR, state::ERROR_HANDLING], false, state::FAILURE],
            'it was cancelled' => [[state::ERROR_HANDLING], true, state::ABORTED],
        ];
    }

    /**
     * The engine's time limit ends a collection, too. By hand everything is counted anew.
     */
    public function test_time_limit(): void {
        $this->folder_store();
        $job = $this->make_job();
        $this->assertSame(0, (int) $job->record()->timestarted); // Not from when it was asked for.
        limits::set_for_test(times: new native_limits(1));
        scripted_archiver::$collect = function (package $package): void {
            for ($end = hrtime(true) + 30e9; hrtime(true) < $end;) {
                $package->add_table('rows', ['n'], [[1]]);
            }
        };
        $record = $this->run_job($job);
        $this->assertSame(state::FAILURE, (int) $record->status);
        $this->assertStringContainsString('within its time limit', $record->cause);
        $this->assertGreaterThan(0, (int) $record->timestarted);
        $this->assert_nothing_left($job);
        limits::set_for_test();
        jobs::retry($job);
        scripted_archiver::$collect = null;
        $this->assertSame(state::COMPLETED, (int) $this->run_job($job)->status);
    }

    /**
     * Cancelling ends also a collection, and so does the time limit.
     */
    public function test_cancelled_while_collecting(): void {
        global $DB;
        $this->folder_store();
        $job = $this->make_job();
        $collected = false;
        scripted_archiver::$collect = function (package $package) use ($DB, $job, &$collected): void {
            $DB->set_field('local_archivist_job', 'cancelled', 1, ['id' => $job->id()]);
            for ($end = hrtime(true) + 30e9; hrtime(true) < $end;) {
                $package->add_table('rows', ['n'], [[1]]);
            }
            $collected = true;
        };
        $this->assertSame(state::ABORTED, (int) $this->run_job($job)->status);
        $this->assertFalse($collected);
    }

    /**
     * Moodle's backup lies in the archive, and not in the pool any more.
     */
    public function test_backup(): void {
        global $DB;
        $this->folder_store();
        $job = $this->make_job(['backup' => true]);
        $record = $this->run_job($job);
        $this->assertSame([state::COMPLETED, null], [(int) $record->status, $record->cause]);
        $this->assertContains('backup/activity.mbz', $this->names_in(current($job->files())));
        $this->assertFalse($DB->record_exists_select('files', "component = 'backup' AND filename <> '.'"));
    }

    /**
     * The ad hoc task runs the job, and says what became of it.
     */
    public function test_adhoc_task(): void {
        $this->folder_store();
        $job = jobs::create($this->cm);
        $sentence = get_string('engine_missing', 'local_archivist', engine::REQUIRED);
        $this->expectOutputRegex("/The archive job {$job->id()} ended: failure\. " . preg_quote($sentence, '/') . '/');
        engine::set_version_for_test(null);
        $this->runAdhocTasks(task\run_job::class);
        $job->reload();
        $this->assertSame(state::FAILURE, $job->status());
    }

    /**
     * Makes the driver collect one item, fail with another one, and add a file that vanishes.
     */
    private function script_partial(): void {
        scripted_archiver::$expected = ['text' => [1 => 'Mia', 2 => 'Ana']];
        $this->scripted_file(fn(\stored_file $file) => $file->delete());
        $collect = scripted_archiver::$collect;
        scripted_archiver::$collect = function (package $package, \cm_info $cm) use ($collect): void {
            $package->attempt('Mia', ['text' => [1]], function () use ($package): bool {
                $package->add_text('one.txt', 'one');
                $package->count('text', 1);
                return true;
            });
            $package->attempt('Ana', ['text' => [2]], function () use ($package): void {
                $package->add_text('two.txt', 'half');
                $package->count('text', 2);
                throw new \RuntimeException('Surprise.');
            });
            $collect($package, $cm);
        };
    }

    /**
     * The names in an archive.
     *
     * @param \stdClass $file row of local_archivist_file
     * @return string[]
     */
    private function names_in(\stdClass $file): array {
        $names = [];
        foreach ((new Verifier())->entries("{$this->folder}/{$file->storekey}") as $entry) {
            $names[] = $entry->original;
        }
        sort($names);
        return $names;
    }

    /**
     * Makes the driver fail with an error that may pass.
     *
     * @param callable|null $before is called each time before it does
     * @return \Throwable the error
     */
    private function script_passing_error(?callable $before = null): \Throwable {
        $error = new class ('The storage does not answer; try again later.') extends \Archivist\Exception\StorageException {
            /** @var bool It may pass. */
            protected bool $retryable = true;
        };
        scripted_archiver::$collect = function () use ($error, $before): void {
            $before && $before();
            throw $error;
        };
        return $error;
    }

    /**
     * Makes the driver add some MiB of zeros.
     *
     * @param int $mib
     * @param callable|null $begin is called when the first of them is asked for
     */
    private function scripted_bytes(int $mib, ?callable $begin = null): void {
        $left = $mib * 1024 * 1024;
        scripted_archiver::$collect = function (package $package) use ($left, $begin): void {
            $package->entries->addCallback('Mia/zeros.bin', function (int $length) use (&$left, &$begin): string {
                if ($begin) {
                    $begin();
                    $begin = null;
                }
                $length = min($length, $left);
                $left -= $length;
                return str_repeat("\0", $length);
            });
        };
    }

    /**
     * Makes the driver add a file of the pool.
     *
     * @param callable|null $after function (\stored_file $file): void, is called when it is in the list
     * @param bool $missing whether its content is missing
     */
    private function scripted_file(?callable $after, bool $missing = false): void {
        scripted_archiver::$collect = function (package $package, \cm_info $cm) use ($after, $missing): void {
            $file = get_file_storage()->create_file_from_string([
                'contextid' => $cm->context->id, 'component' => 'assignsubmission_file', 'filearea' => 'submission_files',
                'itemid' => 1, 'filepath' => '/', 'filename' => 'big.bin',
            ], random_bytes(4096));
            if ($missing) {
                unlink(get_file_storage()->get_file_system()->get_local_path_from_storedfile($file));
            }
            $package->add_file('Mia/big.bin', $file, 'Mia');
            if ($after) {
                $after($file);
            }
        };
    }

    /**
     * Leaves a row behind, as a run that was killed does, and what lies under its key.
     *
     * @param job $job
     * @param store $store
     * @param string $status
     * @param string|null $bytes null: nothing does
     * @return string the key
     */
    private function leave_behind(job $job, store $store, string $status, ?string $bytes = null): string {
        global $DB;
        $uuid = $job->record()->uuid;
        $key = substr($uuid, -2) . "/$uuid.zip";
        if ($bytes !== null) {
            check_dir_exists(dirname("{$this->folder}/$key"));
            file_put_contents("{$this->folder}/$key", $bytes);
        }
        $DB->insert_record('local_archivist_file', [
            'jobid' => $job->id(), 'storeid' => $store->id(), 'storekey' => $key, 'filename' => 'x.zip', 'format' => 'zip',
            'status' => $status,
        ]);
        return $key;
    }

    /**
     * No part of an archive, and the engine goes on with the next run.
     *
     * @param job $job
     * @param int $attempts that the engine counts
     */
    private function assert_goes_on(job $job, int $attempts): void {
        $this->assertSame([], $this->files_in());
        $this->assertSame(['writing'], array_values(array_column($job->files(), 'status')));
        $status = (new journal($job))->status();
        $this->assertSame([\Archivist\State::Queued, $attempts, false], [$status->state, $status->attempts, $status->running]);
    }

    /**
     * No archive, no part of one, and no row of one.
     *
     * @param job $job
     */
    private function assert_nothing_left(job $job): void {
        $this->assertSame([], $this->files_in());
        $this->assertSame([], $job->files());
    }
}
