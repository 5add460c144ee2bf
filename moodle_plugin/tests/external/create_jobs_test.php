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

namespace local_archivist\external;

use core_external\external_api;
use local_archivist\archivers;
use local_archivist\engine;
use local_archivist\state;

/**
 * Tests for archiving through an external function.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \local_archivist\external\create_jobs
 */
final class create_jobs_test extends \advanced_testcase {
    #[\Override]
    protected function setUp(): void {
        parent::setUp();
        $this->resetAfterTest();
        $this->setAdminUser();
        engine::set_version_for_test(engine::REQUIRED);
    }

    #[\Override]
    protected function tearDown(): void {
        engine::set_version_for_test(false);
        parent::tearDown();
    }

    /**
     * Calls it.
     *
     * @param int[] $cmids
     * @param bool $again
     * @return array
     */
    private function call_it(array $cmids, bool $again = false): array {
        return external_api::clean_returnvalue(create_jobs::execute_returns(), create_jobs::execute($cmids, $again));
    }

    /**
     * What changed is archived, what did not is named with its archive and archived again on purpose only; what runs is told.
     */
    public function test_again(): void {
        $generator = $this->getDataGenerator();
        $plugin = $generator->get_plugin_generator('local_archivist');
        $store = $plugin->create_store(make_request_directory());
        $course = $generator->create_course();
        $teacher = $generator->create_and_enrol($course, 'editingteacher');
        $ids = array_map(fn(): int => (int) $generator->create_module('assign', ['course' => $course->id])->cmid, range(0, 2));
        $modinfo = get_fast_modinfo($course);
        $print = archivers::all()['assign']::fingerprints((int) $course->id)[$ids[1]];
        $archive = $plugin->create_job($modinfo->get_cm($ids[1]), ['fingerprint' => $print]);
        $plugin->create_copy($archive, $store);
        $plugin->create_job($modinfo->get_cm($ids[2]), ['status' => state::STORE]);
        $this->setUser($teacher);
        $found = $this->call_it([...$ids, $ids[0]]);
        $this->assertSame($ids, array_column($found, 'cmid'));
        $this->assertSame([true, false, false], array_column($found, 'created'));
        $this->assertSame($archive->id(), $found[1]['jobid']);
        $this->assertSame(['', ''], [$found[0]['problem'], $found[1]['problem']]);
        $this->assertStringContainsString('archived already', $found[2]['problem']);
        $again = $this->call_it([$ids[1]], true);
        $this->assertTrue($again[0]['created']);
        $this->assertGreaterThan($archive->id(), $again[0]['jobid']);
    }

    /**
     * Activities that are not there, of other courses, hidden or of other kinds are answered alike.
     */
    public function test_rights(): void {
        global $DB;
        $generator = $this->getDataGenerator();
        $generator->get_plugin_generator('local_archivist')->create_store(make_request_directory());
        $course = $generator->create_course();
        $own = (int) $generator->create_module('assign', ['course' => $course->id])->cmid;
        $page = (int) $generator->create_module('page', ['course' => $course->id])->cmid;
        $other = (int) $generator->create_module('assign', ['course' => $generator->create_course()->id])->cmid;
        $asked = [$page, $other, 99999999];
        $this->setUser($generator->create_and_enrol($course, 'editingteacher'));
        $found = $this->call_it($asked);
        $this->assertCount(1, array_unique(array_column($found, 'problem')));
        $this->assertSame([0, 0, 0], array_column($found, 'jobid'));
        $this->setUser($generator->create_and_enrol($course, 'student'));
        $this->assertSame($found[0]['problem'], $this->call_it([$own])[0]['problem']);
        $this->assertSame(0, $DB->count_records('local_archivist_job'));
        // Who must not see all of an activity makes no archive of it.
        $this->setUser($generator->create_and_enrol($course, 'editingteacher'));
        $role = $DB->get_field('role', 'id', ['shortname' => 'editingteacher']);
        assign_capability('mod/assign:viewgrades', CAP_PROHIBIT, $role, \context_module::instance($own), true);
        $this->assertStringContainsString('more than you may see', $this->call_it([$own])[0]['problem']);
        $this->setUser(null);
        $this->expectException(\require_login_exception::class);
        $this->call_it([$own]);
    }

    /**
     * A request is bounded.
     */
    public function test_many(): void {
        $this->expectExceptionMessage((string) create_jobs::ACTIVITIES_MAX);
        $this->call_it(range(1, create_jobs::ACTIVITIES_MAX + 1));
    }
}
