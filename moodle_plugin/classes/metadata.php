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
 * What metadata/job.json of an archive says about it.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class metadata {
    /**
     * The metadata of a job: who, when, what, whose data, how much of it.
     *
     * @param job $job
     * @param archiver $archiver
     * @param package $package
     * @param array $expected as from archiver::expected()
     * @return array<string, mixed>
     */
    public static function for_job(job $job, archiver $archiver, package $package, array $expected): array {
        global $CFG;
        $record = $job->record();
        $counts = [];
        $archived = $package->counts();
        foreach ($expected as $kind => $records) {
            $counts[$kind] = ['expected' => count($records), 'archived' => $archived[$kind] ?? 0];
        }
        return [
            'system' => [
                'moodle' => $CFG->release,
                'site' => $CFG->wwwroot,
                'plugin' => get_config('local_archivist', 'version'),
                'extension' => engine::version(),
            ],
            'job' => [
                'id' => $job->id(), 'uuid' => $record->uuid, 'origin' => $record->origin,
                'requested' => gmdate('Y-m-d\TH:i:s\Z', (int) $record->timecreated),
                'collected' => gmdate('Y-m-d\TH:i:s\Z', (int) $record->timecollected),
                'userid' => $archiver->is_anonymous() && !$job->is_identities() ? null : (int) $record->userid,
                'purpose' => $record->purpose,
                'of' => $job->parent()?->record()->uuid,
            ],
            'course' => [
                'id' => (int) $record->courseid,
                'fullname' => $record->coursename,
                'shortname' => $record->courseshortname,
            ],
            'activity' => $archiver->metadata(),
            'scope' => $archiver->describe_scope($job->scope()),
            'anonymous' => $archiver->is_anonymous(),
            'backup' => $job->option('backup') ? ($job->backup_has_people() ? 'people' : 'nobody') : 'none',
            'counts' => $counts,
            'leftout' => $archiver->left_out(),
            'failures' => $package->failures(),
        ];
    }

    /**
     * Who asked for the archive. Where people are hidden nobody is named, since it may have been one of them; the job
     * and Moodle's log say it. Who asked for an archive of who is who is always named in it.
     *
     * @param \stdClass $record row of local_archivist_job
     * @param archiver $archiver
     * @return string|null
     */
    public static function created_by(\stdClass $record, archiver $archiver): ?string {
        if ($archiver->is_anonymous() && $record->purpose !== job::IDENTITIES) {
            return null;
        }
        $user = \core_user::get_user($record->userid);
        return $user ? fullname($user) : get_string('unknownuser');
    }
}
