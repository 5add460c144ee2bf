<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * A finished file on its way into a storage.
 *
 * @strict-properties
 */
final class Artifact
{
    /** Absolute. */
    public readonly string $path;
    public readonly int $sizeBytes;
    /** 64 hexadecimal digits. */
    public readonly string $sha256;

    /** @throws Exception\InvalidArgumentException the digest is not 64 hexadecimal digits, the size negative */
    public function __construct(string $path, int $sizeBytes, string $sha256) {}
}
