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
 * plugin's install.xml or the name of the column tells; or when a foreign key in install.xml leads to such a table, over
 * however many others.
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

    /** @var \xmldb_structure[]|null What a test wants to be declared. */
    private static ?array $structures = null;

    /** @var array|null What was found, as of links(). */
    private ?array $links = null;

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
     * Takes these declarations instead of those of the installed types.
     *
     * @param \xmldb_structure[]|null $structures null: those of the installed types
     */
    public static function set_structures_for_test(?array $structures): void {
        self::$structures = $structures;
    }

    /**
     * The tables with the way that leads to the assignment.
     *
     * @return array<string, array{string, string, array<int, array{string, string}>}> by table: a column, the table it names,
     *     and over which tables one gets to that column: a column, and the table whose id it is
     */
    public function edges(): array {
        return $this->links()[0];
    }

    /**
     * Tables with rows that say neither to which assignment these belong nor to which row of another table.
     *
     * @return string[]
     */
    public function unlinked(): array {
        global $DB;
        return array_values(array_filter($this->links()[1], fn(string $table): bool => $DB->record_exists($table, [])));
    }

    /**
     * What can be reached from the assignment, and what cannot.
     *
     * @return array{array<string, array>, string[]} as edges(), and tables
     */
    private function links(): array {
        global $DB;
        if ($this->links !== null) {
            return $this->links;
        }
        $installed = array_flip($DB->get_tables());
        $found = $other = [];
        foreach (self::$structures ?? self::structures() as $structure) {
            $tables = array_filter($structure->getTables(), fn($table): bool => isset($installed[$table->getName()]));
            $linked = [];
            do {
                $before = count($linked);
                foreach ($tables as $table) {
                    $link = isset($linked[$table->getName()]) ? null : self::link($table, $linked);
                    $linked += $link ? [$table->getName() => $link] : [];
                }
            } while (count($linked) > $before);
            $found += $linked;
            $names = array_map(fn(\xmldb_table $table): string => $table->getName(), array_values($tables));
            array_push($other, ...array_diff($names, array_keys($linked)));
        }
        return $this->links = [$found, $other];
    }

    /**
     * What the types declare that the driver does not know.
     *
     * @return \xmldb_structure[]
     */
    private static function structures(): array {
        global $CFG;
        $found = [];
        foreach (['assignsubmission', 'assignfeedback'] as $type) {
            foreach (\core_component::get_plugin_list($type) as $name => $folder) {
                $path = "$folder/db/install.xml";
                if (in_array("{$type}_$name", plugins::KNOWN, true) || !is_file($path)) {
                    continue;
                }
                require_once($CFG->libdir . '/ddllib.php');
                $file = new \xmldb_file($path);
                if ($file->loadXMLStructure()) {
                    $found[] = $file->getStructure();
                }
            }
        }
        return $found;
    }

    /**
     * The way from a table to the assignment: by a column of its own, or by that of a table of which it names a row.
     *
     * @param \xmldb_table $table
     * @param array<string, array> $linked the ways that are known, as edges()
     * @return array|null as edges(); null: there is none yet
     */
    private static function link(\xmldb_table $table, array $linked): ?array {
        global $DB;
        $edge = self::edge($table);
        if ($edge) {
            return [...$edge, []];
        }
        foreach ($table->getKeys() as $key) {
            [$fields, $to] = [$key->getFields(), $key->getRefTable()];
            $is = count($fields) === 1 && isset($linked[$to]) && $key->getRefFields() === ['id'];
            if ($is && array_key_exists($fields[0], $DB->get_columns($table->getName()))) {
                [$column, $named, $over] = $linked[$to];
                return [$column, $named, [[$fields[0], $to], ...$over]];
            }
        }
        return null;
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
        foreach ($this->edges() as $table => [$column, $to, $over]) {
            if ($to === 'assign' && !$this->subject->scope->is_all()) {
                continue; // Nothing tells whose it is.
            }
            $header = array_keys($DB->get_columns($table));
            $keys = array_map(fn(string $name): string => $name === 'key' ? 'key_' : $name, $header);
            $rows = $this->rows($package, $table, $column, $to, $over, $header);
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
     * @param array<int, array{string, string}> $over as of edges()
     * @param string[] $header
     * @return \Generator
     */
    private function rows(
        package $package,
        string $table,
        string $column,
        string $to,
        array $over,
        array $header,
    ): \Generator {
        global $DB;
        $params = ['assign' => $this->subject->assign->id];
        [$from, $last] = ["{{$table}} t", 't'];
        foreach ($over as $i => [$reference, $parent]) {
            $from .= " JOIN {{$parent}} v$i ON v$i.id = $last.$reference";
            $last = "v$i";
        }
        if ($to === 'assign') {
            $sql = "SELECT t.* FROM $from WHERE $last.$column = :assign ORDER BY t.id";
        } else {
            [$where, $more] = $to === 'assign_submission' ? $this->subject->of_submission('p') : $this->subject->of_user('p');
            $params += $more;
            $team = $to === 'assign_submission' ? ', p.groupid AS archivist_group, p.status AS archivist_status,
                p.timemodified AS archivist_time' : '';
            $sql = "SELECT t.*, p.userid AS archivist_user $team FROM $from JOIN {{$to}} p ON p.id = $last.$column
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
