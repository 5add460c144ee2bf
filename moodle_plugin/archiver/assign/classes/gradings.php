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
 * Rubrics, marking guides and other forms of advanced grading, and how they were filled in.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class gradings {
    /** @var int State of a filling that counts. */
    private const ACTIVE = 1;

    /** @var array<int, string> States of fillings. */
    private const STATES = [0 => 'incomplete', self::ACTIVE => 'active', 2 => 'needs update', 3 => 'archived'];

    /** @var array<int, \stdClass> Definitions of forms by id, with ->criteria and ->comments. */
    private array $definitions = [];

    /** @var array<string, cursor|null> Fillings by grade. */
    private array $beside = [];

    /**
     * The forms of an assignment.
     *
     * @param subject $subject
     * @param package $package
     */
    public function __construct(
        /** @var subject the assignment */
        private readonly subject $subject,
        /** @var package where they go */
        private readonly package $package,
    ) {
        global $DB;
        $this->definitions = $DB->get_records_sql(
            'SELECT d.*, a.areaname, a.activemethod
               FROM {grading_definitions} d JOIN {grading_areas} a ON a.id = d.areaid
              WHERE a.contextid = :context ORDER BY d.id',
            ['context' => $subject->context->id],
        );
        foreach ($this->definitions as $definition) {
            $definition->criteria = $definition->comments = [];
        }
        if ($this->definitions && cursor::installed('gradingform_rubric_criteria')) {
            $this->attach('gradingform_rubric_criteria', 'criteria', 'definitionid', $this->definitions);
            $criteria = array_merge(...array_values(array_column($this->definitions, 'criteria'))) ?: [];
            $this->attach_levels(array_column($criteria, null, 'id'));
        }
        if ($this->definitions && cursor::installed('gradingform_guide_criteria')) {
            $this->attach('gradingform_guide_criteria', 'criteria', 'definitionid', $this->definitions);
            $this->attach('gradingform_guide_comments', 'comments', 'definitionid', $this->definitions);
        }
    }

    /**
     * Attaches the rows of a table to what they belong to.
     *
     * @param string $table
     * @param string $as name of the list, which is there
     * @param string $column that names the owner
     * @param \stdClass[] $owners by id
     */
    private function attach(string $table, string $as, string $column, array $owners): void {
        global $DB;
        if (!$owners) {
            return;
        }
        [$in, $params] = $DB->get_in_or_equal(array_keys($owners));
        foreach ($DB->get_records_select($table, "$column $in", $params, 'id') as $row) {
            $owners[$row->$column]->{$as}[(int) $row->id] = $row;
        }
    }

    /**
     * Attaches the levels of rubrics to their criteria.
     *
     * @param \stdClass[] $criteria by id
     */
    private function attach_levels(array $criteria): void {
        foreach ($criteria as $criterion) {
            $criterion->levels = [];
        }
        $this->attach('gradingform_rubric_levels', 'levels', 'criterionid', $criteria);
    }

    /**
     * Puts the definitions in.
     */
    public function collect_definitions(): void {
        foreach ($this->definitions as $definition) {
            foreach (['usercreated', 'usermodified'] as $column) {
                $definition->$column = $this->subject->people->grader((int) $definition->$column);
            }
            $said = clone $definition;
            $said->criteria = array_values($definition->criteria);
            $said->comments = array_values($definition->comments);
            $this->package->add_json("assignment/grading form {$definition->id}.json", $said);
            $this->package->count('grading form', (int) $definition->id);
        }
    }

    /**
     * Begins to read the fillings; take() follows, in the order of the grades.
     */
    public function open(): void {
        $from = '{grading_instances} i JOIN {grading_definitions} d ON d.id = i.definitionid
                  JOIN {grading_areas} a ON a.id = d.areaid';
        $where = "a.contextid = :context AND a.component = 'mod_assign' AND a.areaname = 'submissions'";
        $params = ['context' => $this->subject->context->id];
        $this->subject->people->load("SELECT DISTINCT i.raterid FROM $from WHERE $where", $params);
        $this->beside['instances'] = new cursor("SELECT i.* FROM $from WHERE $where ORDER BY i.itemid, i.id", $params, 'itemid');
        foreach (['rubric', 'guide'] as $method) {
            $this->beside[$method] = cursor::if_installed(
                "gradingform_{$method}_fillings",
                "SELECT f.*, i.itemid FROM {gradingform_{$method}_fillings} f JOIN $from ON f.instanceid = i.id
                  WHERE $where ORDER BY i.itemid, f.id",
                $params,
                'itemid',
            );
        }
    }

    /**
     * Frees what open() began.
     */
    public function close(): void {
        foreach (array_filter($this->beside) as $cursor) {
            $cursor->close();
        }
    }

    /**
     * The fillings for a grade, for its record.
     *
     * @param int $gradeid ascending
     * @return array[]
     */
    public function take(int $gradeid): array {
        $fillings = [];
        foreach (['rubric', 'guide'] as $method) {
            foreach ($this->beside[$method]?->take($gradeid) ?? [] as $filling) {
                $fillings[(int) $filling->instanceid][] = $filling;
            }
        }
        $said = [];
        foreach ($this->beside['instances']->take($gradeid) as $instance) {
            $definition = $this->definitions[$instance->definitionid] ?? null;
            $filled = $fillings[(int) $instance->id] ?? [];
            $said[] = [
                'id' => (int) $instance->id,
                'form' => (int) $instance->definitionid,
                'method' => $definition->method ?? null,
                'name' => $definition->name ?? null,
                'status' => self::STATES[(int) $instance->status] ?? (string) $instance->status,
                'rater' => $this->subject->people->grader((int) $instance->raterid),
                'grade' => $instance->rawgrade === null ? null : (float) $instance->rawgrade,
                'feedback' => $instance->feedback,
                'modified' => dates::iso($instance->timemodified),
                'fillings' => array_map(fn(\stdClass $one): array => self::filling($one, $definition), $filled),
            ];
        }
        return $said;
    }

    /**
     * One criterion as it was filled in. Each method counts its criteria by itself, so that only the form tells which one it is.
     *
     * @param \stdClass $filling row of gradingform_rubric_fillings or gradingform_guide_fillings
     * @param \stdClass|null $definition of the form
     * @return array
     */
    private static function filling(\stdClass $filling, ?\stdClass $definition): array {
        $criterion = $definition->criteria[(int) $filling->criterionid] ?? null;
        $level = $criterion->levels[(int) ($filling->levelid ?? 0)] ?? null;
        $points = $filling->score ?? $level->score ?? null;
        return [
            'criterionid' => (int) $filling->criterionid,
            'levelid' => isset($filling->levelid) ? (int) $filling->levelid : null,
            'criterion' => $criterion->shortname ?? $criterion->description ?? null,
            'level' => $level->definition ?? null,
            'points' => $points === null ? null : (float) $points,
            'max' => isset($criterion->maxscore) ? (float) $criterion->maxscore : null,
            'remark' => $filling->remark,
            'remarkformat' => (int) $filling->remarkformat,
        ];
    }

    /**
     * The filling that counts, with all that could have been chosen, for people.
     *
     * @param array[] $said as from take()
     * @return string HTML
     */
    public function html(array $said): string {
        $out = '';
        foreach ($said as $grading) {
            if (!$grading['fillings'] || !in_array($grading['status'], [self::STATES[self::ACTIVE], self::STATES[2]], true)) {
                continue;
            }
            $filled = array_column($grading['fillings'], null, 'criterionid');
            $criteria = $this->definitions[$grading['form']]->criteria ?? [];
            usort($criteria, fn($a, $b): int => [(int) $a->sortorder, $a->id] <=> [(int) $b->sortorder, $b->id]);
            $rows = array_map(fn(\stdClass $one): array => self::criterion($one, $filled[(int) $one->id] ?? null), $criteria);
            $header = array_map(
                fn($key) => get_string($key, 'archiver_assign'),
                ['grading_criterion', 'grading_level', 'grading_points', 'grading_remark'],
            );
            $out .= '<h4>' . s($grading['name']) . "</h4>\n" . html::table($header, $rows);
            if ((string) $grading['feedback'] !== '') {
                $out .= '<div class="said">' . html::text($grading['feedback'], FORMAT_PLAIN) . "</div>\n";
            }
        }
        return $out;
    }

    /**
     * A criterion with its levels, for people.
     *
     * @param \stdClass $criterion
     * @param array|null $filling null: it was not filled in
     * @return string[] HTML
     */
    private static function criterion(\stdClass $criterion, ?array $filling): array {
        $number = fn(?float $points): string => $points === null ? '' : format_float($points, 2, true, true);
        $name = s($criterion->shortname ?? '');
        $name = $name === '' ? html::text($criterion->description, FORMAT_PLAIN)
            : "<strong>$name</strong>" . html::text($criterion->description, FORMAT_PLAIN);
        $levels = $criterion->levels ?? [];
        usort($levels, fn($a, $b): int => [(float) $a->score, $a->id] <=> [(float) $b->score, $b->id]);
        $list = '';
        foreach ($levels as $level) {
            $chosen = $filling && (int) $level->id === $filling['levelid'];
            $mark = $chosen ? ' class="chosen"' : '';
            $note = $chosen ? '✓ ' : '';
            $list .= "<li$mark>$note" . s("{$number((float) $level->score)}: {$level->definition}") . '</li>';
        }
        $max = isset($criterion->maxscore) ? ' / ' . $number((float) $criterion->maxscore) : '';
        return [
            $name,
            $list === '' ? '' : "<ul class=\"levels\">$list</ul>",
            $filling === null || $filling['points'] === null ? '–' : s($number($filling['points']) . $max),
            $filling === null ? '' : html::text($filling['remark'], FORMAT_PLAIN),
        ];
    }
}
