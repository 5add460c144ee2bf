/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Pools: threads of our own around one queue of lanes.
 *
 * A lane with queued work stands in the ring once. A thread takes the first work of the lane at
 * the ring's head and puts the lane to the ring's end if it has more. So every submitter gets one
 * turn per round, however much it has queued, and choosing costs the same for any number of lanes.
 *
 * The loop thread starts threads when there is more queued work than idle threads and the limit allows
 * it. They inherit a mask that blocks signals, since those belong to the application.
 *
 * Locks: pool->lock is a leaf as well; under it the pool calls neither run() nor the loop. A work changes
 * from queued to running or to cancelled under this lock. The thread that changes it hands it to the
 * loop's inbox, exactly once.
 */

#include "loop/priority.h"
#include "loop/private.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>

#include <arv/sys/alloc.h>

struct arv__pool {
    arv__loop *loop;
    arv__pool *next; /* of the loop */
    char name[16];   /* of the threads: ps and gdb show it */
    unsigned limit;
    arv__priority *priority; /* NULL: as the process; set before a thread starts */

    /* loop thread only */
    unsigned outstanding; /* works submitted and not yet called back */
    unsigned started;
    bool joined;
    bool freeing; /* the last delivery frees it */

    /* under `lock` */
    uv_mutex_t lock;
    uv_cond_t more;
    arv__lane *ring_head, *ring_tail;
    arv__lane common;
    unsigned queued;
    unsigned idle;    /* threads waiting for `more` */
    unsigned running; /* threads inside run() */
    unsigned active;  /* how many may be */
    bool closing;     /* atomic too, for arv__work_stop_asked() */

    uv_thread_t threads[];
};

static void pool_lock(arv__pool *pool)
{
    arv__loop_check_fork(pool->loop);
    uv_mutex_lock(&pool->lock);
}

/* ---- lanes (under the lock) ------------------------------------------------------------------ */

static void ring_append(arv__pool *pool, arv__lane *lane)
{
    lane->next = NULL;
    lane->queued = true;
    if (pool->ring_tail)
        pool->ring_tail->next = lane;
    else
        pool->ring_head = lane;
    pool->ring_tail = lane;
}

static void ring_remove(arv__pool *pool, arv__lane *lane)
{
    arv__lane *before = NULL;
    for (arv__lane *at = pool->ring_head; at != lane; at = at->next)
        before = at;
    if (before)
        before->next = lane->next;
    else
        pool->ring_head = lane->next;
    if (pool->ring_tail == lane)
        pool->ring_tail = before;
    lane->next = NULL;
    lane->queued = false;
}

static void lane_append(arv__pool *pool, arv__lane *lane, arv__work *work)
{
    work->next = NULL;
    work->lane = lane;
    if (lane->tail)
        ((arv__work *)lane->tail)->next = work;
    else
        lane->head = work;
    lane->tail = work;
    pool->queued++;
    if (!lane->queued)
        ring_append(pool, lane);
}

static void lane_remove(arv__pool *pool, arv__lane *lane, arv__work *work)
{
    arv__work *before = NULL;
    for (arv__work *at = lane->head; at != work; at = at->next)
        before = at;
    if (before)
        before->next = work->next;
    else
        lane->head = work->next;
    if (lane->tail == work)
        lane->tail = before;
    work->next = NULL;
    pool->queued--;
    if (!lane->head)
        ring_remove(pool, lane);
}

/* The next work in turn, or NULL. */
static arv__work *ring_take(arv__pool *pool)
{
    arv__lane *lane = pool->ring_head;
    if (!lane || pool->running >= pool->active)
        return NULL;
    arv__work *work = lane->head;
    lane_remove(pool, lane, work);
    if (lane->queued && pool->ring_tail != lane) {
        ring_remove(pool, lane);
        ring_append(pool, lane);
    }
    return work;
}

static void work_phase(arv__work *work, int phase)
{
    __atomic_store_n(&work->phase, phase, __ATOMIC_RELAXED);
}

/* ---- threads --------------------------------------------------------------------------------- */

static void thread_main(void *argument)
{
    arv__pool *pool = argument;
    arv__work *work;
#ifdef __linux__
    pthread_setname_np(pthread_self(), pool->name);
#endif
    arv__mail *refusal = arv__priority_enter(pool->priority);
    if (refusal)
        arv__loop_post(pool->loop, refusal);
    pool_lock(pool);
    for (;;) {
        while (!(work = ring_take(pool)) && !pool->closing) {
            pool->idle++;
            uv_cond_wait(&pool->more, &pool->lock);
            pool->idle--;
        }
        if (!work)
            break;
        pool->running++;
        work_phase(work, WORK_RUNNING);
        uv_mutex_unlock(&pool->lock);

        int status = work->run(work, &work->error);

        pool_lock(pool);
        work->status = status;
        work_phase(work, WORK_FINISHED); /* from here on cancelling has no effect */
        pool->running--;                 /* the place is not announced: this thread takes it itself */
        uv_mutex_unlock(&pool->lock);
        arv__loop_finished(pool->loop, work);
        pool_lock(pool);
    }
    uv_mutex_unlock(&pool->lock);
}

/* A thread started with all signals blocked but those that its own faults raise. */
static int thread_start(arv__pool *pool)
{
    sigset_t all, before;
    sigfillset(&all);
    sigdelset(&all, SIGSEGV);
    sigdelset(&all, SIGBUS);
    sigdelset(&all, SIGFPE);
    sigdelset(&all, SIGILL);
    sigdelset(&all, SIGABRT);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int rc = uv_thread_create(&pool->threads[pool->started], thread_main, pool);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (rc == 0)
        pool->started++;
    return rc;
}

/* Starts the threads that `queued` works need. Fewer are enough; none at all is an error. */
static int threads_provide(arv__pool *pool, unsigned queued, unsigned idle, unsigned active)
{
    for (unsigned missing = queued > idle ? queued - idle : 0; missing > 0 && pool->started < active;
         missing--) {
        int rc = thread_start(pool);
        if (rc != 0)
            return pool->started > 0 ? 0 : rc;
    }
    return 0;
}

/* ---- work ------------------------------------------------------------------------------------ */

int arv__work_submit(arv__pool *pool, arv__lane *lane, arv__work *work, arv_error *err)
{
    if (pool->closing || pool->loop->closing)
        return arv_error_set(err, ARV_ECLOSED, "Work was refused because the engine is shutting down.");
    if (__atomic_load_n(&work->phase, __ATOMIC_RELAXED) != WORK_IDLE)
        return arv_error_set(err, ARV_ESTATE, "Work was submitted twice at the same time.");

    pool_lock(pool);
    unsigned queued = pool->queued + 1, idle = pool->idle, active = pool->active;
    uv_mutex_unlock(&pool->lock);
    int rc = threads_provide(pool, queued, idle, active);
    if (rc != 0)
        return arv_error_set(err, ARV_ENOMEM,
                             "No thread could be started for the pool '%s' (%s); raise the limit "
                             "of processes or of memory.",
                             pool->name, uv_strerror(rc));

    work->pool = pool;
    work->status = 0;
    arv_error_clear(&work->error);
    work_phase(work, WORK_QUEUED);
    pool->outstanding++;
    pool->loop->works++;
    pool_lock(pool);
    lane_append(pool, lane ? lane : &pool->common, work);
    if (pool->idle)
        uv_cond_signal(&pool->more);
    uv_mutex_unlock(&pool->lock);
    return 0;
}

static void work_cancelled(arv__work *work)
{
    work->status = ARV_ECANCELED;
    arv__loop_finished(work->pool->loop, work);
}

int arv__work_start(arv__pool *pool, arv__lane *lane, arv__work *work,
                    int (*run)(arv__work *work, arv_error *err),
                    void (*done)(arv__work *work, int status, const arv_error *err), void *user_data,
                    arv_error *err)
{
    work->run = run;
    work->done = done;
    work->user_data = user_data;
    return arv__work_submit(pool, lane, work, err);
}

void arv__work_cancel(arv__work *work)
{
    /* Only this thread changes an idle or finished work, so only other phases need the lock. */
    int phase = __atomic_load_n(&work->phase, __ATOMIC_RELAXED);
    if (phase == WORK_IDLE || phase == WORK_FINISHED)
        return;
    arv__pool *pool = work->pool;
    bool removed = false;
    pool_lock(pool);
    if (work->phase == WORK_QUEUED) {
        lane_remove(pool, work->lane, work);
        work_phase(work, WORK_FINISHED);
        removed = true;
    } else if (work->phase == WORK_RUNNING) {
        work_phase(work, WORK_RUNNING_ASKED);
    }
    uv_mutex_unlock(&pool->lock);
    if (removed)
        work_cancelled(work);
}

bool arv__work_stop_asked(const arv__work *work)
{
    return __atomic_load_n(&work->phase, __ATOMIC_RELAXED) == WORK_RUNNING_ASKED ||
           __atomic_load_n(&work->pool->closing, __ATOMIC_RELAXED);
}

/* ---- pool ------------------------------------------------------------------------------------ */

int arv__pool_new(arv__pool **pool, arv__loop *loop, const char *name, unsigned threads, arv_error *err)
{
    *pool = NULL;
    if (loop->closing)
        return arv_error_set(err, ARV_ECLOSED, "A pool was refused because the engine is shutting down.");
    if (threads == 0 || threads > 1024)
        return arv_error_set(err, ARV_EINVALID, "A pool has between 1 and 1024 threads, not %u.", threads);
    arv__pool *p = arv_calloc(1, sizeof *p + threads * sizeof p->threads[0]);
    if (!p)
        return arv_error_nomem(err, "a pool of threads");
    if (uv_mutex_init(&p->lock) != 0) {
        arv_free(p);
        return arv_error_nomem(err, "the lock of a pool");
    }
    if (uv_cond_init(&p->more) != 0) {
        uv_mutex_destroy(&p->lock);
        arv_free(p);
        return arv_error_nomem(err, "the queue of a pool");
    }
    snprintf(p->name, sizeof p->name, "%s", name);
    p->loop = loop;
    p->limit = p->active = threads;
    p->next = loop->pools;
    loop->pools = p;
    *pool = p;
    return 0;
}

void arv__pool_set_priority(arv__pool *pool, arv__priority *priority)
{
    pool->priority = priority;
}

void arv__pool_set_active(arv__pool *pool, unsigned threads)
{
    threads = threads < 1 ? 1 : threads > pool->limit ? pool->limit : threads;
    pool_lock(pool);
    pool->active = threads;
    unsigned queued = pool->queued, idle = pool->idle;
    if (queued && idle)
        uv_cond_broadcast(&pool->more);
    uv_mutex_unlock(&pool->lock);
    threads_provide(pool, queued, idle, threads);
}

unsigned arv__pool_threads(const arv__pool *pool)
{
    return pool->limit;
}

arv__pool *arv__pool_next(const arv__pool *pool)
{
    return pool->next;
}

void arv__pool_close(arv__pool *pool)
{
    arv__work *cancelled = NULL, **end = &cancelled;
    if (pool->closing)
        return;
    pool_lock(pool);
    __atomic_store_n(&pool->closing, true, __ATOMIC_RELAXED);
    for (arv__lane *lane; (lane = pool->ring_head);) {
        arv__work *work = lane->head;
        lane_remove(pool, lane, work);
        work_phase(work, WORK_FINISHED);
        *end = work;
        end = &work->next;
    }
    uv_cond_broadcast(&pool->more);
    uv_mutex_unlock(&pool->lock);
    while (cancelled) {
        arv__work *work = cancelled;
        cancelled = work->next;
        work_cancelled(work);
    }
}

static void pool_join(arv__pool *pool)
{
    for (unsigned i = 0; !pool->joined && i < pool->started; i++)
        uv_thread_join(&pool->threads[i]);
    pool->joined = true;
}

void arv__pool_destroy(arv__pool *pool)
{
    arv__pool_close(pool);
    pool_join(pool);
    arv__pool **at = &pool->loop->pools;
    while (*at != pool)
        at = &(*at)->next;
    *at = pool->next;
    uv_cond_destroy(&pool->more);
    uv_mutex_destroy(&pool->lock);
    arv_free(pool);
}

void arv__pool_free(arv__pool *pool)
{
    if (!pool)
        return;
    arv__pool_close(pool);
    pool_join(pool);
    pool->freeing = pool->outstanding > 0;
    if (!pool->freeing) {
        arv__pool_destroy(pool);
        return;
    }
    /* All threads have ended, so everything outstanding is in the inbox: one run delivers it. */
    if (!pool->loop->running)
        arv__loop_run(pool->loop, ARV__LOOP_POLL, 0);
}

void arv__pool_delivered(arv__pool *pool)
{
    if (--pool->outstanding == 0 && pool->freeing)
        arv__pool_destroy(pool);
}

arv__pool *arv__pool_abandon(arv__pool *pool)
{
    arv__pool *next = pool->next;
    arv_free(pool);
    return next;
}

/* ---- slots ----------------------------------------------------------------------------------- */

struct arv__slots {
    uv_sem_t free;
};

int arv__slots_new(arv__slots **slots, unsigned count, arv_error *err)
{
    *slots = NULL;
    if (count == 0)
        return arv_error_set(err, ARV_EINVALID, "At least one processor slot is needed.");
    arv__slots *s = arv_malloc(sizeof *s);
    if (!s || uv_sem_init(&s->free, count) != 0) {
        arv_free(s);
        return arv_error_nomem(err, "the processor slots");
    }
    *slots = s;
    return 0;
}

void arv__slots_free(arv__slots *slots)
{
    if (!slots)
        return;
    uv_sem_destroy(&slots->free);
    arv_free(slots);
}

void arv__slots_acquire(arv__slots *slots)
{
    uv_sem_wait(&slots->free);
}

void arv__slots_release(arv__slots *slots)
{
    uv_sem_post(&slots->free);
}
