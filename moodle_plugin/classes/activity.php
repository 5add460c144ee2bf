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
 * An activity of a course, with what is known about its archives.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class activity {
    /** @var string Nothing of it is stored. */
    public const NEVER = 'never';
    /** @var string What is stored is what is in Moodle. */
    public const ARCHIVED = 'archived';
    /** @var string Something changed since it was archived. */
    public const CHANGED = 'changed';
    /** @var string What is stored lacks something that could not be collected. */
    public const PARTIAL = 'partial';
    /** @var string A job waits or runs. */
    public const RUNNING = 'running';
    /** @var string The newest job failed. */
    public const FAILED = 'failed';
    /** @var string No driver knows this kind of activity. */
    public const UNSUPPORTED = 'unsupported';

    /** @var string[] All states, in the order in which they are offered as a filter. */
    public const STATES = [
        self::NEVER, self::CHANGED, self::FAILED, self::PARTIAL, self::RUNNING, self::ARCHIVED, self::UNSUPPORTED,
    ];

    /**
     * An activity.
     *
     * @param \cm_info $cm
     * @param string $state one of the constants
     * @param job|null $newest the newest job that archives all of it
     * @param job|null $archived the newest of these that completed and of which a copy is stored
     * @param job|null $partial the newest of these whose archive lacks something and of which a copy is stored
     * @param bool $anonymous whether people who take part must not be recognisable in an archive that is made now
     */
    public function __construct(
        /** @var \cm_info the activity */
        public readonly \cm_info $cm,
        /** @var string one of the constants */
        public readonly string $state,
        /** @var job|null the newest job that archives all of it */
        public readonly ?job $newest = null,
        /** @var job|null the newest of these that completed and of which a copy is stored */
        public readonly ?job $archived = null,
        /** @var job|null the newest of these whose archive lacks something and of which a copy is stored */
        public readonly ?job $partial = null,
        /** @var bool whether people who take part must not be recognisable in an archive that is made now */
        public readonly bool $anonymous = false,
    ) {
    }

    /**
     * The state for people, in their language.
     *
     * @param string $state
     * @return string
     */
    public static function label(string $state): string {
        return get_string('activity_' . $state, 'local_archivist');
    }
}
