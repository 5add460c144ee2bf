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
use local_archivist\activity;
use local_archivist\overview;

/**
 * The activities of a course: what is archived, what is not, what changed.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class course_activities implements renderable, templatable {
    /** @var int Rows on a page. */
    public const PER_PAGE = 100;

    /** @var int Activities that are archived by one request at most. */
    public const ALL_MAX = 1000;

    /**
     * The table.
     *
     * @param \stdClass $course
     * @param overview $overview
     * @param bool $cancreate whether the user may archive, and something can be archived at the moment
     * @param string $search
     * @param string $state
     * @param bool $unsupported
     * @param int $page from 0
     */
    public function __construct(
        /** @var \stdClass the course */
        private readonly \stdClass $course,
        /** @var overview what is known */
        private readonly overview $overview,
        /** @var bool whether there are buttons to archive */
        private readonly bool $cancreate,
        /** @var string part of the name */
        private readonly string $search = '',
        /** @var string one of activity::STATES, or empty */
        private readonly string $state = '',
        /** @var bool also those that cannot be archived */
        private readonly bool $unsupported = false,
        /** @var int from 0 */
        private readonly int $page = 0,
    ) {
    }

    #[\Override]
    public function export_for_template(renderer_base $output) {
        $found = $this->overview->filter($this->search, $this->state, $this->unsupported);
        $archivable = array_filter($found, [activity_row::class, 'can_archive']);
        $last = max(0, (int) ceil(count($found) / self::PER_PAGE) - 1);
        $page = min(max(0, $this->page), $last);
        $shown = array_slice($found, $page * self::PER_PAGE, self::PER_PAGE);
        $jobs = array_filter(array_map([activity_row::class, 'job_to_download'], $shown));
        $downloads = downloads::first($jobs);
        $rows = array_map(fn(activity $activity): array => activity_row::data(
            $activity,
            $this->cancreate,
            $downloads[activity_row::job_to_download($activity)?->id()] ?? null,
        ), $shown);
        $url = new \moodle_url('/local/archivist/index.php', array_filter([
            'courseid' => $this->course->id, 'search' => $this->search, 'state' => $this->state,
            'unsupported' => (int) $this->unsupported,
        ]));
        return [
            'courseid' => (int) $this->course->id,
            'url' => (new \moodle_url('/local/archivist/index.php'))->out(false),
            'archiveurl' => (new \moodle_url('/local/archivist/archive.php'))->out(false),
            'sesskey' => sesskey(),
            'cancreate' => $this->cancreate && array_filter($shown, [activity_row::class, 'can_archive']),
            'hasactions' => (bool) array_filter($rows, fn(array $row): bool => $row['canarchive'] || $row['download']),
            'everything' => $this->everything(count($found), count($archivable)),
            'search' => $this->search,
            'state' => $this->state,
            'unsupported' => $this->unsupported,
            'stateselect' => $this->state_select(),
            'filtered' => $this->search !== '' || $this->state !== '' || $this->unsupported,
            'hasrows' => (bool) $shown,
            'rows' => $rows,
            'live' => (bool) array_filter($shown, fn(activity $activity): bool => $activity->state === activity::RUNNING),
            'paging' => $output->paging_bar(count($found), $page, self::PER_PAGE, $url),
        ];
    }

    /**
     * The filter by state.
     *
     * @return string HTML
     */
    private function state_select(): string {
        $counts = $this->overview->counts();
        $options = [];
        foreach (activity::STATES as $state) {
            $options[$state] = activity::label($state) . ' (' . ($counts[$state] ?? 0) . ')';
        }
        $nothing = ['' => get_string('all')];
        return \html_writer::select($options, 'state', $this->state, $nothing, ['id' => 'local_archivist-state']);
    }

    /**
     * All activities of the list that can be archived now, on whatever page they are.
     *
     * @param overview $overview
     * @param string $search as for the list
     * @param string $state as for the list
     * @return \cm_info[] by id
     */
    public static function all(overview $overview, string $search, string $state): array {
        $found = array_filter($overview->filter($search, $state), [activity_row::class, 'can_archive']);
        return array_map(fn(activity $activity): \cm_info => $activity->cm, $found);
    }

    /**
     * What is offered for a list that is longer than a page: all of it at once, as far as that is not too much.
     *
     * @param int $found
     * @param int $archivable of these
     * @return array{many: string|null, toomany: string|null}|null null: all of it is on this page
     */
    private function everything(int $found, int $archivable): ?array {
        if (!$this->cancreate || $found <= self::PER_PAGE || !$archivable) {
            return null;
        }
        $many = $archivable <= self::ALL_MAX;
        return [
            'many' => $many ? get_string('archiveeverything', 'local_archivist', $archivable) : null,
            'toomany' => $many ? null : get_string('toomany', 'local_archivist', self::ALL_MAX),
        ];
    }
}
