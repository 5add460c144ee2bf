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
 * English strings of archivestore_filesystem.
 *
 * @package    archivestore_filesystem
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$string['error_pathforbidden'] = 'Archives must not lie in "{$a}": the web server serves that folder, or Moodle cleans it. Choose a folder of its own, such as /srv/archive.';
$string['error_pathshape'] = 'This is not the absolute path of a folder. It must begin with "/" and have no parts like "." or "..", such as /srv/archive.';
$string['error_pathtaken'] = 'The storage "{$a}" keeps its archives in this folder already. Choose another one.';
$string['error_uninstall'] = 'Archives lie in folders, and uninstalling would forget where they are and what their checksums are. Download what must be kept, delete the jobs in Archivist, then uninstall again.';
$string['error_unreadable'] = 'The archive cannot be read from the storage "{$a}". Is its disk mounted, and may the web server read the folder?';
$string['path'] = 'Folder';
$string['path_help'] = 'The absolute path of a folder on this server, or of a mounted network drive. The web server and cron must be the same user and may write there. On several nodes the same folder must be mounted on each. It is made if it is missing; files get the mode 0600, and nothing is ever overwritten.';
$string['pluginname'] = 'File system';
$string['privacy:metadata'] = 'Keeps archives in a folder. Whose data they hold is known to Archivist (local_archivist), which reports it.';
