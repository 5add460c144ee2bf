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

use Archivist\Exception\ArchivistException;
use Archivist\Report;
use Archivist\Verifier;

/**
 * Archives that lie in a storage and that the database does not know: after a database was restored or lost, or in a folder
 * that another site filled.
 *
 * They are found by listing the storage, verified whole, and kept in a table of their own: no job of this site made them, as
 * far as anybody knows, so they never count as archives of an activity. To which course one belongs somebody says by hand.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class imports {
    /** @var string It is an archive and all of it is as its manifests say. */
    public const VALID = 'valid';
    /** @var string Something of it is not. */
    public const INVALID = 'invalid';
    /** @var string It could not be read to its end. */
    public const UNREADABLE = 'unreadable';
    /** @var string It does not lie there any more. */
    public const MISSING = 'missing';

    /** @var string The table. */
    public const TABLE = 'local_archivist_import';

    /** @var string[] What it takes to have one that belongs to a course, in that course; some take more. */
    private const NEEDED = ['local/archivist:download', 'moodle/grade:viewall', 'moodle/site:accessallgroups'];

    /** @var int Objects that are listed at once. */
    private const PAGE = 500;

    /** @var int Findings of which the sentences are kept. */
    private const FINDINGS = 3;

    /** @var int Characters of a text that an archive says about itself. */
    private const TEXT = 1000;

    /**
     * Finds and verifies what lies in a storage and is not ours. What was found before keeps its row.
     *
     * @param store $store
     * @param callable|null $onfound function (\stdClass $row): bool, after each; false ends the search
     * @param string|null $after the last key that an earlier run of this search looked at; then that of this run
     * @param int|null $begun when the search was begun, if an earlier run did so
     * @return bool whether all of the storage was looked at
     * @throws \moodle_exception|ArchivistException the storage cannot be listed, or somebody else searches it
     */
    public static function scan(
        store $store,
        ?callable $onfound = null,
        ?string &$after = null,
        ?int $begun = null,
    ): bool {
        engine::require_ready();
        $lock = locks::take("import_{$store->id()}");
        if (!$lock) {
            throw new \moodle_exception('error_importruns', 'local_archivist', '', $store->name());
        }
        try {
            $begun ??= job::now();
            if (!self::look_through($store, $onfound, $after)) {
                return false;
            }
            self::miss($store, $after, $begun);
            return true;
        } finally {
            $lock->release();
        }
    }

    /**
     * Looks at each object behind a key.
     *
     * @param store $store
     * @param callable|null $onfound
     * @param string|null $after the last key that was looked at
     * @return bool false: $onfound ended it
     */
    private static function look_through(store $store, ?callable $onfound, ?string &$after): bool {
        global $DB;
        $verifier = new Verifier(engine::create(), findingsMax: self::FINDINGS);
        do {
            $objects = $store->objects($after, self::PAGE);
            foreach ($objects as $object) {
                $after = $object->key;
                if (self::is_ours($store->id(), $object->key)) {
                    $DB->delete_records(self::TABLE, ['storeid' => $store->id(), 'storekey' => $object->key]);
                    continue; // The database knows it, maybe again.
                }
                $row = self::enter($store, $object->key, self::look($verifier, $store, $object));
                if ($onfound && !$onfound($row)) {
                    return false;
                }
            }
        } while (count($objects) === self::PAGE);
        return true;
    }

    /**
     * What a whole search did not see is not there any more. A storage in which it saw nothing at all, and where something lay
     * before, is most likely a disk that is not mounted.
     *
     * @param store $store
     * @param string|null $last the last key that was looked at; null: there was none
     * @param int $begun when the search began
     * @throws \moodle_exception nothing was there
     */
    private static function miss(store $store, ?string $last, int $begun): void {
        global $DB;
        $where = 'storeid = :storeid AND timechecked < :begun AND status <> :missing';
        $params = ['storeid' => $store->id(), 'begun' => $begun, 'missing' => self::MISSING];
        $number = $DB->count_records_select(self::TABLE, $where, $params);
        if ($last === null && $number) {
            throw new \moodle_exception('error_importempty', 'local_archivist', '', (object) [
                'store' => $store->name(), 'number' => $number,
            ]);
        }
        $DB->set_field_select(self::TABLE, 'status', self::MISSING, $where, $params);
    }

    /**
     * Whether a job of this site wrote or writes it.
     *
     * @param int $storeid
     * @param string $key
     * @return bool
     */
    private static function is_ours(int $storeid, string $key): bool {
        global $DB;
        $where = "storeid = :storeid AND storekey = :storekey AND status <> 'deleted'";
        return $DB->record_exists_select('local_archivist_file', $where, ['storeid' => $storeid, 'storekey' => $key]);
    }

    /**
     * What an object is.
     *
     * @param Verifier $verifier
     * @param store $store
     * @param \Archivist\StoredObject $object
     * @return array<string, mixed> columns
     */
    private static function look(Verifier $verifier, store $store, \Archivist\StoredObject $object): array {
        $suffix = preg_replace('/^[^.]*\.?/', '', basename($object->key));
        $columns = [
            'status' => self::UNREADABLE, 'uuid' => '', 'title' => '', 'metadata' => null, 'sha256' => null,
            'format' => in_array($suffix, jobs::FORMATS, true) ? $suffix : '', 'sizebytes' => $object->sizeBytes,
        ];
        try {
            $report = $verifier->verifyStored($store->driver(), $object->key);
        } catch (ArchivistException $e) {
            return ['problem' => $e->getMessage()] + $columns;
        }
        $says = json_decode((string) $report->jobJson, true);
        $facts = self::facts(is_array($says) ? $says : []);
        return [
            'status' => $report->valid ? self::VALID : self::INVALID,
            'uuid' => (string) $report->uuid,
            'title' => \core_text::substr($facts['title'] ?? '', 0, self::TEXT),
            'metadata' => json_encode($facts, JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR),
            'format' => $report->format->value,
            'sizebytes' => $report->containerBytes,
            'sha256' => $report->sha256,
            'problem' => self::problem($report),
        ];
    }

    /**
     * Why it is not valid.
     *
     * @param Report $report
     * @return string|null
     */
    private static function problem(Report $report): ?string {
        if ($report->valid) {
            return null;
        }
        $told = array_map(
            fn($finding): string => ($finding->entry === null ? '' : "{$finding->entry}: ") . $finding->message,
            $report->findings,
        );
        return implode(' ', $told) . ($report->findingTotal > count($told) ? ' …' : '');
    }

    /**
     * What an archive says about itself, as far as it is shown, or decides about who may have it. Nothing about people is
     * taken but whether it is about one of them, and how they stand in it.
     *
     * @param array $says its metadata/job.json
     * @return array<string, string|int>
     */
    private static function facts(array $says): array {
        $metadata = is_array($says['metadata'] ?? null) ? $says['metadata'] : [];
        $found = [
            'title' => $says['title'] ?? null,
            'requested' => $says['requested_at'] ?? null,
            'collected' => $says['collected_at'] ?? null,
            'site' => $metadata['system']['site'] ?? null,
            'course' => $metadata['course']['fullname'] ?? null,
            'shortname' => $metadata['course']['shortname'] ?? null,
            'activity' => $metadata['activity']['name'] ?? null,
            'module' => $metadata['activity']['module'] ?? null,
            'purpose' => $metadata['job']['purpose'] ?? null,
            'people' => isset($metadata['scope']) ? ($metadata['scope'] === 'all' ? 'all' : 'one') : null,
            'names' => isset($metadata['anonymous']) ? ($metadata['anonymous'] === false ? 'told' : 'hidden') : null,
            'backup' => $metadata['backup'] ?? null,
        ];
        $texts = array_filter($found, fn($text): bool => is_string($text) && $text !== '');
        return array_map(fn(string $text): string => \core_text::substr(fix_utf8($text), 0, self::TEXT), $texts);
    }

    /**
     * Enters what was found.
     *
     * @param store $store
     * @param string $key
     * @param array<string, mixed> $columns
     * @return \stdClass the row
     */
    private static function enter(store $store, string $key, array $columns): \stdClass {
        global $DB;
        $place = ['storeid' => $store->id(), 'storekey' => $key];
        $row = $DB->get_record(self::TABLE, $place) ?: (object) ($place + ['timecreated' => job::now(), 'courseid' => 0]);
        foreach ($columns + ['timechecked' => job::now()] as $name => $value) {
            $row->$name = $value;
        }
        if (isset($row->id)) {
            $DB->update_record(self::TABLE, $row);
        } else {
            $row->id = $DB->insert_record(self::TABLE, $row);
        }
        return $row;
    }

    /**
     * One of them.
     *
     * @param int $id
     * @return \stdClass
     * @throws \moodle_exception it is not there
     */
    public static function get(int $id): \stdClass {
        global $DB;
        $row = $DB->get_record(self::TABLE, ['id' => $id]);
        if (!$row) {
            throw new \moodle_exception('error_importgone', 'local_archivist', '', $id);
        }
        return $row;
    }

    /**
     * Some of them, those with the newest archives first.
     *
     * @param int $storeid 0: of all storages
     * @param int $courseid 0: also those that belong to none
     * @param int $page from 0
     * @param int $perpage
     * @return array{int, \stdClass[]} the number of all, and rows
     */
    public static function page(int $storeid, int $courseid, int $page, int $perpage): array {
        global $DB;
        $conditions = array_filter(['storeid' => $storeid, 'courseid' => $courseid]);
        return [
            $DB->count_records(self::TABLE, $conditions),
            $DB->get_records(self::TABLE, $conditions, 'id DESC', '*', $page * $perpage, $perpage),
        ];
    }

    /**
     * Whether there are archives that belong to a course, and the user may see their list.
     *
     * @param int $courseid
     * @return bool
     */
    public static function of_course(int $courseid): bool {
        global $DB;
        return $DB->record_exists(self::TABLE, ['courseid' => $courseid]) && self::may_have_of_course($courseid, self::NEEDED);
    }

    /**
     * Says to which course an archive belongs. That is logged, since teachers of that course see it from then on.
     *
     * @param int $id
     * @param int $courseid 0: to none
     */
    public static function bind(int $id, int $courseid): void {
        global $DB, $USER;
        require_capability('moodle/site:config', \context_system::instance());
        $row = self::get($id);
        if ($courseid) {
            get_course($courseid);
        }
        $before = (int) $row->courseid;
        $columns = ['courseid' => $courseid, 'userid' => (int) $USER->id, 'timebound' => job::now()];
        $DB->update_record(self::TABLE, (object) (['id' => $id] + $columns));
        event\import_bound::from_row(self::get($id), $before)->trigger();
    }

    /**
     * Whether the user may have an archive that was found: who administrates the site; of one that belongs to a course, also
     * who may enter it, download there and see everybody's marks. Where the archive says who is who, shows whose work it is
     * although marking was blind, or has Moodle's own backup of everybody, it takes what that takes of an archive of ours; and
     * so it does where the archive does not say what it is.
     *
     * @param \stdClass $row
     * @return bool
     */
    public static function may_download(\stdClass $row): bool {
        if (has_capability('moodle/site:config', \context_system::instance())) {
            return true;
        }
        $says = json_decode($row->metadata ?? '[]', true) ?: [];
        $needed = self::NEEDED;
        if (($says['purpose'] ?? '') !== job::ACTIVITY) {
            $needed[] = 'local/archivist:archiveidentities';
        }
        if (($says['people'] ?? '') !== 'all' && ($says['names'] ?? '') !== 'told') {
            $driver = archivers::all()[$says['module'] ?? ''] ?? null;
            $needed[] = ($driver ? $driver::reveals_people_capability() : null) ?? 'local/archivist:archiveidentities';
        }
        if (!in_array($says['backup'] ?? '', ['none', 'nobody'], true)) {
            array_push($needed, ...access::BACKUP);
        }
        return self::may_have_of_course((int) $row->courseid, $needed);
    }

    /**
     * Whether the user may enter a course and is allowed something there.
     *
     * @param int $courseid 0: there is none
     * @param string[] $capabilities
     * @return bool
     */
    private static function may_have_of_course(int $courseid, array $capabilities): bool {
        $context = $courseid ? \context_course::instance($courseid, IGNORE_MISSING) : null;
        return $context && access::may_view($context) && has_all_capabilities($capabilities, $context);
    }

    /**
     * Looks into a storage in the background, unless that waits already.
     *
     * @param int $storeid
     */
    public static function queue(int $storeid): void {
        stores::get($storeid)->objects(null, 1); // One that cannot be listed is told at once.
        if (!self::is_queued($storeid)) {
            task\import_storage::queue(['storeid' => $storeid]);
        }
    }

    /**
     * Whether a storage is being looked into, or is about to be.
     *
     * @param int $storeid
     * @return bool
     */
    public static function is_queued(int $storeid): bool {
        foreach (\core\task\manager::get_adhoc_tasks(task\import_storage::class) as $task) {
            // Moodle keeps one that has failed for a while, and never runs it again.
            if ((int) $task->get_custom_data()->storeid === $storeid && $task->get_attempts_available() > 0) {
                return true;
            }
        }
        return false;
    }
}
