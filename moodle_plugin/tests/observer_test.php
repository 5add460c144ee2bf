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
 * Tests of what happens around jobs: deletions, messages, tidying up.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \local_archivist\observer
 * @covers     \local_archivist\notifier
 * @covers     \local_archivist\task\cleanup
 * @covers     \local_archivist\task\rescue
 */
final class observer_test extends fixtures\archive_testcase {
    #[\Override]
    protected function setUp(): void {
        parent::setUp();
        $this->folder_store();
    }

    /**
     * When an activity is deleted, its jobs tell so and its archives stay; other activities are not meant.
     */
    public function test_activity_deleted(): void {
        $job = $this->make_job();
        $this->run_job($job);
        $other = $this->getDataGenerator()->create_module('assign', ['course' => $this->course->id]);
        $kept = jobs::create(get_fast_modinfo($this->course->id)->get_cm($other->cmid), null, [], 'cli', false);
        course_delete_module($this->cm->id);
        $job->reload();
        $kept->reload();
        $this->assertGreaterThan(0, $job->record()->activitygone);
        $this->assertEquals(0, $kept->record()->activitygone);
        $this->assertCount(1, $this->files_in());
        $gone = $job->record()->activitygone;
        delete_course($this->course, false);
        $kept->reload();
        $this->assertGreaterThan(0, $kept->record()->activitygone);
        $job->reload();
        $this->assertSame($gone, $job->record()->activitygone);
        $this->assertCount(1, $job->files(true));
    }

    /**
     * When people are deleted, their jobs and archives stay.
     */
    public function test_user_deleted(): void {
        $user = $this->getDataGenerator()->create_and_enrol($this->course, 'editingteacher');
        $this->setUser($user);
        $job = jobs::create($this->cm, scope::user((int) $user->id), [], 'cli', false);
        $waiting = jobs::create($this->cm);
        $this->setAdminUser();
        $this->run_job($job);
        delete_user($user);
        $this->assertCount(1, $job->files(true));
        $this->assertSame(state::COMPLETED, (int) $this->run_job($waiting)->status);
    }

    /**
     * Who asked for a job is told how it ended, in their language; administrators hear of what nobody else can.
     */
    public function test_messages(): void {
        global $DB;
        $teacher = $this->getDataGenerator()->create_and_enrol($this->course, 'editingteacher');
        $this->setUser($teacher);
        $good = $this->make_job();
        $bad = $this->make_job();
        $left = $this->make_job();
        $automatic = jobs::create($this->cm, null, [], 'cron', false);
        $this->setAdminUser();
        $sink = $this->redirectMessages();
        $this->run_job($good);
        $DB->set_field('local_archivist_store', 'enabled', 0, []);
        $this->run_job($bad);
        $this->run_job($automatic);
        role_unassign_all(['userid' => $teacher->id]);
        $this->run_job($left);
        $messages = $sink->get_messages_by_component('local_archivist');
        $admin = get_admin()->id;
        $this->assertSame(
            [["jobcompleted", $teacher->id], ["jobfailed", $teacher->id], ["jobfailed", $admin], ["jobfailed", $admin]],
            array_map(fn($m): array => [$m->eventtype, $m->useridto], $messages),
        );
        $this->assertStringContainsString('Exam 1', $messages[0]->subject);
        $sentence = get_string('error_storedisabled', 'local_archivist', 'Storage filesystem');
        $this->assertStringContainsString($sentence, $messages[1]->fullmessage);
        $this->assertStringContainsString("/local/archivist/job.php?id={$bad->id()}", $messages[1]->contexturl);
    }

    /**
     * Jobs whose runner died are put back into the queue, once; those that wait or run are left alone.
     */
    public function test_rescue(): void {
        global $DB;
        $clock = $this->mock_clock_with_frozen();
        $dead = $this->make_job();
        $dead->enter(state::STORE, ['attempts' => 1]);
        $queued = jobs::create($this->cm);
        $fresh = $this->make_job();
        $ended = $this->make_job();
        jobs::cancel($ended);
        $this->assertSame([$queued->id(), $dead->id()], $this->rescue());
        $this->assertSame([$queued->id(), $dead->id()], $this->rescue());
        $clock->bump(301);
        $this->assertSame([$queued->id(), $dead->id(), $fresh->id()], $this->rescue());
        $this->assertSame(state::COMPLETED, (int) $this->run_job($dead)->status);

        // The task of a killed cron stays "running" in Moodle's table.
        $DB->delete_records('task_adhoc');
        jobs::cancel($fresh);
        jobs::queue($queued);
        $queued->enter(state::PRE_PROCESSING, ['attempts' => 1]);
        $DB->set_field('task_adhoc', 'timestarted', job::now(), []);
        $this->assertSame([$queued->id()], $this->rescue());
        $this->assertNull($DB->get_field('task_adhoc', 'timestarted', []));
        $lock = jobs::lock($queued);
        $DB->delete_records('task_adhoc');
        $this->assertSame([], $this->rescue());
        $lock->release();
    }

    /**
     * A job that waits for its next attempt and has lost its task waits on.
     */
    public function test_rescue_of_what_waits(): void {
        global $DB;
        $this->mock_clock_with_frozen();
        $job = $this->make_job();
        foreach ([state::ERROR, state::RECOVERABLE_ERROR] as $state) {
            $job->enter($state, ['timeretry' => job::now() + 500]);
        }
        $this->assertSame([$job->id()], $this->rescue());
        $job->reload();
        $this->assertSame(state::RECOVERABLE_ERROR, $job->status());
        $this->assertEquals(job::now() + 500, $DB->get_field('task_adhoc', 'nextruntime', []));
    }

    /**
     * A job whose process lives and does nothing is reported once, and stands in the system status.
     */
    public function test_rescue_reports(): void {
        global $DB;
        $clock = $this->mock_clock_with_frozen();
        $this->folder_store();
        $job = $this->make_job();
        $job->enter(state::PRE_PROCESSING);
        $other = $this->make_job(); // It may wait as long as it has to.
        $clock->bump(30 * MINSECS - 1);
        $this->assertSame(\core\check\result::OK, (new check\progress())->get_result()->get_status());
        $clock->bump(1);
        $result = (new check\progress())->get_result();
        $this->assertSame(\core\check\result::WARNING, $result->get_status());
        $this->assertStringContainsString(": {$job->id()}.", $result->get_summary());
        $lock = jobs::lock($job);
        $this->rescue();
        $clock->bump(60);
        $this->rescue();
        $lock->release();
        $logs = $DB->get_records('local_archivist_log', ['source' => 'watchdog']);
        $this->assertSame([$job->id()], array_map('intval', array_column($logs, 'jobid')));
        $this->assertStringContainsString('30 mins', reset($logs)->message);
        set_config('stalllimit', 0, 'local_archivist');
        $this->assertSame(\core\check\result::OK, (new check\progress())->get_result()->get_status());
        $this->rescue(); // Nobody runs it: it goes back into the queue.
        $this->assertSame(state::QUEUED, job::get($job->id())->status());
    }

    /**
     * What ended jobs had only announced is forgotten; what is stored stays, and so does what the engine knows nothing of.
     */
    public function test_cleanup_removes_leftovers(): void {
        global $DB;
        $done = $this->make_job();
        $this->run_job($done);
        $job = $this->make_job();
        jobs::cancel($job);
        $uuid = $job->record()->uuid;
        $key = substr($uuid, -2) . "/$uuid.zip";
        check_dir_exists("{$this->folder}/" . substr($uuid, -2)); // Both UUIDs may end alike.
        file_put_contents("{$this->folder}/$key", 'of somebody else');
        $DB->insert_record('local_archivist_file', ['jobid' => $job->id(), 'storeid' => key(stores::all()), 'storekey' => $key,
            'filename' => 'x', 'format' => 'zip', 'status' => 'writing']);
        engine::set_version_for_test(null);
        $this->cleanup();
        $this->assertCount(1, $job->files());
        engine::set_version_for_test(false);
        $this->cleanup();
        $this->assertSame([], $job->files());
        $this->assertEqualsCanonicalizing([current($done->files())->storekey, $key], $this->files_in());
    }

    /**
     * Old debug and info records go; warnings and errors stay, and so does everything when nothing is to go.
     */
    public function test_cleanup_prunes_logs(): void {
        global $DB;
        $clock = $this->mock_clock_with_frozen();
        $job = $this->make_job();
        $DB->delete_records('local_archivist_log');
        foreach ([1, 3, 4] as $level) {
            $job->log($level, 'test', 'Something.');
        }
        jobs::cancel($job);
        $clock->bump(10 * DAYSECS);
        $job->log(1, 'test', 'New.');
        set_config('logdays', 0, 'local_archivist');
        $this->cleanup();
        $this->assertSame(4, $DB->count_records('local_archivist_log', ['source' => 'test']));
        set_config('logdays', 9, 'local_archivist');
        $this->cleanup();
        $this->assertEquals([1, 3, 4], $DB->get_fieldset_select('local_archivist_log', 'level', "source = 'test' ORDER BY level"));
        $this->assertSame('New.', $DB->get_field('local_archivist_log', 'message', ['source' => 'test', 'level' => 1]));
    }

    /**
     * What cron has loaded is noted for the status page.
     */
    public function test_cleanup_notes_the_extension(): void {
        $this->cleanup();
        $this->assertSame(engine::version(), get_config('local_archivist', 'cronextension'));
        $this->assertSame(\core\check\result::OK, (new check\engine())->get_result()->get_status());
        engine::set_version_for_test(null);
        $this->cleanup();
        $this->assertSame(\core\check\result::ERROR, (new check\engine())->get_result()->get_status());
        engine::set_version_for_test(false);
        $result = (new check\engine())->get_result();
        $this->assertSame(get_string('check_engine_cronmissing', 'local_archivist', engine::version()), $result->get_summary());
    }

    /**
     * Runs the clean-up task.
     */
    private function cleanup(): void {
        ob_start();
        (new task\cleanup())->execute();
        ob_end_clean();
    }

    /**
     * A job that somebody deletes meanwhile leaves no lock, and does not keep the others from being put back.
     */
    public function test_rescue_deleted(): void {
        global $CFG, $DB;
        $gone = $this->make_job();
        $gone->enter(state::STORE, ['attempts' => 1]);
        $dead = $this->make_job();
        $dead->enter(state::STORE, ['attempts' => 1]);
        $task = new task\run_job();
        $task->set_component('local_archivist');
        $task->set_custom_data(['jobid' => 0]);
        \core\task\manager::queue_adhoc_task($task);
        $DB->set_field('task_adhoc', 'timestarted', job::now(), []);
        $before = $CFG->lock_factory ?? null;
        $factory = new class ('x') extends \core\lock\db_record_lock_factory {
            /** @var int The job that goes when the tasks are looked through. */
            public static int $jobid = 0;

            #[\Override]
            public function get_lock($resource, $timeout, $maxlifetime = 86400) {
                $this->db->delete_records('local_archivist_job', ['id' => self::$jobid]);
                return parent::get_lock($resource, $timeout, $maxlifetime);
            }
        };
        $factory::$jobid = $gone->id();
        $CFG->lock_factory = get_class($factory);
        try {
            $this->assertSame([$dead->id()], $this->rescue());
        } finally {
            $CFG->lock_factory = $before;
        }
        $lock = jobs::lock($gone);
        $this->assertNotNull($lock);
        $lock->release();
    }

    /**
     * Runs the rescue task.
     *
     * @return int[] ids of the jobs that have a task afterwards
     */
    private function rescue(): array {
        global $DB;
        ob_start();
        (new task\rescue())->execute();
        ob_end_clean();
        $data = $DB->get_fieldset_select('task_adhoc', 'customdata', "component = 'local_archivist' ORDER BY id");
        return array_map(fn(string $json): int => (int) json_decode($json)->jobid, $data);
    }
}
