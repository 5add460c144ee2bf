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

    /** Of a journalled job that wait() has left: where it is at rest, RecoverableError and Queued too. */
    public function state(): State {}

    public function progress(): Progress {}

    /** A request: the job ends as State::Aborted soon, or completes if it was about to. What a
     * journalled job has stored is removed. */
    public function cancel(): void {}

    /**
     * For callbacks that take long.
     *
     * @throws Exception\ArchivistException why the job is to stop: a request to cancel, also one by
     *     Staging::cancel(), or its time limit
     */
    public function check(): void {}

    /**
     * Runs the engine until the job has ended or is at rest. PHP's time limit, exit() and the end of
     * the engine cancel it cleanly; a journalled job is interrupted by them, as State::Queued, and goes on
     * when it is started again.
     *
     * @param int|null $timeoutMs null: as long as it takes
     * @throws Exception\TimeoutException the time was over; the job goes on
     * @throws Exception\ArchivistException why the job failed; with isRetryable() for a journalled job
     *     that is at rest as State::RecoverableError
     * @throws \Throwable what a callback threw
     */
    public function wait(?int $timeoutMs = null): JobResult {}

    /** Null until the job completed. */
    public function result(): ?JobResult {}

    /** Why it failed or is at rest; null while it runs and when it completed. */
    public function error(): ?\Throwable {}
}
