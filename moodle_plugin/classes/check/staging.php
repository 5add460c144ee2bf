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
use local_archivist\journal;
use local_archivist\leftovers;

/**
 * Whether what the engine has written down about jobs can be read, and nothing else lies there.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class staging extends check {
    #[\Override]
    public function get_name(): string {
        return get_string('check_staging', 'local_archivist');
    }

    #[\Override]
    public function get_action_link(): ?\action_link {
        return new \action_link(new \moodle_url('/local/archivist/jobs.php'), get_string('page_jobs', 'local_archivist'));
    }

    #[\Override]
    public function get_result(): result {
        try {
            $damaged = journal::damaged();
        } catch (\moodle_exception | \Archivist\Exception\ArchivistException $e) {
            return new result(result::ERROR, $e->getMessage());
        }
        if ($damaged) {
            return new result(result::WARNING, get_string('check_staging_damaged', 'local_archivist', implode(', ', $damaged)));
        }
        $left = leftovers::in_staging();
        if ($left) {
            $a = (object) ['folder' => journal::folder(), 'names' => s(leftovers::told($left))];
            return new result(result::WARNING, get_string('check_staging_left', 'local_archivist', $a));
        }
        return new result(result::OK, get_string('check_staging_ok', 'local_archivist'));
    }
}
