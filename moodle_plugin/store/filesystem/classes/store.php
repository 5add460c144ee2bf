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

namespace archivestore_filesystem;

use Archivist\Storage\Filesystem;
use Archivist\StorageDriver;
use local_archivist\engine;
use local_archivist\leftovers;
use local_archivist\stores;

/**
 * Archives in a folder of the server, outside of Moodle's data.
 *
 * @package    archivestore_filesystem
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class store extends \local_archivist\store {
    /** @var int How long the engine lets the name of an owner be. */
    private const OWNER_BYTES = 64;

    #[\Override]
    public static function form_definition(\MoodleQuickForm $form): void {
        $form->addElement('text', 'path', get_string('path', 'archivestore_filesystem'), ['size' => 60]);
        $form->setType('path', PARAM_RAW_TRIMMED);
        $form->addRule('path', null, 'required', null, 'client');
        $form->addHelpButton('path', 'path', 'archivestore_filesystem');
    }

    #[\Override]
    public static function form_validation(array $data): array {
        $problem = self::path_problem((string) ($data['path'] ?? ''), (int) ($data['id'] ?? 0));
        return $problem === null ? [] : ['path' => $problem];
    }

    #[\Override]
    public static function form_settings(\stdClass $data): array {
        return ['path' => self::normal($data->path)];
    }

    #[\Override]
    public function describe(): string {
        return (string) ($this->settings['path'] ?? '');
    }

    #[\Override]
    public function driver(): StorageDriver {
        engine::require_ready();
        // A folder that held archives and is missing now, or empty, is most likely a disk that is not mounted.
        $used = stores::holds_archives($this->id());
        return new Filesystem($this->describe(), create: !$used, owner: self::owner(), marked: $used);
    }

    #[\Override]
    public function open(string $key) {
        $path = $this->describe() . '/' . self::checked_key($key);
        $stream = is_file($path) && !is_link($path) ? @fopen($path, 'rb') : false;
        if (!$stream) {
            throw new \moodle_exception('error_unreadable', 'archivestore_filesystem', '', $this->name());
        }
        return $stream;
    }

    #[\Override]
    public function can_list(): bool {
        return true;
    }

    #[\Override]
    public function objects(?string $after, int $limit): array {
        engine::require_ready();
        // As for driver(): one that held archives and has no mark is most likely not mounted.
        return (new Filesystem($this->describe(), marked: stores::holds_archives($this->id())))->list($after, $limit);
    }

    #[\Override]
    public function leftovers(): array {
        return leftovers::in_storage($this->describe());
    }

    #[\Override]
    public function space(): array {
        $path = $this->describe();
        // The folder is made with the first archive; until then its parent tells.
        $path = is_dir($path) ? $path : dirname($path);
        $free = @disk_free_space($path);
        $total = @disk_total_space($path);
        return ['free' => $free === false ? null : (int) $free, 'total' => $total === false ? null : (int) $total];
    }

    /**
     * Whose archives lie there, for the mark that the engine leaves in the folder.
     *
     * A clone of the site for tests has the same database, its site identifier included, and the same path in its
     * settings; only its address tells it from the site.
     *
     * @return string at most 64 bytes
     */
    private static function owner(): string {
        global $CFG;
        $owner = preg_replace('/^https?:\/\//', '', $CFG->wwwroot);
        if (strlen($owner) <= self::OWNER_BYTES) {
            return $owner;
        }
        return \core_text::str_max_bytes($owner, self::OWNER_BYTES - 17) . '~' . substr(sha1($owner), 0, 16);
    }

    /**
     * What is wrong with a path.
     *
     * @param string $path as it was entered
     * @param int $id of the storage, 0 for a new one
     * @return string|null a sentence
     */
    private static function path_problem(string $path, int $id): ?string {
        $odd = preg_match('/[\x00-\x1f\x7f]|(?:^|\/)\.\.?(?:\/|$)/', $path);
        if (!str_starts_with($path, '/') || $odd || self::normal($path) === '/') {
            return get_string('error_pathshape', 'archivestore_filesystem');
        }
        $real = self::real($path);
        foreach (self::forbidden() as $folder) {
            if (self::is_below($real, $folder)) {
                return get_string('error_pathforbidden', 'archivestore_filesystem', $folder);
            }
        }
        foreach (stores::all() as $store) {
            if ($store instanceof self && $store->id() !== $id && self::real($store->describe()) === $real) {
                return get_string('error_pathtaken', 'archivestore_filesystem', $store->name());
            }
        }
        return null;
    }

    /**
     * Folders that are served by the web server, or that Moodle cleans or owns.
     *
     * @return string[]
     */
    private static function forbidden(): array {
        global $CFG;
        $folders = [$CFG->root ?? $CFG->dirroot, $CFG->dirroot, $CFG->tempdir, $CFG->cachedir, $CFG->localcachedir];
        foreach (['filedir', 'trashdir', 'temp', 'cache', 'localcache', 'muc', 'sessions', 'lock', 'lang', 'archivist'] as $name) {
            $folders[] = "{$CFG->dataroot}/$name";
        }
        return array_unique(array_map([self::class, 'real'], array_filter($folders)));
    }

    /**
     * Whether a folder is another one or lies in it.
     *
     * @param string $path
     * @param string $folder
     * @return bool
     */
    private static function is_below(string $path, string $folder): bool {
        return str_starts_with("$path/", "$folder/");
    }

    /**
     * A path with links resolved as far as it exists.
     *
     * @param string $path
     * @return string
     */
    private static function real(string $path): string {
        $rest = '';
        for ($path = self::normal($path); ($real = realpath($path)) === false && $path !== '/'; $path = dirname($path)) {
            $rest = '/' . basename($path) . $rest;
        }
        return rtrim((string) $real, '/') . $rest;
    }

    /**
     * A path without doubled or trailing separators.
     *
     * @param string $path
     * @return string
     */
    private static function normal(string $path): string {
        return rtrim(preg_replace('/\/+/', '/', $path), '/') ?: '/';
    }
}
