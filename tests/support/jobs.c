/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "test.h"

static unsigned char large[JOB_LARGE_BYTES];

arv_engine *job_engine(unsigned jobs_max, size_t memory_bytes)
{
    arv_engine_options options;
    arv_engine *engine;
    arv_error err;
    arv_engine_options_init(&options, sizeof options);
    options.threads = 2;
    options.readers = 3;
    options.jobs_max = jobs_max;
    options.memory_bytes = memory_bytes;
    CHECK_OK(arv_engine_new(&engine, &options, &err), &err);
    return engine;
}

/* What is told never falls within a run, whenever somebody asks. */
static void run_compare(job_run *run, const arv_job_progress *now)
{
    const arv_job_progress *last = &run->last;
    CHECK(now->bytes_done >= last->bytes_done && now->entries_done >= last->entries_done);
    CHECK(now->bytes_written >= last->bytes_written && now->elapsed_ms >= last->elapsed_ms);
    CHECK(now->bytes_stored >= last->bytes_stored && now->bytes_stored <= now->bytes_to_store);
    CHECK(now->bytes_done <= now->bytes_total || !now->bytes_total);
    CHECK(now->entries_done <= now->entries_total);
    run->last = *now;
}

static void run_state(void *user_data, arv_job *job, arv_job_state state)
{
    job_run *run = user_data;
    CHECK_INT(arv_job_get_state(job), state);
    arv_job_progress now; /* asked at each state, so that it does not depend on a timer */
    arv_job_get_progress(job, &now);
    run_compare(run, &now);
    if (run->state_count < JOB_STATES_KEPT)
        run->states[run->state_count++] = (int)state;
    if (run->on_state)
        run->on_state(run, state);
}

static void run_progress(void *user_data, arv_job *job, const arv_job_progress *now)
{
    job_run *run = user_data;
    (void)job;
    run_compare(run, now);
    run->reports++;
    if (run->on_progress)
        run->on_progress(run);
}

static void run_done(void *user_data, arv_job *job, int status, const arv_error *err)
{
    job_run *run = user_data;
    /* A journalled one may be at rest, and may have kept what it had. */
    CHECK(arv_job_state_final(arv_job_get_state(job)) || run->spec.staging);
    CHECK_INT(arv_job_error(job, NULL), status);
    CHECK((arv_job_get_result(job) != NULL) == (status == 0) || run->spec.staging);
    run->dones++;
    run->status = status;
    if (err)
        run->error = *err;
    if (run->on_done)
        run->on_done(run);
}

static int fill_entries(job_run *run)
{
    int rc;
    if ((rc = arv_entries_new(&run->entries, NULL, &run->error)) < 0)
        return rc;
    run->spec.entries = run->entries;
    arv_entry entry = {.name = "small.txt",
                       .size_bytes = JOB_SMALL_BYTES,
                       .modified_at_unix = ARV_TIME_UNKNOWN};
    rc = arv_entries_add_memory(run->entries, &entry, "a small answer", JOB_SMALL_BYTES, &run->error);
    entry.name = "large.bin";
    entry.size_bytes = JOB_LARGE_BYTES;
    if (rc == 0)
        rc = arv_entries_add_memory(run->entries, &entry, large, sizeof large, &run->error);
    return rc;
}

void job_new_entries(job_run *run)
{
    arv_entries_unref(run->entries);
    CHECK_OK(fill_entries(run), &run->error);
}

int job_try_open(job_run *run, arv_engine *engine)
{
    memset(run, 0, sizeof *run);
    run->engine = engine;
    arv_job_spec_init(&run->spec, sizeof run->spec);
    arv_package_options_init(&run->package, sizeof run->package);
    run->package.name = "Exam";
    run->spec.package = &run->package;
    run->spec.on_state = run_state;
    run->spec.on_progress = run_progress;
    run->spec.on_done = run_done;
    run->spec.user_data = run;
    test_fill_random(large, sizeof large, 7);
    return fill_entries(run);
}

void job_open(job_run *run, arv_engine *engine)
{
    CHECK_OK(job_try_open(run, engine), &run->error);
}

void job_close(job_run *run)
{
    arv_job_unref(run->job);
    arv_entries_unref(run->entries);
}

int job_begin_run(job_run *run)
{
    run->spec.package = &run->package;
    return arv_job_start(&run->job, run->engine, &run->spec, &run->error);
}

int job_finish(job_run *run, int started)
{
    if (started < 0)
        return started;
    while (!run->dones)
        CHECK(arv_engine_run(run->engine, 1000) || run->dones);
    CHECK_INT(run->dones, 1);
    return run->status;
}

void job_check_states(const char *file, int line, const job_run *run, const int *states, int count)
{
    for (int i = 0; i < count || i < run->state_count; i++)
        if (i >= count || i >= run->state_count || states[i] != run->states[i])
            test_fail(file, line, "state %d is %s, expected %s", i,
                      i < run->state_count ? arv_job_state_name((arv_job_state)run->states[i]) : "missing",
                      i < count ? arv_job_state_name((arv_job_state)states[i]) : "none");
}

arv_storage *job_storage(arv_engine *engine, const char *folder)
{
    static const arv_storage_option create = {"create", "1"};
    arv_storage *storage;
    arv_error err;
    char url[4200];
    snprintf(url, sizeof url, "file://%s", folder);
    CHECK_OK(arv_storage_open(&storage, engine, url, &create, 1, &err), &err);
    return storage;
}

int job_count_files(const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    struct stat st;
    int count = 0;
    while (dir && (entry = readdir(dir)) != NULL) {
        char path[4200];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            strcmp(entry->d_name, ".archivist-storage") == 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
            count += job_count_files(path);
        else
            count++;
    }
    if (dir)
        closedir(dir);
    return count;
}

void job_check_valid(arv_engine *engine, const arv_origin *origin)
{
    arv_task *task;
    arv_error err;
    CHECK_OK(arv_verify(engine, origin, NULL, NULL, NULL, &task, &err), &err);
    CHECK_OK(arv_task_wait(task, 600000, &err), &err);
    const arv_report *report = arv_task_report(task);
    CHECK_STR(report->finding_count ? report->findings[0].message : "", "");
    CHECK(report->valid);
    arv_task_unref(task);
    while (arv_engine_run(engine, 1000)) /* until the container is closed, too */
        continue;
}

void job_openssl_sha256(const char *path, char hex[65])
{
    char *output;
    CHECK_INT(test_run(&output, (const char *const[]){"openssl", "dgst", "-sha256", "-r", path, NULL}), 0);
    snprintf(hex, 65, "%.64s", output);
    free(output);
}

const char *job_object_path(const char *folder, const char *key)
{
    static char path[4200];
    snprintf(path, sizeof path, "%s/%s", folder, key);
    return path;
}

int job_open_descriptors(void)
{
    return test_count_dir("/proc/self/fd");
}
