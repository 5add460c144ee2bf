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
 * Tests of progress, speed and time left.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \local_archivist\progress_meter
 */
final class progress_meter_test extends \basic_testcase {
    /**
     * At an even speed it is told after three seconds, and so is the time left.
     */
    public function test_even(): void {
        $meter = new progress_meter();
        $this->assertSame(0.0, $meter->fraction());
        foreach ([0, 1, 2] as $second) {
            $columns = $meter->take(1000000 * $second, 100000000, 0, 0, 50.0 + $second);
            $this->assertSame([0, 0], [$columns['byterate'], $columns['secondsleft']]);
        }
        foreach (range(3, 40) as $second) {
            $columns = $meter->take(1000000 * $second, 100000000, 0, 0, 50.0 + $second);
            $this->assertSame([1000000, 100 - $second], [$columns['byterate'], $columns['secondsleft']]);
        }
        $this->assertEqualsWithDelta(0.4, $meter->fraction(), 1e-9);
    }

    /**
     * Of a speed that is over nothing is left after the window, and a stop says nothing instead of "never".
     */
    public function test_window(): void {
        $meter = new progress_meter();
        foreach (range(0, 10) as $second) {
            $meter->take(50000000 * $second, 10 ** 9, 0, 0, $second);
        }
        foreach (range(11, 41) as $second) {
            $columns = $meter->take(500000000 + 1000 * ($second - 10), 10 ** 9, 0, 0, $second);
        }
        $this->assertSame(1000, $columns['byterate']);
        foreach (range(42, 72) as $second) {
            $columns = $meter->take(500031000, 10 ** 9, 0, 0, $second);
        }
        $this->assertSame([0, 0], [$columns['byterate'], $columns['secondsleft']]);
    }

    /**
     * Many small files count, too.
     */
    public function test_small_files(): void {
        $meter = new progress_meter();
        $meter->take(0, 0, 0, 1000, 0);
        $columns = $meter->take(0, 0, 100, 1000, 10);
        $this->assertSame([0, 90], [$columns['byterate'], $columns['secondsleft']]);
        $this->assertEqualsWithDelta(0.1, $meter->fraction(), 1e-9);
    }

    /**
     * Whatever comes in, what goes out can be shown.
     *
     * @dataProvider oddities
     * @param array $ticks
     */
    public function test_no_nonsense(array $ticks): void {
        $meter = new progress_meter();
        $last = ['fraction' => 0.0] + progress_meter::NOTHING;
        foreach ($ticks as $tick) {
            $columns = ['fraction' => $meter->fraction()] + $meter->take(...$tick);
            foreach ($columns as $name => $value) {
                $this->assertGreaterThanOrEqual(0, $value, $name);
                $this->assertLessThan(10 ** 18, $value, $name);
            }
            foreach (['fraction', 'bytesdone', 'entriesdone'] as $name) {
                $this->assertGreaterThanOrEqual($last[$name], $columns[$name], $name);
            }
            $this->assertLessThanOrEqual(31536000, $columns['secondsleft']);
            $this->assertLessThanOrEqual($columns['bytestotal'], $columns['bytesdone']);
            $this->assertLessThanOrEqual($columns['entriestotal'], $columns['entriesdone']);
            $this->assertLessThanOrEqual(0.99, $meter->fraction());
            $last = $columns;
        }
    }

    /**
     * What an engine, a clock or a file that grows may do.
     *
     * @return array[]
     */
    public static function oddities(): array {
        return [
            'nothing to do' => [[[0, 0, 0, 0, 0], [0, 0, 0, 0, 10]]],
            'all at one moment' => [[[0, 100, 0, 1, 5], [50, 100, 0, 1, 5], [100, 100, 1, 1, 5]]],
            'a clock that goes back' => [[[0, 100, 0, 1, 100], [10, 100, 0, 1, 104], [20, 100, 0, 1, 3], [30, 100, 0, 1, 4]]],
            'progress that goes back' => [[[50, 100, 5, 10, 0], [20, 100, 2, 10, 10], [60, 100, 6, 10, 20]]],
            'a total that grows' => [[[50, 100, 1, 2, 0], [60, 1000, 1, 2, 10], [900, 1000, 2, 2, 20]]],
            'a total that shrinks' => [[[50, 100, 1, 2, 0], [60, 10, 1, 1, 10]]],
            'more done than there is' => [[[0, 100, 0, 1, 0], [500, 100, 3, 1, 10]]],
            'hardly any speed' => [[[0, 10 ** 15, 0, 1, 0], [1, 10 ** 15, 0, 1, 29]]],
            'negative numbers' => [[[-5, -5, -5, -5, 0], [-1, -1, -1, -1, 10]]],
            'done' => [[[0, 100, 0, 1, 0], [100, 100, 1, 1, 10], [100, 100, 1, 1, 20]]],
        ];
    }
}
