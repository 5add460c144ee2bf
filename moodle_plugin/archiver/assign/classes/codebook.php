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

namespace archiver_assign;

use local_archivist\package;

/**
 * What every column of every table means, and what codes stand for.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class codebook {
    /** @var string[] Columns of the codebook. */
    public const COLUMNS = ['table', 'column', 'meaning', 'codes'];

    /** @var string Where the settings of the assignment stand. */
    private const SETTINGS = 'assignment/assignment.json';

    /**
     * Puts it in, for the tables that a package has.
     *
     * @param package $package
     */
    public static function collect(package $package): void {
        $lines = self::lines($package->tables() + ['about/codebook' => self::COLUMNS]);
        $package->add_table('about/codebook', self::COLUMNS, $lines);
        $header = array_map(fn(string $name): string => get_string("page_$name", 'archiver_assign'), self::COLUMNS);
        $rows = array_map(fn(array $line): array => array_map('s', $line), $lines);
        $title = get_string('page_codebook', 'archiver_assign');
        $body = '<p>' . get_string('page_codebook_intro', 'archiver_assign') . "</p>\n" . html::table($header, $rows);
        $package->add_text('about/codebook.html', html::page($title, $body, dossiers::links('../', 'codebook')));
    }

    /**
     * The lines of the codebook.
     *
     * @param array<string, string[]> $tables
     * @return array[] rows with the columns COLUMNS
     */
    public static function lines(array $tables): array {
        $lines = [];
        ksort($tables);
        foreach ($tables as $table => $columns) {
            foreach ($columns as $column) {
                $lines[] = [$table, $column, self::meaning($table, $column), self::codes($table, $column)];
            }
        }
        foreach (self::settings() as $column => $meaning) {
            $lines[] = [self::SETTINGS, $column, $meaning, self::codes('assign', $column)];
        }
        return $lines;
    }

    /**
     * What a column means.
     *
     * @param string $table
     * @param string $column
     * @return string
     */
    private static function meaning(string $table, string $column): string {
        $short = basename($table);
        foreach (["col_{$short}_$column", "col_$column"] as $name) {
            if (get_string_manager()->string_exists($name, 'archiver_assign')) {
                return get_string($name, 'archiver_assign');
            }
        }
        $known = ['people' => 'col_profile'][$short] ?? 'col_foreign';
        return get_string($known, 'archiver_assign', $column);
    }

    /**
     * What the codes of a column stand for.
     *
     * @param string $table
     * @param string $column
     * @return string empty: it has none
     */
    private static function codes(string $table, string $column): string {
        $short = basename($table);
        foreach (["codes_{$short}_$column", "codes_$column"] as $name) {
            if (get_string_manager()->string_exists($name, 'archiver_assign')) {
                return get_string($name, 'archiver_assign');
            }
        }
        return '';
    }

    /**
     * The settings of an assignment, as Moodle describes its own table.
     *
     * @return array<string, string> what they mean, by name
     */
    private static function settings(): array {
        global $CFG;
        require_once($CFG->libdir . '/ddllib.php');
        $file = new \xmldb_file($CFG->dirroot . '/mod/assign/db/install.xml');
        $meanings = [];
        if ($file->loadXMLStructure()) {
            foreach ($file->getStructure()->getTable('assign')?->getFields() ?? [] as $field) {
                $meanings[$field->getName()] = (string) $field->getComment();
            }
        }
        return $meanings;
    }
}
