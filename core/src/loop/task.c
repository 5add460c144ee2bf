/* SPDX-License-Identifier: Apache-2.0 */
#include "loop/task.h"

#include <string.h>
#include <unistd.h>

#include "loop/private.h"
#include "util/time.h"

enum { TASK_TURN_MS = 1000 };

static void task_deliver(arv__op *op, int status, const arv_error *err)
{
    arv_task *task = (arv_task *)op;
    (void)status;
    (void)err;
    if (task->callback)
        task->callback(op->user_data, task);
    arv_task_unref(task);
}

void arv__task_begin(arv_task *task, arv__task_kind kind, arv__context *context, arv_task_cb callback,
                     void *user_data, arv__op_cancel_cb on_cancel, void (*destroy)(arv_task *task))
{
    memset(task, 0, sizeof *task);
    task->kind = kind;
    task->context = context;
    task->callback = callback;
    task->destroy = destroy;
    task->references = 2;
    arv__op_init(&task->op, context->loop, task_deliver, user_data);
    arv__op_begin(&task->op, on_cancel, task);
}

arv_task *arv_task_ref(arv_task *task)
{
    task->references++;
    return task;
}

void arv_task_unref(arv_task *task)
{
    if (task && --task->references == 0)
        task->destroy(task);
}

bool arv_task_done(const arv_task *task)
{
    return arv__op_idle(&task->op);
}

int arv_task_status(const arv_task *task, arv_error *err)
{
    if (!arv_task_done(task))
        return ARV_OK;
    if (task->op.status < 0 && err)
        *err = task->op.error;
    return task->op.status;
}

void arv_task_cancel(arv_task *task)
{
    arv__op_cancel(&task->op);
}

void arv_task_progress(const arv_task *task, uint64_t *done_bytes, uint64_t *total_bytes)
{
    if (done_bytes)
        *done_bytes = __atomic_load_n(&task->done_bytes, __ATOMIC_RELAXED);
    if (total_bytes)
        *total_bytes = __atomic_load_n(&task->total_bytes, __ATOMIC_RELAXED);
}

int arv_task_wait(arv_task *task, unsigned timeout_ms, arv_error *err)
{
    arv__loop *loop = task->context->loop;
    uint64_t begun_ns = arv__monotonic_ns(), limit_ns = (uint64_t)timeout_ms * 1000000;

    if (!arv_task_done(task) && (!loop || task->context->pid != (long)getpid()))
        return arv_error_set(err, ARV_ESTATE,
                             "A task cannot be waited for in a forked process; its engine belongs "
                             "to the parent.");
    if (!arv_task_done(task) && loop->running)
        return arv_error_set(err, ARV_ESTATE,
                             "A task cannot be waited for inside a callback of its engine; return "
                             "from the callback first.");
    arv_task_ref(task);
    while (!arv_task_done(task)) {
        uint64_t passed_ns = arv__monotonic_ns() - begun_ns;
        if (passed_ns >= limit_ns)
            break;
        uint64_t left_ms = (limit_ns - passed_ns + 999999) / 1000000;
        arv__loop_run(loop, ARV__LOOP_ONCE, left_ms < TASK_TURN_MS ? (unsigned)left_ms : TASK_TURN_MS);
    }
    int status =
        arv_task_done(task)
            ? arv_task_status(task, err)
            : arv_error_set(err, ARV_ETIMEOUT, "The task was not done within %u ms; it goes on.", timeout_ms);
    arv_task_unref(task);
    return status;
}
