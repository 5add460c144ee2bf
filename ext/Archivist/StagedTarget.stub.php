<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * Where a journalled job stores.
 *
 * @strict-properties
 */
final class StagedTarget
{
    public readonly string $address;
    /** Read back and compared. */
    public readonly bool $stored;
    /** Seconds since 1970; null: not yet. */
    public readonly ?int $storedAt;

    private function __construct() {}
}
