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
    private const KINDS = ['files' => 'feedback file', 'comments' => 'feedback comment', 'cmnt' => 'PDF comment',
        'annot' => 'PDF annotation'];

    /** @var array<string, cursor|null> Tables beside assign_grades, by name. */
    private array $beside = [];

    /** @var files Puts files in. */
    private files $files;

    /** @var gradings Rubrics and the like. */
    private gradings $gradings;

    /** @var plugins Types that this driver does not know. */
    private plugins $plugins;

    /** @var string[]|null Items of the scale; null: grades are points. */
    private ?array $scale = null;

    /**
     * The feedback of an assignment.
     *
     * @param subject $subject
     * @param package $package
     * @param gradings $gradings
     */
    public function __construct(
        /** @var subject the assignment */
        private readonly subject $subject,
        /** @var package where it goes */
        private readonly package $package,
        gradings $gradings,
    ) {
        global $DB;
        $this->files = new files($package, $subject->people);
        $this->gradings = $gradings;
        $this->plugins = new plugins($subject->manager->get_feedback_plugins(), $package, $subject->context);
        if ($subject->assign->grade < 0) {
            $items = $DB->get_field('scale', 'scale', ['id' => -$subject->assign->grade]);
            $this->scale = $items === false ? [] : array_map('trim', explode(',', $items));
        }
    }

    /**
     * Puts all of it in, and the table data/grades.
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
        foreach (['cmnt', 'annot'] as $table) {
            $this->beside[$table] = cursor::if_installed(
                "assignfeedback_editpdf_$table",
                "SELECT e.* FROM {assignfeedback_editpdf_$table} e JOIN {assign_grades} g ON g.id = e.gradeid
                  WHERE g.assignment = :assign ORDER BY e.gradeid, e.pageno, e.id",
                $params,
                'gradeid',
            );
        }
        $this->gradings->open();
        $this->package->add_table('tables/grades', self::COLUMNS, $this->rows());
        $this->gradings->close();
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
            $owner = $this->subject->people->label((int) $row->userid);
            $folder = subject::folder('feedback', $owner, (int) $row->attemptnumber);
            $beside = array_map(fn(?cursor $cursor): array => $cursor?->take($id) ?? [], $this->beside);
            $gradings = $this->gradings->take($id);
            $records = ['grade' => [$id], 'grading' => array_column($gradings, 'id')];
            foreach (self::KINDS as $name => $kind) {
                $records[$kind] = array_map('intval', array_column($beside[$name], 'id'));
            }
            $line = $this->package->attempt($folder, $records, fn() => $this->add($row, $owner, $folder, $beside, $gradings));
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
     * @param string $owner
     * @param string $folder
     * @param array<string, \stdClass[]> $beside rows beside it, by the name of their cursor
     * @param array[] $gradings
     * @return array row of the table
     */
    private function add(\stdClass $row, string $owner, string $folder, array $beside, array $gradings): array {
        $id = (int) $row->id;
        [$said, $names, $have] = $this->add_files($row, $beside['files'], $folder, $owner);
        $record = [
            'id' => $id,
            'person' => $this->subject->people->describe((int) $row->userid),
            'attempt' => (int) $row->attemptnumber + 1,
            'grade' => $row->grade === null || $row->grade < 0 ? null : (float) $row->grade,
            'gradetext' => $this->grade_text($row->grade),
            'grader' => $this->subject->people->grader((int) $row->grader),
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
        $page = $this->page($record, $comments, $names, $owner);
        $this->package->add_text("{$folder}feedback.html", $page, $owner, (int) $row->timemodified);
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
     * @param string $owner
     * @return array{array[], array<string, string>, array<int, true>} what is said about the files, names of linked ones
     *     by their paths in Moodle, ids
     */
    private function add_files(\stdClass $row, array $files, string $folder, string $owner): array {
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
     * Comments and marks on the pages of a PDF.
     *
     * @param array<string, \stdClass[]> $beside rows beside the grade
     * @return array[]
     */
    private function annotations(array $beside): array {
        $said = [];
        foreach (['cmnt', 'annot'] as $table) {
            foreach ($beside[$table] as $row) {
                $this->package->count(self::KINDS[$table], (int) $row->id);
                unset($row->gradeid);
                $said[] = ['kind' => self::KINDS[$table]] + (array) $row;
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
     * The page for people.
     *
     * @param array $record
     * @param \stdClass[] $comments rows of assignfeedback_comments
     * @param array<string, string> $names of the files beside them
     * @param string $owner
     * @return string
     */
    private function page(array $record, array $comments, array $names, string $owner): string {
        $body = html::facts([
            get_string('attemptnumber', 'assign') => (string) $record['attempt'],
            get_string('gradenoun') => $record['gradetext'],
            get_string('gradedby', 'assign') => $record['grader'],
            get_string('gradedon', 'assign') => $record['modified'] ? dates::human(strtotime($record['modified'])) : null,
        ]);
        $body .= gradings::html($record['gradings']);
        $notes = [];
        foreach ($record['annotations'] as $note) {
            if (isset($note['rawtext'])) {
                $notes[] = [s((string) ($note['pageno'] + 1)), html::text($note['rawtext'], FORMAT_PLAIN)];
            }
        }
        if ($notes) {
            $body .= html::table([get_string('page'), get_string('comments')], $notes);
        }
        foreach ($comments as $comment) {
            $body .= "<hr>\n" . html::text($comment->commenttext, $comment->commentformat, 'feedback_files', $names) . "\n";
        }
        return html::page(get_string('feedback', 'assign') . ": $owner", $body);
    }
}
