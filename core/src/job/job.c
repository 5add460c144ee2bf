/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A job joins what the other modules do: it makes sinks for its targets, gives entries, options and
 * sinks to a packer, and turns the packer's phases into the states of the field. It holds no
 * protocol and no format.
 *
 * A job leaves the queue from a letter on the loop, so that no callback ever runs inside
 * arv_job_start(). It ends in one place, job_end().
 */

#include "job/engine.h"

#include <stdarg.h>
#include <string.h>

#include <arv/sys/alloc.h>
#include "package/entries.h"
#include "storage/storage.h"
#include "util/time.h"

enum { JOB_STORAGES_MAX = 8, JOB_PROGRESS_MS = 200 };

struct arv_job {
    arv_engine *engine;
    unsigned references;
    arv__turn turn;
    arv__lane lane;    /* of the pool that computes: a lane belongs to one pool */
    arv__lane io_lane; /* of the one that waits for storages */
    arv__mail mail;          /* starts the schedule */
    arv__mail cancel_letter; /* ends a job that is still queued */

    arv_entries *entries;
    arv_package_options package;
    char *strings[8]; /* copies that package and path point to */
    unsigned string_count;
    void *first_entry;
    const char *path;
    arv_storage *storages[JOB_STORAGES_MAX];
    unsigned storage_count;
    arv_job_spec callbacks;

    arv__packer *packer;
    arv__timer progress_timer;
    uint64_t begun_ns, ended_ns;
    arv_job_state state;
    bool cancel_asked, ended;
    int status;
    arv_error error;
    arv_error cancel_reason;
    arv__packer_totals totals; /* at the end */
    arv_job_result result;
    arv_location locations[JOB_STORAGES_MAX];
};

/* ---- life --------------------------------------------------------------------------------------- */

void arv_job_spec_init(arv_job_spec *spec)
{
    memset(spec, 0, sizeof *spec);
    arv_package_options_init(&spec->package);
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
    arv_free(job->first_entry);
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
    *p = spec->package;
    job->path = spec->path;
    if ((rc = job_keep(job, &p->name, err)) < 0 || (rc = job_keep(job, &p->created_by, err)) < 0 ||
        (rc = job_keep(job, &p->metadata_json, err)) < 0 ||
        (rc = job_keep(job, &p->title, err)) < 0 ||
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
    return arv__package_options_check(options, err);
}

static int job_check_spec(const arv_engine *engine, const arv_job_spec *spec, arv_error *err)
{
    if (!arv__engine_here(engine))
        return arv_error_set(err, ARV_ECLOSED,
                             "The engine belongs to the parent process: abandon it and make a new "
                             "one after fork().");
    if (engine->closing)
        return arv_error_set(err, ARV_ECLOSED, "The engine is shutting down: no job can be started.");
    if (!spec->entries)
        return arv_error_set(err, ARV_EINVALID, "A job needs a list of entries.");
    if (!spec->path && !spec->storage_count)
        return arv_error_set(err, ARV_EINVALID,
                             "A job needs a target: give a path, or at least one storage.");
    if (spec->storage_count > JOB_STORAGES_MAX)
        return arv_error_set(err, ARV_EINVALID, "A job was given %zu storages; %d are allowed.",
                             spec->storage_count, JOB_STORAGES_MAX);
    return arv__package_options_check(&spec->package, err);
}

static void job_schedule_mail(arv__mail *mail)
{
    arv_job *job = mail->user_data;
    arv__engine_schedule(job->engine);
    arv_job_unref(job);
}

int arv_job_start(arv_job **out, arv_engine *engine, const arv_job_spec *spec, arv_error *err)
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
    if ((rc = job_keep_options(job, spec, err)) < 0) {
        arv_job_unref(job);
        return rc;
    }
    job->entries = arv_entries_ref(spec->entries);
    job->callbacks = *spec;
    job->state = ARV_JOB_QUEUED;
    job->turn.job = job;
    job->turn.memory_bytes = job->package.memory_bytes;
    job->turn.input_bytes = job->entries->size_unknown ? UINT64_MAX
                                                       : arv_entries_total_bytes(job->entries);
    arv__queue_append(engine, &job->turn);
    job->mail.deliver = job_schedule_mail;
    job->mail.user_data = arv_job_ref(job);
    arv__loop_post(engine->context.loop, &job->mail);
    *out = arv_job_ref(job); /* the first reference is the engine's, until job_end() */
    return 0;
}

/* ---- run ---------------------------------------------------------------------------------------- */

/* NULL as long as it is still to be derived from the content. */
static const char *job_known_uuid(const arv_job *job)
{
    return job->package.uuid[0] ? job->package.uuid : NULL;
}

static void job_set_state(arv_job *job, arv_job_state state)
{
    if (job->state == state)
        return;
    if (!arv_job_state_may(job->state, state))
        arv__log(&job->engine->context.log, ARV_LOG_ERROR, "job", job_known_uuid(job),
                 "The job took a way that its table of states does not have; this is a defect of "
                 "Archivist.",
                 ARV__TEXT("from", arv_job_state_name(job->state)),
                 ARV__TEXT("to", arv_job_state_name(state)));
    job->state = state;
    arv__log(&job->engine->context.log, ARV_LOG_INFO, "job",
             job_known_uuid(job), "The job's state has changed.",
             ARV__TEXT("state", arv_job_state_name(state)));
    if (job->callbacks.on_state)
        job->callbacks.on_state(job->callbacks.user_data, job, state);
}

static void job_report_progress(arv_job *job)
{
    arv_job_progress progress;
    if (!job->callbacks.on_progress)
        return;
    arv_job_get_progress(job, &progress);
    job->callbacks.on_progress(job->callbacks.user_data, job, &progress);
}

static void job_progress_tick(arv__timer *timer)
{
    arv_job *job = timer->user_data;
    unsigned ms = job->callbacks.progress_interval_ms;
    arv_job_ref(job);
    job_report_progress(job);
    if (!job->ended)
        arv__timer_start(job->engine->context.loop, timer, ms ? ms : JOB_PROGRESS_MS);
    arv_job_unref(job);
}

static void job_fill_result(arv_job *job)
{
    const arv__packer_totals *totals = &job->totals;
    arv_job_result *result = &job->result;
    memcpy(result->uuid, totals->uuid, sizeof result->uuid);
    result->entries = totals->payload_entries;
    result->payload_bytes = totals->payload_bytes;
    result->container_bytes = totals->container_bytes;
    result->container = totals->container;
    result->path = job->path;
    result->locations = job->locations;
    result->location_count = job->storage_count;
    for (unsigned i = 0; i < job->storage_count; i++) {
        /* The address fitted when the sink was made. */
        arv_storage_address(job->storages[i], job->locations[i].object.key,
                            job->locations[i].address, NULL);
        job->locations[i].object.digests = totals->container;
    }
}

/* A cancellation may come when the job has failed already: then it failed. */
static arv_job_state job_final_state(const arv_job *job)
{
    if (job->status == 0)
        return ARV_JOB_COMPLETED;
    if (job->status == ARV_ECANCELED ||
        (job->cancel_asked && job->status == job->cancel_reason.code))
        return ARV_JOB_ABORTED;
    return ARV_JOB_FAILURE;
}

/* The one end of every job. */
static void job_end(arv_job *job, int status, const arv_error *err)
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
    if (status == 0) {
        job_set_state(job, ARV_JOB_CLEANUP);
    } else {
        if (job_final_state(job) == ARV_JOB_FAILURE)
            job_set_state(job, ARV_JOB_ERROR);
        job_set_state(job, ARV_JOB_ERROR_HANDLING);
    }
    job_report_progress(job);
    job->ended = true;
    if (job->packer)
        arv__packer_totals_get(job->packer, &job->totals);
    if (status == 0)
        job_fill_result(job);
    arv__packer_free(job->packer);
    job->packer = NULL;
    arv__queue_leave(engine, &job->turn);
    if (status == 0)
        arv__log(&engine->context.log, ARV_LOG_NOTICE, "job", job->result.uuid,
                 "The archive is complete.", ARV__INT("entries", job->result.entries),
                 ARV__INT("payload_bytes", job->result.payload_bytes),
                 ARV__INT("container_bytes", job->result.container_bytes));
    else
        arv__log(&engine->context.log, status == ARV_ECANCELED ? ARV_LOG_NOTICE : ARV_LOG_ERROR,
                 "job", job_known_uuid(job), job->error.message,
                 ARV__TEXT("error", arv_error_name(status)));
    job_set_state(job, job_final_state(job));
    if (job->callbacks.on_done)
        job->callbacks.on_done(job->callbacks.user_data, job, status, status < 0 ? &job->error : NULL);
    arv__engine_schedule(engine);
    arv_job_unref(job);
    arv_job_unref(job); /* the engine's */
}

static void job_packer_phase(void *user_data, arv__pack_phase phase)
{
    static const arv_job_state states[] = {
        [ARV__PACK_PREPARE] = ARV_JOB_PRE_PROCESSING,
        [ARV__PACK_PAYLOAD] = ARV_JOB_ACTIVITY_ARCHIVING,
        [ARV__PACK_DOCUMENTS] = ARV_JOB_POST_PROCESSING,
        [ARV__PACK_FINISH] = ARV_JOB_STORE,
    };
    job_set_state(user_data, states[phase]);
}

static void job_packer_done(void *user_data, int status, const arv_error *err)
{
    job_end(user_data, status, err);
}

static int job_make_sinks(arv_job *job, arv__sink **sink, arv_error *err)
{
    arv__context *context = &job->engine->context;
    arv__sink *sinks[JOB_STORAGES_MAX + 1] = {NULL};
    unsigned count = 0;
    int rc = 0;
    uint64_t hint = arv_entries_total_bytes(job->entries);
    const char *suffix = arv__format_find(job->package.format)->suffixes[0];

    if (job->path) {
        rc = arv__sink_file_new(&sinks[count], context->loop, context->io, &job->io_lane, job->path,
                                hint, err);
        if (rc < 0)
            goto out;
        count++;
    }
    for (unsigned i = 0; i < job->storage_count; i++) {
        arv_location *location = &job->locations[i];
        if ((rc = arv_key_from_uuid(job->package.uuid, suffix, location->object.key, err)) < 0 ||
            (rc = arv_storage_address(job->storages[i], location->object.key, location->address,
                                      err)) < 0 ||
            (rc = arv__sink_storage_new(&sinks[count], job->storages[i], location->object.key, hint,
                                        job->package.temp_directory, &location->object, err)) < 0)
            goto out;
        count++;
    }
    if (count == 1) {
        *sink = sinks[0];
        return 0;
    }
    rc = arv__sink_tee_adopt(sink, context->loop, sinks, count, err);
out:
    for (unsigned i = 0; rc < 0 && i < count; i++)
        sinks[i]->ops->free(sinks[i]);
    return rc;
}

void arv__job_begin(arv_job *job)
{
    arv_engine *engine = job->engine;
    arv__context *context = &engine->context;
    arv_error err;
    arv__sink *sink = NULL;
    int rc;
    arv__packer_resources resources = {
        .loop = context->loop,
        .pool = context->pool,
        .cpu = engine->cpu,
        .threads = job->package.threads && job->package.threads < engine->threads
                       ? job->package.threads
                       : engine->threads,
        .readers = engine->readers,
        .log = &context->log,
    };
    arv__packer_events events = {job_packer_phase, job_packer_done, job};

    arv_error_clear(&err);
    job->package.memory_bytes = job->turn.memory_bytes;
    job->begun_ns = arv__monotonic_ns();
    arv_job_ref(job);
    job_set_state(job, ARV_JOB_PRE_PROCESSING);
    if (job->cancel_asked) { /* by the callback just now */
        job_end(job, job->cancel_reason.code, &job->cancel_reason);
        arv_job_unref(job);
        return;
    }
    rc = job_make_sinks(job, &sink, &err);
    if (rc == 0) {
        rc = arv__packer_start_adopt(&job->packer, &resources, job->entries, &job->package, sink,
                                     &job->lane, &events, &err);
        if (rc < 0)
            sink->ops->free(sink);
    }
    if (rc < 0) {
        job_end(job, rc, &err);
    } else {
        unsigned ms = job->callbacks.progress_interval_ms;
        job->progress_timer.fire = job_progress_tick;
        job->progress_timer.user_data = job;
        arv__timer_start(context->loop, &job->progress_timer, ms ? ms : JOB_PROGRESS_MS);
    }
    arv_job_unref(job);
}

/* ---- cancel and look ---------------------------------------------------------------------------- */

static void job_cancel_mail(arv__mail *mail)
{
    arv_job *job = mail->user_data;
    if (!job->ended && !job->packer)
        job_end(job, job->cancel_reason.code, &job->cancel_reason);
    arv_job_unref(job);
}

void arv_job_cancel(arv_job *job, const arv_error *reason)
{
    if (job->ended || job->cancel_asked || !arv__engine_here(job->engine))
        return;
    job->cancel_asked = true;
    if (reason && reason->code < 0)
        job->cancel_reason = *reason;
    else
        arv_error_set(&job->cancel_reason, ARV_ECANCELED, "The job was cancelled.");
    if (job->packer) {
        arv__packer_cancel(job->packer, &job->cancel_reason);
    } else if (!job->turn.running) {
        /* Still queued. Its starting letter may be under way: that one only runs the schedule. */
        arv__mail *mail = &job->cancel_letter;
        mail->deliver = job_cancel_mail;
        mail->user_data = arv_job_ref(job);
        arv__loop_post(job->engine->context.loop, mail);
    }
}

arv_job_state arv_job_get_state(const arv_job *job)
{
    return job->state;
}

void arv_job_get_progress(const arv_job *job, arv_job_progress *progress)
{
    memset(progress, 0, sizeof *progress);
    progress->state = job->state;
    progress->entries_total = arv_entries_count(job->entries);
    progress->bytes_total = arv_entries_total_bytes(job->entries);
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

int arv_job_error(const arv_job *job, arv_error *err)
{
    if (job->status < 0 && err)
        *err = job->error;
    return job->status;
}

const arv_job_result *arv_job_get_result(const arv_job *job)
{
    return job->state == ARV_JOB_COMPLETED ? &job->result : NULL;
}
