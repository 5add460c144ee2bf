/* SPDX-License-Identifier: Apache-2.0 */

/* The queue of an engine: which job begins next, and with how much memory (engine.h). */

#include "job/engine.h"

enum { QUEUE_SHARE = 16 << 20, QUEUE_SHARE_MIN = 9 << 20 };

void arv__queue_append(arv_engine *engine, arv__turn *turn)
{
    turn->next = NULL;
    turn->previous = engine->queue_tail;
    if (engine->queue_tail)
        engine->queue_tail->next = turn;
    else
        engine->queue_head = turn;
    engine->queue_tail = turn;
}

void arv__queue_leave(arv_engine *engine, arv__turn *turn)
{
    if (turn->running) {
        engine->jobs_running--;
        engine->memory_used -= turn->memory_bytes;
    }
    if (turn->previous)
        turn->previous->next = turn->next;
    else if (turn->running)
        engine->running = turn->next;
    else
        engine->queue_head = turn->next;
    if (turn->next)
        turn->next->previous = turn->previous;
    else if (!turn->running)
        engine->queue_tail = turn->previous;
    turn->next = turn->previous = NULL;
    turn->running = false;
}

/*
 * What the next job may hold; 0: it has to wait. A job that names no number gets half of what is
 * free, so that one alone is quick and several run at once. The bytes of its archive do not depend
 * on it.
 */
static size_t queue_share(const arv_engine *engine, const arv__turn *turn)
{
    size_t left = engine->memory_bytes - engine->memory_used;
    size_t share = turn->memory_bytes;
    if (!share)
        share = left / 2 < QUEUE_SHARE ? left / 2 : QUEUE_SHARE;
    if (share < QUEUE_SHARE_MIN) /* the packer's smallest ring */
        share = QUEUE_SHARE_MIN;
    if (share > engine->memory_bytes)
        share = engine->memory_bytes;
    return share <= left ? share : 0;
}

static void queue_begin(arv_engine *engine, arv__turn *turn, size_t share)
{
    arv__queue_leave(engine, turn);
    turn->memory_bytes = share;
    turn->running = true;
    engine->jobs_running++;
    engine->memory_used += share;
    turn->next = engine->running;
    if (engine->running)
        engine->running->previous = turn;
    engine->running = turn;
    arv__job_begin(turn->job);
}

/* A job that cannot begin ends at once and comes here again: the loop that began it goes on. */
void arv__engine_schedule(arv_engine *engine)
{
    if (engine->scheduling)
        return;
    engine->scheduling = true;
    while (engine->queue_head && engine->jobs_running < engine->jobs_max && !engine->closing) {
        size_t share = queue_share(engine, engine->queue_head);
        if (!share)
            break;
        queue_begin(engine, engine->queue_head, share);
    }
    engine->scheduling = false;
}

void arv__engine_cancel_jobs(arv_engine *engine)
{
    arv_error reason;
    arv_error_set(&reason, ARV_ECANCELED, "The job was cancelled because its engine shuts down.");
    for (arv__turn *turn = engine->queue_head; turn; turn = turn->next)
        arv_job_cancel(turn->job, &reason);
    for (arv__turn *turn = engine->running; turn; turn = turn->next)
        arv_job_cancel(turn->job, &reason);
}
