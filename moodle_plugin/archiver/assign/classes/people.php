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

use local_archivist\owner;
use local_archivist\scope;

/**
 * What people are called in an archive.
 *
 * The one place that knows who must not be recognisable: participants while marking is blind, and everybody but the
 * one person in an archive of one person's data. Whoever marks is named, except where the assignment hides markers
 * from students.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class people {
    /** @var string[] Columns of a person in tables. */
    public const COLUMNS = ['person', 'key', 'userid', 'idnumber', 'username'];

    /** @var string[] Columns of the table of who is who. */
    public const IDENTITY = ['participant', 'person', 'userid', 'name', 'idnumber', 'username'];

    /** @var array<int, \stdClass|null> Users that were looked up, by id. */
    private array $users = [];

    /** @var array<int, true> Who certainly takes part. */
    private array $participants = [];

    /** @var array<int, string> Names under which people stand in the archive. */
    private array $labels = [];

    /** @var array<int, true>|null Who may mark here; null: not looked up. */
    private ?array $staff = null;

    /** @var array<int, int> Numbers of blind marking by user. */
    private array $numbers = [];

    /** @var bool Whether marking is blind. */
    private bool $blind;

    /**
     * The people of an assignment.
     *
     * @param \stdClass $assign row of assign
     * @param \context_module $context
     * @param scope $scope
     */
    public function __construct(
        /** @var \stdClass row of assign */
        private readonly \stdClass $assign,
        /** @var \context_module its context */
        private readonly \context_module $context,
        /** @var scope whose data */
        private readonly scope $scope,
    ) {
        global $DB;
        $this->blind = self::is_blind($assign);
        if ($this->blind) {
            $mapping = $DB->get_records('assign_user_mapping', ['assignment' => $assign->id], 'id', 'id, userid');
            foreach ($mapping as $row) {
                $this->numbers[(int) $row->userid] ??= (int) $row->id;
            }
        }
        $own = ['assign_submission' => 'assignment', 'assign_grades' => 'assignment', 'assign_user_flags' => 'assignment',
            'assign_overrides' => 'assignid'];
        $unions = $params = [];
        foreach ($own as $table => $column) {
            $unions[] = "SELECT userid FROM {{$table}} WHERE $column = :$table AND userid > 0";
            $params[$table] = $assign->id;
        }
        $this->participants = array_fill_keys($this->load(implode(' UNION ', $unions), $params), true);
        if ($scope->is_all()) { // Also those who handed in nothing: they are in the table of people.
            $enrolled = get_enrolled_sql($context, 'mod/assign:submit');
            $this->participants += array_fill_keys($this->load(...$enrolled), true);
        }
        ksort($this->participants); // A database gives them in any order.
        $this->name_all();
    }

    /**
     * Whether participants of an assignment must not be recognisable.
     *
     * @param \stdClass $assign row of assign
     * @return bool
     */
    public static function is_blind(\stdClass $assign): bool {
        return $assign->blindmarking && !$assign->revealidentities;
    }

    /**
     * Looks people up at once, so that no query is needed for each.
     *
     * @param string $sql a query for ids of users, in one column
     * @param array $params
     * @return int[] the ids, also of users that are gone, in any order
     */
    public function load(string $sql, array $params): array {
        global $DB;
        $ids = array_map('intval', $DB->get_fieldset_sql($sql, $params));
        $fields = implode(', ', array_map(fn($name) => "u.$name", \core_user\fields::get_name_fields()));
        $rows = $DB->get_recordset_sql(
            "SELECT u.id, u.username, u.idnumber, u.deleted, u.suspended, $fields FROM {user} u WHERE u.id IN ($sql)",
            $params,
        );
        foreach ($rows as $row) {
            $this->users[(int) $row->id] = $row;
        }
        $rows->close();
        return $ids;
    }

    /**
     * Gives participants names that no two of them share, also not on a file system that ignores case.
     */
    private function name_all(): void {
        $names = $count = [];
        foreach (array_keys($this->participants) as $id) {
            $names[$id] = $this->real_name($id);
            $key = self::folded($names[$id]);
            $count[$key] = ($count[$key] ?? 0) + 1;
        }
        foreach ($names as $id => $name) {
            $this->labels[$id] = $count[self::folded($name)] > 1 ? "$name (id $id)" : $name;
        }
    }

    /**
     * A name as file systems compare it.
     *
     * @param string $name
     * @return string
     */
    private static function folded(string $name): string {
        $normal = class_exists(\Normalizer::class) ? \Normalizer::normalize($name, \Normalizer::FORM_KC) : $name;
        return \core_text::strtolower(\local_archivist\package::component($normal ?: $name));
    }

    /**
     * A user, who is nearly always looked up already.
     *
     * @param int $id
     * @return \stdClass|null null: there is none
     */
    private function user(int $id): ?\stdClass {
        if (!array_key_exists($id, $this->users)) {
            $this->users[$id] = null;
            $this->load('SELECT id FROM {user} WHERE id = :id', ['id' => $id]);
        }
        return $this->users[$id];
    }

    /**
     * Full name and id number, or the id where there is none.
     *
     * @param int $id
     * @return string
     */
    private function real_name(int $id): string {
        $user = $this->user($id);
        if (!$user || ($user->deleted && trim(fullname($user)) === '')) {
            return get_string('person_deleted', 'archiver_assign', $id);
        }
        if ($user->deleted) { // Moodle keeps the name for a while, and empties the id number.
            $a = (object) ['name' => trim(fullname($user)), 'id' => $id];
            return get_string('person_deleted_named', 'archiver_assign', $a);
        }
        return trim(fullname($user)) . ' (' . (trim($user->idnumber) !== '' ? trim($user->idnumber) : "id $id") . ')';
    }

    /**
     * Whether somebody's name must not be told.
     *
     * @param int $id
     * @return bool
     */
    public function is_hidden(int $id): bool {
        $other = !$this->scope->is_all() && $id !== $this->scope->userid;
        if (!$this->blind && !$other) {
            return false;
        }
        return isset($this->participants[$id]) || !$this->is_staff($id) || ($other && $this->assign->hidegrader);
    }

    /**
     * Whether somebody may mark here.
     *
     * @param int $id
     * @return bool
     */
    public function is_staff(int $id): bool {
        $this->staff ??= array_fill_keys(array_keys(get_users_by_capability($this->context, 'mod/assign:grade', 'u.id')), true)
            + array_fill_keys(array_keys(get_admins()), true);
        return isset($this->staff[$id]);
    }

    /**
     * The name of a person in the archive.
     *
     * @param int $id
     * @return string
     */
    public function label(int $id): string {
        if ($id <= 0) {
            return '';
        }
        if (!$this->is_hidden($id)) {
            return $this->labels[$id] ??= $this->real_name($id);
        }
        if (!$this->scope->is_all() && $id !== $this->scope->userid) {
            return get_string('person_other', 'archiver_assign');
        }
        if (isset($this->participants[$id]) && !isset($this->numbers[$id])) {
            $this->number($this->scope->is_all() ? array_keys(array_diff_key($this->participants, $this->numbers)) : [$id]);
        }
        return isset($this->numbers[$id])
            ? get_string('participant', 'assign') . ' ' . $this->numbers[$id]
            : get_string('person_hidden', 'archiver_assign');
    }

    /**
     * Gives participants their numbers, in an order that says nothing about who they are.
     *
     * @param int[] $ids of users
     */
    private function number(array $ids): void {
        shuffle($ids);
        foreach ($ids as $id) {
            $this->numbers[$id] = (int) \assign::get_uniqueid_for_user_static($this->assign->id, $id);
        }
    }

    /**
     * Puts people into the order of tables: by the id of the user. Hidden ones come last, by their numbers, for where
     * somebody stands among the ids would tell who it is.
     *
     * @param int[] $ids of users
     * @return int[]
     */
    public function sorted(array $ids): array {
        sort($ids);
        $hidden = array_filter($ids, [$this, 'is_hidden']);
        $shown = array_diff($ids, $hidden);
        shuffle($hidden); // Who has no number stands anywhere.
        array_map([$this, 'label'], $hidden); // It may give the numbers.
        $number = fn(int $id): int => $this->numbers[$id] ?? PHP_INT_MAX;
        usort($hidden, fn(int $a, int $b): int => $number($a) <=> $number($b));
        return [...$shown, ...$hidden];
    }

    /**
     * The name of somebody who marks: blind marking does not hide it.
     *
     * @param int $id
     * @return string
     */
    public function grader(int $id): string {
        if ($id <= 0) {
            return '';
        }
        if (!$this->scope->is_all() && $this->assign->hidegrader && $id !== $this->scope->userid) {
            return get_string('person_other', 'archiver_assign');
        }
        if (isset($this->participants[$id]) && !$this->is_staff($id)) {
            return $this->label($id); // Moodle enters students here, too, when what they do makes the row.
        }
        return $this->real_name($id);
    }

    /**
     * The key by which records about a person are found, whatever they are called there: the id of the user; while marking is
     * blind the number of the participant, since the id would tell who it is.
     *
     * @param int $id
     * @return string|null null: nobody who may be told apart
     */
    public function key(int $id): ?string {
        if ($id <= 0) {
            return null;
        }
        if (!$this->is_hidden($id)) {
            return (string) $id;
        }
        $this->label($id); // It may give the number.
        $told = $this->scope->is_all() || $id === $this->scope->userid;
        return $told && isset($this->numbers[$id]) ? "participant-{$this->numbers[$id]}" : null;
    }

    /**
     * A person as the owner of something in the archive.
     *
     * @param int $id
     * @return owner
     */
    public function owner(int $id): owner {
        return new owner($this->label($id), array_filter([$this->key($id)], 'is_string'));
    }

    /**
     * Who takes part: who can hand in, or did, or was marked.
     *
     * @return int[] ids of users, sorted
     */
    public function participants(): array {
        return array_keys($this->participants);
    }

    /**
     * The state of an account.
     *
     * @param int $id
     * @return string
     */
    public function account(int $id): string {
        $user = $this->user($id);
        return match (true) {
            !$user => 'gone',
            (bool) $user->deleted => 'deleted',
            (bool) $user->suspended => 'suspended',
            default => 'active',
        };
    }

    /**
     * A person in a table.
     *
     * @param int $id
     * @param bool $known whether Moodle shows beside the name what the row tells, so that of a hidden one not even the number
     *     may stand there
     * @return array values of the COLUMNS
     */
    public function row(int $id, bool $known = false): array {
        if ($known && $id > 0 && $this->is_hidden($id)) {
            return [get_string('person_hidden', 'archiver_assign'), null, null, null, null];
        }
        if ($id <= 0 || $this->is_hidden($id)) {
            return [$this->label($id) ?: null, $this->key($id), null, null, null];
        }
        $user = $this->user($id);
        if (!$user) {
            return [$this->label($id), (string) $id, $id, null, null];
        }
        $gone = (bool) $user->deleted;
        return [$this->label($id), (string) $id, $id, $gone ? null : $user->idnumber, $gone ? null : $user->username];
    }

    /**
     * A person in a record for machines.
     *
     * @param int $id
     * @return array
     */
    public function describe(int $id): array {
        return array_combine(['name', 'key', 'userid', 'idnumber', 'username'], $this->row($id));
    }

    /**
     * Who is who while marking is blind: for whoever may know it, never for the archive of the assignment.
     *
     * @return \Generator rows with the columns IDENTITY in the order of the numbers, by the id of the user
     */
    public function identities(): \Generator {
        array_map([$this, 'label'], array_keys($this->participants)); // Who has no number yet gets one.
        $this->load('SELECT userid FROM {assign_user_mapping} WHERE assignment = :assign', ['assign' => $this->assign->id]);
        asort($this->numbers);
        foreach ($this->numbers as $id => $number) {
            $user = $this->user($id);
            yield $id => [$number, get_string('participant', 'assign') . " $number", $id, $this->real_name($id),
                $user->idnumber ?? null, $user->username ?? null];
        }
    }
}
