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
 * Moodle's locks: whoever has one loses it when its process dies, on whichever node that ran.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class locks {
    /**
     * A lock, at once or not at all. There is one factory, as only that knows which locks this process has.
     *
     * @param string $name
     * @return \core\lock\lock|null
     */
    public static function take(string $name): ?\core\lock\lock {
        return self::wait($name, 0);
    }

    /**
     * A lock as soon as it is free.
     *
     * @param string $name
     * @param int $seconds to wait at most
     * @return \core\lock\lock|null
     */
    public static function wait(string $name, int $seconds): ?\core\lock\lock {
        static $factory = null;
        $factory ??= \core\lock\lock_config::get_lock_factory('local_archivist');
        return $factory->get_lock($name, $seconds) ?: null;
    }

    /**
     * One of several equal locks, the first that is free.
     *
     * @param string $name
     * @param int $number of them
     * @return \core\lock\lock|null
     */
    public static function take_any(string $name, int $number): ?\core\lock\lock {
        for ($i = 0; $i < $number; $i++) {
            $lock = self::take("{$name}_$i");
            if ($lock) {
                return $lock;
            }
        }
        return null;
    }
}
