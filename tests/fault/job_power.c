/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The power fails during a whole job, before and after each call that changes the disk, and of what
 * was not synced nothing or any part is left (power_fs.h); or the process is killed, and everything
 * is still there, but not for sure. Then an application starts again; when it has been told the end,
 * the power fails once more with nothing left of what was not synced; and what is there is compared
 * with the reference model: what was acknowledged is there.
 *
 * The second test takes each sync out of the source, one after the other: the search must then find
 * a loss. A site that nobody misses is named: either the sync is superfluous or the model has a hole.
 *
 * A sample unless ARCHIVIST_FAULTS=full (sweep.h).
 */

#include <ctype.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fault_fs.h"
#include "power_fs.h"
#include "sweep.h"
#include "test.h"
#include "whole_job.h"

enum { SAMPLE_TRIALS = 150, SHOWN_MOST = 6, LARGE_BYTES = 1300000, ROUNDS = 7 };

static const whole_kind kinds[] = {
    {.name = "staged", .staged = true, .storages = 2, .creates = true, .deletes = true,
     .large_bytes = LARGE_BYTES},
    {.name = "staged, no O_TMPFILE", .staged = true, .storages = 1, .no_tmpfile = true,
     .large_bytes = LARGE_BYTES},
    {.name = "staged, tried by hand", .staged = true, .storages = 2, .lost_storage = true,
     .requeues = true, .large_bytes = LARGE_BYTES},
    {.name = "staged, lost storage", .staged = true, .storages = 2, .lost_storage = true,
     .large_bytes = LARGE_BYTES},
    {.name = "streams", .staged = true, .streams = true, .storages = 2, .creates = true,
     .large_bytes = LARGE_BYTES},
    {.name = "streams, no O_TMPFILE", .staged = true, .streams = true, .storages = 2,
     .no_tmpfile = true, .large_bytes = LARGE_BYTES},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static const fault_op changing[] = {
    FAULT_OPENAT, FAULT_OPEN_TMPFILE, FAULT_PWRITE, FAULT_FSYNC, FAULT_FDATASYNC, FAULT_LINKAT,
    FAULT_LINK_EMPTY, FAULT_RENAMEAT, FAULT_RENAMEAT_REPLACING, FAULT_UNLINKAT, FAULT_MKDIRAT,
    FAULT_FTRUNCATE};
enum { CHANGING = sizeof changing / sizeof *changing };

typedef struct trial {
    const whole_kind *kind;
    fault_op op; /* FAULT_ANY: the first process is not killed */
    unsigned nth;
    bool after;
    power_kept kept;
    bool cancels;
    uint64_t seed;
} trial;

typedef struct power_shared {
    unsigned calls[KINDS][FAULT_OPS];
    unsigned trials[KINDS][3], wrong[KINDS][3], lost;
    unsigned shown;
    char why[400];
} power_shared;

/* ---- one trial ------------------------------------------------------------------------------- */

static const arv__fileops *model;

static void trial_install(void *user_data)
{
    const trial *t = user_data;
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
    arv_job_state should = w->told->canceled                   ? ARV_JOB_ABORTED
                           : gives_up && !w->kind->requeues ? ARV_JOB_FAILURE
                                                            : ARV_JOB_COMPLETED;
    if (state == should || w->told->deleting ||
        (w->told->canceled && gives_up && state == (requeued ? ARV_JOB_COMPLETED : ARV_JOB_FAILURE)))
        return true;
    snprintf(why, 400, "it should be %s, and is %s: %.250s", arv_job_state_name(should),
             arv_job_state_name(state), w->told->error.message);
    return false;
}

static bool trial_run(whole_job *w, const trial *t, power_shared *shared, char why[400])
{
    trial calm = *t;
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

typedef bool (*trial_cb)(void *user_data, const trial *t, unsigned kind);

static void count_calls(void *user_data)
{
    unsigned *calls = user_data;
    for (int op = 0; op < FAULT_OPS; op++)
        calls[op] = fault_fs_calls((fault_op)op);
}

static void place_of(whole_job *w, unsigned kind, unsigned worker, const char *sha256)
{
    whole_job_init(w, &kinds[kind], test_path("%u-%u", worker, kind));
    memcpy(w->place.sha256, sha256, sizeof w->place.sha256);
}

static trial count_trial;
static void count_install(void *calls)
{
    (void)calls;
    trial_install(&count_trial);
}

static void calls_learn(power_shared *shared, char sha256[65])
{
    static const whole_kind plain = {.name = "plain", .storages = 1, .large_bytes = LARGE_BYTES};
    whole_job w;
    char why[400];
    whole_job_init(&w, &plain, test_path("plain"));
    whole_job_reset(&w);
    CHECK_INT(whole_job_run(&w, 1, NULL), WHOLE_ENDED);
    whole_job_learn(&w);
    memcpy(sha256, w.place.sha256, 65);
    for (unsigned kind = 0; kind < KINDS; kind++) {
        const whole_hooks hooks = {count_install, count_calls, shared->calls[kind]};
        count_trial = (trial){.kind = &kinds[kind], .op = FAULT_ANY};
        place_of(&w, kind, 99, sha256);
        whole_job_reset(&w);
        model = power_fs_open(w.folder);
        CHECK_INT(whole_job_run(&w, WHOLE_RUNS_MOST, &hooks), WHOLE_ENDED);
        if (!whole_job_judge(&w, true, why) || !trial_check_end(&w, why))
            test_fail(__FILE__, __LINE__, "%s, without faults: %s", kinds[kind].name, why);
    }
}

/* Every trial, in an order in which losses show early; the callback returns false to end. First
 * jobs that nothing happens to before the end, then with nothing kept, with all, with a part. */
static bool trials_of_round(const power_shared *shared, unsigned round, uint64_t seed,
                            trial_cb callback, void *user_data)
{
    power_kept kept = round == 1 ? POWER_NONE : round == 2 ? POWER_ALL : POWER_SOME;
    unsigned number = 0;
    for (unsigned kind = 0; kind < KINDS; kind++)
        for (unsigned o = 0; o < CHANGING; o++) {
            unsigned calls = shared->calls[kind][changing[o]];
            if (kinds[kind].no_tmpfile && changing[o] == FAULT_OPEN_TMPFILE)
                continue;
            for (unsigned i = 0; i < calls * 4; i++) {
                trial t = {&kinds[kind], changing[o], 1 + i / 4, i & 1, kept, (i & 2) != 0,
                           seed * 1000003u + round * 7919u + ++number};
                if (!callback(user_data, &t, kind))
                    return false;
            }
        }
    return true;
}

static void trials_each(const power_shared *shared, uint64_t seed, trial_cb callback,
                        void *user_data)
{
    for (unsigned kind = 0; kind < KINDS; kind++) {
        trial t = {&kinds[kind], FAULT_ANY, 0, false, POWER_NONE, false, seed};
        if (!callback(user_data, &t, kind))
            return;
    }
    for (unsigned round = 1; round < ROUNDS; round++)
        if (!trials_of_round(shared, round, seed, callback, user_data))
            return;
}

typedef struct searching {
    power_shared *shared;
    whole_job jobs[KINDS];
    unsigned worker, workers, step, offset, index;
    uint64_t seed;
    char sha256[65];
    char why[400]; /* of the first that was wrong */
    unsigned trials, most; /* 0: all */
    bool stops; /* at the first that is wrong */
} searching;

static bool search_trial(void *user_data, const trial *t, unsigned kind)
{
    searching *s = user_data;
    char why[400];
    s->index++;
    if (s->index % s->step != s->offset || s->index / s->step % s->workers != s->worker)
        return true;
    if (s->most && s->trials == s->most)
        return false;
    s->trials++;
    bool good = trial_run(&s->jobs[kind], t, s->shared, why);
    __atomic_add_fetch(&s->shared->trials[kind][t->kept], 1, __ATOMIC_RELAXED);
    if (good)
        return true;
    __atomic_add_fetch(&s->shared->wrong[kind][t->kept], 1, __ATOMIC_RELAXED);
    memcpy(s->why, why, sizeof why);
    if (!s->stops && __atomic_add_fetch(&s->shared->shown, 1, __ATOMIC_RELAXED) <= SHOWN_MOST)
        printf("# WRONG %s: the power fails %s call %u of %s, kept: %s, %s: %s\n%s",
               t->kind->name, t->after ? "after" : "before", t->nth, fault_fs_name(t->op),
               t->kept == POWER_NONE  ? "nothing"
               : t->kept == POWER_ALL ? "all, until later"
                                      : "some",
               t->cancels ? "cancelled" : "resumed", why, power_fs_story());
    return !s->stops;
}

static void search_worker(void *user_data, unsigned number)
{
    searching s = *(searching *)user_data;
    s.worker = number;
    s.workers = sweep_workers();
    for (unsigned kind = 0; kind < KINDS; kind++)
        place_of(&s.jobs[kind], kind, number, s.sha256);
    trials_each(s.shared, s.seed, search_trial, &s);
}

static bool count_trial_only(void *user_data, const trial *t, unsigned kind)
{
    (void)t;
    (void)kind;
    ++*(unsigned *)user_data;
    return true;
}

TEST_TIMEOUT(a_job_survives_that_the_power_fails, 300)
{
    power_shared *shared = sweep_share(sizeof *shared);
    searching s = {.shared = shared, .seed = sweep_seed()};
    unsigned all = 0, wrong = 0;
    alarm(sweep_is_full() ? 0 : 300);
    calls_learn(shared, s.sha256);
    trials_each(shared, s.seed, count_trial_only, &all);
    s.step = sweep_is_full() || all < SAMPLE_TRIALS ? 1 : all / SAMPLE_TRIALS;
    s.offset = (unsigned)(s.seed % s.step);
    bool good = sweep_run(search_worker, &s);
    printf("\npower failures: one of %u\n\n| kind of job            | nothing kept | some kept | "
           "killed | wrong |\n|---|--:|--:|--:|--:|\n", s.step);
    for (unsigned kind = 0; kind < KINDS; kind++) {
        const unsigned *w = shared->wrong[kind], *n = shared->trials[kind];
        printf("| %-22s | %12u | %9u | %6u | %5u |\n", kinds[kind].name, n[POWER_NONE],
               n[POWER_SOME], n[POWER_ALL], w[0] + w[1] + w[2]);
        wrong += w[0] + w[1] + w[2];
    }
    printf("changes lost: %u\n", shared->lost);
    CHECK(good);
    CHECK_INT(wrong, 0);
}

/* ---- every sync ------------------------------------------------------------------------------ */

static char sites[POWER_SITES_MOST][120];
static unsigned site_count;

/* What no job does: a storage is adopted by hand. */
static bool site_is_elsewhere(const char *site)
{
    return strncmp(site, "core/src/storage/filesystem_mark.c:", 35) == 0;
}

static int sites_of_file(const char *path, const struct stat *st, int type, struct FTW *walk)
{
    char line[1000];
    const char *from = strstr(path, "core/src/");
    (void)st;
    (void)walk;
    if (type != FTW_F || !from || strcmp(path + strlen(path) - 2, ".c") != 0 ||
        strstr(path, "loop/fileops.c"))
        return 0;
    FILE *f = fopen(path, "r");
    CHECK(f != NULL);
    for (int number = 1; fgets(line, sizeof line, f); number++) {
        if (!strstr(line, "arv__fs_fsync_retry(") && !strstr(line, "->fsync(") &&
            !strstr(line, "->fdatasync("))
            continue;
        CHECK(site_count < POWER_SITES_MOST);
        snprintf(sites[site_count], sizeof *sites, "%s:%d", from, number);
        site_count += !site_is_elsewhere(sites[site_count]);
    }
    fclose(f);
    return 0;
}

static int compare_sites(const void *a, const void *b)
{
    return strcmp(a, b);
}

typedef struct site_result {
    unsigned calls, trials;
    bool missed;
    char why[400];
} site_result;

typedef struct sites_search {
    searching search;
    site_result *results;
} sites_search;

static void sites_worker(void *user_data, unsigned number)
{
    sites_search *all = user_data;
    for (unsigned i = number; i < site_count; i += sweep_workers()) {
        if (!sweep_is_full() && i != all->search.seed % site_count)
            continue;
        site_result *result = &all->results[i];
        searching s = all->search;
        s.step = s.workers = 1;
        s.stops = true;
        s.most = sweep_is_full() ? 0 : SAMPLE_TRIALS;
        for (unsigned kind = 0; kind < KINDS; kind++)
            place_of(&s.jobs[kind], kind, number, s.sha256);
        power_fs_ignore_site(sites[i]);
        trials_each(s.shared, s.seed, search_trial, &s);
        result->trials = s.trials;
        result->calls = power_fs_site_calls(sites[i]);
        result->missed = s.why[0] != '\0' && result->calls > 0;
        memcpy(result->why, s.why, sizeof s.why);
        printf("| %-34s | %7u | %6u | %s |\n", sites[i], result->calls, result->trials,
               result->missed  ? result->why
               : result->calls ? sweep_is_full() ? "NOBODY MISSES IT" : "not found in a sample"
                               : "IT IS NEVER CALLED");
        fflush(stdout);
    }
}

TEST_TIMEOUT(each_sync_in_the_source_is_needed, 300)
{
    power_shared *shared = sweep_share(sizeof *shared);
    sites_search all = {.search = {.shared = shared, .seed = sweep_seed()}};
    unsigned missed = 0;
    alarm(sweep_is_full() ? 0 : 300);
    nftw(TEST_SOURCE_DIR "/../core/src", sites_of_file, 16, FTW_PHYS);
    CHECK(site_count > 0);
    qsort(sites, site_count, sizeof *sites, compare_sites);
    calls_learn(shared, all.search.sha256);
    all.results = sweep_share(sizeof *all.results * site_count);
    printf("\n| sync                               |   calls | trials | what its absence does |\n"
           "|---|--:|--:|---|\n");
    CHECK(sweep_run(sites_worker, &all));
    for (unsigned i = 0; i < site_count; i++) {
        if (sweep_is_full() || i == all.search.seed % site_count)
            CHECK(all.results[i].trials > 0);
        /* A part of the search may find nothing; nearly all of them are found by its beginning. */
        missed += sweep_is_full() && !all.results[i].missed;
    }
    CHECK_INT(missed, 0);
}
