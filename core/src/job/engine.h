/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_JOB_ENGINE_H
#define ARV_JOB_ENGINE_H

/* What the engine shares with jobs. Storage and verify, which stand left of job, see the engine
 * through loop/context.h only. */

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
    arv_job *running;
};

#endif
