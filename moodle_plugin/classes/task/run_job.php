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
use local_archivist\runner;

/**
 * Runs an archive job in the background.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class run_job extends \core\task\adhoc_task {
    use \core\task\stored_progress_task_trait;

    #[\Override]
    public function get_name() {
        return get_string('task_runjob', 'local_archivist');
    }

    #[\Override]
    public function execute() {
        global $DB;
        $id = (int) $this->get_custom_data()->jobid;
        if (!$DB->record_exists('local_archivist_job', ['id' => $id])) {
            mtrace("The archive job $id was deleted meanwhile.");
            return;
        }
        $this->start_stored_progress();
        $job = job::get($id);
        $runner = new runner($job, function (float $fraction, string $message): void {
            $this->progress->update_full(100 * $fraction, $message);
        });
        if (!$runner->run()) {
            mtrace("The archive job $id has ended, or is run by somebody else.");
            return;
        }
        $job->reload();
        mtrace("The archive job $id ended: " . \local_archivist\state::name($job->status()) . '. ' . $job->record()->cause);
        $this->progress->update_full(100, \local_archivist\state::label($job->status()));
    }
}
