<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * How often a journalled job is run when what failed may pass.
 *
 * @strict-properties
 * @not-serializable
 */
final class Retry
{
    public readonly int $attempts;
    public readonly int $delayMs;

    /**
     * @param int $attempts runs, crashed ones too, before the job fails; 1 to 1000; 0: 5
     * @param int $delayMs before its second run; doubled each time, at most an hour; 0: 60000
     * @throws Exception\InvalidArgumentException a number out of its range
     */
    public function __construct(int $attempts = 5, int $delayMs = 60000) {}
}
