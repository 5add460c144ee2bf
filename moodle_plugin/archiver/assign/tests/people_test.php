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
 * Who is named in an archive, and who is not.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \archiver_assign\people
 * @covers     \archiver_assign\tables
 */
final class people_test extends assign_testcase {
    /**
     * A deleted user is named as long as the database has the name, and by the id.
     */
    public function test_deleted_and_unenrolled_users(): void {
        $assign = $this->assignment();
        $gone = $this->user('Gone', 'Girl', 's1');
        $left = $this->user('Left', 'Course', 's2');
        $this->submit($assign, $gone, ['work.txt' => 'one']);
        $this->submit($assign, $left, ['work.txt' => 'two']);
        $submission = $assign->get_user_submission($gone->id, false);
        delete_user($gone);
        enrol_get_plugin('manual')->unenrol_user(
            $GLOBALS['DB']->get_record('enrol', ['courseid' => $this->course->id, 'enrol' => 'manual']),
            $left->id,
        );
        $names = $this->archive($assign);
        $this->assertSame('two', $this->content('submissions/Left Course (s2)/attempt 1/files/work.txt'));
        $folder = "submissions/Gone Girl (deleted user, id {$gone->id})/attempt 1";
        $this->assertSame((int) $submission->id, $this->json("$folder/submission.json")['id']);
        $this->assertContains("$folder/files/work.txt", $names);
        $GLOBALS['DB']->update_record('user', ['id' => $gone->id, 'firstname' => '', 'lastname' => '']);
        $this->archive($assign);
        $this->assertSame('one', $this->content("submissions/Deleted user (id {$gone->id})/attempt 1/files/work.txt"));
        $this->assertSame(1, preg_match('/^Deleted user/', $this->json('tables/people.json')[1]['person']));
    }

    /**
     * An archive of one person has nothing of anybody else.
     */
    public function test_scope_of_one_user(): void {
        $this->setUser($this->teacher);
        $this->preventResetByRollback();
        set_config('enabled_stores', 'logstore_standard', 'tool_log');
        set_config('buffersize', 0, 'logstore_standard');
        get_log_manager(true);
        $assign = $this->assignment();
        $mia = $this->user('Mia', 'Muster', 's1');
        $other = $this->user('Canary', 'Bird', 'canaryid');
        foreach ([$mia, $other] as $user) {
            $this->submit($assign, $user, ['work.txt' => "work of {$user->id}"], "<p>Text of {$user->firstname}</p>");
            $this->grade($assign, $user, 50, "Comment for {$user->firstname}");
        }
        $all = $this->archive($assign);
        $this->assertContains('submissions/Canary Bird (canaryid)/attempt 1/files/work.txt', $all);
        $this->assertGreaterThan(4, count($this->json('tables/logs.json')));
        $this->archive($assign, scope::user((int) $mia->id));
        $this->assertSame("work of {$mia->id}", $this->content('submissions/Mia Muster (s1)/attempt 1/files/work.txt'));
        $this->assertStringContainsString('Comment for Mia', $this->content('feedback/Mia Muster (s1)/attempt 1/feedback.html'));
        foreach (['Canary', 'canaryid', $other->username, $other->email] as $text) {
            $this->assert_nowhere($text);
        }
        foreach ($this->json('tables/logs.json') as $line) {
            $this->assertContains((int) $mia->id, [$line['userid'], $line['aboutid']]);
            $this->assertNotSame((int) $other->id, $line['userid']);
        }
        role_assign($GLOBALS['DB']->get_field('role', 'id', ['shortname' => 'student']), $other->id, $assign->get_context()->id);
        $this->archive($assign, scope::user((int) $mia->id));
        $rows = array_column($this->json('about/inventory.json'), null, 'place');
        $this->assertSame([1, 0, 'partly', 'scope'], [$rows['role_assignments']['found'], $rows['role_assignments']['archived'],
            $rows['role_assignments']['state'], $rows['role_assignments']['reason']]);
        $log = $rows['logstore_standard_log'];
        $about = [$assign->get_context()->id, $mia->id, $mia->id];
        $this->assertSame(['partly', $GLOBALS['DB']->count_records_select('logstore_standard_log', 'contextid = ?
            AND (userid = ? OR relateduserid = ?)', $about)], [$log['state'], $log['archived']]);
        $this->assertGreaterThan($log['archived'], $log['found']);
    }

    /**
     * Where the assignment hides markers from students, the archive of one student does so too.
     */
    public function test_hidden_grader(): void {
        $assign = $this->assignment(['hidegrader' => 1]);
        $user = $this->user('Mia', 'Muster', 's1');
        $this->submit($assign, $user, ['work.txt' => 'work']);
        $this->grade($assign, $user, 50, 'Comment', ['hint.txt' => 'hint']);
        $this->archive($assign);
        $this->assertSame('Tess Teacher (t1)', $this->json('feedback/Mia Muster (s1)/attempt 1/grade.json')['grader']);
        $this->archive($assign, scope::user((int) $user->id));
        $this->assertSame('hint', $this->content('feedback/Mia Muster (s1)/attempt 1/files/hint.txt'));
        $this->assert_nowhere('Teacher (');
        $this->assert_nowhere($this->teacher->username);
    }

    /**
     * While marking is blind, lines that Moodle's log shows under names have no numbers of participants.
     */
    public function test_log_of_blind_marking(): void {
        $this->preventResetByRollback();
        set_config('enabled_stores', 'logstore_standard', 'tool_log');
        set_config('buffersize', 0, 'logstore_standard');
        get_log_manager(true);
        $assign = $this->assignment(['blindmarking' => 1, 'groupmode' => SEPARATEGROUPS]);
        $user = $this->user('Canary', 'Bird', 'canaryid');
        $group = $this->getDataGenerator()->create_group(['courseid' => $this->course->id, 'name' => 'Red']);
        groups_add_member($group->id, $user->id);
        $this->submit($assign, $user, ['work.txt' => 'work']);
        $this->archive($assign);
        $key = 'participant-' . $assign->get_uniqueid_for_user($user->id);
        $came = '\core\event\group_member_added';
        $lines = $this->json('tables/logs.json');
        $line = array_column($lines, null, 'event')[$came];
        $this->assertSame(['Hidden person', null, null, null], [$line['about'], $line['aboutkey'], $line['aboutid'],
            $line['objectid']]);
        $this->assertContains($key, array_column($lines, 'key')); // Moodle's log hides these lines from whoever marks.
        $this->archive($assign, scope::user((int) $user->id));
        $events = array_column($this->json('tables/logs.json'), 'event');
        $this->assertNotContains($came, $events);
        $this->assertNotSame([], $events);
    }

    /**
     * In which order the database gives the people makes no other archive.
     */
    public function test_order_of_people(): void {
        $assign = $this->assignment();
        $ids = [];
        foreach (['Zoe', 'Mia', 'Ana', 'Bob', 'Eva'] as $name) {
            $ids[] = (int) ($user = $this->user($name, 'Muster', $name))->id;
        }
        $this->submit($assign, $user, ['work.txt' => 'work']); // Who handed in is found by another query.
        [, $cm] = get_course_and_cm_from_cmid($assign->get_course_module()->id, 'assign');
        $subject = new subject($cm, $assign->get_context(), scope::all());
        $this->assertSame($ids, $subject->people->participants());
    }

    /**
     * While marking is blind nothing tells who a participant is; markers are named.
     */
    public function test_blind_marking(): void {
        global $DB;
        $this->preventResetByRollback();
        set_config('enabled_stores', 'logstore_standard', 'tool_log');
        set_config('buffersize', 0, 'logstore_standard');
        get_log_manager(true);
        $assign = $this->assignment(['blindmarking' => 1, 'assignfeedback_editpdf_enabled' => 1]);
        $user = $this->user('Canary', 'Kanarienvogel', 'canaryidnumber');
        $reader = $this->user('Lurker', 'Onlooker', 'lurkerid');
        $this->submit($assign, $user, ['work.txt' => 'work'], '<p>Text</p>');
        $this->grade($assign, $user, 50, 'Comment', ['hint.txt' => 'hint']);
        $assign->save_user_extension($user->id, 1900000000);
        $DB->insert_record('comments', ['contextid' => $assign->get_context()->id, 'itemid' =>
            $assign->get_user_submission($user->id, false)->id, 'component' => 'assignsubmission_comments',
            'commentarea' => 'submission_comments', 'content' => 'Please', 'format' => 0,
            'userid' => $user->id, 'timecreated' => 1800000000]);
        $grade = $assign->get_user_grade($user->id, false);
        get_file_storage()->create_file_from_string(['contextid' => $assign->get_context()->id, 'userid' => $user->id,
            'component' => 'assignfeedback_editpdf', 'filearea' => 'download', 'itemid' => $grade->id, 'filepath' => '/',
            'filename' => 'Canary Kanarienvogel_work.pdf', 'author' => 'Canary'], 'ANNOTATED');
        $DB->insert_record('assign_grades', ['assignment' => $assign->get_instance()->id, 'userid' => $user->id, 'grade' => -1,
            'grader' => $user->id, 'attemptnumber' => 1, 'timecreated' => 1, 'timemodified' => 1]);
        $DB->insert_record('grade_grades_history', ['action' => 2, 'oldid' => 1, 'itemid' => $assign->get_grade_item()->id,
            'userid' => $user->id, 'usermodified' => $user->id, 'loggeduser' => $user->id, 'timemodified' => 1]);
        $DB->set_field_select('logstore_standard_log', 'other', '{"fullname":"Canary"}', 'userid <> ?', [$user->id]);
        $this->setUser($reader);
        \mod_assign\event\submission_status_viewed::create_from_assign($assign)->trigger();
        $this->setAdminUser();
        $number = $assign->get_uniqueid_for_user($user->id);
        $canaries = ['Canary', 'Kanarienvogel', 'canaryidnumber', $user->username, $user->email, 'Lurker', 'Onlooker', 'lurkerid',
            $reader->username];
        foreach ([scope::all(), scope::user((int) $user->id)] as $scope) {
            $this->archive($assign, $scope);
            $this->assertSame('work', $this->content("submissions/Participant $number/attempt 1/files/work.txt"));
            $this->assertSame('hint', $this->content("feedback/Participant $number/attempt 1/files/hint.txt"));
            $grade = $this->json("feedback/Participant $number/attempt 1/grade.json");
            $this->assertSame('Tess Teacher (t1)', $grade['grader']);
            foreach ($canaries as $text) {
                $this->assert_nowhere($text);
            }
            $labels = json_encode($this->archiver($assign)->expected($scope));
            $this->assertStringNotContainsString('Canary', $labels);
            $this->assert_no_userid((int) $user->id);
            $this->assert_no_userid((int) $reader->id);
        }
        $package = new \local_archivist\package(new \Archivist\EntryList());
        $this->assertSame(2, $this->archiver($assign)->collect_identities($package));
        $this->assertSame(2, count($package->entries));
        $this->assertEqualsCanonicalizing([(int) $user->id, (int) $reader->id], $package->persons());
        $expected = ['participant' => $this->archiver($assign)->expected_identities()];
        $this->assertSame([], $package->missing($expected));
        $this->assertCount(2, $expected['participant']);
        $DB->delete_records('assign_user_mapping', ['userid' => $reader->id]);
        $left = new \local_archivist\package(new \Archivist\EntryList());
        $left->count('participant', $number);
        $this->assertCount(1, $left->missing(['participant' => $this->archiver($assign)->expected_identities()]));
        [, $cm] = get_course_and_cm_from_cmid($assign->get_course_module()->id, 'assign');
        $subject = new subject($cm, $assign->get_context(), scope::all());
        $identities = array_column(iterator_to_array($subject->people->identities(), false), null, 0);
        $this->assertEquals([$number, "Participant $number", (int) $user->id, 'Canary Kanarienvogel (canaryidnumber)',
            'canaryidnumber', $user->username], $identities[$number]);
        $this->assertContains('Lurker Onlooker (lurkerid)', array_column($identities, 3));
        $assign->reveal_identities();
        $this->assertSame(0, $this->archiver($assign)->collect_identities($package));
        $assign = new \assign($assign->get_context(), null, null);
        $this->archive($assign);
        $this->assertSame('work', $this->content('submissions/Canary Kanarienvogel (canaryidnumber)/attempt 1/files/work.txt'));
    }
}
