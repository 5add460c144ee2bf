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
 * Who may do what with courses and jobs.
 *
 * The pages ask here, so that what a page offers and what it then does follow one rule.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class access {
    /** @var string[] What it takes to make a backup with people by hand. */
    public const BACKUP = ['moodle/backup:backupactivity', 'moodle/backup:userinfo'];

    /**
     * The course that must be entered to see a job. When it is gone, rights are asked for in the system.
     *
     * @param job $job
     * @return int|null for require_login()
     */
    public static function course_of(job $job): ?int {
        $context = $job->context();
        return $context instanceof \context_course ? (int) $context->instanceid : null;
    }

    /**
     * Whether the user may see the jobs of a course, or, when it is gone, of the site.
     *
     * @param \context $context as from job::context()
     * @return bool
     */
    public static function may_view(\context $context): bool {
        if (!has_capability('local/archivist:view', $context)) {
            return false;
        }
        return !$context instanceof \context_course || can_access_course(get_course($context->instanceid), null, '', true);
    }

    /**
     * A job that the user may see. One that is not there is told in the same words as one that must not be seen: ids are
     * small numbers, and nobody shall learn from them what is archived elsewhere. Pages call require_login() before.
     *
     * @param int $id
     * @return job
     * @throws \moodle_exception there is none, or none for this user
     */
    public static function require_job(int $id): job {
        $job = job::find($id);
        if (!$job || !self::may_view($job->context())) {
            throw new \moodle_exception('error_jobgone', 'local_archivist', '', $id);
        }
        return $job;
    }

    /**
     * The download of a copy whose job the user may see; the others are answered as those are that are not there.
     *
     * @param int $id
     * @return download
     * @throws \moodle_exception there is none, or none for this user
     */
    public static function require_copy(int $id): download {
        $download = download::find($id);
        if (!$download || !self::may_view($download->job->context())) {
            throw new \moodle_exception('error_copygone', 'local_archivist', '', $id);
        }
        return $download;
    }

    /**
     * What is left of a deleted job, for who may see the jobs of its course, or of the site where that is gone.
     *
     * @param int $id
     * @return \stdClass|null row of local_archivist_tombstone; null: there is none, or none for this user
     */
    public static function deleted_job(int $id): ?\stdClass {
        $row = tombstones::find($id);
        if (!$row) {
            return null;
        }
        $context = \context_course::instance((int) $row->courseid, IGNORE_MISSING) ?: \context_system::instance();
        return self::may_view($context) ? $row : null;
    }

    /**
     * Stops a change that comes by a link instead of by a button of ours.
     */
    public static function require_post(): void {
        if (!data_submitted()) {
            throw new \moodle_exception('error_post', 'local_archivist');
        }
        require_sesskey();
    }

    /**
     * What the user may do with a job as it is now.
     *
     * @param job $job
     * @return array{cancel: bool, retry: bool, delete: bool, download: bool, identities: bool}
     */
    public static function actions(job $job): array {
        $context = $job->context();
        $final = state::is_final($job->status());
        $create = has_capability('local/archivist:create', $context) && self::sees_activity_of($job);
        return [
            'cancel' => $create && !$final && !$job->record()->cancelled,
            'retry' => $create && engine::is_ready() && in_array($job->status(), state::RETRYABLE, true)
                && $context instanceof \context_course && self::may_have_scope_of($job),
            'delete' => ($final || $job->status() === state::RECOVERABLE_ERROR) && engine::is_ready()
                && has_capability('local/archivist:delete', $context),
            'download' => self::may_download($job),
            'identities' => $job->may_have_identities() && engine::is_ready() && self::may_archive_identities($job),
        ];
    }

    /**
     * Whether the user may archive who is who in an archive in which people are numbers, as long as they are in Moodle.
     *
     * @param job $job
     * @return bool
     */
    private static function may_archive_identities(job $job): bool {
        $cm = self::activity_of($job);
        return $cm && has_capability('local/archivist:archiveidentities', $job->context()) && archivers::supports($cm->modname)
            && archivers::for_cm($cm)->is_anonymous() && self::sees_activity_of($job);
    }

    /**
     * Stops who may not do something with a job.
     *
     * @param job $job
     * @param string $action cancel, retry, delete, identities
     */
    public static function require_action(job $job, string $action): void {
        if ($action === 'identities') {
            require_capability('local/archivist:archiveidentities', $job->context());
            return;
        }
        require_capability('local/archivist:' . ($action === 'delete' ? 'delete' : 'create'), $job->context());
        if ($action === 'delete') {
            return;
        }
        if (!self::sees_activity_of($job)) {
            throw new \moodle_exception('error_notseen', 'local_archivist');
        }
        if ($action === 'retry' && !self::may_have_scope_of($job)) {
            throw new \moodle_exception('error_blind', 'local_archivist');
        }
    }

    /**
     * Whether the user may have Moodle's own backup in an archive: whoever may make it by hand.
     *
     * @param \cm_info $cm
     * @return bool
     */
    public static function may_backup(\cm_info $cm): bool {
        return has_capability('moodle/backup:backupactivity', $cm->context)
            && has_capability('moodle/backup:userinfo', \context_course::instance($cm->course));
    }

    /**
     * Whether the user may see in the activity itself all that an archive of it shows.
     *
     * @param \cm_info $cm as the user has it
     * @param \stdClass|null $user null: the one who is logged in
     * @return bool
     */
    public static function sees(\cm_info $cm, ?\stdClass $user = null): bool {
        return $cm->uservisible && has_all_capabilities(archivers::for_cm($cm)->required_capabilities(), $cm->context, $user);
    }

    /**
     * The activity of a job, as the user has it.
     *
     * @param job $job
     * @param \stdClass|null $user null: the one who is logged in
     * @return \cm_info|null null: it is gone
     */
    public static function activity_of(job $job, ?\stdClass $user = null): ?\cm_info {
        $record = $job->record();
        if ($record->activitygone || self::course_of($job) === null) {
            return null;
        }
        return get_fast_modinfo((int) $record->courseid, (int) ($user->id ?? 0))->get_cms()[(int) $record->cmid] ?? null;
    }

    /**
     * Whether the user may see in the activity of a job all that an archive of it shows, as who makes one must. Once it is
     * gone, what was needed there decides. Who is who has a capability of its own.
     *
     * @param job $job
     * @param \stdClass|null $user null: the one who is logged in
     * @return bool
     */
    public static function sees_activity_of(job $job, ?\stdClass $user = null): bool {
        if ($job->is_identities() && !has_capability('local/archivist:archiveidentities', $job->context(), $user)) {
            return false;
        }
        $cm = self::activity_of($job, $user);
        if (!$cm) {
            return rights::held($job, $user);
        }
        if (archivers::supports($cm->modname)) {
            return self::sees($cm, $user);
        }
        return $cm->uservisible && has_all_capabilities(rights::capabilities($job), $cm->context, $user);
    }

    /**
     * Whether the user might have made a job about the same people.
     *
     * @param job $job
     * @param \stdClass|null $user null: the one who is logged in
     * @return bool
     */
    public static function may_have_scope_of(job $job, ?\stdClass $user = null): bool {
        $cm = self::activity_of($job, $user);
        return !$cm || !archivers::supports($cm->modname) || self::may_have_scope($cm, $job->scope(), $user);
    }

    /**
     * Whether somebody may read what a job says about what it archives: causes, log, what is missing. All of that may quote
     * names of people and of what they handed in, so it takes what it takes to make the archive. Every page, message and
     * external function that tells something of it asks here, or by said().
     *
     * @param job $job
     * @param \stdClass|null $user null: the one who is logged in
     * @return bool
     */
    public static function may_read(job $job, ?\stdClass $user = null): bool {
        return self::sees_activity_of($job, $user) && self::may_have_scope_of($job, $user);
    }

    /**
     * A sentence of a job for somebody: as far as it is for them, else a sentence that says who is told.
     *
     * @param job $job
     * @param string|null $text
     * @param \stdClass|null $user null: the one who is logged in
     * @return string empty where there is no text
     */
    public static function said(job $job, ?string $text, ?\stdClass $user = null): string {
        if ((string) $text === '' || self::may_read($job, $user)) {
            return self::told((string) $text, $user);
        }
        return get_string_manager()->get_string('said_hidden', 'local_archivist', null, ($user->lang ?? '') ?: null);
    }

    /**
     * Whether the user may have the copies of a job.
     *
     * @param job $job
     * @return bool
     */
    public static function may_download(job $job): bool {
        return has_capability('local/archivist:download', $job->context()) && self::may_read($job)
            && self::may_have_backup_of($job);
    }

    /**
     * Whether the user may have Moodle's own backup that is in the archive of a job. It has the accounts of everybody, which
     * is more than grades and work. Moodle asks for that right in the course, so it outlives the activity.
     *
     * @param job $job
     * @return bool
     */
    public static function may_have_backup_of(job $job): bool {
        if (!$job->backup_has_people()) {
            return true;
        }
        $cm = self::activity_of($job);
        return $cm ? self::may_backup($cm) : has_all_capabilities(self::BACKUP, $job->context());
    }

    /**
     * Whether the user may have an archive about these people: one about a single person tells whose work it is, also where
     * marking is blind.
     *
     * @param \cm_info $cm
     * @param scope $scope
     * @param \stdClass|null $user null: the one who is logged in
     * @return bool
     */
    private static function may_have_scope(\cm_info $cm, scope $scope, ?\stdClass $user = null): bool {
        $archiver = archivers::for_cm($cm);
        if ($scope->is_all() || !$archiver->is_anonymous()) {
            return true;
        }
        $capability = $archiver::reveals_people_capability();
        return $capability !== null && has_capability($capability, $cm->context, $user);
    }

    /**
     * Stops who would learn from the archive of one person whose work it is, although marking is blind.
     *
     * @param \cm_info $cm
     * @param scope $scope
     */
    public static function require_scope(\cm_info $cm, scope $scope): void {
        if (!self::may_have_scope($cm, $scope)) {
            throw new \moodle_exception('error_blind', 'local_archivist');
        }
    }

    /**
     * Why nothing can be archived at the moment, and what to do.
     *
     * @return string|null a sentence, or null
     */
    public static function obstacle(): ?string {
        return engine::problem() ?? (stores::all(true) ? null : get_string('error_nostore', 'local_archivist'));
    }

    /**
     * What a sentence about an error says to somebody: where things lie on the server only matters to who sets that up.
     *
     * @param string $text
     * @param \stdClass|null $user null: the one who is logged in
     * @return string
     */
    public static function told(string $text, ?\stdClass $user = null): string {
        if (has_capability('local/archivist:configure', \context_system::instance(), $user)) {
            return $text;
        }
        $text = preg_replace('~(["\'])(?:/|[a-z]:[\\\\/])[^"\']*\1~i', '$1…$1', $text);
        // Not the rest of a name within an archive: "Mia (M1)/a.pdf".
        return preg_replace(
            '~(?<=^|[\s"\'(\[{<>=,;]|„|“|‚|«|»)(?:[a-z]:[\\\\/]|/)(?:(?!“|”|»)[^\s"\'<>])+(?<![.,:;)])~i',
            '…',
            $text,
        );
    }
}
