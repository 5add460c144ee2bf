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
 * What the command line scripts have in common.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class cli {
    /** @var int All is well. */
    public const OK = 0;
    /** @var int What was asked for is wrong or was refused; nothing was done. */
    public const REFUSED = 1;
    /** @var int The job failed, or a check did. */
    public const FAILED = 2;
    /** @var int The job was cancelled. */
    public const CANCELLED = 3;
    /** @var int The job failed for a while, and cron tries again. */
    public const WAITING = 4;
    /** @var int There is an archive, and items are missing in it. */
    public const PARTIAL = 5;

    /** @var int How JSON is written. */
    private const JSON = JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR;

    /**
     * Reads the options, prints the help, and acts as cron does: with all rights, in the language of the site.
     *
     * @param array $options long options with their defaults
     * @param string $help
     * @return array
     */
    public static function begin(array $options, string $help): array {
        [$options, $unrecognized] = cli_get_params($options + ['json' => false, 'help' => false], ['h' => 'help']);
        if ($unrecognized) {
            cli_error(get_string('cliunknowoption', 'core_admin', implode("\n  ", $unrecognized)), self::REFUSED);
        }
        if ($options['help']) {
            cli_writeln($help);
            exit(self::OK);
        }
        \core\cron::setup_user();
        return $options;
    }

    /**
     * Runs a script, so that an error becomes a sentence and not a stack.
     *
     * @param callable $script function (): int, returns the exit code
     */
    public static function run(callable $script): void {
        try {
            $code = $script();
        } catch (\moodle_exception | \Archivist\Exception\ArchivistException $e) {
            cli_error(runner::sentence($e), self::REFUSED);
        }
        exit($code);
    }

    /**
     * A whole number out of an option.
     *
     * @param array $options
     * @param string $name
     * @return int
     */
    public static function number(array $options, string $name): int {
        // Of an option without a value, true would be a 1.
        $given = $options[$name] === true ? '' : $options[$name];
        $number = filter_var($given, FILTER_VALIDATE_INT, ['options' => ['min_range' => 1]]);
        if ($number === false) {
            cli_error(get_string('cli_number', 'local_archivist', "--$name"), self::REFUSED);
        }
        return $number;
    }

    /**
     * The jobs whose archives have data of the person that was asked for. Where some cannot be found by a student number any
     * more, that is told on stderr.
     *
     * @param array $options of cli/jobs.php
     * @return int[]|null ids; null: nobody was asked for
     */
    public static function jobs_of_person(array $options): ?array {
        if ($options['person'] !== null) {
            return persons::jobs_of_user(self::number($options, 'person'));
        }
        if ($options['number'] === null) {
            return null;
        }
        if (!is_string($options['number']) || trim($options['number']) === '') {
            cli_error(get_string('cli_nonumber', 'local_archivist'), self::REFUSED);
        }
        $other = persons::jobs_of_other_keys();
        if ($other) {
            cli_problem(get_string('cli_otherkey', 'local_archivist', (object) [
                'number' => $other, 'file' => persons::key_file(),
            ]));
        }
        return persons::jobs_of_number($options['number']);
    }

    /**
     * Stops when it is not clear which activities are meant, or when one of them, or the person, is not there.
     *
     * @param array $options of cli/archive.php
     */
    public static function require_selection(array $options): void {
        global $DB;
        $tables = ['cmid' => 'course_modules', 'courseid' => 'course', 'category' => 'course_categories', 'user' => 'user'];
        foreach ($tables as $name => $table) {
            if ($options[$name] !== null && !$DB->record_exists($table, ['id' => self::number($options, $name)])) {
                cli_error(get_string("cli_no$name", 'local_archivist', $options[$name]), self::REFUSED);
            }
        }
        $given = array_filter(['cmid', 'courseid', 'category'], fn(string $name): bool => $options[$name] !== null);
        $problem = match (true) {
            count($given) > 1 => 'cli_onerange',
            !$given && !$options['changed'] && !$options['list'] => 'cli_norange',
            $options['user'] !== null && $given !== [0 => 'cmid'] => 'cli_userofone',
            $options['changed'] && $options['again'] => 'cli_changedagain',
            default => null,
        };
        if ($problem) {
            cli_error(get_string($problem, 'local_archivist'), self::REFUSED);
        }
    }

    /**
     * The exit code that tells how a job ended.
     *
     * @param job $job
     * @return int
     */
    public static function code_of(job $job): int {
        return match ($job->status()) {
            state::COMPLETED => self::OK,
            state::PARTIAL => self::PARTIAL,
            state::FAILURE => self::FAILED,
            state::ABORTED => self::CANCELLED,
            default => self::WAITING,
        };
    }

    /**
     * The exit code of several.
     *
     * @param int[] $codes
     * @return int
     */
    public static function worst(array $codes): int {
        foreach ([self::FAILED, self::CANCELLED, self::WAITING, self::PARTIAL] as $code) {
            if (in_array($code, $codes, true)) {
                return $code;
            }
        }
        return self::OK;
    }

    /**
     * What is told about one of several activities.
     *
     * @param activity $activity
     * @param job|null $job that archives or has archived it
     * @param bool $listed whether nothing was done
     * @param string|null $problem why it could not be archived
     * @return array
     */
    public static function activity(activity $activity, ?job $job, bool $listed, ?string $problem = null): array {
        return [
            'cmid' => (int) $activity->cm->id,
            'state' => $problem === null ? ($listed || !$job ? $activity->state : state::name($job->status())) : 'refused',
            'course' => get_course($activity->cm->course)->shortname,
            'activity' => $activity->cm->name,
            'job' => $job?->id(),
            'cause' => $problem ?? ($listed ? null : $job?->record()->cause),
        ];
    }

    /**
     * Prints rows as they come: a JSON array, or a line for each.
     *
     * @param bool $json
     * @return \Generator takes rows by send(), and null at the end
     */
    public static function rows(bool $json): \Generator {
        $before = '[';
        while (($row = yield) !== null) {
            if ($json) {
                echo $before . json_encode($row, self::JSON);
                $before = ",\n";
            } else {
                $line = sprintf('%6d  %-13s  %s: %s', $row['cmid'], $row['state'], $row['course'], $row['activity']);
                $more = array_filter([$row['job'] ? "job {$row['job']}" : '', (string) $row['cause']]);
                echo self::printable($line . ($more ? '  (' . implode('; ', $more) . ')' : '')) . "\n";
            }
        }
        if ($json) {
            echo $before === '[' ? "[]\n" : "]\n";
        }
    }

    /**
     * What is told about a job.
     *
     * @param \stdClass $record row of local_archivist_job
     * @return array
     */
    public static function job(\stdClass $record): array {
        $time = fn($seconds): ?string => $seconds ? gmdate('Y-m-d\TH:i:s\Z', (int) $seconds) : null;
        return [
            'id' => (int) $record->id,
            'uuid' => $record->uuid,
            'state' => state::name((int) $record->status),
            'course' => $record->courseshortname,
            'cmid' => (int) $record->cmid,
            'activity' => $record->activityname,
            'scopeuserid' => (int) $record->scopeuserid ?: null,
            'attempts' => (int) $record->attempts,
            'cause' => $record->cause,
            'created' => $time($record->timecreated),
            'finished' => $time($record->timefinished),
        ];
    }

    /**
     * What is told about a job and its copies.
     *
     * @param job $job
     * @return array
     */
    public static function job_with_files(job $job): array {
        global $DB;
        $names = $DB->get_records_menu('local_archivist_store', null, '', 'id, name');
        $files = array_map(fn(\stdClass $file): array => [
            'store' => (int) $file->storeid,
            'storage' => $names[$file->storeid] ?? get_string('storegone', 'local_archivist'),
            'key' => $file->storekey,
            'name' => $file->filename,
            'bytes' => (int) $file->sizebytes,
            'sha256' => $file->sha256,
            'state' => $file->status,
        ], array_values($job->files()));
        return self::job($job->record()) + ['files' => $files];
    }

    /**
     * What is told about an archive that was found without the database.
     *
     * @param \stdClass $row row of local_archivist_import
     * @return array
     */
    public static function import(\stdClass $row): array {
        $says = json_decode($row->metadata ?? '[]', true) ?: [];
        return [
            'id' => (int) $row->id,
            'state' => $row->status,
            'key' => $row->storekey,
            'uuid' => $row->uuid === '' ? null : $row->uuid,
            'title' => $says['title'] ?? null,
            'course' => $says['course'] ?? null,
            'activity' => $says['activity'] ?? null,
            'requested' => $says['requested'] ?? null,
            'collected' => $says['collected'] ?? null,
            'bytes' => (int) $row->sizebytes,
            'sha256' => $row->sha256,
            'problem' => $row->problem,
            'courseid' => (int) $row->courseid ?: null,
        ];
    }

    /**
     * The log of a job for the terminal, the oldest record first: a JSON array, or a line for each record.
     *
     * @param job $job
     * @param int $level the least level
     * @param bool $json
     * @return \Generator<string> pieces of it
     */
    public static function log(job $job, int $level, bool $json): \Generator {
        $before = '[';
        foreach (job_log::each($job, $level) as $row) {
            $entry = job_log::export($row);
            if ($json) {
                yield $before . json_encode($entry, self::JSON);
                $before = ",\n";
            } else {
                $line = sprintf('%s  %-7s  %s  %s', $entry['time'], $entry['level'], $entry['source'], $entry['message']);
                yield self::printable($line) . "\n";
            }
        }
        if ($json) {
            yield $before === '[' ? "[]\n" : "]\n";
        }
    }

    /**
     * A text in one line. Names of files come from anybody, and must not speak to the terminal.
     *
     * @param string $text
     * @return string
     */
    private static function printable(string $text): string {
        return preg_replace('/[\p{Cc}\x{2028}\x{2029}]+/u', ' ', fix_utf8($text));
    }

    /**
     * Data for the terminal: as JSON, or as lines "name: value".
     *
     * @param array $data
     * @param bool $json
     * @return string
     */
    public static function format(array $data, bool $json): string {
        if ($json) {
            return json_encode($data, JSON_PRETTY_PRINT | self::JSON) . "\n";
        }
        $text = '';
        foreach ($data as $name => $value) {
            foreach (is_array($value) ? $value : [$value] as $item) {
                $item = is_array($item) ? implode('  ', array_map('strval', $item)) : $item;
                $text .= $item === null ? '' : self::printable("$name: $item") . "\n";
            }
        }
        return $text;
    }
}
