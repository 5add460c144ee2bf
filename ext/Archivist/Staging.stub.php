<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * A folder in which jobs live that must not be lost. A JobSpec that names a staging makes a journalled
 * job: killed at any instant, it goes on where it stood when it is started again under its UUID.
 *
 * Several processes may use one folder; each job is run by one of them at a time. Every method works on
 * the local disk and returns.
 *
 * @strict-properties
 * @not-serializable
 */
final class Staging
{
    /** Absolute. */
    public readonly string $folder;

    /**
     * @param string $folder made (0700) when it is missing; obeys open_basedir
     * @param int $limitBytes of all containers staged here together; 0: only the disk's
     * @param int $reserveBytes that stay free on the disk; 0: 64 MiB
     */
    public function __construct(string $folder, int $limitBytes = 0, int $reserveBytes = 0) {}

    /**
     * Makes a job without running it. Engine::start() makes what is not there, without a document.
     *
     * @param string|null $document the application's own, at most 1 MiB
     * @throws Exception\ExistsException the job is there already
     * @throws Exception\LimitException the document is too large
     */
    public function create(string $uuid, ?string $document = null): void {}

    /** @throws Exception\NotFoundException no such job, or it was made without a document */
    public function document(string $uuid): string {}

    /**
     * @throws Exception\NotFoundException no such job
     * @throws Exception\IntegrityException its journal is damaged
     */
    public function status(string $uuid): StagedStatus {}

    /**
     * Of all jobs, sorted; damaged ones too.
     *
     * @return string[]
     */
    public function uuids(): array {}

    /**
     * What the job has told, oldest first. The only field is "details": "state=STORE attempt=2".
     *
     * @param int $offset records that are passed over
     * @param int $limit 1 to 1000
     * @return LogRecord[]
     */
    public function log(string $uuid, int $offset = 0, int $limit = 100): array {}

    /**
     * Asks whoever runs the job to stop; it ends as State::Aborted within a second. When nobody runs it,
     * its next start takes back what was done and ends it.
     *
     * @throws Exception\StateException it has ended
     */
    public function cancel(string $uuid): void {}

    /**
     * A job that failed, was cancelled, is complete in part or waits for a retry becomes State::Queued, with
     * all attempts and the whole time limit before it. One that waited keeps what it has packed and stored.
     *
     * @throws Exception\StateException it is in another state, or another process runs it
     */
    public function requeue(string $uuid): void {}

    /**
     * Forgets a job that has ended; stored objects stay.
     *
     * @param bool $force also one whose journal is damaged
     * @throws Exception\StateException it has not ended
     */
    public function delete(string $uuid, bool $force = false): void {}

    /** Removes what dead processes left and no journal knows of. Jobs that run are passed over. */
    public function sweep(): StagingSwept {}
}
