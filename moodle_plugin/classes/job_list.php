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

namespace local_archivist;

/**
 * Finds jobs for lists.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class job_list {
    /** @var string In place of a state: all that have not ended. */
    public const ACTIVE = 'active';

    /** @var string[] Conditions. */
    private array $where = ['1 = 1'];

    /** @var array<string, mixed> Values in them. */
    private array $params = [];

    /**
     * A list.
     *
     * @param int $courseid 0: all courses
     * @param string $state a number out of state or ACTIVE; anything else: all states
     * @param string $course part of a name of the course, or its id
     * @param string $text part of the name of the activity, of the UUID or of the names of who asked for it
     * @param int $cmid 0: all activities
     */
    public function __construct(int $courseid = 0, string $state = '', string $course = '', string $text = '', int $cmid = 0) {
        global $DB;
        if ($courseid) {
            $this->where[] = 'j.courseid = :courseid';
            $this->params['courseid'] = $courseid;
        }
        if ($cmid) {
            $this->where[] = 'j.cmid = :cmid';
            $this->params['cmid'] = $cmid;
        }
        // Others than these are not in the database, and could be numbers that do not fit into its column.
        if ($state === self::ACTIVE || in_array($state, array_map('strval', state::all()), true)) {
            [$in, $params] = $state === self::ACTIVE
                ? $DB->get_in_or_equal(state::FINAL, SQL_PARAMS_NAMED, 'state', false)
                : $DB->get_in_or_equal((int) $state, SQL_PARAMS_NAMED, 'state');
            $this->where[] = "j.status $in";
            $this->params += $params;
        }
        if (trim($course) !== '') {
            $id = ctype_digit(trim($course)) ? ['j.courseid = :coursenumber'] : [];
            $this->params += $id ? ['coursenumber' => (int) trim($course)] : [];
            $this->where_like('course', $course, ['j.coursename', 'j.courseshortname'], $id);
        }
        if (trim($text) !== '') {
            $this->where_like('text', $text, ['j.activityname', 'j.uuid', $DB->sql_fullname('u.firstname', 'u.lastname')]);
        }
    }

    /**
     * How many there are.
     *
     * @return int
     */
    public function count(): int {
        global $DB;
        return $DB->count_records_sql("SELECT COUNT(j.id) {$this->from()}", $this->params);
    }

    /**
     * Some of them, newest first, with two queries.
     *
     * @param int $page from 0
     * @param int $perpage
     * @return \stdClass[] rows of local_archivist_job by id, each with ->existingcourse (its id or null),
     *     ->username, ->scopename ('': everybody), ->copies and ->copybytes
     */
    public function page(int $page, int $perpage): array {
        global $DB;
        $fields = \core_user\fields::for_name()->including('id');
        $user = $fields->get_sql('u', false, 'u_', 'u_id')->selects;
        $scope = $fields->get_sql('s', false, 's_', 's_id')->selects;
        $records = $DB->get_records_sql(
            "SELECT j.*, c.id AS existingcourse $user $scope {$this->from()} ORDER BY j.id DESC",
            $this->params,
            $page * $perpage,
            $perpage,
        );
        $copies = $this->copies(array_keys($records));
        foreach ($records as $id => $record) {
            $record->username = self::name($record, 'u_', (int) $record->userid);
            $name = self::name($record, 's_', (int) $record->scopeuserid);
            $record->scopename = $name === ''
                ? '' : people::shown($name, (int) $record->scopeuserid, (new job($record))->context());
            $record->copies = (int) ($copies[$id]->copies ?? 0);
            $record->copybytes = (int) ($copies[$id]->bytes ?? 0);
        }
        return $records;
    }

    /**
     * The name of a user whose fields were selected with a prefix.
     *
     * @param \stdClass $record
     * @param string $prefix
     * @param int $userid 0: nobody
     * @return string
     */
    private static function name(\stdClass $record, string $prefix, int $userid): string {
        if (!$userid) {
            return '';
        }
        if ($record->{$prefix . 'id'} === null) {
            return get_string('unknownuser');
        }
        $user = new \stdClass();
        foreach (\core_user\fields::get_name_fields() as $field) {
            $user->$field = $record->{$prefix . $field};
        }
        return fullname($user);
    }

    /**
     * The stored copies of jobs.
     *
     * @param int[] $ids
     * @return \stdClass[] by job, with ->copies and ->bytes
     */
    private function copies(array $ids): array {
        global $DB;
        if (!$ids) {
            return [];
        }
        [$in, $params] = $DB->get_in_or_equal($ids, SQL_PARAMS_NAMED);
        $sql = "SELECT jobid, COUNT(id) AS copies, SUM(sizebytes) AS bytes
                  FROM {local_archivist_file}
                 WHERE status = :stored AND jobid $in
              GROUP BY jobid";
        return $DB->get_records_sql($sql, ['stored' => 'stored'] + $params);
    }

    /**
     * Adds a search in several columns.
     *
     * @param string $name of the parameters
     * @param string $text
     * @param string[] $columns
     * @param string[] $or further conditions
     */
    private function where_like(string $name, string $text, array $columns, array $or = []): void {
        global $DB;
        foreach ($columns as $i => $column) {
            $or[] = $DB->sql_like($column, ":$name$i", false, false);
            $this->params["$name$i"] = '%' . $DB->sql_like_escape(trim($text)) . '%';
        }
        $this->where[] = '(' . implode(' OR ', $or) . ')';
    }

    /**
     * The tables and conditions.
     *
     * @return string
     */
    private function from(): string {
        return "FROM {local_archivist_job} j
           LEFT JOIN {user} u ON u.id = j.userid
           LEFT JOIN {user} s ON s.id = j.scopeuserid
           LEFT JOIN {course} c ON c.id = j.courseid
               WHERE " . implode(' AND ', $this->where);
    }
}
