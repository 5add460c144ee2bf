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

namespace local_archivist\output;

use local_archivist\engine;
use local_archivist\job;
use local_archivist\state;
use local_archivist\task_record;

/**
 * Tests the page of a job.
 *
 * @covers \\local_archivist\\output\\job_page
 * @covers \\local_archivist\\output\\badge
 * @covers \\local_archivist\\output\\job_log_table
 * @covers \\local_archivist\\output\\job_progress
 * @covers \\local_archivist\\shortfall
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class job_page_test extends \advanced_testcase {
    /**
     * A job with a copy, a task and a log.
     *
     * @param array $record
     * @return job
     */
    private function job(array $record = []): job {
        global $PAGE;
        $this->resetAfterTest();
        $this->setAdminUser();
        $PAGE->set_url('/local/archivist/job.php');
        $course = $this->getDataGenerator()->create_course(['fullname' => 'Operating systems']);
        $module = $this->getDataGenerator()->create_module('page', ['course' => $course->id, 'name' => 'Exam "A" & B']);
        $cm = get_fast_modinfo($course)->get_cm($module->cmid);
        $generator = $this->getDataGenerator()->get_plugin_generator('local_archivist');
        $job = $generator->create_job($cm, $record + [
            'expected' => '{"submission": 3, "file": 5}', 'archived' => '{"submission": 3, "file": 4}',
        ]);
        $store = $generator->create_store(make_request_directory(), ['name' => '<i>Shelf</i>']);
        $generator->create_copy($job, $store, 'archive', ['sha512' => hash('sha512', 'archive')]);
        task_record::create($job, 'archivestore_filesystem', 'write', 'here', '<b>there</b>')->end('failed', 'A <script>.');
        return $job;
    }

    /**
     * Everything stands there, escaped.
     */
    public function test_page(): void {
        global $OUTPUT;
        $job = $this->job();
        $html = $OUTPUT->render(new job_page($job));
        $this->assertStringContainsString(hash('sha256', 'archive'), $html);
        $this->assertStringContainsString(hash('sha512', 'archive'), $html);
        $this->assertStringContainsString('/local/archivist/download.php?id=', $html);
        $this->assertStringContainsString('Exam &quot;A&quot; &amp; B', $html);
        $this->assertStringContainsString('&lt;i&gt;Shelf', $html);
        $this->assertStringNotContainsString('<script>.', $html);
        $this->assertStringNotContainsString('<b>there', $html);
        $this->assertStringContainsString(get_string('count_incomplete', 'local_archivist'), $html);
        $this->assertStringContainsString($job->record()->uuid, $html);
    }

    /**
     * The page stays when course and people are gone.
     */
    public function test_everything_gone(): void {
        global $DB, $OUTPUT;
        $job = $this->job(['userid' => 99999999, 'modname' => 'gone']);
        $DB->delete_records('local_archivist_store');
        delete_course($job->record()->courseid, false);
        $html = $OUTPUT->render(new job_page(job::get($job->id())));
        $this->assertStringContainsString('Operating systems', $html);
        $this->assertStringContainsString(get_string('unknownuser'), $html);
        $this->assertStringContainsString(get_string('storegone', 'local_archivist'), $html);
    }

    /**
     * Buttons only for what can be done; each of them is a form with the session's key.
     */
    public function test_buttons(): void {
        global $OUTPUT;
        $job = $this->job(['status' => state::FAILURE, 'cause' => 'Full.']);
        engine::set_version_for_test(engine::REQUIRED);
        $html = $OUTPUT->render(new job_page($job));
        engine::set_version_for_test(null);
        $without = $OUTPUT->render(new job_page($job));
        engine::set_version_for_test(false);
        $this->assertStringContainsString(get_string('job_retry', 'local_archivist'), $html);
        $this->assertStringContainsString(get_string('job_delete', 'local_archivist'), $html);
        $this->assertStringNotContainsString(get_string('job_cancel', 'local_archivist'), $html);
        $this->assertStringContainsString(sesskey(), $html);
        $this->assertStringNotContainsString(get_string('job_retry', 'local_archivist'), $without);
    }

    /**
     * The log: newest first, by level, in pages.
     */
    public function test_log(): void {
        global $DB, $PAGE;
        $job = $this->job();
        $output = $PAGE->get_renderer('core');
        $DB->delete_records('local_archivist_log');
        set_config('loglevel', 1, 'local_archivist');
        for ($i = 1; $i <= job_log_table::PER_PAGE + 1; $i++) {
            $job->log($i % 2 ? 1 : 4, 'job', "Entry number $i.");
        }
        $log = fn(int $level = 0, int $page = 0): array
            => (new job_page($job, $level, $page))->export_for_template($output)['log']['rows'];
        $newest = $log();
        $this->assertCount(job_log_table::PER_PAGE, $newest);
        $this->assertSame('Entry number ' . (job_log_table::PER_PAGE + 1) . '.', $newest[0]['message']);
        $this->assertSame(['Entry number 1.'], array_column($log(0, 1), 'message'));
        $this->assertSame(['Entry number 1.'], array_column($log(0, 99999), 'message'));
        $this->assertCount(job_log_table::PER_PAGE / 2, $log(4));
        foreach ([99999, PHP_INT_MAX, -99999] as $unknown) {
            $this->assertEquals($newest, $log($unknown));
        }
    }

    /**
     * The newest warning or error stands at the top, unless it is what is said there anyway.
     */
    public function test_problem(): void {
        global $OUTPUT, $PAGE;
        $job = $this->job(['status' => state::FAILURE, 'cause' => 'Full.']);
        $problem = fn(): ?array => (new job_page($job))->export_for_template($PAGE->get_renderer('core'))['problem'];
        $this->assertNull($problem());
        $job->log(3, 'job', 'Slow <disk>.');
        $job->log(1, 'job', 'Something else.');
        $this->assertSame('Slow <disk>.', $problem()['message']);
        $html = $OUTPUT->render(new job_page($job));
        $this->assertLessThan(strpos($html, 'SHA-256'), strpos($html, 'Slow &lt;disk&gt;.'));
        $this->assertStringContainsString("job.php?id={$job->id()}&amp;level=3#archivist-log", $html);
        $job->log(4, 'job', 'Full.');
        $this->assertNull($problem());
    }

    /**
     * What an archive lacks is named, the first hundred, and the rest is counted.
     */
    public function test_missing(): void {
        global $OUTPUT;
        $failures = [];
        for ($i = 1; $i <= 120; $i++) {
            $failures[] = ['name' => "<b>Person $i", 'cause' => "Cannot read /srv/pool/$i."];
        }
        $job = $this->job(['status' => state::PARTIAL, 'failurecount' => 130, 'failures' => json_encode($failures),
            'expected' => '{"submission": 2, "file": 135}', 'archived' => '{"submission": 2, "file": 99}']);
        $html = $OUTPUT->render(new job_page($job));
        $this->assertStringContainsString('&lt;b&gt;Person 100</strong>: Cannot read /srv/pool/100.', $html);
        $this->assertStringNotContainsString('Person 101', $html);
        $this->assertStringContainsString(get_string('missing_more', 'local_archivist', 30), $html);
        $this->assertMatchesRegularExpression('~<details class="mb-3">~', $html);
        $this->assertStringContainsString('Partly archived: 7 of 137', $html);
        $this->assertStringContainsString('alert-warning', $html);
        $this->setUser($this->getDataGenerator()->create_and_enrol(get_course($job->record()->courseid), 'editingteacher'));
        $this->assertStringNotContainsString('/srv/pool', $OUTPUT->render(new job_page($job)));
    }

    /**
     * Few missing things are seen at once, and a list that is damaged only costs the names.
     */
    public function test_missing_few(): void {
        global $OUTPUT;
        $job = $this->job(['status' => state::PARTIAL, 'failurecount' => 1, 'failures' => '[{"name": "Mia"}]']);
        $html = $OUTPUT->render(new job_page($job));
        $this->assertMatchesRegularExpression('~<details class="mb-3" open>.*<strong>Mia</strong></li>~s', $html);
        $job->update(['failurecount' => 2, 'failures' => 'x']);
        $this->assertStringContainsString(get_string('missing_more', 'local_archivist', 2), $OUTPUT->render(new job_page($job)));
    }

    /**
     * A job that waits for its next try: when, and why; no bar that does not move.
     */
    public function test_waiting(): void {
        global $OUTPUT;
        $job = $this->job(['status' => state::RECOVERABLE_ERROR, 'attempts' => 2, 'cause' => 'No <answer>.', 'timeretry' => 1]);
        $html = $OUTPUT->render(new job_page($job));
        $this->assertStringContainsString('(3 of 5)', $html);
        $this->assertStringContainsString('No &lt;answer&gt;.', $html);
        $this->assertStringContainsString('data-archivist-reload="waiting"', $html);
        $this->assertMatchesRegularExpression('~d-none" data-region="moving"~', $html);
    }

    /**
     * What is asked before a job is started again depends on what there is.
     *
     * @dataProvider questions
     * @param string $action
     * @param int $status
     * @param string $said
     */
    public function test_confirmation(string $action, int $status, string $said): void {
        [$question] = job_page::confirmation($this->job(['status' => $status]), $action);
        $this->assertStringContainsString($said, $question);
        $this->assertStringContainsString('"Exam &quot;A&quot; &amp; B"', $question);
    }

    /**
     * Actions and states.
     *
     * @return array[]
     */
    public static function questions(): array {
        return [
            ['delete', state::FAILURE, 'stored copies (1)'],
            ['retry', state::FAILURE, 'from the start'],
            ['retry', state::PARTIAL, 'What is stored now stays'],
            ['retry', state::RECOVERABLE_ERROR, 'does not wait'],
        ];
    }

    /**
     * What made several tasks fail is said once, and again where another cause stands between.
     */
    public function test_tasks(): void {
        global $PAGE;
        $job = $this->job(['status' => state::FAILURE, 'cause' => 'Full.']);
        foreach (['Full.', 'Away.', 'Full.', 'Full.'] as $cause) {
            task_record::create($job, 'archivestore_filesystem', 'write', 'a', 'b')->end('failed', $cause);
        }
        $tasks = (new job_page($job))->export_for_template($PAGE->get_renderer('core'))['tasks'];
        $this->assertSame(['Full.', null, 'Away.', 'Full.'], array_slice(array_column($tasks, 'cause'), 0, 4));
    }

    /**
     * A copy of a job that waits is not being written.
     */
    public function test_waiting_copy(): void {
        global $DB, $OUTPUT;
        $job = $this->job(['status' => state::RECOVERABLE_ERROR, 'attempts' => 1, 'cause' => 'Away.', 'timeretry' => 1]);
        $DB->set_field('local_archivist_file', 'status', 'writing', ['jobid' => $job->id()]);
        $writing = get_string('copy_writing', 'local_archivist');
        $this->assertStringNotContainsString($writing, $OUTPUT->render(new job_page($job)));
        $job->update(['status' => state::ACTIVITY_ARCHIVING]);
        $this->assertStringContainsString($writing, $OUTPUT->render(new job_page($job)));
    }

    /**
     * A teacher does not see where things lie on the server.
     */
    public function test_paths(): void {
        global $OUTPUT;
        $job = $this->job(['status' => state::FAILURE, 'cause' => 'Cannot write /srv/shelf/a.']);
        task_record::create($job, 'archivestore_filesystem', 'write', 'a', 'b')->end('failed', 'Cannot write /srv/shelf/b.');
        $job->log(4, 'job', 'Cannot write /srv/shelf/c.');
        $this->assertStringContainsString('/srv/shelf/c', $OUTPUT->render(new job_page($job)));
        $this->setUser($this->getDataGenerator()->create_and_enrol(get_course($job->record()->courseid), 'editingteacher'));
        $html = $OUTPUT->render(new job_page($job));
        $this->assertStringContainsString('Cannot write', $html);
        $this->assertStringNotContainsString('/srv/shelf', $html);
    }
}
