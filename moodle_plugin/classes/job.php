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
 * An archive job: one activity on its way into the storages.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class job {
    /** @var string What a job archives: the activity. */
    public const ACTIVITY = 'activity';

    /** @var string What a job archives: who is who in an activity that is marked blind. */
    public const IDENTITIES = 'identities';

    /** @var int Failures that a job keeps the names of. */
    public const FAILURES_KEPT = 100;

    /** @var \stdClass The row of local_archivist_job. */
    private \stdClass $record;

    /**
     * A job out of its row.
     *
     * @param \stdClass $record
     */
    public function __construct(\stdClass $record) {
        $this->record = $record;
    }

    /**
     * Loads a job.
     *
     * @param int $id
     * @return self
     * @throws \moodle_exception there is none
     */
    public static function get(int $id): self {
        return self::find($id) ?? throw new \moodle_exception('error_jobgone', 'local_archivist', '', $id);
    }

    /**
     * Looks for a job.
     *
     * @param int $id
     * @return self|null null: there is none
     */
    public static function find(int $id): ?self {
        global $DB;
        $record = $DB->get_record('local_archivist_job', ['id' => $id]);
        return $record ? new self($record) : null;
    }

    /**
     * The id.
     *
     * @return int
     */
    public function id(): int {
        return (int) $this->record->id;
    }

    /**
     * The state, one of state::*.
     *
     * @return int
     */
    public function status(): int {
        return (int) $this->record->status;
    }

    /**
     * A copy of the row.
     *
     * @return \stdClass
     */
    public function record(): \stdClass {
        return clone $this->record;
    }

    /**
     * An option that was chosen when the job was made.
     *
     * @param string $name format, level, sha512, backup, stores
     * @param mixed $default
     * @return mixed
     */
    public function option(string $name, mixed $default = null): mixed {
        return (json_decode($this->record->options ?? '{}', true) ?: [])[$name] ?? $default;
    }

    /**
     * Whose data it archives.
     *
     * @return scope
     */
    public function scope(): scope {
        return scope::from_id((int) $this->record->scopeuserid);
    }

    /**
     * Whether it archives who is who in an activity that is marked blind.
     *
     * @return bool
     */
    public function is_identities(): bool {
        return $this->record->purpose === self::IDENTITIES;
    }

    /**
     * The job about the activity that an archive of who is who belongs to.
     *
     * @return self|null null: there is none, or it is deleted
     */
    public function parent(): ?self {
        global $DB;
        $id = (int) $this->record->parentid;
        $record = $id ? $DB->get_record('local_archivist_job', ['id' => $id]) : null;
        return $record ? new self($record) : null;
    }

    /**
     * The jobs that archive who is who in this archive.
     *
     * @return self[] the newest first
     */
    public function identities(): array {
        global $DB;
        $conditions = ['parentid' => $this->id(), 'purpose' => self::IDENTITIES];
        $records = $DB->get_records('local_archivist_job', $conditions, 'id DESC');
        return array_map(fn(\stdClass $record): self => new self($record), array_values($records));
    }

    /**
     * Whether people stand in its archive as numbers, so that an archive of who is who can belong to it.
     *
     * @return bool
     */
    public function may_have_identities(): bool {
        return !$this->is_identities() && $this->scope()->is_all() && rights::anonymous($this);
    }

    /**
     * Whether its archive has Moodle's own backup with the people in it.
     *
     * @return bool
     */
    public function backup_has_people(): bool {
        return $this->option('backup') && $this->scope()->is_all() && !$this->may_have_identities();
    }

    /**
     * The activities of which there is an archive with numbers in place of people, although they are not marked blind any more.
     *
     * @param \cm_info[] $cms
     * @return \cm_info[]
     */
    public static function revealed_since(array $cms): array {
        global $DB;
        $supported = array_filter($cms, fn(\cm_info $cm): bool => archivers::supports($cm->modname));
        $open = array_filter($supported, fn(\cm_info $cm): bool => !archivers::for_cm($cm)->is_anonymous());
        if (!$open) {
            return [];
        }
        $ids = array_map(fn(\cm_info $cm): int => (int) $cm->id, $open);
        [$in, $params] = $DB->get_in_or_equal($ids, SQL_PARAMS_NAMED);
        $like = $DB->sql_like('rights', ':anonymous');
        $params += ['anonymous' => '%"anonymous":true%', 'purpose' => self::ACTIVITY];
        $where = "cmid $in AND purpose = :purpose AND scopeuserid = 0 AND $like";
        $found = $DB->get_fieldset_select('local_archivist_job', 'DISTINCT cmid', $where, $params);
        return array_filter($open, fn(\cm_info $cm): bool => in_array($cm->id, $found));
    }

    /**
     * The context in which rights on this job are asked for: the course's, as long as there is one; a job outlives
     * its course, and then only who has the right for the whole site has it.
     *
     * @return \context
     */
    public function context(): \context {
        return \context_course::instance((int) $this->record->courseid, IGNORE_MISSING) ?: \context_system::instance();
    }

    /**
     * How far it is.
     *
     * @return float 0.0 to 1.0
     */
    public function fraction(): float {
        if (in_array($this->status(), [state::COMPLETED, state::PARTIAL], true)) {
            return 1.0;
        }
        $cost = progress_meter::ENTRY_COST;
        $total = (int) $this->record->bytestotal + $cost * (int) $this->record->entriestotal;
        $done = (int) $this->record->bytesdone + $cost * (int) $this->record->entriesdone;
        return $total > 0 ? min(0.99, $done / $total) : 0.0;
    }

    /**
     * Its stored copies.
     *
     * @param bool $storedonly not those that are deleted or being written
     * @return \stdClass[] rows of local_archivist_file
     */
    public function files(bool $storedonly = false): array {
        global $DB;
        $conditions = ['jobid' => $this->id()] + ($storedonly ? ['status' => 'stored'] : []);
        return $DB->get_records('local_archivist_file', $conditions, 'id');
    }

    /**
     * What is not in its archive: the first of them, there are ->failurecount.
     *
     * @return array<int, array{name: string, cause: string}>
     */
    public function failures(): array {
        return json_decode($this->record->failures ?? '[]', true) ?: [];
    }

    /**
     * Changes columns.
     *
     * @param array<string, mixed> $fields
     */
    public function update(array $fields): void {
        global $DB;
        $fields['timemodified'] = self::now();
        foreach ($fields as $name => $value) {
            $this->record->$name = $value;
        }
        $DB->update_record('local_archivist_job', (object) (['id' => $this->record->id] + $fields));
    }

    /**
     * Whether there is a cancel request for the job, maybe since its row was read.
     *
     * @return bool
     */
    public function is_cancelled(): bool {
        global $DB;
        return (bool) $DB->get_field('local_archivist_job', 'cancelled', ['id' => $this->id()]);
    }

    /**
     * Reads the row again.
     */
    public function reload(): void {
        $this->record = self::get($this->id())->record;
    }

    /**
     * Enters a state, with an event; states that pass within a moment have none.
     *
     * @param int $status
     * @param array<string, mixed> $fields further columns
     * @throws \coding_exception no way leads there
     */
    public function enter(int $status, array $fields = []): void {
        if (!state::may_become($this->status(), $status)) {
            $ways = state::name($this->status()) . ' -> ' . state::name($status);
            throw new \coding_exception("The archive job {$this->id()} cannot go this way: $ways.");
        }
        $fields['status'] = $status;
        if (state::is_final($status)) {
            $fields['timefinished'] = self::now();
        }
        $this->update($fields);
        $this->log(1, 'job', get_string('log_state', 'local_archivist', state::label($status)));
        if (in_array($status, state::INNER, true)) {
            return;
        }
        $class = match ($status) {
            state::COMPLETED => event\archive_job_completed::class,
            state::DELETED => event\archive_job_deleted::class,
            state::PARTIAL, state::FAILURE => event\archive_job_failed::class, // Nobody shall take it for archived.
            state::ABORTED => event\archive_job_aborted::class,
            default => event\archive_job_updated::class,
        };
        $class::from_job($this, array_keys($fields))->trigger();
    }

    /**
     * Goes back into the queue from wherever a run of it ended.
     *
     * @param array<string, mixed> $fields further columns
     */
    public function put_back(array $fields = []): void {
        if ($this->status() === state::ERROR) { // The run was killed before it knew what to do about an error.
            $this->enter(state::RECOVERABLE_ERROR);
        }
        if ($this->status() !== state::QUEUED) {
            $this->enter(state::QUEUED, ['timeretry' => 0] + $fields);
        }
    }

    /**
     * Ends without the archive that it was about to make. One whose incomplete archive is kept is incomplete again.
     *
     * @param int $status FAILURE or ABORTED
     * @param string $cause a sentence
     */
    public function give_up(int $status, string $cause): void {
        if ($this->files(true)) {
            $status = state::PARTIAL;
            $cause = get_string('cause_partialkept', 'local_archivist', $cause);
        }
        $this->enter($status, ['cause' => $cause, 'collected' => null]);
    }

    /**
     * Writes into the job's log.
     *
     * @param int $level 0 debug to 4 error
     * @param string $source
     * @param string $message a sentence without secrets
     */
    public function log(int $level, string $source, string $message): void {
        global $DB;
        if ($level < self::log_level()) {
            return;
        }
        $DB->insert_record('local_archivist_log', (object) [
            'jobid' => $this->id(),
            'level' => $level,
            'source' => \core_text::substr($source, 0, 60),
            'message' => $message,
            'timecreated' => self::now(),
        ], false);
    }

    /**
     * The lowest level that is written into a log.
     *
     * @return int 0 debug to 4 error
     */
    public static function log_level(): int {
        $level = get_config('local_archivist', 'loglevel');
        return $level === false ? 1 : (int) $level;
    }

    /**
     * The time.
     *
     * @return int
     */
    public static function now(): int {
        return \core\di::get(\core\clock::class)->time();
    }
}
