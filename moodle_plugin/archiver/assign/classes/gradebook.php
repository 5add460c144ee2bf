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

/**
 * The grades that an assignment has in the gradebook.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class gradebook {
    /** @var \grade_item|null The item; null: there is none. */
    private ?\grade_item $item;

    /** @var array<int, \stdClass> Grades by user. */
    private array $grades = [];

    /**
     * The grades of an assignment, in the scope.
     *
     * @param subject $subject
     */
    public function __construct(
        subject $subject,
    ) {
        global $CFG, $DB;
        require_once($CFG->libdir . '/gradelib.php');
        $assign = $subject->assign;
        $this->item = \grade_item::fetch(['itemtype' => 'mod', 'itemmodule' => 'assign', 'iteminstance' => $assign->id,
            'itemnumber' => 0, 'courseid' => $assign->course]) ?: null;
        if ($this->item) {
            [$where, $params] = $subject->of_user('t');
            $rows = $DB->get_recordset_sql("SELECT t.id, t.userid, t.finalgrade, t.rawgrademax, t.hidden FROM {grade_grades} t
                WHERE t.itemid = :item AND $where", $params + ['item' => $this->item->id]);
            foreach ($rows as $row) {
                $this->grades[(int) $row->userid] = $row;
            }
            $rows->close();
        }
    }

    /**
     * Who has a record there.
     *
     * @return int[] ids of users
     */
    public function users(): array {
        return array_keys($this->grades);
    }

    /**
     * What it says about somebody.
     *
     * @param int $userid
     * @return array{grade: float|null, grademax: float|null, gradetext: string|null, letter: string|null}
     */
    public function facts(int $userid): array {
        $row = $this->grades[$userid] ?? null;
        if (!$row || $row->finalgrade === null) {
            return ['grade' => null, 'grademax' => null, 'gradetext' => null, 'letter' => null];
        }
        [$grade, $max] = [(float) $row->finalgrade, (float) $row->rawgrademax];
        return [
            'grade' => $grade,
            'grademax' => $max,
            'gradetext' => $this->text($grade, $max),
            'letter' => $this->scale() === null ? $this->letter($grade) : null,
        ];
    }

    /**
     * Whether somebody has a grade there.
     *
     * @param int $userid
     * @return bool
     */
    public function has_grade(int $userid): bool {
        return ($this->grades[$userid]->finalgrade ?? null) !== null;
    }

    /**
     * Whether somebody's grade is hidden from them: by itself, or as all of the item.
     *
     * @param int $userid
     * @return bool
     */
    public function is_hidden(int $userid): bool {
        $hidden = (int) ($this->grades[$userid]->hidden ?? 0);
        return $hidden === 1 || $hidden > time() || ($this->item && $this->item->is_hidden());
    }

    /**
     * The items of the scale of the gradebook's item.
     *
     * @return string[]|null null: grades are points
     */
    private function scale(): ?array {
        if (!$this->item || (int) $this->item->gradetype !== GRADE_TYPE_SCALE) {
            return null;
        }
        return array_values($this->item->load_scale()?->load_items() ?? []);
    }

    /**
     * A grade as a letter, by the letters of the course.
     *
     * @param float $grade
     * @return string
     */
    private function letter(float $grade): string {
        return grade_format_gradevalue($grade, $this->item, true, GRADE_DISPLAY_TYPE_LETTER);
    }

    /**
     * A grade for people: the item of the scale, or points, with the letter where the gradebook shows one.
     *
     * @param float $grade
     * @param float $max
     * @return string
     */
    private function text(float $grade, float $max): string {
        $scale = $this->scale();
        if ($scale !== null) {
            return $scale[(int) $grade - 1] ?? format_float($grade, 2, true, true);
        }
        $points = format_float($grade, 2, true, true) . ' / ' . format_float($max, 2, true, true);
        $lettered = str_contains((string) $this->item->get_displaytype(), (string) GRADE_DISPLAY_TYPE_LETTER);
        return $lettered ? "$points ({$this->letter($grade)})" : $points;
    }
}
