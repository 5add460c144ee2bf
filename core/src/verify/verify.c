/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/verify.h"

#include <arv/sys/alloc.h>

/* ---- what the requests have in common -------------------------------------------------------- */

static void request_cancel(arv__op *op, void *server_data)
{
    arv__verify_request *request = server_data;
    (void)op;
    arv__work_cancel(&request->work);
}

void arv__verify_request_init(arv__verify_request *request, arv__context *context,
                              const arv_verify_options *options, arv_task_cb callback, void *user_data,
                              void (*destroy)(arv_task *task), int (*run)(arv__work *work, arv_error *err),
                              void (*done)(arv__work *work, int status, const arv_error *err))
{
    arv__task_begin(&request->task, ARV__TASK_VERIFY, context, callback, user_data, request_cancel, destroy);
    request->work.run = run;
    request->work.done = done;
    request->work.user_data = request;
    if (options)
        request->options = *options;
    arv__limits_resolve(&request->limits, request->options.limits);
    request->options.limits = &request->limits;
}

int arv__verify_request_submit(arv__verify_request *request, arv_error *err)
{
    return arv__work_submit(request->task.context->pool, &request->lane, &request->work, err);
}

int arv__verify_request_begin(arv__verify_request *request, arv_error *err)
{
    if (request->begun)
        return ARV_OK;
    int status = arv__source_begin(request->source, err);
    if (status < 0)
        return status;
    request->begun = true;
    __atomic_store_n(&request->task.total_bytes, request->source->size_bytes, __ATOMIC_RELAXED);
    return ARV_OK;
}

/* ---- verify ---------------------------------------------------------------------------------- */

typedef struct verify_request {
    arv__verify_request request;
    arv__report report;
} verify_request;

static void verify_destroy(arv_task *task)
{
    verify_request *verify = (verify_request *)(void *)task;
    arv__source_free(verify->request.source);
    arv__report_cleanup(&verify->report);
    arv_free(verify);
}

static int verify_run(arv__work *work, arv_error *err)
{
    verify_request *verify = (verify_request *)arv__verify_request_of(work);
    int status = arv__verify_request_begin(&verify->request, err);
    if (status < 0)
        return status;
    return arv__verify_run(verify->request.source, &verify->request.options,
                           &verify->request.task.op.cancel_asked, &verify->request.task.done_bytes,
                           &verify->report, NULL, err);
}

static void verify_done(arv__work *work, int status, const arv_error *err)
{
    verify_request *verify = (verify_request *)arv__verify_request_of(work);
    if (status == 0)
        verify->request.report = &verify->report.shown;
    arv__task_complete(&verify->request.task, status, err);
}

int arv__verify_start_adopt(arv__context *context, arv__source *source, const arv_verify_options *options,
                            arv_task_cb callback, void *user_data, arv_task **task, arv_error *err)
{
    verify_request *verify = arv_calloc(1, sizeof *verify);
    *task = NULL;
    if (!verify)
        return arv_error_nomem(err, "a verification");
    arv__verify_request_init(&verify->request, context, options, callback, user_data, verify_destroy,
                             verify_run, verify_done);
    verify->request.source = source;
    int status = arv__verify_request_submit(&verify->request, err);
    if (status < 0) {
        arv__op_withdraw(&verify->request.task.op);
        arv_free(verify);
        return status;
    }
    *task = &verify->request.task;
    return ARV_OK;
}

const arv_report *arv_task_report(const arv_task *task)
{
    if (!task || task->kind != ARV__TASK_VERIFY || !arv_task_done(task))
        return NULL;
    return ((const arv__verify_request *)(const void *)task)->report;
}
