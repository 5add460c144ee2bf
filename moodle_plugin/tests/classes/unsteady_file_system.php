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

namespace local_archivist\tests;

use Archivist\Exception\StorageException;

defined('MOODLE_INTERNAL') || die();
global $CFG; // The autoloader includes this inside of a function.
require_once($CFG->libdir . '/filestorage/file_system_filedir.php');

/**
 * A file pool that takes no archives while it is told so, as when its storage does not answer for a while.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class unsteady_file_system extends \file_system_filedir {
    /** @var bool Whether it takes nothing. */
    public static bool $down = false;

    /** @var int How often it was asked to take something. */
    public static int $asked = 0;

    #[\Override]
    public function add_file_from_path($pathname, $contenthash = null) {
        self::$asked++;
        if (self::$down) {
            throw new class ('The pool does not answer.') extends StorageException {
                /** @var bool It may pass. */
                protected bool $retryable = true;
            };
        }
        return parent::add_file_from_path($pathname, $contenthash);
    }
}
