<?php
// This file is part of Moodle - http://moodle.org/
//
// Moodle is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// Moodle is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with Moodle.  If not, see <http://www.gnu.org/licenses/>.

namespace local_archivist;

use Archivist\EntryList;
use Archivist\Exception\SourceException;

/**
 * What goes into one archive: a thin hand over the engine's list of entries.
 *
 * Names are data. A "/" separates folders, so a name that a person gave must go through component() first; the
 * engine makes it safe and unique.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class package {
    /** @var int Texts up to this many bytes go to the engine at once, as long as all of them stay below the bound. */
    private const TEXT_BYTES_MAX = 65536;

    /** @var int Bytes of texts that the engine gets at once; its list holds no more than 12 MB. */
    private const MEMORY_BYTES_MAX = 4194304;

    /** @var int How JSON is written: for people and machines. */
    private const JSON = JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE
        | JSON_PRESERVE_ZERO_FRACTION;

    /** @var int Bytes of texts that were given to the engine. */
    private int $textbytes = 0;

    /** @var spool|null Texts that wait outside of the memory. */
    private ?spool $spool = null;

    /** @var array<string, array<int, true>> What was put in: ids of records by kind. */
    private array $counted = [];

    /** @var array<string, tally> What else was put in, of kinds of which there may be millions. */
    private array $tallies = [];

    /** @var array[] What is put in by attempts that have not ended, innermost last: steps that put it in then. */
    private array $staged = [];

    /** @var array<string, array<int, true>> Records that could not be put in: ids by kind. */
    private array $failed = [];

    /** @var array<int, array{name: string, cause: string}> What could not be put in, for people. */
    private array $failures = [];

    /** @var array<string, string[]> Columns of tables by name. */
    private array $tables = [];

    /** @var array<int, true> Whose data is in it, by the id of the user. */
    private array $persons = [];

    /** @var int Attempts that succeeded. */
    private int $succeeded = 0;

    /** @var \Throwable|null Why the collection is to end. */
    private ?\Throwable $end = null;

    /** @var \Closure|null Is told that something was put in. */
    private ?\Closure $onadd;

    /**
     * A package around a list of entries.
     *
     * @param EntryList $entries
     * @param \Closure|null $onadd function (): void, is called for each thing that is put in; what it throws ends the collection
     */
    public function __construct(
        /** @var EntryList the engine's list */
        public readonly EntryList $entries,
        ?\Closure $onadd = null,
    ) {
        $this->onadd = $onadd;
    }

    /**
     * One part of a path out of a name that a person gave.
     *
     * @param string $name any UTF-8
     * @param string $empty what stands in place of an empty name
     * @return string without "/"
     */
    public static function component(string $name, string $empty = '_'): string {
        $name = trim(str_replace('/', '_', $name));
        return $name === '' || $name === '.' || $name === '..' ? $empty : $name;
    }

    /**
     * A text.
     *
     * @param string $name path in the archive
     * @param string $text
     * @param string|owner|null $owner whose it is
     * @param int|null $modified
     */
    public function add_text(string $name, string $text, string|owner|null $owner = null, ?int $modified = null): void {
        $this->beat();
        $length = strlen($text);
        if ($length <= self::TEXT_BYTES_MAX && $this->textbytes + $length <= self::MEMORY_BYTES_MAX) {
            $this->textbytes += $length;
            $more = ['modifiedAt' => $modified ?: null] + owner::arguments($owner);
            $this->put(fn() => $this->entries->addString($name, $text, ...$more));
            return;
        }
        $this->spool ??= new spool();
        $at = $this->spool->add($text);
        $reader = $this->spool->reader($at, $length);
        $more = ['sizeBytes' => $length, 'modifiedAt' => $modified ?: null] + owner::arguments($owner);
        $this->put(fn() => $this->entries->addCallback($name, $reader, ...$more));
    }

    /**
     * Data for machines: pretty-printed JSON.
     *
     * @param string $name path in the archive, ends with .json
     * @param mixed $data
     * @param string|owner|null $owner
     */
    public function add_json(string $name, mixed $data, string|owner|null $owner = null): void {
        $this->add_text($name, json_encode($data, self::JSON | JSON_PRETTY_PRINT) . "\n", $owner);
    }

    /**
     * A table of any length for spreadsheets and for machines: NAME.csv (RFC 4180, UTF-8), in which no cell is a formula, and
     * NAME.json with one object for each row. The rows are taken one by one and are never all in memory.
     *
     * @param string $name path in the archive without its ending
     * @param string[] $header
     * @param iterable<array> $rows with as many values as the header
     * @param string|owner|null $owner
     * @return int number of rows
     */
    public function add_table(string $name, array $header, iterable $rows, string|owner|null $owner = null): int {
        $csv = new spool();
        $json = new spool();
        $csv->add(csv::BOM . csv::row($header));
        $count = 0;
        foreach ($rows as $row) {
            $this->beat();
            $csv->add(csv::row($row));
            $json->add(($count++ ? ",\n" : "[\n") . json_encode(array_combine($header, $row), self::JSON));
        }
        $json->add($count ? "\n]\n" : "[]\n");
        $this->tables[$name] = $header;
        foreach (['csv' => $csv, 'json' => $json] as $ending => $spool) {
            $reader = $spool->reader(0, $spool->length());
            $more = ['sizeBytes' => $spool->length()] + owner::arguments($owner);
            $this->put(fn() => $this->entries->addCallback("$name.$ending", $reader, ...$more));
        }
        return $count;
    }

    /**
     * The tables that add_table() made.
     *
     * @return array<string, string[]> their columns by their names
     */
    public function tables(): array {
        return $this->tables;
    }

    /**
     * A file of Moodle's file pool. Where the pool has it as a local file, PHP sees none of its bytes.
     *
     * @param string $name path in the archive
     * @param \stored_file $file
     * @param string|owner|null $owner
     */
    public function add_file(string $name, \stored_file $file, string|owner|null $owner = null): void {
        $this->beat();
        $size = (int) $file->get_filesize();
        $modified = (int) $file->get_timemodified() ?: null;
        $filesystem = get_file_storage()->get_file_system();
        if ($filesystem->is_file_readable_locally_by_storedfile($file, false)) {
            $path = $filesystem->get_local_path_from_storedfile($file, false);
            $more = ['sizeBytes' => $size, 'modifiedAt' => $modified] + owner::arguments($owner);
            $this->put(fn() => $this->entries->addFile($name, $path, ...$more));
            return;
        }
        if (!$filesystem->is_file_readable_remotely_by_storedfile($file)) {
            throw new \moodle_exception('error_filemissing', 'local_archivist', '', $name);
        }
        $handle = null;
        $read = function (int $length) use (&$handle, $file, $name): string {
            $handle ??= $file->get_content_file_handle();
            $bytes = $handle ? fread($handle, $length) : false;
            if ($bytes === false) { // The engine names the file, and goes on with the others where that is allowed.
                throw new SourceException(get_string('error_filemissing', 'local_archivist', $name));
            }
            if ($bytes === '') {
                fclose($handle);
            }
            return $bytes;
        };
        $more = ['sizeBytes' => $size, 'modifiedAt' => $modified] + owner::arguments($owner);
        $this->put(fn() => $this->entries->addCallback($name, $read, ...$more));
    }

    /**
     * A local file that is not in the pool, such as a backup.
     *
     * @param string $name path in the archive
     * @param string $path
     * @param string|owner|null $owner
     * @param int|null $modified
     */
    public function add_path(string $name, string $path, string|owner|null $owner = null, ?int $modified = null): void {
        $more = ['modifiedAt' => $modified] + owner::arguments($owner);
        $this->put(fn() => $this->entries->addFile($name, $path, ...$more));
    }

    /**
     * Tells that the archive has data of people, for the job's index of persons. It says nothing about which.
     *
     * @param int[] $userids
     */
    public function add_persons(array $userids): void {
        $this->persons += array_fill_keys($userids, true);
    }

    /**
     * Whose data the archive has.
     *
     * @return int[] ids of users
     */
    public function persons(): array {
        return array_keys($this->persons);
    }

    /**
     * Tells that something is put in.
     */
    private function beat(): void {
        try {
            if ($this->onadd) {
                ($this->onadd)();
            }
        } catch (\Throwable $e) {
            $this->end = $e; // It is no fault of what is put in.
            throw $e;
        }
    }

    /**
     * Puts something in: now, or when the attempt that it belongs to has succeeded.
     *
     * @param \Closure $step
     */
    private function put(\Closure $step): void {
        if ($this->staged) {
            $this->staged[count($this->staged) - 1][] = $step;
        } else {
            $step();
        }
    }

    /**
     * Collects one item of many: what it puts in is put in as a whole, or not at all when it throws. Then the item stands
     * in the list of failures, and the archive is made without it. Attempts may lie in one another.
     *
     * @param string $name of the item, for people
     * @param array<string, int[]> $records that belong to it: ids by kind, as in archiver::expected()
     * @param callable $collect
     * @return mixed what $collect returned; null: it failed
     */
    public function attempt(string $name, array $records, callable $collect): mixed {
        $depth = count($this->staged);
        $this->staged[] = [];
        try {
            $result = $collect();
            foreach (array_pop($this->staged) as $step) {
                $this->put($step);
            }
            $this->succeeded++;
            return $result;
        } catch (\Throwable $e) {
            array_splice($this->staged, $depth);
            if ($this->end || $e instanceof \dml_exception) { // Not the item is at fault.
                throw $e;
            }
            $this->add_failure($name, $records, runner::sentence($e));
            return null;
        }
    }

    /**
     * Tells that one item of many could not be put in: the archive is made without it.
     *
     * @param string $kind as in archiver::expected()
     * @param int $id
     * @param string $name for people
     * @param string $cause a sentence
     */
    public function fail(string $kind, int $id, string $name, string $cause): void {
        $this->add_failure($name, [$kind => [$id]], $cause);
    }

    /**
     * Enters a failure.
     *
     * @param string $name
     * @param array<string, int[]> $records
     * @param string $cause
     */
    private function add_failure(string $name, array $records, string $cause): void {
        $this->failures[] = ['name' => $name, 'cause' => $cause];
        foreach ($records as $kind => $ids) {
            $this->failed[$kind] = ($this->failed[$kind] ?? []) + array_fill_keys($ids, true);
        }
    }

    /**
     * What could not be put in.
     *
     * @return array<int, array{name: string, cause: string}>
     */
    public function failures(): array {
        return $this->failures;
    }

    /**
     * Whether there were attempts and none of them succeeded.
     *
     * @return bool
     */
    public function has_nothing(): bool {
        return $this->failures && !$this->succeeded;
    }

    /**
     * Tells that a record of the database was put in.
     *
     * @param string $kind as in archiver::expected()
     * @param int $id
     */
    public function count(string $kind, int $id): void {
        $this->put(function () use ($kind, $id): void {
            $this->counted[$kind][$id] = true;
        });
    }

    /**
     * Tells that a record of the database was put in, of a kind of which there may be millions: each only once.
     *
     * @param string $kind as in archiver::expected()
     * @param int $id
     */
    public function tally(string $kind, int $id): void {
        ($this->tallies[$kind] ??= new tally())->add($id);
    }

    /**
     * What was put in.
     *
     * @return array<string, int> numbers by kind
     */
    public function counts(): array {
        return array_map('count', $this->counted + $this->tallies);
    }

    /**
     * What should have been put in and was not, without a failure that says why.
     *
     * @param array<string, array<int, string>|tally> $expected as from archiver::expected()
     * @return string[] names for people
     */
    public function missing(array $expected): array {
        $missing = [];
        foreach ($expected as $kind => $records) {
            if ($records instanceof tally) {
                $missing = array_merge($missing, self::difference($kind, $records, $this->tallies[$kind] ?? new tally()));
                continue;
            }
            foreach (array_diff_key($records, $this->counted[$kind] ?? [], $this->failed[$kind] ?? []) as $id => $name) {
                $missing[] = "$kind $id: $name";
            }
        }
        return $missing;
    }

    /**
     * In what two tallies differ. Records that went meanwhile are no loss: what is in the archive is in the archive.
     *
     * @param string $kind
     * @param tally $expected
     * @param tally $found
     * @return string[] for people, empty: nothing is missing
     */
    private static function difference(string $kind, tally $expected, tally $found): array {
        if (count($found) >= count($expected) && $found->highest() >= $expected->highest()) {
            return [];
        }
        $numbers = count($found) . '/' . count($expected);
        return ["$kind: $numbers, {$found->highest()}/{$expected->highest()}"];
    }
}
