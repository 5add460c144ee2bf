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

/**
 * Tests of what jobs may take.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \local_archivist\limits
 * @covers     \local_archivist\engine
 */
final class limits_test extends \advanced_testcase {
    /**
     * The engine's threads step back as far as is set, and this process stays as it is.
     */
    public function test_nice(): void {
        if (!engine::is_ready() || !is_dir('/proc/self/task')) {
            $this->markTestSkipped('This needs the PHP extension archivist, and Linux.');
        }
        $this->resetAfterTest();
        $before = self::nice_values();
        $own = reset($before);
        set_config('nice', min(19 - $own, 7), 'local_archivist');
        set_config('iopriority', 'Idle', 'local_archivist');
        $engine = engine::create();
        $entries = (new EntryList())->addString('a.txt', 'a');
        $engine->start(new JobSpec($entries, new PackageOptions('T'), make_request_directory() . '/a.zip'))->wait();
        $threads = array_diff_key(self::nice_values(), $before);
        $this->assertNotSame([], $threads);
        $this->assertContains($own + min(19 - $own, 7), $threads);
        $this->assertSame($own, self::nice_values()[getmypid()]);
    }

    /**
     * Nice values of the threads of this process.
     *
     * @return array<int, int> by the number of the thread
     */
    private static function nice_values(): array {
        $found = [];
        foreach (glob('/proc/self/task/*/stat') as $path) {
            // The second field is the name and may have blanks.
            $fields = explode(' ', substr(strrchr((string) file_get_contents($path), ')'), 2));
            $found[(int) basename(dirname($path))] = (int) $fields[16];
        }
        return $found;
    }

    /**
     * Settings that were never saved, or are none, have their defaults.
     */
    public function test_defaults(): void {
        $this->resetAfterTest();
        foreach (array_keys(limits::SETTINGS) as $name) {
            unset_config($name, 'local_archivist');
        }
        $found = [limits::places(), limits::nice(), limits::io_priority(), limits::attempts(), limits::stall_seconds()];
        $this->assertSame([2, 10, 'Low', 5, 1800], $found);
        unset_config('staging', 'local_archivist');
        $this->assertSame([false, 0], [limits::stages(), limits::staging_bytes()]);
        set_config('staging', 'stage', 'local_archivist');
        set_config('staginglimitgib', 3, 'local_archivist');
        $this->assertSame([true, 3 * 1024 ** 3], [limits::stages(), limits::staging_bytes()]);
        if (engine::is_ready()) {
            $told = [limits::retry()->attempts, limits::retry()->delayMs, limits::times()->timeMs, limits::times()->stallMs];
            $this->assertSame([5, 60000, 12 * HOURSECS * 1000, 1800000], $told);
        }
        set_config('iopriority', 'Nonsense', 'local_archivist');
        $this->assertSame('Low', limits::io_priority());
    }
}
