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

namespace archiver_assign\tests;

use Archivist\EntryList;
use Archivist\JobSpec;
use Archivist\PackageOptions;
use Archivist\Verifier;
use archiver_assign\archiver;
use local_archivist\engine;
use local_archivist\package;
use local_archivist\scope;

/**
 * Makes assignments with work in them, and real archives of them that are unpacked again.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
abstract class assign_testcase extends \advanced_testcase {
    /** @var \stdClass The course. */
    protected \stdClass $course;

    /** @var \stdClass Who marks. */
    protected \stdClass $teacher;

    /** @var package What the last archive was made of. */
    protected package $package;

    /** @var string Folder with the unpacked archive. */
    protected string $folder = '';

    /** @var array<string, \Archivist\Entry> What the archive says about its files, by their names. */
    protected array $entries = [];

    #[\Override]
    protected function setUp(): void {
        global $CFG;
        parent::setUp();
        require_once($CFG->dirroot . '/mod/assign/locallib.php');
        if (!engine::is_ready()) {
            $this->markTestSkipped(engine::problem());
        }
        $this->resetAfterTest();
        $this->setAdminUser();
        $this->course = $this->getDataGenerator()->create_course();
        $this->teacher = $this->user('Tess', 'Teacher', 't1', 'editingteacher');
    }

    /**
     * A person in the course.
     *
     * @param string $first
     * @param string $last
     * @param string $idnumber
     * @param string $role
     * @return \stdClass
     */
    protected function user(string $first, string $last, string $idnumber = '', string $role = 'student'): \stdClass {
        $names = ['firstname' => $first, 'lastname' => $last, 'idnumber' => $idnumber];
        return $this->getDataGenerator()->create_and_enrol($this->course, $role, $names);
    }

    /**
     * An assignment.
     *
     * @param array $settings
     * @return \assign
     */
    protected function assignment(array $settings = []): \assign {
        $instance = $this->getDataGenerator()->create_module('assign', $settings + [
            'course' => $this->course->id, 'name' => 'Homework', 'intro' => '<p>Hand in.</p>', 'introformat' => FORMAT_HTML,
            'assignsubmission_file_enabled' => 1, 'assignsubmission_file_maxfiles' => 20,
            'assignsubmission_file_maxsizebytes' => 1000000, 'assignsubmission_onlinetext_enabled' => 1,
            'assignsubmission_comments_enabled' => 1, 'assignfeedback_comments_enabled' => 1, 'assignfeedback_file_enabled' => 1,
            'submissiondrafts' => 0, 'sendstudentnotifications' => 0,
        ]);
        [$course, $cm] = get_course_and_cm_from_cmid($instance->cmid, 'assign');
        return new \assign(\context_module::instance($cm->id), $cm, $course);
    }

    /**
     * A draft area of the current user.
     *
     * @param array<string, string> $files contents by path
     * @return int
     */
    protected function draft(array $files): int {
        global $USER;
        $itemid = file_get_unused_draft_itemid();
        foreach ($files as $path => $content) {
            $folder = dirname("/$path");
            get_file_storage()->create_file_from_string([
                'contextid' => \context_user::instance($USER->id)->id, 'component' => 'user', 'filearea' => 'draft',
                'itemid' => $itemid, 'filepath' => $folder === '/' ? '/' : "$folder/", 'filename' => basename($path),
                'userid' => $USER->id, 'author' => fullname($USER),
            ], $content);
        }
        return $itemid;
    }

    /**
     * Hands in.
     *
     * @param \assign $assign
     * @param \stdClass $user
     * @param array<string, string> $files contents by path
     * @param string $text
     * @param array<string, string> $pictures files of the text
     */
    protected function submit(\assign $assign, \stdClass $user, array $files, string $text = '', array $pictures = []): void {
        global $CFG;
        $this->setUser($user);
        $notices = [];
        $draft = $this->draft($pictures);
        $url = "$CFG->wwwroot/draftfile.php/" . \context_user::instance($user->id)->id . "/user/draft/$draft";
        $this->assertTrue($assign->save_submission((object) [
            'userid' => $user->id,
            'files_filemanager' => $this->draft($files),
            'onlinetext_editor' => ['itemid' => $draft, 'format' => FORMAT_HTML,
                'text' => str_replace('@@DRAFT@@', $url, $text)],
        ], $notices), implode(' ', $notices));
        $this->setAdminUser();
    }

    /**
     * Marks the newest attempt.
     *
     * @param \assign $assign
     * @param \stdClass $user
     * @param float $grade
     * @param string $comment
     * @param array<string, string> $files contents by path
     * @param array $more further fields
     */
    protected function grade(
        \assign $assign,
        \stdClass $user,
        float $grade,
        string $comment = '',
        array $files = [],
        array $more = [],
    ): void {
        $this->setUser($this->teacher);
        $assign->save_grade($user->id, (object) ($more + [
            'grade' => $grade, 'attemptnumber' => -1, 'addattempt' => 0, 'sendstudentnotifications' => 0, 'applytoall' => 0,
            'assignfeedbackcomments_editor' => ['text' => $comment, 'format' => FORMAT_HTML,
                'itemid' => file_get_unused_draft_itemid()],
            "files_{$user->id}_filemanager" => $this->draft($files),
        ]));
        $this->setAdminUser();
    }

    /**
     * The driver for an assignment.
     *
     * @param \assign $assign
     * @return archiver
     */
    protected function archiver(\assign $assign): archiver {
        [, $cm] = get_course_and_cm_from_cmid($assign->get_course_module()->id, 'assign');
        return new archiver($cm);
    }

    /**
     * Archives for real, compares with what is expected, and unpacks.
     *
     * @param \assign $assign
     * @param scope|null $scope
     * @param bool $whole whether nothing may be missing
     * @return string[] names of the files, sorted
     */
    protected function archive(\assign $assign, ?scope $scope = null, bool $whole = true): array {
        $scope ??= scope::all();
        $archiver = $this->archiver($assign);
        $this->package = new package(new EntryList());
        $archiver->collect($this->package, $scope);
        $missing = $this->package->missing($archiver->expected($scope));
        if ($whole) {
            $this->assertSame([], $missing);
            $expected = array_filter(array_map('count', $archiver->expected($scope)));
            $this->assertEqualsCanonicalizing($expected, array_intersect_key($this->package->counts(), $expected));
            $this->assertEqualsCanonicalizing(array_keys($expected), array_keys($this->package->counts()));
        }
        $base = make_request_directory();
        $path = "$base/archive.zip";
        $options = new PackageOptions('Homework', metadata: ['scope' => $archiver->describe_scope($scope)]);
        engine::create()->start(new JobSpec($this->package->entries, $options, $path))->wait();
        $this->folder = "$base/out";
        $verifier = new Verifier();
        $verifier->extract($path, $this->folder);
        $this->entries = [];
        foreach ($verifier->entries($path) as $entry) {
            $this->entries[$entry->original] = $entry;
        }
        $names = array_keys($this->entries);
        sort($names);
        return $names;
    }

    /**
     * The content of a file in the archive.
     *
     * @param string $name
     * @return string
     */
    protected function content(string $name): string {
        $this->assertFileExists("{$this->folder}/$name");
        return file_get_contents("{$this->folder}/$name");
    }

    /**
     * A record in the archive.
     *
     * @param string $name
     * @return array
     */
    protected function json(string $name): array {
        return json_decode($this->content($name), true, 512, JSON_THROW_ON_ERROR);
    }

    /**
     * Asserts that a text is in no file, no name and no metadata of the archive.
     *
     * @param string $text
     */
    protected function assert_nowhere(string $text): void {
        foreach ($this->everything() as $name => $content) {
            $this->assertStringNotContainsStringIgnoringCase($text, $name);
            $this->assertStringNotContainsStringIgnoringCase($text, $content, $name);
        }
    }

    /**
     * Asserts that no record of the archive has the id of a user.
     *
     * @param int $userid
     */
    protected function assert_no_userid(int $userid): void {
        foreach ($this->everything() as $name => $content) {
            $this->assertDoesNotMatchRegularExpression("/\"(userid|aboutid|usermodified)\":\s*\"?$userid\b/", $content, $name);
            $this->assertStringNotContainsString("(id $userid)", $name . $content);
        }
    }

    /**
     * Contents of all files of the archive with those of the bag, by name.
     *
     * @return \Generator
     */
    protected function everything(): \Generator {
        $zip = new \ZipArchive();
        $zip->open(dirname($this->folder) . '/archive.zip');
        for ($i = 0; $i < $zip->numFiles; $i++) {
            yield $zip->getNameIndex($i) => $zip->getFromIndex($i);
        }
        $zip->close();
    }
}
