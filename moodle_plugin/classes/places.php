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
 * The places for jobs that run at once, on all cron nodes together.
 *
 * Two classes of tasks, one for small jobs and one for large ones, let Moodle's own limits do the work: it starts no
 * more of a class than that says, oldest first, and takes by turns from the classes. So a small job does not wait behind
 * large ones, nor a large one behind a crowd of small ones. Locks make the numbers hard, also where Moodle's limits are
 * not looked at or two nodes look at the same time.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class places {
    /** @var int Jobs about more bytes than these are large. */
    public const LARGE_BYTES = 1024 * 1024 * 1024;

    /** @var array<int, class-string<task\run_job>> Classes of tasks: of small jobs, of large ones. */
    public const TASKS = [task\run_job::class, task\run_large_job::class];

    /**
     * Whether a job is a large one.
     *
     * @param job $job
     * @return bool
     */
    public static function is_large(job $job): bool {
        return (int) $job->record()->sizeestimate > self::LARGE_BYTES;
    }

    /**
     * A task that runs a job.
     *
     * @param job $job
     * @return task\run_job
     */
    public static function task(job $job): task\run_job {
        $class = self::TASKS[(int) self::is_large($job)];
        return new $class();
    }

    /**
     * How many tasks of a class may run at once now: each class leaves the other one a place, if that has something to run.
     *
     * @param bool $large
     * @return int 0: any number
     */
    public static function limit(bool $large): int {
        global $DB;
        $max = limits::places();
        if (!$max) {
            return 0;
        }
        if ($large) {
            return max(1, $max - 1);
        }
        $due = 'timestarted IS NOT NULL OR nextruntime <= :now';
        $found = $DB->get_record_sql(
            "SELECT COUNT(timestarted) AS running, COUNT(1) AS wanted FROM {task_adhoc} WHERE classname = :class AND ($due)",
            ['class' => '\\' . task\run_large_job::class, 'now' => job::now()],
        );
        return max(1, $max - max((int) $found->running, min(1, (int) $found->wanted)));
    }

    /**
     * Does something in a place of its own.
     *
     * @param bool $large whether it is about a large job
     * @param callable $work function (): void
     * @return bool false: there was no place, and it was not done
     */
    public static function hold(bool $large, callable $work): bool {
        $max = limits::places();
        $wanted = $max ? ['place' => $max] : [];
        if ($large && $max > 1) {
            $wanted = ['large' => $max - 1] + $wanted;
        }
        $held = [];
        try {
            foreach ($wanted as $name => $number) {
                $lock = locks::take_any($name, $number);
                if (!$lock) {
                    return false;
                }
                $held[] = $lock;
            }
            $work();
            return true;
        } finally {
            foreach ($held as $lock) {
                $lock->release();
            }
        }
    }
}
