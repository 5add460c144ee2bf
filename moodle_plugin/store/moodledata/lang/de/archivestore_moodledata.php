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
 * German strings of archivestore_moodledata.
 *
 * @package    archivestore_moodledata
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$string['error_copy'] = 'Das Archiv „{$a->key}“ konnte nicht vollständig aus Moodles Dateiablage kopiert werden: {$a->done} von {$a->size} Bytes kamen in „{$a->folder}“ an. Prüfen Sie, ob in diesem Ordner Platz ist und ob moodledata gelesen werden kann, und versuchen Sie es erneut.';
$string['error_exists'] = 'Moodles Dateiablage enthält „{$a}“ bereits. Es wurde nichts überschrieben.';
$string['error_failed'] = 'Moodles Dateiablage konnte eine Anforderung für „{$a->key}“ nicht ausführen: {$a->cause} Prüfen Sie, ob moodledata erreichbar ist und Platz hat und ob die Datenbank antwortet, und versuchen Sie es erneut.';
$string['error_list'] = 'Was in Moodles Dateiablage liegt, hat nur in Moodles Datenbank einen Namen: Archive, die der Datenbank unbekannt sind, lassen sich am Speicherort „{$a}“ nicht finden. Stellen Sie Datenbank und moodledata vom selben Zeitpunkt wieder her, oder nehmen Sie eine Kopie von einem Speicherort, der ein Ordner ist.';
$string['error_notfound'] = 'Moodles Dateiablage enthält „{$a}“ nicht. Wurde es außerhalb von Archivist gelöscht? Stellen Sie es aus einer Sicherung von Moodle wieder her.';
$string['error_second'] = 'Moodle hat nur eine Dateiablage, und „{$a}“ benutzt sie bereits. Wählen Sie eine andere Art.';
$string['error_uninstall'] = 'In Moodles Dateiablage liegen Archive; die Deinstallation würde sie löschen. Laden Sie herunter, was bleiben muss, löschen Sie die Aufträge in Archivist, und deinstallieren Sie dann erneut.';
$string['error_unreadable'] = 'Das Archiv am Speicherort „{$a}“ kann nicht gelesen werden: Sein Inhalt fehlt in Moodles Dateiablage. Stellen Sie ihn aus einer Sicherung von moodledata wieder her.';
$string['explanation'] = 'Archive liegen in Moodles eigener Dateiablage, im Kontext der Website: Sie bleiben erhalten, wenn eine Aktivität oder ein Kurs gelöscht wird. Sie gehen aber mit den Daten von Moodle verloren; was das überdauern muss, braucht einen zweiten Speicherort an anderer Stelle.';
$string['pluginname'] = 'Moodles Dateiablage';
$string['privacy:metadata'] = 'Bewahrt Archive in Moodles Dateiablage auf. Wessen Daten sie enthalten, weiß und meldet Archivist (local_archivist).';
$string['where'] = 'moodledata, Kontext der Website';
