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
 * Tests for who is shown to whom.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \local_archivist\people
 */
final class people_test extends \advanced_testcase {
    /** @var \stdClass The course. */
    private \stdClass $course;

    /** @var \context_course Its context. */
    private \context_course $context;

    /** @var int[] The people by first name: A and B have a group of their own each, S is suspended. */
    private array $people = [];

    /**
     * A course with a teacher in the group of A.
     *
     * @param array $record of the course
     */
    private function scene(array $record = []): void {
        $this->resetAfterTest();
        $generator = $this->getDataGenerator();
        $this->course = $generator->create_course($record);
        $this->context = \context_course::instance($this->course->id);
        foreach (['A', 'B', 'S'] as $name) {
            $user = $generator->create_user(['firstname' => $name, 'lastname' => 'X']);
            $status = $name === 'S' ? ENROL_USER_SUSPENDED : ENROL_USER_ACTIVE;
            $generator->enrol_user($user->id, $this->course->id, 'student', 'manual', 0, 0, $status);
            $this->people[$name] = (int) $user->id;
        }
        $teacher = $generator->create_user(['firstname' => 'T', 'lastname' => 'X']);
        $generator->enrol_user($teacher->id, $this->course->id, 'editingteacher');
        $group = ['courseid' => $this->course->id];
        $groups = [$generator->create_group($group), $generator->create_group($group)];
        groups_add_member($groups[0], $teacher->id);
        groups_add_member($groups[0], $this->people['A']);
        groups_add_member($groups[1], $this->people['B']);
        $this->setUser($teacher);
    }

    /**
     * Takes a right from teachers.
     *
     * @param string $capability
     * @param \context|null $context null: the course
     */
    private function forbid(string $capability, ?\context $context = null): void {
        global $DB;
        $roleid = $DB->get_field('role', 'id', ['shortname' => 'editingteacher']);
        assign_capability($capability, CAP_PROHIBIT, $roleid, $context ?? $this->context, true);
    }

    /**
     * Who can be chosen.
     *
     * @param \cm_info[] $cms
     * @return string first names
     */
    private function choosable(array $cms = []): string {
        $names = array_map(fn(string $name): string => $name[0], people::choosable($this->context, $cms));
        sort($names);
        return implode($names);
    }

    /**
     * Suspended people are only shown to who may see those, and nobody to who may see no participants.
     */
    public function test_rights_of_the_course(): void {
        $this->scene();
        $this->assertSame('ABST', $this->choosable());
        $this->forbid('moodle/course:viewsuspendedusers');
        $this->assertSame('ABT', $this->choosable());
        $this->assertTrue(people::may_see($this->people['B'], $this->context));
        $this->forbid('moodle/course:viewparticipants');
        $this->forbid('moodle/course:enrolreview');
        $this->assertSame('', $this->choosable());
        $this->assertFalse(people::may_see($this->people['B'], $this->context));
        $this->assertSame('One person', people::shown('B X', $this->people['B'], $this->context));
    }

    /**
     * With separate groups of the course only the own ones are shown, unless all may be seen.
     */
    public function test_separate_groups_of_the_course(): void {
        $this->scene(['groupmode' => SEPARATEGROUPS]);
        $this->assertSame('ABST', $this->choosable());
        $this->forbid('moodle/site:accessallgroups');
        $this->assertSame('AT', $this->choosable());
        $this->assertSame('A X', people::shown('A X', $this->people['A'], $this->context));
        $this->assertSame('One person', people::shown('B X', $this->people['B'], $this->context));
    }

    /**
     * With separate groups of the activity, too; a grouping that holds none of the own groups leaves nobody.
     */
    public function test_separate_groups_of_the_activity(): void {
        $this->scene();
        $record = ['course' => $this->course->id, 'groupmode' => SEPARATEGROUPS];
        $module = $this->getDataGenerator()->create_module('assign', $record);
        $grouping = $this->getDataGenerator()->create_grouping(['courseid' => $this->course->id]);
        $other = $this->getDataGenerator()->create_module('assign', $record + ['groupingid' => $grouping->id]);
        $this->forbid('moodle/site:accessallgroups', \context_module::instance($module->cmid));
        $this->forbid('moodle/site:accessallgroups', \context_module::instance($other->cmid));
        $modinfo = get_fast_modinfo($this->course);
        $this->assertSame('AT', $this->choosable([$modinfo->get_cm($module->cmid)]));
        $this->assertSame('', $this->choosable([$modinfo->get_cm($module->cmid), $modinfo->get_cm($other->cmid)]));
    }
}
