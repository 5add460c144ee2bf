/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Calls. The storage module waits for nothing but arv__call: for a slot of a driver of either kind, or for
 * a blocking function of ours. The starter need not know which one it is. A call is a request (loop/op.h):
 * its result always comes from the loop, and an engine that has only such a call under way is busy.
 */

#include "storage/internal.h"

#include <stdlib.h>

static int call_run(arv__call *call, arv_error *err)
{
    int rc;
    call->ran = true;
    if (call->local)
        return call->local(call, err);
    do
        rc = call->slot(call->storage->instance, &call->call, err);
    while (rc >= 0 && call->more && call->more(call));
    return rc;
}

/* The subject of an error is the object, or the storage when the call is about no object. */
static void call_complete(arv__call *call, int status, const arv_error *err)
{
    bool object = call->call.key && call->call.key[0] && call->slot != call->storage->ops->connect;
    arv__op_complete(&call->op, status < 0 ? status : 0, err);
    if (status < 0 && call->slot)
        arv_error_about(&call->op.error, object ? call->call.key : call->storage->url);
}

static bool call_canceled(const arv__call *call)
{
    return !call->must_run && arv__op_cancel_asked(&call->op);
}

/* ---- on a pool ------------------------------------------------------------------------------- */

static int call_work_run(arv__work *work, arv_error *err)
{
    return call_run(work->user_data, err);
}

/* The pool calls it also when it refuses the work: a call with must_run then runs here. */
static void call_work_done(arv__work *work, int status, const arv_error *err)
{
    arv__call *call = work->user_data;
    arv_error own = {0};
    if (!call->ran && call->must_run) {
        status = call_run(call, &own);
        err = &own;
    }
    call_complete(call, status, err);
}

static void call_submit(arv__call *call, arv__pool *pool)
{
    arv_error err;
    int rc = arv__work_start(pool, NULL, &call->work, call_work_run, call_work_done, call, &err);
    if (rc < 0)
        call_work_done(&call->work, rc, &err);
}

/* ---- evented --------------------------------------------------------------------------------- */

/* Only the loop asks a driver, never the request that needs it: the driver may run code of the application,
 * which does not expect to be called from inside a request. */
static void call_ask(arv__mail *mail)
{
    arv__call *call = mail->user_data;
    arv_error err = {0};
    if (call_canceled(call)) {
        call_complete(call, ARV_ECANCELED, NULL);
        return;
    }
    if (call->ran && !call->more(call)) {
        call_complete(call, 0, NULL);
        return;
    }
    call->asked = call->ran = true;
    int rc = call->slot(call->storage->instance, &call->call, &err);
    if (rc < 0 && call->asked)
        arv_storage_done(&call->call, rc, &err);
}

static void call_post(arv__call *call)
{
    call->mail.deliver = call_ask;
    call->mail.user_data = call;
    arv__loop_post(call->storage->context->loop, &call->mail);
}

void arv_storage_done(arv_storage_call *public_call, int status, const arv_error *err)
{
    arv__call *call = public_call->front;
    if (!call->asked) {
        arv__log(&call->storage->context->log, ARV_LOG_ERROR, "storage", NULL,
                 "A storage driver answered a call twice; the program ends here.",
                 ARV__TEXT("driver", call->storage->ops->name));
        abort();
    }
    call->asked = false;
    if (status >= 0 && call->more)
        call_post(call);
    else
        call_complete(call, status, err);
}

bool arv_storage_canceled(const arv_storage_call *public_call)
{
    return call_canceled(public_call->front);
}

/* ---- start and cancel ------------------------------------------------------------------------ */

static bool call_pooled(const arv__call *call)
{
    return call->local || arv__storage_can(call->storage, ARV_STORAGE_BLOCKING);
}

/* A call that waits for a thread leaves the queue; a driver that was not asked yet is not asked. A driver at
 * work learns it from arv_storage_canceled(), an evented one also from its slot `cancel`. */
static void call_cancel(arv__op *op, void *server_data)
{
    arv__call *call = server_data;
    (void)op;
    if (call_pooled(call))
        arv__work_cancel(&call->work);
    else if (call->asked && call->storage->ops->cancel)
        call->storage->ops->cancel(call->storage->instance, &call->call);
}

static void call_begin(arv__call *call, arv__op_cb done)
{
    call->ran = call->asked = false;
    arv__op_init(&call->op, call->storage->context->loop, done, call->user_data);
    arv__op_begin(&call->op, call->must_run ? NULL : call_cancel, call);
}

void arv__call_local(arv__call *call, arv__pool *pool, int (*run)(arv__call *call, arv_error *err),
                     arv__op_cb done)
{
    call->local = run;
    call->slot = NULL;
    call_begin(call, done);
    call_submit(call, pool);
}

void arv__call_start(arv__call *call, arv_storage_slot slot, arv__op_cb done)
{
    call->call.front = call;
    call->call.done = 0;
    call->slot = slot;
    call->local = NULL;
    call_begin(call, done);
    if (call_pooled(call))
        call_submit(call, call->storage->context->io);
    else
        call_post(call);
}
