<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * How an archive is packed and what is said about it. The same entries and options give the same
 * bytes, whatever the number of threads.
 *
 * @strict-properties
 */
final class PackageOptions
{
    public readonly string $name;
    public readonly Format $format;
    public readonly ?int $level;
    public readonly bool $sha512;
    public readonly bool $reproducible;
    public readonly ?string $uuid;
    public readonly ?int $collectedAt;
    public readonly ?string $createdBy;
    public readonly ?string $title;
    public readonly array $metadata;
    public readonly int $threads;
    public readonly int $failuresMax;
    public readonly ?int $requestedAt;
    public readonly string $language;
    public readonly bool $allowEmpty;

    /**
     * @param string $name of the archive and so of its base folder; made safe
     * @param int|null $level 0 (stored) to 9, tar.zst to 19; null: the format's default
     * @param bool $sha512 a second manifest beside SHA-256
     * @param bool $reproducible the same bytes on every CPU
     * @param string|null $uuid null: derived from the content
     * @param int|null $collectedAt when collecting began, the archive's date, in seconds since 1970;
     *     null: 1980-01-01, so that equal input gives equal bytes, and of a journalled job the moment
     *     in which this run begins to pack
     * @param array $metadata JSON-encodable, stands in metadata/job.json as "metadata"
     * @param int $threads 0: as many as the engine has
     * @param int $failuresMax entries that may be missing, but not all, because their sources fail
     *     (a file vanishes, changes, cannot be read; addCallback() throws a SourceException): the
     *     job then ends as State::Partial, and archive and JobResult name them. 0: the first one
     *     fails the job
     * @param int|null $requestedAt when it was asked for, in seconds since 1970; null: not recorded,
     *     and of a journalled job the moment in which it was made
     * @param string $language of index.html: "en" or "de"
     * @param bool $allowEmpty a list without one entry is archived; else that is an error of the job
     * @throws Exception\InvalidArgumentException an option out of its range, or metadata that
     *     cannot be encoded
     */
    public function __construct(
        string $name,
        Format $format = Format::Zip,
        ?int $level = null,
        bool $sha512 = false,
        bool $reproducible = false,
        ?string $uuid = null,
        ?int $collectedAt = null,
        ?string $createdBy = null,
        ?string $title = null,
        array $metadata = [],
        int $threads = 0,
        int $failuresMax = 0,
        ?int $requestedAt = null,
        string $language = "en",
        bool $allowEmpty = false
    ) {}
}
