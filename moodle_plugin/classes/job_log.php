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
 * Reads the logs of jobs. The ids give the order: several records of one second are the rule.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class job_log {
    /** @var string[] Names of the levels for machines; the numbers are the engine's. */
    public const LEVELS = ['debug', 'info', 'notice', 'warning', 'error'];

    /** @var int From this level on something went wrong. */
    public const WARNING = 3;

    /**
     * How many records there are.
     *
     * @param job $job
     * @param int $level the least level
     * @return int
     */
    public static function count(job $job, int $level = 0): int {
        global $DB;
        return $DB->count_records_select('local_archivist_log', ...self::where($job, $level));
    }

    /**
     * Some of the records.
     *
     * @param job $job
     * @param int $level the least level
     * @param int $page from 0
     * @param int $perpage
     * @param bool $newestfirst
     * @return \stdClass[] rows of local_archivist_log
     */
    public static function page(job $job, int $level, int $page, int $perpage, bool $newestfirst = true): array {
        global $DB;
        [$select, $params] = self::where($job, $level);
        $order = $newestfirst ? 'id DESC' : 'id';
        $from = $page * $perpage;
        return array_values($DB->get_records_select('local_archivist_log', $select, $params, $order, '*', $from, $perpage));
    }

    /**
     * All records, the oldest first, without holding them in memory.
     *
     * @param job $job
     * @param int $level the least level
     * @return \Generator<\stdClass> rows of local_archivist_log
     */
    public static function each(job $job, int $level = 0): \Generator {
        global $DB;
        [$select, $params] = self::where($job, $level);
        $rows = $DB->get_recordset_select('local_archivist_log', $select, $params, 'id');
        try {
            yield from $rows;
        } finally {
            $rows->close();
        }
    }

    /**
     * The newest warning or error.
     *
     * @param job $job
     * @return \stdClass|null row of local_archivist_log
     */
    public static function newest_problem(job $job): ?\stdClass {
        return self::page($job, self::WARNING, 0, 1)[0] ?? null;
    }

    /**
     * A record for machines.
     *
     * @param \stdClass $row row of local_archivist_log
     * @return array{time: string, level: string, source: string, message: string}
     */
    public static function export(\stdClass $row): array {
        return [
            'time' => gmdate('Y-m-d\TH:i:s\Z', (int) $row->timecreated),
            'level' => self::LEVELS[(int) $row->level] ?? (string) $row->level,
            'source' => $row->source,
            'message' => $row->message,
        ];
    }

    /**
     * The condition.
     *
     * @param job $job
     * @param int $level the least level
     * @return array SQL and parameters
     */
    private static function where(job $job, int $level): array {
        // Levels beyond these need not fit into the database's column.
        $level = min(max(0, $level), count(self::LEVELS));
        return ['jobid = :jobid AND level >= :level', ['jobid' => $job->id(), 'level' => $level]];
    }
}
