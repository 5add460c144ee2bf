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

use Archivist\AsyncTask;
use Archivist\Exception\NotFoundException;
use Archivist\Format;
use Archivist\JobResult;
use Archivist\Operation;
use Archivist\StorageTask;

/**
 * The stored copies of a job while it runs.
 *
 * What will be written where is entered before it is, and only into places that are free: what a run that was killed has
 * left is found by these rows, and nothing else is ever removed.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class copies {
    /** @var \stdClass[] What this run writes, with its task as ->task; in the order of the storages. */
    private array $rows = [];

    /**
     * The copies of a job.
     *
     * @param job $job
     */
    public function __construct(
        /** @var job the job */
        private readonly job $job,
    ) {
    }

    /**
     * Whether the archive that a job makes is stored and proven.
     *
     * @param job $job
     * @return bool
     */
    public static function are_proven(job $job): bool {
        $uuid = $job->record()->uuid;
        foreach ($job->files(true) as $file) {
            if (str_contains($file->storekey, $uuid)) { // The others are of an incomplete archive of this job.
                return true;
            }
        }
        return false;
    }

    /**
     * Deletes the incomplete archives of a job that has made a complete one.
     *
     * @param job $job
     * @throws \moodle_exception one cannot be deleted
     */
    public static function remove_superseded(job $job): void {
        $uuid = $job->record()->uuid;
        foreach ($job->files(true) as $file) {
            if (!str_contains($file->storekey, $uuid)) {
                jobs::delete_copy($job, $file);
                $job->log(2, 'job', get_string('log_superseded', 'local_archivist', $file->storekey));
            }
        }
    }

    /**
     * Enters what will be written.
     *
     * @param store[] $stores
     * @param Format $format
     * @param string $name of the archive, for people
     * @return task_record[] the write tasks
     * @throws \moodle_exception a storage holds an object under this key that is not of this job
     */
    public function announce(array $stores, Format $format, string $name): array {
        global $DB;
        $uuid = $this->job->record()->uuid;
        $key = substr($uuid, -2) . "/$uuid.{$format->value}";
        foreach ($stores as $store) {
            $this->require_free($store, $key);
        }
        foreach ($stores as $store) {
            $row = (object) [
                'jobid' => $this->job->id(),
                'storeid' => $store->id(),
                'storekey' => $key,
                'filename' => "$name.{$format->value}",
                'format' => $format->value,
                'timecreated' => job::now(),
            ];
            $row->id = $DB->insert_record('local_archivist_file', $row);
            $row->task = task_record::create(
                $this->job,
                $store::component(),
                'write',
                "archive $uuid",
                $store->name() . ": $key",
            );
            $row->task->start();
            $this->rows[] = $row;
        }
        return array_column($this->rows, 'task');
    }

    /**
     * Enters all copies as stored, or none: the engine has read back and compared each.
     *
     * @param JobResult $result
     * @param array<string, mixed> $fields of the job that are entered with them
     */
    public function confirm(JobResult $result, array $fields): void {
        global $DB;
        $transaction = $DB->start_delegated_transaction();
        foreach ($this->rows as $i => $row) {
            $DB->update_record('local_archivist_file', (object) [
                'id' => $row->id,
                'storekey' => $result->stored[$i]->key,
                'sizebytes' => $result->containerBytes,
                'sha256' => $result->sha256,
                'sha512' => $result->sha512,
                'status' => 'stored',
            ]);
        }
        $this->job->update($fields);
        $transaction->allow_commit();
    }

    /**
     * Removes what a run of this job left in the storages: it was never entered as stored.
     */
    public function clear(): void {
        global $DB;
        foreach ($DB->get_records('local_archivist_file', ['jobid' => $this->job->id(), 'status' => 'writing']) as $row) {
            $store = stores::get((int) $row->storeid);
            $driver = $store->driver();
            try {
                $driver->delete($row->storekey);
                $this->job->log(2, $store::component(), get_string('log_leftover', 'local_archivist', $store->name()));
            } catch (NotFoundException $e) {
                $this->job->log(0, $store::component(), $e->getMessage());
            }
            $DB->delete_records('local_archivist_file', ['id' => $row->id]);
        }
    }

    /**
     * Refuses to write where something lies that no row knows, such as after a restored database.
     *
     * @param store $store
     * @param string $key
     */
    private function require_free(store $store, string $key): void {
        $task = new AsyncTask(engine::create());
        $task->processTask(new StorageTask($store->driver(), Operation::Stat, key: $key));
        try {
            $task->wait();
        } catch (NotFoundException $e) {
            return;
        }
        throw new \moodle_exception('cause_taken', 'local_archivist', '', $store->name());
    }
}
