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
 * Rubrics and marking guides in archives.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \archiver_assign\gradings
 */
final class gradings_test extends assign_testcase {
    /**
     * A rubric is archived with its definition and how it was filled in, for people and machines.
     */
    public function test_rubric(): void {
        $assign = $this->assignment();
        $user = $this->user('Mia', 'Muster', 's1');
        $rubrics = $this->getDataGenerator()->get_plugin_generator('gradingform_rubric');
        $controller = $rubrics->get_test_rubric($assign->get_context(), 'assign', 'submissions');
        $grade = $assign->get_user_grade($user->id, true);
        $fill = function (int $score, string $remark) use ($controller, $rubrics, $grade): void {
            $data = $rubrics->get_submitted_form_data($controller, $grade->id, [
                'Spelling is important' => ['score' => $score, 'remark' => $remark],
                'Pictures' => ['score' => 2, 'remark' => '<b>Nice</b> pictures'],
            ]);
            $instance = $controller->get_or_create_instance(0, $this->teacher->id, $grade->id);
            $instance->submit_and_get_grade($data, $grade->id);
        };
        $fill(0, 'At first');
        $fill(1, 'Then');
        $this->archive($assign);
        $folder = 'feedback/Mia Muster (s1)/attempt 1';
        $gradings = $this->json("$folder/grade.json")['gradings'];
        $this->assertSame(['archived', 'active'], array_column($gradings, 'status'));
        $this->assertSame('rubric', $gradings[1]['method']);
        $this->assertSame('Tess Teacher (t1)', $gradings[1]['rater']);
        $this->assertSame(['Spelling is important', 'Pictures'], array_column($gradings[1]['fillings'], 'criterion'));
        $this->assertSame('Several mistakes', $gradings[1]['fillings'][0]['level']);
        $this->assertSame([1.0, 'Then'], [$gradings[1]['fillings'][0]['points'], $gradings[1]['fillings'][0]['remark']]);
        $page = $this->content("$folder/feedback.html");
        $this->assertStringContainsString('Several mistakes', $page);
        $this->assertStringContainsString('&lt;b&gt;Nice&lt;/b&gt; pictures', $page);
        $this->assertStringNotContainsString('At first', $page);
        $form = $this->json("assignment/grading form {$gradings[1]['form']}.json");
        $this->assertCount(2, $form['criteria']);
        $this->assertCount(3, $form['criteria'][0]['levels']);
    }

    /**
     * So is a marking guide.
     */
    public function test_guide(): void {
        $assign = $this->assignment();
        $user = $this->user('Mia', 'Muster', 's1');
        $guides = $this->getDataGenerator()->get_plugin_generator('gradingform_guide');
        $controller = $guides->get_test_guide($assign->get_context(), 'assign', 'submissions');
        $grade = $assign->get_user_grade($user->id, true);
        $data = $guides->get_test_form_data($controller, $grade->id, 20, 'Two mistakes', 10, 'Two pictures');
        $controller->get_or_create_instance(0, $this->teacher->id, $grade->id)->submit_and_get_grade($data, $grade->id);
        $this->archive($assign);
        $folder = 'feedback/Mia Muster (s1)/attempt 1';
        $fillings = $this->json("$folder/grade.json")['gradings'][0]['fillings'];
        $this->assertSame(['Spelling mistakes', 'Pictures'], array_column($fillings, 'criterion'));
        $this->assertSame([20.0, 10.0], array_column($fillings, 'points'));
        $this->assertSame([25.0, 15.0], array_column($fillings, 'max'));
        $page = $this->content("$folder/feedback.html");
        $this->assertStringContainsString('Two mistakes', $page);
        $this->assertStringContainsString('20 / 25', $page);
    }

    /**
     * A rubric beside a guide, whose criteria have the same numbers, is told with its own criteria.
     */
    public function test_rubric_beside_guide(): void {
        global $DB;
        $assign = $this->assignment();
        $user = $this->user('Mia', 'Muster', 's1');
        $generator = $this->getDataGenerator();
        $guides = $generator->get_plugin_generator('gradingform_guide');
        $guide = $guides->get_test_guide($assign->get_context(), 'assign', 'submissions');
        $rubrics = $generator->get_plugin_generator('gradingform_rubric');
        $rubric = $rubrics->get_test_rubric($assign->get_context(), 'assign', 'submissions');
        $grade = $assign->get_user_grade($user->id, true);
        $data = $rubrics->get_submitted_form_data($rubric, $grade->id, [
            'Spelling is important' => ['score' => 1, 'remark' => 'Then'], 'Pictures' => ['score' => 2, 'remark' => 'Nice'],
        ]);
        $rubric->get_or_create_instance(0, $this->teacher->id, $grade->id)->submit_and_get_grade($data, $grade->id);
        $clashing = $DB->get_fieldset('gradingform_rubric_criteria', 'id', ['definitionid' => $rubric->get_definition()->id]);
        $ids = $DB->get_fieldset('gradingform_guide_criteria', 'id', ['definitionid' => $guide->get_definition()->id]);
        foreach (array_combine($ids, $clashing) as $id => $like) {
            $DB->execute('UPDATE {gradingform_guide_criteria} SET id = ? WHERE id = ?', [1000000 + $like, $id]);
        }
        $DB->execute('UPDATE {gradingform_guide_criteria} SET id = id - 1000000 WHERE id > 1000000');
        $this->archive($assign);
        $folder = 'feedback/Mia Muster (s1)/attempt 1';
        $fillings = array_column($this->json("$folder/grade.json")['gradings'], 'fillings', 'method')['rubric'];
        $this->assertSame(['Spelling is important', 'Pictures'], array_column($fillings, 'criterion'));
        $this->assertSame([1.0, 2.0], array_column($fillings, 'points'));
    }

    /**
     * A grade on a scale is told by its name.
     */
    public function test_scale(): void {
        $scale = $this->getDataGenerator()->create_scale(['scale' => 'Poor, Fair, Good']);
        $assign = $this->assignment(['grade' => -$scale->id]);
        $user = $this->user('Mia', 'Muster', 's1');
        $this->grade($assign, $user, 2);
        $this->archive($assign);
        $this->assertSame('Fair', $this->json('feedback/Mia Muster (s1)/attempt 1/grade.json')['gradetext']);
        $this->assertSame('Poor, Fair, Good', $this->json('assignment/assignment.json')['scale']['scale']);
    }
}
