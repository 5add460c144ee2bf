/* SPDX-License-Identifier: Apache-2.0 */

/* Drives journalled jobs (run.h): a run goes from stage to stage, fails, rests and ends here. This file knows
 * no stage. */

#include "job/run.h"

#include <string.h>

#include <arv/sys/alloc.h>
#include "util/error.h"
#include "util/time.h"

enum { RUN_RETRY_MS_MAX = 3600000, RUN_RETRY_DOUBLINGS_MAX = 12 };

/* ---- steps -------------------------------------------------------------------------------------- */

static int run_work(arv__work *work, arv_error *err)
{
    arv__run *run = work->user_data;
    return run->step(run, err);
}

static void run_worked(arv__work *work, int status, const arv_error *err)
{
    arv__run *run = work->user_data;
    run->stepping = false;
    run->stepped(run, status, err);
}

void arv__run_step(arv__run *run, int (*step)(arv__run *run, arv_error *err),
                   void (*stepped)(arv__run *run, int status, const arv_error *err))
{
    arv_job *job = run->job;
    arv_error err;
    run->step = step;
    run->stepped = stepped;
    run->stepping = true;
    if (arv__work_start(job->engine->context.io, &job->io_lane, &run->work, run_work, run_worked, run,
                        &err) == 0)
        return;
    arv_error_clear(&err);
    int status = step(run, &err);
    run->stepping = false;
    stepped(run, status, &err);
}

/* A record that the history refuses would make the journal unreadable, so a copy of the history takes it
 * before it is written. */
int arv__run_append(arv__run *run, arv_error *err)
{
    arv_json *record = NULL;
    arv__history *next = arv_malloc(sizeof *next);
    int rc = next ? arv__buf_status(&run->record, "a record of a job's journal", err)
                  : arv_error_nomem(err, "the state of a job");
    if (rc == 0)
        rc = arv_json_parse(&record, (const char *)run->record.data, run->record.length,
                            ARV__JOURNAL_RECORD_BYTES_MAX, err);
    if (rc == 0) {
        *next = *run->history;
        if ((rc = arv__history_apply(next, record, err)) < 0)
            rc = arv_error_set(err, ARV_EINTERNAL,
                               "The job wanted to record what does not fit its journal; this is a "
                               "defect of Archivist. Nothing was recorded.");
    }
    if (rc == 0 && (rc = arv__journal_append(&run->journal, &run->record, err)) == 0)
        *run->history = *next;
    arv_json_free(record);
    arv_free(next);
    arv__buf_clear(&run->record);
    return rc;
}

/* ---- end ---------------------------------------------------------------------------------------- */

static void run_fill_result(arv__run *run)
{
    arv_job *job = run->job;
    const arv__archive *archive = &run->history->archive;
    arv_job_result *result = &job->result;
    memcpy(result->uuid, run->folder.uuid, sizeof result->uuid);
    result->entries = archive->entries;
    result->payload_bytes = archive->payload_bytes;
    result->collected_at_unix = archive->collected_at;
    result->read_at_unix = archive->read_at;
    result->packed_at_unix = archive->packed_at;
    result->container_bytes = archive->container_bytes;
    result->container = archive->container;
    result->failure_count = archive->failures;
    result->locations = job->locations;
    result->location_count = archive->target_count;
    for (unsigned i = 0; i < archive->target_count; i++) {
        arv__history_address(archive, i, job->locations[i].address);
        job->locations[i].object = archive->objects[i];
    }
}

/* The journal says that the job has ended, by this run or an earlier one. A job that was complete in part
 * stays so when beginning it anew brought nothing: then the run fails, and the job does not. */
static void run_ended(arv__run *run)
{
    arv_job_state state = run->history->state;
    bool done = state == ARV_JOB_COMPLETED || state == ARV_JOB_PARTIAL;
    arv__job_set_state(run->job, state);
    if (done)
        run_fill_result(run);
    if (done && !run->seen.undoing)
        arv__job_end(run->job, 0, NULL);
    else
        arv__job_end(run->job, run->error.code, &run->error);
}

int arv__run_record_end(arv__run *run, arv_error *err)
{
    const arv__history *history = run->history;
    arv_job_state state = history->archive.failures ? ARV_JOB_PARTIAL : ARV_JOB_COMPLETED;
    int rc = arv__jobfolder_unlink(&run->folder, "container", err);
    if (rc < 0 || (rc = arv__jobfolder_unlink(&run->folder, "beside", err)) < 0 ||
        (rc = arv__jobfolder_flush(&run->folder, err)) < 0)
        return rc;
    arv__record_ended(&run->record, history->state == ARV_JOB_ERROR_HANDLING ? history->ending : state);
    return arv__run_append(run, err);
}

/* ---- from stage to stage ------------------------------------------------------------------------ */

static void run_prepared(arv__run *run, int status, const arv_error *err)
{
    if (status < 0)
        arv__run_fail(run, status, err);
    else if (!arv__run_stops(run))
        run->stage->enter(run);
}

void arv__run_next(arv__run *run)
{
    const arv__row *row = run->rows;
    if (arv_job_state_final(run->history->state)) {
        run_ended(run);
        return;
    }
    while (!row->is_due(run))
        row++;
    if (!row->late && arv__run_stops(run))
        return;
    run->stage = row->stage;
    run->late = row->late;
    arv__job_set_state(run->job, row->state);
    if (!row->late && arv__run_stops(run)) /* the callback of the state may have cancelled the job */
        return;
    if (row->stage->prepare)
        arv__run_step(run, row->stage->prepare, run_prepared);
    else
        row->stage->enter(run);
}

static void run_recorded(arv__run *run, int status, const arv_error *err)
{
    if (status < 0)
        arv__run_fail(run, status, err);
    else
        arv__run_next(run);
}

void arv__run_record(arv__run *run)
{
    arv__run_step(run, run->stage->record, run_recorded);
}

/* ---- it does not succeed ------------------------------------------------------------------------ */

/* Appends a second error to the sentence of the first, unless both are one: where the journal cannot be
 * written, recording the failure fails as the step did. */
static void run_error_also(arv__run *run, const char *before, const arv_error *err)
{
    const arv_error *cause = &run->cause;
    if (cause->code != err->code || cause->domain != err->domain || cause->detail != err->detail ||
        strcmp(cause->message, err->message) != 0)
        arv_error_append(&run->error, "%s%s", before, err->message);
}

/* Returns the time of the next run after `failed` runs that did not succeed; 0: none follows by itself. */
static int64_t run_retry_at_ms(const arv__run *run, unsigned failed)
{
    unsigned doublings = failed ? failed - 1 : 0;
    if (failed >= run->attempts_max)
        return 0;
    if (doublings > RUN_RETRY_DOUBLINGS_MAX)
        doublings = RUN_RETRY_DOUBLINGS_MAX;
    uint64_t delay_ms = run->retry_delay_ms << doublings;
    return arv__now_unix_us() / 1000 + (int64_t)(delay_ms < RUN_RETRY_MS_MAX ? delay_ms : RUN_RETRY_MS_MAX);
}

static int step_decide(arv__run *run, arv_error *err)
{
    if (run->decision == ARV_JOB_QUEUED)
        arv__record_interrupted(&run->record);
    else if (run->decision == ARV_JOB_RECOVERABLE_ERROR)
        arv__record_retry(&run->record, &run->error, run_retry_at_ms(run, run->history->attempts));
    else
        arv__record_undo(&run->record, run->ending, &run->error);
    int rc = arv__run_append(run, err);
    if (rc < 0 && run->decision == ARV_JOB_ERROR_HANDLING && run->ending == ARV_JOB_ABORTED)
        arv__jobfolder_ask_cancel(&run->folder, NULL); /* tells the next run of the cancel request */
    return rc;
}

/* When the decision cannot be recorded, the next run takes this one for killed and decides again. */
static void run_decided(arv__run *run, int status, const arv_error *err)
{
    if (status < 0)
        run_error_also(run, " ", err);
    if (status == 0 && run->decision == ARV_JOB_ERROR_HANDLING) {
        arv__run_next(run);
        return;
    }
    if (run->decision != ARV_JOB_ERROR_HANDLING)
        arv__job_set_state(run->job, run->decision);
    arv__job_end(run->job, run->error.code, &run->error);
}

static void run_decide(arv__run *run, arv_job_state decision)
{
    run->decision = decision;
    arv__run_step(run, step_decide, run_decided);
}

static void run_give_up(arv__run *run, arv_job_state ending)
{
    run->ending = run->history->has_former ? ARV_JOB_PARTIAL : ending;
    run->seen.undoing = true;
    run_decide(run, ARV_JOB_ERROR_HANDLING);
}

void arv__run_rest(arv__run *run, const arv_error *why)
{
    run->error = run->cause = *why;
    run_decide(run, ARV_JOB_QUEUED);
}

static int step_undo_later(arv__run *run, arv_error *err)
{
    arv__record_retry(&run->record, &run->error, run_retry_at_ms(run, run->history->undo_failures + 1));
    return arv__run_append(run, err);
}

/* If the retry could not be recorded either, the next run does not know of this one. */
static void run_undone_later(arv__run *run, int status, const arv_error *err)
{
    (void)status, (void)err;
    arv__job_end(run->job, run->error.code, &run->error);
}

/* The next run goes on with taking back. */
static void run_fail_undoing(arv__run *run, const arv_error *err)
{
    bool interrupted = err->code == ARV_ECLOSED;
    run_error_also(run, " What the job has done could not be taken back yet, so that is tried again: ", err);
    run->error.flags |= ARV_ERROR_PARTIAL;
    if (interrupted || run->history->state != ARV_JOB_ERROR_HANDLING)
        run_undone_later(run, 0, NULL);
    else
        arv__run_step(run, step_undo_later, run_undone_later);
}

static bool run_may_be_tried_again(const arv__run *run)
{
    if (run->seen.replacing)
        return true;
    return run->seen.attempted && !run->seen.last_chance && arv__error_may_pass(&run->error) &&
           run->history->attempts < run->attempts_max;
}

void arv__run_fail(arv__run *run, int status, const arv_error *err)
{
    arv_job *job = run->job;
    bool canceled = arv__job_is_cancel(job, status);
    if (run->seen.undoing) {
        run_fail_undoing(run, err);
        return;
    }
    if (job->cancel_asked && (canceled || job->limit_reached))
        err = &job->cancel_reason;
    run->error = run->cause = *err;
    if (canceled && err->code == ARV_ECLOSED) {
        if (run->seen.attempted)
            run_decide(run, ARV_JOB_QUEUED);
        else /* the attempt had not begun */
            arv__job_end(job, run->error.code, &run->error);
        return;
    }
    if (canceled && !run->seen.replacing) {
        run_give_up(run, ARV_JOB_ABORTED);
        return;
    }
    arv__job_set_state(job, ARV_JOB_ERROR);
    if (run_may_be_tried_again(run)) {
        run->error.flags |= ARV_ERROR_RETRYABLE; /* whatever its code */
        run_decide(run, ARV_JOB_RECOVERABLE_ERROR);
        return;
    }
    if (run->history->attempts > 1)
        arv_error_prefix(&run->error, "After %u attempts: ", run->history->attempts);
    run_give_up(run, ARV_JOB_FAILURE);
}

bool arv__run_stops(arv__run *run)
{
    arv_job *job = run->job;
    if (!job->cancel_asked || (run->seen.replacing && job->cancel_reason.code != ARV_ECLOSED))
        return false;
    arv__run_fail(run, job->cancel_reason.code, &job->cancel_reason);
    return true;
}
