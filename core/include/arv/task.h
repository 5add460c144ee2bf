/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_TASK_H
#define ARV_TASK_H

/*
 * A task: one asynchronous request to a storage or to the verifier. A function that starts one
 * (storage.h, verify.h) returns < 0 and no task, or 0 and a task. The engine calls the task's callback
 * exactly once, from arv_engine_run(), never inside the call that started the task.
 *
 * Ownership: the caller gets a reference. It may call arv_task_unref() at any time; the task goes on.
 *   Results are borrowed from the task.
 * Threading: the engine's thread.
 * Errors: arv_task_status() of a task that is done. Cancellation is a request: the result is
 *   ARV_ECANCELED or, if the request came late, the real one.
 */

#include <arv/digest.h>
#include <arv/engine.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct arv_task arv_task;
typedef void (*arv_task_cb)(void *user_data, arv_task *task);

ARV_API arv_task *arv_task_ref(arv_task *task);
ARV_API void arv_task_unref(arv_task *task);
ARV_API bool arv_task_done(const arv_task *task);
/* Returns ARV_OK while the task runs, so ask arv_task_done() first. Of one that is done: ARV_OK, or the
 * code of its error, which it copies to `err`. */
ARV_API int arv_task_status(const arv_task *task, arv_error *err);
ARV_API void arv_task_cancel(arv_task *task);
/* Sets the bytes done and the bytes in all (0: unknown). */
ARV_API void arv_task_progress(const arv_task *task, uint64_t *done_bytes, uint64_t *total_bytes);
/* For programs without a loop of their own: runs the engine until the task is done, and returns its
 * status. Returns ARV_ETIMEOUT when the time is over; the task goes on. */
ARV_API int arv_task_wait(arv_task *task, unsigned timeout_ms, arv_error *err);

#ifdef __cplusplus
}
#endif
#endif
