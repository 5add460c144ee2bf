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
    public readonly int $elapsedMs;

    private function __construct() {}

    /** 0.0 to 1.0, by bytes and entries. */
    public function fraction(): float {}
}
