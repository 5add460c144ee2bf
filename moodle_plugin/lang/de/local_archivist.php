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
 * German strings of local_archivist.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$string['archivist:configure'] = 'Archivist konfigurieren und alle Aufträge sehen';
$string['archivist:create'] = 'Aktivitäten archivieren';
$string['archivist:delete'] = 'Archive löschen';
$string['archivist:download'] = 'Archive herunterladen';
$string['archivist:view'] = 'Sehen, was archiviert ist';
$string['cause_activitygone'] = 'Die Aktivität „{$a}“ wurde gelöscht, bevor sie archiviert war. Frühere Archive bleiben erhalten.';
$string['cause_attempts'] = 'Der Auftrag wurde {$a}-mal unterbrochen, bevor er fertig war, und wurde aufgegeben. Sehen Sie im Protokoll von Cron nach, und starten Sie ihn dann neu.';
$string['cause_cancelled'] = 'Der Auftrag wurde abgebrochen; nichts davon wurde gespeichert.';
$string['cause_incomplete'] = 'Das Archiv wäre nicht vollständig: {$a->number} Dinge aus der Datenbank konnten nicht eingesammelt werden, deshalb wurde nichts gespeichert. Es fehlt: {$a->names}';
$string['cause_nobackup'] = 'Moodle hat keine Sicherung der Aktivität erzeugt. Probieren Sie Moodles eigene Sicherung, um den Grund zu sehen, oder archivieren Sie ohne Sicherung.';
$string['cause_unexpected'] = 'Es ist etwas Unerwartetes passiert: {$a} Nichts wurde gespeichert. Das Protokoll des Auftrags sagt, wo; starten Sie den Auftrag neu, und melden Sie es, wenn es wieder passiert.';
$string['engine_missing'] = 'Die PHP-Erweiterung „archivist“ ist nicht geladen. Installieren Sie Version {$a} oder neuer nach ihrer Anleitung, schalten Sie sie für den Webserver und für Cron ein, und starten Sie PHP neu.';
$string['engine_notready'] = '{$a}';
$string['engine_old'] = 'Die PHP-Erweiterung „archivist“ hat die Version {$a->found}, nötig ist {$a->required} oder neuer. Aktualisieren Sie die Erweiterung, und starten Sie PHP neu.';
$string['error_filemissing'] = 'Die Datei „{$a}“ ist in Moodle verzeichnet, aber ihr Inhalt fehlt im Dateispeicher. Stellen Sie ihn aus einer Sicherung von moodledata wieder her, und archivieren Sie dann erneut.';
$string['error_jobended'] = 'Dieser Auftrag ist bereits beendet.';
$string['error_jobgone'] = 'Es gibt keinen Archivierungsauftrag mit der ID {$a}; er wurde gelöscht.';
$string['error_jobnotfailed'] = 'Nur ein fehlgeschlagener oder abgebrochener Auftrag kann neu gestartet werden.';
$string['error_jobruns'] = 'Dieser Auftrag läuft. Brechen Sie ihn zuerst ab, und versuchen Sie es nach seinem Ende erneut.';
$string['error_nostore'] = 'Es ist kein Speicher konfiguriert und aktiviert. Bitten Sie die Administration, unter Website-Administration > Plugins > Lokale Plugins > Archivist einen anzulegen.';
$string['error_notdeleted'] = 'Die Kopie im Speicher „{$a->store}“ konnte nicht gelöscht werden: {$a->cause}';
$string['error_spool'] = 'In den temporären Ordner kann nicht geschrieben werden: Er ist voll, oder Cron darf dort nicht schreiben. Schaffen Sie Platz in Moodles lokalem Ordner für Anfragen ($CFG->localrequestdir) oder berichtigen Sie dessen Rechte, und archivieren Sie dann erneut.';
$string['error_storedisabled'] = 'Der Speicher „{$a}“ ist deaktiviert. Wählen Sie einen anderen, oder bitten Sie die Administration, ihn zu aktivieren.';
$string['error_storegone'] = 'Der Speicher mit der ID {$a} ist nicht mehr konfiguriert, oder sein Treiber ist nicht installiert. Wählen Sie einen anderen Speicher.';
$string['error_storeused'] = 'In diesem Speicher liegen Archive, deshalb bleibt er. Deaktivieren Sie ihn stattdessen, damit keine neuen hinzukommen.';
$string['error_unsupported'] = 'Aktivitäten des Typs „{$a}“ können noch nicht archiviert werden: Dafür ist kein Archivierungstreiber installiert.';
$string['event_archive_job_aborted'] = 'Archivierungsauftrag abgebrochen';
$string['event_archive_job_completed'] = 'Archivierungsauftrag abgeschlossen';
$string['event_archive_job_created'] = 'Archivierungsauftrag angelegt';
$string['event_archive_job_deleted'] = 'Archivierungsauftrag gelöscht';
$string['event_archive_job_failed'] = 'Archivierungsauftrag fehlgeschlagen';
$string['event_archive_job_updated'] = 'Archivierungsauftrag aktualisiert';
$string['event_read_task_aborted'] = '{$a}: Leseaufgabe abgebrochen';
$string['event_read_task_completed'] = '{$a}: Leseaufgabe abgeschlossen';
$string['event_read_task_created'] = '{$a}: Leseaufgabe angelegt';
$string['event_read_task_failed'] = '{$a}: Leseaufgabe fehlgeschlagen';
$string['event_read_task_updated'] = '{$a}: Leseaufgabe aktualisiert';
$string['event_task_aborted'] = '{$a}: Archivierungsaufgabe abgebrochen';
$string['event_task_completed'] = '{$a}: Archivierungsaufgabe abgeschlossen';
$string['event_task_created'] = '{$a}: Archivierungsaufgabe angelegt';
$string['event_task_failed'] = '{$a}: Archivierungsaufgabe fehlgeschlagen';
$string['event_task_updated'] = '{$a}: Archivierungsaufgabe aktualisiert';
$string['event_write_task_aborted'] = '{$a}: Schreibaufgabe abgebrochen';
$string['event_write_task_completed'] = '{$a}: Schreibaufgabe abgeschlossen';
$string['event_write_task_created'] = '{$a}: Schreibaufgabe angelegt';
$string['event_write_task_failed'] = '{$a}: Schreibaufgabe fehlgeschlagen';
$string['event_write_task_updated'] = '{$a}: Schreibaufgabe aktualisiert';
$string['log_cancelasked'] = 'Es wurde um Abbruch gebeten.';
$string['log_leftover'] = 'Entfernt, was ein unterbrochener Lauf im Speicher „{$a}“ zurückgelassen hatte.';
$string['log_state'] = 'Zustand: {$a}';
$string['log_stored'] = 'Gespeichert: {$a->entries} Dateien, {$a->size}, SHA-256 {$a->sha256}. Jede Kopie wurde zurückgelesen und verglichen.';
$string['pattern_empty'] = 'Das Muster ist leer.';
$string['pattern_unknown'] = 'Das Muster enthält ein „$“, das keine Variable ist. Möglich sind, in der Form &#36;&#123;name&#125;: {$a}.';
$string['pluginname'] = 'Archivist';
$string['state_aborted'] = 'Abgebrochen';
$string['state_archiving'] = 'Wird archiviert';
$string['state_cleanup'] = 'Wird aufgeräumt';
$string['state_completed'] = 'Archiviert';
$string['state_failure'] = 'Fehlgeschlagen';
$string['state_postprocessing'] = 'Paket wird abgeschlossen';
$string['state_preprocessing'] = 'Wird vorbereitet';
$string['state_queued'] = 'Wartet';
$string['state_store'] = 'Wird gespeichert und zurückgelesen';
$string['state_unknown'] = 'Unbekannt';
$string['subplugintype_archiveconnector'] = 'Anbindung externer Systeme';
$string['subplugintype_archiveconnector_plural'] = 'Anbindungen externer Systeme';
$string['subplugintype_archiver'] = 'Archivierungstreiber für Aktivitäten';
$string['subplugintype_archiver_plural'] = 'Archivierungstreiber für Aktivitäten';
$string['subplugintype_archivestore'] = 'Speichertreiber';
$string['subplugintype_archivestore_plural'] = 'Speichertreiber';
$string['subplugintype_archivetrigger'] = 'Auslöser für Archivierungen';
$string['subplugintype_archivetrigger_plural'] = 'Auslöser für Archivierungen';
$string['task_runjob'] = 'Archivierungsauftrag ausführen';
