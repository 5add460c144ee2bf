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
 * Tables of submission and feedback types that the driver does not know, as they are: also of types that are disabled and
 * say nothing themselves any more.
 *
 * A table belongs to the assignment when one of its columns names the assignment, a submission or a grade, which its
 * plugin's install.xml or the name of the column tells.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class foreign_tables {
    /** @var array<string, string> What columns name. */
    private const EDGES = ['submission' => 'assign_submission', 'submissionid' => 'assign_submission', 'grade' => 'assign_grades',
        'gradeid' => 'assign_grades', 'assignment' => 'assign', 'assignmentid' => 'assign', 'assignid' => 'assign'];

    /** @var string Columns whose values open something. */
    private const SECRET = '~password|secret|token|apikey|sesskey|salt~i';

    /** @var string Columns with ids of users. */
    private const USERS = '~^(userid|user|usermodified|usercreated|grader|graderid|author|authorid|creatorid|markerid)$~i';

    /**
     * The tables of an assignment.
     *
     * @param subject $subject
     */
    public function __construct(
        /** @var subject the assignment */
        private readonly subject $subject,
    ) {
    }

    /**
     * The tables with the column that leads to the assignment.
     *
     * @return array<string, array{string, string}> column and the table it names, by table
     */
    public function edges(): array {
        global $DB, $CFG;
        $found = [];
        $installed = array_flip($DB->get_tables());
        foreach (['assignsubmission', 'assignfeedback'] as $type) {
            foreach (\core_component::get_plugin_list($type) as $name => $folder) {
                $path = "$folder/db/install.xml";
                if (in_array("{$type}_$name", plugins::KNOWN, true) || !is_file($path)) {
                    continue;
                }
                require_once($CFG->libdir . '/ddllib.php');
                $file = new \xmldb_file($path);
                if (!$file->loadXMLStructure()) {
                    continue;
                }
                foreach ($file->getStructure()->getTables() as $table) {
                    $edge = isset($installed[$table->getName()]) ? self::edge($table) : null;
                    if ($edge) {
                        $found[$table->getName()] = $edge;
                    }
                }
            }
        }
        return $found;
    }

    /**
     * The column that leads from a table to the assignment.
     *
     * @param \xmldb_table $table
     * @return array{string, string}|null the nearest to a person
     */
    private static function edge(\xmldb_table $table): ?array {
        global $DB;
        $columns = array_keys($DB->get_columns($table->getName()));
        $edges = [];
        foreach ($table->getKeys() as $key) {
            $fields = $key->getFields();
            if (count($fields) === 1 && in_array($key->getRefTable(), self::EDGES, true)) {
                $edges[$key->getRefTable()] = $fields[0];
            }
        }
        foreach (self::EDGES as $column => $to) {
            if (in_array($column, $columns, true)) {
                $edges[$to] ??= $column;
            }
        }
        foreach (['assign_submission', 'assign_grades', 'assign'] as $to) {
            if (isset($edges[$to]) && in_array($edges[$to], $columns, true)) {
                return [$edges[$to], $to];
            }
        }
        return null;
    }

    /**
     * Puts them in.
     *
     * @param package $package
     * @return array<string, int> numbers of rows by table
     */
    public function collect(package $package): array {
        global $DB;
        $counts = [];
        foreach ($this->edges() as $table => [$column, $to]) {
            if ($to === 'assign' && !$this->subject->scope->is_all()) {
                continue; // Nothing tells whose it is.
            }
            $header = array_keys($DB->get_columns($table));
            $keys = array_map(fn(string $name): string => $name === 'key' ? 'key_' : $name, $header);
            $rows = $this->rows($package, $table, $column, $to, $header);
            $counts[$table] = $package->add_table("tables/$table", ['key', ...$keys], $rows);
        }
        return $counts;
    }

    /**
     * The rows of a table.
     *
     * @param package $package
     * @param string $table
     * @param string $column
     * @param string $to
     * @param string[] $header
     * @return \Generator
     */
    private function rows(package $package, string $table, string $column, string $to, array $header): \Generator {
        global $DB;
        $params = ['assign' => $this->subject->assign->id];
        if ($to === 'assign') {
            $sql = "SELECT t.* FROM {{$table}} t WHERE t.$column = :assign ORDER BY t.id";
        } else {
            [$where, $more] = $to === 'assign_submission' ? $this->subject->of_submission('p') : $this->subject->of_user('p');
            $params += $more;
            $team = $to === 'assign_submission' ? ', p.groupid AS archivist_group, p.status AS archivist_status,
                p.timemodified AS archivist_time' : '';
            $sql = "SELECT t.*, p.userid AS archivist_user $team FROM {{$table}} t JOIN {{$to}} p ON p.id = t.$column
                     WHERE p.assignment = :assign AND $where ORDER BY t.id";
        }
        $rows = $DB->get_recordset_sql($sql, $params);
        foreach ($rows as $row) {
            $owner = isset($row->archivist_user) ? $this->subject->owner((object) [
                'userid' => $row->archivist_user, 'groupid' => $row->archivist_group ?? 0,
                'status' => $row->archivist_status ?? '', 'timemodified' => $row->archivist_time ?? 0,
            ]) : null;
            $values = [];
            foreach ($header as $name) {
                $values[] = match (true) {
                    (bool) preg_match(self::SECRET, $name) && (string) $row->$name !== '' => '(left out)',
                    (bool) preg_match(self::USERS, $name) && is_numeric($row->$name)
                        && $this->subject->people->is_hidden((int) $row->$name) => null,
                    default => $row->$name,
                };
            }
            $package->count("row of $table", (int) $row->id);
            yield [$owner ? implode(' ', $owner->persons) : null, ...$values];
        }
        $rows->close();
    }
}
