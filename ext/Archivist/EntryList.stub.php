<?php

/**
 * SPDX-License-Identifier: Apache-2.0
 * @generate-class-entries
 */

namespace Archivist;

/**
 * What goes into an archive. Names are data: any UTF-8 is allowed, the container gets safe names
 * and metadata/entries.jsonl keeps the originals. The list spills to disk beyond its memory bound.
 *
 * Arguments have one order: the name, what stands there, whose it is, its size, its time, whom it is about.
 *
 * @strict-properties
 * @not-serializable
 */
final class EntryList implements \Countable
{
    /** @param int $memoryBytes 0: 12 MiB; at least 1 MiB */
    public function __construct(int $memoryBytes = 0) {}

    /**
     * A file. It is read when its turn comes; PHP never sees its bytes.
     *
     * @param string $name path of the entry for people, "/" separates
     * @param string $path of the file; obeys open_basedir
     * @param string|null $owner whose it is, for people
     * @param int|null $sizeBytes a promise that saves a look at the file; null: looked at now
     * @param int|null $modifiedAt seconds since 1970; null: not recorded
     * @param string[]|int[] $persons stable keys of whom it is about, such as user ids: 1 to 64
     *     bytes of UTF-8 without control characters each, at most 1000; recorded in this order
     * @return static
     * @throws Exception\InvalidArgumentException the name is not UTF-8, empty or too long, or a key of
     *     a person is none
     * @throws Exception\SourceException the file is missing, unreadable or not a regular file
     * @throws Exception\StateException the list belongs to a job already
     */
    public function addFile(string $name, string $path, ?string $owner = null, ?int $sizeBytes = null, ?int $modifiedAt = null, array $persons = []): static {}

    /**
     * Bytes in memory; they count against the list's bound.
     *
     * @return static
     * @throws Exception\LimitException beyond the bound: use addFile() or addCallback()
     */
    public function addString(string $name, string $data, ?string $owner = null, ?int $modifiedAt = null, array $persons = []): static {}

    /**
     * A source that PHP delivers, called inside wait() and poll().
     *
     * @param callable $read function (int $length): string, at most $length bytes, "" at the end; a
     *     SourceException that it throws says that this entry cannot be read, which
     *     PackageOptions::$failuresMax may allow; any other exception ends the job
     * @param int|null $sizeBytes a promise: more or fewer bytes fail the job; null: unknown
     * @return static
     */
    public function addCallback(string $name, callable $read, ?string $owner = null, ?int $sizeBytes = null, ?int $modifiedAt = null, array $persons = []): static {}

    /**
     * Every file below a folder. Symbolic links that stay inside it are stored as what they name; one that
     * leaves it or leads nowhere is an error.
     *
     * A process that may read everything, such as one of root, follows a link only where the link's owner
     * could read what it names: it belongs to them, or its mode lets everybody read it.
     *
     * @param string $name put before the names; "": none
     * @param string|null $owner whose all of them are
     * @param string[]|int[] $persons for every entry of the folder; see addFile()
     * @param string $links "follow"; "skip": links are left out; "record": name and target stand in
     *     metadata/entries.jsonl, no file with them, wherever they lead
     * @param string[] $exclude shell patterns on the path and on each of its components
     * @return static
     * @throws Exception\SourceException a link that leaves the folder, a loop, a special or
     *     unreadable file; the message names it
     */
    public function addFolder(string $name, string $folder, ?string $owner = null, array $persons = [], string $links = "follow", array $exclude = []): static {}

    /**
     * Entries from a file of JSON lines {"name","path","size","owner","modified",
     * "persons"}. A relative path in
     * it belongs to the working directory of the process, which is not that of chdir() in a
     * thread-safe PHP: make lists with absolute paths. While open_basedir is set, the paths in it
     * could lead outside: use addFile() then.
     *
     * @return static
     * @throws Exception\UnsupportedException open_basedir is set
     * @throws Exception\ArchivistException with the number of the line
     */
    public function addList(string $path): static {}

    public function count(): int {}

    /** Sum of the known sizes. */
    public function totalBytes(): int {}
}
