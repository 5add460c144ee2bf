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

/**
 * Upgrades of local_archivist.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

/**
 * Brings an older version up to date.
 *
 * @param int $oldversion
 * @return bool
 */
function xmldb_local_archivist_upgrade($oldversion) {
    global $DB;
    $manager = $DB->get_manager();

    if ($oldversion < 2026112511) {
        $table = new xmldb_table('local_archivist_job');
        foreach (['byterate' => [18, 'entriestotal'], 'secondsleft' => [10, 'byterate']] as $name => [$length, $previous]) {
            $field = new xmldb_field($name, XMLDB_TYPE_INTEGER, $length, null, XMLDB_NOTNULL, null, '0', $previous);
            if (!$manager->field_exists($table, $field)) {
                $manager->add_field($table, $field);
            }
        }
        if (!$manager->table_exists('local_archivist_notice')) {
            $manager->install_one_table_from_xmldb_file(__DIR__ . '/install.xml', 'local_archivist_notice');
        }
        upgrade_plugin_savepoint(true, 2026112511, 'local', 'archivist');
    }

    if ($oldversion < 2026112513) {
        $table = new xmldb_table('local_archivist_job');
        $field = new xmldb_field('collected', XMLDB_TYPE_TEXT, null, null, null, null, null, 'failures');
        if (!$manager->field_exists($table, $field)) {
            $manager->add_field($table, $field);
        }
        upgrade_plugin_savepoint(true, 2026112513, 'local', 'archivist');
    }

    if ($oldversion < 2026113001) {
        $table = new xmldb_table('local_archivist_job');
        $previous = 'timestarted';
        foreach (['timecollected', 'timeread', 'timepacked', 'timestored'] as $name) {
            $field = new xmldb_field($name, XMLDB_TYPE_INTEGER, 10, null, XMLDB_NOTNULL, null, '0', $previous);
            if (!$manager->field_exists($table, $field)) {
                $manager->add_field($table, $field);
            }
            $previous = $name;
        }
        $field = new xmldb_field('leftout', XMLDB_TYPE_TEXT, null, null, null, null, null, 'collected');
        if (!$manager->field_exists($table, $field)) {
            $manager->add_field($table, $field);
        }
        if (!$manager->table_exists('local_archivist_person')) {
            $manager->install_one_table_from_xmldb_file(__DIR__ . '/install.xml', 'local_archivist_person');
        }
        upgrade_plugin_savepoint(true, 2026113001, 'local', 'archivist');
    }

    if ($oldversion < 2026113003) {
        $table = new xmldb_table('local_archivist_job');
        $fields = [
            new xmldb_field('purpose', XMLDB_TYPE_CHAR, '20', null, XMLDB_NOTNULL, null, 'activity', 'origin'),
            new xmldb_field('parentid', XMLDB_TYPE_INTEGER, '10', null, XMLDB_NOTNULL, null, '0', 'purpose'),
            new xmldb_field('rights', XMLDB_TYPE_TEXT, null, null, null, null, null, 'activitygone'),
        ];
        foreach ($fields as $field) {
            if (!$manager->field_exists($table, $field)) {
                $manager->add_field($table, $field);
            }
        }
        foreach (['local_archivist_tombstone', 'local_archivist_import'] as $name) {
            if (!$manager->table_exists($name)) {
                $manager->install_one_table_from_xmldb_file(__DIR__ . '/install.xml', $name);
            }
        }
        upgrade_plugin_savepoint(true, 2026113003, 'local', 'archivist');
    }

    if ($oldversion < 2026113005) {
        $table = new xmldb_table('local_archivist_job');
        $index = new xmldb_index('parentid', XMLDB_INDEX_NOTUNIQUE, ['parentid']);
        if (!$manager->index_exists($table, $index)) {
            $manager->add_index($table, $index);
        }
        upgrade_plugin_savepoint(true, 2026113005, 'local', 'archivist');
    }

    return true;
}
