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
 * Walks through a recordset beside another one that has the same order, so that neither is in memory as a whole.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class cursor {
    /** @var \moodle_recordset The rows, ascending by the key. */
    private \moodle_recordset $rows;

    /**
     * A cursor before its first row.
     *
     * @param string $sql ordered by the key
     * @param array $params
     * @param string $key column of the key, an integer
     */
    public function __construct(
        string $sql,
        array $params,
        /** @var string column of the key */
        private readonly string $key,
    ) {
        global $DB;
        $this->rows = $DB->get_recordset_sql($sql, $params);
    }

    /**
     * A cursor over no rows, for a table that is not installed.
     *
     * @param string $table that must be there
     * @param string $sql
     * @param array $params
     * @param string $key
     * @return self|null
     */
    public static function if_installed(string $table, string $sql, array $params, string $key): ?self {
        return self::installed($table) ? new self($sql, $params, $key) : null;
    }

    /**
     * Whether a table is there: its plugin may have been removed.
     *
     * @param string $table
     * @return bool
     */
    public static function installed(string $table): bool {
        global $DB;
        return in_array($table, $DB->get_tables(), true);
    }

    /**
     * The rows of a key. Keys must be asked for in ascending order.
     *
     * @param int $id
     * @return \stdClass[]
     */
    public function take(int $id): array {
        $found = [];
        for (; $this->rows->valid(); $this->rows->next()) {
            $row = $this->rows->current();
            if ((int) $row->{$this->key} > $id) {
                break;
            }
            if ((int) $row->{$this->key} === $id) {
                $found[] = $row;
            }
        }
        return $found;
    }

    /**
     * All rows that were not taken yet.
     *
     * @return \Generator
     */
    public function rest(): \Generator {
        for (; $this->rows->valid(); $this->rows->next()) {
            yield $this->rows->current();
        }
    }

    /**
     * Frees the rows.
     */
    public function close(): void {
        $this->rows->close();
    }
}
