/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <uv.h>
#include "loop/op.h"
#include "loop/private.h"

#if defined(__SANITIZE_THREAD__)
#define THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define THREAD_SANITIZER 1
#endif
#endif
#ifdef THREAD_SANITIZER
/* The sanitizer by default ends a child of a process with threads that starts threads itself,
 * which is what we promise to survive. */
const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
    return "die_after_fork=0";
}
#endif

typedef struct job {
    arv__work work;
    uv_sem_t *begun, *gate;
    int done, status;
} job;

static arv_error err;
static arv__loop *loop;
static arv__pool *pool;

/* A lock that a thread of the parent held at the fork is never released in the child. Which one it
 * is depends on the moment, so none may be asked for. */
static bool locks_stand;

void uv_mutex_lock(uv_mutex_t *mutex)
{
    CHECK(!locks_stand || mutex == &loop->uv.wq_mutex); /* of a pool of libuv's, which has no threads */
    if (pthread_mutex_lock(mutex) != 0)
        abort();
}

static int job_run(arv__work *work, arv_error *error)
{
    job *j = work->user_data;
    (void)error;
    if (j->begun)
        uv_sem_post(j->begun);
    if (j->gate)
        uv_sem_wait(j->gate);
    return 0;
}

static void job_done(arv__work *work, int status, const arv_error *error)
{
    job *j = work->user_data;
    (void)error;
    j->done++;
    j->status = status;
}

static void job_init(job *j)
{
    *j = (job){.work = {.run = job_run, .done = job_done}};
    j->work.user_data = j;
}

/* A loop with one work that runs, one that waits, a letter and a timer. */
typedef struct scene {
    job running, waiting;
    uv_sem_t begun, gate;
    arv__mail mail;
    arv__timer timer;
    int called;
} scene;

static void scene_deliver(arv__mail *mail)
{
    ((scene *)mail->user_data)->called++;
}

static void scene_fire(arv__timer *timer)
{
    ((scene *)timer->user_data)->called++;
}

static void scene_start(scene *s)
{
    CHECK_OK(arv__loop_new(&loop, &err), &err);
    CHECK_OK(arv__pool_new(&pool, loop, "test", 1, &err), &err);
    uv_sem_init(&s->begun, 0);
    uv_sem_init(&s->gate, 0);
    job_init(&s->running);
    job_init(&s->waiting);
    s->running.begun = &s->begun;
    s->running.gate = &s->gate;
    CHECK_OK(arv__work_submit(pool, NULL, &s->running.work, &err), &err);
    CHECK_OK(arv__work_submit(pool, NULL, &s->waiting.work, &err), &err);
    uv_sem_wait(&s->begun);
    arv__loop_run(loop, ARV__LOOP_POLL, 0);
    s->called = 0;
    s->mail = (arv__mail){.deliver = scene_deliver, .user_data = s};
    s->timer = (arv__timer){.fire = scene_fire, .user_data = s};
    arv__loop_post(loop, &s->mail);
    arv__timer_start(loop, &s->timer, 0);
}

static void new_loop_works(void)
{
    job j;
#if defined(THREAD_SANITIZER) && !defined(__clang__)
    return; /* gcc's sanitizer cannot follow threads of such a child at all */
#endif
    CHECK_OK(arv__loop_new(&loop, &err), &err);
    CHECK_OK(arv__pool_new(&pool, loop, "child", 2, &err), &err);
    job_init(&j);
    CHECK_OK(arv__work_submit(pool, NULL, &j.work, &err), &err);
    while (arv__loop_run(loop, ARV__LOOP_ONCE, 1000))
        ;
    CHECK_INT(j.done, 1);
    arv__loop_free(loop);
}

static int open_descriptors(void)
{
    return test_count_dir("/proc/self/fd");
}

TEST(child_abandons_without_callbacks_and_starts_anew)
{
    static scene s;
    scene_start(&s);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        arv__loop_abandon(loop);
        CHECK_INT(s.called + s.running.done + s.waiting.done, 0);
        arv__loop_abandon(NULL);
        new_loop_works();
        fflush(NULL);
        _exit(0);
    }
    CHECK_CHILD(pid);
    uv_sem_post(&s.gate);
    arv__loop_free(loop);
    CHECK_INT(s.running.done + s.waiting.done, 2);
}

/* What the child closes must stay in the parent's epoll set: the parent sleeps in it afterwards and
 * is woken by its pool. */
TEST(parent_goes_on_after_the_child_abandoned)
{
    static scene s;
    scene_start(&s);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        arv__loop_abandon(loop);
        _exit(0);
    }
    CHECK_CHILD(pid);
    while (s.called < 2)
        arv__loop_run(loop, ARV__LOOP_ONCE, 1000);
    CHECK(arv__loop_run(loop, ARV__LOOP_POLL, 0));
    uv_sem_post(&s.gate);
    while (arv__loop_run(loop, ARV__LOOP_ONCE, 55000))
        ;
    CHECK_INT(s.running.done, 1);
    CHECK_INT(s.waiting.done, 1);
    CHECK_INT(s.waiting.status, 0);
    arv__loop_free(loop);
}

TEST(abandon_closes_its_descriptors)
{
    static scene s;
    CHECK_OK(arv__loop_new(&loop, &err), &err); /* libuv opens a pipe for the process, once */
    arv__loop_free(loop);
    int before = open_descriptors();
    scene_start(&s);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        CHECK(open_descriptors() > before);
        arv__loop_abandon(loop);
        CHECK_INT(open_descriptors(), before);
        _exit(0);
    }
    CHECK_CHILD(pid);
    uv_sem_post(&s.gate);
    arv__loop_free(loop);
    CHECK_INT(open_descriptors(), before);
}

static pid_t forked = -1;
static int delivered_after;
static int child_ran;
static scene forked_scene;

static int child_run(arv__work *work, arv_error *error)
{
    (void)work;
    (void)error;
    __atomic_store_n(&child_ran, 1, __ATOMIC_RELAXED);
    return 0;
}

static void deliver_forks(arv__mail *mail)
{
    static job late;
    (void)mail;
    fflush(NULL);
    forked = fork();
    if (forked != 0)
        return;
    locks_stand = true;
    arv__loop_abandon(loop);
    /* What the callback's owner begins or gives up on its way back belongs to the parent. */
    job_init(&late);
    late.work.run = child_run;
    CHECK_OK(arv__work_submit(pool, NULL, &late.work, &err), &err);
    arv__work_cancel(&forked_scene.running.work);
    arv__work_cancel(&forked_scene.waiting.work);
    arv__pool_set_active(pool, 1);
    CHECK(!arv__loop_busy(loop));
}

static void deliver_counts(arv__mail *mail)
{
    (void)mail;
    delivered_after++;
}

TEST(child_may_abandon_inside_the_callback_that_forked)
{
    scene *s = &forked_scene;
    arv__mail forks = {.deliver = deliver_forks}, counts = {.deliver = deliver_counts};
    scene_start(s);
    while (s->called < 2)
        arv__loop_run(loop, ARV__LOOP_ONCE, 1000);
    arv__loop_post(loop, &forks);
    arv__loop_post(loop, &counts);
    bool busy = arv__loop_run(loop, ARV__LOOP_ONCE, 1000);
    locks_stand = false;
    if (forked == 0) {
        CHECK(!busy);
        CHECK_INT(delivered_after, 0);
        new_loop_works();
        CHECK_INT(__atomic_load_n(&child_ran, __ATOMIC_RELAXED), 0);
        fflush(NULL);
        _exit(0);
    }
    CHECK(busy);
    CHECK_INT(delivered_after, 1);
    CHECK_CHILD(forked);
    uv_sem_post(&s->gate);
    arv__loop_free(loop);
    CHECK_INT(s->running.done, 1);
}
