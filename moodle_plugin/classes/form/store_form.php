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

namespace local_archivist\form;

use local_archivist\store;
use local_archivist\stores;

defined('MOODLE_INTERNAL') || die();
require_once($CFG->libdir . '/formslib.php');

/**
 * Adds or changes a storage. The fields of its kind come from its driver.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class store_form extends \moodleform {
    #[\Override]
    protected function definition() {
        $form = $this->_form;
        $record = $this->_customdata['record'];
        $class = $this->driver();
        $form->addElement('hidden', 'id');
        $form->setType('id', PARAM_INT);
        $form->addElement('hidden', 'kind', $record->plugin);
        $form->setType('kind', PARAM_ALPHANUMEXT);
        $kind = get_string('pluginname', $class::component());
        $form->addElement('static', 'kindname', get_string('store_kind', 'local_archivist'), $kind);
        $form->addElement('text', 'name', get_string('name'), ['size' => 40, 'maxlength' => 255]);
        $form->setType('name', PARAM_TEXT);
        $form->addRule('name', null, 'required', null, 'client');
        $class::form_definition($form);
        if ($record->id && stores::is_used((int) $record->id)) {
            $form->addElement('static', 'used', '', get_string('store_used', 'local_archivist'));
        }
        $form->addElement('advcheckbox', 'enabled', get_string('store_enabled', 'local_archivist'));
        $form->addHelpButton('enabled', 'store_enabled', 'local_archivist');
        $this->add_action_buttons();
        $settings = json_decode($record->settings ?? '{}', true) ?: [];
        $this->set_data(['id' => $record->id, 'name' => $record->name, 'enabled' => $record->enabled] + $settings);
    }

    #[\Override]
    public function validation($data, $files) {
        $errors = parent::validation($data, $files);
        if (trim($data['name']) === '' || \core_text::strlen($data['name']) > 255) {
            $errors['name'] = get_string('error_name', 'local_archivist');
        }
        return $errors + $this->driver()::form_validation($data);
    }

    /**
     * The row out of what was entered.
     *
     * @return \stdClass|null null: nothing valid was entered
     */
    public function get_record(): ?\stdClass {
        $data = $this->get_data();
        if (!$data) {
            return null;
        }
        return (object) [
            'id' => (int) $data->id,
            'plugin' => $this->_customdata['record']->plugin,
            'name' => trim($data->name),
            'settings' => json_encode($this->driver()::form_settings($data), JSON_THROW_ON_ERROR | JSON_FORCE_OBJECT),
            'enabled' => (int) $data->enabled,
        ];
    }

    /**
     * The class of the driver.
     *
     * @return class-string<store>
     */
    private function driver(): string {
        return stores::kinds()[$this->_customdata['record']->plugin];
    }
}
