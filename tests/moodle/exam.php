<?php
// SPDX-License-Identifier: Apache-2.0
/*
 * Two exams about which a court may ask (docs/questions.md): one of teams, whose marking was blind and is revealed, with a
 * rubric, notes that were not released, late, missing, suspended and deleted people; and one whose marking is blind still.
 * All goes through Moodle's own APIs where there are such; times are set afterwards.
 *
 *   $LAB/bin/php exam.php CODE SHORTNAME
 *
 * Prints JSON: course, exam, blind (ids of course modules).
 */

define('CLI_SCRIPT', true);
[, $code, $short] = $argv;
require("$code/config.php");
require_once(is_dir("$code/vendor") ? "$code/vendor/autoload.php" : dirname($code) . '/vendor/autoload.php');
require_once("$CFG->dirroot/lib/phpunit/classes/util.php");
require_once("$CFG->dirroot/mod/assign/locallib.php");
require_once("$CFG->dirroot/group/lib.php");
require_once("$CFG->dirroot/user/lib.php");
require_once("$CFG->libdir/gradelib.php");

$begin = time();
set_config('buffersize', 0, 'logstore_standard'); // The log is written at once, so that times in it can be set.
get_log_manager(true);
$admin = get_admin();
\core\session\manager::set_user($admin);
$generator = phpunit_util::get_data_generator();
$category = $generator->create_category(['name' => 'Faculty of Law', 'idnumber' => "LAW$short"]);
$course = $generator->create_course(['shortname' => $short, 'fullname' => "Civil procedure ($short)", 'idnumber' => "ZPO-$short",
    'category' => $category->id, 'startdate' => $begin - 90 * DAYSECS, 'enddate' => $begin + DAYSECS]);
set_config('profilefields', 'institution', 'local_archivist');

/** Somebody in the course. */
function person(string $first, string $last, string $number, string $role = 'student'): stdClass {
    global $generator, $course, $short;
    $user = $generator->create_user(['firstname' => $first, 'lastname' => $last, 'idnumber' => $number,
        'username' => core_text::strtolower("$first$short"), 'institution' => 'Law school']);
    $generator->enrol_user($user->id, $course->id, $role);
    return $user;
}

/** An assignment with files and comments. */
function exam(string $name, array $settings): assign {
    global $generator, $course;
    $instance = $generator->get_plugin_generator('mod_assign')->create_instance($settings + [
        'course' => $course->id, 'name' => $name, 'intro' => '<p>Write an appeal.</p>', 'introformat' => FORMAT_HTML,
        'assignsubmission_file_enabled' => 1, 'assignsubmission_file_maxfiles' => 5,
        'assignsubmission_file_maxsizebytes' => 1000000, 'assignfeedback_comments_enabled' => 1,
        'submissiondrafts' => 0, 'sendstudentnotifications' => 0,
    ]);
    [$course, $cm] = get_course_and_cm_from_cmid($instance->cmid, 'assign');
    return new assign(context_module::instance($cm->id), $cm, $course);
}

/** Hands in a file. */
function hand_in(assign $assign, stdClass $user, string $name, string $content): void {
    global $admin;
    \core\session\manager::set_user($user);
    $draft = file_get_unused_draft_itemid();
    get_file_storage()->create_file_from_string(['contextid' => context_user::instance($user->id)->id, 'component' => 'user',
        'filearea' => 'draft', 'itemid' => $draft, 'filepath' => '/', 'filename' => $name, 'userid' => $user->id], $content);
    $notices = [];
    if (!$assign->save_submission((object) ['userid' => $user->id, 'files_filemanager' => $draft], $notices)) {
        throw new Exception(implode('; ', $notices));
    }
    \core\session\manager::set_user($admin);
}

/** Marks. */
function mark(assign $assign, stdClass $user, float $grade, string $comment, array $more = []): int {
    $assign->save_grade($user->id, (object) ($more + [
        'grade' => $grade, 'attemptnumber' => -1, 'addattempt' => 0, 'sendstudentnotifications' => 0, 'applytoall' => 0,
        'assignfeedbackcomments_editor' => ['text' => $comment, 'format' => FORMAT_HTML,
            'itemid' => file_get_unused_draft_itemid()],
    ]));
    return (int) $assign->get_user_grade($user->id, false)->id;
}

$examiner = person('Vera', 'Richter', 'E1', 'editingteacher');
$people = [];
foreach (['Ana Albrecht', 'Ben Berger', 'Carla Claus', 'David Dorn', 'Emil Ernst', 'Greta Gruen', 'Hanna Heller', 'Ivo Iser'] as $i => $name) {
    [$first, $last] = explode(' ', $name);
    $people[$first] = person($first, $last, 'M10' . $i);
}
$due = $begin - 20000;
$exam = exam('Written exam', ['duedate' => $due, 'cutoffdate' => 0, 'teamsubmission' => 1, 'blindmarking' => 1,
    'markingworkflow' => 1, 'requiresubmissionstatement' => 1]);
set_config('submissionstatementteamsubmission', 'This is our own work.', 'assign');
foreach (['Red' => ['Ana', 'Ben'], 'Blue' => ['Carla', 'David'], 'Green' => ['Greta']] as $name => $members) {
    $groups[$name] = $generator->create_group(['courseid' => $course->id, 'name' => "Team $name", 'idnumber' => "T-$name"]);
    foreach ($members as $first) {
        groups_add_member($groups[$name]->id, $people[$first]->id);
    }
}
$context = context_course::instance($course->id);
$DB->set_field_select('groups_members', 'timeadded', $begin - 5 * DAYSECS, 'groupid IN (SELECT id FROM {groups} WHERE courseid = ?)',
    [$course->id]);
$DB->set_field('logstore_standard_log', 'timecreated', $begin - 5 * DAYSECS, ['contextid' => $context->id, 'target' => 'group_member']);

hand_in($exam, $people['Ana'], 'appeal red.txt', 'Red team appeals.');
hand_in($exam, $people['Carla'], 'appeal blue.txt', 'Blue team appeals.');
hand_in($exam, $people['Emil'], 'appeal alone.txt', 'Emil appeals alone.');
$handed = ['Red' => $due - 600, 'Blue' => $due + 3600];
foreach ($handed as $name => $time) {
    $DB->set_field('assign_submission', 'timemodified', $time, ['assignment' => $exam->get_instance()->id, 'userid' => 0,
        'groupid' => $groups[$name]->id]);
}
$exam->save_user_extension($people['Greta']->id, $due + DAYSECS);
groups_remove_member($groups['Blue']->id, $people['David']->id); // After they handed in.

\core\session\manager::set_user($examiner);
$grade = mark($exam, $people['Ana'], 61, 'A well argued appeal.', ['workflowstate' => 'released']);
mark($exam, $people['Carla'], 48, 'Too late, and too short.', ['workflowstate' => 'inreview']);
mark($exam, $people['Hanna'], 12, 'Handed in nothing in time.', ['workflowstate' => 'released']);
// The rubric comes last: once there is one, Moodle takes points from its form alone.
\core\session\manager::set_user($admin);
$rubrics = $generator->get_plugin_generator('gradingform_rubric');
$controller = $rubrics->get_test_rubric($exam->get_context(), 'assign', 'submissions');
\core\session\manager::set_user($examiner);
$data = $rubrics->get_submitted_form_data($controller, $grade, [
    'Spelling is important' => ['score' => 1, 'remark' => 'Commas.'], 'Pictures' => ['score' => 2, 'remark' => 'Clear.'],
]);
$controller->get_or_create_instance(0, $examiner->id, $grade)->submit_and_get_grade($data, $grade);
$note = ['gradeid' => $grade, 'x' => 10, 'y' => 20, 'width' => 100, 'pageno' => 0, 'colour' => 'red'];
$DB->insert_record('assignfeedback_editpdf_cmnt', $note + ['rawtext' => 'Source of this sentence?', 'draft' => 1]);
\assignfeedback_editpdf\page_editor::release_drafts($grade);
$DB->insert_record('assignfeedback_editpdf_cmnt', $note + ['rawtext' => 'Copied from the commentary?', 'draft' => 1]);
\core\session\manager::set_user($admin);
$exam->reveal_identities();
$DB->set_field('user_enrolments', 'status', ENROL_USER_SUSPENDED, ['userid' => $people['Ivo']->id]);
delete_user($DB->get_record('user', ['id' => $people['Hanna']->id]));

$blind = exam('Blind exam', ['duedate' => $due, 'blindmarking' => 1]);
hand_in($blind, $people['Ben'], 'essay.txt', 'An essay.');
\core\session\manager::set_user($examiner);
mark($blind, $people['Ben'], 70, 'Good.');
\core\session\manager::set_user($admin);
set_config('buffersize', 50, 'logstore_standard');
echo json_encode(['course' => (int) $course->id, 'exam' => (int) $exam->get_course_module()->id,
    'blind' => (int) $blind->get_course_module()->id, 'teacher' => $examiner->username]), "\n";
