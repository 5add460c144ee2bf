/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Every call of the table of file operations in a whole job is failed, shortened, answered wrongly
 * or made the last one of its process. Then an application starts again, without faults, and what is
 * there is compared with the reference model. One run without fault counts the calls; a point is an
 * operation, the number of a call of it, and what happens there. Whoever adds operations to the
 * table, such as those of a network, adds them to fault_fs.h and is counted in.
 *
 * A sample of the points unless ARCHIVIST_FAULTS=full (sweep.h).
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fault_fs.h"
#include "sweep.h"
#include "test.h"
#include "whole_job.h"

enum { SAMPLE_POINTS = 60, SHOWN_MOST = 10, LARGE_BYTES = 1300000, BEYOND = 2 };

/* X(NAME, text) */
#define FAULT_KINDS(X)                                                                                       \
    X(EIO, "fails with EIO")                                                                                 \
    X(ENOSPC, "fails with ENOSPC")                                                                           \
    X(EACCES, "fails with EACCES")                                                                           \
    X(EINTR, "is interrupted (EINTR)")                                                                       \
    X(SHORT, "moves fewer bytes")                                                                            \
    X(LOST_ANSWER, "is done, but EIO is told")                                                               \
    X(DEAD, "fails with EIO, and so does every call after it")                                               \
    X(KILL, "is where the process is killed")                                                                \
    X(KILL_AFTER, "is the last that the process did")                                                        \
    X(KILL_CANCEL, "is the last; then the job is cancelled")

typedef enum {
#define FAULT_KIND_ENUM(name, text) POINT_##name,
    FAULT_KINDS(FAULT_KIND_ENUM)
#undef FAULT_KIND_ENUM
        POINT_KINDS
} point_kind;

typedef enum { AT_ONCE, LATER, FAILED, ABORTED, NOTHING, MISSED, WRONG, OUTCOMES } point_outcome;

static const char *const kind_texts[] = {
#define FAULT_KIND_TEXT(name, text) text,
    FAULT_KINDS(FAULT_KIND_TEXT)
#undef FAULT_KIND_TEXT
};

typedef struct calls_shared {
    unsigned calls[FAULT_OPS]; /* of a run without fault */
    unsigned runs;             /* in which it ends */
    arv_job_state state;
    unsigned last_calls; /* of the operation of this worker's point */
    unsigned tally[FAULT_OPS][OUTCOMES];
    unsigned by_kind[POINT_KINDS][OUTCOMES];
    unsigned shown;
} calls_shared;

typedef struct calls_sweep {
    const whole_kind *kind;
    char sha256[65];
    unsigned step, offset; /* which points */
    calls_shared *shared;
} calls_sweep;

typedef struct point {
    fault_op op;
    point_kind kind;
    unsigned nth;
    bool no_tmpfile;
    unsigned *calls; /* shared: of the operation, in the child */
} point;

/* What may be interrupted according to its manual page. */
static bool may_be_interrupted(fault_op op)
{
    return op == FAULT_OPENAT || op == FAULT_OPEN_TMPFILE || op == FAULT_OPEN_BENEATH || op == FAULT_CLOSE ||
           op == FAULT_READ || op == FAULT_PREAD || op == FAULT_PWRITE || op == FAULT_FSYNC ||
           op == FAULT_FDATASYNC || op == FAULT_FSTATVFS || op == FAULT_FALLOCATE || op == FAULT_FTRUNCATE;
}

static bool point_makes_sense(const whole_kind *kind, fault_op op, point_kind what)
{
    if (what == POINT_EINTR)
        return may_be_interrupted(op);
    if (what == POINT_SHORT)
        return op == FAULT_READ || op == FAULT_PREAD || op == FAULT_PWRITE;
    if (what == POINT_LOST_ANSWER)
        return op != FAULT_FDOPENDIR && op != FAULT_READDIR && op != FAULT_CLOSEDIR;
    if (what == POINT_KILL_AFTER || what == POINT_KILL_CANCEL)
        return op != FAULT_FDOPENDIR && op != FAULT_READDIR && op != FAULT_CLOSEDIR &&
               (kind->staged || what == POINT_KILL_AFTER);
    return true;
}

static void lack_tmpfile(void *unused)
{
    (void)unused;
    fault_fs_install();
    fault_fs_lack(FAULT_OPEN_TMPFILE, EOPNOTSUPP);
}

static void point_install(void *user_data)
{
    const point *p = user_data;
    fault_fs_install();
    if (p->no_tmpfile)
        fault_fs_lack(FAULT_OPEN_TMPFILE, EOPNOTSUPP);
    switch (p->kind) {
    case POINT_EIO:
        fault_fs_fail(p->op, p->nth, EIO);
        break;
    case POINT_ENOSPC:
        fault_fs_fail(p->op, p->nth, ENOSPC);
        break;
    case POINT_EACCES:
        fault_fs_fail(p->op, p->nth, EACCES);
        break;
    case POINT_EINTR:
        fault_fs_fail(p->op, p->nth, EINTR);
        break;
    case POINT_SHORT:
        fault_fs_shorten(p->op, p->nth, 1 + p->nth % 3);
        break;
    case POINT_LOST_ANSWER:
        fault_fs_fail_after(p->op, p->nth, EIO);
        break;
    case POINT_DEAD:
        fault_fs_die(p->op, p->nth, EIO);
        break;
    case POINT_KILL:
        fault_fs_kill(p->op, p->nth);
        break;
    default:
        fault_fs_kill_after(p->op, p->nth);
        break;
    }
}

static void point_count(void *user_data)
{
    const point *p = user_data;
    *p->calls = fault_fs_calls(p->op);
}

static point_outcome point_try(whole_job *w, const point *p, const calls_shared *clean, char why[400])
{
    const whole_hooks faulty = {point_install, point_count, (void *)p};
    const whole_hooks plain = {p->no_tmpfile ? lack_tmpfile : NULL, NULL, NULL};
    bool kills = p->kind >= POINT_KILL, staged = w->kind->staged;
    whole_job_reset(w);
    *p->calls = 0;
    whole_end end = whole_job_run(w, WHOLE_RUNS_MOST, &faulty);
    bool at_once = end == WHOLE_ENDED && w->told->ended && w->told->runs == clean->runs &&
                   w->told->state == clean->state;
    if (end == WHOLE_HUNG || end == WHOLE_BROKEN || (end == WHOLE_KILLED && !kills)) {
        snprintf(why, 400, "the process %s", end == WHOLE_HUNG ? "hangs" : "crashes");
        return WRONG;
    }
    if (kills ? end != WHOLE_KILLED : *p->calls < p->nth)
        return MISSED;
    if (staged && p->kind == POINT_KILL_CANCEL && !w->told->deleting)
        whole_job_cancel(w, &plain);
    if (staged)
        end = whole_job_run(w, WHOLE_RUNS_MOST, &plain);
    if (end != WHOLE_ENDED && staged) {
        snprintf(why, 400, "after the restart the process %s", end == WHOLE_HUNG ? "hangs" : "crashes");
        return WRONG;
    }
    if (!staged && p->kind == POINT_DEAD) /* on a dead disk nobody can clean up */
        memset(w->told, 0, sizeof *w->told);
    if (!whole_job_judge(w, true, why))
        return WRONG;
    if (!w->told->ended)
        return NOTHING;
    if ((p->kind == POINT_EINTR || p->kind == POINT_SHORT) && !at_once) {
        snprintf(why, 400, "it shows: %u runs; %.300s", w->told->runs, w->told->error.message);
        return WRONG;
    }
    if (w->told->canceled && w->told->state != ARV_JOB_ABORTED &&
        !(w->kind->lost_storage && /* it had been given up, and was then tried by hand */
          (w->told->state != ARV_JOB_COMPLETED || w->told->requeued))) {
        snprintf(why, 400, "it was cancelled, and is %s", arv_job_state_name(w->told->state));
        return WRONG;
    }
    if (kills && !w->told->canceled && w->told->state != clean->state) {
        snprintf(why, 400, "it lost more than time: %s; %.300s", arv_job_state_name(w->told->state),
                 w->told->error.message);
        return WRONG;
    }
    return w->told->state == ARV_JOB_COMPLETED ? (at_once ? AT_ONCE : LATER)
           : w->told->state == ARV_JOB_ABORTED ? ABORTED
                                               : FAILED;
}

static void calls_worker(void *user_data, unsigned number)
{
    calls_sweep *sweep = user_data;
    calls_shared *shared = sweep->shared;
    unsigned index = 0, *calls = sweep_share(sizeof *calls);
    whole_job w;
    char why[400];
    whole_job_init(&w, sweep->kind, test_path("worker-%u", number));
    memcpy(w.place.sha256, sweep->sha256, sizeof w.place.sha256);
    for (int op = 0; op < FAULT_OPS; op++)
        for (unsigned nth = 1; shared->calls[op] && nth <= shared->calls[op] + BEYOND; nth++)
            for (int kind = 0; kind < POINT_KINDS; kind++) {
                point p = {(fault_op)op, (point_kind)kind, nth, sweep->kind->no_tmpfile, calls};
                if (!point_makes_sense(sweep->kind, p.op, p.kind) ||
                    (p.no_tmpfile && op == FAULT_OPEN_TMPFILE) || ++index % sweep->step != sweep->offset ||
                    index / sweep->step % sweep_workers() != number)
                    continue;
                point_outcome outcome = point_try(&w, &p, shared, why);
                __atomic_add_fetch(&shared->tally[op][outcome], 1, __ATOMIC_RELAXED);
                __atomic_add_fetch(&shared->by_kind[kind][outcome], 1, __ATOMIC_RELAXED);
                if (outcome == WRONG && __atomic_add_fetch(&shared->shown, 1, __ATOMIC_RELAXED) <= SHOWN_MOST)
                    printf("# WRONG %s: call %u of %s %s: %s\n", sweep->kind->name, nth, fault_fs_name(p.op),
                           kind_texts[kind], why);
            }
}

static void count_clean(void *user_data)
{
    calls_shared *shared = user_data;
    for (int op = 0; op < FAULT_OPS; op++)
        shared->calls[op] = fault_fs_calls((fault_op)op);
}

static void install_clean(void *user_data)
{
    (void)user_data;
    fault_fs_install();
}

static void print_row(const char *name, unsigned calls, const unsigned tally[OUTCOMES])
{
    unsigned points = 0;
    for (int i = 0; i < OUTCOMES; i++)
        points += i == MISSED ? 0 : tally[i];
    printf("| %-48s | %6u | %7u | %7u | %7u | %7u | %7u | %7u | %5u |\n", name, calls, points, tally[AT_ONCE],
           tally[LATER], tally[FAILED], tally[ABORTED], tally[NOTHING], tally[WRONG]);
}

static void print_table(const calls_sweep *sweep)
{
    const calls_shared *s = sweep->shared;
    unsigned all[OUTCOMES] = {0}, calls = 0;
    printf("\n%s, one point of %u\n\n| %-48s |  calls |  points | at once |   later |  failed | "
           "aborted | nothing | wrong |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
           sweep->kind->name, sweep->step, "");
    for (int op = 0; op < FAULT_OPS; op++) {
        if (s->calls[op] && sweep_is_full())
            print_row(fault_fs_name((fault_op)op), s->calls[op], s->tally[op]);
        for (int i = 0; i < OUTCOMES; i++)
            all[i] += s->tally[op][i];
        calls += s->calls[op];
    }
    for (int kind = 0; kind < POINT_KINDS && sweep_is_full(); kind++)
        print_row(kind_texts[kind], 0, s->by_kind[kind]);
    print_row("all", calls, all);
    fflush(stdout);
}

static unsigned count_points(const calls_sweep *sweep)
{
    unsigned count = 0;
    for (int op = 0; op < FAULT_OPS; op++)
        for (int kind = 0; kind < POINT_KINDS; kind++)
            if (sweep->shared->calls[op] && point_makes_sense(sweep->kind, (fault_op)op, (point_kind)kind))
                count += sweep->shared->calls[op] + BEYOND;
    return count;
}

/* The container that each kind of job has to give: made without faults, and without staging but for
 * one that is proven. */
static void learn(char sha256[65], bool proves)
{
    const whole_kind plain = {
        .name = "plain", .storages = 1, .large_bytes = LARGE_BYTES, .staged = proves, .proves = proves};
    whole_job w;
    char why[400];
    whole_job_init(&w, &plain, test_path("plain"));
    whole_job_reset(&w);
    CHECK_INT(whole_job_run(&w, 1, NULL), WHOLE_ENDED);
    if (!w.told->ended || w.told->state != ARV_JOB_COMPLETED)
        test_fail(__FILE__, __LINE__, "without faults: %s", w.told->error.message);
    whole_job_learn(&w);
    if (!whole_job_judge(&w, true, why))
        test_fail(__FILE__, __LINE__, "without faults: %s", why);
    memcpy(sha256, w.place.sha256, 65);
}

static void sweep_calls(const whole_kind *kind, arv_job_state expected)
{
    calls_sweep sweep = {.kind = kind, .shared = sweep_share(sizeof(calls_shared))};
    const whole_hooks count = {kind->no_tmpfile ? lack_tmpfile : install_clean, count_clean, sweep.shared};
    uint64_t seed = sweep_seed();
    whole_job w;
    char why[400];
    if (sweep_is_full())
        alarm(0);
    learn(sweep.sha256, kind->proves);
    whole_job_init(&w, kind, test_path("clean"));
    memcpy(w.place.sha256, sweep.sha256, sizeof sweep.sha256);
    whole_job_reset(&w);
    CHECK_INT(whole_job_run(&w, WHOLE_RUNS_MOST, &count), WHOLE_ENDED);
    if (!whole_job_judge(&w, true, why))
        test_fail(__FILE__, __LINE__, "without faults: %s", why);
    CHECK_STR(arv_job_state_name(w.told->state), arv_job_state_name(expected));
    sweep.shared->runs = w.told->runs;
    sweep.shared->state = w.told->state;
    unsigned points = count_points(&sweep);
    sweep.step = sweep_is_full() || points < SAMPLE_POINTS ? 1 : points / SAMPLE_POINTS;
    sweep.offset = (unsigned)(seed % sweep.step);
    bool good = sweep_run(calls_worker, &sweep);
    print_table(&sweep);
    CHECK(good);
    for (int op = 0; op < FAULT_OPS; op++)
        CHECK_INT(sweep.shared->tally[op][WRONG], 0);
}

#define SWEEP(id, state, ...)                                                                                \
    TEST_TIMEOUT(id, 120)                                                                                    \
    {                                                                                                        \
        static const whole_kind kind = {.name = #id, .large_bytes = LARGE_BYTES, __VA_ARGS__};               \
        sweep_calls(&kind, state);                                                                           \
    }

SWEEP(a_job_of_one_process, ARV_JOB_COMPLETED, .storages = 2)
SWEEP(a_job_of_one_process_without_tmpfile, ARV_JOB_COMPLETED, .storages = 1, .no_tmpfile = true)
SWEEP(a_staged_job, ARV_JOB_COMPLETED, .staged = true, .storages = 2, .deletes = true)
SWEEP(a_staged_job_without_tmpfile, ARV_JOB_COMPLETED, .staged = true, .storages = 1, .no_tmpfile = true)
SWEEP(a_staged_job_with_a_late_storage, ARV_JOB_COMPLETED, .staged = true, .storages = 2,
      .late_storage = true)
SWEEP(a_staged_job_with_a_lost_storage, ARV_JOB_FAILURE, .staged = true, .storages = 2, .lost_storage = true,
      .deletes = true)
SWEEP(a_staged_job_that_streams, ARV_JOB_COMPLETED, .staged = true, .streams = true, .storages = 2)
SWEEP(a_staged_job_that_streams_without_tmpfile, ARV_JOB_COMPLETED, .staged = true, .streams = true,
      .storages = 2, .no_tmpfile = true)
SWEEP(a_staged_job_that_is_tried_by_hand, ARV_JOB_COMPLETED, .staged = true, .storages = 2,
      .lost_storage = true, .requeues = true)
SWEEP(a_job_whose_archive_is_proven, ARV_JOB_COMPLETED, .staged = true, .storages = 2, .proves = true)
SWEEP(a_job_that_streams_and_whose_archive_is_proven, ARV_JOB_COMPLETED, .staged = true, .streams = true,
      .storages = 2, .proves = true)
SWEEP(a_job_that_puts_something_beside_its_archive, ARV_JOB_COMPLETED, .staged = true, .storages = 2,
      .beside = true, .deletes = true)
SWEEP(a_job_that_streams_and_puts_something_beside_its_archive, ARV_JOB_COMPLETED, .staged = true,
      .streams = true, .storages = 1, .beside = true)
SWEEP(a_job_with_something_beside_and_a_lost_storage, ARV_JOB_FAILURE, .staged = true, .storages = 2,
      .lost_storage = true, .beside = true)
