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
 * Names of archives, out of the administrator's pattern.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class naming {
    /** @var string What holds where nothing is set. */
    public const PATTERN = '${courseshortname} – ${activityname} – ${date}';

    /** @var string[] What may stand in a pattern. */
    public const VARIABLES = [
        'courseid', 'coursename', 'courseshortname', 'cmid', 'modname', 'activityname', 'jobid', 'date', 'time',
    ];

    /** @var int Bytes of a name: longer ones make trouble in some file systems. */
    private const BYTES_MAX = 180;

    /**
     * What is wrong with a pattern.
     *
     * @param string $pattern
     * @return string|null a sentence, or null
     */
    public static function problem(string $pattern): ?string {
        if (trim($pattern) === '') {
            return get_string('pattern_empty', 'local_archivist');
        }
        $rest = preg_replace_callback('/\$\{\s*([a-z]+)\s*\}/', function (array $m): string {
            return in_array($m[1], self::VARIABLES, true) ? '' : $m[0];
        }, $pattern);
        if ($rest === null || str_contains($rest, '$')) {
            return get_string('pattern_unknown', 'local_archivist', implode(', ', self::VARIABLES));
        }
        return null;
    }

    /**
     * The name of a job's archive, without its extension. Values are put in as they are, in one pass: a value that
     * looks like a variable stays what it is. What Windows refuses in names of files becomes "_".
     *
     * @param \stdClass $record row of local_archivist_job
     * @param string|null $pattern null: the setting
     * @return string
     */
    public static function archive_name(\stdClass $record, ?string $pattern = null): string {
        $pattern ??= get_config('local_archivist', 'namepattern') ?: self::PATTERN;
        if (self::problem($pattern) !== null) {
            $pattern = self::PATTERN;
        }
        $values = self::values($record);
        $name = preg_replace_callback('/\$\{\s*([a-z]+)\s*\}/', fn(array $m): string => $values[$m[1]], $pattern);
        $name = preg_replace('/[\x00-\x1f\x7f]+/', ' ', mb_scrub((string) $name, 'UTF-8'));
        $name = package::component(strtr($name, '<>:"\\|?*', '________'), 'archive');
        $name = rtrim(mb_strcut($name, 0, self::BYTES_MAX, 'UTF-8'), ' .');
        $device = preg_match('/^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/iD', $name);
        return $name === '' ? 'archive' : ($device ? "_$name" : $name);
    }

    /**
     * What the variables stand for.
     *
     * @param \stdClass $record row of local_archivist_job
     * @return array<string, string>
     */
    public static function values(\stdClass $record): array {
        $date = (int) ($record->timecollected ?? 0) ?: (int) $record->timecreated; // What it was collected at is its date.
        return [
            'courseid' => (string) $record->courseid,
            'coursename' => $record->coursename,
            'courseshortname' => $record->courseshortname,
            'cmid' => (string) $record->cmid,
            'modname' => $record->modname,
            'activityname' => $record->activityname,
            'jobid' => (string) $record->id,
            'date' => gmdate('Y-m-d', $date),
            'time' => gmdate('H-i-s', $date),
        ];
    }
}
