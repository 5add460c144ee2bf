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
 * Tests archives that are found without the database.
 *
 * @covers \local_archivist\imports
 * @covers \local_archivist\download
 * @covers \local_archivist\task\import_storage
 * @covers \local_archivist\event\import_bound
 * @covers \local_archivist\event\import_downloaded
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class imports_test extends archive_testcase {
    /** @var store The storage. */
    private store $store;

    #[\Override]
    protected function setUp(): void {
        parent::setUp();
        $this->store = $this->folder_store();
    }

    /**
     * Archives the assignment, and lets the database forget that.
     *
     * @param bool $forget
     * @return \stdClass the row of the copy
     */
    private function archive(bool $forget = true): \stdClass {
        global $DB;
        $job = $this->make_job();
        $this->assertEquals(state::COMPLETED, $this->run_job($job)->status, (string) $job->record()->cause);
        $file = current($job->files());
        if ($forget) {
            $DB->delete_records('local_archivist_file');
            $DB->delete_records('local_archivist_job');
        }
        return $file;
    }

    /**
     * What was found, sorted by key.
     *
     * @return \stdClass[]
     */
    private function found(): array {
        global $DB;
        return array_values($DB->get_records(imports::TABLE, null, 'storekey'));
    }

    /**
     * What was archived is found again with what it says about itself, once, and verified.
     */
    public function test_found_without_the_database(): void {
        $file = $this->archive();
        $seen = 0;
        $this->assertTrue(imports::scan($this->store, function () use (&$seen): bool {
            return (bool) ++$seen;
        }));
        $this->assertSame(1, $seen);
        [$row] = $this->found();
        $this->assertSame([imports::VALID, $file->storekey, $file->sha256], [$row->status, $row->storekey, $row->sha256]);
        $this->assertEquals($file->sizebytes, $row->sizebytes);
        $this->assertStringContainsString($row->uuid, $row->storekey);
        $this->assertSame('Exam 1', $row->title);
        $says = json_decode($row->metadata, true);
        $this->assertSame(['Exams', 'EX', 'Exam 1'], [$says['course'], $says['shortname'], $says['activity']]);
        $kind = array_intersect_key($says, array_flip(['purpose', 'people', 'names', 'backup']));
        $this->assertSame(['purpose' => 'activity', 'people' => 'all', 'names' => 'told', 'backup' => 'none'], $kind);
        $this->assertEquals(0, $row->courseid);
        $this->assertNull($row->problem);
        imports::scan($this->store);
        $this->assertEquals([$row->id], array_column($this->found(), 'id'));
        $overview = (new overview($this->course))->activities();
        $this->assertSame(activity::NEVER, $overview[(int) $this->cm->id]->state);
    }

    /**
     * What the database knows is not imported, and leaves the list when the database knows it again.
     */
    public function test_ours(): void {
        global $DB;
        $file = $this->archive(false);
        imports::scan($this->store);
        $this->assertSame([], $this->found());
        $DB->delete_records('local_archivist_file');
        imports::scan($this->store);
        $this->assertCount(1, $this->found());
        $DB->insert_record('local_archivist_file', $file);
        imports::scan($this->store);
        $this->assertSame([], $this->found());
    }

    /**
     * A changed archive, something else under a key, and an archive that vanished are told as what they are.
     */
    public function test_not_valid(): void {
        $clock = $this->mock_clock_with_frozen(1800000000);
        $changed = $this->archive();
        $gone = $this->archive();
        imports::scan($this->store);
        $clock->bump(60);
        $path = "{$this->folder}/{$changed->storekey}";
        $bytes = file_get_contents($path);
        chmod($path, 0600);
        file_put_contents($path, substr($bytes, 0, -10));
        unlink("{$this->folder}/{$gone->storekey}");
        $uuid = \core\uuid::generate();
        $odd = substr($uuid, -2) . "/$uuid.zip";
        @mkdir(dirname("{$this->folder}/$odd"), 0700);
        file_put_contents("{$this->folder}/$odd", 'no archive');
        imports::scan($this->store);
        $status = array_column($this->found(), 'status', 'storekey');
        $this->assertSame(imports::INVALID, $status[$changed->storekey]);
        $this->assertSame(imports::MISSING, $status[$gone->storekey]);
        $this->assertSame(imports::UNREADABLE, $status[$odd]);
        $problems = array_column($this->found(), 'problem', 'storekey');
        $this->assertNotEmpty($problems[$changed->storekey]);
        $this->assertNotEmpty($problems[$odd]);
    }

    /**
     * A storage that nobody can look into is not taken for an empty one.
     */
    public function test_unmounted(): void {
        $this->archive();
        imports::scan($this->store);
        rename($this->folder, "{$this->folder}.away");
        try {
            imports::scan($this->store);
            $this->fail('It was looked into.');
        } catch (\Archivist\Exception\ArchivistException $e) {
            $this->assertSame(imports::VALID, $this->found()[0]->status);
            $this->assertFileDoesNotExist($this->folder);
        }
    }

    /**
     * A storage of which only the database knows what lies in it says so, on the page and to the command line, with what to
     * do.
     */
    public function test_not_listed(): void {
        global $PAGE;
        $pool = $this->make_store('moodledata');
        $said = get_string('error_list', 'archivestore_moodledata', 'Storage moodledata');
        $page = new output\imports_page(new \moodle_url('/local/archivist/imports.php'));
        $stores = array_column($page->export_for_template($PAGE->get_renderer('core'))['stores'], null, 'id');
        $this->assertSame([false, $said], [$stores[$pool->id()]['can'], $stores[$pool->id()]['cannot']]);
        $this->assertNull($stores[$this->store->id()]['cannot']);
        $this->assertSame($said, runner::sentence($pool->not_listed()));
        foreach ([fn() => imports::scan($pool), fn() => imports::queue($pool->id())] as $look) {
            try {
                $look();
                $this->fail('It was looked into.');
            } catch (\moodle_exception $e) {
                $this->assertSame([$said, 'archivestore_moodledata'], [$e->getMessage(), $e->module]);
            }
        }
    }

    /**
     * A disk that is not mounted loses nobody's archives: neither where archives of ours lay, nor where others did.
     *
     * @testWith [true]
     *           [false]
     * @param bool $ours
     */
    public function test_empty_folder(bool $ours): void {
        $clock = $this->mock_clock_with_frozen(1800000000);
        $this->archive();
        if ($ours) {
            $this->archive(false);
        }
        imports::scan($this->store);
        $clock->bump(60);
        rename($this->folder, "{$this->folder}.away");
        mkdir($this->folder, 0700);
        try {
            imports::scan($this->store);
            $this->fail('It was believed.');
        } catch (\Archivist\Exception\ArchivistException $e) {
            $this->assertTrue($ours, $e->getMessage());
        } catch (\moodle_exception $e) {
            $this->assertFalse($ours);
            $this->assertSame('error_importempty', $e->errorcode);
        }
        $this->assertSame([imports::VALID], array_column($this->found(), 'status'));
        rmdir($this->folder);
        rename("{$this->folder}.away", $this->folder);
        $this->assertTrue(imports::scan($this->store));
    }

    /**
     * A name that is longer than that of any format is looked at like the others, and what lies behind it, too.
     */
    public function test_long_suffix(): void {
        $uuids = [\core\uuid::generate(), \core\uuid::generate()];
        foreach ($uuids as $uuid) {
            @mkdir("{$this->folder}/" . substr($uuid, -2), 0700);
            file_put_contents("{$this->folder}/" . substr($uuid, -2) . "/$uuid.zip.quarantine", 'no archive');
        }
        $this->assertTrue(imports::scan($this->store));
        $this->assertSame([imports::UNREADABLE, imports::UNREADABLE], array_column($this->found(), 'status'));
    }

    /**
     * A search that had to end goes on where it stood, and only then what was not seen counts as missing.
     */
    public function test_goes_on(): void {
        $clock = $this->mock_clock_with_frozen(1800000000);
        $this->archive();
        $this->archive();
        $gone = $this->archive();
        imports::scan($this->store);
        unlink("{$this->folder}/{$gone->storekey}");
        $clock->bump(60);
        $seen = [];
        $look = function (\stdClass $row) use (&$seen, $clock): bool {
            $seen[] = $row->storekey;
            $clock->bump(60);
            return false;
        };
        $after = null;
        $this->assertFalse(imports::scan($this->store, $look, $after, 1800000060));
        $this->assertSame([$after], $seen);
        $this->assertNotContains(imports::MISSING, array_column($this->found(), 'status'));
        $this->assertFalse(imports::scan($this->store, $look, $after, 1800000060));
        $this->assertTrue(imports::scan($this->store, $look, $after, 1800000060));
        $this->assertCount(2, array_unique($seen));
        $this->assertSame([$gone->storekey], array_keys(array_column($this->found(), 'status', 'storekey'), imports::MISSING));
    }

    /**
     * Two searches of a storage do not run beside each other. One that failed stops nobody from asking for the next.
     */
    public function test_one_search(): void {
        global $DB;
        $this->archive();
        $lock = locks::take("import_{$this->store->id()}");
        try {
            imports::scan($this->store);
            $this->fail('It was searched.');
        } catch (\moodle_exception $e) {
            $this->assertSame('error_importruns', $e->errorcode);
        } finally {
            $lock->release();
        }
        imports::queue($this->store->id());
        $DB->set_field('task_adhoc', 'attemptsavailable', 0);
        $this->assertFalse(imports::is_queued($this->store->id()));
        imports::queue($this->store->id());
        $this->assertTrue(imports::is_queued($this->store->id()));
    }

    /**
     * What somebody said by hand is not lost with the storage.
     */
    public function test_storage_stays(): void {
        global $DB;
        $this->archive();
        imports::scan($this->store);
        imports::bind((int) $this->found()[0]->id, (int) $this->course->id);
        try {
            stores::delete($this->store->id());
            $this->fail('It was deleted.');
        } catch (\moodle_exception $e) {
            $this->assertSame('error_storeused', $e->errorcode);
        }
        imports::bind((int) $this->found()[0]->id, 0);
        stores::delete($this->store->id());
        $this->assertSame(0, $DB->count_records(imports::TABLE));
    }

    /**
     * Only an administrator says to which course an archive belongs; that is logged, and only then others have it.
     */
    public function test_bound_by_hand(): void {
        $this->archive();
        imports::scan($this->store);
        $id = (int) $this->found()[0]->id;
        $teacher = $this->getDataGenerator()->create_and_enrol($this->course, 'editingteacher');
        $student = $this->getDataGenerator()->create_and_enrol($this->course, 'student');
        $this->setUser($teacher);
        $this->assertFalse(imports::may_download(imports::get($id)));
        try {
            imports::bind($id, (int) $this->course->id);
            $this->fail('A teacher bound it.');
        } catch (\required_capability_exception $e) {
            $this->assertEquals(0, imports::get($id)->courseid);
        }
        $this->setAdminUser();
        $sink = $this->redirectEvents();
        imports::bind($id, (int) $this->course->id);
        [$event] = array_values(array_filter($sink->get_events(), fn($e): bool => $e instanceof event\import_bound));
        $this->assertEquals(\context_course::instance($this->course->id), $event->get_context());
        $this->assertEquals([$this->course->id, 0], [$event->other['courseid'], $event->other['before']]);
        $this->assertStringContainsString((string) $id, $event->get_description());
        $this->assertEventContextNotUsed($event);
        $row = imports::get($id);
        $this->assertEquals([$this->course->id, get_admin()->id], [$row->courseid, $row->userid]);
        imports::scan($this->store);
        $this->assertEquals($this->course->id, imports::get($id)->courseid);
        $this->setUser($teacher);
        $this->assertTrue(imports::may_download($row));
        $this->assertTrue(imports::of_course((int) $this->course->id));
        $this->assertFalse(imports::of_course((int) $this->course->id + 1));
        $roleid = (int) key(get_archetype_roles('editingteacher'));
        $context = \context_course::instance($this->course->id);
        assign_capability('moodle/site:accessallgroups', CAP_PROHIBIT, $roleid, $context, true);
        $this->assertFalse(imports::may_download($row));
        $this->assertFalse(imports::of_course((int) $this->course->id));
        $this->setUser($student);
        $this->assertFalse(imports::may_download($row));
        $this->expectException(\moodle_exception::class);
        download::of_import($row);
    }

    /**
     * What archives say about themselves, and what it takes to have them besides.
     *
     * @return array[]
     */
    public static function kinds(): array {
        $identities = 'local/archivist:archiveidentities';
        return [
            'of everybody' => [[], null],
            'who is who' => [['purpose' => 'identities'], $identities],
            'of one person, marked blind' => [['people' => 'one', 'names' => 'hidden'], 'mod/assign:viewblinddetails'],
            'of one person' => [['people' => 'one'], null],
            'of one person, of an unknown kind' => [['people' => 'one', 'names' => 'hidden', 'module' => 'x'], $identities],
            'with a backup of everybody' => [['backup' => 'people'], 'moodle/backup:userinfo'],
            'with a backup of nobody' => [['backup' => 'nobody'], null],
            'that does not say what it is' => [['purpose' => null], $identities],
            'that does not say what backup it has' => [['backup' => null], 'moodle/backup:userinfo'],
        ];
    }

    /**
     * An archive that was found takes the rights that one of ours takes.
     *
     * @dataProvider kinds
     * @param array $says
     * @param string|null $capability what it takes besides
     */
    public function test_rights_of_kinds(array $says, ?string $capability): void {
        $says += ['purpose' => 'activity', 'people' => 'all', 'names' => 'told', 'backup' => 'none', 'module' => 'assign'];
        $row = (object) ['courseid' => $this->course->id, 'metadata' => json_encode(array_filter($says))];
        $this->setUser($this->getDataGenerator()->create_and_enrol($this->course, 'editingteacher'));
        $this->assertSame($capability === null, imports::may_download($row));
        $this->assertFalse(imports::may_download((object) ['courseid' => 0, 'metadata' => $row->metadata]));
        if ($capability !== null) {
            $roleid = (int) key(get_archetype_roles('editingteacher'));
            assign_capability($capability, CAP_ALLOW, $roleid, \context_course::instance($this->course->id), true);
            $this->assertTrue(imports::may_download($row));
        }
    }

    /**
     * A teacher whose enrolment is suspended gets nothing, also by the id.
     */
    public function test_suspended_teacher(): void {
        $row = (object) ['courseid' => $this->course->id, 'metadata' => json_encode([
            'purpose' => 'activity', 'people' => 'all', 'names' => 'told', 'backup' => 'none',
        ])];
        $generator = $this->getDataGenerator();
        $teacher = $generator->create_and_enrol($this->course, 'editingteacher');
        $this->setUser($teacher);
        $this->assertTrue(imports::may_download($row));
        $manual = enrol_get_plugin('manual');
        foreach (enrol_get_instances($this->course->id, true) as $instance) {
            if ($instance->enrol === 'manual') {
                $manual->update_user_enrol($instance, $teacher->id, ENROL_USER_SUSPENDED);
            }
        }
        $this->setUser($teacher);
        $this->assertFalse(imports::may_download($row));
    }

    /**
     * Where things lie on the server is no matter of a teacher.
     */
    public function test_problem_on_the_page(): void {
        global $DB, $PAGE;
        $file = $this->archive();
        $path = "{$this->folder}/{$file->storekey}";
        chmod($path, 0600);
        file_put_contents($path, 'no archive');
        imports::scan($this->store);
        $DB->set_field(imports::TABLE, 'courseid', $this->course->id);
        $DB->set_field(imports::TABLE, 'problem', "Cannot read $path: it is no archive.");
        $page = new output\imports_page(new \moodle_url('/local/archivist/index.php'), (int) $this->course->id);
        $output = $PAGE->get_renderer('core');
        $this->assertStringContainsString($path, $page->export_for_template($output)['rows'][0]['problem']);
        $this->setUser($this->getDataGenerator()->create_and_enrol($this->course, 'editingteacher'));
        $told = $page->export_for_template($output)['rows'][0]['problem'];
        $this->assertSame('Cannot read …: it is no archive.', $told);
    }

    /**
     * A download is compared with what was found, and one that is not that is not handed out whole.
     */
    public function test_download(): void {
        $file = $this->archive();
        imports::scan($this->store);
        [$row] = $this->found();
        $sent = '';
        $headers = [];
        $begin = function (array $given) use (&$headers): void {
            $headers = $given;
        };
        $write = function (string $bytes) use (&$sent): bool {
            $sent .= $bytes;
            return true;
        };
        $sink = $this->redirectEvents();
        download::of_import($row)->send($begin, $write);
        [$event] = array_values(array_filter($sink->get_events(), fn($e): bool => $e instanceof event\import_downloaded));
        $this->assertEquals([$row->id, get_admin()->id, 'r'], [$event->objectid, $event->userid, $event->crud]);
        $this->assertStringContainsString("'{$row->id}'", $event->get_description());
        $this->assertEventContextNotUsed($event);
        $this->assertSame($row->sha256, hash('sha256', $sent));
        $this->assertStringContainsString(basename($row->storekey), $headers['Content-Disposition']);
        $path = "{$this->folder}/{$file->storekey}";
        chmod($path, 0600);
        file_put_contents($path, strrev(file_get_contents($path)));
        $sent = '';
        try {
            download::of_import($row)->send($begin, $write);
            $this->fail('It was handed out.');
        } catch (\moodle_exception $e) {
            $this->assertSame('cause_notwhatstored', $e->errorcode);
            $this->assertLessThan((int) $row->sizebytes, strlen($sent));
        }
    }

    /**
     * The page queues one task for a storage, which finds the same, and shows it with a badge of its own.
     */
    public function test_page_and_task(): void {
        global $PAGE;
        $this->archive();
        imports::queue($this->store->id());
        imports::queue($this->store->id());
        $this->assertTrue(imports::is_queued($this->store->id()));
        $this->assertCount(1, \core\task\manager::get_adhoc_tasks(task\import_storage::class));
        $this->expectOutputRegex('/: valid.*Found 1 archives/s');
        $this->runAdhocTasks(task\import_storage::class);
        $this->assertFalse(imports::is_queued($this->store->id()));
        $url = new \moodle_url('/local/archivist/imports.php');
        $output = $PAGE->get_renderer('core');
        $data = (new output\imports_page($url))->export_for_template($output);
        $this->assertSame(get_string('import_valid', 'local_archivist'), $data['rows'][0]['label']);
        $this->assertSame('Exams, Exam 1', $data['rows'][0]['says']);
        $this->assertNotNull($data['rows'][0]['downloadurl']);
        $html = $output->render_from_template('local_archivist/imports_page', $data);
        $this->assertStringContainsString($this->found()[0]->sha256, $html);
        $this->assertSame([], (new output\imports_page($url, (int) $this->course->id))->export_for_template($output)['rows']);
        $told = cli::import($this->found()[0]);
        $this->assertSame(['valid', 'Exams', 'Exam 1'], [$told['state'], $told['course'], $told['activity']]);
    }
}
