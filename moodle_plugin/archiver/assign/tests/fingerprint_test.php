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
            'name of a student' => ["UPDATE {user} SET lastname = 'Married' WHERE lastname = 'Muster' AND :assign > 0"],
            'file replaced' => ['replace_file'],
            'file deleted' => ['delete_file'],
            'flag' => ['add_flag'],
            'override' => ['add_override'],
            'comment' => ['add_comment'],
            'rubric' => ['add_rubric'],
            'annotation' => ['add_annotation'],
            'another attempt' => ['add_attempt'],
            'gradebook' => ['change_gradebook'],
        ];
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
     * The members of a team belong to a print where teams hand in.
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
        $this->assertSame($before[$cmid], $after[$cmid]);
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
}
