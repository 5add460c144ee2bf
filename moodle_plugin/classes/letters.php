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
 * Writes letters, each in the language and the time zone of its recipient.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class letters {
    /** @var int Missing things that are named in a letter. */
    private const NAMED_MAX = 5;

    /** @var int Courses that are named in a summary. */
    private const COURSES_MAX = 20;

    /**
     * How one job ended.
     *
     * @param \stdClass $record row of local_archivist_job
     * @param string $kind one of letter::*
     * @param \stdClass $user
     * @return letter
     */
    public static function of_job(\stdClass $record, string $kind, \stdClass $user): letter {
        $job = new job($record);
        $url = new \moodle_url('/local/archivist/job.php', ['id' => $record->id]);
        $a = [
            'activity' => $record->activityname, 'course' => $record->coursename, 'url' => $url->out(false),
            'cause' => access::said($job, $record->cause, $user),
            'names' => access::may_read($job, $user) ? self::missing($record, $user) : '…',
        ] + (new shortfall($record))->numbers();
        return new letter(
            $user,
            $kind,
            self::text("message_{$kind}_subject", $user, $a),
            self::text("message_$kind", $user, $a),
            $url,
            self::text('message_open', $user),
        );
    }

    /**
     * What was held back.
     *
     * @param \stdClass $due out of notice_queue::due()
     * @param \stdClass $user
     * @return letter
     */
    public static function summary(\stdClass $due, \stdClass $user): letter {
        $state = letter::KINDS[$due->kind];
        $urls = $lines = [];
        foreach (notice_queue::courses($due) as $course) {
            $url = self::jobs_of($course, $state, $user);
            if ($url) {
                $urls[] = $url;
                $a = ['course' => $course->coursename, 'number' => $course->number, 'url' => $url->out(false)];
                $lines[] = self::text('message_summary_course', $user, $a);
            }
        }
        $more = count($lines) - self::COURSES_MAX;
        if ($more > 0) {
            array_splice($lines, self::COURSES_MAX, $more, [self::text('message_summary_more', $user, $more)]);
        }
        if (has_capability('local/archivist:configure', \context_system::instance(), $user)) {
            $urls = [new \moodle_url('/local/archivist/jobs.php', ['state' => $state])];
        }
        $a = [
            'number' => $due->number, 'courses' => implode("\n\n", $lines),
            'since' => output\moment::told((int) $due->since, 'strftimedatetimeshort', $user),
        ];
        return new letter(
            $user,
            $due->kind,
            self::text("message_{$due->kind}_summary_subject", $user, $a),
            trim(self::text("message_{$due->kind}_summary", $user, $a)),
            $urls[0] ?? new \moodle_url('/'),
            self::text('message_openjobs', $user),
        );
    }

    /**
     * Where somebody finds the jobs of a course that ended in a certain way.
     *
     * @param \stdClass $course out of notice_queue::courses()
     * @param int $state
     * @param \stdClass $user
     * @return \moodle_url|null null: they may not, or not any more
     */
    private static function jobs_of(\stdClass $course, int $state, \stdClass $user): ?\moodle_url {
        $context = \context_course::instance((int) $course->courseid, IGNORE_MISSING);
        if (!has_capability('local/archivist:view', $context ?: \context_system::instance(), $user)) {
            return null;
        }
        return $context
            ? new \moodle_url('/local/archivist/index.php', ['courseid' => $course->courseid, 'tab' => 'jobs', 'state' => $state])
            : new \moodle_url('/local/archivist/jobs.php', ['course' => $course->coursename, 'state' => $state]);
    }

    /**
     * The first things that an archive lacks; their causes stand on the page of the job.
     *
     * @param \stdClass $record row of local_archivist_job
     * @param \stdClass $user
     * @return string a line for each
     */
    private static function missing(\stdClass $record, \stdClass $user): string {
        $shortfall = new shortfall($record);
        $lines = array_map(fn(array $thing): string => "- {$thing['name']}", $shortfall->named(self::NAMED_MAX));
        $more = $shortfall->unnamed(self::NAMED_MAX);
        if ($more) {
            $lines[] = self::text('missing_more', $user, $more);
        }
        return implode("\n", $lines);
    }

    /**
     * A text in the language of somebody.
     *
     * @param string $key
     * @param \stdClass $user
     * @param mixed $a
     * @return string
     */
    private static function text(string $key, \stdClass $user, mixed $a = null): string {
        $a = is_array($a) ? (object) $a : $a;
        return get_string_manager()->get_string($key, 'local_archivist', $a, $user->lang ?: null);
    }
}
