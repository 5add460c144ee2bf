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
 * The print of what a course and its people are, as far as each archive of one of its assignments has it: enrolments, roles,
 * accounts, groups, the rules of the gradebook, the course and its categories.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class course_print {
    /** @var string The people of a course: who is enrolled or has a role in it. */
    private const PEOPLE = '(SELECT ue.userid FROM {user_enrolments} ue JOIN {enrol} e ON e.id = ue.enrolid
        WHERE e.courseid = :COURSE UNION SELECT ra.userid FROM {role_assignments} ra WHERE ra.contextid = :CONTEXT) p
        JOIN {user} u ON u.id = p.userid';

    /** @var \context_course The course. */
    private \context_course $context;

    /**
     * A course.
     *
     * @param int $courseid
     */
    public function __construct(
        /** @var int the course */
        private readonly int $courseid,
    ) {
        $this->context = \context_course::instance($courseid);
    }

    /**
     * The print.
     *
     * @return array<string, string> number and digest of rows by what they are; one query
     */
    public function parts(): array {
        global $DB;
        $queries = $params = [];
        foreach ($this->tables() as $name => [$from, $columns]) {
            $from = preg_replace_callback('/:(COURSE|CONTEXT)\b/', function (array $found) use (&$params): string {
                $param = 'id' . count($params);
                $params[$param] = $found[1] === 'COURSE' ? $this->courseid : $this->context->id;
                return ":$param";
            }, $from);
            $digest = fingerprint::digest($columns);
            $queries[] = "SELECT '$name' AS name, COUNT(1) AS number, $digest AS digest FROM $from";
        }
        $rows = $DB->get_records_sql(implode(' UNION ALL ', $queries), $params);
        ksort($rows);
        $statements = array_intersect_key((array) get_config('assign'), array_flip(['submissionstatement',
            'submissionstatementteamsubmission', 'submissionstatementteamsubmissionallsubmit']));
        ksort($statements);
        return array_map(fn(\stdClass $row): string => "{$row->number} {$row->digest}", $rows)
            + ['fields' => implode(',', roster::fields()), 'statements' => json_encode($statements, JSON_INVALID_UTF8_SUBSTITUTE)];
    }

    /**
     * What belongs to it.
     *
     * @return array<string, array{string, string}> FROM and the columns that count, by a name
     */
    private function tables(): array {
        global $DB;
        $above = 'IN (' . implode(', ', array_map('intval', $this->context->get_parent_context_ids(true))) . ')';
        $below = $DB->sql_concat('t.path', "'/%'");
        $tables = [
            'course' => ['{course} t WHERE t.id = :COURSE', 't.id, t.fullname, t.shortname, t.idnumber, t.category, t.startdate,
                t.enddate, t.visible'],
            'course_categories' => ["{course} c JOIN {course_categories} b ON b.id = c.category
                JOIN {course_categories} t ON t.id = b.id OR b.path LIKE $below WHERE c.id = :COURSE", 't.id, t.name, t.idnumber'],
            'user_enrolments' => ['{user_enrolments} t JOIN {enrol} e ON e.id = t.enrolid WHERE e.courseid = :COURSE',
                't.id, t.userid, t.status, t.timestart, t.timeend, t.timecreated, e.enrol, e.name, e.status'],
            'role_assignments' => ['{role_assignments} t WHERE t.contextid = :CONTEXT', 't.id, t.userid, t.roleid'],
            'role' => ['{role} t', 't.id, t.name, t.shortname, t.archetype'],
            'role_names' => ['{role_names} t WHERE t.contextid = :CONTEXT', 't.id, t.roleid, t.name'],
            'role_capabilities' => ["{role_capabilities} t WHERE t.contextid $above AND " . self::who_takes_part(),
                't.contextid, t.roleid, t.capability, t.permission'],
            'user' => [self::PEOPLE, fingerprint::account()],
            'groups' => ['{groups} t WHERE t.courseid = :COURSE', 't.id, t.name, t.idnumber, t.participation'],
            'groups_members' => ['{groups} g JOIN {groups_members} t ON t.groupid = g.id WHERE g.courseid = :COURSE',
                't.id, t.groupid, t.userid, t.timeadded'],
            'groupings' => ['{groupings} t WHERE t.courseid = :COURSE', 't.id, t.name'],
            'groupings_groups' => ['{groupings} g JOIN {groupings_groups} t ON t.groupingid = g.id WHERE g.courseid = :COURSE',
                't.groupingid, t.groupid'],
            'grade_categories' => ['{grade_categories} t WHERE t.courseid = :COURSE', 't.id, t.path, t.fullname, t.aggregation,
                t.keephigh, t.droplow, t.aggregateonlygraded, t.aggregateoutcomes, t.hidden'],
            'grade_settings' => ['{grade_settings} t WHERE t.courseid = :COURSE', 't.name, t.value'],
            'grade_letters' => ["{grade_letters} t WHERE t.contextid $above", 't.contextid, t.lowerboundary, t.letter'],
            'gradepenalty_duedate_rule' => ["{gradepenalty_duedate_rule} t WHERE t.contextid $above", fingerprint::PENALTY],
        ];
        if (preg_grep('/^profile_field_/', roster::fields())) {
            $from = self::PEOPLE . ' JOIN {user_info_data} d ON d.userid = u.id';
            $tables['user_info_data'] = [$from, 'd.userid, d.fieldid, d.data'];
        }
        return fingerprint::installed($tables);
    }

    /**
     * The condition on capabilities that decide who takes part and who marks.
     *
     * @return string SQL
     */
    public static function who_takes_part(): string {
        // A colon would be the beginning of a parameter; "_" stands for it.
        return "(t.capability LIKE 'mod/assign_submit' OR t.capability LIKE 'mod/assign_grade')";
    }
}
