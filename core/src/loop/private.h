/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_LOOP_PRIVATE_H
#define ARV_LOOP_PRIVATE_H

/* The inside of a loop, shared by the files of this folder. No other file may include this. */

#include <uv.h>
#include "loop/op.h"
#include "loop/watch.h"

struct epoll_event;
struct arv__process;

struct arv__loop {
    uv_loop_t uv;
    uv_async_t async;
    uv_timer_t alarm; /* due when the first of `timers` is */
    uv_timer_t limit; /* ends a waiting run */

    /* loop thread only */
    arv__timer *timers; /* sorted by due_ns */
    arv__pool *pools;
    arv__op *ops;                   /* begun and not yet called back */
    arv__watch *watches;            /* started */
    struct arv__process *processes; /* whose descriptors are open */
    uv_poll_t watched;              /* fires when one of `watches` is ready; a handle once watch_fd is open */
    int watch_fd;                   /* the epoll object of the watches, or -1 */
    struct epoll_event *ready;      /* while watches are called back: the batch, so that a stop */
    int ready_count;                /* can take its watch out of it */
    unsigned works;                 /* submitted and not yet called back */
    uint64_t firing_ns;             /* while timers fire: a timer armed meanwhile is due later than this */
    unsigned stirred;               /* callbacks and wake-ups seen by the current run */
    bool stray;                     /* libuv returned for a signal whose cause was served already */
    bool limit_passed;
    bool running;
    bool yielded; /* nothing more is delivered in this run */
    bool closing;
    pid_t pid; /* of the process that made it */

    /* under `lock` */
    uv_mutex_t lock;
    arv__work *work_head, *work_tail; /* finished, to be called back */
    arv__mail *mail_head, *mail_tail;
    unsigned holds;
    bool woken;
    bool polling;  /* the loop thread may sleep in libuv: a thread that adds something must signal */
    bool signaled; /* a thread has signalled */
};

/* [any] In the child of a fork, aborts: the loop belongs to the parent. */
void arv__loop_check_fork(const arv__loop *loop);
/* Call it after each callback. Aborts in a child that was forked in the callback. Returns false if the
 * callback yielded: no other may follow. */
bool arv__loop_goes_on(const arv__loop *loop);

/* [any] Hands a finished work over to the loop thread. */
void arv__loop_finished(arv__loop *loop, arv__work *work);

/* The pool's share of delivering a finished work; may free the pool. */
void arv__pool_delivered(arv__pool *pool);
/* Completes queued work, asks running work to stop, and refuses new work. */
void arv__pool_close(arv__pool *pool);
/* Frees the pool; no work of it may be under way. */
void arv__pool_destroy(arv__pool *pool);
/* Frees memory only, in the child of a fork. Returns the next pool of the loop. */
arv__pool *arv__pool_abandon(arv__pool *pool);
arv__pool *arv__pool_next(const arv__pool *pool);

/* Closes the epoll object of the watches, after the loop's handles. Forgets watches that are still
 * started. */
void arv__watches_close(arv__loop *loop);
/* In the child of a fork: closes the child's copies of a process's descriptors and takes it off the
 * loop's list. The program is the parent's; the memory is still freed by its owner. */
void arv__process_forget(struct arv__process *process);

/* Aborts in any build: a caller broke a contract. */
_Noreturn void arv__loop_defect(const char *what);

enum { /* arv__work.phase; under the pool's lock, atomic for arv__work_stop_asked() */
       WORK_IDLE = 0,
       WORK_QUEUED,
       WORK_RUNNING,
       WORK_RUNNING_ASKED,
       WORK_FINISHED
};

#endif
