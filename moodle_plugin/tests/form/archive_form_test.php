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

namespace local_archivist\form;

use local_archivist\archivers;
use local_archivist\batch;
use local_archivist\engine;
use local_archivist\jobs;
use local_archivist\overview;
use local_archivist\people;
use local_archivist\scope;
use local_archivist\state;

/**
 * Tests the form before archiving, and what comes of it.
 *
 * @covers \\local_archivist\\form\\archive_form
 * @covers \\local_archivist\\batch
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class archive_form_test extends \advanced_testcase {
    /** @var \stdClass The course. */
    private \stdClass $course;

    /** @var \cm_info[] Its activities. */
    private array $cms;

    /** @var int The storage. */
    private int $store;

    #[\Override]
    protected function setUp(): void {
        parent::setUp();
        $this->resetAfterTest();
        $this->setAdminUser();
        engine::set_version_for_test(engine::REQUIRED);
        $this->course = $this->getDataGenerator()->create_course();
        foreach (['Exam', 'Retake'] as $name) {
            $module = $this->getDataGenerator()->create_module('assign', ['course' => $this->course->id, 'name' => $name]);
            $ids[] = $module->cmid;
        }
        $this->cms = array_map(fn($id): \cm_info => get_fast_modinfo($this->course)->get_cm($id), $ids);
        $generator = $this->getDataGenerator()->get_plugin_generator('local_archivist');
        $this->store = $generator->create_store(make_request_directory());
    }

    #[\Override]
    protected function tearDown(): void {
        engine::set_version_for_test(false);
        parent::tearDown();
    }

    /**
     * The form, as it was sent.
     *
     * @param array $data
     * @return archive_form
     */
    private function form(array $data): archive_form {
        archive_form::mock_submit($data + [
            'courseid' => $this->course->id, 'scope' => 'all', 'format' => 'zip', 'stores' => [$this->store => 1],
        ]);
        return new archive_form(null, [
            'courseid' => $this->course->id,
            'cms' => $this->cms,
            'unchanged' => overview::unchanged($this->cms, scope::all()),
            'users' => people::choosable(\context_course::instance($this->course->id), $this->cms),
            'stores' => [$this->store => 'Shelf'],
        ]);
    }

    /**
     * What was chosen becomes options.
     */
    public function test_options(): void {
        $student = $this->getDataGenerator()->create_and_enrol($this->course, 'student');
        $data = $this->form(['scope' => 'user', 'userid' => $student->id, 'format' => 'tar.zst', 'sha512' => 1])->get_data();
        $this->assertSame([
            'format' => 'tar.zst', 'sha512' => true, 'backup' => false, 'stores' => [$this->store],
        ], archive_form::options($data));
        $this->assertSame((int) $student->id, archive_form::scope($data)->userid);
        $data = $this->form(['backup' => 1])->get_data();
        $this->assertTrue(archive_form::options($data)['backup']);
        $this->assertTrue(archive_form::scope($data)->is_all());
    }

    /**
     * What is missing is asked for, and nobody outside of the course can be chosen.
     */
    public function test_validation(): void {
        $stranger = $this->getDataGenerator()->create_user();
        $this->assertNull($this->form(['stores' => [$this->store => 0]])->get_data());
        $this->assertNull($this->form(['scope' => 'user'])->get_data());
        $this->assertNull($this->form(['scope' => 'user', 'userid' => $stranger->id])->get_data());
        $this->assertNull($this->form(['format' => 'exe'])->get_data()->format ?? null);
    }

    /**
     * The form shows the defaults of the administrator.
     */
    public function test_defaults(): void {
        set_config('sha512', 1, 'local_archivist');
        set_config('format', 'tar.gz', 'local_archivist');
        $form = new archive_form(null, [
            'courseid' => $this->course->id, 'cms' => $this->cms, 'users' => [], 'unchanged' => [],
            'stores' => [$this->store => 'Shelf'],
        ]);
        $form->set_options(jobs::default_options());
        $html = $form->render();
        $this->assertMatchesRegularExpression('/<option value="tar.gz"\s+selected/', $html);
        $this->assertMatchesRegularExpression('/name="sha512"[^>]*value="1"[^>]*checked/s', $html);
        $this->assertMatchesRegularExpression("/name=\"stores\\[{$this->store}\\]\"[^>]*value=\"1\"[^>]*checked/s", $html);
    }

    /**
     * One job for each activity; those that run already are left alone.
     */
    public function test_batch(): void {
        global $DB;
        $batch = batch::create($this->cms, scope::all(), ['format' => 'tar']);
        $this->assertCount(2, $batch->jobs);
        $this->assertSame([], $batch->problems);
        $this->assertSame('tar', $batch->jobs[0]->option('format'));
        $this->assertSame(state::QUEUED, $batch->jobs[1]->status());
        $url = $batch->announce((int) $this->course->id);
        $this->assertStringContainsString('/local/archivist/index.php', $url->out());

        $again = batch::create($this->cms, scope::all(), []);
        $this->assertCount(0, $again->jobs);
        $this->assertCount(2, $again->problems);
        $this->assertSame(2, $DB->count_records('local_archivist_job'));

        $one = batch::create([$this->cms[0]], scope::user(2), []);
        $this->assertStringContainsString('/local/archivist/job.php', $one->announce((int) $this->course->id)->out());
        \core\notification::fetch();
    }

    /**
     * What is archived and has not changed is offered; a second archive is only made on purpose.
     */
    public function test_unchanged(): void {
        global $DB;
        $generator = $this->getDataGenerator()->get_plugin_generator('local_archivist');
        $print = archivers::all()['assign']::fingerprints((int) $this->course->id);
        $archive = $generator->create_job($this->cms[0], ['fingerprint' => $print[(int) $this->cms[0]->id]]);
        $generator->create_copy($archive, $this->store);
        $html = $this->form([])->render();
        $this->assertStringContainsString("/local/archivist/job.php?id={$archive->id()}", $html);
        $this->assertStringContainsString('name="again"', $html);
        $this->assertNotNull($this->form([])->get_data());

        $batch = batch::create($this->cms, scope::all(), []);
        $this->assertSame([$archive->id()], array_map(fn($job): int => $job->id(), $batch->unchanged));
        $this->assertSame([(int) $this->cms[1]->id], array_map(fn($job): int => (int) $job->record()->cmid, $batch->jobs));
        $this->assertSame([], $batch->problems);

        $one = batch::create([$this->cms[0]], scope::all(), []);
        $this->assertSame([], $one->jobs);
        $this->assertStringContainsString("/local/archivist/job.php?id={$archive->id()}", $one->announce(1)->out());
        $this->assertStringContainsString('Exam', \core\notification::fetch()[0]->get_message());
        $this->cms = [$this->cms[0]];
        $this->assertNull($this->form([])->get_data());
        $this->assertNotNull($this->form(['again' => 1])->get_data());
        $this->assertCount(1, batch::create($this->cms, scope::all(), [], true)->jobs);

        // One person's copy is another archive.
        $this->assertCount(1, batch::create($this->cms, scope::user(2), [])->jobs);
        // Something changed since.
        $DB->delete_records('local_archivist_job', ['status' => state::QUEUED]);
        $DB->insert_record('assign_submission', (object) [
            'assignment' => $this->cms[0]->instance, 'userid' => 2, 'status' => 'submitted', 'latest' => 1, 'timecreated' => 1,
            'timemodified' => 1,
        ]);
        $this->assertCount(1, batch::create($this->cms, scope::all(), [])->jobs);
    }

    /**
     * Who may not make a backup with people by hand is neither offered one nor gets one.
     *
     * @dataProvider backup_capabilities
     * @param string|null $missing
     * @param bool $allowed
     */
    public function test_backup_rights(?string $missing, bool $allowed): void {
        global $DB;
        $context = \context_course::instance($this->course->id);
        $teacher = $this->getDataGenerator()->create_and_enrol($this->course, 'editingteacher');
        $role = $DB->get_field('role', 'id', ['shortname' => 'editingteacher']);
        assign_capability('moodle/backup:userinfo', CAP_ALLOW, $role, $context->id, true);
        if ($missing) {
            assign_capability($missing, CAP_PREVENT, $role, $context->id, true);
        }
        set_config('backup', 1, 'local_archivist');
        $this->setUser($teacher);
        $this->assertSame($allowed, str_contains($this->form([])->render(), 'name="backup"'));
        $jobs = batch::create($this->cms, scope::all(), ['backup' => true])->jobs;
        $jobs[] = batch::create([$this->cms[0]], scope::user((int) $teacher->id), jobs::default_options())->jobs[0];
        $this->assertSame([$allowed, $allowed, $allowed], array_map(fn($job) => $job->option('backup'), $jobs));
        $this->assertTrue(jobs::create($this->cms[0], null, [], 'cli')->option('backup'));
    }

    /**
     * Which capability is missing, and whether a backup can be had.
     *
     * @return array
     */
    public static function backup_capabilities(): array {
        return [
            'none is missing' => [null, true],
            'no backup' => ['moodle/backup:backupactivity', false],
            'no people' => ['moodle/backup:userinfo', false],
        ];
    }

    /**
     * While marking is blind, only who sees names anyway may ask for the archive of one person.
     */
    public function test_blind_marking(): void {
        global $DB;
        $student = $this->getDataGenerator()->create_and_enrol($this->course, 'student');
        $module = $this->getDataGenerator()->create_module('assign', ['course' => $this->course->id, 'blindmarking' => 1]);
        $cms = [get_fast_modinfo($this->course->id)->get_cm($module->cmid), $this->cms[0]];
        $scope = scope::user((int) $student->id);
        $this->setUser($this->getDataGenerator()->create_and_enrol($this->course, 'editingteacher'));
        $batch = batch::create($cms, $scope, []);
        $this->assertCount(1, $batch->jobs);
        $this->assertStringContainsString(s(get_string('error_blind', 'local_archivist')), implode($batch->problems));
        $this->assertCount(1, batch::create([$cms[0]], scope::all(), [])->jobs);
        $role = $DB->get_field('role', 'id', ['shortname' => 'editingteacher']);
        assign_capability('mod/assign:viewblinddetails', CAP_ALLOW, $role, $cms[0]->context->id, true);
        $this->assertCount(1, batch::create([$cms[0]], $scope, [])->jobs);
    }

    /**
     * A form that is sent twice at once makes one job.
     */
    public function test_batch_twice_at_once(): void {
        global $DB;
        $lock = jobs::creation_lock($this->cms[0], scope::all());
        $batch = batch::create($this->cms, scope::all(), []);
        $lock->release();
        $this->assertSame([(int) $this->cms[1]->id], array_map(fn($job): int => (int) $job->record()->cmid, $batch->jobs));
        $this->assertCount(1, $batch->problems);
        $this->assertCount(1, batch::create($this->cms, scope::all(), [])->jobs);
        $this->assertSame(2, $DB->count_records('local_archivist_job'));
    }

    /**
     * One that cannot be archived does not stop the others.
     */
    public function test_batch_goes_on(): void {
        $module = $this->getDataGenerator()->create_module('label', ['course' => $this->course->id]);
        $label = get_fast_modinfo($this->course->id)->get_cm($module->cmid);
        $this->assertFalse(archivers::supports('label'));
        $batch = batch::create([$label, $this->cms[0]], scope::all(), []);
        $this->assertCount(1, $batch->jobs);
        $this->assertCount(1, $batch->problems);
    }
}
