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
 * A way by which people are told how jobs ended. Whatever is configured under this name in Moodle's container of services
 * (\core\di) is used; in a stock Moodle that is moodle_notice.
 *
 * When it is called: after the end of a job stands in the database, by the process that ended it, for one person at a time;
 * for summaries by a scheduled task. It may be called again with the same letter where a process was killed in between, and
 * never because of the number of failures: what is too much for one person is held back before.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
interface notice {
    /**
     * Delivers a letter, or hands it to something that surely does.
     *
     * The letter is complete: in the language of its recipient, without what they must not see, and without secrets. Its
     * texts are plain text that quotes names which anybody may have chosen, so whoever shows them as HTML escapes them. They
     * stay the caller's: they are delivered as they are, or not at all.
     *
     * @param letter $letter
     * @return bool whether it is on its way; if not, or if this throws, the news is kept for the recipient's next summary
     */
    public function send(letter $letter): bool;
}
