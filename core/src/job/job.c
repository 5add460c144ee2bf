/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A job joins the other modules: pack.c gives its entries to a packer, and staged.c journals the steps
 * of a job that must not be lost. This file knows no protocol and no format.
 *
 * A letter on the loop begins the job, so that no callback ever runs inside arv_job_start(). Every run
 * ends in arv__job_end().
 */

#include "job/internal.h"

#include <string.h>

#include <arv/sys/alloc.h>
#include "package/entries.h"
#include "util/options.h"
#include "util/time.h"

enum { JOB_PROGRESS_MS = 200, JOB_WATCH_MS = 200 };

/* ---- life --------------------------------------------------------------------------------------- */

void arv_job_spec_init(arv_job_spec *spec, size_t struct_bytes)
{
    arv__options_init(spec, struct_bytes, NULL, 0);
}

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
    for (unsigned i = 0; i < job->string_count; i++)
        arv_free(job->strings[i]);
    arv__staged_free(job->staged);
    arv_free(job->first_entry);
    arv_free(job->failures);
    arv_entries_unref(job->entries);
    arv_free(job);
}

/* Copies a string of the spec, so that it lives as long as the job; NULL stays NULL. */
static int job_keep(arv_job *job, const char **text, arv_error *err)
{
    if (!*text)
        return 0;
    char *copy = arv_strdup(*text);
    if (!copy)
        return arv_error_nomem(err, "a job's options");
    job->strings[job->string_count++] = copy;
    *text = copy;
    return 0;
}

static int job_keep_options(arv_job *job, const arv_job_spec *spec, arv_error *err)
{
    arv_package_options *p = &job->package;
    int rc;
    *p = *spec->package;
    job->path = spec->path;
    if ((rc = job_keep(job, &p->name, err)) < 0 || (rc = job_keep(job, &p->created_by, err)) < 0 ||
        (rc = job_keep(job, &p->metadata_json, err)) < 0 ||
        (rc = job_keep(job, &p->title, err)) < 0 ||
        (rc = job_keep(job, &p->language, err)) < 0 ||
        (rc = job_keep(job, &p->first_entry_name, err)) < 0 ||
        (rc = job_keep(job, &p->temp_directory, err)) < 0 ||
        (rc = job_keep(job, &job->path, err)) < 0)
        return rc;
    if (p->first_entry_name && p->first_entry_length) {
        job->first_entry = arv_malloc(p->first_entry_length);
        if (!job->first_entry)
            return arv_error_nomem(err, "a job's first entry");
        memcpy(job->first_entry, p->first_entry_data, p->first_entry_length);
        p->first_entry_data = job->first_entry;
    }
    /* A stored object is found by its job's UUID, which must be new even for equal content. */
    if (job->storage_count && !p->uuid[0])
        return arv_uuid_random(p->uuid, err);
    return 0;
}

int arv_package_options_check(const arv_package_options *options, arv_error *err)
{
    arv_package_options known;
    int rc = arv__package_options_take(&known, options, err);
    return rc < 0 ? rc : arv__package_options_check(&known, err);
}

static int job_check_spec(const arv_engine *engine, const arv_job_spec *spec, arv_error *err)
{
    if (!arv__engine_here(engine))
        return arv_error_set(err, ARV_ECLOSED,
                             "The engine belongs to the parent process: abandon it and make a new "
                             "one after fork().");
    if (engine->closing)
        return arv_error_set(err, ARV_ECLOSED, "The engine is shutting down: no job can be started.");
    if (!spec->entries && !spec->staging)
        return arv_error_set(err, ARV_EINVALID, "A job needs a list of entries.");
    if (spec->staging && (spec->path || spec->to_descriptor || !spec->storage_count))
        return arv_error_set(err, ARV_EINVALID,
                             "A journalled job goes to storages: give at least one, and no path.");
    if (!spec->path && !spec->to_descriptor && !spec->storage_count)
        return arv_error_set(err, ARV_EINVALID,
                             "A job needs a target: give a path, or at least one storage.");
    if (spec->to_descriptor && spec->package->failures_max)
        return arv_error_set(err, ARV_EINVALID,
                             "An archive that goes out as a stream cannot begin anew without an entry "
                             "that fails: let none be missing (failures_max), or give a path.");
    if (spec->storage_count > ARV_JOB_STORAGES_MAX)
        return arv_error_set(err, ARV_EINVALID, "A job was given %zu storages; %d are allowed.",
                             spec->storage_count, ARV_JOB_STORAGES_MAX);
    for (size_t i = 0; i < spec->storage_count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(arv_storage_url(spec->storages[i]), arv_storage_url(spec->storages[k])) == 0)
                return arv_error_set(err, ARV_EINVALID,
                                     "A job was given the storage %s twice; one archive has one place "
                                     "in it.",
                                     arv_storage_url(spec->storages[i]));
    return arv__package_options_check(spec->package, err);
}

static void job_schedule_mail(arv__mail *mail)
{
    arv_job *job = mail->user_data;
    arv__engine_schedule(job->engine);
    arv_job_unref(job);
}

/* Of a spec that this version knows in full, as arv_job_start(). */
static int job_start(arv_job **out, arv_engine *engine, const arv_job_spec *spec, arv_error *err)
{
    int rc = job_check_spec(engine, spec, err);
    if (rc < 0)
        return rc;
    arv_job *job = arv_calloc(1, sizeof *job);
    if (!job)
        return arv_error_nomem(err, "a job");
    job->references = 1;
    job->engine = engine;
    for (unsigned i = 0; i < spec->storage_count; i++)
        job->storages[job->storage_count++] = arv_storage_ref(spec->storages[i]);
    job->spec = *spec;
    job->spec.package = &job->package;
    job->log = engine->context.log;
    if ((rc = job_keep_options(job, spec, err)) < 0 ||
        (spec->staging && (rc = arv__staged_new(job, spec, err)) < 0)) {
        arv_job_unref(job);
        return rc;
    }
    if (spec->entries)
        job->entries = arv_entries_ref(spec->entries);
    job->state = ARV_JOB_QUEUED;
    job->turn.job = job;
    job->turn.memory_bytes = spec->package->memory_bytes;
    job->turn.input_bytes = !job->entries                ? 0
                            : job->entries->size_unknown ? UINT64_MAX
                                                         : arv_entries_total_bytes(job->entries);
    arv__queue_append(engine, &job->turn);
    job->mail.deliver = job_schedule_mail;
    job->mail.user_data = arv_job_ref(job);
    arv__loop_post(engine->context.loop, &job->mail);
    *out = arv_job_ref(job); /* the first reference is the engine's, until arv__job_end() */
    return 0;
}

int arv_job_start(arv_job **out, arv_engine *engine, const arv_job_spec *spec, arv_error *err)
{
    arv_job_spec known;
    arv_package_options package;
    int rc;
    if ((rc = ARV__OPTIONS_TAKE(&known, spec, "arv_job_spec", err)) < 0 ||
        (rc = arv__package_options_take(&package, known.package, err)) < 0)
        return rc;
    known.package = &package;
    return job_start(out, engine, &known, err);
}

/* ---- run ---------------------------------------------------------------------------------------- */

/* NULL as long as it is still to be derived from the content. */
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
    arv__log(&job->log, ARV_LOG_INFO, "job",
             arv__job_uuid(job), "The job's state has changed.",
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

static uint64_t job_elapsed_ms(uint64_t since_ns, uint64_t now_ns)
{
    return now_ns > since_ns ? (now_ns - since_ns) / 1000000 : 0;
}

/* Reading back moves no number: it may take as long as a medium of 1 MiB/s needs. */
static uint64_t job_stall_ms(const arv_job *job, const arv_job_progress *now)
{
    uint64_t more_ms = job->state == ARV_JOB_STORE ? (now->bytes_written >> 20) * 1000 : 0;
    return job->spec.stall_limit_ms + more_ms;
}

/*
 * The limits. A job stalls when no number of its progress changes. The time limit of a journalled job
 * counts from its first run, which staged.c knows.
 */
static void job_watch(arv_job *job)
{
    arv_job_progress now;
    arv_error reason;
    uint64_t now_ns = arv__monotonic_ns();
    if (job->cancel_asked)
        return;
    job_measure(job, &now);
    uint64_t sum = now.bytes_done + now.entries_done + now.bytes_written + now.bytes_stored +
                   (uint64_t)now.state;
    if (sum != job->moved_sum) {
        job->moved_sum = sum;
        job->moved_ns = now_ns;
    }
    if (job->spec.time_limit_ms && !job->staged && now.elapsed_ms >= job->spec.time_limit_ms)
        arv_error_set(&reason, ARV_ETIMEOUT,
                      "The job was not done within its time limit of %.15g s; raise the limit, or "
                      "archive less at once.",
                      (double)job->spec.time_limit_ms / 1000);
    else if (job->spec.stall_limit_ms &&
             job_elapsed_ms(job->moved_ns, now_ns) >= job_stall_ms(job, &now))
        arv_error_set(&reason, ARV_ETIMEOUT,
                      "The job has not moved for %.15g s while it was %s; look whether its sources "
                      "and storages answer.",
                      (double)job->spec.stall_limit_ms / 1000, arv_job_state_text(job->state));
    else
        return;
    arv__job_limit(job, &reason);
}

static unsigned job_progress_ms(const arv_job *job)
{
    return job->spec.progress_interval_ms ? job->spec.progress_interval_ms : JOB_PROGRESS_MS;
}

/* Looks at cancel requests from outside, limits and space, however seldom progress is told. */
static void job_progress_tick(arv__timer *timer)
{
    arv_job *job = timer->user_data;
    uint64_t now_ns = arv__monotonic_ns();
    arv_job_ref(job);
    if (job_elapsed_ms(job->told_ns, now_ns) >= job_progress_ms(job)) {
        job->told_ns = now_ns;
        job_report_progress(job);
    }
    if (!job->ended)
        job_watch(job);
    if (!job->ended && job->staged)
        arv__staged_tick(job);
    if (!job->ended)
        job_progress_arm(job);
    arv_job_unref(job);
}

static void job_progress_arm(arv_job *job)
{
    unsigned ms = job_progress_ms(job);
    job->progress_timer.fire = job_progress_tick;
    job->progress_timer.user_data = job;
    arv__timer_start(job->engine->context.loop, &job->progress_timer,
                     ms < JOB_WATCH_MS ? ms : JOB_WATCH_MS);
}

static void job_fill_result(arv_job *job)
{
    const arv__packer_totals *totals = &job->totals;
    arv_job_result *result = &job->result;
    memcpy(result->uuid, totals->uuid, sizeof result->uuid);
    result->entries = totals->payload_entries;
    result->payload_bytes = totals->payload_bytes;
    result->collected_at_unix = totals->collected_at_unix;
    result->read_at_unix = totals->read_at_unix;
    result->packed_at_unix = totals->packed_at_unix;
    result->container_bytes = totals->container_bytes;
    result->container = totals->container;
    result->failure_count = totals->failures;
    result->path = job->path;
    result->locations = job->locations;
    result->location_count = job->storage_count;
    for (unsigned i = 0; i < job->storage_count; i++)
        job->locations[i].object.digests = totals->container;
}

/* A job that had failed before its cancel request has failed. */
bool arv__job_is_cancel(const arv_job *job, int status)
{
    if (job->limit_reached)
        return false;
    return status == ARV_ECANCELED ||
           (job->cancel_asked &&
            (status == job->cancel_reason.code || status == job->stop_code));
}

static arv_job_state job_final_state(const arv_job *job)
{
    if (job->status == 0)
        return job->totals.failures ? ARV_JOB_PARTIAL : ARV_JOB_COMPLETED;
    return arv__job_is_cancel(job, job->status) ? ARV_JOB_ABORTED : ARV_JOB_FAILURE;
}

/* Ends a job that has no journal. */
static void job_end_states(arv_job *job)
{
    arv_job_state last = job_final_state(job);
    if (job->status == 0) {
        arv__job_set_state(job, ARV_JOB_CLEANUP);
    } else {
        if (last == ARV_JOB_FAILURE)
            arv__job_set_state(job, ARV_JOB_ERROR);
        arv__job_set_state(job, ARV_JOB_ERROR_HANDLING);
    }
}

void arv__job_end(arv_job *job, int status, const arv_error *err)
{
    arv_engine *engine = job->engine;
    arv_job_ref(job);
    job->ended_ns = arv__monotonic_ns();
    arv__timer_stop(engine->context.loop, &job->progress_timer);
    arv__timer_stop(engine->context.loop, &job->wait_timer);
    job->status = status;
    if (status < 0 && err)
        job->error = *err;
    else if (status < 0)
        arv_error_set(&job->error, status, "%s", arv_error_text(status));
    if (!job->staged)
        job_end_states(job);
    job_report_progress(job);
    job->ended = true;
    if (status == 0 && !job->staged)
        job_fill_result(job);
    if (status == 0) { /* of this run's packing, if it packed */
        job->result.failures = job->failures;
        job->result.failures_kept = job->failures_kept;
    }
    arv__queue_leave(engine, &job->turn);
    if (status == 0)
        arv__log(&job->log, ARV_LOG_NOTICE, "job", job->result.uuid,
                 job->result.failure_count ? "The archive is done, but for what failed."
                                           : "The archive is done.",
                 ARV__INT("entries", job->result.entries),
                 ARV__INT("failures", job->result.failure_count),
                 ARV__INT("payload_bytes", job->result.payload_bytes),
                 ARV__INT("container_bytes", job->result.container_bytes));
    else
        arv__log(&job->log, status == ARV_ECANCELED ? ARV_LOG_NOTICE : ARV_LOG_ERROR,
                 "job", arv__job_uuid(job), job->error.message,
                 ARV__TEXT("error", arv_error_name(status)));
    if (job->staged)
        arv__staged_release(job);
    else
        arv__job_set_state(job, job_final_state(job));
    if (job->spec.on_done)
        job->spec.on_done(job->spec.user_data, job, status, status < 0 ? &job->error : NULL);
    arv__engine_schedule(engine);
    arv_job_unref(job);
    arv_job_unref(job); /* the engine's */
}

/* ---- begin -------------------------------------------------------------------------------------- */

void arv__job_begin(arv_job *job)
{
    arv_error err;
    job->begun_ns = job->moved_ns = job->told_ns = arv__monotonic_ns();
    job_progress_arm(job);
    if (job->staged) {
        arv__staged_begin(job);
        return;
    }
    int rc = arv__job_locate(job, arv__format_find(job->package.format)->suffixes[0], &err);
    if (rc < 0)
        arv__job_end(job, rc, &err);
    else
        arv__job_pack(job, job->path, true, NULL, arv__job_end);
}

static void job_wait_over(arv__timer *timer)
{
    arv_job *job = timer->user_data;
    arv__queue_leave(job->engine, &job->turn);
    arv__queue_append(job->engine, &job->turn);
    arv__engine_schedule(job->engine);
}

void arv__job_wait(arv_job *job, uint64_t delay_ms)
{
    arv_engine *engine = job->engine;
    arv__timer_stop(engine->context.loop, &job->progress_timer);
    arv__queue_leave(engine, &job->turn);
    job->turn.memory_bytes = job->package.memory_bytes;
    arv__queue_sleep(engine, &job->turn);
    job->wait_timer.fire = job_wait_over;
    job->wait_timer.user_data = job;
    arv__timer_start(engine->context.loop, &job->wait_timer, delay_ms);
    arv__engine_schedule(engine);
}

void arv__job_abandon(arv_job *job)
{
    if (job->staged)
        arv__staged_release(job);
}

/* ---- cancel and look ---------------------------------------------------------------------------- */

static void job_cancel_mail(arv__mail *mail)
{
    arv_job *job = mail->user_data;
    if (!job->ended && !job->turn.running) /* one that has begun meanwhile sees the wish itself */
        arv__job_end(job, job->cancel_reason.code, &job->cancel_reason);
    arv_job_unref(job);
}

/* Still queued. Its starting letter may be under way: that one only runs the schedule. */
static void job_end_queued(arv_job *job)
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
    if (job->packer) {
        arv__packer_cancel(job->packer, &job->cancel_reason);
    } else if (job->staged && job->turn.running) {
        arv__staged_cancel(job);
    } else if (job->staged && job->turn.sleeping && job->cancel_reason.code != ARV_ECLOSED) {
        arv__timer_start(job->engine->context.loop, &job->wait_timer, 0); /* it takes back at once */
    } else if (job->staged && job->cancel_reason.code != ARV_ECLOSED) {
        /* The job stays in the queue. Once it begins, it takes back what earlier runs have done. */
    } else if (!job->turn.running) {
        job_end_queued(job);
    }
}

void arv__job_limit(arv_job *job, const arv_error *reason)
{
    if (job->ended || job->cancel_asked)
        return;
    job->cancel_asked = job->limit_reached = true;
    job->cancel_reason = *reason;
    job_stop(job);
}

/* A cancel request replaces a limit that was reached just before: whoever cancels wants no retry. */
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

/* The engine closes. It interrupts a journalled job, which another engine can take up, and cancels any
 * other. A job that was cancelled and waits for its turn to take back would wait for ever: it ends at
 * once. */
void arv__job_close(arv_job *job)
{
    arv_error reason;
    arv_error_set(&reason, job->staged ? ARV_ECLOSED : ARV_ECANCELED,
                  "The job was stopped because its engine shuts down.");
    if (job->staged && job->cancel_asked && !job->turn.running &&
        job->cancel_reason.code != ARV_ECLOSED) {
        job->cancel_reason = reason;
        job_end_queued(job);
    } else {
        arv_job_cancel(job, &reason);
    }
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
    if (job->staged)
        arv__staged_progress(job, progress);
    if (job->begun_ns)
        progress->elapsed_ms =
            ((job->ended_ns ? job->ended_ns : arv__monotonic_ns()) - job->begun_ns) / 1000000;
    if (!job->packer && !job->totals.entries_total)
        return; /* nothing was done yet, or there was nothing to do */
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

/* A number never falls, although packing may begin anew and storing may be taken back. */
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
