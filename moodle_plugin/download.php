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
 * Sends a stored copy, and proves on the way that it is what was stored.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use local_archivist\access;

require(__DIR__ . '/../../config.php');

$id = required_param('id', PARAM_INT);
require_login(null, false); // Before anything is looked up: who is not logged in learns nothing from an id.
$download = access::require_copy($id);
require_login(access::course_of($download->job), false);
$PAGE->set_url('/local/archivist/download.php', ['id' => $id]);
$PAGE->set_context($download->job->context());
$download->require_allowed();

$download->answer();
