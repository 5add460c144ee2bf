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

namespace archivestore_moodledata;

use Archivist\StorageDriver;
use local_archivist\engine;
use local_archivist\stores;

/**
 * Archives in Moodle's own file storage, wherever that is.
 *
 * @package    archivestore_moodledata
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class store extends \local_archivist\store {
    #[\Override]
    public static function allows_another(): bool {
        return self::form_validation([]) === [];
    }

    #[\Override]
    public static function form_definition(\MoodleQuickForm $form): void {
        $form->addElement('static', 'explanation', '', get_string('explanation', 'archivestore_moodledata'));
    }

    #[\Override]
    public static function form_validation(array $data): array {
        foreach (stores::all() as $store) {
            if ($store instanceof self && $store->id() !== (int) ($data['id'] ?? 0)) {
                return ['name' => get_string('error_second', 'archivestore_moodledata', $store->name())];
            }
        }
        return [];
    }

    #[\Override]
    public static function form_settings(\stdClass $data): array {
        return [];
    }

    #[\Override]
    public function describe(): string {
        return get_string('where', 'archivestore_moodledata');
    }

    #[\Override]
    public function driver(): StorageDriver {
        engine::require_ready();
        return new pool();
    }

    #[\Override]
    public function open(string $key) {
        $file = area::get(self::checked_key($key));
        $stream = $file ? $file->get_content_file_handle() : false;
        if (!$stream) {
            throw new \moodle_exception('error_unreadable', 'archivestore_moodledata', '', $this->name());
        }
        return $stream;
    }

    #[\Override]
    public function not_listed(): \moodle_exception {
        return new \moodle_exception('error_list', 'archivestore_moodledata', '', $this->name());
    }

    #[\Override]
    public function space(): array {
        global $CFG;
        if (!empty($CFG->alternative_file_system_class)) {
            return parent::space(); // An object storage has no disk to ask.
        }
        $free = @disk_free_space($CFG->dataroot);
        $total = @disk_total_space($CFG->dataroot);
        return ['free' => $free === false ? null : (int) $free, 'total' => $total === false ? null : (int) $total];
    }
}
