/* SPDX-License-Identifier: Apache-2.0 */

/* Every allocation of every request fails once, with drivers of each kind. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alloc_fail.h"
#include "bucket_driver.h"
#include "engine.h"
#include "memory_driver.h"
#include "storage/internal.h"
#include "test.h"

typedef struct plan {
    const arv_storage_ops *ops; /* NULL: filesystem */
    const char *url;
} plan;

static int run_sink(arv_storage *storage, const char *key, arv_error *err);
static int run_resumed(arv_storage *storage, const char *key, arv_error *err);

static int run_all(const plan *p, arv_engine *engine, arv_error *err)
{
    arv_storage *storage = NULL;
    arv_task *task;
    char uuid[37], key[ARV_KEY_BYTES];
    static const arv_storage_option create = {"create", "1"};
    int rc = p->ops ? arv_storage_open_with(&storage, engine, p->ops, p->url, NULL, NULL, err)
                    : arv_storage_open(&storage, engine, p->url, &create, 1, err);
    if (rc < 0)
        return rc;
    CHECK_OK(arv_uuid_random(uuid, err), err);
    CHECK_OK(arv_key_from_uuid(uuid, ".zip", key, err), err);
    unlink(test_path("out"));
    rc = test_finish(arv_storage_put_file(storage, test_path("source"), key, NULL, NULL, NULL, &task, err),
                     &task, err);
    if (rc == 0)
        rc = test_finish(arv_storage_get_file(storage, key, test_path("out"), NULL, NULL, NULL, &task, err),
                         &task, err);
    if (rc == 0)
        rc = test_finish(arv_storage_list(storage, NULL, 3, NULL, NULL, &task, err), &task, err);
    if (rc == 0)
        rc = test_finish(arv_storage_check(storage, NULL, NULL, &task, err), &task, err);
    if (rc == 0)
        rc = test_finish(arv_storage_remove(storage, key, NULL, NULL, &task, err), &task, err);
    if (rc == 0)
        rc = run_sink(storage, key, err);
    if (rc == 0 && storage->ops->put_state)
        rc = run_resumed(storage, key, err);
    arv_storage_unref(storage);
    return rc;
}

typedef struct wait {
    bool done;
    int status;
    arv_error err;
} wait;

static void wait_done(arv__op *op, int status, const arv_error *err)
{
    wait *w = op->user_data;
    w->done = true;
    w->status = status;
    if (status < 0)
        w->err = *err;
}

static int wait_for(arv__loop *loop, wait *w, arv_error *err)
{
    while (!w->done)
        arv__loop_run(loop, ARV__LOOP_ONCE, 1000);
    w->done = false;
    if (w->status < 0)
        *err = w->err;
    return w->status;
}

static int run_sink(arv_storage *storage, const char *key, arv_error *err)
{
    arv__sink *sink;
    arv_object object;
    arv__op op;
    wait w = {0};
    arv_error ignored;
    arv_digests digests;
    arv__span span = {"abc", 3};
    arv__loop *loop = storage->context->loop;
    CHECK_OK(arv__digest_bytes(ARV_DIGEST_SHA256, "abc", 3, &digests, err), err);
    int rc = arv__sink_storage_new(&sink, storage, key, 3, test_dir(), &object, err);
    if (rc < 0)
        return rc;
    arv__op_init(&op, loop, wait_done, &w);
    sink->ops->write(sink, &span, 1, &op);
    rc = wait_for(loop, &w, err);
    if (rc == 0) {
        sink->ops->prove(sink, &digests, 3, &op);
        rc = wait_for(loop, &w, err);
    }
    if (rc == 0) {
        sink->ops->commit(sink, &op);
        rc = wait_for(loop, &w, err);
    }
    sink->ops->abort(sink, &op);
    wait_for(loop, &w, &ignored);
    sink->ops->free(sink);
    return rc;
}

static unsigned char parts[3 * BUCKET_PIECE_BYTES + 5];

/* Writes the parts into a put and waits until no write is under way. */
static int write_parts(arv__sink *sink, arv__loop *loop, arv_error *err)
{
    arv__op op;
    wait w = {0};
    arv__span span = {parts, sizeof parts};
    arv__op_init(&op, loop, wait_done, &w);
    sink->ops->write(sink, &span, 1, &op);
    int rc = wait_for(loop, &w, err);
    while (((arv__put *)sink)->pieces.busy > 0)
        arv__loop_run(loop, ARV__LOOP_ONCE, 1000);
    return rc;
}

/* A put that a killed process began, and one that goes on with it. */
static int run_resumed(arv_storage *storage, const char *key, arv_error *err)
{
    static unsigned char state[ARV__PUT_STATE_BYTES];
    arv__sink *sink;
    arv_object object;
    arv__op op;
    wait w = {0};
    arv_error ignored;
    arv_digests digests;
    size_t length = 0;
    arv__loop *loop = storage->context->loop;
    int rc = arv__sink_storage_new(&sink, storage, key, sizeof parts, NULL, &object, err);
    if (rc < 0)
        return rc;
    rc = write_parts(sink, loop, err);
    if (rc == 0)
        rc = arv__put_state((arv__put *)sink, state, &length, err);
    sink->ops->free(sink);
    if (rc < 0 || (rc = arv__sink_storage_new(&sink, storage, key, sizeof parts, NULL, &object, err)) < 0)
        return rc;
    rc = arv__put_resume((arv__put *)sink, state, length, err);
    if (rc == 0)
        rc = write_parts(sink, loop, err);
    if (rc == 0)
        rc = arv__digest_bytes(ARV_DIGEST_SHA256, parts, sizeof parts, &digests, err);
    arv__op_init(&op, loop, wait_done, &w);
    if (rc == 0) {
        sink->ops->prove(sink, &digests, sizeof parts, &op);
        rc = wait_for(loop, &w, err);
    }
    sink->ops->abort(sink, &op);
    wait_for(loop, &w, &ignored);
    sink->ops->free(sink);
    return rc;
}

static void body(void *ud, bool must_succeed)
{
    arv_engine *engine;
    arv_error err;
    int status = test_engine_try(&engine, &err);
    if (status == 0) {
        status = run_all(ud, engine, &err);
        test_engine_free(engine);
        memory_clear();
    }
    if (must_succeed)
        CHECK_OK(status, &err);
    else if (status < 0)
        CHECK_ERR(status, &err, ARV_ENOMEM, NULL);
    CHECK_INT(memory_open_handles(), 0);
}

static void with_each_allocation(const plan *p, long least)
{
    test_write_file(test_path("source"), "content", 7);
    CHECK(test_each_allocation(body, (void *)p) >= least);
}

TEST_TIMEOUT(the_file_system_survives_every_failed_allocation, 300)
{
    char url[512];
    plan p = {NULL, url};
    snprintf(url, sizeof url, "file://%s/archive", test_dir());
    with_each_allocation(&p, 20);
}

TEST_TIMEOUT(a_stream_survives_every_failed_allocation, 300)
{
    plan p = {&memory_driver_ops, "memory://"};
    with_each_allocation(&p, 10);
}

TEST_TIMEOUT(whole_files_survive_every_failed_allocation, 300)
{
    plan p = {&parcel_driver_ops, "parcel://"};
    with_each_allocation(&p, 10);
}

TEST_TIMEOUT(pieces_and_a_put_that_goes_on_survive_every_failed_allocation, 300)
{
    plan p = {&bucket_driver_ops, "bucket://"};
    with_each_allocation(&p, 20);
}
