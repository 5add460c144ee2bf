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
 * What the database has about the activity, place by place, and what became of it in the archive.
 *
 * It does not ask the parts of the driver what they know. It counts all files of the context by area, and the rows of every
 * table of the site that names the context or the course module, whichever plugin made it. What is not in the archive has a
 * reason, and a place that nobody knows is named as that.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class inventory {
    /** @var string[] Columns of the table. */
    public const COLUMNS = ['kind', 'place', 'found', 'archived', 'bytes', 'state', 'reason', 'where'];

    /** @var string[] Columns by which tables of the site name a context or a course module. */
    private const COLUMNS_OF_MODULE = ['cmid', 'coursemoduleid', 'cm'];

    /** @var string[] The same for contexts. */
    private const COLUMNS_OF_CONTEXT = ['contextid', 'usingcontextid', 'parentcontextid'];

    /** @var string Pattern for areas in which plugins keep what they work with, such as pictures of the pages of a PDF. */
    private const WORK_AREAS = '~^assignfeedback_(editpdf/(?!download$)|file/feedback_files_(batch|import)$)~';

    /** @var array<string, string> Where rows of tables are in the archive. */
    private const ARCHIVED = [
        'files' => 'submissions/, feedback/, assignment/', 'logstore_standard_log' => 'tables/logs',
        'comments' => 'submissions/', 'grading_areas' => 'assignment/', 'role_assignments' => 'tables/people',
        'tag_instance' => 'assignment/assignment.json', 'gradepenalty_duedate_rule' => 'assignment/gradebook.json',
        'grade_letters' => 'assignment/gradebook.json', 'assign' => 'assignment/assignment.json',
        'assign_submission' => 'tables/submissions', 'assign_grades' => 'tables/grades',
        'assign_plugin_config' => 'assignment/assignment.json', 'assign_user_flags' => 'tables/flags',
        'assign_overrides' => 'tables/overrides',
    ];

    /** @var array<string, string> What the driver counts of the rows of a table, by the table. */
    private const COUNTED = ['assign_submission' => 'submission', 'assign_grades' => 'grade', 'assign_user_flags' => 'flags',
        'assign_overrides' => 'override', 'comments' => 'submission comment'];

    /** @var array<string, string> Which rows of other tables an archive of one person has, by the table. */
    private const OF_ONE = ['logstore_standard_log' => ':me IN (t.userid, t.relateduserid)',
        'role_assignments' => 't.userid = :me'];

    /** @var array<string, string> Why rows of tables are not in the archive: a pattern of the table's name, and the reason. */
    private const LEFT_OUT = [
        '~^plagiarism_~' => 'plagiarism',
        '~^course_modules_completion$|^course_modules_viewed$~' => 'completion',
        '~^competency_~' => 'competencies',
        '~^assign_user_mapping$~' => 'mapping',
        '~^role_capabilities$|^role_names$~' => 'rights',
        '~^(block|filter)_|^favourite$~' => 'display',
        '~^(tiny_autosave|editor_)~' => 'autosave',
        '~^(analytics|search|tool|task|reportbuilder|external|communication|message|stats|cache|ai|mnet)_|^log$~' => 'operation',
        '~^local_archivist_~' => 'own',
        '~^event$~' => 'calendar',
    ];

    /** @var string[] What is named as not archived in any case, also where there is nothing of it. */
    private const ALWAYS = ['plagiarism', 'completion', 'competencies', 'calendar', 'settingshistory'];

    /** @var array<string, int> Files that were put in, by area. */
    private array $files = [];

    /** @var array[] The rows of the table. */
    private array $rows = [];

    /**
     * The inventory of an assignment.
     *
     * @param subject $subject
     */
    public function __construct(
        /** @var subject the assignment */
        private readonly subject $subject,
    ) {
    }

    /**
     * Tells that a file was put in.
     *
     * @param \stdClass $row of files
     */
    public function add_file(\stdClass $row): void {
        $area = "{$row->component}/{$row->filearea}";
        $this->files[$area] = ($this->files[$area] ?? 0) + 1;
    }

    /**
     * Counts, and puts table and page in.
     *
     * @param package $package
     * @param array<string, int> $foreign numbers of rows of the tables of other types
     * @param string[] $unlinked tables of other types of which nobody can tell whose rows they have
     */
    public function collect(package $package, array $foreign, array $unlinked = []): void {
        $this->rows = [];
        $this->count_files($package);
        $this->count_tables($package, $foreign);
        foreach ($unlinked as $table) {
            $this->enter('table', $table, 0, 0, null, 'left out', 'unlinked');
        }
        foreach (array_diff(self::ALWAYS, array_column($this->rows, 'reason')) as $reason) {
            $this->enter('other', $reason, 0, 0, null, 'left out', $reason);
        }
        $package->add_table('about/inventory', self::COLUMNS, array_map('array_values', $this->rows));
        $package->add_text('about/inventory.html', $this->page());
    }

    /**
     * What is not in the archive, for the job.
     *
     * @return array<int, array{reason: string, number: int, places: string[]}>
     */
    public function left_out(): array {
        $found = [];
        foreach ($this->rows as $row) {
            if ($row['reason'] !== null) {
                $found[$row['reason']]['number'] = ($found[$row['reason']]['number'] ?? 0) + $row['found'] - $row['archived'];
                $found[$row['reason']]['places'][] = $row['place'];
            }
        }
        $said = [];
        foreach ($found as $reason => $facts) {
            $said[] = ['reason' => $reason, 'number' => $facts['number'], 'places' => array_slice($facts['places'], 0, 20)];
        }
        return $said;
    }

    /**
     * Enters a line.
     *
     * @param string $kind files, table, other
     * @param string $place
     * @param int $found
     * @param int $archived
     * @param int|null $bytes
     * @param string $state archived, partly, left out, not understood
     * @param string|null $reason
     * @param string|null $where in the archive
     */
    private function enter(
        string $kind,
        string $place,
        int $found,
        int $archived,
        ?int $bytes,
        string $state,
        ?string $reason = null,
        ?string $where = null,
    ): void {
        $this->rows[] = ['kind' => $kind, 'place' => $place, 'found' => $found, 'archived' => $archived, 'bytes' => $bytes,
            'state' => $state, 'reason' => $reason, 'where' => $where];
    }

    /**
     * Counts the files of the context by area.
     *
     * @param package $package
     */
    private function count_files(package $package): void {
        global $DB;
        $areas = $DB->get_records_sql(
            "SELECT MIN(f.id) AS id, f.component, f.filearea, COUNT(1) AS number, SUM(f.filesize) AS bytes
               FROM {files} f WHERE f.contextid = :context AND f.filename <> '.'
           GROUP BY f.component, f.filearea ORDER BY f.component, f.filearea",
            ['context' => $this->subject->context->id],
        );
        foreach ($areas as $row) {
            $area = "{$row->component}/{$row->filearea}";
            $archived = $this->files[$area] ?? 0;
            $reason = match (true) {
                $archived >= $row->number => null,
                !$this->subject->scope->is_all() => 'scope',
                (bool) preg_match(self::WORK_AREAS, $area) => 'workfiles',
                $row->component === 'backup' => 'backup',
                (bool) $package->failures() => 'failed',
                default => 'unknown',
            };
            $state = match (true) {
                $reason === null => 'archived',
                $reason === 'unknown' => 'not understood',
                default => $archived ? 'partly' : 'left out',
            };
            $this->enter('files', $area, (int) $row->number, $archived, (int) $row->bytes, $state, $reason);
        }
    }

    /**
     * Counts the rows of the tables.
     *
     * @param package $package
     * @param array<string, int> $foreign
     */
    private function count_tables(package $package, array $foreign): void {
        $counts = $package->counts();
        foreach ($foreign as $table => $number) {
            $this->enter('table', $table, $number, $number, null, 'archived', null, "tables/$table");
        }
        foreach (array_diff_key($this->table_counts(), $foreign) as $table => $number) {
            if ($number === 0) {
                continue;
            }
            $where = self::ARCHIVED[$table] ?? null;
            if ($table === 'files') {
                continue; // By area.
            }
            if ($where !== null) {
                $archived = match (true) {
                    isset(self::COUNTED[$table]) => min($number, $counts[self::COUNTED[$table]] ?? 0),
                    isset(self::OF_ONE[$table]) && !$this->subject->scope->is_all() => $this->rows_of_one($table),
                    default => $number,
                };
                $reason = match (true) {
                    $archived === $number => null,
                    !$this->subject->scope->is_all() => 'scope',
                    (bool) $package->failures() => 'failed',
                    default => 'unknown',
                };
                $state = $reason === null ? 'archived' : ($reason === 'unknown' ? 'not understood' : 'partly');
                $this->enter('table', $table, $number, $archived, null, $state, $reason, $where);
                continue;
            }
            $reason = 'unknown';
            foreach (self::LEFT_OUT as $pattern => $because) {
                if (preg_match($pattern, $table)) {
                    $reason = $because;
                    break;
                }
            }
            $this->enter('table', $table, $number, 0, null, $reason === 'unknown' ? 'not understood' : 'left out', $reason);
        }
    }

    /**
     * Rows of a table about the one person, of those about the activity.
     *
     * @param string $table
     * @return int
     */
    private function rows_of_one(string $table): int {
        global $DB;
        $me = $this->subject->scope->userid;
        $hidden = $table === 'logstore_standard_log' && $this->subject->people->is_hidden($me) ? 'AND t.anonymous = 1' : '';
        $own = self::OF_ONE[$table];
        $params = ['context' => $this->subject->context->id, 'me' => $me];
        return $DB->count_records_sql("SELECT COUNT(1) FROM {{$table}} t WHERE t.contextid = :context AND $own $hidden", $params);
    }

    /**
     * Rows about the activity in all tables of the site that name it.
     *
     * @return array<string, int> by table
     */
    private function table_counts(): array {
        global $DB;
        $queries = $params = [];
        $add = function (string $table, string $column, int $id, string $and = '') use (&$queries, &$params): void {
            $name = 'p' . count($params);
            $params[$name] = $id;
            $number = count($queries);
            $queries[] = "SELECT $number AS id, '$table' AS name, COUNT(1) AS number
                            FROM {{$table}} t WHERE t.$column = :$name $and";
        };
        foreach (self::columns() as $table => $columns) {
            $context = array_intersect(self::COLUMNS_OF_CONTEXT, $columns);
            foreach ($context as $column) {
                $add($table, $column, (int) $this->subject->context->id);
            }
            foreach ($context ? [] : array_intersect(self::COLUMNS_OF_MODULE, $columns) as $column) {
                $add($table, $column, (int) $this->subject->cm->id);
            }
        }
        $own = ['assign_submission' => 'assignment', 'assign_grades' => 'assignment', 'assign_plugin_config' => 'assignment',
            'assign_user_mapping' => 'assignment', 'assign_user_flags' => 'assignment', 'assign_overrides' => 'assignid',
            'assign' => 'id', 'event' => 'instance'];
        foreach ($own as $table => $column) {
            $add($table, $column, (int) $this->subject->assign->id, $table === 'event' ? "AND t.modulename = 'assign'" : '');
        }
        $counts = [];
        foreach ($DB->get_records_sql(implode(' UNION ALL ', $queries), $params) as $row) {
            $counts[$row->name] = ($counts[$row->name] ?? 0) + (int) $row->number;
        }
        ksort($counts);
        return $counts;
    }

    /**
     * The columns of the site's tables that name a context or a course module.
     *
     * @return array<string, string[]> columns by table
     */
    private static function columns(): array {
        global $DB;
        $wanted = [...self::COLUMNS_OF_CONTEXT, ...self::COLUMNS_OF_MODULE];
        $found = [];
        $schema = ['mysql' => 'DATABASE()', 'postgres' => 'CURRENT_SCHEMA()'][$DB->get_dbfamily()] ?? null;
        if ($schema === null) {
            foreach ($DB->get_tables() as $table) {
                $found[$table] = array_intersect($wanted, array_keys($DB->get_columns($table)));
            }
            return array_filter($found);
        }
        [$in, $params] = $DB->get_in_or_equal($wanted, SQL_PARAMS_NAMED);
        $rows = $DB->get_recordset_sql("SELECT c.table_name AS tablename, c.column_name AS columnname
            FROM information_schema.columns c WHERE c.table_schema = $schema AND c.column_name $in", $params);
        $prefix = $DB->get_prefix();
        $tables = array_flip($DB->get_tables());
        foreach ($rows as $row) {
            $table = substr($row->tablename, strlen($prefix));
            if (str_starts_with($row->tablename, $prefix) && isset($tables[$table])) {
                $found[$table][] = $row->columnname;
            }
        }
        $rows->close();
        return $found;
    }

    /**
     * The page for people.
     *
     * @return string
     */
    private function page(): string {
        $say = fn(string $name): string => get_string("page_$name", 'archiver_assign');
        $body = '<p>' . $say('inventory_intro') . "</p>\n";
        $left = [];
        foreach ($this->left_out() as $one) {
            $left[] = [s(get_string("left_{$one['reason']}", 'archiver_assign')), (string) $one['number'],
                s(implode(', ', $one['places'])), s(get_string("because_{$one['reason']}", 'archiver_assign'))];
        }
        if (in_array('not understood', array_column($this->rows, 'state'), true)) {
            $body .= html::note($say('notunderstood'));
        }
        $body .= "<h2>{$say('leftout')}</h2>\n"
            . html::table([$say('what'), $say('number'), $say('places'), $say('because')], $left);
        $rows = [];
        foreach ($this->rows as $row) {
            if ($row['kind'] !== 'other') {
                $state = get_string('inventory_' . str_replace(' ', '', $row['state']), 'archiver_assign');
                $rows[] = [s($row['place']), (string) $row['found'], (string) $row['archived'], s($state),
                    s((string) $row['where'])];
            }
        }
        $body .= "<h2>{$say('inventory_all')}</h2>\n"
            . html::table([$say('places'), $say('found'), $say('archived'), $say('what_became'), $say('where')], $rows);
        $title = "{$say('inventory')}: {$this->subject->cm->name}";
        return html::page($title, $body, dossiers::links('../', 'inventory'));
    }
}
