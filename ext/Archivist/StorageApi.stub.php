<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * The front of all storages: gives drivers by type and starts tasks on them, and logs each request.
 *
 * @strict-properties
 * @not-serializable
 */
final class StorageApi
{
    public function __construct(Engine $engine, ?StorageDriverFactory $factory = null) {}

    /** @throws Exception\UnsupportedException the type is unknown */
    public function getStorageDriver(string $type, array $settings = []): StorageDriver {}

    /**
     * Begins a task without blocking; callbacks run inside wait() and poll().
     *
     * @param callable|null $onSuccess function (StorageTask $task, StoredObject|StorageCheck|StorageSpace|null $result): void
     * @param callable|null $onFailure function (StorageTask $task, \Throwable $error): void; without
     *     it AsyncTask::wait() throws the error
     */
    public function processTask(StorageTask $task, ?callable $onSuccess = null, ?callable $onFailure = null): AsyncTask {}
}
