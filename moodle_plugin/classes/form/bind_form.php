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

defined('MOODLE_INTERNAL') || die();

global $CFG;
require_once($CFG->libdir . '/formslib.php');

/**
 * Says to which course an archive belongs that was found without the database.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class bind_form extends \moodleform {
    #[\Override]
    protected function definition() {
        $form = $this->_form;
        $row = $this->_customdata['row'];
        $says = json_decode($row->metadata ?? '[]', true) ?: [];
        $form->addElement('hidden', 'id', $row->id);
        $form->setType('id', PARAM_INT);
        $form->addElement('hidden', 'action', 'bind');
        $form->setType('action', PARAM_ALPHA);
        $said = ['title' => 'name', 'course' => 'course', 'activity' => 'activity'];
        foreach (array_intersect_key($said, $says) as $name => $label) {
            $form->addElement('static', "says$name", get_string($label), s($says[$name]));
        }
        $form->addElement('course', 'courseid', get_string('imports_belongs', 'local_archivist'), [
            'multiple' => false,
            'includefrontpage' => false,
            'noselectionstring' => get_string('imports_nocourse', 'local_archivist'),
        ]);
        $form->addHelpButton('courseid', 'imports_belongs', 'local_archivist');
        $form->setDefault('courseid', (int) $row->courseid ?: null);
        $this->add_action_buttons();
    }
}
