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

/**
 * Tests the folder for temporary files of a run.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \local_archivist\workspace
 */
final class workspace_test extends \advanced_testcase {
    /** @var job The job. */
    private job $job;

    /** @var string|false What TMPDIR is outside of the test. */
    private string|false $before;

    /** @var string The folder in which temporary files go. */
    private string $folder;

    /** @var string The folder of the job. */
    private string $path;

    #[\Override]
    protected function setUp(): void {
        parent::setUp();
        $this->resetAfterTest();
        $course = $this->getDataGenerator()->create_course();
        $module = $this->getDataGenerator()->create_module('page', ['course' => $course->id]);
        $generator = $this->getDataGenerator()->get_plugin_generator('local_archivist');
        $this->job = $generator->create_job(get_fast_modinfo($course)->get_cm($module->cmid));
        $this->before = getenv('TMPDIR');
        $this->folder = make_request_directory();
        $this->path = "{$this->folder}/archivist-job-{$this->job->id()}";
        putenv("TMPDIR={$this->folder}");
    }

    #[\Override]
    protected function tearDown(): void {
        putenv($this->before === false ? 'TMPDIR' : "TMPDIR={$this->before}");
        parent::tearDown();
    }

    /**
     * It is empty, for nobody else, and gone afterwards.
     */
    public function test_folder(): void {
        mkdir($this->path);
        file_put_contents("{$this->path}/left", 'by one that was killed');
        $workspace = new workspace($this->job);
        clearstatcache();
        $this->assertSame($this->path, getenv('TMPDIR'));
        $this->assertSame(0700, fileperms($this->path) & 0777);
        $this->assertSame(['.', '..'], scandir($this->path));
        $workspace->close();
        $this->assertSame($this->folder, getenv('TMPDIR'));
        $this->assertFileDoesNotExist($this->path);
    }

    /**
     * A link is not followed.
     */
    public function test_link(): void {
        $target = make_request_directory();
        file_put_contents("$target/precious", 'x');
        symlink($target, $this->path);
        $this->assert_refused('error_workspaceforeign');
        $this->assertFileExists("$target/precious");
        unlink($this->path);
        symlink("$target/nothing", $this->path);
        $this->assert_refused('error_workspaceforeign');
        $this->assertFileDoesNotExist("$target/nothing");
    }

    /**
     * A file in the way is left alone.
     */
    public function test_file(): void {
        file_put_contents($this->path, 'x');
        $this->assert_refused('error_workspaceforeign');
        $this->assertStringEqualsFile($this->path, 'x');
    }

    /**
     * A folder of somebody else is left alone.
     */
    public function test_foreign(): void {
        mkdir($this->path);
        file_put_contents("{$this->path}/precious", 'x');
        $this->assert_refused('error_workspaceforeign', fileowner($this->path) + 1);
        $this->assertFileExists("{$this->path}/precious");
    }

    /**
     * Where no folder can be made, a sentence tells.
     */
    public function test_nowhere(): void {
        remove_dir($this->folder);
        $this->assert_refused('error_workspace');
    }

    /**
     * No workspace comes about, and the environment stays.
     *
     * @param string $error
     * @param int|null $owner who must own the folder
     */
    private function assert_refused(string $error, ?int $owner = null): void {
        try {
            (new workspace($this->job, $owner))->close();
            $this->fail('It was made.');
        } catch (\moodle_exception $e) {
            $this->assertSame(get_string($error, 'local_archivist', $this->path), $e->getMessage());
        }
        $this->assertSame($this->folder, getenv('TMPDIR'));
    }
}
