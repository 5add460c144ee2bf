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
 * States of an archive job.
 *
 * The numbers are those of the engine and of other tools of this field; they stand in the database.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class state {
    /** @var int Waits for its turn. */
    public const QUEUED = 10;
    /** @var int Looks whether everything is there. */
    public const PRE_PROCESSING = 20;
    /** @var int Collects what belongs to the activity and packs it. */
    public const ACTIVITY_ARCHIVING = 30;
    /** @var int Finishes the package. */
    public const POST_PROCESSING = 50;
    /** @var int Writes to the storages and reads back. */
    public const STORE = 60;
    /** @var int Removes what was needed meanwhile. */
    public const CLEANUP = 90;
    /** @var int Every stored copy was read back and compared. */
    public const COMPLETED = 100;
    /** @var int Ended with an error; nothing of it is stored. */
    public const FAILURE = 240;
    /** @var int Somebody cancelled it. */
    public const ABORTED = 250;

    /** @var int[] States that no job leaves by itself. */
    public const FINAL = [self::COMPLETED, self::FAILURE, self::ABORTED];

    /** @var array<int, string> Names, as they stand in language strings: state_<name>. */
    private const NAMES = [
        self::QUEUED => 'queued',
        self::PRE_PROCESSING => 'preprocessing',
        self::ACTIVITY_ARCHIVING => 'archiving',
        self::POST_PROCESSING => 'postprocessing',
        self::STORE => 'store',
        self::CLEANUP => 'cleanup',
        self::COMPLETED => 'completed',
        self::FAILURE => 'failure',
        self::ABORTED => 'aborted',
    ];

    /**
     * All states, in the order of a job's life.
     *
     * @return int[]
     */
    public static function all(): array {
        return array_keys(self::NAMES);
    }

    /**
     * Whether a job in this state has ended.
     *
     * @param int $state
     * @return bool
     */
    public static function is_final(int $state): bool {
        return in_array($state, self::FINAL, true);
    }

    /**
     * The short name in English, for machines.
     *
     * @param int $state
     * @return string
     */
    public static function name(int $state): string {
        return self::NAMES[$state] ?? 'unknown';
    }

    /**
     * The name for people, in their language.
     *
     * @param int $state
     * @return string
     */
    public static function label(int $state): string {
        return get_string('state_' . self::name($state), 'local_archivist');
    }
}
