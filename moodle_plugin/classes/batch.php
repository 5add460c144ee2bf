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

    /** @var job[] Archives that are still true, in place of which none was made. */
    public array $unchanged = [];

    /** @var string[] Sentences about what could not be archived, by the id of the course module. */
    public array $problems = [];

    /**
     * Makes one job for each activity that is not being archived already, and that changed since it was archived.
     *
     * @param \cm_info[] $cms
     * @param scope $scope
     * @param array<string, mixed> $options as for jobs::create()
     * @param bool $again whether what has not changed is archived once more
     * @return self
     */
    public static function create(array $cms, scope $scope, array $options, bool $again = false): self {
        $batch = new self();
        $unchanged = $again ? [] : overview::unchanged($cms, $scope);
        foreach ($cms as $cm) {
            $name = $cm->get_formatted_name();
            if (isset($unchanged[(int) $cm->id])) {
                $batch->unchanged[] = $unchanged[(int) $cm->id];
                continue;
            }
            $lock = jobs::creation_lock($cm, $scope);
            try {
                if (!$lock || overview::running_job((int) $cm->id, $scope)) {
                    $batch->problems[(int) $cm->id] = get_string('error_running', 'local_archivist', $name);
                    continue;
                }
                $batch->jobs[] = jobs::create($cm, $scope, $options);
            } catch (\moodle_exception $e) {
                $batch->problems[(int) $cm->id] = $name . ': ' . s(runner::sentence($e));
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
        if ($this->unchanged) {
            \core\notification::info(count($this->unchanged) === 1
                ? self::told_unchanged($this->unchanged[0])
                : get_string('jobsunchanged', 'local_archivist', count($this->unchanged)));
        }
        $found = [...$this->jobs, ...$this->unchanged];
        return count($found) === 1 && !$this->problems
            ? new \moodle_url('/local/archivist/job.php', ['id' => $found[0]->id()])
            : new \moodle_url('/local/archivist/index.php', ['courseid' => $courseid]);
    }

    /**
     * That an activity is archived as it is.
     *
     * @param job $job that archived it
     * @return string HTML
     */
    private static function told_unchanged(job $job): string {
        return get_string('jobunchanged', 'local_archivist', (object) [
            'name' => format_string($job->record()->activityname, true, ['context' => \context_system::instance()]),
            'date' => output\moment::told((int) $job->record()->timefinished),
        ]);
    }
}
