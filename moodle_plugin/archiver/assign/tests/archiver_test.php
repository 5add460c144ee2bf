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
use Archivist\EntryList;
use Archivist\JobSpec;
use Archivist\PackageOptions;
use Archivist\Verifier;
use local_archivist\engine;
use local_archivist\package;
use local_archivist\scope;

/**
 * Archives of assignments.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \archiver_assign\archiver
 * @covers     \archiver_assign\submissions
 * @covers     \archiver_assign\feedback
 * @covers     \archiver_assign\activity
 * @covers     \archiver_assign\expectation
 * @covers     \archiver_assign\files
 */
final class archiver_test extends assign_testcase {
    /**
     * Files keep their names, folders and bytes, and people of equal names have a folder each.
     */
    public function test_files_of_people_with_equal_names(): void {
        $assign = $this->assignment();
        $first = $this->user('Mia', 'Muster', 's1');
        $second = $this->user('Mia', 'Muster', 'S1');
        $third = $this->user('Mia', 'Muster');
        $this->submit($assign, $first, ['a/work.txt' => 'one', 'b/work.txt' => 'two', 'Übung 1.txt' => 'three', 'empty' => '']);
        $this->submit($assign, $second, ['work.txt' => 'four']);
        $this->submit($assign, $third, ['work.txt' => 'five']);
        $this->archive($assign);
        $folder = "submissions/Mia Muster (s1) (id {$first->id})/attempt 1";
        $this->assertSame('one', $this->content("$folder/files/a/work.txt"));
        $this->assertSame('two', $this->content("$folder/files/b/work.txt"));
        $this->assertSame('three', $this->content("$folder/files/Übung 1.txt"));
        $this->assertSame('', $this->content("$folder/files/empty"));
        $this->assertSame('four', $this->content("submissions/Mia Muster (S1) (id {$second->id})/attempt 1/files/work.txt"));
        $this->assertSame('five', $this->content("submissions/Mia Muster (id {$third->id})/attempt 1/files/work.txt"));
        $entry = $this->entries["submissions/Mia Muster (id {$third->id})/attempt 1/files/work.txt"];
        $this->assertSame("Mia Muster (id {$third->id})", $entry->owner);
        $record = $this->json("$folder/submission.json");
        $this->assertSame([(int) $first->id, 's1'], [$record['person']['userid'], $record['person']['idnumber']]);
        $this->assertSame(sha1('one'), array_column($record['files'], 'sha1', 'path')['files/a/work.txt']);
        $rows = $this->json('tables/submissions.json');
        $this->assertCount(3, $rows);
        $this->assertSame([4, 11], [$rows[0]['files'], $rows[0]['bytes']]);
    }

    /**
     * An online text is a page of its own, whose pictures lie beside it and are found.
     */
    public function test_online_text_with_picture(): void {
        $assign = $this->assignment();
        $user = $this->user('Ana', 'Öztürk', 's2');
        $this->submit($assign, $user, [], '<p>Größe &lt; 3 <img src="@@DRAFT@@/a%20b.png" alt="x"></p>'
            . '<script>alert(1)</script>', ['a b.png' => 'PICTURE']);
        $this->archive($assign);
        $folder = 'submissions/Ana Öztürk (s2)/attempt 1';
        $page = $this->content("$folder/onlinetext.html");
        $this->assertStringContainsString('<meta charset="UTF-8">', $page);
        $this->assertStringContainsString('<title>Homework: Ana Öztürk (s2)</title>', $page);
        $this->assertStringContainsString("default-src 'none'", $page);
        $this->assertStringContainsString('Größe &lt; 3', $page);
        $this->assertMatchesRegularExpression('~<img src="([^"]+)"~', $page);
        preg_match('~<img src="([^"]+)"~', $page, $m);
        $this->assertSame('onlinetext_files/a%20b.png', $m[1]);
        $this->assertSame('PICTURE', $this->content("$folder/" . rawurldecode($m[1])));
        $this->assertStringContainsString('@@PLUGINFILE@@', $this->json("$folder/submission.json")['onlinetext']['text']);
    }

    /**
     * A picture whose name some file system refuses is found nevertheless.
     */
    public function test_picture_with_hostile_name(): void {
        $assign = $this->assignment();
        $user = $this->user('Ana', 'Muster', 's2');
        $this->submit($assign, $user, [], '<img src="@@DRAFT@@/50%25.png"><img src="@@DRAFT@@/A.png"><img src="@@DRAFT@@/a.png">', [
            '50%.png' => 'ONE', 'A.png' => 'TWO', 'a.png' => 'THREE',
        ]);
        $this->archive($assign);
        $folder = 'submissions/Ana Muster (s2)/attempt 1';
        preg_match_all('~<img src="([^"]+)"~', $this->content("$folder/onlinetext.html"), $m);
        $contents = array_map(fn($link) => $this->content("$folder/" . rawurldecode($link)), $m[1]);
        $this->assertSame(['ONE', 'TWO', 'THREE'], $contents);
        foreach ($m[1] as $link) {
            $entry = $this->entries["$folder/" . rawurldecode($link)];
            $this->assertStringEndsWith(rawurldecode($link), $entry->name);
        }
    }

    /**
     * What was asked is in the archive: texts, files, settings.
     */
    public function test_assignment_itself(): void {
        $assign = $this->assignment([
            'intro' => '<p>See <a href="@@PLUGINFILE@@/task.pdf">the task</a>.</p>', 'duedate' => 1800000000,
            'activityeditor' => ['text' => '<p>Work alone.</p>', 'format' => FORMAT_HTML,
                'itemid' => file_get_unused_draft_itemid()],
            'idnumber' => 'HW1',
        ]);
        $file = ['contextid' => $assign->get_context()->id, 'component' => 'mod_assign', 'itemid' => 0, 'filepath' => '/'];
        $fs = get_file_storage();
        $fs->create_file_from_string($file + ['filearea' => 'intro', 'filename' => 'task.pdf'], 'TASK');
        $fs->create_file_from_string($file + ['filearea' => 'introattachment', 'filename' => 'data.csv'], 'DATA');
        $fs->create_file_from_string($file + ['filearea' => 'activityattachment', 'filename' => 'more.png'], 'MORE');
        $this->archive($assign);
        $this->assertStringContainsString('href="description_files/task.pdf"', $this->content('assignment/description.html'));
        $this->assertStringContainsString('Work alone.', $this->content('assignment/instructions.html'));
        $this->assertSame('TASK', $this->content('assignment/description_files/task.pdf'));
        $this->assertSame('MORE', $this->content('assignment/instructions_files/more.png'));
        $this->assertSame('DATA', $this->content('assignment/additional_files/data.csv'));
        $settings = $this->json('assignment/assignment.json');
        $this->assertSame('2027-01-15T08:00:00Z', $settings['assignment']['duedate']);
        $this->assertSame('HW1', $settings['module']['idnumber']);
        $this->assertSame('1', $settings['plugins']['assignsubmission_file']['enabled']);
        $this->assertCount(1, $settings['gradeitems']);
    }

    /**
     * Grade, comment, files and what holds for a person are there, also for somebody who handed in nothing.
     */
    public function test_feedback(): void {
        global $DB;
        $assign = $this->assignment(['markingworkflow' => 1, 'markingallocation' => 1]);
        $mia = $this->user('Mia', 'Muster', 's1');
        $bob = $this->user('Bob', 'Nothing', 's2');
        $this->submit($assign, $mia, ['work.txt' => 'work']);
        $this->grade($assign, $mia, 61.5, '<p>Well <b>done</b>.</p>', ['corrected/work.pdf' => '%PDF corrected'], [
            'workflowstate' => 'released', 'allocatedmarker' => $this->teacher->id,
        ]);
        $this->grade($assign, $bob, 3, '<p>Nothing handed in.</p>');
        $assign->save_user_extension($bob->id, 1900000000);
        $DB->insert_record('assign_overrides', ['assignid' => $assign->get_instance()->id, 'userid' => $mia->id,
            'duedate' => 1900000001]);
        $this->archive($assign);
        $folder = 'feedback/Mia Muster (s1)/attempt 1';
        $this->assertSame('%PDF corrected', $this->content("$folder/files/corrected/work.pdf"));
        $page = $this->content("$folder/feedback.html");
        $this->assertStringContainsString('Well <b>done</b>.', $page);
        $this->assertStringContainsString('61.5 / 100', $page);
        $this->assertStringContainsString('Tess Teacher (t1)', $page);
        $grade = $this->json("$folder/grade.json");
        $this->assertSame([61.5, 'Tess Teacher (t1)'], [$grade['grade'], $grade['grader']]);
        $status = $this->json('feedback/Mia Muster (s1)/status.json');
        $this->assertSame('released', $status['flags']['workflowstate']);
        $this->assertSame('Tess Teacher (t1)', $status['flags']['allocatedmarker']);
        $this->assertSame('2030-03-17T17:46:41Z', $status['overrides'][0]['due']);
        $page = $this->content('feedback/Bob Nothing (s2)/attempt 1/feedback.html');
        $this->assertStringContainsString('Nothing handed in.', $page);
        $this->assertSame('2030-03-17T17:46:40Z', $this->json('feedback/Bob Nothing (s2)/status.json')['flags']['extension']);
        $this->assertCount(2, $this->json('tables/grades.json'));
        $this->assertNotEmpty($this->json('tables/gradebook.json'));
        $this->assertNotEmpty($this->json('tables/grading_history.json'));
        $this->assertCount(1, $this->json('tables/overrides.json'));
    }

    /**
     * All attempts are there, each with its feedback.
     */
    public function test_several_attempts(): void {
        $assign = $this->assignment(['attemptreopenmethod' => 'manual', 'maxattempts' => 3]);
        $user = $this->user('Mia', 'Muster', 's1');
        $this->submit($assign, $user, ['work.txt' => 'first']);
        $this->grade($assign, $user, 10, 'Again.', [], ['addattempt' => 1]);
        $this->submit($assign, $user, ['work.txt' => 'second']);
        $this->grade($assign, $user, 90, 'Better.');
        $this->archive($assign);
        foreach (['1' => ['first', 10.0, 'Again.'], '2' => ['second', 90.0, 'Better.']] as $attempt => [$work, $grade, $comment]) {
            $this->assertSame($work, $this->content("submissions/Mia Muster (s1)/attempt $attempt/files/work.txt"));
            $record = $this->json("feedback/Mia Muster (s1)/attempt $attempt/grade.json");
            $this->assertSame([$grade, $comment], [$record['grade'], $record['comments'][0]['text']]);
        }
    }

    /**
     * Comments on a submission are a page and part of the record.
     */
    public function test_submission_comments(): void {
        $assign = $this->assignment();
        $user = $this->user('Mia', 'Muster', 's1');
        $this->submit($assign, $user, ['work.txt' => 'one']);
        $GLOBALS['DB']->insert_record('comments', ['contextid' => $assign->get_context()->id, 'itemid' =>
            $assign->get_user_submission($user->id, false)->id, 'component' => 'assignsubmission_comments',
            'commentarea' => 'submission_comments', 'content' => 'May I <b>add</b> something?', 'format' => 0,
            'userid' => $user->id, 'timecreated' => 1800000000]);
        $this->archive($assign);
        $folder = 'submissions/Mia Muster (s1)/attempt 1';
        $this->assertStringContainsString('May I &lt;b&gt;add&lt;/b&gt;', $this->content("$folder/comments.html"));
        $this->assertSame('Mia Muster (s1)', $this->json("$folder/submission.json")['comments'][0]['by']);
    }

    /**
     * A team hands in once, under its own name.
     */
    public function test_team_submission(): void {
        $assign = $this->assignment(['teamsubmission' => 1]);
        $generator = $this->getDataGenerator();
        [$ana, $bob, $eve] = [$this->user('Ana', 'A', 'a'), $this->user('Bob', 'B', 'b'), $this->user('Eve', 'E', 'e')];
        $red = $generator->create_group(['courseid' => $this->course->id, 'name' => 'Red/Team', 'idnumber' => 'g1']);
        foreach ([$ana, $bob] as $member) {
            $generator->create_group_member(['groupid' => $red->id, 'userid' => $member->id]);
        }
        $this->submit($assign, $ana, ['team.txt' => 'red work']);
        $this->submit($assign, $eve, ['team.txt' => 'default work']);
        $this->grade($assign, $ana, 50, 'Good team.');
        $this->archive($assign);
        $this->assertSame('red work', $this->content('submissions/Red_Team (g1)/attempt 1/files/team.txt'));
        $this->assertSame('default work', $this->content('submissions/Default group/attempt 1/files/team.txt'));
        $this->assertSame(['Ana A (a)', 'Bob B (b)'], array_column($this->json('tables/groups.json'), 'person'));
        $names = $this->archive($assign, scope::user((int) $bob->id));
        $this->assertSame('red work', $this->content('submissions/Red_Team (g1)/attempt 1/files/team.txt'));
        $this->assertStringNotContainsString('Default group', implode("\n", $names));
        $this->assertSame(['Bob B (b)'], array_column($this->json('tables/groups.json'), 'person'));
        $this->assert_nowhere('Ana A');
        $this->archive($assign, scope::user((int) $eve->id));
        $this->assertSame('default work', $this->content('submissions/Default group/attempt 1/files/team.txt'));
    }

    /**
     * A file that Moodle lists, but whose content is gone, costs only itself, and is named.
     */
    public function test_missing_content(): void {
        $assign = $this->assignment();
        $user = $this->user('Mia', 'Muster', 's1');
        $this->submit($assign, $user, ['work.txt' => 'only here', 'more.txt' => 'more']);
        $filesystem = get_file_storage()->get_file_system();
        unlink((new \ReflectionMethod($filesystem, 'get_local_path_from_hash'))->invoke($filesystem, sha1('only here')));
        $this->archive($assign, null, false);
        $folder = 'submissions/Mia Muster (s1)/attempt 1';
        $this->assertSame(["$folder/files/work.txt"], array_column($this->package->failures(), 'name'));
        $this->assertSame([], $this->package->missing($this->archiver($assign)->expected(scope::all())));
        $this->assertSame('more', $this->content("$folder/files/more.txt"));
        $said = array_column($this->json("$folder/submission.json")['files'], 'archived', 'path');
        $this->assertSame(['files/work.txt' => false], $said);
    }

    /**
     * What one person handed in or was given costs only itself when it cannot be collected: nothing of it is in the package.
     *
     * @dataProvider parts
     * @param string $class what collects
     * @param string $top its folder
     * @param string[] $kinds of what it collects
     * @param string $file kind of its files
     */
    public function test_one_of_many_fails(string $class, string $top, array $kinds, string $file): void {
        $assign = $this->assignment();
        foreach (['Mia', 'Ana', 'Eve'] as $name) {
            $user = $this->user($name, 'Muster', $name);
            $this->submit($assign, $user, ["$name.txt" => $name], "<p>$name</p>");
            $this->grade($assign, $user, 50.0, "<p>For $name</p>", ["$name.pdf" => 'PDF']);
        }
        [, $cm] = get_course_and_cm_from_cmid($assign->get_course_module()->id, 'assign');
        $subject = new subject($cm, $assign->get_context(), scope::all());
        $package = new package(new EntryList());
        $more = $class === feedback::class ? [new gradings($subject, $package)] : [];
        $part = new $class($subject, $package, ...$more);
        $calls = 0;
        $broken = new package(new EntryList(), function () use (&$calls): void {
            if (++$calls === 3) {
                throw new \RuntimeException('Surprise.');
            }
        });
        (new \ReflectionProperty($part, 'files'))->setValue($part, new files($broken, $subject->people));
        $part->collect();
        $this->assertSame(["$top/Eve Muster (Eve)/attempt 1/"], array_column($package->failures(), 'name'));
        $this->assertEqualsCanonicalizing(array_fill_keys($kinds, 2), $package->counts());
        $expected = $this->archiver($assign)->expected(scope::all());
        $this->assertSame([], $package->missing(array_intersect_key($expected, array_flip($kinds))));
        $files = $package->missing(array_intersect_key($expected, [$file => true]));
        $this->assertCount(2, $files); // Hers does not stand among those that the other package has.
        $this->assertSame([], preg_grep('/Eve/', $files));
        $this->assertSame(2 * 2 + 2, count($package->entries)); // Record and page of two people, and the table twice.
    }

    /**
     * What collects for each person.
     *
     * @return array
     */
    public static function parts(): array {
        return [
            'submissions' => [submissions::class, 'submissions', ['online text', 'submission'], 'submission file'],
            'feedback' => [feedback::class, 'feedback', ['feedback comment', 'grade'], 'feedback file'],
        ];
    }

    /**
     * What is in the database and was not collected is named.
     */
    public function test_missing_records_are_named(): void {
        $assign = $this->assignment();
        $user = $this->user('Mia', 'Muster', 's1');
        $this->submit($assign, $user, ['work.txt' => 'one']);
        $this->archive($assign);
        $this->submit($assign, $user, ['later.txt' => 'two']);
        $missing = $this->package->missing($this->archiver($assign)->expected(scope::all()));
        $name = '/^submission file \d+: Mia Muster \(s1\), attempt 1: later\.txt$/';
        $this->assertCount(1, preg_grep($name, $missing), implode('; ', $missing));
    }

    /**
     * Names that look like formulas are defused in tables for spreadsheets, and stay as they are elsewhere.
     */
    public function test_formula_in_name(): void {
        $assign = $this->assignment();
        $user = $this->user('=cmd|calc!A1', 'Muster', '@x');
        $this->submit($assign, $user, ['=1+1.txt' => 'one']);
        $this->archive($assign);
        $csv = $this->content('tables/submissions.csv');
        $this->assertStringContainsString("\"'=cmd|calc!A1 Muster (@x)\"", $csv);
        $this->assertStringContainsString("\"'@x\"", $csv);
        $this->assertSame('=cmd|calc!A1 Muster (@x)', $this->json('tables/submissions.json')[0]['person']);
        $this->assertSame('one', $this->content('submissions/=cmd|calc!A1 Muster (@x)/attempt 1/files/=1+1.txt'));
    }

    /**
     * What could not be put in is named on the page of the person, who did hand in and was marked.
     */
    public function test_page_tells_what_failed(): void {
        $assign = $this->assignment();
        $user = $this->user('Mia', 'Muster', 's1');
        $this->submit($assign, $user, ['work.txt' => 'work']);
        $this->grade($assign, $user, 50, 'Comment', ['hint.txt' => 'hint']);
        [, $cm] = get_course_and_cm_from_cmid($assign->get_course_module()->id, 'assign');
        $subject = new subject($cm, $assign->get_context(), scope::all());
        $package = new package(new EntryList());
        $dossiers = new dossiers($subject);
        $submissions = new submissions($subject, $package, $dossiers);
        $feedback = new feedback($subject, $package, new gradings($subject, $package), $dossiers);
        foreach ([$submissions, $feedback] as $part) {
            $broken = (new \ReflectionClass(files::class))->newInstanceWithoutConstructor(); // It throws at the first file.
            (new \ReflectionProperty($part, 'files'))->setValue($part, $broken);
            $part->collect();
        }
        $dossiers->collect($package);
        $this->assertCount(2, $package->failures());
        $base = make_request_directory();
        engine::create()->start(new JobSpec($package->entries, new PackageOptions('T'), "$base/a.zip"))->wait();
        (new Verifier())->extract("$base/a.zip", "$base/out");
        $page = file_get_contents("$base/out/people/Mia Muster (s1)/index.html");
        $this->assertSame(2, substr_count($page, get_string('page_failed', 'archiver_assign')));
        $this->assertStringNotContainsString(get_string('page_nothing', 'archiver_assign'), $page);
        $this->assertStringNotContainsString(get_string('page_nofeedback', 'archiver_assign'), $page);
    }

    /**
     * The PDF annotator's document, its comments and marks are archived.
     */
    public function test_annotated_pdf(): void {
        global $DB;
        $assign = $this->assignment();
        $user = $this->user('Mia', 'Muster', 's1');
        $this->submit($assign, $user, ['work.pdf' => '%PDF work']);
        $this->grade($assign, $user, 50);
        $grade = $assign->get_user_grade($user->id, false);
        foreach (['download' => 'ANNOTATED', 'combined' => 'WORK AREA'] as $area => $content) {
            get_file_storage()->create_file_from_string(['contextid' => $assign->get_context()->id,
                'component' => 'assignfeedback_editpdf', 'filearea' => $area, 'itemid' => $grade->id, 'filepath' => '/',
                'filename' => 'combined.pdf'], $content);
        }
        $DB->insert_record('assignfeedback_editpdf_cmnt', ['gradeid' => $grade->id, 'x' => 1, 'y' => 2, 'width' => 3,
            'rawtext' => 'Source?', 'pageno' => 0, 'colour' => 'red', 'draft' => 0]);
        $DB->insert_record('assignfeedback_editpdf_annot', ['gradeid' => $grade->id, 'x' => 1, 'y' => 2, 'endx' => 3, 'endy' => 4,
            'path' => '', 'pageno' => 1, 'type' => 'line', 'colour' => 'red', 'draft' => 0]);
        $names = $this->archive($assign);
        $folder = 'feedback/Mia Muster (s1)/attempt 1';
        $this->assertSame('ANNOTATED', $this->content("$folder/annotated/combined.pdf"));
        $annotations = $this->json("$folder/grade.json")['annotations'];
        $this->assertSame(['PDF comment', 'PDF annotation'], array_column($annotations, 'kind'));
        $this->assertStringContainsString('Source?', $this->content("$folder/feedback.html"));
        $this->assertCount(1, preg_grep('/combined\.pdf/', $names));
    }

    /**
     * Notes in a PDF that were not released are no feedback: they stand in a table of their own. Of released ones Moodle
     * keeps a draft, which is not told twice.
     */
    public function test_unreleased_notes(): void {
        global $DB;
        $assign = $this->assignment();
        $note = ['x' => 1, 'y' => 2, 'width' => 3, 'pageno' => 0, 'colour' => 'red'];
        $mark = ['x' => 1, 'y' => 2, 'endx' => 3, 'endy' => 4, 'path' => '', 'pageno' => 1, 'type' => 'line', 'colour' => 'red'];
        foreach (['Mia', 'Bob'] as $name) {
            $user = $this->user($name, 'Muster', $name);
            $this->submit($assign, $user, ['work.pdf' => '%PDF work']);
            $this->grade($assign, $user, 50);
            $grade = $assign->get_user_grade($user->id, false)->id;
            $DB->insert_record('assignfeedback_editpdf_cmnt', $note + ['gradeid' => $grade, 'rawtext' => "Seen $name"]);
            $DB->insert_record('assignfeedback_editpdf_annot', $mark + ['gradeid' => $grade]);
            if ($name === 'Mia') {
                \assignfeedback_editpdf\page_editor::release_drafts($grade);
                $DB->insert_record('assignfeedback_editpdf_cmnt', $note + ['gradeid' => $grade, 'rawtext' => 'Fraud by Mia?']);
            }
        }
        $this->archive($assign);
        $notes = $this->json('tables/unreleased_notes.json');
        $this->assertSame(['Fraud by Mia?', 'Seen Bob', null], array_column($notes, 'text'));
        $this->assertSame(['changed since the release', 'never released', 'never released'], array_column($notes, 'state'));
        $this->assertSame(['Mia Muster (Mia)', 'Bob Muster (Bob)', 'Bob Muster (Bob)'], array_column($notes, 'person'));
        $annotations = $this->json('feedback/Mia Muster (Mia)/attempt 1/grade.json')['annotations'];
        $this->assertSame(['PDF comment', 'PDF annotation'], array_column($annotations, 'kind'));
        $this->assertSame([], $this->json('feedback/Bob Muster (Bob)/attempt 1/grade.json')['annotations']);
        $this->assertSame(1, substr_count($this->content('feedback/Mia Muster (Mia)/attempt 1/feedback.html'), 'Seen Mia'));
        foreach ($this->everything() as $name => $content) {
            if (!str_contains($name, '/tables/unreleased_notes.')) {
                $this->assertStringNotContainsString('Fraud by Mia?', $content, $name);
                $this->assertStringNotContainsString('Seen Bob', $content, $name);
            }
        }
    }
}
