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
 * All about one archive job, and what can be done with it.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use local_archivist\access;
use local_archivist\engine;
use local_archivist\jobs;
use local_archivist\output\deletions_page;
use local_archivist\output\job_page;
use local_archivist\output\ways;
use local_archivist\tombstones;

require(__DIR__ . '/../../config.php');

$id = required_param('id', PARAM_INT);
$action = optional_param('action', '', PARAM_ALPHA);
$confirmed = optional_param('confirm', false, PARAM_BOOL);
$level = optional_param('level', null, PARAM_INT);
$logpage = optional_param('logpage', 0, PARAM_INT);

require_login(null, false); // Before anything is looked up: who is not logged in learns nothing from an id.
$deleted = access::deleted_job($id);
if ($deleted) {
    $PAGE->set_context(context_system::instance());
    $PAGE->set_url('/local/archivist/job.php', ['id' => $id]);
    $PAGE->set_title(get_string('tombstone_title', 'local_archivist'));
    $PAGE->set_heading(format_string($deleted->coursename, true, ['context' => context_system::instance()]));
    echo $OUTPUT->header();
    echo $OUTPUT->heading(get_string('tombstone_title', 'local_archivist'));
    $there = context_course::instance((int) $deleted->courseid, IGNORE_MISSING);
    $all = has_capability('local/archivist:configure', context_system::instance());
    echo ways::html([
        get_string('tocourse', 'local_archivist') => $there
            ? new moodle_url('/local/archivist/index.php', ['courseid' => $deleted->courseid]) : null,
        get_string('alljobs', 'local_archivist') => $all ? new moodle_url('/local/archivist/jobs.php') : null,
        get_string('page_deletions', 'local_archivist') => $all ? new moodle_url('/local/archivist/deletions.php') : null,
    ]);
    $traces = [$deleted, ...tombstones::of_copies($id)];
    echo $OUTPUT->render_from_template('local_archivist/deletions_table', [
        'rows' => array_map([deletions_page::class, 'row'], $traces),
    ]);
    echo $OUTPUT->footer();
    die();
}
$job = access::require_job($id);
require_login(access::course_of($job), false);
$context = $job->context();
$record = $job->record();
$url = new moodle_url('/local/archivist/job.php', ['id' => $id]);
$list = $context instanceof context_course
    ? new moodle_url('/local/archivist/index.php', ['courseid' => $record->courseid])
    : new moodle_url('/local/archivist/jobs.php');
$name = format_string($record->activityname, true, ['context' => context_system::instance()]);
$title = get_string('jobtitle', 'local_archivist', $name);
$PAGE->set_context($context);
$PAGE->set_url($url);
$PAGE->set_pagelayout($context instanceof context_course ? 'incourse' : 'standard');
$PAGE->set_secondary_active_tab('local_archivist');
$PAGE->add_body_class('limitedwidth');
$PAGE->set_title($title);
$PAGE->set_heading(format_string($record->coursename, true, ['context' => context_system::instance()]));
$PAGE->navbar->add(get_string('archives', 'local_archivist'), $list);
$PAGE->navbar->add($title, $url);

if ($action !== '') {
    access::require_post();
    access::require_action($job, $action);
    if ($action === 'cancel') {
        jobs::cancel($job);
        redirect($url, get_string('jobcancelled', 'local_archivist'), null, \core\output\notification::NOTIFY_INFO);
    }
    if ($action === 'identities') {
        $made = new moodle_url('/local/archivist/job.php', ['id' => jobs::create_identities($job)->id()]);
        redirect($made, get_string('jobscreatedone', 'local_archivist'), null, \core\output\notification::NOTIFY_SUCCESS);
    }
    if ($action === 'retry' && $confirmed) {
        jobs::retry($job);
        redirect($url, get_string('jobretried', 'local_archivist'), null, \core\output\notification::NOTIFY_SUCCESS);
    }
    if ($action === 'delete' && $confirmed) {
        jobs::delete($job);
        redirect($list, get_string('jobdeleted', 'local_archivist', $name), null, \core\output\notification::NOTIFY_SUCCESS);
    }
}

echo $OUTPUT->header();
if (in_array($action, ['retry', 'delete'], true)) {
    $yes = new moodle_url($url, ['action' => $action, 'confirm' => 1]);
    [$question, $label, $kind] = job_page::confirmation($job, $action);
    echo $OUTPUT->confirm($question, new single_button($yes, $label, 'post', $kind), $url);
} else {
    echo $OUTPUT->heading($title, 2, 'text-break');
    $cm = $context instanceof context_course ? get_fast_modinfo($record->courseid)->get_cms()[(int) $record->cmid] ?? null : null;
    echo ways::html([
        get_string('toactivity', 'local_archivist') => $cm?->uservisible ? $cm->url : null,
        get_string($context instanceof context_course ? 'tocourse' : 'alljobs', 'local_archivist') => $list,
    ]);
    if (engine::problem()) {
        echo $OUTPUT->notification(engine::problem(), \core\output\notification::NOTIFY_WARNING, false);
    }
    echo $OUTPUT->render(new job_page($job, $level, $logpage));
}
echo $OUTPUT->footer();
