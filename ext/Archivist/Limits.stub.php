<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * How long a job may take. What is beyond ends it with a TimeoutException.
 *
 * @strict-properties
 * @not-serializable
 */
final class Limits
{
    public readonly int $timeMs;
    public readonly int $stallMs;

    /**
     * @param int $timeMs since the first work, over all runs; 0: none
     * @param int $stallMs without any progress; 0: none
     * @throws Exception\InvalidArgumentException a number is negative
     */
    public function __construct(int $timeMs = 0, int $stallMs = 0) {}
}
