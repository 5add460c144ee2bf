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
 * Finds activity archiving drivers.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class archivers {
    /**
     * Classes of all installed drivers.
     *
     * @return array<string, class-string<archiver>> by the name of the module
     */
    public static function all(): array {
        $found = [];
        foreach (\core_component::get_plugin_list_with_class('archiver', 'archiver') as $class) {
            if (is_subclass_of($class, archiver::class)) {
                $found[$class::modname()] = $class;
            }
        }
        return $found;
    }

    /**
     * Whether activities of this kind can be archived.
     *
     * @param string $modname
     * @return bool
     */
    public static function supports(string $modname): bool {
        return isset(self::all()[$modname]);
    }

    /**
     * The driver for an activity.
     *
     * @param \cm_info $cm
     * @return archiver
     * @throws \moodle_exception there is none
     */
    public static function for_cm(\cm_info $cm): archiver {
        $class = self::all()[$cm->modname] ?? null;
        if (!$class) {
            throw new \moodle_exception('error_unsupported', 'local_archivist', '', $cm->get_module_type_name());
        }
        return new $class($cm);
    }
}
