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

namespace local_archivist\privacy;

use core_privacy\local\metadata\collection;
use core_privacy\local\request\approved_contextlist;
use core_privacy\local\request\approved_userlist;
use core_privacy\local\request\contextlist;
use core_privacy\local\request\transform;
use core_privacy\local\request\userlist;
use core_privacy\local\request\writer;
use local_archivist\access;
use local_archivist\engine;
use local_archivist\job;
use local_archivist\journal;
use local_archivist\state;
use local_archivist\tombstones;

/**
 * What Archivist knows about people.
 *
 * A person is in a job in five ways: they asked for it, it archives their data only, they are among those whose data it
 * archives, they downloaded it, or they were told of it in the last hours. And they are in what is left of deleted archives,
 * as who deleted them, and in the list of archives that were found without the database, as who said to which course they
 * belong. Archives are evidence that is kept until its retention ends, so a request to erase does not remove them; whoever
 * may delete archives does that on purpose. What is erased: who asked for a job, who downloaded it, who was told of it, who
 * deleted or bound it, the logs of jobs about one person, and jobs about one person that made no archive. That somebody's
 * data is in an archive stays known as long as there is a copy of it: without that nobody could find it there.
 *
 * The configured storages (local_archivist_store) hold nothing about people.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class provider implements
    \core_privacy\local\metadata\provider,
    \core_privacy\local\request\core_userlist_provider,
    \core_privacy\local\request\plugin\provider {
    /** @var string The jobs of a context: those of its course, or in the site's those whose course is gone. */
    private const FROM = '{local_archivist_job} j
        LEFT JOIN {context} ctx ON ctx.contextlevel = :level AND ctx.instanceid = j.courseid';

    /** @var array<string, string[]> Where somebody stands as who did something, with what is told of it. */
    private const MARKS = [
        'local_archivist_tombstone' => ['coursename', 'activityname', 'reason', 'timecreated'],
        'local_archivist_import' => ['storekey', 'title', 'timebound'],
    ];

    #[\Override]
    public static function get_metadata(collection $collection): collection {
        $tables = [
            'job' => ['userid', 'scopeuserid', 'coursename', 'activityname', 'origin', 'options', 'status', 'cause', 'failures',
                'collected', 'timecreated', 'timestarted', 'timefinished'],
            'task' => ['userid', 'source', 'destination', 'cause', 'timecreated'],
            'file' => ['storekey', 'filename', 'sizebytes', 'sha256', 'timecreated', 'timedeleted'],
            'log' => ['message', 'timecreated'],
            'person' => ['userid', 'numberhash', 'keyid'],
            'notice' => ['userid', 'kind', 'timecreated'],
            'tombstone' => ['userid', 'coursename', 'activityname', 'reason', 'timecreated'],
            'import' => ['userid', 'courseid', 'timebound', 'storekey', 'title', 'metadata'],
        ];
        foreach ($tables as $table => $fields) {
            $texts = array_map(fn(string $field): string => "privacy:metadata:field:$field", $fields);
            $name = "local_archivist_$table";
            $collection->add_database_table($name, array_combine($fields, $texts), "privacy:metadata:$name");
        }
        $collection->add_external_location_link('storage', ['archive' => 'privacy:metadata:archive'], 'privacy:metadata:storage');
        $collection->add_subsystem_link('core_message', [], 'privacy:metadata:core_message');
        return $collection;
    }

    #[\Override]
    public static function get_contexts_for_userid(int $userid): contextlist {
        global $DB;
        $list = new contextlist();
        $params = ['level' => CONTEXT_COURSE, 'userid' => $userid, 'scopeuserid' => $userid, 'taskuserid' => $userid,
            'noticeuserid' => $userid, 'personuserid' => $userid];
        $where = '(j.userid = :userid OR j.scopeuserid = :scopeuserid
            OR j.id IN (SELECT t.jobid FROM {local_archivist_task} t WHERE t.userid = :taskuserid)
            OR j.id IN (SELECT n.jobid FROM {local_archivist_notice} n WHERE n.userid = :noticeuserid)
            OR j.id IN (SELECT p.jobid FROM {local_archivist_person} p WHERE p.userid = :personuserid))';
        $list->add_from_sql('SELECT ctx.id FROM ' . self::FROM . " WHERE ctx.id IS NOT NULL AND $where", $params);
        if ($DB->record_exists_sql('SELECT 1 FROM ' . self::FROM . " WHERE ctx.id IS NULL AND $where", $params)) {
            $list->add_system_context();
        }
        foreach (self::MARKS as $table => $kept) {
            $from = "{{$table}} t LEFT JOIN {context} ctx ON ctx.contextlevel = :level AND ctx.instanceid = t.courseid";
            $params = ['level' => CONTEXT_COURSE, 'userid' => $userid];
            $list->add_from_sql("SELECT ctx.id FROM $from WHERE ctx.id IS NOT NULL AND t.userid = :userid", $params);
            if ($DB->record_exists_sql("SELECT 1 FROM $from WHERE ctx.id IS NULL AND t.userid = :userid", $params)) {
                $list->add_system_context();
            }
        }
        return $list;
    }

    #[\Override]
    public static function get_users_in_context(userlist $userlist) {
        $where = self::where($userlist->get_context());
        if (!$where) {
            return;
        }
        foreach (['userid', 'scopeuserid'] as $field) {
            $sql = "SELECT j.$field AS userid FROM " . self::FROM . " WHERE {$where[0]} AND j.$field > 0";
            $userlist->add_from_sql('userid', $sql, $where[1]);
        }
        foreach (['task', 'notice', 'person'] as $table) {
            $sql = "SELECT t.userid FROM {local_archivist_$table} t WHERE t.userid > 0 AND t.jobid IN
                (SELECT j.id FROM " . self::FROM . " WHERE {$where[0]})";
            $userlist->add_from_sql('userid', $sql, $where[1]);
        }
        foreach (array_keys(self::MARKS) as $table) {
            [$of, $params] = self::of_context($userlist->get_context());
            $userlist->add_from_sql('userid', "SELECT userid FROM {{$table}} WHERE userid > 0 AND $of", $params);
        }
    }

    /**
     * The condition for what stands in a context, in a table with the id of a course.
     *
     * @param \context $context of a course or of the site
     * @return array SQL and parameters
     */
    private static function of_context(\context $context): array {
        return $context instanceof \context_course
            ? ['courseid = :ofcourse', ['ofcourse' => $context->instanceid]]
            : ['courseid NOT IN (SELECT c.id FROM {course} c)', []];
    }

    /**
     * What somebody deleted and said to which course it belongs.
     *
     * @param \context $context of a course or of the site
     * @param int $userid
     * @return \stdClass|null null: nothing
     */
    private static function exported_marks(\context $context, int $userid): ?\stdClass {
        global $DB;
        [$of, $params] = self::of_context($context);
        $told = [];
        foreach (self::MARKS as $table => $fields) {
            $columns = implode(', ', ['id', ...$fields]);
            $rows = $DB->get_records_select($table, "userid = :userid AND $of", ['userid' => $userid] + $params, 'id', $columns);
            foreach ($rows as $row) {
                unset($row->id);
                foreach (preg_grep('/^time/', $fields) as $field) {
                    $row->$field = transform::datetime($row->$field);
                }
                $told[substr($table, strlen('local_archivist_'))][] = $row;
            }
        }
        return $told ? (object) $told : null;
    }

    #[\Override]
    public static function export_user_data(approved_contextlist $contextlist) {
        $userid = (int) $contextlist->get_user()->id;
        foreach ($contextlist->get_contexts() as $context) {
            foreach (self::jobs($context, [$userid]) as $record) {
                $path = [get_string('pluginname', 'local_archivist'), "{$record->activityname} ({$record->uuid})"];
                writer::with_context($context)->export_data($path, self::exported($record, $userid));
            }
            if (!self::where($context)) {
                continue;
            }
            $marks = self::exported_marks($context, $userid);
            if ($marks) {
                $path = [get_string('pluginname', 'local_archivist'), get_string('privacy:marks', 'local_archivist')];
                writer::with_context($context)->export_data($path, $marks);
            }
        }
    }

    /**
     * A job, as it is told to a person.
     *
     * @param \stdClass $record row of local_archivist_job
     * @param int $userid
     * @return \stdClass
     */
    private static function exported(\stdClass $record, int $userid): \stdClass {
        global $DB;
        $files = $DB->get_records('local_archivist_file', ['jobid' => $record->id], 'id');
        $about = (int) $record->scopeuserid === $userid;
        $user = \core_user::get_user($userid, '*', MUST_EXIST);
        $where = 'jobid = ? ORDER BY id';
        $mine = ['jobid' => $record->id, 'userid' => $userid, 'kind' => 'read'];
        $downloads = $DB->get_records_menu('local_archivist_task', $mine, 'id', 'id, timecreated');
        $told = ['jobid' => $record->id, 'userid' => $userid];
        $news = $DB->get_records_menu('local_archivist_notice', $told, 'id', 'id, timecreated');
        $messages = $about ? $DB->get_fieldset_select('local_archivist_log', 'message', $where, [$record->id]) : [];
        return (object) [
            'archive' => $record->uuid,
            'course' => $record->coursename,
            'activity' => $record->activityname,
            'asked_for_by_you' => transform::yesno((int) $record->userid === $userid),
            'about_you_only' => transform::yesno($about),
            'data_about_you' => transform::yesno($about || $DB->record_exists('local_archivist_person', $told)),
            'state' => state::label((int) $record->status),
            'cause' => ($about ? $record->cause : access::said(new job($record), $record->cause, $user)) ?: null,
            'missing' => $about ? array_column((new job($record))->failures(), 'name') : (int) $record->failurecount,
            'created' => transform::datetime($record->timecreated),
            'finished' => $record->timefinished ? transform::datetime($record->timefinished) : null,
            'copies' => array_map(fn(\stdClass $file): array => [
                'name' => $file->filename,
                'bytes' => (int) $file->sizebytes,
                'sha256' => $file->sha256,
                'deleted' => $file->timedeleted ? transform::datetime($file->timedeleted) : null,
            ], array_values($files)),
            'downloaded_by_you' => array_map([transform::class, 'datetime'], array_values($downloads)),
            'news_for_you' => array_map([transform::class, 'datetime'], array_values($news)),
            'log' => $messages,
        ];
    }

    #[\Override]
    public static function delete_data_for_all_users_in_context(\context $context) {
        self::erase($context, null);
    }

    #[\Override]
    public static function delete_data_for_user(approved_contextlist $contextlist) {
        foreach ($contextlist->get_contexts() as $context) {
            self::erase($context, [(int) $contextlist->get_user()->id]);
        }
    }

    #[\Override]
    public static function delete_data_for_users(approved_userlist $userlist) {
        self::erase($userlist->get_context(), array_map('intval', $userlist->get_userids()));
    }

    /**
     * Erases what is not evidence.
     *
     * @param \context $context
     * @param int[]|null $userids null: everybody
     */
    private static function erase(\context $context, ?array $userids): void {
        global $DB;
        if (!self::where($context)) {
            return;
        }
        $asked = $about = $empty = [];
        $records = self::jobs($context, $userids);
        foreach ($records as $record) {
            if ($userids === null || in_array((int) $record->userid, $userids, true)) {
                $asked[] = $record->id;
            }
            if ($record->scopeuserid && ($userids === null || in_array((int) $record->scopeuserid, $userids, true))) {
                $about[] = $record->id;
                // A job that waits or runs is about to make an archive.
                if (in_array((int) $record->status, [state::FAILURE, state::ABORTED], true) && !self::has_copies($record)) {
                    $empty[] = $record->id;
                }
            }
        }
        $DB->set_field_select('local_archivist_job', 'userid', 0, ...self::in('id', $asked));
        [$of, $params] = self::in('jobid', array_keys($records));
        if ($userids !== null) {
            [$in, $users] = $DB->get_in_or_equal($userids, SQL_PARAMS_NAMED, 'user', true, 0);
            $of .= " AND userid $in";
            $params += $users;
        }
        $DB->set_field_select('local_archivist_task', 'userid', 0, $of, $params);
        $DB->delete_records_select('local_archivist_notice', $of, $params);
        $final = [state::COMPLETED, state::PARTIAL, state::FAILURE, state::ABORTED];
        [$ended, $states] = $DB->get_in_or_equal($final, SQL_PARAMS_NAMED, 'state');
        $kept = "AND jobid NOT IN (SELECT f.jobid FROM {local_archivist_file} f WHERE f.status <> 'deleted')
            AND jobid IN (SELECT w.id FROM {local_archivist_job} w WHERE w.status $ended)";
        $DB->delete_records_select('local_archivist_person', "$of $kept", $params + $states);
        $DB->delete_records_select('local_archivist_log', ...self::in('jobid', $about));
        foreach (array_keys(self::MARKS) as $table) {
            [$marks, $params] = self::of_context($context);
            if ($userids !== null) {
                [$in, $users] = $DB->get_in_or_equal($userids, SQL_PARAMS_NAMED, 'user', true, 0);
                $marks .= " AND userid $in";
                $params += $users;
            }
            $DB->set_field_select($table, 'userid', 0, $marks, $params);
        }
        $transaction = $DB->start_delegated_transaction();
        foreach ($empty as $id) {
            tombstones::of_job($records[$id], tombstones::ERASURE);
        }
        $DB->delete_records_select('local_archivist_task', ...self::in('jobid', $empty));
        $DB->delete_records_select('local_archivist_file', ...self::in('jobid', $empty));
        $DB->delete_records_select('local_archivist_person', ...self::in('jobid', $empty));
        $DB->delete_records_select('local_archivist_job', ...self::in('id', $empty));
        $transaction->allow_commit();
    }

    /**
     * Whether anything of a job is stored, or may be: what was only announced is found again by the job's journal.
     *
     * @param \stdClass $record row of local_archivist_job, with numbers of copies
     * @return bool
     */
    private static function has_copies(\stdClass $record): bool {
        return $record->stored || ($record->writing && (!engine::is_ready() || (new journal(new job($record)))->exists()));
    }

    /**
     * The jobs of a context that people are in.
     *
     * @param \context $context
     * @param int[]|null $userids null: everybody
     * @return \stdClass[] rows of local_archivist_job, with the numbers of copies as ->stored and ->writing
     */
    private static function jobs(\context $context, ?array $userids): array {
        global $DB;
        $where = self::where($context);
        if (!$where || $userids === []) {
            return [];
        }
        [$sql, $params] = $where;
        if ($userids !== null) {
            [$in1, $params1] = $DB->get_in_or_equal($userids, SQL_PARAMS_NAMED, 'maker');
            [$in2, $params2] = $DB->get_in_or_equal($userids, SQL_PARAMS_NAMED, 'scope');
            [$in3, $params3] = $DB->get_in_or_equal($userids, SQL_PARAMS_NAMED, 'task');
            [$in4, $params4] = $DB->get_in_or_equal($userids, SQL_PARAMS_NAMED, 'notice');
            [$in5, $params5] = $DB->get_in_or_equal($userids, SQL_PARAMS_NAMED, 'person');
            $sql .= " AND (j.userid $in1 OR j.scopeuserid $in2
                OR j.id IN (SELECT t.jobid FROM {local_archivist_task} t WHERE t.userid $in3)
                OR j.id IN (SELECT n.jobid FROM {local_archivist_notice} n WHERE n.userid $in4)
                OR j.id IN (SELECT p.jobid FROM {local_archivist_person} p WHERE p.userid $in5))";
            $params += $params1 + $params2 + $params3 + $params4 + $params5;
        }
        $copies = "(SELECT COUNT(1) FROM {local_archivist_file} s WHERE s.jobid = j.id AND s.status = 'stored') AS stored,
            (SELECT COUNT(1) FROM {local_archivist_file} w WHERE w.jobid = j.id AND w.status = 'writing') AS writing";
        return $DB->get_records_sql("SELECT j.*, $copies FROM " . self::FROM . " WHERE $sql ORDER BY j.id", $params);
    }

    /**
     * The condition for the jobs of a context.
     *
     * @param \context $context
     * @return array|null null: there are none in contexts of this kind
     */
    private static function where(\context $context): ?array {
        return match ((int) $context->contextlevel) {
            CONTEXT_COURSE => ['ctx.id = :contextid', ['level' => CONTEXT_COURSE, 'contextid' => $context->id]],
            CONTEXT_SYSTEM => ['ctx.id IS NULL', ['level' => CONTEXT_COURSE]],
            default => null,
        };
    }

    /**
     * A condition on ids.
     *
     * @param string $field
     * @param array $ids
     * @return array SQL and parameters
     */
    private static function in(string $field, array $ids): array {
        global $DB;
        [$sql, $params] = $DB->get_in_or_equal($ids, SQL_PARAMS_NAMED, 'id', true, 0);
        return ["$field $sql", $params];
    }
}
