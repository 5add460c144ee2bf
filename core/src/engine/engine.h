/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_ENGINE_ENGINE_H
#define ARV_ENGINE_ENGINE_H

/*
 * The engine, and the queue for its places and its memory. Neither knows what a job is: the job embeds an
 * arv__turn, whose callbacks begin and end the work. loop/context.h has the part of an engine that
 * storages and the verifier need.
 *
 * The queue. A job begins when a place (jobs_max) and its memory are free. A job is small when it
 * knows the sizes of all its entries as it is started and they come to 1 GiB at most; else it is
 * large. Small jobs wait in one line, large jobs in another, each in the order of their start. So a
 * small job never waits behind a large one, in the queue or at work:
 *
 *   - Large jobs together never hold the last place (where jobs_max > 1). They never hold the last
 *     9 MiB of memory (where the engine has 18 MiB or more: with less, one job works at a time).
 *   - Where both lines could go on, a small job goes first. At most 16 small jobs that were started
 *     after a large one pass it once it could begin. Then the large job is next, and later ones wait.
 *     So no job starves: behind other large jobs, a large job waits for the small ones that were
 *     started before it and for 16 others.
 *
 * A job that names no memory gets half of the free memory, 9 to 16 MiB. A job that asks for more than
 * it can ever have gets as much as it can have.
 */

#include "loop/context.h"
#include "loop/priority.h"
#include <arv/engine.h>

typedef struct arv__turn arv__turn;

/* The engine calls these on the loop thread; `begin` may leave the queue again inside. */
typedef struct arv__turn_ops {
    void (*begin)(arv__turn *turn);   /* it has a place and memory now */
    void (*close)(arv__turn *turn);   /* the engine goes away: end, whatever it waits for */
    void (*abandon)(arv__turn *turn); /* in a forked child: give up resources shared with the parent */
} arv__turn_ops;

/* The queue's part of a job: embedded in it, a link of the queue, later of the running ones. */
struct arv__turn {
    arv__turn *next, *previous;
    const arv__turn_ops *ops;
    void *user_data;
    size_t memory_bytes;  /* that the job asks for, 0: none; while it runs, that it has */
    uint64_t input_bytes; /* UINT64_MAX: not known */
    uint64_t number;      /* in the order of the start */
    bool large, running, sleeping;
};

typedef struct arv__line {
    arv__turn *head, *tail;
} arv__line;

struct arv_engine {
    arv__context context;
    arv__slots *cpu;
    arv__priority priority;
    unsigned threads, readers, jobs_max, jobs_running;
    size_t memory_bytes, memory_used;
    unsigned large_running; /* of jobs_running */
    size_t large_memory;    /* of memory_used */
    arv__line small, large; /* that wait for a place */
    arv__line asleep;       /* that wait for their time */
    uint64_t turns;         /* numbers given so far */
    unsigned passed;        /* small jobs that passed the first large one since it could begin */
    arv__turn *running;     /* doubly linked */
    bool closing, scheduling;
};

/* Returns false in a forked child, which must not touch the engine. */
static inline bool arv__engine_here(const arv_engine *engine)
{
    return engine->context.loop && !arv_engine_forked(engine);
}

/* ---- queue.c ---- */
/* Enqueues a turn. One that waits, sleeps or runs must leave first. */
void arv__queue_append(arv_engine *engine, arv__turn *turn);
/* Keeps a turn that must not begin yet. To let it begin, dequeue it and append it. */
void arv__queue_sleep(arv_engine *engine, arv__turn *turn);
/* Dequeues a turn that waits or sleeps, or gives back the place and the memory of one that runs. */
void arv__queue_leave(arv_engine *engine, arv__turn *turn);
/* Begins queued turns as far as limits allow. Loop thread, never inside the call that appended one. */
void arv__queue_schedule(arv_engine *engine);
/* Closes every turn that waits, sleeps or runs. */
void arv__queue_close(arv_engine *engine);

#endif
