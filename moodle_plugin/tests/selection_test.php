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
 * Tests for what the command line archives together.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \local_archivist\selection
 * @covers     \local_archivist\cli
 */
final class selection_test extends \advanced_testcase {
    /** @var array<string, \cm_info> Assignments by name. */
    private array $cms = [];

    /**
     * A course with assignments.
     *
     * @param int $categoryid
     * @param string[] $names
     * @return \stdClass the course
     */
    private function course(int $categoryid, array $names): \stdClass {
        $generator = $this->getDataGenerator();
        $course = $generator->create_course(['category' => $categoryid]);
        $generator->create_module('label', ['course' => $course->id]);
        foreach ($names as $name) {
            $module = $generator->create_module('assign', ['course' => $course->id, 'name' => $name]);
            $this->cms[$name] = get_fast_modinfo($course->id)->get_cm($module->cmid);
        }
        return $course;
    }

    /**
     * Enters that an activity is archived as it is.
     *
     * @param string $name
     * @param array $record of the job
     * @return job
     */
    private function archived(string $name, array $record = []): job {
        $cm = $this->cms[$name];
        $generator = $this->getDataGenerator()->get_plugin_generator('local_archivist');
        $print = archivers::all()['assign']::fingerprints((int) $cm->course)[(int) $cm->id];
        $job = $generator->create_job($cm, $record + ['fingerprint' => $print]);
        $generator->create_copy($job, $generator->create_store(make_request_directory()));
        return $job;
    }

    /**
     * The names that a selection finds.
     *
     * @param selection $selection
     * @return string[]
     */
    private function names(selection $selection): array {
        return array_map(fn(activity $a): string => $a->cm->name, iterator_to_array($selection->activities(), false));
    }

    /**
     * A course, a category with all below it, and the site; what cannot be archived is left out.
     */
    public function test_ranges(): void {
        $this->resetAfterTest();
        $this->setAdminUser();
        $above = $this->getDataGenerator()->create_category();
        $below = $this->getDataGenerator()->create_category(['parent' => $above->id]);
        $beside = $this->getDataGenerator()->create_category();
        $first = $this->course((int) $above->id, ['A', 'B']);
        $this->course((int) $below->id, ['C']);
        $this->course((int) $beside->id, ['D']);
        $this->assertSame(['A', 'B'], $this->names(new selection((int) $first->id)));
        $found = $this->names(new selection(0, (int) $above->id));
        sort($found);
        $this->assertSame(['A', 'B', 'C'], $found);
        $this->assertSame(['C'], $this->names(new selection(0, (int) $below->id)));
        $found = $this->names(new selection());
        sort($found);
        $this->assertSame(['A', 'B', 'C', 'D'], $found);
    }

    /**
     * Of what changed, neither what is archived as it is nor what is being archived; also where the newest job failed.
     */
    public function test_changed(): void {
        global $DB;
        $this->resetAfterTest();
        $this->setAdminUser();
        $course = $this->course((int) $this->getDataGenerator()->create_category()->id, [
            'never', 'archived', 'changed', 'failed', 'failed after an archive', 'running', 'partial', 'of one person',
        ]);
        $this->archived('archived');
        $this->archived('changed', ['fingerprint' => str_repeat('0', 64)]);
        $generator = $this->getDataGenerator()->get_plugin_generator('local_archivist');
        $generator->create_job($this->cms['failed'], ['status' => state::FAILURE]);
        $this->archived('failed after an archive');
        $generator->create_job($this->cms['failed after an archive'], ['status' => state::FAILURE]);
        $generator->create_job($this->cms['running'], ['status' => state::STORE]);
        $this->archived('partial', ['status' => state::PARTIAL]);
        $this->archived('of one person', ['scopeuserid' => 2]);
        $changed = $this->names(new selection((int) $course->id, 0, true));
        $this->assertSame(['never', 'changed', 'failed', 'partial', 'of one person'], $changed);
        $this->assertCount(8, $this->names(new selection((int) $course->id)));
    }

    /**
     * What is printed about several activities: a JSON array, or a line for each; the exit code is that of the worst.
     */
    public function test_prints(): void {
        $this->resetAfterTest();
        $this->setAdminUser();
        $course = $this->course((int) $this->getDataGenerator()->create_category()->id, ["A\e[2J", 'B']);
        $job = $this->archived('B');
        $rows = [];
        foreach ((new selection((int) $course->id))->activities() as $activity) {
            $rows[] = cli::activity($activity, $activity->archived, true);
        }
        $this->assertSame([activity::NEVER, activity::ARCHIVED], array_column($rows, 'state'));
        $this->assertSame([null, $job->id()], array_column($rows, 'job'));
        $this->assertSame('refused', cli::activity($activity, null, false, 'No.')['state']);
        $this->assertSame('completed', cli::activity($activity, $job, false)['state']);
        foreach ([true, false] as $json) {
            ob_start();
            $printer = cli::rows($json);
            array_map([$printer, 'send'], [...$rows, null]);
            $text = ob_get_clean();
            if ($json) {
                $this->assertSame($rows, json_decode($text, true));
            } else {
                $this->assertSame(2, substr_count($text, "\n"));
                $this->assertStringNotContainsString("\e", $text);
                $this->assertStringContainsString("(job {$job->id()})", $text);
            }
        }
        ob_start();
        cli::rows(true)->send(null);
        $this->assertSame([], json_decode(ob_get_clean(), true));
        $this->assertSame(cli::FAILED, cli::worst([cli::OK, cli::PARTIAL, cli::FAILED, cli::WAITING]));
        $this->assertSame(cli::PARTIAL, cli::worst([cli::OK, cli::PARTIAL]));
        $this->assertSame(cli::OK, cli::worst([]));
    }
}
