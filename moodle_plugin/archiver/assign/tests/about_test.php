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
use local_archivist\tests\german;

/**
 * What an archive tells about itself: codebook, inventory, the page about the exam.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \archiver_assign\codebook
 * @covers     \archiver_assign\inventory
 * @covers     \archiver_assign\surroundings
 * @covers     \archiver_assign\foreign_tables
 */
final class about_test extends assign_testcase {
    /**
     * An assignment with something in all tables.
     *
     * @return \assign
     */
    private function full_assignment(): \assign {
        $this->preventResetByRollback();
        set_config('enabled_stores', 'logstore_standard', 'tool_log');
        set_config('buffersize', 0, 'logstore_standard');
        get_log_manager(true);
        set_config('profilefields', 'city', 'local_archivist');
        $assign = $this->assignment(['teamsubmission' => 1, 'markingworkflow' => 1]);
        $user = $this->user('Mia', 'Muster', 's1');
        $group = $this->getDataGenerator()->create_group(['courseid' => $this->course->id, 'name' => 'Red']);
        $this->getDataGenerator()->create_group_member(['groupid' => $group->id, 'userid' => $user->id]);
        $this->submit($assign, $user, ['work.txt' => 'work']);
        $this->grade($assign, $user, 50, 'Comment');
        return $assign;
    }

    /**
     * The codebook knows every column of every table, and no page lacks a text, in both languages.
     *
     * @dataProvider languages
     * @param string $language
     * @param string[] $words that must stand there: else the test would pass in English only
     */
    public function test_codebook_and_texts(string $language, array $words): void {
        $assign = $this->full_assignment();
        german::install();
        force_current_language($language);
        $this->assertSame($language, current_language());
        $names = $this->archive($assign);
        $lines = $this->json('about/codebook.json');
        $told = [];
        foreach ($lines as $line) {
            $told[$line['table']][$line['column']] = $line['meaning'];
        }
        $tables = preg_grep('~^(tables|about)/.*\.json$~', $names);
        $this->assertGreaterThan(12, count($tables));
        $foreign = get_string('col_foreign', 'archiver_assign');
        foreach ($tables as $name) {
            foreach (array_keys($this->json($name)[0] ?? []) as $column) {
                $meaning = $told[substr($name, 0, -strlen('.json'))][$column] ?? '';
                $this->assertNotSame('', $meaning, "$name: $column");
                $this->assertNotSame($foreign, $meaning, "$name: $column");
            }
        }
        $this->assertNotEmpty($told['assignment/assignment.json']['duedate']);
        foreach (preg_grep('~\.html$~', $names) as $name) {
            $this->assertStringNotContainsString('[[', $this->content($name), $name);
        }
        foreach ($words as $name => $word) {
            $this->assertStringContainsString($word, $this->content($name));
        }
        $this->assertStringContainsString("<html lang=\"$language\">", $this->content('about/index.html'));
        force_current_language('');
    }

    /**
     * The languages of the plugin.
     *
     * @return array
     */
    public static function languages(): array {
        return [
            'English' => ['en', [
                'about/index.html' => 'About this exam', 'about/inventory.html' => 'Not archived',
                'about/codebook.html' => 'What each column', 'people/index.html' => 'People',
            ]],
            'German' => ['de', [
                'about/index.html' => 'Über diese Prüfung', 'about/inventory.html' => 'Nicht archiviert',
                'about/codebook.html' => 'Was jede Spalte jeder Tabelle bedeutet', 'people/index.html' => 'Personen',
            ]],
        ];
    }

    /**
     * What is not archived stands there with its reason; what nobody knows is named.
     */
    public function test_inventory(): void {
        global $DB;
        $assign = $this->full_assignment();
        $context = $assign->get_context()->id;
        $fs = get_file_storage();
        $file = ['contextid' => $context, 'filepath' => '/', 'itemid' => 1];
        $fs->create_file_from_string($file + ['component' => 'assignfeedback_editpdf', 'filearea' => 'pages',
            'filename' => 'p.png'], 'page');
        $fs->create_file_from_string($file + ['component' => 'mod_riddle', 'filearea' => 'sphinx', 'filename' => 'x'], 'riddle');
        $archiver = $this->archiver($assign);
        $this->archive($assign);
        $rows = array_column($this->json('about/inventory.json'), null, 'place');
        $this->assertSame(['left out', 'workfiles'], [$rows['assignfeedback_editpdf/pages']['state'],
            $rows['assignfeedback_editpdf/pages']['reason']]);
        $this->assertSame(['not understood', 1, 0], [$rows['mod_riddle/sphinx']['state'], $rows['mod_riddle/sphinx']['found'],
            $rows['mod_riddle/sphinx']['archived']]);
        $files = $DB->count_records_select('files', "contextid = ? AND filename <> '.'", [$context]);
        $this->assertSame($files, array_sum(array_column(array_filter($rows, fn($row) => $row['kind'] === 'files'), 'found')));
        foreach (['plagiarism', 'completion', 'competencies'] as $reason) {
            $this->assertContains($reason, array_column($rows, 'reason'));
        }
        $page = $this->content('about/inventory.html');
        $this->assertStringContainsString('mod_riddle/sphinx', $page);
        $this->assertStringContainsString(get_string('because_plagiarism', 'archiver_assign'), $page);
        $this->assertSame([], $archiver->left_out());
        $archiver->collect(new \local_archivist\package(new \Archivist\EntryList()), scope::all());
        $this->assertContains('unknown', array_column($archiver->left_out(), 'reason'));
    }

    /**
     * Each reason has its words in both languages.
     */
    public function test_reasons_have_words(): void {
        $reasons = array_values((new \ReflectionClassConstant(inventory::class, 'LEFT_OUT'))->getValue());
        $reasons = [...$reasons, ...(new \ReflectionClassConstant(inventory::class, 'ALWAYS'))->getValue(), 'unknown', 'scope',
            'failed', 'workfiles', 'backup', 'unlinked'];
        foreach ($reasons as $reason) {
            foreach (["left_$reason", "because_$reason"] as $string) {
                $this->assertTrue(get_string_manager()->string_exists($string, 'archiver_assign'), $string);
            }
        }
    }

    /**
     * The rules of the gradebook, its files, the course, the statement and the conditions of availability are there.
     */
    public function test_surroundings(): void {
        global $DB;
        $assign = $this->full_assignment();
        $user = $DB->get_record('user', ['idnumber' => 's1']);
        $group = $DB->get_record('groups', ['name' => 'Red']);
        $DB->set_field('course_modules', 'availability', json_encode(['op' => '&', 'showc' => [true], 'c' => [
            ['type' => 'group', 'id' => (int) $group->id]]]), ['id' => $assign->get_course_module()->id]);
        rebuild_course_cache($this->course->id, true);
        set_config('submissionstatementteamsubmission', 'Our own work.', 'assign');
        $item = $DB->get_record('grade_items', ['itemmodule' => 'assign', 'iteminstance' => $assign->get_instance()->id]);
        $DB->set_field('grade_items', 'calculation', '=##gi1## + 1', ['id' => $item->id]);
        $grade = \grade_grade::fetch(['itemid' => $item->id, 'userid' => $user->id]);
        if (!$grade) {
            $grade = new \grade_grade(['itemid' => $item->id, 'userid' => $user->id]);
            $grade->insert();
        }
        get_file_storage()->create_file_from_string(['contextid' => $assign->get_context()->id, 'component' => 'grade',
            'filearea' => 'feedback', 'itemid' => $grade->id, 'filepath' => '/', 'filename' => 'remark.txt'], 'GRADEBOOK');
        $this->archive($assign);
        $book = $this->json('assignment/gradebook.json');
        $this->assertSame('=##gi1## + 1', $book['items'][0]['calculation']);
        $this->assertContains('A', array_column($book['letters'], 'letter'));
        $this->assertNotEmpty($book['categories']);
        $this->assertSame('GRADEBOOK', $this->content("feedback/Mia Muster (s1)/gradebook/feedback {$grade->id}/remark.txt"));
        $settings = $this->json('assignment/assignment.json');
        $this->assertSame([(int) $group->id => 'Red'], $settings['module']['availabilitynames']['groups']);
        $this->assertSame('Our own work.', $settings['submissionstatement']['text']);
        $course = $this->json('assignment/course.json');
        $this->assertSame(['Tess Teacher (t1)'], array_column($course['staff'], 'name'));
        $this->assertNotNull($course['log']['since']);
        $this->assertContains('\core\event\group_member_added', array_column($this->json('tables/logs.json'), 'event'));
        $this->assertStringContainsString('Tess Teacher (t1)', $this->content('about/index.html'));
        $this->assertStringContainsString('Red', $this->content("submissions/Mia Muster (s1)/team {$group->id}, attempt 1.html"));
    }

    /**
     * An assignment with points, with a scale, without grades.
     */
    public function test_highest_grade(): void {
        $scale = $this->getDataGenerator()->create_scale(['scale' => 'Poor, Fair, Good']);
        foreach ([[80, '80'], [-$scale->id, 'a scale'], [0, 'no grade']] as [$grade, $told]) {
            $this->archive($this->assignment(['grade' => $grade]));
            $this->assertMatchesRegularExpression("~Highest grade</\\w+>\\s*<\\w+>$told<~", $this->content('about/index.html'));
        }
    }

    /**
     * Rows of a type that is not known to the driver, and is disabled, are archived as they are, without secrets.
     */
    public function test_tables_of_other_types(): void {
        global $DB;
        $assign = $this->assignment();
        [, $cm] = get_course_and_cm_from_cmid($assign->get_course_module()->id, 'assign');
        $subject = new subject($cm, $assign->get_context(), scope::all());
        $edge = new \ReflectionMethod(foreign_tables::class, 'edge');
        $table = new \xmldb_table('assignsubmission_onlinetext');
        $table->add_key('submission', XMLDB_KEY_FOREIGN, ['submission'], 'assign_submission', ['id']);
        $this->assertSame(['submission', 'assign_submission'], $edge->invoke(null, $table));
        $this->assertNull($edge->invoke(null, new \xmldb_table('user')));
        $this->assertSame([], (new foreign_tables($subject))->edges()); // Moodle's own types are all known.
        $user = $this->user('Mia', 'Muster', 's1');
        $DB->insert_record('assign_submission', ['assignment' => $subject->assign->id, 'userid' => $user->id, 'groupid' => 0,
            'attemptnumber' => 0, 'latest' => 1, 'status' => 'submitted', 'timecreated' => 1, 'timemodified' => 1]);
        $id = $DB->get_field('assign_submission', 'id', ['userid' => $user->id]);
        $DB->insert_record('assignsubmission_onlinetext', ['assignment' => $subject->assign->id, 'submission' => $id,
            'onlinetext' => 'Hello', 'onlineformat' => 1]);
        $package = new \local_archivist\package(new \Archivist\EntryList());
        $rows = new \ReflectionMethod(foreign_tables::class, 'rows');
        $header = ['id', 'submission', 'onlinetext'];
        $tables = new foreign_tables($subject);
        $arguments = [$package, 'assignsubmission_onlinetext', 'submission', 'assign_submission', [], $header];
        $found = iterator_to_array($rows->invoke($tables, ...$arguments), false);
        $this->assertSame([(string) $user->id, 'Hello'], [$found[0][0], $found[0][3]]);
        $this->assertSame(['row of assignsubmission_onlinetext' => 1], $package->counts());
    }

    /**
     * Tables that a foreign key links to such a table are archived, too, over any number of tables and only with the rows of
     * this assignment; what nothing links is named in the inventory.
     */
    public function test_tables_behind_foreign_keys(): void {
        global $CFG, $DB;
        require_once($CFG->libdir . '/ddllib.php');
        $manager = $DB->get_manager();
        $structure = new \xmldb_structure('assignsubmission_riddle');
        $keys = ['riddle' => ['submission', 'assign_submission'], 'riddle_page' => ['pageof', 'riddle'],
            'riddle_word' => ['wordof', 'riddle_page'], 'riddle_list' => null];
        foreach ($keys as $name => $key) {
            $table = new \xmldb_table($name);
            $table->add_field('id', XMLDB_TYPE_INTEGER, '10', null, XMLDB_NOTNULL, XMLDB_SEQUENCE);
            $table->add_field('word', XMLDB_TYPE_CHAR, '20');
            $table->add_key('primary', XMLDB_KEY_PRIMARY, ['id']);
            if ($key) {
                $table->add_field($key[0], XMLDB_TYPE_INTEGER, '10');
                $table->add_key('parent', XMLDB_KEY_FOREIGN, [$key[0]], $key[1], ['id']);
            }
            $manager->create_temp_table($table);
            $structure->addTable($table);
        }
        $DB->get_tables(false); // It keeps a list without them.
        $user = $this->user('Mia', 'Muster', 's1');
        $other = $this->assignment();
        $this->submit($other, $user, ['work.txt' => 'other']);
        $assign = $this->assignment();
        $this->submit($assign, $user, ['work.txt' => 'work']);
        foreach ([$assign, $other] as $one) {
            $id = $DB->get_field('assign_submission', 'id', ['assignment' => $one->get_instance()->id, 'userid' => $user->id]);
            $id = $DB->insert_record('riddle', ['submission' => $id, 'word' => 'sphinx']);
            $id = $DB->insert_record('riddle_page', ['pageof' => $id, 'word' => 'page']);
            $DB->insert_record('riddle_word', ['wordof' => $id, 'word' => "of {$one->get_instance()->id}"]);
        }
        $DB->insert_record('riddle_word', ['wordof' => null, 'word' => 'nowhere']);
        foreign_tables::set_structures_for_test([$structure]);
        try {
            $this->archive($assign);
            $places = array_column($this->json('about/inventory.json'), null, 'place');
            $this->assertArrayNotHasKey('riddle_list', $places); // It is empty.
            $DB->insert_record('riddle_list', ['word' => 'whose']);
            $this->archive($assign);
            $this->assertSame(1, $this->package->counts()['row of riddle_word']);
        } finally {
            foreign_tables::set_structures_for_test(null);
            foreach (array_keys($keys) as $name) {
                $manager->drop_table(new \xmldb_table($name));
            }
            $DB->get_tables(false);
        }
        $words = $this->json('tables/riddle_word.json');
        $of = fn(array $row): array => [$row['key'], $row['word']];
        $this->assertSame([[(string) $user->id, "of {$assign->get_instance()->id}"]], array_map($of, $words));
        $this->assertCount(1, $this->json('tables/riddle_page.json'));
        $places = array_column($this->json('about/inventory.json'), null, 'place');
        $this->assertSame(['archived', 1], [$places['riddle_word']['state'], $places['riddle_word']['archived']]);
        $this->assertSame(['left out', 'unlinked'], [$places['riddle_list']['state'], $places['riddle_list']['reason']]);
        $this->assertStringContainsString('riddle_list', $this->content('about/inventory.html'));
    }
}
