/* SPDX-License-Identifier: Apache-2.0 */
#include "job_run.h"

#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <arv/sys/alloc.h>

#include "json.h"
#include "made.h"
#include "progress.h"
#include "session.h"
#include "signals.h"
#include "text.h"

/*
 * archivist job run: prepares each job (specification, storages, entries), makes it if it is not there, and
 * starts it. A failure before a job is made leaves nothing of it.
 *
 * Only twice as many jobs as run at once are prepared at a time. So memory does not grow with the number of
 * jobs, and the engine can still let a small job go past a large one. A job that waits for its next attempt
 * holds nothing. It is looked at once a second, since another process may cancel it meanwhile.
 */

enum {
    RUN_JOBS = 4, /* the engine's own default */
    RUN_TURN_MS = 100
};

static unsigned run_window(const runner *r)
{
    return 2 * (r->options->jobs ? r->options->jobs : RUN_JOBS);
}

/* ---- the end of one job ---- */

static void run_ended(runner *r, run_job *job, int exit_code)
{
    run_release(job);
    job->exit_code = exit_code;
    job->phase = JOB_ENDED;
    r->ended++;
}

/* Shows a job that did not run, so its journal does not have the error. */
static void run_refused(runner *r, run_job *job, const arv_error *err, int exit_code)
{
    const char *uuid = job->uuid[0] ? job->uuid : NULL;
    arv_error told = *err;
    bool named = job->path && (arv_error_is_about(err, job->path) ||
                               (job->spec ? arv_error_is_about(err, arv_spec_file(job->spec))
                                          : err->code != ARV_ENOMEM)); /* who reads it names it */
    if (job->path && job->runs == 0 && !named)
        arv_error_prefix(&told, "\"%s\": ", job->path);
    job_tell(job->path && job->runs == 0 ? NULL : uuid, &told);
    if (r->options->json)
        job_show_json_error(uuid, &told, exit_code);
    run_ended(r, job, exit_code);
}

/* Shows a job with the state of its journal. */
static void run_show(runner *r, run_job *job, const arv_error *err, int exit_code)
{
    if (err && err->code < 0)
        job_tell(job->uuid, err);
    progress_clear();
    for (size_t i = 0; i < r->status.target_count; i++)
        if (r->status.targets[i].stored)
            made_note(r->status.targets[i].address);
    if (r->options->json) {
        job_show_json(&r->status, exit_code);
        json_close();
    } else {
        job_show_ended(&r->status, r->count == 1);
    }
    made_flush(); /* the reader of a long run sees each job when it ends */
    run_ended(r, job, exit_code);
}

static void run_interrupted(runner *r, run_job *job)
{
    arv_error err;
    arv_error_set(&err, ARV_ECANCELED,
                  "The job %s was interrupted and loses nothing: \"archivist job run %s\" goes on "
                  "with it.",
                  job->uuid, job->uuid);
    arv_error_about(&err, job->uuid);
    if (job->uuid[0] && arv_staging_status(r->staging, job->uuid, &r->status, NULL) == 0) {
        r->status.error = err;
        run_show(r, job, &err, CLI_CANCELED);
    } else {
        arv_error_set(&err, ARV_ECANCELED, "\"%s\" was not begun before the interruption.",
                      job->path ? job->path : job->uuid);
        arv_error_about(&err, job->path ? job->path : job->uuid);
        run_refused(r, job, &err, CLI_CANCELED);
    }
}

static void run_wait(runner *r, run_job *job, const arv_error *err)
{
    char time[TEXT_TIME_BYTES];
    run_release(job);
    job->phase = JOB_WAITING;
    job->due_unix = r->status.retry_at_unix;
    if (r->options->quiet)
        return;
    job_tell(job->uuid, err);
    fprintf(stderr, "archivist: Job %s: The next attempt is due at %s.\n", job->uuid,
            text_time(job->due_unix, time));
}

/* While the job waited, another process took it, for example to cancel it: the job ends there. */
static void run_wait_for_other(run_job *job)
{
    run_release(job);
    job->phase = JOB_WAITING;
    job->due_unix = (int64_t)time(NULL) + 1;
}

/* Returns whether the journal says that another run follows, and when. */
static bool run_goes_on(const runner *r)
{
    return !r->options->once && !r->canceled && !r->interrupted && r->status.retry_at_unix;
}

static void run_finish(runner *r, run_job *job)
{
    arv_error err = {0}, unread;
    int code = arv_job_error(job->job, &err);
    arv_job_state state = arv_job_get_state(job->job);
    if (code == ARV_ECLOSED && state == ARV_JOB_QUEUED) {
        run_interrupted(r, job);
        return;
    }
    if (code == ARV_ESTATE && state == ARV_JOB_QUEUED && job->runs > 1) {
        run_wait_for_other(job);
        return;
    }
    /* The journal has no error of a job that another process runs, or that cannot be taken up. */
    if ((code < 0 && state == ARV_JOB_QUEUED) ||
        arv_staging_status(r->staging, job->uuid, &r->status, &unread) < 0) {
        run_refused(r, job, code < 0 ? &err : &unread, session_exit_job(code < 0 ? code : unread.code));
        return;
    }
    if (run_goes_on(r)) {
        run_wait(r, job, &err);
        return;
    }
    if (r->canceled && r->status.state == ARV_JOB_ABORTED) {
        run_show(r, job, NULL, CLI_OK);
        return;
    }
    if (r->status.state == ARV_JOB_PARTIAL && code == 0)
        code = arv_error_set(&err, ARV_ESOURCE,
                             "The job %s is complete but for %" PRIu64 " entries, which its "
                             "archive names; \"archivist job retry %s\" lets it try them again.",
                             job->uuid, r->status.failures, job->uuid);
    if (code < 0)
        r->status.error = err;
    if (job->was_over && !r->options->quiet && !r->options->json) {
        char time[TEXT_TIME_BYTES];
        fprintf(stderr, "archivist: Job %s: Nothing was done: it ended at %s.\n", job->uuid,
                text_time(r->status.ended_at_unix, time));
    }
    run_show(r, job, &err, session_exit_state(r->status.state, code));
}

/* ---- the beginning of one job ---- */

static void run_done(void *user_data, arv_job *started, int status, const arv_error *err)
{
    run_job *job = user_data;
    (void)started;
    (void)status;
    (void)err;
    job->phase = JOB_DONE;
}

static void run_fill(const runner *r, run_job *job, arv_package_options *package, arv_job_spec *spec)
{
    arv_job_spec_init(spec, sizeof *spec);
    arv_package_options_init(package, sizeof *package);
    arv_spec_fill(job->spec, package, spec);
    spec->entries = job->entries;
    spec->storages = job->storages;
    spec->storage_count = job->storage_count;
    spec->staging = r->staging;
    spec->takes_up = true; /* the job was made before; if somebody deletes it meanwhile, it stays deleted */
    spec->on_done = run_done;
    spec->user_data = job;
}

/* With --once, a job that is not due yet is left as it is. */
static bool run_is_too_early(runner *r, run_job *job)
{
    if (!r->options->once || r->canceled || arv_staging_status(r->staging, job->uuid, &r->status, NULL) < 0 ||
        r->status.state != ARV_JOB_RECOVERABLE_ERROR || r->status.cancel_asked ||
        r->status.retry_at_unix <= (int64_t)time(NULL))
        return false;
    run_show(r, job, &r->status.error, session_exit_job(r->status.error.code));
    return true;
}

static void run_start(runner *r, run_job *job)
{
    arv_job_spec spec;
    arv_package_options package;
    arv_error err = {0};
    int exit_code = run_prepare(r, job, &err);
    job->was_over = exit_code == CLI_OK && arv_staging_status(r->staging, job->uuid, &r->status, NULL) == 0 &&
                    arv_job_state_final(r->status.state);
    if (exit_code == CLI_OK && run_is_too_early(r, job))
        return;
    if (exit_code == CLI_OK) {
        run_fill(r, job, &package, &spec);
        job->runs++;
        int rc = arv_job_start(&job->job, r->engine, &spec, &err);
        exit_code = rc < 0 ? session_exit_job(rc) : CLI_OK;
    }
    if (exit_code != CLI_OK) {
        run_refused(r, job, &err, exit_code);
        return;
    }
    job->phase = JOB_RUNNING;
    r->active++;
}

/* ---- all of them ---- */

/* Returns whether a waiting job is due, or another process has done something with it. */
static bool run_is_due(runner *r, const run_job *job, int64_t now_unix, bool look)
{
    if (job->due_unix <= now_unix)
        return true;
    return look && (arv_staging_status(r->staging, job->uuid, &r->status, NULL) < 0 ||
                    r->status.retry_at_unix != job->due_unix ||
                    (r->status.cancel_asked && r->status.state == ARV_JOB_RECOVERABLE_ERROR));
}

static void run_step(runner *r)
{
    int64_t now_unix = (int64_t)time(NULL);
    bool look = now_unix != r->looked_unix;
    r->looked_unix = now_unix;
    for (size_t i = 0; i < r->count; i++) {
        run_job *job = &r->jobs[i];
        if (job->phase == JOB_DONE) {
            r->active--;
            run_finish(r, job);
        } else if (r->interrupted && (job->phase == JOB_PENDING || job->phase == JOB_WAITING)) {
            run_interrupted(r, job);
        } else if (r->active < run_window(r) &&
                   (job->phase == JOB_PENDING ||
                    (job->phase == JOB_WAITING && run_is_due(r, job, now_unix, look)))) {
            run_start(r, job);
        }
    }
}

/* One signal interrupts all jobs. The engine records that, and nothing is taken back. */
static void run_interrupt(void *subject)
{
    runner *r = subject;
    arv_error reason;
    if (r->interrupted)
        return;
    r->interrupted = true;
    arv_error_set(&reason, ARV_ECLOSED, "The run was interrupted by a signal.");
    for (size_t i = 0; i < r->count; i++)
        if (r->jobs[i].phase == JOB_RUNNING)
            arv_job_cancel(r->jobs[i].job, &reason);
}

static void run_draw(const runner *r)
{
    arv_job_progress all = {0}, one;
    char what[48];
    for (size_t i = 0; i < r->count; i++) {
        if (r->jobs[i].phase != JOB_RUNNING)
            continue;
        arv_job_get_progress(r->jobs[i].job, &one);
        bool stores = one.state == ARV_JOB_STORE && one.bytes_to_store > 0 && r->count == 1;
        all.state = one.state;
        all.bytes_done += stores ? one.bytes_stored : one.bytes_done;
        all.bytes_total += stores ? one.bytes_to_store : one.bytes_total;
    }
    if (r->active == 0)
        snprintf(what, sizeof what, "waiting for the next attempt");
    else if (r->count == 1)
        snprintf(what, sizeof what, "%s", arv_job_state_text(all.state));
    else
        snprintf(what, sizeof what, "%zu of %zu jobs", r->ended, r->count);
    progress_draw(what, all.bytes_done, all.bytes_total);
}

static int run_all(runner *r)
{
    signals_ask();
    while (r->ended < r->count) {
        run_step(r);
        if (r->ended == r->count)
            break;
        if (r->active == 0)
            poll(NULL, 0, RUN_TURN_MS); /* the engine has nothing to wait for; a signal ends it */
        session_turn(r->engine, run_interrupt, r);
        run_draw(r);
    }
    progress_clear();
    int exit_code = CLI_OK;
    for (size_t i = 0; i < r->count; i++)
        exit_code = exit_code ? exit_code : r->jobs[i].exit_code;
    return r->interrupted && exit_code ? CLI_CANCELED : exit_code;
}

static void run_close(runner *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->count; i++)
        run_release(&r->jobs[i]);
    arv_free(r->jobs);
    arv_engine_free(r->engine);
    arv_staging_unref(r->staging);
    arv_free(r);
}

/* Takes all jobs that have not ended and that nobody runs. */
static int run_take_all(runner *r, arv_error *err)
{
    job_name *names = NULL;
    size_t count = 0;
    int rc = job_names_take(r->staging, &names, &count, err);
    if (rc == 0 && count > 0 && !(r->jobs = arv_calloc(count, sizeof *r->jobs)))
        rc = arv_error_nomem(err, "a list of jobs");
    for (size_t i = 0; rc == 0 && i < count; i++) {
        if (arv_staging_status(r->staging, names[i].uuid, &r->status, NULL) == 0 &&
            (arv_job_state_final(r->status.state) || r->status.running))
            continue;
        memcpy(r->jobs[r->count++].uuid, names[i].uuid, ARV_UUID_BYTES);
    }
    arv_free(names);
    return rc;
}

static bool run_is_uuid(const char *argument)
{
    char key[ARV_KEY_BYTES];
    return arv_key_from_uuid(argument, "", key, NULL) == 0;
}

static int run_take_arguments(runner *r, arv_error *err)
{
    const cli_options *o = r->options;
    r->jobs = arv_calloc((size_t)o->argument_count, sizeof *r->jobs);
    if (!r->jobs)
        return arv_error_nomem(err, "a list of jobs");
    for (; r->count < (size_t)o->argument_count; r->count++) {
        run_job *job = &r->jobs[r->count];
        const char *argument = o->arguments[r->count];
        if (run_is_uuid(argument))
            memcpy(job->uuid, argument, ARV_UUID_BYTES);
        else
            job->path = argument;
    }
    return 0;
}

static int run_usage(const cli_options *o, arv_error *err)
{
    if (o->all && o->argument_count > 0)
        return arv_error_set(err, ARV_EINVALID,
                             "--all takes every job that has not ended; name none with it.");
    if (!o->all && o->argument_count == 0)
        return arv_error_set(err, ARV_EINVALID,
                             "A specification or the UUID of a job is missing; \"archivist job run "
                             "--help\" shows what it takes.");
    return 0;
}

/* Makes a missing staging folder with its first job. */
static int run_open(runner *r, arv_error *err)
{
    bool makes = !r->options->all;
    int rc = r->options->all ? 0 : run_take_arguments(r, err);
    for (size_t i = 0; i < r->count; i++)
        makes = makes && r->jobs[i].path;
    if (rc == 0)
        rc = job_staging_open(&r->staging, r->options, false, err);
    if (rc == ARV_ENOTFOUND && makes) {
        arv_error_clear(err);
        rc = 0;
    }
    if (rc == 0 && r->options->all)
        rc = run_take_all(r, err);
    return rc == 0 ? session_open(&r->engine, r->options, 0, err) : rc;
}

int cli_job_run(const cli_options *options, arv_error *err)
{
    runner *r = arv_calloc(1, sizeof *r);
    int rc = r ? run_usage(options, err) : arv_error_nomem(err, "the jobs");
    if (rc == 0) {
        r->options = options;
        rc = run_open(r, err);
    }
    int exit_code = rc < 0 ? session_exit_job(rc) : run_all(r);
    run_close(r);
    return exit_code;
}

int job_run_canceled(const cli_options *options, arv_staging *staging, const char *uuid, arv_error *err)
{
    runner *r = arv_calloc(1, sizeof *r);
    int rc = r && (r->jobs = arv_calloc(1, sizeof *r->jobs)) ? 0 : arv_error_nomem(err, "the jobs");
    if (rc < 0)
        goto out;
    r->options = options;
    r->staging = arv_staging_ref(staging);
    r->canceled = true;
    r->count = 1;
    memcpy(r->jobs[0].uuid, uuid, ARV_UUID_BYTES);
    if ((rc = session_open(&r->engine, options, 0, err)) == 0)
        rc = run_all(r);
out:
    run_close(r);
    return rc;
}
