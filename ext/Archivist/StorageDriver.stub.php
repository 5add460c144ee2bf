<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * A storage for archives (strategy pattern): Storage\Filesystem is one, a class of the application
 * may be another and is used like a native one. Its methods are called inside wait() and poll().
 */
interface StorageDriver
{
    /**
     * Stores the file under the key, completely or not at all, never in place of another object.
     *
     * @throws Exception\ExistsException the key is taken
     */
    public function store(Artifact $data, string $key): void;

    /**
     * Writes the object to a new file at $path. Archivist calls it after store() too, to compare
     * what was stored with what was sent.
     *
     * @throws Exception\NotFoundException there is no such object
     */
    public function retrieve(string $key, string $path): void;

    /** @throws Exception\NotFoundException there is no such object */
    public function delete(string $key): void;
}
