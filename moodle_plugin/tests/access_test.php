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
 * Tests who may do what with jobs.
 *
 * @covers \\local_archivist\\access
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class access_test extends \advanced_testcase {
    /**
     * A job in a course.
     *
     * @param int $status
     * @return job
     */
    private function job(int $status): job {
        $course = $this->getDataGenerator()->create_course();
        $module = $this->getDataGenerator()->create_module('page', ['course' => $course->id]);
        $cm = get_fast_modinfo($course)->get_cm($module->cmid);
        return $this->getDataGenerator()->get_plugin_generator('local_archivist')->create_job($cm, ['status' => $status]);
    }

    /**
     * Who may not see all groups, or no grades, in the activity gets no archive of it either, and makes none.
     */
    public function test_more_than_may_be_seen(): void {
        global $DB;
        $this->resetAfterTest();
        $generator = $this->getDataGenerator();
        $course = $generator->create_course();
        $module = $generator->create_module('assign', ['course' => $course->id, 'groupmode' => SEPARATEGROUPS]);
        $job = $generator->get_plugin_generator('local_archivist')
            ->create_job(get_fast_modinfo($course)->get_cm($module->cmid), ['status' => state::COMPLETED]);
        $this->setUser($generator->create_and_enrol($course, 'editingteacher'));
        $this->assertTrue(access::may_download($job));
        foreach (['moodle/site:accessallgroups', 'mod/assign:viewgrades'] as $capability) {
            $roleid = $DB->get_field('role', 'id', ['shortname' => 'editingteacher']);
            $context = \context_module::instance($module->cmid);
            assign_capability($capability, CAP_PROHIBIT, $roleid, $context, true);
            $this->assertFalse(access::sees(get_fast_modinfo($course)->get_cm($module->cmid)), $capability);
            $this->assertFalse(access::actions($job)['download'], $capability);
            if (engine::is_ready()) {
                try {
                    jobs::create(get_fast_modinfo($course)->get_cm($module->cmid));
                    $this->fail('A job was made.');
                } catch (\moodle_exception $e) {
                    $this->assertSame('error_notseen', $e->errorcode);
                }
            }
            unassign_capability($capability, $roleid, $context);
        }
        $this->assertTrue(access::may_download($job));
    }

    /**
     * Who may not see all of the activity neither cancels nor retries its job: whoever may not make it may not make it
     * again.
     */
    public function test_changes_take_what_creation_takes(): void {
        global $DB;
        $this->resetAfterTest();
        engine::set_version_for_test(engine::REQUIRED);
        $generator = $this->getDataGenerator();
        $course = $generator->create_course();
        $module = $generator->create_module('assign', ['course' => $course->id]);
        $cm = get_fast_modinfo($course)->get_cm($module->cmid);
        $jobs = $generator->get_plugin_generator('local_archivist');
        $runs = $jobs->create_job($cm, ['status' => state::STORE]);
        $failed = $jobs->create_job($cm, ['status' => state::FAILURE]);
        $this->setUser($generator->create_and_enrol($course, 'editingteacher'));
        $this->assertTrue(access::actions($runs)['cancel']);
        $this->assertTrue(access::actions($failed)['retry']);
        $context = \context_module::instance($module->cmid);
        $roleid = $DB->get_field('role', 'id', ['shortname' => 'editingteacher']);
        assign_capability('mod/assign:viewgrades', CAP_PROHIBIT, $roleid, $context, true);
        $this->assertFalse(access::actions($runs)['cancel']);
        $this->assertFalse(access::actions($failed)['retry']);
        foreach (['cancel' => $runs, 'retry' => $failed] as $action => $job) {
            try {
                access::require_action($job, $action);
                $this->fail("$action was let through.");
            } catch (\moodle_exception $e) {
                $this->assertSame('error_notseen', $e->errorcode);
            }
        }
        // A hidden activity, to who may not see hidden ones.
        unassign_capability('mod/assign:viewgrades', $roleid, $context);
        assign_capability('moodle/course:viewhiddenactivities', CAP_PROHIBIT, $roleid, $context, true);
        set_coursemodule_visible($module->cmid, 0);
        get_fast_modinfo($course, 0, true);
        $this->assertFalse(access::actions($runs)['cancel']);
        engine::set_version_for_test(false);
    }

    /**
     * While marking is blind, a job about one person is only begun anew by who may make one.
     */
    public function test_retry_of_one_person_while_marking_is_blind(): void {
        global $DB;
        $this->resetAfterTest();
        engine::set_version_for_test(engine::REQUIRED);
        $generator = $this->getDataGenerator();
        $course = $generator->create_course();
        $student = $generator->create_and_enrol($course, 'student');
        $module = $generator->create_module('assign', ['course' => $course->id, 'blindmarking' => 1]);
        $job = $generator->get_plugin_generator('local_archivist')->create_job(
            get_fast_modinfo($course)->get_cm($module->cmid),
            ['status' => state::FAILURE, 'scopeuserid' => $student->id],
        );
        $this->setUser($generator->create_and_enrol($course, 'editingteacher'));
        $this->assertFalse(access::actions($job)['retry']);
        try {
            access::require_action($job, 'retry');
            $this->fail('It was let through.');
        } catch (\moodle_exception $e) {
            $this->assertSame('error_blind', $e->errorcode);
        }
        $roleid = $DB->get_field('role', 'id', ['shortname' => 'editingteacher']);
        assign_capability('mod/assign:viewblinddetails', CAP_ALLOW, $roleid, \context_module::instance($module->cmid), true);
        $this->assertTrue(access::actions($job)['retry']);
        engine::set_version_for_test(false);
    }

    /**
     * While marking is blind, who may not see whose work it is gets no archive of one person.
     */
    public function test_download_of_one_person_while_marking_is_blind(): void {
        global $DB;
        $this->resetAfterTest();
        $this->setAdminUser();
        $generator = $this->getDataGenerator();
        $course = $generator->create_course();
        $student = $generator->create_and_enrol($course, 'student');
        $module = $generator->create_module('assign', ['course' => $course->id, 'blindmarking' => 1]);
        $jobs = $generator->get_plugin_generator('local_archivist');
        $cm = get_fast_modinfo($course)->get_cm($module->cmid);
        $one = $jobs->create_job($cm, ['scopeuserid' => $student->id]);
        $all = $jobs->create_job($cm);
        $copy = $jobs->create_copy($one, $jobs->create_store(make_request_directory()));
        $this->setUser($generator->create_and_enrol($course, 'editingteacher'));
        $this->assertTrue(access::may_download($all));
        $this->assertFalse(access::may_download($one));
        try {
            access::require_copy((int) $copy->id)->require_allowed();
            $this->fail('It was let through.');
        } catch (\moodle_exception $e) {
            $this->assertSame('error_blindcopy', $e->errorcode);
        }
        $context = \context_module::instance($module->cmid);
        $roleid = $DB->get_field('role', 'id', ['shortname' => 'editingteacher']);
        assign_capability('mod/assign:viewblinddetails', CAP_ALLOW, $roleid, $context, true);
        $this->assertTrue(access::may_download($one));
        unassign_capability('mod/assign:viewblinddetails', $roleid, $context);
        $DB->set_field('assign', 'revealidentities', 1, ['id' => $module->id]);
        $this->assertTrue(access::may_download($one));
    }

    /**
     * An archive with Moodle's own backup of everybody takes what it takes to make such a backup by hand, also when the
     * activity is gone. One whose backup has nobody in it does not.
     */
    public function test_download_with_backup(): void {
        global $DB;
        $this->resetAfterTest();
        $this->setAdminUser();
        $generator = $this->getDataGenerator();
        $course = $generator->create_course();
        $jobs = $generator->get_plugin_generator('local_archivist');
        $found = [];
        foreach ([0, 1] as $blind) {
            $module = $generator->create_module('assign', ['course' => $course->id, 'blindmarking' => $blind]);
            $cm = get_fast_modinfo($course)->get_cm($module->cmid);
            $found[$blind] = $jobs->create_job($cm, [
                'options' => json_encode(['format' => 'zip', 'stores' => [], 'backup' => true]),
                'rights' => rights::of_activity($cm, scope::all()),
            ]);
        }
        $copy = $jobs->create_copy($found[0], $jobs->create_store(make_request_directory()));
        $teacher = $generator->create_and_enrol($course, 'editingteacher');
        $this->setUser($teacher);
        $this->assertFalse(access::may_download($found[0]));
        $this->assertTrue(access::may_download($found[1]));
        try {
            access::require_copy((int) $copy->id)->require_allowed();
            $this->fail('It was let through.');
        } catch (\moodle_exception $e) {
            $this->assertSame('error_backupcopy', $e->errorcode);
        }
        $roleid = $DB->get_field('role', 'id', ['shortname' => 'editingteacher']);
        assign_capability('moodle/backup:userinfo', CAP_ALLOW, $roleid, \context_course::instance($course->id), true);
        $this->assertTrue(access::may_download($found[0]));
        unassign_capability('moodle/backup:userinfo', $roleid, \context_course::instance($course->id));
        $this->setAdminUser();
        course_delete_module($found[0]->record()->cmid);
        $found[0]->reload();
        $this->assertTrue(access::may_download($found[0]));
        $this->setUser($teacher);
        $this->assertFalse(access::may_download($found[0]));
    }

    /**
     * Who may see jobs of a course, and who is told the same as if there were none.
     *
     * @return array[]
     */
    public static function viewers(): array {
        return [
            'teacher' => ['editingteacher', true],
            'student' => ['student', false],
            'nobody of the course' => [null, false],
        ];
    }

    /**
     * A job and a copy that must not be seen are answered as those that are not there.
     *
     * @dataProvider viewers
     * @param string|null $role
     * @param bool $sees
     */
    public function test_ids_answer_alike(?string $role, bool $sees): void {
        $this->resetAfterTest();
        $this->setAdminUser();
        $job = $this->job(state::COMPLETED);
        $generator = $this->getDataGenerator()->get_plugin_generator('local_archivist');
        $copy = $generator->create_copy($job, $generator->create_store(make_request_directory()));
        $user = $this->getDataGenerator()->create_user();
        if ($role) {
            $this->getDataGenerator()->enrol_user($user->id, $job->record()->courseid, $role);
        }
        $this->setUser($user);
        foreach (['require_job' => $job->id(), 'require_copy' => (int) $copy->id] as $function => $id) {
            $told = [];
            foreach ([$id, $id + 1000] as $asked) {
                try {
                    access::$function($asked);
                    $told[] = 'there';
                } catch (\moodle_exception $e) {
                    $told[] = get_class($e) . $e->errorcode . str_replace((string) $asked, 'ID', $e->getMessage());
                }
            }
            $this->assertSame($sees, $told[0] === 'there', $function);
            $this->assertNotSame('there', $told[1]);
            $this->assertSame($sees, $told[0] !== $told[1], $function);
        }
    }

    /**
     * What whom is offered in which state.
     *
     * @return array[]
     */
    public static function offers(): array {
        return [
            'teacher, running' => ['editingteacher', state::STORE, ['cancel', 'download']],
            'teacher, completed' => ['editingteacher', state::COMPLETED, ['download']],
            'teacher, failed' => ['editingteacher', state::FAILURE, ['retry', 'download']],
            'manager, aborted' => ['manager', state::ABORTED, ['retry', 'delete', 'download']],
            'manager, running' => ['manager', state::QUEUED, ['cancel', 'download']],
            'student' => ['student', state::FAILURE, []],
            'teacher without editing' => ['teacher', state::STORE, []],
        ];
    }

    /**
     * What whom is offered in which state.
     *
     * @dataProvider offers
     * @param string $role
     * @param int $status
     * @param string[] $expected
     */
    public function test_actions(string $role, int $status, array $expected): void {
        $this->resetAfterTest();
        engine::set_version_for_test(engine::REQUIRED);
        $job = $this->job($status);
        $this->setUser($this->getDataGenerator()->create_and_enrol(get_course($job->record()->courseid), $role));
        $this->assertSame($expected, array_keys(array_filter(access::actions($job))));
        engine::set_version_for_test(false);
    }

    /**
     * Without the engine there is no button that would only fail.
     */
    public function test_actions_without_engine(): void {
        global $DB;
        $this->resetAfterTest();
        $this->setAdminUser();
        $job = $this->job(state::FAILURE);
        engine::set_version_for_test(null);
        $this->assertSame(['download'], array_keys(array_filter(access::actions($job))));
        $this->assertStringContainsString('archivist', access::obstacle());
        engine::set_version_for_test(engine::REQUIRED);
        $DB->delete_records('local_archivist_store');
        $this->assertSame(get_string('error_nostore', 'local_archivist'), access::obstacle());
        engine::set_version_for_test(false);
    }

    /**
     * When the course is gone, the teacher is out and the manager of the site is not.
     */
    public function test_deleted_course(): void {
        $this->resetAfterTest();
        $this->setAdminUser();
        $job = $this->job(state::COMPLETED);
        $course = get_course($job->record()->courseid);
        $teacher = $this->getDataGenerator()->create_and_enrol($course, 'editingteacher');
        engine::set_version_for_test(engine::REQUIRED);
        $this->setUser($teacher);
        $this->assertSame((int) $course->id, access::course_of($job));
        $this->assertTrue(access::actions($job)['download']);
        $this->setAdminUser();
        delete_course($course, false);
        $this->assertNull(access::course_of($job));
        $this->assertSame(['delete', 'download'], array_keys(array_filter(access::actions($job))));
        $this->setUser($teacher);
        $this->assertSame([], array_filter(access::actions($job)));
        engine::set_version_for_test(false);
    }

    /**
     * Who may not delete is stopped, also when the button was not there.
     */
    public function test_require_action(): void {
        $this->resetAfterTest();
        $job = $this->job(state::COMPLETED);
        $this->setUser($this->getDataGenerator()->create_and_enrol(get_course($job->record()->courseid), 'editingteacher'));
        access::require_action($job, 'cancel');
        $this->expectException(\required_capability_exception::class);
        access::require_action($job, 'delete');
    }

    /**
     * A link changes nothing.
     */
    public function test_require_post(): void {
        $this->resetAfterTest();
        $this->setAdminUser();
        $_POST = [];
        try {
            access::require_post();
            $this->fail('A link was accepted.');
        } catch (\moodle_exception $e) {
            $this->assertSame('error_post', $e->errorcode);
        }
        $_POST = ['sesskey' => 'wrong'];
        try {
            access::require_post();
            $this->fail('A wrong key was accepted.');
        } catch (\moodle_exception $e) {
            $this->assertSame('invalidsesskey', $e->errorcode);
        }
        $_POST = ['sesskey' => sesskey()];
        access::require_post();
    }

    /**
     * The entry in the menu of the course is there for whom it is.
     *
     * @covers ::local_archivist_extend_navigation_course
     */
    public function test_navigation(): void {
        global $CFG;
        require_once($CFG->dirroot . '/local/archivist/lib.php');
        $this->resetAfterTest();
        $course = $this->getDataGenerator()->create_course();
        $context = \context_course::instance($course->id);
        foreach (['editingteacher' => true, 'student' => false] as $role => $expected) {
            $this->setUser($this->getDataGenerator()->create_and_enrol($course, $role));
            $node = new \navigation_node(['text' => 'course']);
            local_archivist_extend_navigation_course($node, $course, $context);
            $this->assertSame($expected, (bool) $node->get('local_archivist'));
        }
    }

    /**
     * The entry in the menu of an activity is there for whom it is, and where there is a driver.
     *
     * @covers ::local_archivist_extend_settings_navigation
     */
    public function test_navigation_of_an_activity(): void {
        global $CFG, $PAGE;
        require_once($CFG->dirroot . '/local/archivist/lib.php');
        $this->resetAfterTest();
        $course = $this->getDataGenerator()->create_course();
        foreach (['assign' => 'editingteacher', 'page' => 'editingteacher', 'assign ' => 'student'] as $modname => $role) {
            $module = $this->getDataGenerator()->create_module(trim($modname), ['course' => $course->id]);
            $this->setUser($this->getDataGenerator()->create_and_enrol($course, $role));
            $cm = get_fast_modinfo($course)->get_cm($module->cmid);
            $PAGE = new \moodle_page();
            $PAGE->set_url('/mod/' . trim($modname) . '/view.php', ['id' => $cm->id]);
            $PAGE->set_cm($cm, $course);
            // The settings of the course beside it have an entry of their own.
            $menu = $PAGE->settingsnav->find('modulesettings', \navigation_node::TYPE_SETTING);
            $found = $menu ? $menu->get('local_archivist') : false;
            $this->assertSame($modname === 'assign', (bool) $found, "$modname $role");
            if ($found) {
                $this->assertSame("/local/archivist/activity.php?id={$cm->id}", $found->action()->out_as_local_url(false));
            }
        }
    }

    /**
     * Sentences, and what of them a teacher is told.
     *
     * @return string[][]
     */
    public static function sentences(): array {
        return [
            'no path' => ['"Shelf": 1/2 of ab/c.zip, https://a.example/b/c.', '"Shelf": 1/2 of ab/c.zip, https://a.example/b/c.'],
            'path' => ['Cannot write /srv/shelf/ab/c.zip: the disk is full.', 'Cannot write …: the disk is full.'],
            'quoted' => ['Storage "Shelf": "/srv/my shelf" is gone.', 'Storage "Shelf": "…" is gone.'],
            'name in an archive' => [
                'a/Grace José (S1)/try 1/x.pdf: "a/Grace José (S1)/try 1/x.pdf", José/b.pdf, [1]/c – is missing.',
                'a/Grace José (S1)/try 1/x.pdf: "a/Grace José (S1)/try 1/x.pdf", José/b.pdf, [1]/c – is missing.',
            ],
            'German quotes' => ['„/srv/shelf“ fehlt.', '„…“ fehlt.'],
            'in brackets' => ['It failed (/srv/shelf).', 'It failed (…).'],
            'Windows' => ['Cannot write C:\\shelf\\c.zip.', 'Cannot write ….'],
        ];
    }

    /**
     * Paths of the server are only told to who configures the plugin.
     *
     * @dataProvider sentences
     * @param string $text
     * @param string $told
     */
    public function test_told(string $text, string $told): void {
        $this->resetAfterTest();
        $course = $this->getDataGenerator()->create_course();
        $teacher = $this->getDataGenerator()->create_and_enrol($course, 'editingteacher');
        $this->setUser($teacher);
        $this->assertSame($told, access::told($text));
        $this->assertSame($text, access::told($text, get_admin()));
        $this->setAdminUser();
        $this->assertSame($text, access::told($text));
        $this->assertSame($told, access::told($text, $teacher));
    }
}
