/* SPDX-License-Identifier: Apache-2.0 */
#include "loop/task.h"

#include <string.h>
#include <unistd.h>

#include "loop/private.h"
#include "util/time.h"

enum { TASK_TURN_MS = 1000 };

void arv__task_init(arv_task *task, arv__task_kind kind, arv__context *context,
                    arv_task_cb callback, void *user_data, void (*destroy)(arv_task *task))
{
    memset(task, 0, sizeof *task);
    task->kind = kind;
    task->context = context;
    task->callback = callback;
    task->user_data = user_data;
    task->destroy = destroy;
    task->references = 2;
    task->next = context->tasks;
    if (task->next)
        task->next->previous = task;
    context->tasks = task;
}

static bool task_listed(const arv_task *task)
{
    return task->previous || task->context->tasks == task;
}

static void task_unlist(arv_task *task)
{
    if (task->previous)
        task->previous->next = task->next;
    else
        task->context->tasks = task->next;
    if (task->next)
        task->next->previous = task->previous;
    task->next = task->previous = NULL;
}

void arv__task_withdraw(arv_task *task)
{
    if (task_listed(task))
        task_unlist(task);
}

static void task_deliver(arv__mail *mail)
{
    arv_task *task = mail->user_data;
    task->done = true;
    if (task->callback)
        task->callback(task->user_data, task);
    arv_task_unref(task);
}

void arv__task_complete(arv_task *task, int status, const arv_error *err)
{
    if (!task_listed(task))
        arv__loop_defect("a task was completed twice");
    task_unlist(task);
    task->status = status;
    if (status < 0 && err && err->code == status)
        task->error = *err;
    else if (status < 0)
        arv_error_set(&task->error, status, "%s", arv_error_text(status));
    task->mail.deliver = task_deliver;
    task->mail.user_data = task;
    arv__loop_post(task->context->loop, &task->mail);
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
    return task->done;
}

int arv_task_status(const arv_task *task, arv_error *err)
{
    if (!task->done)
        return ARV_OK;
    if (task->status < 0 && err)
        *err = task->error;
    return task->status;
}

void arv_task_cancel(arv_task *task)
{
    if (task->cancel_asked || !task_listed(task))
        return;
    task->cancel_asked = true;
    if (task->on_cancel)
        task->on_cancel(task);
}

/* Begins again behind each one, because cancelling a task may end others. */
void arv__context_cancel_tasks(arv__context *context)
{
    arv_task *task = context->tasks;
    while (task) {
        if (task->cancel_asked) {
            task = task->next;
        } else {
            arv_task_cancel(task);
            task = context->tasks;
        }
    }
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

    if (!task->done && (!loop || task->context->pid != (long)getpid()))
        return arv_error_set(err, ARV_ESTATE,
                             "A task cannot be waited for in a forked process; its engine belongs "
                             "to the parent.");
    if (!task->done && loop->running)
        return arv_error_set(err, ARV_ESTATE,
                             "A task cannot be waited for inside a callback of its engine; return "
                             "from the callback first.");
    arv_task_ref(task);
    while (!task->done) {
        uint64_t passed_ns = arv__monotonic_ns() - begun_ns;
        if (passed_ns >= limit_ns)
            break;
        uint64_t left_ms = (limit_ns - passed_ns + 999999) / 1000000;
        arv__loop_run(loop, ARV__LOOP_ONCE,
                      left_ms < TASK_TURN_MS ? (unsigned)left_ms : TASK_TURN_MS);
    }
    int status = task->done ? arv_task_status(task, err)
                            : arv_error_set(err, ARV_ETIMEOUT,
                                            "The task was not done within %u ms; it goes on.",
                                            timeout_ms);
    arv_task_unref(task);
    return status;
}
