/* SPDX-License-Identifier: Apache-2.0 */

/* The kind of job whose journal outlives its process: how a run begins, and how cancel requests, limits and
 * the engine reach it. In between, run.c drives the run. */

#include "job/run.h"

#include <stdio.h>
#include <string.h>

#include <arv/sys/alloc.h>
#include "util/time.h"

enum { JOURNALLED_ATTEMPTS = 5, JOURNALLED_RETRY_MS = 60000 };

/* ---- begin -------------------------------------------------------------------------------------- */

static void journalled_close(arv_job *job)
{
    arv__run *run = arv__run_of(job);
    arv__journal_close(&run->journal);
    arv__joblog_close(&run->joblog);
    arv__jobfolder_close(&run->folder); /* the lock last */
}

static int step_attempt(arv__run *run, arv_error *err)
{
    arv__record_attempt(&run->record, run->history->attempts + 1);
    return arv__run_append(run, err);
}

/* When the attempt could not be recorded, the job stays as it was. */
static void journalled_attempted(arv__run *run, int status, const arv_error *err)
{
    const arv__archive *archive = &run->history->archive;
    run->seen.attempted = status == 0;
    for (unsigned i = 0; i < archive->target_count; i++)
        run->seen.stored_before[i] = archive->targets[i].stored;
    if (status < 0 && arv__job_is_cancel(run->job, status))
        arv__run_fail(run, status, err);
    else if (status < 0)
        arv__job_end(run->job, status, err);
    else if (!arv__run_stops(run))
        arv__run_next(run);
}

static uint64_t journalled_time_left_ms(const arv__run *run)
{
    uint64_t limit_ms = run->job->spec.time_limit_ms;
    int64_t now_ms = arv__now_unix_us() / 1000, begun_ms = run->history->begun_ms;
    if (!limit_ms || !begun_ms || now_ms <= begun_ms) /* a clock that was set back */
        return limit_ms ? limit_ms : UINT64_MAX;
    uint64_t passed_ms = (uint64_t)(now_ms - begun_ms);
    return passed_ms < limit_ms ? limit_ms - passed_ms : 0;
}

static void journalled_time_error(const arv__run *run, arv_error *err)
{
    arv_error_set(err, ARV_ETIMEOUT,
                  "The job was not done within its time limit of %.15g s since its first work; "
                  "raise the limit, or archive less at once.",
                  (double)run->job->spec.time_limit_ms / 1000);
}

static void journalled_attempt(arv__run *run)
{
    const arv__history *history = run->history;
    arv_error err;
    if (history->running)
        arv__log(&run->job->log, ARV_LOG_WARNING, "job", run->folder.uuid,
                 "The run before this one was killed; the job goes on where it stood.",
                 ARV__INT("attempt", history->attempts));
    if (run->seen.replacing || (history->attempts < run->attempts_max && journalled_time_left_ms(run))) {
        arv__run_step(run, step_attempt, journalled_attempted);
        return;
    }
    if (history->attempts >= run->attempts_max)
        arv_error_set(&err, ARV_ELIMIT,
                      "The job was begun %u times, and each time its process was killed or could "
                      "not go on; look into the system's log for the reason, then begin it anew.",
                      history->attempts);
    else
        journalled_time_error(run, &err);
    run->seen.last_chance = true;
    arv__run_fail(run, err.code, &err);
}

static bool journalled_is_ours(const arv__run *run)
{
    const arv__archive *archive = &run->history->archive;
    if (!archive->announced)
        return true;
    if (archive->target_count != run->job->storage_count)
        return false;
    for (unsigned i = 0; i < archive->target_count; i++)
        if (strcmp(archive->targets[i].address, run->job->locations[i].address) != 0)
            return false;
    return true;
}

/* Returns whether the seed fits: a packed archive has proofs of the seed with which it was packed. */
static bool journalled_is_seeded_so(const arv__run *run)
{
    const arv__history *history = run->history;
    if (!run->has_seed || (!history->has_seed && !history->archive.packaged))
        return true;
    return history->has_seed && memcmp(history->seed, run->seed, sizeof run->seed) == 0;
}

static void journalled_waited(arv__timer *timer)
{
    arv_job *job = timer->user_data;
    arv__queue_leave(job->engine, &job->turn);
    arv__queue_append(job->engine, &job->turn);
    arv__queue_schedule(job->engine);
}

/* Lets the job sleep in the queue until its retry; its place is free meanwhile. The job never sleeps longer
 * than the recorded delay, whatever happened to the clock. */
static bool journalled_waits(arv__run *run)
{
    arv_job *job = run->job;
    const arv__history *history = run->history;
    int64_t left_ms = history->retry_ms - arv__now_unix_us() / 1000;
    if (left_ms > history->retry_delay_ms)
        left_ms = history->retry_delay_ms;
    if (left_ms <= 0 || run->has_waited)
        return false;
    run->has_waited = true;
    journalled_close(job);
    arv__timer_stop(job->engine->context.loop, &job->progress_timer);
    arv__queue_leave(job->engine, &job->turn);
    job->turn.memory_bytes = job->package.memory_bytes;
    arv__queue_sleep(job->engine, &job->turn);
    run->wait_timer.fire = journalled_waited;
    run->wait_timer.user_data = job;
    arv__timer_start(job->engine->context.loop, &run->wait_timer, (uint64_t)left_ms);
    arv__queue_schedule(job->engine);
    return true;
}

static void journalled_begin_anew(arv__run *run)
{
    arv_job *job = run->job;
    const arv__history *history = run->history;
    run->seen.replacing = history->has_former && arv__history_all_stored(&history->archive) &&
                          !arv__history_unstored_beside(&history->archive) &&
                          (!run->about || history->archive.beside_count);
    if (run->cancel_found)
        arv_job_cancel(job, NULL);
    if (arv__run_stops(run))
        return;
    if (history->state == ARV_JOB_RECOVERABLE_ERROR) {
        if (journalled_waits(run))
            return;
        arv__job_set_state(job, ARV_JOB_QUEUED);
    }
    journalled_attempt(run);
}

static void journalled_opened(arv__run *run, int status, const arv_error *err)
{
    const arv__history *history = run->history;
    arv_error misled;
    if (status < 0) {
        arv__job_end(run->job, status, err);
        return;
    }
    arv_error_clear(&misled);
    if (!arv_job_state_final(history->state) && !journalled_is_ours(run))
        arv_error_set(&misled, ARV_EINVALID,
                      "The job has begun to store into other storages, or in another format, than it is "
                      "started with now; start it as before, or cancel it as before.");
    else if (!arv_job_state_final(history->state) && !journalled_is_seeded_so(run))
        arv_error_set(&misled, ARV_EINVALID,
                      "The job was begun with another seed; start it with that one, or without one.");
    if (misled.code < 0) {
        arv__job_end(run->job, misled.code, &misled);
        return;
    }
    arv__job_adopt_state(run->job, history->state);
    run->error = run->cause = history->error;
    run->seen.undoing = history->state == ARV_JOB_ERROR_HANDLING;
    if (arv_job_state_final(history->state) || run->seen.undoing)
        arv__run_next(run);
    else
        journalled_begin_anew(run);
}

static int journalled_open_journal(arv__run *run, arv_error *err)
{
    memset(run->history, 0, sizeof *run->history);
    return arv__journal_open(&run->journal, run->folder.fd, run->folder.uuid, run->folder.shown,
                             arv__history_apply, run->history, err);
}

static int journalled_names(arv__run *run, arv_error *err)
{
    char suffix[40];
    unsigned generation = run->history->archive.generation;
    const char *format = arv__format_find(run->job->package.format)->suffixes[0];
    if (generation)
        snprintf(suffix, sizeof suffix, ".%u%s", generation + 1, format);
    else
        snprintf(suffix, sizeof suffix, "%s", format);
    if (!arv__jobfolder_path(&run->folder, "container", run->container, sizeof run->container) ||
        !arv__jobfolder_path(&run->folder, "beside", run->beside, sizeof run->beside))
        return arv_error_set(err, ARV_EINVALID,
                             "The path of the staging folder is too long; use a shorter one.");
    return arv__job_locate(run->job, suffix, err);
}

/* [pool] Opens the job, or makes a new one. */
static int step_open(arv__run *run, arv_error *err)
{
    uint64_t files = 0, bytes = 0;
    bool takes_up = run->job->spec.takes_up;
    int rc = arv__jobfolder_open(&run->folder, run->staging, run->job->package.uuid,
                                 takes_up ? ARV__JOBFOLDER_LOCK : ARV__JOBFOLDER_MAKE, err);
    if (rc < 0 || (rc = arv__jobfolder_tidy(&run->folder, &files, &bytes, err)) < 0)
        return rc;
    rc = journalled_open_journal(run, err);
    if (rc == ARV_ENOTFOUND && !takes_up) {
        rc = arv__jobfolder_begin(&run->folder, NULL, 0, err);
        if (rc == 0)
            rc = journalled_open_journal(run, err);
    }
    /* The files may be in the cache only, if the process that wrote them was killed before its flush. */
    if (rc < 0 || (rc = arv__jobfolder_flush(&run->folder, err)) < 0 ||
        (rc = arv__jobfolder_look(&run->folder, "cancel", &run->cancel_found, err)) < 0)
        return rc;
    arv__joblog_open(&run->joblog, &run->folder);
    if (run->journal.torn_bytes) {
        arv__record_torn(&run->record, run->journal.torn_bytes);
        if ((rc = arv__run_append(run, err)) < 0)
            return rc;
    }
    return journalled_names(run, err);
}

static void journalled_begin(arv_job *job)
{
    arv__run *run = arv__run_of(job);
    run->seen = (arv__run_seen){0};
    run->stage = NULL;
    arv__run_step(run, step_open, journalled_opened);
}

/* ---- from outside ------------------------------------------------------------------------------- */

static void journalled_cancel_requests(arv__run *run)
{
    arv_job *job = run->job;
    if (run->stage && run->stage->stop)
        run->stage->stop(run);
    if (run->seen.undoing && !job->engine->closing)
        return; /* the run is taking back already */
    if (run->seen.replacing && job->cancel_reason.code != ARV_ECLOSED)
        return; /* the request comes too late */
    for (unsigned i = 0; i < ARV_JOB_STORAGES_MAX; i++)
        if (run->targets[i].task)
            arv_task_cancel(run->targets[i].task);
}

/* A waiting job must take back what earlier runs have done: at once if it sleeps, else when its turn
 * comes. */
static void journalled_stop(arv_job *job)
{
    arv__run *run = arv__run_of(job);
    if (job->turn.running)
        journalled_cancel_requests(run);
    else if (job->cancel_reason.code == ARV_ECLOSED)
        arv__job_end_queued(job);
    else if (job->turn.sleeping)
        arv__timer_start(job->engine->context.loop, &run->wait_timer, 0);
}

/* The engine closes: the job is interrupted, and another engine can take it up. A cancelled job that waits
 * for its turn to take back would wait for ever, so it ends at once. */
static void journalled_close_engine(arv_job *job)
{
    arv_error reason;
    arv_error_set(&reason, ARV_ECLOSED, "The job was stopped because its engine shuts down.");
    if (job->cancel_asked && !job->turn.running && job->cancel_reason.code != ARV_ECLOSED) {
        job->cancel_reason = reason;
        arv__job_end_queued(job);
    } else {
        arv_job_cancel(job, &reason);
    }
}

static void journalled_count_stored(const arv__run *run, arv_job_progress *told)
{
    const arv__archive *archive = &run->history->archive;
    told->bytes_to_store = archive->container_bytes * archive->target_count;
    for (unsigned i = 0; i < run->job->storage_count; i++) {
        uint64_t done_bytes = 0, total_bytes;
        if (archive->targets[i].stored || run->targets[i].ready)
            done_bytes = archive->container_bytes;
        else if (run->targets[i].task)
            arv_task_progress(run->targets[i].task, &done_bytes, &total_bytes);
        told->bytes_stored += done_bytes;
    }
}

static void journalled_progress(const arv_job *job, arv_job_progress *progress)
{
    arv__run *run = arv__run_of(job);
    const arv__archive *archive = &run->history->archive;
    arv_job_progress *told = &run->told;
    /* While a step runs, a pool thread may change the history: then the last numbers are reported again. */
    if (!run->stepping) {
        *told = (arv_job_progress){0};
        if (archive->packaged) {
            told->entries_total = archive->entries;
            told->bytes_total = archive->payload_bytes;
            told->bytes_written = archive->container_bytes;
        }
        if (archive->packaged && !archive->streamed)
            journalled_count_stored(run, told);
    }
    progress->bytes_stored = told->bytes_stored;
    progress->bytes_to_store = told->bytes_to_store;
    if (!told->bytes_written)
        return;
    progress->entries_done = progress->entries_total = told->entries_total;
    progress->bytes_done = progress->bytes_total = told->bytes_total;
    progress->bytes_written = told->bytes_written;
}

static void journalled_tick(arv_job *job)
{
    arv__run *run = arv__run_of(job);
    arv_error err;
    bool canceled;
    if (run->stepping || run->seen.undoing || job->cancel_asked || run->folder.fd < 0)
        return;
    if (arv__jobfolder_look(&run->folder, "cancel", &canceled, NULL) == 0 && canceled) {
        arv_job_cancel(job, NULL);
    } else if (!journalled_time_left_ms(run)) {
        journalled_time_error(run, &err);
        run->seen.last_chance = true;
        arv__job_limit(job, &err);
    } else if (run->stage && run->stage->tick) {
        run->stage->tick(run);
    }
}

/* ---- life --------------------------------------------------------------------------------------- */

static void journalled_release(arv_job *job)
{
    arv__timer_stop(job->engine->context.loop, &arv__run_of(job)->wait_timer);
    journalled_close(job);
}

static void journalled_free(arv_job *job)
{
    arv__run *run = arv__run_of(job);
    if (!run)
        return;
    journalled_close(job);
    arv__buf_cleanup(&run->record);
    arv_staging_unref(run->staging);
    arv_free(run->history);
    arv_free(run->about);
    arv_free(run);
}

/* The job's own log keeps every record from ARV_LOG_INFO on, whatever the application wants. */
static void journalled_log(void *user_data, const arv_log_record *record)
{
    arv__run *run = user_data;
    const arv__logger *outer = &run->job->engine->context.log;
    if (record->level >= ARV_LOG_INFO)
        arv__joblog_write(&run->joblog, record);
    if (outer->sink && record->level >= outer->level)
        outer->sink(outer->user_data, record);
}

static const arv__job_kind journalled_kind = {
    .begin = journalled_begin,
    .stop = journalled_stop,
    .close = journalled_close_engine,
    .tick = journalled_tick,
    .progress = journalled_progress,
    .release = journalled_release,
    .abandon = journalled_close,
    .free = journalled_free,
};

int arv__journalled_new(arv_job *job, const arv_job_spec *spec, const arv__row *rows, arv_error *err)
{
    arv__run *run = arv_calloc(1, sizeof *run);
    if (!run)
        return arv_error_nomem(err, "a journalled job");
    job->kind = &journalled_kind;
    job->of_kind = run;
    run->job = job;
    run->rows = rows;
    run->staging = arv_staging_ref(spec->staging);
    arv__jobfolder_init(&run->folder);
    run->journal.fd = run->journal.head_fd = run->joblog.fd = -1;
    run->streams = spec->streams;
    run->attempts_max = spec->attempts_max ? spec->attempts_max : JOURNALLED_ATTEMPTS;
    run->retry_delay_ms = spec->retry_delay_ms ? spec->retry_delay_ms : JOURNALLED_RETRY_MS;
    arv__buf_init(&run->record, ARV__JOURNAL_RECORD_BYTES_MAX);
    run->has_seed = spec->seed != NULL;
    if (run->has_seed)
        memcpy(run->seed, spec->seed, sizeof run->seed);
    job->log.sink = journalled_log;
    job->log.user_data = run;
    if (job->log.level > ARV_LOG_INFO || !job->engine->context.log.sink)
        job->log.level = ARV_LOG_INFO;
    run->about = spec->beside ? arv_strdup(spec->beside) : NULL;
    run->history = arv_calloc(1, sizeof *run->history);
    if (!run->history || (spec->beside && !run->about))
        return arv_error_nomem(err, "the state of a job");
    return 0;
}

void arv__journalled_prove(arv_job *job, arv__prover *prover)
{
    arv__run_of(job)->prover = prover;
}
