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

namespace archiver_assign;

use local_archivist\package;

/**
 * Comments and marks on the pages of PDFs: those that were released are feedback, drafts are not.
 *
 * Moodle keeps the drafts of a document when it releases them, as copies. So a draft that is as what was released is only
 * its copy. Every other draft is a note that the student has not been shown: it stands in a table of its own, and never
 * among the feedback.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class notes {
    /** @var array<string, string> Kinds of the records, by the end of the table's name. */
    public const KINDS = ['cmnt' => 'PDF comment', 'annot' => 'PDF annotation'];

    /** @var string[] Columns of the table of notes that were not released. */
    public const COLUMNS = ['id', 'kind', 'state', ...people::COLUMNS, 'attempt', 'gradeid', 'page', 'type', 'text', 'x', 'y',
        'width', 'endx', 'endy', 'path', 'colour'];

    /** @var array<string, cursor|null> The two tables, by the end of their names. */
    private array $rows = [];

    /**
     * The notes of an assignment.
     *
     * @param subject $subject
     */
    public function __construct(
        /** @var subject the assignment */
        private readonly subject $subject,
    ) {
        $params = ['assign' => $this->subject->assign->id];
        foreach (array_keys(self::KINDS) as $table) {
            $this->rows[$table] = cursor::if_installed(
                "assignfeedback_editpdf_$table",
                "SELECT e.* FROM {assignfeedback_editpdf_$table} e JOIN {assign_grades} g ON g.id = e.gradeid
                  WHERE g.assignment = :assign ORDER BY e.gradeid, e.pageno, e.id",
                $params,
                'gradeid',
            );
        }
    }

    /**
     * The notes on the documents of a grade. Grades must be asked for in ascending order.
     *
     * @param int $gradeid
     * @return array{released: array<string, \stdClass[]>, drafts: array<string, \stdClass[]>, ids: array<string, int[]>} rows
     *     by the end of their table's name: what was released, drafts that differ from it; and ids of all of them
     */
    public function take(int $gradeid): array {
        $found = ['released' => [], 'drafts' => [], 'ids' => []];
        foreach ($this->rows as $table => $cursor) {
            $rows = $cursor?->take($gradeid) ?? [];
            $released = array_values(array_filter($rows, fn(\stdClass $row): bool => !$row->draft));
            $copies = array_count_values(array_map([self::class, 'content'], $released));
            $found['released'][$table] = $released;
            $found['ids'][$table] = array_map('intval', array_column($rows, 'id'));
            $found['drafts'][$table] = [];
            foreach ($rows as $row) {
                $content = self::content($row);
                if ($row->draft && empty($copies[$content])) {
                    $found['drafts'][$table][] = $row;
                } else if ($row->draft) {
                    $copies[$content]--; // Two equal drafts are copies of two equal notes only.
                }
            }
        }
        return $found;
    }

    /**
     * What a note says and where, to compare it.
     *
     * @param \stdClass $row
     * @return string
     */
    private static function content(\stdClass $row): string {
        return json_encode(array_diff_key((array) $row, ['id' => 0, 'draft' => 0]), JSON_INVALID_UTF8_SUBSTITUTE);
    }

    /**
     * Frees the rows.
     */
    public function close(): void {
        foreach (array_filter($this->rows) as $cursor) {
            $cursor->close();
        }
    }

    /**
     * Puts the table of notes that were not released in.
     *
     * @param subject $subject
     * @param package $package
     */
    public static function collect(subject $subject, package $package): void {
        $notes = new self($subject);
        $package->add_table('tables/unreleased_notes', self::COLUMNS, $notes->unreleased($package));
        $notes->close();
    }

    /**
     * The notes that were not released.
     *
     * @param package $package counts all drafts, also those that are copies of what was released
     * @return \Generator rows
     */
    private function unreleased(package $package): \Generator {
        global $DB;
        [$where, $params] = $this->subject->of_user('g');
        $rows = $DB->get_recordset_sql(
            "SELECT g.id, g.userid, g.attemptnumber FROM {assign_grades} g WHERE g.assignment = :assign AND $where ORDER BY g.id",
            $params + ['assign' => $this->subject->assign->id],
        );
        foreach ($rows as $row) {
            $found = $this->take((int) $row->id);
            $state = array_filter($found['released']) ? 'changed since the release' : 'never released';
            foreach (self::KINDS as $table => $kind) {
                foreach ($found['drafts'][$table] as $note) {
                    yield [
                        ...[(int) $note->id, $kind, $state, ...$this->subject->people->row((int) $row->userid)],
                        ...[(int) $row->attemptnumber + 1, (int) $row->id, (int) $note->pageno + 1, $note->type ?? null],
                        ...[$note->rawtext ?? null, (int) $note->x, (int) $note->y, (int) ($note->width ?? 0) ?: null],
                        ...[$note->endx ?? null, $note->endy ?? null, $note->path ?? null, $note->colour],
                    ];
                }
                $released = array_map('intval', array_column($found['released'][$table], 'id'));
                foreach (array_diff($found['ids'][$table], $released) as $id) {
                    $package->count($kind, $id);
                }
            }
        }
        $rows->close();
    }
}
