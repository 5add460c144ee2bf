<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * A job that an engine runs. It goes on when nobody holds this object, as long as the engine lives.
 *
 * @strict-properties
 * @not-serializable
 */
final class Job
{
    private function __construct() {}

    public function state(): State {}

    public function progress(): Progress {}

    /** A request: the job ends as State::Aborted soon, or completes if it was about to. */
    public function cancel(): void {}

    /**
     * Runs the engine until the job has ended. PHP's time limit cancels it cleanly.
     *
     * @param int|null $timeoutMs null: as long as it takes
     * @throws Exception\TimeoutException the time was over; the job goes on
     * @throws Exception\ArchivistException why the job failed
     * @throws \Throwable what a callback threw
     */
    public function wait(?int $timeoutMs = null): JobResult {}

    /** Null until the job completed. */
    public function result(): ?JobResult {}

    /** Why it failed; null while it runs and when it completed. */
    public function error(): ?\Throwable {}
}
