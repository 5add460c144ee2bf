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
 * Names of archives.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \local_archivist\naming
 */
final class naming_test extends \advanced_testcase {
    /**
     * Patterns with what they become, for a course and an activity of these names.
     *
     * @return array<string, array{string, string, string}>
     */
    public static function names(): array {
        $long = str_repeat('ä', 200);
        return [
            'plain' => ['${activityname}', 'Exam', 'Exam'],
            'blanks' => ['${ activityname } x', 'Exam', 'Exam x'],
            'date' => ['${date} ${time}', 'Exam', '2027-01-15 08-00-00'],
            'dollar in a value' => ['${activityname}', 'Cost: $1 \\1 $0', 'Cost_ $1 _1 $0'],
            'variable in a value' => ['${activityname}', '${coursename}', '${coursename}'],
            'both' => ['${activityname}-${courseshortname}', '${courseshortname}', '${courseshortname}-CS'],
            'slash' => ['${activityname}', 'a/b\\c', 'a_b_c'],
            'parent' => ['${activityname}', '..', 'archive'],
            'newline and tab' => ['${activityname}', "a\nb\tc\0d", 'a b c d'],
            'device' => ['${activityname}', 'CON', '_CON'],
            'device with an extension' => ['${activityname}', 'nul.txt', '_nul.txt'],
            'no device' => ['${activityname}', 'CONTENT', 'CONTENT'],
            'nothing' => ['${activityname}', '', 'archive'],
            'blanks only' => ['${activityname}', " \n ", 'archive'],
            'zero' => ['${activityname}', '0', '0'],
            'dots at the end' => ['${activityname}', 'Exam. .', 'Exam'],
            'cut between characters' => ['${activityname}', $long, str_repeat('ä', 90)],
            'cut before the middle of one' => ['x${activityname}', $long, 'x' . str_repeat('ä', 89)],
            'not UTF-8' => ['${activityname}', "a\xC3b", 'a_b'],
            'reserved' => ['${activityname}', 'a<b>c:d"e|f?g*h', 'a_b_c_d_e_f_g_h'],
        ];
    }

    /**
     * Values are put in as they are, in one pass, and the name is one that file systems take.
     *
     * @dataProvider names
     * @param string $pattern
     * @param string $activity
     * @param string $expected
     */
    public function test_name(string $pattern, string $activity, string $expected): void {
        $this->assertSame($expected, naming::archive_name($this->record($activity), $pattern));
    }

    /**
     * Patterns, and whether they are valid.
     *
     * @return array<string, array{string, bool}>
     */
    public static function patterns(): array {
        return [
            'default' => [naming::PATTERN, true],
            'text' => ['exam', true],
            'all variables' => ['${' . implode('}${', naming::VARIABLES) . '}', true],
            'unknown' => ['${username}', false],
            'a dollar' => ['$activityname', false],
            'not closed' => ['${activityname', false],
            'nested' => ['${${activityname}}', false],
            'empty' => ['', false],
            'blanks' => [" \t", false],
        ];
    }

    /**
     * What is wrong is said; a wrong pattern in the settings is replaced by the default.
     *
     * @dataProvider patterns
     * @param string $pattern
     * @param bool $valid
     */
    public function test_problem(string $pattern, bool $valid): void {
        $problem = naming::problem($pattern);
        $this->assertSame($valid, $problem === null, (string) $problem);
        if (!$valid) {
            $this->assertSame('CS – Exam – 2027-01-15', naming::archive_name($this->record('Exam'), $pattern));
        }
    }

    /**
     * The pattern of the settings holds where none is given.
     */
    public function test_setting(): void {
        $this->resetAfterTest();
        $this->assertSame('CS – Exam – 2027-01-15', naming::archive_name($this->record('Exam')));
        set_config('namepattern', '${jobid}_${modname}', 'local_archivist');
        $this->assertSame('7_assign', naming::archive_name($this->record('Exam')));
    }

    /**
     * A row of a job.
     *
     * @param string $activity
     * @return \stdClass
     */
    private function record(string $activity): \stdClass {
        return (object) ['id' => 7, 'courseid' => 2, 'coursename' => 'Course', 'courseshortname' => 'CS', 'cmid' => 3,
            'modname' => 'assign', 'activityname' => $activity, 'timecreated' => 1800000000];
    }
}
