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

namespace local_archivist\output;

use core\output\renderable;
use core\output\renderer_base;
use core\output\templatable;
use local_archivist\job_list;
use local_archivist\stores;

/**
 * The page for administrators: all storages and all jobs.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class site_page implements renderable, templatable {
    /**
     * The page.
     *
     * @param string $state as for job_list
     * @param string $course as for job_list
     * @param string $text as for job_list
     * @param int $page from 0
     */
    public function __construct(
        /** @var string as for job_list */
        private readonly string $state = '',
        /** @var string as for job_list */
        private readonly string $course = '',
        /** @var string as for job_list */
        private readonly string $text = '',
        /** @var int from 0 */
        private readonly int $page = 0,
    ) {
    }

    #[\Override]
    public function export_for_template(renderer_base $output) {
        $filter = ['state' => $this->state, 'course' => $this->course, 'text' => $this->text];
        $url = new \moodle_url('/local/archivist/jobs.php', array_filter($filter, fn(string $value): bool => $value !== ''));
        $list = new job_list(0, $this->state, $this->course, $this->text);
        $stores = $this->stores();
        return [
            'url' => (new \moodle_url('/local/archivist/jobs.php'))->out(false),
            'storesurl' => (new \moodle_url('/local/archivist/stores.php'))->out(false),
            'hasstores' => (bool) $stores,
            'stores' => $stores,
            'course' => $this->course,
            'text' => $this->text,
            'stateselect' => job_table::state_select($this->state),
            'filtered' => implode('', $filter) !== '',
            'jobs' => (new job_table($list, $url, $this->page, true))->export_for_template($output),
        ];
    }

    /**
     * The storages with what lies in them, which takes one query for all.
     *
     * @return array<int, array<string, mixed>>
     */
    private function stores(): array {
        global $DB;
        $used = $DB->get_records_sql("SELECT storeid, COUNT(id) AS number, SUM(sizebytes) AS bytes, MAX(timecreated) AS newest
                                        FROM {local_archivist_file}
                                       WHERE status = :stored
                                    GROUP BY storeid", ['stored' => 'stored']);
        $rows = [];
        foreach (stores::all() as $id => $store) {
            $rows[] = [
                'name' => $store->name(),
                'kind' => get_string('pluginname', $store::component()),
                'where' => $store->describe(),
                'enabled' => $store->is_enabled(),
                'number' => (int) ($used[$id]->number ?? 0),
                'bytes' => display_size((int) ($used[$id]->bytes ?? 0)),
                'newest' => isset($used[$id]) ? moment::told((int) $used[$id]->newest) : '–',
                'free' => $store->space_text(),
            ];
        }
        return $rows;
    }
}
