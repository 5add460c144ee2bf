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
use local_archivist\tombstones;

/**
 * What was deleted, when and by whom.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class deletions_page implements renderable, templatable {
    /** @var int Rows on a page. */
    private const PER_PAGE = 50;

    /**
     * The page.
     *
     * @param string $text part of the name of a course or of an activity
     * @param string $proof SHA-256 or UUID of one archive
     * @param int $page from 0
     */
    public function __construct(
        /** @var string part of a name */
        private readonly string $text = '',
        /** @var string SHA-256 or UUID */
        private readonly string $proof = '',
        /** @var int from 0 */
        private readonly int $page = 0,
    ) {
    }

    #[\Override]
    public function export_for_template(renderer_base $output) {
        if ($this->proof !== '') {
            $rows = tombstones::of_archive($this->proof, self::PER_PAGE);
            $total = count($rows);
        } else {
            [$total, $rows] = tombstones::search($this->text, max(0, $this->page), self::PER_PAGE);
        }
        $filter = array_filter(['text' => $this->text, 'proof' => $this->proof], fn(string $value): bool => $value !== '');
        $url = new \moodle_url('/local/archivist/deletions.php', $filter);
        return [
            'url' => (new \moodle_url('/local/archivist/deletions.php'))->out(false),
            'text' => $this->text,
            'proof' => $this->proof,
            'filtered' => (bool) $filter,
            'total' => get_string('deletions_total', 'local_archivist', $total),
            'hasrows' => (bool) $rows,
            'rows' => array_values(array_map([self::class, 'row'], $rows)),
            'paging' => $output->paging_bar($total, max(0, $this->page), self::PER_PAGE, $url),
        ];
    }

    /**
     * A trace.
     *
     * @param \stdClass $row row of local_archivist_tombstone
     * @return array<string, mixed>
     */
    public static function row(\stdClass $row): array {
        $system = ['context' => \context_system::instance()];
        return [
            'what' => get_string("deletions_{$row->kind}", 'local_archivist'),
            'archive' => $row->kind === 'archive' ? implode(', ', array_filter([
                $row->format, display_size((int) $row->sizebytes), $row->storename,
            ])) : '',
            'activity' => format_string($row->activityname, true, $system),
            'course' => format_string($row->coursename, true, $system),
            'oneperson' => (bool) $row->oneperson,
            'made' => (int) $row->timearchived ? moment::told((int) $row->timearchived) : '–',
            'sentence' => tombstones::sentence($row),
            'open' => !$row->timedone,
        ];
    }
}
