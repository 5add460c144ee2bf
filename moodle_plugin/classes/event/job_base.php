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
use local_archivist\state;

/**
 * What the six events of an archive job have in common.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
abstract class job_base extends base {
    /** @var string */
    protected const TABLE = 'local_archivist_job';

    /**
     * The event of a job.
     *
     * @param job $job
     * @param string[] $updated names of the fields that changed
     * @return static
     */
    public static function from_job(job $job, array $updated = []): static {
        $record = $job->record();
        $event = static::create([
            'context' => $job->context(),
            'objectid' => $job->id(),
            'relateduserid' => (int) $record->scopeuserid ?: null,
            'other' => array_filter([
                'uuid' => $record->uuid,
                'cmid' => (int) $record->cmid,
                'status' => (int) $record->status,
                'updatedfields' => $updated ?: null,
                'cause' => $record->cause ?? null,
            ], fn($value): bool => $value !== null),
        ]);
        $event->add_record_snapshot('local_archivist_job', $record);
        return $event;
    }

    #[\Override]
    public static function get_name() {
        return get_string('event_' . substr(strrchr(static::class, '\\'), 1), 'local_archivist');
    }

    #[\Override]
    public function get_description() {
        // The cause may name people, and reports show this to whoever may see the log of the course.
        return "The archive job with id '{$this->objectid}' (archive {$this->other['uuid']}) of the course module with id "
            . "'{$this->other['cmid']}' is in the state '" . state::name($this->other['status']) . "'.";
    }

    #[\Override]
    public function get_url() {
        return new \moodle_url('/local/archivist/job.php', ['id' => $this->objectid]);
    }

    #[\Override]
    protected function validate_data() {
        parent::validate_data();
        foreach (['uuid', 'cmid', 'status'] as $key) {
            if (!isset($this->other[$key])) {
                throw new \coding_exception("The '$key' value must be set in other.");
            }
        }
    }
}
