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
use local_archivist\leftovers;
use local_archivist\store;

/**
 * Whether a storage can be written, read and deleted from.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class storage extends check {
    /** @var int Less is worth a warning. */
    private const FREE_BYTES_MIN = 1024 * 1024 * 1024;

    /**
     * The check of a storage.
     *
     * @param store $store
     */
    public function __construct(
        /** @var store the storage */
        private store $store,
    ) {
    }

    #[\Override]
    public function get_id(): string {
        return 'storage' . $this->store->id();
    }

    #[\Override]
    public function get_name(): string {
        return get_string('check_storage', 'local_archivist', $this->store->name());
    }

    #[\Override]
    public function get_action_link(): ?\action_link {
        return new \action_link(new \moodle_url('/local/archivist/stores.php'), get_string('page_stores', 'local_archivist'));
    }

    #[\Override]
    public function get_result(): result {
        if (!$this->store->is_enabled()) {
            return new result(result::NA, get_string('check_storage_disabled', 'local_archivist'));
        }
        $check = $this->store->check();
        if (!$check['ok']) {
            return new result(result::ERROR, s($check['detail']));
        }
        $free = $this->store->space()['free'];
        if ($free !== null && $free < self::FREE_BYTES_MIN) {
            return new result(result::WARNING, get_string('check_storage_full', 'local_archivist', display_size($free)));
        }
        $left = $this->store->leftovers();
        if ($left) {
            $a = (object) ['where' => s($this->store->describe()), 'names' => s(leftovers::told($left))];
            return new result(result::WARNING, get_string('check_storage_left', 'local_archivist', $a));
        }
        return new result(result::OK, get_string('check_storage_ok', 'local_archivist'), s($check['detail']));
    }
}
