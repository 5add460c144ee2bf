/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_JOB_STAGED_H
#define ARV_JOB_STAGED_H

/*
 * A job that is journalled: what its run holds, and how its files hang together. staged.c begins a
 * run and takes it to the first stage that is not done yet; staged_pack.c makes the container;
 * staged_store.c stores it, staged_remove.c takes back, both with requests of staged_targets.c;
 * staged_end.c ends the run.
 *
 * A run is a chain of steps. A step that touches the disk runs on a pool thread (arv__staged_step),
 * then its successor goes on, on the loop thread; one at a time. Requests to storages are the only
 * thing of which several are under way. Whoever goes on asks first whether the job is to stop
 * (arv__staged_stops).
 */

#include "job/jobfolder.h"
#include "job/history.h"
#include "job/internal.h"
#include "job/journal.h"

typedef struct arv__staged_target {
    arv__staged *staged;
    unsigned index;
    arv_task *task;
    bool ready;     /* to be recorded as stored */
    bool recording; /* while a step runs, of the pool thread */
    int status;
    arv_error error;
} arv__staged_target;

struct arv__staged {
    arv_job *job;
    arv_staging *staging;
    arv__jobfolder folder;
    arv__journal journal;
    arv__joblog joblog;
    arv__history *history;
    arv__buf record;
    arv__work work;
    int (*run)(arv__staged *staged, arv_error *err);
    void (*then)(arv__staged *staged, int status, const arv_error *err);
    bool stepping, undoing, streamed_now, time_is_over;
    bool recovered; /* the container, from a storage, in this run */
    bool stored_before[ARV_JOB_STORAGES_MAX]; /* by runs before this one */
    bool cancel_found; /* in its folder, as the run began */
    bool attempted; /* this run is in the journal */
    bool replacing; /* a former archive may be gone already: there is only a way on */
    bool has_waited; /* for its retry: the clock is not asked again */

    unsigned attempts_max;
    uint64_t retry_delay_ms;
    bool streams;
    char container[ARV__JOBFOLDER_SHOWN_BYTES]; /* its path */
    arv__sink *stream;          /* the sink before the others, while it is packed */
    arv__packaged packaged;     /* about to be recorded */
    arv_job_state last_state;   /* about to be recorded */
    arv_error error;            /* why the run does not succeed */

    arv__staged_target targets[ARV_JOB_STORAGES_MAX];
    unsigned waiting; /* requests under way */
    /* Of the container, for them: the history belongs to the pool thread while a step runs. */
    arv_digests expected;
    bool is_streamed;
    arv_job_progress told; /* of what is packaged, at last */
    void (*all_done)(arv__staged *staged);
    void (*announced)(arv__staged *staged), (*former_removed)(arv__staged *staged);
    void (*seen_again)(arv__staged *staged);
};

/* ---- staged.c ---- */
/* `run` [pool], then `then` [loop]; in place where the pool takes nothing any more. */
void arv__staged_step(arv__staged *staged, int (*run)(arv__staged *staged, arv_error *err),
                      void (*then)(arv__staged *staged, int status, const arv_error *err));
/* [pool] Appends `staged->record`, and the history knows it. Empties it. */
int arv__staged_append(arv__staged *staged, arv_error *err);

/* ---- staged_end.c ---- */
/* True when the job is to stop, and is then on its way to an end. */
bool arv__staged_stops(arv__staged *staged);
/* The run does not succeed: a later one may, or everything is taken back. */
void arv__staged_fail(arv__staged *staged, int status, const arv_error *err);
/* It is to be packed, but was started without entries: it rests until it is started with them. */
void arv__staged_lacks_entries(arv__staged *staged);
/* Everything is stored. */
void arv__staged_clean_up(arv__staged *staged);
/* What the journal says is to be taken back; arv__staged_undone() when nothing of it is stored. */
void arv__staged_take_back(arv__staged *staged);
void arv__staged_undone(arv__staged *staged);
/* The run is over; the journal knows already why, or could not be told. */
void arv__staged_end(arv__staged *staged, int status, const arv_error *err);
/* retry.c, the one reader of ARV_ERROR_RETRYABLE: whether the same job may succeed later. */
bool arv__retry_wanted(const arv_error *error);

/* ---- staged_pack.c ---- */
void arv__staged_pack(arv__staged *staged);
/* The dates of an archive that is packed now, where the application gave none. */
void arv__staged_date(const arv__staged *staged, arv_package_options *package);
void arv__staged_watch_space(arv__staged *staged);

/* ---- staged_targets.c ---- */
const char *arv__target_key(const arv__staged *staged, unsigned index);
/* No request is under way: another round begins, and `all_done` comes when none is any more. */
void arv__targets_reset(arv__staged *staged, void (*all_done)(arv__staged *staged));
/* A request was started, or was not. */
void arv__target_started(arv__staged_target *target, int status, const arv_error *err);
/* The request of a target is over: its status and error, which it does not keep. */
int arv__target_take(arv__staged_target *target, arv_task *task, arv_error *err);
void arv__target_failed(arv__staged_target *target, int status, const arv_error *err);
/* Asks whether there is an object of that name. */
void arv__target_stat(arv__staged_target *target, arv_task_cb looked);
/* Reads the object and compares it with the recorded container. */
void arv__target_compare(arv__staged_target *target, arv_task_cb compared);
/* Behind each answer: records what is ready, then goes on to `all_done` when nothing is under way. */
void arv__targets_go_on(arv__staged *staged);
/* The first error of them; one that no retry mends before one that it may. NULL: none. */
const arv_error *arv__targets_error(const arv__staged *staged);
bool arv__targets_stored(const arv__staged *staged, unsigned *index); /* the first that is */

/* ---- staged_store.c ---- */
/* Nothing has the names that the job is going to use; then `announced` goes on. */
void arv__staged_announce(arv__staged *staged, void (*announced)(arv__staged *staged));
void arv__staged_store(arv__staged *staged);
/* A container that was streamed, by a run that was killed while it got its names. */
void arv__staged_settle(arv__staged *staged);

/* ---- staged_remove.c ---- */
/* What runs before this one have stored is still there; then `seen`. */
void arv__staged_see_again(arv__staged *staged, void (*seen)(arv__staged *staged));
/* Removes what the job has stored; then arv__staged_undone(). */
void arv__staged_undo(arv__staged *staged);
/* Removes what is stored of a container that counts no more, and records that it is to be packed
 * again: in the next run for `staged->error`, in this one without. */
void arv__staged_discard(arv__staged *staged);
/* Removes what is replaced by something better; then `done`. */
void arv__staged_remove_former(arv__staged *staged, void (*done)(arv__staged *staged));

#endif
