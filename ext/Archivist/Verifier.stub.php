<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * Reads archives: verifies, lists, extracts. Each method but entries() runs to its end before it returns.
 *
 * @strict-properties
 * @not-serializable
 */
final class Verifier
{
    /**
     * @param int $entriesMax more entries are a finding; 0: 10 million
     * @param int $totalBytesMax more unpacked bytes are a finding; 0: 16 TiB
     * @param int $findingsMax kept in the report, all are counted; 0: 1000
     * @param bool $foreign for bags that other programs made; the report says so
     */
    public function __construct(?Engine $engine = null, int $entriesMax = 0, int $totalBytesMax = 0, int $findingsMax = 0, bool $foreign = false) {}

    /**
     * A damaged archive is a report with findings, not an exception.
     *
     * @throws Exception\NotFoundException
     * @throws Exception\IntegrityException no container of a known format
     */
    public function verify(string $path): Report {}

    /** The same for an object in a storage. */
    public function verifyStored(StorageDriver $driver, string $key): Report {}

    /**
     * The payload as entries.jsonl tells it, for foreach. Nothing is verified. The archive is read by the
     * loop, on threads of its own, and so are its errors thrown there.
     */
    public function entries(string $path): Entries {}

    /**
     * Verifies, then writes the payload below $folder, which must be new or empty. Symbolic links that
     * were recorded are not made: entries() tells them.
     *
     * @param bool $safeNames the container's names instead of the originals
     * @param array $names only these: original names, folders above them, or patterns such as "*.pdf"
     *     (fnmatch on the whole name); empty: everything. The whole archive is verified all the same
     * @return int number of files
     * @throws Exception\IntegrityException the archive is not valid; nothing was written
     * @throws Exception\NotFoundException one of $names selects nothing; nothing was written
     */
    public function extract(string $path, string $folder, bool $safeNames = false, array $names = []): int {}
}
