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
    /** @var int It is being made. */
    public const UNINITIALIZED = 0;
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
    /** @var int Reserved for signatures. */
    public const SIGN = 70;
    /** @var int Removes what was needed meanwhile. */
    public const CLEANUP = 90;
    /** @var int Every stored copy was read back and compared. */
    public const COMPLETED = 100;
    /** @var int As COMPLETED, but named items are not in the archive. */
    public const PARTIAL = 105;
    /** @var int Its copies are gone, and its row goes, too. */
    public const DELETED = 110;
    /** @var int Something went wrong, and it is not decided what becomes of the job. */
    public const ERROR = 200;
    /** @var int Something went wrong that may pass: it waits for its next attempt. */
    public const RECOVERABLE_ERROR = 210;
    /** @var int Removes what the attempt left. */
    public const ERROR_HANDLING = 220;
    /** @var int Ended with an error; nothing of its last attempt is stored. */
    public const FAILURE = 240;
    /** @var int Somebody cancelled it. */
    public const ABORTED = 250;

    /** @var int[] States that no job leaves by itself. */
    public const FINAL = [self::COMPLETED, self::PARTIAL, self::DELETED, self::FAILURE, self::ABORTED];

    /** @var int[] States in which nobody works on a job and something is going to happen. */
    public const WAITING = [self::QUEUED, self::RECOVERABLE_ERROR];

    /** @var int[] States that can be begun anew by hand. */
    public const RETRYABLE = [self::PARTIAL, self::RECOVERABLE_ERROR, self::FAILURE, self::ABORTED];

    /** @var int[] States that pass within a moment and have no event. */
    public const INNER = [self::ERROR, self::ERROR_HANDLING];

    /** @var int[] Where a job may go from wherever somebody works on it: it was interrupted, or something went wrong. */
    private const STOP = [self::QUEUED, self::ERROR, self::ERROR_HANDLING];

    /** @var array<int, int[]> What may follow what: the engine's own table. */
    private const NEXT = [
        self::UNINITIALIZED => [self::QUEUED],
        self::QUEUED => [self::PRE_PROCESSING, self::STORE, self::SIGN, self::CLEANUP, self::ERROR, self::ERROR_HANDLING],
        self::PRE_PROCESSING => [self::ACTIVITY_ARCHIVING, ...self::STOP],
        self::ACTIVITY_ARCHIVING => [self::POST_PROCESSING, self::PRE_PROCESSING, ...self::STOP],
        self::POST_PROCESSING => [self::STORE, ...self::STOP],
        self::STORE => [self::SIGN, self::CLEANUP, ...self::STOP],
        self::SIGN => [self::CLEANUP, ...self::STOP],
        self::CLEANUP => [self::COMPLETED, self::PARTIAL, ...self::STOP],
        self::COMPLETED => [self::DELETED],
        self::PARTIAL => [self::QUEUED, self::DELETED],
        self::DELETED => [],
        self::ERROR => [self::RECOVERABLE_ERROR, self::ERROR_HANDLING],
        self::RECOVERABLE_ERROR => [self::QUEUED, self::ERROR_HANDLING],
        self::ERROR_HANDLING => [self::FAILURE, self::ABORTED, self::PARTIAL],
        self::FAILURE => [self::QUEUED, self::DELETED],
        self::ABORTED => [self::QUEUED, self::DELETED],
    ];

    /** @var array<int, string> Names, as they stand in language strings: state_<name>. */
    private const NAMES = [
        self::UNINITIALIZED => 'uninitialized',
        self::QUEUED => 'queued',
        self::PRE_PROCESSING => 'preprocessing',
        self::ACTIVITY_ARCHIVING => 'archiving',
        self::POST_PROCESSING => 'postprocessing',
        self::STORE => 'store',
        self::SIGN => 'sign',
        self::CLEANUP => 'cleanup',
        self::COMPLETED => 'completed',
        self::PARTIAL => 'partial',
        self::DELETED => 'deleted',
        self::ERROR => 'error',
        self::RECOVERABLE_ERROR => 'recoverable',
        self::ERROR_HANDLING => 'errorhandling',
        self::FAILURE => 'failure',
        self::ABORTED => 'aborted',
    ];

    /** @var int[] States in which no job is found in the database. */
    private const UNSEEN = [self::UNINITIALIZED, self::SIGN, self::DELETED];

    /**
     * All states in which a job may be found, in the order of a job's life.
     *
     * @return int[]
     */
    public static function all(): array {
        return array_values(array_diff(array_keys(self::NAMES), self::UNSEEN));
    }

    /**
     * Whether a job may go from one state to another.
     *
     * @param int $from
     * @param int $next
     * @return bool
     */
    public static function may_become(int $from, int $next): bool {
        return in_array($next, self::NEXT[$from] ?? [], true);
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
