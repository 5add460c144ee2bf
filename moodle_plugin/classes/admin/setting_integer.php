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

defined('MOODLE_INTERNAL') || die();
require_once($CFG->libdir . '/adminlib.php');

/**
 * A whole number within bounds.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class setting_integer extends \admin_setting_configtext {
    /**
     * A number.
     *
     * @param string $name
     * @param \lang_string $visiblename
     * @param \lang_string $description
     * @param int $default
     * @param int $min
     * @param int $max
     */
    public function __construct(
        string $name,
        \lang_string $visiblename,
        \lang_string $description,
        int $default,
        /** @var int the smallest number */
        private int $min,
        /** @var int the largest number */
        private int $max,
    ) {
        parent::__construct($name, $visiblename, $description, $default, PARAM_INT);
    }

    /**
     * Looks whether it is a number within the bounds.
     *
     * @param string $data
     * @return true|string a sentence
     */
    #[\Override]
    public function validate($data) {
        $number = filter_var($data, FILTER_VALIDATE_INT);
        if ($number === false || $number < $this->min || $number > $this->max) {
            return get_string('error_number', 'local_archivist', (object) ['min' => $this->min, 'max' => $this->max]);
        }
        return true;
    }
}
