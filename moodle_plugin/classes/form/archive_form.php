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

use local_archivist\access;
use local_archivist\archivers;
use local_archivist\job;
use local_archivist\jobs;
use local_archivist\output\moment;
use local_archivist\scope;

defined('MOODLE_INTERNAL') || die();

global $CFG;
require_once($CFG->libdir . '/formslib.php');

/**
 * What can be chosen before activities are archived.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class archive_form extends \moodleform {
    /** @var int Up to so many activities are named at once, more after a click. */
    private const NAMES_OPEN = 10;

    #[\Override]
    protected function definition() {
        $form = $this->_form;
        $form->addElement('hidden', 'courseid', $this->_customdata['courseid']);
        $form->setType('courseid', PARAM_INT);
        $names = [];
        foreach ($this->_customdata['cms'] as $cm) {
            $form->addElement('hidden', "cmids[{$cm->id}]", $cm->id);
            $names[] = \html_writer::tag('li', $cm->get_formatted_name() . $this->archived_already($cm));
        }
        $form->setType('cmids', PARAM_INT);
        $form->addElement(
            'static',
            'activities',
            get_string('activities'),
            self::folded($names),
        );
        if ($this->_customdata['unchanged']) {
            $form->addElement('advcheckbox', 'again', '', get_string('again', 'local_archivist'));
            $form->addHelpButton('again', 'again', 'local_archivist');
        }
        $blind = array_filter($this->_customdata['cms'], fn(\cm_info $cm): bool => archivers::for_cm($cm)->is_anonymous());
        if ($blind) {
            $warning = \html_writer::div(get_string('blind_form', 'local_archivist'), 'alert alert-warning mb-0');
            $form->addElement('static', 'blind', get_string('blind', 'local_archivist'), $warning);
        }
        if (job::revealed_since($this->_customdata['cms'])) {
            $note = \html_writer::div(get_string('blind_over', 'local_archivist'), 'alert alert-info mb-0');
            $form->addElement('static', 'revealed', get_string('blind', 'local_archivist'), $note);
        }
        $this->scope_elements();
        $this->package_elements();
        $this->store_elements();
        $this->add_action_buttons(true, get_string('archivenow', 'local_archivist'));
    }

    /**
     * A list of names; a long one is folded.
     *
     * @param string[] $items HTML
     * @return string HTML
     */
    private static function folded(array $items): string {
        $list = \html_writer::tag('ul', implode('', $items), ['class' => 'list-unstyled mb-0']);
        if (count($items) <= self::NAMES_OPEN) {
            return $list;
        }
        $summary = \html_writer::tag('summary', get_string('chosen', 'local_archivist', count($items)));
        return \html_writer::tag('details', $summary . $list, ['class' => 'local_archivist-fold']);
    }

    /**
     * That an activity is archived as it is, with a way to that archive.
     *
     * @param \cm_info $cm
     * @return string HTML; empty where it has to be archived
     */
    private function archived_already(\cm_info $cm): string {
        $job = $this->_customdata['unchanged'][(int) $cm->id] ?? null;
        if (!$job) {
            return '';
        }
        $date = moment::told((int) $job->record()->timefinished);
        $link = \html_writer::link(
            new \moodle_url('/local/archivist/job.php', ['id' => $job->id()]),
            get_string('unchangedsince', 'local_archivist', $date),
        );
        return \html_writer::div($link, 'small');
    }

    /**
     * Whose data.
     */
    private function scope_elements(): void {
        $form = $this->_form;
        if (!$this->_customdata['users']) { // Nobody can be chosen.
            $form->addElement('hidden', 'scope', 'all');
            $form->setType('scope', PARAM_ALPHA);
            return;
        }
        $form->addElement('select', 'scope', get_string('scope', 'local_archivist'), [
            'all' => get_string('scope_all', 'local_archivist'),
            'user' => get_string('scope_user', 'local_archivist'),
        ]);
        $form->addHelpButton('scope', 'scope', 'local_archivist');
        $form->addElement(
            'autocomplete',
            'userid',
            get_string('user'),
            [0 => get_string('choosedots')] + $this->_customdata['users'],
        );
        $form->setType('userid', PARAM_INT);
        $form->hideIf('userid', 'scope', 'eq', 'all');
    }

    /**
     * How it is packed.
     */
    private function package_elements(): void {
        $form = $this->_form;
        $formats = [];
        foreach (jobs::FORMATS as $format) {
            $formats[$format] = get_string('format_' . str_replace('.', '', $format), 'local_archivist');
        }
        $form->addElement('select', 'format', get_string('format', 'local_archivist'), $formats);
        $form->addHelpButton('format', 'format', 'local_archivist');
        $form->addElement(
            'advcheckbox',
            'sha512',
            get_string('sha512', 'local_archivist'),
            get_string('sha512_label', 'local_archivist'),
        );
        if ($this->_customdata['cms'] === array_filter($this->_customdata['cms'], [access::class, 'may_backup'])) {
            $form->addElement(
                'advcheckbox',
                'backup',
                get_string('backup', 'local_archivist'),
                get_string('backup_label', 'local_archivist'),
            );
            $form->addHelpButton('backup', 'backup', 'local_archivist');
        }
    }

    /**
     * Where it is stored.
     */
    private function store_elements(): void {
        $boxes = [];
        foreach ($this->_customdata['stores'] as $id => $name) {
            $boxes[] = $this->_form->createElement('advcheckbox', $id, '', $name);
        }
        $this->_form->addGroup($boxes, 'stores', get_string('storages', 'local_archivist'), ['<br>']);
        $this->_form->addHelpButton('stores', 'storages', 'local_archivist');
    }

    #[\Override]
    public function validation($data, $files) {
        $errors = parent::validation($data, $files);
        if ($data['scope'] === 'user' && !isset($this->_customdata['users'][(int) ($data['userid'] ?? 0)])) {
            $errors['userid'] = get_string('error_chooseuser', 'local_archivist');
        }
        $all = $data['scope'] === 'all' && count($this->_customdata['unchanged']) === count($this->_customdata['cms']);
        if ($all && empty($data['again'])) {
            $errors['again'] = get_string('error_unchanged', 'local_archivist');
        }
        if (!array_filter($data['stores'] ?? [])) {
            $errors['stores'] = get_string('error_choosestore', 'local_archivist');
        }
        return $errors;
    }

    /**
     * What the form shows first.
     *
     * @param array<string, mixed> $options as from jobs::default_options()
     */
    public function set_options(array $options): void {
        $chosen = $options['stores'] ?: array_keys($this->_customdata['stores']);
        $this->set_data([
            'format' => $options['format'],
            'sha512' => (int) $options['sha512'],
            'backup' => (int) $options['backup'],
            'stores' => array_fill_keys($chosen, 1),
        ]);
    }

    /**
     * The options of a job out of what was chosen.
     *
     * @param \stdClass $data as from get_data()
     * @return array<string, mixed>
     */
    public static function options(\stdClass $data): array {
        return [
            'format' => $data->format,
            'sha512' => !empty($data->sha512),
            'backup' => !empty($data->backup),
            'stores' => array_keys(array_filter((array) $data->stores)),
        ];
    }

    /**
     * Whose data was chosen.
     *
     * @param \stdClass $data as from get_data()
     * @return scope
     */
    public static function scope(\stdClass $data): scope {
        return $data->scope === 'user' ? scope::user((int) $data->userid) : scope::all();
    }
}
