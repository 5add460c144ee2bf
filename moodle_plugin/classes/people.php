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
 * Which people of a course somebody may see: those that Moodle's own list of participants shows them.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class people {
    /**
     * Whose data the user can choose to archive from some activities.
     *
     * @param \context_course $context
     * @param \cm_info[] $cms
     * @return string[] names by id; empty for who may not see participants
     */
    public static function choosable(\context_course $context, array $cms): array {
        global $CFG;
        require_once($CFG->dirroot . '/course/lib.php');
        if (!course_can_view_participants($context)) {
            return [];
        }
        $users = self::enrolled($context);
        foreach (self::groupings($context, $cms) as $groupingid) {
            $users = array_intersect_key($users, self::of_own_groups($context, $groupingid));
        }
        $shown = \core_user\fields::for_identity($context)->get_required_fields([\core_user\fields::PURPOSE_IDENTITY]);
        $full = has_capability('moodle/site:viewfullnames', $context);
        $names = [];
        foreach ($users as $user) {
            $identity = array_map(fn(string $field): string => s($user->$field ?? ''), $shown);
            $names[(int) $user->id] = implode(', ', array_filter([fullname($user, $full), ...$identity]));
        }
        return $names;
    }

    /**
     * Whether the user may see one person, maybe one who has left the course.
     *
     * @param int $userid
     * @param \context $context as from job::context()
     * @return bool
     */
    public static function may_see(int $userid, \context $context): bool {
        global $CFG, $USER;
        require_once($CFG->dirroot . '/course/lib.php');
        if (!$context instanceof \context_course || $userid === (int) $USER->id) {
            return true;
        }
        return course_can_view_participants($context) && groups_user_groups_visible(get_course($context->instanceid), $userid);
    }

    /**
     * The name of one person, or what stands for it to who may not see them.
     *
     * @param string $name
     * @param int $userid 0: nobody
     * @param \context $context as from job::context()
     * @return string
     */
    public static function shown(string $name, int $userid, \context $context): string {
        return !$userid || self::may_see($userid, $context) ? $name : get_string('scope_user', 'local_archivist');
    }

    /**
     * Who is enrolled; suspended people only for who may see those.
     *
     * @param \context_course $context
     * @param int|int[] $groups 0: all
     * @return \stdClass[] by id
     */
    private static function enrolled(\context_course $context, int|array $groups = 0): array {
        $fields = \core_user\fields::for_identity($context)->with_name();
        $columns = 'u.id' . $fields->get_sql('u', false, '', '', true)->selects;
        $active = !has_capability('moodle/course:viewsuspendedusers', $context);
        return get_enrolled_users($context, '', $groups, $columns, null, 0, 0, $active);
    }

    /**
     * The groupings within whose groups the user must stay: of the course, and of each activity, as far as groups are
     * separate there.
     *
     * @param \context_course $context
     * @param \cm_info[] $cms
     * @return int[] 0: all groups of the course
     */
    private static function groupings(\context_course $context, array $cms): array {
        $course = get_course($context->instanceid);
        $all = 'moodle/site:accessallgroups';
        $groupings = [];
        if ((int) groups_get_course_groupmode($course) === SEPARATEGROUPS && !has_capability($all, $context)) {
            $groupings[] = (int) $course->defaultgroupingid;
        }
        foreach ($cms as $cm) {
            if ((int) groups_get_activity_groupmode($cm) === SEPARATEGROUPS && !has_capability($all, $cm->context)) {
                $groupings[] = (int) $cm->groupingid;
            }
        }
        return array_unique($groupings);
    }

    /**
     * Who shares a group with the user.
     *
     * @param \context_course $context
     * @param int $groupingid 0: any group of the course
     * @return \stdClass[] by id
     */
    private static function of_own_groups(\context_course $context, int $groupingid): array {
        global $USER;
        $groups = groups_get_all_groups($context->instanceid, $USER->id, $groupingid, 'g.id');
        return $groups ? self::enrolled($context, array_keys($groups)) : [];
    }
}
