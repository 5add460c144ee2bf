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
     * Where TMPDIR is a folder of all users of the server, somebody else may have put something in the way: what is not
     * a folder of our own is neither emptied nor used, and nobody else can look into the one that is made.
     *
     * @param job $job
     * @param int|null $owner number of the user that a folder of our own belongs to; null: the one as which PHP runs
     * @throws \moodle_exception it cannot be made
     */
    public function __construct(job $job, ?int $owner = null) {
        $this->before = getenv('TMPDIR');
        $this->path = ($this->before ?: make_temp_directory('archivist')) . "/archivist-job-{$job->id()}";
        clearstatcache(true, $this->path);
        if (is_link($this->path) || file_exists($this->path)) {
            if (!$this->is_ours($owner)) {
                throw new \moodle_exception('error_workspaceforeign', 'local_archivist', '', $this->path);
            }
            remove_dir($this->path);
        }
        if (!@mkdir($this->path, 0700)) {
            throw new \moodle_exception('error_workspace', 'local_archivist', '', $this->path);
        }
        putenv("TMPDIR={$this->path}");
    }

    /**
     * Whether what is there is a folder of our own.
     *
     * @param int|null $owner as above
     * @return bool
     */
    private function is_ours(?int $owner): bool {
        if (is_link($this->path) || !is_dir($this->path)) {
            return false;
        }
        $owner ??= function_exists('posix_geteuid') ? posix_geteuid() : null;
        return $owner === null || fileowner($this->path) === $owner;
    }

    /**
     * Removes the folder.
     */
    public function close(): void {
        putenv($this->before === false ? 'TMPDIR' : "TMPDIR={$this->before}");
        remove_dir($this->path);
    }
}
