/* SPDX-License-Identifier: Apache-2.0 */

/* The queue of an engine chooses the job that begins next, and its memory. engine.h has the rule. */

#include "engine/engine.h"

enum {
    QUEUE_SHARE = 16 << 20,
    QUEUE_SHARE_MIN = 9 << 20, /* the packer's smallest ring */
    QUEUE_SMALL_BYTES = 1 << 30,
    QUEUE_PASSES_MAX = 16
};

/* ---- lines -------------------------------------------------------------------------------------- */

static arv__line *queue_line(arv_engine *engine, const arv__turn *turn)
{
    return turn->sleeping ? &engine->asleep : turn->large ? &engine->large : &engine->small;
}

static void queue_join(arv_engine *engine, arv__turn *turn)
{
    arv__line *line = queue_line(engine, turn);
    turn->next = NULL;
    turn->previous = line->tail;
    if (line->tail)
        line->tail->next = turn;
    else
        line->head = turn;
    line->tail = turn;
}

void arv__queue_append(arv_engine *engine, arv__turn *turn)
{
    turn->large = turn->input_bytes > QUEUE_SMALL_BYTES;
    turn->number = engine->turns++;
    queue_join(engine, turn);
}

void arv__queue_sleep(arv_engine *engine, arv__turn *turn)
{
    turn->sleeping = true;
    queue_join(engine, turn);
}

static void queue_leave_line(arv_engine *engine, arv__turn *turn)
{
    arv__line *line = queue_line(engine, turn);
    if (turn == engine->large.head)
        engine->passed = 0;
    if (turn == line->head)
        line->head = turn->next;
    if (turn == line->tail)
        line->tail = turn->previous;
}

static void queue_leave_running(arv_engine *engine, arv__turn *turn)
{
    engine->jobs_running--;
    engine->memory_used -= turn->memory_bytes;
    if (turn->large) {
        engine->large_running--;
        engine->large_memory -= turn->memory_bytes;
    }
    if (turn == engine->running)
        engine->running = turn->next;
}

void arv__queue_leave(arv_engine *engine, arv__turn *turn)
{
    if (turn->running)
        queue_leave_running(engine, turn);
    else
        queue_leave_line(engine, turn);
    if (turn->previous)
        turn->previous->next = turn->next;
    if (turn->next)
        turn->next->previous = turn->previous;
    turn->next = turn->previous = NULL;
    turn->running = turn->sleeping = false;
}

static void queue_begin(arv_engine *engine, arv__turn *turn, size_t share)
{
    arv__queue_leave(engine, turn);
    turn->memory_bytes = share;
    turn->running = true;
    engine->jobs_running++;
    engine->memory_used += share;
    if (turn->large) {
        engine->large_running++;
        engine->large_memory += share;
    }
    turn->next = engine->running;
    if (engine->running)
        engine->running->previous = turn;
    engine->running = turn;
    turn->ops->begin(turn);
}

/* ---- the rule ----------------------------------------------------------------------------------- */

/* The memory that large jobs may hold together: the rest is enough for a small one. */
static size_t queue_large_memory(const arv_engine *engine)
{
    size_t all = engine->memory_bytes;
    return engine->jobs_max > 1 && all >= 2 * QUEUE_SHARE_MIN ? all - QUEUE_SHARE_MIN : all;
}

/* The most memory that a job can get: a small one does not wait for memory of large ones. */
static size_t queue_most(const arv_engine *engine, const arv__turn *turn)
{
    size_t all = engine->memory_bytes, large = queue_large_memory(engine);
    if (turn->large)
        return large;
    return large < all ? all - engine->large_memory : all;
}

/* The memory that a job gets once it is free. The bytes of its archive do not depend on it. */
static size_t queue_share(const arv_engine *engine, const arv__turn *turn)
{
    size_t left = engine->memory_bytes - engine->memory_used;
    size_t most = queue_most(engine, turn);
    size_t share = turn->memory_bytes;
    if (!share)
        share = left / 2 < QUEUE_SHARE ? left / 2 : QUEUE_SHARE;
    if (share < QUEUE_SHARE_MIN)
        share = QUEUE_SHARE_MIN;
    return share < most ? share : most;
}

/* Returns whether the other large jobs leave room for this one; small ones end soon. */
static bool queue_large_has_room(const arv_engine *engine, const arv__turn *turn)
{
    unsigned places = engine->jobs_max > 1 ? engine->jobs_max - 1 : 1;
    return engine->large_running < places &&
           queue_share(engine, turn) <= queue_large_memory(engine) - engine->large_memory;
}

/* Returns the turn that is next, or NULL; it may still have to wait for memory. */
static arv__turn *queue_next(arv_engine *engine)
{
    arv__turn *small = engine->small.head, *large = engine->large.head;
    bool room = large && queue_large_has_room(engine, large);
    if (!room)
        return small;
    if (!small || (small->number > large->number && engine->passed >= QUEUE_PASSES_MAX))
        return large;
    return small;
}

/* A job that cannot begin ends at once and calls this again: then the outer call goes on. */
void arv__queue_schedule(arv_engine *engine)
{
    if (engine->scheduling)
        return;
    engine->scheduling = true;
    while (engine->jobs_running < engine->jobs_max && !engine->closing) {
        arv__turn *turn = queue_next(engine), *large = engine->large.head;
        size_t share = turn ? queue_share(engine, turn) : 0;
        if (!turn || share > engine->memory_bytes - engine->memory_used)
            break;
        if (!turn->large && large && large->number < turn->number && queue_large_has_room(engine, large))
            engine->passed++;
        queue_begin(engine, turn, share);
    }
    engine->scheduling = false;
}

static void queue_close(arv__turn *turn)
{
    for (; turn; turn = turn->next)
        turn->ops->close(turn);
}

void arv__queue_close(arv_engine *engine)
{
    queue_close(engine->small.head);
    queue_close(engine->large.head);
    queue_close(engine->asleep.head);
    queue_close(engine->running);
}
