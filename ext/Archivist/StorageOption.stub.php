<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * What a storage driver declares about one of its options: forms, help and checks are made from it.
 *
 * @strict-properties
 * @not-serializable
 */
final class StorageOption
{
    public readonly string $name;
    public readonly StorageOptionKind $kind;
    /** Must not be shown, logged, or filled into a form again. */
    public readonly bool $secret;
    public readonly bool $required;
    /** The value when none is given: a bool of a flag, an int of a number, else a string; null: none. */
    public readonly string|int|bool|null $default;
    /** Of a text the bytes, of a number the value; null of other kinds. */
    public readonly ?int $minimum;
    public readonly ?int $maximum;
    /** One sentence. */
    public readonly string $description;

    /**
     * @param string $name a-z, 0-9, "_"
     * @param int|null $minimum null: 1 byte of a text that is a secret or required, else 0
     * @param int|null $maximum null: 65536 bytes of a text, any number
     * @throws Exception\InvalidArgumentException the default is not of the kind, a bound is negative or of another kind
     */
    public function __construct(
        string $name,
        StorageOptionKind $kind,
        string $description,
        bool $secret = false,
        bool $required = false,
        string|int|bool|null $default = null,
        ?int $minimum = null,
        ?int $maximum = null
    ) {}
}
