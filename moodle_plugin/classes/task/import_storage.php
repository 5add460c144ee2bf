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

namespace local_archivist\task;

use local_archivist\imports;
use local_archivist\job;
use local_archivist\stores;

/**
 * Finds the archives of a storage that the database does not know.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class import_storage extends \core\task\adhoc_task {
    #[\Override]
    public function get_name() {
        return get_string('task_importstorage', 'local_archivist');
    }

    #[\Override]
    public function retry_until_success(): bool {
        return false; // Who asked for it sees what came of it, and asks again.
    }

    /**
     * Queues it.
     *
     * @param array $data storeid; of a search that was begun: after, the last key that was looked at, and begun, its time
     */
    public static function queue(array $data): void {
        $task = new self();
        $task->set_custom_data((object) $data);
        \core\task\manager::queue_adhoc_task($task);
    }

    #[\Override]
    public function execute() {
        $data = $this->get_custom_data();
        $store = stores::get((int) $data->storeid);
        $after = $data->after ?? null;
        $begun = (int) ($data->begun ?? job::now());
        $found = 0;
        $whole = imports::scan($store, function (\stdClass $row) use (&$found): bool {
            $found++;
            mtrace("{$row->storekey}: {$row->status}");
            return !\core\local\cli\shutdown::should_gracefully_exit();
        }, $after, $begun);
        if (!$whole) {
            self::queue(['storeid' => $store->id(), 'after' => $after, 'begun' => $begun]);
        }
        mtrace($whole ? "Found $found archives." : "Cron has to end after $found archives; the next one goes on.");
    }
}
