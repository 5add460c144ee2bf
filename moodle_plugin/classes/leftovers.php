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
 * What stays of killed runs because nobody can prove that it is ours. The engine removes only what it can prove to have made:
 * where others may give names, a name proves nothing. So people are told, and decide.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class leftovers {
    /** @var int Seconds after which nothing works on it any more, and the clean-up task would have removed what it can. */
    private const AGE = 2 * DAYSECS;

    /** @var string Names that the engine gives for the time in which it writes. */
    private const PART = '/\A\.archivist-[0-9a-f-]+(\.[a-z]+)?\z/';

    /** @var string Names of jobs. */
    private const UUID = '/\A[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\z/';

    /** @var int So many are named. */
    private const NAMED_MAX = 10;

    /**
     * Parts of copies in a storage that is a folder.
     *
     * @param string $folder
     * @return string[] paths below it
     */
    public static function in_storage(string $folder): array {
        $found = self::old($folder, preg_grep(self::PART, self::names($folder)));
        foreach (preg_grep('/\A[0-9a-f]{2}\z/', self::names($folder)) as $below) {
            $names = preg_grep(self::PART, self::names("$folder/$below"));
            array_push($found, ...self::old($folder, array_map(fn(string $name): string => "$below/$name", $names)));
        }
        return array_map('fix_utf8', $found);
    }

    /**
     * What lies in the staging folder and belongs to no job.
     *
     * @return string[] names in it
     */
    public static function in_staging(): array {
        global $DB;
        $old = self::old(journal::folder(), self::names(journal::folder()));
        if (!$old) {
            return [];
        }
        // A name that is no UUID might not even be a text to the database.
        [$in, $params] = $DB->get_in_or_equal(preg_grep(self::UUID, $old), SQL_PARAMS_QM, 'param', true, '');
        $jobs = $DB->get_fieldset_select('local_archivist_job', 'uuid', "uuid $in", $params);
        return array_map('fix_utf8', array_values(array_diff($old, $jobs)));
    }

    /**
     * Some of them, for a sentence.
     *
     * @param string[] $names
     * @return string
     */
    public static function told(array $names): string {
        $more = count($names) > self::NAMED_MAX ? ' …' : '';
        return implode(', ', array_slice($names, 0, self::NAMED_MAX)) . $more;
    }

    /**
     * What lies in a folder.
     *
     * @param string $folder
     * @return string[] empty where it cannot be read: other checks say so
     */
    private static function names(string $folder): array {
        return array_values(array_diff(@scandir($folder) ?: [], ['.', '..']));
    }

    /**
     * Those to which nothing has happened for long.
     *
     * @param string $folder
     * @param string[] $names
     * @return string[]
     */
    private static function old(string $folder, array $names): array {
        $before = job::now() - self::AGE;
        return array_values(array_filter($names, function (string $name) use ($folder, $before): bool {
            $stat = @lstat("$folder/$name");
            return $stat && $stat['mtime'] < $before;
        }));
    }
}
