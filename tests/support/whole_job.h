/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WHOLE_JOB_H
#define WHOLE_JOB_H

/*
 * One whole job as an application does it, in child processes that may be killed at any instant:
 *
 *     whole_job_init(&w, &kind, folder);         sources, staging, storages
 *     whole_job_reset(&w);
 *     whole_job_run(&w, 1, &hooks);              makes, runs, deletes; the hooks install faults
 *     whole_job_run(&w, 4, NULL);                what an application does after a crash
 *     whole_job_judge(&w, true, why);            against the reference model (outcome.h)
 *
 * What the application was told survives its processes (whole_job.told).
 */

#include "outcome.h"
#include "prover.h"

typedef struct whole_kind {
    const char *name;
    bool staged;       /* else a job of one process */
    bool streams;      /* a staged one into the storages at once */
    bool no_tmpfile;   /* on a file system without O_TMPFILE */
    bool late_storage; /* the last storage is not there in the first run */
    bool lost_storage; /* the last storage is never there */
    bool requeues;     /* once it has failed so, the storage comes and the job is tried by hand */
    bool creates;      /* the storages make their folders */
    bool deletes;      /* at the end */
    bool proves;       /* a staged one: with a seed, a token in time and a later seal (prover.h) */
    bool beside;       /* a staged one: with a JSON beside its archive */
    unsigned storages;
    size_t large_bytes; /* of the largest of its entries */
} whole_kind;

typedef enum { WHOLE_ENDED, WHOLE_KILLED, WHOLE_HUNG, WHOLE_BROKEN } whole_end;

typedef struct whole_job {
    const whole_kind *kind;
    char folder[OUTCOME_PATH_BYTES];
    char source[OUTCOME_PATH_BYTES];
    outcome_place place;
    outcome_told *told; /* shared with children */
    stand_in prover;
    char journal[OUTCOME_PATH_BYTES + 64];
} whole_job;

enum { WHOLE_ATTEMPTS_MAX = 5, WHOLE_RUNS_MOST = 2 * WHOLE_ATTEMPTS_MAX + 2 };

void whole_job_init(whole_job *w, const whole_kind *kind, const char *folder);
/* Everything as before the first run; nothing was told. */
void whole_job_reset(whole_job *w);
/* In a child: before it begins, such as to install a table, and at its end unless it was killed. */
typedef struct whole_hooks {
    void (*before)(void *user_data);
    void (*after)(void *user_data);
    void *user_data;
} whole_hooks;

/* One process of the application: begins or goes on, until the job is at rest in a final state and,
 * if it wants to, deleted, or `runs_most` runs are over. Hooks may be NULL. */
whole_end whole_job_run(whole_job *w, unsigned runs_most, const whole_hooks *hooks);
/* A process that asks to cancel the job. */
whole_end whole_job_cancel(whole_job *w, const whole_hooks *hooks);
/* Whether the outcome may be; `final`: it must have ended. */
bool whole_job_judge(whole_job *w, bool final, char why[400]);
/* Verifies the object of the first storage and keeps its digest as the one that is right. */
void whole_job_learn(whole_job *w);

#endif
