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

namespace local_archivist\event;

use local_archivist\job;

/**
 * What the events of the drivers' tasks have in common.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
abstract class task_base extends base {
    /** @var string */
    protected const TABLE = 'local_archivist_task';

    /**
     * The event of a task.
     *
     * @param job $job
     * @param \stdClass $record row of local_archivist_task
     * @return static
     */
    public static function from_task(job $job, \stdClass $record): static {
        $jobrecord = $job->record();
        $other = [
            'jobid' => $job->id(),
            'uuid' => $jobrecord->uuid,
            'status' => $record->status,
            'source' => $record->source,
            'destination' => $record->destination,
        ];
        if ($record->kind === 'archive') {
            $other['activity'] = [
                'module' => $jobrecord->modname, 'cmid' => (int) $jobrecord->cmid, 'name' => $jobrecord->activityname,
            ];
            $other['configuration'] = json_decode($jobrecord->options ?? '{}', true);
        }
        if (isset($record->cause)) {
            $other['cause'] = $record->cause;
        }
        $event = static::create([
            'context' => $job->context(),
            'objectid' => (int) $record->id,
            'relateduserid' => (int) $jobrecord->scopeuserid ?: null,
            'other' => $other,
        ]);
        $event->add_record_snapshot('local_archivist_task', $record);
        return $event;
    }

    #[\Override]
    public static function get_name() {
        [$component, , $name] = explode('\\', static::class);
        return get_string('event_' . $name, 'local_archivist', get_string('pluginname', $component));
    }

    #[\Override]
    public function get_description() {
        // The cause may name people, and reports show this to whoever may see the log of the course.
        return "The task with id '{$this->objectid}' of the archive job with id '{$this->other['jobid']}' is "
            . "{$this->other['status']}: from '{$this->other['source']}' to '{$this->other['destination']}'.";
    }

    #[\Override]
    public function get_url() {
        return new \moodle_url('/local/archivist/job.php', ['id' => $this->other['jobid']]);
    }

    #[\Override]
    protected function validate_data() {
        parent::validate_data();
        if (!isset($this->other['jobid'], $this->other['status'])) {
            throw new \coding_exception("The 'jobid' and 'status' values must be set in other.");
        }
    }
}
