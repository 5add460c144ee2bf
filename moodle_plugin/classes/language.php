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
 * In which language an archive tells about itself.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class language {
    /** @var string[] What the engine can write index.html in. */
    private const INDEX = ['en', 'de'];

    /**
     * The language of index.html: that of the pages beside it, as far as the engine has it.
     *
     * @return string en or de
     */
    public static function of_index(): string {
        return array_values(array_intersect(self::chain(), self::INDEX))[0];
    }

    /**
     * The language that the words of a plugin come in at the moment: the current one, or the one that stands in for it.
     *
     * @param string $component
     * @return string
     */
    public static function of_words(string $component): string {
        global $CFG;
        $folder = \core_component::get_component_directory($component) . '/lang';
        foreach (self::chain() as $language) {
            if (is_file("$folder/$language/$component.php") || is_file("$CFG->langotherroot/$language/$component.php")) {
                return $language;
            }
        }
        return 'en';
    }

    /**
     * The languages in which Moodle looks for words at the moment, the current one first. One without a language pack is
     * English to Moodle.
     *
     * @return string[]
     */
    private static function chain(): array {
        return [...array_reverse(get_string_manager()->get_language_dependencies(current_language())), 'en'];
    }
}
