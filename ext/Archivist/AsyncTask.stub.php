<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * A storage task that StorageApi::processTask() has begun. It goes on when nobody holds this object, as
 * long as the engine lives.
 *
 * @strict-properties
 * @not-serializable
 */
final class AsyncTask
{
    private function __construct() {}

    public function isDone(): bool {}

    public function cancel(): void {}

    /**
     * @return StoredObject|StorageCheck|StorageSpace|null the result; null for Delete
     * @throws Exception\TimeoutException the time was over; the task goes on
     */
    public function wait(?int $timeoutMs = null): StoredObject|StorageCheck|StorageSpace|null {}
}
