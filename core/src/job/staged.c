/* SPDX-License-Identifier: Apache-2.0 */

#include "job/staged.h"

#include <stdio.h>
#include <string.h>

#include <arv/sys/alloc.h>
#include "util/time.h"

enum {
    STAGED_ATTEMPTS = 5,
    STAGED_RETRY_MS = 60000
};

/* ---- life ----------------------------------------------------------------------------------- */

/* The job's own log keeps what is told from ARV_LOG_INFO on, whatever the application wants. */
static void staged_log(void *user_data, const arv_log_record *record)
{
    arv__staged *staged = user_data;
    const arv__logger *outer = &staged->job->engine->context.log;
    if (record->level >= ARV_LOG_INFO)
        arv__joblog_write(&staged->joblog, record);
    if (outer->sink && record->level >= outer->level)
        outer->sink(outer->user_data, record);
}

int arv__staged_new(arv_job *job, const arv_job_spec *spec, arv_error *err)
{
    arv__staged *staged = arv_calloc(1, sizeof *staged);
    if (!staged)
        return arv_error_nomem(err, "a journalled job");
    staged->job = job;
    staged->staging = arv_staging_ref(spec->staging);
    arv__jobfolder_init(&staged->folder);
    staged->journal.fd = staged->journal.head_fd = staged->joblog.fd = -1;
    staged->streams = spec->streams;
    staged->attempts_max = spec->attempts_max ? spec->attempts_max : STAGED_ATTEMPTS;
    staged->retry_delay_ms = spec->retry_delay_ms ? spec->retry_delay_ms : STAGED_RETRY_MS;
    arv__buf_init(&staged->record, ARV__JOURNAL_RECORD_BYTES_MAX);
    job->staged = staged;
    job->log.sink = staged_log;
    job->log.user_data = staged;
    if (job->log.level > ARV_LOG_INFO || !job->engine->context.log.sink)
        job->log.level = ARV_LOG_INFO;
    staged->history = arv_calloc(1, sizeof *staged->history);
    if (!staged->history)
        return arv_error_nomem(err, "the state of a job");
    return 0;
}

static void staged_close(arv__staged *staged)
{
    arv__journal_close(&staged->journal);
    arv__joblog_close(&staged->joblog);
    arv__jobfolder_close(&staged->folder); /* the lock last */
}

void arv__staged_free(arv__staged *staged)
{
    if (!staged)
        return;
    staged_close(staged);
    arv__buf_cleanup(&staged->record);
    arv_staging_unref(staged->staging);
    arv_free(staged->history);
    arv_free(staged);
}

void arv__staged_release(arv_job *job)
{
    staged_close(job->staged);
}

/* ---- steps ---------------------------------------------------------------------------------- */

static int staged_work_run(arv__work *work, arv_error *err)
{
    arv__staged *staged = work->user_data;
    return staged->run(staged, err);
}

static void staged_work_done(arv__work *work, int status, const arv_error *err)
{
    arv__staged *staged = work->user_data;
    staged->stepping = false;
    staged->then(staged, status, err);
}

void arv__staged_step(arv__staged *staged, int (*run)(arv__staged *staged, arv_error *err),
                      void (*then)(arv__staged *staged, int status, const arv_error *err))
{
    arv_job *job = staged->job;
    arv_error err;
    staged->run = run;
    staged->then = then;
    staged->stepping = true;
    if (arv__work_start(job->engine->context.io, &job->io_lane, &staged->work, staged_work_run,
                        staged_work_done, staged, &err) == 0)
        return;
    arv_error_clear(&err);
    int status = run(staged, &err);
    staged->stepping = false;
    then(staged, status, &err);
}

/* What the history does not take would make the journal unreadable: it is tried before it is written. */
int arv__staged_append(arv__staged *staged, arv_error *err)
{
    arv_json *record = NULL;
    arv__history *next = arv_malloc(sizeof *next);
    int rc = next ? arv__buf_status(&staged->record, "a record of a job's journal", err)
                  : arv_error_nomem(err, "the state of a job");
    if (rc == 0)
        rc = arv_json_parse(&record, (const char *)staged->record.data, staged->record.length,
                             ARV__JOURNAL_RECORD_BYTES_MAX, err);
    if (rc == 0) {
        *next = *staged->history;
        if ((rc = arv__history_apply(next, record, err)) < 0)
            rc = arv_error_set(err, ARV_EINTERNAL,
                               "The job wanted to record what does not fit its journal; this is a "
                               "defect of Archivist. Nothing was recorded.");
    }
    if (rc == 0 && (rc = arv__journal_append(&staged->journal, &staged->record, err)) == 0)
        *staged->history = *next;
    arv_json_free(record);
    arv_free(next);
    arv__buf_clear(&staged->record);
    return rc;
}

/* ---- begin ---------------------------------------------------------------------------------- */

/* To the first stage that is not done yet. */
static void staged_route(arv__staged *staged)
{
    const arv__archive *archive = &staged->history->archive;
    for (unsigned i = 0; i < archive->target_count; i++)
        staged->stored_before[i] = archive->targets[i].stored;
    if (!archive->packaged)
        arv__staged_pack(staged);
    else if (arv__history_all_stored(archive))
        arv__staged_clean_up(staged);
    else if (archive->streamed)
        arv__staged_settle(staged);
    else
        arv__staged_store(staged);
}

static int step_attempt(arv__staged *staged, arv_error *err)
{
    arv__record_attempt(&staged->record, staged->history->attempts + 1);
    return arv__staged_append(staged, err);
}

/* What could not be begun is what it was. */
static void staged_attempted(arv__staged *staged, int status, const arv_error *err)
{
    staged->attempted = status == 0;
    if (status < 0 && arv__job_is_cancel(staged->job, status))
        arv__staged_fail(staged, status, err);
    else if (status < 0)
        arv__staged_end(staged, status, err);
    else if (!arv__staged_stops(staged))
        staged_route(staged);
}

static uint64_t staged_time_left_ms(const arv__staged *staged)
{
    uint64_t limit_ms = staged->job->spec.time_limit_ms;
    int64_t now_ms = arv__now_unix_us() / 1000, begun_ms = staged->history->begun_ms;
    if (!limit_ms || !begun_ms || now_ms <= begun_ms) /* a clock that was set back */
        return limit_ms ? limit_ms : UINT64_MAX;
    uint64_t passed_ms = (uint64_t)(now_ms - begun_ms);
    return passed_ms < limit_ms ? limit_ms - passed_ms : 0;
}

static void staged_time_error(const arv__staged *staged, arv_error *err)
{
    arv_error_set(err, ARV_ETIMEOUT,
                  "The job was not done within its time limit of %.15g s since its first work; "
                  "raise the limit, or archive less at once.",
                  (double)staged->job->spec.time_limit_ms / 1000);
}

static bool staged_is_ours(const arv__staged *staged)
{
    const arv__archive *archive = &staged->history->archive;
    if (!archive->announced)
        return true;
    if (archive->target_count != staged->job->storage_count)
        return false;
    for (unsigned i = 0; i < archive->target_count; i++)
        if (strcmp(archive->targets[i].address, staged->job->locations[i].address) != 0)
            return false;
    return true;
}

static void staged_begin_attempt(arv__staged *staged)
{
    arv_job *job = staged->job;
    const arv__history *history = staged->history;
    arv_error err;
    if (history->running)
        arv__log(&job->log, ARV_LOG_WARNING, "job", staged->folder.uuid,
                 "The run before this one was killed; the job goes on where it stood.",
                 ARV__INT("attempt", history->attempts));
    if (!staged->replacing && history->attempts >= staged->attempts_max) {
        arv_error_set(&err, ARV_ELIMIT,
                      "The job was begun %u times, and each time its process was killed or could "
                      "not go on; look into the system's log for the reason, then begin it anew.",
                      history->attempts);
        staged->time_is_over = true; /* no retry */
    } else if (!staged->replacing && !staged_time_left_ms(staged)) {
        staged_time_error(staged, &err);
        staged->time_is_over = true;
    } else {
        arv__staged_step(staged, step_attempt, staged_attempted);
        return;
    }
    arv__staged_fail(staged, err.code, &err);
}

/* It has ended, in another process or before. */
static void staged_has_ended(arv__staged *staged)
{
    const arv__history *history = staged->history;
    arv__job_adopt_state(staged->job, history->state);
    if (history->state == ARV_JOB_COMPLETED || history->state == ARV_JOB_PARTIAL)
        arv__staged_end(staged, 0, NULL);
    else
        arv__staged_end(staged, history->error.code, &history->error);
}

/* Its storages must be those that it was announced for, before anything is stored or removed. */
static bool staged_is_misled(arv__staged *staged)
{
    arv_error err;
    if (staged_is_ours(staged))
        return false;
    arv_error_set(&err, ARV_EINVALID,
                  "The job has begun to store into other storages, or in another format, than it is "
                  "started with now; start it as before, or cancel it as before.");
    arv__staged_end(staged, err.code, &err);
    return true;
}

/* Never longer than the delay was meant to be, whatever happened to the clock. */
static bool staged_waits(arv__staged *staged)
{
    const arv__history *history = staged->history;
    int64_t left_ms = history->retry_ms - arv__now_unix_us() / 1000;
    if (left_ms > history->retry_delay_ms)
        left_ms = history->retry_delay_ms;
    if (left_ms <= 0 || staged->has_waited)
        return false;
    staged->has_waited = true;
    staged_close(staged);
    arv__job_wait(staged->job, (uint64_t)left_ms);
    return true;
}

static void staged_opened(arv__staged *staged, int status, const arv_error *err)
{
    arv_job *job = staged->job;
    const arv__history *history = staged->history;
    if (status < 0) {
        arv__staged_end(staged, status, err);
        return;
    }
    if (arv_job_state_final(history->state)) {
        staged_has_ended(staged);
        return;
    }
    if (staged_is_misled(staged))
        return;
    arv__job_adopt_state(job, history->state);
    if (history->state == ARV_JOB_ERROR_HANDLING) {
        staged->error = history->error;
        arv__staged_take_back(staged);
        return;
    }
    staged->replacing = history->has_former && arv__history_all_stored(&history->archive);
    if (staged->cancel_found)
        arv_job_cancel(job, NULL);
    if (arv__staged_stops(staged))
        return;
    if (history->state == ARV_JOB_RECOVERABLE_ERROR) {
        if (staged_waits(staged))
            return;
        arv__job_set_state(job, ARV_JOB_QUEUED);
    }
    staged_begin_attempt(staged);
}

static int staged_open_journal(arv__staged *staged, arv_error *err)
{
    memset(staged->history, 0, sizeof *staged->history);
    return arv__journal_open(&staged->journal, staged->folder.fd, staged->folder.uuid,
                             staged->folder.shown, arv__history_apply, staged->history, err);
}

static int staged_names(arv__staged *staged, arv_error *err)
{
    char suffix[40];
    unsigned generation = staged->history->archive.generation;
    const char *format = arv__format_find(staged->job->package.format)->suffixes[0];
    if (generation)
        snprintf(suffix, sizeof suffix, ".%u%s", generation + 1, format);
    else
        snprintf(suffix, sizeof suffix, "%s", format);
    if (!arv__jobfolder_path(&staged->folder, "container", staged->container,
                          sizeof staged->container))
        return arv_error_set(err, ARV_EINVALID,
                             "The path of the staging folder is too long; use a shorter one.");
    return arv__job_locate(staged->job, suffix, err);
}

/* [pool] The job as it is, or a new one. */
static int step_open(arv__staged *staged, arv_error *err)
{
    uint64_t files = 0, bytes = 0;
    bool takes_up = staged->job->spec.takes_up;
    int rc = arv__jobfolder_open(&staged->folder, staged->staging, staged->job->package.uuid,
                                 takes_up ? ARV__JOBFOLDER_LOCK : ARV__JOBFOLDER_MAKE, err);
    if (rc < 0 || (rc = arv__jobfolder_tidy(&staged->folder, &files, &bytes, err)) < 0)
        return rc;
    rc = staged_open_journal(staged, err);
    if (rc == ARV_ENOTFOUND && !takes_up) {
        rc = arv__jobfolder_begin(&staged->folder, NULL, 0, err);
        if (rc == 0)
            rc = staged_open_journal(staged, err);
    }
    /* What is read may stand in the cache only, if whoever wrote it was killed before its flush. */
    if (rc < 0 || (rc = arv__jobfolder_flush(&staged->folder, err)) < 0 ||
        (rc = arv__jobfolder_look(&staged->folder, "cancel", &staged->cancel_found, err)) < 0)
        return rc;
    arv__joblog_open(&staged->joblog, &staged->folder);
    if (staged->journal.torn_bytes) {
        arv__record_torn(&staged->record, staged->journal.torn_bytes);
        if ((rc = arv__staged_append(staged, err)) < 0)
            return rc;
    }
    return staged_names(staged, err);
}

void arv__staged_begin(arv_job *job)
{
    arv__staged *staged = job->staged;
    staged->undoing = staged->streamed_now = staged->attempted = staged->replacing = false;
    staged->recovered = false;
    arv__staged_step(staged, step_open, staged_opened);
}

/* ---- from outside ----------------------------------------------------------------------------- */

void arv__staged_cancel(arv_job *job)
{
    arv__staged *staged = job->staged;
    if (staged->undoing && !job->engine->closing)
        return; /* what it asks for is being done */
    if (staged->replacing && job->cancel_reason.code != ARV_ECLOSED)
        return; /* it comes too late */
    for (unsigned i = 0; i < ARV_JOB_STORAGES_MAX; i++)
        if (staged->targets[i].task)
            arv_task_cancel(staged->targets[i].task);
}

static void staged_stored(const arv__staged *staged, arv_job_progress *told)
{
    const arv__archive *archive = &staged->history->archive;
    told->bytes_to_store = archive->container_bytes * archive->target_count;
    for (unsigned i = 0; i < staged->job->storage_count; i++) {
        uint64_t done_bytes = 0, total_bytes;
        if (archive->targets[i].stored || staged->targets[i].ready)
            done_bytes = archive->container_bytes;
        else if (staged->targets[i].task)
            arv_task_progress(staged->targets[i].task, &done_bytes, &total_bytes);
        told->bytes_stored += done_bytes;
    }
}

void arv__staged_progress(const arv_job *job, arv_job_progress *progress)
{
    arv__staged *staged = job->staged;
    const arv__archive *archive = &staged->history->archive;
    arv_job_progress *told = &staged->told;
    /* The history is changed by a pool thread while a step runs: what was told last is told again. */
    if (!staged->stepping) {
        *told = (arv_job_progress){0};
        if (archive->packaged) {
            told->entries_total = archive->entries;
            told->bytes_total = archive->payload_bytes;
            told->bytes_written = archive->container_bytes;
        }
        if (archive->packaged && !archive->streamed)
            staged_stored(staged, told);
    }
    progress->bytes_stored = told->bytes_stored;
    progress->bytes_to_store = told->bytes_to_store;
    if (!told->bytes_written)
        return;
    progress->entries_done = progress->entries_total = told->entries_total;
    progress->bytes_done = progress->bytes_total = told->bytes_total;
    progress->bytes_written = told->bytes_written;
}

void arv__staged_tick(arv_job *job)
{
    arv__staged *staged = job->staged;
    arv_error err;
    bool canceled;
    if (staged->stepping || staged->undoing || job->cancel_asked || staged->folder.fd < 0)
        return;
    if (arv__jobfolder_look(&staged->folder, "cancel", &canceled, NULL) == 0 && canceled) {
        arv_job_cancel(job, NULL);
    } else if (!staged_time_left_ms(staged)) {
        staged_time_error(staged, &err);
        staged->time_is_over = true;
        arv__job_limit(job, &err);
    } else {
        arv__staged_watch_space(staged);
    }
}
