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
 * Tests the function that keeps the pages up to date.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \local_archivist\external\get_jobs
 */
final class get_jobs_test extends \advanced_testcase {
    /**
     * A job in a new course.
     *
     * @return job
     */
    private function job(): job {
        $course = $this->getDataGenerator()->create_course();
        $module = $this->getDataGenerator()->create_module('page', ['course' => $course->id]);
        $cm = get_fast_modinfo($course)->get_cm($module->cmid);
        return $this->getDataGenerator()->get_plugin_generator('local_archivist')->create_job($cm, ['status' => state::STORE]);
    }

    /**
     * Calls it.
     *
     * @param int[] $ids
     * @return array
     */
    private function call_it(array $ids): array {
        return external_api::clean_returnvalue(get_jobs::execute_returns(), get_jobs::execute($ids));
    }

    /**
     * What may be seen is told; what is gone or closed does not keep it from being told.
     */
    public function test_jobs(): void {
        $this->resetAfterTest();
        $mine = $this->job();
        $closed = $this->job();
        $this->setAdminUser();
        $this->assertSame([$mine->id(), $closed->id()], array_column($this->call_it([$mine->id(), $closed->id()]), 'id'));
        $teacher = $this->getDataGenerator()->create_and_enrol(get_course($mine->record()->courseid), 'editingteacher');
        $this->getDataGenerator()->enrol_user($teacher->id, $closed->record()->courseid, 'student');
        $this->setUser($teacher);
        $found = $this->call_it([99999999, $closed->id(), $mine->id(), $mine->id(), $this->job()->id()]);
        $this->assertSame([$mine->id()], array_column($found, 'id'));
        $this->assertSame(state::label(state::STORE), $found[0]['label']);
        $this->assertTrue($found[0]['moving']);
        $this->assertSame([], $this->call_it([]));
    }

    /**
     * A hundred at once at most.
     */
    public function test_many(): void {
        $this->resetAfterTest();
        $this->setAdminUser();
        $job = $this->job();
        $this->assertSame([], $this->call_it([...range(10 ** 6, 10 ** 6 + get_jobs::JOBS_MAX - 1), $job->id()]));
        $this->assertCount(1, $this->call_it([...range(10 ** 6, 10 ** 6 + get_jobs::JOBS_MAX - 2), $job->id()]));
    }
}
