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
 * What is left of deleted jobs and archives: what, when, by whom.
 *
 * The trace of a copy is written before its storage is asked, and confirmed in one transaction with the copy's row: a storage
 * that answers late, or a run that is killed in between, leaves a trace that says so, and the next deletion confirms it. The
 * trace of a job is written in the transaction that deletes the job. Names of people are in none; whoever has the archive, its
 * SHA-256 or its UUID can still be told that it was this one, by digests with a salt.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class tombstones {
    /** @var string Somebody asked for it on a page. */
    public const ASKED = 'asked';
    /** @var string Somebody asked for it on the command line of the server. */
    public const CLI = 'cli';
    /** @var string An incomplete archive made room for a complete one. */
    public const SUPERSEDED = 'superseded';
    /** @var string Data about one person were erased, and there was no archive of them. */
    public const ERASURE = 'erasure';

    /** @var string The table. */
    private const TABLE = 'local_archivist_tombstone';

    /**
     * A copy is about to be deleted.
     *
     * @param job $job
     * @param \stdClass $file row of local_archivist_file
     * @param string $reason one of the constants
     * @return \stdClass its trace, for confirm(); one that an earlier deletion left and nobody confirmed stays as it is
     */
    public static function begin(job $job, \stdClass $file, string $reason): \stdClass {
        global $DB;
        // The index begins with the job.
        $of = ['kind' => 'archive', 'jobid' => $job->id(), 'fileid' => $file->id, 'timedone' => 0];
        $open = $DB->get_records(self::TABLE, $of, 'id', '*', 0, 1);
        if ($open) {
            $row = reset($open);
            $row->again = true;
            return $row;
        }
        $row = self::row('archive', $job->record(), $reason);
        // A copy of an incomplete archive has the UUID that the job had then.
        $row->uuiddigest = self::digest($row->salt, substr(basename($file->storekey), 0, 36));
        $row->digest = $file->sha256 ? self::digest($row->salt, $file->sha256) : null;
        $row->fileid = $file->id;
        $row->format = $file->format;
        $row->sizebytes = $file->sizebytes;
        $row->timearchived = $file->timecreated;
        $row->storename = (string) $DB->get_field('local_archivist_store', 'name', ['id' => $file->storeid]);
        $row->id = $DB->insert_record(self::TABLE, $row);
        return $row;
    }

    /**
     * A copy is deleted. Call it in the transaction that changes its row.
     *
     * @param \stdClass $row from begin()
     * @param bool $found whether the storage still had it
     */
    public static function confirm(\stdClass $row, bool $found): void {
        global $DB;
        $DB->update_record(self::TABLE, (object) [
            'id' => $row->id, 'timedone' => job::now(),
            'found' => (int) ($found || !empty($row->again)), // An earlier deletion may have got to it.
        ]);
    }

    /**
     * A job is deleted. Call it in the transaction that deletes its row.
     *
     * @param \stdClass $record row of local_archivist_job
     * @param string $reason one of the constants
     */
    public static function of_job(\stdClass $record, string $reason): void {
        global $DB;
        $row = self::row('job', $record, $reason);
        $row->timedone = $row->timecreated;
        $DB->insert_record(self::TABLE, $row);
    }

    /**
     * The trace of a deleted job.
     *
     * @param int $jobid
     * @return \stdClass|null null: there is none, as far as anybody knows
     */
    public static function find(int $jobid): ?\stdClass {
        global $DB;
        $rows = $DB->get_records(self::TABLE, ['kind' => 'job', 'jobid' => $jobid], 'id DESC', '*', 0, 1);
        return $rows ? reset($rows) : null;
    }

    /**
     * The traces of the copies of a job.
     *
     * @param int $jobid
     * @return \stdClass[] by id of the copy
     */
    public static function of_copies(int $jobid): array {
        global $DB;
        $rows = [];
        foreach ($DB->get_records(self::TABLE, ['kind' => 'archive', 'jobid' => $jobid], 'id') as $row) {
            $rows[(int) $row->fileid] = $row;
        }
        return $rows;
    }

    /**
     * Traces, the newest first.
     *
     * @param string $text part of the name of a course or of an activity
     * @param int $page from 0
     * @param int $perpage
     * @return array{int, \stdClass[]} the number of all, and rows
     */
    public static function search(string $text, int $page, int $perpage): array {
        global $DB;
        $where = [];
        $params = [];
        foreach (trim($text) === '' ? [] : ['coursename', 'activityname'] as $column) {
            $where[] = $DB->sql_like($column, ":$column", false, false);
            $params[$column] = '%' . $DB->sql_like_escape(trim($text)) . '%';
        }
        $where = implode(' OR ', $where) ?: '1 = 1';
        $rows = $DB->get_records_select(self::TABLE, $where, $params, 'id DESC', '*', $page * $perpage, $perpage);
        return [$DB->count_records_select(self::TABLE, $where, $params), $rows];
    }

    /**
     * The traces of one archive, by what only who has it or its record knows.
     *
     * @param string $proof its SHA-256 or UUID, in hexadecimal digits
     * @param int $max how many are told
     * @return \stdClass[]
     */
    public static function of_archive(string $proof, int $max): array {
        global $DB;
        $proof = strtolower(trim($proof));
        $found = [];
        $rows = $DB->get_recordset(self::TABLE, null, 'id DESC', 'id, salt, uuiddigest, digest');
        foreach ($rows as $row) {
            $digest = self::digest($row->salt, $proof);
            if (hash_equals($row->uuiddigest, $digest) || hash_equals((string) $row->digest, $digest)) {
                $found[] = $row->id;
            }
            if (count($found) === $max) {
                break;
            }
        }
        $rows->close();
        return $found ? $DB->get_records_list(self::TABLE, 'id', $found, 'id DESC') : [];
    }

    /**
     * A trace in one sentence.
     *
     * @param \stdClass $row
     * @return string for people, as text
     */
    public static function sentence(\stdClass $row): string {
        $key = $row->timedone ? "tombstone_{$row->reason}" : 'tombstone_begun';
        return get_string($key, 'local_archivist', (object) [
            'time' => output\moment::told((int) ($row->timedone ?: $row->timecreated), 'strftimedatetime'),
            'user' => self::person((int) $row->userid),
        ]) . ($row->found ? '' : ' ' . get_string('tombstone_notfound', 'local_archivist'));
    }

    /**
     * Who deleted.
     *
     * @param int $userid 0: nobody in person, or somebody whose data were erased
     * @return string
     */
    public static function person(int $userid): string {
        $user = $userid ? \core_user::get_user($userid) : null;
        return $user ? fullname($user) : get_string('unknownuser');
    }

    /**
     * What traces of jobs and copies have in common.
     *
     * @param string $kind job or archive
     * @param \stdClass $record row of local_archivist_job
     * @param string $reason
     * @return \stdClass
     */
    private static function row(string $kind, \stdClass $record, string $reason): \stdClass {
        global $USER;
        $salt = bin2hex(random_bytes(32));
        return (object) [
            'kind' => $kind,
            'jobid' => $record->id,
            'courseid' => $record->courseid,
            'cmid' => $record->cmid,
            'modname' => $record->modname,
            'coursename' => $record->coursename,
            'activityname' => $record->activityname,
            'purpose' => $record->purpose,
            'oneperson' => (int) ((int) $record->scopeuserid !== 0),
            'salt' => $salt,
            'uuiddigest' => self::digest($salt, $record->uuid),
            'format' => '',
            'storename' => '',
            'reason' => $reason,
            'found' => 1,
            'userid' => $reason === self::ASKED ? (int) $USER->id : 0,
            'timearchived' => (int) $record->timefinished,
            'timecreated' => job::now(),
            'timedone' => 0,
        ];
    }

    /**
     * A digest that tells nobody anything who does not have what it is of.
     *
     * @param string $salt
     * @param string $what UUID or hexadecimal digest
     * @return string 64 hexadecimal digits
     */
    private static function digest(string $salt, string $what): string {
        return hash_hmac('sha256', $what, $salt);
    }
}
