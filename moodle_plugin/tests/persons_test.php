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

use Archivist\EntryList;
use local_archivist\fixtures\archive_testcase;

defined('MOODLE_INTERNAL') || die();
require_once(__DIR__ . '/fixtures/archive_testcase.php');

/**
 * Tests of the index of persons.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \local_archivist\persons
 * @covers     \local_archivist\owner
 * @covers     \local_archivist\cli
 */
final class persons_test extends archive_testcase {
    #[\Override]
    protected function setUp(): void {
        parent::setUp();
        $this->folder_store();
    }

    /**
     * A job knows whose data its archive has; student numbers are found again however they are written, and only with the key.
     */
    public function test_index(): void {
        global $DB;
        $generator = $this->getDataGenerator();
        $mia = $generator->create_user(['idnumber' => 'S 0123a']);
        $bob = $generator->create_user(['idnumber' => '']);
        $job = $this->make_job();
        persons::save($job, [(int) $mia->id, (int) $bob->id]);
        persons::save($job, [(int) $mia->id, (int) $bob->id]); // It replaces what was there.
        $rows = $DB->get_records('local_archivist_person', ['jobid' => $job->id()], 'id', 'userid, numberhash, keyid');
        $this->assertSame([(int) $mia->id, (int) $bob->id], array_keys($rows));
        $this->assertMatchesRegularExpression('/^[0-9a-f]{64}$/D', $rows[$mia->id]->numberhash);
        $this->assertNull($rows[$bob->id]->numberhash);
        $this->assertNotSame(hash('sha256', 's0123a'), $rows[$mia->id]->numberhash);
        $this->assertSame([$job->id()], persons::jobs_of_number('s0123 A'));
        $this->assertSame([], persons::jobs_of_number('s0124a'));
        $this->assertSame([], persons::jobs_of_number(' '));
        $this->assertSame('0400', substr(sprintf('%o', fileperms(persons::key_file())), -4));
        jobs::cancel($job);
        $job->reload();
        jobs::delete($job);
        $this->assertSame(0, $DB->count_records('local_archivist_person'));
    }

    /**
     * The student number may stand in a field that the site made.
     */
    public function test_number_in_a_field_of_the_site(): void {
        $this->getDataGenerator()->create_custom_profile_field(['datatype' => 'text', 'shortname' => 'matr', 'name' => 'Number']);
        $mia = $this->getDataGenerator()->create_user(['idnumber' => 'other', 'profile_field_matr' => '4711']);
        set_config('studentnumber', 'matr', 'local_archivist');
        $this->assertSame([(int) $mia->id => '4711'], persons::numbers([(int) $mia->id, 1]));
        $this->assertArrayHasKey('matr', persons::number_fields());
        $this->assertArrayHasKey('profile_field_matr', persons::profile_fields());
    }

    /**
     * The key is made where there are no hard links, too, once, and stays.
     */
    public function test_key_without_hard_links(): void {
        global $CFG;
        $CFG->secretdataroot = \org\bovigo\vfs\vfsStream::setup('secret')->url();
        $mia = $this->getDataGenerator()->create_user(['idnumber' => 's1']);
        $job = $this->make_job();
        persons::save($job, [(int) $mia->id]);
        $key = file_get_contents(persons::key_file());
        $this->assertSame(32, strlen($key));
        $this->assertCount(1, array_diff(scandir(dirname(persons::key_file())), ['.', '..']));
        persons::save($job, [(int) $mia->id]);
        $this->assertSame([$job->id()], persons::jobs_of_number('s1'));
        $this->assertSame($key, file_get_contents(persons::key_file()));
        unset($CFG->secretdataroot);
    }

    /**
     * A damaged key is an error with a sentence, and is not replaced: all that was entered under it would be lost.
     */
    public function test_damaged_key(): void {
        $mia = $this->getDataGenerator()->create_user(['idnumber' => '1']);
        $job = $this->make_job();
        persons::save($job, [(int) $mia->id]);
        $key = file_get_contents(persons::key_file());
        unlink(persons::key_file());
        file_put_contents(persons::key_file(), 'x');
        try {
            persons::save($job, [(int) $mia->id]);
            $this->fail('It took a damaged key.');
        } catch (\moodle_exception $e) {
            $this->assertSame('error_personkey', $e->errorcode);
        } finally {
            file_put_contents(persons::key_file(), $key);
        }
        $this->assertSame([$job->id()], persons::jobs_of_number('1'));
    }

    /**
     * The command line finds the archives about somebody by student number and by user id after the account is gone, and says
     * when a key that is lost hides some.
     */
    public function test_found_on_the_command_line(): void {
        $mia = $this->getDataGenerator()->create_user(['idnumber' => 's1']);
        $job = $this->make_job();
        persons::save($job, [(int) $mia->id]);
        persons::save($this->make_job(), []);
        delete_user($mia);
        $ask = fn(?string $number, ?string $person): ?array => cli::jobs_of_person(['number' => $number, 'person' => $person]);
        $this->assertNull($ask(null, null));
        $this->assertSame([$job->id()], $ask('S 1', null));
        $this->assertSame([], $ask('s2', null));
        $this->assertSame([$job->id()], $ask(null, $mia->id));
        $this->assertSame(0, persons::jobs_of_other_keys());
        $path = persons::key_file();
        rename($path, "$path.away");
        try {
            $this->assertSame(1, persons::jobs_of_other_keys());
            persons::save($this->make_job(), [(int) $this->getDataGenerator()->create_user(['idnumber' => 's3'])->id]);
            $this->assertSame(1, persons::jobs_of_other_keys());
            $this->assertSame([], persons::jobs_of_number('s1'));
        } finally {
            unlink($path);
            rename("$path.away", $path);
        }
    }

    /**
     * Keys of persons go to the engine beside the owner, not more than an entry may have.
     */
    public function test_owner(): void {
        $owner = new owner('Red', array_map('strval', range(1, 2000)));
        $this->assertCount(owner::KEYS_MAX, $owner->persons);
        $this->assertSame(['owner' => 'Red', 'persons' => ['7']], owner::arguments(new owner('Red', ['7'])));
        $this->assertSame(['owner' => 'Red'], owner::arguments('Red'));
        $this->assertSame(['owner' => null], owner::arguments(null));
        $package = new package(new EntryList());
        $package->add_persons([3, 5]);
        $package->add_persons([3]);
        $this->assertSame([3, 5], $package->persons());
    }
}
