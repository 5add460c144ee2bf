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

use Archivist\Artifact;
use Archivist\Exception\ExistsException;
use Archivist\Exception\NotFoundException;
use Archivist\Exception\StorageException;
use local_archivist\tests\failing_file_system;

defined('MOODLE_INTERNAL') || die();
require_once(__DIR__ . '/fixtures/archive_testcase.php');

/**
 * Tests of the storages: one contract for all kinds.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \local_archivist\stores
 * @covers     \local_archivist\store
 * @covers     \archivestore_filesystem\store
 * @covers     \archivestore_moodledata\store
 * @covers     \archivestore_moodledata\area
 * @covers     \archivestore_moodledata\pool
 */
final class stores_test extends fixtures\archive_testcase {
    /** @var string A key as the engine makes it. */
    private const KEY = '5d/0192f0c1-7d3b-4cc2-9a51-3c6e1f2a4b5d.tar.zst';

    /**
     * The kinds of storages.
     *
     * @return array
     */
    public static function kinds(): array {
        return ['filesystem' => ['filesystem'], 'moodledata' => ['moodledata']];
    }

    /**
     * Makes a storage of a kind.
     *
     * @param string $kind
     * @return store
     */
    private function of_kind(string $kind): store {
        return $kind === 'filesystem' ? $this->folder_store() : $this->make_store($kind);
    }

    /**
     * A file to store.
     *
     * @param string $bytes
     * @return Artifact
     */
    private function artifact(string $bytes): Artifact {
        $path = make_request_directory() . '/artifact';
        file_put_contents($path, $bytes);
        return new Artifact($path, strlen($bytes), hash('sha256', $bytes));
    }

    /**
     * What was stored comes back, and is never overwritten.
     *
     * @dataProvider kinds
     * @param string $kind
     */
    public function test_contract(string $kind): void {
        $store = $this->of_kind($kind);
        $driver = $store->driver();
        $driver->store($this->artifact('first'), self::KEY);
        try {
            $driver->store($this->artifact('second'), self::KEY);
            $this->fail('It was overwritten.');
        } catch (ExistsException $e) {
            $this->assertNotEmpty($e->getMessage());
        }
        $path = make_request_directory() . '/back';
        $driver->retrieve(self::KEY, $path);
        $this->assertSame('first', file_get_contents($path));
        $this->assertSame('first', stream_get_contents($store->open(self::KEY)));
        $driver->delete(self::KEY);
        foreach ([fn() => $driver->delete(self::KEY), fn() => $driver->retrieve(self::KEY, "$path.2")] as $try) {
            try {
                $try();
                $this->fail('It was still there.');
            } catch (NotFoundException $e) {
                $this->assertNotEmpty($e->getMessage());
            }
        }
        $this->expectException(\moodle_exception::class);
        $store->open(self::KEY);
    }

    /**
     * What arrived only in part is an error of the disk and never taken for what the storage holds.
     */
    public function test_part_of_a_copy(): void {
        failing_file_system::install();
        $driver = $this->make_store('moodledata')->driver();
        $driver->store($this->artifact('archive'), self::KEY);
        $path = make_request_directory() . '/back';
        foreach ([['arch', false], ['archive', false], ['arch', true], ['', true]] as [$part, $told]) {
            [failing_file_system::$part, failing_file_system::$told] = [$part, $told];
            try {
                $driver->retrieve(self::KEY, $path);
                $this->fail('A part was taken for the archive.');
            } catch (StorageException $e) {
                $this->assertSame(\Archivist\E_IO, $e->getCode());
                $this->assertStringContainsString(strlen($part) . ' of 7 bytes arrived', $e->getMessage());
            }
            $this->assertFileDoesNotExist($path);
        }
        failing_file_system::$part = null;
        $driver->retrieve(self::KEY, $path);
        $this->assertStringEqualsFile($path, 'archive');
    }

    /**
     * What Moodle throws becomes an error of the storage, which may pass, with the cause in it.
     */
    public function test_errors_of_moodle(): void {
        failing_file_system::install();
        $driver = $this->make_store('moodledata')->driver();
        $driver->store($this->artifact('archive'), self::KEY);
        $path = make_request_directory() . '/back';
        $other = str_replace('.tar.zst', '.zip', self::KEY);
        foreach ([new \dml_read_exception('Gone away.'), new \file_exception('cannotcreatetempdir')] as $error) {
            failing_file_system::$error = $error;
            foreach (
                [
                    fn() => $driver->store($this->artifact('other'), $other),
                    fn() => $driver->retrieve(self::KEY, $path),
                    fn() => $driver->delete(self::KEY),
                ] as $try
            ) {
                try {
                    $try();
                    $this->fail('It did not fail.');
                } catch (StorageException $e) {
                    $this->assertSame([\Archivist\E_IO, $error], [$e->getCode(), $e->getPrevious()]);
                    $this->assertStringContainsString(rtrim($error->getMessage(), '.'), $e->getMessage());
                }
            }
            failing_file_system::$error = null;
            $driver->store($this->artifact('archive'), self::KEY); // The row went before the content.
        }
    }

    /**
     * A file pool that is full has the job wait for its next attempt.
     */
    public function test_full_pool_is_tried_again(): void {
        failing_file_system::install();
        $this->make_store('moodledata');
        failing_file_system::$error = new \file_exception('storedfileproblem', 'No space left on device');
        $job = $this->make_job();
        $record = $this->run_job($job);
        $this->assertSame(state::RECOVERABLE_ERROR, (int) $record->status);
        $this->assertStringContainsString('No space left on device', $record->cause);
        failing_file_system::$error = null;
        failing_file_system::$part = 'PK'; // Now there is no space for what is read back.
        $record = $this->run_job($job);
        $this->assertSame(state::RECOVERABLE_ERROR, (int) $record->status);
        $this->assertStringContainsString('bytes arrived', $record->cause);
        failing_file_system::$part = null;
        $this->assertSame(state::COMPLETED, (int) $this->run_job($job)->status);
    }

    /**
     * Only keys are opened.
     *
     * @dataProvider kinds
     * @param string $kind
     */
    public function test_open_wants_a_key(string $kind): void {
        $store = $this->of_kind($kind);
        foreach (['', '/etc/passwd', '../../etc/passwd', self::KEY . "\n", '5d/../' . self::KEY, self::KEY . '/x'] as $key) {
            try {
                $store->open($key);
                $this->fail("It opened $key");
            } catch (\coding_exception $e) {
                $this->assertStringContainsString('not the key', $e->getMessage());
            }
        }
    }

    /**
     * The check tells each step; without the extension it says what to do.
     *
     * @dataProvider kinds
     * @param string $kind
     */
    public function test_check(string $kind): void {
        global $DB;
        $store = $this->of_kind($kind);
        $check = $store->check();
        $this->assertSame([true, array_fill_keys(store::STEPS, true)], [$check['ok'], $check['steps']]);
        if ($kind === 'filesystem') {
            $this->assertSame([], $this->files_in());
        }
        $this->assertFalse($DB->record_exists_select('files', "component = 'archivestore_moodledata' AND filename <> '.'"));
        $this->assertGreaterThan(0, $store->space()['free']);
        $this->assertMatchesRegularExpression('/^[\d.,]+.\w+ of [\d.,]+.\w+$/u', $store->space_text());
        engine::set_version_for_test(null);
        $check = $store->check();
        $this->assertSame([false, engine::problem()], [$check['ok'], $check['detail']]);
    }

    /**
     * A folder that cannot be used fails its check with a sentence.
     */
    public function test_check_fails(): void {
        $file = make_request_directory() . '/file';
        touch($file);
        $check = $this->folder_store("$file/below")->check();
        $this->assertFalse($check['ok'] || $check['steps']['connect']);
        $this->assertStringContainsString($file, $check['detail']);
    }

    /**
     * What is free is told also of a storage that knows only that, that knows nothing, and that fails: the page stays.
     */
    public function test_space_text(): void {
        $told = function (?array $space): string {
            $store = $this->createMock(store::class);
            $space
                ? $store->method('space')->willReturn($space)
                : $store->method('space')->willThrowException(new \moodle_exception('error_name', 'local_archivist'));
            return $store->space_text();
        };
        $this->assertSame(display_size(2048) . ' of ' . display_size(4096), $told(['free' => 2048, 'total' => 4096]));
        $this->assertSame(display_size(2048), $told(['free' => 2048, 'total' => null]));
        $this->assertSame(get_string('spaceunknown', 'local_archivist'), $told(['free' => null, 'total' => null]));
        $this->assertSame(get_string('error_name', 'local_archivist'), $told(null));
    }

    /**
     * A folder is made as long as it holds nothing; when it held archives and is missing, a disk is not mounted.
     */
    public function test_missing_folder(): void {
        $store = $this->folder_store(make_request_directory() . '/new');
        $this->assertTrue($store->check()['ok']);
        $job = $this->make_job();
        $this->run_job($job);
        rename($this->folder, "{$this->folder}.away");
        $this->assertFalse($store->check()['ok']);
        $this->assertDirectoryDoesNotExist($this->folder);
    }

    /**
     * An empty folder in place of one that held archives is not taken for it: nothing counts as deleted, and nothing
     * is written there.
     */
    public function test_unmounted_folder(): void {
        $store = $this->folder_store();
        $job = $this->make_job();
        $this->run_job($job);
        $file = current($job->files());
        rename($this->folder, "{$this->folder}.away");
        mkdir($this->folder);
        $check = $store->check();
        $this->assertFalse($check['ok'] || $check['steps']['connect']);
        $this->assertStringContainsString('Is the disk mounted?', $check['detail']);
        try {
            jobs::delete_copy($job, $file);
            $this->fail('It counts as deleted.');
        } catch (\moodle_exception $e) {
            $this->assertSame('error_notdeleted', $e->errorcode);
        }
        $this->assertSame([], $this->files_in());
        rmdir($this->folder);
        rename("{$this->folder}.away", $this->folder);
        $this->assertSame('stored', current($job->files())->status);
        jobs::delete_copy($job, $file);
        $this->assertSame('deleted', current($job->files())->status);
    }

    /**
     * A clone of the site reads what the site stored, and neither writes nor removes anything in its folder.
     */
    public function test_clone_of_the_site(): void {
        global $CFG;
        $store = $this->folder_store();
        $job = $this->make_job();
        $this->run_job($job);
        $file = current($job->files());
        $names = $this->files_in();
        foreach (['https://staging.example.edu', 'https://' . str_repeat('staging.', 12) . 'example.edu/moodle'] as $address) {
            $CFG->wwwroot = $address;
            try {
                jobs::delete_copy($job, $file);
                $this->fail('It was deleted.');
            } catch (\moodle_exception $e) {
                $this->assertStringContainsString("belongs to 'www.example.com/moodle'", $e->getMessage());
            }
            try {
                $store->driver()->store($this->artifact('x'), self::KEY);
                $this->fail('It was stored.');
            } catch (\Archivist\Exception\StorageException $e) {
                $this->assertSame(\Archivist\E_ACCESS, $e->getCode());
            }
            $this->assertSame($file->sha256, hash('sha256', stream_get_contents($store->open($file->storekey))));
        }
        $this->assertSame($names, $this->files_in());
    }

    /**
     * Paths that archives must not lie in.
     */
    public function test_paths(): void {
        global $CFG;
        $class = \archivestore_filesystem\store::class;
        $bad = ['', 'archive', './archive', '/', '//', '/srv/../etc', "/srv/a\0b", "/srv/a\nb", $CFG->dirroot, "$CFG->dirroot/x/y",
            "$CFG->dataroot/filedir", "$CFG->dataroot/filedir/new", "$CFG->dataroot//temp/x/", $CFG->tempdir];
        foreach ($bad as $path) {
            $this->assertNotEmpty($class::form_validation(['path' => $path])['path'] ?? null, $path);
        }
        // The link leads to an empty folder: Moodle's remove_dir() follows links.
        $link = make_request_directory() . '/link';
        symlink(make_temp_directory('archivist_empty'), $link);
        $bad = $class::form_validation(['path' => "$link/archive"]);
        unlink($link);
        $this->assertArrayHasKey('path', $bad);
        $store = $this->folder_store();
        $this->assertArrayHasKey('path', $class::form_validation(['path' => "{$this->folder}/"]));
        $this->assertSame([], $class::form_validation(['path' => $this->folder, 'id' => $store->id()]));
        $this->assertSame([], $class::form_validation(['path' => '/srv/archive-2 (Ä)']));
        $this->assertSame(['path' => '/srv/a/b'], $class::form_settings((object) ['path' => '/srv//a/b/']));
    }

    /**
     * Moodle has one file storage, so one storage of this kind.
     */
    public function test_second_moodledata(): void {
        $class = \archivestore_moodledata\store::class;
        $this->assertSame([], $class::form_validation([]));
        $store = $this->make_store('moodledata');
        $this->assertArrayHasKey('name', $class::form_validation(['id' => 0]));
        $this->assertSame([], $class::form_validation(['id' => $store->id()]));
    }

    /**
     * Archives in Moodle's file pool outlive the activity and the course, and no page of Moodle's serves them.
     */
    public function test_moodledata_outlives_the_course(): void {
        $store = $this->make_store('moodledata');
        $job = $this->make_job();
        $this->run_job($job);
        delete_course($this->course, false);
        $file = current($job->files(true));
        $this->assertSame($file->sha256, hash('sha256', stream_get_contents($store->open($file->storekey))));
        $this->assertFalse(component_callback_exists('archivestore_moodledata', 'pluginfile'));
    }

    /**
     * A storage that holds archives, or held some, stays.
     */
    public function test_delete(): void {
        $used = $this->folder_store();
        $job = $this->make_job();
        $this->run_job($job);
        $unused = $this->make_store('moodledata');
        stores::delete($unused->id());
        $this->assertSame([$used->id()], array_keys(stores::all()));
        jobs::delete_copy($job, current($job->files()));
        $this->expectExceptionMessage(get_string('error_storeused', 'local_archivist'));
        stores::delete($used->id());
    }

    /**
     * A storage whose driver is not installed any more is left out, and named when it is asked for.
     */
    public function test_driver_gone(): void {
        global $DB;
        $store = $this->folder_store();
        $DB->set_field('local_archivist_store', 'plugin', 'nosuchdriver', ['id' => $store->id()]);
        $this->assertSame([], stores::all());
        $this->expectExceptionMessage(get_string('error_storenodriver', 'local_archivist', $store->name()));
        stores::get($store->id());
    }

    /**
     * A sentence about a storage bears the name that people know it by: that of the one whose place it quotes.
     */
    public function test_named(): void {
        $one = $this->folder_store(make_request_directory());
        $two = $this->make_store('filesystem', ['path' => make_request_directory()]);
        stores::save((object) ['id' => $two->id(), 'name' => 'Shelf']);
        $path = $two->describe();
        $ids = [$one->id(), $two->id()];
        $this->assertSame("Storage \"Shelf\": Cannot write $path/a.zip.", stores::named("Cannot write $path/a.zip.", $ids));
        $this->assertSame("Cannot write {$path}2/a.", stores::named("Cannot write {$path}2/a.", $ids));
        $this->assertSame('Away.', stores::named('Away.', $ids));
        $this->assertSame('Storage "Shelf": Away.', stores::named('Away.', [$two->id()]));
        $this->assertSame('Away.', stores::named('Away.', [99999999]));
    }
}
