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

namespace local_archivist\admin;

use local_archivist\naming;

defined('MOODLE_INTERNAL') || die();
require_once($CFG->libdir . '/adminlib.php');

/**
 * The pattern of archive names, with an example below it that follows what is typed.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class setting_name_pattern extends \admin_setting_configtext {
    /**
     * A pattern.
     *
     * @param string $name
     * @param \lang_string $visiblename
     * @param \lang_string $description
     * @param string $default
     */
    public function __construct(string $name, \lang_string $visiblename, \lang_string $description, string $default) {
        parent::__construct($name, $visiblename, $description, $default, PARAM_RAW_TRIMMED, 60);
    }

    /**
     * Looks whether it is a pattern.
     *
     * @param string $data
     * @return true|string a sentence
     */
    #[\Override]
    public function validate($data) {
        return naming::problem((string) $data) ?? true;
    }

    #[\Override]
    public function output_html($data, $query = '') {
        global $OUTPUT, $PAGE;
        $example = self::example();
        $PAGE->requires->js_call_amd('local_archivist/name_preview', 'init', [$this->get_id(), naming::values($example)]);
        $html = parent::output_html($data, $query);
        $preview = $OUTPUT->render_from_template('local_archivist/name_preview', [
            'field' => $this->get_id(),
            'name' => naming::archive_name($example, (string) $data),
        ]);
        return $html . $preview;
    }

    /**
     * A job that is not there, to make a name of.
     *
     * @return \stdClass
     */
    private static function example(): \stdClass {
        return (object) [
            'id' => 1, 'courseid' => 42, 'cmid' => 4711, 'modname' => 'assign', 'timecreated' => time(),
            'coursename' => get_string('example_coursename', 'local_archivist'),
            'courseshortname' => get_string('example_courseshortname', 'local_archivist'),
            'activityname' => get_string('example_activityname', 'local_archivist'),
        ];
    }
}
