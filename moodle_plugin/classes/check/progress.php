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

namespace local_archivist\check;

use core\check\check;
use core\check\result;
use local_archivist\job;
use local_archivist\jobs;

/**
 * Whether the jobs that run get on.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class progress extends check {
    #[\Override]
    public function get_name(): string {
        return get_string('check_progress', 'local_archivist');
    }

    #[\Override]
    public function get_action_link(): ?\action_link {
        return new \action_link(new \moodle_url('/local/archivist/jobs.php'), get_string('page_jobs', 'local_archivist'));
    }

    #[\Override]
    public function get_result(): result {
        $jobs = jobs::stalled();
        if (!$jobs) {
            return new result(result::OK, get_string('check_progress_ok', 'local_archivist'));
        }
        $ids = implode(', ', array_map(fn(job $job): int => $job->id(), $jobs));
        return new result(result::WARNING, get_string('check_progress_stalled', 'local_archivist', $ids));
    }
}
