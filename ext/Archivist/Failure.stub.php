<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * An entry that an archive lacks because its source failed.
 *
 * @strict-properties
 */
final class Failure
{
    /** The entry's, as it was given. */
    public readonly string $name;
    /** Archivist\E_VANISHED, E_UNREADABLE …: those of sources in docs/errors.md. */
    public readonly int $code;
    /** A sentence with the cause. */
    public readonly string $message;

    private function __construct() {}
}
