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
 * What somebody had to be allowed to see an activity, kept with its jobs.
 *
 * Archives outlive their activity, and with the activity's context go the group mode and what roles were allowed or denied
 * there. So a job has them on record: which capabilities were needed, and for which roles the activity differed from its
 * course and from the site. It is written down when the job is made, and once more at the last moment before the activity
 * goes. Whoever could see only a group does not see all afterwards, and who could see all still does. Later changes of the
 * roles in the course count as if the activity was still there. No person stands in it.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class rights {
    /** @var string[] What is asked for where nothing is on record. */
    private const UNKNOWN = ['moodle/grade:viewall', 'moodle/site:accessallgroups'];

    /** @var int A role that is neither allowed nor denied. */
    private const NEITHER = 0;

    /** @var int A role that is allowed. */
    private const ALLOWED = 1;

    /** @var int A role that denies whatever other roles allow. */
    private const DENIED = -1;

    /** @var array<string, array<int, int>> What roles are allowed in contexts that many activities share. */
    private array $shared = [];

    /** @var array<string, array<int, int>>|null What was looked up while many jobs are asked for; null: nothing is kept. */
    private static ?array $lookedup = null;

    /**
     * What is kept with a job about an activity as it is now.
     *
     * @param \cm_info $cm
     * @param scope $scope
     * @return string JSON
     */
    public static function of_activity(\cm_info $cm, scope $scope): string {
        return json_encode((new self())->written($cm, $scope), JSON_THROW_ON_ERROR);
    }

    /**
     * What is kept with a job whose activity was collected: from then on it is certain how people stand in the archive.
     *
     * @param job $job
     * @param bool $anonymous whether as numbers
     * @return string|null JSON; null: nothing is on record
     */
    public static function of_collection(job $job, bool $anonymous): ?string {
        global $DB;
        $kept = $DB->get_field('local_archivist_job', 'rights', ['id' => $job->id()]); // The activity may go meanwhile.
        $kept = json_decode($kept ?: 'null', true);
        return $kept ? json_encode(['anonymous' => $anonymous] + $kept, JSON_THROW_ON_ERROR) : null;
    }

    /**
     * Whether people stand in the archive of a job as numbers.
     *
     * @param job $job
     * @return bool|null null: nobody wrote it down
     */
    public static function anonymous(job $job): ?bool {
        return json_decode($job->record()->rights ?? '[]', true)['anonymous'] ?? null;
    }

    /**
     * An activity is about to be deleted.
     *
     * @param int $courseid
     * @param int $cmid
     */
    public static function keep_of_activity(int $courseid, int $cmid): void {
        (new self())->keep($courseid, ['cmid' => $cmid]);
    }

    /**
     * A course is about to be deleted.
     *
     * @param int $courseid
     */
    public static function keep_of_course(int $courseid): void {
        (new self())->keep($courseid, ['courseid' => $courseid]);
    }

    /**
     * Asks for rights on many jobs, and looks up only once what their contexts share.
     *
     * @param callable $ask function (): mixed, in which nobody changes roles
     * @return mixed what it returns
     */
    public static function at_once(callable $ask): mixed {
        $outer = self::$lookedup;
        self::$lookedup ??= [];
        try {
            return $ask();
        } finally {
            self::$lookedup = $outer;
        }
    }

    /**
     * Whether the user has, after the activity is gone, what one had to have to see it.
     *
     * @param job $job
     * @param \stdClass|null $user null: the one who is logged in
     * @return bool
     */
    public static function held(job $job, ?\stdClass $user = null): bool {
        global $USER;
        $context = $job->context();
        $kept = json_decode($job->record()->rights ?? 'null', true);
        if (!$kept) {
            return has_all_capabilities(self::UNKNOWN, $context, $user);
        }
        if (is_siteadmin($user)) {
            return true;
        }
        $differing = $kept[$context instanceof \context_course ? 'course' : 'site'];
        $userid = (int) ($user ?? $USER)->id;
        $roles = self::looked_up(
            "{$context->id} user $userid",
            fn(): array => array_map('intval', array_column(get_user_roles($context, $userid), 'roleid')),
        );
        $roles[] = (int) get_config('core', 'defaultuserroleid');
        foreach ($kept['capabilities'] as $capability) {
            $states = self::looked_up("{$context->id} $capability", fn(): array => self::states($context, $capability));
            $states = ($differing[$capability] ?? []) + $states;
            $mine = array_intersect_key($states, array_flip($roles));
            if (!in_array(self::ALLOWED, $mine, true) || in_array(self::DENIED, $mine, true)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Something about a context, which at_once() looks up only once.
     *
     * @param string $key
     * @param callable $look function (): array
     * @return array
     */
    private static function looked_up(string $key, callable $look): array {
        if (self::$lookedup === null) {
            return $look();
        }
        return self::$lookedup[$key] ??= $look();
    }

    /**
     * The capabilities that are on record, for an activity that is there and whose driver is not.
     *
     * @param job $job
     * @return string[]
     */
    public static function capabilities(job $job): array {
        return json_decode($job->record()->rights ?? 'null', true)['capabilities'] ?? self::UNKNOWN;
    }

    /**
     * Writes down what holds now, in all jobs about some activities. How people stand in their archives stays what it was.
     *
     * @param int $courseid
     * @param array $conditions on jobs
     */
    private function keep(int $courseid, array $conditions): void {
        global $DB;
        $columns = 'id, cmid, modname, scopeuserid, rights';
        $jobs = $DB->get_records('local_archivist_job', $conditions + ['activitygone' => 0], 'id', $columns);
        $cms = $jobs ? get_fast_modinfo($courseid)->get_cms() : [];
        foreach ($jobs as $record) {
            $cm = $cms[(int) $record->cmid] ?? null;
            if ($cm && $cm->modname === $record->modname && archivers::supports($cm->modname)) {
                $job = new job($record);
                $rights = ['anonymous' => self::anonymous($job)] + $this->written($cm, $job->scope());
                $DB->set_field('local_archivist_job', 'rights', json_encode($rights, JSON_THROW_ON_ERROR), ['id' => $job->id()]);
            }
        }
    }

    /**
     * What holds now.
     *
     * @param \cm_info $cm
     * @param scope $scope
     * @return array<string, mixed>
     */
    private function written(\cm_info $cm, scope $scope): array {
        $capabilities = self::needed($cm, $scope);
        $course = \context_course::instance($cm->course);
        $site = \context_system::instance();
        $differing = ['course' => [], 'site' => []];
        foreach ($capabilities as $capability) {
            $there = $this->in_activity($cm, $course, $capability);
            $differing['course'][$capability] = self::difference($there, $this->shared($course, $capability));
            $differing['site'][$capability] = self::difference($there, $this->shared($site, $capability));
        }
        return [
            'groupmode' => (int) groups_get_activity_groupmode($cm),
            'anonymous' => archivers::for_cm($cm)->is_anonymous(),
            'capabilities' => $capabilities,
            'course' => array_filter($differing['course']),
            'site' => array_filter($differing['site']),
        ];
    }

    /**
     * What one must be allowed to see all that an archive of an activity shows.
     *
     * @param \cm_info $cm
     * @param scope $scope
     * @return string[]
     */
    private static function needed(\cm_info $cm, scope $scope): array {
        $archiver = archivers::for_cm($cm);
        $needed = $archiver->required_capabilities();
        if (!$cm->visible && !$cm->deletioninprogress) {
            $needed[] = 'moodle/course:viewhiddenactivities';
        }
        if ($cm->availability !== null) {
            $needed[] = 'moodle/course:ignoreavailabilityrestrictions';
        }
        if (!$scope->is_all() && $archiver->is_anonymous()) {
            $needed[] = $archiver::reveals_people_capability() ?? 'local/archivist:archiveidentities';
        }
        return array_values(array_unique($needed));
    }

    /**
     * What roles are allowed in an activity. Most have nothing of their own.
     *
     * @param \cm_info $cm
     * @param \context_course $course
     * @param string $capability
     * @return array<int, int> by role
     */
    private function in_activity(\cm_info $cm, \context_course $course, string $capability): array {
        global $DB;
        $own = $DB->record_exists('role_capabilities', ['contextid' => $cm->context->id, 'capability' => $capability]);
        return $own ? self::states($cm->context, $capability) : $this->shared($course, $capability);
    }

    /**
     * What roles are allowed in a context that other activities have, too.
     *
     * @param \context $context
     * @param string $capability
     * @return array<int, int> by role
     */
    private function shared(\context $context, string $capability): array {
        return $this->shared["{$context->id} $capability"] ??= self::states($context, $capability);
    }

    /**
     * What roles are allowed.
     *
     * @param \context $context
     * @param string $capability
     * @return array<int, int> by role
     */
    private static function states(\context $context, string $capability): array {
        [$allowed, $denied] = get_roles_with_cap_in_context($context, $capability);
        return array_fill_keys(array_map('intval', $denied), self::DENIED)
            + array_fill_keys(array_map('intval', $allowed), self::ALLOWED);
    }

    /**
     * For which roles it is otherwise than elsewhere.
     *
     * @param array<int, int> $here
     * @param array<int, int> $elsewhere
     * @return array<int, int> what they are allowed here, by role
     */
    private static function difference(array $here, array $elsewhere): array {
        $differing = [];
        foreach (array_keys($here + $elsewhere) as $role) {
            $state = $here[$role] ?? self::NEITHER;
            if ($state !== ($elsewhere[$role] ?? self::NEITHER)) {
                $differing[$role] = $state;
            }
        }
        return $differing;
    }
}
