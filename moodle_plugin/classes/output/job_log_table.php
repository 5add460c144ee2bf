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

namespace local_archivist\output;

use core\output\renderable;
use core\output\renderer_base;
use core\output\templatable;
use local_archivist\access;
use local_archivist\job;
use local_archivist\job_log;

/**
 * The log of a job: newest first, by level, in pages.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class job_log_table implements renderable, templatable {
    /** @var int Records on a page. */
    public const PER_PAGE = 50;

    /** @var int The least level that is shown. */
    private readonly int $level;

    /**
     * The log.
     *
     * @param job $job
     * @param int $level the least level that is shown; an unknown one: all
     * @param int $page from 0
     */
    public function __construct(
        /** @var job the job */
        private readonly job $job,
        int $level = 0,
        /** @var int from 0 */
        private readonly int $page = 0,
    ) {
        $this->level = isset(job_log::LEVELS[$level]) ? $level : 0;
    }

    #[\Override]
    public function export_for_template(renderer_base $output) {
        if (!access::may_read($this->job)) {
            return ['hidden' => get_string('said_hidden', 'local_archivist')];
        }
        $total = job_log::count($this->job, $this->level);
        $page = min(max(0, $this->page), max(0, (int) ceil($total / self::PER_PAGE) - 1));
        $rows = job_log::page($this->job, $this->level, $page, self::PER_PAGE);
        $levels = array_map(fn(int $level): string => self::label($level), array_keys(job_log::LEVELS));
        return [
            'id' => $this->job->id(),
            'url' => (new \moodle_url('/local/archivist/job.php'))->out(false),
            'hasrows' => (bool) $rows,
            'rows' => array_map([self::class, 'row'], $rows),
            'levelselect' => \html_writer::select($levels, 'level', $this->level, false, ['id' => 'local_archivist-level']),
            'paging' => $output->paging_bar($total, $page, self::PER_PAGE, self::url($this->job, $this->level), 'logpage'),
        ];
    }

    /**
     * The newest warning or error, so that it is seen without a search. The sentence that stands there anyway is not
     * said twice.
     *
     * @param job $job
     * @return array<string, mixed>|null
     */
    public static function problem(job $job): ?array {
        $row = job_log::newest_problem($job);
        if (!$row || $row->message === $job->record()->cause) {
            return null;
        }
        return self::row($row) + ['logurl' => self::url($job, job_log::WARNING)->out(false)];
    }

    /**
     * A record.
     *
     * @param \stdClass $row row of local_archivist_log
     * @return array<string, mixed>
     */
    private static function row(\stdClass $row): array {
        return [
            'time' => moment::told((int) $row->timecreated, 'strftimedatetimeshortaccurate'),
            'label' => self::label((int) $row->level),
            'badgeclass' => badge::of_level((int) $row->level),
            'source' => $row->source,
            'message' => access::told($row->message),
        ];
    }

    /**
     * The name of a level for people.
     *
     * @param int $level
     * @return string
     */
    private static function label(int $level): string {
        return get_string("loglevel_$level", 'local_archivist');
    }

    /**
     * The log from a level on.
     *
     * @param job $job
     * @param int $level
     * @return \moodle_url
     */
    private static function url(job $job, int $level): \moodle_url {
        return new \moodle_url('/local/archivist/job.php', ['id' => $job->id(), 'level' => $level], 'archivist-log');
    }
}
