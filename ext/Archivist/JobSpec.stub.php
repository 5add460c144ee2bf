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
    public readonly EntryList $entries;
    public readonly PackageOptions $package;
    public readonly ?string $path;
    /** @var StorageDriver[] */
    public readonly array $storages;

    /**
     * @param string|null $path a new file; it appears complete or not at all
     * @param StorageDriver[] $storages the container goes to all at once; each is read back and
     *     compared before the job completes; at most 8
     * @param callable|null $onState function (Job $job, State $state): void
     * @param callable|null $onProgress function (Job $job, Progress $progress): void
     * @param callable|null $onDone function (Job $job): void, once, also after failure
     * @param int $progressIntervalMs 0: 200
     * @throws Exception\InvalidArgumentException neither a path nor a storage
     */
    public function __construct(
        EntryList $entries,
        PackageOptions $package,
        ?string $path = null,
        array $storages = [],
        ?callable $onState = null,
        ?callable $onProgress = null,
        ?callable $onDone = null,
        int $progressIntervalMs = 0
    ) {}
}
