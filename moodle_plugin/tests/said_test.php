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

use core_privacy\local\request\approved_contextlist;
use core_privacy\local\request\writer;
use local_archivist\external\get_job;
use local_archivist\external\get_job_log;
use local_archivist\external\get_jobs;
use local_archivist\output\course_activities;
use local_archivist\output\job_page;
use local_archivist\output\job_table;

/**
 * What a job says quotes names of people: every place that tells it keeps to one rule.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \local_archivist\access
 * @covers     \local_archivist\letters
 * @covers     \local_archivist\external\get_job_log
 * @covers     \local_archivist\output\job_log_table
 * @covers     \local_archivist\event\job_base
 * @covers     \local_archivist\event\task_base
 */
final class said_test extends \advanced_testcase {
    /** @var \stdClass The course. */
    private \stdClass $course;

    /** @var \stdClass A teacher of it. */
    private \stdClass $teacher;

    /** @var \cm_info An assignment in separate groups. */
    private \cm_info $cm;

    #[\Override]
    protected function setUp(): void {
        global $PAGE;
        parent::setUp();
        $this->resetAfterTest();
        $this->setAdminUser();
        $PAGE->set_url('/local/archivist/job.php');
        $this->course = $this->getDataGenerator()->create_course();
        $this->teacher = $this->getDataGenerator()->create_and_enrol($this->course, 'editingteacher');
        $module = $this->getDataGenerator()->create_module('assign', [
            'course' => $this->course->id, 'groupmode' => SEPARATEGROUPS,
        ]);
        $this->cm = get_fast_modinfo($this->course)->get_cm($module->cmid);
    }

    /**
     * A job that names Mia wherever it can.
     *
     * @param int $status
     * @param array<string, mixed> $record further columns
     * @return job
     */
    private function job(int $status, array $record = []): job {
        $job = $this->getDataGenerator()->get_plugin_generator('local_archivist')->create_job($this->cm, $record + [
            'status' => $status, 'cause' => 'Missing: Mia.', 'failurecount' => 1, 'userid' => $this->teacher->id,
            'failures' => json_encode([['name' => 'Mia/essay.txt', 'cause' => 'The file of Mia is gone.']]),
        ]);
        $job->log(3, 'job', 'Mia was left out.');
        task_record::create($job, 'archivestore_filesystem', 'write', 'a', 'b')->end('failed', 'Mia again.');
        return $job;
    }

    /**
     * Lets nobody who teaches see all groups of the assignment.
     *
     * @param string $capability
     */
    private function forbid(string $capability): void {
        global $DB;
        $roleid = $DB->get_field('role', 'id', ['shortname' => 'editingteacher']);
        assign_capability($capability, CAP_PROHIBIT, $roleid, $this->cm->context, true);
    }

    /**
     * What the teacher is told of a job, by place.
     *
     * @param job $job
     * @return string[]
     */
    private function told(job $job): array {
        global $DB, $OUTPUT;
        $this->setUser($this->teacher);
        $list = new job_table(new job_list((int) $this->course->id), new \moodle_url('/'), 0);
        $told = [
            'page of the job' => $OUTPUT->render(new job_page($job, 0)),
            'list of jobs' => $OUTPUT->render($list),
            'list of activities' => $OUTPUT->render(new course_activities($this->course, new overview($this->course), true)),
            'get_job' => json_encode(get_job::execute($job->id())),
            'get_jobs' => json_encode(get_jobs::execute([$job->id()])),
        ];
        try {
            $told['get_job_log'] = json_encode(get_job_log::execute($job->id()));
        } catch (\moodle_exception $e) {
            $told['get_job_log'] = $e->getMessage();
        }
        $this->setAdminUser(); // Cron writes letters.
        foreach ([letter::PARTIAL, letter::FAILED] as $kind) {
            $told[$kind] = letters::of_job($job->record(), $kind, $this->teacher)->text;
        }
        $context = \context_course::instance($this->course->id);
        writer::reset();
        privacy\provider::export_user_data(new approved_contextlist($this->teacher, 'local_archivist', [$context->id]));
        $record = $job->record();
        $path = [get_string('pluginname', 'local_archivist'), "{$record->activityname} ({$record->uuid})"];
        $told['export'] = json_encode(writer::with_context($context)->get_data($path));
        $task = $DB->get_record('local_archivist_task', ['jobid' => $job->id()], '*', IGNORE_MULTIPLE);
        $told['report of the task'] = \archivestore_filesystem\event\write_task_failed::from_task($job, $task)->get_description();
        $told['report of the job'] = event\archive_job_failed::from_job($job)->get_description();
        return $told;
    }

    /**
     * Who sees all of the activity reads what happened. Reports never tell it, since others read them.
     */
    public function test_who_sees_all(): void {
        foreach ([state::FAILURE, state::PARTIAL, state::RECOVERABLE_ERROR] as $status) {
            $job = $this->job($status);
            $told = $this->told($job);
            $silent = ['report of the task', 'report of the job'];
            if ($status === state::PARTIAL) {
                $silent[] = 'list of activities'; // It tells how much is missing.
            }
            foreach ($told as $place => $text) {
                $this->assertSame(!in_array($place, $silent, true), str_contains($text, 'Mia'), "$status: $place");
            }
        }
    }

    /**
     * Who does not see all of the activity is told everywhere that there is something to know, and who knows it.
     */
    public function test_who_does_not(): void {
        $this->forbid('moodle/site:accessallgroups');
        $hidden = get_string('said_hidden', 'local_archivist');
        foreach ([state::FAILURE, state::PARTIAL, state::RECOVERABLE_ERROR] as $status) {
            $told = $this->told($this->job($status));
            foreach ($told as $place => $text) {
                $this->assertStringNotContainsString('Mia', $text, "$status: $place");
            }
            $this->assertStringContainsString(s($hidden), $told['page of the job']);
            $this->assertStringContainsString($hidden, $told[letter::FAILED]);
            $this->assertSame(get_string('error_notseen', 'local_archivist'), $told['get_job_log']);
        }
    }

    /**
     * After the activity is gone what was needed there still holds.
     */
    public function test_after_the_activity(): void {
        $this->forbid('mod/assign:viewgrades');
        $job = $this->job(state::FAILURE, ['rights' => rights::of_activity($this->cm, scope::all())]);
        course_delete_module($this->cm->id);
        $this->assertFalse(access::may_read(job::get($job->id()), $this->teacher));
        $this->assertTrue(access::may_read(job::get($job->id()), get_admin()));
        $this->assertFalse(rights::held($job, $this->teacher));
        $this->assertTrue(rights::held($job, get_admin()));
    }

    /**
     * While marking is blind, a job about one person is read, and its archive had, by who may know whose work is whose.
     */
    public function test_one_person_while_marking_is_blind(): void {
        global $DB;
        $module = $this->getDataGenerator()->create_module('assign', ['course' => $this->course->id, 'blindmarking' => 1]);
        $this->cm = get_fast_modinfo($this->course)->get_cm($module->cmid);
        $student = $this->getDataGenerator()->create_and_enrol($this->course, 'student');
        $all = $this->job(state::COMPLETED);
        $one = $this->job(state::COMPLETED, ['scopeuserid' => $student->id]);
        $this->setUser($this->teacher);
        $this->assertTrue(access::may_read($all) && access::may_download($all));
        $this->assertFalse(access::may_read($one) || access::may_download($one));
        $roleid = $DB->get_field('role', 'id', ['shortname' => 'editingteacher']);
        assign_capability('mod/assign:viewblinddetails', CAP_ALLOW, $roleid, $this->cm->context, true);
        $this->assertTrue(access::may_read($one) && access::may_download($one));
    }
}
