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

struct arv_engine {
    arv__context context; /* first: an arv_engine * is an arv__context * (loop/context.h) */
    arv__slots *cpu;
    unsigned threads, readers, jobs_max, jobs_running;
    size_t memory_bytes, memory_used;
    arv_job *queue_head, *queue_tail;
    arv_job *running; /* doubly linked */
    bool closing, running_loop, scheduling;
};

/* False in a forked child, where nothing of the engine may be touched. */
static inline bool arv__engine_here(const arv_engine *engine)
{
    return engine->context.loop && !arv_engine_forked(engine);
}

/* job.c: begins queued jobs as far as limits allow. Loop thread, never inside arv_job_start(). */
void arv__engine_schedule(arv_engine *engine);
/* job.c: asks every queued and running job to stop. */
void arv__engine_cancel_jobs(arv_engine *engine);

#endif
