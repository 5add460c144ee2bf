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
 * Lists archive jobs, tells about them, and cancels, retries and deletes them.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

define('CLI_SCRIPT', true);

require(__DIR__ . '/../../../config.php');
require_once($CFG->libdir . '/clilib.php');

use local_archivist\cli;
use local_archivist\job;
use local_archivist\job_log;
use local_archivist\jobs;
use local_archivist\state;
use local_archivist\tombstones;

$options = cli::begin([
    'list' => false, 'state' => null, 'limit' => 50, 'show' => null, 'log' => null, 'level' => 'debug',
    'cancel' => null, 'retry' => null, 'delete' => null, 'identities' => null, 'yes' => false,
    'number' => null, 'person' => null,
], <<<'EOT'
Lists archive jobs, tells about them, and cancels, retries and deletes them. Run it as the user of the web server.

Options:
     --list           List jobs, the newest first (the default)
     --state=STATE    Only those in this state: queued, preprocessing, archiving, postprocessing, store, cleanup,
                      completed, partial, error, recoverable, errorhandling, failure or aborted
     --limit=N        At most N (50)
     --number=NUMBER  Only those whose archives have data of whoever has this student number, also when the account is gone
     --person=ID      The same by the id of the user
     --show=ID        All about a job and its copies
     --log=ID         The log of a job, the oldest record first: time, level, source, message
     --level=LEVEL    Only this level and above: debug, info, notice, warning or error
     --cancel=ID      Cancel a job that waits or runs
     --retry=ID       Begin a failed, cancelled, incomplete or waiting job anew; cron runs it
     --identities=ID  Archive who is who in the archive of this job, made while marking was blind: an archive of its
                      own, which cron makes
     --delete=ID      Delete a job and its archive in every storage; wants --yes
     --yes            Yes, delete
     --json           Print JSON
 -h, --help           Print this help

Exit codes: 0 done; 1 refused, nothing was done.
EOT);

cli::run(function () use ($options): int {
    global $DB;
    $json = (bool) $options['json'];
    foreach (['cancel', 'retry', 'delete', 'show'] as $action) {
        if ($options[$action] === null) {
            continue;
        }
        $job = job::get(cli::number($options, $action));
        if ($action === 'delete') {
            if (!$options['yes']) {
                cli_error(get_string('cli_yes', 'local_archivist'), cli::REFUSED);
            }
            jobs::delete($job, tombstones::CLI);
            return cli::OK;
        }
        if ($action !== 'show') {
            jobs::$action($job);
        }
        cli_write(cli::format(cli::job_with_files($job), $json));
        return cli::OK;
    }
    if ($options['identities'] !== null) {
        $made = jobs::create_identities(job::get(cli::number($options, 'identities')), 'cli');
        cli_write(cli::format(cli::job_with_files($made), $json));
        return cli::OK;
    }
    if ($options['log'] !== null) {
        $level = array_search($options['level'], job_log::LEVELS, true);
        if ($level === false) {
            cli_error(get_string('cli_level', 'local_archivist', implode(', ', job_log::LEVELS)), cli::REFUSED);
        }
        foreach (cli::log(job::get(cli::number($options, 'log')), $level, $json) as $text) {
            cli_write($text);
        }
        return cli::OK;
    }
    $conditions = [];
    if ($options['state'] !== null) {
        $states = array_filter(state::all(), fn(int $state): bool => state::name($state) === $options['state']);
        if (!$states) {
            cli_error(get_string('cli_state', 'local_archivist'), cli::REFUSED);
        }
        $conditions['status'] = reset($states);
    }
    $where = implode(' AND ', array_map(fn(string $name): string => "$name = :$name", array_keys($conditions))) ?: '1 = 1';
    $of = cli::jobs_of_person($options);
    if ($of !== null) {
        [$in, $params] = $DB->get_in_or_equal($of, SQL_PARAMS_NAMED, 'job', true, 0);
        $where .= " AND id $in";
        $conditions += $params;
    }
    $limit = cli::number($options, 'limit');
    $records = $DB->get_records_select('local_archivist_job', $where, $conditions, 'id DESC', '*', 0, $limit);
    $rows = array_map([cli::class, 'job'], array_values($records));
    if ($json) {
        cli_write(cli::format($rows, true));
        return cli::OK;
    }
    foreach ($rows as $row) {
        $place = "{$row['course']}: {$row['activity']}";
        cli_writeln(sprintf('%6d  %-15s  %s  %s', $row['id'], $row['state'], $row['created'], $place));
    }
    return cli::OK;
});
