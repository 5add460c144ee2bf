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
 * Tests of reading the log of a job.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \local_archivist\job_log
 * @covers     \local_archivist\cli
 */
final class job_log_test extends \advanced_testcase {
    /**
     * A job with a log.
     *
     * @param array $entries level and message of each record
     * @return job
     */
    private function job(array $entries): job {
        $this->resetAfterTest();
        set_config('loglevel', 0, 'local_archivist');
        $this->mock_clock_with_frozen(1700000000); // All in one second: the ids give the order.
        $course = $this->getDataGenerator()->create_course();
        $module = $this->getDataGenerator()->create_module('page', ['course' => $course->id]);
        $cm = get_fast_modinfo($course)->get_cm($module->cmid);
        $generator = $this->getDataGenerator()->get_plugin_generator('local_archivist');
        $generator->create_job($cm)->log(4, 'job', 'Of another job.');
        $job = $generator->create_job($cm);
        foreach ($entries as [$level, $message]) {
            $job->log($level, 'job', $message);
        }
        return $job;
    }

    /**
     * The messages of some records.
     *
     * @param iterable $rows
     * @return string[]
     */
    private static function messages(iterable $rows): array {
        $messages = [];
        foreach ($rows as $row) {
            $messages[] = $row->message;
        }
        return $messages;
    }

    /**
     * In order, by level, in pages; nothing of other jobs.
     */
    public function test_reads(): void {
        $job = $this->job([[0, 'a'], [4, 'b'], [1, 'c'], [3, 'd'], [2, 'e']]);
        $this->assertSame(['a', 'b', 'c', 'd', 'e'], self::messages(job_log::each($job)));
        $this->assertSame(['b', 'd'], self::messages(job_log::each($job, 3)));
        $this->assertSame(['e', 'd'], self::messages(job_log::page($job, 0, 0, 2)));
        $this->assertSame(['a'], self::messages(job_log::page($job, 0, 2, 2)));
        $this->assertSame(['a', 'b'], self::messages(job_log::page($job, 0, 0, 2, false)));
        $this->assertSame([], job_log::page($job, 0, 3, 2));
        $this->assertSame([5, 4, 3, 2, 1, 0, 0, 5], array_map(
            fn(int $level): int => job_log::count($job, $level),
            [0, 1, 2, 3, 4, 5, PHP_INT_MAX, PHP_INT_MIN],
        ));
        $this->assertSame('d', job_log::newest_problem($job)->message);
        $this->assertNull(job_log::newest_problem($this->job([[2, 'x']])));
        $this->assertNull(job_log::newest_problem($this->job([])));
    }

    /**
     * On the terminal: a line for each record, whatever stands in it, or JSON.
     */
    public function test_prints(): void {
        $job = $this->job([[1, "Häuser/a\r\nb\u{1b}[2J\u{2028}c"], [4, '<b>"x"</b>']]);
        $lines = "2023-11-14T22:13:20Z  info     job  Häuser/a b [2J c\n2023-11-14T22:13:20Z  error    job  <b>\"x\"</b>\n";
        $this->assertSame($lines, $this->printed($job, 0, false));
        $this->assertSame([
            ['time' => '2023-11-14T22:13:20Z', 'level' => 'info', 'source' => 'job',
                'message' => "Häuser/a\r\nb\u{1b}[2J\u{2028}c"],
            ['time' => '2023-11-14T22:13:20Z', 'level' => 'error', 'source' => 'job', 'message' => '<b>"x"</b>'],
        ], json_decode($this->printed($job, 0, true), true));
        $this->assertCount(1, json_decode($this->printed($job, 4, true), true));
        $empty = $this->job([]);
        $this->assertSame('', $this->printed($empty, 0, false));
        $this->assertSame("[]\n", $this->printed($empty, 0, true));
    }

    /**
     * What is printed of a log.
     *
     * @param job $job
     * @param int $level
     * @param bool $json
     * @return string
     */
    private function printed(job $job, int $level, bool $json): string {
        return implode('', iterator_to_array(cli::log($job, $level, $json), false));
    }
}
