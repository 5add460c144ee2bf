/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A job's life, states, limits, progress and end, whatever its kind. This file knows no protocol and no
 * format.
 *
 * A letter on the loop begins the job, so that no callback ever runs inside arv_job_start(). Every run
 * ends in arv__job_end().
 */

#include "job/internal.h"

#include <string.h>

#include <arv/sys/alloc.h>
#include "package/entries.h"
#include "util/time.h"

enum { JOB_PROGRESS_MS = 200, JOB_WATCH_MS = 200 };

/* ---- life --------------------------------------------------------------------------------------- */

arv_job *arv_job_ref(arv_job *job)
{
    job->references++;
    return job;
}

void arv_job_unref(arv_job *job)
{
    if (!job || --job->references)
        return;
    for (unsigned i = 0; i < job->storage_count; i++)
        arv_storage_unref(job->storages[i]);
    if (job->kind->free)
        job->kind->free(job);
    arv__job_drop_package(&job->package);
    arv_free(job->path);
    arv_free(job->failures);
    arv_entries_unref(job->entries);
    arv_free(job);
}

static void job_schedule_mail(arv__mail *mail)
{
    arv_job *job = mail->user_data;
    arv__queue_schedule(job->engine);
    arv_job_unref(job);
}

/* ---- run ---------------------------------------------------------------------------------------- */

/* NULL while the UUID is still to be derived from the content. */
const char *arv__job_uuid(const arv_job *job)
{
    return job->package.uuid[0] ? job->package.uuid : NULL;
}

void arv__job_set_state(arv_job *job, arv_job_state state)
{
    if (job->state == state)
        return;
    if (!arv_job_state_may(job->state, state))
        arv__log(&job->log, ARV_LOG_ERROR, "job", arv__job_uuid(job),
                 "The job took a way that its table of states does not have; this is a defect of "
                 "Archivist.",
                 ARV__TEXT("from", arv_job_state_name(job->state)),
                 ARV__TEXT("to", arv_job_state_name(state)));
    job->state = state;
    arv__log(&job->log, ARV_LOG_INFO, "job", arv__job_uuid(job), "The job's state has changed.",
             ARV__TEXT("state", arv_job_state_name(state)));
    if (job->spec.on_state)
        job->spec.on_state(job->spec.user_data, job, state);
}

void arv__job_adopt_state(arv_job *job, arv_job_state state)
{
    if (job->state == state)
        return;
    job->state = state;
    if (job->spec.on_state)
        job->spec.on_state(job->spec.user_data, job, state);
}

static void job_measure(const arv_job *job, arv_job_progress *progress);

static void job_report_progress(arv_job *job)
{
    arv_job_progress progress;
    if (!job->spec.on_progress)
        return;
    arv_job_get_progress(job, &progress);
    job->spec.on_progress(job->spec.user_data, job, &progress);
}

static void job_progress_arm(arv_job *job);

static uint64_t job_passed_ms(uint64_t since_ns, uint64_t now_ns)
{
    return now_ns > since_ns ? (now_ns - since_ns) / 1000000 : 0;
}

/* Reading back changes no number, so the limit adds the time that a medium of 1 MiB/s needs. */
static uint64_t job_stall_ms(const arv_job *job, const arv_job_progress *now)
{
    uint64_t more_ms = job->state == ARV_JOB_STORE ? (now->bytes_written >> 20) * 1000 : 0;
    return job->spec.stall_limit_ms + more_ms;
}

uint64_t arv__job_elapsed_ms(const arv_job *job)
{
    return ((job->ended_ns ? job->ended_ns : arv__monotonic_ns()) - job->begun_ns) / 1000000;
}

/* A job stalls when no number of its progress changes. */
static void job_watch(arv_job *job)
{
    arv_job_progress now;
    arv_error reason;
    uint64_t now_ns = arv__monotonic_ns();
    if (job->cancel_asked)
        return;
    job_measure(job, &now);
    uint64_t sum =
        now.bytes_done + now.entries_done + now.bytes_written + now.bytes_stored + (uint64_t)now.state;
    if (sum != job->moved_sum) {
        job->moved_sum = sum;
        job->moved_ns = now_ns;
    }
    if (!job->spec.stall_limit_ms || job_passed_ms(job->moved_ns, now_ns) < job_stall_ms(job, &now))
        return;
    arv_error_set(&reason, ARV_ETIMEOUT,
                  "The job has not moved for %.15g s while it was %s; look whether its sources "
                  "and storages answer.",
                  (double)job->spec.stall_limit_ms / 1000, arv_job_state_text(job->state));
    arv__job_limit(job, &reason);
}

static unsigned job_progress_ms(const arv_job *job)
{
    return job->spec.progress_interval_ms ? job->spec.progress_interval_ms : JOB_PROGRESS_MS;
}

/* Looks for cancel requests from outside, limits and space, even if progress is seldom reported. */
static void job_progress_tick(arv__timer *timer)
{
    arv_job *job = timer->user_data;
    uint64_t now_ns = arv__monotonic_ns();
    arv_job_ref(job);
    if (job_passed_ms(job->told_ns, now_ns) >= job_progress_ms(job)) {
        job->told_ns = now_ns;
        job_report_progress(job);
    }
    if (!job->ended)
        job->kind->tick(job);
    if (!job->ended)
        job_watch(job);
    if (!job->ended)
        job_progress_arm(job);
    arv_job_unref(job);
}

static void job_progress_arm(arv_job *job)
{
    unsigned ms = job_progress_ms(job);
    job->progress_timer.fire = job_progress_tick;
    job->progress_timer.user_data = job;
    arv__timer_start(job->engine->context.loop, &job->progress_timer, ms < JOB_WATCH_MS ? ms : JOB_WATCH_MS);
}

/* A job that failed before its cancel request has failed; it is not cancelled. */
bool arv__job_is_cancel(const arv_job *job, int status)
{
    if (job->limit_reached)
        return false;
    return status == ARV_ECANCELED ||
           (job->cancel_asked && (status == job->cancel_reason.code || status == job->stop_code));
}

void arv__job_end(arv_job *job, int status, const arv_error *err)
{
    arv_engine *engine = job->engine;
    arv_job_ref(job);
    job->ended_ns = arv__monotonic_ns();
    arv__timer_stop(engine->context.loop, &job->progress_timer);
    job->status = status;
    if (status < 0 && err)
        job->error = *err;
    else if (status < 0)
        arv_error_set(&job->error, status, "%s", arv_error_text(status));
    if (job->kind->ending)
        job->kind->ending(job);
    job_report_progress(job);
    job->ended = true;
    if (status == 0) { /* of this run's packing, if it packed */
        job->result.failures = job->failures;
        job->result.failures_kept = job->failures_kept;
    }
    arv__queue_leave(engine, &job->turn);
    if (status == 0)
        arv__log(&job->log, ARV_LOG_NOTICE, "job", job->result.uuid,
                 job->result.failure_count ? "The archive is done, but for what failed."
                                           : "The archive is done.",
                 ARV__INT("entries", job->result.entries), ARV__INT("failures", job->result.failure_count),
                 ARV__INT("payload_bytes", job->result.payload_bytes),
                 ARV__INT("container_bytes", job->result.container_bytes));
    else
        arv__log(&job->log, status == ARV_ECANCELED ? ARV_LOG_NOTICE : ARV_LOG_ERROR, "job",
                 arv__job_uuid(job), job->error.message, ARV__TEXT("error", arv_error_name(status)));
    job->kind->release(job);
    if (job->spec.on_done)
        job->spec.on_done(job->spec.user_data, job, status, status < 0 ? &job->error : NULL);
    arv__queue_schedule(engine);
    arv_job_unref(job);
    arv_job_unref(job); /* the engine's */
}

/* ---- cancel and look ---------------------------------------------------------------------------- */

static void job_cancel_mail(arv__mail *mail)
{
    arv_job *job = mail->user_data;
    if (!job->ended && !job->turn.running) /* a job that has begun meanwhile sees the request itself */
        arv__job_end(job, job->cancel_reason.code, &job->cancel_reason);
    arv_job_unref(job);
}

/* The letter that starts the job may be under way: it only runs the schedule. */
void arv__job_end_queued(arv_job *job)
{
    arv__mail *mail = &job->cancel_letter;
    mail->deliver = job_cancel_mail;
    mail->user_data = arv_job_ref(job);
    arv__loop_post(job->engine->context.loop, mail);
}

/* Asks whatever is under way to end. `cancel_reason` says why. */
static void job_stop(arv_job *job)
{
    job->stop_code = job->cancel_reason.code;
    if (job->packer)
        arv__packer_cancel(job->packer, &job->cancel_reason);
    else
        job->kind->stop(job);
}

void arv__job_limit(arv_job *job, const arv_error *reason)
{
    if (job->ended || job->cancel_asked)
        return;
    job->cancel_asked = job->limit_reached = true;
    job->cancel_reason = *reason;
    job_stop(job);
}

/* A cancel request replaces a limit that was reached just before: a cancelled job must not be retried. */
void arv_job_cancel(arv_job *job, const arv_error *reason)
{
    bool stops = job->cancel_asked;
    if (job->ended || (stops && !job->limit_reached) || !arv__engine_here(job->engine))
        return;
    job->cancel_asked = true;
    job->limit_reached = false;
    if (reason && reason->code < 0)
        job->cancel_reason = *reason;
    else
        arv_error_set(&job->cancel_reason, ARV_ECANCELED, "The job was cancelled.");
    if (!stops)
        job_stop(job);
}

int arv_job_check(arv_job *job, arv_error *err)
{
    if (job->turn.running && !job->ended && !job->cancel_asked && arv__engine_here(job->engine))
        job->kind->tick(job);
    if (!job->cancel_asked)
        return 0;
    if (err)
        *err = job->cancel_reason;
    return job->cancel_reason.code;
}

arv_job_state arv_job_get_state(const arv_job *job)
{
    return job->state;
}

static void job_measure(const arv_job *job, arv_job_progress *progress)
{
    memset(progress, 0, sizeof *progress);
    progress->state = job->state;
    if (job->entries) {
        progress->entries_total = arv_entries_count(job->entries);
        progress->bytes_total = arv_entries_total_bytes(job->entries);
    }
    if (job->kind->progress)
        job->kind->progress(job, progress);
    if (job->begun_ns)
        progress->elapsed_ms = arv__job_elapsed_ms(job);
    if (!job->packer && !job->totals.entries_total)
        return; /* the numbers are 0: nothing was done yet, or there is nothing to do */
    arv__packer_totals totals = job->totals;
    if (job->packer)
        arv__packer_totals_get(job->packer, &totals);
    progress->bytes_done = totals.bytes_done;
    progress->entries_done = totals.entries_done;
    progress->bytes_total = totals.bytes_total;
    progress->entries_total = totals.entries_total;
    progress->bytes_written = totals.container_bytes;
}

static uint64_t job_most(uint64_t *most, uint64_t now)
{
    if (*most < now)
        *most = now;
    return *most;
}

/* A reported number never falls, although packing may begin anew and stored objects may be taken back. */
void arv_job_get_progress(const arv_job *job, arv_job_progress *progress)
{
    arv_job_progress *most = &((arv_job *)job)->most;
    job_measure(job, progress);
    progress->bytes_done = job_most(&most->bytes_done, progress->bytes_done);
    progress->entries_done = job_most(&most->entries_done, progress->entries_done);
    progress->bytes_written = job_most(&most->bytes_written, progress->bytes_written);
    progress->bytes_stored = job_most(&most->bytes_stored, progress->bytes_stored);
    progress->elapsed_ms = job_most(&most->elapsed_ms, progress->elapsed_ms);
    if (progress->bytes_total && progress->bytes_total < progress->bytes_done)
        progress->bytes_total = progress->bytes_done;
    if (progress->entries_total < progress->entries_done)
        progress->entries_total = progress->entries_done;
    if (progress->bytes_to_store < progress->bytes_stored)
        progress->bytes_to_store = progress->bytes_stored;
}

int arv_job_error(const arv_job *job, arv_error *err)
{
    if (job->status < 0 && err)
        *err = job->error;
    return job->status;
}

const arv_job_result *arv_job_get_result(const arv_job *job)
{
    return job->state == ARV_JOB_COMPLETED || job->state == ARV_JOB_PARTIAL ? &job->result : NULL;
}

/* ---- the queue -------------------------------------------------------------------------------------- */

static void job_turn_begin(arv__turn *turn)
{
    arv_job *job = turn->user_data;
    job->begun_ns = job->moved_ns = job->told_ns = arv__monotonic_ns();
    job_progress_arm(job);
    job->kind->begin(job);
}

static void job_turn_close(arv__turn *turn)
{
    arv_job *job = turn->user_data;
    job->kind->close(job);
}

static void job_turn_abandon(arv__turn *turn)
{
    arv_job *job = turn->user_data;
    if (job->kind->abandon)
        job->kind->abandon(job);
}

void arv__job_enqueue(arv_job *job)
{
    static const arv__turn_ops ops = {job_turn_begin, job_turn_close, job_turn_abandon};
    job->state = ARV_JOB_QUEUED;
    job->turn.ops = &ops;
    job->turn.user_data = job;
    job->turn.memory_bytes = job->package.memory_bytes;
    job->turn.input_bytes = job->spec.on_collect         ? UINT64_MAX
                            : !job->entries              ? 0
                            : job->entries->size_unknown ? UINT64_MAX
                                                         : arv_entries_total_bytes(job->entries);
    arv__queue_append(job->engine, &job->turn);
    job->mail.deliver = job_schedule_mail;
    job->mail.user_data = arv_job_ref(job);
    arv__loop_post(job->engine->context.loop, &job->mail);
}
