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

$string['activitiescaption'] = 'Aktivitäten des Kurses und was von ihnen archiviert ist';
$string['activity_archived'] = 'Archiviert';
$string['activity_changed'] = 'Seitdem geändert';
$string['activity_failed'] = 'Fehlgeschlagen';
$string['activity_never'] = 'Nie archiviert';
$string['activity_running'] = 'Wird archiviert';
$string['activity_unsupported'] = 'Noch nicht archivierbar';
$string['activitygone'] = 'Aktivität gelöscht';
$string['alljobs'] = 'Alle Archivierungsaufträge';
$string['archive'] = 'Archivieren';
$string['archivedat'] = 'Zuletzt archiviert: {$a}';
$string['archivehead'] = 'Aktivitäten archivieren';
$string['archivenow'] = 'Jetzt archivieren';
$string['archives'] = 'Archive';
$string['archiveselected'] = 'Ausgewählte archivieren…';
$string['archivewithoptions'] = 'Mit Optionen archivieren: {$a}';
$string['archivist:configure'] = 'Archivist konfigurieren und alle Aufträge sehen';
$string['archivist:create'] = 'Aktivitäten archivieren';
$string['archivist:delete'] = 'Archive löschen';
$string['archivist:download'] = 'Archive herunterladen';
$string['archivist:view'] = 'Sehen, was archiviert ist';
$string['backup'] = 'Moodle-Sicherung';
$string['backup_help'] = 'Moodles eigene Sicherung der Aktivität (.mbz) kommt mit in das Archiv. Sie lässt sich später in einem Moodle wiederherstellen; das Archivieren dauert dafür länger und das Archiv wird größer.';
$string['backup_label'] = 'Moodles eigene Sicherung der Aktivität neben die Daten legen';
$string['cause_activitygone'] = 'Die Aktivität „{$a}“ wurde gelöscht, bevor sie archiviert war. Frühere Archive bleiben erhalten.';
$string['cause_attempts'] = 'Der Auftrag wurde {$a}-mal unterbrochen, bevor er fertig war, und wurde aufgegeben. Sehen Sie im Protokoll von Cron nach, und starten Sie ihn dann neu.';
$string['cause_cancelled'] = 'Der Auftrag wurde abgebrochen; nichts davon wurde gespeichert.';
$string['cause_downloadended'] = 'Der Download wurde vor seinem Ende abgebrochen.';
$string['cause_incomplete'] = 'Das Archiv wäre nicht vollständig: {$a->number} Dinge aus der Datenbank konnten nicht eingesammelt werden, deshalb wurde nichts gespeichert. Es fehlt: {$a->names}';
$string['cause_nobackup'] = 'Moodle hat keine Sicherung der Aktivität erzeugt. Probieren Sie Moodles eigene Sicherung, um den Grund zu sehen, oder archivieren Sie ohne Sicherung.';
$string['cause_notwhatstored'] = 'Die Kopie {$a->key} im Speicher „{$a->store}“ ist nicht das, was abgelegt wurde: Größe oder SHA-256 weicht vom Aufgezeichneten ab, deshalb wurde sie nicht vollständig herausgegeben. Nehmen Sie eine andere Kopie und lassen Sie den Speicher prüfen.';
$string['cause_readfailed'] = 'Die Kopie konnte nicht herausgegeben werden: {$a} Versuchen Sie eine andere Kopie und lassen Sie den Speicher prüfen.';
$string['cause_unexpected'] = 'Es ist etwas Unerwartetes passiert: {$a} Nichts wurde gespeichert. Das Protokoll des Auftrags sagt, wo; starten Sie den Auftrag neu, und melden Sie es, wenn es wieder passiert.';
$string['completeness'] = 'Vollständigkeit';
$string['copies'] = 'Gespeicherte Kopien';
$string['copy_deleted'] = 'Gelöscht {$a}';
$string['copy_writing'] = 'Wird geschrieben';
$string['copydigest'] = '{$a} kopieren';
$string['count_archived'] = 'Gesammelt';
$string['count_complete'] = 'Vollständig';
$string['count_expected'] = 'In Moodle';
$string['count_incomplete'] = 'Unvollständig';
$string['count_kind'] = 'Was';
$string['coursegone'] = 'In Moodle gelöscht';
$string['details'] = 'Einzelheiten';
$string['engine_missing'] = 'Die PHP-Erweiterung „archivist“ ist nicht geladen. Installieren Sie Version {$a} oder neuer nach ihrer Anleitung, schalten Sie sie für den Webserver und für Cron ein, und starten Sie PHP neu.';
$string['engine_notready'] = '{$a}';
$string['engine_old'] = 'Die PHP-Erweiterung „archivist“ hat die Version {$a->found}, nötig ist {$a->required} oder neuer. Aktualisieren Sie die Erweiterung, und starten Sie PHP neu.';
$string['error_choosestore'] = 'Wählen Sie mindestens einen Speicher.';
$string['error_chooseuser'] = 'Wählen Sie die Person, deren Daten archiviert werden sollen.';
$string['error_copydeleted'] = 'Diese Kopie wurde gelöscht. Öffnen Sie den Auftrag, um zu sehen, ob es eine andere gibt.';
$string['error_copygone'] = 'Es gibt keine gespeicherte Kopie mit der ID {$a}; sie wurde mit ihrem Auftrag gelöscht.';
$string['error_copywriting'] = 'Diese Kopie wird gerade geschrieben. Warten Sie, bis der Auftrag beendet ist, und laden Sie sie dann herunter.';
$string['error_filemissing'] = 'Die Datei „{$a}“ ist in Moodle verzeichnet, aber ihr Inhalt fehlt im Dateispeicher. Stellen Sie ihn aus einer Sicherung von moodledata wieder her, und archivieren Sie dann erneut.';
$string['error_jobended'] = 'Dieser Auftrag ist bereits beendet.';
$string['error_jobgone'] = 'Es gibt keinen Archivierungsauftrag mit der ID {$a}; er wurde gelöscht.';
$string['error_jobnotfailed'] = 'Nur ein fehlgeschlagener oder abgebrochener Auftrag kann neu gestartet werden.';
$string['error_jobruns'] = 'Dieser Auftrag läuft. Brechen Sie ihn zuerst ab, und versuchen Sie es nach seinem Ende erneut.';
$string['error_nostore'] = 'Es ist kein Speicher konfiguriert und aktiviert. Bitten Sie die Administration, unter Website-Administration > Plugins > Lokale Plugins > Archivist einen anzulegen.';
$string['error_notdeleted'] = 'Die Kopie im Speicher „{$a->store}“ konnte nicht gelöscht werden: {$a->cause}';
$string['error_nothingchosen'] = 'Es wurde keine Aktivität gewählt. Wählen Sie mindestens eine aus und archivieren Sie dann erneut.';
$string['error_post'] = 'Dazu braucht es die Schaltfläche auf der Seite; ein Link darauf bewirkt nichts. Gehen Sie zurück und nutzen Sie die Schaltfläche.';
$string['error_running'] = '{$a} wird bereits archiviert. Warten Sie, bis dieser Auftrag beendet ist, oder brechen Sie ihn ab.';
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
$string['filter_course'] = 'Kurs (Name oder ID)';
$string['filter_text'] = 'Aktivität, Person oder UUID';
$string['format'] = 'Format';
$string['format_help'] = 'ZIP lässt sich überall öffnen. tar.zst ist am kleinsten und am schnellsten erstellt. Alle enthalten dieselben Dateien mit denselben Prüfsummen.';
$string['format_tar'] = 'tar (unkomprimiert)';
$string['format_targz'] = 'tar.gz';
$string['format_tarzst'] = 'tar.zst (am kleinsten)';
$string['format_zip'] = 'ZIP (überall zu öffnen)';
$string['job_attempts'] = 'Versuche';
$string['job_cancel'] = 'Auftrag abbrechen';
$string['job_created'] = 'Angefordert';
$string['job_delete'] = 'Auftrag und Kopien löschen…';
$string['job_finished'] = 'Beendet';
$string['job_options'] = 'Optionen';
$string['job_origin'] = 'Über';
$string['job_retry'] = 'Erneut starten';
$string['job_started'] = 'Begonnen';
$string['job_user'] = 'Angefordert von';
$string['jobcancelled'] = 'Der Auftrag wird abgebrochen.';
$string['jobdeleted'] = 'Der Auftrag zu „{$a}“ und seine Kopien wurden gelöscht.';
$string['jobdeletesure'] = 'Den Auftrag zu „{$a->name}“ mit {$a->copies} gespeicherten Kopien löschen? Das Archiv ist dann verloren; das lässt sich nicht rückgängig machen.';
$string['jobretried'] = 'Der Auftrag wird erneut gestartet.';
$string['jobs'] = 'Archivierungsaufträge';
$string['jobsactive'] = 'Nicht beendet';
$string['jobscreated'] = '{$a} Archivierungsaufträge wurden gestartet. Sie können diese Seite verlassen; sie laufen im Hintergrund weiter.';
$string['jobscreatedone'] = 'Der Archivierungsauftrag wurde gestartet. Sie können diese Seite verlassen; er läuft im Hintergrund weiter.';
$string['jobstotal'] = 'Aufträge: {$a}';
$string['jobtitle'] = 'Archivierungsauftrag: {$a}';
$string['log'] = 'Protokoll';
$string['log_cancelasked'] = 'Es wurde um Abbruch gebeten.';
$string['log_leftover'] = 'Entfernt, was ein unterbrochener Lauf im Speicher „{$a}“ zurückgelassen hatte.';
$string['log_message'] = 'Meldung';
$string['log_source'] = 'Quelle';
$string['log_state'] = 'Zustand: {$a}';
$string['log_stored'] = 'Gespeichert: {$a->entries} Dateien, {$a->size}, SHA-256 {$a->sha256}. Jede Kopie wurde zurückgelesen und verglichen.';
$string['loglevel'] = 'Stufe';
$string['loglevel_0'] = 'Debug';
$string['loglevel_1'] = 'Info';
$string['loglevel_2'] = 'Hinweis';
$string['loglevel_3'] = 'Warnung';
$string['loglevel_4'] = 'Fehler';
$string['loglevel_from'] = 'Ab Stufe';
$string['managestores'] = 'Speicher verwalten und prüfen';
$string['noactivities'] = 'Dieser Kurs hat keine Aktivitäten, die archiviert werden können. Der Filter zeigt auch die anderen.';
$string['nojobs'] = 'Es gibt hier keine Archivierungsaufträge.';
$string['nolog'] = 'Auf dieser Stufe steht nichts im Protokoll.';
$string['nomatch'] = 'Keine Aktivität passt zum Filter.';
$string['origin_cli'] = 'Kommandozeile';
$string['origin_cron'] = 'Zeitplan';
$string['origin_page'] = 'Seite im Kurs';
$string['pattern_empty'] = 'Das Muster ist leer.';
$string['pattern_unknown'] = 'Das Muster enthält ein „$“, das keine Variable ist. Möglich sind, in der Form &#36;&#123;name&#125;: {$a}.';
$string['pluginname'] = 'Archivist';
$string['progress'] = 'Fortschritt';
$string['progress_cancelling'] = 'Jemand hat den Auftrag abgebrochen; er endet gleich.';
$string['progress_collecting'] = 'Was zur Aktivität gehört, wird gerade gesammelt.';
$string['progress_completed'] = 'Abgeschlossen am {$a}; jede Kopie wurde zurückgelesen und verglichen.';
$string['progress_files'] = '{$a->done} von {$a->total} Dateien, {$a->bytesdone} von {$a->bytestotal}';
$string['progress_queued'] = 'Moodles Cron startet den Auftrag, wenn er an der Reihe ist.';
$string['scope'] = 'Wessen Daten';
$string['scope_all'] = 'Alle';
$string['scope_help'] = 'Die Regel ist ein Archiv mit den Daten aller. Wählen Sie eine Person, um eine Kopie nur für sie zu erstellen; die Aktivität zählt dadurch nicht als archiviert.';
$string['scope_user'] = 'Eine Person';
$string['selectactivity'] = '{$a} auswählen';
$string['sha512'] = 'SHA-512';
$string['sha512_label'] = 'Prüfsummen mit SHA-512 neben denen mit SHA-256';
$string['showjob'] = 'Den neuesten Auftrag zeigen';
$string['showunsupported'] = 'Auch nicht archivierbare Aktivitäten';
$string['spacefree'] = '{$a->free} von {$a->total}';
$string['spaceunknown'] = 'Nicht gemeldet';
$string['state'] = 'Status';
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
$string['storages'] = 'Speicher';
$string['storages_help'] = 'Das Archiv wird in alle gewählten Speicher zugleich geschrieben; der Auftrag ist erst vollständig, wenn jede Kopie zurückgelesen und verglichen wurde.';
$string['store_archives'] = 'Archive';
$string['store_disabled'] = 'Deaktiviert';
$string['store_enabled'] = 'Aktiviert';
$string['store_free'] = 'Frei';
$string['storegone'] = 'Nicht mehr eingerichteter Speicher';
$string['subplugintype_archiveconnector'] = 'Anbindung externer Systeme';
$string['subplugintype_archiveconnector_plural'] = 'Anbindungen externer Systeme';
$string['subplugintype_archiver'] = 'Archivierungstreiber für Aktivitäten';
$string['subplugintype_archiver_plural'] = 'Archivierungstreiber für Aktivitäten';
$string['subplugintype_archivestore'] = 'Speichertreiber';
$string['subplugintype_archivestore_plural'] = 'Speichertreiber';
$string['subplugintype_archivetrigger'] = 'Auslöser für Archivierungen';
$string['subplugintype_archivetrigger_plural'] = 'Auslöser für Archivierungen';
$string['task'] = 'Aufgabe';
$string['task_changed'] = 'Letzte Änderung';
$string['task_from'] = 'Von';
$string['task_runjob'] = 'Archivierungsauftrag ausführen';
$string['task_to'] = 'Nach';
$string['taskkind_archive'] = 'Archivieren';
$string['taskkind_read'] = 'Lesen';
$string['taskkind_write'] = 'Schreiben';
$string['tasks'] = 'Aufgaben der Treiber';
$string['taskstatus_aborted'] = 'Abgebrochen';
$string['taskstatus_completed'] = 'Abgeschlossen';
$string['taskstatus_created'] = 'Angelegt';
$string['taskstatus_failed'] = 'Fehlgeschlagen';
$string['taskstatus_running'] = 'Läuft';
$string['uuid'] = 'UUID';
