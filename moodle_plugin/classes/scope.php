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
 * Whose data a job archives.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class scope {
    /**
     * A scope.
     *
     * @param int $userid 0: everybody
     */
    private function __construct(
        /** @var int 0: everybody */
        public readonly int $userid,
    ) {
    }

    /**
     * Everybody's data.
     *
     * @return self
     */
    public static function all(): self {
        return new self(0);
    }

    /**
     * One person's data.
     *
     * @param int $userid
     * @return self
     */
    public static function user(int $userid): self {
        if ($userid <= 0) {
            throw new \coding_exception('A scope needs the id of a user.');
        }
        return new self($userid);
    }

    /**
     * From a column of a job: 0 means everybody.
     *
     * @param int $userid
     * @return self
     */
    public static function from_id(int $userid): self {
        return $userid ? self::user($userid) : self::all();
    }

    /**
     * Whether it is everybody's data.
     *
     * @return bool
     */
    public function is_all(): bool {
        return $this->userid === 0;
    }
}
