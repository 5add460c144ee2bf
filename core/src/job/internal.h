/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_JOB_INTERNAL_H
#define ARV_JOB_INTERNAL_H

/*
 * What the files of the job module know of each other. job.c holds a job's life, states, limits and
 * end. pack.c takes its entries to a packer and its bytes to sinks. The six files staged*.c run a job
 * that is journalled; staged.h tells what each of them does.
 */

#include "job/engine.h"
#include "storage/storage.h"

typedef struct arv__staged arv__staged;
typedef int (*arv__sink_wrap)(arv_job *job, arv__sink **sink, arv_error *err);

struct arv_job {
    arv_engine *engine;
    unsigned references;
    arv__turn turn;
    arv__lane lane;    /* of the pool that computes: a lane belongs to one pool */
    arv__lane io_lane; /* of the one that waits for storages */
    arv__mail mail;          /* starts the schedule */
    arv__mail cancel_letter; /* ends a job that is still queued */
    arv__timer wait_timer;   /* of a job that waits for its retry, in the queue */
    arv__logger log;         /* the engine's, or one that also keeps */

    arv_entries *entries;
    arv_package_options package;
    char *strings[12]; /* copies that package and path point to */
    unsigned string_count;
    void *first_entry;
    const char *path;
    arv_storage *storages[ARV_JOB_STORAGES_MAX];
    unsigned storage_count;
    arv_job_spec spec; /* callbacks and limits; its pointers are not followed */
    arv__staged *staged; /* NULL: of this process only */

    arv__packer *packer;
    const char *pack_path; /* of this packing, as its other arguments */
    arv__sink_wrap pack_wrap;
    void (*packed)(arv_job *job, int status, const arv_error *err);
    arv_failure *failures; /* the first ones of the last packing */
    size_t failures_kept;
    arv__timer progress_timer;
    uint64_t begun_ns, ended_ns;
    uint64_t told_ns; /* when progress was told last */
    arv_job_progress most; /* of what was told */
    uint64_t moved_ns, moved_sum; /* when something was last seen to move, and what stood then */
    arv_job_state state;
    bool cancel_asked, limit_reached, ended, packs_into_storages;
    int status;
    arv_error error;
    arv_error cancel_reason;
    int stop_code; /* with which what was under way was asked to end */
    arv__packer_totals totals; /* of the last packing */
    arv_job_result result;
    arv_location locations[ARV_JOB_STORAGES_MAX];
};

/* job.c */
/* NULL as long as it is still to be derived from the content. */
const char *arv__job_uuid(const arv_job *job);
void arv__job_set_state(arv_job *job, arv_job_state state);
/* The state that a journal tells: not a way, but where the job is. */
void arv__job_adopt_state(arv_job *job, arv_job_state state);
/* Back into the queue, not to be begun before this time; its place is free meanwhile. */
void arv__job_wait(arv_job *job, uint64_t delay_ms);
/* The one end of every run; a staged job has its last state already. */
void arv__job_end(arv_job *job, int status, const arv_error *err);
/* Stops a job that may be tried again, unlike one that somebody cancelled. */
void arv__job_limit(arv_job *job, const arv_error *reason);
/* Whether this error is the wish to cancel. */
bool arv__job_is_cancel(const arv_job *job, int status);

/* pack.c */
/* The keys and addresses of what is going to be stored. */
int arv__job_locate(arv_job *job, const char *suffix, arv_error *err);
/* Packs into a new file, into the storages, or all of them; `packed` is called once, later or
 * already inside. With a journal, `wrap` may put something before the sink, again when packing begins
 * again without an entry that failed in its middle. `path` is borrowed until `packed`. */
void arv__job_pack(arv_job *job, const char *path, bool into_storages, arv__sink_wrap wrap,
                   void (*packed)(arv_job *job, int status, const arv_error *err));

/* staged.c */
int arv__staged_new(arv_job *job, const arv_job_spec *spec, arv_error *err);
void arv__staged_free(arv__staged *staged); /* accepts NULL */
void arv__staged_begin(arv_job *job);
/* The run is over: the job's folder is free, so that it may be started again from `done`. */
void arv__staged_release(arv_job *job);
/* The job was asked to stop. */
void arv__staged_cancel(arv_job *job);
/* What was stored so far of what is to be stored, in bytes. */
void arv__staged_progress(const arv_job *job, arv_job_progress *progress);
/* Each time that progress is reported: wishes from outside, space. */
void arv__staged_tick(arv_job *job);

#endif
