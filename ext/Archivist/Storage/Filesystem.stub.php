<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist\Storage;

/**
 * Archives in a folder: files 0600, folders 0700, no link below the root is followed, nothing is
 * overwritten, everything is flushed and read back. (LocalFileStorageDriver of the concept.)
 *
 * As a storage of a job it is native: no byte passes through PHP. Its own methods run to their end
 * before they return; StorageApi does the same asynchronously.
 *
 * @strict-properties
 * @not-serializable
 */
final class Filesystem implements \Archivist\StorageDriver
{
    /**
     * @param string $path obeys open_basedir
     * @param bool $create makes the folder (0700) when it is missing
     * @param string|null $owner whose archives these are, 1 to 64 bytes: where the storage's mark names
     *   another owner, nothing is written or removed (StorageException, E_ACCESS)
     * @param bool $marked the storage's mark must be there, which its first archive brought; else its disk
     *   is not mounted (StorageException, E_OFFLINE), and the folder is not made
     * @param string|null $expect the id of the mark that must be there; check() tells it
     * @param bool $adopt makes the storage that of $owner, whoever had it
     * @throws \Archivist\Exception\InvalidArgumentException at the first use: owner or expect is not valid
     */
    public function __construct(
        string $path,
        bool $create = false,
        ?string $owner = null,
        bool $marked = false,
        ?string $expect = null,
        bool $adopt = false
    ) {}

    public function url(): string {}

    public function store(\Archivist\Artifact $data, string $key): void {}

    public function retrieve(string $key, string $path): void {}

    public function delete(string $key): void {}

    /** @throws \Archivist\Exception\NotFoundException */
    public function stat(string $key): \Archivist\StoredObject {}

    /**
     * Up to $limit objects behind the key $after, sorted by key.
     *
     * @param int $limit 1 to 1000
     * @return \Archivist\StoredObject[]
     */
    public function list(?string $after = null, int $limit = 1000): array {}

    /** Connects, writes, reads and deletes for real. */
    public function check(): \Archivist\StorageCheck {}

    public function space(): \Archivist\StorageSpace {}
}
