<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * One difference.
 *
 * @strict-properties
 */
final class Finding
{
    public readonly FindingKind $kind;
    /** Name in the container, or null. */
    public readonly ?string $entry;
    /** A sentence with expected and found. */
    public readonly string $message;

    private function __construct() {}
}
