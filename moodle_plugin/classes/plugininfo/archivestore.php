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

namespace local_archivist\plugininfo;

/**
 * Plugin info of the storage drivers.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class archivestore extends \core\plugininfo\base {
    /**
     * A driver whose storages hold archives, or held some, is kept: nobody could read them without it.
     *
     * @return bool
     */
    #[\Override]
    public function is_uninstall_allowed() {
        global $DB;
        $sql = 'SELECT 1 FROM {local_archivist_file} f JOIN {local_archivist_store} s ON s.id = f.storeid WHERE s.plugin = ?';
        return !$DB->record_exists_sql($sql, [$this->name]);
    }

    #[\Override]
    public static function get_manage_url() {
        return new \moodle_url('/local/archivist/stores.php');
    }

    #[\Override]
    public function uninstall_cleanup() {
        \local_archivist\uninstallation::require_allowed($this->type, $this->name); // The first that is called removes nothing.
        parent::uninstall_cleanup();
    }
}
