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

namespace archiver_assign;

use archiver_assign\tests\assign_testcase;
use Archivist\EntryList;
use Archivist\JobSpec;
use Archivist\PackageOptions;
use Archivist\Verifier;
use local_archivist\engine;
use local_archivist\owner;
use local_archivist\package;

/**
 * Submission types that the driver does not know.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \archiver_assign\plugins
 */
final class plugins_test extends assign_testcase {
    /**
     * Their texts and files are put in, without doubling what is there.
     */
    public function test_unknown_type(): void {
        $assign = $this->assignment();
        $user = $this->user('Mia', 'Muster', 's1');
        $this->submit($assign, $user, ['a.txt' => 'A', 'b.txt' => 'B']);
        $submission = $assign->get_user_submission($user->id, false);
        $files = array_values(get_file_storage()->get_area_files(
            $assign->get_context()->id,
            'assignsubmission_file',
            'submission_files',
            $submission->id,
            'filename',
            false,
        ));
        $plugin = new class ($assign, 'sketch') extends \assign_submission_plugin {
            /** @var \stored_file[] Its files. */
            public array $stored = [];

            #[\Override]
            public function get_name() {
                return 'Sketch';
            }

            #[\Override]
            public function is_enabled() {
                return true;
            }

            #[\Override]
            public function get_editor_fields() {
                return ['legend' => 'Legend', 'empty' => 'Empty'];
            }

            #[\Override]
            public function get_editor_text($name, $submissionid) {
                return $name === 'legend' ? '<p>See below</p>' : '';
            }

            #[\Override]
            public function get_editor_format($name, $submissionid) {
                return FORMAT_HTML;
            }

            #[\Override]
            public function get_files(\stdClass $submission, \stdClass $user) {
                return ['made.svg' => ['<svg/>'], '/sub/a.txt' => $this->stored[0], '../b.txt' => $this->stored[1]];
            }
        };
        $plugin->stored = $files;
        $package = new package(new EntryList());
        $plugins = new plugins([...$assign->get_submission_plugins(), $plugin], $package);
        $said = $plugins->add($submission, 'x/', new owner('Mia', ['7']), [(int) $files[0]->get_id() => true]);
        $this->assertSame(['sketch' => ['legend' => ['text' => '<p>See below</p>', 'format' => 1]]], $said);
        $base = make_request_directory();
        engine::create()->start(new JobSpec($package->entries, new PackageOptions('T'), "$base/a.zip"))->wait();
        $this->assertSame(3, (new Verifier())->extract("$base/a.zip", "$base/out"));
        $this->assertStringContainsString('<p>See below</p>', file_get_contents("$base/out/x/sketch legend.html"));
        $this->assertSame('<svg/>', file_get_contents("$base/out/x/sketch/made.svg"));
        $this->assertSame('B', file_get_contents("$base/out/x/sketch/_/b.txt"));
    }
}
