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
 * What holds for single people or groups: state of marking, marker, extension, lock, other dates.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class circumstances {
    /** @var string[] Columns of the table of flags. */
    private const FLAGS = ['id', ...people::COLUMNS, 'workflowstate', 'allocatedmarker', 'extension', 'locked'];

    /** @var string[] Columns of the table of overrides. */
    private const OVERRIDES = ['id', ...people::COLUMNS, 'group', 'groupid', 'sortorder', 'from', 'due', 'cutoff', 'timelimit'];

    /** @var array<int, array> What holds for a person, by the id of the user. */
    private array $status = [];

    /**
     * The circumstances of an assignment.
     *
     * @param subject $subject
     * @param package $package
     */
    public function __construct(
        /** @var subject the assignment */
        private readonly subject $subject,
        /** @var package where they go */
        private readonly package $package,
    ) {
    }

    /**
     * Puts them in: the tables tables/flags and tables/overrides, and status.json for each person concerned.
     */
    public function collect(): void {
        $this->package->add_table('tables/flags', self::FLAGS, $this->flags());
        $this->package->add_table('tables/overrides', self::OVERRIDES, $this->overrides());
        foreach ($this->status as $userid => $status) {
            $owner = $this->subject->people->owner($userid);
            $said = ['person' => $this->subject->people->describe($userid)] + $status;
            $this->package->add_json('feedback/' . package::component($owner->name) . '/status.json', $said, $owner);
        }
    }

    /**
     * Flags of people.
     *
     * @return \Generator rows
     */
    private function flags(): \Generator {
        global $DB;
        [$where, $params] = $this->subject->of_user('f');
        $params['assign'] = $this->subject->assign->id;
        $from = "FROM {assign_user_flags} f WHERE f.assignment = :assign AND $where";
        $this->subject->people->load("SELECT DISTINCT f.allocatedmarker $from AND f.allocatedmarker > 0", $params);
        $rows = $DB->get_recordset_sql("SELECT f.* $from ORDER BY f.id", $params);
        foreach ($rows as $row) {
            $userid = (int) $row->userid;
            $said = [
                'workflowstate' => (string) $row->workflowstate ?: null,
                'allocatedmarker' => $this->subject->people->grader((int) $row->allocatedmarker) ?: null,
                'extension' => dates::iso($row->extensionduedate),
                'locked' => (bool) $row->locked,
            ];
            $this->status[$userid]['flags'] = $said;
            $this->package->count('flags', (int) $row->id);
            yield [(int) $row->id, ...$this->subject->people->row($userid), ...array_values($said)];
        }
        $rows->close();
    }

    /**
     * Overrides for people and groups.
     *
     * @return \Generator rows
     */
    private function overrides(): \Generator {
        global $DB;
        $members = $this->members();
        $rows = $DB->get_recordset('assign_overrides', ['assignid' => $this->subject->assign->id], 'id');
        foreach ($rows as $row) {
            $userid = (int) $row->userid;
            $groupid = (int) $row->groupid;
            $scope = $this->subject->scope;
            $mine = $userid ? $scope->is_all() || $scope->userid === $userid : $this->subject->teams->is_shown($groupid);
            if (!$mine) {
                continue;
            }
            $said = [
                'sortorder' => $row->sortorder === null ? null : (int) $row->sortorder,
                'from' => dates::iso($row->allowsubmissionsfromdate),
                'due' => dates::iso($row->duedate),
                'cutoff' => dates::iso($row->cutoffdate),
                'timelimit' => $row->timelimit === null ? null : (int) $row->timelimit,
            ];
            $group = $userid ? null : $this->subject->teams->label($groupid);
            foreach ($userid ? [$userid] : $members[$groupid] ?? [] as $member) {
                $this->status[$member]['overrides'][] = ['group' => $group] + $said;
            }
            $this->package->count('override', (int) $row->id);
            yield [(int) $row->id, ...$this->subject->people->row($userid), $group, $groupid ?: null, ...array_values($said)];
        }
        $rows->close();
    }

    /**
     * Members of the groups that have an override, and whose data is wanted.
     *
     * @return array<int, int[]> users by group
     */
    private function members(): array {
        global $DB;
        [$where, $params] = $this->subject->of_user('gm');
        $sql = "SELECT gm.id, gm.groupid, gm.userid FROM {groups_members} gm
                  JOIN {assign_overrides} o ON o.groupid = gm.groupid AND o.assignid = :assign WHERE $where";
        $params['assign'] = $this->subject->assign->id;
        $this->subject->people->load("SELECT DISTINCT m.userid FROM ($sql) m", $params);
        $members = [];
        foreach ($DB->get_records_sql("$sql ORDER BY gm.id", $params) as $row) {
            $members[(int) $row->groupid][] = (int) $row->userid;
        }
        return $members;
    }
}
