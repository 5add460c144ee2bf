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
 * Keeps a night of failures from becoming hundreds of messages.
 *
 * Of what happens within an hour, each person is told the first few of a kind at once. The rest is held back, and told in
 * one summary when the first of it has waited for an hour. News are entered before they are told, so nothing is lost when
 * a process is killed; at worst something stands in a summary that was told already.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class notice_queue {
    /** @var int News of a kind that one person is told at once within the window. */
    public const AT_ONCE_MAX = 3;

    /** @var int Seconds of the window, and of the wait of a summary. */
    public const WINDOW = HOURSECS;

    /**
     * Enters news, held back for the time being.
     *
     * @param int $userid who is to be told
     * @param string $kind one of letter::*
     * @param int $jobid
     * @return int its id
     */
    public static function enter(int $userid, string $kind, int $jobid): int {
        global $DB;
        return (int) $DB->insert_record('local_archivist_notice', (object) [
            'userid' => $userid, 'kind' => $kind, 'jobid' => $jobid, 'held' => 1, 'timecreated' => job::now(),
        ]);
    }

    /**
     * Whether news may be told at once.
     *
     * @param int $id from enter()
     * @param int $userid
     * @param string $kind
     * @return bool false: they wait for the summary
     */
    public static function is_free(int $id, int $userid, string $kind): bool {
        global $DB;
        $select = 'userid = :userid AND kind = :kind AND timecreated > :since AND id <= :id';
        $params = ['userid' => $userid, 'kind' => $kind, 'since' => job::now() - self::WINDOW, 'id' => $id];
        return $DB->count_records_select('local_archivist_notice', $select, $params) <= self::AT_ONCE_MAX;
    }

    /**
     * News were told at once.
     *
     * @param int $id from enter()
     */
    public static function told(int $id): void {
        global $DB;
        $DB->set_field('local_archivist_notice', 'held', 0, ['id' => $id]);
    }

    /**
     * What has waited long enough, for each person and kind.
     *
     * @return \stdClass[] each with ->userid, ->kind, ->since (time of the first), ->last (the highest id) and ->number
     */
    public static function due(): array {
        global $DB;
        $sql = "SELECT MIN(id) AS id, userid, kind, MIN(timecreated) AS since, MAX(id) AS last, COUNT(id) AS number
                  FROM {local_archivist_notice}
                 WHERE held = 1
              GROUP BY userid, kind
                HAVING MIN(timecreated) <= :time
              ORDER BY MIN(id)";
        return array_values($DB->get_records_sql($sql, ['time' => job::now() - self::WINDOW]));
    }

    /**
     * How many jobs of each course a summary is about; those that were deleted meanwhile are in none.
     *
     * @param \stdClass $due out of due()
     * @return \stdClass[] each with ->courseid, ->coursename and ->number, the most first
     */
    public static function courses(\stdClass $due): array {
        global $DB;
        [$select, $params] = self::of($due);
        $sql = "SELECT j.courseid, MAX(j.coursename) AS coursename, COUNT(n.id) AS number
                  FROM {local_archivist_notice} n
                  JOIN {local_archivist_job} j ON j.id = n.jobid
                 WHERE $select
              GROUP BY j.courseid
              ORDER BY COUNT(n.id) DESC, j.courseid";
        return array_values($DB->get_records_sql($sql, $params));
    }

    /**
     * A summary was sent. What it told still counts as told within the last hour, so that a flood that goes on stays
     * held back.
     *
     * @param \stdClass $due out of due()
     */
    public static function summed_up(\stdClass $due): void {
        global $DB;
        [$select, $params] = self::of($due);
        $DB->execute("UPDATE {local_archivist_notice} n SET held = 0 WHERE $select", $params);
    }

    /**
     * Forgets what was told longer ago than the window, and what nobody is there for any more.
     */
    public static function prune(): void {
        global $DB;
        $before = job::now() - self::WINDOW;
        $DB->delete_records_select('local_archivist_notice', 'held = 0 AND timecreated <= ?', [$before]);
        $DB->delete_records_select('local_archivist_notice', 'userid NOT IN (SELECT id FROM {user} WHERE deleted = 0)');
    }

    /**
     * The condition for the news of a summary.
     *
     * @param \stdClass $due out of due()
     * @return array SQL on the table n, and parameters
     */
    private static function of(\stdClass $due): array {
        return ['n.userid = :userid AND n.kind = :kind AND n.held = 1 AND n.id <= :last', [
            'userid' => $due->userid, 'kind' => $due->kind, 'last' => $due->last,
        ]];
    }
}
