/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_LOOP_TASK_H
#define ARV_LOOP_TASK_H

/*
 * The body of an arv_task (arv/task.h): a request (op.h) with references. The modules storage and verify
 * embed it as the first member of their own request, which has the results, and give it a destructor.
 * task.c implements the public functions on it.
 */

#include "loop/context.h"
#include "loop/op.h"
#include <arv/task.h>

typedef enum { ARV__TASK_STORAGE = 1, ARV__TASK_VERIFY = 2 } arv__task_kind;

struct arv_task {
    arv__op op; /* first; its user_data is the application's */
    arv__context *context;
    arv__task_kind kind; /* result getters of the wrong kind return NULL */
    unsigned references;
    arv_task_cb callback;
    void (*destroy)(arv_task *task);  /* frees the whole request */
    uint64_t done_bytes, total_bytes; /* written on the loop thread or with __atomic */
};

/* Begins the task. `on_cancel`, which may be NULL, gets `task` as its server_data. The caller has one
 * reference, the server another until arv__task_complete(). */
void arv__task_begin(arv_task *task, arv__task_kind kind, arv__context *context, arv_task_cb callback,
                     void *user_data, arv__op_cancel_cb on_cancel, void (*destroy)(arv_task *task));
/* Completes the task: the loop calls back later and then drops the server's reference. Before the caller
 * has seen the task, the server may call arv__op_withdraw() instead and free it. */
static inline void arv__task_complete(arv_task *task, int status, const arv_error *err)
{
    arv__op_complete(&task->op, status, err);
}

#endif
