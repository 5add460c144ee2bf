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

use Archivist\EntryList;
use Archivist\Format;
use Archivist\Job as native_job;
use Archivist\JobResult;
use Archivist\JobSpec;
use Archivist\LogRecord;
use Archivist\PackageOptions;
use Archivist\Progress;
use Archivist\State as native_state;

/**
 * Runs one archive job through the engine.
 * 
 * The way of a job: a lock, so that it runs once; leftovers of a run that was killed are removed; the driver collects;
 * what was collected is compared with what the database says; the engine packs, stores everywhere, reads back and
 * compares; only then a copy is entered as stored and the job as completed.
 *
 * @package    local_archivist
 * @copyright  2026 The Archivist developers
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */
final class runner {
    /** @var int How often a job is begun before it is given up: a run that was killed counts. */
    public const ATTEMPTS_MAX = 5;

    /** @var int Seconds between two looks at the database, for progress and for a wish to cancel. */
    private const TICK_SECONDS = 1;

    /** @var callable|null function (float $fraction, string $message): void */
    private $onprogress;

    /** @var int When the database was last looked at. */
    private int $ticked = 0;

    /** @var task_record[] The tasks that run, so that an error reaches each. */
    private array $tasks = [];

    /**
     * A runner for a job.
     *
     * @param job $job
     * @param callable|null $onprogress function (float $fraction, string $message): void
     */
    public function __construct(
        /** @var job the job */
        private readonly job $job,
        ?callable $onprogress = null,
    ) {
        $this->onprogress = $onprogress;
    }

    /**
     * Runs the job unless it has ended or somebody else runs it. An error ends the job and is not thrown.
     *
     * @return bool whether it was run here
     */
    public function run(): bool {
        $lock = jobs::lock($this->job);
        if (!$lock) {
            return false;
        }
        try {
            $this->job->reload();
            if (state::is_final($this->job->status())) {
                return false;
            }
            $this->guarded();
        } finally {
            $lock->release();
        }
        return true;
    }

    /**
     * All of it, under the lock.
     */
    private function guarded(): void {
        try {
            $attempts = (int) $this->job->record()->attempts + 1;
            $this->job->enter(state::PRE_PROCESSING, [
                'attempts' => $attempts,
                'timestarted' => (int) $this->job->record()->timestarted ?: job::now(),
            ]);
            $this->clear_leftovers();
            if ($attempts > self::ATTEMPTS_MAX) {
                throw new \moodle_exception('cause_attempts', 'local_archivist', '', self::ATTEMPTS_MAX);
            }
            $this->stop_if_cancelled();
            $this->archive();
        } catch (cancelled $e) {
            $this->end(state::ABORTED, 'aborted', get_string('cause_cancelled', 'local_archivist'));
        } catch (\Throwable $e) {
            $this->job->log(0, 'job', get_class($e) . " {$e->getFile()}:{$e->getLine()}");
            $this->end(state::FAILURE, 'failed', self::sentence($e));
        }
    }

    /**
     * Ends the job without an archive.
     *
     * @param int $status
     * @param string $taskstatus for its tasks
     * @param string $cause a sentence
     */
    private function end(int $status, string $taskstatus, string $cause): void {
        try {
            $this->clear_leftovers();
        } catch (\Throwable $e) {
            $this->job->log(4, 'job', self::sentence($e));
        }
        foreach ($this->tasks as $task) {
            $task->end($taskstatus, $cause);
        }
        $this->job->log($status === state::FAILURE ? 4 : 2, 'job', $cause);
        $this->job->enter($status, ['cause' => $cause]);
    }

    /**
     * Collects, packs and stores.
     */
    private function archive(): void {
        engine::require_ready();
        $record = $this->job->record();
        $archiver = archivers::for_cm($this->cm());
        $stores = array_map(fn(int $id): store => stores::get($id), $this->job->option('stores', []));
        $this->job->enter(state::ACTIVITY_ARCHIVING);
        $this->tasks[] = $task = task_record::create(
            $this->job,
            $archiver::component(),
            'archive',
            "{$record->modname} {$record->cmid}",
            "archive {$record->uuid}",
        );
        $task->start();
        $fingerprint = $archiver::fingerprints((int) $record->courseid)[(int) $record->cmid] ?? null;
        $package = new package(new EntryList());
        $archiver->collect($package, $this->job->scope());
        $expected = $archiver->expected($this->job->scope());
        $this->job->update([
            'fingerprint' => $fingerprint,
            'expected' => json_encode(array_map('count', $expected)),
            'archived' => json_encode($package->counts()),
        ]);
        $missing = $package->missing($expected);
        if ($missing) {
            throw new \moodle_exception('cause_incomplete', 'local_archivist', '', (object) [
                'number' => count($missing), 'names' => implode('; ', array_slice($missing, 0, 10)),
            ]);
        }
        $backup = $this->job->option('backup') ? new activity_backup($this->job, $this->cm()) : null;
        try {
            $backup?->add_to($package);
            $this->stop_if_cancelled();
            $result = $this->pack($package, $archiver, $stores, $expected, $task);
        } finally {
            $backup?->cleanup();
        }
        $this->job->enter(state::CLEANUP);
        $this->job->log(1, 'job', get_string('log_stored', 'local_archivist', (object) [
            'entries' => $result->entries, 'size' => display_size($result->containerBytes), 'sha256' => $result->sha256,
        ]));
        $this->job->enter(state::COMPLETED);
    }

    /**
     * Lets the engine pack into all storages at once.
     *
     * @param package $package
     * @param archiver $archiver
     * @param store[] $stores
     * @param array $expected
     * @param task_record $task the archiving task
     * @return JobResult
     */
    private function pack(package $package, archiver $archiver, array $stores, array $expected, task_record $task): JobResult {
        global $DB;
        $record = $this->job->record();
        $format = Format::from($this->job->option('format', 'zip'));
        $user = \core_user::get_user($record->userid);
        $options = new PackageOptions(
            name: naming::archive_name($record),
            format: $format,
            level: $this->job->option('level'),
            sha512: (bool) $this->job->option('sha512'),
            uuid: $record->uuid,
            createdAt: (int) $record->timecreated,
            createdBy: $user ? fullname($user) : get_string('unknownuser'),
            title: $record->activityname,
            metadata: metadata::for_job($this->job, $archiver, $package, $expected),
        );
        $rows = $this->announce($stores, $format, $record, $options->name);
        $engine = engine::create(fn(LogRecord $r) => $this->job->log($r->level->value, $r->source, $r->message));
        $native = $engine->start(new JobSpec(
            entries: $package->entries,
            package: $options,
            storages: array_map(fn(store $store) => $store->driver(), array_values($stores)),
            onState: function (native_job $native, native_state $state) use ($task): void {
                $this->follow($state, $task);
            },
            onProgress: function (native_job $native, Progress $progress): void {
                $this->tick($progress);
            },
        ));
        $result = $native->wait();
        foreach (array_values($rows) as $i => $row) {
            $stored = $result->stored[$i];
            $DB->update_record('local_archivist_file', (object) [
                'id' => $row->id,
                'storekey' => $stored->key,
                'sizebytes' => $result->containerBytes,
                'sha256' => $result->sha256,
                'sha512' => $result->sha512,
                'status' => 'stored',
            ]);
            $row->task->end('completed');
        }
        $this->job->update([
            'bytesdone' => $result->payloadBytes, 'bytestotal' => $result->payloadBytes,
            'entriesdone' => $result->entries, 'entriestotal' => $result->entries,
        ]);
        return $result;
    }

    /**
     * Enters what will be written where, before it is: what a killed run left is found by these rows.
     *
     * @param store[] $stores
     * @param Format $format
     * @param \stdClass $record of the job
     * @param string $name of the archive
     * @return \stdClass[] rows with ->task
     */
    private function announce(array $stores, Format $format, \stdClass $record, string $name): array {
        global $DB;
        $rows = [];
        foreach ($stores as $store) {
            $row = (object) [
                'jobid' => $this->job->id(),
                'storeid' => $store->id(),
                'storekey' => substr($record->uuid, -2) . "/{$record->uuid}.{$format->value}",
                'filename' => "$name.{$format->value}",
                'format' => $format->value,
                'timecreated' => job::now(),
            ];
            $row->id = $DB->insert_record('local_archivist_file', $row);
            $row->task = task_record::create(
                $this->job,
                $store::component(),
                'write',
                "archive {$record->uuid}",
                $store->name() . ': ' . $row->storekey,
            );
            $row->task->start();
            $this->tasks[] = $row->task;
            $rows[] = $row;
        }
        return $rows;
    }

    /**
     * Follows the engine's states.
     *
     * @param native_state $state
     * @param task_record $task the archiving task
     */
    private function follow(native_state $state, task_record $task): void {
        if ($state === native_state::PostProcessing) {
            $this->job->enter(state::POST_PROCESSING);
        } else if ($state === native_state::Store) {
            $task->end('completed');
            $this->job->enter(state::STORE);
        }
    }

    /**
     * Writes progress into the database, at most once a second, and looks for a wish to cancel.
     *
     * @param Progress $progress
     */
    private function tick(Progress $progress): void {
        $now = time();
        if ($now - $this->ticked < self::TICK_SECONDS) {
            return;
        }
        $this->ticked = $now;
        $this->job->update([
            'bytesdone' => $progress->bytesDone, 'bytestotal' => $progress->bytesTotal,
            'entriesdone' => $progress->entriesDone, 'entriestotal' => $progress->entriesTotal,
        ]);
        if ($this->onprogress) {
            ($this->onprogress)($progress->fraction(), state::label($this->job->status()));
        }
        $this->stop_if_cancelled();
    }

    /**
     * Ends the run when somebody asked for it, or when cron was asked to end.
     */
    private function stop_if_cancelled(): void {
        global $DB;
        if ($DB->get_field('local_archivist_job', 'cancelled', ['id' => $this->job->id()])) {
            throw new cancelled();
        }
    }

    /**
     * Removes what an earlier run of this job left in the storages: it was never entered as stored.
     */
    private function clear_leftovers(): void {
        global $DB;
        foreach ($DB->get_records('local_archivist_file', ['jobid' => $this->job->id(), 'status' => 'writing']) as $row) {
            $store = stores::get((int) $row->storeid);
            try {
                $store->driver()->delete($row->storekey);
                $this->job->log(2, $store::component(), get_string('log_leftover', 'local_archivist', $store->name()));
            } catch (\Archivist\Exception\NotFoundException $e) {
                $this->job->log(0, $store::component(), $e->getMessage());
            }
            $DB->delete_records('local_archivist_file', ['id' => $row->id]);
        }
    }

    /**
     * The activity.
     *
     * @return \cm_info
     * @throws \moodle_exception it is gone
     */
    private function cm(): \cm_info {
        $record = $this->job->record();
        try {
            [, $cm] = get_course_and_cm_from_cmid((int) $record->cmid, $record->modname);
        } catch (\moodle_exception | \dml_exception $e) {
            throw new \moodle_exception('cause_activitygone', 'local_archivist', '', $record->activityname);
        }
        if ($cm->deletioninprogress) {
            throw new \moodle_exception('cause_activitygone', 'local_archivist', '', $record->activityname);
        }
        return $cm;
    }

    /**
     * What an error says to people.
     *
     * @param \Throwable $e
     * @return string a sentence
     */
    public static function sentence(\Throwable $e): string {
        for ($cause = $e; $cause; $cause = $cause->getPrevious()) {
            if ($cause instanceof \moodle_exception && $cause->module === 'local_archivist') {
                return get_string($cause->errorcode, $cause->module, $cause->a);
            }
        }
        if ($e instanceof \Archivist\Exception\ArchivistException) {
            return $e->getMessage();
        }
        return get_string('cause_unexpected', 'local_archivist', $e->getMessage());
    }
}
