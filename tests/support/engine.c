/* SPDX-License-Identifier: Apache-2.0 */
#include "engine.h"

#include <stdio.h>
#include <unistd.h>

#include <arv/sys/alloc.h>
#include "loop/op.h"
#include "test.h"

static char warning[512];

static void test_log(void *user_data, const arv_log_record *record)
{
    (void)user_data;
    if (record->level >= ARV_LOG_WARNING)
        snprintf(warning, sizeof warning, "%s", record->message);
}

const char *test_engine_warning(void)
{
    return warning;
}

int test_engine_try(arv_engine **engine, arv_error *err)
{
    arv__context *context = arv_calloc(1, sizeof *context);
    if (!context)
        return arv_error_nomem(err, "an engine for a test");
    int rc = arv__loop_new(&context->loop, err);
    if (rc == 0)
        rc = arv__pool_new(&context->pool, context->loop, "work", 2, err);
    if (rc == 0)
        rc = arv__pool_new(&context->io, context->loop, "io", 4, err);
    if (rc < 0) {
        arv__loop_free(context->loop); /* and its pools */
        arv_free(context);
        return rc;
    }
    context->pid = (long)getpid();
    context->piece_bytes_most = 64 << 20;
    context->log.sink = test_log;
    context->log.level = ARV_LOG_DEBUG;
    *engine = (arv_engine *)(void *)context;
    return 0;
}

arv_engine *test_engine_new(void)
{
    arv_error err;
    arv_engine *engine;
    CHECK_OK(test_engine_try(&engine, &err), &err);
    return engine;
}

void test_engine_free(arv_engine *engine)
{
    arv__context *context = arv__context_of(engine);
    arv__ops_cancel(context->loop);
    while (arv__loop_busy(context->loop))
        arv__loop_run(context->loop, ARV__LOOP_ONCE, 1000);
    arv__pool_free(context->pool);
    arv__pool_free(context->io);
    arv__loop_free(context->loop);
    arv_free(context);
}

int test_finish(int started, arv_task **task, arv_error *err)
{
    if (started < 0)
        return started;
    int status = arv_task_wait(*task, 600000, err);
    arv_task_unref(*task);
    *task = NULL;
    return status;
}
