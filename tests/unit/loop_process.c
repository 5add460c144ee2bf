/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The programs that are run are this one, in a role that its environment names, and some of the
 * system's.
 */

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <arv/sys/alloc.h>
#include "alloc_fail.h"
#include "loop/process_private.h"
#include "util/time.h"

enum { LONG_MS = 60000, TAKEN_BYTES = 2 * 1024 * 1024 };

/* ---- roles ----------------------------------------------------------------------------------- */

static void say(const char *text)
{
    if (write(1, text, strlen(text)) < 0)
        _exit(9);
}

static void copy_input(void)
{
    char bytes[4096];
    ssize_t n;
    while ((n = read(0, bytes, sizeof bytes)) > 0)
        for (ssize_t at = 0, w; at < n; at += w)
            if ((w = write(1, bytes + at, (size_t)(n - at))) < 0)
                _exit(8);
}

static void flood(int fd)
{
    char bytes[4096];
    memset(bytes, 'f', sizeof bytes);
    while (write(fd, bytes, sizeof bytes) > 0)
        ;
    _exit(7);
}

static void wait_for_ever(void)
{
    for (;;)
        pause();
}

static void tell_ids(void)
{
    char text[64];
    snprintf(text, sizeof text, "%d %d %d\n", (int)getpid(), (int)getpgrp(), (int)getsid(0));
    say(text);
}

/* One of its own, which holds all it inherited until it is killed. */
static void leave_a_child(bool own_session)
{
    int told[2];
    char byte;
    if (pipe(told) < 0)
        _exit(9);
    pid_t pid = fork();
    if (pid == 0) {
        if (own_session)
            setsid();
        tell_ids();
        close(told[0]);
        close(told[1]);
        wait_for_ever();
    }
    close(told[1]);
    if (read(told[0], &byte, 1) != 0)
        _exit(9);
}

static void role_play(const char *role)
{
    if (!strcmp(role, "copy"))
        copy_input();
    else if (!strcmp(role, "flood"))
        flood(1);
    else if (!strcmp(role, "flood-errors"))
        flood(2);
    else if (!strcmp(role, "wait") || !strcmp(role, "stubborn")) {
        signal(SIGTERM, role[0] == 's' ? SIG_IGN : SIG_DFL);
        tell_ids();
        wait_for_ever();
    } else if (!strcmp(role, "half")) {
        char byte;
        if (read(0, &byte, 1) != 1)
            _exit(9);
        close(0);
        say("closed");
        _exit(3);
    } else if (!strcmp(role, "closes")) {
        close(0);
        close(1);
        close(2);
        _exit(0);
    } else if (!strcmp(role, "child") || !strcmp(role, "escaped")) {
        leave_a_child(role[0] == 'e');
        say("parent\n");
    } else if (!strcmp(role, "answers")) {
        signal(SIGPIPE, SIG_IGN);
        _exit(write(0, "x", 1) == -1 && errno == EPIPE ? 0 : 9);
    } else if (!strcmp(role, "ids"))
        tell_ids();
    else if (!strcmp(role, "both")) {
        say("out");
        _exit(write(2, "errors", 6) == 6 ? 5 : 9);
    } else if (!strcmp(role, "dies"))
        raise(SIGKILL);
    _exit(0);
}

__attribute__((constructor)) static void role_look(void)
{
    const char *role = getenv("TEST_ROLE");
    if (role)
        role_play(role);
}

/* ---- a run ----------------------------------------------------------------------------------- */

typedef struct run {
    arv__op op;
    arv__process *process;
    arv__process_options options;
    const char *argv[4];
    const char *environment[3];
    char role[64];
    unsigned char *taken[ARV__PROCESS_STREAMS];
    size_t bytes[ARV__PROCESS_STREAMS], largest;
    int called, status, outputs;
    unsigned flags;
    char message[ARV_ERROR_MESSAGE_BYTES];
    bool in_start, cancels, yields, pauses;
} run;

static arv_error err;
static arv__loop *loop;
static char own_path[1024];

static void run_done(arv__op *op, int status, const arv_error *error)
{
    run *r = op->user_data;
    CHECK(!r->in_start);
    r->called++;
    r->status = status;
    r->flags = error->flags;
    snprintf(r->message, sizeof r->message, "%s", error->message);
}

static void run_output(arv__process *process, arv__process_stream stream, const void *data, size_t length)
{
    run *r = arv__process_user_data(process);
    CHECK(!r->in_start && !r->called);
    CHECK(length > 0 && r->bytes[stream] + length < TAKEN_BYTES);
    memcpy(r->taken[stream] + r->bytes[stream], data, length);
    r->bytes[stream] += length;
    r->taken[stream][r->bytes[stream]] = '\0';
    r->outputs++;
    if (length > r->largest)
        r->largest = length;
    if (r->cancels)
        arv__op_cancel(&r->op);
    if (r->yields)
        arv__loop_yield(loop);
    if (r->pauses)
        arv__process_pause(process, stream);
}

static void loop_start(void)
{
    CHECK_OK(arv__loop_new(&loop, &err), &err);
}

/* Of this program in a role; `program` is another one. */
static void run_init(run *r, const char *role, const char *program)
{
    ssize_t n = readlink("/proc/self/exe", own_path, sizeof own_path - 1);
    CHECK(n > 0);
    own_path[n] = '\0';
    *r = (run){.argv = {program ? program : own_path}};
    snprintf(r->role, sizeof r->role, "TEST_ROLE=%s", role ? role : "");
    r->environment[0] = role ? r->role : NULL;
    r->options = (arv__process_options){.argv = r->argv,
                                        .environment = r->environment,
                                        .output = run_output,
                                        .limit_bytes = {TAKEN_BYTES / 2, TAKEN_BYTES / 2},
                                        .piece_bytes = 4096,
                                        .time_limit_ms = LONG_MS * 5,
                                        .grace_ms = LONG_MS,
                                        .user_data = r};
    for (int i = 0; i < ARV__PROCESS_STREAMS; i++)
        r->taken[i] = calloc(1, TAKEN_BYTES);
    arv__op_init(&r->op, loop, run_done, r);
}

static int run_try(run *r)
{
    r->in_start = true;
    int rc = arv__process_start(&r->process, loop, &r->options, &r->op, &err);
    r->in_start = false;
    return rc;
}

static void run_start(run *r)
{
    CHECK_OK(run_try(r), &err);
    CHECK(arv__op_running(&r->op));
}

static void run_wait(run *r)
{
    while (!r->called)
        CHECK(arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS) || r->called);
    CHECK_INT(r->called, 1);
}

static void run_until_output(run *r, arv__process_stream stream)
{
    while (!r->bytes[stream] && !r->called)
        arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS);
}

static void run_whole(run *r)
{
    run_start(r);
    run_wait(r);
}

static const arv__process_result *result(const run *r)
{
    return arv__process_result_of(r->process);
}

static void run_free(run *r)
{
    arv__process_free(r->process);
    for (int i = 0; i < ARV__PROCESS_STREAMS; i++)
        free(r->taken[i]);
}

static const char *text(const run *r)
{
    return (const char *)r->taken[ARV__PROCESS_OUTPUT];
}

static void no_child_is_left(void)
{
    CHECK_INT(waitpid(-1, NULL, WNOHANG), -1);
    CHECK_INT(errno, ECHILD);
}

static int descriptors(void)
{
    return test_count_dir("/proc/self/fd");
}

/* What every test ends with: nothing is held, nothing is leaked. `before`: descriptors() once the
 * loop had had a watch. */
static void all_gone(run *r, int before)
{
    no_child_is_left();
    if (before)
        CHECK_INT(descriptors(), before);
    run_free(r);
    CHECK(!arv__loop_busy(loop));
    arv__loop_free(loop);
}

/* The loop and its set of watches have their descriptors. */
static int warmed(void)
{
    run r;
    loop_start();
    run_init(&r, "closes", NULL);
    run_whole(&r);
    run_free(&r);
    return descriptors();
}

/* ---- what arrives ---------------------------------------------------------------------------- */

TEST(process_gets_its_arguments_environment_and_folder_and_nothing_else)
{
    run r;
    char wanted[512];
    loop_start();
    run_init(&r, NULL, "/bin/sh");
    r.argv[1] = "-c";
    r.argv[2] = "echo \"$NAME|$#|$1|$HOME|$(pwd)\"";
    const char *argv[] = {"/bin/sh", "-c", r.argv[2], "zero", "a b'\"$(x)", NULL};
    r.options.argv = argv;
    r.environment[0] = "NAME=value of it";
    r.options.folder = test_dir();
    run_whole(&r);
    snprintf(wanted, sizeof wanted, "value of it|1|a b'\"$(x)||%s\n", test_dir());
    CHECK_STR(text(&r), wanted);
    CHECK_INT(r.status, 0);
    CHECK_OK(arv__process_check(r.process, &err), &err);
    all_gone(&r, 0);
}

TEST(process_without_a_folder_works_in_the_root)
{
    run r;
    loop_start();
    run_init(&r, NULL, "/bin/sh");
    r.argv[1] = "-c";
    r.argv[2] = "pwd";
    run_whole(&r);
    CHECK_STR(text(&r), "/\n");
    all_gone(&r, 0);
}

TEST(process_tells_its_exit_code_and_both_streams)
{
    run r;
    int before = warmed();
    run_init(&r, "both", NULL);
    run_whole(&r);
    CHECK_INT(r.status, 0);
    CHECK_STR(text(&r), "out");
    CHECK_STR((char *)r.taken[ARV__PROCESS_ERRORS], "errors");
    CHECK_INT(result(&r)->exit_code, 5);
    CHECK_INT(result(&r)->signal, 0);
    CHECK_INT(result(&r)->output_bytes[ARV__PROCESS_OUTPUT], 3);
    CHECK(result(&r)->memory_peak_bytes > 0);
    CHECK_ERR(arv__process_check(r.process, &err), &err, ARV_ESYSTEM, "failed with exit code 5");
    all_gone(&r, before);
}

TEST(process_tells_the_signal_that_ended_it)
{
    run r;
    int before = warmed();
    run_init(&r, "dies", NULL);
    run_whole(&r);
    CHECK_INT(r.status, 0);
    CHECK_INT(result(&r)->exit_code, -1);
    CHECK_INT(result(&r)->signal, SIGKILL);
    CHECK_ERR(arv__process_check(r.process, &err), &err, ARV_ESYSTEM, "ended by signal 9");
    all_gone(&r, before);
}

TEST(process_without_limits_of_output_writes_to_nowhere)
{
    run r;
    int before = warmed();
    run_init(&r, "both", NULL);
    r.options.limit_bytes[0] = r.options.limit_bytes[1] = 0;
    r.options.output = NULL;
    run_whole(&r);
    CHECK_INT(result(&r)->exit_code, 5);
    CHECK_INT(r.outputs, 0);
    all_gone(&r, before);
}

TEST(process_without_input_reads_its_end)
{
    run r;
    int before = warmed();
    run_init(&r, "copy", NULL);
    run_whole(&r);
    CHECK_INT(r.bytes[0], 0);
    CHECK_INT(result(&r)->exit_code, 0);
    all_gone(&r, before);
}

TEST(process_that_closes_its_pipes_early_is_waited_for)
{
    run r;
    int before = warmed();
    run_init(&r, "closes", NULL);
    run_whole(&r);
    CHECK_INT(r.status, 0);
    CHECK_INT(result(&r)->exit_code, 0);
    all_gone(&r, before);
}

TEST(many_processes_run_beside_each_other)
{
    static run r[12];
    int before = warmed();
    for (int i = 0; i < 12; i++) {
        run_init(&r[i], i % 2 ? "both" : "ids", NULL);
        run_start(&r[i]);
    }
    for (int i = 0; i < 12; i++) {
        while (!r[i].called)
            arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS);
        CHECK_INT(result(&r[i])->exit_code, i % 2 ? 5 : 0);
        run_free(&r[i]);
    }
    CHECK_INT(descriptors(), before);
    no_child_is_left();
    arv__loop_free(loop);
}

/* ---- input ----------------------------------------------------------------------------------- */

TEST(input_from_a_buffer_arrives_whole)
{
    enum { BYTES = 700 * 1024 };
    run r;
    unsigned char *bytes = malloc(BYTES);
    int before = warmed();
    test_fill_random(bytes, BYTES, 1);
    run_init(&r, "copy", NULL);
    r.options.input = bytes;
    r.options.input_bytes = BYTES;
    run_whole(&r);
    CHECK_INT(r.status, 0);
    CHECK_INT(r.bytes[0], BYTES);
    CHECK_MEM(r.taken[0], bytes, BYTES);
    CHECK_INT(result(&r)->input_bytes, BYTES);
    CHECK(!result(&r)->input_refused);
    CHECK(r.largest <= r.options.piece_bytes);
    all_gone(&r, before);
    free(bytes);
}

TEST(input_that_is_empty_is_an_end)
{
    run r;
    int before = warmed();
    run_init(&r, "copy", NULL);
    r.options.input = "";
    run_whole(&r);
    CHECK_INT(result(&r)->exit_code, 0);
    all_gone(&r, before);
}

static int fed, asked;
static arv__timer feed_timer;
static arv__process *feed_process;

static void feed_fire(arv__timer *timer)
{
    (void)timer;
    arv__process_feed(feed_process);
}

/* Every second time there is nothing yet. */
static int64_t feed(arv__process *process, void *into, size_t room)
{
    asked++;
    CHECK(room >= ARV__PROCESS_PIECE_MIN_BYTES);
    if (fed == 50)
        return 0;
    if (asked % 2) {
        feed_process = process;
        feed_timer.fire = feed_fire;
        arv__timer_start(loop, &feed_timer, 1);
        return ARV__PROCESS_LATER;
    }
    memset(into, 'a' + fed % 26, 100);
    fed++;
    return 100;
}

TEST(input_comes_from_a_callback_that_may_have_none_yet)
{
    run r;
    int before = warmed();
    run_init(&r, "copy", NULL);
    r.options.feed = feed;
    run_whole(&r);
    CHECK_INT(r.bytes[0], 5000);
    CHECK_INT(r.taken[0][4999], 'a' + 49 % 26);
    arv__process_feed(r.process); /* too late: nothing */
    all_gone(&r, before);
}

static int64_t feed_cancels(arv__process *process, void *into, size_t room)
{
    run *r = arv__process_user_data(process);
    memset(into, 'x', room);
    arv__op_cancel(&r->op);
    return (int64_t)room;
}

TEST(process_may_be_cancelled_inside_feed)
{
    run r;
    int before = warmed();
    run_init(&r, "copy", NULL);
    r.options.feed = feed_cancels;
    run_whole(&r);
    CHECK_INT(r.status, ARV_ECANCELED);
    CHECK_INT(r.bytes[0], 0);
    all_gone(&r, before);
}

/* Without SIGPIPE, which would end this test. */
TEST(input_that_the_program_closes_early_is_told)
{
    enum { BYTES = 1024 * 1024 };
    run r;
    unsigned char *bytes = calloc(1, BYTES);
    int before = warmed();
    run_init(&r, "half", NULL);
    r.options.input = bytes;
    r.options.input_bytes = BYTES;
    run_whole(&r);
    CHECK_INT(r.status, 0);
    CHECK_STR(text(&r), "closed");
    CHECK_INT(result(&r)->exit_code, 3);
    CHECK(result(&r)->input_refused);
    CHECK(result(&r)->input_bytes < BYTES);
    CHECK_ERR(arv__process_check(r.process, &err), &err, ARV_ESYSTEM,
              "had closed its standard input before it was given all");
    all_gone(&r, before);
    free(bytes);
}

TEST(input_takes_no_answer)
{
    run r;
    int before = warmed();
    run_init(&r, "answers", NULL);
    r.options.input = "question";
    r.options.input_bytes = 8;
    run_whole(&r);
    CHECK_INT(result(&r)->exit_code, 0);
    all_gone(&r, before);
}

/* ---- what the program begins with ------------------------------------------------------------ */

static void handler(int number)
{
    (void)number;
}

static unsigned long long status_mask(const char *status, const char *name)
{
    const char *at = strstr(status, name);
    CHECK(at != NULL);
    return strtoull(at + strlen(name), NULL, 16);
}

TEST(program_begins_with_default_signals_and_an_empty_mask)
{
    run r;
    sigset_t set;
    int before = warmed();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGUSR2, handler);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    run_init(&r, NULL, "/bin/cat");
    r.argv[1] = "/proc/self/status";
    run_whole(&r);
    CHECK_INT(status_mask(text(&r), "SigBlk:"), 0);
    CHECK_INT(status_mask(text(&r), "SigIgn:"), 0);
    CHECK_INT(status_mask(text(&r), "SigCgt:"), 0);
    all_gone(&r, before);
}

TEST(signals_of_the_host_stay_as_they_were)
{
    run r;
    size_t length;
    struct sigaction action;
    loop_start();
    signal(SIGCHLD, handler);
    signal(SIGPIPE, SIG_DFL);
    char *was = test_read_file("/proc/thread-self/status", &length);
    run_init(&r, "half", NULL);
    r.options.input = r.taken[0];
    r.options.input_bytes = 1024 * 1024;
    run_whole(&r);
    char *is = test_read_file("/proc/thread-self/status", &length);
    CHECK_INT(status_mask(is, "SigBlk:"), status_mask(was, "SigBlk:"));
    CHECK_INT(status_mask(is, "SigIgn:"), status_mask(was, "SigIgn:"));
    CHECK_INT(status_mask(is, "SigCgt:"), status_mask(was, "SigCgt:"));
    CHECK_INT(sigaction(SIGCHLD, NULL, &action), 0);
    CHECK(action.sa_handler == handler);
    free(was);
    free(is);
    all_gone(&r, 0);
}

TEST(program_has_no_descriptors_but_its_three)
{
    run r;
    loop_start();
    int leaked = open("/dev/null", O_RDONLY); /* without O_CLOEXEC */
    int high = fcntl(leaked, F_DUPFD, 200);
    CHECK(leaked > 2 && high >= 200);
    run_init(&r, NULL, "/bin/ls");
    r.argv[1] = "/proc/self/fd";
    run_whole(&r);
    CHECK_STR(text(&r), "0\n1\n2\n3\n"); /* 3: of the folder that it lists */
    all_gone(&r, 0);
}

TEST(host_may_have_closed_its_standard_descriptors)
{
    run r;
    warmed(); /* the loop's own descriptors are above */
    int kept = fcntl(2, F_DUPFD_CLOEXEC, 50);
    close(0);
    close(1);
    close(2);
    run_init(&r, "copy", NULL);
    r.options.input = "through";
    r.options.input_bytes = 7;
    int rc = run_try(&r);
    bool taken = fcntl(0, F_GETFD) >= 0 || fcntl(1, F_GETFD) >= 0 || fcntl(2, F_GETFD) >= 0;
    while (rc == 0 && !r.called)
        arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS);
    dup2(kept, 2);
    CHECK_OK(rc, &err);
    CHECK(!taken);
    CHECK_STR(text(&r), "through");
    all_gone(&r, 0);
}

TEST(program_leads_a_session_and_a_group_of_its_own)
{
    run r;
    int pid, group, session, before = warmed();
    run_init(&r, "ids", NULL);
    run_whole(&r);
    CHECK_INT(sscanf(text(&r), "%d %d %d", &pid, &group, &session), 3);
    CHECK_INT(group, pid);
    CHECK_INT(session, pid);
    all_gone(&r, before);
}

/* ---- limits and cancel ----------------------------------------------------------------------- */

TEST(process_beyond_its_time_limit_is_asked_to_end)
{
    run r;
    int before = warmed();
    run_init(&r, "wait", NULL);
    r.options.time_limit_ms = 200;
    run_whole(&r);
    CHECK_INT(r.status, ARV_ETIMEOUT);
    CHECK_HAS(r.message, "did not end within 200 ms");
    CHECK_HAS(r.message, "unit_loop_process");
    CHECK_INT(result(&r)->signal, SIGTERM);
    all_gone(&r, before);
}

TEST(process_that_ignores_term_is_killed_after_the_grace)
{
    run r;
    int before = warmed();
    run_init(&r, "stubborn", NULL);
    r.options.grace_ms = 20;
    run_start(&r);
    run_until_output(&r, ARV__PROCESS_OUTPUT);
    arv__op_cancel(&r.op);
    run_wait(&r);
    CHECK_INT(r.status, ARV_ECANCELED);
    CHECK_INT(result(&r)->signal, SIGKILL);
    all_gone(&r, before);
}

TEST(process_without_a_grace_is_killed_at_once)
{
    run r;
    int before = warmed();
    run_init(&r, "wait", NULL);
    r.options.grace_ms = 0;
    run_start(&r);
    arv__op_cancel(&r.op);
    run_wait(&r);
    CHECK_INT(result(&r)->signal, SIGKILL);
    all_gone(&r, before);
}

TEST(process_is_cancelled_once_and_calls_back_once)
{
    run r;
    int before = warmed();
    run_init(&r, "wait", NULL);
    run_start(&r);
    arv__op_cancel(&r.op);
    arv__op_cancel(&r.op);
    CHECK_INT(r.called, 0);
    run_wait(&r);
    CHECK_INT(r.status, ARV_ECANCELED);
    CHECK_HAS(r.message, "was ended, since it was cancelled");
    arv__op_cancel(&r.op);
    CHECK(!arv__loop_run(loop, ARV__LOOP_POLL, 0));
    CHECK_INT(r.called, 1);
    all_gone(&r, before);
}

TEST(process_may_be_cancelled_inside_output)
{
    run r;
    int before = warmed();
    run_init(&r, "flood", NULL);
    r.cancels = true;
    run_whole(&r);
    CHECK_INT(r.status, ARV_ECANCELED);
    CHECK_INT(r.outputs, 1);
    all_gone(&r, before);
}

static void floods(const char *role, arv__process_stream stream, const char *named)
{
    run r;
    int before = warmed();
    run_init(&r, role, NULL);
    r.options.limit_bytes[stream] = 10001;
    run_whole(&r);
    CHECK_INT(r.status, ARV_ELIMIT);
    CHECK_HAS(r.message, named);
    CHECK_INT(r.bytes[stream], 10001);
    CHECK_INT(result(&r)->output_bytes[stream], 10001);
    all_gone(&r, before);
}

TEST(process_that_floods_its_output_is_ended)
{
    floods("flood", ARV__PROCESS_OUTPUT, "more than 10001 bytes to its standard output");
}

TEST(process_that_floods_its_errors_is_ended)
{
    floods("flood-errors", ARV__PROCESS_ERRORS, "more than 10001 bytes to its standard error");
}

TEST(process_that_writes_its_limit_and_not_more_is_well)
{
    run r;
    int before = warmed();
    run_init(&r, "both", NULL);
    r.options.limit_bytes[ARV__PROCESS_OUTPUT] = 3;
    r.options.limit_bytes[ARV__PROCESS_ERRORS] = 6;
    run_whole(&r);
    CHECK_INT(r.status, 0);
    CHECK_INT(r.bytes[ARV__PROCESS_ERRORS], 6);
    all_gone(&r, before);
}

TEST(stream_that_is_paused_is_not_read_until_it_is_resumed)
{
    enum { BYTES = 300 * 1024 };
    run r;
    unsigned char *bytes = malloc(BYTES);
    int before = warmed();
    test_fill_random(bytes, BYTES, 2);
    run_init(&r, "copy", NULL);
    r.options.input = bytes;
    r.options.input_bytes = BYTES;
    r.pauses = true;
    run_start(&r);
    for (int turns = 0; turns < 20; turns++)
        arv__loop_run(loop, ARV__LOOP_ONCE, 5);
    CHECK(r.outputs <= 1);
    while (!r.called) {
        arv__process_resume(r.process, ARV__PROCESS_OUTPUT);
        arv__process_resume(r.process, ARV__PROCESS_OUTPUT);
        arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS);
    }
    CHECK_INT(r.status, 0);
    CHECK_INT(r.bytes[0], BYTES);
    CHECK_MEM(r.taken[0], bytes, BYTES);
    all_gone(&r, before);
    free(bytes);
}

TEST(output_that_is_paused_at_the_end_is_taken_later)
{
    run r;
    int before = warmed();
    run_init(&r, "both", NULL);
    run_start(&r);
    arv__process_pause(r.process, ARV__PROCESS_OUTPUT);
    while (result(&r)->exit_code < 0 && !r.called)
        arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS);
    CHECK_INT(r.called, 0);
    CHECK_INT(r.bytes[ARV__PROCESS_OUTPUT], 0);
    CHECK(arv__loop_busy(loop));
    arv__process_resume(r.process, ARV__PROCESS_OUTPUT);
    CHECK_INT(r.bytes[ARV__PROCESS_OUTPUT], 0); /* never inside */
    run_wait(&r);
    CHECK_INT(r.status, 0);
    CHECK_STR(text(&r), "out");
    all_gone(&r, before);
}

TEST(output_that_is_not_taken_ends_with_the_time_limit)
{
    run r;
    int before = warmed();
    run_init(&r, "both", NULL);
    r.options.time_limit_ms = 500;
    run_start(&r);
    arv__process_pause(r.process, ARV__PROCESS_OUTPUT);
    while (result(&r)->exit_code < 0 && !r.called)
        arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS);
    run_wait(&r);
    CHECK_INT(r.status, ARV_ETIMEOUT);
    all_gone(&r, before);
}

TEST(yield_in_output_delivers_nothing_more_in_this_run)
{
    run r;
    int before = warmed();
    run_init(&r, "both", NULL);
    r.yields = true;
    run_start(&r);
    while (!r.called) {
        int seen = r.outputs;
        arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS);
        CHECK(r.outputs <= seen + 1);
        CHECK(r.outputs == seen || !r.called);
    }
    CHECK_INT(r.outputs, 2);
    all_gone(&r, before);
}

TEST(yield_in_output_behind_the_end_delivers_nothing_more_in_this_run)
{
    run r;
    int before = warmed();
    run_init(&r, "both", NULL);
    r.yields = true;
    run_start(&r);
    arv__process_pause(r.process, ARV__PROCESS_OUTPUT);
    arv__process_pause(r.process, ARV__PROCESS_ERRORS);
    while (result(&r)->exit_code < 0 && !r.called)
        arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS);
    arv__process_resume(r.process, ARV__PROCESS_OUTPUT);
    arv__process_resume(r.process, ARV__PROCESS_ERRORS);
    arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS);
    CHECK_INT(r.outputs, 1);
    run_wait(&r);
    CHECK_INT(r.outputs, 2);
    all_gone(&r, before);
}

/* ---- families -------------------------------------------------------------------------------- */

/* Descendants come to this process when their parents end. */
static void adopt_descendants(void)
{
    CHECK_INT(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
}

static int signal_that_ended(pid_t pid)
{
    int status = 0;
    CHECK_INT(waitpid(pid, &status, 0), pid);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

TEST(children_that_a_program_leaves_are_killed_with_its_end)
{
    run r;
    int child;
    adopt_descendants();
    int before = warmed();
    run_init(&r, "child", NULL);
    run_whole(&r);
    CHECK_INT(r.status, 0);
    CHECK_INT(result(&r)->exit_code, 0);
    CHECK_INT(sscanf(text(&r), "%d", &child), 1);
    CHECK_HAS(text(&r), "parent\n");
    CHECK_INT(signal_that_ended(child), SIGKILL);
    all_gone(&r, before);
}

TEST(child_that_left_the_group_does_not_hold_the_end_up)
{
    run r;
    int child;
    adopt_descendants();
    int before = warmed();
    run_init(&r, "escaped", NULL);
    run_whole(&r);
    CHECK_INT(r.status, 0);
    CHECK_HAS(text(&r), "parent\n");
    CHECK_INT(sscanf(text(&r), "%d", &child), 1);
    CHECK_INT(kill(child, SIGKILL), 0);
    CHECK_INT(signal_that_ended(child), SIGKILL);
    all_gone(&r, before);
}

/* A host that is killed without a moment to tidy up. */
TEST(program_ends_with_its_host)
{
    run r;
    int told[2], pid = 0;
    adopt_descendants();
    CHECK_INT(pipe2(told, O_CLOEXEC), 0);
    fflush(NULL);
    pid_t host = fork();
    if (host == 0) {
        loop_start();
        run_init(&r, "stubborn", NULL);
        run_start(&r);
        run_until_output(&r, ARV__PROCESS_OUTPUT);
        sscanf(text(&r), "%d", &pid);
        if (write(told[1], &pid, sizeof pid) == sizeof pid)
            kill(getpid(), SIGKILL);
        _exit(1);
    }
    CHECK_INT(signal_that_ended(host), SIGKILL);
    CHECK_INT(read(told[0], &pid, sizeof pid), sizeof pid);
    CHECK_INT(signal_that_ended(pid), SIGKILL);
}

static run thread_run;

static void *thread_starts(void *unused)
{
    (void)unused;
    run_start(&thread_run);
    return NULL;
}

/* The caveat of process.h: for the kernel, the thread is the parent. */
TEST(program_ends_with_the_thread_that_started_it)
{
    pthread_t thread;
    int before = warmed();
    run_init(&thread_run, "stubborn", NULL);
    CHECK_INT(pthread_create(&thread, NULL, thread_starts, NULL), 0);
    pthread_join(thread, NULL);
    run_wait(&thread_run);
    CHECK_INT(thread_run.status, 0);
    CHECK_INT(result(&thread_run)->signal, SIGKILL);
    all_gone(&thread_run, before);
}

TEST(loop_free_ends_a_program_that_runs)
{
    run r;
    loop_start();
    run_init(&r, "wait", NULL);
    run_start(&r);
    arv__loop_free(loop);
    CHECK_INT(r.called, 1);
    CHECK_INT(r.status, ARV_ECANCELED);
    no_child_is_left();
    run_free(&r);
}

static run late_run;
static int late_status;

static void late_start(arv__op *op, void *server_data)
{
    (void)server_data;
    late_status = run_try(&late_run);
    arv__op_complete(op, ARV_ECANCELED, NULL);
}

TEST(program_is_refused_while_the_engine_shuts_down)
{
    run r;
    loop_start();
    run_init(&r, NULL, "/bin/sh");
    run_init(&late_run, "ids", NULL);
    arv__op_begin(&r.op, late_start, NULL);
    arv__loop_free(loop);
    CHECK_ERR(late_status, &err, ARV_ECLOSED, "shutting down");
    CHECK_INT(r.called, 1);
    no_child_is_left();
    run_free(&r);
    run_free(&late_run);
}

/* ---- what cannot start ----------------------------------------------------------------------- */

static void refused(run *r, int code, const char *part)
{
    CHECK_ERR(run_try(r), &err, code, part);
    CHECK(!r->process);
    CHECK(!arv__op_running(&r->op));
    CHECK(!arv__loop_busy(loop));
    no_child_is_left();
}

static void not_under_valgrind(const char *reason)
{
    const char *preload = getenv("LD_PRELOAD");
    if (preload && strstr(preload, "vgpreload"))
        test_skip("valgrind: %s", reason);
}

TEST(program_that_does_not_exist_is_refused)
{
    run r;
    int before = warmed();
    run_init(&r, NULL, "/no/such/program");
    refused(&r, ARV_ENOTFOUND, "'/no/such/program' cannot be started: it does not exist");
    all_gone(&r, before);
}

static const char *script(const char *name, const char *content, mode_t mode)
{
    const char *path = test_path("%s", name);
    test_write_file(path, content, strlen(content));
    CHECK_INT(chmod(path, mode), 0);
    return path;
}

TEST(program_whose_interpreter_is_missing_is_refused)
{
    run r;
    not_under_valgrind("it dies where only execve tells that a program cannot start");
    int before = warmed();
    run_init(&r, NULL, script("script", "#!/no/such/interpreter\n", 0755));
    refused(&r, ARV_ENOTFOUND, "the interpreter in its first line");
    all_gone(&r, before);
}

TEST(program_that_may_not_be_executed_is_refused)
{
    run r;
    int before = warmed();
    run_init(&r, NULL, script("plain", "text", 0644));
    refused(&r, ARV_EACCESS, "correct its permissions");
    all_gone(&r, before);
}

TEST(program_that_is_none_is_refused)
{
    run r;
    int before = warmed();
    run_init(&r, NULL, script("none", "text without a first line for a shell", 0755));
    refused(&r, ARV_EUNSUPPORTED, "not an executable of this machine");
    all_gone(&r, before);
}

TEST(program_with_a_folder_that_is_missing_is_refused)
{
    run r;
    int before = warmed();
    run_init(&r, "ids", NULL);
    r.options.folder = "/no/such/folder";
    refused(&r, ARV_ENOTFOUND, "its working directory '/no/such/folder' cannot be entered");
    all_gone(&r, before);
}

TEST(arguments_beyond_what_the_system_takes_are_refused)
{
    enum { BYTES = 256 * 1024 };
    run r;
    not_under_valgrind("it dies where only execve tells that a program cannot start");
    char *argument = malloc(BYTES);
    int before = warmed();
    memset(argument, 'a', BYTES);
    argument[BYTES - 1] = '\0';
    run_init(&r, "ids", NULL);
    r.argv[1] = argument;
    refused(&r, ARV_ELIMIT, "arguments and its environment are too long");
    all_gone(&r, before);
    free(argument);
}

TEST(options_that_are_wrong_are_refused_with_a_sentence)
{
    run r;
    int before = warmed();
    static const char *const relative[] = {"sh", NULL}, *const none[] = {NULL};
    run_init(&r, "ids", NULL);
    arv__process_options good = r.options;
    r.options.argv = relative;
    refused(&r, ARV_EINVALID, "absolute path");
    r.options.argv = none;
    refused(&r, ARV_EINVALID, "absolute path");
    r.options = good;
    r.options.environment = NULL;
    refused(&r, ARV_EINVALID, "environment");
    r.options = good;
    r.options.folder = "here";
    refused(&r, ARV_EINVALID, "working directory");
    r.options = good;
    r.options.piece_bytes = 511;
    refused(&r, ARV_EINVALID, "pieces of 512");
    r.options.piece_bytes = 1024 * 1024 + 1;
    refused(&r, ARV_EINVALID, "pieces of 512");
    r.options = good;
    r.options.time_limit_ms = 0;
    refused(&r, ARV_EINVALID, "limit of its time");
    r.options = good;
    r.options.feed = feed;
    r.options.input = "x";
    refused(&r, ARV_EINVALID, "not both");
    r.options = good;
    r.options.output = NULL;
    refused(&r, ARV_EINVALID, "callback that takes it");
    all_gone(&r, before);
}

/* Each number of free descriptors, from none to enough. */
TEST(shortage_of_descriptors_is_told_and_leaks_none)
{
    run r;
    struct rlimit limit;
    not_under_valgrind("it needs descriptors of its own");
    int before = warmed(), refusals = 0;
    getrlimit(RLIMIT_NOFILE, &limit);
    rlim_t soft = limit.rlim_cur;
    run_init(&r, "copy", NULL);
    r.options.input = "x";
    r.options.input_bytes = 1;
    int lowest = open("/dev/null", O_RDONLY | O_CLOEXEC);
    close(lowest);
    for (int free_ones = 0; free_ones < 40; free_ones++) {
        limit.rlim_cur = (rlim_t)(lowest + free_ones);
        setrlimit(RLIMIT_NOFILE, &limit);
        int rc = run_try(&r);
        limit.rlim_cur = soft;
        setrlimit(RLIMIT_NOFILE, &limit);
        if (rc == 0)
            break;
        CHECK(rc == ARV_ELIMIT || rc == ARV_EIO);
        CHECK_HAS(err.message, "cannot be started");
        CHECK_INT(descriptors(), before);
        no_child_is_left();
        refusals++;
    }
    CHECK(refusals > 6);
    run_wait(&r);
    CHECK_STR(text(&r), "x");
    all_gone(&r, before);
}

static arv__process_calls faulty;
static int fail_error;

static void faulty_begin(int error)
{
    faulty = arv__process_system_calls;
    arv__process_system = &faulty;
    fail_error = error;
}

static int fail_clone(int (*start)(void *), void *stack_end, int flags, void *argument, int *pidfd)
{
    (void)start;
    (void)stack_end;
    (void)flags;
    (void)argument;
    (void)pidfd;
    return -fail_error;
}

TEST(limits_that_forbid_a_program_are_told)
{
    run r;
    int before = warmed();
    faulty_begin(EAGAIN);
    faulty.clone = fail_clone;
    run_init(&r, "ids", NULL);
    refused(&r, ARV_ENOMEM, "limit of processes was reached");
    fail_error = ENOMEM;
    refused(&r, ARV_ENOMEM, "cannot be started");
    fail_error = EMFILE;
    refused(&r, ARV_ELIMIT, "too many files are open to watch its end");
    all_gone(&r, before);
}

static int clone_looks_at_the_mask(int (*start)(void *), void *stack_end, int flags, void *argument,
                                   int *pidfd)
{
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    for (int number = 1; number <= SIGSYS; number++)
        CHECK(number == SIGKILL || number == SIGSTOP || sigismember(&mask, number));
    return arv__process_system_calls.clone(start, stack_end, flags, argument, pidfd);
}

/* A handler that ran in the child would work on the host's memory. */
TEST(no_handler_of_the_host_can_run_in_the_child)
{
    run r;
    int before = warmed();
    faulty_begin(0);
    faulty.clone = clone_looks_at_the_mask;
    run_init(&r, "ids", NULL);
    run_whole(&r);
    CHECK_INT(result(&r)->exit_code, 0);
    all_gone(&r, before);
}

/* As a kernel does that does not know the flag. */
static int clone_without_pidfd(int (*start)(void *), void *stack_end, int flags, void *argument, int *pidfd)
{
    int pid = arv__process_system_calls.clone(start, stack_end, flags, argument, pidfd);
    close(*pidfd);
    *pidfd = -1;
    return pid;
}

TEST(program_whose_end_cannot_be_watched_is_killed_at_once)
{
    run r;
    int before = warmed();
    faulty_begin(0);
    faulty.clone = clone_without_pidfd;
    run_init(&r, "stubborn", NULL);
    refused(&r, ARV_EUNSUPPORTED, "Linux 5.11 or newer is needed");
    all_gone(&r, before);
}

/* The host has waited for the child, whose number may be another's by now. */
static int wait_finds_no_child(int id_type, int id, siginfo_t *info, int options, struct rusage *usage)
{
    (void)id_type;
    (void)id;
    (void)info;
    (void)options;
    (void)usage;
    return -ECHILD;
}

static int kill_is_a_defect(pid_t pid, int number)
{
    test_fail(__FILE__, __LINE__, "%d was sent to %d", number, (int)pid);
}

TEST(program_that_the_host_has_waited_for_is_not_signalled)
{
    run r;
    int before = warmed();
    faulty_begin(0);
    faulty.clone = clone_without_pidfd;
    faulty.wait = wait_finds_no_child;
    faulty.kill = kill_is_a_defect;
    run_init(&r, "closes", NULL);
    CHECK_ERR(run_try(&r), &err, ARV_EUNSUPPORTED, NULL);
    CHECK(waitpid(-1, NULL, 0) > 0);
    all_gone(&r, before);
}

static int kill_nobody(pid_t pid, int number)
{
    (void)pid;
    (void)number;
    return -EPERM;
}

TEST_TIMEOUT(process_that_cannot_be_killed_is_given_up, 60)
{
    run r;
    int pid, before = warmed();
    run_init(&r, "stubborn", NULL);
    r.options.grace_ms = 1;
    run_start(&r);
    run_until_output(&r, ARV__PROCESS_OUTPUT);
    CHECK_INT(sscanf(text(&r), "%d", &pid), 1);
    faulty_begin(0);
    faulty.kill = kill_nobody;
    arv__op_cancel(&r.op);
    run_wait(&r);
    CHECK_INT(r.status, ARV_ECANCELED);
    CHECK(r.flags & ARV_ERROR_PARTIAL);
    CHECK_HAS(r.message, "does not end although it was killed");
    CHECK_INT(kill(pid, SIGKILL), 0);
    CHECK_INT(signal_that_ended(pid), SIGKILL);
    all_gone(&r, before);
}

TEST(host_that_ignores_sigchld_starts_no_program)
{
    run r;
    struct sigaction action = {.sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT};
    int before = warmed();
    run_init(&r, "both", NULL);
    signal(SIGCHLD, SIG_IGN);
    refused(&r, ARV_ESTATE, "set it to its default");
    sigaction(SIGCHLD, &action, NULL);
    refused(&r, ARV_ESTATE, "ignores SIGCHLD");
    all_gone(&r, before);
}

/* A status that is taken away later, before the program's end. */
TEST(host_that_ignores_sigchld_later_is_told_that_the_end_is_unknown)
{
    run r;
    int before = warmed();
    run_init(&r, "copy", NULL);
    r.options.feed = feed;
    fed = 49;
    run_start(&r);
    signal(SIGCHLD, SIG_IGN);
    run_wait(&r);
    CHECK_INT(r.status, ARV_ESTATE);
    CHECK_HAS(r.message, "ignores SIGCHLD");
    CHECK_INT(r.bytes[0], 100); /* what it wrote came nevertheless */
    all_gone(&r, before);
}

TEST(host_that_waits_for_any_child_is_told_that_the_end_is_unknown)
{
    run r;
    int before = warmed();
    run_init(&r, "ids", NULL);
    run_start(&r);
    CHECK(waitpid(-1, NULL, 0) > 0);
    faulty_begin(0);
    faulty.kill = kill_is_a_defect;
    run_wait(&r);
    CHECK_INT(r.status, ARV_ESTATE);
    CHECK_HAS(r.message, "waits for children that it did not start");
    all_gone(&r, before);
}

static void sweep_body(void *ud, bool must_succeed)
{
    run r;
    (void)ud;
    int rc = arv__loop_new(&loop, &err);
    if (rc == 0) {
        run_init(&r, "copy", NULL);
        r.options.input = "bytes";
        r.options.input_bytes = 5;
        rc = run_try(&r);
        if (rc == 0) {
            run_wait(&r);
            CHECK_STR(text(&r), "bytes");
        }
        run_free(&r);
        no_child_is_left();
    }
    arv__loop_free(loop);
    if (must_succeed)
        CHECK_OK(rc, &err);
    else if (rc < 0)
        CHECK_ERR(rc, &err, ARV_ENOMEM, NULL);
}

TEST(start_survives_every_failed_allocation)
{
    CHECK(test_each_allocation(sweep_body, NULL) >= 3);
}

/* ---- fork ------------------------------------------------------------------------------------ */

TEST(child_of_a_fork_leaves_the_program_to_the_parent)
{
    run r;
    int before = warmed();
    run_init(&r, "copy", NULL);
    r.options.feed = feed;
    fed = 49;
    asked = 1; /* so that it is fed once, and then the end */
    run_start(&r);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        arv__loop_abandon(loop);
        CHECK_INT(r.called, 0);
        CHECK(descriptors() < before); /* those of the loop as well */
        arv__process_free(r.process);
        _exit(0);
    }
    CHECK_INT(signal_that_ended(pid), 0);
    run_wait(&r);
    CHECK_INT(r.status, 0);
    CHECK_INT(r.bytes[0], 100);
    all_gone(&r, before);
}

static pid_t forked = -1;

/* The child gives up a program of the parent's, which is still the parent's to end. */
static void output_forks(arv__process *process, arv__process_stream stream, const void *data, size_t length)
{
    run *r = arv__process_user_data(process);
    run_output(process, stream, data, length);
    if (forked >= 0)
        return;
    fflush(NULL);
    forked = fork();
    if (forked == 0) {
        close(2);
        signal(SIGABRT, SIG_DFL);
        arv__op_cancel(&r->op);
    }
}

static bool feed_ends;

static int64_t feed_until_told(arv__process *process, void *into, size_t room)
{
    (void)room;
    if (feed_ends)
        return 0;
    if (arv__process_result_of(process)->input_bytes)
        return ARV__PROCESS_LATER;
    memcpy(into, "all of it", 9);
    return 9;
}

TEST(child_that_was_forked_in_the_output_cannot_end_the_program)
{
    run r;
    int before = warmed();
    run_init(&r, "copy", NULL);
    r.options.feed = feed_until_told;
    r.options.output = output_forks;
    run_start(&r);
    while (forked < 0)
        arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS);
    CHECK_INT(signal_that_ended(forked), SIGABRT);
    feed_ends = true; /* only now may the program end */
    arv__process_feed(r.process);
    run_wait(&r);
    CHECK_INT(r.status, 0);
    CHECK_INT(result(&r)->exit_code, 0);
    CHECK_STR(text(&r), "all of it");
    all_gone(&r, before);
}

static int64_t feed_forks(arv__process *process, void *into, size_t room)
{
    int64_t n = feed_until_told(process, into, room);
    if (n <= 0 || forked >= 0)
        return n;
    fflush(NULL);
    forked = fork();
    if (forked == 0) {
        close(2);
        signal(SIGABRT, SIG_DFL);
        return n; /* bytes that only the parent may send */
    }
    CHECK_INT(signal_that_ended(forked), SIGABRT);
    return n;
}

TEST(child_that_was_forked_in_the_feed_sends_nothing)
{
    run r;
    int before = warmed();
    run_init(&r, "copy", NULL);
    r.options.feed = feed_forks;
    run_start(&r);
    while (forked < 0 || !result(&r)->input_bytes)
        arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS);
    feed_ends = true;
    arv__process_feed(r.process);
    run_wait(&r);
    CHECK_STR(text(&r), "all of it");
    all_gone(&r, before);
}

TEST(process_that_runs_must_not_be_freed)
{
    run r;
    loop_start();
    run_init(&r, "wait", NULL);
    run_start(&r);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        close(2);
        signal(SIGABRT, SIG_DFL);
        arv__process_free(r.process);
        _exit(0);
    }
    CHECK_INT(signal_that_ended(pid), SIGABRT);
    arv__loop_free(loop);
    run_free(&r);
}
