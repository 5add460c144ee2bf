<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * One entry of an archive's payload, as its entries.jsonl tells it.
 *
 * @strict-properties
 */
final class Entry
{
    /** In the container, relative to the base folder: "data/…". */
    public readonly string $name;
    /** As it was given, UTF-8. */
    public readonly string $original;
    public readonly ?string $owner;
    /** @var string[] keys of whom it is about */
    public readonly array $persons;
    public readonly int $sizeBytes;
    /** Seconds since 1970; null: not recorded. */
    public readonly ?int $modifiedAt;
    /** 64 hexadecimal digits; null unless a file. */
    public readonly ?string $sha256;
    /** It is an empty folder. */
    public readonly bool $folder;
    /** Of a symbolic link that was recorded: where it leads; else null. */
    public readonly ?string $target;

    private function __construct() {}
}
