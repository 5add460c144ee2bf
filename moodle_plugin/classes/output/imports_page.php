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
use local_archivist\access;
use local_archivist\imports;
use local_archivist\runner;
use local_archivist\stores;

/**
 * Archives that were found without the database: of all storages for administrators, or of one course.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class imports_page implements renderable, templatable {
    /** @var int Rows on a page. */
    private const PER_PAGE = 50;

    /**
     * The page.
     *
     * @param \moodle_url $url of the page
     * @param int $courseid 0: the page for administrators
     * @param int $page from 0
     */
    public function __construct(
        /** @var \moodle_url of the page */
        private readonly \moodle_url $url,
        /** @var int 0: for administrators */
        private readonly int $courseid = 0,
        /** @var int from 0 */
        private readonly int $page = 0,
    ) {
    }

    #[\Override]
    public function export_for_template(renderer_base $output) {
        [$total, $rows] = imports::page(0, $this->courseid, max(0, $this->page), self::PER_PAGE);
        $names = array_map(fn($store): string => $store->name(), stores::all());
        $courses = $this->courses($rows);
        return [
            'admin' => !$this->courseid,
            'stores' => $this->courseid ? [] : $this->stores(),
            'total' => get_string('imports_total', 'local_archivist', $total),
            'hasrows' => (bool) $rows,
            'rows' => array_values(array_map(fn(\stdClass $row): array => $this->row($row, $names, $courses), $rows)),
            'paging' => $output->paging_bar($total, max(0, $this->page), self::PER_PAGE, $this->url),
        ];
    }

    /**
     * The storages that can tell what lies in them.
     *
     * @return array<int, array<string, mixed>>
     */
    private function stores(): array {
        $told = [];
        foreach (stores::all() as $id => $store) {
            $told[] = [
                'id' => $id,
                'name' => $store->name(),
                'where' => $store->describe(),
                'can' => $store->can_list(),
                'cannot' => $store->can_list() ? null : runner::sentence($store->not_listed()),
                'queued' => $store->can_list() && imports::is_queued($id),
                'url' => $this->url->out(false),
                'sesskey' => sesskey(),
            ];
        }
        return $told;
    }

    /**
     * The names of the courses that archives belong to.
     *
     * @param \stdClass[] $rows
     * @return string[] by id
     */
    private function courses(array $rows): array {
        global $DB;
        $ids = array_filter(array_column($rows, 'courseid'));
        return $ids ? array_column($DB->get_records_list('course', 'id', $ids, '', 'id, fullname'), 'fullname', 'id') : [];
    }

    /**
     * An archive.
     *
     * @param \stdClass $row row of local_archivist_import
     * @param string[] $stores names by id
     * @param string[] $courses names by id
     * @return array<string, mixed>
     */
    private function row(\stdClass $row, array $stores, array $courses): array {
        $says = json_decode($row->metadata ?? '[]', true) ?: [];
        $may = imports::may_download($row) && $row->sha256 !== null && $row->status !== imports::MISSING;
        $bound = $courses[(int) $row->courseid] ?? null;
        return [
            'title' => $row->title === '' ? $row->storekey : $row->title,
            'says' => implode(', ', array_filter([$says['course'] ?? '', $says['activity'] ?? ''])),
            'collected' => self::time($says['collected'] ?? null),
            'requested' => self::time($says['requested'] ?? null),
            'site' => $says['site'] ?? null,
            'size' => display_size((int) $row->sizebytes),
            'where' => $this->courseid ? null : ($stores[(int) $row->storeid] ?? '') . ': ' . $row->storekey,
            'uuid' => $row->uuid,
            'sha256' => $row->sha256,
            'label' => get_string("import_{$row->status}", 'local_archivist'),
            'badgeclass' => badge::of_import($row->status),
            'problem' => $row->problem === null ? null : access::told($row->problem),
            'course' => $bound === null ? null : format_string($bound, true, ['context' => \context_system::instance()]),
            'bindurl' => $this->courseid ? null : (new \moodle_url($this->url, ['action' => 'bind', 'id' => $row->id]))->out(false),
            'downloadurl' => $may
                ? (new \moodle_url('/local/archivist/importfile.php', ['id' => $row->id]))->out(false) : null,
        ];
    }

    /**
     * A time that an archive says.
     *
     * @param string|null $text as RFC 3339
     * @return string|null for people
     */
    private static function time(?string $text): ?string {
        $seconds = $text === null ? false : strtotime($text);
        return $seconds === false ? null : moment::told($seconds);
    }
}
