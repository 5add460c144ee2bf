<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * What a verification found.
 *
 * @strict-properties
 */
final class Report
{
    /** Not one finding. */
    public readonly bool $valid;
    public readonly Format $format;
    public readonly string $baseFolder;
    public readonly ?string $uuid;
    public readonly int $containerBytes;
    /** All entries of the container. */
    public readonly int $entries;
    public readonly int $payloadFiles;
    public readonly int $payloadBytes;
    /** Entries that the archive itself tells to be missing: metadata/failures.jsonl names them. */
    public readonly int $failureCount;
    /** Of the container as it was read. */
    public readonly string $sha256;
    /** @var Finding[] the first ones */
    public readonly array $findings;
    /** All of them. */
    public readonly int $findingTotal;
    /** It was judged as the bag of another program: Verifier(foreign: true). */
    public readonly bool $foreign;
    /** metadata/job.json as it stands there, null where there is none; proven only if valid. */
    public readonly ?string $jobJson;
    /** When the archive was asked for, seconds since 1970; null: it does not say. */
    public readonly ?int $requestedAt;
    /** When collecting began: its date. */
    public readonly ?int $collectedAt;
    /** Symbolic links that were recorded, of which the container holds nothing. */
    public readonly int $links;

    private function __construct() {}
}
