<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * What a job made that completed, all of it or in part.
 *
 * @strict-properties
 */
final class JobResult
{
    public readonly string $uuid;
    /** Number of files of the payload. */
    public readonly int $entries;
    public readonly int $payloadBytes;
    public readonly int $containerBytes;
    /** Of the container, 64 hexadecimal digits. */
    public readonly string $sha256;
    /** 128 hexadecimal digits, or null when it was not asked for. */
    public readonly ?string $sha512;
    public readonly ?string $path;
    /** When collecting began, as the archive says; all times are seconds since 1970. */
    public readonly int $collectedAt;
    /** When the last source was read. */
    public readonly int $readAt;
    /** When the container was whole; when it was stored: StoredObject::$storedAt. */
    public readonly int $packedAt;
    /** @var StoredObject[] in the order of JobSpec::$storages */
    public readonly array $stored;
    /** Entries that are missing; not 0: the job is Partial. The archive names all of them. */
    public readonly int $failureCount;
    /** @var Failure[] the first 100 */
    public readonly array $failures;

    private function __construct() {}
}
