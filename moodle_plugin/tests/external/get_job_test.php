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

namespace local_archivist\external;

use core_external\external_api;
use local_archivist\job;
use local_archivist\state;

/**
 * Tests the function behind the progress bar.
 *
 * @covers \\local_archivist\\external\\get_job
 * @covers \\local_archivist\\output\\job_progress
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class get_job_test extends \advanced_testcase {
    /**
     * A job.
     *
     * @param array $record
     * @return job
     */
    private function job(array $record): job {
        $this->resetAfterTest();
        $course = $this->getDataGenerator()->create_course();
        $module = $this->getDataGenerator()->create_module('page', ['course' => $course->id]);
        $cm = get_fast_modinfo($course)->get_cm($module->cmid);
        return $this->getDataGenerator()->get_plugin_generator('local_archivist')->create_job($cm, $record);
    }

    /**
     * Calls it as a user with a role in the course of a job.
     *
     * @param job $job
     * @param string $role
     * @return array
     */
    private function call_as(job $job, string $role): array {
        $this->setUser($this->getDataGenerator()->create_and_enrol(get_course($job->record()->courseid), $role));
        return external_api::clean_returnvalue(get_job::execute_returns(), get_job::execute($job->id()));
    }

    /**
     * A job that runs.
     */
    public function test_running(): void {
        $job = $this->job([
            'status' => state::ACTIVITY_ARCHIVING,
            'bytesdone' => 500, 'bytestotal' => 1000, 'entriesdone' => 5, 'entriestotal' => 10,
        ]);
        $found = $this->call_as($job, 'editingteacher');
        $this->assertSame($job->id(), $found['id']);
        $this->assertSame(state::ACTIVITY_ARCHIVING, $found['state']);
        $this->assertSame(state::label(state::ACTIVITY_ARCHIVING), $found['label']);
        $this->assertSame(50, $found['percent']);
        $this->assertSame([500, 1000, 5, 10], [
            $found['bytesdone'], $found['bytestotal'], $found['entriesdone'], $found['entriestotal'],
        ]);
        $this->assertFalse($found['final']);
        $this->assertStringContainsString('5 of 10', $found['message']);
    }

    /**
     * What is said in the other states.
     *
     * @return array[]
     */
    public static function messages(): array {
        return [
            'queued' => [['status' => state::QUEUED], false, 'cron'],
            'cancelled' => [['status' => state::STORE, 'cancelled' => 1], false, 'cancelled'],
            'collecting' => [['status' => state::ACTIVITY_ARCHIVING], false, 'collected'],
            'completed' => [['status' => state::COMPLETED], true, 'read back'],
            'failed' => [['status' => state::FAILURE, 'cause' => 'A < B & "C"'], true, 'A < B & "C"'],
            'failed, with a tag' => [['status' => state::FAILURE, 'cause' => '<b>x'], true, '<b>x'],
        ];
    }

    /**
     * What is said in the other states.
     *
     * @dataProvider messages
     * @param array $record
     * @param bool $final
     * @param string $message
     */
    public function test_messages(array $record, bool $final, string $message): void {
        $found = $this->call_as($this->job($record), 'manager');
        $this->assertSame($final, $found['final']);
        $this->assertStringContainsString($message, $found['message']);
        $this->assertSame($record['status'] === state::COMPLETED ? 100 : 0, $found['percent']);
    }

    /**
     * A student is not told.
     */
    public function test_no_right(): void {
        $job = $this->job([]);
        $this->expectException(\required_capability_exception::class);
        $this->call_as($job, 'student');
    }

    /**
     * Nobody else either.
     */
    public function test_not_enrolled(): void {
        $job = $this->job([]);
        $this->setUser($this->getDataGenerator()->create_user());
        $this->expectException(\require_login_exception::class);
        get_job::execute($job->id());
    }

    /**
     * There is no such job.
     */
    public function test_gone(): void {
        $this->resetAfterTest();
        $this->setAdminUser();
        $this->expectExceptionMessage(get_string('error_jobgone', 'local_archivist', 99999999));
        get_job::execute(99999999);
    }
}
