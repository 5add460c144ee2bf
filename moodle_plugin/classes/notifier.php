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

namespace local_archivist;

use core\message\message;

/**
 * Tells people how a job ended, in their own language.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class notifier {
    /**
     * A job completed: who asked for it is told.
     *
     * @param event\archive_job_completed $event
     */
    public static function completed(event\archive_job_completed $event): void {
        $record = self::record($event);
        $user = self::initiator($record);
        if ($user) {
            self::send($record, $user, 'jobcompleted');
        }
    }

    /**
     * A job failed: who asked for it is told; where nobody did, or they left, the administrators are.
     *
     * @param event\archive_job_failed $event
     */
    public static function failed(event\archive_job_failed $event): void {
        $record = self::record($event);
        $user = self::initiator($record);
        $automatic = $record->origin === 'cron';
        foreach ($user && !$automatic ? [$user] : get_admins() as $recipient) {
            self::send($record, $recipient, 'jobfailed');
        }
    }

    /**
     * The job as it was.
     *
     * @param event\job_base $event
     * @return \stdClass
     */
    private static function record(event\job_base $event): \stdClass {
        return $event->get_record_snapshot('local_archivist_job', $event->objectid);
    }

    /**
     * Who asked for a job, if they may still see it.
     *
     * @param \stdClass $record row of local_archivist_job
     * @return \stdClass|null
     */
    private static function initiator(\stdClass $record): ?\stdClass {
        $user = $record->userid ? \core_user::get_user((int) $record->userid) : null;
        if (!$user || $user->deleted || $user->suspended) {
            return null;
        }
        return has_capability('local/archivist:view', (new job($record))->context(), $user) ? $user : null;
    }

    /**
     * Sends a message.
     *
     * @param \stdClass $record row of local_archivist_job
     * @param \stdClass $user
     * @param string $name of the message
     */
    private static function send(\stdClass $record, \stdClass $user, string $name): void {
        $strings = get_string_manager();
        $language = $user->lang ?: null;
        $url = (new \moodle_url('/local/archivist/job.php', ['id' => $record->id]))->out(false);
        $a = (object) [
            'activity' => $record->activityname, 'course' => $record->coursename, 'url' => $url,
            'cause' => access::told((string) $record->cause, $user),
        ];
        $message = new message();
        $message->component = 'local_archivist';
        $message->name = $name;
        $message->userfrom = \core_user::get_noreply_user();
        $message->userto = $user;
        $message->subject = $strings->get_string("message_{$name}_subject", 'local_archivist', $a, $language);
        $message->fullmessage = $strings->get_string("message_{$name}", 'local_archivist', $a, $language);
        $message->fullmessageformat = FORMAT_PLAIN;
        $message->fullmessagehtml = text_to_html(s($message->fullmessage), false);
        $message->smallmessage = $message->subject;
        $message->notification = 1;
        $message->contexturl = $url;
        $message->contexturlname = $strings->get_string('message_open', 'local_archivist', null, $language);
        message_send($message);
    }
}
