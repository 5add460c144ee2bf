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
 * All storages and all jobs of the site, for administrators.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

use local_archivist\access;
use local_archivist\output\site_page;
use local_archivist\output\ways;

require(__DIR__ . '/../../config.php');
require_once($CFG->libdir . '/adminlib.php');

$state = optional_param('state', '', PARAM_ALPHANUM);
$course = optional_param('course', '', PARAM_RAW_TRIMMED);
$text = optional_param('text', '', PARAM_RAW_TRIMMED);
$page = optional_param('page', 0, PARAM_INT);

admin_externalpage_setup('local_archivist_jobs');
require_capability('local/archivist:configure', context_system::instance());

echo $OUTPUT->header();
echo $OUTPUT->heading(get_string('alljobs', 'local_archivist'));
echo ways::html([
    get_string('page_stores', 'local_archivist') => new moodle_url('/local/archivist/stores.php'),
    get_string('settings', 'local_archivist') => new moodle_url('/admin/settings.php', ['section' => 'local_archivist_settings']),
]);
$obstacle = access::obstacle();
if ($obstacle) {
    echo $OUTPUT->notification($obstacle, \core\output\notification::NOTIFY_WARNING, false);
}
echo $OUTPUT->render(new site_page($state, $course, $text, $page));
echo $OUTPUT->footer();
