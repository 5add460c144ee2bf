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

use local_archivist\scope;

/**
 * The groups that matter to an assignment.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class teams {
    /** @var array<int, \stdClass> Groups by id. */
    private array $groups = [];

    /** @var array<int, string> Names in the archive. */
    private array $labels = [];

    /** @var int[]|null Groups of the one person; null: everybody's data. */
    private ?array $own = null;

    /** @var int[]|null Groups of the grouping that hands in; null: not looked up. */
    private ?array $grouping = null;

    /**
     * The groups of an assignment.
     *
     * @param \stdClass $assign row of assign
     * @param \cm_info $cm
     * @param scope $scope
     */
    public function __construct(
        /** @var \stdClass row of assign */
        private readonly \stdClass $assign,
        /** @var \cm_info its module */
        private readonly \cm_info $cm,
        /** @var scope whose data */
        private readonly scope $scope,
    ) {
        global $DB;
        $sql = 'SELECT g.id, g.name, g.idnumber, g.participation FROM {groups} g WHERE g.courseid = :course';
        $params = ['course' => $assign->course];
        $this->groups = $DB->get_records_sql("$sql ORDER BY g.id", $params);
        $count = array_count_values(array_map(fn($group) => \core_text::strtolower($this->plain($group)), $this->groups));
        foreach ($this->groups as $id => $group) {
            $plain = $this->plain($group);
            $this->labels[$id] = $count[\core_text::strtolower($plain)] > 1 ? "$plain (id $id)" : $plain;
        }
        if (!$scope->is_all()) {
            $members = $DB->get_fieldset_select('groups_members', 'groupid', 'userid = ?', [$scope->userid]);
            $this->own = array_map('intval', $members);
        }
    }

    /**
     * Name and id number, or the id where there is none.
     *
     * @param \stdClass $group
     * @return string
     */
    private function plain(\stdClass $group): string {
        return trim($group->name) . ' (' . (trim($group->idnumber) !== '' ? trim($group->idnumber) : "id {$group->id}") . ')';
    }

    /**
     * Whether groups have a say in the assignment, so that they belong into its archive.
     *
     * @return bool
     */
    public function matter(): bool {
        global $DB;
        return $this->assign->teamsubmission || $this->cm->effectivegroupmode != NOGROUPS
            || $DB->record_exists_select('assign_overrides', 'assignid = ? AND groupid IS NOT NULL', [$this->assign->id]);
    }

    /**
     * Whether a group may hand in, as groups and settings are today.
     *
     * @param int $groupid
     * @return bool
     */
    public function is_team(int $groupid): bool {
        global $DB;
        if (empty($this->groups[$groupid]->participation) || !$this->assign->teamsubmissiongroupingid) {
            return !empty($this->groups[$groupid]->participation);
        }
        $conditions = ['groupingid' => $this->assign->teamsubmissiongroupingid];
        $this->grouping ??= array_map('intval', $DB->get_fieldset('groupings_groups', 'groupid', $conditions));
        return in_array($groupid, $this->grouping, true);
    }

    /**
     * The group that hands in for somebody. Moodle's own function asks what the current user may see of groups.
     *
     * @param int[] $groups of the person
     * @return int|null 0: the group of those that are in none or in several; null: there is no team
     */
    public function team_of(array $groups): ?int {
        if (!$this->assign->teamsubmission) {
            return null;
        }
        $groups = array_filter($groups, [$this, 'is_team']);
        if (count($groups) === 1) {
            return reset($groups);
        }
        return $this->assign->preventsubmissionnotingroup ? null : 0;
    }

    /**
     * Whether a group may be told: all of them, or those of the one person.
     *
     * @param int $groupid
     * @return bool
     */
    public function is_shown(int $groupid): bool {
        return $this->own === null || in_array($groupid, $this->own, true);
    }

    /**
     * The name of a group in the archive.
     *
     * @param int $groupid 0: the group of those that are in none
     * @return string
     */
    public function label(int $groupid): string {
        if (!$groupid) {
            return get_string('defaultteam', 'assign');
        }
        return $this->labels[$groupid] ?? get_string('group_deleted', 'archiver_assign', $groupid);
    }

    /**
     * Memberships, as rows of a table. Since when people are in a group, and in which order they came, stands in Moodle's log
     * beside their names; so it is not told of hidden ones.
     *
     * @param people $people
     * @return \Generator rows: group, groupid, group's id number, then the person, then since when
     */
    public function rows(people $people): \Generator {
        global $DB;
        $sql = 'SELECT gm.id, gm.groupid, gm.userid, gm.timeadded FROM {groups_members} gm JOIN {groups} g ON g.id = gm.groupid
                 WHERE g.courseid = :course';
        $params = ['course' => $this->assign->course];
        if (!$this->scope->is_all()) {
            $sql .= ' AND gm.userid = :userid';
            $params['userid'] = $this->scope->userid;
        }
        $people->load("SELECT m.userid FROM ($sql) m", $params);
        $hidden = $seen = [];
        $rows = $DB->get_recordset_sql("$sql ORDER BY gm.groupid, gm.id", $params);
        foreach ($rows as $row) {
            $seen[(int) $row->groupid] = true;
            if ($people->is_hidden((int) $row->userid)) {
                $hidden[(int) $row->groupid][] = (int) $row->userid;
                continue;
            }
            yield [...$this->facts((int) $row->groupid), ...$people->row((int) $row->userid), dates::iso($row->timeadded)];
        }
        $rows->close();
        foreach ($hidden as $id => $members) {
            foreach ($people->sorted($members) as $userid) {
                yield [...$this->facts($id), ...$people->row($userid), null];
            }
        }
        foreach (array_diff_key($this->groups, $seen) as $id => $group) {
            if ($this->is_shown((int) $id)) {
                yield [...$this->facts((int) $id), ...$people->row(0), null];
            }
        }
    }

    /**
     * A group in a table.
     *
     * @param int $groupid
     * @return array group, groupid, idnumber
     */
    private function facts(int $groupid): array {
        return [$this->label($groupid), $groupid, $this->groups[$groupid]->idnumber ?? null];
    }
}
