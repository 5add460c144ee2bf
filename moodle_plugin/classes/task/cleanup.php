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

namespace local_archivist\task;

use local_archivist\activity_backup;
use local_archivist\copies;
use local_archivist\engine;
use local_archivist\job;
use local_archivist\jobs;
use local_archivist\journal;
use local_archivist\runner;
use local_archivist\state;

/**
 * Tidies up what interrupted runs left, and old logs.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class cleanup extends \core\task\scheduled_task {
    /** @var int Days that debug and info records are kept where nothing is set. */
    public const LOG_DAYS = 90;

    #[\Override]
    public function get_name() {
        return get_string('task_cleanup', 'local_archivist');
    }

    #[\Override]
    public function execute() {
        // The web server cannot see what cron has loaded; the check on the status page looks here.
        set_config('cronextension', (string) engine::version(), 'local_archivist');
        $this->remove_leftovers();
        $this->remove_superseded();
        $this->remove_backups();
        $this->tidy_staging();
        $this->prune_logs();
    }

    /**
     * Removes from the storages what ended jobs could not remove at once.
     */
    private function remove_leftovers(): void {
        global $DB;
        [$final, $params] = $DB->get_in_or_equal(state::FINAL);
        $sql = "SELECT j.* FROM {local_archivist_job} j WHERE j.status $final
                   AND EXISTS (SELECT 1 FROM {local_archivist_file} f WHERE f.jobid = j.id AND f.status = 'writing')";
        foreach ($DB->get_records_sql($sql, $params) as $record) {
            $this->under_lock($record, "Leftovers of the archive job {$record->id}", function (job $job): void {
                (new copies($job))->clear();
                mtrace("Removed what an interrupted run of the archive job {$job->id()} had left.");
            });
        }
    }

    /**
     * Removes incomplete archives that could not be removed when their job had made a complete one.
     */
    private function remove_superseded(): void {
        global $DB;
        $elsewhere = $DB->sql_position('j.uuid', 'f.storekey') . ' = 0';
        $sql = "SELECT j.* FROM {local_archivist_job} j WHERE j.status = ? AND EXISTS (
                SELECT 1 FROM {local_archivist_file} f WHERE f.jobid = j.id AND f.status = 'stored' AND $elsewhere)";
        foreach ($DB->get_records_sql($sql, [state::COMPLETED]) as $record) {
            $what = "An incomplete archive of the job {$record->id}";
            $this->under_lock($record, $what, fn(job $job) => copies::remove_superseded($job));
        }
    }

    /**
     * Removes from the file pool the backups of ended jobs whose run was killed.
     */
    private function remove_backups(): void {
        global $DB;
        foreach (activity_backup::left_behind() as $uuid) {
            $record = $DB->get_record('local_archivist_job', ['uuid' => $uuid]);
            if (!$record) {
                continue;
            }
            $this->under_lock($record, "A backup of the archive job {$record->id}", function (job $job): void {
                activity_backup::clear($job);
                mtrace("Removed a backup that an interrupted run of the archive job {$job->id()} had left.");
            });
        }
    }

    /**
     * Removes from the staging folder what dead processes left, what belongs to ended jobs, and what belongs to none.
     */
    private function tidy_staging(): void {
        global $DB;
        if (!engine::is_ready()) {
            return;
        }
        try {
            $staging = journal::staging();
            $swept = $staging->sweep();
            $uuids = $staging->uuids();
        } catch (\Throwable $e) {
            mtrace('The staging folder could not be tidied up: ' . runner::sentence($e));
            return;
        }
        if ($swept->damaged) {
            mtrace('Journals of archive jobs are damaged: ' . implode(', ', journal::damaged()));
        }
        $records = [];
        foreach ($DB->get_records_list('local_archivist_job', 'uuid', $uuids) as $record) {
            $records[$record->uuid] = $record;
        }
        foreach ($uuids as $uuid) {
            try {
                $this->tidy_staged($uuid, $records[$uuid] ?? null);
            } catch (\Throwable $e) {
                mtrace("The staging folder of the archive job $uuid could not be removed: " . runner::sentence($e));
            }
        }
    }

    /**
     * Removes the staging folder of a job that has ended or is gone. Where nothing but the folder knows what is stored, it
     * stays, and the check of the status page tells it.
     *
     * @param string $uuid
     * @param \stdClass|null $record its row
     */
    private function tidy_staged(string $uuid, ?\stdClass $record): void {
        if (!$record) {
            $changed = filemtime(journal::folder() . "/$uuid");
            if ($changed !== false && $changed < time() - DAYSECS && journal::is_superfluous($uuid)) {
                journal::remove($uuid);
                mtrace("Removed the staging folder of $uuid, which no archive job has.");
            }
            return;
        }
        $what = "The staging folder of the archive job $uuid";
        $this->under_lock($record, $what, fn(job $job) => (new copies($job))->clear());
    }

    /**
     * Does something with a job that has ended and that nobody runs; what goes wrong keeps no other job from it.
     *
     * @param \stdClass $record row of local_archivist_job, which may have been begun anew since it was read
     * @param string $what is to be removed, for the sentence
     * @param callable $remove function (job $job): void
     */
    private function under_lock(\stdClass $record, string $what, callable $remove): void {
        $job = new job($record);
        $lock = jobs::lock($job);
        if (!$lock) {
            return;
        }
        try {
            $job->reload();
            if (state::is_final($job->status())) {
                $remove($job);
            }
        } catch (\Throwable $e) {
            mtrace("$what could not be removed: " . runner::sentence($e));
        } finally {
            $lock->release();
        }
    }

    /**
     * Deletes old debug and info records; what went wrong stays as long as its job.
     */
    private function prune_logs(): void {
        global $DB;
        $days = get_config('local_archivist', 'logdays');
        $days = $days === false ? self::LOG_DAYS : (int) $days;
        if ($days > 0) {
            $DB->delete_records_select('local_archivist_log', 'level < 2 AND timecreated < ?', [job::now() - $days * DAYSECS]);
        }
    }
}
