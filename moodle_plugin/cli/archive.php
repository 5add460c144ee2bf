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
 * Archives an activity.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

define('CLI_SCRIPT', true);

require(__DIR__ . '/../../../config.php');
require_once($CFG->libdir . '/clilib.php');

use local_archivist\cli;
use local_archivist\jobs;
use local_archivist\runner;
use local_archivist\scope;
use local_archivist\state;

$options = cli::begin([
    'cmid' => null, 'user' => null, 'format' => null, 'store' => null, 'queue' => false, 'wait' => false,
], <<<'EOT'
Archives an activity. Run it as the user of the web server.

Options:
     --cmid=ID        The course module: the number behind "id=" in the address of the activity
     --user=ID        Only this person's data
     --format=FORMAT  zip, tar.zst, tar.gz or tar; else the setting
     --store=ID,ID    Storages; else all that are enabled. cli/check.php lists them
     --wait           Run it here and wait for its end (the default)
     --queue          Leave it to cron, and return at once
     --json           Print JSON
 -h, --help           Print this help

Exit codes: 0 archived, or queued; 1 refused, nothing was done; 2 the job failed; 3 it was cancelled; 4 it failed for a
while, and cron tries again; 5 there is an archive, and items are missing in it.

Example:
$ sudo -u www-data php local/archivist/cli/archive.php --cmid=42 --format=tar.zst
EOT);

cli::run(function () use ($options): int {
    global $DB;
    foreach (['cmid' => 'course_modules', 'user' => 'user'] as $name => $table) {
        if (($name === 'cmid' || $options[$name] !== null) && !$DB->record_exists($table, ['id' => cli::number($options, $name)])) {
            cli_error(get_string("cli_no$name", 'local_archivist', $options[$name]), cli::REFUSED);
        }
    }
    [, $cm] = get_course_and_cm_from_cmid((int) $options['cmid']);
    $scope = $options['user'] === null ? null : scope::user((int) $options['user']);
    $chosen = array_filter(['format' => $options['format']]);
    if ($options['store'] !== null) {
        $chosen['stores'] = array_map('intval', explode(',', $options['store']));
    }
    $job = jobs::create($cm, $scope, $chosen, 'cli', (bool) $options['queue']);
    if (!$options['queue']) {
        $progress = null;
        if (stream_isatty(STDERR)) {
            $progress = fn(float $done, string $state) => fprintf(STDERR, "\r%3d %%  %-40.40s", 100 * $done, $state);
        }
        (new runner($job, $progress))->run();
        if ($progress) {
            fwrite(STDERR, "\r" . str_repeat(' ', 47) . "\r");
        }
        $job->reload();
    }
    cli_write(cli::format(cli::job_with_files($job), (bool) $options['json']));
    return match ($job->status()) {
        state::COMPLETED => cli::OK,
        state::PARTIAL => cli::PARTIAL,
        state::FAILURE => cli::FAILED,
        state::ABORTED => cli::CANCELLED,
        default => $options['queue'] ? cli::OK : cli::WAITING,
    };
});
