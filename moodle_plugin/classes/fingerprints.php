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
 * What the drivers say about the activities of a course, kept for at most ten minutes.
 *
 * Prints of a large course take the database seconds, and pages need them each time. They are computed anew when anything
 * was told about the course (Moodle's events), when something of it was archived, and after ten minutes: some changes have
 * no event, such as an annotation, or one of another course, such as the name of a person. Who archives does not ask here.
 *
 * Each course has a mark in the cache that every event replaces. Prints are kept with the mark that stood there before they
 * were computed, and count as long as it stands: so what changed meanwhile is never taken for known.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class fingerprints {
    /** @var int Seconds that prints are kept. */
    public const SECONDS = 600;

    /**
     * The prints of all activities of one kind in a course.
     *
     * @param class-string<archiver> $driver
     * @param int $courseid
     * @param bool $fresh computed now in any case
     * @return array<int, string> by the id of the course module, as from archiver::fingerprints()
     */
    public static function of(string $driver, int $courseid, bool $fresh = false): array {
        $cache = self::cache();
        $key = "prints_{$courseid}_" . $driver::modname();
        $mark = $cache->get("mark_$courseid");
        $kept = $fresh ? false : $cache->get($key);
        $age = $kept ? job::now() - $kept['time'] : 0;
        if ($kept && $mark !== false && $kept['mark'] === $mark && $age >= 0 && $age < self::SECONDS) {
            return $kept['prints'];
        }
        if ($mark === false) {
            $cache->set("mark_$courseid", $mark = random_string());
        }
        $kept = ['time' => job::now(), 'mark' => $mark];
        $prints = $driver::fingerprints($courseid);
        $cache->set($key, $kept + ['prints' => $prints]);
        return $prints;
    }

    /**
     * Forgets what is kept about a course.
     *
     * @param int $courseid
     */
    public static function forget(int $courseid): void {
        $cache = self::cache();
        if ($cache->has("mark_$courseid")) { // Else nothing is kept and nobody computes anything.
            $cache->set("mark_$courseid", random_string());
        }
    }

    /**
     * Something happened. What only reads changes nothing, nor does a job of ours until it has ended.
     *
     * @param \core\event\base $event
     */
    public static function changed(\core\event\base $event): void {
        if ($event->crud === 'r' || !$event->courseid) {
            return;
        }
        $ours = preg_match('/^(local_archivist|archive(r|store|connector|trigger)_.*)$/', $event->component);
        if (!$ours || $event instanceof event\archive_job_completed || $event instanceof event\archive_job_failed) {
            self::forget((int) $event->courseid);
        }
    }

    /**
     * The cache.
     *
     * @return \core_cache\cache
     */
    private static function cache(): \core_cache\cache {
        return \core_cache\cache::make('local_archivist', 'fingerprints');
    }
}
