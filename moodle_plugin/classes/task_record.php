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
 * A piece of a job that has events of its own: the archiving task of an activity, or the task of a storage.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class task_record {
    /** @var \stdClass The row of local_archivist_task. */
    private \stdClass $record;

    /** @var job The job. */
    private job $job;

    /**
     * A task out of its row.
     *
     * @param job $job
     * @param \stdClass $record
     */
    private function __construct(job $job, \stdClass $record) {
        $this->job = $job;
        $this->record = $record;
    }

    /**
     * Makes a task, with its event.
     *
     * @param job $job
     * @param string $component frankenstyle name of the driver
     * @param string $kind archive, write or read
     * @param string $source where the bytes come from, for people
     * @param string $destination where they go, for people
     * @return self
     */
    public static function create(job $job, string $component, string $kind, string $source, string $destination): self {
        global $DB, $USER;
        $now = job::now();
        $record = (object) [
            'jobid' => $job->id(), 'plugin' => $component, 'kind' => $kind, 'status' => 'created',
            // A copy is read for who downloads it; everything else is done for who asked for the job.
            'userid' => $kind === 'read' ? (int) $USER->id : $job->record()->userid,
            'source' => $source, 'destination' => $destination, 'cause' => null, 'timecreated' => $now, 'timemodified' => $now,
        ];
        $record->id = $DB->insert_record('local_archivist_task', $record);
        $task = new self($job, $record);
        $task->trigger('created');
        return $task;
    }

    /**
     * The tasks of a job that have not ended: of this run, or of one that was killed.
     *
     * @param job $job
     * @return self[]
     */
    public static function unfinished(job $job): array {
        global $DB;
        $where = "jobid = ? AND status IN ('created', 'running')";
        $records = $DB->get_records_select('local_archivist_task', $where, [$job->id()], 'id');
        return array_map(fn(\stdClass $record): self => new self($job, $record), array_values($records));
    }

    /**
     * It runs now.
     */
    public function start(): void {
        $this->change('running', null, 'updated');
    }

    /**
     * It has ended; once, later calls do nothing.
     *
     * @param string $status completed, failed or aborted
     * @param string|null $cause a sentence
     */
    public function end(string $status, ?string $cause = null): void {
        if (in_array($this->record->status, ['created', 'running'], true)) {
            $this->change($status, $cause, $status);
        }
    }

    /**
     * The row.
     *
     * @return \stdClass
     */
    public function record(): \stdClass {
        return clone $this->record;
    }

    /**
     * Writes the row and triggers the event.
     *
     * @param string $status
     * @param string|null $cause
     * @param string $event the end of its name
     */
    private function change(string $status, ?string $cause, string $event): void {
        global $DB;
        $this->record->status = $status;
        $this->record->cause = $cause;
        $this->record->timemodified = job::now();
        $DB->update_record('local_archivist_task', $this->record);
        $this->trigger($event);
    }

    /**
     * Triggers an event of the driver's own: \archiver_x\event\task_*, \archivestore_x\event\{read,write}_task_*.
     *
     * @param string $what created, updated, completed, failed or aborted
     */
    private function trigger(string $what): void {
        $prefix = $this->record->kind === 'archive' ? 'task' : "{$this->record->kind}_task";
        $class = "\\{$this->record->plugin}\\event\\{$prefix}_$what";
        $class::from_task($this->job, $this->record)->trigger();
    }
}
