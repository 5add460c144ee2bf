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
 * Who handed in with whom: the members of a team when it handed in, which are not always those of today.
 *
 * A group that handed in was a team, whatever became of it: it may be deleted, or the assignment may ask other groups now.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class teamwork {
    /** @var memberships Groups of people. */
    public readonly memberships $memberships;

    /** @var \stdClass[]|null Submissions of teams; null: not read. */
    private ?array $rows = null;

    /** @var int[]|null Groups that handed in and may not do so any more; null: not gathered. */
    private ?array $former = null;

    /** @var array<int, int[]> Members by the id of the submission. */
    private array $members = [];

    /**
     * The teams of an assignment.
     *
     * @param subject $subject
     */
    public function __construct(
        /** @var subject the assignment */
        private readonly subject $subject,
    ) {
        $this->memberships = new memberships((int) $subject->assign->course);
    }

    /**
     * The submissions of teams.
     *
     * @return \stdClass[] id, userid, groupid, status and timemodified of rows of assign_submission
     */
    private function rows(): array {
        global $DB;
        $conditions = ['assignment' => $this->subject->assign->id, 'userid' => 0];
        $fields = 'id, userid, groupid, status, timemodified';
        return $this->rows ??= $DB->get_records('assign_submission', $conditions, 'id', $fields);
    }

    /**
     * The people for whom something was handed in, at that time.
     *
     * @param \stdClass $row of assign_submission
     * @return int[] ids of users, in the scope
     */
    public function members(\stdClass $row): array {
        if ((int) $row->userid) {
            return [(int) $row->userid];
        }
        return $this->members[(int) $row->id] ??= $this->in_scope($this->members_then($row));
    }

    /**
     * The members of a team when it handed in. Before it hands in, they are those of today. Somebody handed in: where nobody
     * can be told to have been in it then, as in a course that was restored, today's members stand for them.
     *
     * @param \stdClass $row of assign_submission
     * @return int[] ids of users
     */
    private function members_then(\stdClass $row): array {
        $groupid = (int) $row->groupid;
        $is = !$groupid || $this->subject->teams->is_team($groupid);
        if ($row->status !== 'submitted' && $is) {
            return $this->among($groupid, null);
        }
        $then = $this->among($groupid, (int) $row->timemodified);
        if ($then || !$groupid) {
            return $then;
        }
        $in = fn(int $id): bool => in_array($groupid, $this->memberships->of($id), true);
        return $is ? $this->among($groupid, null) : array_filter($this->memberships->people_of($groupid), $in);
    }

    /**
     * The members of a team now.
     *
     * @param int $groupid 0: the team of those that are in none or in several
     * @return int[] ids of users, in the scope
     */
    public function members_now(int $groupid): array {
        return $this->in_scope($this->among($groupid, null));
    }

    /**
     * The members of a team at some time.
     *
     * @param int $groupid
     * @param int|null $time null: now
     * @return int[] ids of users
     */
    private function among(int $groupid, ?int $time): array {
        $among = match (true) {
            $groupid > 0 => $this->memberships->people_of($groupid),
            $this->subject->scope->is_all() => $this->subject->people->participants(),
            default => [$this->subject->scope->userid],
        };
        return array_filter($among, function (int $id) use ($groupid, $time): bool {
            $groups = $this->memberships->of($id, $time);
            return ($time === null ? $this->subject->teams->team_of($groups) : $this->team_then($groups)) === $groupid;
        });
    }

    /**
     * The team of somebody at the time of a submission.
     *
     * @param int[] $groups of the person, then
     * @return int|null as teams::team_of()
     */
    private function team_then(array $groups): ?int {
        $handed = fn(): array => array_filter(array_map('intval', array_unique(array_column($this->rows(), 'groupid'))));
        $this->former ??= array_filter($handed(), fn(int $id): bool => !$this->subject->teams->is_team($id));
        $former = array_intersect($groups, $this->former);
        return count($former) === 1 ? reset($former) : $this->subject->teams->team_of($groups);
    }

    /**
     * Those of some people whose data is wanted, in the order of tables.
     *
     * @param int[] $ids of users
     * @return int[]
     */
    private function in_scope(array $ids): array {
        $scope = $this->subject->scope;
        return $this->subject->people->sorted($scope->is_all() ? $ids : array_intersect($ids, [$scope->userid]));
    }

    /**
     * What teams handed in for somebody.
     *
     * @param int $userid
     * @return int[] ids of rows of assign_submission
     */
    public function submissions_of(int $userid): array {
        $theirs = array_filter($this->rows(), fn(\stdClass $row): bool => in_array($userid, $this->members($row), true));
        return array_map('intval', array_column($theirs, 'id'));
    }
}
