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

use Archivist\Exception\NotFoundException;
use Archivist\Format;
use Archivist\JobResult;

/**
 * The stored copies of a job while it runs.
 *
 * What will be written where is entered before it is: these rows are what people see of it. What of it lies in the
 * storages, the journal says, and the engine takes it back. Where there is no journal nothing is stored, since the engine
 * writes down what it is going to store: what lies there under the key of a row is somebody else's.
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
                jobs::delete_copy($job, $file, tombstones::SUPERSEDED);
                $job->log(2, 'job', get_string('log_superseded', 'local_archivist', $file->storekey));
            }
        }
    }

    /**
     * Enters what will be written, unless an earlier run did.
     *
     * @param store[] $stores
     * @param Format $format
     * @param string $name of the archive, for people
     * @return task_record[] the write tasks
     */
    public function announce(array $stores, Format $format, string $name): array {
        global $DB;
        if ($this->rows) { // By this run, which packs once more.
            return [];
        }
        $uuid = $this->job->record()->uuid;
        $key = substr($uuid, -2) . "/$uuid.{$format->value}";
        foreach ($stores as $store) {
            $place = ['jobid' => $this->job->id(), 'storeid' => $store->id(), 'storekey' => $key, 'status' => 'writing'];
            $row = $DB->get_record('local_archivist_file', $place) ?: (object) ($place + [
                'filename' => "$name.{$format->value}",
                'format' => $format->value,
                'timecreated' => job::now(),
            ]);
            $row->id ??= $DB->insert_record('local_archivist_file', $row);
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
        try {
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
        } catch (\Throwable $e) {
            // The run goes on, and must not see what the database is going to forget. A rollback by the transaction itself
            // is refused after a COMMIT that failed, and leaves it open when the database is away.
            $DB->force_transaction_rollback();
            throw $e;
        }
    }

    /**
     * Removes what runs of this job left in the storages and in the staging folder: it was never entered as stored.
     *
     * An archive that is proven, and of which only the database does not know yet, goes when somebody has cancelled the job,
     * and never because something went wrong afterwards.
     *
     * @throws \moodle_exception|\Archivist\Exception\ArchivistException not all could be removed, or nobody knows what there
     *     is, or it is proven
     */
    public function clear(): void {
        global $DB;
        $journal = new journal($this->job);
        if ($DB->record_exists('local_archivist_file', ['jobid' => $this->job->id(), 'status' => 'writing'])) {
            engine::require_ready(); // Only the engine knows whether there is a journal.
        }
        $status = $journal->status();
        if ($status && !$status->state->isFinal()) {
            $journal->take_back();
            $status = $journal->status();
        }
        if ($status && journal::has_done($status) && !self::are_proven($this->job)) {
            if (!$this->job->is_cancelled()) {
                throw new \moodle_exception('error_provenkept', 'local_archivist');
            }
            $this->remove_written();
        }
        $DB->delete_records('local_archivist_file', ['jobid' => $this->job->id(), 'status' => 'writing']);
        $journal->forget();
    }

    /**
     * Forgets what the engine has written down about a job that is begun anew by hand, unless its next run needs that: one
     * that waits is begun anew with what it has, and one whose archive is proven is completed with it.
     *
     * @throws \moodle_exception|\Archivist\Exception\ArchivistException what is left behind a damaged journal could not be
     *     removed
     */
    public function forget(): void {
        $journal = new journal($this->job);
        if ($journal->is_damaged()) {
            $this->remove_written(); // Afterwards nobody knows that there was anything.
            $journal->forget(true);
        } else if ($this->job->status() === state::RECOVERABLE_ERROR) {
            $journal->requeue();
        } else if (self::are_proven($this->job) || !$journal->is_done()) {
            $journal->forget();
        }
    }

    /**
     * Removes what the rows say.
     */
    private function remove_written(): void {
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
}
