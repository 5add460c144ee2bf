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
use local_archivist\jobs;
use local_archivist\output\job_progress;
use local_archivist\places;
use local_archivist\runner;
use local_archivist\state;

/**
 * Runs an archive job in the background.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
class run_job extends \core\task\adhoc_task {
    use \core\task\stored_progress_task_trait;

    /** @var bool Whether it is for large jobs. */
    protected const LARGE = false;

    /** @var int Seconds after which a job looks again whether there is a place. */
    private const WAIT_SECONDS = 30;

    /** @var int Characters that Moodle keeps beside the bar. */
    private const MESSAGE_MAX = 255;

    #[\Override]
    public function get_name() {
        return get_string('task_runjob', 'local_archivist');
    }

    #[\Override]
    protected function get_default_concurrency_limit(): int {
        $own = places::limit(static::LARGE);
        $site = parent::get_default_concurrency_limit();
        return $own && $site ? min($own, $site) : $own + $site;
    }

    #[\Override]
    public function execute() {
        global $DB;
        $id = (int) $this->get_custom_data()->jobid;
        if (!$DB->record_exists('local_archivist_job', ['id' => $id])) {
            mtrace("The archive job $id was deleted meanwhile.");
            return;
        }
        $job = job::get($id);
        if (places::hold(static::LARGE, fn() => $this->run($job))) {
            return;
        }
        $lock = jobs::lock($job);
        if ($lock) { // It costs no attempt, and nobody waits here.
            $job->reload();
            if (in_array($job->status(), state::WAITING, true)) {
                jobs::queue($job, self::WAIT_SECONDS);
            }
            $lock->release();
        }
        mtrace("No place is free for the archive job $id; it waits.");
    }

    /**
     * Runs the job.
     *
     * @param job $job
     */
    private function run(job $job): void {
        $this->start_stored_progress();
        $runner = new runner($job, function (float $fraction, string $message): void {
            $this->progress->update_full(100 * $fraction, self::cut($message));
        });
        if (!$runner->run()) {
            mtrace("The archive job {$job->id()} has ended, or is run by somebody else.");
            return;
        }
        $job->reload();
        mtrace("The archive job {$job->id()} ended: " . state::name($job->status()) . '. ' . $job->record()->cause);
        $this->show_end($job);
    }

    /**
     * Shows in Moodle's list of tasks how the run ended: all is done only when there is an archive. Moodle tells the sentence
     * beside the bar to everybody who is logged in, so it quotes nothing of the job.
     *
     * @param job $job
     */
    private function show_end(job $job): void {
        $data = job_progress::data($job);
        $quotes = $data['final'] && $job->status() !== state::COMPLETED;
        $message = self::cut($quotes ? $data['label'] : $data['message']);
        match (true) {
            in_array($job->status(), [state::COMPLETED, state::PARTIAL], true) => $this->progress->update_full(100, $message),
            state::is_final($job->status()) => $this->progress->error($message),
            default => $this->progress->update_full($this->progress->get_percent(), $message),
        };
    }

    /**
     * As much of a text as Moodle keeps beside the bar.
     *
     * @param string $text
     * @return string
     */
    private static function cut(string $text): string {
        return \core_text::strlen($text) > self::MESSAGE_MAX ? \core_text::substr($text, 0, self::MESSAGE_MAX - 1) . '…' : $text;
    }
}
