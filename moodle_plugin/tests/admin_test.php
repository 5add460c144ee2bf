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

use core\check\result;
use local_archivist\admin\setting_fold;
use local_archivist\admin\setting_integer;
use local_archivist\admin\setting_name_pattern;
use local_archivist\form\store_form;
use local_archivist\output\stores_page;

defined('MOODLE_INTERNAL') || die();
require_once(__DIR__ . '/fixtures/archive_testcase.php');

/**
 * Tests of what administrators see.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \local_archivist\admin\setting_integer
 * @covers     \local_archivist\admin\setting_name_pattern
 * @covers     \local_archivist\form\store_form
 * @covers     \local_archivist\output\stores_page
 * @covers     \local_archivist\check\engine
 * @covers     \local_archivist\check\storage
 * @covers     \local_archivist\check\storages
 * @covers     \local_archivist\plugininfo\archivestore
 * @covers     \local_archivist\cli
 */
final class admin_test extends fixtures\archive_testcase {
    /**
     * Numbers are taken within their bounds only.
     */
    public function test_setting_integer(): void {
        $text = new \lang_string('settings', 'local_archivist');
        $setting = new setting_integer('local_archivist/x', $text, $text, 64, 16, 128);
        foreach (['16', '128', '64'] as $good) {
            $this->assertTrue($setting->validate($good), $good);
        }
        $sentence = get_string('error_number', 'local_archivist', (object) ['min' => 16, 'max' => 128]);
        foreach (['15', '129', '', 'many', '1e2', '64.5', '-64'] as $bad) {
            $this->assertSame($sentence, $setting->validate($bad), $bad);
        }
    }

    /**
     * What few need is folded, and opened when something on the page was entered wrongly; a search shows no half of it.
     *
     * @covers \local_archivist\admin\setting_fold
     */
    public function test_setting_fold(): void {
        global $CFG;
        require_once($CFG->libdir . '/adminlib.php');
        $this->setAdminUser();
        $page = admin_get_root(true, true)->locate('local_archivist_settings');
        $html = $page->output_html();
        $this->assertSame(substr_count($html, '<details'), substr_count($html, '</details>'));
        $this->assertMatchesRegularExpression('~<details class="local_archivist-fold[^>]*>.*_archivist_nice.*</details>~s', $html);
        $this->assertLessThan(strpos($html, '<details'), strpos($html, 's_local_archivist_format'));
        admin_get_root()->errors['s_local_archivist_nice'] = new \stdClass();
        $fold = setting_fold::begin('x', new \lang_string('settings'), new \lang_string('settings'));
        $this->assertStringContainsString(' open', $fold->output_html(true));
        $this->assertFalse($fold->is_related('settings'));
        $this->assertSame([true, true, ''], [$fold->get_setting(), $fold->get_defaultsetting(), $fold->write_setting(1)]);
        admin_get_root(true, false);
    }

    /**
     * A pattern is looked at when it is saved, and its example stands below the field.
     */
    public function test_setting_name_pattern(): void {
        $this->setAdminUser();
        $text = new \lang_string('settings', 'local_archivist');
        $setting = new setting_name_pattern('local_archivist/namepattern', $text, $text, naming::PATTERN);
        $this->assertSame('', $setting->write_setting('${courseid}-<b>${activityname}'));
        $this->assertSame('${courseid}-<b>${activityname}', get_config('local_archivist', 'namepattern'));
        $this->assertSame(naming::problem('${no}'), $setting->write_setting('${no}'));
        $html = $setting->output_html('${courseid} & ${activityname}');
        $this->assertStringContainsString('42 &amp; Exam 1</output>', $html);
    }

    /**
     * The pages are in the tree of the administration, for whoever may configure.
     */
    public function test_tree(): void {
        global $CFG;
        require_once($CFG->libdir . '/adminlib.php');
        $user = $this->getDataGenerator()->create_user();
        foreach ([[null, false], ['local/archivist:configure', true]] as [$capability, $seen]) {
            if ($capability) {
                $role = $this->getDataGenerator()->create_role();
                assign_capability($capability, CAP_ALLOW, $role, \context_system::instance());
                role_assign($role, $user->id, \context_system::instance());
            }
            $this->setUser($user);
            $tree = admin_get_root(true, false);
            foreach (['local_archivist_settings', 'local_archivist_stores', 'local_archivist_jobs'] as $name) {
                $this->assertSame($seen, (bool) $tree->locate($name)?->check_access(), $name);
            }
        }
    }

    /**
     * The page of the settings can be shown.
     */
    public function test_settings_page(): void {
        global $CFG, $PAGE;
        require_once($CFG->libdir . '/adminlib.php');
        $this->setAdminUser();
        $PAGE->set_url('/admin/settings.php');
        $html = admin_get_root(true, true)->locate('local_archivist_settings')->output_html();
        $this->assertStringContainsString('namepattern', $html);
        $this->assertStringContainsString('/report/status/index.php', $html);
    }

    /**
     * The form makes a row out of what was entered, with the fields of the driver.
     */
    public function test_store_form(): void {
        $path = make_request_directory();
        $entered = ['id' => 0, 'kind' => 'filesystem', 'name' => ' Disk ', 'path' => "$path/", 'enabled' => 1];
        store_form::mock_submit($entered);
        $form = new store_form(null, ['record' => stores::blank('filesystem')]);
        $this->assertEquals(
            (object) ['id' => 0, 'plugin' => 'filesystem', 'name' => 'Disk', 'settings' => json_encode(['path' => $path]),
                'enabled' => 1],
            $form->get_record(),
        );
        store_form::mock_submit(['path' => 'relative'] + $entered);
        $this->assertNull((new store_form(null, ['record' => stores::blank('filesystem')]))->get_record());
        $this->expectExceptionMessage(get_string('error_storekind', 'local_archivist', 'tape'));
        stores::blank('tape');
    }

    /**
     * The page tells what lies where, also when a driver is gone, and what to do first.
     */
    public function test_stores_page(): void {
        global $DB, $PAGE;
        $PAGE->set_url('/local/archivist/stores.php');
        $this->assertStringContainsString('No storage takes new archives', $this->page(new stores_page()));
        $store = $this->folder_store();
        $this->make_store('moodledata');
        $this->run_job($this->make_job(['stores' => [$store->id()]]));
        $DB->set_field('local_archivist_store', 'name', '<i>Disk</i>', ['id' => $store->id()]);
        $html = $this->page(new stores_page(stores::get($store->id())));
        $this->assertSame(1, preg_match_all('/name="kind" value="(\w+)"/', $html, $kinds));
        $this->assertSame(['filesystem'], $kinds[1]); // Moodle's one file storage is taken.
        $this->assertStringContainsString($this->folder, $html);
        $this->assertStringContainsString('&lt;i&gt;Disk&lt;/i&gt;', $html);
        $this->assertStringNotContainsString('<i>Disk', $html);
        $this->assertSame(4, substr_count($html, get_string('store_stepdone', 'local_archivist')));
        $this->assertSame(1, preg_match_all('/value="delete"/', $html)); // The one that holds an archive stays.
        $DB->set_field('local_archivist_store', 'plugin', 'tape', ['id' => $store->id()]);
        $this->assertStringContainsString('The driver &quot;tape&quot; is not installed', $this->page(new stores_page()));
        engine::set_version_for_test(null);
        $this->assertStringContainsString('The PHP extension &quot;archivist&quot; is not loaded', $this->page(new stores_page()));
    }

    /**
     * The HTML of the page.
     *
     * @param stores_page $page
     * @return string
     */
    private function page(stores_page $page): string {
        global $PAGE;
        $output = $PAGE->get_renderer('core');
        return $output->render_from_template('local_archivist/stores', $page->export_for_template($output));
    }

    /**
     * The checks tell what has to be done.
     */
    public function test_checks(): void {
        $this->assertSame(result::ERROR, (new check\storages())->get_result()->get_status());
        $good = $this->folder_store();
        $bad = $this->folder_store('/dev/null/x');
        $this->assertSame(result::OK, (new check\storages())->get_result()->get_status());
        $this->assertSame(result::OK, (new check\storage($good))->get_result()->get_status());
        $found = (new check\storage($bad))->get_result();
        $this->assertSame(result::ERROR, $found->get_status());
        $this->assertStringContainsString('/dev/null/x', $found->get_summary());
        stores::set_enabled($bad->id(), false);
        $this->assertSame(result::NA, (new check\storage(stores::get($bad->id())))->get_result()->get_status());
        $checks = check\storages::all();
        $this->assertCount(6, array_unique(array_map(fn($check): string => $check->get_ref(), $checks)));
        engine::set_version_for_test('0.0.1');
        $found = (new check\engine())->get_result();
        $this->assertSame([result::ERROR, engine::problem()], [$found->get_status(), $found->get_summary()]);
    }

    /**
     * What killed runs left and the engine does not remove is told with its names, and only when nobody works on it.
     *
     * @covers \local_archivist\leftovers
     */
    public function test_leftovers(): void {
        $store = $this->folder_store();
        $this->run_job($this->make_job(['stores' => [$store->id()]]));
        $job = $this->make_job();
        $this->assertSame(result::OK, (new check\staging())->get_result()->get_status());
        $this->assertSame(result::OK, (new check\storage($store))->get_result()->get_status());
        $staging = journal::folder();
        $paths = [
            "{$this->folder}/.archivist-0123456789abcdef.part", "{$this->folder}/ab/.archivist-00112233.part",
            "{$this->folder}/ab/note.txt", "$staging/.archivist-01234567-89ab", "$staging/\xff",
        ];
        foreach ($paths as $path) {
            check_dir_exists(dirname($path));
            file_put_contents($path, 'x');
        }
        $this->assertSame(result::OK, (new check\staging())->get_result()->get_status());
        $this->assertSame(result::OK, (new check\storage($store))->get_result()->get_status());
        foreach ($paths as $path) {
            touch($path, time() - 3 * DAYSECS);
        }
        $found = (new check\storage($store))->get_result();
        $this->assertSame(result::WARNING, $found->get_status());
        $this->assertStringContainsString(
            ': .archivist-0123456789abcdef.part, ab/.archivist-00112233.part.',
            $found->get_summary(),
        );
        $found = (new check\staging())->get_result();
        $this->assertSame(result::WARNING, $found->get_status());
        $this->assertStringContainsString('.archivist-01234567-89ab', $found->get_summary());
        $folder = "$staging/{$job->record()->uuid}";
        check_dir_exists($folder);
        touch($folder, time() - 3 * DAYSECS);
        $this->assertEqualsCanonicalizing([fix_utf8("\xff"), '.archivist-01234567-89ab'], leftovers::in_staging());
        $this->assertSame('a, b, c, d, e, f, g, h, i, j …', leftovers::told(range('a', 'k')));
    }

    /**
     * An uninstallation that is refused has changed nothing, whichever sub-plugin comes first.
     *
     * @covers \local_archivist\uninstallation
     */
    public function test_refused_uninstallation_changes_nothing(): void {
        global $CFG, $DB;
        require_once($CFG->libdir . '/adminlib.php');
        $job = $this->make_job(['stores' => [$this->folder_store()->id()]]);
        $this->run_job($job);
        set_config('something', 1, 'archiver_assign');
        $all = fn(): array => array_map(fn(string $table): array => $DB->get_records($table, null, 'id'), [
            'config_plugins', 'capabilities', 'external_functions', 'task_scheduled', 'task_adhoc', 'message_providers',
            'local_archivist_store', 'local_archivist_job', 'local_archivist_file', 'local_archivist_task',
        ]);
        $before = $all();
        foreach ([['local', 'archivist'], ['archivestore', 'filesystem']] as [$type, $name]) {
            ob_start();
            try {
                uninstall_plugin($type, $name);
                $this->fail('It was uninstalled.');
            } catch (\moodle_exception $e) {
                $component = $type === 'local' ? 'local_archivist' : 'archivestore_filesystem';
                $this->assertSame(get_string('error_uninstall', $component, 1), $e->getMessage());
            } finally {
                ob_end_clean();
            }
            $this->assertEquals($before, $all(), $name);
        }
        $this->assertCount(1, $this->files_in());
        // What no archive needs may go alone: nobody refuses.
        \local_archivist\uninstallation::require_allowed('archiver', 'assign');
        \local_archivist\uninstallation::require_allowed('archivestore', 'moodledata');
        jobs::delete($job);
        \local_archivist\uninstallation::require_allowed();
    }

    /**
     * A driver whose storages hold archives cannot be uninstalled.
     */
    public function test_uninstall(): void {
        global $CFG;
        require_once($CFG->dirroot . '/local/archivist/store/moodledata/db/uninstall.php');
        $info = fn(string $name) => \core_plugin_manager::instance()->get_plugin_info($name)->is_uninstall_allowed();
        $this->make_store('moodledata');
        $this->assertTrue($info('archivestore_moodledata') && $info('archiver_assign'));
        $this->assertTrue(xmldb_archivestore_moodledata_uninstall());
        $this->run_job($this->make_job());
        $this->assertFalse($info('archivestore_moodledata'));
        $this->assertTrue($info('archivestore_filesystem'));
        $this->expectExceptionMessage(get_string('error_uninstall', 'archivestore_moodledata'));
        xmldb_archivestore_moodledata_uninstall();
    }

    /**
     * Nor can the driver of folders, in which archives would lie that nothing knows any more.
     */
    public function test_uninstall_folders(): void {
        global $CFG;
        require_once($CFG->dirroot . '/local/archivist/store/filesystem/db/uninstall.php');
        $this->folder_store();
        $this->assertTrue(xmldb_archivestore_filesystem_uninstall());
        $this->run_job($this->make_job());
        $this->expectExceptionMessage(get_string('error_uninstall', 'archivestore_filesystem'));
        xmldb_archivestore_filesystem_uninstall();
    }

    /**
     * What the command line tells about a job is JSON or lines.
     */
    public function test_cli_prints(): void {
        $this->folder_store();
        $job = $this->make_job();
        $this->run_job($job);
        $data = cli::job_with_files($job);
        $this->assertSame(['completed', 'EX', null], [$data['state'], $data['course'], $data['cause']]);
        $lines = 'id: \d+\nuuid: [0-9a-f-]{36}\nstate: completed\n.*\nfiles: \d+  .*stored\n';
        $this->assertMatchesRegularExpression("/^$lines$/sD", cli::format($data, false));
        $this->assertSame($data, json_decode(cli::format($data, true), true));
    }
}
