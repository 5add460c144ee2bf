/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_JOB_RUN_H
#define ARV_JOB_RUN_H

/*
 * A run of a journalled job. Its journal drives it: run.c enters a stage, appends the stage's record,
 * asks the history what is due now, and enters that stage. A run that begins after a crash asks the same
 * question first, so a crash needs no other way.
 *
 * run_stages.c is the table: what of the history makes which stage due. A stage is the work between two
 * records. Stages know neither each other nor the table:
 *
 *     run_pack.c     makes the container
 *     run_store.c    stores it
 *     run_beside.c   stores the small JSON that describes it
 *     run_proof.c    has it proven
 *     run_remove.c   takes back
 *     run_finish.c   ends a job that is stored
 *
 * Only run.c decides about failing, retrying, interrupting, cancelling and taking back. journalled.c opens
 * the journal for a run, and receives cancel requests and the end of the engine.
 *
 * Work on the disk runs on a pool thread, one step at a time; meanwhile the history belongs to that thread.
 * Only requests to storages (run_targets.c) run several at once.
 *
 * Ownership: the run belongs to its job. Threading: the loop thread; [pool] marks what a pool thread runs.
 */

#include "job/jobfolder.h"
#include "job/history.h"
#include "job/internal.h"
#include "job/journal.h"

typedef struct arv__run arv__run;

/*
 * A prover makes proofs over a closing document, of which it gets the SHA-256. None exists yet; tests have a
 * stand-in. Both requests must end by limits of their own, and soon after they were cancelled.
 */
typedef struct arv__prover arv__prover;
struct arv__prover {
    arv_place place; /* of the token in the container, and its name */
    const char *name;
    /* Appends a token to `token`, then completes. NULL: this prover gives no token. */
    void (*stamp)(arv__prover *prover, const unsigned char *imprint, arv__buf *token, arv__op *op);
    /* Puts proof `number`, from 1, beside the archive in all its storages, or finds there the one of a killed
     * run; then completes. NULL: this prover makes no later proofs. */
    void (*seal)(arv__prover *prover, unsigned number, const unsigned char *imprint, arv__op *op);
};

/* A container's closing, until its token is in it. */
typedef struct arv__stamping {
    arv_closing *closing; /* NULL: none is under way */
    unsigned char imprint[ARV_SHA256_BYTES];
    arv__buf token;
    arv__op op; /* of the prover's stamp; later of its seal */
    /* Set when the packer ended meanwhile, with this error. */
    void (*packed)(arv_job *job, int status, const arv_error *err);
    arv_error error;
} arv__stamping;

typedef enum {
    ARV__ASK_NOTHING,
    ARV__ASK_TIDY,    /* remove what a killed put of that name has left */
    ARV__ASK_STAT,    /* is there an object of that name? */
    ARV__ASK_COMPARE, /* read the object and compare it with the recorded digests */
    ARV__ASK_GET,     /* the same, into the job's folder */
    ARV__ASK_PUT,
    ARV__ASK_REMOVE
} arv__ask;

typedef struct arv__run_target {
    arv__run *run;
    unsigned index;
    arv_storage *storage;
    unsigned object;           /* 0 is the archive, 1 the first object beside it */
    char name[ARV_NAME_BYTES]; /* of that object: its key, with the version once that is known */
    const char *path;          /* of its bytes, for a put and a get */
    /* A copy: the history belongs to the pool thread while a step runs. */
    arv_digests expected;
    arv__ask asked;
    arv_task *task;
    arv_object found; /* beside the archive */
    bool ready;       /* to be recorded as stored */
    bool recording;   /* the step that runs records it; belongs to the pool thread */
    int status;
    arv_error error;
} arv__run_target;

/* A stage must end in arv__run_record(), arv__run_next() or arv__run_fail(). NULL: the stage has none. */
typedef struct arv__stage {
    int (*prepare)(arv__run *run, arv_error *err); /* [pool] before `enter` */
    void (*enter)(arv__run *run);
    /* A round of requests (arv__run_round). first() returns the first request to a target; answered()
     * returns the next one after each answer. `object` is NULL when the answer has none. answered() clears
     * `err` if it is no error; else it becomes the target's. */
    arv__ask (*first)(arv__run_target *target);
    arv__ask (*answered)(arv__run_target *target, const arv_object *object, arv_error *err);
    void (*gathered)(arv__run *run);              /* all requests of the round have ended */
    int (*record)(arv__run *run, arv_error *err); /* [pool] see arv__run_record() */
    void (*tick)(arv__run *run);                  /* a few times a second, while no step runs */
    void (*stop)(arv__run *run);                  /* asks everything but the requests to targets to end */
} arv__stage;

/* The run enters the stage of the first row that is due. */
typedef struct arv__row {
    bool (*is_due)(const arv__run *run);
    const arv__stage *stage;
    arv_job_state state; /* of the job in this stage */
    bool late;           /* too late for a cancel request when the stage begins */
} arv__row;

/* What this run knows beside the history. The next run begins without it. */
typedef struct arv__run_seen {
    bool attempted;                           /* the journal has this run */
    bool last_chance;                         /* no further run may follow */
    bool undoing;                             /* the run has decided to take everything back */
    bool replacing;                           /* a former archive may be gone already: no way back */
    bool announced;                           /* by this run: nothing can have been stored yet */
    bool proven;                              /* the streamed container is in every storage */
    bool stored_before[ARV_JOB_STORAGES_MAX]; /* targets that earlier runs have stored … */
    bool looked_again;                        /* … and this run looked whether they are there still */
    bool damaged;                             /* the container has changed, or is not in every storage */
    bool recovered;                           /* the container came back from a storage */
    bool unsealed;                            /* the prover gave no proof */
    arv_error damage;                         /* why it is packed again; with a code: in the next run */
} arv__run_seen;

struct arv__run {
    arv_job *job;
    const arv__row *rows;
    const arv__stage *stage;
    bool late; /* its row's */
    arv_staging *staging;
    arv__jobfolder folder;
    arv__journal journal;
    arv__joblog joblog;
    arv__history *history;
    arv__buf record;
    arv__run_seen seen;
    arv__timer wait_timer; /* while the job sleeps in the queue until its retry */
    arv__prover *prover;   /* borrowed, or NULL */
    arv__stamping stamp;
    bool has_seed; /* the application gave one */
    unsigned char seed[ARV_SEED_BYTES];
    bool has_waited;   /* for its retry: does not wait again */
    bool cancel_found; /* in its folder, when the run began */

    bool stepping; /* a step is under way, namely: */
    arv__work work;
    int (*step)(arv__run *run, arv_error *err);
    void (*stepped)(arv__run *run, int status, const arv_error *err);

    unsigned attempts_max;
    uint64_t retry_delay_ms;
    bool streams;
    char container[ARV__JOBFOLDER_SHOWN_BYTES]; /* its path */
    char beside[ARV__JOBFOLDER_SHOWN_BYTES];    /* of what is put beside it */
    char *about;               /* the application's JSON about the archive; NULL: nothing is put beside it */
    arv__sink *stream;         /* the sink before the others, while it is packed */
    int64_t collected_at_unix; /* when this run began to collect */
    arv__packaged packaged;    /* about to be recorded */
    arv_error error;           /* why the run does not succeed … */
    arv_error cause;           /* … without what run.c added to the sentence */
    arv_job_state decision;    /* then: QUEUED, RECOVERABLE_ERROR or ERROR_HANDLING … */
    arv_job_state ending;      /* … and the final state behind ERROR_HANDLING */

    arv__run_target targets[ARV_JOB_STORAGES_MAX];
    unsigned waiting;      /* requests under way */
    bool streamed;         /* a copy for these requests: a step may have the history */
    arv_job_progress told; /* the last report about the packed archive */
};

/* ---- journalled.c ---- */
/* Makes the job a journalled one. The last of `rows` must always be due. */
int arv__journalled_new(arv_job *job, const arv_job_spec *spec, const arv__row *rows, arv_error *err);

/* Gives the job a prover, which is borrowed until the job has ended. Must be called before the job begins. */
void arv__journalled_prove(arv_job *job, arv__prover *prover);

/* ---- run.c ---- */
static inline arv__run *arv__run_of(const arv_job *job)
{
    return job->of_kind;
}
/* Enters the stage that is due, or ends the run of a job that has ended. */
void arv__run_next(arv__run *run);
/* Runs the stage's record() as a step; then arv__run_next(), or arv__run_fail(). */
void arv__run_record(arv__run *run);
/* Runs any other step: `step` [pool], then `stepped`. When the pool refuses work, both run in place. */
void arv__run_step(arv__run *run, int (*step)(arv__run *run, arv_error *err),
                   void (*stepped)(arv__run *run, int status, const arv_error *err));
/* [pool] Appends `run->record` to the journal, applies it to the history, and empties it. */
int arv__run_append(arv__run *run, arv_error *err);
/* Returns true when the job is to stop; arv__run_fail() was called then. */
bool arv__run_stops(arv__run *run);
/* Call it when the run does not succeed. The run ends and a later one may try again; or this run takes back
 * what the job has done. */
void arv__run_fail(arv__run *run, int status, const arv_error *err);
/* Ends the run although nothing failed. It does not count, and another run may go on. */
void arv__run_rest(arv__run *run, const arv_error *why);
/* [pool] A record(): removes the container and records the end of the job. */
int arv__run_record_end(arv__run *run, arv_error *err);

/* ---- run_targets.c ---- */
/* Sends the first `count` targets the request of first(), then those of answered(). Records each target that
 * is ready. Calls gathered() when no request is under way. */
void arv__run_round(arv__run *run, unsigned count);
/* The next request to the target is about this object of an archive: 0, or one beside it. Must not be called
 * while a step runs. */
void arv__run_turn_to(arv__run_target *target, const arv__archive *archive, unsigned object);
/* What a comparison or a put leads to: an object that is missing is put, if there is a file to put and the job
 * is not cancelled; one that is there is ready. */
arv__ask arv__run_put_missing(arv__run_target *target, bool has_file, arv_error *err);
/* Returns the first error of the targets; one that no retry mends comes before the others. NULL: none. */
const arv_error *arv__run_targets_error(const arv__run *run);

/* Most stages have these two as enter() and gathered(). */
/* A round over all storages of the job. */
void arv__run_ask(arv__run *run);
/* Calls arv__run_fail() for an error; else arv__run_record() if the stage has a record(); else
 * arv__run_next(). */
void arv__run_gathered(arv__run *run);

/* ---- run_proof.c: for run_pack.c ---- */
/* An arv_closing_cb; `user_data` is the job. */
void arv__run_closing(void *user_data, arv_closing *closing);
/* Call it when the packer ended with an error. Returns true while the closing is under way; `packed` is then
 * called when that has ended. */
bool arv__run_closing_waits(arv__run *run, const arv_error *err,
                            void (*packed)(arv_job *job, int status, const arv_error *err));

/* ---- run_remove.c: for run_finish.c ---- */
/* For first() and answered(): remove the objects beside an archive, then the archive. Each object is compared
 * before and looked for after. The first error ends it. */
arv__ask arv__run_remove_first(arv__run_target *target, const arv__archive *archive);
arv__ask arv__run_remove_answered(arv__run_target *target, const arv__archive *archive, arv_error *err);

/* ---- run_beside.c: for start.c ---- */
/* Checks the application's JSON about an archive: one flat object of at most ARV_JOB_BESIDE_BYTES. */
int arv__run_about_check(const char *about, arv_error *err);
/* Makes the key of the JSON beside the archive of this key. */
void arv__run_about_key(const char *archive, char key[ARV_KEY_BYTES]);

/* ---- the stages, and their table ---- */
extern const arv__stage arv__stage_lacks_entries, arv__stage_pack; /* run_pack.c */
extern const arv__stage arv__stage_announce, arv__stage_store, arv__stage_settle,
    arv__stage_recover;                                             /* run_store.c */
extern const arv__stage arv__stage_describe, arv__stage_put_beside; /* run_beside.c */
extern const arv__stage arv__stage_seed, arv__stage_seal;           /* run_proof.c */
extern const arv__stage arv__stage_discard, arv__stage_undo;        /* run_remove.c */
extern const arv__stage arv__stage_look_again, arv__stage_finish;   /* run_finish.c */
extern const arv__row arv__run_rows[];                              /* run_stages.c */

#endif
