<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * One request to a storage, as a value.
 *
 * @strict-properties
 * @not-serializable
 */
final class StorageTask
{
    public readonly StorageDriver $driver;
    public readonly Operation $operation;
    /** Absolute. */
    public readonly ?string $path;
    public readonly ?string $key;
    public readonly ?string $sha256;

    /**
     * @param string|null $path Store: the file to store; Retrieve: the new file to write
     * @param string|null $key all but Store, Check and Space; Store: null makes one
     * @param string|null $sha256 what the content must have; null: not compared with anything known
     * @throws Exception\InvalidArgumentException an argument that the operation needs is missing
     */
    public function __construct(
        StorageDriver $driver,
        Operation $operation,
        ?string $path = null,
        ?string $key = null,
        ?string $sha256 = null
    ) {}
}
