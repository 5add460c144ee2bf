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

use local_archivist\output\moment;

/**
 * Tests points in time for people.
 *
 * @covers \local_archivist\output\moment
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class moment_test extends \advanced_testcase {
    /**
     * A time is that of the reader, and its zone stands with it, in summer as in winter.
     */
    public function test_told(): void {
        $this->resetAfterTest();
        $this->setTimezone('Europe/Berlin');
        $user = $this->getDataGenerator()->create_user(['timezone' => 'Asia/Tokyo', 'lang' => 'en']);
        $winter = gmmktime(22, 30, 0, 1, 15, 2027);
        $this->assertSame('15/01/27, 23:30 CET', moment::told($winter));
        $this->assertStringEndsWith('CEST', moment::told(gmmktime(12, 0, 0, 7, 1, 2027)));
        $this->assertSame('16/01/27, 07:30 JST', moment::told($winter, 'strftimedatetimeshort', $user));
        $this->setUser($user);
        $this->assertSame('07:30 JST', moment::told($winter, 'strftimetime24'));
    }

    /**
     * What tells when something was archived or deleted, or what happened, tells the zone.
     */
    public function test_where_it_stands(): void {
        global $PAGE;
        $this->resetAfterTest();
        $this->setAdminUser();
        $this->setTimezone('Europe/Berlin');
        $course = $this->getDataGenerator()->create_course();
        $module = $this->getDataGenerator()->create_module('assign', ['course' => $course->id]);
        $generator = $this->getDataGenerator()->get_plugin_generator('local_archivist');
        $cm = get_fast_modinfo($course)->get_cm($module->cmid);
        $job = $generator->create_job($cm, ['timecollected' => 1700000000]);
        $job->log(1, 'job', 'It goes on.');
        tombstones::of_job($job->record(), tombstones::ASKED);
        $output = $PAGE->get_renderer('core');
        $url = new \moodle_url('/local/archivist/jobs.php');
        $PAGE->set_url($url);
        $log = (new output\job_log_table($job, 0, 0))->export_for_template($output);
        $list = (new output\job_table(new job_list(), $url, 0))->export_for_template($output);
        $deletions = (new output\deletions_page('', '', 0))->export_for_template($output);
        $all = array_map('json_encode', ['log' => $log, 'list' => $list, 'deletions' => $deletions]);
        $all['trace'] = tombstones::sentence(tombstones::find($job->id()));
        foreach ($all as $name => $said) {
            $this->assertMatchesRegularExpression('/\bCES?T\b/', $said, $name);
        }
    }
}
