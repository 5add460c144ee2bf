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
$string['cause_interrupted'] = 'Cron sollte enden, oder der Lauf wurde abgebrochen. Der Auftrag beginnt mit dem nächsten Lauf von Cron von vorn.';
$string['cause_nobackup'] = 'Moodle hat keine Sicherung der Aktivität erzeugt. Probieren Sie Moodles eigene Sicherung, um den Grund zu sehen, oder archivieren Sie ohne Sicherung.';
$string['cause_source'] = 'Eine Datei der Aktivität konnte nicht gelesen werden, deshalb wurde nichts gespeichert: {$a} Prüfen Sie, ob sie sich in Moodle noch herunterladen lässt, und starten Sie den Auftrag neu.';
$string['cause_storage'] = 'Das Archiv konnte nicht gespeichert werden, und nichts davon bleibt: {$a} Bitten Sie jemanden aus der Administration, den Speicher zu prüfen, und starten Sie den Auftrag dann neu.';
$string['cause_taken'] = 'Der Speicher „{$a}“ enthält unter dem Schlüssel dieses Archivs etwas, das Moodles Datenbank nicht kennt; wurde die Datenbank aus einer Sicherung wiederhergestellt? Es wurde nichts überschrieben. Archivieren Sie die Aktivität mit einem neuen Auftrag.';
$string['cause_unexpected'] = 'Es ist etwas Unerwartetes passiert: {$a} Nichts wurde gespeichert. Das Protokoll des Auftrags sagt, wo; starten Sie den Auftrag neu, und melden Sie es, wenn es wieder passiert.';
$string['check_engine'] = 'Archivist: PHP-Erweiterung';
$string['check_engine_cronmissing'] = 'Der Webserver hat die PHP-Erweiterung „archivist“ {$a}, Cron aber nicht: Kein Auftrag kann laufen. Aktivieren Sie die Erweiterung auch für PHP auf der Kommandozeile und warten Sie auf den Vorgang „Archivaufträge aufräumen“.';
$string['check_engine_differ'] = 'Der Webserver hat die PHP-Erweiterung „archivist“ {$a->web}, Cron hat {$a->cron}. Installieren Sie für beide dieselbe Version.';
$string['check_engine_ok'] = 'Version {$a} ist geladen.';
$string['check_storage'] = 'Archivist: Speicher „{$a}“';
$string['check_storage_disabled'] = 'Deaktiviert: Neue Archive kommen nicht dorthin.';
$string['check_storage_full'] = 'Nur noch {$a} sind frei. Schaffen Sie Platz, oder fügen Sie einen Speicher hinzu.';
$string['check_storage_ok'] = 'Geschrieben, zurückgelesen und gelöscht.';
$string['check_storages'] = 'Archivist: Speicher';
$string['check_storages_ok'] = 'Speicher, die neue Archive aufnehmen: {$a}.';
$string['cli_nocmid'] = 'Eine Aktivität mit der Kursmodul-ID {$a} gibt es nicht. Sie ist die Zahl hinter „id=“ in der Adresse der Aktivität.';
$string['cli_nouser'] = 'Einen Nutzer mit der ID {$a} gibt es nicht.';
$string['cli_number'] = 'Die Option {$a} braucht eine ganze Zahl größer als 0; --help sagt mehr.';
$string['cli_state'] = 'Einen solchen Zustand gibt es nicht; --help zählt sie auf.';
$string['cli_yes'] = 'Mit dem Auftrag wird sein Archiv in jedem Speicher gelöscht. Fügen Sie --yes hinzu, wenn das gemeint ist.';
$string['engine_missing'] = 'Die PHP-Erweiterung „archivist“ ist nicht geladen. Installieren Sie Version {$a} oder neuer nach ihrer Anleitung, schalten Sie sie für den Webserver und für Cron ein, und starten Sie PHP neu.';
$string['engine_notready'] = '{$a}';
$string['engine_old'] = 'Die PHP-Erweiterung „archivist“ hat die Version {$a->found}, nötig ist {$a->required} oder neuer. Aktualisieren Sie die Erweiterung, und starten Sie PHP neu.';
$string['error_filemissing'] = 'Die Datei „{$a}“ ist in Moodle verzeichnet, aber ihr Inhalt fehlt im Dateispeicher. Stellen Sie ihn aus einer Sicherung von moodledata wieder her, und archivieren Sie dann erneut.';
$string['error_format'] = 'Ein solches Archivformat gibt es nicht. Möglich sind: {$a}.';
$string['error_jobended'] = 'Dieser Auftrag ist bereits beendet.';
$string['error_jobgone'] = 'Es gibt keinen Archivierungsauftrag mit der ID {$a}; er wurde gelöscht.';
$string['error_jobnotfailed'] = 'Nur ein fehlgeschlagener oder abgebrochener Auftrag kann neu gestartet werden.';
$string['error_jobruns'] = 'Dieser Auftrag läuft. Brechen Sie ihn zuerst ab, und versuchen Sie es nach seinem Ende erneut.';
$string['error_name'] = 'Geben Sie dem Speicher einen Namen mit höchstens 255 Zeichen.';
$string['error_nostore'] = 'Es ist kein Speicher konfiguriert und aktiviert. Bitten Sie die Administration, unter Website-Administration > Plugins > Lokale Plugins > Archivist einen anzulegen.';
$string['error_notdeleted'] = 'Die Kopie im Speicher „{$a->store}“ konnte nicht gelöscht werden: {$a->cause}';
$string['error_number'] = 'Geben Sie eine ganze Zahl von {$a->min} bis {$a->max} ein.';
$string['error_spool'] = 'In den temporären Ordner kann nicht geschrieben werden: Er ist voll, oder Cron darf dort nicht schreiben. Schaffen Sie Platz in Moodles lokalem Ordner für Anfragen ($CFG->localrequestdir) oder berichtigen Sie dessen Rechte, und archivieren Sie dann erneut.';
$string['error_storedisabled'] = 'Der Speicher „{$a}“ ist deaktiviert. Wählen Sie einen anderen, oder bitten Sie die Administration, ihn zu aktivieren.';
$string['error_storegone'] = 'Der Speicher mit der ID {$a} ist nicht mehr konfiguriert, oder sein Treiber ist nicht installiert. Wählen Sie einen anderen Speicher.';
$string['error_storekind'] = 'Speicher der Art „{$a}“ gibt es nicht: Ihr Treiber ist nicht installiert.';
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
$string['example_activityname'] = 'Klausur 1';
$string['example_coursename'] = 'Betriebssysteme 2026';
$string['example_courseshortname'] = 'BS-2026';
$string['example_name'] = 'Beispiel:';
$string['log_cancelasked'] = 'Es wurde um Abbruch gebeten.';
$string['log_leftover'] = 'Entfernt, was ein unterbrochener Lauf im Speicher „{$a}“ zurückgelassen hatte.';
$string['log_requeued'] = 'Niemand führte den Auftrag mehr aus, deshalb wurde er wieder eingereiht.';
$string['log_state'] = 'Zustand: {$a}';
$string['log_stored'] = 'In jedem Speicher gespeichert, zurückgelesen und verglichen. Dateien: {$a->entries}; Größe: {$a->size}; SHA-256: {$a->sha256}.';
$string['loglevel_debug'] = 'Alles, zur Fehlersuche';
$string['loglevel_error'] = 'Nur Fehler';
$string['loglevel_info'] = 'Was geschieht';
$string['loglevel_notice'] = 'Was bemerkenswert ist';
$string['loglevel_warning'] = 'Warnungen und Fehler';
$string['message_jobcompleted'] = 'Die Aktivität „{$a->activity}“ des Kurses „{$a->course}“ wurde archiviert. Jede Kopie wurde zurückgelesen und verglichen.

{$a->url}';
$string['message_jobcompleted_subject'] = 'Archiviert: {$a->activity}';
$string['message_jobfailed'] = 'Die Aktivität „{$a->activity}“ des Kurses „{$a->course}“ konnte nicht archiviert werden, und nichts davon wurde gespeichert.

{$a->cause}

{$a->url}';
$string['message_jobfailed_subject'] = 'Archivieren fehlgeschlagen: {$a->activity}';
$string['message_open'] = 'Archivauftrag öffnen';
$string['messageprovider:jobcompleted'] = 'Ein Archivauftrag von Ihnen ist abgeschlossen';
$string['messageprovider:jobfailed'] = 'Ein Archivauftrag ist fehlgeschlagen';
$string['page_jobs'] = 'Archivaufträge';
$string['page_stores'] = 'Speicher';
$string['pattern_empty'] = 'Das Muster ist leer.';
$string['pattern_unknown'] = 'Das Muster enthält ein „$“, das keine Variable ist. Möglich sind, in der Form &#36;&#123;name&#125;: {$a}.';
$string['pluginname'] = 'Archivist';
$string['privacy:metadata:archive'] = 'Das Archiv selbst: was die Personen in einer Aktivität abgegeben haben, und wie es bewertet wurde.';
$string['privacy:metadata:core_message'] = 'Wer ein Archiv angefordert hat, erfährt, wenn es fertig oder fehlgeschlagen ist.';
$string['privacy:metadata:field:activityname'] = 'Der Name der Aktivität';
$string['privacy:metadata:field:cause'] = 'Warum es fehlschlug; kann Personen nennen, deren Daten fehlen';
$string['privacy:metadata:field:coursename'] = 'Der Name des Kurses';
$string['privacy:metadata:field:destination'] = 'Wohin die Bytes gehen';
$string['privacy:metadata:field:filename'] = 'Der Name des Archivs';
$string['privacy:metadata:field:message'] = 'Was geschah; kann Personen nennen, deren Daten archiviert werden';
$string['privacy:metadata:field:options'] = 'Was beim Anlegen des Auftrags gewählt wurde';
$string['privacy:metadata:field:origin'] = 'Ob eine Seite, die Kommandozeile oder Cron den Auftrag anlegte';
$string['privacy:metadata:field:scopeuserid'] = 'Die Person, deren Daten archiviert werden, wenn es nur eine ist';
$string['privacy:metadata:field:sha256'] = 'Die Prüfsumme des Archivs';
$string['privacy:metadata:field:sizebytes'] = 'Die Größe des Archivs';
$string['privacy:metadata:field:source'] = 'Woher die Bytes kommen';
$string['privacy:metadata:field:status'] = 'Wie weit der Auftrag ist';
$string['privacy:metadata:field:storekey'] = 'Wo das Archiv im Speicher liegt';
$string['privacy:metadata:field:timecreated'] = 'Wann es angelegt wurde';
$string['privacy:metadata:field:timedeleted'] = 'Wann die Kopie gelöscht wurde';
$string['privacy:metadata:field:timefinished'] = 'Wann der Auftrag endete';
$string['privacy:metadata:field:timestarted'] = 'Wann der Auftrag begann';
$string['privacy:metadata:field:userid'] = 'Die Person, die das Archiv angefordert hat';
$string['privacy:metadata:local_archivist_file'] = 'Die gespeicherten Kopien von Archiven';
$string['privacy:metadata:local_archivist_job'] = 'Die Archivaufträge';
$string['privacy:metadata:local_archivist_log'] = 'Was in Archivaufträgen geschah';
$string['privacy:metadata:local_archivist_task'] = 'Die Teile von Archivaufträgen';
$string['privacy:metadata:storage'] = 'Archive werden in Speichern aufbewahrt, die außerhalb von Moodle liegen können. Sie sind Nachweise und bleiben, bis jemand mit dem Recht dazu sie löscht, auch wenn ein Konto gelöscht wird.';
$string['setting_backup'] = 'Moodles Sicherung dazu';
$string['setting_backup_desc'] = 'Legt jedem Archiv Moodles eigene Sicherung der Aktivität bei, damit sie sich in einem Moodle wiederherstellen lässt; ohne Personen, wo das Archiv nur eine Person betrifft oder anonym bewertet wird. Das kostet Zeit und vorübergehend Platz in moodledata.';
$string['setting_format'] = 'Format';
$string['setting_format_desc'] = 'ZIP lässt sich überall öffnen. tar.zst ist am kleinsten und schnellsten, wo man seine Werkzeuge kennt.';
$string['setting_logdays'] = 'Protokolleinträge behalten';
$string['setting_logdays_desc'] = 'Tage, nach denen Einträge der Stufen Debug und Info gelöscht werden; 0 behält sie. Warnungen und Fehler bleiben so lange wie ihr Auftrag.';
$string['setting_loglevel'] = 'Ins Protokoll schreiben';
$string['setting_loglevel_desc'] = 'Was das Protokoll eines Auftrags festhält.';
$string['setting_memorymib'] = 'Arbeitsspeicher in MiB';
$string['setting_memorymib_desc'] = 'Was ein Auftrag für Bytes unterwegs nimmt; mehr lässt mehr Threads zugleich arbeiten.';
$string['setting_namepattern'] = 'Namen der Archive';
$string['setting_namepattern_desc'] = 'Der Name für Menschen. Möglich sind, in der Form &#36;&#123;name&#125;: {$a}.';
$string['setting_sha512'] = 'Auch SHA-512';
$string['setting_sha512_desc'] = 'Fügt jedem Archiv eine zweite Liste von Prüfsummen hinzu.';
$string['setting_threads'] = 'Threads';
$string['setting_threads_desc'] = 'Mit wie vielen Threads ein Auftrag rechnet; 0: einer je Kern.';
$string['settings'] = 'Einstellungen';
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
$string['store_add'] = 'Speicher hinzufügen';
$string['store_addkind'] = 'Hinzufügen: {$a}';
$string['store_archives'] = 'Archive';
$string['store_check'] = 'Jetzt prüfen';
$string['store_checked'] = 'Prüfung des Speichers „{$a}“';
$string['store_confirmdelete'] = 'Den Speicher „{$a}“ aus der Liste löschen? In ihm liegt nichts.';
$string['store_deleted'] = 'Der Speicher wurde aus der Liste gelöscht.';
$string['store_edit'] = 'Speicher ändern';
$string['store_enabled'] = 'Nimmt neue Archive auf';
$string['store_enabled_help'] = 'Jedes neue Archiv kommt zugleich in alle aktivierten Speicher, sofern sein Auftrag nicht einige davon auswählt. Archive in einem deaktivierten Speicher bleiben und lassen sich herunterladen.';
$string['store_first'] = 'Moodles Dateiablage';
$string['store_free'] = 'Frei / gesamt';
$string['store_isdisabled'] = 'Deaktiviert';
$string['store_isenabled'] = 'Nimmt neue Archive auf';
$string['store_kind'] = 'Art';
$string['store_nodriver'] = 'Der Treiber „{$a}“ ist nicht mehr installiert. Installieren Sie ihn erneut, um die Archive zu erreichen.';
$string['store_saved'] = 'Der Speicher wurde gesichert und ist benutzbar: Etwas wurde geschrieben, zurückgelesen und gelöscht.';
$string['store_savedbroken'] = 'Der Speicher wurde gesichert, ist aber noch nicht benutzbar: {$a}';
$string['store_state'] = 'Zustand';
$string['store_step_connect'] = 'Verbinden';
$string['store_step_delete'] = 'Löschen';
$string['store_step_read'] = 'Zurücklesen';
$string['store_step_write'] = 'Schreiben';
$string['store_stepdone'] = 'erledigt';
$string['store_stepnotdone'] = 'nicht erledigt';
$string['store_unknown'] = 'unbekannt';
$string['store_used'] = 'In diesem Speicher liegen Archive. Wenn Sie ändern, wo er ist, verschieben Sie sie zuerst dorthin: Sie werden unter denselben Schlüsseln gesucht.';
$string['store_where'] = 'Art und Ort';
$string['stores_none'] = 'Kein Speicher nimmt neue Archive auf, deshalb lässt sich nichts archivieren. Fügen Sie einen Speicher hinzu, oder aktivieren Sie einen.';
$string['subplugintype_archiveconnector'] = 'Anbindung externer Systeme';
$string['subplugintype_archiveconnector_plural'] = 'Anbindungen externer Systeme';
$string['subplugintype_archiver'] = 'Archivierungstreiber für Aktivitäten';
$string['subplugintype_archiver_plural'] = 'Archivierungstreiber für Aktivitäten';
$string['subplugintype_archivestore'] = 'Speichertreiber';
$string['subplugintype_archivestore_plural'] = 'Speichertreiber';
$string['subplugintype_archivetrigger'] = 'Auslöser für Archivierungen';
$string['subplugintype_archivetrigger_plural'] = 'Auslöser für Archivierungen';
$string['task_cleanup'] = 'Archivaufträge aufräumen';
$string['task_rescue'] = 'Unterbrochene Archivaufträge fortsetzen';
$string['task_runjob'] = 'Archivierungsauftrag ausführen';
