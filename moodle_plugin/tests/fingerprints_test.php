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
 * Tests what is kept of what the drivers say about the activities of a course.
 *
 * @covers \local_archivist\fingerprints
 * @covers \local_archivist\overview
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class fingerprints_test extends \advanced_testcase {
    /** @var \stdClass The course. */
    private \stdClass $course;

    /** @var int The course module of an assignment. */
    private int $cmid;

    #[\Override]
    protected function setUp(): void {
        parent::setUp();
        $this->resetAfterTest();
        $this->preventResetByRollback(); // Observers wait for a commit.
        $this->setAdminUser();
        $this->course = $this->getDataGenerator()->create_course();
        $this->cmid = (int) $this->assignment()->cmid;
    }

    /**
     * An assignment of the course.
     *
     * @return \stdClass
     */
    private function assignment(): \stdClass {
        return $this->getDataGenerator()->create_module('assign', ['course' => $this->course->id]);
    }

    /**
     * The prints, and what they cost.
     *
     * @param bool $fresh
     * @return array{string, int} the print of the assignment, and the number of queries
     */
    private function ask(bool $fresh = false): array {
        global $DB;
        $driver = archivers::all()['assign'];
        $before = $DB->perf_get_queries();
        $prints = fingerprints::of($driver, (int) $this->course->id, $fresh);
        return [$prints[$this->cmid], $DB->perf_get_queries() - $before];
    }

    /**
     * Changes the assignment in the database, without an event.
     */
    private function change_silently(): void {
        global $DB;
        $DB->set_field('assign', 'intro', random_string(), ['course' => $this->course->id]);
    }

    /**
     * The second look asks the database nothing.
     */
    public function test_kept(): void {
        [$print, $queries] = $this->ask();
        $this->assertGreaterThan(0, $queries);
        $this->change_silently();
        $this->assertSame([$print, 0], $this->ask());
    }

    /**
     * Prints are kept for ten minutes and no longer, also when the clock was set back.
     */
    public function test_age(): void {
        $clock = $this->mock_clock_with_frozen(1800000000);
        [$print] = $this->ask();
        $this->change_silently();
        $clock->set_to(1800000000 + fingerprints::SECONDS - 1);
        $this->assertSame([$print, 0], $this->ask());
        $clock->bump(1);
        [$newer] = $this->ask();
        $this->assertNotSame($print, $newer);
        $this->change_silently();
        $clock->set_to(1700000000);
        $this->assertNotSame($newer, $this->ask()[0]);
    }

    /**
     * What happens to an activity of the course is seen at once, and what happens in another course costs nothing.
     */
    public function test_events(): void {
        global $CFG;
        require_once($CFG->libdir . '/gradelib.php');
        $generator = $this->getDataGenerator();
        $student = $generator->create_and_enrol($this->course, 'student');
        $instance = get_fast_modinfo($this->course)->get_cm($this->cmid)->instance;
        [$print] = $this->ask();
        $other = $generator->create_course();
        $generator->create_module('assign', ['course' => $other->id]);
        $this->assertSame([$print, 0], $this->ask());
        $events = [
            'settings' => fn() => set_coursemodule_visible($this->cmid, 0),
            'a grade' => fn() => grade_update('mod/assign', $this->course->id, 'mod', 'assign', $instance, 0, (object) [
                'userid' => $student->id, 'rawgrade' => 50,
            ]),
            'a group' => fn() => $generator->create_group(['courseid' => $this->course->id]),
        ];
        foreach ($events as $what => $happen) {
            $happen();
            $this->assertGreaterThan(0, $this->ask()[1], $what);
            $this->assertSame(0, $this->ask()[1], $what);
        }
    }

    /**
     * Who only looks changes nothing.
     */
    public function test_reading(): void {
        $this->ask();
        \mod_assign\event\course_module_viewed::create([
            'objectid' => get_fast_modinfo($this->course)->get_cm($this->cmid)->instance,
            'context' => \context_module::instance($this->cmid),
        ])->trigger();
        $this->assertSame(0, $this->ask()[1]);
    }

    /**
     * What was archived is compared with what is there now, not with what was there minutes ago.
     */
    public function test_end_of_a_job(): void {
        $cm = get_fast_modinfo($this->course)->get_cm($this->cmid);
        $generator = $this->getDataGenerator()->get_plugin_generator('local_archivist');
        $job = $generator->create_job($cm, ['status' => state::CLEANUP, 'timefinished' => 0]);
        $this->ask();
        $job->log(2, 'job', 'It goes on.');
        event\archive_job_updated::from_job($job, ['status'])->trigger();
        $this->assertSame(0, $this->ask()[1]);
        $job->enter(state::COMPLETED);
        $this->assertGreaterThan(0, $this->ask()[1]);
    }

    /**
     * What changes while prints are computed is not taken for known.
     */
    public function test_change_meanwhile(): void {
        [$print] = $this->ask();
        $driver = new class (get_fast_modinfo($this->course)->get_cm($this->cmid)) extends archiver {
            /** @var int How often it was asked. */
            public static int $asked = 0;

            #[\Override]
            public static function modname(): string {
                return 'assign';
            }

            #[\Override]
            public static function fingerprints(int $courseid): array {
                self::$asked++;
                fingerprints::forget($courseid); // Somebody hands in.
                return [];
            }

            #[\Override]
            public function expected(scope $scope): array {
                return [];
            }

            #[\Override]
            public function collect(package $package, scope $scope): void {
            }
        };
        fingerprints::of($driver::class, (int) $this->course->id, true);
        fingerprints::of($driver::class, (int) $this->course->id);
        $this->assertSame(2, $driver::$asked);
    }

    /**
     * Who archives what changed is told what is there now.
     */
    public function test_fresh(): void {
        [$print] = $this->ask();
        $this->change_silently();
        [$now] = $this->ask(true);
        $this->assertNotSame($print, $now);
        $this->assertSame([$now, 0], $this->ask());
    }

    /**
     * The page of a course asks as much of the database for forty activities as for two.
     */
    public function test_queries_of_the_overview(): void {
        global $DB;
        $generator = $this->getDataGenerator()->get_plugin_generator('local_archivist');
        $store = $generator->create_store(make_request_directory());
        $counts = [];
        foreach ([1, 38] as $more) {
            for ($i = 0; $i < $more; $i++) {
                $cmid = $this->assignment()->cmid;
                $cm = get_fast_modinfo($this->course->id)->get_cm($cmid);
                $generator->create_copy($generator->create_job($cm, ['fingerprint' => 'before']), $store);
            }
            (new overview($this->course))->activities(); // Moodle keeps what it knows about the course, too.
            $before = $DB->perf_get_queries();
            $found = (new overview($this->course))->activities();
            $counts[] = $DB->perf_get_queries() - $before;
            $this->assertSame(activity::CHANGED, end($found)->state);
        }
        $this->assertSame($counts[0], $counts[1]);
    }
}
