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
use local_archivist\activity;
use local_archivist\job;
use local_archivist\overview;
use local_archivist\shortfall;

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
        $last = max(0, (int) ceil(count($found) / self::PER_PAGE) - 1);
        $page = min(max(0, $this->page), $last);
        $shown = array_slice($found, $page * self::PER_PAGE, self::PER_PAGE);
        $url = new \moodle_url('/local/archivist/index.php', array_filter([
            'courseid' => $this->course->id, 'search' => $this->search, 'state' => $this->state,
            'unsupported' => (int) $this->unsupported,
        ]));
        return [
            'courseid' => (int) $this->course->id,
            'url' => (new \moodle_url('/local/archivist/index.php'))->out(false),
            'archiveurl' => (new \moodle_url('/local/archivist/archive.php'))->out(false),
            'sesskey' => sesskey(),
            'cancreate' => $this->cancreate && array_filter($shown, fn(activity $a): bool => self::can_archive($a)),
            'search' => $this->search,
            'unsupported' => $this->unsupported,
            'stateselect' => $this->state_select(),
            'filtered' => $this->search !== '' || $this->state !== '' || $this->unsupported,
            'hasrows' => (bool) $shown,
            'rows' => array_map(fn(activity $activity): array => $this->row($activity), $shown),
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
     * Whether there is a button to archive it.
     *
     * @param activity $activity
     * @return bool
     */
    private static function can_archive(activity $activity): bool {
        return !in_array($activity->state, [activity::UNSUPPORTED, activity::RUNNING], true);
    }

    /**
     * The state for people; of an archive that lacks something also how much is in it.
     *
     * @param activity $activity
     * @return string
     */
    private static function label(activity $activity): string {
        return $activity->state === activity::PARTIAL
            ? get_string('activity_partialof', 'local_archivist', (object) (new shortfall($activity->partial->record()))->numbers())
            : activity::label($activity->state);
    }

    /**
     * When a job ended.
     *
     * @param job|null $job
     * @return string|null null: there is none
     */
    private static function time(?job $job): ?string {
        $time = $job ? (int) $job->record()->timefinished : 0;
        return $time ? userdate($time, get_string('strftimedatetimeshort', 'langconfig')) : null;
    }

    /**
     * A row.
     *
     * @param activity $activity
     * @return array<string, mixed>
     */
    private function row(activity $activity): array {
        $cm = $activity->cm;
        $icon = $cm->get_icon_url();
        $plainname = $cm->get_formatted_name(['escape' => false]);
        $progress = $activity->state === activity::RUNNING ? job_progress::data($activity->newest) + ['explained' => true] : null;
        $partial = $activity->state === activity::PARTIAL;
        return [
            'cmid' => (int) $cm->id,
            'name' => $cm->get_formatted_name(),
            'url' => $cm->url ? $cm->url->out(false) : null,
            'icon' => $icon->out(false),
            'iconclass' => $icon->get_param('filtericon') ? '' : 'nofilter',
            'purpose' => plugin_supports('mod', $cm->modname, FEATURE_MOD_PURPOSE, MOD_PURPOSE_OTHER),
            'type' => $cm->get_module_type_name()->out(),
            'section' => get_section_name($this->course, $cm->get_section_info()),
            'label' => self::label($activity),
            'badgeclass' => badge::of_activity($activity->state),
            'archived' => self::time($partial ? $activity->partial : $activity->archived),
            'complete' => $partial ? self::time($activity->archived) : null,
            'cause' => $activity->state === activity::FAILED
                ? access::told((string) $activity->newest->record()->cause) : null,
            'progress' => $progress,
            'joburl' => $activity->newest
                ? (new \moodle_url('/local/archivist/job.php', ['id' => $activity->newest->id()]))->out(false)
                : null,
            'canarchive' => $this->cancreate && self::can_archive($activity),
            'selectlabel' => get_string('selectactivity', 'local_archivist', $plainname),
            'optionslabel' => get_string('archivewithoptions', 'local_archivist', $plainname),
            'optionsurl' => (new \moodle_url('/local/archivist/archive.php', [
                'courseid' => $this->course->id, "cmids[{$cm->id}]" => $cm->id,
            ]))->out(false),
        ];
    }
}
