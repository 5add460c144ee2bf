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
 * How many records of a kind there are, where there may be millions: their number and the highest id stand for them.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class tally implements \Countable {
    /**
     * A tally.
     *
     * @param int $number
     * @param int $highest id
     */
    public function __construct(
        /** @var int how many */
        private int $number = 0,
        /** @var int the highest id of them */
        private int $highest = 0,
    ) {
    }

    /**
     * One more.
     *
     * @param int $id
     */
    public function add(int $id): void {
        $this->number++;
        $this->highest = max($this->highest, $id);
    }

    #[\Override]
    public function count(): int {
        return $this->number;
    }

    /**
     * The highest id.
     *
     * @return int 0: none
     */
    public function highest(): int {
        return $this->highest;
    }
}
