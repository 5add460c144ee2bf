/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_LOOP_LOOP_H
#define ARV_LOOP_LOOP_H

/*
 * One event loop with work on pools, timers, mailboxes, requests (op.h), watches of descriptors
 * (watch.h) and processes (process.h).
 *
 * A loop belongs to the thread that runs it ("the loop thread"); that may be a different thread at
 * different times as long as only one runs it at once. The loop does nothing between two calls of
 * arv__loop_run(): jobs of a PHP request advance inside wait() and poll(), while the pool threads
 * finish what they have begun.
 *
 * Laws of everything asynchronous here (they are tested in tests/unit/loop_*.c):
 *   1. A submit that returns < 0 never calls back. One that returns 0 calls back exactly once.
 *   2. Callbacks run on the loop thread, from arv__loop_run(), never inside submit, never under
 *      a lock of ours.
 *   3. Cancel is a request: the same callback arrives, with ARV_ECANCELED or the real result.
 *   4. Shutdown is close (refuse) -> stop (wait) -> free.
 *
 * Ownership: heap; _new/_free. Embedded members (arv__work, arv__timer) belong to their callers and
 *   must stay valid until their callback ran.
 * Threading: every function is for the loop thread, unless it says [any].
 */

#include <stdbool.h>
#include <stdint.h>
#include <arv/error.h>

typedef struct arv__loop arv__loop;
typedef struct arv__pool arv__pool;
typedef struct arv__work arv__work;
typedef struct arv__timer arv__timer;
typedef struct arv__mail arv__mail;
struct arv__priority;

/* ---- loop ------------------------------------------------------------------------------------ */

int arv__loop_new(arv__loop **loop, arv_error *err);
/* Refuses new submissions with ARV_ECLOSED, asks running work and requests to stop, runs until
 * nothing is left, joins all threads and frees the loop and its pools. Does not wait for armed timers
 * and started watches: it forgets them. Accepts NULL. Must not be called inside a callback. */
void arv__loop_free(arv__loop *loop);
/* In the child of a fork, which has none of the threads: joins no thread, closes the child's copies of
 * the descriptors and frees the loop and its pools. Never runs callbacks. Does nothing in a child that
 * was forked inside a callback. Such a child must not return from the callback: if it does, abort() ends
 * it at the next lock or callback. */
void arv__loop_abandon(arv__loop *loop);

typedef enum { ARV__LOOP_POLL, ARV__LOOP_ONCE } arv__loop_mode;

/*
 * POLL: runs the callbacks that are ready and returns. ONCE: waits until at least one callback ran or
 * `timeout_ms` passed (0: like POLL; there is no "for ever": callers bound their waits). With nothing
 * under way it returns at once.
 * Returns true while something is under way (work, timers, watches, requests, posted mail).
 * Not re-entrant: called from inside a callback it returns true at once and does nothing.
 */
bool arv__loop_run(arv__loop *loop, arv__loop_mode mode, unsigned timeout_ms);
/* Returns whether a run is on the stack. */
bool arv__loop_running(const arv__loop *loop);
/* From inside a callback: this run delivers nothing more; the rest waits for the next one. */
void arv__loop_yield(arv__loop *loop);
/* Returns true while something is under way. */
bool arv__loop_busy(const arv__loop *loop);
/* [any] Makes a running arv__loop_run(ONCE) return soon. */
void arv__loop_wake(arv__loop *loop);

/* ---- work: run on a pool, done on the loop --------------------------------------------------- */

/*
 * A pool starts threads as it needs them, up to its limit. It has one queue, which is fair between
 * lanes: each submitter (a job) has a lane, and the pool serves lanes in turn, so that a small job does
 * not wait behind a large one. Idle threads stay until the pool is freed.
 */
int arv__pool_new(arv__pool **pool, arv__loop *loop, const char *name, unsigned threads, arv_error *err);
/* Sets the priority of threads that start from now on (priority.h); borrowed until the pool is freed. */
void arv__pool_set_priority(arv__pool *pool, struct arv__priority *priority);
/* Completes queued work with ARV_ECANCELED on the loop, and waits for running work. Called inside a
 * callback, it leaves these completions to the next run of the loop. */
void arv__pool_free(arv__pool *pool);
/* Lets at most this many run at once from now on, between 1 and the limit given to _new. */
void arv__pool_set_active(arv__pool *pool, unsigned threads);
unsigned arv__pool_threads(const arv__pool *pool);

/* Zero-initialised, embedded in the job; opaque. A lane belongs to one pool, whose lock guards its
 * links. */
typedef struct arv__lane {
    void *head, *tail;
    struct arv__lane *next;
    bool queued;
} arv__lane;

struct arv__work {
    /* set by the caller before submit */
    int (*run)(arv__work *work, arv_error *err); /* [pool] returns 0 or ARV_E* */
    /* [loop] `err` is never NULL and lives inside the work. */
    void (*done)(arv__work *work, int status, const arv_error *err);
    void *user_data;
    /* private */
    arv__work *next;
    arv__pool *pool;
    arv__lane *lane;
    int status;
    int phase;
    arv_error error;
};

/* `lane` may be NULL for the pool's common lane. Errors: ARV_ECLOSED, ARV_ENOMEM (no thread). */
int arv__work_submit(arv__pool *pool, arv__lane *lane, arv__work *work, arv_error *err);
/* The same, after the members that the caller sets. */
int arv__work_start(arv__pool *pool, arv__lane *lane, arv__work *work,
                    int (*run)(arv__work *work, arv_error *err),
                    void (*done)(arv__work *work, int status, const arv_error *err), void *user_data,
                    arv_error *err);
/* If the work has not begun, it never runs and `done` comes with ARV_ECANCELED. If it runs, this asks
 * it to stop and `done` comes with the real result. Otherwise no effect. */
void arv__work_cancel(arv__work *work);
/* [pool] For run() of long work: returns true once it was cancelled or its pool is being freed. */
bool arv__work_stop_asked(const arv__work *work);

/* [any] A counting semaphore of CPU slots. Many threads may read (they wait for disks); only as many as
 * there are cores may compute. A holder of a slot must never wait for anything. */
typedef struct arv__slots arv__slots;
int arv__slots_new(arv__slots **slots, unsigned count, arv_error *err);
void arv__slots_free(arv__slots *slots);
void arv__slots_acquire(arv__slots *slots);
void arv__slots_release(arv__slots *slots);

/* ---- timer ----------------------------------------------------------------------------------- */

struct arv__timer {
    void (*fire)(arv__timer *timer); /* [loop] */
    void *user_data;
    arv__timer *next; /* private from here */
    uint64_t due_ns;
    bool armed;
};

/* One shot; arming an armed timer moves it. Never fires after arv__timer_stop(). */
void arv__timer_start(arv__loop *loop, arv__timer *timer, uint64_t delay_ms);
void arv__timer_stop(arv__loop *loop, arv__timer *timer);

/* ---- mailbox: from [any] thread to the loop --------------------------------------------------- */

struct arv__mail {
    void (*deliver)(arv__mail *mail); /* [loop] */
    void *user_data;
    arv__mail *next; /* private */
};

/* [any] Queues the letter (owned by the caller until delivered) and wakes the loop. Cannot fail. */
void arv__loop_post(arv__loop *loop, arv__mail *mail);
/* [any] Keeps the loop busy until the matching release although nothing is queued yet. */
void arv__loop_hold(arv__loop *loop);
void arv__loop_release(arv__loop *loop);

#endif
