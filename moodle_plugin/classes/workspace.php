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
 * The folder for temporary files of a run: in Moodle's own temporary folder, unless TMPDIR says otherwise. The next run
 * of the job removes what one that was killed left there; Moodle does it after a week.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class workspace {
    /** @var string|false What TMPDIR was before. */
    private string|false $before;

    /** @var string The folder. */
    private string $path;

    /**
     * Makes the folder, empty, and lets the engine use it.
     *
     * @param job $job
     */
    public function __construct(job $job) {
        global $CFG;
        $this->before = getenv('TMPDIR');
        $this->path = ($this->before ?: make_temp_directory('archivist')) . "/archivist-job-{$job->id()}";
        remove_dir($this->path);
        mkdir($this->path, $CFG->directorypermissions);
        putenv("TMPDIR={$this->path}");
    }

    /**
     * Removes the folder.
     */
    public function close(): void {
        putenv($this->before === false ? 'TMPDIR' : "TMPDIR={$this->before}");
        remove_dir($this->path);
    }
}
