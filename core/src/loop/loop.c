/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The loop. libuv waits. Other threads put finished works, letters and wake-ups into one inbox under
 * one lock; the loop thread takes them in batches.
 *
 * Signalling. A write to libuv's eventfd per completion would cost more than the completion. So a
 * producer signals only while the loop thread may sleep (`polling`), and only once until the inbox
 * is taken (`signaled`). arv__loop_run() takes the inbox before and after libuv, so it misses nothing
 * that comes outside of libuv. The price: libuv may return for a signal whose cause was served before
 * (`stray`); a waiting run then goes on waiting.
 *
 * Fairness. A run takes the inbox as it stands and delivers that; additions of callbacks wait for the
 * next turn. No callback can keep the loop thread inside one run.
 *
 * Locks. `lock` is the only one here and is a leaf: under it the loop calls nothing but
 * uv_async_send(). Producers send under the lock, and that makes arv__loop_free() safe: once it has
 * seen, under the lock, that nothing is left, no producer will touch the loop again.
 */

#include "loop/private.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <arv/sys/alloc.h>
#include "loop/fileops.h"
#include "util/time.h"
#include "util/libraries.h"

enum { FREE_TURN_MS = 100 };

void arv__loop_defect(const char *what)
{
    fprintf(stderr, "archivist: %s; this is a defect of the program, which ends here.\n", what);
    abort();
}

/* ---- forks ----------------------------------------------------------------------------------- */

/* In the child of a fork all of this belongs to the parent, whose threads work on. One of them may have held
 * a lock at the fork; nothing in the child releases that lock. */
void arv__loop_check_fork(const arv__loop *loop)
{
    if (loop->pid != getpid())
        arv__loop_defect("a child of a fork used its parent's engine, or returned from one of its callbacks: "
                         "it must call exec, exit or _exit there, else arv_engine_abandon()");
}

/* Returns whether another callback may follow one that has returned. */
bool arv__loop_goes_on(const arv__loop *loop)
{
    arv__loop_check_fork(loop);
    return !loop->yielded;
}

/* ---- inbox ----------------------------------------------------------------------------------- */

static void loop_lock(arv__loop *loop)
{
    arv__loop_check_fork(loop);
    uv_mutex_lock(&loop->lock);
}

/* Under the lock. */
static void inbox_signal(arv__loop *loop)
{
    if (loop->polling && !loop->signaled) {
        loop->signaled = true;
        uv_async_send(&loop->async);
    }
}

void arv__loop_finished(arv__loop *loop, arv__work *work)
{
    work->next = NULL;
    loop_lock(loop);
    if (loop->work_tail)
        loop->work_tail->next = work;
    else
        loop->work_head = work;
    loop->work_tail = work;
    inbox_signal(loop);
    uv_mutex_unlock(&loop->lock);
}

void arv__loop_post(arv__loop *loop, arv__mail *mail)
{
    mail->next = NULL;
    loop_lock(loop);
    if (loop->mail_tail)
        loop->mail_tail->next = mail;
    else
        loop->mail_head = mail;
    loop->mail_tail = mail;
    inbox_signal(loop);
    uv_mutex_unlock(&loop->lock);
}

void arv__loop_wake(arv__loop *loop)
{
    loop_lock(loop);
    loop->woken = true;
    inbox_signal(loop);
    uv_mutex_unlock(&loop->lock);
}

void arv__loop_hold(arv__loop *loop)
{
    loop_lock(loop);
    loop->holds++;
    uv_mutex_unlock(&loop->lock);
}

void arv__loop_release(arv__loop *loop)
{
    loop_lock(loop);
    if (loop->holds == 0)
        arv__loop_defect("a hold of the loop was released twice");
    if (--loop->holds == 0) {
        loop->woken = true; /* for callers that wait until nothing is under way */
        inbox_signal(loop);
    }
    uv_mutex_unlock(&loop->lock);
}

static void work_deliver(arv__loop *loop, arv__work *work)
{
    arv__pool *pool = work->pool;
    int status = work->status;
    if (status < 0 && work->error.code != status)
        arv_error_set(&work->error, status, "%s", arv_error_text(status));
    __atomic_store_n(&work->phase, WORK_IDLE, __ATOMIC_RELAXED);
    loop->works--;
    work->done(work, status, &work->error); /* may free or submit it again */
    arv__pool_delivered(pool);
}

/* A callback yielded: puts the rest back to the front of the inbox. */
static void inbox_put_back(arv__loop *loop, arv__work *work, arv__mail *mail)
{
    arv__work *last_work = work;
    arv__mail *last_mail = mail;
    while (last_work && last_work->next)
        last_work = last_work->next;
    while (last_mail && last_mail->next)
        last_mail = last_mail->next;
    loop_lock(loop);
    if (work) {
        last_work->next = loop->work_head;
        loop->work_head = work;
        loop->work_tail = loop->work_tail ? loop->work_tail : last_work;
    }
    if (mail) {
        last_mail->next = loop->mail_head;
        loop->mail_head = mail;
        loop->mail_tail = loop->mail_tail ? loop->mail_tail : last_mail;
    }
    uv_mutex_unlock(&loop->lock);
}

/* Delivers the present content of the inbox. */
static void inbox_deliver(arv__loop *loop)
{
    if (loop->yielded)
        return;
    loop_lock(loop);
    arv__work *work = loop->work_head;
    arv__mail *mail = loop->mail_head;
    loop->work_head = loop->work_tail = NULL;
    loop->mail_head = loop->mail_tail = NULL;
    loop->stirred += loop->woken;
    loop->woken = false;
    loop->signaled = false;
    uv_mutex_unlock(&loop->lock);

    while (work && arv__loop_goes_on(loop)) {
        arv__work *next = work->next;
        loop->stirred++;
        work_deliver(loop, work);
        work = next;
    }
    while (mail && arv__loop_goes_on(loop)) {
        arv__mail *next = mail->next;
        loop->stirred++;
        mail->deliver(mail);
        mail = next;
    }
    if (work || mail)
        inbox_put_back(loop, work, mail);
}

static void async_cb(uv_async_t *async)
{
    arv__loop *loop = async->data;
    unsigned before = loop->stirred;
    inbox_deliver(loop);
    if (loop->stirred == before)
        loop->stray = true;
}

/* ---- timers ---------------------------------------------------------------------------------- */

static void alarm_cb(uv_timer_t *alarm);

static void alarm_set(arv__loop *loop, unsigned least_ms)
{
    if (!loop->timers) {
        uv_timer_stop(&loop->alarm);
        return;
    }
    uint64_t now = arv__monotonic_ns(), due = loop->timers->due_ns;
    uint64_t wait_ms = due > now ? (due - now) / 1000000 + ((due - now) % 1000000 != 0) : 0;
    uv_update_time(&loop->uv);
    uv_timer_start(&loop->alarm, alarm_cb, wait_ms > least_ms ? wait_ms : least_ms, 0);
}

static void alarm_cb(uv_timer_t *alarm)
{
    arv__loop *loop = alarm->data;
    unsigned fired = 0;
    loop->firing_ns = arv__monotonic_ns();
    while (loop->timers && loop->timers->due_ns <= loop->firing_ns && arv__loop_goes_on(loop)) {
        arv__timer *timer = loop->timers;
        loop->timers = timer->next;
        timer->armed = false;
        fired++;
        timer->fire(timer);
    }
    loop->firing_ns = 0;
    loop->stirred += fired;
    loop->stray = loop->stray || fired == 0; /* libuv's milliseconds are coarser than ours */
    alarm_set(loop, 1); /* with 0, libuv would come back here before it looks at anything else */
}

static bool timer_unlink(arv__loop *loop, arv__timer *timer)
{
    for (arv__timer **at = &loop->timers; *at; at = &(*at)->next) {
        if (*at == timer) {
            *at = timer->next;
            timer->armed = false;
            return true;
        }
    }
    return false;
}

void arv__timer_start(arv__loop *loop, arv__timer *timer, uint64_t delay_ms)
{
    if (timer->armed)
        timer_unlink(loop, timer);
    uint64_t now = arv__monotonic_ns();
    timer->due_ns = delay_ms > (UINT64_MAX - now) / 1000000 ? UINT64_MAX : now + delay_ms * 1000000;
    if (timer->due_ns <= loop->firing_ns)
        timer->due_ns = loop->firing_ns + 1;
    arv__timer **at = &loop->timers;
    while (*at && (*at)->due_ns <= timer->due_ns)
        at = &(*at)->next;
    timer->next = *at;
    *at = timer;
    timer->armed = true;
    if (!loop->firing_ns)
        alarm_set(loop, 0);
}

void arv__timer_stop(arv__loop *loop, arv__timer *timer)
{
    if (timer->armed && timer_unlink(loop, timer) && !loop->firing_ns)
        alarm_set(loop, 0);
}

/* ---- run ------------------------------------------------------------------------------------- */

static void limit_cb(uv_timer_t *limit)
{
    ((arv__loop *)limit->data)->limit_passed = true;
}

static void set_polling(arv__loop *loop, bool polling)
{
    loop_lock(loop);
    loop->polling = polling;
    if (polling && (loop->work_head || loop->mail_head || loop->woken))
        inbox_signal(loop); /* something came after the inbox was taken */
    uv_mutex_unlock(&loop->lock);
}

static void loop_wait(arv__loop *loop, unsigned timeout_ms)
{
    loop->limit_passed = false;
    uv_update_time(&loop->uv);
    uv_timer_start(&loop->limit, limit_cb, timeout_ms, 0);
    do {
        loop->stray = false;
        uv_run(&loop->uv, UV_RUN_ONCE);
    } while (loop->stray && !loop->stirred && !loop->limit_passed);
    uv_timer_stop(&loop->limit);
}

bool arv__loop_run(arv__loop *loop, arv__loop_mode mode, unsigned timeout_ms)
{
    if (loop->running)
        return true;
    loop->running = true;
    loop->yielded = false;
    loop->stirred = 0;
    inbox_deliver(loop);
    set_polling(loop, true);
    if (mode == ARV__LOOP_ONCE && timeout_ms > 0 && !loop->stirred && arv__loop_busy(loop))
        loop_wait(loop, timeout_ms);
    else
        uv_run(&loop->uv, UV_RUN_NOWAIT);
    set_polling(loop, false);
    inbox_deliver(loop);
    loop->running = false;
    return arv__loop_busy(loop);
}

/* Everything but timers and watches, which their owners stop. */
static bool loop_engaged(const arv__loop *loop)
{
    arv__loop *l = (arv__loop *)loop;
    loop_lock(l);
    bool engaged = l->works || l->ops || l->holds || l->mail_head;
    uv_mutex_unlock(&l->lock);
    return engaged;
}

bool arv__loop_busy(const arv__loop *loop)
{
    return loop->timers || loop->watches || loop_engaged(loop);
}

bool arv__loop_running(const arv__loop *loop)
{
    return loop->running;
}

void arv__loop_yield(arv__loop *loop)
{
    loop->yielded = loop->running;
}

/* ---- life ------------------------------------------------------------------------------------ */

static void handle_close(uv_handle_t *handle, void *unused)
{
    (void)unused;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

/* The second turn is for handles that close others in their close callback. */
static void handles_close(arv__loop *loop)
{
    uv_walk(&loop->uv, handle_close, NULL);
    uv_run(&loop->uv, UV_RUN_NOWAIT);
    uv_run(&loop->uv, UV_RUN_NOWAIT);
}

/*
 * libuv ends the process when it closes a descriptor 0, 1 or 2. It gets such descriptors if the host has
 * closed its standard streams, as PHP 8.1 does before it frees objects. So the loop occupies them while
 * libuv opens its own.
 */
typedef struct low_descriptors {
    int fds[3];
    unsigned count;
} low_descriptors;

static void low_take(low_descriptors *low)
{
    low->count = 0;
    for (int fd = 0; fd < 3; fd++) {
        if (fcntl(fd, F_GETFD) >= 0)
            continue;
        int taken = eventfd(0, EFD_CLOEXEC); /* the lowest that is free */
        if (taken >= 0)
            low->fds[low->count++] = taken;
    }
}

static void low_leave(low_descriptors *low)
{
    while (low->count)
        arv__fs->close(low->fds[--low->count]);
}

int arv__loop_new(arv__loop **loop, arv_error *err)
{
    low_descriptors low;
    *loop = NULL;
    arv__loop *l = arv_calloc(1, sizeof *l);
    if (!l)
        return arv_error_nomem(err, "the event loop");
    low_take(&low);
    int rc = uv_mutex_init(&l->lock);
    if (rc != 0)
        goto out;
    rc = uv_loop_init(&l->uv);
    if (rc != 0) {
        uv_mutex_destroy(&l->lock);
        goto out;
    }
    rc = uv_async_init(&l->uv, &l->async, async_cb);
    if (rc != 0) {
        handles_close(l);
        uv_loop_close(&l->uv);
        uv_mutex_destroy(&l->lock);
        goto out;
    }
    uv_timer_init(&l->uv, &l->alarm);
    uv_timer_init(&l->uv, &l->limit);
    l->watch_fd = -1;
    l->pid = getpid();
    l->async.data = l->alarm.data = l->limit.data = l;
    *loop = l;
    l = NULL;
out:
    low_leave(&low);
    arv_free(l);
    if (rc == 0)
        return 0;
    return arv_error_system(err, -rc,
                            "The event loop cannot be started; raise the limit of open "
                            "files if it was reached");
}

void arv__loop_free(arv__loop *loop)
{
    if (!loop)
        return;
    if (loop->running)
        arv__loop_defect("the loop is freed from inside one of its callbacks");
    loop->closing = true;
    while (loop_engaged(loop)) {
        for (arv__pool *pool = loop->pools; pool; pool = arv__pool_next(pool))
            arv__pool_close(pool);
        arv__ops_cancel(loop);
        arv__loop_run(loop, ARV__LOOP_ONCE, FREE_TURN_MS);
    }
    while (loop->pools)
        arv__pool_destroy(loop->pools);
    handles_close(loop);
    arv__watches_close(loop);
    if (uv_loop_close(&loop->uv) != 0)
        arv__loop_defect("a handle of the loop is still open at its end");
    uv_mutex_destroy(&loop->lock);
    arv_free(loop);
}

/*
 * The child shares the parent's epoll object: closing a handle in the usual way would take it out
 * of the parent's set. So uv_loop_fork() first exchanges the object for one of the child's own. Threads
 * that exist in the parent only may use locks and condition variables, so the child frees their memory
 * and never destroys them.
 */
void arv__loop_abandon(arv__loop *loop)
{
    if (!loop || loop->running)
        return;
    for (arv__pool *pool = loop->pools; pool;)
        pool = arv__pool_abandon(pool);
    while (loop->processes)
        arv__process_forget(loop->processes);
    low_descriptors low;
    low_take(&low);
    if (uv_loop_fork(&loop->uv) == 0) {
        handles_close(loop);
        uv_loop_close(&loop->uv);
    }
    low_leave(&low);
    arv__watches_close(loop);
    arv_free(loop);
}

void arv__library_libuv(arv_library *library)
{
    *library = (arv_library){"libuv", uv_version_string()};
}
