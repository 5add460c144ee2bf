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

use local_archivist\job;
use local_archivist\jobs;
use local_archivist\places;
use local_archivist\state;

/**
 * Puts jobs back into the queue whose runner died: Moodle itself would leave their tasks alone for up to a day. Those
 * whose runner lives and does nothing are reported, since no process of PHP can end another one.
 *
 * Each job is begun a bounded number of times; the engine gives it up then.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class rescue extends \core\task\scheduled_task {
    /** @var int Seconds without a sign of life after which a job without a task counts as left alone. */
    private const SILENT_SECONDS = 300;

    /** @var string Who says in the log of a job that it hangs. */
    private const SOURCE = 'watchdog';

    #[\Override]
    public function get_name() {
        return get_string('task_rescue', 'local_archivist');
    }

    #[\Override]
    public function execute() {
        global $DB;
        $this->report_stalled();
        [$final, $params] = $DB->get_in_or_equal(state::FINAL, SQL_PARAMS_QM, 'state', false);
        $records = $DB->get_records_select('local_archivist_job', "status $final", $params, 'id');
        if (!$records) {
            return;
        }
        $waiting = $this->waiting();
        foreach ($records as $record) {
            if (isset($waiting[(int) $record->id])) {
                continue;
            }
            try {
                $this->queue_again(new job($record));
            } catch (\moodle_exception $e) {
                // Somebody may have deleted it meanwhile; the others must not wait for that.
                mtrace("The archive job {$record->id} was left alone: {$e->getMessage()}");
            }
        }
    }

    /**
     * Writes into the logs of jobs that hang that they do, once each time.
     */
    private function report_stalled(): void {
        global $DB;
        foreach (jobs::stalled() as $job) {
            $lock = jobs::lock($job);
            if ($lock) { // Its runner is dead.
                $lock->release();
                continue;
            }
            $told = 'jobid = ? AND source = ? AND timecreated >= ?';
            $since = [$job->id(), self::SOURCE, $job->record()->timemodified];
            if (!$DB->record_exists_select('local_archivist_log', $told, $since)) {
                $time = format_time(job::now() - (int) $job->record()->timemodified);
                $job->log(3, self::SOURCE, get_string('log_stalled', 'local_archivist', $time));
                mtrace("The archive job {$job->id()} has made no progress for $time.");
            }
        }
    }

    /**
     * The jobs that have a task; those of dead runners are removed.
     *
     * @return array<int, true> by id
     */
    private function waiting(): array {
        global $DB;
        $waiting = [];
        $factory = \core\lock\lock_config::get_lock_factory('cron');
        [$in, $classes] = $DB->get_in_or_equal(array_map(fn(string $class): string => "\\$class", places::TASKS));
        $tasks = $DB->get_records_select('task_adhoc', "classname $in", $classes, 'id', 'id, customdata, timestarted');
        foreach ($tasks as $task) {
            // A task that was begun and whose lock is free has nobody who runs it, or it has just ended.
            $lock = $task->timestarted ? $factory->get_lock('adhoc_' . $task->id, 0) : null;
            if ($lock) {
                $DB->delete_records('task_adhoc', ['id' => $task->id]);
                $lock->release();
            } else {
                $waiting[(int) (json_decode((string) $task->customdata)->jobid ?? 0)] = true;
            }
        }
        return $waiting;
    }

    /**
     * Queues a job, if really nobody runs it.
     *
     * @param job $job
     */
    private function queue_again(job $job): void {
        $lock = jobs::lock($job);
        if (!$lock) {
            return;
        }
        try {
            $job->reload();
            // One that was just made may be about to be run on a command line.
            $fresh = $job->status() === state::QUEUED && $job->record()->timemodified > job::now() - self::SILENT_SECONDS;
            if (!state::is_final($job->status()) && !$fresh) {
                $job->log(3, 'job', get_string('log_requeued', 'local_archivist'));
                // What was being given up goes on being given up, and what waits goes on waiting.
                $waits = $job->status() === state::RECOVERABLE_ERROR;
                if (!$waits && $job->status() !== state::ERROR_HANDLING) {
                    $job->put_back();
                }
                jobs::queue($job, $waits ? max(0, (int) $job->record()->timeretry - job::now()) : 0);
                mtrace("Nobody runs the archive job {$job->id()} any more; it was put back into the queue.");
            }
        } finally {
            $lock->release();
        }
    }
}
