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
 * English strings of archivestore_moodledata.
 *
 * @package    archivestore_moodledata
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$string['error_copy'] = 'The archive "{$a->key}" could not be copied out of Moodle\'s file storage completely: {$a->done} of {$a->size} bytes arrived in "{$a->folder}". Look whether there is space in that folder and whether moodledata can be read, then try again.';
$string['error_exists'] = 'Moodle\'s file storage holds "{$a}" already. Nothing was overwritten.';
$string['error_failed'] = 'Moodle\'s file storage could not do what was asked for "{$a->key}": {$a->cause} Look whether moodledata is there and has space and whether the database answers, then try again.';
$string['error_list'] = 'What lies in Moodle\'s file storage has a name in Moodle\'s database only: archives that the database does not know cannot be found in the storage "{$a}". Restore database and moodledata of the same moment, or take a copy out of a storage that is a folder.';
$string['error_notfound'] = 'Moodle\'s file storage does not hold "{$a}". Was it deleted past Archivist? Restore it from a backup of Moodle.';
$string['error_second'] = 'Moodle has only one file storage, and "{$a}" uses it already. Choose another kind.';
$string['error_uninstall'] = 'Archives lie in Moodle\'s file storage, and uninstalling would delete them. Download what must be kept, delete the jobs in Archivist, then uninstall again.';
$string['error_unreadable'] = 'The archive cannot be read from the storage "{$a}": its content is missing in Moodle\'s file storage. Restore it from a backup of moodledata.';
$string['explanation'] = 'Archives lie in Moodle\'s own file storage, in the context of the site: deleting an activity or a course does not remove them. Keep in mind that they are lost with Moodle\'s data; add a second storage elsewhere for what must survive that.';
$string['pluginname'] = 'Moodle\'s file storage';
$string['privacy:metadata'] = 'Keeps archives in Moodle\'s file storage. Whose data they hold is known to Archivist (local_archivist), which reports it.';
$string['where'] = 'moodledata, context of the site';
