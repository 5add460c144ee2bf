<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/** @strict-properties */
final class StorageSpace
{
    /** Null where the storage does not tell. */
    public readonly ?int $freeBytes;
    public readonly ?int $totalBytes;

    private function __construct() {}
}
