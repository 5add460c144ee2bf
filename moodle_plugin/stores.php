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

/**
 * The storages: list, add, change, check, delete.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

require_once(__DIR__ . '/../../config.php');
require_once($CFG->libdir . '/adminlib.php');

use core\output\notification;
use local_archivist\access;
use local_archivist\form\store_form;
use local_archivist\output\stores_page;
use local_archivist\output\ways;
use local_archivist\stores;

admin_externalpage_setup('local_archivist_stores');

$home = new moodle_url('/local/archivist/stores.php');
$action = optional_param('action', '', PARAM_ALPHA);
$id = optional_param('id', 0, PARAM_INT);
$kind = optional_param('kind', '', PARAM_ALPHANUMEXT);
$checked = null;

if ($action === 'edit') {
    $record = $id ? stores::record($id) : stores::blank($kind);
    $form = new store_form(new moodle_url($home, ['action' => 'edit']), ['record' => $record]);
    if ($form->is_cancelled()) {
        redirect($home);
    }
    if ($changed = $form->get_record()) {
        $check = stores::get(stores::save($changed))->check();
        $type = $check['ok'] ? notification::NOTIFY_SUCCESS : notification::NOTIFY_WARNING;
        $text = get_string($check['ok'] ? 'store_saved' : 'store_savedbroken', 'local_archivist', s($check['detail']));
        redirect($home, $text, null, $type);
    }
    $title = get_string($id ? 'store_edit' : 'store_add', 'local_archivist');
    $PAGE->navbar->add($title);
    echo $OUTPUT->header(), $OUTPUT->heading($title);
    echo ways::html([get_string('page_stores', 'local_archivist') => $home]);
    $form->display();
    echo $OUTPUT->footer();
    die();
}

if ($action !== '') {
    access::require_post();
    switch ($action) {
        case 'enable':
        case 'disable':
            stores::set_enabled($id, $action === 'enable');
            redirect($home);
            // No break, redirect() ends the script.
        case 'check':
            $checked = stores::get($id);
            break;
        case 'delete':
            if (optional_param('confirmed', 0, PARAM_BOOL)) {
                stores::delete($id);
                redirect($home, get_string('store_deleted', 'local_archivist'), null, notification::NOTIFY_SUCCESS);
            }
            $yes = new moodle_url($home, ['action' => 'delete', 'id' => $id, 'confirmed' => 1]);
            echo $OUTPUT->header();
            $name = stores::record($id)->name;
            echo $OUTPUT->confirm(get_string('store_confirmdelete', 'local_archivist', s($name)), $yes, $home);
            echo $OUTPUT->footer();
            die();
    }
}

$page = new stores_page($checked);
echo $OUTPUT->header(), $OUTPUT->heading(get_string('page_stores', 'local_archivist'));
echo ways::html([
    get_string('alljobs', 'local_archivist') => new moodle_url('/local/archivist/jobs.php'),
    get_string('settings', 'local_archivist') => new moodle_url('/admin/settings.php', ['section' => 'local_archivist_settings']),
]);
echo $OUTPUT->render_from_template('local_archivist/stores', $page->export_for_template($OUTPUT));
echo $OUTPUT->footer();
