<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * What a job is to do. Callbacks run inside wait() and poll(); one that throws cancels the job.
 *
 * @strict-properties
 * @not-serializable
 */
final class JobSpec
{
    public readonly ?EntryList $entries;
    public readonly PackageOptions $package;
    /** Absolute. */
    public readonly ?string $path;
    /** @var StorageDriver[] */
    public readonly array $storages;
    public readonly ?Staging $staging;
    public readonly bool $streams;
    public readonly ?Limits $limits;
    public readonly ?Retry $retry;

    /**
     * With a staging the job is journalled: the one of $package->uuid is taken up where it stands, or
     * made. It goes to storages and has no path.
     *
     * @param EntryList|null $entries null with $collect, and for a journalled job whose
     *     StagedStatus::$packaged tells that they are not needed, or that has ended
     * @param string|null $path a new file; it appears complete or not at all
     * @param StorageDriver[] $storages the container goes to all at once; each is read back and
     *     compared before the job completes; at most 8
     * @param bool $streams of a journalled job: into the storages at once; nothing is staged, and it is
     *     packed again when it was killed
     * @param Limits|null $limits null: it may take as long as it takes
     * @param Retry|null $retry of a journalled job; null: new Retry()
     * @param callable|null $collect function (Job $job): EntryList|array, in place of $entries: collects within
     *     the run, each time before the job packs. An array is [EntryList, PackageOptions], of which the
     *     options stand in place of $package and have its UUID and format. What it throws is the run's
     *     error; a later run follows if isRetryable() says so, or its code does. With the code E_CANCELED it
     *     cancels, with E_CLOSED it interrupts a journalled job. Nothing ends it from outside: one that
     *     takes long calls Job::check() now and then
     * @param callable|null $onState function (Job $job, State $state): void
     * @param callable|null $onProgress function (Job $job, Progress $progress): void
     * @param callable|null $onDone function (Job $job): void, once, also after failure
     * @param int $progressIntervalMs 0: 200
     * @throws Exception\InvalidArgumentException neither a path nor a storage; no entries without a
     *     staging; a staging with a path, without a storage or without a UUID; what only a journalled job
     *     can have, without a staging
     */
    public function __construct(
        ?EntryList $entries,
        PackageOptions $package,
        ?string $path = null,
        array $storages = [],
        ?Staging $staging = null,
        bool $streams = false,
        ?Limits $limits = null,
        ?Retry $retry = null,
        ?callable $collect = null,
        ?callable $onState = null,
        ?callable $onProgress = null,
        ?callable $onDone = null,
        int $progressIntervalMs = 0
    ) {}
}
