/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Calls. Everything that the storage module waits for is an arv__call: a slot of a driver, of
 * either kind, or a function of ours that blocks. Whoever starts one need not know which it was:
 * the result always comes from the loop.
 *
 * An evented call holds the loop, so that an engine with nothing but such a call under way is known
 * to be busy although neither a thread nor a timer of ours is.
 */

#include "storage/internal.h"

#include <stdlib.h>

enum { CALL_IDLE = 0, CALL_RUNNING, CALL_ENDING };

static void call_finish(arv__call *call, int status, const arv_error *err)
{
    call->phase = CALL_IDLE;
    call->done(call, status < 0 ? status : 0, err);
}

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

/* ---- on a pool ------------------------------------------------------------------------------- */

static int call_work_run(arv__work *work, arv_error *err)
{
    return call_run(work->user_data, err);
}

static void call_work_done(arv__work *work, int status, const arv_error *err)
{
    arv__call *call = work->user_data;
    if (call->ran || !call->must_run) {
        call_finish(call, status, err);
        return;
    }
    arv_error_clear(&call->error);
    status = call_run(call, &call->error);
    call_finish(call, status, &call->error);
}

static void call_refused(arv__mail *mail)
{
    arv__call *call = mail->user_data;
    if (call->must_run) {
        arv_error_clear(&call->error);
        call->status = call_run(call, &call->error);
    }
    call_finish(call, call->status, &call->error);
}

static void call_submit(arv__call *call, arv__pool *pool)
{
    call->status =
        arv__work_start(pool, NULL, &call->work, call_work_run, call_work_done, call, &call->error);
    if (call->status < 0) {
        call->mail.deliver = call_refused;
        call->mail.user_data = call;
        arv__loop_post(call->storage->context->loop, &call->mail);
    }
}

void arv__call_local(arv__call *call, arv__pool *pool, int (*run)(arv__call *call, arv_error *err),
                     arv__call_done done)
{
    call->local = run;
    call->slot = NULL;
    call->done = done;
    call->ran = false;
    call->phase = CALL_RUNNING;
    call_submit(call, pool);
}

/* ---- evented --------------------------------------------------------------------------------- */

static void call_ask(arv__call *call);

static void call_answered(arv__mail *mail)
{
    arv__call *call = mail->user_data;
    arv__loop_release(call->storage->context->loop);
    if (call->status >= 0 && !arv__call_canceled(call) && call->more && call->more(call))
        call_ask(call);
    else
        call_finish(call, call->status, &call->error);
}

static void call_answer(arv__call *call, int status, const arv_error *err)
{
    call->phase = CALL_ENDING;
    call->status = status;
    if (status < 0 && err && err->code == status)
        call->error = *err;
    else if (status < 0)
        arv_error_set(&call->error, status, "%s", arv_error_text(status));
    call->mail.deliver = call_answered;
    call->mail.user_data = call;
    arv__loop_post(call->storage->context->loop, &call->mail);
}

static void call_ask(arv__call *call)
{
    arv_error err;
    arv_error_clear(&err);
    call->phase = CALL_RUNNING;
    call->ran = true;
    arv__loop_hold(call->storage->context->loop);
    int rc = call->slot(call->storage->instance, &call->call, &err);
    if (rc < 0 && call->phase == CALL_RUNNING)
        call_answer(call, rc, &err);
}

/* A driver is asked by the loop only, never inside the request that needs it: it may run code of the
 * application, which does not expect to be called from there. */
static void call_begin(arv__mail *mail)
{
    call_ask(mail->user_data);
}

void arv_storage_done(arv_storage_call *public_call, int status, const arv_error *err)
{
    arv__call *call = public_call->front;
    if (call->phase != CALL_RUNNING || arv__storage_can(call->storage, ARV_STORAGE_BLOCKING)) {
        arv__log(&call->storage->context->log, ARV_LOG_ERROR, "storage", NULL,
                 "A storage driver answered a call twice; the program ends here.",
                 ARV__TEXT("driver", call->storage->ops->name));
        abort();
    }
    call_answer(call, status, err);
}

bool arv_storage_canceled(const arv_storage_call *public_call)
{
    return arv__call_canceled(public_call->front);
}

/* ---- start and cancel ------------------------------------------------------------------------ */

void arv__call_start(arv__call *call, arv_storage_slot slot, arv__call_done done)
{
    call->call.front = call;
    call->call.done = 0;
    call->slot = slot;
    call->local = NULL;
    call->done = done;
    call->ran = false;
    call->phase = CALL_RUNNING;
    if (arv__storage_can(call->storage, ARV_STORAGE_BLOCKING)) {
        call_submit(call, call->storage->context->io);
    } else {
        call->mail.deliver = call_begin;
        call->mail.user_data = call;
        arv__loop_post(call->storage->context->loop, &call->mail);
    }
}

void arv__call_cancel(arv__call *call)
{
    bool pooled = call->local ||
                  (call->slot && arv__storage_can(call->storage, ARV_STORAGE_BLOCKING));
    if (pooled && call->phase == CALL_RUNNING && !call->must_run)
        arv__work_cancel(&call->work);
}
