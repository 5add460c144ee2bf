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
 * Plugin info of the external event connectors.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class archiveconnector extends \core\plugininfo\base {
    #[\Override]
    public function is_uninstall_allowed() {
        return true;
    }

    #[\Override]
    public function uninstall_cleanup() {
        \local_archivist\uninstallation::require_allowed($this->type, $this->name); // The first that is called removes nothing.
        parent::uninstall_cleanup();
    }
}
