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

/**
 * Tests the function that reads the log of a job.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \local_archivist\external\get_job_log
 */
final class get_job_log_test extends \advanced_testcase {
    /**
     * A job with three records.
     *
     * @return job
     */
    private function job(): job {
        $this->resetAfterTest();
        $course = $this->getDataGenerator()->create_course();
        $module = $this->getDataGenerator()->create_module('page', ['course' => $course->id]);
        $cm = get_fast_modinfo($course)->get_cm($module->cmid);
        $job = $this->getDataGenerator()->get_plugin_generator('local_archivist')->create_job($cm);
        $job->log(1, 'job', 'First.');
        $job->log(4, 'archivestore_filesystem', 'Cannot write /srv/shelf/a <b>.');
        $job->log(3, 'job', 'Third.');
        return $job;
    }

    /**
     * Calls it.
     *
     * @param job $job
     * @param mixed ...$params
     * @return array
     */
    private function call_it(job $job, mixed ...$params): array {
        return external_api::clean_returnvalue(get_job_log::execute_returns(), get_job_log::execute($job->id(), ...$params));
    }

    /**
     * In pages, by level, in either order.
     */
    public function test_pages(): void {
        $job = $this->job();
        $this->setAdminUser();
        $found = $this->call_it($job);
        $this->assertSame(3, $found['total']);
        $this->assertSame(['Third.', 'Cannot write /srv/shelf/a <b>.', 'First.'], array_column($found['entries'], 'message'));
        $this->assertSame(['warning', 'error', 'info'], array_column($found['entries'], 'levelname'));
        $this->assertSame([3, 4, 1], array_column($found['entries'], 'level'));
        $this->assertSame('archivestore_filesystem', $found['entries'][1]['source']);
        $this->assertSame(['First.'], array_column($this->call_it($job, 0, 2, 1)['entries'], 'message'));
        $this->assertSame(['First.'], array_column($this->call_it($job, 0, 0, 1, false)['entries'], 'message'));
        $this->assertSame([], $this->call_it($job, 0, PHP_INT_MAX, 2)['entries']);
        $this->assertCount(1, $this->call_it($job, 0, -5, -5)['entries']);
        $errors = $this->call_it($job, 4);
        $this->assertSame([1, 1], [$errors['total'], count($errors['entries'])]);
        $this->assertSame(0, $this->call_it($job, 99999)['total']);
    }

    /**
     * A teacher reads it without the places on the server.
     */
    public function test_paths(): void {
        $job = $this->job();
        $this->setUser($this->getDataGenerator()->create_and_enrol(get_course($job->record()->courseid), 'editingteacher'));
        $message = $this->call_it($job)['entries'][1]['message'];
        $this->assertStringContainsString('Cannot write', $message);
        $this->assertStringNotContainsString('/srv', $message);
    }

    /**
     * A student does not read it.
     */
    public function test_no_right(): void {
        $job = $this->job();
        $this->setUser($this->getDataGenerator()->create_and_enrol(get_course($job->record()->courseid), 'student'));
        $this->expectExceptionMessage(get_string('error_jobgone', 'local_archivist', $job->id()));
        get_job_log::execute($job->id());
    }

    /**
     * Nobody else either.
     */
    public function test_not_enrolled(): void {
        $job = $this->job();
        $this->setUser($this->getDataGenerator()->create_user());
        $this->expectExceptionMessage(get_string('error_jobgone', 'local_archivist', $job->id()));
        get_job_log::execute($job->id());
    }
}
