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
 * Refuses an uninstallation that would lose archives, before anything is removed.
 *
 * Moodle asks no plugin before it begins: it uninstalls the sub-plugins one after the other, then the plugin itself. So the
 * first sub-plugin whose turn it is refuses for all of them.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class uninstallation {
    /**
     * Stops the uninstallation of a sub-plugin, or of the whole plugin, while archives need it.
     *
     * @param string $type such as "archivestore"; empty: the plugin itself
     * @param string $name such as "filesystem"
     * @throws \moodle_exception nothing was removed
     */
    public static function require_allowed(string $type = '', string $name = ''): void {
        if ($type === '' || self::is_of_all()) {
            $number = self::archives();
        } else {
            $number = $type === 'archivestore' ? self::archives($name) : 0;
        }
        if ($number) {
            throw new \moodle_exception('error_uninstall', 'local_archivist', '', $number);
        }
    }

    /**
     * How many archives are stored, or are just being written.
     *
     * @param string|null $plugin in storages of this kind; null: anywhere
     * @return int
     */
    private static function archives(?string $plugin = null): int {
        global $DB;
        $of = $plugin === null ? '' : ' AND s.plugin = :plugin';
        $sql = "SELECT COUNT(DISTINCT f.jobid)
                  FROM {local_archivist_file} f
             LEFT JOIN {local_archivist_store} s ON s.id = f.storeid
                 WHERE f.status <> :deleted $of";
        return $DB->count_records_sql($sql, ['deleted' => 'deleted'] + ($plugin === null ? [] : ['plugin' => $plugin]));
    }

    /**
     * Whether the sub-plugin is uninstalled together with all of Archivist: then uninstall_plugin() has called itself.
     *
     * @return bool
     */
    private static function is_of_all(): bool {
        $calls = array_filter(
            debug_backtrace(DEBUG_BACKTRACE_IGNORE_ARGS),
            fn(array $call): bool => $call['function'] === 'uninstall_plugin' && !isset($call['class']),
        );
        return count($calls) > 1;
    }
}
