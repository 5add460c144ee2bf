/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_JOB_ENGINE_H
#define ARV_JOB_ENGINE_H

/*
 * What the engine shares with jobs. Storage and verify, which stand left of job, see the engine
 * through loop/context.h only.
 *
 * Jobs wait in one queue in the order in which they were started. The first one begins when a place
 * (jobs_max) and its memory are free; a job that wants more memory than the engine has at all gets
 * what there is.
 */

#include "loop/context.h"
#include "package/packer.h"
#include <arv/engine.h>
#include <arv/job.h>

/* What the queue knows of a job: embedded in it, a link of the queue, later of the running ones. */
typedef struct arv__turn {
    struct arv__turn *next, *previous;
    arv_job *job;
    size_t memory_bytes; /* the job's wish, 0: none; while it runs, what it was given */
    bool running;
} arv__turn;

struct arv_engine {
    arv__context context; /* first: an arv_engine * is an arv__context * (loop/context.h) */
    arv__slots *cpu;
    unsigned threads, readers, jobs_max, jobs_running;
    size_t memory_bytes, memory_used;
    arv__turn *queue_head, *queue_tail;
    arv__turn *running; /* doubly linked */
    bool closing, running_loop, scheduling;
};

/* False in a forked child, where nothing of the engine may be touched. */
static inline bool arv__engine_here(const arv_engine *engine)
{
    return engine->context.loop && !arv_engine_forked(engine);
}

/* queue.c. A turn is appended once, and leaves the queue or the running ones once. */
void arv__queue_append(arv_engine *engine, arv__turn *turn);
void arv__queue_leave(arv_engine *engine, arv__turn *turn);
/* Begins queued jobs as far as limits allow. Loop thread, never inside arv_job_start(). */
void arv__engine_schedule(arv_engine *engine);
/* Asks every queued and running job to stop. */
void arv__engine_cancel_jobs(arv_engine *engine);

/* job.c: begins a job that was given a place and memory; one that cannot begin ends inside. */
void arv__job_begin(arv_job *job);

#endif
