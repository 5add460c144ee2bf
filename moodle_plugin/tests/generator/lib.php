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

use local_archivist\job;
use local_archivist\state;
use local_archivist\stores;

/**
 * Makes storages, jobs and copies for tests, without archiving anything.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class local_archivist_generator extends component_generator_base {
    /**
     * A storage in a folder.
     *
     * @param string $path
     * @param array<string, mixed> $record further columns
     * @return int its id
     */
    public function create_store(string $path, array $record = []): int {
        return stores::save((object) ($record + [
            'plugin' => 'filesystem', 'name' => 'Shelf', 'settings' => json_encode(['path' => $path]), 'enabled' => 1,
        ]));
    }

    /**
     * A job in a certain state.
     *
     * @param cm_info $cm
     * @param array<string, mixed> $record further columns
     * @return job
     */
    public function create_job(cm_info $cm, array $record = []): job {
        global $DB;
        $id = $DB->insert_record('local_archivist_job', (object) ($record + $this->job_row($cm)));
        return job::get((int) $id);
    }

    /**
     * The row of a completed job.
     *
     * @param cm_info $cm
     * @return array<string, mixed>
     */
    public function job_row(cm_info $cm): array {
        return [
            'uuid' => \core\uuid::generate(),
            'courseid' => $cm->course,
            'cmid' => $cm->id,
            'contextid' => $cm->context->id,
            'modname' => $cm->modname,
            'coursename' => $cm->get_course()->fullname,
            'courseshortname' => $cm->get_course()->shortname,
            'activityname' => $cm->name,
            'userid' => get_admin()->id,
            'scopeuserid' => 0,
            'origin' => 'page',
            'options' => json_encode(['format' => 'zip', 'stores' => []]),
            'status' => state::COMPLETED,
            'cause' => null,
            'fingerprint' => null,
            'timecreated' => 1700000000,
            'timefinished' => 1700000100,
        ];
    }

    /**
     * A copy of an archive, with its bytes in a storage that is a folder.
     *
     * @param job $job
     * @param int $storeid
     * @param string $bytes
     * @param array<string, mixed> $record further columns
     * @return stdClass the row of local_archivist_file, with ->path
     */
    public function create_copy(job $job, int $storeid, string $bytes = 'archive', array $record = []): stdClass {
        global $DB;
        $uuid = $job->record()->uuid;
        $row = (object) ($record + [
            'jobid' => $job->id(), 'storeid' => $storeid, 'storekey' => substr($uuid, -2) . "/$uuid.zip", 'filename' => 'Exam.zip',
            'format' => 'zip', 'sizebytes' => strlen($bytes), 'sha256' => hash('sha256', $bytes), 'status' => 'stored',
            'timecreated' => 1700000100,
        ]);
        $row->id = $DB->insert_record('local_archivist_file', $row);
        $row->path = stores::get($storeid)->describe() . "/{$row->storekey}";
        if (!is_dir(dirname($row->path))) {
            mkdir(dirname($row->path), 0700, true);
        }
        file_put_contents($row->path, $bytes);
        return $row;
    }
}
