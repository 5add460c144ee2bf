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

use Archivist\Operation;
use Archivist\StorageDriver;
use Archivist\StorageApi;
use Archivist\StorageTask;

/**
 * A storage driver: one configured storage.
 *
 * A sub-plugin archivestore_NAME has the class \archivestore_NAME\store, which extends this one. Several storages
 * of one kind may be configured; each is a row of local_archivist_store. A driver gives the engine the object that
 * stores; it moves no bytes itself.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
abstract class store {
    /** @var string The shape of a key: the engine makes it of a UUID, and nothing else is ever looked for. */
    private const KEY = '/\A[0-9a-f]{2}\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\.[a-z0-9]{1,16}){0,2}\z/';

    /** @var string[] The steps of a check, in their order. */
    public const STEPS = ['connect', 'write', 'read', 'delete'];

    /** @var array<string, mixed> What was configured. */
    protected array $settings;

    /**
     * A storage.
     *
     * @param \stdClass $record a row of local_archivist_store, or one that is to become one
     */
    final public function __construct(
        /** @var \stdClass the row */
        protected \stdClass $record,
    ) {
        $this->settings = json_decode($record->settings ?? '{}', true) ?: [];
    }

    /**
     * The id of the storage.
     *
     * @return int
     */
    final public function id(): int {
        return (int) $this->record->id;
    }

    /**
     * Its name, as the administrator gave it.
     *
     * @return string
     */
    final public function name(): string {
        return (string) $this->record->name;
    }

    /**
     * Whether new archives go there.
     *
     * @return bool
     */
    final public function is_enabled(): bool {
        return (bool) $this->record->enabled;
    }

    /**
     * The frankenstyle name of the sub-plugin.
     *
     * @return string such as "archivestore_filesystem"
     */
    final public static function component(): string {
        return explode('\\', static::class)[0];
    }

    /**
     * Whether one more storage of this kind makes sense.
     *
     * @return bool
     */
    public static function allows_another(): bool {
        return true;
    }

    /**
     * Adds the fields of a storage of this kind to the form; their names are the keys of the settings.
     *
     * @param \MoodleQuickForm $form
     */
    abstract public static function form_definition(\MoodleQuickForm $form): void;

    /**
     * Looks at what was entered.
     *
     * @param array $data
     * @return array<string, string> sentences by field
     */
    abstract public static function form_validation(array $data): array;

    /**
     * The settings out of what was entered.
     *
     * @param \stdClass $data
     * @return array<string, mixed>
     */
    abstract public static function form_settings(\stdClass $data): array;

    /**
     * Where it is, for people: a path, a host. Never a secret.
     *
     * @return string
     */
    abstract public function describe(): string;

    /**
     * The engine's driver for this storage.
     *
     * @return StorageDriver
     * @throws \moodle_exception|\Archivist\Exception\ArchivistException with a sentence; the extension may be missing
     */
    abstract public function driver(): StorageDriver;

    /**
     * A stored archive as a stream, for a download.
     *
     * @param string $key as the engine gave it
     * @return resource
     * @throws \moodle_exception it is not there
     */
    abstract public function open(string $key);

    /**
     * Whether it can tell what lies in it.
     *
     * @return bool
     */
    public function can_list(): bool {
        return false;
    }

    /**
     * Why it cannot tell what lies in it, and what to do about archives that the database does not know.
     *
     * @return \moodle_exception
     */
    public function not_listed(): \moodle_exception {
        return new \moodle_exception('error_storelist', 'local_archivist', '', $this->name());
    }

    /**
     * What lies there, sorted by key. Nothing is written, and the folder is not made.
     *
     * @param string|null $after only those behind this key
     * @param int $limit 1 to 1000
     * @return \Archivist\StoredObject[]
     * @throws \moodle_exception|\Archivist\Exception\ArchivistException with a sentence
     */
    public function objects(?string $after, int $limit): array {
        throw $this->not_listed();
    }

    /**
     * What killed runs left there and the engine does not remove, since it cannot prove that it is its own.
     *
     * @return string[] where in the storage
     */
    public function leftovers(): array {
        return [];
    }

    /**
     * Free and total bytes.
     *
     * @return array{free: int|null, total: int|null} null: unknown
     */
    public function space(): array {
        return ['free' => null, 'total' => null];
    }

    /**
     * Free and total bytes for people. A storage that cannot tell says why.
     *
     * @return string
     */
    final public function space_text(): string {
        try {
            ['free' => $free, 'total' => $total] = $this->space();
        } catch (\Throwable $e) {
            return runner::sentence($e);
        }
        if ($free === null) {
            return get_string('spaceunknown', 'local_archivist');
        }
        return $total === null ? display_size($free) : get_string('spacefree', 'local_archivist', (object) [
            'free' => display_size($free), 'total' => display_size($total),
        ]);
    }

    /**
     * Connects, writes, reads back and deletes a small object, through the engine as a job does it.
     *
     * @return array{ok: bool, steps: array<string, bool>, detail: string} what came off, and a sentence about what was found
     */
    public function check(): array {
        try {
            engine::require_ready(); // PHP looks for the class before it asks for its arguments.
            $task = new StorageTask($this->driver(), Operation::Check);
            $found = (new StorageApi(engine::create()))->processTask($task)->wait();
        } catch (\moodle_exception | \Archivist\Exception\ArchivistException $e) {
            return ['ok' => false, 'steps' => array_fill_keys(self::STEPS, false), 'detail' => runner::sentence($e)];
        }
        return [
            'ok' => $found->ok,
            'steps' => array_combine(self::STEPS, [$found->connect, $found->write, $found->read, $found->delete]),
            'detail' => $found->error ?? $found->detail,
        ];
    }

    /**
     * Refuses what is no key, so that nothing else in the storage can be reached.
     *
     * @param string $key
     * @return string the key
     */
    final protected static function checked_key(string $key): string {
        if (!preg_match(self::KEY, $key)) {
            throw new \coding_exception('This is not the key of an archive.');
        }
        return $key;
    }
}
