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
 * What of a course is archived, and its jobs.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use local_archivist\access;
use local_archivist\imports;
use local_archivist\job_list;
use local_archivist\output\course_activities;
use local_archivist\output\imports_page;
use local_archivist\output\job_table;
use local_archivist\output\ways;
use local_archivist\overview;

require(__DIR__ . '/../../config.php');

$courseid = required_param('courseid', PARAM_INT);
$tab = optional_param('tab', 'activities', PARAM_ALPHA);
$search = optional_param('search', '', PARAM_RAW_TRIMMED);
$state = optional_param('state', '', PARAM_ALPHANUM);
$unsupported = optional_param('unsupported', false, PARAM_BOOL);
$page = optional_param('page', 0, PARAM_INT);

require_login(null, false);
$course = get_course($courseid);
require_login($course, false);
$context = context_course::instance($courseid);
require_capability('local/archivist:view', $context);
$url = new moodle_url('/local/archivist/index.php', ['courseid' => $courseid]);
$PAGE->set_url($url);
$PAGE->set_pagelayout('incourse');
$PAGE->set_secondary_active_tab('local_archivist');
$PAGE->add_body_class('limitedwidth');
$PAGE->set_title(get_string('archives', 'local_archivist') . moodle_page::TITLE_SEPARATOR . format_string($course->shortname));
$PAGE->set_heading(format_string($course->fullname));

$cancreate = has_capability('local/archivist:create', $context);
$obstacle = $cancreate ? access::obstacle() : null;
$imported = imports::of_course($courseid);
if ($tab === 'jobs') {
    $jobsurl = new moodle_url($url, ['tab' => 'jobs'] + ($state === '' ? [] : ['state' => $state]));
    $content = new job_table(new job_list($courseid, $state), $jobsurl, $page);
} else if ($tab === 'imports' && $imported) {
    $content = new imports_page(new moodle_url($url, ['tab' => 'imports']), $courseid, $page);
} else {
    $tab = 'activities';
    $overview = new overview($course);
    $content = new course_activities($course, $overview, $cancreate && !$obstacle, $search, $state, $unsupported, $page);
}

echo $OUTPUT->header();
echo $OUTPUT->heading(get_string('archives', 'local_archivist'));
$mayconfigure = has_capability('local/archivist:configure', context_system::instance());
echo ways::html([
    get_string('tocoursepage', 'local_archivist') => new moodle_url('/course/view.php', ['id' => $courseid]),
    get_string('alljobs', 'local_archivist') => $mayconfigure ? new moodle_url('/local/archivist/jobs.php') : null,
]);
if ($obstacle) {
    echo $OUTPUT->notification($obstacle, \core\output\notification::NOTIFY_WARNING, false);
}
echo $OUTPUT->tabtree(array_filter([
    new tabobject('activities', $url, get_string('activities')),
    new tabobject('jobs', new moodle_url($url, ['tab' => 'jobs']), get_string('jobs', 'local_archivist')),
    $imported
        ? new tabobject('imports', new moodle_url($url, ['tab' => 'imports']), get_string('page_imports', 'local_archivist'))
        : null,
]), $tab);
if ($tab === 'jobs') {
    $nothing = ['' => get_string('all')];
    $select = new single_select(new moodle_url($url, ['tab' => 'jobs']), 'state', job_table::states(), $state, $nothing);
    $select->set_label(get_string('state', 'local_archivist'), ['class' => 'me-2']);
    $select->class .= ' mb-2';
    echo $OUTPUT->render($select);
}
echo $OUTPUT->render($content);
echo $OUTPUT->footer();
