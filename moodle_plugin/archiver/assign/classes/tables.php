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
 * Tables of what Moodle keeps about an assignment elsewhere: gradebook with its history, groups, log.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class tables {
    /** @var string[] Columns of the gradebook. */
    private const GRADEBOOK = ['id', 'item', ...people::COLUMNS, 'rawgrade', 'finalgrade', 'grademin', 'grademax', 'feedback',
        'feedbackformat', 'changedby', 'hidden', 'locked', 'overridden', 'excluded', 'created', 'modified'];

    /** @var string[] Columns of its history. */
    private const HISTORY = ['id', 'item', ...people::COLUMNS, 'action', 'source', 'rawgrade', 'finalgrade', 'feedback',
        'feedbackformat', 'changedby', 'loggeduser', 'hidden', 'locked', 'overridden', 'excluded', 'modified'];

    /** @var string[] Columns of the log. */
    private const LOG = ['id', 'time', ...people::COLUMNS, 'event', 'action', 'object', 'objectid', 'about', 'aboutkey',
        'aboutid', 'ip', 'origin', 'actingas', 'other'];

    /** @var int Id of the newest line of the log that was put in. */
    private int $lastlog = 0;

    /**
     * The tables of an assignment.
     *
     * @param subject $subject
     * @param package $package
     * @param dossiers|null $dossiers pages of the people
     */
    public function __construct(
        /** @var subject the assignment */
        private readonly subject $subject,
        /** @var package where they go */
        private readonly package $package,
        /** @var dossiers|null pages of the people */
        private readonly ?dossiers $dossiers = null,
    ) {
    }

    /**
     * Puts all of them in.
     *
     * @return int id of the newest line of the log that can be in it: others write on while a job runs
     */
    public function collect(): int {
        $this->package->add_table('tables/gradebook', self::GRADEBOOK, $this->gradebook());
        $this->package->add_table('tables/grading_history', self::HISTORY, $this->history());
        if ($this->subject->teams->matter()) {
            $header = ['group', 'groupid', 'groupidnumber', ...people::COLUMNS, 'since'];
            $this->package->add_table('tables/groups', $header, $this->subject->teams->rows($this->subject->people));
        }
        if (cursor::installed('logstore_standard_log')) {
            $this->package->add_table('tables/logs', self::LOG, $this->logs());
        }
        return $this->lastlog;
    }

    /**
     * The gradebook.
     *
     * @return \Generator rows
     */
    private function gradebook(): \Generator {
        foreach ($this->grades('grade_grades', ['usermodified'], 'grade in the gradebook', 'feedback') as $row) {
            yield [
                ...[(int) $row->id, (int) $row->itemnumber, ...$this->subject->people->row((int) $row->userid)],
                ...[self::number($row->rawgrade), self::number($row->finalgrade)],
                ...[self::number($row->rawgrademin), self::number($row->rawgrademax), $row->feedback, (int) $row->feedbackformat],
                ...[$this->subject->people->label((int) $row->usermodified), (int) $row->hidden, dates::iso($row->locked)],
                ...[dates::iso($row->overridden), (bool) $row->excluded],
                ...[dates::iso($row->timecreated), dates::iso($row->timemodified)],
            ];
        }
    }

    /**
     * The history of the gradebook.
     *
     * @return \Generator rows
     */
    private function history(): \Generator {
        $actions = [1 => 'insert', 2 => 'update', 3 => 'delete'];
        $rows = $this->grades('grade_grades_history', ['usermodified', 'loggeduser'], 'grade history', 'historyfeedback');
        foreach ($rows as $row) {
            $cells = [
                dates::human($row->timemodified), $actions[(int) $row->action] ?? (string) $row->action,
                $row->finalgrade === null ? '' : format_float($row->finalgrade, 2, true, true),
                $this->subject->people->grader((int) ($row->loggeduser ?: $row->usermodified)), (string) $row->source,
            ];
            $line = '<tr><td>' . implode('</td><td>', array_map('s', $cells)) . "</td></tr>\n";
            $this->dossiers?->add((int) $row->userid, 'history', $line);
            yield [
                ...[(int) $row->id, (int) $row->itemnumber, ...$this->subject->people->row((int) $row->userid)],
                ...[$actions[(int) $row->action] ?? (string) $row->action, $row->source],
                ...[self::number($row->rawgrade), self::number($row->finalgrade), $row->feedback, (int) $row->feedbackformat],
                $this->subject->people->label((int) $row->usermodified),
                $this->subject->people->label((int) $row->loggeduser),
                ...[(int) $row->hidden, dates::iso($row->locked), dates::iso($row->overridden), (bool) $row->excluded],
                dates::iso($row->timemodified),
            ];
        }
    }

    /**
     * Rows of the gradebook or of its history.
     *
     * @param string $table
     * @param string[] $users columns with users who changed something
     * @param string $kind for package::count()
     * @param string $area of the files of their feedback
     * @return \Generator
     */
    private function grades(string $table, array $users, string $kind, string $area): \Generator {
        global $DB;
        [$where, $params] = $this->subject->of_user('g');
        $from = "FROM {{$table}} g JOIN {grade_items} i ON i.id = g.itemid
                WHERE i.itemmodule = 'assign' AND i.iteminstance = :assign AND $where";
        $params['assign'] = $this->subject->assign->id;
        foreach (['userid', ...$users] as $column) {
            $this->subject->people->load("SELECT DISTINCT g.$column $from AND g.$column > 0", $params);
        }
        $files = files::cursor($this->subject->context->id, 'grade', $area);
        $put = new files($this->package, $this->subject->people, $this->subject->inventory);
        $rows = $DB->get_recordset_sql("SELECT g.*, i.itemnumber $from ORDER BY g.id", $params);
        foreach ($rows as $row) {
            $this->package->count($kind, (int) $row->id);
            $owner = $this->subject->people->owner((int) $row->userid);
            $folder = 'feedback/' . package::component($owner->name) . "/gradebook/$area {$row->id}";
            $put->add($files->take((int) $row->id), '', $folder, 'gradebook file', $owner);
            yield $row;
        }
        $rows->close();
        $files->close();
    }

    /**
     * A number out of the database.
     *
     * @param string|null $value
     * @return float|null
     */
    private static function number(?string $value): ?float {
        return $value === null ? null : (float) $value;
    }

    /**
     * The log about the activity. Of others than the one person it has no addresses; while marking is blind it has neither
     * addresses nor details of participants, and a line that Moodle's own log shows under the name of one tells not even the
     * number, for time and event would say whose number it is.
     *
     * @return \Generator rows
     */
    private function logs(): \Generator {
        global $DB;
        $people = $this->subject->people;
        $scope = $this->subject->scope;
        [$about, $params] = $this->about();
        $from = "FROM {logstore_standard_log} l WHERE $about";
        if (!$scope->is_all()) {
            $from .= ' AND (l.userid = :actor OR l.relateduserid = :related)';
            $params += ['actor' => $scope->userid, 'related' => $scope->userid];
            $from .= $people->is_hidden($scope->userid) ? ' AND l.anonymous = 1' : ''; // All lines are about them.
        }
        foreach (['userid', 'relateduserid', 'realuserid'] as $column) {
            $people->load("SELECT DISTINCT l.$column $from AND l.$column > 0", $params);
        }
        $blind = people::is_blind($this->subject->assign);
        $rows = $DB->get_recordset_sql("SELECT l.* $from ORDER BY l.id", $params);
        foreach ($rows as $row) {
            $userid = (int) $row->userid;
            $known = $blind && !$row->anonymous; // Moodle's log shows the line with the names in it.
            $who = $people->row($userid, $known);
            $about = $people->row((int) $row->relateduserid, $known);
            $known = $known && array_filter([$userid, (int) $row->relateduserid], [$people, 'is_hidden']);
            $secret = $people->is_hidden($userid) || (!$scope->is_all() && $userid !== $scope->userid);
            $user = $row->objecttable === 'user';
            yield [
                ...[(int) $row->id, dates::iso($row->timecreated), ...$who, $row->eventname, $row->action],
                ...[$row->objecttable, $known || ($user && ($blind || $secret)) ? null : (int) $row->objectid],
                ...array_slice($about, 0, 3),
                ...[$secret ? null : $row->ip, $row->origin, $people->label((int) $row->realuserid) ?: null],
                $blind || $secret ? null : self::other($row->other),
            ];
            $this->lastlog = (int) $row->id;
            $this->package->tally('log', $this->lastlog);
        }
        $rows->close();
    }

    /**
     * The condition on lines of the log: those of the activity, and those of the course that concern it, such as its creation,
     * what was written into the gradebook, and who came into a group or left it.
     *
     * @return array{string, array} SQL and parameters
     */
    private function about(): array {
        global $DB;
        $conditions = ['itemmodule' => 'assign', 'iteminstance' => $this->subject->assign->id];
        $items = $DB->get_fieldset('grade_items', 'id', $conditions);
        [$in1, $params1] = $DB->get_in_or_equal($items, SQL_PARAMS_NAMED, 'item', true, 0);
        [$in2, $params2] = $DB->get_in_or_equal($items, SQL_PARAMS_NAMED, 'grade', true, 0);
        $groups = $this->subject->teams->matter() ? " OR l.target = 'group' OR l.target = 'group_member'" : '';
        return [
            "(l.contextid = :context OR (l.contextid = :course AND ((l.objecttable = 'course_modules' AND l.objectid = :cm)
                OR (l.objecttable = 'grade_items' AND l.objectid $in1) OR (l.objecttable = 'grade_grades' AND l.objectid IN
                    (SELECT gg.id FROM {grade_grades} gg WHERE gg.itemid $in2))$groups)))",
            $params1 + $params2 + [
                'context' => $this->subject->context->id, 'cm' => $this->subject->cm->id,
                'course' => \context_course::instance($this->subject->assign->course)->id,
            ],
        ];
    }

    /**
     * Details of an event as JSON: older lines have them in PHP's own form.
     *
     * @param string|null $other
     * @return string|null
     */
    private static function other(?string $other): ?string {
        if ((string) $other === '' || $other === 'N;' || $other === 'null') {
            return null;
        }
        if (json_decode($other) !== null) {
            return $other;
        }
        $data = unserialize_array($other);
        return $data === false ? $other : json_encode($data, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
    }
}
