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
 * Finds and verifies the archives of a storage that the database does not know.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

define('CLI_SCRIPT', true);

require(__DIR__ . '/../../../config.php');
require_once($CFG->libdir . '/clilib.php');

use local_archivist\cli;
use local_archivist\imports;
use local_archivist\stores;

$options = cli::begin(['store' => null, 'list' => false], <<<'EOT'
Finds the archives of a storage that no job of this site made, as far as the database knows: after the database was restored
or lost. Each is verified whole and listed as imported; to which course it belongs, an administrator says on the page
"Imported archives". Run it as the user of the web server. Nothing in the storage is changed.

Options:
     --store=ID       The storage; cli/check.php lists them
     --list           Only tell what was found before
     --json           Print JSON
 -h, --help           Print this help

Exit codes: 0 all that was found is valid; 1 refused, nothing was done; 2 something is not valid, or not there any more.

Example:
$ sudo -u www-data php local/archivist/cli/import.php --store=2
EOT);

cli::run(function () use ($options): int {
    $store = stores::get(cli::number($options, 'store'));
    $json = (bool) $options['json'];
    if (!$options['list']) {
        $progress = stream_isatty(STDERR) ? fn(string $text) => fwrite(STDERR, "\r$text") : fn() => 0;
        $found = 0;
        imports::scan($store, function () use (&$found, $progress): bool {
            $progress((string) ++$found);
            return true;
        });
        $progress("\r");
    }
    $rows = [];
    for ($page = 0; $page === 0 || count($some) === 500; $page++) {
        [, $some] = imports::page($store->id(), 0, $page, 500);
        array_push($rows, ...array_map([cli::class, 'import'], array_values($some)));
    }
    if ($json) {
        cli_write(cli::format($rows, true));
    } else {
        foreach ($rows as $row) {
            cli_write(cli::format($row, false) . "\n");
        }
    }
    return array_filter($rows, fn(array $row): bool => $row['state'] !== imports::VALID) ? cli::FAILED : cli::OK;
});
