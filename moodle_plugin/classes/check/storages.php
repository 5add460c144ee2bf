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

namespace local_archivist\check;

use core\check\check;
use core\check\result;
use local_archivist\stores;

/**
 * Whether there is a storage at all.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class storages extends check {
    #[\Override]
    public function get_name(): string {
        return get_string('check_storages', 'local_archivist');
    }

    #[\Override]
    public function get_action_link(): ?\action_link {
        return new \action_link(new \moodle_url('/local/archivist/stores.php'), get_string('page_stores', 'local_archivist'));
    }

    #[\Override]
    public function get_result(): result {
        $number = count(stores::all(true));
        return $number
            ? new result(result::OK, get_string('check_storages_ok', 'local_archivist', $number))
            : new result(result::ERROR, get_string('stores_none', 'local_archivist'));
    }

    /**
     * All checks of the plugin.
     *
     * @return check[]
     */
    public static function all(): array {
        $checks = [new engine(), new progress(), new staging(), new self()];
        foreach (stores::all() as $store) {
            $checks[] = new storage($store);
        }
        return $checks;
    }
}
