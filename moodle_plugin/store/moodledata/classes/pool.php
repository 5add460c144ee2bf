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

use Archivist\Artifact;
use Archivist\Exception\ArchivistException;
use Archivist\Exception\ExistsException;
use Archivist\Exception\NotFoundException;
use Archivist\Exception\StorageException;
use Archivist\StorageDriver;

use const Archivist\E_IO;

/**
 * Stores through Moodle's File API. Needs the extension to be loaded, so only store::driver() names it.
 *
 * @package    archivestore_moodledata
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class pool implements StorageDriver {
    #[\Override]
    public function store(Artifact $data, string $key): void {
        self::told($key, function () use ($data, $key): void {
            if (area::get($key)) {
                throw new ExistsException(get_string('error_exists', 'archivestore_moodledata', $key));
            }
            try {
                get_file_storage()->create_file_from_pathname(area::record($key), $data->path);
            } catch (\stored_file_creation_exception $e) {
                // The database lets only one of two win.
                if (!area::get($key)) {
                    throw $e;
                }
                throw new ExistsException(get_string('error_exists', 'archivestore_moodledata', $key));
            }
        });
    }

    #[\Override]
    public function retrieve(string $key, string $path): void {
        self::told($key, function () use ($key, $path): void {
            $file = $this->get($key);
            $copied = $file->copy_content_to($path);
            clearstatcache(true, $path);
            $done = (int) @filesize($path);
            if (!$copied || $done !== (int) $file->get_filesize()) {
                @unlink($path); // A part of it would be taken for what the storage holds.
                $a = ['key' => $key, 'done' => $done, 'size' => $file->get_filesize(), 'folder' => dirname($path)];
                throw new StorageException(get_string('error_copy', 'archivestore_moodledata', (object) $a), E_IO);
            }
        });
    }

    #[\Override]
    public function delete(string $key): void {
        self::told($key, fn() => $this->get($key)->delete());
    }

    /**
     * Does something with an archive. What Moodle throws may pass, and the engine tries again only after an error of a storage.
     *
     * @param string $key
     * @param callable $what
     */
    private static function told(string $key, callable $what): void {
        try {
            $what();
        } catch (ArchivistException $e) {
            throw $e;
        } catch (\Exception $e) {
            $a = (object) ['key' => $key, 'cause' => rtrim($e->getMessage(), '.') . '.'];
            throw new StorageException(get_string('error_failed', 'archivestore_moodledata', $a), E_IO, $e);
        }
    }

    /**
     * An archive that must be there.
     *
     * @param string $key
     * @return \stored_file
     */
    private function get(string $key): \stored_file {
        $file = area::get($key);
        if (!$file) {
            throw new NotFoundException(get_string('error_notfound', 'archivestore_moodledata', $key));
        }
        return $file;
    }
}
