/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <arv/sys/alloc.h>
#include "loop/op.h"

typedef struct request {
    arv__op op;
    int called, status;
    char message[ARV_ERROR_MESSAGE_BYTES];
    bool in_start;
} request;

typedef struct server {
    int asked;
    bool completes_when_asked;
    arv__timer timer;
} server;

static arv_error err;
static arv__loop *loop;

static void request_cb(arv__op *op, int status, const arv_error *error)
{
    request *r = op->user_data;
    CHECK(!r->in_start);
    CHECK(!arv__op_running(op) && arv__op_idle(op));
    CHECK_INT(error->code, status);
    r->called++;
    r->status = status;
    snprintf(r->message, sizeof r->message, "%s", error->message);
}

static void server_cancel(arv__op *op, void *server_data)
{
    server *s = server_data;
    s->asked++;
    CHECK(arv__op_cancel_asked(op));
    if (s->completes_when_asked)
        arv__op_complete(op, ARV_ECANCELED, NULL);
}

static void start(request *r)
{
    *r = (request){0};
    CHECK_OK(arv__loop_new(&loop, &err), &err);
    arv__op_init(&r->op, loop, request_cb, r);
}

TEST(op_completed_inside_start_calls_back_later)
{
    request r;
    start(&r);
    CHECK(!arv__op_running(&r.op));
    r.in_start = true;
    arv__op_begin(&r.op, NULL, NULL);
    CHECK(arv__op_running(&r.op));
    arv__op_complete(&r.op, 0, NULL);
    r.in_start = false;
    CHECK_INT(r.called, 0);
    CHECK(arv__loop_busy(loop));
    CHECK(!arv__loop_run(loop, ARV__LOOP_ONCE, 60000));
    CHECK_INT(r.called, 1);
    CHECK_INT(r.status, 0);
    CHECK_STR(r.message, "");
    arv__loop_free(loop);
}

TEST(op_tells_its_error_or_the_default_sentence)
{
    request r;
    arv_error own;
    start(&r);
    arv_error_set(&own, ARV_EOFFLINE, "The storage 'attic' does not answer.");
    arv__op_begin(&r.op, NULL, NULL);
    arv__op_complete(&r.op, ARV_EOFFLINE, &own);
    arv_error_clear(&own); /* was copied */
    arv__loop_run(loop, ARV__LOOP_ONCE, 60000);
    CHECK_INT(r.status, ARV_EOFFLINE);
    CHECK_STR(r.message, "The storage 'attic' does not answer.");

    arv__op_begin(&r.op, NULL, NULL);
    arv__op_complete(&r.op, ARV_ETIMEOUT, NULL);
    arv__loop_run(loop, ARV__LOOP_ONCE, 60000);
    CHECK_INT(r.called, 2);
    CHECK_STR(r.message, arv_error_text(ARV_ETIMEOUT));
    arv__loop_free(loop);
}

TEST(op_under_way_keeps_the_loop_busy)
{
    request r;
    start(&r);
    arv__op_begin(&r.op, NULL, NULL);
    CHECK(arv__loop_run(loop, ARV__LOOP_ONCE, 1));
    CHECK_INT(r.called, 0);
    arv__op_complete(&r.op, 0, NULL);
    CHECK(!arv__loop_run(loop, ARV__LOOP_ONCE, 60000));
    arv__loop_free(loop);
}

TEST(op_cancel_asks_the_server_once)
{
    request r;
    server s = {0};
    start(&r);
    arv__op_cancel(&r.op); /* idle: nothing */
    arv__op_begin(&r.op, server_cancel, &s);
    CHECK(!arv__op_cancel_asked(&r.op));
    arv__op_cancel(&r.op);
    arv__op_cancel(&r.op);
    CHECK_INT(s.asked, 1);
    CHECK(arv__loop_run(loop, ARV__LOOP_POLL, 0));
    CHECK_INT(r.called, 0);
    arv__op_complete(&r.op, 0, NULL); /* the real result, although it was asked to stop */
    arv__op_cancel(&r.op);
    arv__loop_run(loop, ARV__LOOP_ONCE, 60000);
    CHECK_INT(s.asked, 1);
    CHECK_INT(r.called, 1);
    CHECK_INT(r.status, 0);
    arv__loop_free(loop);
}

TEST(op_may_be_completed_inside_on_cancel)
{
    request r;
    server s = {.completes_when_asked = true};
    start(&r);
    arv__op_begin(&r.op, server_cancel, &s);
    arv__op_cancel(&r.op);
    CHECK_INT(r.called, 0);
    arv__loop_run(loop, ARV__LOOP_ONCE, 60000);
    CHECK_INT(r.called, 1);
    CHECK_INT(r.status, ARV_ECANCELED);
    arv__loop_free(loop);
}

TEST(op_without_on_cancel_is_only_marked)
{
    request r;
    start(&r);
    arv__op_begin(&r.op, NULL, NULL);
    arv__op_cancel(&r.op);
    CHECK(arv__op_cancel_asked(&r.op));
    arv__op_complete(&r.op, ARV_ECANCELED, NULL);
    arv__loop_run(loop, ARV__LOOP_ONCE, 60000);
    CHECK_INT(r.called, 1);
    arv__op_begin(&r.op, NULL, NULL);
    CHECK(!arv__op_cancel_asked(&r.op)); /* of the next request, nobody asked */
    arv__op_complete(&r.op, 0, NULL);
    arv__loop_free(loop);
    CHECK_INT(r.called, 2);
}

TEST(op_withdrawn_is_forgotten)
{
    request r;
    server s = {0};
    start(&r);
    CHECK(arv__op_idle(&r.op));
    arv__op_begin(&r.op, server_cancel, &s);
    CHECK(!arv__op_idle(&r.op));
    arv__op_withdraw(&r.op);
    arv__op_withdraw(&r.op); /* nothing to take back */
    CHECK(arv__op_idle(&r.op));
    CHECK(!arv__loop_busy(loop));
    arv__op_begin(&r.op, NULL, NULL);
    arv__op_complete(&r.op, 0, NULL);
    CHECK(!arv__op_running(&r.op) && !arv__op_idle(&r.op));
    arv__op_withdraw(&r.op); /* too late: it calls back */
    arv__loop_free(loop);
    CHECK_INT(s.asked, 0);
    CHECK_INT(r.called, 1);
}

static int freed;

static void cb_frees(arv__op *op, int status, const arv_error *error)
{
    arv_free(op->user_data);
    CHECK_INT(status, ARV_EIO);
    CHECK_STR(error->message, arv_error_text(ARV_EIO)); /* outlives the request */
    freed++;
}

TEST(op_may_be_freed_in_its_callback)
{
    CHECK_OK(arv__loop_new(&loop, &err), &err);
    for (int i = 0; i < 3; i++) {
        request *r = arv_malloc(sizeof *r);
        arv__op_init(&r->op, loop, cb_frees, r);
        arv__op_begin(&r->op, NULL, NULL);
        arv__op_complete(&r->op, ARV_EIO, NULL);
    }
    arv__loop_run(loop, ARV__LOOP_ONCE, 60000);
    CHECK_INT(freed, 3);
    arv__loop_free(loop);
}

static void cb_begins_again(arv__op *op, int status, const arv_error *error)
{
    request *r = op->user_data;
    request_cb(op, status, error);
    if (r->called < 4) {
        arv__op_begin(op, NULL, NULL);
        arv__op_complete(op, 0, NULL);
    }
}

TEST(op_may_begin_again_in_its_callback)
{
    request r;
    start(&r);
    r.op.callback = cb_begins_again;
    arv__op_begin(&r.op, NULL, NULL);
    arv__op_complete(&r.op, 0, NULL);
    while (arv__loop_run(loop, ARV__LOOP_ONCE, 60000))
        ;
    CHECK_INT(r.called, 4);
    arv__loop_free(loop);
}

static request slow;
static server slow_server;

static void slow_fire(arv__timer *timer)
{
    (void)timer;
    arv__op_complete(&slow.op, ARV_ECANCELED, NULL);
}

static void slow_cancel(arv__op *op, void *server_data)
{
    server *s = server_data;
    (void)op;
    s->asked++;
    arv__timer_start(loop, &s->timer, 5); /* a protocol that says goodbye first */
}

TEST(loop_free_cancels_what_is_under_way_and_waits_for_it)
{
    request quick[3];
    server s = {.completes_when_asked = true};
    start(&slow);
    arv__op_begin(&slow.op, slow_cancel, &slow_server);
    slow_server.timer.fire = slow_fire;
    for (int i = 0; i < 3; i++) {
        quick[i] = (request){0};
        arv__op_init(&quick[i].op, loop, request_cb, &quick[i]);
        arv__op_begin(&quick[i].op, server_cancel, &s);
    }
    arv__loop_free(loop);
    CHECK_INT(s.asked, 3);
    CHECK_INT(slow_server.asked, 1);
    CHECK_INT(slow.called, 1);
    CHECK_INT(slow.status, ARV_ECANCELED);
    for (int i = 0; i < 3; i++)
        CHECK_INT(quick[i].called, 1);
}

static int signal_of(void (*act)(request *r))
{
    request r;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        start(&r);
        close(2);
        signal(SIGABRT, SIG_DFL);
        act(&r);
        _exit(0);
    }
    int status = 0;
    CHECK_INT(waitpid(pid, &status, 0), pid);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void act_completes_twice(request *r)
{
    arv__op_begin(&r->op, NULL, NULL);
    arv__op_complete(&r->op, 0, NULL);
    arv__op_complete(&r->op, 0, NULL);
}

static void act_begins_twice(request *r)
{
    arv__op_begin(&r->op, NULL, NULL);
    arv__op_begin(&r->op, NULL, NULL);
}

static void act_completes_once(request *r)
{
    arv__op_begin(&r->op, NULL, NULL);
    arv__op_complete(&r->op, 0, NULL);
}

TEST(op_completed_or_begun_twice_aborts)
{
    CHECK_INT(signal_of(act_completes_once), 0);
    CHECK_INT(signal_of(act_completes_twice), SIGABRT);
    CHECK_INT(signal_of(act_begins_twice), SIGABRT);
}
