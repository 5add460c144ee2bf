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

use local_archivist\owner;
use local_archivist\package;
use local_archivist\scope;

/**
 * What the parts of a driver need to know about one assignment and its archive.
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class subject {
    /** @var \stdClass Row of assign, without the exceptions that Moodle makes for the current user. */
    public readonly \stdClass $assign;

    /** @var \assign Moodle's object for it. */
    public readonly \assign $manager;

    /** @var people The people. */
    public readonly people $people;

    /** @var teams The groups. */
    public readonly teams $teams;

    /** @var inventory What the database has, and what became of it. */
    public readonly inventory $inventory;

    /** @var teamwork|null Who handed in with whom; null: not read. */
    private ?teamwork $teamwork = null;

    /** @var roster|null What is known about everybody; null: not read. */
    private ?roster $roster = null;

    /**
     * An assignment.
     *
     * @param \cm_info $cm
     * @param \context_module $context
     * @param scope $scope
     */
    public function __construct(
        /** @var \cm_info the module */
        public readonly \cm_info $cm,
        /** @var \context_module its context */
        public readonly \context_module $context,
        /** @var scope whose data */
        public readonly scope $scope,
    ) {
        global $CFG, $DB;
        require_once($CFG->dirroot . '/mod/assign/locallib.php');
        $this->assign = $DB->get_record('assign', ['id' => $cm->instance], '*', MUST_EXIST);
        $this->manager = new \assign($context, $cm, $cm->get_course());
        $this->people = new people($this->assign, $context, $scope);
        $this->teams = new teams($this->assign, $cm, $scope);
        $this->inventory = new inventory($this);
    }

    /**
     * The condition on a table with a column userid, in the scope.
     *
     * @param string $alias of the table
     * @return array{string, array} SQL and parameters
     */
    public function of_user(string $alias): array {
        return $this->scope->is_all() ? ['1 = 1', []] : ["$alias.userid = :scopeuser", ['scopeuser' => $this->scope->userid]];
    }

    /**
     * The condition on assign_submission, in the scope: own submissions, and those of the teams in which the one person was
     * when they handed in.
     *
     * @param string $alias of the table
     * @return array{string, array} SQL and parameters
     */
    public function of_submission(string $alias): array {
        global $DB;
        [$sql, $params] = $this->of_user($alias);
        $teams = !$this->scope->is_all() && $this->assign->teamsubmission;
        $ids = $teams ? $this->teamwork()->submissions_of($this->scope->userid) : [];
        if ($ids) {
            [$in, $more] = $DB->get_in_or_equal($ids, SQL_PARAMS_NAMED, 'scopeteam');
            return ["($sql OR $alias.id $in)", $params + $more];
        }
        return [$sql, $params];
    }

    /**
     * What is known about everybody, which is read when it is first asked for.
     *
     * @return roster
     */
    public function roster(): roster {
        return $this->roster ??= new roster($this);
    }

    /**
     * Who handed in with whom, which is read when it is first asked for.
     *
     * @return teamwork
     */
    public function teamwork(): teamwork {
        return $this->teamwork ??= new teamwork($this);
    }

    /**
     * Who handed in: a person, or a team with those who were in it then.
     *
     * @param \stdClass $row of assign_submission
     * @return owner
     */
    public function owner(\stdClass $row): owner {
        if ((int) $row->userid) {
            return $this->people->owner((int) $row->userid);
        }
        $keys = array_map([$this->people, 'key'], $this->teamwork()->members($row));
        return new owner($this->teams->label((int) $row->groupid), array_filter($keys, 'is_string'));
    }

    /**
     * The folder of somebody's attempt.
     *
     * @param string $top submissions or feedback
     * @param owner $owner
     * @param int $attempt as the database counts, from 0
     * @return string with "/" at its end
     */
    public static function folder(string $top, owner $owner, int $attempt): string {
        return "$top/" . package::component($owner->name) . '/attempt ' . ($attempt + 1) . '/';
    }
}
