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

namespace local_archivist\output;

use local_archivist\access;
use local_archivist\job;
use local_archivist\rights;

/**
 * From where the archives of jobs can be downloaded.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class downloads {
    /**
     * The copy that each job offers first: that in the first storage of the list. One query finds them all; what rights take
     * does not depend on how many jobs there are, but for jobs about one person.
     *
     * @param job[] $jobs
     * @return array<int, array{url: string, title: string}> by job; none where nothing can or may be had
     */
    public static function first(array $jobs): array {
        global $DB;
        $jobs = rights::at_once(fn(): array => array_filter($jobs, [access::class, 'may_download']));
        if (!$jobs) {
            return [];
        }
        [$in, $params] = $DB->get_in_or_equal(array_map(fn(job $job): int => $job->id(), $jobs), SQL_PARAMS_NAMED);
        $sql = "SELECT f.*, s.name AS storename
                  FROM {local_archivist_file} f
             LEFT JOIN {local_archivist_store} s ON s.id = f.storeid
                 WHERE f.status = :stored AND f.jobid $in
              ORDER BY s.sortorder, f.id DESC";
        $found = [];
        foreach ($DB->get_records_sql($sql, ['stored' => 'stored'] + $params) as $file) {
            $found[(int) $file->jobid] ??= [
                'url' => self::url($file),
                'title' => get_string('downloadfrom', 'local_archivist', (object) [
                    'store' => $file->storename ?? get_string('storegone', 'local_archivist'),
                    'size' => display_size((int) $file->sizebytes),
                ]),
            ];
        }
        return $found;
    }

    /**
     * Where a copy is handed out.
     *
     * @param \stdClass $file row of local_archivist_file
     * @return string
     */
    public static function url(\stdClass $file): string {
        return (new \moodle_url('/local/archivist/download.php', ['id' => $file->id]))->out(false);
    }
}
