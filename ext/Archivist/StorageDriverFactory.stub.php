<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * Makes storage drivers by their type; new types are added without changing anything here.
 *
 * @strict-properties
 * @not-serializable
 */
final class StorageDriverFactory
{
    public function __construct() {}

    /**
     * @param string $type a-z, 0-9, "_"; must be free
     * @param callable $make function (array $settings): StorageDriver
     * @throws Exception\ExistsException the type is taken
     */
    public function register(string $type, callable $make): void {}

    /**
     * What comes from the settings is not shown in the trace of an exception that leaves this method; name
     * no secret in its message. "filesystem" takes the settings path, owner and expect (string), create, marked and adopt (bool).
     *
     * @throws Exception\UnsupportedException the type is unknown; the message lists the known ones
     * @throws Exception\InvalidArgumentException a setting is missing, unknown or of a wrong type
     */
    public function getStorageDriver(string $type, array $settings = []): StorageDriver {}

    /** @return string[] sorted */
    public function types(): array {}
}
