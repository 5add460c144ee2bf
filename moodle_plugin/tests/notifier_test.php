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
 * Tests of who is told what, and how often.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 * @covers     \local_archivist\notifier
 * @covers     \local_archivist\notice_queue
 * @covers     \local_archivist\letters
 * @covers     \local_archivist\letter
 * @covers     \local_archivist\moodle_notice
 * @covers     \local_archivist\hook_callbacks
 * @covers     \local_archivist\task\send_summaries
 */
final class notifier_test extends \advanced_testcase {
    /** @var \stdClass A teacher of the course. */
    private \stdClass $teacher;

    /** @var \cm_info The activity. */
    private \cm_info $cm;

    /** @var letter[] What was sent. */
    private array $letters = [];

    /** @var \frozen_clock The time. */
    private \frozen_clock $clock;

    #[\Override]
    protected function setUp(): void {
        parent::setUp();
        $this->resetAfterTest();
        $this->setAdminUser();
        $this->clock = $this->mock_clock_with_frozen(1764100000);
        $this->cm = $this->activity('Exams');
        $this->teacher = $this->getDataGenerator()->create_and_enrol($this->cm->get_course(), 'editingteacher');
    }

    /**
     * An activity of a new course.
     *
     * @param string $fullname of the course
     * @return \cm_info
     */
    private function activity(string $fullname): \cm_info {
        $course = $this->getDataGenerator()->create_course(['fullname' => $fullname]);
        $module = $this->getDataGenerator()->create_module('page', ['course' => $course->id, 'name' => 'Exam <1>']);
        return get_fast_modinfo($course)->get_cm($module->cmid);
    }

    /**
     * Sends letters to this test instead of to people.
     *
     * @param callable|null $send function (letter $letter): bool
     */
    private function collect(?callable $send = null): void {
        $this->letters = [];
        $send ??= function (letter $letter): bool {
            $this->letters[] = $letter;
            return true;
        };
        \core\di::set(notice::class, new class ($send) implements notice {
            /** @var \Closure What is done with a letter. */
            private \Closure $send;

            /**
             * A way to nowhere.
             *
             * @param callable $send function (letter $letter): bool
             */
            public function __construct(callable $send) {
                $this->send = \Closure::fromCallable($send);
            }

            #[\Override]
            public function send(letter $letter): bool {
                return ($this->send)($letter);
            }
        });
    }

    /**
     * A job that ends.
     *
     * @param int $status how
     * @param array<string, mixed> $record further columns
     * @param \cm_info|null $cm
     * @return job
     */
    private function ended(int $status, array $record = [], ?\cm_info $cm = null): job {
        $before = $status === state::FAILURE ? state::ERROR_HANDLING : state::CLEANUP;
        $job = $this->getDataGenerator()->get_plugin_generator('local_archivist')->create_job($cm ?? $this->cm, $record + [
            'userid' => $this->teacher->id, 'status' => $before,
        ]);
        $job->enter($status);
        return $job;
    }

    /**
     * Who got which letters.
     *
     * @return array[] id of the user and kind of each
     */
    private function sent(): array {
        return array_map(fn(letter $letter): array => [(int) $letter->recipient->id, $letter->kind], $this->letters);
    }

    /**
     * Runs the task that sends summaries.
     */
    private function send_summaries(): void {
        (new task\send_summaries())->execute();
    }

    /**
     * Whoever asked for a job is told; administrators hear of what nobody asked for, and of what lacks something.
     */
    public function test_recipients(): void {
        $this->collect();
        $teacher = (int) $this->teacher->id;
        $admin = (int) get_admin()->id;
        $this->ended(state::COMPLETED);
        $this->ended(state::FAILURE);
        $this->ended(state::PARTIAL);
        $this->assertSame([
            [$teacher, letter::COMPLETED], [$teacher, letter::FAILED], [$teacher, letter::PARTIAL], [$admin, letter::PARTIAL],
        ], $this->sent());
        $this->letters = [];
        $this->ended(state::COMPLETED, ['origin' => 'cron']);
        $this->ended(state::FAILURE, ['origin' => 'cron']);
        $this->ended(state::FAILURE, ['userid' => 0]);
        $this->ended(state::PARTIAL, ['userid' => $admin]);
        $this->assertSame([[$admin, letter::FAILED], [$admin, letter::FAILED], [$admin, letter::PARTIAL]], $this->sent());
        $this->letters = [];
        role_unassign_all(['userid' => $teacher]);
        $this->ended(state::COMPLETED);
        $this->ended(state::FAILURE);
        $this->assertSame([[$admin, letter::FAILED]], $this->sent());
        $this->letters = [];
        $generator = $this->getDataGenerator()->get_plugin_generator('local_archivist');
        $generator->create_job($this->cm, ['status' => state::QUEUED])->enter(state::PRE_PROCESSING);
        $this->assertSame([], $this->sent());
    }

    /**
     * An archive that lacks something: how much, and the first things by name, without what the reader must not see.
     */
    public function test_partial(): void {
        $this->collect();
        $failures = [];
        for ($i = 1; $i <= 7; $i++) {
            $failures[] = ['name' => "Person $i/essay <b>.txt", 'cause' => "Cannot read /srv/pool/$i."];
        }
        $job = $this->ended(state::PARTIAL, [
            'cause' => 'Gone: /srv/pool/1.', 'failurecount' => 12, 'failures' => json_encode($failures),
            'expected' => '{"submission": 400, "file": 100}', 'archived' => '{"submission": 400, "file": 100}',
        ]);
        [$teacher, $admin] = $this->letters;
        $this->assertSame('Partly archived, 488 of 500: Exam <1>', $teacher->subject);
        $this->assertStringContainsString('488 of 500', $teacher->text);
        $this->assertStringContainsString('Missing (12):', $teacher->text);
        $this->assertStringContainsString("Gone: ….\n", $teacher->text);
        $this->assertStringContainsString("- Person 5/essay <b>.txt\n", $teacher->text);
        $this->assertStringNotContainsString('Person 6', $teacher->text);
        $this->assertStringContainsString('7 more', $teacher->text);
        $this->assertStringContainsString("job.php?id={$job->id()}", $teacher->text);
        $this->assertStringContainsString('Gone: /srv/pool/1', $admin->text);
        $this->ended(state::PARTIAL, ['cancelled' => 1]);
        $this->assertCount(2, $this->letters);
    }

    /**
     * 300 failures within an hour are three messages and one summary for each who is told; nothing is lost.
     */
    public function test_flood(): void {
        $this->collect();
        $other = $this->activity('Other <exams>');
        $admin = (int) get_admin()->id;
        for ($i = 0; $i < 300; $i++) {
            $this->ended(state::FAILURE, ['origin' => 'cron'], $i % 10 ? $this->cm : $other);
            $this->clock->bump(5);
        }
        $this->assertSame(array_fill(0, notice_queue::AT_ONCE_MAX, [$admin, letter::FAILED]), $this->sent());
        $this->ended(state::COMPLETED); // Another kind is not held back.
        $this->assertCount(4, $this->letters);
        $this->letters = [];
        $this->send_summaries();
        $this->assertSame([], $this->letters);
        $this->clock->bump(HOURSECS - 1500 + 15);
        $this->send_summaries();
        $this->assertSame([[$admin, letter::FAILED]], $this->sent());
        $text = $this->letters[0]->text;
        $this->assertSame('More archive jobs failed: 297', $this->letters[0]->subject);
        $state = state::FAILURE;
        $address = "/index.php\\?courseid={$this->cm->course}&tab=jobs&state=$state";
        $this->assertMatchesRegularExpression("~Exams: 268\n\\S+$address\n~", $text);
        $this->assertMatchesRegularExpression("~Other <exams>: 29\n\\S+courseid={$other->course}&~", $text);
        $this->assertStringContainsString("/jobs.php?state=$state", $this->letters[0]->url->out(false));
        $this->send_summaries();
        $this->assertCount(1, $this->letters);
    }

    /**
     * A flood that goes on stays held back, one summary an hour; after a quiet hour news are told at once again.
     */
    public function test_flood_goes_on(): void {
        global $DB;
        $this->collect();
        for ($i = 0; $i < 8 * 12; $i++) {
            $this->ended(state::FAILURE, ['origin' => 'cron']);
            $this->clock->bump(5 * MINSECS);
            $this->send_summaries();
        }
        $this->assertLessThanOrEqual(notice_queue::AT_ONCE_MAX + 8, count($this->letters));
        $this->clock->bump(HOURSECS);
        $this->send_summaries();
        // A summary has its number at the end of its subject; everything else is about one job.
        $number = fn(letter $letter): int => preg_match('/^More .*: (\d+)$/', $letter->subject, $found) ? (int) $found[1] : 1;
        $numbers = array_map($number, $this->letters);
        $this->assertSame(8 * 12, array_sum($numbers));
        $this->letters = [];
        $this->clock->bump(HOURSECS);
        $this->ended(state::FAILURE, ['origin' => 'cron']);
        $this->assertCount(1, $this->letters);
        $this->clock->bump(HOURSECS);
        $this->send_summaries();
        $this->assertSame(0, $DB->count_records('local_archivist_notice'));
    }

    /**
     * What cannot be sent waits for the summary, and a summary that cannot be sent for the next one.
     */
    public function test_not_sent(): void {
        $this->collect(fn(letter $letter): bool => throw new \moodle_exception('error'));
        $this->ended(state::FAILURE);
        $this->assertDebuggingCalled();
        $this->clock->bump(HOURSECS);
        $this->send_summaries();
        $this->assertDebuggingCalled();
        $this->collect(fn(letter $letter): bool => false);
        $this->send_summaries();
        $this->collect();
        $this->send_summaries();
        $this->assertSame([[(int) $this->teacher->id, letter::FAILED]], $this->sent());
        $this->assertStringContainsString("courseid={$this->cm->course}", $this->letters[0]->url->out(false));
    }

    /**
     * A summary says nothing of courses that its reader may not see any more, of jobs and people that are gone.
     */
    public function test_gone(): void {
        global $DB;
        $other = $this->activity('Secret');
        $this->getDataGenerator()->enrol_user($this->teacher->id, $other->course, 'editingteacher');
        $leaver = $this->getDataGenerator()->create_and_enrol($this->cm->get_course(), 'editingteacher');
        $this->collect(fn(letter $letter): bool => false);
        $this->ended(state::FAILURE, [], $other);
        $this->ended(state::FAILURE);
        $deleted = $this->ended(state::FAILURE);
        $this->ended(state::FAILURE, ['userid' => $leaver->id]);
        $DB->delete_records('local_archivist_job', ['id' => $deleted->id()]);
        role_unassign_all(['userid' => $this->teacher->id, 'contextid' => \context_course::instance($other->course)->id]);
        delete_user($leaver);
        $this->collect();
        $this->clock->bump(HOURSECS);
        $this->send_summaries();
        $this->assertSame([[(int) $this->teacher->id, letter::FAILED]], $this->sent());
        $this->assertSame('More archive jobs failed: 3', $this->letters[0]->subject);
        $this->assertStringNotContainsString('Secret', $this->letters[0]->text);
        $this->assertStringContainsString('Exams: 1', $this->letters[0]->text);
        $this->assertSame(0, $DB->count_records('local_archivist_notice', ['held' => 1]));
    }

    /**
     * A summary names a bounded number of courses, the ones with the most jobs.
     */
    public function test_many_courses(): void {
        $this->collect(fn(letter $letter): bool => false);
        for ($i = 1; $i <= 23; $i++) {
            $cm = $this->activity("Course $i.");
            $this->ended(state::FAILURE, ['origin' => 'cron'], $cm);
        }
        $this->ended(state::FAILURE, ['origin' => 'cron'], $cm);
        $this->collect();
        $this->clock->bump(HOURSECS);
        $this->send_summaries();
        $text = $this->letters[0]->text;
        $this->assertMatchesRegularExpression('/sum.*Course 23\.: 2.*Course 1\.: 1.*Course 19\.: 1.*further courses: 3$/s', $text);
        $this->assertStringNotContainsString('Course 20.', $text);
    }

    /**
     * In a stock Moodle they are messages, escaped, in the language of their reader.
     */
    public function test_messages(): void {
        $this->assertInstanceOf(moodle_notice::class, \core\di::get(notice::class));
        $sink = $this->redirectMessages();
        $job = $this->ended(state::FAILURE, ['cause' => 'Full <b>.']);
        $this->ended(state::PARTIAL, ['failurecount' => 1, 'failures' => '[{"name": "<i>x", "cause": "Gone."}]']);
        $messages = $sink->get_messages_by_component('local_archivist');
        $this->assertSame(['jobfailed', 'jobpartial', 'jobpartial'], array_column($messages, 'eventtype'));
        $this->assertSame('Archiving failed: Exam <1>', $messages[0]->subject);
        $this->assertStringContainsString('Full <b>.', $messages[0]->fullmessage);
        $this->assertStringContainsString('Full &lt;b&gt;.', $messages[0]->fullmessagehtml);
        $this->assertStringContainsString("/local/archivist/job.php?id={$job->id()}", $messages[0]->contexturl);
        $this->assertStringContainsString('&lt;i&gt;x', $messages[1]->fullmessagehtml);
    }
}
