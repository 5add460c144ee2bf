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
 * What of a course is archived, what is not, and what changed since.
 *
 * The number of queries depends on the number of installed drivers, never on the number of activities or jobs.
 * Only jobs that archive everybody's data count: a copy for one student does not make an exam archived.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class overview {
    /** @var \stdClass The course. */
    private \stdClass $course;

    /** @var activity[]|null All of them, once they are asked for. */
    private ?array $activities = null;

    /**
     * The overview of a course.
     *
     * @param \stdClass $course
     * @param bool $fresh the drivers are asked now: for whoever archives what changed
     */
    public function __construct(
        \stdClass $course,
        /** @var bool the drivers are asked now */
        private readonly bool $fresh = false,
    ) {
        $this->course = $course;
    }

    /**
     * All activities that the user may see, in the order of the course.
     *
     * @return activity[] by the id of the course module
     */
    public function activities(): array {
        return $this->activities ??= $this->load();
    }

    /**
     * Some of them.
     *
     * @param string $search part of the name; empty: all
     * @param string $state one of activity::STATES; empty: all
     * @param bool $unsupported also those that cannot be archived
     * @return activity[] by the id of the course module
     */
    public function filter(string $search = '', string $state = '', bool $unsupported = false): array {
        $search = \core_text::strtolower(trim($search));
        return array_filter($this->activities(), function (activity $activity) use ($search, $state, $unsupported): bool {
            if ($state !== '' && $activity->state !== $state) {
                return false;
            }
            if ($activity->state === activity::UNSUPPORTED && !$unsupported && $state !== activity::UNSUPPORTED) {
                return false;
            }
            $name = $activity->cm->get_formatted_name(['escape' => false]);
            return $search === '' || str_contains(\core_text::strtolower($name), $search);
        });
    }

    /**
     * How many there are of each state.
     *
     * @return array<string, int> by state, without those that there are none of
     */
    public function counts(): array {
        return array_count_values(array_map(fn(activity $activity): string => $activity->state, $this->activities()));
    }

    /**
     * The job that archives an activity right now, or waits to.
     *
     * @param int $cmid
     * @param scope $scope
     * @return job|null
     */
    public static function running_job(int $cmid, scope $scope): ?job {
        global $DB;
        [$notfinal, $params] = $DB->get_in_or_equal(state::FINAL, SQL_PARAMS_NAMED, 'final', false);
        $select = "cmid = :cmid AND scopeuserid = :scopeuserid AND purpose = :purpose AND status $notfinal";
        $params += ['cmid' => $cmid, 'scopeuserid' => $scope->userid, 'purpose' => job::ACTIVITY];
        $records = $DB->get_records_select('local_archivist_job', $select, $params, 'id DESC', '*', 0, 1);
        return $records ? new job(reset($records)) : null;
    }

    /**
     * Archives that are complete, stored and still true as the drivers see it now: another one would repeat them.
     *
     * @param \cm_info[] $cms
     * @param scope $scope
     * @return job[] by the id of the course module; the newest of each, and none where something changed since
     */
    public static function unchanged(array $cms, scope $scope): array {
        $drivers = archivers::all();
        $courses = [];
        foreach ($cms as $cm) {
            $courses[(int) $cm->course][(int) $cm->id] = $cm;
        }
        $found = [];
        foreach ($courses as $courseid => $cms) {
            $jobs = array_intersect_key(self::newest_stored($courseid, state::COMPLETED, $scope), $cms);
            foreach (self::prints_of($courseid, $drivers, $jobs, true) as $cmid => $print) {
                if (isset($jobs[$cmid]) && $jobs[$cmid]->record()->fingerprint === $print) {
                    $found[$cmid] = $jobs[$cmid];
                }
            }
        }
        return $found;
    }

    /**
     * Finds everything out.
     *
     * @return activity[]
     */
    private function load(): array {
        global $CFG;
        $courseid = (int) $this->course->id;
        $newest = self::newest_jobs($courseid, scope::all());
        $archived = self::newest_stored($courseid, state::COMPLETED, scope::all());
        $partial = self::newest_stored($courseid, state::PARTIAL, scope::all());
        $drivers = archivers::all();
        $modinfo = get_fast_modinfo($this->course);
        if (!empty($CFG->filterall)) {
            filter_preload_activities($modinfo); // Else names are filtered with queries for each.
        }
        $prints = self::prints_of($courseid, $drivers, $archived, $this->fresh);
        $anonymous = self::anonymous($courseid, $drivers, $modinfo);
        $activities = [];
        foreach ($modinfo->get_sections() as $cmids) {
            foreach ($cmids as $cmid) {
                $cm = $modinfo->get_cm($cmid);
                if ($cm->deletioninprogress || !$cm->uservisible) {
                    continue;
                }
                $jobs = [$newest[$cmid] ?? null, $archived[$cmid] ?? null, $partial[$cmid] ?? null];
                $state = isset($drivers[$cm->modname]) ? self::state($prints[$cmid] ?? null, ...$jobs) : activity::UNSUPPORTED;
                $activities[$cmid] = new activity($cm, $state, ...$jobs, anonymous: isset($anonymous[$cmid]));
            }
        }
        return $activities;
    }

    /**
     * The state of an activity.
     *
     * @param string|null $print of the activity as it is now
     * @param job|null $newest
     * @param job|null $archived
     * @param job|null $partial
     * @return string
     */
    private static function state(?string $print, ?job $newest, ?job $archived, ?job $partial): string {
        if ($newest && !state::is_final($newest->status())) {
            return activity::RUNNING;
        }
        if ($newest && $newest->status() === state::FAILURE) {
            return activity::FAILED;
        }
        if ($partial && (!$archived || $partial->id() > $archived->id())) {
            return activity::PARTIAL;
        }
        if (!$archived) {
            return activity::NEVER;
        }
        return $print === null || $print === $archived->record()->fingerprint ? activity::ARCHIVED : activity::CHANGED;
    }

    /**
     * The newest job of each activity that ended in a certain way and of which a copy is stored.
     *
     * @param int $courseid
     * @param int $status
     * @param scope $scope
     * @return job[] by the id of the course module
     */
    private static function newest_stored(int $courseid, int $status, scope $scope): array {
        $condition = 'AND i.status = :status AND EXISTS (
                SELECT 1 FROM {local_archivist_file} f WHERE f.jobid = i.id AND f.status = :stored)';
        return self::newest_jobs($courseid, $scope, $condition, ['status' => $status, 'stored' => 'stored']);
    }

    /**
     * The newest job of each activity.
     *
     * @param int $courseid
     * @param scope $scope
     * @param string $condition further SQL on the job i
     * @param array<string, mixed> $params
     * @return job[] by the id of the course module
     */
    private static function newest_jobs(int $courseid, scope $scope, string $condition = '', array $params = []): array {
        global $DB;
        $sql = "SELECT j.*
                  FROM {local_archivist_job} j
                  JOIN (SELECT MAX(i.id) AS id
                          FROM {local_archivist_job} i
                         WHERE i.courseid = :courseid AND i.scopeuserid = :scopeuserid AND i.purpose = :purpose $condition
                      GROUP BY i.cmid) newest ON newest.id = j.id";
        $jobs = [];
        $params += ['courseid' => $courseid, 'scopeuserid' => $scope->userid, 'purpose' => job::ACTIVITY];
        foreach ($DB->get_records_sql($sql, $params) as $record) {
            $jobs[(int) $record->cmid] = new job($record);
        }
        return $jobs;
    }

    /**
     * In which activities people who take part must not be recognisable now.
     *
     * @param int $courseid
     * @param array<string, class-string<archiver>> $drivers
     * @param \course_modinfo $modinfo
     * @return array<int, mixed> by the id of the course module
     */
    private static function anonymous(int $courseid, array $drivers, \course_modinfo $modinfo): array {
        $found = [];
        foreach (array_intersect_key($drivers, $modinfo->get_instances()) as $class) {
            $found += array_flip($class::anonymous_activities($courseid));
        }
        return $found;
    }

    /**
     * What the drivers say about the activities as they are now, or were a moment ago. Only what is archived can have
     * changed since, so the others are not asked.
     *
     * @param int $courseid
     * @param array<string, class-string<archiver>> $drivers
     * @param job[] $archived
     * @param bool $fresh they are asked now
     * @return array<int, string> by the id of the course module
     */
    private static function prints_of(int $courseid, array $drivers, array $archived, bool $fresh): array {
        $kinds = array_map(fn(job $job): string => $job->record()->modname, $archived);
        $prints = [];
        foreach (array_intersect_key($drivers, array_flip($kinds)) as $class) {
            $prints += fingerprints::of($class, $courseid, $fresh);
        }
        return $prints;
    }
}
