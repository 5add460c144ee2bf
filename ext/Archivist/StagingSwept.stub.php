<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * What Staging::sweep() found.
 *
 * @strict-properties
 */
final class StagingSwept
{
    /** Folders that were removed, since no job had begun in them. */
    public readonly int $jobs;
    /** Half-written files of dead processes that were removed. */
    public readonly int $files;
    /** What that set free. */
    public readonly int $bytes;
    /** Jobs whose journal is damaged; they are left as they are. */
    public readonly int $damaged;

    private function __construct() {}
}
