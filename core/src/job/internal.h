/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_JOB_INTERNAL_H
#define ARV_JOB_INTERNAL_H

/*
 * A job as the files of this module see it. job.c holds its life, states, limits, progress and end;
 * what differs between kinds of jobs stands in their tables: direct.c is the job of one process, run.c
 * the journalled one (run.h). start.c is the only file that knows both. pack.c takes entries to a packer
 * and its bytes to sinks, for either.
 */

#include "engine/engine.h"
#include "package/packer.h"
#include "storage/storage.h"
#include <arv/job.h>

/* All are called on the loop thread. NULL: the kind has nothing to do there. */
typedef struct arv__job_kind {
    void (*begin)(arv_job *job); /* it has a place and memory; one that cannot begin ends inside */
    void (*stop)(arv_job *job);  /* asks what is under way to end; a packer was asked already */
    void (*close)(arv_job *job); /* its engine goes away */
    void (*tick)(arv_job *job);  /* a few times a second while it runs; may end it */
    void (*progress)(const arv_job *job, arv_job_progress *progress);
    void (*ending)(arv_job *job);  /* status and error are known, nobody was told yet */
    void (*release)(arv_job *job); /* the run is over: the job may be started again from `done` */
    void (*abandon)(arv_job *job); /* in a forked child */
    void (*free)(arv_job *job);
} arv__job_kind;

typedef struct arv__packing { /* one packing, until `packed` */
    const char *path;         /* a new file, or NULL; borrowed */
    bool into_storages;
    int64_t collected_at_unix, requested_at_unix; /* where the application gave none */
    arv_closing_cb closing; /* in place of the application's; NULL: none. `user_data` is the job */
    /* With a journal: puts something before the sink, again when packing begins again without an entry
     * that failed in its middle. May be NULL. */
    int (*wrap)(arv_job *job, arv__sink **sink, arv_error *err);
    void (*packed)(arv_job *job, int status, const arv_error *err); /* once, later or already inside */
} arv__packing;

struct arv_job {
    arv_engine *engine;
    const arv__job_kind *kind;
    void *of_kind; /* what the kind holds besides */
    unsigned references;
    arv__turn turn;
    arv__lane lane;          /* of the pool that computes: a lane belongs to one pool */
    arv__lane io_lane;       /* of the one that waits for storages */
    arv__mail mail;          /* starts the schedule */
    arv__mail cancel_letter; /* ends a job that is still queued */
    arv__logger log;         /* the engine's, or one that also keeps */

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
    uint64_t told_ns;             /* when progress was told last */
    arv_job_progress most;        /* of what was told */
    uint64_t moved_ns, moved_sum; /* when something was last seen to move, and what stood then */
    arv_job_state state;
    bool cancel_asked, limit_reached, ended;
    int status;
    arv_error error;
    arv_error cancel_reason;
    int stop_code;             /* with which what was under way was asked to end */
    arv__packer_totals totals; /* of the last packing */
    arv_job_result result;
    arv_location locations[ARV_JOB_STORAGES_MAX];
};

/* ---- job.c ---- */
/* Queues a job that start.c has made; the first reference is the engine's, until arv__job_end(). */
void arv__job_enqueue(arv_job *job);
/* NULL as long as it is still to be derived from the content. */
const char *arv__job_uuid(const arv_job *job);
void arv__job_set_state(arv_job *job, arv_job_state state);
/* The state that a journal tells: not a way, but where the job is. */
void arv__job_adopt_state(arv_job *job, arv_job_state state);
/* The one end of every run. */
void arv__job_end(arv_job *job, int status, const arv_error *err);
/* The same for a job that is queued, from the loop. */
void arv__job_end_queued(arv_job *job);
/* Stops a job that may be tried again, unlike one that somebody cancelled. */
void arv__job_limit(arv_job *job, const arv_error *reason);
/* Whether this error is the request to cancel. */
bool arv__job_is_cancel(const arv_job *job, int status);
uint64_t arv__job_elapsed_ms(const arv_job *job);

/* ---- kept.c ---- */
/* Copies the options, in place of those that the job has. */
int arv__job_keep_package(arv_job *job, const arv_package_options *given, arv_error *err);
void arv__job_drop_package(arv_package_options *package);

/* ---- collect.c ---- */
/* Asks the application for what is packed, if it wants to be asked. Fails, too, when the job is to stop. */
int arv__job_collect(arv_job *job, arv_error *err);

/* ---- pack.c ---- */
/* The keys and addresses of what is going to be stored. */
int arv__job_locate(arv_job *job, const char *suffix, arv_error *err);
void arv__job_pack(arv_job *job, const arv__packing *packing);

/* ---- direct.c ---- */
extern const arv__job_kind arv__job_direct;

#endif
