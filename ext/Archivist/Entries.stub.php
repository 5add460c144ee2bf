<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * The entries of an archive, read as a loop goes on: no more of them are in memory than one batch. Each
 * loop reads the archive anew; keys count from 0.
 *
 * @strict-properties
 * @not-serializable
 */
final class Entries implements \Iterator
{
    private function __construct() {}

    public function current(): ?Entry {}

    public function key(): int {}

    public function next(): void {}

    public function rewind(): void {}

    public function valid(): bool {}
}
