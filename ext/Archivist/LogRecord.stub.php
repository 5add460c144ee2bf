<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * One record of the log. It never holds a secret.
 *
 * @strict-properties
 */
final class LogRecord
{
    public readonly LogLevel $level;
    /** Seconds since 1970, with microseconds. */
    public readonly float $at;
    /** "job", "package", "storage.filesystem" … */
    public readonly string $source;
    /** UUID of the job, or null. */
    public readonly ?string $job;
    public readonly string $message;
    /** @var array<string, int|string> */
    public readonly array $fields;

    private function __construct() {}
}
