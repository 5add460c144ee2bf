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

use local_archivist\output\course_activities;

/**
 * Tests what a course page says about its activities.
 *
 * @covers \\local_archivist\\overview
 * @covers \\local_archivist\\activity
 * @covers \\local_archivist\\output\\course_activities
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class overview_test extends \advanced_testcase {
    /** @var \stdClass The course. */
    private \stdClass $course;

    /** @var \local_archivist_generator Makes jobs. */
    private \local_archivist_generator $generator;

    #[\Override]
    protected function setUp(): void {
        parent::setUp();
        $this->resetAfterTest();
        $this->setAdminUser();
        $this->course = $this->getDataGenerator()->create_course();
        $this->generator = $this->getDataGenerator()->get_plugin_generator('local_archivist');
    }

    /**
     * An assignment of the course.
     *
     * @param string $name
     * @return \cm_info
     */
    private function assignment(string $name = 'Exam'): \cm_info {
        $module = $this->getDataGenerator()->create_module('assign', ['course' => $this->course->id, 'name' => $name]);
        return get_fast_modinfo($this->course->id)->get_cm($module->cmid);
    }

    /**
     * The print that the driver gives now.
     *
     * @param \cm_info $cm
     * @return string
     */
    private function print_of(\cm_info $cm): string {
        return archivers::all()['assign']::fingerprints((int) $cm->course)[(int) $cm->id];
    }

    /**
     * What the overview says about an activity.
     *
     * @param \cm_info $cm
     * @return activity
     */
    private function activity(\cm_info $cm): activity {
        return (new overview($this->course))->activities()[(int) $cm->id];
    }

    /**
     * A job of which a copy is stored.
     *
     * @param \cm_info $cm
     * @param array $record
     * @return job
     */
    private function archived(\cm_info $cm, array $record = []): job {
        $job = $this->generator->create_job($cm, $record + ['fingerprint' => $this->print_of($cm)]);
        $store = $this->generator->create_store(make_request_directory());
        $this->generator->create_copy($job, $store);
        return $job;
    }

    /**
     * That marking is blind is told once in a row, and only there.
     */
    public function test_blind(): void {
        global $DB, $OUTPUT, $PAGE;
        $PAGE->set_url('/local/archivist/index.php', ['courseid' => $this->course->id]);
        $this->assignment('Open');
        $DB->set_field('assign', 'blindmarking', 1, ['id' => $this->assignment('Blind')->instance]);
        $html = $OUTPUT->render(new course_activities($this->course, new overview($this->course), true));
        $this->assertSame(1, substr_count($html, get_string('blind_now', 'local_archivist')));
    }

    /**
     * Without a job nothing is archived.
     */
    public function test_never(): void {
        $found = $this->activity($this->assignment());
        $this->assertSame(activity::NEVER, $found->state);
        $this->assertNull($found->newest);
        $this->assertNull($found->archived);
    }

    /**
     * A completed job with a copy and the same print: archived.
     */
    public function test_archived(): void {
        $cm = $this->assignment();
        $job = $this->archived($cm);
        $found = $this->activity($cm);
        $this->assertSame(activity::ARCHIVED, $found->state);
        $this->assertSame($job->id(), $found->archived->id());
        $this->assertSame($job->id(), $found->newest->id());
    }

    /**
     * The driver's print changed since.
     */
    public function test_changed(): void {
        global $DB;
        $cm = $this->assignment();
        $this->archived($cm);
        $DB->insert_record('assign_submission', (object) [
            'assignment' => $cm->instance, 'userid' => 2, 'status' => 'submitted', 'latest' => 1, 'timecreated' => 1,
            'timemodified' => 1,
        ]);
        $this->assertSame(activity::CHANGED, $this->activity($cm)->state);
    }

    /**
     * A job runs: that is what counts, and the earlier archive is still told.
     */
    public function test_running(): void {
        $cm = $this->assignment();
        $earlier = $this->archived($cm);
        $job = $this->generator->create_job($cm, ['status' => state::STORE]);
        $found = $this->activity($cm);
        $this->assertSame(activity::RUNNING, $found->state);
        $this->assertSame($job->id(), $found->newest->id());
        $this->assertSame($earlier->id(), $found->archived->id());
        $this->assertSame($job->id(), overview::running_job((int) $cm->id, scope::all())->id());
        $this->assertNull(overview::running_job((int) $cm->id, scope::user(2)));
    }

    /**
     * The newest job failed; one that was cancelled changes nothing.
     */
    public function test_failed_and_aborted(): void {
        $cm = $this->assignment();
        $this->archived($cm);
        $this->generator->create_job($cm, ['status' => state::FAILURE, 'cause' => 'The disk is full.']);
        $found = $this->activity($cm);
        $this->assertSame(activity::FAILED, $found->state);
        $this->assertSame('The disk is full.', $found->newest->record()->cause);
        $this->generator->create_job($cm, ['status' => state::ABORTED]);
        $this->assertSame(activity::ARCHIVED, $this->activity($cm)->state);
    }

    /**
     * An archive that lacks something is never "archived": it is told how much is in it.
     */
    public function test_partial(): void {
        global $DB, $OUTPUT, $PAGE;
        $PAGE->set_url('/local/archivist/index.php', ['courseid' => $this->course->id]);
        $cm = $this->assignment();
        $complete = $this->archived($cm);
        $partial = $this->archived($cm, ['status' => state::PARTIAL, 'failurecount' => 1,
            'expected' => '{"submission": 490, "file": 10}', 'archived' => '{"submission": 490, "file": 9}']);
        $found = $this->activity($cm);
        $this->assertSame(activity::PARTIAL, $found->state);
        $this->assertSame([$complete->id(), $partial->id()], [$found->archived->id(), $found->partial->id()]);
        $html = $OUTPUT->render(new course_activities($this->course, new overview($this->course), true));
        $this->assertStringContainsString('Partly archived: 499 of 500', $html);
        foreach (['archivedat', 'completeat'] as $key) {
            $this->assertStringContainsString(get_string($key, 'local_archivist', ''), $html);
        }
        $this->assertStringNotContainsString('>' . activity::label(activity::ARCHIVED) . '<', $html);
        $this->assertStringContainsString('name="now"', $html);
        $this->assertEquals([$cm->id], array_keys((new overview($this->course))->filter('', activity::PARTIAL)));

        // One that was cancelled later changes nothing, and one whose copies are deleted counts no more.
        $this->generator->create_job($cm, ['status' => state::ABORTED]);
        $this->assertSame(activity::PARTIAL, $this->activity($cm)->state);
        $DB->set_field('local_archivist_file', 'status', 'deleted', ['jobid' => $partial->id()]);
        $this->assertSame(activity::ARCHIVED, $this->activity($cm)->state);
        $DB->set_field('local_archivist_file', 'status', 'stored', ['jobid' => $partial->id()]);
        $this->archived($cm);
        $this->assertSame(activity::ARCHIVED, $this->activity($cm)->state);
    }

    /**
     * A job that waits for its next try is told with the reason.
     */
    public function test_waiting(): void {
        global $OUTPUT, $PAGE;
        $PAGE->set_url('/local/archivist/index.php', ['courseid' => $this->course->id]);
        $cm = $this->assignment();
        $this->generator->create_job($cm, [
            'status' => state::RECOVERABLE_ERROR, 'attempts' => 1, 'cause' => 'No <answer>.', 'timeretry' => 1,
        ]);
        $html = $OUTPUT->render(new course_activities($this->course, new overview($this->course), true));
        foreach ([state::label(state::RECOVERABLE_ERROR), '(2 of 5)', 'No &lt;answer&gt;.'] as $said) {
            $this->assertStringContainsString($said, $html);
        }
        $this->assertStringNotContainsString('name="now"', $html);
    }

    /**
     * A completed job whose copies are deleted, and one for a single person, archive nothing.
     */
    public function test_what_does_not_count(): void {
        global $DB;
        $cm = $this->assignment();
        $this->archived($cm, ['scopeuserid' => 2]);
        $this->assertSame(activity::NEVER, $this->activity($cm)->state);
        $job = $this->archived($cm);
        $DB->set_field('local_archivist_file', 'status', 'deleted', ['jobid' => $job->id()]);
        $this->assertSame(activity::NEVER, $this->activity($cm)->state);
    }

    /**
     * Search, state and unsupported ones.
     */
    public function test_filter(): void {
        $exam = $this->assignment('Prüfung & Klausur');
        $other = $this->assignment('Exercise');
        $this->archived($other);
        $label = $this->getDataGenerator()->create_module('label', ['course' => $this->course->id]);
        $overview = new overview($this->course);
        $this->assertEqualsCanonicalizing([$exam->id, $other->id], array_keys($overview->filter()));
        $this->assertEquals([$exam->id], array_keys($overview->filter('PRÜFUNG & k')));
        $this->assertEquals([$other->id], array_keys($overview->filter('', activity::ARCHIVED)));
        $this->assertContains((int) $label->cmid, array_keys($overview->filter('', '', true)));
        $this->assertEquals([$label->cmid], array_keys($overview->filter('', activity::UNSUPPORTED)));
        $this->assertEqualsCanonicalizing(
            [activity::NEVER => 1, activity::ARCHIVED => 1, activity::UNSUPPORTED => 1],
            $overview->counts(),
        );
    }

    /**
     * What the user cannot see is not listed.
     */
    public function test_hidden(): void {
        $hidden = $this->getDataGenerator()->create_module('assign', ['course' => $this->course->id, 'visible' => 0]);
        $this->setUser($this->getDataGenerator()->create_and_enrol($this->course, 'student'));
        $this->assertArrayNotHasKey((int) $hidden->cmid, (new overview($this->course))->activities());
    }

    /**
     * Names are escaped, also in attributes.
     */
    public function test_escaping(): void {
        global $OUTPUT, $PAGE;
        $PAGE->set_url('/local/archivist/index.php', ['courseid' => $this->course->id]);
        $cm = $this->assignment('A "quoted" & <b>bold</b> name');
        $this->generator->create_job($cm, ['status' => state::FAILURE, 'cause' => '<script>alert(1)</script>']);
        $page = new course_activities($this->course, new overview($this->course), true, '"><script>');
        $this->assertStringNotContainsString('<script>', $OUTPUT->render($page));
        $html = $OUTPUT->render(new course_activities($this->course, new overview($this->course), true));
        $this->assertStringNotContainsString('<script>alert', $html);
        $this->assertStringContainsString('title="Archive with options: A &quot;quoted&quot; &amp; bold name"', $html);
    }

    /**
     * Without the right there is no button.
     */
    public function test_no_buttons(): void {
        global $OUTPUT, $PAGE;
        $PAGE->set_url('/local/archivist/index.php', ['courseid' => $this->course->id]);
        $this->assignment();
        $html = $OUTPUT->render(new course_activities($this->course, new overview($this->course), false));
        $this->assertStringNotContainsString('name="now"', $html);
        $this->assertStringNotContainsString('type="checkbox" name="cmids', $html);
        $html = $OUTPUT->render(new course_activities($this->course, new overview($this->course), true));
        $this->assertStringContainsString('name="now"', $html);
        $this->assertStringContainsString(sesskey(), $html);
    }

    /**
     * What is archived can be downloaded in its row, from the first storage of the list; the state leads to that job, not to
     * one that was cancelled since. What has not changed has no button to archive it.
     *
     * @covers \local_archivist\output\activity_row
     * @covers \local_archivist\output\activity_page
     * @covers \local_archivist\output\downloads
     */
    public function test_download_in_the_row(): void {
        global $DB, $OUTPUT, $PAGE;
        $PAGE->set_url('/local/archivist/index.php', ['courseid' => $this->course->id]);
        $cm = $this->assignment();
        $job = $this->archived($cm);
        $second = $this->generator->create_store(make_request_directory(), ['name' => 'Second']);
        $DB->set_field('local_archivist_store', 'sortorder', 0, ['id' => $second]);
        $copy = $this->generator->create_copy($job, $second);
        $cancelled = $this->generator->create_job($cm, ['status' => state::ABORTED]);
        $list = $OUTPUT->render(new course_activities($this->course, new overview($this->course), true));
        $page = $OUTPUT->render(new output\activity_page($this->activity($cm), true));
        foreach ([$list, $page] as $html) {
            $this->assertStringContainsString("/local/archivist/download.php?id={$copy->id}\"", $html);
            $this->assertStringContainsString('Second', $html);
            $this->assertStringContainsString("job.php?id={$job->id()}\" title", $html);
            $this->assertStringNotContainsString('name="now"', $html);
            $this->assertStringContainsString(get_string('archiveagain', 'local_archivist'), $html);
        }
        $this->assertStringContainsString("job.php?id={$cancelled->id()}", $page);
        $this->assertStringNotContainsString("job.php?id={$cancelled->id()}", $list);
        // Who may not download has no button for it.
        $this->setUser($this->getDataGenerator()->create_and_enrol($this->course, 'teacher'));
        $html = $OUTPUT->render(new course_activities($this->course, new overview($this->course), false));
        $this->assertStringNotContainsString('download.php', $html);
        $this->assertSame([], output\downloads::first([]));
    }

    /**
     * A list that is longer than a page is archived whole with one button, as far as that is not too much.
     */
    public function test_everything(): void {
        global $OUTPUT, $PAGE;
        $PAGE->set_url('/local/archivist/index.php', ['courseid' => $this->course->id]);
        $this->fill_course(course_activities::PER_PAGE);
        $html = $OUTPUT->render(new course_activities($this->course, new overview($this->course), true));
        $this->assertStringNotContainsString('name="all"', $html);
        $this->assignment('One more');
        $this->generator->create_job($this->assignment('Runs'), ['status' => state::STORE]);
        $overview = new overview($this->course);
        $html = $OUTPUT->render(new course_activities($this->course, $overview, true));
        $this->assertStringContainsString('name="all"', $html);
        $this->assertStringContainsString('all ' . (course_activities::PER_PAGE + 1) . ',', $html);
        $this->assertCount(course_activities::PER_PAGE + 1, course_activities::all($overview, '', ''));
        $this->assertCount(1, course_activities::all($overview, 'one more', ''));
        $this->assertCount(0, course_activities::all($overview, '', activity::ARCHIVED));
        $html = $OUTPUT->render(new course_activities($this->course, $overview, false));
        $this->assertStringNotContainsString('name="all"', $html);
    }

    /**
     * The number of queries does not grow with the activities and jobs.
     */
    public function test_queries(): void {
        $this->queries_of_page(1, 1); // Fills the caches of the site.
        $few = $this->queries_of_page(20, 2);
        $many = $this->queries_of_page(500, 20);
        $this->assertSame($few, $many);
        $this->assertLessThanOrEqual(15, $many);
    }

    /**
     * The queries of the page of a course.
     *
     * @param int $activities
     * @param int $jobs for each
     * @return int
     */
    private function queries_of_page(int $activities, int $jobs): int {
        global $DB, $OUTPUT, $PAGE;
        $this->course = $this->getDataGenerator()->create_course();
        $PAGE = new \moodle_page();
        $PAGE->set_course($this->course);
        $PAGE->set_url('/local/archivist/index.php', ['courseid' => $this->course->id]);
        $this->fill_course($activities);
        $rows = [];
        foreach (array_values(get_fast_modinfo($this->course->id)->get_cms()) as $i => $cm) {
            for ($n = 0; $n < $jobs; $n++) {
                $status = [state::COMPLETED, state::FAILURE, state::STORE][$i % 3];
                $rows[] = ['uuid' => \core\uuid::generate(), 'status' => $status] + $this->generator->job_row($cm);
            }
        }
        $DB->insert_records('local_archivist_job', $rows);
        $sql = "SELECT MAX(id) FROM {local_archivist_job} WHERE courseid = ? AND status = ? GROUP BY cmid";
        $DB->insert_records('local_archivist_file', array_map(fn($jobid): array => [
            'jobid' => $jobid, 'storeid' => 1, 'storekey' => 'key', 'filename' => 'Exam.zip', 'format' => 'zip',
            'status' => 'stored',
        ], $DB->get_fieldset_sql($sql, [$this->course->id, state::COMPLETED])));
        $page = new course_activities($this->course, new overview($this->course), true, '', '', true);
        $before = $DB->perf_get_queries();
        $html = $OUTPUT->render($page);
        $this->assertStringContainsString('Exam 0', $html);
        return $DB->perf_get_queries() - $before;
    }

    /**
     * Copies an assignment in the database: Moodle's own way takes minutes for hundreds.
     *
     * @param int $number
     */
    private function fill_course(int $number): void {
        global $DB;
        $first = $this->assignment('Exam 0');
        $module = $DB->get_record('course_modules', ['id' => $first->id]);
        $assignment = $DB->get_record('assign', ['id' => $first->instance]);
        for ($i = 1; $i < $number; $i++) {
            $assignment->name = "Exam $i";
            $module->instance = $DB->insert_record('assign', $assignment);
            $DB->insert_record('course_modules', $module);
        }
        \context_helper::create_instances(CONTEXT_MODULE);
        $ids = $DB->get_fieldset_select('course_modules', 'id', 'course = ? ORDER BY id', [$this->course->id]);
        $DB->set_field('course_sections', 'sequence', implode(',', $ids), ['id' => $module->section]);
        rebuild_course_cache($this->course->id, true);
        get_fast_modinfo($this->course->id);
    }
}
