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
 * What goes into an archive.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \local_archivist\package
 * @covers     \local_archivist\spool
 */
final class package_test extends \advanced_testcase {
    #[\Override]
    protected function setUp(): void {
        parent::setUp();
        if (!engine::is_ready()) {
            $this->markTestSkipped(engine::problem());
        }
    }

    /**
     * Texts, JSON, tables and files of the pool come out of a real archive as they went in.
     */
    public function test_round_trip(): void {
        $this->resetAfterTest();
        $package = new package(new EntryList());
        $package->add_text('a.txt', 'Größe', 'Mia', 1800000000);
        $package->add_text('empty.txt', '');
        $package->add_json('b.json', ['x' => 1.0, 'y' => "ü/\xFF"], 'Mia');
        $count = $package->add_table('d', ['n', 'name'], (function () {
            yield [1, '=1'];
            yield [2, null];
        })(), 'Mia');
        $this->assertSame(2, $count);
        $this->assertSame(0, $package->add_table('e', ['n'], []));
        $file = get_file_storage()->create_file_from_string(['contextid' => \context_system::instance()->id,
            'component' => 'local_archivist', 'filearea' => 'test', 'itemid' => 1, 'filepath' => '/', 'filename' => 'x'], 'POOL');
        $package->add_file('f/x', $file, 'Ana');
        $path = make_request_directory() . '/local';
        file_put_contents($path, 'LOCAL');
        $package->add_path('g', $path, 'Ana');
        [$folder, $items] = $this->pack($package);
        $expected = [
            'a.txt' => 'Größe', 'empty.txt' => '', 'b.json' => "{\n    \"x\": 1.0,\n    \"y\": \"ü/\u{FFFD}\"\n}\n",
            'd.csv' => "\u{FEFF}n,name\r\n1,\"'=1\"\r\n2,\r\n",
            'd.json' => "[\n{\"n\":1,\"name\":\"=1\"},\n{\"n\":2,\"name\":null}\n]\n", 'e.csv' => "\u{FEFF}n\r\n",
            'e.json' => "[]\n",
            'f/x' => 'POOL', 'g' => 'LOCAL',
        ];
        $this->assertEqualsCanonicalizing(array_keys($expected), array_keys($items));
        foreach ($expected as $name => $content) {
            $this->assertSame($content, file_get_contents("$folder/$name"), $name);
        }
        $this->assertSame(['Mia', 'Mia', 'Ana'], [$items['a.txt']->owner, $items['d.json']->owner, $items['f/x']->owner]);
    }

    /**
     * More text than the engine takes into memory is archived too, in order and whole.
     */
    public function test_much_text(): void {
        $package = new package(new EntryList());
        for ($i = 0; $i < 40; $i++) {
            $package->add_text("$i.txt", str_repeat(chr(65 + $i % 26), 500000 + $i));
        }
        for ($i = 0; $i < 1000; $i++) {
            $package->add_text("small/$i.txt", str_repeat("$i\n", 2000));
        }
        [$folder, $items] = $this->pack($package);
        $this->assertCount(1040, $items);
        for ($i = 0; $i < 40; $i++) {
            $this->assertSame(str_repeat(chr(65 + $i % 26), 500000 + $i), file_get_contents("$folder/$i.txt"));
        }
        for ($i = 0; $i < 1000; $i++) {
            $this->assertSame(str_repeat("$i\n", 2000), file_get_contents("$folder/small/$i.txt"));
        }
    }

    /**
     * A file pool without local paths is read through streams.
     */
    public function test_remote_pool(): void {
        global $CFG;
        $this->resetAfterTest();
        $CFG->alternative_file_system_class = tests\remote_file_system::class;
        get_file_storage(true);
        $package = new package(new EntryList());
        foreach (['small' => 'x', 'none' => '', 'large' => str_repeat("0123456789\n", 300000)] as $name => $content) {
            $file = get_file_storage()->create_file_from_string(['contextid' => \context_system::instance()->id,
                'component' => 'local_archivist', 'filearea' => 'test', 'itemid' => 1, 'filepath' => '/',
                'filename' => $name], $content);
            $package->add_file($name, $file);
        }
        [$folder, $items] = $this->pack($package);
        $this->assertCount(3, $items);
        $this->assertSame(['x', ''], [file_get_contents("$folder/small"), file_get_contents("$folder/none")]);
        $this->assertSame(str_repeat("0123456789\n", 300000), file_get_contents("$folder/large"));
        unset($CFG->alternative_file_system_class);
        get_file_storage(true);
    }

    /**
     * A file without its content is an error that names it.
     */
    public function test_missing_content(): void {
        $this->resetAfterTest();
        $file = get_file_storage()->create_file_from_string(['contextid' => \context_system::instance()->id,
            'component' => 'local_archivist', 'filearea' => 'test', 'itemid' => 1, 'filepath' => '/', 'filename' => 'x'], 'GONE');
        $filesystem = get_file_storage()->get_file_system();
        unlink((new \ReflectionMethod($filesystem, 'get_local_path_from_storedfile'))->invoke($filesystem, $file));
        $this->expectException(\moodle_exception::class);
        $this->expectExceptionMessage('"Mia/x.txt"');
        (new package(new EntryList()))->add_file('Mia/x.txt', $file);
    }

    /**
     * What was expected and not counted is named; what is there in addition is no error.
     */
    public function test_missing(): void {
        $package = new package(new EntryList());
        $package->count('file', 1);
        $package->count('file', 1);
        $package->count('file', 9);
        $package->count('grade', 3);
        $this->assertSame(['file' => 2, 'grade' => 1], $package->counts());
        $expected = ['file' => [1 => 'Mia: a.txt', 2 => 'Ana: b.txt'], 'grade' => [3 => 'Mia'], 'text' => [4 => 'Eve']];
        $this->assertSame(['file 2: Ana: b.txt', 'text 4: Eve'], $package->missing($expected));
        $this->assertSame([], $package->missing([]));
        $package->tally('log', 5);
        $package->tally('log', 9);
        $this->assertSame(['file' => 2, 'grade' => 1, 'log' => 2], $package->counts());
        $this->assertSame([], $package->missing(['log' => new tally(2, 9), 'none' => new tally()]));
        $this->assertSame(['log: 2/3, 9/9'], $package->missing(['log' => new tally(3, 9)]));
        $this->assertSame(['log: 2/2, 9/10'], $package->missing(['log' => new tally(2, 10)]));
        $this->assertSame(['none: 0/1, 0/4'], $package->missing(['none' => new tally(1, 4)]));
    }

    /**
     * What an attempt has put in is taken back when it throws; attempts in it cost only themselves.
     */
    public function test_attempts(): void {
        $package = new package(new EntryList());
        $this->assertFalse($package->has_nothing());
        $fail = fn(string $sentence) => throw new \moodle_exception('error_filemissing', 'local_archivist', '', $sentence);
        $this->assertNull($package->attempt('Ana', ['text' => [1], 'file' => [2, 3]], function () use ($package, $fail): void {
            $package->add_text('ana.txt', str_repeat('x', 100000));
            $package->add_table('ana', ['n'], [[1]]);
            $package->count('text', 1);
            $package->attempt('inner', [], fn() => true);
            $fail('ana');
        }));
        $done = $package->attempt('Mia', ['text' => [4]], function () use ($package, $fail): string {
            $package->add_text('mia.txt', 'MIA');
            $package->count('text', 4);
            $package->attempt('Mia/a.bin', ['file' => [5]], function () use ($package, $fail): void {
                $package->add_text('a.bin', 'half');
                $package->count('file', 5);
                $fail('a.bin');
            });
            $package->attempt('Mia/b.bin', ['file' => [6]], function () use ($package): void {
                $package->add_text('b.bin', 'B');
                $package->count('file', 6);
            });
            return 'done';
        });
        $package->fail('file', 7, 'Mia/c.bin', 'It is gone.');
        $this->assertSame('done', $done);
        $this->assertSame(['Ana', 'Mia/a.bin', 'Mia/c.bin'], array_column($package->failures(), 'name'));
        $this->assertStringContainsString('"ana"', $package->failures()[0]['cause']);
        $this->assertSame(['text' => 1, 'file' => 1], $package->counts());
        $expected = ['text' => [1 => '', 4 => ''], 'file' => array_fill_keys([2, 3, 5, 6, 7, 8], '')];
        $this->assertSame(['file 8: '], $package->missing($expected));
        $this->assertFalse($package->has_nothing());
        [, $items] = $this->pack($package);
        $this->assertEqualsCanonicalizing(['mia.txt', 'b.bin'], array_keys($items));
    }

    /**
     * That the run is to end, and that the database is gone, are no faults of an item.
     */
    public function test_attempts_end(): void {
        $end = null;
        $package = new package(new EntryList(), function () use (&$end): void {
            if ($end) {
                throw $end;
            }
        });
        $end = new cancelled();
        foreach ([$end, new \dml_exception('x')] as $error) {
            try {
                $package->attempt('Ana', [], fn() => $error === $end ? $package->add_text('a', 'b') : throw $error);
                $this->fail('It went on.');
            } catch (\Exception $e) {
                $this->assertSame($error, $e);
            }
        }
        $this->assertSame([], $package->failures());
    }

    /**
     * Names of people, and the parts of paths they become.
     *
     * @return array<string, array{string, string}>
     */
    public static function components(): array {
        return [
            'plain' => ['Mia', 'Mia'], 'slash' => ['a/b', 'a_b'], 'parent' => ['..', '_'], 'dot' => [' . ', '_'],
            'empty' => ['', '_'],
            'blanks' => ["\t ", '_'], 'zero' => ['0', '0'], 'hidden' => ['.x', '.x'],
        ];
    }

    /**
     * A name never makes folders of its own.
     *
     * @dataProvider components
     * @param string $name
     * @param string $part
     */
    public function test_component(string $name, string $part): void {
        $this->assertSame($part, package::component($name));
    }

    /**
     * Archives and unpacks.
     *
     * @param package $package
     * @return array{string, array<string, \Archivist\Entry>} the folder, and what the archive says about its files by their names
     */
    private function pack(package $package): array {
        $base = make_request_directory();
        engine::create()->start(new JobSpec($package->entries, new PackageOptions('Test'), "$base/a.zip"))->wait();
        $items = [];
        $verifier = new Verifier();
        $verifier->extract("$base/a.zip", "$base/out");
        foreach ($verifier->entries("$base/a.zip") as $entry) {
            $items[$entry->original] = $entry;
        }
        return ["$base/out", $items];
    }
}
