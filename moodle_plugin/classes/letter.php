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
 * What one person is told about jobs.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class letter {
    /** @var string A job of theirs completed. */
    public const COMPLETED = 'jobcompleted';
    /** @var string A job made an archive that lacks something. */
    public const PARTIAL = 'jobpartial';
    /** @var string A job failed. */
    public const FAILED = 'jobfailed';

    /** @var array<string, int> The state that each kind is about. */
    public const KINDS = [
        self::COMPLETED => state::COMPLETED,
        self::PARTIAL => state::PARTIAL,
        self::FAILED => state::FAILURE,
    ];

    /**
     * A letter.
     *
     * @param \stdClass $recipient a user
     * @param string $kind one of the constants, which are also the names of Moodle's messages
     * @param string $subject plain text
     * @param string $text plain text
     * @param \moodle_url $url where there is more
     * @param string $urlname what is there, plain text
     */
    public function __construct(
        /** @var \stdClass a user */
        public readonly \stdClass $recipient,
        /** @var string one of the constants */
        public readonly string $kind,
        /** @var string plain text */
        public readonly string $subject,
        /** @var string plain text */
        public readonly string $text,
        /** @var \moodle_url where there is more */
        public readonly \moodle_url $url,
        /** @var string what is there */
        public readonly string $urlname,
    ) {
    }
}
