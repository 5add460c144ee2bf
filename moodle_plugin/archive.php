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
 * Archives activities: at once with what the administrator set, or after a look at the options.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use local_archivist\access;
use local_archivist\archivers;
use local_archivist\batch;
use local_archivist\form\archive_form;
use local_archivist\jobs;
use local_archivist\output\course_activities;
use local_archivist\output\ways;
use local_archivist\overview;
use local_archivist\people;
use local_archivist\scope;
use local_archivist\store;
use local_archivist\stores;

require(__DIR__ . '/../../config.php');

$courseid = required_param('courseid', PARAM_INT);
$now = optional_param('now', 0, PARAM_INT);
$cmids = optional_param_array('cmids', [], PARAM_INT);
$all = optional_param('all', false, PARAM_BOOL);

require_login(null, false);
$course = get_course($courseid);
require_login($course, false);
$context = context_course::instance($courseid);
require_capability('local/archivist:view', $context);
require_capability('local/archivist:create', $context);
$back = new moodle_url('/local/archivist/index.php', ['courseid' => $courseid]);
$PAGE->set_url('/local/archivist/archive.php', ['courseid' => $courseid]);
$PAGE->set_pagelayout('incourse');
$PAGE->set_secondary_active_tab('local_archivist');
$PAGE->add_body_class('limitedwidth');
$PAGE->set_title(get_string('archivehead', 'local_archivist') . moodle_page::TITLE_SEPARATOR . format_string($course->shortname));
$PAGE->set_heading(format_string($course->fullname));
$PAGE->navbar->add(get_string('archives', 'local_archivist'), $back);
$PAGE->navbar->add(get_string('archivehead', 'local_archivist'));

$obstacle = access::obstacle();
if ($obstacle) {
    redirect($back, $obstacle, null, \core\output\notification::NOTIFY_WARNING);
}
if ($all) { // All that match the filter, also on other pages of the list.
    $cms = course_activities::all(
        new overview($course),
        optional_param('search', '', PARAM_RAW_TRIMMED),
        optional_param('state', '', PARAM_ALPHANUM),
    );
} else {
    $cms = array_filter(
        array_intersect_key(get_fast_modinfo($course)->get_cms(), array_fill_keys($now ? [$now] : $cmids, true)),
        fn(cm_info $cm): bool => $cm->uservisible && !$cm->deletioninprogress && archivers::supports($cm->modname),
    );
}
if (count($cms) > course_activities::ALL_MAX) {
    $sentence = get_string('toomany', 'local_archivist', course_activities::ALL_MAX);
    redirect($back, $sentence, null, \core\output\notification::NOTIFY_WARNING);
}
core_php_time_limit::raise();
if (!$cms) {
    redirect($back, get_string('error_nothingchosen', 'local_archivist'), null, \core\output\notification::NOTIFY_WARNING);
}
if ($now) {
    access::require_post();
    redirect(batch::create($cms, scope::all(), jobs::default_options())->announce($courseid));
}

$unchanged = overview::unchanged($cms, scope::all());
$form = new archive_form(null, [
    'courseid' => $courseid,
    'cms' => $cms,
    'unchanged' => $unchanged,
    'users' => people::choosable($context, $cms),
    'stores' => array_map(fn(store $store): string => $store->name(), stores::all(true)),
]);
if ($form->is_cancelled()) {
    redirect($back);
}
if ($data = $form->get_data()) {
    $batch = batch::create($cms, archive_form::scope($data), archive_form::options($data), !empty($data->again));
    redirect($batch->announce($courseid));
}
$form->set_options(jobs::default_options());

echo $OUTPUT->header();
echo $OUTPUT->heading(get_string('archivehead', 'local_archivist'));
echo ways::html([get_string('tocourse', 'local_archivist') => $back]);
$form->display();
echo $OUTPUT->footer();
