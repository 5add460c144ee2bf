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

/**
 * Tests that rights in an activity outlive it.
 *
 * @covers \local_archivist\rights
 * @covers \local_archivist\access
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class rights_test extends \advanced_testcase {
    /** @var \stdClass The course. */
    private \stdClass $course;

    /** @var \stdClass The activity. */
    private \stdClass $module;

    /** @var \stdClass A teacher with editing rights. */
    private \stdClass $teacher;

    /** @var int The role of that teacher. */
    private int $roleid;

    #[\Override]
    protected function setUp(): void {
        global $DB;
        parent::setUp();
        $this->resetAfterTest();
        $this->setAdminUser();
        $generator = $this->getDataGenerator();
        $this->course = $generator->create_course();
        $this->module = $generator->create_module('assign', ['course' => $this->course->id, 'groupmode' => SEPARATEGROUPS]);
        $this->teacher = $generator->create_and_enrol($this->course, 'editingteacher');
        $this->roleid = (int) $DB->get_field('role', 'id', ['shortname' => 'editingteacher']);
    }

    /**
     * A job about the activity, as it is recorded when it is made.
     *
     * @param scope|null $scope
     * @return job
     */
    private function job(?scope $scope = null): job {
        $cm = get_fast_modinfo($this->course)->get_cm($this->module->cmid);
        $scope ??= scope::all();
        $generator = $this->getDataGenerator()->get_plugin_generator('local_archivist');
        return $generator->create_job($cm, [
            'rights' => rights::of_activity($cm, $scope), 'scopeuserid' => $scope->userid,
        ]);
    }

    /**
     * Allows something in the activity only, or denies it there.
     *
     * @param string $capability
     * @param int $permission
     */
    private function in_activity(string $capability, int $permission): void {
        assign_capability($capability, $permission, $this->roleid, \context_module::instance($this->module->cmid), true);
    }

    /**
     * Whether somebody gets the copies of a job.
     *
     * @param job $job
     * @param \stdClass|null $user the teacher by default
     * @return bool
     */
    private function gets(job $job, ?\stdClass $user = null): bool {
        $job->reload();
        $this->setUser($user ?? $this->teacher);
        $may = access::may_download($job);
        $this->setAdminUser();
        return $may;
    }

    /**
     * Who could see all groups still does.
     */
    public function test_kept(): void {
        $job = $this->job();
        $this->assertTrue($this->gets($job));
        course_delete_module($this->module->cmid);
        $this->assertTrue($this->gets($job));
        $this->assertTrue($this->gets($job, get_admin()));
        $student = $this->getDataGenerator()->create_and_enrol($this->course, 'student');
        $this->assertFalse($this->gets($job, $student));
        $record = $job->record();
        $this->assertSame(SEPARATEGROUPS, json_decode($record->rights)->groupmode);
        $this->assertSame(
            ['mod/assign:viewgrades', 'moodle/site:accessallgroups'],
            json_decode($record->rights)->capabilities,
        );
    }

    /**
     * Who could see only a group, or no grades, does not see all afterwards, however that was said.
     *
     * @dataProvider denials
     * @param string $capability
     * @param int $permission
     */
    public function test_not_gained(string $capability, int $permission): void {
        $job = $this->job(); // What is denied later counts, too.
        $this->in_activity($capability, $permission);
        $this->assertFalse($this->gets($job));
        course_delete_module($this->module->cmid);
        $this->assertFalse($this->gets($job));
        $this->assertTrue($this->gets($job, get_admin()));
    }

    /**
     * Ways to deny.
     *
     * @return array[]
     */
    public static function denials(): array {
        return [
            'groups, prevented' => ['moodle/site:accessallgroups', CAP_PREVENT],
            'groups, prohibited' => ['moodle/site:accessallgroups', CAP_PROHIBIT],
            'grades, prohibited' => ['mod/assign:viewgrades', CAP_PROHIBIT],
        ];
    }

    /**
     * Who was denied it in the whole course, and allowed it in the activity, still sees it.
     */
    public function test_allowed_in_the_activity_only(): void {
        $course = \context_course::instance($this->course->id);
        assign_capability('moodle/site:accessallgroups', CAP_PREVENT, $this->roleid, $course, true);
        $this->in_activity('moodle/site:accessallgroups', CAP_ALLOW);
        $job = $this->job();
        $this->assertTrue($this->gets($job));
        course_delete_module($this->module->cmid);
        $this->assertTrue($this->gets($job));
        // What is taken away from everybody later is gone here, too.
        assign_capability('moodle/site:accessallgroups', CAP_PROHIBIT, $this->roleid, \context_system::instance(), true);
        assign_capability('local/archivist:download', CAP_PREVENT, $this->roleid, $course, true);
        $this->assertFalse($this->gets($job));
    }

    /**
     * A role that loses a capability in the course after the activity was deleted loses the archives of it.
     */
    public function test_later_change_in_the_course(): void {
        $job = $this->job();
        course_delete_module($this->module->cmid);
        $course = \context_course::instance($this->course->id);
        assign_capability('moodle/site:accessallgroups', CAP_PREVENT, $this->roleid, $course, true);
        $this->assertFalse($this->gets($job));
        unassign_capability('moodle/site:accessallgroups', $this->roleid, $course);
        $this->assertTrue($this->gets($job));
    }

    /**
     * The group mode that held last counts, not the one when the job was made.
     */
    public function test_last_group_mode(): void {
        global $DB;
        $job = $this->job();
        $DB->set_field('course_modules', 'groupmode', NOGROUPS, ['id' => $this->module->cmid]);
        rebuild_course_cache($this->course->id);
        $course = \context_course::instance($this->course->id);
        assign_capability('moodle/site:accessallgroups', CAP_PREVENT, $this->roleid, $course, true);
        $this->assertTrue($this->gets($job));
        course_delete_module($this->module->cmid);
        $this->assertTrue($this->gets($job));
    }

    /**
     * When the whole course goes, a manager of the site is asked for what the activity asked for.
     */
    public function test_course_deleted(): void {
        global $DB;
        $manager = $this->getDataGenerator()->create_user();
        $managers = (int) $DB->get_field('role', 'id', ['shortname' => 'manager']);
        role_assign($managers, $manager->id, \context_system::instance());
        $seen = $this->job();
        $module = $this->module;
        $this->module = $this->getDataGenerator()->create_module('assign', ['course' => $this->course->id, 'groupmode' => 1]);
        $denied = $this->job();
        assign_capability(
            'moodle/site:accessallgroups',
            CAP_PROHIBIT,
            $managers,
            \context_module::instance($this->module->cmid),
            true,
        );
        $this->assertNotSame($module->cmid, $this->module->cmid);
        $this->assertTrue($this->gets($seen, $manager));
        $this->assertFalse($this->gets($denied, $manager));
        delete_course($this->course, false);
        $this->assertTrue($this->gets($seen, $manager));
        $this->assertFalse($this->gets($denied, $manager));
        $this->assertFalse($this->gets($seen));
    }

    /**
     * An activity that vanished without anybody being told leaves what was recorded when the job was made.
     */
    public function test_vanished(): void {
        global $DB;
        $course = \context_course::instance($this->course->id);
        $job = $this->job();
        $DB->delete_records('course_modules', ['id' => $this->module->cmid]);
        rebuild_course_cache($this->course->id);
        $this->assertTrue($this->gets($job));
        assign_capability('moodle/site:accessallgroups', CAP_PREVENT, $this->roleid, $course, true);
        $this->assertFalse($this->gets($job));
    }

    /**
     * Where nothing is on record nobody gets in who may not see all groups and grades of the course.
     */
    public function test_nothing_on_record(): void {
        global $DB;
        $job = $this->job();
        course_delete_module($this->module->cmid);
        $DB->set_field('local_archivist_job', 'rights', null);
        $this->assertTrue($this->gets($job));
        $course = \context_course::instance($this->course->id);
        assign_capability('moodle/grade:viewall', CAP_PREVENT, $this->roleid, $course, true);
        $this->assertFalse($this->gets($job));
    }

    /**
     * An archive about one person says whose work it is: where marking was blind, only who could see that has it.
     */
    public function test_blind(): void {
        global $DB;
        $generator = $this->getDataGenerator();
        $this->module = $generator->create_module('assign', ['course' => $this->course->id, 'blindmarking' => 1]);
        $student = $generator->create_and_enrol($this->course, 'student');
        $one = $this->job(scope::user((int) $student->id));
        $all = $this->job();
        $this->in_activity('mod/assign:viewblinddetails', CAP_PREVENT);
        course_delete_module($this->module->cmid);
        $this->assertFalse($this->gets($one));
        $this->assertTrue($this->gets($all));
    }

    /**
     * A hidden activity was seen only by who may see hidden ones.
     */
    public function test_hidden(): void {
        $job = $this->job();
        set_coursemodule_visible($this->module->cmid, 0);
        $this->in_activity('moodle/course:viewhiddenactivities', CAP_PREVENT);
        course_delete_module($this->module->cmid);
        $this->assertFalse($this->gets($job));
    }

    /**
     * A list of jobs whose activities are gone costs the database as much for twelve as for two, and tells the same.
     */
    public function test_queries_of_a_list(): void {
        global $DB;
        $store = $this->getDataGenerator()->get_plugin_generator('local_archivist')->create_store(make_request_directory());
        $jobs = [];
        for ($i = 0; $i < 12; $i++) {
            $this->module = $this->getDataGenerator()->create_module('assign', ['course' => $this->course->id]);
            if ($i === 11) {
                $this->in_activity('mod/assign:viewgrades', CAP_PROHIBIT);
            }
            $job = $this->job();
            $this->getDataGenerator()->get_plugin_generator('local_archivist')->create_copy($job, $store);
            course_delete_module($this->module->cmid);
            $job->reload();
            $jobs[$job->id()] = $job;
        }
        $denied = array_key_last($jobs);
        $this->setUser($this->teacher);
        output\downloads::first($jobs); // Moodle looks the user up.
        $costs = [];
        foreach ([2, 12] as $number) {
            $before = $DB->perf_get_queries();
            $found = output\downloads::first(array_slice($jobs, -$number, null, true));
            $costs[] = $DB->perf_get_queries() - $before;
            $this->assertCount($number - 1, $found);
            $this->assertArrayNotHasKey($denied, $found);
        }
        $this->assertSame($costs[0], $costs[1]);
    }
}
