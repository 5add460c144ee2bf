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

namespace local_archivist\output;

use core\output\renderable;
use core\output\renderer_base;
use core\output\single_button;
use core\output\templatable;
use local_archivist\access;
use local_archivist\job;
use local_archivist\people;
use local_archivist\shortfall;
use local_archivist\state;
use local_archivist\tombstones;

/**
 * All about one job: what, who and when, its copies, its tasks and its log.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class job_page implements renderable, templatable {
    /** @var int Tasks that are shown. */
    private const TASKS_MAX = 50;

    /** @var int Up to so many missing things are seen at once, more after a click. */
    private const MISSING_OPEN = 10;

    /** @var \stdClass The row of the job. */
    private \stdClass $record;

    /** @var \stdClass[] What is left of deleted copies. */
    private array $traces = [];

    /**
     * The page.
     *
     * @param job $job
     * @param int|null $level the least level of the log that is shown; an unknown one: all; null: nobody asked for the log
     * @param int $logpage from 0
     */
    public function __construct(
        /** @var job the job */
        private readonly job $job,
        /** @var int|null the least level of the log that is shown; null: nobody asked for it */
        private readonly ?int $level = null,
        /** @var int from 0 */
        private readonly int $logpage = 0,
    ) {
        $this->record = $job->record();
    }

    #[\Override]
    public function export_for_template(renderer_base $output) {
        $actions = access::actions($this->job);
        $stores = $this->stores();
        $this->traces = tombstones::of_copies($this->job->id());
        $files = array_values(array_map(
            fn(\stdClass $file): array => $this->file($file, $stores, $actions['download']),
            $this->job->files(),
        ));
        $tasks = $this->tasks();
        $counts = $this->counts();
        $reads = access::may_read($this->job);
        return [
            'progress' => (new job_progress($this->job))->export_for_template($output),
            'problem' => $reads ? job_log_table::problem($this->job) : null,
            'download' => downloads::first([$this->job])[$this->job->id()] ?? null,
            'buttons' => $this->buttons($output, array_filter($actions), (bool) $files),
            'blind' => $this->blind(),
            'missing' => $reads ? $this->missing() : null,
            'facts' => $this->facts($stores),
            'technical' => [['label' => get_string('uuid', 'local_archivist'), 'value' => $this->record->uuid]],
            'open' => $this->level !== null || $this->logpage > 0,
            'hascounts' => (bool) $counts,
            'counts' => $counts,
            'leftout' => $this->left_out(),
            'hasfiles' => (bool) $files,
            'copiestitle' => get_string('copiesnumber', 'local_archivist', count(array_filter(
                $files,
                fn(array $file): bool => $file['status'] === null,
            ))),
            'files' => $files,
            'hastasks' => (bool) $tasks,
            'tasks' => $tasks,
            'log' => (new job_log_table($this->job, $this->level ?? 0, $this->logpage))->export_for_template($output),
        ];
    }

    /**
     * The buttons for what the user may do.
     *
     * @param renderer_base $output
     * @param array<string, bool> $actions
     * @param bool $copies whether there are copies: then the first thing to do is to download one
     * @return string[]
     */
    private function buttons(renderer_base $output, array $actions, bool $copies): array {
        $kinds = [
            'retry' => $copies ? single_button::BUTTON_SECONDARY : single_button::BUTTON_PRIMARY,
            'identities' => single_button::BUTTON_SECONDARY,
            'cancel' => single_button::BUTTON_SECONDARY,
            'delete' => single_button::BUTTON_DANGER,
        ];
        $buttons = [];
        foreach (array_intersect_key($kinds, $actions) as $action => $kind) {
            $url = new \moodle_url('/local/archivist/job.php', ['id' => $this->job->id(), 'action' => $action]);
            $label = get_string("job_$action", 'local_archivist') . ($action === 'retry' ? '…' : '');
            $buttons[] = $output->render(new single_button($url, $label, 'post', $kind));
        }
        return $buttons;
    }

    /**
     * What is asked before something is done that takes long or cannot be undone.
     *
     * @param job $job
     * @param string $action retry or delete
     * @return array{string, string, string} the question as HTML, the label of the button and its kind
     */
    public static function confirmation(job $job, string $action): array {
        $a = (object) ['name' => s(self::text($job->record()->activityname)), 'copies' => count($job->files(true))];
        if ($action === 'delete') {
            return [get_string('jobdeletesure', 'local_archivist', $a), get_string('delete'), single_button::BUTTON_DANGER];
        }
        $key = match ($job->status()) {
            state::PARTIAL => 'jobretrysure_partial',
            state::RECOVERABLE_ERROR => 'jobretrysure_waiting',
            default => 'jobretrysure',
        };
        return [get_string($key, 'local_archivist', $a), get_string('job_retry', 'local_archivist'), single_button::BUTTON_PRIMARY];
    }

    /**
     * What is told about blind marking: that people stand in the archive as numbers, and where it says who is who.
     *
     * @return array{text: string, links: array<int, array{url: string, name: string, label: string}>}|null
     */
    private function blind(): ?array {
        $others = $this->job->is_identities() ? array_filter([$this->job->parent()]) : $this->job->identities();
        if (!$this->job->is_identities() && !$this->job->may_have_identities()) {
            return null;
        }
        $text = get_string($this->job->is_identities() ? 'blind_identities' : 'blind_archive', 'local_archivist');
        $cm = access::activity_of($this->job);
        if ($cm && job::revealed_since([$cm])) {
            $text .= ' ' . get_string('blind_over', 'local_archivist');
        }
        return [
            'text' => $text,
            'links' => array_values(array_map(fn(job $job): array => [
                'url' => (new \moodle_url('/local/archivist/job.php', ['id' => $job->id()]))->out(false),
                'name' => self::text($job->record()->activityname),
                'label' => state::label($job->status()),
            ], $others)),
        ];
    }

    /**
     * What an archive that lacks something lacks.
     *
     * @return array<string, mixed>|null
     */
    private function missing(): ?array {
        $shortfall = new shortfall($this->record);
        if (!$shortfall->count()) {
            return null;
        }
        $more = $shortfall->unnamed();
        return [
            'title' => get_string('missing', 'local_archivist', $shortfall->count()),
            'open' => $shortfall->count() <= self::MISSING_OPEN,
            'things' => array_map(fn(array $thing): array => [
                'name' => $thing['name'], 'cause' => access::told($thing['cause']),
            ], $shortfall->named()),
            'more' => $more ? get_string('missing_more', 'local_archivist', $more) : null,
        ];
    }

    /**
     * What, who, when.
     *
     * @param string[] $stores names by id
     * @return array<int, array{label: string, value: string}>
     */
    private function facts(array $stores): array {
        $record = $this->record;
        $gone = get_string('storegone', 'local_archivist');
        $chosen = array_map(fn(int $id): string => $stores[$id] ?? $gone, $this->job->option('stores', []));
        $facts = [
            'course' => [get_string('course'), self::text($record->coursename)],
            'activity' => [get_string('activity'), self::text($record->activityname) . ' (' . self::module($record->modname) . ')'],
            'gone' => [get_string('activitygone', 'local_archivist'), self::time($record->activitygone)],
            'scope' => [get_string('scope', 'local_archivist'), $record->scopeuserid
                ? people::shown(self::person((int) $record->scopeuserid), (int) $record->scopeuserid, $this->job->context())
                : get_string('scope_all', 'local_archivist')],
            'user' => [get_string('job_user', 'local_archivist'), self::person((int) $record->userid)],
            'origin' => [get_string('job_origin', 'local_archivist'), get_string("origin_{$record->origin}", 'local_archivist')],
            'created' => [get_string('job_created', 'local_archivist'), self::time($record->timecreated)],
            'started' => [get_string('job_started', 'local_archivist'), self::time($record->timestarted)],
            'collected' => [get_string('job_collected', 'local_archivist'), self::time($record->timecollected)],
            'read' => [get_string('job_read', 'local_archivist'), self::time($record->timeread)],
            'packed' => [get_string('job_packed', 'local_archivist'), self::time($record->timepacked)],
            'stored' => [get_string('job_stored', 'local_archivist'), self::time($record->timestored)],
            'finished' => [get_string('job_finished', 'local_archivist'), self::time($record->timefinished)],
            'attempts' => [get_string('job_attempts', 'local_archivist'), $record->attempts > 1 ? (string) $record->attempts : ''],
            'options' => [get_string('job_options', 'local_archivist'), implode(', ', array_filter([
                $this->job->option('format', 'zip'),
                $this->job->option('sha512') ? get_string('sha512', 'local_archivist') : '',
                $this->job->option('backup') ? get_string('backup', 'local_archivist') : '',
            ]))],
            'stores' => [get_string('storages', 'local_archivist'), implode(', ', $chosen)],
        ];
        $shown = array_filter($facts, fn(array $fact): bool => $fact[1] !== '');
        return array_values(array_map(fn(array $fact): array => ['label' => $fact[0], 'value' => $fact[1]], $shown));
    }

    /**
     * What was expected and what is in the archive.
     *
     * @return array<int, array<string, mixed>>
     */
    private function counts(): array {
        $expected = json_decode($this->record->expected ?? '{}', true) ?: [];
        $archived = json_decode($this->record->archived ?? '{}', true) ?: [];
        $rows = [];
        foreach (array_keys(array_filter($expected) + array_filter($archived)) as $kind) {
            $component = "archiver_{$this->record->modname}";
            $string = 'kind_' . str_replace(' ', '_', strtolower($kind));
            $known = get_string_manager()->string_exists($string, $component);
            $rows[] = [
                'kind' => $known ? get_string($string, $component) : $kind,
                'expected' => $expected[$kind] ?? 0,
                'archived' => $archived[$kind] ?? 0,
                'complete' => ($archived[$kind] ?? 0) >= ($expected[$kind] ?? 0),
            ];
        }
        return $rows;
    }

    /**
     * What is not in the archive on purpose, or because nobody knows what it is.
     *
     * @return array{things: array[]}|null
     */
    private function left_out(): ?array {
        $component = "archiver_{$this->record->modname}";
        $manager = get_string_manager();
        $things = [];
        foreach (json_decode($this->record->leftout ?? '[]', true) ?: [] as $one) {
            if ($manager->string_exists("left_{$one['reason']}", $component)) {
                $things[] = [
                    'what' => get_string("left_{$one['reason']}", $component),
                    'number' => (int) $one['number'],
                    'because' => get_string("because_{$one['reason']}", $component),
                ];
            }
        }
        return $things ? ['things' => $things] : null;
    }

    /**
     * A stored copy.
     *
     * @param \stdClass $file row of local_archivist_file
     * @param string[] $stores names by id
     * @param bool $download whether the user may have it
     * @return array<string, mixed>
     */
    private function file(\stdClass $file, array $stores, bool $download): array {
        $stored = $file->status === 'stored';
        // A copy whose job waits is written by nobody.
        $status = $file->status === 'writing' && in_array($this->job->status(), state::WAITING, true) ? 'waiting' : $file->status;
        return [
            'id' => (int) $file->id,
            'store' => $stores[(int) $file->storeid] ?? get_string('storegone', 'local_archivist'),
            'filename' => $file->filename,
            'size' => $file->status === 'writing' ? '' : display_size((int) $file->sizebytes),
            'status' => $stored ? null : get_string("copy_$status", 'local_archivist', self::time($file->timedeleted)),
            'trace' => isset($this->traces[(int) $file->id]) ? tombstones::sentence($this->traces[(int) $file->id]) : null,
            'digests' => array_values(array_filter([
                ['name' => 'SHA-256', 'key' => "sha256-{$file->id}", 'digest' => (string) $file->sha256],
                ['name' => 'SHA-512', 'key' => "sha512-{$file->id}", 'digest' => (string) $file->sha512],
            ], fn(array $digest): bool => $digest['digest'] !== '')),
            'created' => self::time($file->timecreated),
            'downloadurl' => $stored && $download
                ? downloads::url($file) : null,
        ];
    }

    /**
     * The tasks of the drivers.
     *
     * @return array<int, array<string, mixed>>
     */
    private function tasks(): array {
        global $DB;
        $tasks = $DB->get_records('local_archivist_task', ['jobid' => $this->job->id()], 'id DESC', '*', 0, self::TASKS_MAX);
        $above = '';
        foreach ($tasks as $task) { // The tasks of an attempt, and often all attempts, fail for one cause.
            [$above, $task->cause] = [(string) $task->cause, $task->cause === $above ? '' : (string) $task->cause];
        }
        return array_values(array_map(fn(\stdClass $task): array => [
            'driver' => self::component_name($task->plugin),
            'kind' => get_string("taskkind_{$task->kind}", 'local_archivist'),
            'label' => get_string("taskstatus_{$task->status}", 'local_archivist'),
            'badgeclass' => badge::of_task($task->status),
            'source' => $task->source,
            'destination' => $task->destination,
            'cause' => access::said($this->job, $task->cause) ?: null,
            'created' => self::time($task->timecreated),
            'modified' => self::time($task->timemodified),
        ], $tasks));
    }

    /**
     * Names of the storages, also of those whose driver is gone.
     *
     * @return string[] by id
     */
    private function stores(): array {
        global $DB;
        return $DB->get_records_menu('local_archivist_store', null, '', 'id, name');
    }

    /**
     * The name of a driver.
     *
     * @param string $component
     * @return string
     */
    private static function component_name(string $component): string {
        $known = get_string_manager()->string_exists('pluginname', $component);
        return $known ? get_string('pluginname', $component) : $component;
    }

    /**
     * The name of a kind of activity.
     *
     * @param string $modname
     * @return string
     */
    private static function module(string $modname): string {
        $known = get_string_manager()->string_exists('modulename', "mod_$modname");
        return $known ? get_string('modulename', "mod_$modname") : $modname;
    }

    /**
     * A name that was kept, as text: the context of which it was may be gone.
     *
     * @param string $text
     * @return string
     */
    private static function text(string $text): string {
        return format_string($text, true, ['context' => \context_system::instance(), 'escape' => false]);
    }

    /**
     * The name of a user.
     *
     * @param int $userid
     * @return string
     */
    private static function person(int $userid): string {
        $user = \core_user::get_user($userid);
        return $user ? fullname($user) : get_string('unknownuser');
    }

    /**
     * A time for people, with its zone.
     *
     * @param int|string $time 0: never
     * @return string
     */
    private static function time(int|string $time): string {
        return (int) $time ? moment::told((int) $time) : '';
    }
}
