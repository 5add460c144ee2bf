<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * What the check of a storage found. Steps come in this order; those behind a failed one are false.
 *
 * @strict-properties
 */
final class StorageCheck
{
    public readonly bool $ok;
    public readonly bool $connect;
    public readonly bool $write;
    public readonly bool $read;
    public readonly bool $delete;
    /** What the driver found: "files get their names by O_TMPFILE; the folder's mode is 0700". */
    public readonly string $detail;
    /** The sentence of the first failure, or null. */
    public readonly ?string $error;

    private function __construct() {}
}
