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
$string['activity_partial'] = 'Teilweise archiviert';
$string['activity_partialof'] = 'Teilweise archiviert: {$a->done} von {$a->total}';
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
$string['cause_backupsetting'] = 'Moodles Sicherung der Aktivität wurde nicht erstellt, da sich ihre Einstellung „{$a}“ nicht so setzen ließ, wie dieses Archiv es braucht. Archivieren Sie ohne die Sicherung, oder bitten Sie die Administration, die Standardwerte für Sicherungen anzusehen.';
$string['cause_cancelled'] = 'Der Auftrag wurde abgebrochen; nichts davon wurde gespeichert.';
$string['cause_database'] = 'Moodles Datenbank hat nicht getan, was verlangt war: {$a} Prüfen Sie, ob sie antwortet; sagt sie beim nächsten Versuch dasselbe, so sehen Sie in ihr eigenes Protokoll.';
$string['cause_downloadended'] = 'Der Download wurde vor seinem Ende abgebrochen.';
$string['cause_failures'] = '{$a->number} Elemente konnten nicht gesammelt werden, das ist zu viel für ein Archiv. {$a->names} Bitte beheben, was genannt ist, und den Auftrag erneut starten.';
$string['cause_incomplete'] = 'Das Archiv wäre nicht vollständig: {$a->number} Dinge aus der Datenbank konnten nicht eingesammelt werden, deshalb wurde nichts gespeichert. Es fehlt: {$a->names}';
$string['cause_interrupted'] = 'Cron sollte enden, oder der Lauf wurde abgebrochen. Der Auftrag geht mit dem nächsten Lauf von Cron weiter.';
$string['cause_journal'] = 'Was die Engine über diesen Auftrag aufgeschrieben hatte, ist beschädigt, also weiß niemand, was davon gespeichert ist; es wurde nichts entfernt. Sehen Sie nach, ob der Datenträger von moodledata in Ordnung ist, und starten Sie den Auftrag dann neu: Er beginnt von vorn. Die Engine sagt: {$a}';
$string['cause_left'] = '{$a->cause} Etwas davon konnte noch nicht entfernt werden: {$a->left} Die Aufgabe „Archivaufträge aufräumen“ versucht es jede Stunde erneut.';
$string['cause_nobackup'] = 'Moodle hat keine Sicherung der Aktivität erzeugt. Probieren Sie Moodles eigene Sicherung, um den Grund zu sehen, oder archivieren Sie ohne Sicherung.';
$string['cause_notwhatstored'] = 'Die Kopie {$a->key} im Speicher „{$a->store}“ ist nicht das, was abgelegt wurde: Größe oder SHA-256 weicht vom Aufgezeichneten ab, deshalb wurde sie nicht vollständig herausgegeben. Nehmen Sie eine andere Kopie und lassen Sie den Speicher prüfen.';
$string['cause_partial'] = 'Im Archiv fehlt: {$a->number}; alles andere ist darin. {$a->names} Bitte beheben, was genannt ist, und den Auftrag erneut starten: Das unvollständige Archiv bleibt, bis ein vollständiges geprüft ist.';
$string['cause_partialgone'] = 'Die Aktivität wurde gelöscht, während sie archiviert wurde. Im Archiv fehlt: {$a->number}. {$a->names} Das Archiv enthält, was vorher gelesen war, und bleibt, bis jemand den Auftrag löscht.';
$string['cause_partialkept'] = '{$a} Das unvollständige Archiv von vorher bleibt.';
$string['cause_readfailed'] = 'Die Kopie konnte nicht herausgegeben werden: {$a} Versuchen Sie eine andere Kopie und lassen Sie den Speicher prüfen.';
$string['cause_source'] = 'Eine Datei der Aktivität konnte nicht gelesen werden, deshalb wurde nichts gespeichert: {$a} Prüfen Sie, ob sie sich in Moodle noch herunterladen lässt, und starten Sie den Auftrag neu.';
$string['cause_stalled'] = 'Der Auftrag kam {$a} lang nicht voran und wurde angehalten. Bitte prüfen, ob Platten und Speicher antworten.';
$string['cause_storage'] = 'Das Archiv konnte nicht gespeichert werden, und nichts davon bleibt: {$a} Bitten Sie jemanden aus der Administration, den Speicher zu prüfen, und starten Sie den Auftrag dann neu.';
$string['cause_storagewaits'] = 'Nicht jeder Speicher hat das Archiv angenommen; was gepackt und gespeichert ist, bleibt für den nächsten Versuch: {$a} Bitten Sie jemanden aus der Administration, den Speicher zu prüfen.';
$string['cause_taken'] = 'Ein Speicher enthält unter dem Schlüssel dieses Archivs etwas, das dieser Auftrag nicht gespeichert hat; wurde Moodles Datenbank aus einer Sicherung wiederhergestellt? Es wurde nichts überschrieben. Archivieren Sie die Aktivität mit einem neuen Auftrag. Die Engine sagt: {$a}';
$string['cause_timelimit'] = 'Der Auftrag war nach {$a}, seiner Zeitgrenze, nicht fertig und wurde aufgegeben. Im Protokoll des Auftrags steht, was so lange dauert; wenn er mehr Zeit braucht, die „Zeitgrenze“ in den Einstellungen von Archivist erhöhen und ihn erneut starten.';
$string['cause_unexpected'] = 'Es ist etwas Unerwartetes passiert: {$a} Das Protokoll des Auftrags sagt, wo; starten Sie den Auftrag neu, und melden Sie es, wenn es wieder passiert.';
$string['check_engine'] = 'Archivist: PHP-Erweiterung';
$string['check_engine_cronmissing'] = 'Der Webserver hat die PHP-Erweiterung „archivist“ {$a}, Cron aber nicht: Kein Auftrag kann laufen. Aktivieren Sie die Erweiterung auch für PHP auf der Kommandozeile und warten Sie auf den Vorgang „Archivaufträge aufräumen“.';
$string['check_engine_differ'] = 'Der Webserver hat die PHP-Erweiterung „archivist“ {$a->web}, Cron hat {$a->cron}. Installieren Sie für beide dieselbe Version.';
$string['check_engine_ok'] = 'Version {$a} ist geladen.';
$string['check_progress'] = 'Archivist: Aufträge kommen voran';
$string['check_progress_ok'] = 'Kein Archivauftrag hängt.';
$string['check_progress_stalled'] = 'Diese Archivaufträge laufen und zeigen keinen Fortschritt: {$a}. Bitte prüfen, ob Platten und Speicher antworten; auch ein großes Archiv, das zurückgelesen wird, zeigt keinen. Wenn ein Cron-Prozess hängt, ihn beenden: Der Auftrag geht mit dem nächsten weiter.';
$string['check_staging'] = 'Archivist: Journale der Aufträge';
$string['check_staging_damaged'] = 'Was die Engine über diese Aufträge aufgeschrieben hat, ist beschädigt: {$a}. Sehen Sie nach, ob der Datenträger von moodledata in Ordnung ist; suchen Sie jeden Auftrag anhand seiner UUID, und starten Sie ihn neu oder löschen Sie ihn.';
$string['check_staging_ok'] = 'Was die Engine über Aufträge aufgeschrieben hat, ist lesbar.';
$string['check_storage'] = 'Archivist: Speicher „{$a}“';
$string['check_storage_disabled'] = 'Deaktiviert: Neue Archive kommen nicht dorthin.';
$string['check_storage_full'] = 'Nur noch {$a} sind frei. Schaffen Sie Platz, oder fügen Sie einen Speicher hinzu.';
$string['check_storage_ok'] = 'Geschrieben, zurückgelesen und gelöscht.';
$string['check_storages'] = 'Archivist: Speicher';
$string['check_storages_ok'] = 'Speicher, die neue Archive aufnehmen: {$a}.';
$string['cli_level'] = 'Diese Stufe gibt es nicht. Möglich sind: {$a}.';
$string['cli_nocmid'] = 'Eine Aktivität mit der Kursmodul-ID {$a} gibt es nicht. Sie ist die Zahl hinter „id=“ in der Adresse der Aktivität.';
$string['cli_nouser'] = 'Einen Nutzer mit der ID {$a} gibt es nicht.';
$string['cli_number'] = 'Die Option {$a} braucht eine ganze Zahl größer als 0; --help sagt mehr.';
$string['cli_state'] = 'Einen solchen Zustand gibt es nicht; --help zählt sie auf.';
$string['cli_yes'] = 'Mit dem Auftrag wird sein Archiv in jedem Speicher gelöscht. Fügen Sie --yes hinzu, wenn das gemeint ist.';
$string['completeat'] = 'Letztes vollständiges Archiv: {$a}';
$string['completeness'] = 'Vollständigkeit';
$string['copies'] = 'Gespeicherte Kopien';
$string['copy_deleted'] = 'Gelöscht {$a}';
$string['copy_waiting'] = 'Noch nicht gespeichert';
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
$string['error_blind'] = 'In dieser Aktivität wird anonym bewertet, und ein Archiv einer einzelnen Person würde zeigen, wessen Arbeit es ist. Archivieren Sie die Daten aller, oder warten Sie, bis die Identitäten aufgedeckt sind.';
$string['error_choosestore'] = 'Wählen Sie mindestens einen Speicher.';
$string['error_chooseuser'] = 'Wählen Sie die Person, deren Daten archiviert werden sollen.';
$string['error_copydeleted'] = 'Diese Kopie wurde gelöscht. Öffnen Sie den Auftrag, um zu sehen, ob es eine andere gibt.';
$string['error_copygone'] = 'Es gibt keine gespeicherte Kopie mit der ID {$a}; sie wurde mit ihrem Auftrag gelöscht.';
$string['error_copywriting'] = 'Diese Kopie wird gerade geschrieben. Warten Sie, bis der Auftrag beendet ist, und laden Sie sie dann herunter.';
$string['error_filemissing'] = 'Die Datei „{$a}“ ist in Moodle verzeichnet, aber ihr Inhalt fehlt im Dateispeicher. Stellen Sie ihn aus einer Sicherung von moodledata wieder her, und archivieren Sie dann erneut.';
$string['error_format'] = 'Ein solches Archivformat gibt es nicht. Möglich sind: {$a}.';
$string['error_jobended'] = 'Dieser Auftrag ist bereits beendet.';
$string['error_jobgone'] = 'Es gibt keinen Archivierungsauftrag mit der ID {$a}; er wurde gelöscht.';
$string['error_jobnotended'] = 'Dieser Auftrag ist nicht beendet. Brechen Sie ihn ab oder warten Sie sein Ende ab, und löschen Sie ihn dann.';
$string['error_jobnotfailed'] = 'Nur ein Auftrag, der fehlgeschlagen, abgebrochen oder unvollständig ist oder auf einen neuen Versuch wartet, kann erneut gestartet werden.';
$string['error_jobruns'] = 'Dieser Auftrag läuft. Brechen Sie ihn zuerst ab, und versuchen Sie es nach seinem Ende erneut.';
$string['error_name'] = 'Geben Sie dem Speicher einen Namen mit höchstens 255 Zeichen.';
$string['error_nostore'] = 'Es ist kein Speicher konfiguriert und aktiviert. Bitten Sie die Administration, unter Website-Administration > Plugins > Lokale Plugins > Archivist einen anzulegen.';
$string['error_notdeleted'] = 'Die Kopie im Speicher „{$a->store}“ konnte nicht gelöscht werden: {$a->cause}';
$string['error_nothingchosen'] = 'Es wurde keine Aktivität gewählt. Wählen Sie mindestens eine aus und archivieren Sie dann erneut.';
$string['error_notseen'] = 'Ein Archiv dieser Aktivität zeigt mehr, als Sie darin sehen dürfen: die Bewertungen oder die Arbeiten aller Gruppen. Bitten Sie jemanden, der in der Aktivität alles sehen darf.';
$string['error_number'] = 'Geben Sie eine ganze Zahl von {$a->min} bis {$a->max} ein.';
$string['error_post'] = 'Dazu braucht es die Schaltfläche auf der Seite; ein Link darauf bewirkt nichts. Gehen Sie zurück und nutzen Sie die Schaltfläche.';
$string['error_provenkept'] = 'Das Archiv dieses Auftrags ist gespeichert und geprüft, nur die Datenbank weiß es nicht; es wurde nichts entfernt. Starten Sie den Auftrag erneut: Er wird mit diesem Archiv abgeschlossen.';
$string['error_running'] = '{$a} wird bereits archiviert. Warten Sie, bis dieser Auftrag beendet ist, oder brechen Sie ihn ab.';
$string['error_spool'] = 'In den temporären Ordner kann nicht geschrieben werden: Er ist voll, oder Cron darf dort nicht schreiben. Schaffen Sie Platz in Moodles lokalem Ordner für Anfragen ($CFG->localrequestdir) oder berichtigen Sie dessen Rechte, und archivieren Sie dann erneut.';
$string['error_storedisabled'] = 'Der Speicher „{$a}“ ist deaktiviert. Wählen Sie einen anderen, oder bitten Sie die Administration, ihn zu aktivieren.';
$string['error_storegone'] = 'Der Speicher mit der ID {$a} ist nicht mehr konfiguriert, oder sein Treiber ist nicht installiert. Wählen Sie einen anderen Speicher.';
$string['error_storekind'] = 'Speicher der Art „{$a}“ gibt es nicht: Ihr Treiber ist nicht installiert.';
$string['error_storeused'] = 'In diesem Speicher liegen Archive, deshalb bleibt er. Deaktivieren Sie ihn stattdessen, damit keine neuen hinzukommen.';
$string['error_unsupported'] = 'Aktivitäten des Typs „{$a}“ können noch nicht archiviert werden: Dafür ist kein Archivierungstreiber installiert.';
$string['error_workspace'] = 'Der Ordner {$a} für temporäre Dateien lässt sich nicht anlegen. Prüfen Sie, ob der Ordner darüber existiert, ob der Benutzer des Webservers in ihn schreiben darf und ob der Datenträger voll ist; starten Sie den Auftrag danach erneut.';
$string['error_workspaceforeign'] = '{$a} steht dem Ordner für temporäre Dateien im Weg: Es ist eine Verknüpfung oder eine Datei oder gehört einem anderen Benutzer des Servers. Es wurde nicht angetastet. Entfernen Sie es oder setzen Sie TMPDIR auf einen Ordner, in den nur der Benutzer des Webservers schreiben darf; starten Sie den Auftrag danach erneut.';
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
$string['filter_course'] = 'Kurs (Name oder ID)';
$string['filter_text'] = 'Aktivität, Person oder UUID';
$string['format'] = 'Format';
$string['format_help'] = 'ZIP lässt sich überall öffnen. tar.zst ist am kleinsten und am schnellsten erstellt. Alle enthalten dieselben Dateien mit denselben Prüfsummen.';
$string['format_tar'] = 'tar (unkomprimiert)';
$string['format_targz'] = 'tar.gz';
$string['format_tarzst'] = 'tar.zst (am kleinsten)';
$string['format_zip'] = 'ZIP (überall zu öffnen)';
$string['iopriority_idle'] = 'Nur, wenn niemand sonst die Platte braucht';
$string['iopriority_low'] = 'Niedrig';
$string['iopriority_normal'] = 'Wie Cron';
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
$string['jobdeletesure'] = 'Den Auftrag zu „{$a->name}“ mit seinen gespeicherten Kopien ({$a->copies}) löschen? Was darin ist, geht verloren, und das kann nicht rückgängig gemacht werden.';
$string['jobretried'] = 'Der Auftrag wird erneut gestartet.';
$string['jobretrysure'] = 'Den Auftrag „{$a->name}“ erneut starten? Er beginnt von vorn und archiviert, was dann in der Aktivität ist.';
$string['jobretrysure_partial'] = 'Den Auftrag „{$a->name}“ erneut starten? Er erstellt ein neues Archiv mit allem, was sich dann einsammeln lässt. Was jetzt gespeichert ist, bleibt, bis das neue Archiv fertig ist.';
$string['jobretrysure_waiting'] = 'Den Auftrag „{$a->name}“ jetzt starten? Er wartet dann nicht auf den nächsten Versuch, und seine Versuche werden von vorn gezählt.';
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
$string['log_newest'] = 'Im Protokoll um {$a}:';
$string['log_packaged'] = 'Das Archiv ist schon gepackt; es wird nur noch gespeichert.';
$string['log_problems'] = 'Alle Warnungen und Fehler';
$string['log_replaced'] = 'Woran der Auftrag zuerst scheiterte, ehe sich zeigte, dass seine Aktivität weg ist: {$a}';
$string['log_requeued'] = 'Niemand führte den Auftrag mehr aus, deshalb wurde er wieder eingereiht.';
$string['log_source'] = 'Quelle';
$string['log_stalled'] = 'Seit {$a} kein Fortschritt, obwohl ein Prozess den Auftrag bearbeitet. Bitte prüfen, ob Platten und Speicher antworten; wenn der Prozess hängt, ihn beenden, dann geht der Auftrag mit dem nächsten Cron weiter.';
$string['log_state'] = 'Zustand: {$a}';
$string['log_stored'] = 'In jedem Speicher gespeichert, zurückgelesen und verglichen. Dateien: {$a->entries}; Größe: {$a->size}; SHA-256: {$a->sha256}.';
$string['log_superseded'] = 'Das unvollständige Archiv {$a} wurde entfernt: Ein vollständiges ist gespeichert und geprüft.';
$string['loglevel'] = 'Stufe';
$string['loglevel_0'] = 'Debug';
$string['loglevel_1'] = 'Info';
$string['loglevel_2'] = 'Hinweis';
$string['loglevel_3'] = 'Warnung';
$string['loglevel_4'] = 'Fehler';
$string['loglevel_debug'] = 'Alles, zur Fehlersuche';
$string['loglevel_error'] = 'Nur Fehler';
$string['loglevel_from'] = 'Ab Stufe';
$string['loglevel_info'] = 'Was geschieht';
$string['loglevel_notice'] = 'Was bemerkenswert ist';
$string['loglevel_warning'] = 'Warnungen und Fehler';
$string['managestores'] = 'Speicher verwalten und prüfen';
$string['message_jobcompleted'] = 'Die Aktivität „{$a->activity}“ des Kurses „{$a->course}“ wurde archiviert. Jede Kopie wurde zurückgelesen und verglichen.

{$a->url}';
$string['message_jobcompleted_subject'] = 'Archiviert: {$a->activity}';
$string['message_jobcompleted_summary'] = 'Seit {$a->since} wären es sehr viele Nachrichten geworden, deshalb ist der Rest hier zusammengefasst. Weitere Ihrer Archivierungsaufträge, die fertig sind: {$a->number}. Jede Kopie wurde zurückgelesen und verglichen.

{$a->courses}';
$string['message_jobcompleted_summary_subject'] = 'Weitere fertige Archivierungsaufträge: {$a->number}';
$string['message_jobfailed'] = 'Die Aktivität „{$a->activity}“ des Kurses „{$a->course}“ konnte nicht archiviert werden, und nichts davon wurde gespeichert.

{$a->cause}

{$a->url}';
$string['message_jobfailed_subject'] = 'Archivieren fehlgeschlagen: {$a->activity}';
$string['message_jobfailed_summary'] = 'Seit {$a->since} wären es sehr viele Nachrichten geworden, deshalb ist der Rest hier zusammengefasst. Weitere fehlgeschlagene Archivierungsaufträge: {$a->number}; nichts davon wurde gespeichert. Jeder Auftrag nennt den Grund; oft ist es einer für alle, etwa ein Speicher, der voll ist oder nicht antwortet.

{$a->courses}';
$string['message_jobfailed_summary_subject'] = 'Weitere fehlgeschlagene Archivierungsaufträge: {$a->number}';
$string['message_jobpartial'] = 'Dem Archiv der Aktivität „{$a->activity}“ im Kurs „{$a->course}“ fehlt etwas: {$a->done} von {$a->total} Dingen sind darin.

{$a->cause}

Es fehlt ({$a->missing}):
{$a->names}

{$a->url}';
$string['message_jobpartial_subject'] = 'Teilweise archiviert, {$a->done} von {$a->total}: {$a->activity}';
$string['message_jobpartial_summary'] = 'Seit {$a->since} wären es sehr viele Nachrichten geworden, deshalb ist der Rest hier zusammengefasst. Weitere Archivierungsaufträge, deren Archiv etwas fehlt: {$a->number}. Jeder Auftrag nennt, was fehlt und warum.

{$a->courses}';
$string['message_jobpartial_summary_subject'] = 'Weitere Archive, denen etwas fehlt: {$a->number}';
$string['message_open'] = 'Archivauftrag öffnen';
$string['message_openjobs'] = 'Archivierungsaufträge öffnen';
$string['message_summary_course'] = '{$a->course}: {$a->number}
{$a->url}';
$string['message_summary_more'] = '… und weitere Kurse: {$a}';
$string['messageprovider:jobcompleted'] = 'Ein Archivauftrag von Ihnen ist abgeschlossen';
$string['messageprovider:jobfailed'] = 'Ein Archivauftrag ist fehlgeschlagen';
$string['messageprovider:jobpartial'] = 'Einem Archiv fehlt etwas';
$string['missing'] = 'Nicht im Archiv: {$a}';
$string['missing_head'] = 'Was fehlt';
$string['missing_more'] = '… und {$a} weitere.';
$string['noactivities'] = 'Dieser Kurs hat keine Aktivitäten, die archiviert werden können. Der Filter zeigt auch die anderen.';
$string['nojobs'] = 'Es gibt hier keine Archivierungsaufträge.';
$string['nolog'] = 'Auf dieser Stufe steht nichts im Protokoll.';
$string['nomatch'] = 'Keine Aktivität passt zum Filter.';
$string['origin_cli'] = 'Kommandozeile';
$string['origin_cron'] = 'Zeitplan';
$string['origin_page'] = 'Seite im Kurs';
$string['page_jobs'] = 'Archivaufträge';
$string['page_stores'] = 'Speicher';
$string['pattern_empty'] = 'Das Muster ist leer.';
$string['pattern_unknown'] = 'Das Muster enthält ein „$“, das keine Variable ist. Möglich sind, in der Form &#36;&#123;name&#125;: {$a}.';
$string['pluginname'] = 'Archivist';
$string['privacy:metadata:archive'] = 'Das Archiv selbst: was die Personen in einer Aktivität abgegeben haben, und wie es bewertet wurde.';
$string['privacy:metadata:core_message'] = 'Wer ein Archiv angefordert hat, erfährt, wenn es fertig oder fehlgeschlagen ist.';
$string['privacy:metadata:field:activityname'] = 'Der Name der Aktivität';
$string['privacy:metadata:field:cause'] = 'Warum es fehlschlug; kann Personen nennen, deren Daten fehlen';
$string['privacy:metadata:field:collected'] = 'Was für ein Archiv, das gerade entsteht, nicht eingesammelt werden konnte, mit den Namen der Dateien und derer, denen sie gehören.';
$string['privacy:metadata:field:coursename'] = 'Der Name des Kurses';
$string['privacy:metadata:field:destination'] = 'Wohin die Bytes gehen';
$string['privacy:metadata:field:failures'] = 'Was im Archiv fehlt, mit den Namen der Dateien und derer, denen sie gehören.';
$string['privacy:metadata:field:filename'] = 'Der Name des Archivs';
$string['privacy:metadata:field:kind'] = 'Was mitgeteilt wird';
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
$string['privacy:metadata:local_archivist_notice'] = 'Wem in den letzten Stunden mitgeteilt wurde, wie Archivierungsaufträge endeten, und was auf eine Zusammenfassung wartet';
$string['privacy:metadata:local_archivist_task'] = 'Die Teile von Archivaufträgen';
$string['privacy:metadata:storage'] = 'Archive werden in Speichern aufbewahrt, die außerhalb von Moodle liegen können. Sie sind Nachweise und bleiben, bis jemand mit dem Recht dazu sie löscht, auch wenn ein Konto gelöscht wird.';
$string['progress'] = 'Fortschritt';
$string['progress_cancelling'] = 'Jemand hat den Auftrag abgebrochen; er endet gleich.';
$string['progress_collecting'] = 'Was zur Aktivität gehört, wird gerade gesammelt.';
$string['progress_completed'] = 'Abgeschlossen am {$a}; jede Kopie wurde zurückgelesen und verglichen.';
$string['progress_files'] = '{$a->done} von {$a->total} Dateien, {$a->bytesdone} von {$a->bytestotal}';
$string['progress_left'] = ', noch etwa {$a}';
$string['progress_queued'] = 'Der Auftrag startet von selbst, wenn er an der Reihe ist.';
$string['progress_rate'] = ', {$a}/s';
$string['progress_readback'] = 'Alle {$a->total} Dateien ({$a->bytestotal}) sind gepackt; jede Kopie wird zurückgelesen und verglichen.';
$string['progress_retry'] = 'Wartet auf den nächsten Versuch um {$a->time} ({$a->next} von {$a->max}).';
$string['progress_retrysoon'] = 'Wartet auf den nächsten Versuch ({$a->next} von {$a->max}); er beginnt mit dem nächsten Lauf von Cron.';
$string['scope'] = 'Wessen Daten';
$string['scope_all'] = 'Alle';
$string['scope_help'] = 'Die Regel ist ein Archiv mit den Daten aller. Wählen Sie eine Person, um eine Kopie nur für sie zu erstellen; die Aktivität zählt dadurch nicht als archiviert.';
$string['scope_user'] = 'Eine Person';
$string['selectactivity'] = '{$a} auswählen';
$string['setting_attempts'] = 'Versuche';
$string['setting_attempts_desc'] = 'Wie oft ein Auftrag begonnen wird, bevor er aufgegeben wird. Ein abgebrochener Lauf zählt mit. Nach einem Fehler, der vorübergehen kann, beginnt der nächste Versuch nach einer Minute, dann jeweils nach der doppelten Zeit, höchstens nach einer Stunde.';
$string['setting_backup'] = 'Moodles Sicherung dazu';
$string['setting_backup_desc'] = 'Legt jedem Archiv Moodles eigene Sicherung der Aktivität bei, damit sie sich in einem Moodle wiederherstellen lässt; ohne Personen, wo das Archiv nur eine Person betrifft oder anonym bewertet wird. Das kostet Zeit und vorübergehend Platz in moodledata.';
$string['setting_format'] = 'Format';
$string['setting_format_desc'] = 'ZIP lässt sich überall öffnen. tar.zst ist am kleinsten und schnellsten, wo man seine Werkzeuge kennt.';
$string['setting_iopriority'] = 'Vorrang an der Platte';
$string['setting_iopriority_desc'] = 'Wie weit die Threads eines Auftrags an der Platte hinter anderen Programmen zurücktreten.';
$string['setting_jobsmax'] = 'Aufträge zugleich';
$string['setting_jobsmax_desc'] = 'Auf allen Cron-Servern zusammen. Große Aufträge (über 1 GiB) lassen einen dieser Plätze frei, damit kleine nicht auf sie warten. Die Grenzen, die Moodle selbst für Ad-hoc-Aufgaben hat, gelten auch. 0: so viele, wie diese erlauben.';
$string['setting_logdays'] = 'Protokolleinträge behalten';
$string['setting_logdays_desc'] = 'Tage, nach denen Einträge der Stufen Debug und Info gelöscht werden; 0 behält sie. Warnungen und Fehler bleiben so lange wie ihr Auftrag.';
$string['setting_loglevel'] = 'Ins Protokoll schreiben';
$string['setting_loglevel_desc'] = 'Was das Protokoll eines Auftrags festhält.';
$string['setting_memorymib'] = 'Arbeitsspeicher in MiB';
$string['setting_memorymib_desc'] = 'Was ein Auftrag für Bytes unterwegs nimmt; mehr lässt mehr Threads zugleich arbeiten.';
$string['setting_namepattern'] = 'Namen der Archive';
$string['setting_namepattern_desc'] = 'Der Name für Menschen. Möglich sind, in der Form &#36;&#123;name&#125;: {$a}.';
$string['setting_nice'] = 'Nice-Wert';
$string['setting_nice_desc'] = 'Wie weit die Threads eines Auftrags am Prozessor hinter anderen Programmen zurücktreten, zusätzlich zu dem, was Cron hat: 0 (gar nicht) bis 19 (ganz).';
$string['setting_sha512'] = 'Auch SHA-512';
$string['setting_sha512_desc'] = 'Fügt jedem Archiv eine zweite Liste von Prüfsummen hinzu.';
$string['setting_staging'] = 'Weg in die Speicher';
$string['setting_staging_desc'] = 'In alle Speicher zugleich gepackt braucht ein Archiv keinen Platz daneben, aber alle müssen antworten, bis es fertig ist. Zuerst daneben gepackt, in {$a}, wird es einmal gepackt, und nur das Speichern wird wiederholt, wenn ein Speicher eine Weile nicht erreichbar ist.';
$string['setting_staginglimitgib'] = 'Zwischenlager in GiB';
$string['setting_staginglimitgib_desc'] = 'Wie viel alle Archive zusammen belegen dürfen, die gepackt und noch nicht gespeichert sind. 0: so viel, wie der Datenträger hat.';
$string['setting_stalllimit'] = 'Minuten ohne Fortschritt';
$string['setting_stalllimit_desc'] = 'Ein Auftrag, der so lange nicht vorankommt, wird angehalten und später erneut versucht; wenn das nicht geht, weil sein Prozess hängt, wird er im Protokoll und im Systemstatus genannt. 0: nie.';
$string['setting_threads'] = 'Threads';
$string['setting_threads_desc'] = 'Mit wie vielen Threads ein Auftrag rechnet; 0: einer je Kern.';
$string['setting_timelimit'] = 'Zeitgrenze in Stunden';
$string['setting_timelimit_desc'] = 'Für einen Auftrag über alle Versuche, gezählt ab der ersten Arbeit; das Warten davor zählt nicht. 0: keine.';
$string['settings'] = 'Einstellungen';
$string['sha512'] = 'SHA-512';
$string['sha512_label'] = 'Prüfsummen mit SHA-512 neben denen mit SHA-256';
$string['showjob'] = 'Den neuesten Auftrag zeigen';
$string['showunsupported'] = 'Auch nicht archivierbare Aktivitäten';
$string['spacefree'] = '{$a->free} von {$a->total}';
$string['spaceunknown'] = 'Nicht gemeldet';
$string['staging_stage'] = 'Einmal daneben gepackt, dann gespeichert';
$string['staging_stream'] = 'In alle Speicher zugleich gepackt';
$string['state'] = 'Status';
$string['state_aborted'] = 'Abgebrochen';
$string['state_archiving'] = 'Wird archiviert';
$string['state_cleanup'] = 'Wird aufgeräumt';
$string['state_completed'] = 'Archiviert';
$string['state_deleted'] = 'Gelöscht';
$string['state_error'] = 'Fehler';
$string['state_errorhandling'] = 'Wird nach einem Fehler aufgeräumt';
$string['state_failure'] = 'Fehlgeschlagen';
$string['state_partial'] = 'Teilweise archiviert';
$string['state_postprocessing'] = 'Paket wird abgeschlossen';
$string['state_preprocessing'] = 'Wird vorbereitet';
$string['state_queued'] = 'Wartet';
$string['state_recoverable'] = 'Neuer Versuch folgt';
$string['state_sign'] = 'Wird signiert';
$string['state_store'] = 'Wird gespeichert und zurückgelesen';
$string['state_uninitialized'] = 'Wird angelegt';
$string['state_unknown'] = 'Unbekannt';
$string['storages'] = 'Speicher';
$string['storages_help'] = 'Das Archiv wird in alle gewählten Speicher zugleich geschrieben; der Auftrag ist erst vollständig, wenn jede Kopie zurückgelesen und verglichen wurde.';
$string['store_add'] = 'Speicher hinzufügen';
$string['store_addkind'] = 'Hinzufügen: {$a}';
$string['store_archives'] = 'Archive';
$string['store_check'] = 'Jetzt prüfen';
$string['store_checked'] = 'Prüfung des Speichers „{$a}“';
$string['store_confirmdelete'] = 'Den Speicher „{$a}“ aus der Liste löschen? In ihm liegt nichts.';
$string['store_deleted'] = 'Der Speicher wurde aus der Liste gelöscht.';
$string['store_disabled'] = 'Deaktiviert';
$string['store_edit'] = 'Speicher ändern';
$string['store_enabled'] = 'Nimmt neue Archive auf';
$string['store_enabled_help'] = 'Jedes neue Archiv kommt zugleich in alle aktivierten Speicher, sofern sein Auftrag nicht einige davon auswählt. Archive in einem deaktivierten Speicher bleiben und lassen sich herunterladen.';
$string['store_first'] = 'Moodles Dateiablage';
$string['store_free'] = 'Frei / gesamt';
$string['store_kind'] = 'Art';
$string['store_newest'] = 'Neuestes Archiv';
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
$string['storegone'] = 'Nicht mehr eingerichteter Speicher';
$string['stores_none'] = 'Kein Speicher nimmt neue Archive auf, deshalb lässt sich nichts archivieren. Fügen Sie einen Speicher hinzu, oder aktivieren Sie einen.';
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
$string['task_cleanup'] = 'Archivaufträge aufräumen';
$string['task_from'] = 'Von';
$string['task_rescue'] = 'Unterbrochene Archivaufträge fortsetzen';
$string['task_runjob'] = 'Archivierungsauftrag ausführen';
$string['task_sendsummaries'] = 'Zusammenfassungen zu Archivierungsaufträgen senden';
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
