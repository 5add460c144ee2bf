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

use local_archivist\fixtures\archive_testcase;

defined('MOODLE_INTERNAL') || die();
require_once(__DIR__ . '/fixtures/archive_testcase.php');

/**
 * Tests archives of who is who in an activity that is marked blind.
 *
 * @covers \local_archivist\jobs
 * @covers \local_archivist\collection
 * @covers \local_archivist\access
 * @covers \local_archivist\overview
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class identities_test extends archive_testcase {
    /** @var \stdClass Somebody who handed in. */
    private \stdClass $student;

    #[\Override]
    protected function setUp(): void {
        parent::setUp();
        $method = new \ReflectionMethod(archivers::all()['assign'], 'collect_identities');
        if ($method->getDeclaringClass()->getName() === archiver::class) {
            $this->markTestSkipped('The driver for assignments does not say who is who.');
        }
        $generator = $this->getDataGenerator();
        $module = $generator->create_module('assign', [
            'course' => $this->course->id, 'name' => 'Exam 2', 'blindmarking' => 1, 'assignsubmission_onlinetext_enabled' => 1,
        ]);
        $this->cm = get_fast_modinfo($this->course->id)->get_cm($module->cmid);
        $this->student = $generator->create_and_enrol($this->course, 'student', [
            'firstname' => 'Zoe', 'lastname' => 'Zed', 'idnumber' => 'S4711',
        ]);
        $generator->get_plugin_generator('mod_assign')->create_submission([
            'userid' => $this->student->id, 'cmid' => $module->cmid, 'onlinetext' => 'To be.',
        ]);
        $this->folder_store();
    }

    /**
     * Runs a job with the driver of the activity.
     *
     * @param job $job
     * @return job
     */
    private function run_whole(job $job): job {
        $this->assertTrue((new runner($job))->run());
        $job->reload();
        $this->assertSame(state::COMPLETED, $job->status(), (string) $job->record()->cause);
        return $job;
    }

    /**
     * All that is in the archive of a job.
     *
     * @param job $job
     * @return string
     */
    private function content(job $job): string {
        $folder = make_request_directory();
        $path = "{$this->folder}/" . current($job->files(true))->storekey;
        (new \Archivist\Verifier())->extract($path, "$folder/out");
        $content = (string) (new \Archivist\Verifier())->verify($path)->jobJson;
        foreach ($this->files_in("$folder/out") as $file) {
            $content .= "$file\n" . file_get_contents("$folder/out/$file");
        }
        return $content;
    }

    /**
     * The archive of the activity names nobody; the other one says who is who, belongs to it and says who asked for it.
     */
    public function test_archived_apart(): void {
        $manager = $this->getDataGenerator()->create_and_enrol($this->course, 'manager', ['lastname' => 'Keeper']);
        $main = $this->run_whole($this->make_job());
        $this->assertTrue($main->may_have_identities());
        $this->assertStringNotContainsString('Zed', $this->content($main));
        $this->setUser($manager);
        $job = jobs::create_identities($main, 'page', false);
        $this->run_whole($job);
        $content = $this->content($job);
        foreach (['Zoe', 'S4711', 'Keeper', $main->record()->uuid] as $text) {
            $this->assertStringContainsString($text, $content);
        }
        $this->assertStringNotContainsString('To be.', $content);
        $this->assertEquals([$main->id(), $manager->id], [$job->parent()->id(), $job->record()->userid]);
        $this->assertSame([$job->id()], array_map(fn(job $j): int => $j->id(), $main->identities()));
        $this->assertGreaterThan(0, json_decode($job->record()->archived, true)['participant']);
        $this->assertContains((int) $this->student->id, array_map('intval', $GLOBALS['DB']->get_fieldset(
            'local_archivist_person',
            'userid',
            ['jobid' => $job->id()],
        )));
        $overview = (new overview($this->course))->activities()[(int) $this->cm->id];
        $this->assertSame([activity::ARCHIVED, $main->id()], [$overview->state, $overview->archived->id()]);
        $this->assertTrue($overview->anonymous);
        $page = (new output\job_page($main))->export_for_template($GLOBALS['PAGE']->get_renderer('core'));
        $this->assertSame($job->record()->activityname, $page['blind']['links'][0]['name']);
        $page = (new output\job_page($job))->export_for_template($GLOBALS['PAGE']->get_renderer('core'));
        $this->assertStringContainsString("id={$main->id()}", $page['blind']['links'][0]['url']);
    }

    /**
     * A teacher neither makes nor gets it, and starts none again.
     */
    public function test_capability(): void {
        $main = $this->run_whole($this->make_job());
        $job = $this->run_whole(jobs::create_identities($main, 'cli', false));
        $this->setUser($this->getDataGenerator()->create_and_enrol($this->course, 'editingteacher'));
        $this->assertTrue(access::actions($main)['download']);
        $this->assertFalse(access::actions($main)['identities']);
        $this->assertFalse(access::actions($job)['download']);
        course_delete_module($this->cm->id);
        $job->reload();
        $this->assertFalse(access::may_download($job));
        $this->expectException(\required_capability_exception::class);
        access::require_action($main, 'identities');
    }

    /**
     * That people are numbers in an archive stays known when identities are revealed and the activity is deleted, and so does
     * the way to who is who.
     */
    public function test_known_afterwards(): void {
        global $DB, $PAGE;
        $main = $this->run_whole($this->make_job());
        $job = $this->run_whole(jobs::create_identities($main, 'cli', false));
        $DB->set_field('assign', 'revealidentities', 1, ['id' => $this->cm->instance]);
        course_delete_module($this->cm->id);
        $main->reload();
        $page = (new output\job_page($main))->export_for_template($PAGE->get_renderer('core'));
        $this->assertSame($job->record()->activityname, $page['blind']['links'][0]['name']);
    }

    /**
     * Who was revealed before the archive was collected stands in it by name, whatever held when it was asked for.
     */
    public function test_revealed_before_the_collection(): void {
        global $DB;
        $main = $this->make_job();
        $this->assertTrue($main->may_have_identities());
        $DB->set_field('assign', 'revealidentities', 1, ['id' => $this->cm->instance]);
        $this->run_whole($main);
        $this->assertFalse($main->may_have_identities());
    }

    /**
     * Where nobody wrote down how people stand in an archive, that is what is told.
     */
    public function test_not_on_record(): void {
        global $DB;
        $main = $this->make_job();
        $DB->set_field('local_archivist_job', 'rights', null, ['id' => $main->id()]);
        $main->reload();
        $this->expectExceptionMessage(get_string('error_identitiesunknown', 'local_archivist'));
        jobs::create_identities($main, 'cli', false);
    }

    /**
     * Once identities are revealed, page and form say that the ordinary archive has the names, instead of offering what
     * would fail.
     */
    public function test_revealed(): void {
        global $DB, $PAGE;
        $PAGE->set_url('/local/archivist/archive.php');
        $main = $this->run_whole($this->make_job());
        $said = get_string('blind_over', 'local_archivist');
        $page = fn(): array => (new output\job_page($main))->export_for_template($PAGE->get_renderer('core'))['blind'];
        $form = fn(): string => (new form\archive_form(null, ['courseid' => $this->course->id, 'cms' => [$this->cm],
            'unchanged' => [], 'users' => [], 'stores' => [1 => 'Shelf']]))->render();
        $this->assertStringNotContainsString($said, $page()['text']);
        $this->assertStringNotContainsString($said, $form());
        $this->assertTrue(access::actions($main)['identities']);
        $this->assertSame([], job::revealed_since([$this->cm]));
        $DB->set_field('assign', 'revealidentities', 1, ['id' => $this->cm->instance]);
        $this->assertStringContainsString($said, $page()['text']);
        $this->assertStringContainsString($said, $form());
        $this->assertStringNotContainsString(get_string('blind_form', 'local_archivist'), $form());
        $this->assertFalse(access::actions($main)['identities']);
        $this->assertStringContainsString('Zed', $this->content($this->run_whole($this->make_job())));
    }

    /**
     * Where nobody is hidden there is nothing to tell, nor twice at once.
     */
    public function test_refused(): void {
        global $DB;
        $main = $this->make_job();
        jobs::create_identities($main, 'cli', false);
        try {
            jobs::create_identities($main, 'cli', false);
            $this->fail('Two wait at once.');
        } catch (\moodle_exception $e) {
            $this->assertSame('error_running', $e->errorcode);
        }
        $DB->set_field('assign', 'revealidentities', 1, ['id' => $this->cm->instance]);
        $open = $this->make_job();
        $this->assertFalse($open->may_have_identities());
        $this->expectExceptionMessage(get_string('error_noidentities', 'local_archivist'));
        jobs::create_identities($open, 'cli', false);
    }

    /**
     * Who clicks twice makes one: the second one finds the lock of the first.
     */
    public function test_asked_for_twice_at_once(): void {
        global $DB;
        $main = $this->make_job();
        $lock = locks::take("create_identities_{$main->id()}");
        try {
            jobs::create_identities($main, 'cli', false);
            $this->fail('It was made.');
        } catch (\moodle_exception $e) {
            $this->assertSame('error_running', $e->errorcode);
            $this->assertSame(0, $DB->count_records('local_archivist_job', ['purpose' => job::IDENTITIES]));
        } finally {
            $lock->release();
        }
        $this->assertTrue(jobs::create_identities($main, 'cli', false)->is_identities());
    }
}
