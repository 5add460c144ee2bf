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
 * What lies around an assignment and is needed to understand it: the course, the gradebook's rules, the log, and the page
 * that tells about the exam.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class surroundings {
    /**
     * The surroundings of an assignment.
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
    }

    /**
     * Puts them in.
     */
    public function collect(): void {
        $course = $this->course();
        $log = self::log();
        $this->package->add_json('assignment/course.json', $course + ['log' => $log]);
        $this->package->add_json('assignment/gradebook.json', $this->gradebook());
        $this->package->add_text('about/index.html', $this->page($course, $log));
    }

    /**
     * The course.
     *
     * @return array
     */
    private function course(): array {
        global $DB;
        $course = $DB->get_record('course', ['id' => $this->subject->assign->course], '*', MUST_EXIST);
        $category = $DB->get_record('course_categories', ['id' => $course->category], 'id, path');
        $path = [];
        if ($category) {
            $ids = array_filter(explode('/', $category->path));
            $found = $DB->get_records_list('course_categories', 'id', $ids, 'depth', 'id, name, idnumber');
            $path = array_map(fn(\stdClass $row): array => ['id' => (int) $row->id, 'name' => $row->name,
                'idnumber' => $row->idnumber], array_values($found));
        }
        return [
            'id' => (int) $course->id,
            'fullname' => $course->fullname,
            'shortname' => $course->shortname,
            'idnumber' => $course->idnumber,
            'categories' => $path,
            'begins' => dates::iso($course->startdate),
            'ends' => dates::iso($course->enddate),
            'visible' => (bool) $course->visible,
            'staff' => $this->staff(),
        ];
    }

    /**
     * Who taught or marked: who has a role and may mark, or takes no part.
     *
     * @return array[]
     */
    private function staff(): array {
        $staff = [];
        $roster = $this->subject->roster();
        foreach ($this->subject->scope->is_all() ? $roster->everybody() : [] as $id) {
            $facts = $roster->facts($id);
            if ($facts['roles'] && $facts['part'] !== 'participant') {
                $staff[] = ['name' => $this->subject->people->grader($id), 'key' => $this->subject->people->key($id),
                    'roles' => $facts['roles']];
            }
        }
        return $staff;
    }

    /**
     * Since when the log tells anything.
     *
     * @return array
     */
    private static function log(): array {
        global $DB;
        $stores = explode(',', (string) get_config('tool_log', 'enabled_stores'));
        $first = null;
        if (cursor::installed('logstore_standard_log')) {
            $rows = $DB->get_records('logstore_standard_log', null, 'id', 'id, timecreated', 0, 1);
            $first = $rows ? dates::iso(reset($rows)->timecreated) : null;
        }
        return [
            'enabled' => in_array('logstore_standard', $stores, true),
            'since' => $first,
            'keptdays' => (int) get_config('logstore_standard', 'loglifetime') ?: null,
        ];
    }

    /**
     * The rules of the gradebook: items with their calculation and weight, categories, letters, scales, outcomes, penalties.
     *
     * @return array
     */
    private function gradebook(): array {
        global $CFG, $DB;
        require_once($CFG->libdir . '/gradelib.php');
        $courseid = $this->subject->assign->course;
        $conditions = ['itemmodule' => 'assign', 'iteminstance' => $this->subject->assign->id, 'courseid' => $courseid];
        $items = array_values($DB->get_records('grade_items', $conditions, 'itemnumber, id'));
        $ids = fn(string $column): array => array_values(array_filter(array_unique(array_column($items, $column))));
        $outcomes = $DB->get_records_list('grade_outcomes', 'id', $ids('outcomeid'), 'id', 'id, shortname, fullname, scaleid');
        $scales = [...$ids('scaleid'), ...array_filter(array_column($outcomes, 'scaleid'))];
        $context = \context_course::instance($courseid);
        $letters = [];
        foreach (grade_get_letters($context) as $boundary => $letter) {
            $letters[] = ['letter' => $letter, 'from' => (float) $boundary];
        }
        preg_match_all('/##gi(\d+)##/', implode(' ', array_column($items, 'calculation')), $m);
        return [
            'items' => $items,
            'calculatedfrom' => array_values($DB->get_records_list(
                'grade_items',
                'id',
                array_unique($m[1]),
                'id',
                'id, itemtype, itemmodule, itemname, idnumber',
            )),
            'categories' => array_values($DB->get_records('grade_categories', ['courseid' => $courseid], 'depth, id', 'id, parent,
                depth, path, fullname, aggregation, keephigh, droplow, aggregateonlygraded, aggregateoutcomes, hidden')),
            'outcomes' => array_values($outcomes),
            'scales' => array_values($DB->get_records_list('scale', 'id', array_unique($scales), 'id', 'id, name, scale')),
            'letters' => $letters,
            'settings' => $DB->get_records_menu('grade_settings', ['courseid' => $courseid], 'name', 'name, value'),
            'penalties' => $this->penalties(),
        ];
    }

    /**
     * Rules by which Moodle takes points off late work, of the activity and of what it lies in.
     *
     * @return array[]
     */
    private function penalties(): array {
        global $DB;
        if (!cursor::installed('gradepenalty_duedate_rule')) {
            return [];
        }
        $contexts = $this->subject->context->get_parent_context_ids(true);
        $order = 'contextid, sortorder, id';
        return array_values($DB->get_records_list('gradepenalty_duedate_rule', 'contextid', $contexts, $order));
    }

    /**
     * The page that tells about the exam.
     *
     * @param array $course
     * @param array $log
     * @return string
     */
    private function page(array $course, array $log): string {
        $assign = $this->subject->assign;
        $say = fn(string $name, $a = null): string => get_string("page_$name", 'archiver_assign', $a);
        $date = fn($time): ?string => (int) $time ? dates::human($time) : null;
        $yes = fn($on): ?string => $on ? $say('yes') : null;
        $facts = [
            'course' => trim("{$course['fullname']} ({$course['shortname']}) {$course['idnumber']}"),
            'category' => implode(' / ', array_column($course['categories'], 'name')),
            'course_dates' => trim(implode(' – ', array_filter([
                $course['begins'] ? dates::human(strtotime($course['begins'])) : null,
                $course['ends'] ? dates::human(strtotime($course['ends'])) : null,
            ]))),
            'staff' => implode('; ', array_map(
                fn(array $one): string => "{$one['name']}: " . implode(', ', $one['roles']),
                $course['staff'],
            )),
            'opens' => $date($assign->allowsubmissionsfromdate),
            'duedate' => $date($assign->duedate),
            'cutoff' => $date($assign->cutoffdate),
            'gradingdue' => $date($assign->gradingduedate),
            'timelimit' => (int) $assign->timelimit ? format_time((int) $assign->timelimit) : null,
            'teams' => $yes($assign->teamsubmission),
            'blind' => $assign->blindmarking ? $say($assign->revealidentities ? 'blind_revealed' : 'blind_on') : null,
            'markingworkflow' => $yes($assign->markingworkflow),
            'maxattempts' => (int) $assign->maxattempts < 0 ? '∞' : (string) $assign->maxattempts,
            'maxgrade' => match (true) {
                $assign->grade > 0 => format_float($assign->grade, 2, true, true),
                $assign->grade < 0 => $say('scale'),
                default => $say('ungraded'),
            },
            'logsince' => $log['since'] ? dates::human(strtotime($log['since'])) : $say('nolog'),
        ];
        $body = html::facts(array_combine(array_map($say, array_keys($facts)), $facts));
        if (people::is_blind($assign)) {
            $body .= html::note($say('blind_note'));
        }
        $places = ['people/index.html', 'submissions/', 'feedback/', 'assignment/description.html', 'tables/',
            'tables/unreleased_notes.csv', 'about/inventory.html', 'about/codebook.html'];
        $rows = [];
        foreach ($places as $place) {
            $key = str_replace(['/', '.', ' '], '_', rtrim($place, '/'));
            $there = $place !== 'assignment/description.html' || (string) $assign->intro !== '';
            $rows[] = [$there ? html::link('../', $place, $place) : s($place), s($say("place_$key"))];
        }
        $body .= "<h2>{$say('where')}</h2>\n" . html::table([$say('place'), $say('what')], $rows);
        [$required, $statement] = activity::statement($assign);
        if ($statement !== '') {
            $body .= "<h2>{$say('statement')}</h2>\n" . ($required ? '' : '<p>' . $say('statement_off') . "</p>\n")
                . '<div class="said">' . html::text($statement, FORMAT_MOODLE) . "</div>\n";
        }
        return html::page("{$say('about')}: {$this->subject->cm->name}", $body, dossiers::links('../', 'about'));
    }
}
