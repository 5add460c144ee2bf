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

use local_archivist\activity;
use local_archivist\archivers;
use local_archivist\cli;
use local_archivist\engine;
use local_archivist\job;
use local_archivist\jobs;
use local_archivist\overview;
use local_archivist\runner;
use local_archivist\scope;
use local_archivist\selection;

$options = cli::begin([
    'cmid' => null, 'courseid' => null, 'category' => null, 'changed' => false, 'list' => false, 'again' => false,
    'user' => null, 'format' => null, 'store' => null, 'queue' => false, 'wait' => false,
], <<<'EOT'
Archives activities. Run it as the user of the web server.

What (one of the first three; with --changed or --list none of them means the whole site):
     --cmid=ID        One activity: the number behind "id=" in its address
     --courseid=ID    All activities of a course that can be archived
     --category=ID    Those of all courses in a category, and in all categories below it
     --changed        Of these only what changed since it was archived, or never was archived completely
     --list           Only list them, with what is known about each; nothing is archived
     --again          Also what has not changed since it was archived: makes a second archive of it

How:
     --user=ID        Only this person's data; with --cmid
     --format=FORMAT  zip, tar.zst, tar.gz or tar; else the setting
     --store=ID,ID    Storages; else all that are enabled. cli/check.php lists them
     --wait           Run it here and wait for its end (the default); several run one after the other
     --queue          Leave it to cron, and return at once
     --json           Print JSON
 -h, --help           Print this help

An activity that has not changed since it was archived is not archived twice: its archive is named instead.

Exit codes: 0 archived, queued, or archived already; 1 refused, nothing was done; 2 a job failed; 3 it was cancelled; 4 it
failed for a while, and cron tries again; 5 there is an archive, and items are missing in it. Of several the first of 2, 3,
4 and 5 that happened to any of them.

Examples:
$ sudo -u www-data php local/archivist/cli/archive.php --cmid=42 --format=tar.zst
$ sudo -u www-data php local/archivist/cli/archive.php --category=7 --changed --list
$ sudo -u www-data php local/archivist/cli/archive.php --category=7 --changed --queue
EOT);

cli::run(function () use ($options): int {
    cli::require_selection($options);
    if (!$options['list']) {
        engine::require_ready(); // Also where nothing would have to be done: whoever runs this each night has to know.
    }
    $json = (bool) $options['json'];
    $scope = $options['user'] === null ? scope::all() : scope::user((int) $options['user']);
    $chosen = array_filter(['format' => $options['format']]);
    if ($options['store'] !== null) {
        $chosen['stores'] = array_map('intval', explode(',', $options['store']));
    }
    $progress = null;
    if (stream_isatty(STDERR)) {
        $progress = fn(float $done, string $state) => fprintf(STDERR, "\r%3d %%  %-40.40s", 100 * $done, $state);
    }
    $archive = function (\cm_info $cm, ?job $known) use ($options, $scope, $chosen, $progress): array {
        if ($known && !$options['again']) {
            fwrite(STDERR, get_string('cli_unchanged', 'local_archivist', $cm->get_formatted_name(['escape' => false])) . "\n");
            return [$known, cli::OK];
        }
        if (archivers::for_cm($cm)->is_anonymous()) {
            $name = $cm->get_formatted_name(['escape' => false]);
            fwrite(STDERR, "$name: " . get_string('blind_form', 'local_archivist') . "\n");
        }
        $job = jobs::create($cm, $scope, $chosen, 'cli', (bool) $options['queue']);
        if ($options['queue']) {
            return [$job, cli::OK];
        }
        (new runner($job, $progress))->run();
        if ($progress) {
            fwrite(STDERR, "\r" . str_repeat(' ', 47) . "\r");
        }
        $job->reload();
        return [$job, cli::code_of($job)];
    };

    if ($options['cmid'] !== null && !$options['list']) {
        [, $cm] = get_course_and_cm_from_cmid((int) $options['cmid']);
        [$job, $code] = $archive($cm, overview::unchanged([$cm], $scope)[(int) $cm->id] ?? null);
        cli_write(cli::format(cli::job_with_files($job), $json));
        return $code;
    }
    $courseid = $options['cmid'] === null
        ? (int) $options['courseid']
        : (int) get_course_and_cm_from_cmid((int) $options['cmid'])[0]->id;
    $selection = new selection($courseid, (int) $options['category'], (bool) $options['changed'], !$options['list']);
    $rows = cli::rows($json);
    $codes = [];
    foreach ($selection->activities() as $activity) {
        if ($options['cmid'] !== null && (int) $options['cmid'] !== (int) $activity->cm->id) {
            continue;
        }
        $job = $activity->archived ?? $activity->newest;
        $code = cli::OK;
        $problem = null;
        if (!$options['list'] && $activity->state === activity::RUNNING) {
            $job = $activity->newest;
        } else if (!$options['list']) {
            try {
                [$job, $code] = $archive($activity->cm, $activity->state === activity::ARCHIVED ? $activity->archived : null);
            } catch (\moodle_exception | \Archivist\Exception\ArchivistException $e) {
                [$job, $code, $problem] = [null, cli::FAILED, runner::sentence($e)];
            }
        }
        $codes[] = $code;
        $rows->send(cli::activity($activity, $job, (bool) $options['list'], $problem));
    }
    $rows->send(null);
    return cli::worst($codes);
});
