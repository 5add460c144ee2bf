/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <arv/sys/alloc.h>
#include "loop/watch.h"
#include "util/time.h"

enum { SOON_MS = 30, LONG_MS = 60000 };

typedef struct pipe_scene {
    arv__watch watch;
    int ends[2]; /* read, write */
    int called;
    unsigned events; /* of the last call */
    bool takes;      /* reads a byte a call */
    bool yields;
    arv__watch *stops;
} pipe_scene;

static arv_error err;
static arv__loop *loop;
static bool in_start;

static void scene_ready(arv__watch *watch, unsigned events)
{
    pipe_scene *s = watch->user_data;
    char byte;
    CHECK(!in_start);
    s->called++;
    s->events = events;
    if (s->takes)
        CHECK_INT(read(s->ends[0], &byte, 1), 1);
    if (s->stops)
        arv__watch_stop(s->stops);
    if (s->yields)
        arv__loop_yield(loop);
}

static void scene_init(pipe_scene *s)
{
    *s = (pipe_scene){.watch = {.ready = scene_ready}};
    s->watch.user_data = s;
    CHECK_INT(pipe2(s->ends, O_CLOEXEC | O_NONBLOCK), 0);
}

static void watch(pipe_scene *s, int end, unsigned events)
{
    in_start = true;
    CHECK_OK(arv__watch_start(loop, &s->watch, s->ends[end], events, &err), &err);
    in_start = false;
}

static void fill(pipe_scene *s, int bytes)
{
    for (int i = 0; i < bytes; i++)
        CHECK_INT(write(s->ends[1], "x", 1), 1);
}

static void start(pipe_scene *s)
{
    CHECK_OK(arv__loop_new(&loop, &err), &err);
    scene_init(s);
}

static uint64_t elapsed_ms(uint64_t since_ns)
{
    return (arv__monotonic_ns() - since_ns) / 1000000;
}

TEST(watch_calls_back_from_the_run_never_inside_start)
{
    pipe_scene s;
    start(&s);
    fill(&s, 1);
    watch(&s, 0, ARV__WATCH_READ);
    CHECK_INT(s.called, 0);
    CHECK(arv__watch_started(&s.watch));
    CHECK(arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS));
    CHECK_INT(s.called, 1);
    CHECK_INT(s.events, ARV__WATCH_READ);
    arv__loop_free(loop);
}

TEST(watch_tells_again_until_the_bytes_were_read)
{
    pipe_scene s;
    start(&s);
    fill(&s, 2);
    watch(&s, 0, ARV__WATCH_READ);
    arv__loop_run(loop, ARV__LOOP_POLL, 0);
    arv__loop_run(loop, ARV__LOOP_POLL, 0);
    CHECK_INT(s.called, 2);
    s.takes = true;
    arv__loop_run(loop, ARV__LOOP_POLL, 0);
    arv__loop_run(loop, ARV__LOOP_POLL, 0);
    CHECK_INT(s.called, 4);
    arv__loop_run(loop, ARV__LOOP_POLL, 0);
    CHECK_INT(s.called, 4);
    arv__loop_free(loop);
}

TEST(watch_waits_for_the_events_that_were_asked_for_last)
{
    pipe_scene s;
    int ends[2];
    start(&s);
    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    CHECK_OK(arv__watch_start(loop, &s.watch, ends[0], ARV__WATCH_READ, &err), &err);
    arv__loop_run(loop, ARV__LOOP_POLL, 0);
    CHECK_INT(s.called, 0);
    CHECK_OK(arv__watch_start(loop, &s.watch, ends[0], ARV__WATCH_READ | ARV__WATCH_WRITE, &err), &err);
    arv__loop_run(loop, ARV__LOOP_POLL, 0);
    CHECK_INT(s.events, ARV__WATCH_WRITE);
    CHECK_INT(write(ends[1], "x", 1), 1);
    arv__loop_run(loop, ARV__LOOP_POLL, 0);
    CHECK_INT(s.events, ARV__WATCH_READ | ARV__WATCH_WRITE);
    CHECK_OK(arv__watch_start(loop, &s.watch, ends[0], ARV__WATCH_READ, &err), &err);
    arv__loop_run(loop, ARV__LOOP_POLL, 0);
    CHECK_INT(s.events, ARV__WATCH_READ);
    CHECK_OK(arv__watch_start(loop, &s.watch, ends[0], 0, &err), &err);
    CHECK(!arv__watch_started(&s.watch));
    arv__loop_run(loop, ARV__LOOP_POLL, 0);
    CHECK_INT(s.called, 3);
    arv__loop_free(loop);
}

TEST(watch_moves_to_another_descriptor)
{
    pipe_scene s, other;
    start(&s);
    scene_init(&other);
    fill(&s, 1);
    watch(&s, 0, ARV__WATCH_READ);
    CHECK_OK(arv__watch_start(loop, &s.watch, other.ends[0], ARV__WATCH_READ, &err), &err);
    arv__loop_run(loop, ARV__LOOP_POLL, 0);
    CHECK_INT(s.called, 0);
    fill(&other, 1);
    arv__loop_run(loop, ARV__LOOP_POLL, 0);
    CHECK_INT(s.called, 1);
    arv__loop_free(loop);
}

TEST(watch_that_is_stopped_is_silent_and_may_be_stopped_again)
{
    pipe_scene s;
    start(&s);
    arv__watch_stop(&s.watch); /* never started */
    fill(&s, 1);
    watch(&s, 0, ARV__WATCH_READ);
    arv__watch_stop(&s.watch);
    arv__watch_stop(&s.watch);
    CHECK(!arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS)); /* nothing to wait for */
    CHECK_INT(s.called, 0);
    watch(&s, 0, ARV__WATCH_READ);
    arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS);
    CHECK_INT(s.called, 1);
    arv__loop_free(loop);
}

TEST(watch_that_another_callback_stops_is_not_called_with_what_was_ready)
{
    pipe_scene s, other;
    start(&s);
    scene_init(&other);
    fill(&s, 1);
    fill(&other, 1);
    watch(&s, 0, ARV__WATCH_READ);
    watch(&other, 0, ARV__WATCH_READ);
    s.stops = &other.watch;
    other.stops = &s.watch;
    arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS);
    CHECK_INT(s.called + other.called, 1);
    arv__loop_free(loop);
}

static int freed;

static void ready_frees(arv__watch *watch, unsigned events)
{
    (void)events;
    arv__watch_close(watch);
    arv_free(watch);
    freed++;
}

TEST(watch_may_be_closed_and_freed_in_its_callback)
{
    CHECK_OK(arv__loop_new(&loop, &err), &err);
    for (int i = 0; i < 3; i++) {
        int ends[2];
        arv__watch *w = arv_calloc(1, sizeof *w);
        CHECK_INT(pipe(ends), 0);
        close(ends[1]);
        w->ready = ready_frees;
        CHECK_OK(arv__watch_start(loop, w, ends[0], ARV__WATCH_READ, &err), &err);
    }
    CHECK(!arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS));
    CHECK_INT(freed, 3);
    arv__loop_free(loop);
}

TEST(watch_close_closes_once)
{
    pipe_scene s;
    start(&s);
    arv__watch_close(&s.watch); /* never started: descriptor 0 stays open */
    CHECK(fcntl(0, F_GETFD) >= 0);
    watch(&s, 0, ARV__WATCH_READ);
    arv__watch_close(&s.watch);
    CHECK_INT(fcntl(s.ends[0], F_GETFD), -1);
    int again = dup(s.ends[1]);
    CHECK_INT(again, s.ends[0]);
    arv__watch_close(&s.watch);
    CHECK(fcntl(again, F_GETFD) >= 0);
    arv__loop_free(loop);
}

TEST(watch_tells_a_hangup_besides_what_was_asked_for)
{
    pipe_scene s;
    start(&s);
    watch(&s, 0, ARV__WATCH_READ);
    close(s.ends[1]);
    arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS);
    CHECK_INT(s.events, ARV__WATCH_READ | ARV__WATCH_HANGUP);
    arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS); /* until it is stopped */
    CHECK_INT(s.called, 2);
    arv__loop_free(loop);
}

TEST(watch_tells_an_error_besides_what_was_asked_for)
{
    pipe_scene s;
    start(&s);
    while (write(s.ends[1], "x", 1) > 0)
        ;
    watch(&s, 1, ARV__WATCH_WRITE);
    arv__loop_run(loop, ARV__LOOP_POLL, 0);
    CHECK_INT(s.called, 0);
    close(s.ends[0]);
    arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS);
    CHECK_INT(s.events, ARV__WATCH_WRITE | ARV__WATCH_ERROR);
    arv__loop_free(loop);
}

TEST(watch_refuses_what_cannot_be_watched_and_says_why)
{
    pipe_scene s;
    arv__watch second = {.ready = scene_ready};
    start(&s);
    CHECK_ERR(arv__watch_start(loop, &s.watch, 999, ARV__WATCH_READ, &err), &err, ARV_EINVALID,
              "999 cannot be watched: it is not open");
    CHECK_ERR(arv__watch_start(loop, &s.watch, -1, ARV__WATCH_READ, &err), &err, ARV_EINVALID, NULL);
    int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    CHECK_ERR(arv__watch_start(loop, &s.watch, file, ARV__WATCH_READ, &err), &err, ARV_EUNSUPPORTED,
              "read it on a pool");
    CHECK(!arv__watch_started(&s.watch));
    arv__watch_close(&s.watch); /* has no descriptor */
    CHECK(fcntl(file, F_GETFD) >= 0);
    watch(&s, 0, ARV__WATCH_READ);
    CHECK_ERR(arv__watch_start(loop, &second, s.ends[0], ARV__WATCH_READ, &err), &err, ARV_ESTATE,
              "stop its other watch");
    fill(&s, 1);
    arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS);
    CHECK_INT(s.called, 1);
    arv__loop_free(loop);
}

TEST(watch_whose_events_cannot_be_changed_is_stopped)
{
    pipe_scene s;
    start(&s);
    watch(&s, 0, ARV__WATCH_READ);
    close(s.ends[0]);
    CHECK_ERR(arv__watch_start(loop, &s.watch, s.ends[0], ARV__WATCH_WRITE, &err), &err, ARV_EINVALID,
              "not open");
    CHECK(!arv__watch_started(&s.watch));
    CHECK(!arv__loop_busy(loop));
    arv__loop_free(loop);
}

TEST(watch_of_a_descriptor_that_was_closed_harms_nobody)
{
    pipe_scene s, other;
    start(&s);
    watch(&s, 0, ARV__WATCH_READ);
    close(s.ends[0]);
    arv__loop_run(loop, ARV__LOOP_ONCE, SOON_MS);
    CHECK_INT(s.called, 0);
    scene_init(&other); /* takes the number */
    CHECK_INT(other.ends[0], s.ends[0]);
    watch(&other, 0, ARV__WATCH_READ);
    arv__watch_stop(&s.watch); /* must not stop the other */
    fill(&other, 1);
    arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS);
    CHECK_INT(other.called, 1);
    arv__loop_free(loop);
}

/* The kernel goes on to report what a copy keeps alive, and nobody can take it out of the set. */
TEST(watch_of_a_closed_descriptor_with_a_copy_ends_when_it_is_stopped)
{
    pipe_scene s, other;
    start(&s);
    scene_init(&other);
    watch(&other, 0, ARV__WATCH_READ);
    watch(&s, 0, ARV__WATCH_READ);
    int copy = dup(s.ends[0]);
    close(s.ends[0]);
    fill(&s, 1);
    arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS);
    CHECK_INT(s.called, 1);
    arv__watch_stop(&s.watch);
    memset(&s.watch, 0xA5, sizeof s.watch); /* as if it had been freed */
    uint64_t since = arv__monotonic_ns();
    CHECK(arv__loop_run(loop, ARV__LOOP_ONCE, SOON_MS));
    CHECK(elapsed_ms(since) + 1 >= SOON_MS); /* waited: nothing is reported any more */
    fill(&other, 1);
    arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS);
    CHECK_INT(other.called, 1);
    close(copy);
    arv__loop_free(loop);
}

TEST(watch_keeps_the_loop_busy_and_is_forgotten_with_it)
{
    pipe_scene s;
    start(&s);
    CHECK(!arv__loop_busy(loop));
    watch(&s, 0, ARV__WATCH_READ);
    CHECK(arv__loop_busy(loop));
    uint64_t since = arv__monotonic_ns();
    CHECK(arv__loop_run(loop, ARV__LOOP_ONCE, SOON_MS));
    CHECK(elapsed_ms(since) + 1 >= SOON_MS);
    arv__loop_free(loop); /* waits for nobody */
    CHECK_INT(s.called, 0);
    CHECK(fcntl(s.ends[0], F_GETFD) >= 0); /* was borrowed */
}

TEST(yield_leaves_other_watches_for_the_next_run)
{
    pipe_scene s[3];
    CHECK_OK(arv__loop_new(&loop, &err), &err);
    for (int i = 0; i < 3; i++) {
        scene_init(&s[i]);
        fill(&s[i], 1);
        s[i].takes = s[i].yields = true;
        watch(&s[i], 0, ARV__WATCH_READ);
    }
    for (int run = 1; run <= 3; run++) {
        CHECK(arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS));
        CHECK_INT(s[0].called + s[1].called + s[2].called, run);
    }
    arv__loop_free(loop);
}

TEST(many_watches_all_get_their_turn)
{
    static pipe_scene s[200];
    int waiting = 200;
    CHECK_OK(arv__loop_new(&loop, &err), &err);
    for (int i = 0; i < 200; i++) {
        scene_init(&s[i]);
        fill(&s[i], 1); /* is not read: all stay ready */
        watch(&s[i], 0, ARV__WATCH_READ);
    }
    for (int run = 0; run < 10 && waiting; run++) {
        arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS);
        waiting = 0;
        for (int i = 0; i < 200; i++)
            waiting += s[i].called == 0;
    }
    CHECK_INT(waiting, 0);
    arv__loop_free(loop);
}

static void *thread_writes(void *argument)
{
    pipe_scene *s = argument;
    CHECK_INT(write(s->ends[1], "x", 1), 1);
    return NULL;
}

TEST(watch_wakes_a_waiting_run)
{
    pipe_scene s;
    pthread_t thread;
    start(&s);
    watch(&s, 0, ARV__WATCH_READ);
    CHECK_INT(pthread_create(&thread, NULL, thread_writes, &s), 0);
    arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS);
    CHECK_INT(s.called, 1);
    pthread_join(thread, NULL);
    arv__loop_free(loop);
}

TEST(watch_without_a_free_descriptor_says_so_and_leaks_none)
{
    pipe_scene s;
    struct rlimit limit;
    start(&s);
    getrlimit(RLIMIT_NOFILE, &limit);
    rlim_t soft = limit.rlim_cur;
    limit.rlim_cur = (rlim_t)s.ends[1] + 1;
    setrlimit(RLIMIT_NOFILE, &limit);
    CHECK_ERR(arv__watch_start(loop, &s.watch, s.ends[0], ARV__WATCH_READ, &err), &err, ARV_EIO,
              "raise the limit of open files");
    CHECK(!arv__loop_busy(loop));
    limit.rlim_cur = soft;
    setrlimit(RLIMIT_NOFILE, &limit);
    fill(&s, 1);
    watch(&s, 0, ARV__WATCH_READ);
    arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS);
    CHECK_INT(s.called, 1);
    arv__loop_free(loop);
}

TEST(watch_of_the_parent_goes_on_after_the_child_of_a_fork_abandoned)
{
    pipe_scene s;
    CHECK_OK(arv__loop_new(&loop, &err), &err); /* libuv opens a pipe for the process, once */
    arv__loop_free(loop);
    int before = test_count_dir("/proc/self/fd");
    start(&s);
    watch(&s, 0, ARV__WATCH_READ);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        arv__loop_abandon(loop);
        CHECK_INT(test_count_dir("/proc/self/fd"), before + 2); /* the pipe */
        CHECK_INT(s.called, 0);
        _exit(0);
    }
    CHECK_CHILD(pid);
    fill(&s, 1);
    arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS);
    CHECK_INT(s.called, 1);
    arv__loop_free(loop);
    CHECK_INT(test_count_dir("/proc/self/fd"), before + 2);
}

static pid_t forked = -1;
static bool stops;

/* Both ends of the batch would be reached in the child: the next watch, or the parent's set. */
static void ready_forks(arv__watch *watch, unsigned events)
{
    scene_ready(watch, events);
    if (forked >= 0)
        return;
    fflush(NULL);
    forked = fork();
    if (forked != 0)
        return;
    close(2);
    signal(SIGABRT, SIG_DFL);
    if (stops)
        arv__watch_stop(watch);
}

static void ready_in_the_child(arv__watch *watch, unsigned events)
{
    scene_ready(watch, events);
    if (forked == 0)
        _exit(1);
}

static void fork_in_a_batch(void)
{
    pipe_scene s, other;
    int status = 0;
    forked = -1;
    start(&s);
    scene_init(&other);
    s.watch.ready = ready_forks;
    other.watch.ready = ready_in_the_child;
    s.takes = other.takes = true;
    watch(&s, 0, ARV__WATCH_READ);
    watch(&other, 0, ARV__WATCH_READ);
    fill(&s, 1);
    fill(&other, 1);
    while (forked < 0 || !other.called)
        arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS);
    CHECK_INT(waitpid(forked, &status, 0), forked);
    CHECK_INT(status, SIGABRT);
    fill(&s, 1);
    arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS);
    CHECK_INT(s.called, 2);
    arv__loop_free(loop);
}

TEST(child_that_was_forked_by_a_watch_is_ended_when_it_returns)
{
    fork_in_a_batch();
}

TEST(child_that_was_forked_by_a_watch_cannot_change_the_parents_set)
{
    stops = true;
    fork_in_a_batch();
}
