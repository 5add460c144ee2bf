/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_JOB_INTERNAL_H
#define ARV_JOB_INTERNAL_H

/*
 * A job as the files of this module see it. job.c holds its life, states, limits, progress and end. Each
 * kind of job has a table: direct.c is the job of one process, journalled.c the job with a journal (run.h).
 * Only start.c knows both. pack.c takes entries to a packer and its bytes to sinks, for either.
 *
 * Ownership: references; the engine holds one until the job has ended. Threading: loop thread.
 */

#include "engine/engine.h"
#include "package/packer.h"
#include "storage/storage.h"
#include <arv/job.h>

/* All are called on the loop thread. NULL: the kind has nothing to do there. */
typedef struct arv__job_kind {
    void (*begin)(arv_job *job); /* the job has its place and memory; ends the job if it cannot begin */
    void (*stop)(arv_job *job);  /* asks what is under way to end; the packer was asked before */
    void (*close)(arv_job *job); /* the engine closes */
    void (*tick)(arv_job *job);  /* a few times a second while the job runs; may end it */
    void (*progress)(const arv_job *job, arv_job_progress *progress);
    void (*ending)(arv_job *job);  /* status and error are final, no callback has run yet */
    void (*release)(arv_job *job); /* the run is over: on_done may start the job again */
    void (*abandon)(arv_job *job); /* in a forked child */
    void (*free)(arv_job *job);
} arv__job_kind;

typedef struct arv__packing { /* one packing, until `packed` */
    const char *path;         /* a new file, or NULL; borrowed */
    bool into_storages;
    int64_t collected_at_unix, requested_at_unix; /* where the application gave none */
    arv_closing_cb closing; /* in place of the application's; NULL: none. `user_data` is the job */
    /* With a journal: puts a sink before the others. Called again each time packing begins again without
     * an entry that failed in its middle. May be NULL. */
    int (*wrap)(arv_job *job, arv__sink **sink, arv_error *err);
    void (*packed)(arv_job *job, int status, const arv_error *err); /* once, later or already inside */
} arv__packing;

struct arv_job {
    arv_engine *engine;
    const arv__job_kind *kind;
    void *of_kind; /* the kind's own data */
    unsigned references;
    arv__turn turn;
    arv__lane lane;          /* of the pool that computes: a lane belongs to one pool */
    arv__lane io_lane;       /* of the pool that waits for storages */
    arv__mail mail;          /* starts the schedule */
    arv__mail cancel_letter; /* ends a job that is still queued */
    arv__logger log;         /* the engine's, or one that also writes the job's log */

    arv_entries *entries;
    arv_package_options package; /* its texts are the job's own */
    char *path;
    arv_storage *storages[ARV_JOB_STORAGES_MAX];
    unsigned storage_count;
    arv_job_spec spec; /* callbacks and limits; its pointers are not followed */

    arv__packer *packer;
    arv__packing packing;
    arv_failure *failures; /* the first ones of the last packing */
    size_t failures_kept;
    arv__timer progress_timer;
    uint64_t begun_ns, ended_ns;
    uint64_t told_ns;             /* of the last report of progress */
    arv_job_progress most;        /* the largest numbers that were reported */
    uint64_t moved_ns, moved_sum; /* when the numbers of progress last changed, and their sum then */
    arv_job_state state;
    bool cancel_asked, limit_reached, ended;
    int status;
    arv_error error;
    arv_error cancel_reason;
    int stop_code;             /* the code with which the job was asked to stop */
    arv__packer_totals totals; /* of the last packing */
    arv_job_result result;
    arv_location locations[ARV_JOB_STORAGES_MAX];
};

/* ---- job.c ---- */
/* Queues a job that start.c has made. The engine owns the first reference until arv__job_end(). */
void arv__job_enqueue(arv_job *job);
/* Returns NULL while the UUID is still to be derived from the content. */
const char *arv__job_uuid(const arv_job *job);
void arv__job_set_state(arv_job *job, arv_job_state state);
/* Takes over the state of a journal, from which the job goes on; no table limits it. */
void arv__job_adopt_state(arv_job *job, arv_job_state state);
/* Ends the run. Every run ends here, and once. */
void arv__job_end(arv_job *job, int status, const arv_error *err);
/* Ends a job that is queued; the loop calls arv__job_end() later. */
void arv__job_end_queued(arv_job *job);
/* Stops a job because of a limit. Unlike a cancelled job, it may be tried again. */
void arv__job_limit(arv_job *job, const arv_error *reason);
/* Returns whether this error is the cancel request. */
bool arv__job_is_cancel(const arv_job *job, int status);
uint64_t arv__job_elapsed_ms(const arv_job *job);

/* ---- kept.c ---- */
/* Replaces the job's options by a copy of `given`. */
int arv__job_keep_package(arv_job *job, const arv_package_options *given, arv_error *err);
void arv__job_drop_package(arv_package_options *package);

/* ---- collect.c ---- */
/* Asks the application for the entries, if it has an on_collect. Fails also when the job is to stop. */
int arv__job_collect(arv_job *job, arv_error *err);

/* ---- pack.c ---- */
/* Makes the keys and addresses at which the job will store. */
int arv__job_locate(arv_job *job, const char *suffix, arv_error *err);
void arv__job_pack(arv_job *job, const arv__packing *packing);

/* ---- direct.c ---- */
extern const arv__job_kind arv__job_direct;

#endif
