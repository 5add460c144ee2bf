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

namespace local_archivist\privacy;

use core_privacy\local\metadata\collection;
use core_privacy\local\request\approved_contextlist;
use core_privacy\local\request\approved_userlist;
use core_privacy\local\request\userlist;
use core_privacy\local\request\writer;
use local_archivist\fixtures\archive_testcase;
use local_archivist\job;
use local_archivist\jobs;
use local_archivist\journal;
use local_archivist\scope;
use local_archivist\task_record;

defined('MOODLE_INTERNAL') || die();
require_once(__DIR__ . '/../fixtures/archive_testcase.php');

/**
 * Tests of what is told and erased.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \local_archivist\privacy\provider
 */
final class provider_test extends archive_testcase {
    /** @var \stdClass Asked for two jobs. */
    private \stdClass $teacher;

    /** @var \stdClass Two jobs are about this person. */
    private \stdClass $student;

    /** @var job A completed job about everybody. */
    private job $all;

    /** @var job A completed job about the student. */
    private job $one;

    /** @var job A cancelled job about the student. */
    private job $none;

    #[\Override]
    protected function setUp(): void {
        parent::setUp();
        $this->folder_store();
        $this->teacher = $this->getDataGenerator()->create_and_enrol($this->course, 'editingteacher');
        $this->student = $this->getDataGenerator()->create_and_enrol($this->course, 'student');
        $this->setUser($this->teacher);
        $this->all = $this->make_job();
        $this->one = jobs::create($this->cm, scope::user((int) $this->student->id), [], 'page', false);
        $this->setAdminUser();
        $this->none = jobs::create($this->cm, scope::user((int) $this->student->id), [], 'page', false);
        $this->run_job($this->all);
        $this->run_job($this->one);
        jobs::cancel($this->none);
    }

    /**
     * Every component of the plugin says what it keeps.
     */
    public function test_compliance(): void {
        $manager = new \core_privacy\manager();
        $components = ['local_archivist'];
        foreach (\core_component::get_subplugins('local_archivist') as $type => $names) {
            foreach ($names as $name) {
                $components[] = "{$type}_$name";
            }
        }
        foreach ($components as $component) {
            $this->assertTrue($manager->component_is_compliant($component), $component);
        }
        $collection = provider::get_metadata(new collection('local_archivist'));
        foreach ($collection->get_collection() as $item) {
            foreach (array_merge([$item->get_summary()], array_values($item->get_privacy_fields() ?? [])) as $key) {
                $this->assertTrue(get_string_manager()->string_exists($key, 'local_archivist'), $key);
            }
        }
        // What an export tells, and each column about somebody, is declared.
        $declared = [];
        foreach ($collection->get_collection() as $item) {
            $declared[$item->get_name()] = array_keys($item->get_privacy_fields() ?? []);
        }
        $marks = (new \ReflectionClassConstant(provider::class, 'MARKS'))->getValue();
        $person = array_diff(array_keys($GLOBALS['DB']->get_columns('local_archivist_person')), ['id', 'jobid']);
        foreach ($marks + ['local_archivist_person' => $person] as $table => $fields) {
            $this->assertSame([], array_diff($fields, $declared[$table]), $table);
        }
    }

    /**
     * People are found in the context of the course, and when that is gone in the site's.
     */
    public function test_contexts_and_users(): void {
        $course = \context_course::instance($this->course->id);
        $this->assert_found($course);
        delete_course($this->course, false);
        $this->assert_found(\context_system::instance());
    }

    /**
     * Both people are found in exactly this context.
     *
     * @param \context $context
     */
    private function assert_found(\context $context): void {
        foreach ([$this->teacher, $this->student] as $user) {
            $this->assertEquals([$context->id], provider::get_contexts_for_userid((int) $user->id)->get_contextids());
        }
        $other = $this->getDataGenerator()->create_user();
        $this->assertEmpty(provider::get_contexts_for_userid((int) $other->id)->get_contextids());
        $list = new userlist($context, 'local_archivist');
        provider::get_users_in_context($list);
        $this->assertEqualsCanonicalizing([get_admin()->id, $this->teacher->id, $this->student->id], $list->get_userids());
        $list = new userlist(\context_user::instance($this->teacher->id), 'local_archivist');
        provider::get_users_in_context($list);
        $this->assertEmpty($list->get_userids());
    }

    /**
     * Each person gets their jobs, and no log of jobs about others.
     */
    public function test_export(): void {
        $context = \context_course::instance($this->course->id);
        $this->one->update(['failurecount' => 1, 'failures' => '[{"name":"Mia/a.txt","cause":"It is gone."}]']);
        $expected = [$this->teacher->id => [$this->all, $this->one], $this->student->id => [$this->one, $this->none]];
        foreach ([$this->teacher, $this->student] as $user) {
            writer::reset();
            provider::export_user_data(new approved_contextlist($user, 'local_archivist', [$context->id]));
            foreach ([$this->all, $this->one, $this->none] as $job) {
                $data = writer::with_context($context)->get_data(['Archivist', "Exam 1 ({$job->record()->uuid})"]);
                $this->assertSame(in_array($job, $expected[$user->id], true), $data !== []);
                if ($data) {
                    $this->assertSame($user === $this->student, $data->log !== []);
                    $this->assertCount(count($job->files()), $data->copies);
                    $names = $job === $this->one ? ['Mia/a.txt'] : [];
                    $this->assertSame($user === $this->student ? $names : count($names), $data->missing);
                }
            }
        }
    }

    /**
     * Erasing the teacher takes the name off the jobs; the archives stay.
     */
    public function test_erase_initiator(): void {
        global $DB;
        $context = \context_course::instance($this->course->id);
        provider::delete_data_for_user(new approved_contextlist($this->teacher, 'local_archivist', [$context->id]));
        $this->assertEmpty(provider::get_contexts_for_userid((int) $this->teacher->id)->get_contextids());
        $this->assertSame(3, $DB->count_records('local_archivist_job'));
        $this->assertFalse($DB->record_exists('local_archivist_task', ['userid' => $this->teacher->id]));
        $this->assertCount(1, $this->all->files(true));
        $this->assertTrue($DB->record_exists('local_archivist_log', ['jobid' => $this->one->id()]));
    }

    /**
     * Erasing the student removes logs, and the job that made no archive; the archive stays and stays findable.
     */
    public function test_erase_subject(): void {
        global $DB;
        $context = \context_course::instance($this->course->id);
        provider::delete_data_for_users(new approved_userlist($context, 'local_archivist', [(int) $this->student->id]));
        $this->assertEqualsCanonicalizing(
            [$this->all->id(), $this->one->id()],
            array_map('intval', $DB->get_fieldset_select('local_archivist_job', 'id', '1 = 1')),
        );
        $this->assertEquals([$this->all->id()], $DB->get_fieldset_sql('SELECT DISTINCT jobid FROM {local_archivist_log}'));
        $this->assertCount(1, $this->one->files(true));
        $this->assertEquals([$context->id], provider::get_contexts_for_userid((int) $this->student->id)->get_contextids());
    }

    /**
     * Copies that are deleted, or were only announced, keep no job; what may still lie in a storage does.
     *
     * @dataProvider remains
     * @param string $status of the copy
     * @param bool $journal whether the engine knows of the job
     * @param bool $kept
     */
    public function test_erase_without_copies(string $status, bool $journal, bool $kept): void {
        global $DB;
        $id = $this->none->id();
        $DB->insert_record('local_archivist_file', ['jobid' => $id, 'storeid' => 1, 'storekey' => 'x', 'filename' => 'x',
            'format' => 'zip', 'status' => $status]);
        if ($journal) {
            journal::staging()->create($this->none->record()->uuid);
        }
        $context = \context_course::instance($this->course->id);
        provider::delete_data_for_users(new approved_userlist($context, 'local_archivist', [(int) $this->student->id]));
        $this->assertSame($kept, $DB->record_exists('local_archivist_job', ['id' => $id]));
        $this->assertSame($kept, $DB->record_exists('local_archivist_file', ['jobid' => $id]));
    }

    /**
     * What may remain of a job that ended without an archive.
     *
     * @return array
     */
    public static function remains(): array {
        return [
            'nothing any more' => ['deleted', false, false],
            'nothing yet' => ['writing', false, false],
            'nobody has looked yet' => ['writing', true, true],
            'an archive' => ['stored', false, true],
        ];
    }

    /**
     * Erasing a context touches its jobs only.
     */
    public function test_erase_context(): void {
        global $DB;
        provider::delete_data_for_all_users_in_context(\context_system::instance());
        $this->assertSame(3, $DB->count_records_select('local_archivist_job', 'userid > 0'));
        provider::delete_data_for_all_users_in_context(\context_course::instance($this->course->id));
        $this->assertSame(0, $DB->count_records_select('local_archivist_job', 'userid > 0'));
        $this->assertSame(2, $DB->count_records('local_archivist_job'));
        $this->assertCount(2, $this->files_in());
    }

    /**
     * Who downloaded an archive of others is found and forgotten, and nobody else with them.
     */
    public function test_downloader(): void {
        global $DB;
        $context = \context_course::instance($this->course->id);
        $reader = $this->getDataGenerator()->create_user();
        $this->setUser($reader);
        $task = task_record::create($this->all, 'archivestore_filesystem', 'read', 'a', 'download')->record();
        $this->assertSame([(int) $context->id], array_map('intval', provider::get_contexts_for_userid((int) $reader->id)
            ->get_contextids()));
        $userlist = new \core_privacy\local\request\userlist($context, 'local_archivist');
        provider::get_users_in_context($userlist);
        $this->assertContains((int) $reader->id, array_map('intval', $userlist->get_userids()));
        $approved = new \core_privacy\local\request\approved_contextlist($reader, 'local_archivist', [$context->id]);
        provider::export_user_data($approved);
        $path = [get_string('pluginname', 'local_archivist'), "{$this->cm->name} ({$this->all->record()->uuid})"];
        $this->assertCount(1, \core_privacy\local\request\writer::with_context($context)->get_data($path)->downloaded_by_you);
        $before = $DB->count_records('local_archivist_task', ['userid' => $this->teacher->id]);
        provider::delete_data_for_user($approved);
        $this->assertSame(0, (int) $DB->get_field('local_archivist_task', 'userid', ['id' => $task->id]));
        $this->assertSame($before, $DB->count_records('local_archivist_task', ['userid' => $this->teacher->id]));
        $this->assertEquals($this->teacher->id, $DB->get_field('local_archivist_job', 'userid', ['id' => $this->all->id()]));
    }
}
