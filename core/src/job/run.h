/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_JOB_RUN_H
#define ARV_JOB_RUN_H

/*
 * A run of a journalled job. Its journal drives it: run.c enters a stage, appends the stage's record,
 * asks the history what is due now, and enters that. A run that begins after a crash asks the same
 * question first, so there is one way and no other after a crash.
 *
 * run_stages.c is the table: what of the history makes which stage due. A stage is what lies between
 * two records. Stages do not know each other, nor the table: run_pack.c makes the container, run_store.c
 * stores it, run_beside.c stores what says what it is, run_proof.c has it proven, run_remove.c takes back, run_finish.c ends a job that is stored.
 * Failing, retrying, interrupting, cancelling and taking back are decided in run.c only. journalled.c
 * opens the journal for a run, and hears what comes from outside.
 *
 * What touches the disk runs on a pool thread, one step at a time; meanwhile the history belongs to
 * that thread. Requests to storages (run_targets.c) are the only thing of which several are under way.
 *
 * Ownership: the run belongs to its job. Threading: loop thread, but for what is marked [pool].
 */

#include "job/jobfolder.h"
#include "job/history.h"
#include "job/internal.h"
#include "job/journal.h"

typedef struct arv__run arv__run;

/*
 * Who makes proofs over a closing document, of which it is given the SHA-256. There is none yet; tests
 * have a stand-in. Both requests end by limits of their own, and soon once they are cancelled.
 */
typedef struct arv__prover arv__prover;
struct arv__prover {
    arv_place place; /* of the token in the container, and its name */
    const char *name;
    /* Appends a token to `token`, then completes. NULL: none comes in time. */
    void (*stamp)(arv__prover *prover, const unsigned char *imprint, arv__buf *token, arv__op *op);
    /* Puts proof `number`, from 1, beside the archive in all its storages, or finds it there, put by a run
     * that was killed; then completes. NULL: none comes later. */
    void (*seal)(arv__prover *prover, unsigned number, const unsigned char *imprint, arv__op *op);
};

/* A container's closing, until its token is in it. */
typedef struct arv__stamping {
    arv_closing *closing; /* NULL: it has none under way */
    unsigned char imprint[ARV_SHA256_BYTES];
    arv__buf token;
    arv__op op; /* of the prover; later that of a seal */
    /* The packer has ended meanwhile, with this error. */
    void (*packed)(arv_job *job, int status, const arv_error *err);
    arv_error error;
} arv__stamping;

typedef enum {
    ARV__ASK_NOTHING,
    ARV__ASK_TIDY,    /* remove what a killed put of that name has left */
    ARV__ASK_STAT,    /* whether there is an object of that name */
    ARV__ASK_COMPARE, /* read it and compare it with the recorded container */
    ARV__ASK_GET,     /* the same, into the job's folder */
    ARV__ASK_PUT,
    ARV__ASK_REMOVE
} arv__ask;

typedef struct arv__run_target {
    arv__run *run;
    unsigned index;
    arv_storage *storage;
    unsigned object;           /* of its archive's: 0 is the archive, 1 the first beside it */
    char name[ARV_NAME_BYTES]; /* of that: its key, or one version of it, once that is known */
    const char *path;          /* its bytes, for a put and a get */
    /* The history belongs to the pool thread while a step runs. */
    arv_digests expected;
    arv__ask asked;
    arv_task *task;
    arv_object found; /* beside the archive */
    bool ready;       /* to be recorded as stored */
    bool recording;   /* while a step runs, of the pool thread */
    int status;
    arv_error error;
} arv__run_target;

/* A stage ends in arv__run_record() or arv__run_next(), or in arv__run_fail(). NULL: there is none. */
typedef struct arv__stage {
    int (*prepare)(arv__run *run, arv_error *err); /* [pool] before `enter` */
    void (*enter)(arv__run *run);
    /* A round of requests (arv__run_round): what a target is asked first, and behind each answer what
     * it is asked next. `object` is NULL where the answer has none. An error that stays is the target's. */
    arv__ask (*first)(arv__run_target *target);
    arv__ask (*answered)(arv__run_target *target, const arv_object *object, arv_error *err);
    void (*gathered)(arv__run *run);              /* none is under way any more */
    int (*record)(arv__run *run, arv_error *err); /* [pool] see arv__run_record() */
    void (*tick)(arv__run *run);                  /* a few times a second, while no step runs */
    void (*stop)(arv__run *run); /* asks what it waits for to end, besides requests to targets */
} arv__stage;

/* The first row that is due is entered. */
typedef struct arv__row {
    bool (*is_due)(const arv__run *run);
    const arv__stage *stage;
    arv_job_state state; /* of the job, as it enters */
    bool late;           /* a request to cancel comes too late to be heard as it enters */
} arv__row;

/* What this run has seen and done. The next one begins without it. */
typedef struct arv__run_seen {
    bool attempted;   /* it is in the journal */
    bool last_chance; /* no further run may follow */
    bool undoing;     /* it is decided that everything is taken back */
    bool replacing;   /* a former archive may be gone already: there is only a way on */
    bool announced;   /* by this run: nothing can have been stored yet */
    bool proven;      /* what was streamed is in every storage */
    bool stored_before[ARV_JOB_STORAGES_MAX]; /* by runs before this one … */
    bool looked_again;                        /* … whether that is there still */
    bool damaged;                             /* the container is not what it was, or not in every storage */
    bool recovered;                           /* it was taken from a storage */
    bool unsealed;                            /* no proof was to be had */
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
    arv__timer wait_timer; /* of a job that sleeps in the queue until its retry */
    arv__prover *prover;   /* borrowed, or NULL */
    arv__stamping stamp;
    bool has_seed; /* the application gave one */
    unsigned char seed[ARV_SEED_BYTES];
    bool has_waited;   /* the clock is not asked again */
    bool cancel_found; /* in its folder, as the run began */

    bool stepping; /* a step is under way: this one */
    arv__work work;
    int (*step)(arv__run *run, arv_error *err);
    void (*stepped)(arv__run *run, int status, const arv_error *err);

    unsigned attempts_max;
    uint64_t retry_delay_ms;
    bool streams;
    char container[ARV__JOBFOLDER_SHOWN_BYTES]; /* its path */
    char beside[ARV__JOBFOLDER_SHOWN_BYTES];    /* of what is put beside it */
    char *about;       /* what the application says of the archive, in JSON; NULL: nothing is put beside it */
    arv__sink *stream; /* the sink before the others, while it is packed */
    int64_t collected_at_unix; /* of the packing: it began to collect */
    arv__packaged packaged;    /* about to be recorded */
    arv_error error;           /* why the run does not succeed … */
    arv_error cause;           /* … as it came */
    arv_job_state decision;    /* what comes of that: QUEUED, RECOVERABLE_ERROR or ERROR_HANDLING … */
    arv_job_state ending;      /* … and where the last leads */

    arv__run_target targets[ARV_JOB_STORAGES_MAX];
    unsigned waiting;      /* requests under way */
    bool streamed;         /* the container, for them: the history belongs to a step while it runs */
    arv_job_progress told; /* of what is packaged, at last */
};

/* ---- journalled.c ---- */
/* Makes the job a journalled one. `rows` end with one that is always due. */
int arv__journalled_new(arv_job *job, const arv_job_spec *spec, const arv__row *rows, arv_error *err);

/* Before the job begins: who makes its proofs, borrowed until it has ended. */
void arv__journalled_prove(arv_job *job, arv__prover *prover);

/* ---- run.c ---- */
static inline arv__run *arv__run_of(const arv_job *job)
{
    return job->of_kind;
}
/* What the history says is due now, or the end of the run. */
void arv__run_next(arv__run *run);
/* The stage's record() as a step; then arv__run_next(), or arv__run_fail(). */
void arv__run_record(arv__run *run);
/* Any other step: `step` [pool], then `stepped`; in place where the pool takes nothing any more. */
void arv__run_step(arv__run *run, int (*step)(arv__run *run, arv_error *err),
                   void (*stepped)(arv__run *run, int status, const arv_error *err));
/* [pool] Appends `run->record` to the journal, and the history knows it. Empties it. */
int arv__run_append(arv__run *run, arv_error *err);
/* True when the job is to stop, and is then on its way to an end. */
bool arv__run_stops(arv__run *run);
/* The run does not succeed. A later one may; or it takes back what the job has done. */
void arv__run_fail(arv__run *run, int status, const arv_error *err);
/* The run ends although nothing failed, does not count, and another one may go on. */
void arv__run_rest(arv__run *run, const arv_error *why);
/* [pool] The container goes, and the job has ended: a record(). */
int arv__run_record_end(arv__run *run, arv_error *err);

/* ---- run_targets.c ---- */
/* Asks the first `count` targets what the stage's first() tells, then goes on with each as answered()
 * tells. Records what is ready; the stage has gathered() when nothing is under way. */
void arv__run_round(arv__run *run, unsigned count);
/* What is asked next is about this object of an archive: 0, or one beside it. While no step runs. */
void arv__run_turn_to(arv__run_target *target, const arv__archive *archive, unsigned object);
/* The first error of them; one that no retry mends before one that it may. NULL: none. */
const arv_error *arv__run_targets_error(const arv__run *run);

/* What most stages have as enter() and gathered(). */
/* A round over all storages of the job. */
void arv__run_ask(arv__run *run);
/* arv__run_fail() for an error, else arv__run_record() where there is a record, else arv__run_next(). */
void arv__run_gathered(arv__run *run);

/* ---- run_proof.c: for run_pack.c ---- */
/* An arv_closing_cb; `user_data` is the job. */
void arv__run_closing(void *user_data, arv_closing *closing);
/* The packer ended with an error while its closing is under way: true, and `packed` comes behind that. */
bool arv__run_closing_waits(arv__run *run, const arv_error *err,
                            void (*packed)(arv_job *job, int status, const arv_error *err));

/* ---- run_remove.c: for run_finish.c ---- */
/* As first() and answered(): removes what is beside an archive, then the archive, each compared before and
 * not to be found behind that. An error that stays ends it. */
arv__ask arv__run_remove_first(arv__run_target *target, const arv__archive *archive);
arv__ask arv__run_remove_answered(arv__run_target *target, const arv__archive *archive, arv_error *err);

/* ---- run_beside.c: for start.c ---- */
/* What an application may say of an archive: one flat object of at most ARV_JOB_BESIDE_BYTES. */
int arv__run_about_check(const char *about, arv_error *err);
/* The key of it, for the archive of `key`. */
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
