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

namespace local_archivist\task;

use archiver_assign\fixtures\scripted_archiver;
use local_archivist\fixtures\archive_testcase;
use local_archivist\job;
use local_archivist\jobs;
use local_archivist\progress_meter;
use local_archivist\state;

defined('MOODLE_INTERNAL') || die();
require_once(__DIR__ . '/../fixtures/archive_testcase.php');

/**
 * Tests of the task that runs a job, and of the bar that Moodle shows of it.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \local_archivist\task\run_job
 */
final class run_job_test extends archive_testcase {
    /**
     * Runs the task of a job.
     *
     * @param job $job
     * @return \stdClass row of stored_progress
     */
    private function run_task(job $job): \stdClass {
        global $DB;
        jobs::queue($job);
        $record = $DB->get_record('task_adhoc', ['classname' => '\\' . run_job::class]);
        $task = \core\task\manager::adhoc_task_from_record($record);
        ob_start();
        $task->execute();
        ob_end_clean();
        $DB->delete_records('task_adhoc');
        $job->reload();
        return $DB->get_record('stored_progress', [
            'idnumber' => \core\output\stored_progress_bar::convert_to_idnumber(run_job::class, (int) $record->id),
        ]);
    }

    /**
     * All is done only when there is an archive.
     */
    public function test_bar(): void {
        $this->folder_store();
        $job = $this->make_job();
        $progress = $this->run_task($job);
        $this->assertSame(state::COMPLETED, $job->status());
        $this->assertEquals([100, 0], [$progress->percentcompleted, $progress->haserrored]);
        $this->assertStringContainsString('read back', $progress->message);
        $this->assertGreaterThan(0, (int) $job->record()->entriesdone);
    }

    /**
     * A job that fails never shows a full bar; its cause, which may name people, is not told beside it.
     */
    public function test_bar_of_failure(): void {
        global $DB;
        $this->folder_store();
        $job = $this->make_job();
        $DB->set_field('local_archivist_store', 'enabled', 0, []);
        $DB->set_field('local_archivist_store', 'name', str_repeat('ä', 255), []);
        $progress = $this->run_task($job);
        $this->assertSame(state::FAILURE, $job->status());
        $this->assertLessThan(100, $progress->percentcompleted);
        $this->assertEquals(1, $progress->haserrored);
        $this->assertSame(state::label(state::FAILURE), $progress->message);
    }

    /**
     * A new attempt begins without what an earlier one had done.
     */
    public function test_begins_from_nothing(): void {
        $this->folder_store();
        $job = $this->make_job();
        $job->update(['attempts' => 1, 'bytesdone' => 7, 'bytestotal' => 9, 'byterate' => 5, 'secondsleft' => 5]);
        $seen = null;
        scripted_archiver::$collect = function () use ($job, &$seen): void {
            $seen = (array) $job->record();
        };
        $this->run_job($job);
        $this->assertEquals(progress_meter::NOTHING, array_intersect_key($seen, progress_meter::NOTHING));
    }
}
