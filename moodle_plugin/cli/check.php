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
 * Checks the extension and the storages.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

define('CLI_SCRIPT', true);

require(__DIR__ . '/../../../config.php');
require_once($CFG->libdir . '/clilib.php');

use local_archivist\cli;
use local_archivist\engine;
use local_archivist\stores;

$options = cli::begin([], <<<'EOT'
Checks the PHP extension, as this PHP has it, and writes, reads and deletes something in every enabled storage. Run it as
the user of the web server, on every node.

Options:
     --json           Print JSON
 -h, --help           Print this help

Exit codes: 0 all is well; 1 refused; 2 something has to be done.
EOT);

cli::run(function () use ($options): int {
    $problem = engine::problem();
    $data = ['extension' => $problem ?? get_string('check_engine_ok', 'local_archivist', engine::version()), 'storages' => []];
    $failed = $problem !== null;
    $enabled = 0;
    foreach (stores::all() as $store) {
        $check = $store->is_enabled() ? $store->check() : null;
        $enabled += (int) $store->is_enabled();
        $failed = $failed || ($check && !$check['ok']);
        $data['storages'][] = [
            'id' => $store->id(),
            'state' => $check ? ($check['ok'] ? 'ok' : 'failed') : 'disabled',
            'name' => $store->name(),
            'where' => $store->describe(),
            'detail' => $check['detail'] ?? '',
        ];
    }
    if (!$enabled) {
        $failed = true;
        $data['problem'] = get_string('stores_none', 'local_archivist');
    }
    cli_write(cli::format($data, (bool) $options['json']));
    return $failed ? cli::FAILED : cli::OK;
});
