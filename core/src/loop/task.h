/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_LOOP_TASK_H
#define ARV_LOOP_TASK_H

/*
 * The body of an arv_task (arv/task.h), for those that serve one: storage and verify embed it as
 * the first member of their own request and give it a destructor. task.c implements the public
 * functions on it.
 */

#include "loop/context.h"
#include <arv/task.h>

typedef enum { ARV__TASK_STORAGE = 1, ARV__TASK_VERIFY = 2 } arv__task_kind;

struct arv_task {
    arv__context *context;
    arv__task_kind kind; /* result getters of the wrong kind return NULL */
    unsigned references;
    bool done, cancel_asked;
    int status;
    arv_error error;
    arv_task_cb callback;
    void *user_data;
    void (*on_cancel)(arv_task *task); /* may be NULL; once, loop thread */
    void (*destroy)(arv_task *task);   /* frees the whole request */
    uint64_t done_bytes, total_bytes;  /* written on the loop thread or with __atomic */
    arv__mail mail;
    arv_task *next, *previous; /* in context->tasks, from init to complete */
};

/* One reference for the caller, one for the server until arv__task_complete(). */
void arv__task_init(arv_task *task, arv__task_kind kind, arv__context *context,
                    arv_task_cb callback, void *user_data, void (*destroy)(arv_task *task));
/* Instead of completing a task that nobody has seen, since its start failed; then it may be freed. */
void arv__task_withdraw(arv_task *task);
/* The callback comes later, from the loop; then the server's reference is dropped. */
void arv__task_complete(arv_task *task, int status, const arv_error *err);

#endif
