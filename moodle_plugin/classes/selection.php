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
 * Activities that the command line archives together: of a course, of a category with all below it, or of the site.
 *
 * Courses are looked at one after the other, so that memory depends on the largest course only.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class selection {
    /** @var string[] States of which --changed archives an activity. */
    private const CHANGED = [activity::NEVER, activity::CHANGED, activity::FAILED, activity::PARTIAL];

    /**
     * A selection.
     *
     * @param int $courseid 0: not one course
     * @param int $categoryid 0: not one category; of neither, the site
     * @param bool $changed only what changed since it was archived, or never was archived completely
     * @param bool $fresh the drivers are asked now: for whoever archives what is selected
     */
    public function __construct(
        /** @var int 0: not one course */
        private readonly int $courseid = 0,
        /** @var int 0: not one category */
        private readonly int $categoryid = 0,
        /** @var bool only what changed, or never was archived */
        private readonly bool $changed = false,
        /** @var bool the drivers are asked now */
        private readonly bool $fresh = false,
    ) {
    }

    /**
     * The activities that can be archived, in the order of the courses.
     *
     * @return \Generator<activity>
     */
    public function activities(): \Generator {
        foreach ($this->courses() as $courseid) {
            $activities = array_filter(
                (new overview(get_course($courseid), $this->fresh))->activities(),
                fn(activity $activity): bool => $activity->state !== activity::UNSUPPORTED,
            );
            yield from $this->changed ? $this->changed_of($activities) : array_values($activities);
            get_fast_modinfo($courseid, 0, true); // Else what is known about courses adds up.
        }
    }

    /**
     * Those of which there is no archive that is complete and still true.
     *
     * @param activity[] $activities
     * @return activity[]
     */
    private function changed_of(array $activities): array {
        $candidates = array_filter($activities, fn(activity $a): bool => in_array($a->state, self::CHANGED, true));
        $cms = array_map(fn(activity $activity): \cm_info => $activity->cm, $candidates);
        return array_values(array_diff_key($candidates, overview::unchanged($cms, scope::all())));
    }

    /**
     * Ids of the courses, without the front page unless it is asked for.
     *
     * @return int[]
     */
    private function courses(): array {
        global $DB;
        if ($this->courseid) {
            return [$this->courseid];
        }
        $where = 'id <> :site';
        $params = ['site' => SITEID];
        if ($this->categoryid) {
            $path = $DB->get_field('course_categories', 'path', ['id' => $this->categoryid], MUST_EXIST);
            $where .= ' AND category IN (SELECT id FROM {course_categories} WHERE id = :category OR '
                . $DB->sql_like('path', ':below') . ')';
            $params += ['category' => $this->categoryid, 'below' => $DB->sql_like_escape($path) . '/%'];
        }
        return array_map('intval', $DB->get_fieldset_select('course', 'id', "$where ORDER BY sortorder, id", $params));
    }
}
