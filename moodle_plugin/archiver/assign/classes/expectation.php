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

use local_archivist\tally;

/**
 * What must be in an archive, counted in the database.
 *
 * Nothing here is shared with what collects, but the names of people and who was in which team: where a reader overlooks a
 * record, this does not.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class expectation {
    /** @var array<string, array<int, string>|tally> Names by kind and id; of lines of the log only a tally. */
    private array $found = [];

    /**
     * The expectation for an assignment.
     *
     * @param subject $subject
     * @param int $lastlog lines of the log up to this id
     */
    public function __construct(
        /** @var subject the assignment */
        private readonly subject $subject,
        /** @var int lines of the log up to this id */
        private readonly int $lastlog,
    ) {
    }

    /**
     * Counts.
     *
     * @return array<string, array<int, string>|tally> as archiver::expected()
     */
    public function all(): array {
        $this->found = [];
        $this->submissions();
        $this->grades();
        $this->settings();
        $this->gradebook();
        $this->enrolments();
        $this->foreign();
        $this->log();
        return $this->found;
    }

    /**
     * Who must be in the table of who is who: whoever has a number, can hand in, or has a record. A sentence
     * about what is missing is read by others, too: it has only the numbers.
     *
     * @param \context_module $context
     * @param int $assignid
     * @return array<int, string> as archiver::expected_identities()
     */
    public static function identities(\context_module $context, int $assignid): array {
        global $DB;
        $numbers = $DB->get_records_menu('assign_user_mapping', ['assignment' => $assignid], '', 'userid, id');
        $records = $DB->get_fieldset_sql(
            'SELECT x.userid FROM {assign_submission} x WHERE x.assignment = :a AND x.userid <> 0
              UNION SELECT x.userid FROM {assign_grades} x WHERE x.assignment = :b
              UNION SELECT x.userid FROM {assign_user_flags} x WHERE x.assignment = :c
              UNION SELECT x.userid FROM {assign_overrides} x WHERE x.assignid = :d AND x.userid IS NOT NULL',
            array_fill_keys(['a', 'b', 'c', 'd'], $assignid),
        );
        $able = array_keys(get_enrolled_users($context, 'mod/assign:submit', 0, 'u.id'));
        $names = [];
        foreach ($numbers as $number) {
            $names[(int) $number] = get_string('participant', 'assign') . " $number";
        }
        foreach (array_values(array_diff(array_unique([...$records, ...$able]), array_keys($numbers))) as $i => $id) {
            $names[-1 - $i] = get_string('person_hidden', 'archiver_assign');
        }
        return $names;
    }

    /**
     * Takes the answer of a query.
     *
     * @param string $kind
     * @param string $sql columns id, and userid, groupid, attemptnumber, detail where there are such
     * @param array $params
     */
    private function expect(string $kind, string $sql, array $params): void {
        global $DB;
        $this->found[$kind] ??= [];
        $rows = $DB->get_recordset_sql($sql, $params);
        foreach ($rows as $row) {
            $name = '';
            if (isset($row->userid) || isset($row->groupid)) {
                $name = (int) ($row->userid ?? 0)
                    ? $this->subject->people->label((int) $row->userid)
                    : $this->subject->teams->label((int) $row->groupid);
            }
            if (isset($row->attemptnumber)) {
                $name .= ', ' . get_string('attempt_number', 'archiver_assign', (int) $row->attemptnumber + 1);
            }
            if (isset($row->detail)) {
                $name .= ($name === '' ? '' : ': ') . $row->detail;
            }
            $this->found[$kind][(int) $row->id] = $name;
        }
        $rows->close();
    }

    /**
     * Submissions with files, texts and comments.
     */
    private function submissions(): void {
        global $DB;
        [$whose, $params] = $this->whose_submission();
        $params['assign'] = $this->subject->assign->id;
        $who = 's.userid, s.groupid, s.attemptnumber';
        $from = "{assign_submission} s WHERE s.assignment = :assign AND $whose";
        $this->expect('submission', "SELECT s.id, $who FROM $from", $params);
        $context = ['context' => $this->subject->context->id];
        $like = $DB->sql_like('f.component', ':component');
        $this->expect(
            'submission file',
            "SELECT f.id, $who, f.filename AS detail FROM {files} f, $from
                AND s.id = f.itemid AND f.contextid = :context AND $like AND f.filename <> '.'",
            $params + $context + ['component' => 'assignsubmission\_%'],
        );
        if (cursor::installed('assignsubmission_onlinetext')) {
            $sql = "SELECT o.id, $who FROM {assignsubmission_onlinetext} o, $from AND s.id = o.submission";
            $this->expect('online text', $sql, $params);
        }
        $this->expect(
            'submission comment',
            "SELECT c.id, $who FROM {comments} c, $from
                AND s.id = c.itemid AND c.contextid = :context AND c.component = 'assignsubmission_comments'",
            $params + $context,
        );
    }

    /**
     * Grades with all that was said about the work.
     */
    private function grades(): void {
        global $DB;
        [$whose, $params] = $this->whose('g');
        $params['assign'] = $this->subject->assign->id;
        $who = 'g.userid, g.attemptnumber';
        $from = "{assign_grades} g WHERE g.assignment = :assign AND $whose";
        $this->expect('grade', "SELECT g.id, $who FROM $from", $params);
        $like = $DB->sql_like('f.component', ':component');
        // Moodle's name for an annotated document has the student's in it.
        $name = "CASE WHEN f.component = 'assignfeedback_editpdf' THEN 'annotated.pdf' ELSE f.filename END";
        $this->expect(
            'feedback file',
            "SELECT f.id, $who, $name AS detail FROM {files} f, $from
                AND g.id = f.itemid AND f.contextid = :context AND $like AND f.filename <> '.'
                AND (f.component <> 'assignfeedback_editpdf' OR f.filearea = 'download')
                AND (f.component <> 'assignfeedback_file' OR f.filearea = 'feedback_files')",
            $params + ['context' => $this->subject->context->id, 'component' => 'assignfeedback\_%'],
        );
        $beside = [
            'feedback comment' => ['assignfeedback_comments', 'grade'],
            'PDF comment' => ['assignfeedback_editpdf_cmnt', 'gradeid'],
            'PDF annotation' => ['assignfeedback_editpdf_annot', 'gradeid'],
        ];
        foreach ($beside as $kind => [$table, $column]) {
            if (cursor::installed($table)) {
                $this->expect($kind, "SELECT b.id, $who FROM {{$table}} b, $from AND g.id = b.$column", $params);
            }
        }
        $this->expect(
            'grading',
            "SELECT i.id, $who FROM {grading_instances} i, {grading_definitions} d, {grading_areas} a, $from
                AND g.id = i.itemid AND d.id = i.definitionid AND a.id = d.areaid AND a.contextid = :context
                AND a.component = 'mod_assign' AND a.areaname = 'submissions'",
            $params + ['context' => $this->subject->context->id],
        );
    }

    /**
     * The assignment itself, and what holds for single people and groups.
     */
    private function settings(): void {
        $context = ['context' => $this->subject->context->id];
        $this->expect(
            'activity file',
            "SELECT f.id, f.filename AS detail FROM {files} f WHERE f.contextid = :context AND f.filename <> '.'
                AND ((f.component = 'mod_assign' AND f.filearea IN ('intro', 'introattachment', 'activityattachment'))
                OR f.component = 'grading' OR f.component IN ('gradingform_rubric', 'gradingform_guide'))",
            $context,
        );
        $this->expect(
            'grading form',
            'SELECT d.id, d.name AS detail FROM {grading_definitions} d WHERE d.areaid IN
                (SELECT a.id FROM {grading_areas} a WHERE a.contextid = :context)',
            $context,
        );
        [$whose, $params] = $this->whose('x');
        $params['assign'] = $this->subject->assign->id;
        $sql = "SELECT x.id, x.userid FROM {assign_user_flags} x WHERE x.assignment = :assign AND $whose";
        $this->expect('flags', $sql, $params);
        $or = '';
        if (!$this->subject->scope->is_all()) {
            $or = 'OR x.groupid IN (SELECT m.groupid FROM {groups_members} m WHERE m.userid = :member)';
            $params['member'] = $this->subject->scope->userid;
        }
        $sql = "SELECT x.id, x.userid, x.groupid FROM {assign_overrides} x WHERE x.assignid = :assign AND ($whose $or)";
        $this->expect('override', $sql, $params);
    }

    /**
     * The gradebook and its history.
     */
    private function gradebook(): void {
        [$whose, $params] = $this->whose('g');
        $params['assign'] = $this->subject->assign->id;
        $areas = ['grade_grades' => 'feedback', 'grade_grades_history' => 'historyfeedback'];
        foreach (['grade in the gradebook' => 'grade_grades', 'grade history' => 'grade_grades_history'] as $kind => $table) {
            $this->expect(
                'gradebook file',
                "SELECT f.id, g.userid, f.filename AS detail FROM {files} f JOIN {{$table}} g ON g.id = f.itemid
                   JOIN {grade_items} i ON i.id = g.itemid
                  WHERE f.contextid = :context AND f.component = 'grade' AND f.filearea = '{$areas[$table]}' AND f.filename <> '.'
                    AND i.itemmodule = 'assign' AND i.iteminstance = :assign AND $whose",
                $params + ['context' => $this->subject->context->id],
            );
            $this->expect(
                $kind,
                "SELECT g.id, g.userid FROM {{$table}} g WHERE $whose AND g.itemid IN
                    (SELECT i.id FROM {grade_items} i WHERE i.itemmodule = 'assign' AND i.iteminstance = :assign)",
                $params,
            );
        }
    }

    /**
     * Rows of types that the driver does not know.
     */
    private function foreign(): void {
        foreach ((new foreign_tables($this->subject))->edges() as $table => [$column, $to, $over]) {
            [$whose, $params] = match ($to) {
                'assign_submission' => $this->whose_submission(),
                'assign_grades' => $this->whose('s'),
                default => [$this->subject->scope->is_all() ? '0 = 0' : '0 = 1', []],
            };
            $of = $to === 'assign' ? "x.$column = :assign AND $whose"
                : "x.$column IN (SELECT s.id FROM {{$to}} s WHERE s.assignment = :assign AND $whose)";
            foreach (array_reverse($over) as [$reference, $parent]) {
                $of = "x.$reference IN (SELECT x.id FROM {{$parent}} x WHERE $of)";
            }
            $this->expect("row of $table", "SELECT x.id FROM {{$table}} x WHERE $of", $params + [
                'assign' => $this->subject->assign->id,
            ]);
        }
    }

    /**
     * Who is enrolled.
     */
    private function enrolments(): void {
        [$whose, $params] = $this->whose('u');
        $this->expect(
            'enrolment',
            "SELECT u.id, u.userid FROM {user_enrolments} u WHERE $whose AND u.enrolid IN
                (SELECT e.id FROM {enrol} e WHERE e.courseid = :course)",
            $params + ['course' => $this->subject->assign->course],
        );
    }

    /**
     * The log.
     */
    private function log(): void {
        global $DB;
        $this->found['log'] = new tally();
        if (!$this->lastlog || !cursor::installed('logstore_standard_log')) {
            return;
        }
        $course = \context_course::instance($this->subject->assign->course)->id;
        $groups = $this->subject->teams->matter() ? "OR target IN ('group', 'group_member')" : '';
        $where = "id <= :last AND (contextid = :context OR (contextid = :course AND (
            (objecttable = 'course_modules' AND objectid = :cm) $groups
            OR (objecttable = 'grade_items' AND objectid IN (SELECT i.id FROM {grade_items} i
                WHERE i.itemmodule = 'assign' AND i.iteminstance = :item))
            OR (objecttable = 'grade_grades' AND objectid IN (SELECT g.id FROM {grade_grades} g JOIN {grade_items} j
                ON j.id = g.itemid WHERE j.itemmodule = 'assign' AND j.iteminstance = :grade)))))";
        $params = ['context' => $this->subject->context->id, 'last' => $this->lastlog, 'course' => $course,
            'cm' => $this->subject->cm->id, 'item' => $this->subject->assign->id, 'grade' => $this->subject->assign->id];
        if (!$this->subject->scope->is_all()) {
            $where .= ' AND :me IN (userid, relateduserid)';
            $params['me'] = $this->subject->scope->userid;
            $where .= $this->subject->people->is_hidden($this->subject->scope->userid) ? ' AND anonymous <> 0' : '';
        }
        $sql = "SELECT COUNT(id) AS number, MAX(id) AS highest FROM {logstore_standard_log} WHERE $where";
        $lines = $DB->get_record_sql($sql, $params);
        $this->found['log'] = new tally((int) $lines->number, (int) $lines->highest);
    }

    /**
     * The condition of the scope.
     *
     * @param string $alias of a table with a column userid
     * @return array{string, array} SQL and parameters
     */
    private function whose(string $alias): array {
        $userid = $this->subject->scope->userid;
        return $userid ? ["$alias.userid = :whose", ['whose' => $userid]] : ['0 = 0', []];
    }

    /**
     * The condition of the scope on submissions: also those of the teams in which somebody was when they handed in.
     *
     * @return array{string, array} SQL and parameters
     */
    private function whose_submission(): array {
        global $DB;
        [$sql, $params] = $this->whose('s');
        if ($this->subject->scope->is_all() || !$this->subject->assign->teamsubmission) {
            return [$sql, $params];
        }
        $rows = $DB->get_records_select('assign_submission', 'assignment = ? AND userid = 0', [$this->subject->assign->id]);
        $teams = array_keys(array_filter($rows, fn(\stdClass $row): bool => (bool) $this->subject->teamwork()->members($row)));
        [$in, $more] = $DB->get_in_or_equal($teams, SQL_PARAMS_NAMED, 'team', true, 0);
        return ["($sql OR s.id $in)", $params + $more];
    }
}
