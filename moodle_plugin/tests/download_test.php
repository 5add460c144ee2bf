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
 * Tests that nobody gets a complete archive that is not what was stored.
 *
 * @covers \\local_archivist\\download
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class download_test extends \advanced_testcase {
    /** @var job The job. */
    private job $job;

    /** @var int The storage. */
    private int $store;

    /** @var string[] What was sent. */
    private array $sent = [];

    /** @var array<string, string>|null The headers, once they were sent. */
    private ?array $headers = null;

    #[\Override]
    protected function setUp(): void {
        parent::setUp();
        $this->resetAfterTest();
        $this->setAdminUser();
        $course = $this->getDataGenerator()->create_course();
        $module = $this->getDataGenerator()->create_module('page', ['course' => $course->id]);
        $generator = $this->getDataGenerator()->get_plugin_generator('local_archivist');
        $this->job = $generator->create_job(get_fast_modinfo($course)->get_cm($module->cmid));
        $this->store = $generator->create_store(make_request_directory());
    }

    /**
     * A copy.
     *
     * @param string $bytes
     * @param array $record
     * @return \stdClass
     */
    private function copy_of(string $bytes, array $record = []): \stdClass {
        $generator = $this->getDataGenerator()->get_plugin_generator('local_archivist');
        return $generator->create_copy($this->job, $this->store, $bytes, $record);
    }

    /**
     * Downloads a copy.
     *
     * @param \stdClass $file
     * @param int $chunks how many are taken before nobody listens any more
     * @return \moodle_exception|null
     */
    private function download(\stdClass $file, int $chunks = PHP_INT_MAX): ?\moodle_exception {
        try {
            download::find((int) $file->id)->send(
                function (array $headers): void {
                    $this->headers = $headers;
                },
                function (string $bytes) use ($chunks): bool {
                    $this->sent[] = $bytes;
                    return count($this->sent) < $chunks;
                },
            );
        } catch (\moodle_exception $e) {
            return $e;
        }
        return null;
    }

    /**
     * The task that was entered.
     *
     * @return \stdClass
     */
    private function task(): \stdClass {
        global $DB;
        return $DB->get_record('local_archivist_task', ['jobid' => $this->job->id(), 'kind' => 'read'], '*', MUST_EXIST);
    }

    /**
     * A good copy comes completely, and the events tell.
     */
    public function test_good(): void {
        $bytes = random_bytes(700001);
        $file = $this->copy_of($bytes, ['filename' => 'Prüfung "1" – Öl.zip']);
        $events = $this->redirectEvents();
        $this->assertNull($this->download($file));
        $this->assertSame(hash('sha256', $bytes), hash('sha256', implode('', $this->sent)));
        $this->assertSame('700001', $this->headers['Content-Length']);
        $this->assertSame('application/zip', $this->headers['Content-Type']);
        $this->assertSame('nosniff', $this->headers['X-Content-Type-Options']);
        $this->assertSame(
            'attachment; filename="Prufung _1_ - Ol.zip"; filename*=UTF-8\'\'Pr%C3%BCfung%20%221%22%20%E2%80%93%20%C3%96l.zip',
            $this->headers['Content-Disposition'],
        );
        $this->assertSame('completed', $this->task()->status);
        $this->assertSame([
            'archivestore_filesystem\event\read_task_created',
            'archivestore_filesystem\event\read_task_updated',
            'archivestore_filesystem\event\read_task_completed',
        ], array_map('get_class', $events->get_events()));
    }

    /**
     * The task is one of who downloads, not of who asked for the job.
     */
    public function test_whose(): void {
        $user = $this->getDataGenerator()->create_user();
        $this->setUser($user);
        $this->assertNull($this->download($this->copy_of('abc')));
        $this->assertSame((int) $user->id, (int) $this->task()->userid);
    }

    /**
     * Sizes around the part that is withheld.
     *
     * @return array[]
     */
    public static function sizes(): array {
        return [[0], [1], [download::WITHHELD - 1], [download::WITHHELD], [download::WITHHELD + 1], [262144 + 65536]];
    }

    /**
     * Every size comes completely.
     *
     * @dataProvider sizes
     * @param int $size
     */
    public function test_sizes(int $size): void {
        $bytes = $size ? random_bytes($size) : '';
        $this->assertNull($this->download($this->copy_of($bytes)));
        $this->assertSame($bytes, implode('', $this->sent));
        $this->assertNotNull($this->headers);
    }

    /**
     * What happened to copies.
     *
     * @return array[]
     */
    public static function damages(): array {
        return [
            'a byte at the beginning' => [fn(string $bytes): string => 'X' . substr($bytes, 1)],
            'a byte at the end' => [fn(string $bytes): string => substr($bytes, 0, -1) . 'X'],
            'cut off' => [fn(string $bytes): string => substr($bytes, 0, -100000)],
            'longer' => [fn(string $bytes): string => $bytes . 'X'],
            'much longer' => [fn(string $bytes): string => $bytes . str_repeat('X', 500000)],
            'empty' => [fn(string $bytes): string => ''],
        ];
    }

    /**
     * A copy that is not what was stored never comes completely, and everybody can see that it was tried.
     *
     * @dataProvider damages
     * @param callable $damage
     */
    public function test_tampered(callable $damage): void {
        global $DB;
        $bytes = str_repeat('archive', 50000);
        $file = $this->copy_of($bytes);
        file_put_contents($file->path, $damage($bytes));
        $events = $this->redirectEvents();
        $this->assertSame('cause_notwhatstored', $this->download($file)?->errorcode);
        $this->assertSame([null, []], [$this->headers, $this->sent], 'Nothing of it was sent.');
        $this->assertSame('failed', $this->task()->status);
        $this->assertStringContainsString('SHA-256', $this->task()->cause);
        $this->assertTrue($DB->record_exists('local_archivist_log', ['jobid' => $this->job->id(), 'level' => 4]));
        $names = array_map('get_class', $events->get_events());
        $this->assertSame('archivestore_filesystem\event\read_task_failed', end($names));
    }

    /**
     * Another archive in the place of one, of the same size and the same times, is not sent, also not its beginning.
     */
    public function test_another_archive(): void {
        $bytes = str_repeat('archive', 50000);
        $file = $this->copy_of($bytes);
        touch($file->path, 1700000000);
        $this->mock_clock_with_frozen(time() + MINSECS);
        $this->assertNull($this->download($file));
        $this->sent = [];
        $this->headers = null;
        $other = dirname($file->path) . '/other';
        file_put_contents($other, strrev($bytes));
        touch($other, 1700000000);
        rename($other, $file->path);
        $this->assertSame('cause_notwhatstored', $this->download($file)?->errorcode);
        $this->assertSame([null, []], [$this->headers, $this->sent]);
    }

    /**
     * An object that was compared is read once the next time; what changes while it is sent never comes completely.
     */
    public function test_compared_before(): void {
        $bytes = str_repeat('archive', 50000);
        $file = $this->copy_of($bytes);
        $state = new \ReflectionMethod(download::class, 'state_of');
        $download = download::find((int) $file->id);
        $state = fn(): ?string => $state->invoke($download, fopen($file->path, 'rb'));
        $this->mock_clock_with_frozen(filectime($file->path));
        $this->assertNull($state()); // It was written a moment ago.
        $this->mock_clock_with_frozen(time() + MINSECS);
        $this->assertNotNull($state());
        $this->assertNull($this->download($file));
        file_put_contents($file->path, strrev($bytes));
        touch($file->path, 1700000000); // All of the test may happen within one second.
        $this->sent = [];
        $sent = fn(): int => strlen(implode('', $this->sent));
        $this->assertSame('cause_notwhatstored', $this->download($file)?->errorcode);
        $this->assertSame(0, $sent());
        // As if nothing of what the file system says had changed.
        (new \ReflectionMethod(download::class, 'proven'))->invoke(null)->set($state(), $file->sha256);
        $this->assertSame('cause_notwhatstored', $this->download($file)?->errorcode);
        $this->assertGreaterThan(0, $sent());
        $this->assertLessThanOrEqual(strlen($bytes) - download::WITHHELD, $sent());
    }

    /**
     * A copy that cannot be read is not said to be another one than was stored.
     */
    public function test_read_error(): void {
        global $DB;
        $file = $this->copy_of('archive');
        $store = stores::save((object) ['plugin' => 'moodledata', 'name' => 'Pool', 'settings' => '[]', 'enabled' => 1]);
        $DB->set_field('local_archivist_file', 'storeid', $store, ['id' => $file->id]);
        $record = \archivestore_moodledata\area::record($file->storekey);
        $stored = get_file_storage()->create_file_from_string($record, random_bytes(99));
        $path = get_file_storage()->get_file_system()->get_local_path_from_storedfile($stored);
        unlink($path);
        mkdir($path); // It can be opened, and every read of it fails.
        try {
            $error = $this->download($file);
        } finally {
            rmdir($path);
        }
        $this->assertSame('cause_readfailed', $error?->errorcode);
        $this->assertStringContainsString('errno=21', $error->a);
        $this->assertSame([null, []], [$this->headers, $this->sent]);
        $this->assertSame('failed', $this->task()->status);
        $this->assertStringNotContainsString('SHA-256', $this->task()->cause);
    }

    /**
     * A copy that is gone from the storage is an error with a sentence.
     */
    public function test_missing(): void {
        $file = $this->copy_of('archive');
        unlink($file->path);
        $this->assertNotNull($this->download($file));
        $this->assertNull($this->headers);
        $this->assertSame('failed', $this->task()->status);
    }

    /**
     * The browser went away.
     */
    public function test_broken_off(): void {
        $this->assertNull($this->download($this->copy_of(random_bytes(2000000)), 2));
        $this->assertCount(2, $this->sent);
        $this->assertSame('aborted', $this->task()->status);
    }

    /**
     * Deleted copies, and those that are not yet complete, are not handed out.
     */
    public function test_states(): void {
        foreach (['deleted', 'writing'] as $status) {
            $file = $this->copy_of('archive', ['status' => $status]);
            try {
                download::find((int) $file->id)->require_allowed();
                $this->fail("A copy that is $status was handed out.");
            } catch (\moodle_exception $e) {
                $this->assertSame("error_copy$status", $e->errorcode);
                $this->assertTrue(get_string_manager()->string_exists($e->errorcode, 'local_archivist'));
            }
        }
        $this->assertNull(download::find(99999999));
    }

    /**
     * Who may see archives but not download them.
     */
    public function test_no_right(): void {
        $file = $this->copy_of('archive');
        $context = $this->job->context();
        $teacher = $this->getDataGenerator()->create_and_enrol(get_course($this->job->record()->courseid), 'editingteacher');
        $this->setUser($teacher);
        download::find((int) $file->id)->require_allowed();
        assign_capability('local/archivist:download', CAP_PROHIBIT, $this->role('editingteacher'), $context->id, true);
        $this->expectException(\required_capability_exception::class);
        download::find((int) $file->id)->require_allowed();
    }

    /**
     * The id of a role.
     *
     * @param string $shortname
     * @return int
     */
    private function role(string $shortname): int {
        global $DB;
        return (int) $DB->get_field('role', 'id', ['shortname' => $shortname], MUST_EXIST);
    }
}
