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
$string['cause_nobackup'] = 'Moodle made no backup of the activity. Try it with Moodle\'s own backup to see why, or archive without a backup.';
$string['cause_unexpected'] = 'Something went wrong that was not expected: {$a} Nothing was stored. The job\'s log says where it happened; start the job again, and report it if it happens again.';
$string['engine_missing'] = 'The PHP extension "archivist" is not loaded. Install version {$a} or later as its installation guide says, enable it for the web server and for cron, and restart PHP.';
$string['engine_notready'] = '{$a}';
$string['engine_old'] = 'The PHP extension "archivist" has version {$a->found}, but {$a->required} or later is needed. Update the extension and restart PHP.';
$string['error_filemissing'] = 'The file "{$a}" is listed in Moodle, but its content is missing in the file pool. Restore it from a backup of moodledata, then archive again.';
$string['error_jobended'] = 'This job has ended already.';
$string['error_jobgone'] = 'There is no archive job with the id {$a}; it was deleted.';
$string['error_jobnotfailed'] = 'Only a failed or cancelled job can be started again.';
$string['error_jobruns'] = 'This job is running. Cancel it first, and try again when it has ended.';
$string['error_nostore'] = 'No storage is configured and enabled. Ask an administrator to add one under Site administration > Plugins > Local plugins > Archivist.';
$string['error_notdeleted'] = 'The copy in the storage "{$a->store}" could not be deleted: {$a->cause}';
$string['error_spool'] = 'The temporary folder cannot be written to: it is full, or cron must not write there. Make room in Moodle\'s local request folder ($CFG->localrequestdir) or mend its rights, then archive again.';
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
$string['log_cancelasked'] = 'Somebody asked to cancel the job.';
$string['log_leftover'] = 'Removed what an interrupted run had left in the storage "{$a}".';
$string['log_state'] = 'State: {$a}';
$string['log_stored'] = 'Stored: {$a->entries} files, {$a->size}, SHA-256 {$a->sha256}. Every copy was read back and compared.';
$string['pattern_empty'] = 'The pattern is empty.';
$string['pattern_unknown'] = 'The pattern has a "$" that is no variable. Possible are, in the form &#36;&#123;name&#125;: {$a}.';
$string['pluginname'] = 'Archivist';
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
$string['subplugintype_archiveconnector'] = 'External event connector';
$string['subplugintype_archiveconnector_plural'] = 'External event connectors';
$string['subplugintype_archiver'] = 'Activity archiving driver';
$string['subplugintype_archiver_plural'] = 'Activity archiving drivers';
$string['subplugintype_archivestore'] = 'Storage driver';
$string['subplugintype_archivestore_plural'] = 'Storage drivers';
$string['subplugintype_archivetrigger'] = 'Archive trigger';
$string['subplugintype_archivetrigger_plural'] = 'Archive triggers';
$string['task_runjob'] = 'Run an archive job';
