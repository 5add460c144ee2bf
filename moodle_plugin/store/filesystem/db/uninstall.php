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

/**
 * Uninstallation of archivestore_filesystem.
 *
 * @package    archivestore_filesystem
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

/**
 * Refuses as long as archives lie in folders: Moodle would forget where, and what their digests are.
 *
 * @return bool
 */
function xmldb_archivestore_filesystem_uninstall() {
    global $DB;
    $sql = "SELECT 1 FROM {local_archivist_file} f JOIN {local_archivist_store} s ON s.id = f.storeid
             WHERE f.status = 'stored' AND s.plugin = 'filesystem'";
    if ($DB->record_exists_sql($sql)) {
        throw new moodle_exception('error_uninstall', 'archivestore_filesystem');
    }
    return true;
}
