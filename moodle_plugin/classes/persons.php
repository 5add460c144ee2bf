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
 * Whose data is in the archive of a job: user ids, and student numbers in a form in which only this site finds them again.
 *
 * Copies for a person, proofs and erasure stand on it after accounts were deleted or joined. A student number is an
 * HMAC-SHA-256 under a key that lies in a file outside of the database, so that a copy of the database tells nobody who was
 * examined. The index says nothing about which work is whose.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class persons {
    /** @var string What tells the field for the id number in the profile from fields that the site made. */
    public const IDNUMBER = 'idnumber';

    /** @var int Users that are looked up at once. */
    private const CHUNK = 1000;

    /** @var int Seconds to wait for another process that makes the key. */
    private const LOCK_SECONDS = 10;

    /** @var int Bytes of the key. */
    private const KEY_BYTES = 32;

    /**
     * Writes down who is in the archive of a job, in place of what was written down before.
     *
     * @param job $job
     * @param int[] $userids
     */
    public static function save(job $job, array $userids): void {
        global $DB;
        $numbers = self::numbers($userids);
        $key = $numbers ? self::key() : '';
        $transaction = $DB->start_delegated_transaction();
        $DB->delete_records('local_archivist_person', ['jobid' => $job->id()]);
        $rows = function () use ($job, $userids, $numbers, $key): \Generator {
            foreach ($userids as $userid) {
                $number = self::normal($numbers[$userid] ?? '');
                yield [
                    'jobid' => $job->id(),
                    'userid' => $userid,
                    'numberhash' => $number === '' ? null : hash_hmac('sha256', $number, $key),
                    'keyid' => $number === '' ? null : self::key_id($key),
                ];
            }
        };
        $DB->insert_records('local_archivist_person', $rows());
        $transaction->allow_commit();
    }

    /**
     * The jobs whose archives have data of whoever has a student number, also when the account is gone.
     *
     * @param string $number
     * @return int[] ids of jobs, the newest first
     */
    public static function jobs_of_number(string $number): array {
        global $DB;
        $number = self::normal($number);
        if ($number === '' || !is_file(self::key_file())) {
            return [];
        }
        $sql = 'SELECT DISTINCT jobid FROM {local_archivist_person} WHERE numberhash = ? ORDER BY jobid DESC';
        return array_map('intval', $DB->get_fieldset_sql($sql, [hash_hmac('sha256', $number, self::key())]));
    }

    /**
     * The jobs whose archives have data of a user, also when the account is gone.
     *
     * @param int $userid
     * @return int[] ids of jobs, the newest first
     */
    public static function jobs_of_user(int $userid): array {
        global $DB;
        $sql = 'SELECT DISTINCT jobid FROM {local_archivist_person} WHERE userid = ? ORDER BY jobid DESC';
        return array_map('intval', $DB->get_fieldset_sql($sql, [$userid]));
    }

    /**
     * How many jobs have student numbers that were entered under another key than the one that is there, or under one that
     * is gone: jobs_of_number() does not find them, jobs_of_user() does.
     *
     * @return int
     */
    public static function jobs_of_other_keys(): int {
        global $DB;
        $key = is_file(self::key_file()) ? self::key_id(self::key()) : '';
        $sql = 'SELECT COUNT(DISTINCT jobid) FROM {local_archivist_person} WHERE keyid IS NOT NULL AND keyid <> ?';
        return $DB->count_records_sql($sql, [$key]);
    }

    /**
     * The field of the profile that has the student number.
     *
     * @return string IDNUMBER, or the short name of a field that the site made
     */
    public static function field(): string {
        return get_config('local_archivist', 'studentnumber') ?: self::IDNUMBER;
    }

    /**
     * The fields of the profile that may have the student number.
     *
     * @return array<string, string> names for people, by what field() returns
     */
    public static function number_fields(): array {
        return [self::IDNUMBER => get_string('idnumber')] + self::made_fields();
    }

    /**
     * The fields of the profile that may stand in archives.
     *
     * @return array<string, string> names for people, by the name of a column of the table of users, or "profile_field_" and the
     *     short name of a field that the site made
     */
    public static function profile_fields(): array {
        $fields = [];
        foreach (['email', 'institution', 'department', 'city', 'country', 'phone1', 'phone2', 'address'] as $name) {
            $fields[$name] = \core_user\fields::get_display_name($name);
        }
        foreach (self::made_fields() as $name => $label) {
            $fields["profile_field_$name"] = $label;
        }
        return $fields;
    }

    /**
     * The fields of the profile that the site made.
     *
     * @return array<string, string> names for people by their short names
     */
    private static function made_fields(): array {
        global $DB;
        $fields = $DB->get_records_menu('user_info_field', null, 'sortorder', 'shortname, name');
        $options = ['context' => \context_system::instance()];
        return array_map(fn(string $name): string => format_string($name, true, $options), $fields);
    }

    /**
     * Student numbers of users.
     *
     * @param int[] $userids
     * @return array<int, string> by user, without those who have none
     */
    public static function numbers(array $userids): array {
        global $DB;
        $numbers = [];
        $field = self::field();
        foreach (array_chunk($userids, self::CHUNK) as $chunk) {
            [$in, $params] = $DB->get_in_or_equal($chunk, SQL_PARAMS_NAMED);
            $numbers += $field === self::IDNUMBER
                ? $DB->get_records_select_menu('user', "id $in", $params, '', 'id, idnumber')
                : $DB->get_records_sql_menu(
                    "SELECT d.userid, d.data FROM {user_info_data} d JOIN {user_info_field} f ON f.id = d.fieldid
                      WHERE f.shortname = :field AND d.userid $in",
                    $params + ['field' => $field],
                );
        }
        return array_filter($numbers, fn(?string $number): bool => self::normal((string) $number) !== '');
    }

    /**
     * A student number as it is compared: people write blanks and letters in different ways.
     *
     * @param string $number
     * @return string
     */
    private static function normal(string $number): string {
        return \core_text::strtolower(preg_replace('/\s+/u', '', $number) ?? $number);
    }

    /**
     * Where the key lies: beside Moodle's own keys.
     *
     * @return string
     */
    public static function key_file(): string {
        global $CFG;
        return ($CFG->secretdataroot ?? "{$CFG->dataroot}/secret") . '/archivist/persons.key';
    }

    /**
     * The site's key, which is made when it is missing.
     *
     * @return string
     * @throws \moodle_exception it can be neither read nor made
     */
    private static function key(): string {
        $path = self::key_file();
        if (!is_file($path)) {
            self::make_key($path);
        }
        $key = (string) @file_get_contents($path);
        if (strlen($key) !== self::KEY_BYTES) {
            throw new \moodle_exception('error_personkey', 'local_archivist', '', $path);
        }
        return $key;
    }

    /**
     * Makes the key, under a lock, so that nobody's is written over. It appears whole or not at all; the file system of
     * moodledata need not know hard links for that.
     *
     * @param string $path
     */
    private static function make_key(string $path): void {
        $lock = locks::wait('persons_key', self::LOCK_SECONDS);
        try {
            clearstatcache(true, $path);
            if ($lock && !is_file($path)) {
                self::write_key($path);
            }
        } finally {
            $lock?->release();
        }
    }

    /**
     * Writes a new key.
     *
     * @param string $path
     */
    private static function write_key(string $path): void {
        make_writable_directory(dirname($path));
        $part = $path . '.' . bin2hex(random_bytes(8));
        $written = @file_put_contents($part, random_bytes(self::KEY_BYTES));
        @chmod($part, 0400);
        if ($written !== self::KEY_BYTES || !@rename($part, $path)) {
            @unlink($part);
        }
        clearstatcache(true, $path);
    }

    /**
     * What tells one key from another, without telling anything about it.
     *
     * @param string $key
     * @return string
     */
    private static function key_id(string $key): string {
        return substr(hash('sha256', "archivist person key\n$key"), 0, 16);
    }
}
