/* SPDX-License-Identifier: Apache-2.0 */
#ifndef POWER_TRIAL_H
#define POWER_TRIAL_H

/*
 * Trials of a whole job (whole_job.h) on a disk whose power fails (power_fs.h), for searches that
 * share them among processes:
 *
 *     power_trials_learn(shared, sha256);             how many calls there are, and what is right
 *     power_trial_place(&w, kind, worker, sha256);    for each kind and worker
 *     power_trials_each(shared, seed, callback, u);   the callback chooses, and runs what it chose
 */

#include "fault_fs.h"
#include "power_fs.h"
#include "whole_job.h"

enum { POWER_KINDS = 8 };

typedef struct power_trial {
    const whole_kind *kind;
    fault_op op; /* FAULT_ANY: the first process is not killed */
    unsigned nth;
    bool after;
    power_kept kept;
    bool cancels;
    uint64_t seed;
} power_trial;

/* Shared by all workers (sweep_share()). */
typedef struct power_trials {
    unsigned calls[POWER_KINDS][FAULT_OPS];
    unsigned trials[POWER_KINDS][3], wrong[POWER_KINDS][3]; /* by power_kept */
    unsigned lost;
    unsigned shown;
    char why[400];
} power_trials;

typedef bool (*power_trial_cb)(void *user_data, const power_trial *t, unsigned kind);

const char *power_kind_name(unsigned kind);
/* Runs one of each kind without faults; a failed check ends the test. */
void power_trials_learn(power_trials *shared, char sha256[65]);
void power_trial_place(whole_job *w, unsigned kind, unsigned worker, const char *sha256);
/* Every trial, in an order in which losses show early; a callback that returns false ends it. First
 * jobs that nothing happens to before the end; then those that end at a sync, which is where one that
 * is missing shows. */
void power_trials_each(const power_trials *shared, uint64_t seed, power_trial_cb callback, void *user_data);
/* Whether all is as it should be; else why not. */
bool power_trial_run(whole_job *w, const power_trial *t, power_trials *shared, char why[400]);

#endif
