/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The engine owns the resources that jobs share: the loop, a pool that reads and computes, a pool that
 * waits for storages, and the CPU slots. It has no thread of its own: all work that is not on a pool
 * happens inside arv_engine_run().
 */

#include "engine/engine.h"

#include <sched.h>
#include <string.h>
#include <unistd.h>

#include <arv/sys/alloc.h>
#include "loop/op.h"
#include "util/options.h"

enum {
    ENGINE_READERS = 16,
    ENGINE_READERS_MAX = 64,
    ENGINE_THREADS_MAX = 256,
    ENGINE_JOBS = 4,
    ENGINE_JOBS_MAX = 64,
    ENGINE_IO_THREADS = 8,
    ENGINE_NICE_MAX = 19,
    ENGINE_MEMORY = 64 << 20,
    ENGINE_MEMORY_MIN = 4 << 20,
    ENGINE_CLOSE_STEP_MS = 1000
};

arv__context *arv__context_of(arv_engine *engine)
{
    return &engine->context;
}

static unsigned engine_cores(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        return (unsigned)CPU_COUNT(&set);
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (unsigned)n : 1;
}

void arv_engine_options_init(arv_engine_options *options, size_t struct_bytes)
{
    const arv_engine_options defaults = {.log_level = ARV_LOG_NOTICE};
    arv__options_init(options, struct_bytes, &defaults, sizeof defaults);
}

static int engine_limit(const char *option, unsigned value, int most, arv_error *err)
{
    if (value <= (unsigned)most)
        return 0;
    return arv_error_set(err, ARV_EINVALID, "The engine option %s is %u; 0 to %d are allowed.", option, value,
                         most);
}

static int engine_limits(arv_engine *engine, const arv_engine_options *o, arv_error *err)
{
    int rc;
    if ((rc = engine_limit("threads", o->threads, ENGINE_THREADS_MAX, err)) < 0 ||
        (rc = engine_limit("readers", o->readers, ENGINE_READERS_MAX, err)) < 0 ||
        (rc = engine_limit("jobs", o->jobs_max, ENGINE_JOBS_MAX, err)) < 0 ||
        (rc = engine_limit("nice", o->nice, ENGINE_NICE_MAX, err)) < 0 ||
        (rc = engine_limit("io_priority", o->io_priority, ARV_IO_IDLE, err)) < 0)
        return rc;
    if (o->memory_bytes && o->memory_bytes < ENGINE_MEMORY_MIN)
        return arv_error_set(err, ARV_EINVALID,
                             "The engine option memory is %zu bytes; at least %d are needed.",
                             o->memory_bytes, ENGINE_MEMORY_MIN);
    engine->threads = o->threads ? o->threads : engine_cores();
    engine->readers = o->readers ? o->readers : ENGINE_READERS;
    if (engine->readers < engine->threads)
        engine->readers = engine->threads;
    engine->jobs_max = o->jobs_max ? o->jobs_max : ENGINE_JOBS;
    engine->memory_bytes = o->memory_bytes ? o->memory_bytes : ENGINE_MEMORY;
    engine->context.piece_bytes_most = engine->memory_bytes;
    return 0;
}

static void engine_step_back(arv_engine *engine, const arv_engine_options *o)
{
    arv__context *context = &engine->context;
    if (!o->nice && o->io_priority == ARV_IO_NORMAL)
        return;
    engine->priority.nice = o->nice;
    engine->priority.io = o->io_priority;
    engine->priority.log = &context->log;
    arv__pool_set_priority(context->pool, &engine->priority);
    arv__pool_set_priority(context->io, &engine->priority);
}

int arv_engine_new(arv_engine **out, const arv_engine_options *options, arv_error *err)
{
    arv_engine_options known;
    int rc = 0;
    arv_engine_options_init(&known, sizeof known);
    if (options && (rc = ARV__OPTIONS_TAKE(&known, options, "arv_engine_options", err)) < 0)
        return rc;
    arv_engine *engine = arv_calloc(1, sizeof *engine);
    if (!engine)
        return arv_error_nomem(err, "the engine");
    arv__context *context = &engine->context;
    context->log.sink = known.log;
    context->log.user_data = known.log_user_data;
    context->log.level = known.log_level;
    context->pid = (long)getpid();
    if ((rc = engine_limits(engine, &known, err)) < 0 || (rc = arv__loop_new(&context->loop, err)) < 0 ||
        (rc = arv__pool_new(&context->pool, context->loop, "work", engine->readers, err)) < 0 ||
        (rc = arv__pool_new(&context->io, context->loop, "io", ENGINE_IO_THREADS, err)) < 0 ||
        (rc = arv__slots_new(&engine->cpu, engine->threads, err)) < 0)
        goto out;
    engine_step_back(engine, &known);
    *out = engine;
    engine = NULL;
out:
    arv_engine_free(engine);
    return rc;
}

void arv_engine_free(arv_engine *engine)
{
    if (!engine)
        return;
    if (arv_engine_forked(engine)) { /* the child has none of the parent's threads to wait for */
        arv_engine_abandon(engine);
        if (!engine->context.loop)
            arv_free(engine);
        return;
    }
    arv__context *context = &engine->context;
    engine->closing = true;
    if (context->loop) {
        arv__queue_close(engine);
        arv__ops_cancel(context->loop);
        /* arv__ops_cancel() has reached every request, and each ends by its own limits. */
        while (arv__loop_run(context->loop, ARV__LOOP_ONCE, ENGINE_CLOSE_STEP_MS))
            ;
    }
    arv__pool_free(context->pool);
    arv__pool_free(context->io);
    arv__loop_free(context->loop);
    arv__slots_free(engine->cpu);
    arv_free(engine);
}

/* Inside a callback everything stays, since frames of the core are on the stack; the process ends there. */
void arv_engine_abandon(arv_engine *engine)
{
    if (!engine || !engine->context.loop || arv__loop_running(engine->context.loop))
        return;
    /* Threads that do not exist here may hold slots and jobs, so both stay as they are. Turns give up
     * their locks: these would keep the jobs of a parent that dies. */
    for (arv__turn *turn = engine->running; turn; turn = turn->next)
        turn->ops->abandon(turn);
    arv__loop_abandon(engine->context.loop); /* and its pools */
    engine->cpu = NULL;
    engine->closing = true;
    engine->context.loop = NULL;
    engine->context.pool = engine->context.io = NULL;
}

bool arv_engine_forked(const arv_engine *engine)
{
    return engine->context.pid != (long)getpid();
}

bool arv_engine_run(arv_engine *engine, unsigned timeout_ms)
{
    if (!arv__engine_here(engine))
        return false;
    return arv__loop_run(engine->context.loop, timeout_ms ? ARV__LOOP_ONCE : ARV__LOOP_POLL, timeout_ms);
}

void arv_engine_yield(arv_engine *engine)
{
    if (arv__engine_here(engine))
        arv__loop_yield(engine->context.loop);
}

void arv_engine_wake(arv_engine *engine)
{
    if (arv__engine_here(engine))
        arv__loop_wake(engine->context.loop);
}
