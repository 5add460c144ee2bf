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
 * Tells the engine, which knows no errors of Moodle, that one may be gone when the job is run again.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class passing extends \Archivist\Exception\ArchivistException {
    /** @var bool It may pass. */
    protected bool $retryable = true;

    /**
     * The error.
     *
     * @param \Throwable $e what it was
     */
    public function __construct(\Throwable $e) {
        parent::__construct(runner::sentence($e), 0, $e);
    }
}
