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

namespace local_archivist;

use Archivist\EntryList;
use Archivist\JobSpec;
use Archivist\PackageOptions;
use Archivist\Verifier;

/**
 * Moodle's own backup and the metadata in an archive.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \local_archivist\activity_backup
 * @covers     \local_archivist\metadata
 */
final class activity_backup_test extends \advanced_testcase {
    /** @var \stdClass The course. */
    private \stdClass $course;

    /** @var \stdClass A student. */
    private \stdClass $student;

    #[\Override]
    protected function setUp(): void {
        parent::setUp();
        if (!engine::is_ready()) {
            $this->markTestSkipped(engine::problem());
        }
        $this->resetAfterTest();
        $this->setAdminUser();
        $this->course = $this->getDataGenerator()->create_course(['fullname' => 'Course', 'shortname' => 'CS']);
        $this->student = $this->getDataGenerator()->create_and_enrol($this->course, 'student', ['lastname' => 'Canary']);
    }

    /**
     * Settings of an assignment, whose data is wanted (or everybody's), and whether the backup has people in it.
     *
     * @return array<string, array{array, bool, bool}>
     */
    public static function cases(): array {
        return [
            'everybody' => [[], true, true],
            'one person' => [[], false, false],
            'blind marking' => [['blindmarking' => 1], true, false],
        ];
    }

    /**
     * The backup has everybody's data only where everybody may be seen, and it is gone from the pool afterwards.
     *
     * @dataProvider cases
     * @param array $settings
     * @param bool $all
     * @param bool $people
     */
    public function test_backup(array $settings, bool $all, bool $people): void {
        global $DB;
        $cm = $this->cm($settings);
        $job = $this->job($cm, $all ? scope::all() : scope::user((int) $this->student->id));
        $package = new package(new EntryList());
        (new activity_backup($job, $cm))->add_to($package);
        $base = make_request_directory();
        engine::create()->start(new JobSpec($package->entries, new PackageOptions('T'), "$base/a.zip"))->wait();
        (new Verifier())->extract("$base/a.zip", "$base/out");
        activity_backup::clear($job);
        $this->assertFalse($DB->record_exists_select('files', "filename LIKE '%.mbz'"));
        get_file_packer('application/vnd.moodle.backup')->extract_to_pathname("$base/out/backup/activity.mbz", "$base/mbz");
        $this->assertFileExists("$base/mbz/moodle_backup.xml");
        $text = '';
        $files = new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator("$base/mbz", \FilesystemIterator::SKIP_DOTS));
        foreach ($files as $file) {
            $text .= file_get_contents($file->getPathname());
        }
        $this->assertSame($people, str_contains($text, 'Canary'));
        $this->assertSame($people, str_contains($text, 'My text'));
    }

    /**
     * What the administrator has locked for backups by hand neither lets people in nor keeps them out.
     *
     * @dataProvider cases
     * @param array $settings
     * @param bool $all
     * @param bool $people
     */
    public function test_locked_settings(array $settings, bool $all, bool $people): void {
        foreach (['users' => !$people, 'anonymize' => 1, 'files' => 0, 'logs' => 1, 'histories' => 1] as $name => $value) {
            set_config("backup_general_$name", (int) $value, 'backup');
            set_config("backup_general_{$name}_locked", 1, 'backup');
        }
        $this->test_backup($settings, $all, $people);
    }

    /**
     * The metadata say whose data it is and how much of it, and keep a participant hidden.
     */
    public function test_metadata(): void {
        $cm = $this->cm([]);
        $package = new package(new EntryList());
        $package->count('file', 4);
        $expected = ['file' => [4 => 'a', 5 => 'b'], 'grade' => []];
        $job = $this->job($cm, scope::all());
        $metadata = metadata::for_job($job, archivers::for_cm($cm), $package, $expected);
        $this->assertSame('all', $metadata['scope']);
        $this->assertFalse($metadata['anonymous']);
        $this->assertSame(
            ['file' => ['expected' => 2, 'archived' => 1], 'grade' => ['expected' => 0, 'archived' => 0]],
            $metadata['counts']
        );
        $this->assertSame(['assign', (int) $cm->id], [$metadata['activity']['module'], $metadata['activity']['cmid']]);
        $this->assertSame($job->record()->uuid, $metadata['job']['uuid']);
        $one = $this->job($cm, scope::user((int) $this->student->id));
        $metadata = metadata::for_job($one, archivers::for_cm($cm), $package, $expected);
        $this->assertSame((int) $this->student->id, $metadata['scope']['userid']);
        $cm = $this->cm(['blindmarking' => 1]);
        $metadata = metadata::for_job($this->job($cm, $one->scope()), archivers::for_cm($cm), $package, $expected);
        $this->assertTrue($metadata['anonymous']);
        $this->assertNull($metadata['scope']['userid']);
        $this->assertNull($metadata['job']['userid']);
        $this->assertNull(metadata::created_by($one->record(), archivers::for_cm($cm)));
        $this->assertStringNotContainsString('Canary', json_encode($metadata));
    }

    /**
     * An assignment in which the student has handed in.
     *
     * @param array $settings
     * @return \cm_info
     */
    private function cm(array $settings): \cm_info {
        $generator = $this->getDataGenerator();
        $instance = $generator->create_module('assign', $settings + ['course' => $this->course->id, 'submissiondrafts' => 0,
            'assignsubmission_onlinetext_enabled' => 1]);
        $generator->get_plugin_generator('mod_assign')->create_submission(['cmid' => $instance->cmid,
            'userid' => $this->student->id, 'onlinetext' => 'My text']);
        return get_course_and_cm_from_cmid($instance->cmid, 'assign')[1];
    }

    /**
     * A job.
     *
     * @param \cm_info $cm
     * @param scope $scope
     * @return job
     */
    private function job(\cm_info $cm, scope $scope): job {
        return new job((object) ['id' => 1, 'uuid' => \core\uuid::generate(), 'courseid' => $cm->course, 'cmid' => $cm->id,
            'contextid' => $cm->context->id, 'coursename' => 'Course', 'courseshortname' => 'CS', 'userid' => 2,
            'scopeuserid' => $scope->userid, 'origin' => 'cli', 'activityname' => $cm->name, 'modname' => 'assign',
            'timecreated' => 1, 'timecollected' => 2, 'purpose' => 'activity', 'parentid' => null]);
    }
}
