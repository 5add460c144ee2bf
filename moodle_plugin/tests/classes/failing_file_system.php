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
 * A file pool that fails as Moodle's does: a disk is full or broken, or the database does not answer.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class failing_file_system extends \file_system_filedir {
    /** @var \Exception|null What is thrown when something is to be added, copied or removed. */
    public static ?\Exception $error = null;

    /** @var string|null What arrives of a copy; null: all of it. */
    public static ?string $part = null;

    /** @var bool Whether it takes nothing, as when its storage does not answer for a while. */
    public static bool $down = false;

    /** @var int How often it was asked to take something. */
    public static int $asked = 0;

    /** @var bool What is told of a copy of which only a part arrives. */
    public static bool $told = false;

    /**
     * Makes Moodle use it, working.
     */
    public static function install(): void {
        global $CFG;
        self::$error = self::$part = null;
        self::$told = self::$down = false;
        self::$asked = 0;
        $CFG->alternative_file_system_class = self::class;
        get_file_storage(true);
    }

    #[\Override]
    public function add_file_from_path($pathname, $contenthash = null) {
        self::$asked++;
        self::fail();
        if (self::$down) {
            throw new class ('The pool does not answer.') extends StorageException {
                /** @var bool It may pass. */
                protected bool $retryable = true;
            };
        }
        return parent::add_file_from_path($pathname, $contenthash);
    }

    #[\Override]
    public function copy_content_from_storedfile(\stored_file $file, $target) {
        self::fail();
        if (self::$part === null) {
            return parent::copy_content_from_storedfile($file, $target);
        }
        file_put_contents($target, self::$part);
        return self::$told;
    }

    #[\Override]
    public function remove_file($contenthash) {
        self::fail();
        parent::remove_file($contenthash);
    }

    /**
     * Throws the error, if there is one.
     */
    private static function fail(): void {
        if (self::$error) {
            throw self::$error;
        }
    }
}
