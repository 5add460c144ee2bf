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
 * German strings of archivestore_filesystem.
 *
 * @package    archivestore_filesystem
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$string['error_pathforbidden'] = 'Archive dürfen nicht in „{$a}“ liegen: Der Webserver liefert diesen Ordner aus, oder Moodle räumt ihn auf. Wählen Sie einen eigenen Ordner, etwa /srv/archiv.';
$string['error_pathshape'] = 'Das ist kein absoluter Pfad eines Ordners. Er muss mit „/“ beginnen und darf keine Teile wie „.“ oder „..“ haben, etwa /srv/archiv.';
$string['error_pathtaken'] = 'Der Speicherort „{$a}“ legt seine Archive bereits in diesem Ordner ab. Wählen Sie einen anderen Ordner.';
$string['error_uninstall'] = 'In Ordnern liegen Archive; nach der Deinstallation wäre nicht mehr bekannt, wo sie sind und welche Prüfsummen sie haben. Laden Sie herunter, was bleiben muss, löschen Sie die Aufträge in Archivist, und deinstallieren Sie dann erneut.';
$string['error_unreadable'] = 'Das Archiv am Speicherort „{$a}“ kann nicht gelesen werden. Ist der Datenträger eingehängt, und darf der Webserver den Ordner lesen?';
$string['path'] = 'Ordner';
$string['path_help'] = 'Der absolute Pfad eines Ordners auf diesem Server oder eines eingehängten Netzlaufwerks. Webserver und Cron müssen als derselbe Benutzer laufen und dort schreiben dürfen. Bei mehreren Servern muss derselbe Ordner auf jedem eingehängt sein. Fehlt er, so wird er angelegt; Dateien erhalten die Rechte 0600, und es wird nie etwas überschrieben.';
$string['pluginname'] = 'Dateisystem';
$string['privacy:metadata'] = 'Bewahrt Archive in einem Ordner auf. Wessen Daten sie enthalten, weiß und meldet Archivist (local_archivist).';
