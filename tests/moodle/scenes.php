<?php
// SPDX-License-Identifier: Apache-2.0
/*
 * Jobs in every state a page can show, for photographs of the demo: $LAB/bin/php scenes.php CODE COURSEID LANGUAGE
 *
 * They are rows only: the demo's own archive of the exam is the one that is real. A second run makes them anew. Prints JSON:
 * ids by state.
 */

use local_archivist\job;
use local_archivist\state;

define('CLI_SCRIPT', true);
[, $code, $courseid, $language] = $argv;
require("$code/config.php");
require_once(is_dir("$code/vendor") ? "$code/vendor/autoload.php" : dirname($code) . '/vendor/autoload.php');
require_once("$CFG->dirroot/lib/phpunit/classes/util.php");
\core\session\manager::set_user(get_admin());

force_current_language($language); // In which their causes are written.
set_user_preference('drawer-open-index', false); // It lies above the page.
$cms = [];
foreach (get_fast_modinfo($courseid)->get_instances_of('assign') as $cm) {
    $cms[$cm->name] = $cm;
}
$generator = phpunit_util::get_data_generator()->get_plugin_generator('local_archivist');
$now = time();
$teacher = (int) $DB->get_field_sql('SELECT MIN(ue.userid) FROM {user_enrolments} ue JOIN {enrol} e ON e.id = ue.enrolid
    JOIN {role_assignments} ra ON ra.userid = ue.userid JOIN {role} r ON r.id = ra.roleid
    WHERE e.courseid = ? AND r.shortname = ?', [$courseid, 'editingteacher']);
$stores = array_map('intval', array_keys($DB->get_records('local_archivist_store', ['enabled' => 1])));
$common = ['userid' => $teacher, 'timecreated' => $now - 1800, 'timefinished' => 0, 'timemodified' => $now,
    'timestarted' => $now - 1700, 'options' => json_encode(['format' => 'zip', 'stores' => $stores])];
$states = [
    'running' => ['Mock exam', [
        'status' => state::ACTIVITY_ARCHIVING, 'bytesdone' => 640 << 20, 'bytestotal' => 1536 << 20, 'entriesdone' => 214,
        'entriestotal' => 540, 'byterate' => 78 << 20, 'secondsleft' => 12, 'timestarted' => $now - 9,
    ]],
    'waiting' => ['Lab report 2: page replacement', [
        'status' => state::RECOVERABLE_ERROR, 'attempts' => 2, 'timeretry' => $now + 240,
        'cause' => get_string('cause_storagewaits', 'local_archivist', get_string('storagesays', 'local_archivist', (object) [
            'name' => 'Archive server', 'message' => 'Cannot write /srv/archive/5d/0192f0c1.zip: no space left on device.',
        ])),
    ]],
    'failed' => ['Lab report 1: scheduling', [
        'status' => state::FAILURE, 'timefinished' => $now - 600, 'attempts' => 5,
        'cause' => get_string('cause_storage', 'local_archivist', get_string('storagesays', 'local_archivist', (object) [
            'name' => 'Archive server', 'message' => 'Cannot write /srv/archive/5d/0192f0c1.zip: no space left on device.',
        ])),
    ]],
    'partial' => ['Lab report 2: page replacement', [
        'status' => state::PARTIAL, 'timefinished' => $now - 900, 'failurecount' => 1,
        'cause' => get_string('cause_partial', 'local_archivist', (object) ['number' => 1, 'names' => 'Lab report 2.pdf.']),
        'failures' => json_encode([[
            'name' => 'Okafor Jürgen (4211009)/attempt 1/files/Lab report 2.pdf',
            'cause' => get_string('error_filemissing', 'local_archivist', 'Lab report 2.pdf'),
        ]]),
        'expected' => '{"Submission": 40, "Submission file": 61}', 'archived' => '{"Submission": 40, "Submission file": 60}',
    ]],
];
$found = ['completed' => (int) $DB->get_field_select('local_archivist_job', 'MAX(id)', 'courseid = ? AND status = ?', [
    $courseid, state::COMPLETED,
])];
foreach ($DB->get_records_select('local_archivist_job', "courseid = ? AND origin = 'page' AND id <> ? AND activityname <> ?", [
    $courseid, $found['completed'], 'Written exam',
]) as $old) {
    foreach (['log', 'file', 'task'] as $table) {
        $DB->delete_records("local_archivist_$table", ['jobid' => $old->id]);
    }
    $DB->delete_records('local_archivist_job', ['id' => $old->id]);
}
foreach ($states as $name => [$activity, $record]) {
    $job = $generator->create_job($cms[$activity], $record + $common);
    $found[$name] = $job->id();
    if ($name === 'partial') {
        $DB->insert_record('local_archivist_file', (object) [
            'jobid' => $job->id(), 'storeid' => reset($stores), 'storekey' => 'x', 'filename' => 'Lab report 2.zip',
            'format' => 'zip', 'sizebytes' => 61 << 20, 'sha256' => hash('sha256', 'x'), 'status' => 'stored',
            'timecreated' => $now - 900,
        ]);
    }
    $job->log(1, 'job', get_string('log_state', 'local_archivist', state::label($record['status'])));
    if ($name === 'failed') {
        $job->log(4, 'job', $record['cause']);
    }
}
echo json_encode($found), "\n";
