<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * An object in a storage.
 *
 * @strict-properties
 */
final class StoredObject
{
    /** "xx/<uuid><suffix>": made by Archivist, never from a name that a person gave. */
    public readonly string $key;
    /** URL of the storage, "/" and the key; null for a driver written in PHP. */
    public readonly ?string $address;
    /** The storage's own version id, or null. */
    public readonly ?string $version;
    public readonly int $sizeBytes;
    public readonly int $storedAt;
    /** 64 hexadecimal digits; null when this request did not compute it. */
    public readonly ?string $sha256;

    private function __construct() {}
}
