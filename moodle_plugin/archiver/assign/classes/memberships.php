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
 * Who was in which group at a point in time.
 *
 * Moodle's tables know only who is in a group now, and since when. Who left stands in the log alone; so what this says of
 * times before the log begins is what can be told from the members of today.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class memberships {
    /** @var array<int, array<int, int>> Since when, by user and group: members of today. */
    private array $now = [];

    /** @var array<int, array<int, array{int, bool}[]>> When somebody came or went, by user and group, the newest first. */
    private array $changes = [];

    /** @var array<int, int> When groups were deleted: Moodle's log does not say that their members left. */
    private array $deleted = [];

    /** @var array<int, array<int, true>>|null Who is or was in a group; null: not gathered. */
    private ?array $people = null;

    /**
     * The memberships in the groups of a course.
     *
     * @param int $courseid
     */
    public function __construct(
        int $courseid,
    ) {
        global $DB;
        $rows = $DB->get_recordset_sql('SELECT gm.id, gm.userid, gm.groupid, gm.timeadded FROM {groups_members} gm
            JOIN {groups} g ON g.id = gm.groupid WHERE g.courseid = :course ORDER BY gm.id', ['course' => $courseid]);
        foreach ($rows as $row) {
            $this->now[(int) $row->userid][(int) $row->groupid] = (int) $row->timeadded;
        }
        $rows->close();
        if (!cursor::installed('logstore_standard_log')) {
            return;
        }
        $rows = $DB->get_recordset_sql(
            "SELECT l.id, l.action, l.objectid, l.relateduserid, l.timecreated FROM {logstore_standard_log} l
              WHERE l.contextid = :context AND l.component = 'core'
                    AND (l.target = 'group_member' OR (l.target = 'group' AND l.action = 'deleted'))
           ORDER BY l.timecreated DESC, l.id DESC",
            ['context' => \context_course::instance($courseid)->id],
        );
        foreach ($rows as $row) {
            if ($row->action === 'deleted') {
                $this->deleted[(int) $row->objectid] = (int) $row->timecreated;
                continue;
            }
            $change = [(int) $row->timecreated, $row->action === 'added'];
            $this->changes[(int) $row->relateduserid][(int) $row->objectid][] = $change;
        }
        $rows->close();
    }

    /**
     * The groups of somebody.
     *
     * @param int $userid
     * @param int|null $time null: now
     * @return int[] ids
     */
    public function of(int $userid, ?int $time = null): array {
        $groups = $this->now[$userid] ?? [];
        if ($time !== null) {
            $groups = array_filter($groups, fn(int $since): bool => $since <= $time);
            foreach ($this->changes[$userid] ?? [] as $groupid => $changes) {
                unset($groups[$groupid]);
                $lost = $changes[0][1] && $time < ($this->deleted[$groupid] ?? PHP_INT_MAX); // Nothing says that they left.
                $member = isset($this->now[$userid][$groupid]) || $lost;
                foreach ($changes as [$when, $came]) { // Back from today.
                    if ($when <= $time) {
                        break;
                    }
                    $member = !$came;
                }
                if ($member) {
                    $groups[$groupid] = 0;
                }
            }
        }
        $ids = array_keys($groups);
        sort($ids);
        return $ids;
    }

    /**
     * Everybody who is in a group, or was.
     *
     * @param int $groupid
     * @return int[] ids of users, sorted
     */
    public function people_of(int $groupid): array {
        if ($this->people === null) {
            $this->people = [];
            foreach ([$this->now, $this->changes] as $table) {
                foreach ($table as $userid => $groups) {
                    foreach (array_keys($groups) as $group) {
                        $this->people[$group][$userid] = true;
                    }
                }
            }
        }
        $ids = array_keys($this->people[$groupid] ?? []);
        sort($ids);
        return $ids;
    }

    /**
     * The groups that somebody is in, or was.
     *
     * @param int $userid
     * @return int[] ids
     */
    public function ever_of(int $userid): array {
        return array_keys(($this->now[$userid] ?? []) + ($this->changes[$userid] ?? []));
    }
}
