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
 * English strings of local_archivist.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$string['activitiescaption'] = 'Activities of the course and what is archived of them';
$string['activity_archived'] = 'Archived';
$string['activity_changed'] = 'Changed since';
$string['activity_failed'] = 'Failed';
$string['activity_never'] = 'Never archived';
$string['activity_partial'] = 'Partly archived';
$string['activity_partialof'] = 'Partly archived: {$a->done} of {$a->total}';
$string['activity_running'] = 'Being archived';
$string['activity_unsupported'] = 'Cannot be archived yet';
$string['activitygone'] = 'Activity deleted';
$string['alljobs'] = 'All archive jobs';
$string['archive'] = 'Archive';
$string['archivedat'] = 'Last archived: {$a}';
$string['archivehead'] = 'Archive activities';
$string['archivenow'] = 'Archive now';
$string['archives'] = 'Archives';
$string['archiveselected'] = 'Archive selected…';
$string['archivewithoptions'] = 'Archive with options: {$a}';
$string['archivist:configure'] = 'Configure Archivist and see all its jobs';
$string['archivist:create'] = 'Archive activities';
$string['archivist:delete'] = 'Delete archives';
$string['archivist:download'] = 'Download archives';
$string['archivist:view'] = 'See what is archived';
$string['backup'] = 'Moodle backup';
$string['backup_help'] = 'Moodle\'s own backup of the activity (.mbz) is put into the archive too. It can be restored into a Moodle later, which takes longer to make and makes the archive larger.';
$string['backup_label'] = 'Put Moodle\'s own backup of the activity beside the data';
$string['cause_activitygone'] = 'The activity "{$a}" was deleted before it was archived. Archives that were made earlier are kept.';
$string['cause_attempts'] = 'The job was interrupted {$a} times before it was complete, and was given up. Look into the log of cron, then start it again.';
$string['cause_backupsetting'] = 'Moodle\'s backup of the activity was not made, since its setting "{$a}" could not be set as this archive needs it. Archive without the backup, or ask an administrator to look at the defaults for backups.';
$string['cause_cancelled'] = 'Somebody cancelled the job; nothing of it was stored.';
$string['cause_database'] = 'Moodle\'s database did not do what was asked: {$a} Look whether it answers; when it says the same at the next attempt, look into its own log.';
$string['cause_downloadended'] = 'The download was broken off before its end.';
$string['cause_failures'] = '{$a->number} items could not be collected, which is too much for an archive. {$a->names} Mend what is named, then start the job again.';
$string['cause_incomplete'] = 'The archive would not be complete: {$a->number} things that are in the database could not be collected, so nothing was stored. Missing: {$a->names}';
$string['cause_interrupted'] = 'Cron was asked to end, or the run was killed. The job goes on with the next run of cron.';
$string['cause_journal'] = 'What the engine had written down about this job is damaged, so nobody knows what of it is stored; nothing was removed. Look whether the disk of moodledata is sound, then start the job again: it begins anew. The engine says: {$a}';
$string['cause_left'] = '{$a->cause} Something of it could not be removed yet: {$a->left} The task "Tidy up archive jobs" tries again every hour.';
$string['cause_nobackup'] = 'Moodle made no backup of the activity. Try it with Moodle\'s own backup to see why, or archive without a backup.';
$string['cause_notwhatstored'] = 'The copy {$a->key} in the storage "{$a->store}" is not what was stored: its size or its SHA-256 differs from what was recorded, so it was not handed out completely. Use another copy, and have the storage checked.';
$string['cause_partial'] = 'Missing in the archive: {$a->number}; everything else is in it. {$a->names} Mend what is named, then start the job again: the incomplete archive stays until a complete one is proven.';
$string['cause_partialgone'] = 'The activity was deleted while it was archived. Missing in the archive: {$a->number}. {$a->names} The archive has what was read before and stays until somebody deletes the job.';
$string['cause_partialkept'] = '{$a} The incomplete archive that was made before stays.';
$string['cause_readfailed'] = 'The copy could not be handed out: {$a} Try another copy, and have the storage checked.';
$string['cause_source'] = 'A file of the activity could not be read, so nothing was stored: {$a} Look whether it can still be downloaded in Moodle, then start the job again.';
$string['cause_stalled'] = 'The job made no progress for {$a} and was stopped. Look whether the disks and storages answer.';
$string['cause_storage'] = 'The archive could not be stored, and nothing of it stays: {$a} Ask an administrator to check the storage, then start the job again.';
$string['cause_storagewaits'] = 'Not every storage took the archive; what is packed and stored is kept for the next attempt: {$a} Ask an administrator to check the storage.';
$string['cause_taken'] = 'A storage holds something under the key of this archive that this job has not stored; was Moodle\'s database restored from a backup? Nothing was overwritten. Archive the activity with a new job. The engine says: {$a}';
$string['cause_timelimit'] = 'The job was not done within {$a}, which is its time limit, and was given up. Look into its log for what takes so long, raise "Time limit" in the settings of Archivist if it needs more, then start it again.';
$string['cause_unexpected'] = 'Something went wrong that was not expected: {$a} The job\'s log says where it happened; start the job again, and report it if it happens again.';
$string['check_engine'] = 'Archivist: PHP extension';
$string['check_engine_cronmissing'] = 'The web server has the PHP extension "archivist" {$a}, but cron has not: no job can run. Enable the extension for PHP on the command line, too, then wait for the task "Tidy up archive jobs".';
$string['check_engine_differ'] = 'The web server has the PHP extension "archivist" {$a->web}, cron has {$a->cron}. Install the same version for both.';
$string['check_engine_ok'] = 'Version {$a} is loaded.';
$string['check_progress'] = 'Archivist: jobs get on';
$string['check_progress_ok'] = 'No archive job hangs.';
$string['check_progress_stalled'] = 'These archive jobs run and show no progress: {$a}. Look whether disks and storages answer; a large archive that is read back shows none, either. If a process of cron hangs, end it: the job goes on with the next one.';
$string['check_staging'] = 'Archivist: journals of jobs';
$string['check_staging_damaged'] = 'What the engine has written down about these jobs is damaged: {$a}. Look whether the disk of moodledata is sound; find each job by its UUID, and start it again or delete it.';
$string['check_staging_ok'] = 'What the engine has written down about jobs can be read.';
$string['check_storage'] = 'Archivist: storage "{$a}"';
$string['check_storage_disabled'] = 'Disabled: no new archives go there.';
$string['check_storage_full'] = 'Only {$a} are free. Make room, or add a storage.';
$string['check_storage_ok'] = 'Written, read back and deleted.';
$string['check_storages'] = 'Archivist: storages';
$string['check_storages_ok'] = 'Storages that take new archives: {$a}.';
$string['cli_level'] = 'There is no such level. Possible are: {$a}.';
$string['cli_nocmid'] = 'There is no activity with the course module id {$a}. It is the number behind "id=" in the address of the activity.';
$string['cli_nouser'] = 'There is no user with the id {$a}.';
$string['cli_number'] = 'The option {$a} wants a whole number greater than 0; --help tells more.';
$string['cli_state'] = 'There is no such state; --help lists them.';
$string['cli_yes'] = 'Deleting a job deletes its archive in every storage. Add --yes if that is meant.';
$string['completeat'] = 'Last complete archive: {$a}';
$string['completeness'] = 'Completeness';
$string['copies'] = 'Stored copies';
$string['copy_deleted'] = 'Deleted {$a}';
$string['copy_waiting'] = 'Not stored yet';
$string['copy_writing'] = 'Being written';
$string['copydigest'] = 'Copy {$a}';
$string['count_archived'] = 'Collected';
$string['count_complete'] = 'Complete';
$string['count_expected'] = 'In Moodle';
$string['count_incomplete'] = 'Incomplete';
$string['count_kind'] = 'What';
$string['coursegone'] = 'Deleted in Moodle';
$string['details'] = 'Details';
$string['engine_missing'] = 'The PHP extension "archivist" is not loaded. Install version {$a} or later as its installation guide says, enable it for the web server and for cron, and restart PHP.';
$string['engine_notready'] = '{$a}';
$string['engine_old'] = 'The PHP extension "archivist" has version {$a->found}, but {$a->required} or later is needed. Update the extension and restart PHP.';
$string['error_blind'] = 'Marking is blind in this activity, and an archive of one person would show whose work it is. Archive everybody\'s data, or wait until the identities are revealed.';
$string['error_choosestore'] = 'Choose at least one storage.';
$string['error_chooseuser'] = 'Choose the person whose data is to be archived.';
$string['error_copydeleted'] = 'This copy was deleted. Open the job to see whether there is another one.';
$string['error_copygone'] = 'There is no stored copy with the id {$a}; it was deleted with its job.';
$string['error_copywriting'] = 'This copy is being written. Wait until the job has ended, then download it.';
$string['error_filemissing'] = 'The file "{$a}" is listed in Moodle, but its content is missing in the file pool. Restore it from a backup of moodledata, then archive again.';
$string['error_format'] = 'There is no such format of archives. Possible are: {$a}.';
$string['error_jobended'] = 'This job has ended already.';
$string['error_jobgone'] = 'There is no archive job with the id {$a}; it was deleted.';
$string['error_jobnotended'] = 'This job has not ended. Cancel it, or wait for its end, then delete it.';
$string['error_jobnotfailed'] = 'Only a job that failed, was cancelled, is incomplete or waits for another attempt can be started again.';
$string['error_jobruns'] = 'This job is running. Cancel it first, and try again when it has ended.';
$string['error_name'] = 'Give the storage a name of up to 255 characters.';
$string['error_nostore'] = 'No storage is configured and enabled. Ask an administrator to add one under Site administration > Plugins > Local plugins > Archivist.';
$string['error_notdeleted'] = 'The copy in the storage "{$a->store}" could not be deleted: {$a->cause}';
$string['error_nothingchosen'] = 'No activity was chosen. Select at least one, then archive again.';
$string['error_notseen'] = 'An archive of this activity shows more than you may see in it: the grades, or the work of all groups. Ask somebody who may see everything in the activity.';
$string['error_number'] = 'Enter a whole number from {$a->min} to {$a->max}.';
$string['error_post'] = 'This needs the button on the page; a link to it does nothing. Go back and use the button.';
$string['error_provenkept'] = 'The archive of this job is stored and proven, and only the database does not know it; nothing was removed. Start the job again: it is completed with that archive.';
$string['error_running'] = '{$a} is being archived already. Wait until that job has ended, or cancel it.';
$string['error_spool'] = 'The temporary folder cannot be written to: it is full, or cron must not write there. Make room in Moodle\'s local request folder ($CFG->localrequestdir) or mend its rights, then archive again.';
$string['error_storedisabled'] = 'The storage "{$a}" is disabled. Choose another one, or ask an administrator to enable it.';
$string['error_storegone'] = 'The storage with the id {$a} is not configured any more, or its driver is not installed. Choose another storage.';
$string['error_storekind'] = 'There are no storages of the kind "{$a}": its driver is not installed.';
$string['error_storeused'] = 'Archives lie in this storage, so it is kept. Disable it instead, so that no new ones go there.';
$string['error_unsupported'] = 'Activities of the type "{$a}" cannot be archived yet: no archiving driver for them is installed.';
$string['error_workspace'] = 'The folder {$a} for temporary files cannot be made. Look whether the folder above it exists, whether the web server\'s user may write into it and whether its disk is full; then start the job again.';
$string['error_workspaceforeign'] = '{$a} is in the way of the folder for temporary files: it is a link or a file, or it belongs to another user of the server. It was left alone. Remove it, or set TMPDIR to a folder into which only the web server\'s user may write; then start the job again.';
$string['event_archive_job_aborted'] = 'Archive job aborted';
$string['event_archive_job_completed'] = 'Archive job completed';
$string['event_archive_job_created'] = 'Archive job created';
$string['event_archive_job_deleted'] = 'Archive job deleted';
$string['event_archive_job_failed'] = 'Archive job failed';
$string['event_archive_job_updated'] = 'Archive job updated';
$string['event_read_task_aborted'] = '{$a}: read task aborted';
$string['event_read_task_completed'] = '{$a}: read task completed';
$string['event_read_task_created'] = '{$a}: read task created';
$string['event_read_task_failed'] = '{$a}: read task failed';
$string['event_read_task_updated'] = '{$a}: read task updated';
$string['event_task_aborted'] = '{$a}: archiving task aborted';
$string['event_task_completed'] = '{$a}: archiving task completed';
$string['event_task_created'] = '{$a}: archiving task created';
$string['event_task_failed'] = '{$a}: archiving task failed';
$string['event_task_updated'] = '{$a}: archiving task updated';
$string['event_write_task_aborted'] = '{$a}: write task aborted';
$string['event_write_task_completed'] = '{$a}: write task completed';
$string['event_write_task_created'] = '{$a}: write task created';
$string['event_write_task_failed'] = '{$a}: write task failed';
$string['event_write_task_updated'] = '{$a}: write task updated';
$string['example_activityname'] = 'Exam 1';
$string['example_coursename'] = 'Operating systems 2026';
$string['example_courseshortname'] = 'OS-2026';
$string['example_name'] = 'Example:';
$string['filter_course'] = 'Course (name or id)';
$string['filter_text'] = 'Activity, person or UUID';
$string['format'] = 'Format';
$string['format_help'] = 'ZIP opens everywhere. tar.zst is the smallest and the fastest to make. All of them hold the same files with the same checksums.';
$string['format_tar'] = 'tar (not compressed)';
$string['format_targz'] = 'tar.gz';
$string['format_tarzst'] = 'tar.zst (smallest)';
$string['format_zip'] = 'ZIP (opens everywhere)';
$string['iopriority_idle'] = 'Only when nobody else wants the disk';
$string['iopriority_low'] = 'Low';
$string['iopriority_normal'] = 'As cron has it';
$string['job_attempts'] = 'Attempts';
$string['job_cancel'] = 'Cancel job';
$string['job_created'] = 'Requested';
$string['job_delete'] = 'Delete job and copies…';
$string['job_finished'] = 'Ended';
$string['job_options'] = 'Options';
$string['job_origin'] = 'By way of';
$string['job_retry'] = 'Start again';
$string['job_started'] = 'Started';
$string['job_user'] = 'Requested by';
$string['jobcancelled'] = 'The job is being cancelled.';
$string['jobdeleted'] = 'The job of "{$a}" and its copies were deleted.';
$string['jobdeletesure'] = 'Delete the job of "{$a->name}" with its stored copies ({$a->copies})? What is in them is lost then, and this cannot be undone.';
$string['jobretried'] = 'The job is started again.';
$string['jobretrysure'] = 'Start the job of "{$a->name}" again? It begins from the start and archives what is in the activity then.';
$string['jobretrysure_partial'] = 'Start the job of "{$a->name}" again? It makes a new archive with all that can be collected then. What is stored now stays until the new archive is complete.';
$string['jobretrysure_waiting'] = 'Start the job of "{$a->name}" now? It does not wait for its next try then, and its tries are counted from the start.';
$string['jobs'] = 'Archive jobs';
$string['jobsactive'] = 'Not ended';
$string['jobscreated'] = '{$a} archive jobs were started. You may leave this page; they go on in the background.';
$string['jobscreatedone'] = 'The archive job was started. You may leave this page; it goes on in the background.';
$string['jobstotal'] = 'Jobs: {$a}';
$string['jobtitle'] = 'Archive job: {$a}';
$string['log'] = 'Log';
$string['log_cancelasked'] = 'Somebody asked to cancel the job.';
$string['log_leftover'] = 'Removed what an interrupted run had left in the storage "{$a}".';
$string['log_message'] = 'Message';
$string['log_newest'] = 'In the log at {$a}:';
$string['log_packaged'] = 'The archive is packed already; it is only stored.';
$string['log_problems'] = 'All warnings and errors';
$string['log_replaced'] = 'What the job met first, before it was seen that its activity is gone: {$a}';
$string['log_requeued'] = 'Nobody ran the job any more, so it was put back into the queue.';
$string['log_source'] = 'Source';
$string['log_stalled'] = 'No progress for {$a}, although a process runs the job. Look whether disks and storages answer; if the process hangs, end it, and the job goes on with the next cron.';
$string['log_state'] = 'State: {$a}';
$string['log_stored'] = 'Stored, read back and compared in every storage. Files: {$a->entries}; size: {$a->size}; SHA-256: {$a->sha256}.';
$string['log_superseded'] = 'Removed the incomplete archive {$a}: a complete one is stored and proven.';
$string['loglevel'] = 'Level';
$string['loglevel_0'] = 'Debug';
$string['loglevel_1'] = 'Info';
$string['loglevel_2'] = 'Notice';
$string['loglevel_3'] = 'Warning';
$string['loglevel_4'] = 'Error';
$string['loglevel_debug'] = 'Everything, for the search for errors';
$string['loglevel_error'] = 'Errors only';
$string['loglevel_from'] = 'From level';
$string['loglevel_info'] = 'What happens';
$string['loglevel_notice'] = 'What is remarkable';
$string['loglevel_warning'] = 'Warnings and errors';
$string['managestores'] = 'Manage and check storages';
$string['message_jobcompleted'] = 'The activity "{$a->activity}" of the course "{$a->course}" was archived. Every copy was read back and compared.

{$a->url}';
$string['message_jobcompleted_subject'] = 'Archived: {$a->activity}';
$string['message_jobcompleted_summary'] = 'So many messages would have come since {$a->since} that the rest is summed up here. More archive jobs of yours that completed: {$a->number}. Every copy was read back and compared.

{$a->courses}';
$string['message_jobcompleted_summary_subject'] = 'More archive jobs completed: {$a->number}';
$string['message_jobfailed'] = 'The activity "{$a->activity}" of the course "{$a->course}" could not be archived, and nothing of it was stored.

{$a->cause}

{$a->url}';
$string['message_jobfailed_subject'] = 'Archiving failed: {$a->activity}';
$string['message_jobfailed_summary'] = 'So many messages would have come since {$a->since} that the rest is summed up here. More archive jobs that failed: {$a->number}; nothing of them was stored. Each job says why; often it is one cause for all of them, such as a storage that is full or does not answer.

{$a->courses}';
$string['message_jobfailed_summary_subject'] = 'More archive jobs failed: {$a->number}';
$string['message_jobpartial'] = 'The archive of the activity "{$a->activity}" of the course "{$a->course}" lacks something: {$a->done} of {$a->total} things are in it.

{$a->cause}

Missing ({$a->missing}):
{$a->names}

{$a->url}';
$string['message_jobpartial_subject'] = 'Partly archived, {$a->done} of {$a->total}: {$a->activity}';
$string['message_jobpartial_summary'] = 'So many messages would have come since {$a->since} that the rest is summed up here. More archive jobs whose archive lacks something: {$a->number}. Each job names what is missing, and why.

{$a->courses}';
$string['message_jobpartial_summary_subject'] = 'More archives that lack something: {$a->number}';
$string['message_open'] = 'Open the archive job';
$string['message_openjobs'] = 'Open the archive jobs';
$string['message_summary_course'] = '{$a->course}: {$a->number}
{$a->url}';
$string['message_summary_more'] = '… and further courses: {$a}';
$string['messageprovider:jobcompleted'] = 'An archive job of yours completed';
$string['messageprovider:jobfailed'] = 'An archive job failed';
$string['messageprovider:jobpartial'] = 'An archive lacks something';
$string['missing'] = 'Not in the archive: {$a}';
$string['missing_head'] = 'What is missing';
$string['missing_more'] = '… and {$a} more.';
$string['noactivities'] = 'This course has no activities that can be archived. The filter shows the others too.';
$string['nojobs'] = 'There are no archive jobs here.';
$string['nolog'] = 'Nothing of this level is in the log.';
$string['nomatch'] = 'No activity matches the filter.';
$string['origin_cli'] = 'Command line';
$string['origin_cron'] = 'Schedule';
$string['origin_page'] = 'Page in the course';
$string['page_jobs'] = 'Archive jobs';
$string['page_stores'] = 'Storages';
$string['pattern_empty'] = 'The pattern is empty.';
$string['pattern_unknown'] = 'The pattern has a "$" that is no variable. Possible are, in the form &#36;&#123;name&#125;: {$a}.';
$string['pluginname'] = 'Archivist';
$string['privacy:metadata:archive'] = 'The archive itself: what the people in an activity handed in, and how it was marked.';
$string['privacy:metadata:core_message'] = 'Who asked for an archive is told when it is ready or failed.';
$string['privacy:metadata:field:activityname'] = 'The name of the activity';
$string['privacy:metadata:field:cause'] = 'Why it failed; may name people whose data is missing';
$string['privacy:metadata:field:collected'] = 'What could not be collected for an archive that is being made, with the names of the files and of whose they are.';
$string['privacy:metadata:field:coursename'] = 'The name of the course';
$string['privacy:metadata:field:destination'] = 'Where the bytes go';
$string['privacy:metadata:field:failures'] = 'What is not in the archive, with the names of the files and of whose they are.';
$string['privacy:metadata:field:filename'] = 'The name of the archive';
$string['privacy:metadata:field:kind'] = 'What they are told';
$string['privacy:metadata:field:message'] = 'What happened; may name people whose data is archived';
$string['privacy:metadata:field:options'] = 'What was chosen when the job was made';
$string['privacy:metadata:field:origin'] = 'Whether a page, the command line or cron made the job';
$string['privacy:metadata:field:scopeuserid'] = 'The person whose data is archived, when it is only one';
$string['privacy:metadata:field:sha256'] = 'The checksum of the archive';
$string['privacy:metadata:field:sizebytes'] = 'The size of the archive';
$string['privacy:metadata:field:source'] = 'Where the bytes come from';
$string['privacy:metadata:field:status'] = 'How far the job is';
$string['privacy:metadata:field:storekey'] = 'Where the archive lies in the storage';
$string['privacy:metadata:field:timecreated'] = 'When it was made';
$string['privacy:metadata:field:timedeleted'] = 'When the copy was deleted';
$string['privacy:metadata:field:timefinished'] = 'When the job ended';
$string['privacy:metadata:field:timestarted'] = 'When the job began';
$string['privacy:metadata:field:userid'] = 'The person who asked for the archive';
$string['privacy:metadata:local_archivist_file'] = 'The stored copies of archives';
$string['privacy:metadata:local_archivist_job'] = 'The archive jobs';
$string['privacy:metadata:local_archivist_log'] = 'What happened in archive jobs';
$string['privacy:metadata:local_archivist_notice'] = 'Who was told in the last hours how archive jobs ended, and what waits for a summary';
$string['privacy:metadata:local_archivist_task'] = 'The pieces of archive jobs';
$string['privacy:metadata:storage'] = 'Archives are kept in storages, which may lie outside of Moodle. They are evidence and stay until whoever may delete archives deletes them, also when an account is deleted.';
$string['progress'] = 'Progress';
$string['progress_cancelling'] = 'Somebody cancelled the job; it ends soon.';
$string['progress_collecting'] = 'What belongs to the activity is being collected.';
$string['progress_completed'] = 'Completed on {$a}; every copy was read back and compared.';
$string['progress_files'] = '{$a->done} of {$a->total} files, {$a->bytesdone} of {$a->bytestotal}';
$string['progress_left'] = ', about {$a} left';
$string['progress_queued'] = 'The job starts by itself when its turn comes.';
$string['progress_rate'] = ', {$a}/s';
$string['progress_readback'] = 'All {$a->total} files ({$a->bytestotal}) are packed; every copy is being read back and compared.';
$string['progress_retry'] = 'Waits for its next try at {$a->time} ({$a->next} of {$a->max}).';
$string['progress_retrysoon'] = 'Waits for its next try ({$a->next} of {$a->max}), which begins with the next run of cron.';
$string['scope'] = 'Whose data';
$string['scope_all'] = 'Everybody';
$string['scope_help'] = 'An archive of everybody\'s data is the rule. Choose one person to make a copy for them alone; it does not make the activity count as archived.';
$string['scope_user'] = 'One person';
$string['selectactivity'] = 'Select {$a}';
$string['setting_attempts'] = 'Attempts';
$string['setting_attempts_desc'] = 'How often a job is begun before it is given up. A run that was killed counts. After an error that may pass, the next attempt comes after a minute, then after twice as long each time, at most after an hour.';
$string['setting_backup'] = 'Moodle\'s backup beside it';
$string['setting_backup_desc'] = 'Puts Moodle\'s own backup of the activity into each archive, so that it can be restored into a Moodle; without people where the archive is about one person only, or where marking is blind. It costs time and temporary space in moodledata.';
$string['setting_format'] = 'Format';
$string['setting_format_desc'] = 'ZIP opens everywhere. tar.zst is the smallest and fastest where its tools are known.';
$string['setting_iopriority'] = 'Priority at the disk';
$string['setting_iopriority_desc'] = 'How far the threads of a job step back behind other programs at the disk.';
$string['setting_jobsmax'] = 'Jobs at once';
$string['setting_jobsmax_desc'] = 'On all cron nodes together. Large jobs (of more than 1 GiB) leave one of these places free, so that small ones do not wait for them. Moodle\'s own limits of ad hoc tasks hold, too. 0: as many as those allow.';
$string['setting_logdays'] = 'Keep log records';
$string['setting_logdays_desc'] = 'Days after which records of the levels debug and info are deleted; 0 keeps them. Warnings and errors stay as long as their job.';
$string['setting_loglevel'] = 'Write into the log';
$string['setting_loglevel_desc'] = 'What the log of a job keeps.';
$string['setting_memorymib'] = 'Memory in MiB';
$string['setting_memorymib_desc'] = 'What one job takes for bytes on their way; more lets more threads work at once.';
$string['setting_namepattern'] = 'Names of archives';
$string['setting_namepattern_desc'] = 'The name for people. Possible are, in the form &#36;&#123;name&#125;: {$a}.';
$string['setting_nice'] = 'Nice value';
$string['setting_nice_desc'] = 'How far the threads of a job step back behind other programs at the processor, on top of what cron has: 0 (not at all) to 19 (all the way).';
$string['setting_sha512'] = 'SHA-512, too';
$string['setting_sha512_desc'] = 'Adds a second list of checksums to each archive.';
$string['setting_staging'] = 'Way into the storages';
$string['setting_staging_desc'] = 'Packed into all storages at once, an archive needs no room beside them, but all of them must answer until it is done. Packed beside them first, in {$a}, it is packed once, and only storing it is repeated when a storage is away for a while.';
$string['setting_staginglimitgib'] = 'Staging in GiB';
$string['setting_staginglimitgib_desc'] = 'How much all archives together may take that are packed and not stored yet. 0: as much as the disk has.';
$string['setting_stalllimit'] = 'Minutes without progress';
$string['setting_stalllimit_desc'] = 'A job that makes no progress for so long is stopped and tried again later; one that cannot be stopped, since its process hangs, is named in its log and in the system status. 0: never.';
$string['setting_threads'] = 'Threads';
$string['setting_threads_desc'] = 'How many threads one job computes with; 0: one for each core.';
$string['setting_timelimit'] = 'Time limit in hours';
$string['setting_timelimit_desc'] = 'For a job over all its attempts, counted from its first work; waiting in the queue before that does not count. 0: none.';
$string['settings'] = 'Settings';
$string['sha512'] = 'SHA-512';
$string['sha512_label'] = 'Checksums with SHA-512 beside those with SHA-256';
$string['showjob'] = 'Show the newest job';
$string['showunsupported'] = 'Also activities that cannot be archived';
$string['spacefree'] = '{$a->free} of {$a->total}';
$string['spaceunknown'] = 'Not reported';
$string['staging_stage'] = 'Packed once beside them, then stored';
$string['staging_stream'] = 'Packed into all storages at once';
$string['state'] = 'State';
$string['state_aborted'] = 'Cancelled';
$string['state_archiving'] = 'Archiving';
$string['state_cleanup'] = 'Cleaning up';
$string['state_completed'] = 'Archived';
$string['state_deleted'] = 'Deleted';
$string['state_error'] = 'Error';
$string['state_errorhandling'] = 'Clearing up after an error';
$string['state_failure'] = 'Failed';
$string['state_partial'] = 'Partly archived';
$string['state_postprocessing'] = 'Finishing the package';
$string['state_preprocessing'] = 'Preparing';
$string['state_queued'] = 'Waiting';
$string['state_recoverable'] = 'To be tried again';
$string['state_sign'] = 'Signing';
$string['state_store'] = 'Storing and reading back';
$string['state_uninitialized'] = 'Being made';
$string['state_unknown'] = 'Unknown';
$string['storages'] = 'Storages';
$string['storages_help'] = 'The archive is written to all chosen storages at once, and the job is complete only when every copy was read back and compared.';
$string['store_add'] = 'Add a storage';
$string['store_addkind'] = 'Add: {$a}';
$string['store_archives'] = 'Archives';
$string['store_check'] = 'Check now';
$string['store_checked'] = 'Check of the storage "{$a}"';
$string['store_confirmdelete'] = 'Delete the storage "{$a}" from the list? Nothing lies in it.';
$string['store_deleted'] = 'The storage was deleted from the list.';
$string['store_disabled'] = 'Disabled';
$string['store_edit'] = 'Change a storage';
$string['store_enabled'] = 'Takes new archives';
$string['store_enabled_help'] = 'Each new archive goes into all enabled storages at once, unless its job chooses some of them. Archives in a disabled storage stay and can be downloaded.';
$string['store_first'] = 'Moodle\'s file storage';
$string['store_free'] = 'Free / total';
$string['store_kind'] = 'Kind';
$string['store_newest'] = 'Newest archive';
$string['store_nodriver'] = 'The driver "{$a}" is not installed any more. Install it again to reach the archives.';
$string['store_saved'] = 'The storage was saved, and can be used: something was written, read back and deleted.';
$string['store_savedbroken'] = 'The storage was saved, but cannot be used yet: {$a}';
$string['store_state'] = 'State';
$string['store_step_connect'] = 'Connect';
$string['store_step_delete'] = 'Delete';
$string['store_step_read'] = 'Read back';
$string['store_step_write'] = 'Write';
$string['store_stepdone'] = 'done';
$string['store_stepnotdone'] = 'not done';
$string['store_unknown'] = 'unknown';
$string['store_used'] = 'Archives lie in this storage. When you change where it is, move them there first: they are looked for under the same keys.';
$string['store_where'] = 'Kind and place';
$string['storegone'] = 'Storage that is not configured any more';
$string['stores_none'] = 'No storage takes new archives, so nothing can be archived. Add a storage, or enable one.';
$string['subplugintype_archiveconnector'] = 'External event connector';
$string['subplugintype_archiveconnector_plural'] = 'External event connectors';
$string['subplugintype_archiver'] = 'Activity archiving driver';
$string['subplugintype_archiver_plural'] = 'Activity archiving drivers';
$string['subplugintype_archivestore'] = 'Storage driver';
$string['subplugintype_archivestore_plural'] = 'Storage drivers';
$string['subplugintype_archivetrigger'] = 'Archive trigger';
$string['subplugintype_archivetrigger_plural'] = 'Archive triggers';
$string['task'] = 'Task';
$string['task_changed'] = 'Last change';
$string['task_cleanup'] = 'Tidy up archive jobs';
$string['task_from'] = 'From';
$string['task_rescue'] = 'Go on with interrupted archive jobs';
$string['task_runjob'] = 'Run an archive job';
$string['task_sendsummaries'] = 'Send summaries about archive jobs';
$string['task_to'] = 'To';
$string['taskkind_archive'] = 'Archive';
$string['taskkind_read'] = 'Read';
$string['taskkind_write'] = 'Write';
$string['tasks'] = 'Tasks of the drivers';
$string['taskstatus_aborted'] = 'Aborted';
$string['taskstatus_completed'] = 'Completed';
$string['taskstatus_created'] = 'Created';
$string['taskstatus_failed'] = 'Failed';
$string['taskstatus_running'] = 'Running';
$string['uuid'] = 'UUID';
