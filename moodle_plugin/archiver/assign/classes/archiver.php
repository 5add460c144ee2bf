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
use local_archivist\scope;

/**
 * Archives assignments.
 *
 * The archive has about/ (what the exam was, what is in the archive and what is not, what columns mean), people/ (a page for
 * each person), assignment/ (what was asked), submissions/ (what was handed in), feedback/ (what was said about it) and tables/
 * (for machines).
 *
 * @package    archiver_assign
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class archiver extends \local_archivist\archiver {
    /** @var subject|null What was read about the assignment. */
    private ?subject $subject = null;

    /** @var int Id of the newest line of the log that collect() saw. */
    private int $lastlog = 0;

    #[\Override]
    public static function modname(): string {
        return 'assign';
    }

    #[\Override]
    public static function fingerprints(int $courseid): array {
        return (new fingerprint($courseid))->all();
    }

    #[\Override]
    public function is_anonymous(): bool {
        global $DB;
        $fields = 'id, blindmarking, revealidentities';
        return people::is_blind($DB->get_record('assign', ['id' => $this->cm->instance], $fields, MUST_EXIST));
    }

    #[\Override]
    public function collect_identities(package $package): int {
        if (!$this->is_anonymous()) {
            return 0;
        }
        $people = (new subject($this->cm, $this->context, scope::all()))->people;
        $rows = function () use ($people, $package): \Generator {
            foreach ($people->identities() as $userid => $row) {
                $package->add_persons([$userid]);
                $package->count('participant', $row[0]);
                yield $row;
            }
        };
        return $package->add_table('tables/identities', people::IDENTITY, $rows());
    }

    #[\Override]
    public function expected_identities(): array {
        return expectation::identities($this->context, (int) $this->cm->instance);
    }

    #[\Override]
    public static function anonymous_activities(int $courseid): array {
        global $DB;
        $sql = "SELECT cm.id
                  FROM {assign} a
                  JOIN {course_modules} cm ON cm.instance = a.id AND cm.course = a.course
                  JOIN {modules} m ON m.id = cm.module AND m.name = 'assign'
                 WHERE a.course = ? AND a.blindmarking = 1 AND a.revealidentities = 0";
        return array_map('intval', $DB->get_fieldset_sql($sql, [$courseid]));
    }

    #[\Override]
    public static function reveals_people_capability(): ?string {
        return 'mod/assign:viewblinddetails';
    }

    #[\Override]
    public function required_capabilities(): array {
        $separate = (int) groups_get_activity_groupmode($this->cm) === SEPARATEGROUPS;
        return $separate ? ['mod/assign:viewgrades', 'moodle/site:accessallgroups'] : ['mod/assign:viewgrades'];
    }

    #[\Override]
    public function describe_scope(scope $scope): string|array {
        return $scope->is_all() ? 'all' : $this->subject($scope)->people->describe($scope->userid);
    }

    #[\Override]
    public function expected(scope $scope): array {
        return (new expectation($this->subject($scope), $this->lastlog))->all();
    }

    #[\Override]
    public function left_out(): array {
        return $this->subject?->inventory->left_out() ?? [];
    }

    #[\Override]
    public function collect(package $package, scope $scope): void {
        $this->subject = null;
        $subject = $this->subject($scope);
        $gradings = new gradings($subject, $package);
        $dossiers = new dossiers($subject);
        (new activity($subject, $package))->collect();
        $gradings->collect_definitions();
        (new submissions($subject, $package, $dossiers))->collect();
        (new feedback($subject, $package, $gradings, $dossiers))->collect();
        notes::collect($subject, $package);
        (new circumstances($subject, $package))->collect();
        $subject->roster()->collect($package, [$dossiers, 'page']);
        $this->lastlog = (new tables($subject, $package, $dossiers))->collect();
        (new surroundings($subject, $package))->collect();
        $dossiers->collect($package);
        $foreign = new foreign_tables($subject);
        $subject->inventory->collect($package, $foreign->collect($package), $foreign->unlinked());
        codebook::collect($package);
    }

    /**
     * What was read about the assignment, or is now.
     *
     * @param scope $scope
     * @return subject
     */
    private function subject(scope $scope): subject {
        if (!$this->subject || $this->subject->scope->userid !== $scope->userid) {
            $this->subject = new subject($this->cm, $this->context, $scope);
        }
        return $this->subject;
    }
}
