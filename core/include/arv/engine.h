/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_ENGINE_H
#define ARV_ENGINE_H

/*
 * The engine: one event loop with its threads, on which jobs and tasks advance.
 *
 * Nothing happens behind the application's back: callbacks run inside arv_engine_run() only, on
 * the calling thread. Pool threads finish what they have begun between two calls.
 *
 * Ownership: heap. Jobs, tasks and storages use the engine: free it last. arv_engine_free() cancels
 *   what is still running and waits for it.
 * Threading: one thread at a time runs it and calls the functions that take it or one of its objects.
 *   Any thread may call arv_engine_wake().
 * Fork: before an engine is made, or between two runs of it. Then the child must call
 *   arv_engine_abandon(), and may make an engine of its own. A child that is forked inside a callback
 *   must call exec, exit or _exit in it and must not return. If it returns, abort() ends it at the
 *   loop's next step, before it touches the parent's threads, watched descriptors or programs.
 *   arv_engine_forked() returns true in a child.
 * Units: milliseconds, bytes.
 */

#include <stdbool.h>
#include <arv/log.h>
#include <arv/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct arv_engine arv_engine;

typedef enum {
    ARV_IO_NORMAL, /* as the process */
    ARV_IO_LOW,    /* best effort, the lowest level (ionice -c2 -n7) */
    ARV_IO_IDLE    /* only when nobody else wants the disk (ionice -c3): may wait for long */
} arv_io_priority;

typedef struct arv_engine_options { /* grows: arv/archivist.h */
    size_t struct_bytes;
    unsigned threads;    /* that compute; 0: one per core available to the process */
    unsigned readers;    /* that wait for disks; 0: 16 */
    unsigned jobs_max;   /* that run at once, others are queued; 0: 4. Large jobs (above 1 GiB, or of
                            unknown size) never hold the last place; small ones go past them */
    size_t memory_bytes; /* units in flight of all jobs together; 0: 64 MiB. A job takes 9 MiB at least,
                            16 MiB where it may. Pieces of puts (arv/sys/storage.h) may hold as much again */
    /* Of the engine's own threads (Linux), not of the one that runs it. When the system refuses, the
     * engine logs one warning and goes on without. Only some I/O schedulers (BFQ) obey I/O priorities. */
    unsigned nice; /* added to the nice value of the process; 0 to 19 */
    arv_io_priority io_priority;
    arv_log_cb log;
    void *log_user_data;
    arv_log_level log_level;
} arv_engine_options;

/* `struct_bytes`: sizeof *options. Here log_level becomes ARV_LOG_NOTICE, and all else 0. */
ARV_API void arv_engine_options_init(arv_engine_options *options, size_t struct_bytes);
ARV_API int arv_engine_new(arv_engine **engine, const arv_engine_options *options, arv_error *err);
ARV_API void arv_engine_free(arv_engine *engine);
/* In a forked child: gives up loop, pools and locks without touching the parent's work; the child still
 * calls arv_engine_free(). Does nothing inside a callback. */
ARV_API void arv_engine_abandon(arv_engine *engine);
ARV_API bool arv_engine_forked(const arv_engine *engine);

/*
 * Runs callbacks that are due; waits up to `timeout_ms` for the first one (0: never blocks).
 * Returns true while anything is under way. Not re-entrant: inside a callback it does nothing.
 */
ARV_API bool arv_engine_run(arv_engine *engine, unsigned timeout_ms);
ARV_API void arv_engine_wake(arv_engine *engine); /* any thread */
/*
 * From inside a callback: arv_engine_run() returns once this callback has returned; all other callbacks
 * that are due wait for the next run. For applications whose callbacks can fail in a way of their own,
 * such as an exception that must travel upwards before anything else runs.
 */
ARV_API void arv_engine_yield(arv_engine *engine);

#ifdef __cplusplus
}
#endif
#endif
