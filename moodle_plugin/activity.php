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
 * Whether one activity is archived, and its jobs: the page behind the link inside the activity.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use local_archivist\access;
use local_archivist\output\activity_page;
use local_archivist\output\ways;
use local_archivist\overview;

require(__DIR__ . '/../../config.php');

$id = required_param('id', PARAM_INT);
$page = optional_param('page', 0, PARAM_INT);

require_login(null, false);
[$course, $cm] = get_course_and_cm_from_cmid($id);
require_login($course, false, $cm);
$context = context_course::instance($course->id);
require_capability('local/archivist:view', $context);
$title = get_string('archives', 'local_archivist');
$PAGE->set_url('/local/archivist/activity.php', ['id' => $cm->id]);
$PAGE->set_pagelayout('incourse');
$PAGE->set_secondary_active_tab('local_archivist');
$PAGE->add_body_class('limitedwidth');
$PAGE->set_title($title . moodle_page::TITLE_SEPARATOR . $cm->get_formatted_name(['escape' => false]));
$PAGE->set_heading(format_string($course->fullname));

$cancreate = has_capability('local/archivist:create', $context);
$obstacle = $cancreate ? access::obstacle() : null;
$activity = (new overview($course))->activities()[(int) $cm->id];

echo $OUTPUT->header();
echo $OUTPUT->heading($title);
echo ways::html([
    get_string('toactivity', 'local_archivist') => $cm->url,
    get_string('tocourse', 'local_archivist') => new moodle_url('/local/archivist/index.php', ['courseid' => $course->id]),
]);
if ($obstacle) {
    echo $OUTPUT->notification($obstacle, \core\output\notification::NOTIFY_WARNING, false);
}
echo $OUTPUT->render(new activity_page($activity, $cancreate && !$obstacle, $page));
echo $OUTPUT->footer();
