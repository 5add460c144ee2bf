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
 * on times, and no row leaves the database. What an archive says about the course and its people is the same in each print.
 *
 * Left out are the log, since every look at an assignment adds to it; time that passes, such as the end of an enrolment;
 * roles above the course; and the numbers of what is not archived. Submission types that the driver does not know show by
 * their files and by the time of the submission, and grading forms other than rubric and guide by their definition.
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

    /** @var string[] Columns of an item of the gradebook that archives have as rules. */
    private const ITEM = ['categoryid', 'iteminfo', 'calculation', 'outcomeid', 'aggregationcoef', 'aggregationcoef2',
        'weightoverride'];

    /** @var string Columns of a rule by which points are taken off late work. */
    public const PENALTY = 't.contextid, t.sortorder, t.overdueby, t.penalty';

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
        $found = [];
        foreach ($this->settings() as $row) {
            $found[(int) $row->id] = ['' => $row];
        }
        if (!$found) {
            return [];
        }
        foreach ($this->digests() as [$name, $id, $print]) {
            $found[$id][$name] = $print;
        }
        $course = (new course_print($this->courseid))->parts();
        $prints = [];
        foreach ($found as $parts) {
            if (!isset($parts[''])) {
                continue; // It is being made or deleted, and has no module.
            }
            ksort($parts);
            $print = json_encode([$parts, $course], JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE);
            $prints[(int) $parts['']->cmid] = hash('sha256', $print);
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
        $files = '{files} t ' . self::OF_CONTEXT . " AND t.filename <> '.' AND ("
            . "t.component = 'mod_assign' OR t.component = 'grade' OR " . self::like('assignsubmission\_%')
            . ' OR ' . self::like('grading%')
            . ' OR (' . self::like('assignfeedback\_%')
            . " AND (t.component <> 'assignfeedback_editpdf' OR t.filearea = 'download')"
            . " AND (t.component <> 'assignfeedback_file' OR t.filearea = 'feedback_files')))";
        $mine = "IN (SELECT b.id FROM {assign} b WHERE b.course = {$this->courseid})";
        $people = "(SELECT assignment, userid FROM {assign_submission} WHERE assignment $mine
            UNION SELECT assignment, userid FROM {assign_grades} WHERE assignment $mine
            UNION SELECT assignment, grader FROM {assign_grades} WHERE assignment $mine
            UNION SELECT assignment, userid FROM {assign_user_flags} WHERE assignment $mine
            UNION SELECT assignment, allocatedmarker FROM {assign_user_flags} WHERE assignment $mine
            UNION SELECT assignid, userid FROM {assign_overrides} WHERE assignid $mine
            ) p JOIN {user} u ON u.id = p.userid JOIN {assign} a ON a.id = p.assignment";
        $direct = fn($table, $column = 'assignment') => "{{$table}} t JOIN {assign} a ON a.id = t.$column";
        $graded = fn($table, $column) => "{{$table}} t JOIN {assign_grades} g ON g.id = t.$column
            JOIN {assign} a ON a.id = g.assignment";
        $items = '{grade_items} i ' . self::OF_ITEM;
        $item = implode(', ', array_map(fn($column) => "i.$column", [...activity::GRADE_ITEM, ...self::ITEM]));
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
            'user' => [$people, self::account()],
            'scale' => ["{$items} JOIN {scale} t ON t.id = i.scaleid", 't.id, t.name, t.scale'],
            'grade_outcomes' => ["{$items} JOIN {grade_outcomes} t ON t.id = i.outcomeid LEFT JOIN {scale} s ON s.id = t.scaleid",
                'i.id, t.id, t.shortname, t.fullname, s.name, s.scale'],
            'calculation' => ["{$items} JOIN {grade_items} t ON t.courseid = i.courseid AND i.calculation LIKE '%##gi%'",
                't.id, t.itemtype, t.itemmodule, t.itemname, t.idnumber'],
            'role_assignments' => ['{role_assignments} t ' . self::OF_CONTEXT, 't.id, t.userid, t.roleid'],
            'role_capabilities' => ['{role_capabilities} t ' . self::OF_CONTEXT . ' AND ' . course_print::who_takes_part(),
                't.roleid, t.capability, t.permission'],
            'tag_instance' => ["{tag_instance} t JOIN {tag} g ON g.id = t.tagid AND t.itemtype = 'course_modules'
                AND t.component = 'core' JOIN {course_modules} cm ON cm.id = t.itemid JOIN {modules} m ON m.id = cm.module
                AND m.name = 'assign' JOIN {assign} a ON a.id = cm.instance", 't.id, g.rawname'],
            'gradepenalty_duedate_rule' => ['{gradepenalty_duedate_rule} t ' . self::OF_CONTEXT, self::PENALTY],
        ];
        if (preg_grep('/^profile_field_/', roster::fields())) {
            $tables['user_info_data'] = ["$people JOIN {user_info_data} d ON d.userid = u.id", 'd.userid, d.fieldid, d.data'];
        }
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
        return self::installed($tables);
    }

    /**
     * Those of some tables that the site has. "calculation" stands for items of the gradebook, which every site has.
     *
     * @param array<string, array{string, string}> $tables by their names
     * @return array<string, array{string, string}>
     */
    public static function installed(array $tables): array {
        global $DB;
        return array_intersect_key($tables, array_flip([...$DB->get_tables(), 'calculation']));
    }

    /**
     * What archives have of an account.
     *
     * @return string columns of the table of users
     */
    public static function account(): string {
        global $DB;
        $chosen = array_intersect(roster::fields(), array_keys($DB->get_columns('user')));
        $names = [...\core_user\fields::get_name_fields(), 'username', 'idnumber', 'deleted', 'suspended', ...$chosen];
        return 'u.id, ' . implode(', ', array_map(fn(string $name): string => "u.$name", array_unique($names)));
    }

    /**
     * The sum of 60 bits of the digests of the rows of a group: the order of the rows does not matter.
     *
     * @param string $columns that count; one that is not set is as good as an empty one
     * @return string SQL
     */
    public static function digest(string $columns): string {
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
