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
     * @param StorageOption[]|null $options what its settings may be, at most 32: they are then checked, and $make
     *     gets each in its type with the defaults; null: anything, as it is given
     * @throws Exception\ExistsException the type is taken
     * @throws Exception\InvalidArgumentException an option makes no sense; the message says which
     */
    public function register(string $type, callable $make, ?array $options = null): void {}

    /**
     * What a driver of this type takes in its settings.
     *
     * @return StorageOption[] empty where a type declares none
     * @throws Exception\UnsupportedException the type is unknown; the message lists the known ones
     */
    public function options(string $type): array {}

    /**
     * Checks the settings against the declared options. A flag may be a bool, a number an int; a string is right for
     * all of them. What comes from the settings is not shown in the trace of an exception that leaves this method;
     * name no secret in its message.
     *
     * @throws Exception\UnsupportedException the type is unknown; the message lists the known ones
     * @throws Exception\InvalidArgumentException a setting is missing, unknown, of a wrong type or out of its bounds
     */
    public function getStorageDriver(string $type, array $settings = []): StorageDriver {}

    /**
     * The native storage of a URL such as "file:///srv/archive"; the options are checked as those of
     * getStorageDriver(). A URL has no secrets, no query and no fragment.
     *
     * @throws Exception\UnsupportedException there is no driver for such URLs
     * @throws Exception\InvalidArgumentException the URL is not valid, an option is missing, unknown, of a wrong type or
     *     out of its bounds
     */
    public function open(string $url, array $options = []): StorageDriver {}

    /** @return string[] sorted */
    public function types(): array {}
}
