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

namespace archiver_assign;

use archiver_assign\tests\assign_testcase;
use local_archivist\scope;

/**
 * Who was in the exam, in which team and until when.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \archiver_assign\roster
 * @covers     \archiver_assign\gradebook
 * @covers     \archiver_assign\memberships
 * @covers     \archiver_assign\teamwork
 * @covers     \archiver_assign\dossiers
 */
final class roster_test extends assign_testcase {
    /**
     * The table of people has everybody who is enrolled, with the dates that hold for them and what came of it.
     */
    public function test_people(): void {
        global $DB;
        set_config('profilefields', 'email,profile_field_matr', 'local_archivist');
        $this->getDataGenerator()->create_custom_profile_field(['datatype' => 'text', 'shortname' => 'matr', 'name' => 'Number']);
        $due = time() - 1000;
        $assign = $this->assignment(['duedate' => $due]);
        $late = $this->user('Late', 'Muster', 's1');
        $DB->insert_record('user_info_data', ['userid' => $late->id, 'data' => '4711', 'dataformat' => 0,
            'fieldid' => $DB->get_field('user_info_field', 'id', ['shortname' => 'matr'])]);
        $given = $this->user('Given', 'Time', 's2');
        $nothing = $this->user('Handed', 'Nothing', 's3');
        $suspended = $this->user('Sus', 'Pended', 's4');
        $DB->set_field('user_enrolments', 'status', 1, ['userid' => $suspended->id]);
        $this->submit($assign, $late, ['work.txt' => 'late']);
        $this->submit($assign, $given, ['work.txt' => 'in time']);
        $assign->save_user_extension($given->id, $due + 5000);
        $this->grade($assign, $late, 95);
        $this->archive($assign);
        $people = array_column($this->json('tables/people.json'), null, 'key');
        $row = $people[$late->id];
        $this->assertSame(['participant', 'active', 'active', 'submitted', 95.0, 'A'], [$row['part'], $row['account'],
            $row['status'], $row['submission'], $row['grade'], $row['letter']]);
        $this->assertSame([$late->email, '4711'], [$row['email'], $row['profile_field_matr']]);
        $submitted = (int) $assign->get_user_submission($late->id, false)->timemodified;
        $this->assertSame([$submitted - $due, dates::iso($submitted)], [$row['late'], $row['submitted']]);
        $this->assertSame([0, dates::iso($due + 5000)], [$people[$given->id]['late'], $people[$given->id]['due']]);
        $this->assertSame(['none', null], [$people[$nothing->id]['submission'], $people[$nothing->id]['submitted']]);
        $this->assertSame(['suspended', 'suspended (manual)'], [$people[$suspended->id]['status'],
            $people[$suspended->id]['enrolments']]);
        $this->assertSame('staff', $people[$this->teacher->id]['part']);
        $page = $this->content($people[$nothing->id]['page']);
        $this->assertStringContainsString('Nothing was handed in.', $page);
        $page = $this->content($people[$late->id]['page']);
        $this->assertStringContainsString('>95 / 100<', $page);
        preg_match('~href="([^"]+work\.txt)"~', $page, $m);
        $this->assertSame('late', $this->content(dirname($people[$late->id]['page']) . '/' . rawurldecode($m[1])));
        $index = $this->content('people/index.html');
        $this->assertStringContainsString('Handed Nothing (s3)', $index);
        $this->assertCount(5, $this->json('tables/enrolments.json'));
        $this->assertEqualsCanonicalizing(array_keys($people), $this->package->persons());
    }

    /**
     * Pages have the letter where the gradebook shows one. A grade on a scale is its item there, and has no letter.
     */
    public function test_grades_are_told_as_the_gradebook_shows_them(): void {
        $user = $this->user('Mia', 'Muster', 's1');
        $lettered = $this->assignment();
        $this->grade($lettered, $user, 95);
        $item = $lettered->get_grade_item();
        $item->display = GRADE_DISPLAY_TYPE_LETTER_REAL;
        $item->update();
        $this->archive($lettered);
        $this->assertStringContainsString('>95 / 100 (A)<', $this->content('people/Mia Muster (s1)/index.html'));
        $scale = $this->getDataGenerator()->create_scale(['scale' => 'Poor, Fair, Good']);
        $scaled = $this->assignment(['grade' => -$scale->id]);
        $this->grade($scaled, $user, 2);
        $this->archive($scaled);
        $row = array_column($this->json('tables/people.json'), null, 'idnumber')['s1'];
        $this->assertEquals([2, 'Fair', null], [$row['grade'], $row['gradetext'], $row['letter']]);
        foreach (['people/Mia Muster (s1)/index.html', 'people/index.html'] as $page) {
            $this->assertStringContainsString('>Fair<', $this->content($page));
            $this->assertStringNotContainsString('(F)', $this->content($page));
        }
    }

    /**
     * An override for a person takes the place of all overrides of their groups, as in Moodle.
     */
    public function test_dates_are_those_of_moodle(): void {
        global $DB;
        $assign = $this->assignment(['duedate' => 1800000000]);
        $generator = $this->getDataGenerator();
        $users = [];
        foreach (['None', 'Group', 'Person'] as $name) {
            $users[$name] = $this->user($name, 'Muster', $name);
        }
        foreach ([['B', 2, 1900000002], ['A', 1, 1900000001]] as [$name, $order, $due]) {
            $group = $generator->create_group(['courseid' => $this->course->id, 'name' => $name]);
            $generator->create_group_member(['groupid' => $group->id, 'userid' => $users['Group']->id]);
            $generator->create_group_member(['groupid' => $group->id, 'userid' => $users['Person']->id]);
            $DB->insert_record('assign_overrides', ['assignid' => $assign->get_instance()->id, 'groupid' => $group->id,
                'sortorder' => $order, 'duedate' => $due]);
        }
        $DB->insert_record('assign_overrides', ['assignid' => $assign->get_instance()->id, 'userid' => $users['Person']->id,
            'cutoffdate' => 1900000009]);
        $this->archive($assign);
        $people = array_column($this->json('tables/people.json'), null, 'idnumber');
        foreach ($users as $name => $user) {
            $theirs = new \assign($assign->get_context(), null, null);
            $theirs->update_effective_access($user->id);
            $instance = $theirs->get_instance($user->id);
            $this->assertSame(dates::iso($instance->duedate), $people[$name]['due'], $name);
            $this->assertSame(dates::iso($instance->cutoffdate), $people[$name]['cutoff'], $name);
        }
        $this->assertStringStartsWith('A (', $people['Group']['override']);
        $this->assertSame('person', $people['Person']['override']);
    }

    /**
     * Who was in a team when it handed in is told by since when they are in it, and by the log where they left.
     */
    public function test_teams_at_the_time_of_submission(): void {
        global $DB;
        $this->log();
        $assign = $this->assignment(['teamsubmission' => 1]);
        $generator = $this->getDataGenerator();
        [$stays, $leaves, $comes, $alone] = [$this->user('Stays', 'A', 'a'), $this->user('Leaves', 'B', 'b'),
            $this->user('Comes', 'C', 'c'), $this->user('Alone', 'D', 'd')];
        $red = $generator->create_group(['courseid' => $this->course->id, 'name' => 'Red', 'idnumber' => 'r']);
        foreach ([$stays, $leaves] as $user) {
            groups_add_member($red->id, $user->id);
        }
        $DB->set_field('groups_members', 'timeadded', time() - 500);
        $DB->set_field('logstore_standard_log', 'timecreated', time() - 500, ['target' => 'group_member']);
        $this->submit($assign, $stays, ['team.txt' => 'red work']);
        $this->submit($assign, $alone, ['own.txt' => 'own work']);
        $DB->set_field('assign_submission', 'timemodified', time() - 300, ['userid' => 0]);
        groups_remove_member($red->id, $leaves->id);
        groups_add_member($red->id, $comes->id);
        $this->archive($assign);
        $rows = array_filter($this->json('tables/teams.json'), fn($row) => $row['group'] === 'Red (r)');
        $this->assertSame(
            ['Stays A (a)' => [true, true], 'Leaves B (b)' => [true, false], 'Comes C (c)' => [false, true]],
            array_column(array_map(fn($row) => [$row['person'], [$row['then'], $row['now']]], $rows), 1, 0),
        );
        $people = array_column($this->json('tables/people.json'), null, 'idnumber');
        $this->assertSame(['Red (r)', 'Default group'], [$people['b']['teamthen'], $people['b']['team']]);
        $this->assertSame(['Default group', 'Red (r)'], [$people['c']['teamthen'], $people['c']['team']]);
        $keys = "{$stays->id} {$leaves->id}";
        $submissions = array_column($this->json('tables/submissions.json'), null, 'group');
        $this->assertSame($keys, $submissions['Red (r)']['key']);
        $this->assertSame("{$comes->id} {$alone->id}", $submissions['Default group']['key']);
        $page = $this->content('people/Leaves B (b)/index.html');
        $this->assertStringContainsString('../../submissions/Red%20%28r%29/attempt%201/files/team.txt', $page);
        $this->assertStringContainsString('own.txt', $this->content('people/Alone D (d)/index.html'));
    }

    /**
     * Turns the log on.
     */
    private function log(): void {
        $this->preventResetByRollback();
        set_config('enabled_stores', 'logstore_standard', 'tool_log');
        set_config('buffersize', 0, 'logstore_standard');
        get_log_manager(true);
    }

    /**
     * A group with members who came into it some time ago.
     *
     * @param string $name
     * @param \stdClass ...$users
     * @return \stdClass
     */
    private function team(string $name, \stdClass ...$users): \stdClass {
        global $DB;
        $group = $this->getDataGenerator()->create_group(['courseid' => $this->course->id, 'name' => $name, 'idnumber' => $name]);
        foreach ($users as $user) {
            groups_add_member($group->id, $user->id);
            $who = ['groupid' => $group->id, 'userid' => $user->id];
            $DB->set_field('groups_members', 'timeadded', time() - 500, $who);
            $DB->set_field('logstore_standard_log', 'timecreated', time() - 500, [
                'target' => 'group_member', 'objectid' => $group->id, 'relateduserid' => $user->id,
            ]);
        }
        return $group;
    }

    /**
     * What a team handed in stays its members' when the group is deleted, or must not hand in any more.
     */
    public function test_teams_that_are_none_any_more(): void {
        global $DB;
        $this->log();
        $assign = $this->assignment(['teamsubmission' => 1]);
        [$mia, $bob] = [$this->user('Mia', 'A', 'a'), $this->user('Bob', 'B', 'b')];
        $red = $this->team('Red', $mia);
        $blue = $this->team('Blue', $bob);
        $this->submit($assign, $mia, ['red.txt' => 'red work']);
        $this->submit($assign, $bob, ['blue.txt' => 'blue work']);
        $DB->set_field('assign_submission', 'timemodified', time() - 300, ['userid' => 0]);
        groups_delete_group($red->id);
        $DB->set_field('groups', 'participation', 0, ['id' => $blue->id]);
        foreach ([scope::all(), scope::user((int) $mia->id)] as $scope) {
            $this->archive($assign, $scope);
            $people = array_column($this->json('tables/people.json'), null, 'idnumber');
            $this->assertSame(["Deleted group (id $red->id)", 'submitted'], [$people['a']['teamthen'], $people['a']['submission']]);
            $page = $this->content('people/Mia A (a)/index.html');
            $this->assertStringContainsString('red.txt', $page);
            $this->assertStringNotContainsString('Nothing was handed in.', $page);
            $teams = array_column($this->json('tables/teams.json'), null, 'key');
            $this->assertSame([true, false], [$teams[$mia->id]['then'], $teams[$mia->id]['now']]);
            if ($scope->is_all()) {
                $this->assertSame('Blue (Blue)', $people['b']['teamthen']);
                $this->assertStringContainsString('blue.txt', $this->content('people/Bob B (b)/index.html'));
                $this->assertSame([true, false], [$teams[$bob->id]['then'], $teams[$bob->id]['now']]);
            }
        }
    }

    /**
     * Who came into a team after it had handed in has handed in nothing.
     */
    public function test_who_joined_later_handed_in_nothing(): void {
        global $DB;
        $this->log();
        $assign = $this->assignment(['teamsubmission' => 1, 'preventsubmissionnotingroup' => 1]);
        [$mia, $late] = [$this->user('Mia', 'A', 'a'), $this->user('Late', 'B', 'b')];
        $red = $this->team('Red', $mia);
        $this->submit($assign, $mia, ['red.txt' => 'red work']);
        $DB->set_field('assign_submission', 'timemodified', time() - 300, ['userid' => 0]);
        groups_add_member($red->id, $late->id);
        $this->archive($assign);
        $people = array_column($this->json('tables/people.json'), null, 'idnumber');
        $this->assertSame([null, 'none', null, 'Red (Red)'], [$people['b']['teamthen'], $people['b']['submission'],
            $people['b']['submitted'], $people['b']['team']]);
        $this->assertSame(['Red (Red)', 'submitted'], [$people['a']['teamthen'], $people['a']['submission']]);
        $this->assertStringContainsString('Nothing was handed in.', $this->content('people/Late B (b)/index.html'));
    }

    /**
     * The archive of one person has the work of the team in which they were, not of the one in which they are.
     */
    public function test_one_person_who_changed_teams(): void {
        global $DB;
        $this->log();
        $assign = $this->assignment(['teamsubmission' => 1]);
        [$mia, $bob, $eve] = [$this->user('Mia', 'A', 'a'), $this->user('Bob', 'B', 'b'), $this->user('Eve', 'C', 'c')];
        $red = $this->team('Red', $mia, $eve);
        $blue = $this->team('Blue', $bob);
        $this->submit($assign, $eve, ['red.txt' => 'red work']);
        $this->submit($assign, $bob, ['blue.txt' => 'blue work']);
        $DB->set_field('assign_submission', 'timemodified', time() - 300, ['userid' => 0]);
        groups_remove_member($red->id, $mia->id);
        groups_add_member($blue->id, $mia->id);
        $names = implode("\n", $this->archive($assign, scope::user((int) $mia->id)));
        $this->assertStringContainsString('red.txt', $names);
        $this->assertStringNotContainsString('blue.txt', $names);
    }

    /**
     * In a course that was restored nobody was in a team yet when it handed in: today's members stand for them.
     */
    public function test_restored_teams(): void {
        global $DB;
        $assign = $this->assignment(['teamsubmission' => 1]);
        $mia = $this->user('Mia', 'A', 'a');
        $this->team('Red', $mia);
        $this->submit($assign, $mia, ['red.txt' => 'red work']);
        $DB->set_field('assign_submission', 'timemodified', time() - 1000, ['userid' => 0]);
        foreach ([scope::all(), scope::user((int) $mia->id)] as $scope) {
            $this->archive($assign, $scope);
            $this->assertSame('Red (Red)', array_column($this->json('tables/people.json'), null, 'idnumber')['a']['teamthen']);
            $this->assertStringContainsString('red.txt', $this->content('people/Mia A (a)/index.html'));
        }
    }

    /**
     * The table of teams has each attempt, with who was in the team then.
     */
    public function test_teams_of_each_attempt(): void {
        global $DB;
        $assign = $this->assignment(['teamsubmission' => 1]);
        $mia = $this->user('Mia', 'A', 'a');
        $red = $this->team('Red', $mia);
        $this->submit($assign, $mia, ['red.txt' => 'red work']);
        $DB->insert_record('assign_submission', ['assignment' => $assign->get_instance()->id, 'userid' => 0, 'groupid' => $red->id,
            'status' => 'reopened', 'attemptnumber' => 1, 'timecreated' => time(), 'timemodified' => time(), 'latest' => 1]);
        $this->archive($assign);
        $rows = array_filter($this->json('tables/teams.json'), fn(array $row): bool => $row['group'] === 'Red (Red)');
        $told = array_map(fn(array $row): array => [$row['attempt'], $row['submitted'] !== null], array_values($rows));
        $this->assertSame([[1, true], [2, false]], $told);
    }

    /**
     * While marking is blind people have the keys of participants, and nothing tells who they are.
     */
    public function test_keys_of_blind_marking(): void {
        $assign = $this->assignment(['blindmarking' => 1]);
        $canary = $this->user('Canary', 'Bird', 'canaryid');
        $nothing = $this->user('Canary', 'Nothing', 'canaryid2');
        $this->submit($assign, $canary, ['work.txt' => 'work']);
        $this->archive($assign);
        $key = 'participant-' . $assign->get_uniqueid_for_user($canary->id);
        $this->assertSame($key, $this->json('tables/submissions.json')[0]['key']);
        $this->assertContains('participant-' . $assign->get_uniqueid_for_user($nothing->id), array_column(
            $this->json('tables/people.json'),
            'key',
        ));
        $this->assert_nowhere('Canary');
        $this->assert_no_userid((int) $canary->id);
        $this->assert_no_userid((int) $nothing->id);
        $this->assertContains((int) $nothing->id, $this->package->persons()); // Moodle's own index knows.
    }

    /**
     * While marking is blind neither the order of people nor what Moodle shows beside their names tells whose number is whose.
     */
    public function test_order_of_blind_marking(): void {
        global $DB;
        $assign = $this->assignment(['blindmarking' => 1, 'teamsubmission' => 1]);
        $group = $this->getDataGenerator()->create_group(['courseid' => $this->course->id, 'name' => 'Red']);
        $users = [];
        foreach (['a', 'b', 'c', 'd'] as $name) {
            $users[] = $this->user($name, 'Muster', $name);
            groups_add_member($group->id, end($users)->id);
        }
        foreach (array_reverse($users) as $user) {
            $DB->insert_record('assign_user_mapping', ['assignment' => $assign->get_instance()->id, 'userid' => $user->id]);
        }
        $this->submit($assign, $users[0], ['work.txt' => 'work']);
        $this->archive($assign);
        $numbers = array_map(fn($user): string => 'participant-' . $assign->get_uniqueid_for_user($user->id), $users);
        $keys = fn(string $table): array => array_values(preg_grep('/^participant/', array_column($this->json($table), 'key')));
        foreach (['people', 'enrolments', 'groups', 'teams'] as $table) {
            $this->assertSame(array_reverse($numbers), $keys("tables/$table.json"), $table);
        }
        $teams = array_column($this->json('tables/submissions.json'), 'key', 'groupid');
        $this->assertSame(implode(' ', array_reverse($numbers)), $teams[$group->id]);
        $theirs = fn(array $row): bool => str_starts_with($row['key'], 'participant');
        $enrolments = array_filter($this->json('tables/enrolments.json'), $theirs);
        $this->assertSame([null], array_values(array_unique(array_column($enrolments, 'id'))));
        $this->assertSame([null], array_values(array_unique(array_column($this->json('tables/groups.json'), 'since'))));
    }

    /**
     * Numbers of participants that the archive gives do not follow the ids of the users.
     */
    public function test_numbers_are_given_in_no_order(): void {
        global $DB;
        $assign = $this->assignment(['blindmarking' => 1]);
        $ids = [];
        for ($i = 0; $i < 20; $i++) { // They left the course: Moodle's own function gives numbers one by one.
            $ids[] = $this->getDataGenerator()->create_user()->id;
            $DB->insert_record('assign_submission', ['assignment' => $assign->get_instance()->id, 'userid' => end($ids),
                'status' => 'submitted', 'timecreated' => 1, 'timemodified' => 1, 'attemptnumber' => 0, 'latest' => 1]);
        }
        $this->archive($assign);
        $order = $DB->get_fieldset_select('assign_user_mapping', 'userid', 'assignment = ? ORDER BY id', [
            $assign->get_instance()->id,
        ]);
        $this->assertEqualsCanonicalizing($ids, $order);
        $this->assertNotEquals($ids, $order);
    }

    /**
     * What was handed in after the time limit is late, as in Moodle, also before the due date.
     */
    public function test_time_limit(): void {
        global $DB;
        set_config('enabletimelimit', 1, 'assign');
        $assign = $this->assignment(['timelimit' => 600, 'duedate' => time() + 5000]);
        foreach (['Over' => 700, 'Within' => 500, 'Longer' => 700] as $name => $took) {
            $users[$name] = $user = $this->user($name, 'Muster', $name);
            $this->submit($assign, $user, ['work.txt' => 'work']);
            $row = $assign->get_user_submission($user->id, false);
            $DB->set_field('assign_submission', 'timestarted', $row->timemodified - $took, ['id' => $row->id]);
        }
        $DB->insert_record('assign_overrides', ['assignid' => $assign->get_instance()->id, 'userid' => $users['Longer']->id,
            'timelimit' => 900]);
        $this->archive($assign);
        $over = array_column($this->json('tables/people.json'), 'overtime', 'idnumber');
        $this->assertSame([100, 0, 0, null], [$over['Over'], $over['Within'], $over['Longer'], $over['t1']]);
        $this->assertSame(0, array_column($this->json('tables/people.json'), 'late', 'idnumber')['Over']);
        $this->assertStringContainsString('00:01:40 over the time limit', $this->content('people/index.html'));
        $this->assertStringContainsString('00:01:40', $this->content('people/Over Muster (Over)/index.html'));
        set_config('enabletimelimit', 0, 'assign');
        $this->archive($assign);
        $this->assertNull(array_column($this->json('tables/people.json'), 'overtime', 'idnumber')['Over']);
    }

    /**
     * Marking that is not released is shown as that.
     */
    public function test_unreleased_marking(): void {
        $assign = $this->assignment(['markingworkflow' => 1]);
        foreach (['inreview' => 'Mia', 'released' => 'Bob'] as $state => $name) {
            $user = $this->user($name, 'Muster', $name);
            $this->grade($assign, $user, 50, 'Comment', [], ['workflowstate' => $state]);
        }
        $this->archive($assign);
        $note = get_string('page_unreleased_workflow', 'archiver_assign');
        foreach (['Mia' => false, 'Bob' => true] as $name => $released) {
            $folder = "$name Muster ($name)";
            $this->assertSame($released, $this->json("feedback/$folder/attempt 1/grade.json")['released']);
            foreach (["feedback/$folder/attempt 1/feedback.html", "people/$folder/index.html"] as $page) {
                $this->assertSame(!$released, str_contains($this->content($page), $note), $page);
            }
        }
    }

    /**
     * So is a grade that is hidden in the gradebook, by itself or with its item, and one that is not there yet since marking is
     * blind.
     */
    public function test_grades_that_students_do_not_see(): void {
        global $DB;
        [$mia, $bob] = [$this->user('Mia', 'A', 'a'), $this->user('Bob', 'B', 'b')];
        $assign = $this->assignment();
        foreach ([$mia, $bob] as $user) {
            $this->grade($assign, $user, 50);
        }
        $released = function (string $why) use (&$assign): array {
            $this->archive($assign);
            $note = get_string("page_unreleased_$why", 'archiver_assign');
            foreach ($this->json('tables/people.json') as $row) {
                if ($row['part'] === 'participant') {
                    $this->assertSame(!$row['released'], str_contains($this->content($row['page']), $note), $row['person']);
                    $grade = $this->json("feedback/{$row['person']}/attempt 1/grade.json");
                    $told = [$row['released'], $row['released'] ? null : $why];
                    $this->assertSame($told, [$grade['released'], $grade['unreleased']]);
                }
            }
            return array_values(array_filter(array_column($this->json('tables/people.json'), 'released', 'key'), 'is_bool'));
        };
        $DB->set_field('grade_grades', 'hidden', 1, ['userid' => $mia->id, 'itemid' => $assign->get_grade_item()->id]);
        $this->assertSame([false, true], $released('hidden'));
        $DB->set_field('grade_grades', 'hidden', time() - 10, ['userid' => $mia->id]);
        $this->assertSame([true, true], $released('hidden'));
        $DB->set_field('grade_items', 'hidden', time() + 1000, ['id' => $assign->get_grade_item()->id]);
        $this->assertSame([false, false], $released('hidden'));
        $assign = $this->assignment(['blindmarking' => 1]);
        foreach ([$mia, $bob] as $user) {
            $this->grade($assign, $user, 50);
        }
        $this->assertSame([false, false], $released('blind'));
    }
}
