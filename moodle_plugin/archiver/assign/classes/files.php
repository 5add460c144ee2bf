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

namespace archiver_assign;

use local_archivist\owner;
use local_archivist\package;

/**
 * Puts files of the pool into the package.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class files {
    /** @var string Characters that no usual file system refuses and no address needs explained. */
    private const SAFE = '/^[\p{L}\p{N}_\-+=,;()\[\]{}!$@# .]+$/uD';

    /**
     * Files.
     *
     * @param package $package
     * @param people $people
     * @param inventory|null $inventory is told what was put in
     */
    public function __construct(
        /** @var package where they go */
        private readonly package $package,
        /** @var people who handed them in */
        private readonly people $people,
        /** @var inventory|null what is told what was put in */
        private readonly ?inventory $inventory = null,
    ) {
    }

    /**
     * All files of some components in a context by their item, in one query.
     *
     * @param int $contextid
     * @param string $component a pattern of LIKE
     * @param string $area a pattern of LIKE
     * @return cursor
     */
    public static function cursor(int $contextid, string $component, string $area = '%'): cursor {
        global $DB;
        $in = $DB->sql_like('f.filearea', ':area');
        $like = $DB->sql_like('f.component', ':component');
        return new cursor(
            "SELECT f.*, r.repositoryid, r.reference, r.lastsync AS referencelastsync
               FROM {files} f
          LEFT JOIN {files_reference} r ON r.id = f.referencefileid
              WHERE f.contextid = :context AND $like AND $in AND f.filename <> '.'
           ORDER BY f.itemid, f.component, f.filearea, f.filepath, f.filename, f.id",
            ['context' => $contextid, 'component' => $component, 'area' => $area],
            'itemid',
        );
    }

    /**
     * Puts files into a folder under their own names.
     *
     * @param \stdClass[] $rows
     * @param string $root the folder that the answer's paths are relative to, with "/" at its end
     * @param string $folder below it
     * @param string $kind for package::count()
     * @param owner|null $owner
     * @return array[] what is said about them in records
     */
    public function add(array $rows, string $root, string $folder, string $kind, ?owner $owner): array {
        $said = [];
        foreach ($rows as $row) {
            $path = $folder . $row->filepath . $row->filename;
            $said[] = $this->put($row, $root, $path, $kind, $owner);
        }
        return $said;
    }

    /**
     * Whether a part of a path has the same name in the archive, and works in links everywhere.
     *
     * @param string $part
     * @return bool
     */
    public static function is_safe(string $part): bool {
        return preg_match(self::SAFE, $part) && strlen($part) <= 150 && trim($part, ' .') === $part
            && !preg_match('/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i', $part);
    }

    /**
     * Puts the files of a text into a folder beside it, under names that work in links everywhere.
     *
     * @param \stdClass[] $rows
     * @param string $root
     * @param string $folder
     * @param string $kind
     * @param owner|null $owner
     * @return array{array[], array<string, string>} what is said about them, and their names by their paths in Moodle
     */
    public function add_linked(array $rows, string $root, string $folder, string $kind, ?owner $owner): array {
        $said = $names = $taken = [];
        foreach ($rows as $row) {
            $path = $row->filepath . $row->filename;
            $name = ltrim($path, '/');
            $bad = array_filter(explode('/', $name), fn($part) => !self::is_safe($part));
            $key = \core_text::strtolower($name);
            if ($bad || isset($taken[$key])) {
                $extension = pathinfo($name, PATHINFO_EXTENSION);
                $name = "file-{$row->id}" . (preg_match('/^[a-z0-9]{1,8}$/iD', $extension) ? ".$extension" : '');
                $key = $name;
            }
            $taken[$key] = true;
            $names[$path] = $name;
            $said[] = $this->put($row, $root, "$folder/$name", $kind, $owner);
        }
        return [$said, $names];
    }

    /**
     * Puts one file in.
     *
     * @param \stdClass $row
     * @param string $root
     * @param string $path below it
     * @param string $kind
     * @param owner|null $owner
     * @return array what is said about it
     */
    private function put(\stdClass $row, string $root, string $path, string $kind, ?owner $owner): array {
        $id = (int) $row->id;
        $name = $root . $path;
        $archived = $this->package->attempt($name, [$kind => [$id]], function () use ($row, $name, $kind, $id, $owner): bool {
            $this->package->add_file($name, get_file_storage()->get_file_instance($row), $owner);
            $this->package->count($kind, $id);
            return true;
        });
        if ($archived) {
            $this->inventory?->add_file($row);
        }
        $uploader = (int) $row->userid;
        $named = $uploader && !$this->people->is_hidden($uploader);
        return [
            'path' => $path,
            'size' => (int) $row->filesize,
            'sha1' => $row->contenthash,
            'mimetype' => $row->mimetype,
            'created' => dates::iso($row->timecreated),
            'modified' => dates::iso($row->timemodified),
            'uploader' => $uploader ? $this->people->label($uploader) : null,
            'author' => $named ? $row->author : null,
            'license' => $row->license,
        ] + ($archived ? [] : ['archived' => false]);
    }
}
