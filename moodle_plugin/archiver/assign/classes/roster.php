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
 * Everybody who was enrolled or took part: in which role and state, in which groups, until when they could hand in, when
 * they did, and what came of it. Also those who handed in nothing.
 *
 * Each table is read once. What is kept in memory is some numbers for each person.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class roster {
    /** @var string[] Columns of the table of people, without those of the profile. */
    public const COLUMNS = [...people::COLUMNS, 'part', 'account', 'status', 'enrolments', 'roles', 'groups', 'team',
        'groupsthen', 'teamthen', 'opens', 'duedate', 'override', 'extension', 'due', 'cutoff', 'timelimit', 'submission',
        'attempt', 'submitted', 'late', 'overtime', 'workflow', 'released', 'grade', 'grademax',
        'gradetext', 'letter', 'page'];

    /** @var string[] Columns of the table of enrolments. */
    public const ENROLMENTS = ['id', ...people::COLUMNS, 'method', 'methodname', 'status', 'begins', 'ends', 'created'];

    /** @var string[] Columns of the table of teams. */
    public const TEAMS = ['submissionid', 'attempt', 'group', 'groupid', ...people::COLUMNS, 'submitted', 'then', 'now'];

    /** @var memberships Groups. */
    public readonly memberships $memberships;

    /** @var array<int, string[]> States of enrolments by user. */
    private array $enrolled = [];

    /** @var array<int, string[]> Names of roles by user. */
    private array $roles = [];

    /** @var array<int, \stdClass> Flags by user. */
    private array $flags = [];

    /** @var array<string, \stdClass> Overrides, by "u" or "g" and the id. */
    private array $overrides = [];

    /** @var array<string, \stdClass> The submission that counts, by "u" or "g" and the id. */
    private array $submissions = [];

    /** @var gradebook Grades in the gradebook. */
    private gradebook $gradebook;

    /** @var array<int, array<string, string>> Fields of the profile, by user. */
    private array $profile = [];

    /** @var int[]|null Everybody, in the order of the table; null: not gathered. */
    private ?array $everybody = null;

    /** @var array<int, true>|null Who takes part. */
    private ?array $part = null;

    /**
     * The people of an assignment.
     *
     * @param subject $subject
     */
    public function __construct(
        /** @var subject the assignment */
        private readonly subject $subject,
    ) {
        $this->memberships = $subject->teamwork()->memberships;
        $assign = $subject->assign;
        $this->gradebook = new gradebook($subject);
        foreach ($this->enrolments() as $row) {
            $this->enrolled[(int) $row->userid][] = self::enrolment_status($row);
        }
        $this->load_roles();
        [$where, $params] = $subject->of_user('t');
        $params['assign'] = $assign->id;
        foreach ($this->rows("SELECT t.* FROM {assign_user_flags} t WHERE t.assignment = :assign AND $where", $params) as $row) {
            $this->flags[(int) $row->userid] = $row;
        }
        $sql = 'SELECT t.* FROM {assign_overrides} t WHERE t.assignid = :assign ORDER BY t.sortorder DESC, t.id DESC';
        foreach ($this->rows($sql, ['assign' => $assign->id]) as $row) {
            $this->overrides[$row->userid ? "u{$row->userid}" : "g{$row->groupid}"] = $row;
        }
        [$where, $params] = $subject->of_submission('t');
        $sql = "SELECT t.* FROM {assign_submission} t WHERE t.assignment = :assign AND $where ORDER BY t.attemptnumber, t.id";
        foreach ($this->rows($sql, $params + ['assign' => $assign->id]) as $row) {
            $key = (int) $row->userid ? "u{$row->userid}" : "g{$row->groupid}";
            $before = $this->submissions[$key]->status ?? null;
            if ($row->status === 'submitted' || $before !== 'submitted') {
                $this->submissions[$key] = $row; // The newest one that was handed in, else the newest one.
            }
        }
        $this->load_profile();
    }

    /**
     * The rows of a query, one by one.
     *
     * @param string $sql
     * @param array $params
     * @return \Generator
     */
    private function rows(string $sql, array $params): \Generator {
        global $DB;
        $rows = $DB->get_recordset_sql($sql, $params);
        foreach ($rows as $row) {
            yield $row;
        }
        $rows->close();
    }

    /**
     * The enrolments of the course.
     *
     * @return \Generator
     */
    private function enrolments(): \Generator {
        [$where, $params] = $this->subject->of_user('ue');
        $from = "FROM {user_enrolments} ue JOIN {enrol} e ON e.id = ue.enrolid WHERE e.courseid = :course AND $where";
        $params['course'] = $this->subject->assign->course;
        $this->subject->people->load("SELECT DISTINCT ue.userid $from", $params);
        yield from $this->rows("SELECT ue.id, ue.userid, ue.status, ue.timestart, ue.timeend, ue.timecreated, e.enrol, e.name,
            e.status AS methodstatus $from ORDER BY ue.id", $params);
    }

    /**
     * The state of an enrolment.
     *
     * @param \stdClass $row
     * @return string
     */
    private static function enrolment_status(\stdClass $row): string {
        return match (true) {
            (int) $row->status === ENROL_USER_SUSPENDED => 'suspended',
            (int) $row->methodstatus !== ENROL_INSTANCE_ENABLED => 'method disabled',
            $row->timestart > time() => 'not begun',
            $row->timeend && $row->timeend < time() => 'ended',
            default => 'active',
        } . " ({$row->enrol})";
    }

    /**
     * Roles in the course and in the activity.
     */
    private function load_roles(): void {
        global $DB;
        $course = \context_course::instance($this->subject->assign->course);
        $names = role_fix_names(get_all_roles($course), $course, ROLENAME_BOTH, true);
        [$in, $params] = $DB->get_in_or_equal([$course->id, $this->subject->context->id], SQL_PARAMS_NAMED);
        [$where, $more] = $this->subject->of_user('ra');
        $from = "FROM {role_assignments} ra WHERE ra.contextid $in AND $where";
        $this->subject->people->load("SELECT DISTINCT ra.userid $from", $params + $more);
        foreach ($this->rows("SELECT ra.id, ra.userid, ra.roleid $from ORDER BY ra.id", $params + $more) as $row) {
            $this->roles[(int) $row->userid][(int) $row->roleid] = $names[$row->roleid] ?? "#{$row->roleid}";
        }
    }

    /**
     * The fields of the profile that the administrator chose.
     *
     * @return string[] names of columns of the table of users, or of fields that the site made, after "profile_field_"
     */
    public static function fields(): array {
        return array_values(array_filter(explode(',', (string) get_config('local_archivist', 'profilefields'))));
    }

    /**
     * Loads them.
     */
    private function load_profile(): void {
        global $DB;
        $fields = self::fields();
        $columns = array_intersect($fields, array_keys($DB->get_columns('user')));
        $made = array_map(fn($name) => substr($name, strlen('profile_field_')), array_diff($fields, $columns));
        foreach ($fields ? array_chunk($this->everybody(), 1000) : [] as $ids) {
            [$in, $params] = $DB->get_in_or_equal($ids, SQL_PARAMS_NAMED);
            if ($columns) {
                $list = implode(', ', array_map(fn($name) => "u.$name", $columns));
                foreach ($this->rows("SELECT u.id AS userid, $list FROM {user} u WHERE u.id $in", $params) as $row) {
                    $this->profile[(int) $row->userid] = (array) $row;
                }
            }
            if ($made) {
                [$named, $more] = $DB->get_in_or_equal($made, SQL_PARAMS_NAMED);
                $sql = "SELECT d.id, d.userid, f.shortname, d.data FROM {user_info_data} d
                          JOIN {user_info_field} f ON f.id = d.fieldid WHERE f.shortname $named AND d.userid $in";
                foreach ($this->rows($sql, $params + $more) as $row) {
                    $this->profile[(int) $row->userid]["profile_field_{$row->shortname}"] = $row->data;
                }
            }
        }
    }

    /**
     * Everybody who is in the table of people, in its order.
     *
     * @return int[] ids of users
     */
    public function everybody(): array {
        $scope = $this->subject->scope;
        if (!$scope->is_all()) {
            return [$scope->userid];
        }
        $all = fn(): array => array_fill_keys([...$this->subject->people->participants(), ...$this->gradebook->users()], true)
            + $this->enrolled + $this->roles;
        return $this->everybody ??= $this->subject->people->sorted(array_keys($all()));
    }

    /**
     * Everybody who takes part.
     *
     * @return int[] ids of users
     */
    public function participants(): array {
        return array_values(array_filter($this->everybody(), fn(int $id): bool => $this->takes_part($id)));
    }

    /**
     * Whether somebody takes part.
     *
     * @param int $userid
     * @return bool
     */
    private function takes_part(int $userid): bool {
        $this->part ??= array_fill_keys($this->subject->people->participants(), true);
        return isset($this->part[$userid]) || !$this->subject->scope->is_all();
    }

    /**
     * Why somebody may not see their grade and what was said about their work. Moodle shows neither before the workflow
     * releases them and while the grade is hidden, and puts no grade into the gradebook while marking is blind.
     *
     * @param int $userid
     * @return string|null workflow, hidden or blind; null: they may see both
     */
    public function unreleased(int $userid): ?string {
        $assign = $this->subject->assign;
        return match (true) {
            $assign->markingworkflow && $this->workflow($userid) !== 'released' => 'workflow',
            (int) $assign->grade === GRADE_TYPE_NONE => null,
            $this->gradebook->is_hidden($userid) => 'hidden',
            people::is_blind($assign) && !$this->gradebook->has_grade($userid) => 'blind',
            default => null,
        };
    }

    /**
     * The state of marking.
     *
     * @param int $userid
     * @return string|null null: there is no marking workflow
     */
    public function workflow(int $userid): ?string {
        $state = (string) ($this->flags[$userid]->workflowstate ?? '') ?: 'notmarked';
        return $this->subject->assign->markingworkflow ? $state : null;
    }

    /**
     * The dates that hold for somebody, as Moodle puts them together: an override for the person, else that of the group
     * that comes first, else the assignment's own; an extension goes before all of them.
     *
     * @param int $userid
     * @return array{opens: int, duedate: int, cutoff: int, timelimit: int, extension: int, due: int, override: string|null}
     */
    public function dates_of(int $userid): array {
        $assign = $this->subject->assign;
        $override = $this->overrides["u$userid"] ?? null;
        $named = $override ? '' : null;
        if (!$override) {
            foreach ($this->memberships->of($userid) as $groupid) {
                $one = $this->overrides["g$groupid"] ?? null;
                if ($one && (!$override || (int) $one->sortorder < (int) $override->sortorder)) {
                    $override = $one;
                    $named = $this->subject->teams->label($groupid);
                }
            }
        }
        $date = fn(string $column): int => (int) ($override->$column ?? $assign->$column ?? 0);
        $extension = (int) ($this->flags[$userid]->extensionduedate ?? 0);
        return [
            'opens' => $date('allowsubmissionsfromdate'),
            'duedate' => (int) $assign->duedate,
            'cutoff' => $date('cutoffdate'),
            'timelimit' => $date('timelimit'),
            'extension' => $extension,
            'due' => $extension ?: $date('duedate'),
            'override' => $named === '' ? 'person' : $named,
        ];
    }

    /**
     * The submission that counts for somebody: their own, or the team's.
     *
     * @param int $userid
     * @return array{\stdClass|null, int|null} row of assign_submission, and the team that holds when it was handed in
     */
    public function submission_of(int $userid): array {
        if (!$this->subject->assign->teamsubmission) {
            return [$this->submissions["u$userid"] ?? null, null];
        }
        $found = null;
        foreach ([...$this->memberships->ever_of($userid), 0] as $groupid) { // Of several the one that handed in last.
            $row = $this->submissions["g$groupid"] ?? null;
            $newer = $row && $row->status === 'submitted' && (int) $row->timemodified > (int) ($found->timemodified ?? -1);
            if ($newer && in_array($userid, $this->subject->teamwork()->members($row), true)) {
                $found = $row;
            }
        }
        if ($found) {
            return [$found, (int) $found->groupid];
        }
        $team = $this->subject->teams->team_of($this->memberships->of($userid));
        $row = $team === null ? null : $this->submissions["g$team"] ?? null;
        return [$row && $row->status !== 'submitted' ? $row : null, null]; // What a team handed in without them is not theirs.
    }

    /**
     * Puts the tables in.
     *
     * @param package $package
     * @param callable $page function (int $userid): ?string, where somebody's page is
     */
    public function collect(package $package, callable $page): void {
        $package->add_persons($this->everybody());
        $rows = function () use ($page): \Generator {
            foreach ($this->everybody() as $id) {
                yield $this->row($id, $page($id));
            }
        };
        $package->add_table('tables/people', [...self::COLUMNS, ...self::fields()], $rows());
        $package->add_table('tables/enrolments', self::ENROLMENTS, $this->enrolment_rows($package));
        if ($this->subject->assign->teamsubmission) {
            $package->add_table('tables/teams', self::TEAMS, $this->team_rows());
        }
    }

    /**
     * A person in the table of people.
     *
     * @param int $id
     * @param string|null $page
     * @return array
     */
    private function row(int $id, ?string $page): array {
        $facts = $this->facts($id);
        $profile = $this->subject->people->is_hidden($id) ? [] : $this->profile[$id] ?? [];
        $iso = fn(string $name) => dates::iso($facts[$name]);
        return [
            ...$this->subject->people->row($id),
            ...[$facts['part'], $this->subject->people->account($id), $facts['status'], implode('; ', $facts['enrolments'])],
            ...[implode('; ', $facts['roles']), implode('; ', $facts['groups']), $facts['team']],
            ...[$facts['groupsthen'] === null ? null : implode('; ', $facts['groupsthen']), $facts['teamthen']],
            ...[$iso('opens'), $iso('duedate'), $facts['override'], $iso('extension'), $iso('due'), $iso('cutoff')],
            ...[$facts['timelimit'] ?: null, $facts['submission'], $facts['attempt'], $iso('submitted'), $facts['late']],
            ...[$facts['overtime'], $facts['workflow'], $facts['released'], $facts['grade'], $facts['grademax']],
            ...[$facts['gradetext'], $facts['letter'], $page],
            ...array_map(fn(string $name): ?string => $profile[$name] ?? null, self::fields()),
        ];
    }

    /**
     * What is known about somebody.
     *
     * @param int $id
     * @return array<string, mixed> points in time as numbers
     */
    public function facts(int $id): array {
        $part = $this->takes_part($id);
        [$submission, $teamthen] = $part ? $this->submission_of($id) : [null, null];
        $dates = $this->dates_of($id);
        $submitted = $submission && $submission->status === 'submitted' ? (int) $submission->timemodified : 0;
        $teams = $this->subject->teams;
        $now = $this->memberships->of($id);
        $team = $part ? $teams->team_of($now) : null;
        $enrolments = $this->enrolled[$id] ?? [];
        $unreleased = $this->unreleased($id);
        return $dates + $this->gradebook->facts($id) + [
            'part' => $part ? 'participant' : ($this->subject->people->is_staff($id) ? 'staff' : 'other'),
            'status' => match (true) {
                !$enrolments => 'not enrolled',
                (bool) preg_grep('/^active/', $enrolments) => 'active',
                default => explode(' (', $enrolments[0])[0],
            },
            'enrolments' => $enrolments,
            'roles' => array_values($this->roles[$id] ?? []),
            'groups' => array_map([$teams, 'label'], $now),
            'team' => $team === null ? null : $teams->label($team),
            'groupsthen' => $submitted ? array_map([$teams, 'label'], $this->memberships->of($id, $submitted)) : null,
            'teamthen' => $submitted && $teamthen !== null ? $teams->label($teamthen) : null,
            'submission' => $part ? ($submission->status ?? 'none') : null,
            'attempt' => $submission ? (int) $submission->attemptnumber + 1 : null,
            'submitted' => $submitted,
            'late' => $submitted && $dates['due'] ? max(0, $submitted - $dates['due']) : null,
            'overtime' => $submitted ? self::overtime($submission, $dates['timelimit']) : null,
            'workflow' => $part ? $this->workflow($id) : null,
            'unreleased' => $unreleased,
            'released' => $part ? $unreleased === null : null,
        ];
    }

    /**
     * How long after the end of the time limit something was handed in. Moodle has a switch for all time limits of the site.
     *
     * @param \stdClass $submission row of assign_submission, handed in
     * @param int $limit in seconds
     * @return int|null null: there was none
     */
    private static function overtime(\stdClass $submission, int $limit): ?int {
        if (!$limit || !(int) $submission->timestarted || !get_config('assign', 'enabletimelimit')) {
            return null;
        }
        return max(0, (int) $submission->timemodified - (int) $submission->timestarted - $limit);
    }

    /**
     * Enrolments, of each method one. When and in which order people were enrolled could tell who a hidden one is, and
     * Moodle shows the number of the record beside the name.
     *
     * @param package $package
     * @return \Generator rows
     */
    private function enrolment_rows(package $package): \Generator {
        $waiting = [];
        foreach ($this->enrolments() as $row) {
            $id = (int) $row->userid;
            $package->count('enrolment', (int) $row->id);
            $facts = [...$this->subject->people->row($id), $row->enrol, $row->name,
                explode(' (', self::enrolment_status($row))[0]];
            if ($this->subject->people->is_hidden($id)) {
                $waiting[$id][] = [null, ...$facts, null, null, null];
                continue;
            }
            yield [(int) $row->id, ...$facts, dates::iso($row->timestart), dates::iso($row->timeend),
                dates::iso($row->timecreated)];
        }
        foreach ($this->subject->people->sorted(array_keys($waiting)) as $id) {
            yield from $waiting[$id];
        }
    }

    /**
     * Who was in which team.
     *
     * @return \Generator rows
     */
    private function team_rows(): \Generator {
        [$where, $params] = $this->subject->of_submission('t');
        $sql = "SELECT t.* FROM {assign_submission} t WHERE t.assignment = :assign AND t.userid = 0 AND $where ORDER BY t.id";
        foreach ($this->rows($sql, $params + ['assign' => $this->subject->assign->id]) as $row) {
            $group = (int) $row->groupid;
            $then = $this->subject->teamwork()->members($row);
            $now = $this->subject->teamwork()->members_now($group);
            $submitted = $row->status === 'submitted' ? dates::iso($row->timemodified) : null;
            foreach ($this->subject->people->sorted(array_unique([...$then, ...$now])) as $id) {
                yield [
                    ...[(int) $row->id, (int) $row->attemptnumber + 1, $this->subject->teams->label($group), $group],
                    ...[...$this->subject->people->row($id), $submitted, in_array($id, $then, true), in_array($id, $now, true)],
                ];
            }
        }
    }
}
