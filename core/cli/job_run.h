/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_JOB_RUN_H
#define CLI_JOB_RUN_H

/* Shared by job_run.c and job_prepare.c. */

#include "job.h"

typedef enum { JOB_PENDING, JOB_RUNNING, JOB_DONE, JOB_WAITING, JOB_ENDED } job_phase;

typedef struct run_job {
    const char *path; /* of a specification; NULL: by its UUID */
    char uuid[ARV_UUID_BYTES];
    job_phase phase;
    unsigned runs;
    bool was_over;    /* before this command */
    int64_t due_unix; /* while it waits */
    arv_spec *spec;
    arv_entries *entries;
    arv_storage *storages[ARV_JOB_STORAGES_MAX];
    size_t storage_count;
    arv_job *job;
    int exit_code;
} run_job;

typedef struct runner {
    const cli_options *options;
    arv_engine *engine;
    arv_staging *staging;
    run_job *jobs;
    size_t count, ended, active;
    arv_staged_status status; /* large, and one is enough */
    bool canceled;            /* the jobs are taken up to take back what they did */
    bool interrupted;
    int64_t looked_unix;
} runner;

/* job_prepare.c: prepares specification, storages and entries, and makes a missing job. Returns 0, or the
 * exit code with `err`. */
int run_prepare(runner *r, run_job *job, arv_error *err);
/* Releases all that was prepared. */
void run_release(run_job *job);

#endif
