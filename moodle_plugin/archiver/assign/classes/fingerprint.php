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

/**
 * Prints of all assignments of a course: another print means that something changed.
 *
 * For each table the database sums up digests of the rows' contents, one query for the whole course. So nothing depends
 * on times, and no row leaves the database.
 *
 * An archive has more than that, and these changes do not show: the log, since every look at an assignment adds to it; the
 * course with its teachers, enrolments, roles and names of groups that restrict access; people who neither handed in nor were
 * graded; fields of profiles but name, user name and id number; letters, categories and settings of the gradebook beyond the
 * item; the text of the submission statement. Submission types that the driver does not know show by their files and by
 * the time of the submission only, and grading forms other than rubric and guide by their definition.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class fingerprint {
    /** @var string From a context to its assignment. */
    private const OF_CONTEXT = "JOIN {context} x ON x.id = t.contextid AND x.contextlevel = 70
        JOIN {course_modules} cm ON cm.id = x.instanceid
        JOIN {modules} m ON m.id = cm.module AND m.name = 'assign'
        JOIN {assign} a ON a.id = cm.instance";

    /** @var string From a definition of a grading form to its assignment. */
    private const OF_FORM = 'JOIN {grading_areas} t ON t.id = d.areaid ' . self::OF_CONTEXT;

    /** @var string From an item of the gradebook to its assignment. */
    private const OF_ITEM = "JOIN {assign} a ON a.id = i.iteminstance AND i.itemmodule = 'assign'";

    /** @var string Columns of the gradebook and of its history. */
    private const GRADE = 't.id, t.userid, t.rawgrade, t.rawgrademin, t.rawgrademax, t.finalgrade, t.usermodified, t.hidden,
        t.locked, t.overridden, t.excluded, t.feedback, t.feedbackformat, t.timemodified';

    /**
     * The assignments of a course.
     *
     * @param int $courseid
     */
    public function __construct(
        /** @var int the course */
        private readonly int $courseid,
    ) {
    }

    /**
     * The prints.
     *
     * @return array<int, string> 64 hexadecimal digits by the id of the course module
     */
    public function all(): array {
        global $DB;
        $found = [];
        foreach ($this->settings() as $row) {
            $found[(int) $row->id] = ['' => $row];
        }
        foreach ($this->digests() as [$name, $id, $print]) {
            $found[$id][$name] = $print;
        }
        $groups = $this->groups();
        $prints = [];
        foreach ($found as $parts) {
            $row = $parts[''];
            if ($row->teamsubmission || $row->effectivegroupmode || $row->groupoverrides) {
                $parts['groups'] = $groups;
            }
            ksort($parts);
            $prints[(int) $row->cmid] = hash('sha256', json_encode($parts, JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE));
        }
        return $prints;
    }

    /**
     * Settings of the assignments, all of them.
     *
     * @return \stdClass[]
     */
    private function settings(): array {
        global $DB;
        return $DB->get_records_sql(
            "SELECT a.*, cm.id AS cmid, cm.idnumber, cm.visible, cm.availability, cm.groupmode, cm.groupingid,
                    CASE WHEN c.groupmodeforce = 1 THEN c.groupmode ELSE cm.groupmode END AS effectivegroupmode,
                    (SELECT COUNT(1) FROM {assign_overrides} o WHERE o.assignid = a.id AND o.groupid > 0) AS groupoverrides,
                    s.name AS scalename, s.scale
               FROM {assign} a
               JOIN {course} c ON c.id = a.course
               JOIN {course_modules} cm ON cm.instance = a.id AND cm.course = a.course
               JOIN {modules} m ON m.id = cm.module AND m.name = 'assign'
          LEFT JOIN {scale} s ON s.id = -a.grade
              WHERE a.course = :course",
            ['course' => $this->courseid],
        );
    }

    /**
     * Digests of what else is archived, table by table in one query.
     *
     * @return array<int, array{string, int, string}> name of the table, id of the assignment, number and digest of the rows
     */
    private function digests(): array {
        global $DB;
        $queries = $params = $found = [];
        foreach ($this->tables() as $name => [$from, $columns]) {
            $param = 'course' . count($params);
            $params[$param] = $this->courseid;
            $digest = self::digest($columns);
            $queries[] = "SELECT '$name' AS name, a.id, COUNT(1) AS number, $digest AS digest
                            FROM $from WHERE a.course = :$param GROUP BY a.id";
        }
        $rows = $DB->get_recordset_sql(implode(' UNION ALL ', $queries), $params);
        foreach ($rows as $row) {
            $found[] = [$row->name, (int) $row->id, "{$row->number} {$row->digest}"];
        }
        $rows->close();
        return $found;
    }

    /**
     * What else is archived of an assignment.
     *
     * @return array<string, array{string, string}> FROM and the columns that count, by a name
     */
    private function tables(): array {
        global $DB;
        $files = '{files} t ' . self::OF_CONTEXT . " AND t.filename <> '.' AND ("
            . "t.component = 'mod_assign' OR t.component = 'grade' OR " . self::like('assignsubmission\_%')
            . ' OR ' . self::like('grading%')
            . ' OR (' . self::like('assignfeedback\_%')
            . " AND (t.component <> 'assignfeedback_editpdf' OR t.filearea = 'download')"
            . " AND (t.component <> 'assignfeedback_file' OR t.filearea = 'feedback_files')))";
        $names = implode(', ', array_map(fn($name) => "u.$name", \core_user\fields::get_name_fields()));
        $people = '(SELECT assignment, userid FROM {assign_submission} UNION SELECT assignment, userid FROM {assign_grades}
            UNION SELECT assignment, grader FROM {assign_grades}) p JOIN {user} u ON u.id = p.userid
            JOIN {assign} a ON a.id = p.assignment';
        $direct = fn($table, $column = 'assignment') => "{{$table}} t JOIN {assign} a ON a.id = t.$column";
        $graded = fn($table, $column) => "{{$table}} t JOIN {assign_grades} g ON g.id = t.$column
            JOIN {assign} a ON a.id = g.assignment";
        $items = '{grade_items} i ' . self::OF_ITEM;
        $item = implode(', ', array_map(fn($column) => "i.$column", activity::GRADE_ITEM));
        $filled = '{grading_instances} i ON i.id = t0.instanceid JOIN {grading_definitions} d ON d.id = i.definitionid '
            . self::OF_FORM;
        $tables = [
            'assign_plugin_config' => [$direct('assign_plugin_config'), 't.id, t.plugin, t.subtype, t.name, t.value'],
            'assign_submission' => [$direct('assign_submission'), 't.id, t.userid, t.groupid, t.attemptnumber, t.latest, t.status,
                t.timecreated, t.timemodified, t.timestarted'],
            'assignsubmission_onlinetext' => [$direct('assignsubmission_onlinetext'), 't.id, t.onlinetext, t.onlineformat'],
            'comments' => ['{comments} t ' . self::OF_CONTEXT, 't.id, t.itemid, t.userid, t.content, t.format, t.timecreated'],
            'assign_grades' => [$direct('assign_grades'), 't.id, t.userid, t.attemptnumber, t.grade, t.grader, t.timecreated,
                t.timemodified'],
            'assignfeedback_comments' => [$direct('assignfeedback_comments'), 't.id, t.grade, t.commenttext, t.commentformat'],
            'assignfeedback_editpdf_cmnt' => [$graded('assignfeedback_editpdf_cmnt', 'gradeid'), 't.id, t.x, t.y, t.width,
                t.rawtext, t.pageno, t.colour, t.draft'],
            'assignfeedback_editpdf_annot' => [$graded('assignfeedback_editpdf_annot', 'gradeid'), 't.id, t.pageno, t.x, t.y,
                t.endx, t.endy, t.path, t.type, t.colour, t.draft'],
            'files' => [$files, 't.id, t.pathnamehash, t.contenthash, t.filesize, t.author, t.license, t.timemodified'],
            'assign_user_flags' => [$direct('assign_user_flags'), 't.id, t.userid, t.locked, t.extensionduedate, t.workflowstate,
                t.allocatedmarker'],
            'assign_overrides' => [$direct('assign_overrides', 'assignid'), 't.id, t.userid, t.groupid, t.sortorder,
                t.allowsubmissionsfromdate, t.duedate, t.cutoffdate, t.timelimit'],
            'grading_definitions' => ['{grading_definitions} d ' . self::OF_FORM, 'd.id, d.method, d.name, d.description,
                d.status, d.options, d.timemodified, t.activemethod'],
            'grading_instances' => ['{grading_instances} t0 JOIN {grading_definitions} d ON d.id = t0.definitionid '
                . self::OF_FORM, 't0.id, t0.itemid, t0.raterid, t0.rawgrade, t0.status, t0.feedback, t0.timemodified'],
            'grade_items' => [$items, $item],
            'grade_grades' => ['{grade_grades} t JOIN {grade_items} i ON i.id = t.itemid ' . self::OF_ITEM, self::GRADE],
            'grade_grades_history' => ['{grade_grades_history} t JOIN {grade_items} i ON i.id = t.itemid ' . self::OF_ITEM,
                self::GRADE . ', t.action, t.loggeduser'],
            'user' => [$people, "u.id, u.username, u.idnumber, u.deleted, $names"],
        ];
        $forms = [
            'gradingform_rubric_criteria' => 't0.id, t0.sortorder, t0.description',
            'gradingform_guide_criteria' => 't0.id, t0.sortorder, t0.shortname, t0.description, t0.descriptionmarkers, t0.maxscore',
            'gradingform_guide_comments' => 't0.id, t0.sortorder, t0.description',
        ];
        foreach ($forms as $table => $columns) {
            $tables[$table] = ["{{$table}} t0 JOIN {grading_definitions} d ON d.id = t0.definitionid " . self::OF_FORM, $columns];
        }
        $tables['gradingform_rubric_levels'] = ['{gradingform_rubric_levels} t0
            JOIN {gradingform_rubric_criteria} r ON r.id = t0.criterionid
            JOIN {grading_definitions} d ON d.id = r.definitionid ' . self::OF_FORM, 't0.id, t0.score, t0.definition'];
        $tables['gradingform_rubric_fillings'] = ["{gradingform_rubric_fillings} t0 JOIN $filled",
            't0.id, t0.criterionid, t0.levelid, t0.remark'];
        $tables['gradingform_guide_fillings'] = ["{gradingform_guide_fillings} t0 JOIN $filled",
            't0.id, t0.criterionid, t0.score, t0.remark'];
        return array_intersect_key($tables, array_flip($DB->get_tables()));
    }

    /**
     * The groups of the course with their members.
     *
     * @return string
     */
    private function groups(): string {
        global $DB;
        $queries = [
            'g.id, g.name, g.idnumber' => '{groups} g',
            'g.id, u.id, gm.timeadded, u.firstname, u.lastname' => '{groups} g JOIN {groups_members} gm ON gm.groupid = g.id
                JOIN {user} u ON u.id = gm.userid',
        ];
        $sql = $params = [];
        foreach ($queries as $columns => $from) {
            $number = count($params);
            $params["course$number"] = $this->courseid;
            $digest = self::digest($columns);
            $sql[] = "SELECT $number AS part, COUNT(1) AS number, $digest AS digest FROM $from WHERE g.courseid = :course$number";
        }
        $rows = $DB->get_records_sql(implode(' UNION ALL ', $sql), $params);
        ksort($rows);
        $parts = array_map(fn($row) => "{$row->number} {$row->digest}", $rows);
        return 'groups ' . implode(' ', $parts);
    }

    /**
     * The sum of 60 bits of the digests of the rows of a group: the order of the rows does not matter.
     *
     * @param string $columns that count; one that is not set is as good as an empty one
     * @return string SQL
     */
    private static function digest(string $columns): string {
        global $DB;
        $texts = array_map(fn($column) => "COALESCE({$DB->sql_cast_to_char(trim($column))}, '')", explode(',', $columns));
        $hex = "SUBSTR(MD5(CONCAT_WS('\x1f', " . implode(', ', $texts) . ')), 1, 15)';
        $number = $DB->get_dbfamily() === 'postgres'
            ? "CAST(CAST('x' || $hex AS bit(60)) AS bigint)"
            : "CAST(CONV($hex, 16, 10) AS DECIMAL(20, 0))";
        return "COALESCE(SUM($number), 0)";
    }

    /**
     * A condition on the component of a file.
     *
     * @param string $pattern of LIKE, a constant
     * @return string SQL
     */
    private static function like(string $pattern): string {
        return "t.component LIKE '$pattern'";
    }
}
