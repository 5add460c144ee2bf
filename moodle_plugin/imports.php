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
 * Archives that were found in a storage without the database, for administrators of the site.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use core\output\notification;
use local_archivist\access;
use local_archivist\form\bind_form;
use local_archivist\imports;
use local_archivist\output\imports_page;
use local_archivist\output\ways;

require(__DIR__ . '/../../config.php');
require_once($CFG->libdir . '/adminlib.php');

$action = optional_param('action', '', PARAM_ALPHA);
$id = optional_param('id', 0, PARAM_INT);
$page = optional_param('page', 0, PARAM_INT);

admin_externalpage_setup('local_archivist_imports');
require_capability('moodle/site:config', context_system::instance());
$home = new moodle_url('/local/archivist/imports.php');

if ($action === 'search') {
    access::require_post();
    imports::queue($id);
    redirect($home, get_string('imports_queued', 'local_archivist'), null, notification::NOTIFY_SUCCESS);
}
if ($action === 'bind') {
    $form = new bind_form(new moodle_url($home, ['action' => 'bind', 'id' => $id]), ['row' => imports::get($id)]);
    if ($form->is_cancelled()) {
        redirect($home);
    }
    if ($data = $form->get_data()) {
        imports::bind($id, (int) ($data->courseid ?? 0));
        redirect($home, get_string('changessaved'), null, notification::NOTIFY_SUCCESS);
    }
    $title = get_string('imports_bind', 'local_archivist');
    $PAGE->navbar->add($title);
    echo $OUTPUT->header(), $OUTPUT->heading($title);
    echo ways::html([get_string('page_imports', 'local_archivist') => $home]);
    $form->display();
    echo $OUTPUT->footer();
    die();
}

echo $OUTPUT->header();
echo $OUTPUT->heading(get_string('page_imports', 'local_archivist'));
echo ways::html([
    get_string('alljobs', 'local_archivist') => new moodle_url('/local/archivist/jobs.php'),
    get_string('page_stores', 'local_archivist') => new moodle_url('/local/archivist/stores.php'),
]);
$obstacle = local_archivist\engine::problem();
if ($obstacle) {
    echo $OUTPUT->notification($obstacle, notification::NOTIFY_WARNING, false);
}
echo $OUTPUT->render(new imports_page($home, 0, $page));
echo $OUTPUT->footer();
