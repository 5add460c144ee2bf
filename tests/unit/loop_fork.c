/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
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

static void close_standard_streams(void)
{
    for (int fd = 0; fd < 3; fd++)
        close(fd);
}

TEST(a_loop_lives_where_the_standard_streams_are_closed)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        close_standard_streams();
        for (int i = 0; i < 2; i++)
            new_loop_works();
        for (int fd = 0; fd < 3; fd++)
            if (fcntl(fd, F_GETFD) >= 0)
                _exit(1);
        _exit(0);
    }
    CHECK_CHILD(pid);
}

TEST(child_that_closed_its_standard_streams_abandons)
{
    CHECK_OK(arv__loop_new(&loop, &err), &err);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        close_standard_streams();
        arv__loop_abandon(loop);
        _exit(0);
    }
    CHECK_CHILD(pid);
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

static scene forked_scene;
static pid_t forked;
static int before_fork, delivered_after;
static job late;

/* What the owner of a callback might do when it forked and goes on in the child. */
static void act_returns(void)
{
}

static void act_submits(void)
{
    job_init(&late);
    arv__work_submit(pool, NULL, &late.work, &err);
}

static void act_cancels(void)
{
    arv__work_cancel(&forked_scene.waiting.work);
}

static void act_posts(void)
{
    arv__loop_post(loop, &forked_scene.mail);
}

static void act_holds(void)
{
    arv__loop_hold(loop);
}

static void act_sets_active(void)
{
    arv__pool_set_active(pool, 1);
}

static void (*act)(void);

/* To abandon has no effect there: frames of the loop are on the stack. */
static void fork_and_act(void)
{
    fflush(NULL);
    before_fork = open_descriptors();
    forked = fork();
    if (forked != 0)
        return;
    close(2);
    signal(SIGABRT, SIG_DFL);
    locks_stand = true;
    arv__loop_abandon(loop);
    if (open_descriptors() != before_fork - 1)
        _exit(1);
    if (!act)
        _exit(0);
    act();
}

static void deliver_forks(arv__mail *mail)
{
    (void)mail;
    fork_and_act();
}

static void timer_forks(arv__timer *timer)
{
    (void)timer;
    fork_and_act();
}

static void done_forks(arv__work *work, int status, const arv_error *error)
{
    job_done(work, status, error);
    fork_and_act();
}

static void deliver_counts(arv__mail *mail)
{
    (void)mail;
    delivered_after++;
}

/* One callback forks, a second one is due behind it. Returns how the child ended. */
static int forks_in(arv__mail *mail, arv__timer *timer, arv__work *work)
{
    static arv__mail counts = {.deliver = deliver_counts};
    scene *s = &forked_scene;
    int status = 0;
    scene_start(s);
    forked = -1;
    delivered_after = 0;
    while (s->called < 2)
        arv__loop_run(loop, ARV__LOOP_ONCE, 1000);
    if (mail)
        arv__loop_post(loop, mail);
    if (timer)
        arv__timer_start(loop, timer, 0);
    if (work)
        CHECK_OK(arv__work_submit(pool, NULL, work, &err), &err);
    arv__loop_post(loop, &counts);
    if (work)
        uv_sem_post(&s->gate);
    while (forked < 0)
        arv__loop_run(loop, ARV__LOOP_ONCE, 1000);
    CHECK_INT(waitpid(forked, &status, 0), forked);
    if (!work)
        uv_sem_post(&s->gate);
    while (arv__loop_run(loop, ARV__LOOP_ONCE, 1000))
        ;
    CHECK_INT(s->running.done, 1);
    CHECK_INT(s->waiting.status, 0);
    arv__loop_free(loop);
    return status;
}

TEST(child_leaves_inside_the_callback_that_forked)
{
    arv__mail mail = {.deliver = deliver_forks};
    CHECK_INT(forks_in(&mail, NULL, NULL), 0);
    CHECK_INT(delivered_after, 1);
}

TEST(child_that_returns_from_its_callback_is_ended_before_the_next_one)
{
    arv__mail mail = {.deliver = deliver_forks};
    arv__timer timer = {.fire = timer_forks};
    job done;
    act = act_returns;
    job_init(&done);
    done.work.done = done_forks;
    CHECK_INT(forks_in(&mail, NULL, NULL), SIGABRT);
    CHECK_INT(forks_in(NULL, &timer, NULL), SIGABRT);
    CHECK_INT(forks_in(NULL, NULL, &done.work), SIGABRT);
}

TEST(child_is_ended_by_what_would_touch_the_parents_work)
{
    static void (*const acts[])(void) = {act_submits, act_cancels, act_posts, act_holds, act_sets_active};
    arv__mail mail = {.deliver = deliver_forks};
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        CHECK_SCENE("act %zu", i);
        act = acts[i];
        CHECK_INT(forks_in(&mail, NULL, NULL), SIGABRT);
        CHECK_INT(delivered_after, 1);
    }
}

static int run_forks(arv__work *work, arv_error *error)
{
    pid_t *child = work->user_data;
    (void)error;
    fflush(NULL);
    *child = fork();
    if (*child == 0) {
        close(2);
        signal(SIGABRT, SIG_DFL);
    }
    return 0;
}

static void run_forks_done(arv__work *work, int status, const arv_error *error)
{
    (void)work;
    (void)status;
    (void)error;
}

TEST(child_of_a_pools_thread_is_ended_when_it_returns)
{
    pid_t child = -1;
    int status = 0;
    arv__work work;
    memset(&work, 0, sizeof work);
    CHECK_OK(arv__loop_new(&loop, &err), &err);
    CHECK_OK(arv__pool_new(&pool, loop, "test", 1, &err), &err);
    CHECK_OK(arv__work_start(pool, NULL, &work, run_forks, run_forks_done, &child, &err), &err);
    while (arv__loop_run(loop, ARV__LOOP_ONCE, 1000))
        ;
    CHECK_INT(waitpid(child, &status, 0), child);
    CHECK_INT(status, SIGABRT);
    arv__loop_free(loop);
}
