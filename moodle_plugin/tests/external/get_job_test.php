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
        $partial = [
            'status' => state::PARTIAL, 'failurecount' => 1, 'failures' => '[]', 'cause' => 'One is missing.',
        ];
        $waits = ['status' => state::RECOVERABLE_ERROR, 'attempts' => 1, 'cause' => 'No "answer".'];
        return [
            'queued' => [['status' => state::QUEUED], false, 'by itself'],
            'cancelled' => [['status' => state::STORE, 'cancelled' => 1], false, 'cancelled'],
            'collecting' => [['status' => state::ACTIVITY_ARCHIVING], false, 'being read'],
            'completed' => [['status' => state::COMPLETED], true, 'read back'],
            'partial' => [$partial, true, 'One is missing.'],
            'failed' => [['status' => state::FAILURE, 'cause' => 'A < B & "C"'], true, 'A < B & "C"'],
            'failed, with a tag' => [['status' => state::FAILURE, 'cause' => '<b>x'], true, '<b>x'],
            'waits' => [$waits + ['timeretry' => 4102444800], false, '(2 of 5)', 'No "answer".'],
            'waits no more' => [$waits + ['timeretry' => 1], false, 'next run of cron', 'No "answer".'],
            'waits, last attempt' => [['attempts' => 7] + $waits + ['timeretry' => 1], false, '(5 of 5)', 'No "answer".'],
        ];
    }

    /**
     * What is said in the other states.
     *
     * @dataProvider messages
     * @param array $record
     * @param bool $final
     * @param string $message
     * @param string $cause
     */
    public function test_messages(array $record, bool $final, string $message, string $cause = ''): void {
        $found = $this->call_as($this->job($record), 'manager');
        $this->assertSame($final, $found['final']);
        $this->assertStringContainsString($message, $found['message']);
        $this->assertSame($cause, $found['cause']);
        $done = in_array($record['status'], [state::COMPLETED, state::PARTIAL], true);
        $this->assertSame($done ? 100 : 0, $found['percent']);
    }

    /**
     * The time of the next attempt, with its date only when that is another day.
     */
    public function test_time_of_retry(): void {
        $clock = $this->mock_clock_with_frozen(strtotime('2026-11-25 12:00:00'));
        $retry = $clock->time() + 125 * MINSECS;
        $job = $this->job(['status' => state::RECOVERABLE_ERROR, 'attempts' => 1, 'timeretry' => $retry]);
        $today = $this->call_as($job, 'manager')['message'];
        $this->assertSame('Waits for its next attempt at ' . userdate($retry, '%H:%M') . ' AWST (2 of 5).', $today);
        $clock->bump(-DAYSECS);
        $this->assertStringContainsString('/11/26', $this->call_as($job, 'manager')['message']);
    }

    /**
     * Speed and time left, as coarse as people think of them.
     *
     * @dataProvider speeds
     * @param int $rate
     * @param int $left
     * @param string $said
     */
    public function test_speed(int $rate, int $left, string $said): void {
        $record = [
            'status' => state::ACTIVITY_ARCHIVING, 'bytesdone' => 1024 ** 3, 'bytestotal' => 4 * 1024 ** 3, 'entriesdone' => 5,
            'entriestotal' => 10, 'byterate' => $rate, 'secondsleft' => $left, 'timemodified' => time(),
        ];
        $found = $this->call_as($this->job($record), 'manager');
        $amounts = get_string('progress_files', 'local_archivist', (object) [
            'done' => 5, 'total' => 10, 'bytesdone' => display_size(1024 ** 3), 'bytestotal' => display_size(4 * 1024 ** 3),
        ]);
        $this->assertSame(str_replace("\u{a0}", ' ', $amounts . $said), str_replace("\u{a0}", ' ', $found['message']));
        $this->assertSame([$rate, $left], [$found['byterate'], $found['secondsleft']]);
    }

    /**
     * Speeds and times.
     *
     * @return array[]
     */
    public static function speeds(): array {
        return [
            'unknown' => [0, 0, ''],
            'seconds' => [0, 7, ', about 10 secs left'],
            'minutes' => [40 * 1024 ** 2, 61, ', 40.0 MB/s, about 2 mins left'],
            'hours' => [1024, 2 * HOURSECS + 1, ', 1.0 KB/s, about 2 hours 5 mins left'],
            'days' => [0, 2 * DAYSECS + 1, ', about 2 days 1 hour left'],
        ];
    }

    /**
     * A speed of the past is not told, nor that of a job that does not move.
     */
    public function test_no_speed(): void {
        $speed = ['bytesdone' => 1, 'bytestotal' => 2, 'byterate' => 1000, 'secondsleft' => 1000];
        foreach (
            [
                ['status' => state::ACTIVITY_ARCHIVING, 'timemodified' => time() - 100],
                ['status' => state::ACTIVITY_ARCHIVING, 'timemodified' => time(), 'cancelled' => 1],
                ['status' => state::QUEUED, 'timemodified' => time()],
                ['status' => state::COMPLETED, 'timemodified' => time()],
                ['status' => state::RECOVERABLE_ERROR, 'timemodified' => time()],
            ] as $record
        ) {
            $found = $this->call_as($this->job($record + $speed), 'manager');
            $this->assertSame([0, 0], [$found['byterate'], $found['secondsleft']]);
            $this->assertStringNotContainsString('left', $found['message']);
        }
    }

    /**
     * When all is packed, reading back is what takes the time.
     */
    public function test_reading_back(): void {
        $record = ['status' => state::STORE, 'bytesdone' => 1024, 'bytestotal' => 1024, 'entriesdone' => 3, 'entriestotal' => 3];
        $found = $this->call_as($this->job($record), 'manager');
        $this->assertStringContainsString('being read back', $found['message']);
        $this->assertSame(99, $found['percent']);
    }

    /**
     * A student is not told.
     */
    public function test_no_right(): void {
        $job = $this->job([]);
        $this->expectExceptionMessage(get_string('error_jobgone', 'local_archivist', $job->id()));
        $this->call_as($job, 'student');
    }

    /**
     * Nobody else either.
     */
    public function test_not_enrolled(): void {
        $job = $this->job([]);
        $this->setUser($this->getDataGenerator()->create_user());
        $this->expectExceptionMessage(get_string('error_jobgone', 'local_archivist', $job->id()));
        get_job::execute($job->id());
    }

    /**
     * Who is not logged in gets the same answer for every id, and before anything is looked up.
     */
    public function test_not_logged_in(): void {
        global $DB;
        $job = $this->job([]);
        $this->setUser(null);
        $told = [];
        foreach ([get_job::class, get_job_log::class, get_jobs::class] as $class) {
            foreach ([$job->id(), 99999999] as $id) {
                $reads = $DB->perf_get_reads();
                try {
                    $class::execute($class === get_jobs::class ? [$id] : $id);
                    $this->fail('An answer was given.');
                } catch (\require_login_exception $e) {
                    $told[] = [$e->getMessage(), $DB->perf_get_reads() - $reads];
                }
            }
        }
        $this->assertCount(1, array_unique(array_column($told, 0)));
        $this->assertSame([0], array_values(array_unique(array_column(array_slice($told, 1), 1))));
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
