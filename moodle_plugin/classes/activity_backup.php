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

defined('MOODLE_INTERNAL') || die();
require_once($CFG->dirroot . '/backup/util/includes/backup_includes.php');

/**
 * Moodle's own backup of the activity, beside the collected data.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class activity_backup {
    /**
     * A backup of an activity.
     *
     * @param job $job
     * @param \cm_info $cm
     */
    public function __construct(
        /** @var job the job */
        private readonly job $job,
        /** @var \cm_info the activity */
        private readonly \cm_info $cm,
    ) {
    }

    /**
     * Makes the backup and adds it as backup/activity.mbz.
     *
     * @param package $package
     */
    public function add_to(package $package): void {
        $controller = new \backup_controller(
            \backup::TYPE_1ACTIVITY,
            $this->cm->id,
            \backup::FORMAT_MOODLE,
            \backup::INTERACTIVE_NO,
            \backup::MODE_GENERAL,
            get_admin()->id,
        );
        try {
            $plan = $controller->get_plan();
            // A backup has the data of everybody under their names, or of nobody.
            $named = $this->job->scope()->is_all() && !$this->job->may_have_identities();
            $users = (int) ($named && !archivers::for_cm($this->cm)->is_anonymous());
            $wanted = ['users' => $users, 'anonymize' => 0, 'files' => 1, 'logs' => $users, 'grade_histories' => $users];
            self::apply($plan, $wanted + ['filename' => self::file_name($this->job)]);
            $controller->execute_plan();
            $file = $controller->get_results()['backup_destination'] ?? null;
        } finally {
            $controller->destroy();
        }
        if (!$file) {
            throw new \moodle_exception('cause_nobackup', 'local_archivist');
        }
        $package->add_file('backup/activity.mbz', $file);
    }

    /**
     * Sets what is in the backup, also where the administrator has locked it for people who make backups by hand.
     *
     * @param \backup_plan $plan
     * @param array<string, mixed> $wanted values by name
     * @throws \moodle_exception Moodle would put other people into the backup than the archive may have
     */
    private static function apply(\backup_plan $plan, array $wanted): void {
        // Most settings depend on "users" and can be changed only while it is on.
        $users = ['users' => $wanted['users']];
        foreach ([['users' => 1], array_diff_key($wanted, $users), $users] as $values) {
            foreach ($values as $name => $value) {
                if ($plan->setting_exists($name)) {
                    $setting = $plan->get_setting($name);
                    $setting->set_status(\base_setting::NOT_LOCKED);
                    if ($setting->get_status() === \base_setting::NOT_LOCKED) {
                        $setting->set_value($value);
                    }
                }
            }
        }
        foreach (['users', 'anonymize', 'files'] as $name) {
            if ((int) $plan->get_setting($name)->get_value() !== $wanted[$name]) {
                throw new \moodle_exception('cause_backupsetting', 'local_archivist', '', $name);
            }
        }
    }

    /**
     * Removes the backup of a job from the file pool, also one that a killed run left.
     *
     * @param job $job
     */
    public static function clear(job $job): void {
        $user = \context_user::instance(get_admin()->id, IGNORE_MISSING);
        // Moodle puts a backup without people among those of whoever made it.
        $places = [[(int) $job->record()->contextid, 'backup', 'activity'], [$user ? $user->id : 0, 'user', 'backup']];
        foreach ($places as [$contextid, $component, $area]) {
            $file = get_file_storage()->get_file($contextid, $component, $area, 0, '/', self::file_name($job));
            if ($file) {
                $file->delete();
            }
        }
    }

    /**
     * Jobs whose backup is in the file pool now: they run, or a run of theirs was killed.
     *
     * @return string[] UUIDs
     */
    public static function left_behind(): array {
        global $DB;
        $like = $DB->sql_like('filename', ':name');
        // The index of the table begins with the component and the area.
        $where = "$like AND (component = 'backup' AND filearea = 'activity' OR component = 'user' AND filearea = 'backup')";
        $names = $DB->get_fieldset_select('files', 'filename', $where, ['name' => 'archivist-%.mbz']);
        return array_map(fn(string $name): string => substr($name, strlen('archivist-'), -strlen('.mbz')), $names);
    }

    /**
     * The name of the backup in the pool, by which it is found again.
     *
     * @param job $job
     * @return string
     */
    private static function file_name(job $job): string {
        return "archivist-{$job->record()->uuid}.mbz";
    }
}
