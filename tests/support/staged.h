/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STAGED_H
#define STAGED_H

/*
 * Journalled jobs: a staging folder "staging" and a storage "store" in the test's own folder, and
 * one job in them with a UUID that does not change.
 */

#include <arv/staging.h>

#include "jobs.h"

#define STAGED_UUID "0198f6a0-5c5e-7cc3-98c4-dc0c0c07398f"

typedef struct staged_run {
    job_run run;
    arv_engine *engine;
    arv_storage *storage;
    arv_staging *staging;
    struct arv__prover *prover; /* of its runs, or NULL: prover.h */
} staged_run;

void staged_open(staged_run *s);
void staged_close(staged_run *s);
/* Runs the job to the end of one run; its status. May be called again. */
int staged_go(staged_run *s);
void staged_status(staged_run *s, arv_staged_status *status);
/* Runs `scene` in a child that is expected to be killed, and waits for it. */
void staged_killed(void (*scene)(staged_run *s));
/* A child's scene: runs the job and dies when it enters the state. */
void staged_die_in(staged_run *s, arv_job_state state);
/* Objects in the storage; each is verified. */
int staged_objects(staged_run *s);
/* Files below the staging folder. */
int staged_files(void);

#endif
