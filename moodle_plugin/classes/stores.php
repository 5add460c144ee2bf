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
 * The configured storages.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class stores {
    /**
     * Classes of all installed storage drivers.
     *
     * @return array<string, class-string<store>> by the name of the sub-plugin without its type
     */
    public static function kinds(): array {
        $kinds = [];
        foreach (\core_component::get_plugin_list_with_class('archivestore', 'store') as $component => $class) {
            if (is_subclass_of($class, store::class)) {
                $kinds[substr($component, strlen('archivestore_'))] = $class;
            }
        }
        return $kinds;
    }

    /**
     * All storages, in their order.
     *
     * @param bool $enabledonly only those that new archives go to
     * @return store[] by id
     */
    public static function all(bool $enabledonly = false): array {
        global $DB;
        $stores = [];
        $conditions = $enabledonly ? ['enabled' => 1] : null;
        foreach ($DB->get_records('local_archivist_store', $conditions, 'sortorder, id') as $record) {
            $store = self::from_record($record);
            if ($store) {
                $stores[(int) $record->id] = $store;
            }
        }
        return $stores;
    }

    /**
     * One storage.
     *
     * @param int $id
     * @return store
     * @throws \moodle_exception it is gone, or its sub-plugin is
     */
    public static function get(int $id): store {
        $record = self::record($id);
        return self::from_record($record)
            ?? throw new \moodle_exception('error_storenodriver', 'local_archivist', '', $record->name);
    }

    /**
     * One storage that archives may be written to.
     *
     * @param int $id
     * @return store
     * @throws \moodle_exception it is gone or disabled
     */
    public static function get_enabled(int $id): store {
        $store = self::get($id);
        if (!$store->is_enabled()) {
            throw new \moodle_exception('error_storedisabled', 'local_archivist', '', $store->name());
        }
        return $store;
    }

    /**
     * A storage out of a row.
     *
     * @param \stdClass $record
     * @return store|null null when its sub-plugin is not installed
     */
    public static function from_record(\stdClass $record): ?store {
        $class = self::kinds()[$record->plugin] ?? null;
        return $class ? new $class($record) : null;
    }

    /**
     * A sentence of the engine's about a storage, with the name that people know it by: they may not see its path.
     *
     * @param string $message
     * @param int[] $ids of the storages that it may be about
     * @return string
     */
    public static function named(string $message, array $ids): string {
        $stores = array_intersect_key(self::all(), array_flip($ids));
        $names = [];
        foreach ($stores as $store) {
            $place = preg_quote(rtrim($store->describe(), '/'), '~');
            if (count($stores) === 1 || preg_match("~$place(?![^/\\s\"':,;.)])~", $message)) {
                $names[] = $store->name();
            }
        }
        return $names ? get_string('storagesays', 'local_archivist', (object) [
            'name' => implode(', ', $names), 'message' => $message,
        ]) : $message;
    }

    /**
     * The row of a storage, also of one whose driver is not installed any more.
     *
     * @param int $id
     * @return \stdClass
     * @throws \moodle_exception it is gone
     */
    public static function record(int $id): \stdClass {
        global $DB;
        $record = $DB->get_record('local_archivist_store', ['id' => $id]);
        if (!$record) {
            throw new \moodle_exception('error_storegone', 'local_archivist', '', $id);
        }
        return $record;
    }

    /**
     * The row of a storage that is to be made.
     *
     * @param string $kind
     * @return \stdClass
     * @throws \moodle_exception there are no storages of this kind
     */
    public static function blank(string $kind): \stdClass {
        $class = self::kinds()[$kind] ?? null;
        if (!$class) {
            throw new \moodle_exception('error_storekind', 'local_archivist', '', $kind);
        }
        $name = get_string('pluginname', $class::component());
        return (object) ['id' => 0, 'plugin' => $kind, 'name' => $name, 'settings' => '{}', 'enabled' => 1];
    }

    /**
     * Enables or disables a storage.
     *
     * @param int $id
     * @param bool $enabled
     */
    public static function set_enabled(int $id, bool $enabled): void {
        self::save((object) ['id' => self::record($id)->id, 'enabled' => (int) $enabled]);
    }

    /**
     * What lies in the storages.
     *
     * @return \stdClass[] by id of the storage: ->archives, ->bytes
     */
    public static function usage(): array {
        global $DB;
        $sql = "SELECT storeid, COUNT(1) AS archives, SUM(sizebytes) AS bytes
                  FROM {local_archivist_file} WHERE status = 'stored' GROUP BY storeid";
        return $DB->get_records_sql($sql);
    }

    /**
     * Adds a storage, or changes one.
     *
     * @param \stdClass $record id (0 or none: a new one), plugin, name, settings (JSON), enabled
     * @return int its id
     */
    public static function save(\stdClass $record): int {
        global $DB;
        $record->timemodified = \core\di::get(\core\clock::class)->time();
        if (empty($record->id)) {
            $record->timecreated = $record->timemodified;
            $record->sortorder = 1 + (int) $DB->get_field_sql('SELECT MAX(sortorder) FROM {local_archivist_store}');
            $record->id = $DB->insert_record('local_archivist_store', $record);
        } else {
            $DB->update_record('local_archivist_store', $record);
        }
        return (int) $record->id;
    }

    /**
     * Whether archives lie there, or lay there once: such a storage is kept.
     *
     * @param int $id
     * @return bool
     */
    public static function is_used(int $id): bool {
        global $DB;
        return $DB->record_exists('local_archivist_file', ['storeid' => $id]);
    }

    /**
     * Whether the storage stays in the list: it is used, or somebody said to which course something in it belongs.
     *
     * @param int $id
     * @return bool
     */
    public static function is_kept(int $id): bool {
        global $DB;
        return self::is_used($id) || $DB->record_exists_select(imports::TABLE, 'storeid = ? AND courseid > 0', [$id]);
    }

    /**
     * Whether an archive was ever stored there completely.
     *
     * @param int $id
     * @return bool
     */
    public static function holds_archives(int $id): bool {
        global $DB;
        return $DB->record_exists_select('local_archivist_file', "storeid = ? AND status <> 'writing'", [$id]);
    }

    /**
     * Removes a storage that holds nothing of ours.
     *
     * @param int $id
     * @throws \moodle_exception it is used
     */
    public static function delete(int $id): void {
        global $DB;
        if (self::is_kept($id)) {
            throw new \moodle_exception('error_storeused', 'local_archivist');
        }
        $DB->delete_records(imports::TABLE, ['storeid' => $id]); // What was found there can be found again.
        $DB->delete_records('local_archivist_store', ['id' => $id]);
    }
}
