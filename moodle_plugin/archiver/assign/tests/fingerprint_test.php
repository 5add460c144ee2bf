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

/**
 * Prints of assignments.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \archiver_assign\fingerprint
 */
final class fingerprint_test extends assign_testcase {
    /** @var \assign The assignment. */
    private \assign $assign;

    /** @var \stdClass Who handed in. */
    private \stdClass $student;

    #[\Override]
    protected function setUp(): void {
        parent::setUp();
        $this->assign = $this->assignment(['attemptreopenmethod' => 'manual', 'maxattempts' => 3]);
        $this->student = $this->user('Mia', 'Muster', 's1');
        $this->submit($this->assign, $this->student, ['work.txt' => 'work'], '<p>Text</p>');
        $this->grade($this->assign, $this->student, 50, 'Comment', ['hint.txt' => 'hint']);
    }

    /**
     * Changes, each as an SQL statement or the name of a method here. None of them changes a time.
     *
     * @return array<string, array{string}>
     */
    public static function changes(): array {
        return [
            'setting' => ["UPDATE {assign} SET duedate = duedate + 1 WHERE id = :assign"],
            'description' => ["UPDATE {assign} SET intro = 'other' WHERE id = :assign"],
            'setting of a type' => ["UPDATE {assign_plugin_config} SET value = '7'
                WHERE assignment = :assign AND name = 'maxfilesubmissions'"],
            'availability' => ["UPDATE {course_modules} SET idnumber = 'new' WHERE instance = :assign"],
            'state of the submission' => ["UPDATE {assign_submission} SET status = 'draft' WHERE assignment = :assign"],
            'submission deleted' => ["DELETE FROM {assign_submission} WHERE assignment = :assign"],
            'text' => ["UPDATE {assignsubmission_onlinetext} SET onlinetext = '<p>Texu</p>' WHERE assignment = :assign"],
            'grade' => ["UPDATE {assign_grades} SET grade = 51 WHERE assignment = :assign"],
            'grade taken back' => ["UPDATE {assign_grades} SET grade = NULL WHERE assignment = :assign"],
            'grade deleted' => ["DELETE FROM {assign_grades} WHERE assignment = :assign"],
            'grader' => ["UPDATE {assign_grades} SET grader = 2 WHERE assignment = :assign"],
            'feedback' => ["UPDATE {assignfeedback_comments} SET commenttext = 'Commenu' WHERE assignment = :assign"],
            'grade item' => ["UPDATE {grade_items} SET gradepass = 40 WHERE iteminstance = :assign AND itemmodule = 'assign'"],
            'file replaced' => ['replace_file'],
            'file deleted' => ['delete_file'],
            'flag' => ['add_flag'],
            'override' => ['add_override'],
            'comment' => ['add_comment'],
            'rubric' => ['add_rubric'],
            'annotation' => ['add_annotation'],
            'another attempt' => ['add_attempt'],
            'gradebook' => ['change_gradebook'],
            'weight' => ["UPDATE {grade_items} SET aggregationcoef2 = 0.25 WHERE iteminstance = :assign AND itemmodule = 'assign'"],
            'calculation' => ["UPDATE {grade_items} SET calculation = '=1' WHERE iteminstance = :assign AND itemmodule = 'assign'"],
            'role in the activity' => ['add_role'],
            'tag' => ['add_tag'],
        ];
    }

    /**
     * Changes of what an archive says about the course and its people, which are in the archive of each assignment.
     *
     * @return array<string, array{string}>
     */
    public static function changes_of_course(): array {
        return [
            'name of a student' => ["UPDATE {user} SET lastname = 'Married' WHERE lastname = 'Muster'"],
            'suspended account' => ["UPDATE {user} SET suspended = 1 WHERE lastname = 'Muster'"],
            'suspended enrolment' => ['UPDATE {user_enrolments} SET status = 1 WHERE userid = :student'],
            'end of an enrolment' => ['UPDATE {user_enrolments} SET timeend = 2000000000 WHERE userid = :student'],
            'method of enrolment' => ["UPDATE {enrol} SET name = 'Exam office' WHERE courseid = :course"],
            'left the course' => ['DELETE FROM {user_enrolments} WHERE userid = :student'],
            'role' => ['DELETE FROM {role_assignments} WHERE userid = :student'],
            'name of a role' => ["UPDATE {role} SET name = 'Examiner' WHERE shortname = 'editingteacher'"],
            'group' => ['add_group'],
            'letter' => ['add_letter'],
            'category of the gradebook' => ['UPDATE {grade_categories} SET aggregation = 0 WHERE courseid = :course'],
            'setting of the gradebook' => ['add_setting'],
            'name of the course' => ["UPDATE {course} SET fullname = 'Other' WHERE id = :course"],
            'dates of the course' => ['UPDATE {course} SET startdate = startdate + 1 WHERE id = :course'],
            'name of a category' => ["UPDATE {course_categories} SET name = 'Other'"],
            'who may hand in' => ["UPDATE {role_capabilities} SET permission = -1 WHERE capability LIKE 'mod/assign_submit'"],
            'field of the profile' => ["UPDATE {user} SET city = 'Other' WHERE id = :student"],
            'made field of the profile' => ["UPDATE {user_info_data} SET data = 'Other' WHERE userid = :student"],
            'choice of fields' => ['choose_fields'],
        ];
    }

    /**
     * What changes about the course or its people makes another print of each assignment.
     *
     * @dataProvider changes_of_course
     * @param string $change an SQL statement or the name of a method here
     */
    public function test_change_of_course(string $change): void {
        global $DB;
        $this->assignment(['name' => 'Other']);
        $field = ['datatype' => 'text', 'shortname' => 'track', 'name' => 'Track'];
        $field = $this->getDataGenerator()->create_custom_profile_field($field);
        $DB->insert_record('user_info_data', ['userid' => $this->student->id, 'fieldid' => $field->id, 'data' => 'A']);
        set_config('profilefields', 'city,profile_field_track', 'local_archivist');
        $before = archiver::fingerprints((int) $this->course->id);
        if (str_contains($change, ' ')) {
            $known = ['course' => $this->course->id, 'student' => $this->student->id];
            $named = fn(string $name): bool => str_contains($change, ":$name");
            $DB->execute($change, array_filter($known, $named, ARRAY_FILTER_USE_KEY));
        } else {
            $this->$change();
        }
        $after = archiver::fingerprints((int) $this->course->id);
        foreach ($before as $cmid => $print) {
            $this->assertNotSame($print, $after[$cmid]);
        }
    }

    /**
     * Each change makes another print, also within a second, and leaves other assignments alone.
     *
     * @dataProvider changes
     * @param string $change
     */
    public function test_change(string $change): void {
        global $DB;
        $other = $this->assignment(['name' => 'Other']);
        $cmid = $this->assign->get_course_module()->id;
        $before = archiver::fingerprints((int) $this->course->id);
        $this->assertMatchesRegularExpression('/^[0-9a-f]{64}$/', $before[$cmid]);
        $this->assertSame($before, archiver::fingerprints((int) $this->course->id));
        if (str_contains($change, ' ')) {
            $DB->execute($change, ['assign' => $this->assign->get_instance()->id]);
        } else {
            $this->$change();
        }
        $after = archiver::fingerprints((int) $this->course->id);
        $this->assertNotSame($before[$cmid], $after[$cmid]);
        $this->assertSame($before[$other->get_course_module()->id], $after[$other->get_course_module()->id]);
        $this->assertCount(2, $after);
    }

    /**
     * Filling in a rubric makes another print, also when nothing but a remark changes.
     */
    public function test_rubric_filling(): void {
        global $DB;
        $this->add_rubric();
        $cmid = $this->assign->get_course_module()->id;
        $rubrics = $this->getDataGenerator()->get_plugin_generator('gradingform_rubric');
        $controller = get_grading_manager($this->assign->get_context(), 'mod_assign', 'submissions')->get_active_controller();
        $grade = $this->assign->get_user_grade($this->student->id, true);
        $prints = [archiver::fingerprints((int) $this->course->id)[$cmid]];
        $data = $rubrics->get_submitted_form_data($controller, $grade->id, [
            'Spelling is important' => ['score' => 1, 'remark' => 'x'], 'Pictures' => ['score' => 2, 'remark' => 'y'],
        ]);
        $controller->get_or_create_instance(0, $this->teacher->id, $grade->id)->submit_and_get_grade($data, $grade->id);
        $prints[] = archiver::fingerprints((int) $this->course->id)[$cmid];
        $DB->set_field_select('gradingform_rubric_fillings', 'remark', 'z', 'levelid > 0');
        $prints[] = archiver::fingerprints((int) $this->course->id)[$cmid];
        $DB->set_field_select('gradingform_rubric_levels', 'definition', 'Other', 'score > 1');
        $prints[] = archiver::fingerprints((int) $this->course->id)[$cmid];
        $this->assertCount(4, array_unique($prints));
    }

    /**
     * The members of groups belong to a print, also where no teams hand in: the table of people has them.
     */
    public function test_groups(): void {
        $team = $this->assignment(['name' => 'Team', 'teamsubmission' => 1]);
        $before = archiver::fingerprints((int) $this->course->id);
        $group = $this->getDataGenerator()->create_group(['courseid' => $this->course->id]);
        $between = archiver::fingerprints((int) $this->course->id);
        $this->getDataGenerator()->create_group_member(['groupid' => $group->id, 'userid' => $this->student->id]);
        $after = archiver::fingerprints((int) $this->course->id);
        $cmid = $team->get_course_module()->id;
        $this->assertCount(3, array_unique([$before[$cmid], $between[$cmid], $after[$cmid]]));
        $cmid = $this->assign->get_course_module()->id;
        $this->assertCount(3, array_unique([$before[$cmid], $between[$cmid], $after[$cmid]]));
    }

    /**
     * What happens in another course, and who only looks, changes nothing.
     */
    public function test_other_course(): void {
        global $DB;
        $before = archiver::fingerprints((int) $this->course->id);
        $other = $this->getDataGenerator()->create_course();
        $this->getDataGenerator()->create_and_enrol($other, 'student');
        $this->getDataGenerator()->create_group(['courseid' => $other->id]);
        $DB->set_field('user', 'lastaccess', 1900000000, ['id' => $this->student->id]);
        $this->assertSame($before, archiver::fingerprints((int) $this->course->id));
        $this->assertSame([], archiver::fingerprints((int) $other->id));
    }

    /**
     * The number of queries does not depend on the number of assignments.
     */
    public function test_number_of_queries(): void {
        global $DB;
        $count = function () use ($DB): int {
            $reads = $DB->perf_get_reads();
            archiver::fingerprints((int) $this->course->id);
            return $DB->perf_get_reads() - $reads;
        };
        $count();
        $before = $count();
        for ($i = 0; $i < 4; $i++) {
            $this->submit($this->assignment(['name' => "A$i"]), $this->student, ['x.txt' => "$i"]);
        }
        $this->assertSame($before, $count());
        $this->assertLessThan(40, $before);
    }

    /**
     * A file of the submission.
     *
     * @return \stored_file
     */
    private function file(): \stored_file {
        $files = get_file_storage()->get_area_files(
            $this->assign->get_context()->id,
            'assignsubmission_file',
            'submission_files',
            false,
            'id',
            false,
        );
        return reset($files);
    }

    /**
     * Puts other bytes into a file.
     */
    private function replace_file(): void {
        global $DB;
        $DB->set_field('files', 'contenthash', sha1('other'), ['id' => $this->file()->get_id()]);
    }

    /**
     * Deletes a file.
     */
    private function delete_file(): void {
        $this->file()->delete();
    }

    /**
     * Locks the submission.
     */
    private function add_flag(): void {
        $this->assign->lock_submission($this->student->id);
    }

    /**
     * Sets another date for the student.
     */
    private function add_override(): void {
        global $DB;
        $DB->insert_record('assign_overrides', ['assignid' => $this->assign->get_instance()->id, 'duedate' => 1,
            'userid' => $this->student->id]);
    }

    /**
     * Comments on the submission.
     */
    private function add_comment(): void {
        global $DB;
        $DB->insert_record('comments', ['contextid' => $this->assign->get_context()->id, 'itemid' => 1, 'content' => 'x',
            'component' => 'assignsubmission_comments', 'commentarea' => 'submission_comments', 'format' => 0,
            'userid' => $this->student->id, 'timecreated' => 1]);
    }

    /**
     * Adds a rubric.
     */
    private function add_rubric(): void {
        $rubrics = $this->getDataGenerator()->get_plugin_generator('gradingform_rubric');
        $rubrics->get_test_rubric($this->assign->get_context(), 'mod_assign', 'submissions');
    }

    /**
     * Marks a page.
     */
    private function add_annotation(): void {
        global $DB;
        $DB->insert_record('assignfeedback_editpdf_cmnt', ['x' => 1, 'y' => 2, 'width' => 3, 'rawtext' => 'Source?', 'pageno' => 0,
            'gradeid' => $this->assign->get_user_grade($this->student->id, false)->id, 'colour' => 'red', 'draft' => 0]);
    }

    /**
     * Allows another attempt.
     */
    private function add_attempt(): void {
        $this->grade($this->assign, $this->student, 50, 'Comment', [], ['addattempt' => 1]);
    }

    /**
     * Changes the gradebook only.
     */
    private function change_gradebook(): void {
        global $DB;
        $DB->set_field_select('grade_grades', 'finalgrade', 12, 'finalgrade > 0');
    }

    /**
     * Gives somebody a role in the activity.
     */
    private function add_role(): void {
        global $DB;
        $role = $DB->get_field('role', 'id', ['shortname' => 'teacher']);
        role_assign($role, $this->student->id, $this->assign->get_context()->id);
    }

    /**
     * Gives the activity a tag.
     */
    private function add_tag(): void {
        $context = $this->assign->get_context();
        \core_tag_tag::set_item_tags('core', 'course_modules', $this->assign->get_course_module()->id, $context, ['exam']);
    }

    /**
     * Makes a group.
     */
    private function add_group(): void {
        $this->getDataGenerator()->create_group(['courseid' => $this->course->id]);
    }

    /**
     * Gives the course a letter of its own.
     */
    private function add_letter(): void {
        global $DB;
        $context = \context_course::instance($this->course->id);
        $DB->insert_record('grade_letters', ['contextid' => $context->id, 'lowerboundary' => 50, 'letter' => 'passed']);
    }

    /**
     * Changes a setting of the gradebook.
     */
    private function add_setting(): void {
        global $DB;
        $DB->insert_record('grade_settings', ['courseid' => $this->course->id, 'name' => 'aggregationposition', 'value' => '0']);
    }

    /**
     * Chooses other fields of the profile for archives.
     */
    private function choose_fields(): void {
        set_config('profilefields', 'city', 'local_archivist');
    }
}
