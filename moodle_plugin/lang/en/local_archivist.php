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
$string['cause_cancelled'] = 'Somebody cancelled the job; nothing of it was stored.';
$string['cause_downloadended'] = 'The download was broken off before its end.';
$string['cause_incomplete'] = 'The archive would not be complete: {$a->number} things that are in the database could not be collected, so nothing was stored. Missing: {$a->names}';
$string['cause_nobackup'] = 'Moodle made no backup of the activity. Try it with Moodle\'s own backup to see why, or archive without a backup.';
$string['cause_notwhatstored'] = 'The copy {$a->key} in the storage "{$a->store}" is not what was stored: its size or its SHA-256 differs from what was recorded, so it was not handed out completely. Use another copy, and have the storage checked.';
$string['cause_readfailed'] = 'The copy could not be handed out: {$a} Try another copy, and have the storage checked.';
$string['cause_unexpected'] = 'Something went wrong that was not expected: {$a} Nothing was stored. The job\'s log says where it happened; start the job again, and report it if it happens again.';
$string['completeness'] = 'Completeness';
$string['copies'] = 'Stored copies';
$string['copy_deleted'] = 'Deleted {$a}';
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
$string['error_choosestore'] = 'Choose at least one storage.';
$string['error_chooseuser'] = 'Choose the person whose data is to be archived.';
$string['error_copydeleted'] = 'This copy was deleted. Open the job to see whether there is another one.';
$string['error_copygone'] = 'There is no stored copy with the id {$a}; it was deleted with its job.';
$string['error_copywriting'] = 'This copy is being written. Wait until the job has ended, then download it.';
$string['error_filemissing'] = 'The file "{$a}" is listed in Moodle, but its content is missing in the file pool. Restore it from a backup of moodledata, then archive again.';
$string['error_jobended'] = 'This job has ended already.';
$string['error_jobgone'] = 'There is no archive job with the id {$a}; it was deleted.';
$string['error_jobnotfailed'] = 'Only a failed or cancelled job can be started again.';
$string['error_jobruns'] = 'This job is running. Cancel it first, and try again when it has ended.';
$string['error_nostore'] = 'No storage is configured and enabled. Ask an administrator to add one under Site administration > Plugins > Local plugins > Archivist.';
$string['error_notdeleted'] = 'The copy in the storage "{$a->store}" could not be deleted: {$a->cause}';
$string['error_nothingchosen'] = 'No activity was chosen. Select at least one, then archive again.';
$string['error_post'] = 'This needs the button on the page; a link to it does nothing. Go back and use the button.';
$string['error_running'] = '{$a} is being archived already. Wait until that job has ended, or cancel it.';
$string['error_storedisabled'] = 'The storage "{$a}" is disabled. Choose another one, or ask an administrator to enable it.';
$string['error_storegone'] = 'The storage with the id {$a} is not configured any more, or its driver is not installed. Choose another storage.';
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
$string['filter_course'] = 'Course (name or id)';
$string['filter_text'] = 'Activity, person or UUID';
$string['format'] = 'Format';
$string['format_help'] = 'ZIP opens everywhere. tar.zst is the smallest and the fastest to make. All of them hold the same files with the same checksums.';
$string['format_tar'] = 'tar (not compressed)';
$string['format_targz'] = 'tar.gz';
$string['format_tarzst'] = 'tar.zst (smallest)';
$string['format_zip'] = 'ZIP (opens everywhere)';
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
$string['jobdeletesure'] = 'Delete the job of "{$a->name}" with {$a->copies} stored copies? The archive is lost then, and this cannot be undone.';
$string['jobretried'] = 'The job is started again.';
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
$string['log_source'] = 'Source';
$string['log_state'] = 'State: {$a}';
$string['log_stored'] = 'Stored: {$a->entries} files, {$a->size}, SHA-256 {$a->sha256}. Every copy was read back and compared.';
$string['loglevel'] = 'Level';
$string['loglevel_0'] = 'Debug';
$string['loglevel_1'] = 'Info';
$string['loglevel_2'] = 'Notice';
$string['loglevel_3'] = 'Warning';
$string['loglevel_4'] = 'Error';
$string['loglevel_from'] = 'From level';
$string['managestores'] = 'Manage and check storages';
$string['noactivities'] = 'This course has no activities that can be archived. The filter shows the others too.';
$string['nojobs'] = 'There are no archive jobs here.';
$string['nolog'] = 'Nothing of this level is in the log.';
$string['nomatch'] = 'No activity matches the filter.';
$string['origin_cli'] = 'Command line';
$string['origin_cron'] = 'Schedule';
$string['origin_page'] = 'Page in the course';
$string['pattern_empty'] = 'The pattern is empty.';
$string['pattern_unknown'] = 'The pattern has a "$" that is no variable. Possible are, in the form &#36;&#123;name&#125;: {$a}.';
$string['pluginname'] = 'Archivist';
$string['progress'] = 'Progress';
$string['progress_cancelling'] = 'Somebody cancelled the job; it ends soon.';
$string['progress_collecting'] = 'What belongs to the activity is being collected.';
$string['progress_completed'] = 'Completed on {$a}; every copy was read back and compared.';
$string['progress_files'] = '{$a->done} of {$a->total} files, {$a->bytesdone} of {$a->bytestotal}';
$string['progress_queued'] = 'Moodle\'s cron starts the job when its turn comes.';
$string['scope'] = 'Whose data';
$string['scope_all'] = 'Everybody';
$string['scope_help'] = 'An archive of everybody\'s data is the rule. Choose one person to make a copy for them alone; it does not make the activity count as archived.';
$string['scope_user'] = 'One person';
$string['selectactivity'] = 'Select {$a}';
$string['sha512'] = 'SHA-512';
$string['sha512_label'] = 'Checksums with SHA-512 beside those with SHA-256';
$string['showjob'] = 'Show the newest job';
$string['showunsupported'] = 'Also activities that cannot be archived';
$string['spacefree'] = '{$a->free} of {$a->total}';
$string['spaceunknown'] = 'Not reported';
$string['state'] = 'State';
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
$string['storages'] = 'Storages';
$string['storages_help'] = 'The archive is written to all chosen storages at once, and the job is complete only when every copy was read back and compared.';
$string['store_archives'] = 'Archives';
$string['store_disabled'] = 'Disabled';
$string['store_enabled'] = 'Enabled';
$string['store_free'] = 'Free';
$string['storegone'] = 'Storage that is not configured any more';
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
$string['task_from'] = 'From';
$string['task_runjob'] = 'Run an archive job';
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
