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

use local_archivist\output\site_page;

/**
 * Tests lists of jobs.
 *
 * @covers \\local_archivist\\job_list
 * @covers \\local_archivist\\output\\job_table
 * @covers \\local_archivist\\output\\site_page
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class job_list_test extends \advanced_testcase {
    /**
     * Two courses with a job each, and a third one that failed.
     *
     * @return job[]
     */
    private function jobs(): array {
        $this->resetAfterTest();
        $this->setAdminUser();
        $generator = $this->getDataGenerator()->get_plugin_generator('local_archivist');
        $user = $this->getDataGenerator()->create_user(['firstname' => 'Zoë', 'lastname' => 'Asker']);
        $jobs = [];
        foreach (['Operating systems', '100% algebra_1'] as $i => $name) {
            $course = $this->getDataGenerator()->create_course(['fullname' => $name, 'shortname' => "C$i"]);
            $module = $this->getDataGenerator()->create_module('page', ['course' => $course->id, 'name' => "Exam $i"]);
            $cm = get_fast_modinfo($course)->get_cm($module->cmid);
            $jobs[] = $generator->create_job($cm, ['userid' => $user->id]);
        }
        $jobs[] = $generator->create_job($cm, [
            'status' => state::FAILURE, 'cause' => 'Full & "over".', 'scopeuserid' => $user->id,
        ]);
        $store = $generator->create_store(make_request_directory());
        $generator->create_copy($jobs[0], $store, str_repeat('x', 2048));
        return $jobs;
    }

    /**
     * The ids that a filter finds.
     *
     * @param mixed ...$filter
     * @return int[]
     */
    private static function ids(...$filter): array {
        $list = new job_list(...$filter);
        $ids = array_keys($list->page(0, 10));
        self::assertSame(count($ids), $list->count());
        return $ids;
    }

    /**
     * Filters, newest first.
     */
    public function test_filters(): void {
        [$first, $second, $third] = array_map(fn(job $job): int => $job->id(), $jobs = $this->jobs());
        $this->assertSame([$third, $second, $first], self::ids());
        $this->assertSame([$first], self::ids((int) $jobs[0]->record()->courseid));
        $this->assertSame([$third], self::ids(0, (string) state::FAILURE));
        $this->assertSame([], self::ids(0, job_list::ACTIVE));
        foreach (['99999', '99999999999999999999', '-1', '240x', 'x', ''] as $unknown) {
            $this->assertSame([$third, $second, $first], self::ids(0, $unknown));
        }
        $this->assertSame([$first], self::ids(0, '', 'operating'));
        $this->assertSame([$third, $second], self::ids(0, '', '100% algebra_1'));
        $this->assertSame([], self::ids(0, '', '100%x'));
        $this->assertSame([$first], self::ids(0, '', (string) $jobs[0]->record()->courseid));
        $this->assertSame([$second, $first], self::ids(0, '', '', 'zoë ask'));
        $this->assertSame([$second], self::ids(0, '', '', $jobs[1]->record()->uuid));
        $this->assertSame([$third], self::ids(0, (string) state::FAILURE, 'algebra', 'exam 1'));
    }

    /**
     * Names and copies stand in the rows.
     */
    public function test_rows(): void {
        [$first, , $third] = $this->jobs();
        $rows = (new job_list())->page(0, 10);
        $this->assertSame('Zoë Asker', $rows[$first->id()]->username);
        $this->assertSame('', $rows[$first->id()]->scopename);
        $this->assertSame(1, $rows[$first->id()]->copies);
        $this->assertSame(2048, $rows[$first->id()]->copybytes);
        $this->assertSame('Zoë Asker', $rows[$third->id()]->scopename);
        $this->assertSame(0, $rows[$third->id()]->copies);
        $this->assertCount(1, (new job_list())->page(1, 2));
    }

    /**
     * The page for administrators shows jobs of deleted courses too, and whose people are gone.
     */
    public function test_site_page(): void {
        global $DB, $OUTPUT, $PAGE;
        $jobs = $this->jobs();
        $PAGE->set_url('/local/archivist/jobs.php');
        $DB->delete_records('course', ['id' => $jobs[0]->record()->courseid]);
        $DB->set_field('local_archivist_job', 'userid', 99999999, ['id' => $jobs[0]->id()]);
        $html = $OUTPUT->render(new site_page('', '', '"><script>'));
        $this->assertStringNotContainsString('<script>', $html);
        $html = $OUTPUT->render(new site_page());
        $this->assertStringContainsString('Operating systems', $html);
        $this->assertStringContainsString(get_string('coursegone', 'local_archivist'), $html);
        $this->assertStringContainsString(get_string('unknownuser'), $html);
        $this->assertStringContainsString('Full &amp; &quot;over&quot;.', $html);
        $this->assertStringContainsString('Shelf', $html);
    }
}
