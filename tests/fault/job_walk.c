/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A random walk: many tiny jobs in one staging folder are made, run, interrupted, cancelled, tried by
 * hand and deleted, while storages come and go, the wall clock jumps, calls fail, the process is
 * killed at any call, and the power fails; after every operation the job that it was done to is
 * compared with the reference model (outcome.h). What an operation has acknowledged is kept in memory
 * that survives the process; of one that was killed half way it is known only that it may have
 * happened.
 *
 * The walk goes in epochs of some hundred operations in a fresh folder. An epoch ends with every job
 * run to its end and deleted; then nothing may be left. A seed and the number of an epoch give the
 * same epoch again (ARCHIVIST_SEED, ARCHIVIST_EPOCH), but for what the threads of a job decide among
 * themselves; so what led to a wrong end is told operation by operation.
 *
 * ARCHIVIST_FAULTS=full: 10^6 operations, else a few thousand (sweep.h); or ARCHIVIST_OPERATIONS.
 */

#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault_fs.h"
#include "jobs.h"
#include "outcome.h"
#include "power_fs.h"
#include "sweep.h"
#include "test.h"
#include "util/time.h"

enum {
    SLOTS = 6,
    STORAGES = 2,
    EPOCH_OPERATIONS = 500,
    FULL_OPERATIONS = 1000000,
    SAMPLE_EPOCHS = 6,
    ATTEMPTS_MAX = 4,
    HANGS_AFTER_S = 300,
    WRONG_MOST = 5,
    VERIFY_EVERY = 40,
    STORY_BYTES = 3000
};

/* X(NAME, weight, calls): how often it is chosen, and among how many calls a fault is placed */
#define WALK_OPERATIONS(X)                                                                                   \
    X(CREATE, 18, 40)                                                                                        \
    X(RUN, 24, 260)                                                                                          \
    X(INTERRUPT, 8, 200)                                                                                     \
    X(STOP, 5, 200)                                                                                          \
    X(CANCEL, 7, 40)                                                                                         \
    X(REQUEUE, 7, 40)                                                                                        \
    X(DELETE, 14, 40)                                                                                        \
    X(SWEEP, 2, 100)                                                                                         \
    X(LOOK, 5, 0)                                                                                            \
    X(STORAGE, 5, 0)                                                                                         \
    X(CLOCK, 3, 0)                                                                                           \
    X(CRASH, 2, 0)

typedef enum {
#define WALK_ENUM(name, weight, calls) WALK_##name,
    WALK_OPERATIONS(WALK_ENUM)
#undef WALK_ENUM
        OPERATIONS
} walk_operation;

static const struct {
    const char *name;
    unsigned weight, calls;
} operations[] = {
#define WALK_ROW(name, weight, calls) {#name, weight, calls},
    WALK_OPERATIONS(WALK_ROW)
#undef WALK_ROW
};

typedef struct walk_job {
    bool used, streams, beside;
    bool may_have_ended; /* a run of it was killed */
    bool may_be_canceled, may_be_unknown;
    bool tried; /* `done` came, in peace, with a state at rest, which it is in */
    char uuid[ARV_UUID_BYTES];
    outcome_told told;
} walk_job;

typedef struct walk_state { /* survives the process */
    walk_job jobs[SLOTS];
    sweep_dice dice;
    bool online[STORAGES];
    int64_t clock_us;
    unsigned operations, named;
    walk_operation operation;
    int slot; /* of the operation under way; -1: none */
    bool kills;
    char story[200], why[500];
} walk_state;

typedef struct walk_totals {
    unsigned done[OPERATIONS], kills, cuts, errors, ends[3], verified, wrong, epochs;
} walk_totals;

typedef struct walk { /* of one process */
    walk_state *state;
    walk_totals *totals;
    char folder[OUTCOME_PATH_BYTES];
    outcome_place place; /* but for the job's own */
    const arv__fileops *base;
    bool power, no_tmpfile;
    FILE *story;
    arv_engine *engine;
    arv_staging *staging;
    arv_storage *storages[STORAGES];
    walk_job *job; /* that runs */
    arv_job *handle;
    arv_error error;
    bool done;
} walk;

#define COUNT(walk, member) __atomic_add_fetch(&(walk)->totals->member, 1, __ATOMIC_RELAXED)

static unsigned roll(walk *w, unsigned sides)
{
    return sweep_roll(&w->state->dice, sides);
}

__attribute__((format(printf, 2, 3))) _Noreturn static void walk_wrong(walk *w, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(w->state->why, sizeof w->state->why, format, args);
    va_end(args);
    _exit(3);
}

/* ---- the model ------------------------------------------------------------------------------- */

static void job_check(walk *w, walk_job *job)
{
    outcome_place place = w->place;
    outcome_told told = job->told;
    arv_staged_status now;
    arv_error err;
    char why[400];
    memcpy(place.uuid, job->uuid, sizeof place.uuid);
    place.beside = job->beside;
    memset(&now, 0, sizeof now);
    int asked = arv_staging_status(w->staging, job->uuid, &now, &err);
    if (asked < 0 && asked != ARV_ENOTFOUND)
        walk_wrong(w, "the state of %s cannot be told: %.300s", job->uuid, err.message);
    if (asked == 0 && now.packaged)
        arv_digests_hex(&now.container, ARV_DIGEST_SHA256, told.wrong); /* at least 129 bytes */
    if (asked == 0 && now.packaged)
        memcpy(place.sha256, told.wrong, 64);
    told.wrong[0] = '\0';
    told.created = told.created && !job->may_be_unknown;
    if (!outcome_judge(&place, &told, asked, &now, why))
        walk_wrong(w, "%s: %.400s", job->uuid, why);
    if (asked < 0)
        return;
    if (now.attempts > ATTEMPTS_MAX)
        walk_wrong(w, "%s was begun %u times", job->uuid, now.attempts);
    if (arv_job_state_final(now.state) && !job->told.ended && !job->may_have_ended)
        walk_wrong(w, "%s is %s, and nobody was told", job->uuid, arv_job_state_name(now.state));
    /* One that was interrupted while it waited for its retry waits again. */
    if (job->tried && !job->told.ended && now.state != job->told.state && job->told.state != ARV_JOB_QUEUED)
        walk_wrong(w, "%s was told to be %s, and is %s", job->uuid, arv_job_state_name(job->told.state),
                   arv_job_state_name(now.state));
    if (job->told.canceled && !job->told.ended && !now.cancel_asked && !arv_job_state_final(now.state) &&
        now.state != ARV_JOB_ERROR_HANDLING)
        walk_wrong(w, "%s was cancelled, and does not know it", job->uuid);
}

/* ---- operations ------------------------------------------------------------------------------ */

static void operation_create(walk *w, walk_job *job)
{
    *job = (walk_job){.used = true, .streams = roll(w, 3) == 0};
    job->beside = w->state->named % 3 == 1;
    snprintf(job->uuid, sizeof job->uuid, "%08x-7d3b-7cc2-9a51-3c6e1f2a4b5d", ++w->state->named);
    int rc = arv_staging_create(w->staging, job->uuid, "{}", 2, &w->error);
    if (rc < 0 && w->error.code != rc)
        walk_wrong(w, "creating gives %d and the error %d", rc, w->error.code);
    job->told.created = rc == 0;
    job->may_be_unknown = rc < 0; /* an error may come late */
}

static void run_done(void *user_data, arv_job *handle, int status, const arv_error *err)
{
    walk *w = user_data;
    walk_job *job = w->job;
    outcome_told *told = &job->told;
    const arv_job_result *result = arv_job_get_result(handle);
    if (err)
        told->error = *err;
    told->state = arv_job_get_state(handle);
    if (status == 0 && result)
        arv_digests_hex(&result->container, ARV_DIGEST_SHA256, told->sha256);
    w->done = true;
    if (status == ARV_ESTATE)
        walk_wrong(w, "%s: %.300s", job->uuid, err->message);
    told->ended = arv_job_state_final(told->state);
    if (told->ended || fault_fs_rules() == w->no_tmpfile) {
        told->created = true;
        job->may_be_unknown = false;
    }
    job->tried = !told->ended;
    /* A record of which an error was told may be there after all, once the power has failed; and at once
     * where its line was flushed and only the head was not. */
    job->may_have_ended =
        !told->ended && fault_fs_rules() > w->no_tmpfile &&
        (job->may_have_ended || w->power || strstr(told->error.message, "/journal' cannot be written"));
    if (told->ended)
        COUNT(w, ends[told->state == ARV_JOB_COMPLETED ? 0 : told->state == ARV_JOB_FAILURE ? 1 : 2]);
}

static int run_entries(walk *w, arv_entries **entries)
{
    static const char text[] = "an answer";
    const arv_entries_options options = {.struct_bytes = sizeof options, .temp_directory = w->place.temp};
    int rc = arv_entries_new(entries, &options, &w->error);
    for (unsigned i = 0; rc == 0 && i < 2; i++) {
        arv_entry entry = {.name = i ? "b.txt" : "a.txt",
                           .size_bytes = sizeof text,
                           .modified_at_unix = 1700000000};
        rc = arv_entries_add_memory(*entries, &entry, text, sizeof text, &w->error);
    }
    return rc;
}

/* `stop_after` turns of the loop it is cancelled for the reason. */
static void run_to_rest(walk *w, walk_job *job, unsigned stop_after, const arv_error *reason)
{
    arv_entries *entries = NULL;
    arv_job_spec spec;
    arv_package_options package;
    bool canceled = job->told.canceled, was_ended = job->told.ended;
    arv_job_state was = job->told.state;
    arv_job_spec_init(&spec, sizeof spec);
    arv_package_options_init(&package, sizeof package);
    spec.package = &package;
    if (run_entries(w, &entries) < 0)
        goto out;
    spec.entries = entries;
    package.name = "Exam";
    package.level = 1;
    package.temp_directory = w->place.temp;
    memcpy(package.uuid, job->uuid, sizeof job->uuid);
    spec.storages = w->storages;
    spec.storage_count = STORAGES;
    spec.staging = w->staging;
    spec.streams = job->streams;
    spec.beside = job->beside ? "{}" : NULL;
    spec.attempts_max = ATTEMPTS_MAX;
    spec.retry_delay_ms = 1;
    spec.on_done = run_done;
    spec.user_data = w;
    w->job = job;
    w->done = false;
    job->tried = false;
    if (arv_job_start(&w->handle, w->engine, &spec, &w->error) < 0)
        goto out;
    for (unsigned turn = 0; !w->done; turn++) {
        if (turn == stop_after)
            arv_job_cancel(w->handle, reason);
        arv_engine_run(w->engine, 1000);
    }
    if (was_ended && !job->told.ended && /* it could not tell */
        (fault_fs_rules() > w->no_tmpfile || job->told.error.code == ARV_ECLOSED)) {
        job->told.ended = true;
        job->told.state = was;
    }
    job->tried = job->tried && !was_ended && fault_fs_rules() == w->no_tmpfile;
    if (was_ended && (!job->told.ended || job->told.state != was))
        walk_wrong(w, "%s had ended as %s, and ends as %s: %.250s", job->uuid, arv_job_state_name(was),
                   arv_job_state_name(job->told.state), job->told.error.message);
    if (job->told.ended && !was_ended && job->told.state == ARV_JOB_ABORTED && !canceled &&
        !job->may_be_canceled)
        walk_wrong(w, "%s is ABORTED, and nobody has cancelled it", job->uuid);
    if (canceled && job->told.state == ARV_JOB_COMPLETED && !was_ended)
        walk_wrong(w, "%s was cancelled, and is COMPLETED", job->uuid);
    arv_job_unref(w->handle);
    w->handle = NULL;
out:
    arv_entries_unref(entries);
}

static void operation_run(walk *w, walk_job *job)
{
    run_to_rest(w, job, (unsigned)-1, NULL);
    if (!job->told.ended || job->told.state != ARV_JOB_COMPLETED || roll(w, VERIFY_EVERY))
        return;
    char key[ARV_KEY_BYTES];
    snprintf(key, sizeof key, "5d/%s.zip", job->uuid);
    if (w->state->online[0] && fault_fs_rules() == w->no_tmpfile) {
        job_check_valid(w->engine, &(arv_origin){.storage = w->storages[0], .key = key});
        COUNT(w, verified);
    }
}

static void operation_interrupt(walk *w, walk_job *job)
{
    arv_error reason;
    arv_error_set(&reason, ARV_ECLOSED, "The service is stopped.");
    run_to_rest(w, job, roll(w, 30), &reason);
}

static void operation_stop(walk *w, walk_job *job)
{
    job->may_be_canceled = true;
    run_to_rest(w, job, roll(w, 30), NULL);
}

static void operation_cancel(walk *w, walk_job *job)
{
    int rc = arv_staging_cancel(w->staging, job->uuid, &w->error);
    if (rc == 0 && job->told.ended)
        walk_wrong(w, "%s has ended, and can be cancelled", job->uuid);
    if (rc == ARV_ESTATE && !job->told.ended && !job->may_have_ended)
        walk_wrong(w, "%s has not ended, and: %.300s", job->uuid, w->error.message);
    job->told.canceled = job->told.canceled || rc == 0;
    job->may_be_canceled = job->may_be_canceled || rc != ARV_ESTATE;
}

static void operation_requeue(walk *w, walk_job *job)
{
    static arv_staged_status now;
    bool may = job->told.state == ARV_JOB_FAILURE || job->told.state == ARV_JOB_ABORTED;
    bool waits =
        arv_staging_status(w->staging, job->uuid, &now, NULL) < 0 || now.state == ARV_JOB_RECOVERABLE_ERROR;
    int rc = arv_staging_requeue(w->staging, job->uuid, &w->error);
    if (rc == 0 && !waits && !job->may_have_ended && !(job->told.ended && may))
        walk_wrong(w, "%s is %s, and can be tried by hand", job->uuid, arv_job_state_name(job->told.state));
    if (rc == 0) {
        job->told.ended = job->told.canceled = job->tried = false;
        job->may_have_ended = job->may_be_canceled = false;
        job->told.created = true;
        job->may_be_unknown = false;
    } else if (rc != ARV_ESTATE && job->told.ended && may) {
        job->told.ended = job->told.canceled = false; /* an error may come late */
        job->may_have_ended = true;
    } else if (rc != ARV_ESTATE && waits) {
        job->tried = false; /* the same: it may have been begun anew, and its cancel request be gone */
        job->may_be_canceled = job->may_be_canceled || job->told.canceled;
        job->told.canceled = false;
    }
}

static void operation_delete(walk *w, walk_job *job)
{
    int rc = arv_staging_delete(w->staging, job->uuid, false, &w->error);
    if (rc == 0 && !job->told.ended && !job->may_have_ended && !job->may_be_unknown)
        walk_wrong(w, "%s had not ended, and was deleted", job->uuid);
    if (rc == ARV_ENOTFOUND && job->told.created && !job->told.deleting && !job->may_be_unknown)
        walk_wrong(w, "%s is not known: %.300s", job->uuid, w->error.message);
    if (rc == 0 || rc == ARV_ENOTFOUND)
        job->told.deleted = rc == 0;
    else if (rc != ARV_ESTATE && (job->told.ended || job->may_have_ended))
        job->told.deleting = true; /* a part of it may be gone */
    else if (rc == ARV_ESTATE)
        job->told.deleting = false;
}

static void operation_sweep(walk *w, walk_job *unused)
{
    arv_staging_swept swept;
    (void)unused;
    if (arv_staging_sweep(w->staging, &swept, &w->error) == 0 && swept.damaged)
        walk_wrong(w, "the sweep finds %llu damaged journals", (unsigned long long)swept.damaged);
}

static void operation_look(walk *w, walk_job *unused)
{
    (void)unused;
    for (int i = 0; i < SLOTS; i++)
        if (w->state->jobs[i].used)
            job_check(w, &w->state->jobs[i]);
}

static void storages_show(walk *w)
{
    for (unsigned i = 0; i < STORAGES; i++)
        fault_fs_hide(i, w->state->online[i] ? NULL : w->place.storages[i]);
}

static void operation_storage(walk *w, walk_job *unused)
{
    unsigned which = roll(w, STORAGES);
    (void)unused;
    w->state->online[which] = !w->state->online[which] || roll(w, 3) == 0;
    storages_show(w);
}

static void operation_clock(walk *w, walk_job *unused)
{
    (void)unused;
    w->state->clock_us = ((int64_t)roll(w, 400000) - 200000) * 1000000;
    arv__clock_set_offset_us(w->state->clock_us);
}

static void operation_crash(walk *w, walk_job *unused)
{
    (void)unused;
    w->state->kills = true;
    power_fs_freeze();
    kill(getpid(), SIGKILL);
}

static void (*const operate[])(walk *, walk_job *) = {
    [WALK_CREATE] = operation_create,       [WALK_RUN] = operation_run,
    [WALK_INTERRUPT] = operation_interrupt, [WALK_STOP] = operation_stop,
    [WALK_CANCEL] = operation_cancel,       [WALK_REQUEUE] = operation_requeue,
    [WALK_DELETE] = operation_delete,       [WALK_SWEEP] = operation_sweep,
    [WALK_LOOK] = operation_look,           [WALK_STORAGE] = operation_storage,
    [WALK_CLOCK] = operation_clock,         [WALK_CRASH] = operation_crash,
};

/* ---- one process ----------------------------------------------------------------------------- */

static void walk_open(walk *w)
{
    const arv_storage_option create = {"create", "0"};
    arv_engine_options options;
    arv_error err;
    char url[OUTCOME_PATH_BYTES + 8];
    fault_fs_install_over(w->base);
    fault_fs_before_kill(power_fs_freeze);
    arv__clock_set_offset_us(w->state->clock_us);
    arv_engine_options_init(&options, sizeof options);
    options.threads = options.readers = 1;
    CHECK_OK(arv_engine_new(&w->engine, &options, &err), &err);
    for (unsigned i = 0; i < STORAGES; i++) {
        snprintf(url, sizeof url, "file://%s", w->place.storages[i]);
        CHECK_OK(arv_storage_open(&w->storages[i], w->engine, url, &create, 1, &err), &err);
    }
    CHECK_OK(arv_staging_open(&w->staging, w->place.staging, NULL, &err), &err);
    storages_show(w);
}

static void walk_close(walk *w)
{
    for (unsigned i = 0; i < STORAGES; i++)
        arv_storage_unref(w->storages[i]);
    arv_staging_unref(w->staging);
    arv_engine_free(w->engine);
}

/* After a kill: what the operation that was under way may have done. */
static void walk_recover(walk *w)
{
    walk_state *s = w->state;
    walk_job *job = s->slot < 0 ? NULL : &s->jobs[s->slot];
    s->kills = false;
    s->slot = -1;
    if (!job || !job->used)
        return;
    job->tried = false;
    switch (s->operation) {
    case WALK_CREATE:
        job->may_be_unknown = true;
        break;
    case WALK_RUN:
    case WALK_INTERRUPT:
    case WALK_STOP:
        job->may_have_ended = true;
        break;
    case WALK_CANCEL:
        job->may_be_canceled = true;
        break;
    case WALK_REQUEUE:
        if (job->told.ended)
            job->may_have_ended = true;
        job->told.ended = job->told.canceled = false;
        break;
    case WALK_DELETE:
        job->told.deleting = job->told.ended || job->may_have_ended;
        break;
    default:
        break;
    }
}

static void arm(walk *w, const char *name, unsigned calls)
{
    static const int errors[] = {EIO, ENOSPC, EACCES, EINTR};
    walk_state *s = w->state;
    unsigned what = roll(w, 100), nth = calls ? 1 + roll(w, calls) : 0;
    fault_fs_reset();
    s->kills = false;
    if (w->no_tmpfile)
        fault_fs_lack(FAULT_OPEN_TMPFILE, EOPNOTSUPP);
    snprintf(s->story, sizeof s->story, "%s", name);
    if (!calls || what >= 30)
        return;
    snprintf(s->story, sizeof s->story, "%s, call %u: %s", name, nth,
             what < 8    ? "killed"
             : what < 16 ? "killed after it"
             : what < 24 ? "an error"
                         : "an answer is lost");
    s->kills = what < 16;
    if (what < 8)
        fault_fs_kill(FAULT_ANY, nth);
    else if (what < 16)
        fault_fs_kill_after(FAULT_ANY, nth);
    else if (what < 24)
        fault_fs_fail(FAULT_ANY, nth, errors[roll(w, 3)]);
    else
        fault_fs_fail_after(FAULT_ANY, nth, EIO);
    if (what >= 16)
        COUNT(w, errors);
}

static walk_operation choose(walk *w)
{
    unsigned all = 0;
    for (int i = 0; i < OPERATIONS; i++)
        all += operations[i].weight;
    unsigned at = roll(w, all);
    int i = 0;
    while (at >= operations[i].weight)
        at -= operations[i++].weight;
    return (walk_operation)i;
}

static void walk_step(walk *w)
{
    walk_state *s = w->state;
    walk_operation operation = choose(w);
    int slot = (int)roll(w, SLOTS);
    walk_job *job = &s->jobs[slot];
    if (job->used != (operation != WALK_CREATE) && operation < WALK_SWEEP)
        return;
    if (job->used && job->told.deleting && operation < WALK_SWEEP)
        operation = WALK_DELETE; /* who has begun to delete goes on with it */
    s->operation = operation;
    s->slot = operation < WALK_SWEEP ? slot : -1;
    arm(w, operations[operation].name, operations[operation].calls);
    arv_error_clear(&w->error);
    fprintf(w->story, "# %u: %.8s %s\n", s->operations, s->slot < 0 ? "" : job->uuid, s->story);
    operate[operation](w, job);
    if (s->slot >= 0)
        fprintf(w->story, "#     %.8s %s%s; %s\n", job->uuid, arv_job_state_name(job->told.state),
                job->told.ended ? ", ended" : "", w->error.code ? w->error.message : job->told.error.message);
    COUNT(w, done[operation]);
    fault_fs_reset();
    s->kills = false;
    s->slot = -1;
    s->operations++;
    if (operation >= WALK_SWEEP)
        return;
    job_check(w, job);
    if (job->told.deleted || (operation == WALK_DELETE && job->may_be_unknown && !job->told.deleting))
        job->used = false;
}

/* The end of an epoch: everything to its end and away. */
static void walk_drain(walk *w)
{
    walk_state *s = w->state;
    fault_fs_reset();
    for (unsigned i = 0; i < STORAGES; i++)
        s->online[i] = true;
    storages_show(w);
    for (int i = 0; i < SLOTS; i++) {
        walk_job *job = &s->jobs[i];
        snprintf(s->story, sizeof s->story, "the end of the epoch");
        for (int run = 0; job->used && !job->told.deleting && run < ATTEMPTS_MAX + 2; run++) {
            run_to_rest(w, job, (unsigned)-1, NULL);
            if (job->told.ended)
                break;
        }
        if (!job->used)
            continue;
        if (!job->told.ended && !job->told.deleting)
            walk_wrong(w, "%s does not end: %.300s", job->uuid, job->told.error.message);
        job_check(w, job);
        int rc = arv_staging_delete(w->staging, job->uuid, false, &w->error);
        for (int run = 0; rc == ARV_ESTATE && run < ATTEMPTS_MAX + 2; run++) {
            run_to_rest(w, job, (unsigned)-1, NULL);
            rc = arv_staging_delete(w->staging, job->uuid, false, &w->error);
        }
        if (rc < 0 && rc != ARV_ENOTFOUND)
            walk_wrong(w, "%s cannot be deleted: %.300s", job->uuid, w->error.message);
        job->used = false;
    }
}

static int drain_other(void *user_data, const char *uuid, arv_error *err)
{
    walk *w = user_data;
    walk_job zombie = {.used = true, .may_be_canceled = true};
    memcpy(zombie.uuid, uuid, sizeof zombie.uuid);
    for (int run = 0; run < ATTEMPTS_MAX + 2 && !zombie.told.ended; run++)
        run_to_rest(w, &zombie, (unsigned)-1, NULL);
    job_check(w, &zombie);
    int rc = arv_staging_delete(w->staging, uuid, false, err);
    return rc == ARV_ENOTFOUND ? 0 : rc;
}

/* Jobs of which nobody was told that they are there, and what never became one. */
static void walk_drain_rest(walk *w)
{
    arv_staging_swept swept;
    if (arv_staging_sweep(w->staging, &swept, &w->error) < 0 ||
        arv_staging_each(w->staging, drain_other, w, &w->error) < 0)
        walk_wrong(w, "at the end: %.300s", w->error.message);
    if (swept.damaged)
        walk_wrong(w, "at the end there are damaged journals");
    if (test_count_dir(w->place.staging) != 0)
        walk_wrong(w, "at the end something is left in the staging folder");
    if (test_count_dir(w->place.temp) != 0)
        walk_wrong(w, "at the end a temporary file is left");
}

static void walk_live(walk *w)
{
    alarm(HANGS_AFTER_S);
    walk_open(w);
    walk_recover(w);
    operation_look(w, NULL);
    while (w->state->operations < EPOCH_OPERATIONS) {
        alarm(HANGS_AFTER_S);
        walk_step(w);
    }
    alarm(HANGS_AFTER_S);
    walk_drain(w);
    walk_drain_rest(w);
    walk_close(w);
}

/* ---- many ------------------------------------------------------------------------------------ */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st;
    return at->level == 0 ? 0 : type == FTW_DP ? rmdir(path) : unlink(path);
}

static void epoch_prepare(walk *w, uint64_t seed, unsigned number)
{
    walk_state *s = w->state;
    nftw(w->folder, remove_one, 32, FTW_DEPTH | FTW_PHYS);
    rewind(w->story);
    CHECK_INT(ftruncate(fileno(w->story), 0), 0);
    memset(s, 0, sizeof *s);
    s->dice = sweep_dice_make(seed * 1000003u + number);
    s->slot = -1;
    w->place = (outcome_place){.storage_count = STORAGES, .shared = true};
    snprintf(w->place.staging, sizeof w->place.staging, "%.500s/staging", w->folder);
    snprintf(w->place.temp, sizeof w->place.temp, "%.500s/temp", w->folder);
    mkdir(w->place.temp, 0700);
    for (unsigned i = 0; i < STORAGES; i++) {
        snprintf(w->place.storages[i], OUTCOME_PATH_BYTES, "%.500s/storage-%u", w->folder, i + 1);
        mkdir(w->place.storages[i], 0700);
        s->online[i] = true;
    }
    w->power = roll(w, 2);
    w->no_tmpfile = roll(w, 3) == 0;
    w->base = power_fs_open(w->folder);
    if (!w->power)
        w->base = &arv__fs_system;
}

/* The last of it, where a job that is told to be wrong may have stood long before. */
static void story_print(walk *w)
{
    char line[600];
    fseek(w->story, 0, SEEK_END);
    long end = ftell(w->story), length = getenv("ARCHIVIST_EPOCH") ? end : STORY_BYTES;
    fseek(w->story, end > length ? end - length : 0, SEEK_SET);
    while (fgets(line, sizeof line, w->story))
        fputs(line, stdout);
}

/* False when something is wrong. */
static bool epoch_run(walk *w, uint64_t seed, unsigned number)
{
    walk_state *s = w->state;
    epoch_prepare(w, seed, number);
    for (;;) {
        int status = 0;
        fflush(NULL);
        pid_t pid = fork();
        CHECK(pid >= 0);
        if (pid == 0) {
            walk_live(w);
            _exit(0);
        }
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
            continue;
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
            return true;
        if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL || !s->kills) {
            story_print(w);
            printf("# WRONG ARCHIVIST_SEED=%llu ARCHIVIST_EPOCH=%u, operation %u (%s), %s%s: %s\n",
                   (unsigned long long)seed, number, s->operations, s->story,
                   w->power ? "power fails" : "no power failures", w->no_tmpfile ? ", no O_TMPFILE" : "",
                   s->why[0]             ? s->why
                   : WIFSIGNALED(status) ? strsignal(WTERMSIG(status))
                                         : "it exits");
            return false;
        }
        COUNT(w, kills);
        unsigned cut = w->power ? roll(w, 4) : 3;
        if (cut < 3)
            COUNT(w, cuts);
        if (cut < 3)
            power_fs_cut_some(cut == 0 ? POWER_NONE : POWER_SOME, roll(w, 1 << 30));
        fprintf(w->story, "# killed%s\n%s", cut < 3 ? ", the power fails" : "",
                cut < 3 ? power_fs_story() : "");
        if (s->operation == WALK_CRASH) {
            COUNT(w, done[WALK_CRASH]);
            s->operations++;
        }
    }
}

typedef struct walk_plan {
    walk_totals *totals;
    uint64_t seed;
    unsigned first, last; /* epochs */
} walk_plan;

static void walk_worker(void *user_data, unsigned number)
{
    const walk_plan *plan = user_data;
    walk w = {.totals = plan->totals, .state = sweep_share(sizeof(walk_state))};
    snprintf(w.folder, sizeof w.folder, "%s", test_path("walk-%u", number));
    mkdir(w.folder, 0700);
    w.story = fopen(test_path("story-%u", number), "w+");
    CHECK(w.story != NULL);
    setvbuf(w.story, NULL, _IONBF, 0); /* several processes write */
    for (unsigned epoch = plan->first + number; epoch < plan->last; epoch += sweep_workers()) {
        COUNT(&w, epochs);
        if (!epoch_run(&w, plan->seed, epoch) && COUNT(&w, wrong) >= WRONG_MOST)
            break;
    }
}

TEST_TIMEOUT(a_random_walk_never_leaves_the_model, 300)
{
    const char *only = getenv("ARCHIVIST_EPOCH"), *wanted = getenv("ARCHIVIST_OPERATIONS");
    walk_totals *t = sweep_share(sizeof *t);
    walk_plan plan = {t, sweep_seed(), 0,
                      sweep_is_full() ? FULL_OPERATIONS / EPOCH_OPERATIONS : SAMPLE_EPOCHS};
    unsigned all = 0;
    if (sweep_is_full())
        alarm(0);
    if (wanted)
        plan.last = (unsigned)(strtoul(wanted, NULL, 10) / EPOCH_OPERATIONS) + 1;
    if (only) {
        plan.first = (unsigned)strtoul(only, NULL, 10);
        plan.last = plan.first + 1;
    }
    bool good = sweep_run(walk_worker, &plan);
    printf("\nrandom walk: %u epochs\n\n| operation | times |\n|---|--:|\n", t->epochs);
    for (int i = 0; i < OPERATIONS; i++) {
        printf("| %-9s | %7u |\n", operations[i].name, t->done[i]);
        all += t->done[i];
    }
    printf("| all       | %7u |\n\nkilled %u times, %u of them with a power failure; %u calls failed; "
           "%u jobs completed, %u failed, %u cancelled; %u archives verified; wrong: %u\n",
           all, t->kills, t->cuts, t->errors, t->ends[0], t->ends[1], t->ends[2], t->verified, t->wrong);
    CHECK(good);
    CHECK_INT(t->wrong, 0);
}
