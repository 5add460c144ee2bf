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

    /** Begins a task; the callbacks are those of AsyncTask. */
    public function processTask(StorageTask $task, ?callable $onSuccess = null, ?callable $onFailure = null): AsyncTask {}
}
