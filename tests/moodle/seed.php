<?php
// SPDX-License-Identifier: Apache-2.0
/*
 * A course with a written exam in a lab's Moodle: graded hand-ins with online text, files of many kinds
 * and names, comments and corrected copies. All goes through Moodle's own APIs; bytes are reproducible.
 *
 *   $LAB/bin/php seed.php CODE SHORTNAME STUDENTS KIB [demo]
 *
 * CODE is the folder of Moodle's code, KIB the size of each hand-in. With "demo" the course has further activities, as
 * people know it. Prints JSON: course, cm, files, bytes, teacher.
 */

define('CLI_SCRIPT', true);
[, $code, $short, $students, $kib] = $argv;
$demo = ($argv[5] ?? '') === 'demo';
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

/** Sentences of a student about the exam, or of the teacher about a hand-in: as many as are asked for, reproducibly. */
function sentences(string $whose, string $seed, int $number): string {
    $bank = [
        'student' => [
            'Round robin with a time slice of 4 ms gives every process its turn, but it costs a context switch each time.',
            'With priorities alone a process can starve; ageing raises the priority of whoever waits for long.',
            'The page table of a process maps its virtual addresses to frames, and the TLB keeps the newest translations.',
            'For the reference string of task 2 LRU has nine page faults and FIFO has twelve.',
            'Two threads deadlock when each holds a mutex and waits for the one of the other.',
            'An order in which all mutexes are taken makes a circular wait impossible.',
            'The measurement was repeated ten times; the table shows the median and the spread.',
            'The semaphore counts free places in the buffer, the mutex protects its indices.',
            'A journalling file system writes down what it is about to do, so that it can finish or undo it after a crash.',
            'I assumed that the disk reads 512 bytes at once, as nothing else is said in the task.',
            'The program in folder src compiles with make; make test runs the examples of the sheet.',
            'In my view the third answer depends on whether the kernel may be preempted.',
        ],
        'teacher' => [
            'The derivation is complete and easy to follow.',
            'Task 2: the fault at the seventh reference is missing, minus two points.',
            'Please name the assumption in the text and not only in the figure.',
            'Deadlock: three of the four conditions are named; no circular wait is shown.',
            'Well argued; the comparison with the measured values would have been worth a sentence.',
            'Task 4 answers another question than the one that was asked.',
            'The program compiles and passes all examples.',
            'See the notes in the corrected copy.',
        ],
    ][$whose];
    $text = [];
    foreach (unpack('n*', noise("$whose$seed", 2 * $number)) as $value) {
        $text[] = $bank[$value % count($bank)];
    }
    return implode(' ', array_unique($text));
}

/** First and last name of a student. */
function name_of(int $student): array {
    $first = ['Anna', 'Bjørn', 'Chloé', 'Đorđe', 'Elif', 'Fatima', 'Grzegorz', 'Hannah', 'Ivo', 'Jürgen', 'Katarína', 'Lukas',
        'Mia', 'Noor', 'Óscar', 'Paula', 'Quang', 'Renée', 'Søren', 'Tomás', 'Uta', 'Valentina', 'Wiebke', 'Xenia', 'Yusuf',
        'Zoë', '文'];
    $last = ['Schneider', 'García', 'Nguyễn', 'Yılmaz', 'Kowalski', 'Jørgensen', 'Weiß', 'Dubois', 'Horváth', 'Okafor', 'Novák',
        'Lindqvist', 'Haddad', 'Öztürk', 'Bauer', 'Ferrari', 'O’Brien', 'van den Berg', 'Petrović', 'Hoffmann', 'Tanaka',
        'Brandt', 'Kaya', 'Santos', 'Krüger', '王', 'Meyer-Lüdenscheidt', 'Iversen', 'Rossi'];
    return [$first[$student % count($first)], $last[$student % count($last)]];
}

/** What one student hands in, as [folder, name, bytes]; every 20th has the bytes of the neighbour. */
function handin(int $student, int $size): array {
    $source = $student % 20 == 19 ? $student - 1 : $student;
    $last = clean_param(name_of($student)[1], PARAM_FILE);
    switch ($source % 4) {
        case 0:
            return [['/', "Scan Lösung $last.pdf", "%PDF-1.4\n" . noise("pdf$source", $size - 9)]];
        case 1:
            return [['/', "Měření – page faults $last.csv", prose("csv$source", $size)]];
        case 2:
            return [
                ['/', "Exam $last.docx", "PK\x03\x04" . noise("docx$source", intdiv($size, 2) - 4)],
                ['/', 'notes 日本語.txt', prose("txt$source", intdiv($size, 2))],
            ];
        default:
            $names = ['Scheduler', 'RoundRobin', 'Process', 'Semaphore', 'PageTable', 'Lru', 'Main', 'Test'];
            return array_map(fn(int $i): array => [
                '/src/task' . (1 + $i % 3) . '/',
                $i == 7 ? str_repeat('TheSchedulerGivesEachItsTurn ', 7) . "$i.java" : "{$names[$i]}.java",
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
$course = $generator->create_course(['shortname' => $short, 'fullname' => 'Operating Systems, summer term 2026',
    'numsections' => 2, 'idnumber' => "INF-2107-$short"]);
$teacher = $generator->create_user(['username' => "t$short", 'firstname' => 'Margarethe', 'lastname' => 'Vogel',
    'password' => 'Lab-admin-1!']);
$generator->enrol_user($teacher->id, $course->id, 'editingteacher');
$instance = $generator->get_plugin_generator('mod_assign')->create_instance([
    'course' => $course->id, 'name' => 'Written exam', 'intro' => '<p>Answer all four tasks. 90 minutes; notes on paper are allowed.</p>', 'introformat' => FORMAT_HTML,
    'assignsubmission_file_enabled' => 1, 'assignsubmission_file_maxfiles' => 20,
    'assignsubmission_file_maxsizebytes' => 512 * 1024 * 1024, 'assignsubmission_onlinetext_enabled' => 1,
    'assignfeedback_comments_enabled' => 1, 'assignfeedback_file_enabled' => 1,
    'submissiondrafts' => 0, 'sendstudentnotifications' => 0,
]);
[$course, $cm] = get_course_and_cm_from_cmid($instance->cmid, 'assign');
$assign = new assign(context_module::instance($cm->id), $cm, $course);
$users = [];
$numbers = 1000000 + 1000 * (crc32($short) % 8999); // Students have a number of seven digits, each course others.
$files = $bytes = 0;
for ($i = 0; $i < $students; $i++) {
    $users[$i] = $user = $generator->create_user([
        'username' => sprintf('s%s%05d', $short, $i), 'idnumber' => (string) ($numbers + $i),
        'firstname' => name_of($i)[0], 'lastname' => name_of($i)[1],
        'email' => sprintf('%s.%d@students.example.edu', preg_replace('/[^a-z]+/', '', strtolower(
            core_text::specialtoascii(name_of($i)[1]),
        )) ?: 'student', $numbers + $i),
    ] + ($i ? [] : ['password' => 'Lab-admin-1!'])); // The first one may log in; hashing takes its time.
    $generator->enrol_user($user->id, $course->id, 'student');
    \core\session\manager::set_user($user);
    $handin = handin($i, 1024 * $kib);
    $notices = [];
    $saved = $assign->save_submission((object) [
        'userid' => $user->id, 'files_filemanager' => draft($handin),
        'onlinetext_editor' => ['itemid' => file_get_unused_draft_itemid(), 'format' => FORMAT_HTML,
            'text' => '<p>' . s(sentences('student', (string) $i, 12)) . '</p><p>I wrote this without help.</p>'],
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
    $corrected = $i % 5 ? [] : [['/', "corrected copy.pdf", '%PDF-1.4' . noise("corrected$i", 20000)]];
    $assign->save_grade($user->id, (object) [
        'grade' => 40 + $i % 61, 'attemptnumber' => -1, 'addattempt' => 0, 'sendstudentnotifications' => 0,
        'assignfeedbackcomments_editor' => ['text' => '<p>' . s(sentences('teacher', (string) $i, 4)) . '</p>',
            'format' => FORMAT_HTML, 'itemid' => file_get_unused_draft_itemid()],
        "files_{$user->id}_filemanager" => draft($corrected),
    ]);
}
forget_drafts();
if ($demo) {
    foreach ([1 => 'Preparation', 2 => 'About the exam'] as $number => $name) {
        $section = $DB->get_record('course_sections', ['course' => $course->id, 'section' => $number], '*', MUST_EXIST);
        course_update_section($course->id, $section, ['name' => $name]);
    }
    foreach (['Mock exam', 'Lab report 1: scheduling', 'Lab report 2: page replacement'] as $name) {
        $generator->get_plugin_generator('mod_assign')->create_instance([
            'course' => $course->id, 'name' => $name, 'section' => 1, 'assignsubmission_file_enabled' => 1,
        ]);
    }
    $generator->create_module('forum', ['course' => $course->id, 'name' => 'Questions about the exam', 'section' => 2]);
    $generator->create_module('page', ['course' => $course->id, 'name' => 'Rules of the exam', 'section' => 2]);
}
echo json_encode(['course' => (int) $course->id, 'cm' => (int) $cm->id, 'files' => $files, 'bytes' => $bytes,
    'teacher' => $teacher->username]), "\n";
