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

namespace local_archivist\event;

/**
 * Somebody began to download an archive that was found without the database.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class import_downloaded extends base {
    /** @var string */
    protected const CRUD = 'r';

    /** @var string */
    protected const TABLE = 'local_archivist_import';

    /**
     * The event.
     *
     * @param \stdClass $row row of local_archivist_import
     * @return self
     */
    public static function from_row(\stdClass $row): self {
        $course = \context_course::instance((int) $row->courseid, IGNORE_MISSING);
        $event = self::create([
            'context' => $course ?: \context_system::instance(),
            'objectid' => (int) $row->id,
            'other' => ['uuid' => $row->uuid, 'courseid' => (int) $row->courseid, 'sha256' => $row->sha256],
        ]);
        $event->add_record_snapshot(self::TABLE, $row);
        return $event;
    }

    #[\Override]
    public static function get_name() {
        return get_string('event_import_downloaded', 'local_archivist');
    }

    #[\Override]
    public function get_description() {
        return "The user with id '{$this->userid}' began to download the imported archive with id '{$this->objectid}' "
            . "({$this->other['uuid']}), which belongs to the course with id '{$this->other['courseid']}'.";
    }

    #[\Override]
    public function get_url() {
        return new \moodle_url('/local/archivist/imports.php');
    }
}
