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

use local_archivist\owner;
use local_archivist\package;

/**
 * Grades and feedback: a folder for each person, in it one for each attempt.
 *
 * It starts from the grades, so that it also has what was given to somebody who handed in nothing.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class feedback {
    /** @var string[] Columns of the table. */
    private const COLUMNS = ['id', ...people::COLUMNS, 'attempt', 'grade', 'gradetext', 'grader', 'created', 'modified', 'files',
        'folder'];

    /** @var array<string, string> Kinds of the records in the tables beside assign_grades. */
    private const KINDS = ['files' => 'feedback file', 'comments' => 'feedback comment'];

    /** @var array<string, cursor|null> Tables beside assign_grades, by name. */
    private array $beside = [];

    /** @var files Puts files in. */
    private files $files;

    /** @var gradings Rubrics and the like. */
    private gradings $gradings;

    /** @var plugins Types that this driver does not know. */
    private plugins $plugins;

    /** @var notes Notes in PDFs. */
    private notes $notes;

    /** @var string What the page of a person says about the grade that was put in last. */
    private string $piece = '';

    /** @var string[]|null Items of the scale; null: grades are points. */
    private ?array $scale = null;

    /**
     * The feedback of an assignment.
     *
     * @param subject $subject
     * @param package $package
     * @param gradings $gradings
     * @param dossiers|null $dossiers pages of the people
     */
    public function __construct(
        /** @var subject the assignment */
        private readonly subject $subject,
        /** @var package where it goes */
        private readonly package $package,
        gradings $gradings,
        /** @var dossiers|null pages of the people */
        private readonly ?dossiers $dossiers = null,
    ) {
        global $DB;
        $this->files = new files($package, $subject->people, $subject->inventory);
        $this->gradings = $gradings;
        $this->plugins = new plugins($subject->manager->get_feedback_plugins(), $package);
        if ($subject->assign->grade < 0) {
            $items = $DB->get_field('scale', 'scale', ['id' => -$subject->assign->grade]);
            $this->scale = $items === false ? [] : array_map('trim', explode(',', $items));
        }
    }

    /**
     * Puts all of it in, and the table tables/grades.
     */
    public function collect(): void {
        $params = ['assign' => $this->subject->assign->id];
        $this->subject->people->load('SELECT DISTINCT grader FROM {assign_grades} WHERE assignment = :assign', $params);
        $this->beside['files'] = files::cursor($this->subject->context->id, 'assignfeedback\_%');
        $this->beside['comments'] = cursor::if_installed(
            'assignfeedback_comments',
            'SELECT * FROM {assignfeedback_comments} WHERE assignment = :assign ORDER BY grade, id',
            $params,
            'grade',
        );
        $this->notes = new notes($this->subject);
        $this->gradings->open();
        $this->package->add_table('tables/grades', self::COLUMNS, $this->rows());
        $this->gradings->close();
        $this->notes->close();
        foreach (array_filter($this->beside) as $cursor) {
            $cursor->close();
        }
    }

    /**
     * Puts grades in, one after the other.
     *
     * @return \Generator rows of the table
     */
    private function rows(): \Generator {
        global $DB;
        [$where, $params] = $this->subject->of_user('g');
        $rows = $DB->get_recordset_sql(
            "SELECT g.* FROM {assign_grades} g WHERE g.assignment = :assign AND $where ORDER BY g.id",
            $params + ['assign' => $this->subject->assign->id],
        );
        foreach ($rows as $row) {
            $id = (int) $row->id;
            $owner = $this->subject->people->owner((int) $row->userid);
            $folder = subject::folder('feedback', $owner, (int) $row->attemptnumber);
            $beside = array_map(fn(?cursor $cursor): array => $cursor?->take($id) ?? [], $this->beside);
            $gradings = $this->gradings->take($id);
            $records = ['grade' => [$id], 'grading' => array_column($gradings, 'id')];
            foreach (self::KINDS as $name => $kind) {
                $records[$kind] = array_map('intval', array_column($beside[$name], 'id'));
            }
            $notes = $this->notes->take($id);
            foreach (notes::KINDS as $table => $kind) {
                $records[$kind] = array_map('intval', array_column($notes['released'][$table], 'id'));
            }
            $beside += $notes['released'];
            $line = $this->package->attempt($folder, $records, fn() => $this->add($row, $owner, $folder, $beside, $gradings));
            $piece = $line ? $this->piece : dossiers::failed((int) $row->attemptnumber + 1);
            $this->dossiers?->add((int) $row->userid, 'feedback', $piece);
            if ($line) {
                yield $line;
            }
        }
        $rows->close();
    }

    /**
     * Puts one grade in.
     *
     * @param \stdClass $row of assign_grades
     * @param owner $owner
     * @param string $folder
     * @param array<string, \stdClass[]> $beside rows beside it, by the name of their cursor
     * @param array[] $gradings
     * @return array row of the table
     */
    private function add(\stdClass $row, owner $owner, string $folder, array $beside, array $gradings): array {
        $id = (int) $row->id;
        $unreleased = $this->subject->roster()->unreleased((int) $row->userid);
        [$said, $names, $have] = $this->add_files($row, $beside['files'], $folder, $owner);
        $record = [
            'id' => $id,
            'person' => $this->subject->people->describe((int) $row->userid),
            'attempt' => (int) $row->attemptnumber + 1,
            'grade' => $row->grade === null || $row->grade < 0 ? null : (float) $row->grade,
            'gradetext' => $this->grade_text($row->grade),
            'grader' => $this->subject->people->grader((int) $row->grader),
            'workflow' => $this->subject->roster()->workflow((int) $row->userid),
            'released' => $unreleased === null,
            'unreleased' => $unreleased,
            'created' => dates::iso($row->timecreated),
            'modified' => dates::iso($row->timemodified),
            'files' => $said,
            'comments' => [],
            'annotations' => $this->annotations($beside),
            'gradings' => $gradings,
        ];
        foreach ($gradings as $grading) {
            $this->package->count('grading', $grading['id']);
        }
        $comments = $beside['comments'];
        foreach ($comments as $comment) {
            $record['comments'][] = ['text' => $comment->commenttext, 'format' => (int) $comment->commentformat];
            $this->package->count('feedback comment', (int) $comment->id);
        }
        $record['other'] = $this->plugins->add($row, $folder, $owner, $have);
        $this->package->add_json("{$folder}grade.json", $record, $owner);
        $body = $this->body($record, $comments, $names);
        $page = html::page(get_string('page_feedback', 'archiver_assign') . ": {$owner->name}", $body);
        $this->package->add_text("{$folder}feedback.html", $page, $owner, (int) $row->timemodified);
        $this->piece = $this->piece($record, $body, $folder);
        $this->package->count('grade', $id);
        return [
            ...[$id, ...$this->subject->people->row((int) $row->userid), $record['attempt'], $record['grade']],
            ...[$record['gradetext'], $record['grader'], $record['created'], $record['modified'], count($said), $folder],
        ];
    }

    /**
     * Puts the files of a grade in: those of feedback, annotated PDFs, pictures of comments. What the annotator keeps to
     * work with is left out, for it is made from the submission and the annotations.
     *
     * @param \stdClass $row of assign_grades
     * @param \stdClass[] $files
     * @param string $folder
     * @param owner $owner
     * @return array{array[], array<string, string>, array<int, true>} what is said about the files, names of linked ones
     *     by their paths in Moodle, ids
     */
    private function add_files(\stdClass $row, array $files, string $folder, owner $owner): array {
        $said = $linked = $have = [];
        foreach ($files as $file) {
            $into = match ("{$file->component}/{$file->filearea}") {
                'assignfeedback_comments/feedback' => null,
                'assignfeedback_file/feedback_files' => 'files',
                'assignfeedback_editpdf/download' => 'annotated',
                default => in_array($file->component, ['assignfeedback_editpdf', 'assignfeedback_file'], true)
                    ? false : substr($file->component, strlen('assignfeedback_')) . "/{$file->filearea}",
            };
            if ($into === false) {
                continue;
            }
            $have[(int) $file->id] = true;
            if ($into === null) {
                $linked[] = $file;
                continue;
            }
            if ($into === 'annotated' && $this->subject->people->is_hidden((int) $row->userid)) {
                $file->filename = "annotated-{$file->id}.pdf"; // Moodle's name for it has the student's in it.
            }
            $said = [...$said, ...$this->files->add([$file], $folder, $into, 'feedback file', $owner)];
        }
        [$pictures, $names] = $this->files->add_linked($linked, $folder, 'feedback_files', 'feedback file', $owner);
        return [[...$said, ...$pictures], $names, $have];
    }

    /**
     * Comments and marks on the pages of a PDF that were released.
     *
     * @param array<string, \stdClass[]> $beside rows beside the grade
     * @return array[]
     */
    private function annotations(array $beside): array {
        $said = [];
        foreach (notes::KINDS as $table => $kind) {
            foreach ($beside[$table] as $row) {
                $this->package->count($kind, (int) $row->id);
                unset($row->gradeid, $row->draft);
                $said[] = ['kind' => $kind] + (array) $row;
            }
        }
        return $said;
    }

    /**
     * A grade for people.
     *
     * @param string|null $grade
     * @return string
     */
    private function grade_text(?string $grade): string {
        if ($grade === null || $grade < 0) {
            return '';
        }
        if ($this->scale !== null) {
            return $this->scale[(int) $grade - 1] ?? '';
        }
        return format_float($grade, 2, true, true) . ' / ' . format_float($this->subject->assign->grade, 2, true, true);
    }

    /**
     * The grade with all that was said about the work, for people.
     *
     * @param array $record
     * @param \stdClass[] $comments rows of assignfeedback_comments
     * @param array<string, string> $names of the files beside them
     * @return string HTML
     */
    private function body(array $record, array $comments, array $names): string {
        $say = fn(string $name): string => get_string("page_$name", 'archiver_assign');
        $body = $record['released'] ? '' : html::note($say("unreleased_{$record['unreleased']}"));
        $body .= html::facts([
            $say('attempt') => (string) $record['attempt'],
            $say('grade') => $record['gradetext'],
            $say('grader') => $record['grader'],
            $say('graded') => $record['modified'] ? dates::human(strtotime($record['modified'])) : null,
        ]);
        $body .= $this->gradings->html($record['gradings']);
        $notes = [];
        foreach ($record['annotations'] as $note) {
            if (isset($note['rawtext'])) {
                $notes[] = [s((string) ($note['pageno'] + 1)), html::text($note['rawtext'], FORMAT_PLAIN)];
            }
        }
        if ($notes) {
            $body .= html::table([$say('pageno'), $say('comment')], $notes);
        }
        foreach ($comments as $comment) {
            $text = html::text($comment->commenttext, $comment->commentformat, 'feedback_files', $names);
            $body .= trim($text) === '' ? '' : "<div class=\"said\">$text</div>\n";
        }
        return $body;
    }

    /**
     * What the page of a person says about a grade.
     *
     * @param array $record
     * @param string $body as from body()
     * @param string $folder
     * @return string HTML
     */
    private function piece(array $record, string $body, string $folder): string {
        $up = dossiers::UP . implode('/', array_map('rawurlencode', explode('/', $folder)));
        $title = '<h3>' . s(ucfirst(get_string('attempt_number', 'archiver_assign', $record['attempt']))) . "</h3>\n";
        $files = array_filter($record['files'], fn(array $file): bool => !str_starts_with($file['path'], 'feedback_files/'));
        return $title . str_replace('="feedback_files/', '="' . s($up) . 'feedback_files/', $body)
            . html::files(dossiers::UP, $folder, array_values($files));
    }
}
