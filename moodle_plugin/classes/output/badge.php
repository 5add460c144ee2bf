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

namespace local_archivist\output;

use local_archivist\activity;
use local_archivist\imports;
use local_archivist\state;

/**
 * The colours of states. The text says the same, so that nobody needs to see them.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class badge {
    /** @var string Nothing happened. */
    private const NEUTRAL = 'bg-secondary text-dark';
    /** @var string Something happens. */
    private const INFO = 'bg-info text-white';
    /** @var string All is well. */
    private const SUCCESS = 'bg-success text-white';
    /** @var string Somebody should look. */
    private const WARNING = 'bg-warning text-dark';
    /** @var string Somebody must look. */
    private const DANGER = 'bg-danger text-white';

    /**
     * CSS classes for the state of a job.
     *
     * @param int $status one of state::*
     * @return string
     */
    public static function of_job(int $status): string {
        return match ($status) {
            state::COMPLETED => self::SUCCESS,
            state::FAILURE => self::DANGER,
            state::PARTIAL, state::RECOVERABLE_ERROR, state::ERROR, state::ERROR_HANDLING => self::WARNING,
            state::ABORTED, state::QUEUED => self::NEUTRAL,
            default => self::INFO,
        };
    }

    /**
     * CSS classes for the state of an activity.
     *
     * @param string $state one of activity::*
     * @return string
     */
    public static function of_activity(string $state): string {
        return match ($state) {
            activity::ARCHIVED => self::SUCCESS,
            activity::CHANGED, activity::PARTIAL => self::WARNING,
            activity::FAILED => self::DANGER,
            activity::RUNNING => self::INFO,
            default => self::NEUTRAL,
        };
    }

    /**
     * CSS classes for the state of an archive that was found without the database: never that of one of ours.
     *
     * @param string $status one of imports::*
     * @return string
     */
    public static function of_import(string $status): string {
        return match ($status) {
            imports::VALID => self::INFO,
            imports::MISSING => self::NEUTRAL,
            default => self::DANGER,
        };
    }

    /**
     * CSS classes for the status of a task.
     *
     * @param string $status created, running, completed, failed, aborted
     * @return string
     */
    public static function of_task(string $status): string {
        return match ($status) {
            'completed' => self::SUCCESS,
            'failed' => self::DANGER,
            'running' => self::INFO,
            default => self::NEUTRAL,
        };
    }

    /**
     * CSS classes for the level of a log entry.
     *
     * @param int $level 0 debug to 4 error
     * @return string
     */
    public static function of_level(int $level): string {
        return [3 => self::WARNING, 4 => self::DANGER][$level] ?? self::NEUTRAL;
    }
}
