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
 * Makes jobs for several activities, and goes on when one of them cannot be archived.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class batch {
    /** @var job[] The jobs that were made. */
    public array $jobs = [];

    /** @var string[] Sentences about those that were not. */
    public array $problems = [];

    /**
     * Makes one job for each activity that is not being archived already.
     *
     * @param \cm_info[] $cms
     * @param scope $scope
     * @param array<string, mixed> $options as for jobs::create()
     * @return self
     */
    public static function create(array $cms, scope $scope, array $options): self {
        $batch = new self();
        foreach ($cms as $cm) {
            $name = $cm->get_formatted_name();
            $lock = jobs::creation_lock($cm, $scope);
            try {
                if (!$lock || overview::running_job((int) $cm->id, $scope)) {
                    $batch->problems[] = get_string('error_running', 'local_archivist', $name);
                    continue;
                }
                $batch->jobs[] = jobs::create($cm, $scope, $options);
            } catch (\moodle_exception $e) {
                $batch->problems[] = $name . ': ' . s(runner::sentence($e));
            } finally {
                $lock?->release();
            }
        }
        return $batch;
    }

    /**
     * Puts what happened into notifications for the next page, and tells which page that is.
     *
     * @param int $courseid
     * @return \moodle_url
     */
    public function announce(int $courseid): \moodle_url {
        foreach ($this->problems as $problem) {
            \core\notification::error($problem);
        }
        if ($this->jobs) {
            \core\notification::success(count($this->jobs) === 1
                ? get_string('jobscreatedone', 'local_archivist')
                : get_string('jobscreated', 'local_archivist', count($this->jobs)));
        }
        return count($this->jobs) === 1 && !$this->problems
            ? new \moodle_url('/local/archivist/job.php', ['id' => $this->jobs[0]->id()])
            : new \moodle_url('/local/archivist/index.php', ['courseid' => $courseid]);
    }
}
