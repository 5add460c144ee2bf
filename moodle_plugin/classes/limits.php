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

use Archivist\Limits as native_limits;
use Archivist\Retry;

/**
 * What the administrator lets jobs take: attempts, time, places.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class limits {
    /** @var array<string, int[]> Default, lowest and highest value by the name of the setting. */
    public const SETTINGS = [
        'jobsmax' => [2, 0, 100],
        'nice' => [10, 0, 19],
        'attempts' => [5, 1, 100],
        'timelimit' => [12, 0, 8760],
        'stalllimit' => [30, 0, 10080],
        'staginglimitgib' => [0, 0, 1048576],
    ];

    /** @var string[] What the setting of the priority at the disk may be: names of the engine's. */
    public const IO_PRIORITIES = ['Normal', 'Low', 'Idle'];

    /** @var string[] What the setting of staging may be: into the storages at once, or packed beside them first. */
    public const STAGING = ['stream', 'stage'];

    /** @var Retry|null For tests instead of the settings. */
    private static ?Retry $testretry = null;

    /** @var native_limits|null For tests instead of the settings. */
    private static ?native_limits $testtimes = null;

    /**
     * How many jobs of the site run at once.
     *
     * @return int 0: any number
     */
    public static function places(): int {
        return self::setting('jobsmax');
    }

    /**
     * How far the engine's threads step back behind others at the processor.
     *
     * @return int 0 to 19
     */
    public static function nice(): int {
        return self::setting('nice');
    }

    /**
     * How far they step back at the disk.
     *
     * @return string one of IO_PRIORITIES
     */
    public static function io_priority(): string {
        $name = get_config('local_archivist', 'iopriority');
        return in_array($name, self::IO_PRIORITIES, true) ? $name : 'Low';
    }

    /**
     * How often a job is begun before the engine gives it up: a run that was killed counts.
     *
     * @return int
     */
    public static function attempts(): int {
        return self::setting('attempts');
    }

    /**
     * Which runs of a job follow one that failed, as the engine is told.
     *
     * @return Retry
     */
    public static function retry(): Retry {
        return self::$testretry ?? new Retry(self::attempts());
    }

    /**
     * How long a job may take: since its first work, over all runs, and without progress; as the engine is told.
     *
     * @return native_limits
     */
    public static function times(): native_limits {
        return self::$testtimes ?? new native_limits(1000 * HOURSECS * self::setting('timelimit'), 1000 * self::stall_seconds());
    }

    /**
     * For tests, which cannot wait as long as settings may be.
     *
     * @param Retry|null $retry null: as the settings say
     * @param native_limits|null $times null: as the settings say
     */
    public static function set_for_test(?Retry $retry = null, ?native_limits $times = null): void {
        [self::$testretry, self::$testtimes] = [$retry, $times];
    }

    /**
     * How long a run may make no progress.
     *
     * @return int seconds; 0: for ever
     */
    public static function stall_seconds(): int {
        return self::setting('stalllimit') * MINSECS;
    }

    /**
     * Whether an archive is packed into the staging folder and stored from there.
     *
     * @return bool false: it is packed into the storages at once
     */
    public static function stages(): bool {
        return get_config('local_archivist', 'staging') === 'stage';
    }

    /**
     * How much may lie in the staging folder.
     *
     * @return int bytes; 0: what the disk has
     */
    public static function staging_bytes(): int {
        return self::setting('staginglimitgib') * 1024 ** 3;
    }

    /**
     * A setting, also where it was never saved.
     *
     * @param string $name
     * @return int
     */
    private static function setting(string $name): int {
        $value = get_config('local_archivist', $name);
        return $value === false ? self::SETTINGS[$name][0] : (int) $value;
    }
}
