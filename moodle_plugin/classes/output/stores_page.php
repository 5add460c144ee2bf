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

namespace local_archivist\output;

use local_archivist\engine;
use local_archivist\store;
use local_archivist\stores;

/**
 * The page of the storages.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class stores_page implements \renderable, \templatable {
    /**
     * The page.
     *
     * @param store|null $checked a storage that is to be checked
     */
    public function __construct(
        /** @var store|null the storage */
        private ?store $checked = null,
    ) {
    }

    #[\Override]
    public function export_for_template(\renderer_base $output): array {
        global $DB;
        $usage = stores::usage();
        $rows = [];
        foreach ($DB->get_records('local_archivist_store', null, 'sortorder, id') as $record) {
            $rows[] = self::row($output, $record, $usage[$record->id] ?? null);
        }
        return [
            'problem' => engine::problem(),
            'check' => $this->checked ? self::check($this->checked) : null,
            'rows' => $rows,
            'hasrows' => $rows !== [],
            'noneenabled' => !array_filter(array_column($rows, 'enabled')),
            'kinds' => self::kinds($output),
        ];
    }

    /**
     * One storage.
     *
     * @param \renderer_base $output
     * @param \stdClass $record row of local_archivist_store
     * @param \stdClass|null $usage
     * @return array
     */
    private static function row(\renderer_base $output, \stdClass $record, ?\stdClass $usage): array {
        $store = stores::from_record($record);
        $actions = [];
        if ($store) {
            $url = new \moodle_url('/local/archivist/stores.php', ['action' => 'edit', 'id' => $record->id]);
            $actions[] = self::button($output, $url, get_string('edit'), $record->name, 'get');
            $actions[] = self::action($output, $record, 'check', get_string('store_check', 'local_archivist'));
        }
        $name = $record->enabled ? 'disable' : 'enable';
        $actions[] = self::action($output, $record, $name, get_string($name));
        if (!stores::is_kept((int) $record->id)) {
            $actions[] = self::action($output, $record, 'delete', get_string('delete'));
        }
        return [
            'name' => $record->name,
            'kind' => $store
                ? get_string('pluginname', $store::component())
                : get_string('store_nodriver', 'local_archivist', $record->plugin),
            'where' => $store ? $store->describe() : '',
            'enabled' => (bool) $record->enabled,
            'archives' => (int) ($usage->archives ?? 0),
            'bytes' => display_size((int) ($usage->bytes ?? 0)),
            'free' => $store ? $store->space_text() : get_string('spaceunknown', 'local_archivist'),
            'actions' => $actions,
        ];
    }

    /**
     * What a check found.
     *
     * @param store $store
     * @return array
     */
    private static function check(store $store): array {
        $check = $store->check();
        $steps = [];
        foreach ($check['steps'] as $step => $done) {
            $steps[] = ['name' => get_string("store_step_$step", 'local_archivist'), 'done' => $done];
        }
        $title = get_string('store_checked', 'local_archivist', $store->name());
        return ['title' => $title, 'ok' => $check['ok'], 'detail' => $check['detail'], 'steps' => $steps];
    }

    /**
     * Buttons that add a storage, one for each kind.
     *
     * @param \renderer_base $output
     * @return array
     */
    private static function kinds(\renderer_base $output): array {
        $buttons = [];
        $kinds = array_filter(stores::kinds(), fn(string $class): bool => $class::allows_another());
        foreach ($kinds as $kind => $class) {
            $url = new \moodle_url('/local/archivist/stores.php', ['action' => 'edit', 'kind' => $kind]);
            $text = get_string('store_addkind', 'local_archivist', get_string('pluginname', $class::component()));
            $buttons[] = self::button($output, $url, $text, null, 'get');
        }
        return $buttons;
    }

    /**
     * A button that changes something.
     *
     * @param \renderer_base $output
     * @param \stdClass $record row of local_archivist_store
     * @param string $action
     * @param string $text
     * @return array
     */
    private static function action(\renderer_base $output, \stdClass $record, string $action, string $text): array {
        $url = new \moodle_url('/local/archivist/stores.php', ['action' => $action, 'id' => $record->id]);
        return self::button($output, $url, $text, $record->name, 'post');
    }

    /**
     * A button, for the template of Moodle's own.
     *
     * @param \renderer_base $output
     * @param \moodle_url $url
     * @param string $text
     * @param string|null $name of the storage, for screen readers
     * @param string $method
     * @return array
     */
    private static function button(\renderer_base $output, \moodle_url $url, string $text, ?string $name, string $method): array {
        $button = new \single_button($url, $text, $method);
        if ($name !== null) {
            $button->set_attribute('aria-label', "$text: $name");
        }
        return (array) $button->export_for_template($output);
    }
}
