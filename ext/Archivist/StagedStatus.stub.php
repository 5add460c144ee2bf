<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * What the journal of a job tells. Times are seconds since 1970.
 *
 * @strict-properties
 */
final class StagedStatus
{
    public readonly string $uuid;
    /** Queued for a job whose process died, until it is started again. */
    public readonly State $state;
    /** Some process works on it. */
    public readonly bool $running;
    public readonly bool $cancelAsked;
    /** Runs since it was made or requeued, crashed ones included. */
    public readonly int $attempts;
    /** It was made. */
    public readonly int $requestedAt;
    /** The first work since it was made or requeued. */
    public readonly ?int $begunAt;
    public readonly ?int $endedAt;
    /** In RecoverableError: it is not run again before. */
    public readonly ?int $retryAt;
    /** Of the container, null until it is complete: collecting began … */
    public readonly ?int $collectedAt;
    /** … the last source was read … */
    public readonly ?int $readAt;
    /** … and it was whole. */
    public readonly ?int $packedAt;
    /** The last of all targets; null: not yet all. */
    public readonly ?int $storedAt;
    /** The container is complete: the job goes on without a list of entries. */
    public readonly bool $packaged;
    public readonly int $entries;
    public readonly int $payloadBytes;
    public readonly int $containerBytes;
    /** Entries that are missing from the container. */
    public readonly int $failures;
    /** Of the container, 64 hexadecimal digits; null until it is packed. */
    public readonly ?string $sha256;
    /** 128 hexadecimal digits, or null when it was not asked for. */
    public readonly ?string $sha512;
    /** Why it failed or waits: a sentence. */
    public readonly ?string $cause;
    /** One of Archivist\E_…; null without a cause. */
    public readonly ?int $causeCode;
    /** The cause may pass: the job is run again, or would be. */
    public readonly bool $retryable;
    /** @var StagedTarget[] in the order of JobSpec::$storages; empty until the job has looked at them */
    public readonly array $targets;

    private function __construct() {}
}
