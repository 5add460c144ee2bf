/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_JOB_ENGINE_H
#define ARV_JOB_ENGINE_H

/*
 * What the engine shares with jobs. Storage and verify, which stand left of job, see the engine
 * through loop/context.h only.
 *
 * The queue. A job begins when a place (jobs_max) and its memory are free. It is small when the sizes
 * of all its entries are known as it is started and come to 1 GiB at most; else it is large. Small
 * ones wait in one line, large ones in another, each in the order of their start, so that a small one
 * never waits behind a large one, in the queue or at work:
 *
 *   - Large jobs together never hold the last place (where jobs_max > 1), nor the last 9 MiB of
 *     memory (where the engine has 18 MiB or more: with less, one job works at a time).
 *   - Where both lines could go on, small ones go first. A large one that could begin is passed by
 *     at most 16 small ones that were started after it; then it is its turn, and what was started
 *     after it waits. So nothing starves: once the large ones before it have gone, a large job waits
 *     for the small ones that were there before it and for 16 others.
 *
 * A job that names no memory gets half of what is free, 9 to 16 MiB; one that wants more than there
 * is for it at all gets what there is.
 */

#include "loop/context.h"
#include "loop/priority.h"
#include "package/packer.h"
#include <arv/engine.h>
#include <arv/job.h>

/* What the queue knows of a job: embedded in it, a link of the queue, later of the running ones. */
typedef struct arv__turn {
    struct arv__turn *next, *previous;
    arv_job *job;
    size_t memory_bytes;  /* the job's wish, 0: none; while it runs, what it was given */
    uint64_t input_bytes; /* UINT64_MAX: not known */
    uint64_t number;      /* in the order of the start */
    bool large, running, sleeping;
} arv__turn;

typedef struct arv__line {
    arv__turn *head, *tail;
} arv__line;

struct arv_engine {
    arv__context context; /* first: an arv_engine * is an arv__context * (loop/context.h) */
    arv__slots *cpu;
    arv__priority priority;
    unsigned threads, readers, jobs_max, jobs_running;
    size_t memory_bytes, memory_used;
    unsigned large_running; /* of jobs_running */
    size_t large_memory;    /* of memory_used */
    arv__line small, large; /* that wait for a place */
    arv__line asleep;       /* that wait for their time */
    uint64_t turns;         /* given to those that started */
    unsigned passed;        /* the first large one, while it could begin */
    arv__turn *running; /* doubly linked */
    bool closing, running_loop, scheduling;
};

/* False in a forked child, where nothing of the engine may be touched. */
static inline bool arv__engine_here(const arv_engine *engine)
{
    return engine->context.loop && !arv_engine_forked(engine);
}

/* queue.c. A turn that was appended, was put to sleep or runs leaves before it is appended again. */
void arv__queue_append(arv_engine *engine, arv__turn *turn);
/* It is not begun until it leaves and is appended. */
void arv__queue_sleep(arv_engine *engine, arv__turn *turn);
void arv__queue_leave(arv_engine *engine, arv__turn *turn);
/* Begins queued jobs as far as limits allow. Loop thread, never inside arv_job_start(). */
void arv__engine_schedule(arv_engine *engine);
/* Asks every queued and running job to stop. */
void arv__engine_cancel_jobs(arv_engine *engine);

/* Its engine goes away: it ends, whatever it was waiting for. */
void arv__job_close(arv_job *job);
/* In a forked child: gives up what is shared with the parent. */
void arv__job_abandon(arv_job *job);
/* job.c: begins a job that was given a place and memory; one that cannot begin ends inside. */
void arv__job_begin(arv_job *job);

#endif
