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

/**
 * What an archive lacks: a job whose archive is PARTIAL names each thing that could not be collected.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class shortfall {
    /** @var int The most that is named in one place; the rest is a number. */
    public const NAMED_MAX = job::FAILURES_KEPT;

    /** @var \stdClass The row of the job. */
    private \stdClass $record;

    /**
     * What the archive of a job lacks.
     *
     * @param \stdClass $record row of local_archivist_job
     */
    public function __construct(\stdClass $record) {
        $this->record = $record;
    }

    /**
     * How many things are missing.
     *
     * @return int
     */
    public function count(): int {
        return (int) ($this->record->failurecount ?? 0);
    }

    /**
     * How many of how many things are in the archive.
     *
     * @return array{done: int, total: int, missing: int}
     */
    public function numbers(): array {
        $missing = $this->count();
        $expected = json_decode($this->record->expected ?? '', true) ?: [];
        $archived = json_decode($this->record->archived ?? '', true) ?: [];
        $total = max(array_sum($expected), $missing);
        // An item that fails may be a person with all their files; and a file may fail when it was counted already.
        $counted = array_map(fn(string $kind): int => min($expected[$kind], $archived[$kind] ?? 0), array_keys($expected));
        return ['done' => min(array_sum($counted), $total - $missing), 'total' => $total, 'missing' => $missing];
    }

    /**
     * The things that are missing, each with its cause.
     *
     * @param int $max
     * @return array<int, array{name: string, cause: string}>
     */
    public function named(int $max = self::NAMED_MAX): array {
        $failures = (new job($this->record))->failures();
        return array_map(fn(array $failure): array => [
            'name' => (string) ($failure['name'] ?? ''), 'cause' => (string) ($failure['cause'] ?? ''),
        ], array_slice(array_values($failures), 0, $max));
    }

    /**
     * How many more are missing than named() tells.
     *
     * @param int $max
     * @return int
     */
    public function unnamed(int $max = self::NAMED_MAX): int {
        return max(0, $this->count() - count($this->named($max)));
    }
}
