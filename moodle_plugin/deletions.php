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
 * What was deleted, when and by whom, for administrators.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use local_archivist\output\deletions_page;
use local_archivist\output\ways;

require(__DIR__ . '/../../config.php');
require_once($CFG->libdir . '/adminlib.php');

$text = optional_param('text', '', PARAM_RAW_TRIMMED);
$proof = optional_param('proof', '', PARAM_RAW_TRIMMED);
$page = optional_param('page', 0, PARAM_INT);

admin_externalpage_setup('local_archivist_deletions');
require_capability('local/archivist:configure', context_system::instance());

echo $OUTPUT->header();
echo $OUTPUT->heading(get_string('page_deletions', 'local_archivist'));
echo ways::html([get_string('alljobs', 'local_archivist') => new moodle_url('/local/archivist/jobs.php')]);
echo $OUTPUT->render(new deletions_page($text, $proof, $page));
echo $OUTPUT->footer();
