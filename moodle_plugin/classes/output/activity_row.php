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

use local_archivist\access;
use local_archivist\activity;
use local_archivist\job;
use local_archivist\shortfall;

/**
 * What is told and offered about one activity, in the list of a course and on its own page.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class activity_row {
    /**
     * A row.
     *
     * @param activity $activity
     * @param bool $cancreate whether the user may archive, and something can be archived at the moment
     * @param array|null $download as from downloads::first()
     * @return array<string, mixed>
     */
    public static function data(activity $activity, bool $cancreate, ?array $download): array {
        $cm = $activity->cm;
        $icon = $cm->get_icon_url();
        $plainname = $cm->get_formatted_name(['escape' => false]);
        $progress = $activity->state === activity::RUNNING ? job_progress::data($activity->newest) + ['explained' => true] : null;
        $partial = $activity->state === activity::PARTIAL;
        $unchanged = $activity->state === activity::ARCHIVED;
        $told = self::job_of_state($activity);
        $options = $unchanged ? 'archiveagainof' : 'archivewithoptions';
        return [
            'cmid' => (int) $cm->id,
            'name' => $cm->get_formatted_name(),
            'url' => $activity->state === activity::UNSUPPORTED
                ? $cm->url?->out(false) : (new \moodle_url('/local/archivist/activity.php', ['id' => $cm->id]))->out(false),
            'icon' => $icon->out(false),
            'iconclass' => $icon->get_param('filtericon') ? '' : 'nofilter',
            'purpose' => plugin_supports('mod', $cm->modname, FEATURE_MOD_PURPOSE, MOD_PURPOSE_OTHER),
            'type' => $cm->get_module_type_name()->out(),
            'section' => get_section_name($cm->get_course(), $cm->get_section_info()),
            'blind' => $activity->anonymous,
            'label' => self::label($activity),
            'badgeclass' => badge::of_activity($activity->state),
            'archived' => self::time($partial ? $activity->partial : $activity->archived),
            'complete' => $partial ? self::time($activity->archived) : null,
            'cause' => $activity->state === activity::FAILED
                ? access::said($activity->newest, $activity->newest->record()->cause) : null,
            'progress' => $progress,
            'joburl' => $told ? (new \moodle_url('/local/archivist/job.php', ['id' => $told->id()]))->out(false) : null,
            'download' => $download,
            'canarchive' => $cancreate && self::can_archive($activity),
            'unchanged' => $unchanged,
            'selectlabel' => get_string('selectactivity', 'local_archivist', $plainname),
            'optionslabel' => get_string($options, 'local_archivist', $plainname),
            'optionsurl' => (new \moodle_url('/local/archivist/archive.php', [
                'courseid' => $cm->course, "cmids[{$cm->id}]" => $cm->id,
            ]))->out(false),
        ];
    }

    /**
     * Whether it can be archived now.
     *
     * @param activity $activity
     * @return bool
     */
    public static function can_archive(activity $activity): bool {
        return !in_array($activity->state, [activity::UNSUPPORTED, activity::RUNNING], true);
    }

    /**
     * The job whose archive is the one to download: the newest that is stored.
     *
     * @param activity $activity
     * @return job|null
     */
    public static function job_to_download(activity $activity): ?job {
        return $activity->state === activity::PARTIAL ? $activity->partial : $activity->archived ?? $activity->partial;
    }

    /**
     * The job of which the state tells.
     *
     * @param activity $activity
     * @return job|null
     */
    private static function job_of_state(activity $activity): ?job {
        return match ($activity->state) {
            activity::ARCHIVED, activity::CHANGED => $activity->archived,
            activity::PARTIAL => $activity->partial,
            default => $activity->newest,
        };
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
        return $time ? moment::told($time) : null;
    }
}
