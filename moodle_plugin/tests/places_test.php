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

defined('MOODLE_INTERNAL') || die();
require_once(__DIR__ . '/fixtures/archive_testcase.php');

/**
 * Tests of how many jobs run at once, and in which order.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \local_archivist\places
 * @covers     \local_archivist\locks
 * @covers     \local_archivist\task\run_job
 * @covers     \local_archivist\task\run_large_job
 */
final class places_test extends fixtures\archive_testcase {
    /**
     * The size of a job is that of the files of its activity when it is made.
     */
    public function test_estimate(): void {
        $this->folder_store();
        foreach (['a' => 1000, 'b' => 24] as $name => $bytes) {
            get_file_storage()->create_file_from_string([
                'contextid' => $this->cm->context->id, 'component' => 'mod_assign', 'filearea' => 'intro', 'itemid' => 0,
                'filepath' => '/', 'filename' => $name,
            ], str_repeat('x', $bytes));
        }
        $job = $this->make_job();
        $this->assertEquals(1024, $job->record()->sizeestimate);
        $this->assertFalse(places::is_large($job));
    }

    /**
     * Jobs take turns by their size, and within a size the one that was asked for first comes first.
     */
    public function test_order(): void {
        global $DB;
        $this->folder_store();
        set_config('jobsmax', 3, 'local_archivist');
        $jobs = [];
        foreach ([true, true, true, true, false, false, false, false] as $large) {
            $jobs[] = $this->queued_job($large);
        }
        $ids = array_map(fn(job $job): int => $job->id(), $jobs);
        $this->assertSame([$ids[0], $ids[4], $ids[1]], array_keys($this->start_tasks()));
        $this->assertSame([], $this->start_tasks());
        foreach ([4 => 5, 0 => 2, 5 => 6, 1 => 3, 6 => 7] as $ended => $next) {
            $DB->delete_records('task_adhoc', ['id' => $this->task_of($jobs[$ended])->id]);
            $this->assertSame([$ids[$next]], array_keys($this->start_tasks()));
        }
    }

    /**
     * Starts what Moodle would start now on any number of nodes.
     *
     * @return array<int, true> by the id of the job, in the order in which they start
     */
    private function start_tasks(): array {
        global $DB;
        for ($started = [];;) {
            $limits = [];
            foreach (places::TASKS as $class) {
                $limits["\\$class"] = (new $class())->get_concurrency_limit();
            }
            $next = current(\core\task\manager::get_candidate_adhoc_tasks(time() + 1, 1, null, $limits));
            if (!$next) {
                return $started;
            }
            $DB->set_field('task_adhoc', 'timestarted', time(), ['id' => $next->id]);
            $started[json_decode($DB->get_field('task_adhoc', 'customdata', ['id' => $next->id]))->jobid] = true;
        }
    }

    /**
     * The task of a job.
     *
     * @param job $job
     * @return \stdClass
     */
    private function task_of(job $job): \stdClass {
        global $DB;
        $where = $DB->sql_compare_text('customdata', 100) . ' = ?';
        return $DB->get_record_select('task_adhoc', $where, [json_encode(['jobid' => $job->id()])], '*', MUST_EXIST);
    }

    /**
     * How many of a size run at once.
     */
    public function test_limit(): void {
        global $DB;
        $this->folder_store();
        $limits = fn(int $max): array => [
            set_config('jobsmax', $max, 'local_archivist') ? places::limit(false) : null, places::limit(true),
        ];
        $this->assertSame([[0, 0], [1, 1], [2, 1], [4, 3]], array_map($limits, [0, 1, 2, 4])); // Nothing large is there.
        $this->queued_job(true);
        $this->assertSame([[0, 0], [1, 1], [1, 1], [3, 3]], array_map($limits, [0, 1, 2, 4])); // It gets a place.
        $this->queued_job(true);
        $DB->set_field('task_adhoc', 'timestarted', 1, []);
        $this->assertSame([1, 1, 2], [$limits(1)[0], $limits(2)[0], $limits(4)[0]]);
        $DB->set_field('task_adhoc', 'timestarted', null, []);
        $DB->set_field('task_adhoc', 'nextruntime', time() + 1000, []);
        $this->assertSame([2, 1], $limits(2)); // What waits for its next attempt needs none.
        global $CFG;
        $CFG->task_concurrency_limit_default = 1;
        $this->assertSame(1, (new task\run_job())->get_concurrency_limit());
        set_config('jobsmax', 0, 'local_archivist');
        $this->assertSame(1, (new task\run_job())->get_concurrency_limit());
        unset($CFG->task_concurrency_limit_default);
        $this->assertSame(0, (new task\run_large_job())->get_concurrency_limit());
    }

    /**
     * Places are free again after what was done in them; large jobs never take the last one.
     */
    public function test_places(): void {
        set_config('jobsmax', 3, 'local_archivist');
        $done = [];
        $inner = function (array $sizes) use (&$inner, &$done): void {
            $large = array_shift($sizes);
            if ($large !== null) {
                $done[] = places::hold($large, fn() => $inner($sizes));
            }
        };
        $inner([true, true, true]);
        $this->assertSame([false, true, true], $done);
        $done = [];
        $inner([true, true, false, false]);
        $this->assertSame([false, true, true, true], $done);
        $done = [];
        $inner([false, false, false, true]);
        $this->assertSame([false, true, true, true], $done);
        set_config('jobsmax', 0, 'local_archivist');
        $done = [];
        $inner([true, true, true, true]);
        $this->assertSame([true, true, true, true], $done);
        try {
            set_config('jobsmax', 1, 'local_archivist');
            places::hold(true, fn() => throw new \RuntimeException('Surprise.'));
            $this->fail('The error was lost.');
        } catch (\RuntimeException $e) {
            $this->assertTrue(places::hold(true, fn() => null));
        }
    }

    /**
     * A job for which there is no place goes back into the queue and loses nothing.
     */
    public function test_no_place(): void {
        global $DB;
        $this->folder_store();
        set_config('jobsmax', 1, 'local_archivist');
        $job = $this->queued_job(true);
        $this->expectOutputRegex('/No place is free.*ended: completed/s');
        $before = time();
        places::hold(false, fn() => $this->runAdhocTasks());
        $job->reload();
        $this->assertEquals([state::QUEUED, 0], [$job->status(), $job->record()->attempts]);
        $task = $DB->get_record('task_adhoc', ['component' => 'local_archivist'], '*', MUST_EXIST);
        $this->assertSame('\\local_archivist\\task\\run_large_job', $task->classname);
        $this->assertGreaterThanOrEqual($before + 30, $task->nextruntime);
        $this->assertLessThanOrEqual(time() + 30, $task->nextruntime);
        jobs::queue($job);
        $this->runAdhocTasks();
        $this->assertSame(state::COMPLETED, job::get($job->id())->status());
    }

    /**
     * A job in the queue.
     *
     * @param bool $large
     * @return job
     */
    private function queued_job(bool $large): job {
        $job = $this->make_job();
        $job->update(['sizeestimate' => $large ? places::LARGE_BYTES + 1 : 0]);
        jobs::queue($job);
        return $job;
    }
}
