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
 * Delivers letters as messages of Moodle, by the ways that each person chose in their notification settings.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class moodle_notice implements notice {
    #[\Override]
    public function send(letter $letter): bool {
        $message = new message();
        $message->component = 'local_archivist';
        $message->name = $letter->kind;
        $message->userfrom = \core_user::get_noreply_user();
        $message->userto = $letter->recipient;
        $message->subject = $letter->subject;
        $message->fullmessage = $letter->text;
        $message->fullmessageformat = FORMAT_PLAIN;
        $message->fullmessagehtml = text_to_html(s($letter->text), false);
        $message->smallmessage = $letter->subject;
        $message->notification = 1;
        $message->contexturl = $letter->url->out(false);
        $message->contexturlname = $letter->urlname;
        return (bool) message_send($message);
    }
}
