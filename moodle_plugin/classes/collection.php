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

/**
 * What a driver collects for a job, and the proof that it is all.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class collection {
    /** @var int Items that may be missing: more are no archive of the activity. */
    public const FAILURES_MAX = 1000;

    /** @var int How often a run collects before it is incomplete: what is handed in meanwhile is in the next collection. */
    private const COLLECTIONS_MAX = 3;

    /** @var int Failures that a sentence names. */
    private const FAILURES_TOLD = 3;

    /** @var string The language of index.html. */
    private string $language = 'en';

    /**
     * A collection.
     *
     * @param job $job
     * @param archiver $archiver
     * @param \Closure $onadd function (): void, is called for each thing that is put in; what it throws ends the collection
     */
    public function __construct(
        /** @var job the job */
        private readonly job $job,
        /** @var archiver the driver */
        private readonly archiver $archiver,
        /** @var \Closure is called for each thing that is put in */
        private readonly \Closure $onadd,
    ) {
    }

    /**
     * Lets the driver collect, and compares that with what the database says. People may hand in between the two, so
     * something that is missing is collected once more, into a new package. Items that fail are left out and named.
     *
     * @return array{package, array} the package and what was expected
     * @throws \moodle_exception something is missing
     */
    public function make(): array {
        global $CFG;
        // What people wrote stays as it is; what the archive says about it is in the language of the site, whoever runs the job.
        $language = force_current_language($CFG->lang);
        try {
            $this->language = language::of_index();
            return $this->collect();
        } finally {
            force_current_language($language);
        }
    }

    /**
     * The language of index.html, so that it is that of the pages that make() has put in.
     *
     * @return string
     */
    public function language(): string {
        return $this->language;
    }

    /**
     * Collects, until it is all.
     *
     * @return array{package, array} the package and what was expected
     */
    private function collect(): array {
        $record = $this->job->record();
        if ($this->job->is_identities()) {
            return $this->identities();
        }
        for ($i = 1; $i <= self::COLLECTIONS_MAX; $i++) {
            ($this->onadd)();
            $package = new package(new EntryList(), $this->onadd);
            $fingerprint = $this->archiver::fingerprints((int) $record->courseid)[(int) $record->cmid] ?? null;
            $anonymous = $this->archiver->is_anonymous();
            $this->archiver->collect($package, $this->job->scope());
            $expected = $this->archiver->expected($this->job->scope());
            $missing = $package->missing($expected);
            if (!$missing && (!$package->failures() || $i > 1)) { // What failed may be there the second time.
                break;
            }
        }
        $this->job->update([
            'fingerprint' => $fingerprint,
            'rights' => rights::of_collection($this->job, $anonymous),
            'expected' => json_encode(array_map('count', $expected)),
            'archived' => json_encode($package->counts()),
            'collected' => self::encoded($package->failures()),
            'leftout' => json_encode($this->archiver->left_out(), JSON_INVALID_UTF8_SUBSTITUTE),
        ]);
        persons::save($this->job, $package->persons());
        self::require_all($missing);
        $failures = $package->failures();
        if ($package->has_nothing() || count($failures) > self::FAILURES_MAX) {
            throw new \moodle_exception('cause_failures', 'local_archivist', '', self::told($failures, count($failures)));
        }
        return [$package, $expected];
    }

    /**
     * Refuses a collection that lacks something.
     *
     * @param string[] $missing names
     * @throws \moodle_exception it does
     */
    private static function require_all(array $missing): void {
        if ($missing) {
            throw new \moodle_exception('cause_incomplete', 'local_archivist', '', (object) [
                'number' => count($missing), 'names' => implode('; ', array_slice($missing, 0, 10)),
            ]);
        }
    }

    /**
     * Lets the driver collect who is who.
     *
     * @return array{package, array} the package and what was expected
     * @throws \moodle_exception nobody is hidden any more, or somebody is missing
     */
    private function identities(): array {
        $package = new package(new EntryList(), $this->onadd);
        $number = $this->archiver->collect_identities($package);
        if (!$number) {
            throw new \moodle_exception('error_noidentities', 'local_archivist');
        }
        $expected = ['participant' => $this->archiver->expected_identities()];
        $this->job->update([
            'expected' => json_encode(array_map('count', $expected)),
            'archived' => json_encode($package->counts()),
        ]);
        persons::save($this->job, $package->persons());
        self::require_all($package->missing($expected));
        return [$package, $expected];
    }

    /**
     * Failures for the database: of all of them their number, and the first with their names.
     *
     * @param array<int, array{name: string, cause: string}> $failures
     * @return string|null null: there are none
     */
    private static function encoded(array $failures): ?string {
        return $failures ? json_encode(
            ['number' => count($failures), 'failures' => array_slice($failures, 0, job::FAILURES_KEPT)],
            JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE,
        ) : null;
    }

    /**
     * Failures for a sentence.
     *
     * @param array<int, array{name: string, cause: string}> $failures
     * @param int $number of all of them
     * @return \stdClass
     */
    public static function told(array $failures, int $number): \stdClass {
        $told = array_slice($failures, 0, self::FAILURES_TOLD);
        $lines = array_map(function (array $failure): string {
            ['name' => $name, 'cause' => $cause] = $failure;
            foreach (['"', "'", '„'] as $quote) {
                if (str_contains($cause, $quote . $name)) { // It names the thing itself.
                    return $cause;
                }
            }
            return "$name: $cause";
        }, $told);
        return (object) ['number' => $number, 'names' => implode(' ', $lines) . ($number > self::FAILURES_TOLD ? ' …' : '')];
    }
}
