<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * Identities of jobs and archives.
 *
 * @strict-properties
 */
final class Uuid
{
    private function __construct() {}

    /** A new one: random (RFC 9562, version 4). */
    public static function random(): string {}

    /** The one that belongs to these bytes, such as a name of the application's own: always the same. */
    public static function derive(string $data): string {}
}
