<?php
// SPDX-License-Identifier: Apache-2.0
/*
 * A course with one assignment in a lab's Moodle: graded hand-ins with online text, files of many kinds
 * and names, comments and corrected copies. All goes through Moodle's own APIs; bytes are reproducible.
 *
 *   $LAB/bin/php seed.php CODE SHORTNAME STUDENTS KIB
 *
 * CODE is the folder of Moodle's code, KIB the size of each hand-in. Prints JSON: course, cm, files, bytes.
 */

define('CLI_SCRIPT', true);
[, $code, $short, $students, $kib] = $argv;
require("$code/config.php");
raise_memory_limit(MEMORY_HUGE);
// The generators sit on Moodle's PHPUnit classes.
require_once(is_dir("$code/vendor") ? "$code/vendor/autoload.php" : dirname($code) . '/vendor/autoload.php');
require_once("$CFG->dirroot/lib/phpunit/classes/util.php");
require_once("$CFG->dirroot/course/lib.php");
require_once("$CFG->dirroot/mod/assign/locallib.php");

/** Reproducible bytes that no codec can shrink. */
function noise(string $seed, int $size): string {
    $zeros = str_repeat("\0", $size);
    return openssl_encrypt($zeros, 'aes-128-ctr', md5($seed, true), OPENSSL_RAW_DATA, str_repeat("\0", 16));
}

/** Reproducible text that shrinks to about a third. */
function prose(string $seed, int $size): string {
    static $words = [];
    for ($i = count($words); $i < 4096; $i++) {
        $digest = md5("word$i");
        $words[] = substr(strtr(preg_replace('/[0-9]/', '', $digest) . 'etaoin', 'abcdef', 'eratin'), 0, 2 + hexdec($digest[0]) % 9);
    }
    $text = '';
    foreach (unpack('v*', noise("prose$seed", 2 * intdiv($size, 3) + 64)) as $value) {
        $text .= $words[($value * $value >> 20) & 4095] . ($value % 17 == 0 ? ".\n" : ' ');
        if (strlen($text) >= $size) {
            break;
        }
    }
    return substr($text, 0, $size);
}

/** What one student hands in, as [folder, name, bytes]; every 20th has the bytes of the neighbour. */
function handin(int $student, int $size): array {
    $source = $student % 20 == 19 ? $student - 1 : $student;
    switch ($source % 4) {
        case 0:
            return [['/', "Scan Übung $student.pdf", "%PDF-1.4\n" . noise("pdf$source", $size - 9)]];
        case 1:
            return [['/', "Měření – data $student.csv", prose("csv$source", $size)]];
        case 2:
            return [
                ['/', "report-$student.docx", "PK\x03\x04" . noise("docx$source", intdiv($size, 2) - 4)],
                ['/', "notes 日本語 $student.txt", prose("txt$source", intdiv($size, 2))],
            ];
        default:
            return array_map(fn(int $i): array => [
                '/src/module' . $i % 3 . '/',
                $i == 7 ? str_repeat('long name ', 20) . "$i.java" : "File$i.java",
                $i % 2 ? prose("java$source.$i", intdiv($size, 8)) : noise("java$source.$i", intdiv($size, 8)),
            ], range(0, 7));
    }
}

/** A draft area of the current user with these files. */
function draft(array $files): int {
    global $USER;
    $area = ['contextid' => context_user::instance($USER->id)->id, 'component' => 'user', 'filearea' => 'draft',
        'itemid' => file_get_unused_draft_itemid(), 'userid' => $USER->id];
    foreach ($files as [$path, $name, $bytes]) {
        $record = $area + ['filepath' => $path, 'filename' => clean_param($name, PARAM_FILE)];
        get_file_storage()->create_file_from_string($record, $bytes);
    }
    return $area['itemid'];
}

/** Lets the draft areas of the current user go. */
function forget_drafts(): void {
    global $USER;
    get_file_storage()->delete_area_files(context_user::instance($USER->id)->id, 'user', 'draft');
}

$admin = get_admin();
\core\session\manager::set_user($admin);
$generator = phpunit_util::get_data_generator();
$course = $generator->create_course(['shortname' => $short, 'fullname' => "Operating systems ($short)", 'numsections' => 2]);
$teacher = $generator->create_user(['username' => "t$short", 'firstname' => 'Tess', 'lastname' => 'Teacher',
    'password' => 'Lab-admin-1!']);
$generator->enrol_user($teacher->id, $course->id, 'editingteacher');
$instance = $generator->get_plugin_generator('mod_assign')->create_instance([
    'course' => $course->id, 'name' => 'Homework', 'intro' => '<p>Hand in your work.</p>', 'introformat' => FORMAT_HTML,
    'assignsubmission_file_enabled' => 1, 'assignsubmission_file_maxfiles' => 20,
    'assignsubmission_file_maxsizebytes' => 512 * 1024 * 1024, 'assignsubmission_onlinetext_enabled' => 1,
    'assignfeedback_comments_enabled' => 1, 'assignfeedback_file_enabled' => 1,
    'submissiondrafts' => 0, 'sendstudentnotifications' => 0,
]);
[$course, $cm] = get_course_and_cm_from_cmid($instance->cmid, 'assign');
$assign = new assign(context_module::instance($cm->id), $cm, $course);
$users = [];
$files = $bytes = 0;
for ($i = 0; $i < $students; $i++) {
    $users[$i] = $user = $generator->create_user([
        'username' => sprintf('s%s%05d', $short, $i), 'idnumber' => sprintf('M%s%05d', $short, $i),
        'firstname' => ['Ana', 'Bjørn', 'Chloé', 'Đorđe', 'Eva', '文'][$i % 6], 'lastname' => sprintf('Student%05d', $i),
    ] + ($i ? [] : ['password' => 'Lab-admin-1!'])); // The first one may log in; hashing takes its time.
    $generator->enrol_user($user->id, $course->id, 'student');
    \core\session\manager::set_user($user);
    $handin = handin($i, 1024 * $kib);
    $notices = [];
    $saved = $assign->save_submission((object) [
        'userid' => $user->id, 'files_filemanager' => draft($handin),
        'onlinetext_editor' => ['itemid' => file_get_unused_draft_itemid(), 'format' => FORMAT_HTML,
            'text' => '<p>Dear Tess,</p><p>' . s(prose("text$i", 1500)) . '</p>'],
    ], $notices);
    if (!$saved) {
        throw new Exception('The hand-in failed: ' . implode('; ', $notices));
    }
    forget_drafts();
    $files += count($handin);
    $bytes += array_sum(array_map(fn(array $file): int => strlen($file[2]), $handin));
}
\core\session\manager::set_user($admin);
foreach ($users as $i => $user) {
    $corrected = $i % 5 ? [] : [['/', "corrected-$i.pdf", '%PDF-1.4' . noise("corrected$i", 20000)]];
    $assign->save_grade($user->id, (object) [
        'grade' => 40 + $i % 61, 'attemptnumber' => -1, 'addattempt' => 0, 'sendstudentnotifications' => 0,
        'assignfeedbackcomments_editor' => ['text' => "<p>Comment for student $i: " . s(prose("comment$i", 300)) . '</p>',
            'format' => FORMAT_HTML, 'itemid' => file_get_unused_draft_itemid()],
        "files_{$user->id}_filemanager" => draft($corrected),
    ]);
}
forget_drafts();
echo json_encode(['course' => (int) $course->id, 'cm' => (int) $cm->id, 'files' => $files, 'bytes' => $bytes,
    'teacher' => $teacher->username]), "\n";
