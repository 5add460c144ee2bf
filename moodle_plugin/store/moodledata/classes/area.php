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

namespace archivestore_moodledata;

/**
 * The file area in which archives lie. It belongs to the site, so that deleting an activity or a course leaves it alone,
 * and no pluginfile callback serves it.
 *
 * @package    archivestore_moodledata
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class area {
    /**
     * Where an archive lies, as Moodle's File API wants it.
     *
     * @param string $key
     * @return array<string, mixed>
     */
    public static function record(string $key): array {
        return [
            'contextid' => \context_system::instance()->id,
            'component' => 'archivestore_moodledata',
            'filearea' => 'archive',
            'itemid' => 0,
            'filepath' => '/' . dirname($key) . '/',
            'filename' => basename($key),
        ];
    }

    /**
     * An archive.
     *
     * @param string $key
     * @return \stored_file|null null when it is not there
     */
    public static function get(string $key): ?\stored_file {
        return get_file_storage()->get_file(...array_values(self::record($key))) ?: null;
    }
}
