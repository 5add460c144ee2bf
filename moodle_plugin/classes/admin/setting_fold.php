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

/**
 * The begin or the end of settings that few need: they are folded away on the page until somebody opens them.
 *
 * The settings between the two are as all others: found by Moodle's search, and saved whether they are seen or not.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class setting_fold extends \admin_setting {
    /**
     * The begin of a fold.
     *
     * @param string $name unique on the page
     * @param \lang_string $text what stands where it is opened
     * @param \lang_string $information what it is for
     * @return self
     */
    public static function begin(string $name, \lang_string $text, \lang_string $information): self {
        return new self($name, $text, $information);
    }

    /**
     * Its end.
     *
     * @param string $name unique on the page
     * @return self
     */
    public static function end(string $name): self {
        return new self($name, '', '');
    }

    /**
     * Either of them.
     *
     * @param string $name
     * @param \lang_string|string $text empty: the end
     * @param \lang_string|string $information
     */
    public function __construct(string $name, \lang_string|string $text, \lang_string|string $information) {
        $this->nosave = true;
        parent::__construct($name, $text, $information, '');
    }

    #[\Override]
    public function get_setting() {
        return true;
    }

    #[\Override]
    public function get_defaultsetting() {
        return true;
    }

    #[\Override]
    public function write_setting($data) {
        return '';
    }

    #[\Override]
    public function is_related($query) {
        return false; // A search shows single settings, and half a fold would break its page.
    }

    #[\Override]
    public function output_html($data, $query = '') {
        if ((string) $this->visiblename === '') {
            return \html_writer::end_div() . \html_writer::end_tag('details');
        }
        // What was entered wrongly must be seen.
        $open = admin_get_root()->errors ? ['open' => 'open'] : [];
        return \html_writer::start_tag('details', ['class' => 'local_archivist-fold mt-4'] + $open)
            . \html_writer::tag('summary', $this->visiblename)
            . \html_writer::start_div('mt-3')
            . \html_writer::tag('p', $this->description);
    }
}
