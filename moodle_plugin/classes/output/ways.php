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

namespace local_archivist\output;

/**
 * Ways back from a page: no page of ours is a dead end.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class ways {
    /**
     * Links in one line.
     *
     * @param array<string, \moodle_url|null> $links by what they say; null: there is no such way
     * @return string HTML
     */
    public static function html(array $links): string {
        $items = [];
        foreach (array_filter($links) as $label => $url) {
            $items[] = \html_writer::link($url, s($label), ['class' => 'me-3']);
        }
        return $items ? \html_writer::tag('nav', implode(' ', $items), [
            'class' => 'local_archivist-ways mb-3', 'aria-label' => get_string('ways', 'local_archivist'),
        ]) : '';
    }
}
