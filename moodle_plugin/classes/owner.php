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
 * Whose something in an archive is: the name that is shown, and the stable keys of the people that it is about.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class owner {
    /** @var int Keys that an entry may have. */
    public const KEYS_MAX = 1000;

    /** @var string[] Keys of people: their user id, or a number of blind marking. */
    public readonly array $persons;

    /**
     * An owner.
     *
     * @param string $name of a person or a team, for people
     * @param string[] $persons keys of people
     */
    public function __construct(
        /** @var string of a person or a team, for people */
        public readonly string $name,
        array $persons = [],
    ) {
        $this->persons = array_slice(array_values($persons), 0, self::KEYS_MAX);
    }

    /**
     * What the engine is told about an owner.
     *
     * @param string|self|null $owner
     * @return array{owner: string|null, persons?: string[]} arguments by name
     */
    public static function arguments(string|self|null $owner): array {
        $name = $owner instanceof self ? $owner->name : $owner;
        return ['owner' => $name] + ($owner instanceof self && $owner->persons ? ['persons' => $owner->persons] : []);
    }
}
