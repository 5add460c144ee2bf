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

namespace local_archivist\tests;

/**
 * Lets a test hear German: the plugin brings its own words, which Moodle takes only where there is a language pack.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class german {
    /**
     * Puts the beginning of a language pack where Moodle looks for them; it goes with the test's data.
     *
     * @param string $name of the pack
     * @param string $parent the one that it builds on
     */
    public static function install(string $name = 'de', string $parent = ''): void {
        global $CFG;
        $config = "$CFG->langotherroot/$name/langconfig.php";
        check_dir_exists(dirname($config));
        if (!is_file($config)) {
            $strings = ['thislanguage' => 'Deutsch', 'parentlanguage' => $parent];
            file_put_contents($config, "<?php\n\$string = " . var_export($strings, true) . " + \$string;\n");
        }
        get_string_manager()->reset_caches(true);
    }
}
