/* SPDX-License-Identifier: Apache-2.0 */
#include "power_trial.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "test.h"

enum { LARGE_BYTES = 1300000, ROUNDS = 7 };

static const whole_kind kinds[] = {
    {.name = "staged",
     .staged = true,
     .storages = 2,
     .creates = true,
     .deletes = true,
     .large_bytes = LARGE_BYTES},
    {.name = "staged, no O_TMPFILE",
     .staged = true,
     .storages = 1,
     .no_tmpfile = true,
     .large_bytes = LARGE_BYTES},
    {.name = "staged, tried by hand",
     .staged = true,
     .storages = 2,
     .lost_storage = true,
     .requeues = true,
     .large_bytes = LARGE_BYTES},
    {.name = "staged, lost storage",
     .staged = true,
     .storages = 2,
     .lost_storage = true,
     .large_bytes = LARGE_BYTES},
    {.name = "streams",
     .staged = true,
     .streams = true,
     .storages = 2,
     .creates = true,
     .large_bytes = LARGE_BYTES},
    {.name = "streams, no O_TMPFILE",
     .staged = true,
     .streams = true,
     .storages = 2,
     .no_tmpfile = true,
     .large_bytes = LARGE_BYTES},
    {.name = "streams, proven",
     .staged = true,
     .streams = true,
     .storages = 2,
     .creates = true,
     .proves = true,
     .large_bytes = LARGE_BYTES},
    {.name = "staged, with JSON",
     .staged = true,
     .storages = 2,
     .creates = true,
     .beside = true,
     .large_bytes = LARGE_BYTES},
};
_Static_assert(sizeof kinds / sizeof *kinds == POWER_KINDS, "each kind has its place");

static const fault_op changing[] = {FAULT_OPENAT,     FAULT_OPEN_TMPFILE, FAULT_PWRITE,
                                    FAULT_FSYNC,      FAULT_FDATASYNC,    FAULT_LINKAT,
                                    FAULT_LINK_EMPTY, FAULT_RENAMEAT,     FAULT_RENAMEAT_REPLACING,
                                    FAULT_UNLINKAT,   FAULT_MKDIRAT,      FAULT_FTRUNCATE};
enum { CHANGING = sizeof changing / sizeof *changing };

const char *power_kind_name(unsigned kind)
{
    return kinds[kind].name;
}

/* ---- one trial ------------------------------------------------------------------------------- */

static const arv__fileops *model;

static void trial_install(void *user_data)
{
    const power_trial *t = user_data;
    fault_fs_install_over(model);
    fault_fs_before_kill(power_fs_freeze);
    if (t->kind->no_tmpfile)
        fault_fs_lack(FAULT_OPEN_TMPFILE, EOPNOTSUPP);
    if (t->op != FAULT_ANY && t->after)
        fault_fs_kill_after(t->op, t->nth);
    else if (t->op != FAULT_ANY)
        fault_fs_kill(t->op, t->nth);
}

static bool trial_fails(char why[400], const char *what)
{
    char before[400];
    snprintf(before, sizeof before, "%s", why);
    snprintf(why, 400, "%s: %.340s", what, before);
    return false;
}

/* The end that a job without faults comes to, however often it is interrupted. One that had been
 * given up when it was cancelled has failed, and may then be tried by hand. */
static bool trial_check_end(const whole_job *w, char why[400])
{
    bool gives_up = w->kind->lost_storage, requeued = w->told->requeued;
    arv_job_state state = w->told->state;
    arv_job_state should = w->told->canceled                ? ARV_JOB_ABORTED
                           : gives_up && !w->kind->requeues ? ARV_JOB_FAILURE
                                                            : ARV_JOB_COMPLETED;
    if (state == should || w->told->deleting ||
        (w->told->canceled && gives_up && state == (requeued ? ARV_JOB_COMPLETED : ARV_JOB_FAILURE)))
        return true;
    snprintf(why, 400, "it should be %s, and is %s: %.250s", arv_job_state_name(should),
             arv_job_state_name(state), w->told->error.message);
    return false;
}

bool power_trial_run(whole_job *w, const power_trial *t, power_trials *shared, char why[400])
{
    power_trial calm = *t;
    calm.op = FAULT_ANY;
    const whole_hooks first = {trial_install, NULL, (void *)t};
    const whole_hooks later = {trial_install, NULL, &calm};
    whole_job_reset(w);
    model = power_fs_open(w->folder);
    why[0] = '\0';
    whole_end end = whole_job_run(w, WHOLE_RUNS_MOST, &first);
    if (end != WHOLE_ENDED && end != WHOLE_KILLED)
        return trial_fails(why, "the first process hangs or crashes");
    /* POWER_ALL: only the process was killed, and what was not synced may still be lost later. */
    int lost = t->kept == POWER_ALL ? 0 : power_fs_cut_some(t->kept, t->seed);
    __atomic_add_fetch(&shared->lost, (unsigned)lost, __ATOMIC_RELAXED);
    if (!whole_job_judge(w, false, why))
        return trial_fails(why, "after the power failed");
    if (t->cancels && !w->told->ended && !w->told->deleting) {
        whole_job_cancel(w, &later);
        power_fs_cut_some(POWER_NONE, t->seed);
    }
    if (whole_job_run(w, WHOLE_RUNS_MOST, &later) != WHOLE_ENDED)
        return trial_fails(why, "the second process hangs or crashes");
    if (!whole_job_judge(w, true, why) || !trial_check_end(w, why))
        return trial_fails(why, "after the restart");
    power_fs_cut_some(POWER_NONE, t->seed);
    if (!whole_job_judge(w, true, why))
        return trial_fails(why, "after the power failed at the end");
    return true;
}

/* ---- many ------------------------------------------------------------------------------------ */

static void count_calls(void *user_data)
{
    unsigned *calls = user_data;
    for (int op = 0; op < FAULT_OPS; op++)
        calls[op] = fault_fs_calls((fault_op)op);
}

static char proven_sha256[65]; /* of a container with its token */

void power_trial_place(whole_job *w, unsigned kind, unsigned worker, const char *sha256)
{
    whole_job_init(w, &kinds[kind], test_path("%u-%u", worker, kind));
    memcpy(w->place.sha256, kinds[kind].proves ? proven_sha256 : sha256, sizeof w->place.sha256);
}

static power_trial count_trial;

static void count_install(void *calls)
{
    (void)calls;
    trial_install(&count_trial);
}

void power_trials_learn(power_trials *shared, char sha256[65])
{
    static const whole_kind plain = {.name = "plain", .storages = 1, .large_bytes = LARGE_BYTES},
                            proven = {.name = "proven",
                                      .staged = true,
                                      .storages = 1,
                                      .proves = true,
                                      .large_bytes = LARGE_BYTES};
    whole_job w;
    char why[400];
    for (int i = 0; i < 2; i++) {
        whole_job_init(&w, i ? &proven : &plain, test_path(i ? "proven" : "plain"));
        whole_job_reset(&w);
        CHECK_INT(whole_job_run(&w, 1, NULL), WHOLE_ENDED);
        whole_job_learn(&w);
        memcpy(i ? proven_sha256 : sha256, w.place.sha256, 65);
    }
    for (unsigned kind = 0; kind < POWER_KINDS; kind++) {
        const whole_hooks hooks = {count_install, count_calls, shared->calls[kind]};
        count_trial = (power_trial){.kind = &kinds[kind], .op = FAULT_ANY};
        power_trial_place(&w, kind, 99, sha256);
        whole_job_reset(&w);
        model = power_fs_open(w.folder);
        CHECK_INT(whole_job_run(&w, WHOLE_RUNS_MOST, &hooks), WHOLE_ENDED);
        if (!whole_job_judge(&w, true, why) || !trial_check_end(&w, why))
            test_fail(__FILE__, __LINE__, "%s, without faults: %s", kinds[kind].name, why);
    }
}

static bool is_sync(fault_op op)
{
    return op == FAULT_FSYNC || op == FAULT_FDATASYNC;
}

/* With nothing kept, with all, with a part. */
static bool trials_of_round(const power_trials *shared, unsigned round, bool at_syncs, uint64_t seed,
                            power_trial_cb callback, void *user_data)
{
    power_kept kept = round == 1 ? POWER_NONE : round == 2 ? POWER_ALL : POWER_SOME;
    unsigned number = 0;
    for (unsigned kind = 0; kind < POWER_KINDS; kind++)
        for (unsigned o = 0; o < CHANGING; o++) {
            unsigned calls = shared->calls[kind][changing[o]];
            if (is_sync(changing[o]) != at_syncs ||
                (kinds[kind].no_tmpfile && changing[o] == FAULT_OPEN_TMPFILE))
                continue;
            for (unsigned i = 0; i < calls * 4; i++) {
                power_trial t = {&kinds[kind],
                                 changing[o],
                                 1 + i / 4,
                                 i & 1,
                                 kept,
                                 (i & 2) != 0,
                                 seed * 1000003u + round * 7919u + ++number};
                if (!callback(user_data, &t, kind))
                    return false;
            }
        }
    return true;
}

void power_trials_each(const power_trials *shared, uint64_t seed, power_trial_cb callback, void *user_data)
{
    for (unsigned kind = 0; kind < POWER_KINDS; kind++) {
        power_trial t = {&kinds[kind], FAULT_ANY, 0, false, POWER_NONE, false, seed};
        if (!callback(user_data, &t, kind))
            return;
    }
    for (unsigned round = 1; round < 2 * ROUNDS - 1; round++)
        if (!trials_of_round(shared, 1 + (round - 1) % (ROUNDS - 1), round < ROUNDS, seed, callback,
                             user_data))
            return;
}
