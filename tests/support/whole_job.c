/* SPDX-License-Identifier: Apache-2.0 */
#include "whole_job.h"

#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jobs.h"
#include "test.h"

enum { HANGS_AFTER_S = 300 };

static const char uuid[] = "0192f0c1-7d3b-7cc2-9a51-3c6e1f2a4b5d";
static const char document[] = "{\"made\":\"by a test\"}";

/* ---- the folders ----------------------------------------------------------------------------- */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
    (void)st;
    (void)walk;
    return type == FTW_DP ? rmdir(path) : unlink(path);
}

static void folder_clear(const char *path, bool make)
{
    nftw(path, remove_one, 32, FTW_DEPTH | FTW_PHYS);
    if (make)
        CHECK_INT(mkdir(path, 0700), 0);
}

static void path_of(char into[OUTCOME_PATH_BYTES], const char *folder, const char *name)
{
    int n = snprintf(into, OUTCOME_PATH_BYTES, "%s/%s", folder, name);
    CHECK(n > 0 && n < OUTCOME_PATH_BYTES);
}

static void sources_make(const whole_job *w)
{
    static unsigned char bytes[4 << 20];
    char path[OUTCOME_PATH_BYTES];
    folder_clear(w->source, true);
    CHECK(w->kind->large_bytes <= sizeof bytes);
    test_fill_random(bytes, w->kind->large_bytes, 11);
    path_of(path, w->source, "large.bin");
    test_write_file(path, bytes, w->kind->large_bytes);
    path_of(path, w->source, "answer.txt");
    test_write_file(path, "an answer", 9);
    path_of(path, w->source, "empty");
    test_write_file(path, "", 0);
}

void whole_job_init(whole_job *w, const whole_kind *kind, const char *folder)
{
    char name[32];
    memset(w, 0, sizeof *w);
    w->kind = kind;
    snprintf(w->folder, sizeof w->folder, "%s", folder);
    mkdir(folder, 0700);
    path_of(w->source, folder, "source");
    path_of(w->place.temp, folder, "temp");
    if (kind->staged)
        path_of(w->place.staging, folder, "staging");
    w->place.storage_count = kind->storages;
    w->place.beside = kind->beside;
    CHECK(kind->storages <= OUTCOME_STORAGES_MOST);
    for (unsigned i = 0; i < kind->storages; i++) {
        snprintf(name, sizeof name, "storage-%u", i + 1);
        path_of(w->place.storages[i], folder, name);
    }
    memcpy(w->place.uuid, uuid, sizeof uuid);
    w->told = mmap(NULL, sizeof *w->told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(w->told != MAP_FAILED);
    sources_make(w);
    if (!kind->proves)
        return;
    stand_in_init(&w->prover);
    snprintf(w->journal, sizeof w->journal, "%s/%s/journal", w->place.staging, uuid);
    w->prover.journal = w->journal;
}

void whole_job_reset(whole_job *w)
{
    const whole_kind *kind = w->kind;
    memset(w->told, 0, sizeof *w->told);
    if (kind->proves)
        memset(w->prover.counts, 0, sizeof *w->prover.counts);
    folder_clear(w->place.temp, true);
    if (kind->staged)
        folder_clear(w->place.staging, false);
    for (unsigned i = 0; i < kind->storages; i++)
        folder_clear(w->place.storages[i], !kind->creates && !((kind->late_storage || kind->lost_storage) &&
                                                               i + 1 == kind->storages));
}

/* ---- the application, in a child ------------------------------------------------------------- */

typedef struct application {
    whole_job *w;
    arv_engine *engine;
    arv_staging *staging;
    arv_storage *storages[OUTCOME_STORAGES_MOST];
    arv_entries *entries;
    arv_job *job;
    bool done;
} application;

static void application_close(application *a)
{
    arv_job_unref(a->job);
    arv_entries_unref(a->entries);
    for (unsigned i = 0; i < a->w->kind->storages; i++)
        arv_storage_unref(a->storages[i]);
    arv_staging_unref(a->staging);
    arv_engine_free(a->engine);
}

static int application_open(application *a, whole_job *w)
{
    arv_error *err = &w->told->error;
    arv_engine_options options;
    const arv_storage_option create = {"create", w->kind->creates ? "1" : "0"};
    char url[OUTCOME_PATH_BYTES + 8];
    int rc;
    *a = (application){.w = w};
    arv_engine_options_init(&options, sizeof options);
    options.threads = options.readers = 1;
    if ((rc = arv_engine_new(&a->engine, &options, err)) < 0)
        return rc;
    for (unsigned i = 0; i < w->kind->storages; i++) {
        snprintf(url, sizeof url, "file://%s", w->place.storages[i]);
        if ((rc = arv_storage_open(&a->storages[i], a->engine, url, &create, 1, err)) < 0)
            return rc;
    }
    if (w->kind->staged)
        rc = arv_staging_open(&a->staging, w->place.staging, NULL, err);
    return rc;
}

static void application_done(void *user_data, arv_job *job, int status, const arv_error *err)
{
    application *a = user_data;
    outcome_told *told = a->w->told;
    const arv_job_result *result = arv_job_get_result(job);
    a->done = true;
    if (err)
        told->error = *err;
    told->state = arv_job_get_state(job);
    if (status == 0 && result)
        arv_digests_hex(&result->container, ARV_DIGEST_SHA256, told->sha256);
    told->ended = arv_job_state_final(told->state); /* last: a kill may come between */
}

static int application_entries(application *a)
{
    static const char *const names[] = {"large.bin", "answer.txt", "empty"};
    arv_error *err = &a->w->told->error;
    arv_entries_options options = {.struct_bytes = sizeof options, .temp_directory = a->w->place.temp};
    char path[OUTCOME_PATH_BYTES];
    int rc;
    arv_entries_unref(a->entries);
    a->entries = NULL;
    rc = arv_entries_new(&a->entries, &options, err);
    for (unsigned i = 0; rc == 0 && i < 3; i++) {
        arv_entry entry = {.name = names[i], .size_bytes = ARV_SIZE_UNKNOWN, .modified_at_unix = 1700000000};
        path_of(path, a->w->source, names[i]);
        rc = arv_entries_add_path(a->entries, &entry, path, err);
    }
    return rc;
}

/* One run of the job, to its rest. */
static int application_work(application *a)
{
    whole_job *w = a->w;
    arv_job_spec spec;
    arv_package_options package;
    int rc = application_entries(a);
    if (rc < 0)
        return rc;
    arv_job_spec_init(&spec, sizeof spec);
    arv_package_options_init(&package, sizeof package);
    spec.package = &package;
    spec.entries = a->entries;
    package.name = "Exam";
    package.level = 1;
    /* Else the clock's, and every run has other bytes. */
    package.requested_at_unix = package.collected_at_unix = 1700000000;
    package.temp_directory = w->place.temp;
    memcpy(package.uuid, uuid, sizeof uuid);
    spec.storages = a->storages;
    spec.storage_count = w->kind->storages;
    spec.staging = a->staging;
    spec.streams = w->kind->streams;
    spec.attempts_max = WHOLE_ATTEMPTS_MAX;
    spec.retry_delay_ms = 1;
    if (w->kind->proves)
        spec.seed = (const unsigned char *)"a secret of thirty-two bytes ...";
    spec.beside = w->kind->beside ? "{\"course\":\"a course\"}" : NULL;
    spec.on_done = application_done;
    spec.user_data = a;
    arv_job_unref(a->job);
    a->job = NULL;
    a->done = false;
    arv_error_clear(&w->told->error);
    w->told->runs++;
    if ((rc = arv_job_start(&a->job, a->engine, &spec, &w->told->error)) < 0)
        return rc;
    if (w->kind->proves)
        arv__journalled_prove(a->job, &w->prover.base);
    while (!a->done)
        arv_engine_run(a->engine, 1000);
    return 0;
}

/* What is left over shows before the job is deleted. */
static void application_look(application *a)
{
    outcome_told *told = a->w->told;
    arv_staged_status now;
    arv_error err;
    char why[400];
    int asked = a->staging ? arv_staging_status(a->staging, uuid, &now, &err) : ARV_EUNSUPPORTED;
    if (!outcome_judge(&a->w->place, told, asked, &now, why))
        memcpy(told->wrong, why, sizeof why);
}

/* Whoever looks after the job, once it has failed for good. */
static bool application_requeue(application *a)
{
    whole_job *w = a->w;
    if (!w->kind->requeues || w->told->requeued || w->told->state != ARV_JOB_FAILURE)
        return false;
    mkdir(w->place.storages[w->kind->storages - 1], 0700);
    w->told->ended = false; /* from here on it may be either */
    if (arv_staging_requeue(a->staging, uuid, &w->told->error) < 0)
        return false;
    w->told->requeued = true;
    return true;
}

static void application_delete(application *a)
{
    outcome_told *told = a->w->told;
    told->deleting = true;
    int rc = arv_staging_delete(a->staging, uuid, false, &told->error);
    told->deleted = rc == 0 || rc == ARV_ENOTFOUND;
}

static void application_live(whole_job *w, unsigned runs_most)
{
    application a;
    outcome_told *told = w->told;
    unsigned runs = 0;
    if (application_open(&a, w) < 0)
        goto out;
    if (a.staging && !told->created && !told->deleting) {
        int rc = arv_staging_create(a.staging, uuid, document, strlen(document), &told->error);
        if (rc < 0 && rc != ARV_EEXISTS)
            goto out;
        told->created = true;
    }
    while (!told->deleting && runs++ < runs_most && application_work(&a) == 0 && a.staging) {
        if (told->ended && !application_requeue(&a))
            break;
        if (w->kind->late_storage) /* whoever forgot to mount it does so now */
            mkdir(w->place.storages[w->kind->storages - 1], 0700);
    }
    if (told->ended && !told->deleting)
        application_look(&a);
    if (told->ended && a.staging && w->kind->deletes && !told->wrong[0])
        application_delete(&a);
out:
    application_close(&a);
}

static whole_end child_end(pid_t pid)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (WIFSIGNALED(status))
        return WTERMSIG(status) == SIGKILL   ? WHOLE_KILLED
               : WTERMSIG(status) == SIGALRM ? WHOLE_HUNG
                                             : WHOLE_BROKEN;
    return WEXITSTATUS(status) == 0 ? WHOLE_ENDED : WHOLE_BROKEN;
}

typedef void (*child_body)(whole_job *w, unsigned runs_most);

static whole_end child_run(whole_job *w, child_body body, unsigned runs_most, const whole_hooks *hooks)
{
    fflush(NULL);
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        alarm(HANGS_AFTER_S);
        if (hooks && hooks->before)
            hooks->before(hooks->user_data);
        body(w, runs_most);
        if (hooks && hooks->after)
            hooks->after(hooks->user_data);
        _exit(0);
    }
    return child_end(pid);
}

whole_end whole_job_run(whole_job *w, unsigned runs_most, const whole_hooks *hooks)
{
    return child_run(w, application_live, runs_most, hooks);
}

static void application_cancel(whole_job *w, unsigned unused)
{
    arv_staging *staging = NULL;
    (void)unused;
    if (arv_staging_open(&staging, w->place.staging, NULL, &w->told->error) == 0 &&
        arv_staging_cancel(staging, uuid, &w->told->error) == 0)
        w->told->canceled = true;
    arv_staging_unref(staging);
}

whole_end whole_job_cancel(whole_job *w, const whole_hooks *hooks)
{
    return child_run(w, application_cancel, 0, hooks);
}

/* ---- the verdict ----------------------------------------------------------------------------- */

bool whole_job_judge(whole_job *w, bool final, char why[400])
{
    arv_staging *staging = NULL;
    arv_staged_status now;
    arv_error err;
    int asked = w->kind->staged ? ARV_ENOTFOUND : ARV_EUNSUPPORTED;
    if (w->told->wrong[0]) {
        snprintf(why, 400, "%s", w->told->wrong);
        return false;
    }
    if (w->kind->proves && w->prover.counts->wrong[0]) {
        snprintf(why, 400, "%s", w->prover.counts->wrong);
        return false;
    }
    if (w->kind->proves && w->prover.counts->asked > w->told->runs) {
        snprintf(why, 400, "%u tokens were asked for in %u runs", w->prover.counts->asked, w->told->runs);
        return false;
    }
    if (w->kind->staged && !w->told->deleted) {
        asked = arv_staging_open(&staging, w->place.staging, NULL, &err);
        if (asked == 0)
            asked = arv_staging_status(staging, uuid, &now, &err);
        arv_staging_unref(staging);
        if (asked < 0 && asked != ARV_ENOTFOUND) {
            snprintf(why, 400, "its state cannot be told: %.300s", err.message);
            return false;
        }
    }
    if (final && !w->told->ended && w->kind->staged) {
        snprintf(why, 400, "after %u runs it has not ended; the last error is: %.250s", w->told->runs,
                 w->told->error.message);
        return false;
    }
    if (final && w->kind->staged && w->kind->deletes && !w->told->deleted) {
        snprintf(why, 400, "it could not be deleted: %.300s", w->told->error.message);
        return false;
    }
    return outcome_judge(&w->place, w->told, asked, &now, why);
}

void whole_job_learn(whole_job *w)
{
    char object[OUTCOME_PATH_BYTES + 64];
    snprintf(object, sizeof object, "%s/%.2s/%s.zip", w->place.storages[0], uuid + 34, uuid);
    CHECK(outcome_sha256(object, w->place.sha256));
    pid_t pid = fork();
    CHECK(pid >= 0);
    if (pid == 0) {
        arv_engine *engine = job_engine(1, 0);
        job_check_valid(engine, &(arv_origin){.path = object});
        arv_engine_free(engine);
        _exit(0);
    }
    CHECK_INT(child_end(pid), WHOLE_ENDED);
}
