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

namespace local_archivist;

/**
 * An activity archiving driver: knows one kind of activity and collects all that belongs to it.
 *
 * A sub-plugin archiver_NAME has the class \archiver_NAME\archiver, which extends this one. It reads Moodle
 * and names entries; it writes no file, and bytes of files pass from the file pool to the engine directly.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
abstract class archiver {
    /** @var \cm_info The activity. */
    protected \cm_info $cm;

    /** @var \context_module Its context. */
    protected \context_module $context;

    /**
     * A driver for one activity.
     *
     * @param \cm_info $cm of the module that modname() names
     */
    final public function __construct(\cm_info $cm) {
        if ($cm->modname !== static::modname()) {
            throw new \coding_exception(static::class . " cannot archive an activity of the type {$cm->modname}.");
        }
        $this->cm = $cm;
        $this->context = \context_module::instance($cm->id);
    }

    /**
     * The module that this driver archives.
     *
     * @return string such as "assign"
     */
    abstract public static function modname(): string;

    /**
     * Prints of what can be archived, for all activities of this kind in a course, with a number of queries that does
     * not depend on how many there are. A different print means: changed since. It must change when anything changes
     * that collect() would put into an archive, also within one second and also by deletion. A driver that cannot know
     * something, such as what only time changes, says so in its documentation.
     *
     * @param int $courseid
     * @return array<int, string> 64 hexadecimal digits by the id of the course module
     */
    abstract public static function fingerprints(int $courseid): array;

    /**
     * What must be in an archive, counted in the database by queries that collect() does not use.
     *
     * @param scope $scope
     * @return array<string, array<int, string>|tally> by kind ("submission", "file" ...): a name for people by the id of the
     *     record; a tally, where there may be millions
     */
    abstract public function expected(scope $scope): array;

    /**
     * Puts everything into the package, and tells it by package::count() or package::tally() what it has put there.
     *
     * @param package $package
     * @param scope $scope
     * @throws \moodle_exception with a sentence
     */
    abstract public function collect(package $package, scope $scope): void;

    /**
     * What the archive that collect() made last does not have on purpose, or because nobody knows what it is.
     *
     * @return array<int, array{reason: string, number: int, places: string[]}> by reason; the sub-plugin has the strings
     *     left_REASON (what it is) and because_REASON (why)
     */
    public function left_out(): array {
        return [];
    }

    /**
     * Whether people who take part must not be recognisable in an archive that is made now, since marking is blind.
     *
     * @return bool
     */
    public function is_anonymous(): bool {
        return false;
    }

    /**
     * Puts the table of who is who while is_anonymous() into a package: for an archive of its own. The archive of the
     * activity never has it. Who is in it is told to the package: with add_persons() for the index of persons, and with count()
     * by the kind "participant" and the number.
     *
     * @param package $package
     * @return int how many people it names; 0: there is nobody to be named, and nothing was put in
     */
    public function collect_identities(package $package): int {
        return 0;
    }

    /**
     * Who must be in the table of who is who, counted in the database after collect_identities() and without it.
     *
     * @return array<int, string> names by the number of the participant, which tell nobody who it is; below 0: who has none
     */
    public function expected_identities(): array {
        return [];
    }

    /**
     * The activities of a course in which people who take part must not be recognisable now, with one query for all.
     *
     * @param int $courseid
     * @return int[] ids of course modules
     */
    public static function anonymous_activities(int $courseid): array {
        return [];
    }

    /**
     * What lets somebody see who is who while is_anonymous(): only they may ask for the data of one person, which would
     * tell them which work is whose.
     *
     * @return string|null a capability in the context of the activity; null: nobody
     */
    public static function reveals_people_capability(): ?string {
        return null;
    }

    /**
     * Whose data an archive has, for metadata/job.json.
     *
     * @param scope $scope
     * @return string|array "all", or facts about the person
     */
    public function describe_scope(scope $scope): string|array {
        return $scope->is_all() ? 'all' : ['userid' => $scope->userid];
    }

    /**
     * What somebody must be allowed in the activity to see all that an archive of it shows.
     *
     * @return string[] capabilities, asked for in the context of the module
     */
    public function required_capabilities(): array {
        return [];
    }

    /**
     * Facts about the activity for metadata/job.json and events.
     *
     * @return array<string, mixed> JSON-encodable
     */
    public function metadata(): array {
        return [
            'module' => static::modname(),
            'cmid' => (int) $this->cm->id,
            'instance' => (int) $this->cm->instance,
            'name' => $this->cm->name,
            'idnumber' => (string) $this->cm->idnumber,
        ];
    }

    /**
     * The frankenstyle name of the sub-plugin.
     *
     * @return string such as "archiver_assign"
     */
    final public static function component(): string {
        return explode('\\', static::class)[0];
    }
}
