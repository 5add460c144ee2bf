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
 * Tests what is left of deleted jobs and archives.
 *
 * @covers \local_archivist\tombstones
 * @covers \local_archivist\jobs
 * @covers \local_archivist\access
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class tombstones_test extends archive_testcase {
    /**
     * A job with a copy in each of two storages.
     *
     * @param array $record further columns of the job
     * @return job
     */
    private function archived(array $record = []): job {
        $job = $this->make_job(['stores' => [$this->folder_store()->id(), $this->folder_store()->id()]]);
        $this->assertEquals(state::COMPLETED, $this->run_job($job)->status, (string) $job->record()->cause);
        $job->update($record);
        return $job;
    }

    /**
     * All traces, the oldest first.
     *
     * @return \stdClass[]
     */
    private function traces(): array {
        global $DB;
        return array_values($DB->get_records('local_archivist_tombstone', null, 'id'));
    }

    /**
     * A deleted job leaves one trace of itself and one of each copy; they say what, when and by whom, and outlive the course.
     */
    public function test_deleted_job(): void {
        global $DB;
        $clock = $this->mock_clock_with_frozen(1800000000);
        $teacher = $this->getDataGenerator()->create_and_enrol($this->course, 'manager', ['firstname' => 'Mia', 'lastname' => 'M']);
        $job = $this->archived();
        $uuid = $job->record()->uuid;
        [$copy] = array_values($job->files());
        $sha256 = $copy->sha256;
        $this->setUser($teacher);
        jobs::delete($job);
        [$one, $other, $whole] = $this->traces();
        $this->assertSame(['archive', 'archive', 'job'], array_column($this->traces(), 'kind'));
        foreach ([$one, $other, $whole] as $trace) {
            $this->assertEquals($job->id(), $trace->jobid);
            $this->assertEquals($teacher->id, $trace->userid);
            $this->assertEquals([1800000000, 1800000000], [$trace->timecreated, $trace->timedone]);
            $this->assertSame(['Exams', 'Exam 1', 'assign'], [$trace->coursename, $trace->activityname, $trace->modname]);
            $this->assertSame(tombstones::ASKED, $trace->reason);
            $this->assertStringContainsString('Mia M', tombstones::sentence($trace));
            $this->assertStringNotContainsString($uuid, json_encode($trace));
            $this->assertStringNotContainsString($sha256, json_encode($trace));
        }
        $this->assertEquals($copy->sizebytes, $one->sizebytes);
        $this->assertSame(hash_hmac('sha256', $sha256, $one->salt), $one->digest);
        $this->assertNotSame($one->salt, $other->salt);
        delete_course($this->course, false);
        $this->assertCount(3, $this->traces());
        $this->assertEquals(3, count(tombstones::of_archive(strtoupper($uuid), 10)));
        $this->assertEquals([$other->id, $one->id], array_keys(tombstones::of_archive($sha256, 10)));
        $this->assertSame([], tombstones::of_archive(hash('sha256', 'another'), 10));
        $this->assertFalse($DB->record_exists('local_archivist_job', []));
    }

    /**
     * A storage that refuses leaves a trace that says so, and the next deletion confirms it without a second one.
     */
    public function test_storage_that_does_not_answer(): void {
        $clock = $this->mock_clock_with_frozen(1800000000);
        $job = $this->archived();
        $file = current($job->files());
        $folder = stores::get((int) $file->storeid)->describe();
        rename($folder, "$folder.away");
        touch($folder);
        try {
            jobs::delete_copy($job, $file);
            $this->fail('It was deleted.');
        } catch (\moodle_exception $e) {
            $this->assertSame('error_notdeleted', $e->errorcode);
        }
        $this->assertEquals([0, 1800000000], [$this->traces()[0]->timedone, $this->traces()[0]->timecreated]);
        $this->assertStringContainsString('not confirmed', tombstones::sentence($this->traces()[0]));
        unlink($folder);
        rename("$folder.away", $folder);
        $clock->bump(60);
        $this->setUser($this->getDataGenerator()->create_user());
        jobs::delete_copy($job, $file);
        $this->assertCount(1, $this->traces());
        $this->assertEquals([1800000060, 1800000000], [$this->traces()[0]->timedone, $this->traces()[0]->timecreated]);
        $this->assertEquals(get_admin()->id, $this->traces()[0]->userid);
        $this->assertEquals(1, $this->traces()[0]->found);
    }

    /**
     * A run that was killed when the storage had deleted: the trace of who did it is there, and stays.
     */
    public function test_killed_between_storage_and_database(): void {
        $job = $this->archived();
        $file = current($job->files());
        tombstones::begin($job, $file, tombstones::ASKED);
        stores::get((int) $file->storeid)->driver()->delete($file->storekey);
        $this->setUser($this->getDataGenerator()->create_user());
        jobs::delete_copy($job, $file);
        [$trace] = $this->traces();
        $this->assertEquals(get_admin()->id, $trace->userid);
        $this->assertEquals(1, $trace->found);
        $this->assertGreaterThan(0, $trace->timedone);
    }

    /**
     * A copy that somebody else had removed is told as such.
     */
    public function test_copy_that_was_gone(): void {
        $job = $this->archived();
        $file = current($job->files());
        stores::get((int) $file->storeid)->driver()->delete($file->storekey);
        jobs::delete_copy($job, $file, tombstones::SUPERSEDED);
        [$trace] = $this->traces();
        $this->assertEquals([0, 0], [$trace->found, $trace->userid]);
        $sentence = tombstones::sentence($trace);
        $this->assertStringContainsString(get_string('tombstone_notfound', 'local_archivist'), $sentence);
        $this->assertStringContainsString('complete archive', $sentence);
    }

    /**
     * Where the job's row stays, its trace is not there either.
     */
    public function test_one_transaction(): void {
        global $DB;
        $this->preventResetByRollback();
        $job = $this->archived();
        $transaction = $DB->start_delegated_transaction();
        try {
            jobs::delete($job);
            throw new \coding_exception('The database goes away.');
        } catch (\coding_exception $e) {
            $DB->force_transaction_rollback();
        }
        $this->assertTrue($DB->record_exists('local_archivist_job', ['id' => $job->id()]));
        $this->assertSame([], $this->traces());
    }

    /**
     * An archive about one person says that much and not about whom.
     */
    public function test_about_one_person(): void {
        $student = $this->getDataGenerator()->create_user(['firstname' => 'Zoe', 'lastname' => 'Zed']);
        jobs::delete($this->archived(['scopeuserid' => $student->id]), tombstones::CLI);
        foreach ($this->traces() as $trace) {
            $this->assertEquals([1, 0], [$trace->oneperson, $trace->userid]);
            $this->assertStringContainsString('command line', tombstones::sentence($trace));
        }
    }

    /**
     * Who may see the jobs of a course is told what became of one, and nobody else is.
     */
    public function test_who_is_told(): void {
        $generator = $this->getDataGenerator();
        $job = $this->archived();
        jobs::delete($job);
        $manager = $generator->create_user();
        role_assign((int) key(get_archetype_roles('manager')), $manager->id, \context_system::instance());
        $teacher = $generator->create_and_enrol($this->course, 'editingteacher');
        $this->setUser($teacher);
        $this->assertEquals($job->id(), access::deleted_job($job->id())->jobid);
        $this->assertNull(access::deleted_job($job->id() + 1));
        $this->setUser($generator->create_and_enrol($this->course, 'student'));
        $this->assertNull(access::deleted_job($job->id()));
        delete_course($this->course, false);
        $this->setUser($teacher);
        $this->assertNull(access::deleted_job($job->id()));
        $this->setUser($manager);
        $this->assertNotNull(access::deleted_job($job->id()));
    }

    /**
     * The list finds names, and one archive by what only who has it knows.
     */
    public function test_page(): void {
        global $PAGE;
        $job = $this->archived();
        $uuid = $job->record()->uuid;
        $sha256 = current($job->files())->sha256;
        jobs::delete($job);
        $output = $PAGE->get_renderer('core');
        $rows = fn(...$what): int => count((new output\deletions_page(...$what))->export_for_template($output)['rows']);
        $this->assertSame(3, $rows());
        $this->assertSame(3, $rows('exam 1'));
        $this->assertSame(0, $rows('100%'));
        $this->assertSame(3, $rows('', $uuid));
        $this->assertSame(2, $rows('', $sha256));
        $this->assertSame(0, $rows('', hash('sha256', 'nothing')));
        $html = $output->render_from_template(
            'local_archivist/deletions_page',
            (new output\deletions_page())->export_for_template($output),
        );
        $this->assertStringContainsString('Exam 1', $html);
    }
}
