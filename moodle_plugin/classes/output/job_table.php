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
use local_archivist\job;
use local_archivist\job_list;
use local_archivist\state;

/**
 * A table of jobs, of one course or of all.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class job_table implements renderable, templatable {
    /** @var int Rows on a page. */
    public const PER_PAGE = 50;

    /** @var int[] Ends that do not speak for themselves. */
    private const EXPLAINED = [state::PARTIAL, state::FAILURE];

    /**
     * The table.
     *
     * @param job_list $list
     * @param \moodle_url $url of the page, with its filter
     * @param int $page from 0
     * @param bool $withcourse whether there is a column for the course
     */
    public function __construct(
        /** @var job_list what to show */
        private readonly job_list $list,
        /** @var \moodle_url of the page */
        private readonly \moodle_url $url,
        /** @var int from 0 */
        private readonly int $page,
        /** @var bool whether there is a column for the course */
        private readonly bool $withcourse = false,
    ) {
    }

    #[\Override]
    public function export_for_template(renderer_base $output) {
        $total = $this->list->count();
        $page = min(max(0, $this->page), max(0, (int) ceil($total / self::PER_PAGE) - 1));
        $records = array_values($this->list->page($page, self::PER_PAGE));
        // Of many courses, to ask who may have what would take too long.
        $downloads = $this->withcourse ? [] : downloads::first(array_map(fn(\stdClass $record): job => new job($record), $records));
        $rows = array_map(
            fn(\stdClass $record): array => self::row($record) + ['download' => $downloads[(int) $record->id] ?? null],
            $records,
        );
        return [
            'withcourse' => $this->withcourse,
            'total' => get_string('jobstotal', 'local_archivist', $total),
            'hasrows' => (bool) $rows,
            'rows' => $rows,
            'live' => in_array(false, array_column($rows, 'final'), true),
            'paging' => $output->paging_bar($total, $page, self::PER_PAGE, $this->url),
        ];
    }

    /**
     * What can be chosen in a filter by state.
     *
     * @return string[]
     */
    public static function states(): array {
        $options = [job_list::ACTIVE => get_string('jobsactive', 'local_archivist')];
        foreach (state::all() as $state) {
            $options[$state] = state::label($state);
        }
        return $options;
    }

    /**
     * The filter by state.
     *
     * @param string $selected
     * @return string HTML
     */
    public static function state_select(string $selected): string {
        $nothing = ['' => get_string('all')];
        return \html_writer::select(self::states(), 'state', $selected, $nothing, ['id' => 'local_archivist-state']);
    }

    /**
     * A row.
     *
     * @param \stdClass $record as from job_list::page()
     * @return array<string, mixed>
     */
    private static function row(\stdClass $record): array {
        $progress = job_progress::data(new job($record));
        return [
            'id' => (int) $record->id,
            'url' => (new \moodle_url('/local/archivist/job.php', ['id' => $record->id]))->out(false),
            'joburl' => (new \moodle_url('/local/archivist/job.php', ['id' => $record->id]))->out(false),
            'activity' => format_string($record->activityname, true, ['context' => \context_system::instance()]),
            'course' => format_string($record->coursename, true, ['context' => \context_system::instance()]),
            'courseurl' => $record->existingcourse
                ? (new \moodle_url('/local/archivist/index.php', ['courseid' => $record->courseid]))->out(false)
                : null,
            'created' => moment::told((int) $record->timecreated),
            'user' => $record->username,
            'scope' => $record->scopename === '' ? get_string('scope_all', 'local_archivist') : $record->scopename,
            'explained' => !$progress['final'] || in_array($progress['state'], self::EXPLAINED, true),
            'size' => $record->copies ? display_size((int) ($record->copybytes / $record->copies)) : null,
            'copies' => $record->copies,
        ] + $progress;
    }
}
