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

namespace local_archivist\check;

use core\check\check;
use core\check\result;
use local_archivist\engine as native;

/**
 * Whether the PHP extension is there, for the web server and for cron.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class engine extends check {
    #[\Override]
    public function get_name(): string {
        return get_string('check_engine', 'local_archivist');
    }

    #[\Override]
    public function get_action_link(): ?\action_link {
        // Moodle 5.0 cannot show a setting of a check without one.
        return new \action_link(new \moodle_url('/report/status/index.php'), get_string('pluginname', 'report_status'));
    }

    #[\Override]
    public function get_result(): result {
        $problem = native::problem();
        if ($problem !== null) {
            return new result(result::ERROR, $problem);
        }
        $version = native::version();
        $cron = get_config('local_archivist', 'cronextension'); // The clean-up task writes it.
        if ($cron === '') {
            return new result(result::ERROR, get_string('check_engine_cronmissing', 'local_archivist', $version));
        }
        if ($cron !== false && $cron !== $version) {
            $a = (object) ['web' => $version, 'cron' => $cron];
            return new result(result::WARNING, get_string('check_engine_differ', 'local_archivist', $a));
        }
        return new result(result::OK, get_string('check_engine_ok', 'local_archivist', $version));
    }
}
