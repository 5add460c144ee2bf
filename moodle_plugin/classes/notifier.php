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

/**
 * Decides who is told how a job ended.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class notifier {
    /**
     * A job entered a state; if it is an end that people wait for, they are told.
     *
     * @param event\job_base $event
     */
    public static function entered(event\job_base $event): void {
        $record = $event->get_record_snapshot('local_archivist_job', $event->objectid);
        $kind = array_search((int) $record->status, letter::KINDS, true);
        // A job that is incomplete again since somebody cancelled another attempt is no news.
        if ($kind === letter::PARTIAL && (new job($record))->is_cancelled()) {
            return;
        }
        foreach ($kind ? self::recipients($record, $kind) : [] as $user) {
            self::tell($record, $kind, $user);
        }
    }

    /**
     * Sends the summaries that are due.
     */
    public static function send_summaries(): void {
        notice_queue::prune();
        foreach (notice_queue::due() as $due) {
            $user = \core_user::get_user((int) $due->userid);
            if ($user && self::deliver(fn(): letter => letters::summary($due, $user))) {
                notice_queue::summed_up($due);
            }
        }
    }

    /**
     * Who is told: whoever asked for the job. Administrators hear of what nobody asked for and of what nobody else can be
     * told, if it went wrong; and of each archive that lacks something, as that is seldom in the hands of who asked for it.
     *
     * @param \stdClass $record row of local_archivist_job
     * @param string $kind one of letter::*
     * @return \stdClass[] users by id
     */
    private static function recipients(\stdClass $record, string $kind): array {
        $users = [];
        $initiator = $record->origin === 'cron' ? null : self::initiator($record);
        if ($initiator) {
            $users[$initiator->id] = $initiator;
        }
        if ($kind === letter::PARTIAL || ($kind === letter::FAILED && !$initiator)) {
            $users += get_admins();
        }
        return $users;
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
     * Tells one person, at once or with the next summary.
     *
     * @param \stdClass $record row of local_archivist_job
     * @param string $kind one of letter::*
     * @param \stdClass $user
     */
    private static function tell(\stdClass $record, string $kind, \stdClass $user): void {
        $id = notice_queue::enter((int) $user->id, $kind, (int) $record->id);
        if (
            notice_queue::is_free($id, (int) $user->id, $kind)
            && self::deliver(fn(): letter => letters::of_job($record, $kind, $user))
        ) {
            notice_queue::told($id);
        }
    }

    /**
     * Hands a letter to whatever delivers letters. One that cannot be delivered must not keep others from being told.
     *
     * @param callable $write function (): letter
     * @return bool whether it is on its way
     */
    private static function deliver(callable $write): bool {
        try {
            return \core\di::get(notice::class)->send($write());
        } catch (\Throwable $e) {
            debugging('A notice about archive jobs could not be sent and waits for the summary: ' . $e->getMessage());
            return false;
        }
    }
}
