<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * Processes storage tasks without blocking; callbacks run inside wait() and poll().
 *
 * @strict-properties
 * @not-serializable
 */
final class AsyncTask
{
    /**
     * @param callable|null $onSuccess function (StorageTask $task, StoredObject|StorageCheck|StorageSpace|null $result): void
     * @param callable|null $onFailure function (StorageTask $task, \Throwable $error): void; without
     *     it wait() throws the error
     */
    public function __construct(Engine $engine, ?callable $onSuccess = null, ?callable $onFailure = null) {}

    /**
     * Begins the task. One at a time for each AsyncTask.
     *
     * @throws Exception\StateException one is under way
     */
    public function processTask(StorageTask $task): void {}

    public function isDone(): bool {}

    public function cancel(): void {}

    /**
     * @return StoredObject|StorageCheck|StorageSpace|null the result; null for Delete
     * @throws Exception\TimeoutException the time was over; the task goes on
     */
    public function wait(?int $timeoutMs = null): StoredObject|StorageCheck|StorageSpace|null {}
}
