<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * How far a job is.
 *
 * @strict-properties
 */
final class Progress
{
    public readonly State $state;
    public readonly int $bytesDone;
    /** 0 while unknown. */
    public readonly int $bytesTotal;
    public readonly int $entriesDone;
    public readonly int $entriesTotal;
    /** Of the container. */
    public readonly int $bytesWritten;
    /** The container is stored when it is complete: by a journalled job that does not stream. */
    public readonly bool $staged;
    /** Of a staged container, all storages together. */
    public readonly int $bytesStored;
    /** 0 until it is complete. */
    public readonly int $bytesToStore;
    public readonly int $elapsedMs;

    private function __construct() {}

    /**
     * 0.0 to 1.0, by bytes and entries; packing and storing a staged container is a half each. It goes
     * back only when a container must be packed again.
     */
    public function fraction(): float {}
}
