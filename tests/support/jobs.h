/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JOBS_H
#define JOBS_H

/*
 * Jobs through the public API: an engine, a list of entries, and what the callbacks told.
 *
 *     job_run r;
 *     job_open(&r, engine);
 *     r.spec.path = test_path("a.zip");
 *     CHECK_OK(job_finish(&r, job_begin_run(&r)), &r.error);
 *     job_close(&r);
 */

#include <arv/archivist.h>
#include <arv/job.h>
#include <arv/verify.h>

enum { JOB_STATES_KEPT = 16, JOB_SMALL_BYTES = 14, JOB_LARGE_BYTES = 3 << 20 };

typedef struct job_run {
    arv_engine *engine;
    arv_entries *entries;
    arv_job_spec spec; /* its package is that: */
    arv_package_options package;
    arv_job *job;
    arv_error error;
    int status, dones;
    int states[JOB_STATES_KEPT];
    int state_count;
    arv_job_progress last; /* of on_progress; checked to grow only */
    int reports;
    /* What a callback does besides; may be NULL. */
    void (*on_state)(struct job_run *run, arv_job_state state);
    void (*on_progress)(struct job_run *run);
    void (*on_done)(struct job_run *run);
    void *user_data;
} job_run;

arv_engine *job_engine(unsigned jobs_max, size_t memory_bytes);
/* Entries: "small.txt" and "large.bin" from memory; a spec with the callbacks and the name "Exam". */
void job_open(job_run *run, arv_engine *engine);
/* For tests in which memory may lack; job_close() is right in every case. */
int job_try_open(job_run *run, arv_engine *engine);
void job_close(job_run *run);
/* The same entries once more: a list serves one job. */
void job_new_entries(job_run *run);
/* arv_job_start() with the run's spec. */
int job_begin_run(job_run *run);
/* Runs the engine until the job has ended; its status. */
int job_finish(job_run *run, int started);
void job_check_states(const char *file, int line, const job_run *run, const int *states, int count);
#define CHECK_STATES(run, ...)                                                                               \
    job_check_states(__FILE__, __LINE__, run, (const int[]){__VA_ARGS__},                                    \
                     (int)(sizeof((const int[]){__VA_ARGS__}) / sizeof(int)))

arv_storage *job_storage(arv_engine *engine, const char *folder);
/* Files below a folder; folders and marks of storages are not counted. */
int job_count_files(const char *folder);
/* Verifies a file or an object and requires that it is valid. */
void job_check_valid(arv_engine *engine, const arv_origin *origin);
/* SHA-256 of a file as openssl tells it. */
void job_openssl_sha256(const char *path, char hex[65]);
/* The file of an object in a storage that is a folder. */
const char *job_object_path(const char *folder, const char *key);
int job_open_descriptors(void);

#endif
