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

$string['archivist:configure'] = 'Configure Archivist and see all its jobs';
$string['archivist:create'] = 'Archive activities';
$string['archivist:delete'] = 'Delete archives';
$string['archivist:download'] = 'Download archives';
$string['archivist:view'] = 'See what is archived';
$string['cause_activitygone'] = 'The activity "{$a}" was deleted before it was archived. Archives that were made earlier are kept.';
$string['cause_attempts'] = 'The job was interrupted {$a} times before it was complete, and was given up. Look into the log of cron, then start it again.';
$string['cause_cancelled'] = 'Somebody cancelled the job; nothing of it was stored.';
$string['cause_incomplete'] = 'The archive would not be complete: {$a->number} things that are in the database could not be collected, so nothing was stored. Missing: {$a->names}';
$string['cause_interrupted'] = 'Cron was asked to end, or the run was killed. The job begins anew with the next run of cron.';
$string['cause_nobackup'] = 'Moodle made no backup of the activity. Try it with Moodle\'s own backup to see why, or archive without a backup.';
$string['cause_source'] = 'A file of the activity could not be read, so nothing was stored: {$a} Look whether it can still be downloaded in Moodle, then start the job again.';
$string['cause_storage'] = 'The archive could not be stored, and nothing of it stays: {$a} Ask an administrator to check the storage, then start the job again.';
$string['cause_taken'] = 'The storage "{$a}" holds something under the key of this archive that Moodle\'s database does not know; was the database restored from a backup? Nothing was overwritten. Archive the activity with a new job.';
$string['cause_unexpected'] = 'Something went wrong that was not expected: {$a} Nothing was stored. The job\'s log says where it happened; start the job again, and report it if it happens again.';
$string['check_engine'] = 'Archivist: PHP extension';
$string['check_engine_cronmissing'] = 'The web server has the PHP extension "archivist" {$a}, but cron has not: no job can run. Enable the extension for PHP on the command line, too, then wait for the task "Tidy up archive jobs".';
$string['check_engine_differ'] = 'The web server has the PHP extension "archivist" {$a->web}, cron has {$a->cron}. Install the same version for both.';
$string['check_engine_ok'] = 'Version {$a} is loaded.';
$string['check_storage'] = 'Archivist: storage "{$a}"';
$string['check_storage_disabled'] = 'Disabled: no new archives go there.';
$string['check_storage_full'] = 'Only {$a} are free. Make room, or add a storage.';
$string['check_storage_ok'] = 'Written, read back and deleted.';
$string['check_storages'] = 'Archivist: storages';
$string['check_storages_ok'] = 'Storages that take new archives: {$a}.';
$string['cli_nocmid'] = 'There is no activity with the course module id {$a}. It is the number behind "id=" in the address of the activity.';
$string['cli_nouser'] = 'There is no user with the id {$a}.';
$string['cli_number'] = 'The option {$a} wants a whole number greater than 0; --help tells more.';
$string['cli_state'] = 'There is no such state; --help lists them.';
$string['cli_yes'] = 'Deleting a job deletes its archive in every storage. Add --yes if that is meant.';
$string['engine_missing'] = 'The PHP extension "archivist" is not loaded. Install version {$a} or later as its installation guide says, enable it for the web server and for cron, and restart PHP.';
$string['engine_notready'] = '{$a}';
$string['engine_old'] = 'The PHP extension "archivist" has version {$a->found}, but {$a->required} or later is needed. Update the extension and restart PHP.';
$string['error_filemissing'] = 'The file "{$a}" is listed in Moodle, but its content is missing in the file pool. Restore it from a backup of moodledata, then archive again.';
$string['error_format'] = 'There is no such format of archives. Possible are: {$a}.';
$string['error_jobended'] = 'This job has ended already.';
$string['error_jobgone'] = 'There is no archive job with the id {$a}; it was deleted.';
$string['error_jobnotfailed'] = 'Only a failed or cancelled job can be started again.';
$string['error_jobruns'] = 'This job is running. Cancel it first, and try again when it has ended.';
$string['error_name'] = 'Give the storage a name of up to 255 characters.';
$string['error_nostore'] = 'No storage is configured and enabled. Ask an administrator to add one under Site administration > Plugins > Local plugins > Archivist.';
$string['error_notdeleted'] = 'The copy in the storage "{$a->store}" could not be deleted: {$a->cause}';
$string['error_number'] = 'Enter a whole number from {$a->min} to {$a->max}.';
$string['error_spool'] = 'The temporary folder cannot be written to: it is full, or cron must not write there. Make room in Moodle\'s local request folder ($CFG->localrequestdir) or mend its rights, then archive again.';
$string['error_storedisabled'] = 'The storage "{$a}" is disabled. Choose another one, or ask an administrator to enable it.';
$string['error_storegone'] = 'The storage with the id {$a} is not configured any more, or its driver is not installed. Choose another storage.';
$string['error_storekind'] = 'There are no storages of the kind "{$a}": its driver is not installed.';
$string['error_storeused'] = 'Archives lie in this storage, so it is kept. Disable it instead, so that no new ones go there.';
$string['error_unsupported'] = 'Activities of the type "{$a}" cannot be archived yet: no archiving driver for them is installed.';
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
$string['log_cancelasked'] = 'Somebody asked to cancel the job.';
$string['log_leftover'] = 'Removed what an interrupted run had left in the storage "{$a}".';
$string['log_requeued'] = 'Nobody ran the job any more, so it was put back into the queue.';
$string['log_state'] = 'State: {$a}';
$string['log_stored'] = 'Stored, read back and compared in every storage. Files: {$a->entries}; size: {$a->size}; SHA-256: {$a->sha256}.';
$string['loglevel_debug'] = 'Everything, for the search for errors';
$string['loglevel_error'] = 'Errors only';
$string['loglevel_info'] = 'What happens';
$string['loglevel_notice'] = 'What is remarkable';
$string['loglevel_warning'] = 'Warnings and errors';
$string['message_jobcompleted'] = 'The activity "{$a->activity}" of the course "{$a->course}" was archived. Every copy was read back and compared.

{$a->url}';
$string['message_jobcompleted_subject'] = 'Archived: {$a->activity}';
$string['message_jobfailed'] = 'The activity "{$a->activity}" of the course "{$a->course}" could not be archived, and nothing of it was stored.

{$a->cause}

{$a->url}';
$string['message_jobfailed_subject'] = 'Archiving failed: {$a->activity}';
$string['message_open'] = 'Open the archive job';
$string['messageprovider:jobcompleted'] = 'An archive job of yours completed';
$string['messageprovider:jobfailed'] = 'An archive job failed';
$string['page_jobs'] = 'Archive jobs';
$string['page_stores'] = 'Storages';
$string['pattern_empty'] = 'The pattern is empty.';
$string['pattern_unknown'] = 'The pattern has a "$" that is no variable. Possible are, in the form &#36;&#123;name&#125;: {$a}.';
$string['pluginname'] = 'Archivist';
$string['privacy:metadata:archive'] = 'The archive itself: what the people in an activity handed in, and how it was marked.';
$string['privacy:metadata:core_message'] = 'Who asked for an archive is told when it is ready or failed.';
$string['privacy:metadata:field:activityname'] = 'The name of the activity';
$string['privacy:metadata:field:cause'] = 'Why it failed; may name people whose data is missing';
$string['privacy:metadata:field:coursename'] = 'The name of the course';
$string['privacy:metadata:field:destination'] = 'Where the bytes go';
$string['privacy:metadata:field:filename'] = 'The name of the archive';
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
$string['privacy:metadata:local_archivist_task'] = 'The pieces of archive jobs';
$string['privacy:metadata:storage'] = 'Archives are kept in storages, which may lie outside of Moodle. They are evidence and stay until whoever may delete archives deletes them, also when an account is deleted.';
$string['setting_backup'] = 'Moodle\'s backup beside it';
$string['setting_backup_desc'] = 'Puts Moodle\'s own backup of the activity into each archive, so that it can be restored into a Moodle; without people where the archive is about one person only, or where marking is blind. It costs time and temporary space in moodledata.';
$string['setting_format'] = 'Format';
$string['setting_format_desc'] = 'ZIP opens everywhere. tar.zst is the smallest and fastest where its tools are known.';
$string['setting_logdays'] = 'Keep log records';
$string['setting_logdays_desc'] = 'Days after which records of the levels debug and info are deleted; 0 keeps them. Warnings and errors stay as long as their job.';
$string['setting_loglevel'] = 'Write into the log';
$string['setting_loglevel_desc'] = 'What the log of a job keeps.';
$string['setting_memorymib'] = 'Memory in MiB';
$string['setting_memorymib_desc'] = 'What one job takes for bytes on their way; more lets more threads work at once.';
$string['setting_namepattern'] = 'Names of archives';
$string['setting_namepattern_desc'] = 'The name for people. Possible are, in the form &#36;&#123;name&#125;: {$a}.';
$string['setting_sha512'] = 'SHA-512, too';
$string['setting_sha512_desc'] = 'Adds a second list of checksums to each archive.';
$string['setting_threads'] = 'Threads';
$string['setting_threads_desc'] = 'How many threads one job computes with; 0: one for each core.';
$string['settings'] = 'Settings';
$string['state_aborted'] = 'Cancelled';
$string['state_archiving'] = 'Archiving';
$string['state_cleanup'] = 'Cleaning up';
$string['state_completed'] = 'Archived';
$string['state_failure'] = 'Failed';
$string['state_postprocessing'] = 'Finishing the package';
$string['state_preprocessing'] = 'Preparing';
$string['state_queued'] = 'Waiting';
$string['state_store'] = 'Storing and reading back';
$string['state_unknown'] = 'Unknown';
$string['store_add'] = 'Add a storage';
$string['store_addkind'] = 'Add: {$a}';
$string['store_archives'] = 'Archives';
$string['store_check'] = 'Check now';
$string['store_checked'] = 'Check of the storage "{$a}"';
$string['store_confirmdelete'] = 'Delete the storage "{$a}" from the list? Nothing lies in it.';
$string['store_deleted'] = 'The storage was deleted from the list.';
$string['store_edit'] = 'Change a storage';
$string['store_enabled'] = 'Takes new archives';
$string['store_enabled_help'] = 'Each new archive goes into all enabled storages at once, unless its job chooses some of them. Archives in a disabled storage stay and can be downloaded.';
$string['store_first'] = 'Moodle\'s file storage';
$string['store_free'] = 'Free / total';
$string['store_isdisabled'] = 'Disabled';
$string['store_isenabled'] = 'Takes new archives';
$string['store_kind'] = 'Kind';
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
$string['stores_none'] = 'No storage takes new archives, so nothing can be archived. Add a storage, or enable one.';
$string['subplugintype_archiveconnector'] = 'External event connector';
$string['subplugintype_archiveconnector_plural'] = 'External event connectors';
$string['subplugintype_archiver'] = 'Activity archiving driver';
$string['subplugintype_archiver_plural'] = 'Activity archiving drivers';
$string['subplugintype_archivestore'] = 'Storage driver';
$string['subplugintype_archivestore_plural'] = 'Storage drivers';
$string['subplugintype_archivetrigger'] = 'Archive trigger';
$string['subplugintype_archivetrigger_plural'] = 'Archive triggers';
$string['task_cleanup'] = 'Tidy up archive jobs';
$string['task_rescue'] = 'Go on with interrupted archive jobs';
$string['task_runjob'] = 'Run an archive job';
