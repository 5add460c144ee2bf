/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A check uses the storage: it connects, puts a small object, gets it, removes it and looks that it is gone.
 * The first step that fails gives the error; the check then removes its object if it was stored. A storage
 * that cannot remove keeps the object.
 */

#include "storage/internal.h"

#include <stdio.h>
#include <string.h>

enum { CHECK_BYTES = 4096 };

typedef struct check {
    arv__request request; /* first */
    arv__put put;
    arv__get get;
    arv__op op; /* of put or get */
    arv__span span;
    arv_digests digests;
    arv_object object;
    char data[CHECK_BYTES];
    int status;
    arv_error error;
} check;

static void check_cleanup(arv__request *request)
{
    arv__put_cleanup(&((check *)request)->put);
}

static void check_cancel(arv__request *request)
{
    check *c = (check *)request;
    arv__put_cancel(&c->put);
    arv__op_cancel(&c->op);
}

static arv__op *check_op(check *c, arv__op_cb done)
{
    arv__op_init(&c->op, c->request.storage->context->loop, done, c);
    return &c->op;
}

/* ---- end ------------------------------------------------------------------------------------- */

static void check_aborted(arv__op *op, int status, const arv_error *err)
{
    check *c = op->user_data;
    if (status < 0 && c->status < 0) { /* the object stays */
        arv_error_append(&c->error, " %s", err->message);
        c->error.flags |= ARV_ERROR_PARTIAL;
    }
    arv__task_complete(&c->request.task, c->status, &c->error);
}

/* Returns true when an error or a cancel request ends the check; it then goes to its end. */
static bool check_stopped(check *c, int status, const arv_error *err)
{
    if (status == 0 && arv__op_cancel_asked(&c->request.task.op))
        status = ARV_ECANCELED;
    if (status == 0)
        return false;
    c->status = status;
    if (err && err->code == status)
        c->error = *err;
    else
        arv_error_set(&c->error, status, "%s", arv_error_text(status));
    c->put.sink.ops->abort(&c->put.sink, check_op(c, check_aborted));
    return true;
}

/* ---- delete ---------------------------------------------------------------------------------- */

static void check_gone(arv__op *op, int status, const arv_error *error)
{
    check *c = op->user_data;
    arv_error err;
    if (status == 0)
        status = arv_error_set(&err, ARV_EIO,
                               "The object '%s' of the check is still there although it was "
                               "removed.",
                               c->request.key);
    else if (status == ARV_ENOTFOUND)
        status = 0;
    else
        err = *error;
    if (status == 0)
        c->request.check.done[ARV_CHECK_DELETE] = true;
    arv__task_complete(&c->request.task, status, &err);
}

static void check_removed(arv__op *op, int status, const arv_error *err)
{
    check *c = op->user_data;
    if (status < 0) {
        check_stopped(c, status, err);
        return;
    }
    c->put.stored = false;
    arv__call_start(&c->request.call, c->request.storage->ops->stat, check_gone);
}

static void check_delete(check *c)
{
    arv_storage *storage = c->request.storage;
    if (arv__storage_can(storage, ARV_STORAGE_NO_DELETE))
        arv__task_complete(&c->request.task, 0, NULL);
    else
        arv__call_start(&c->request.call, storage->ops->remove, check_removed);
}

/* ---- read ------------------------------------------------------------------------------------ */

static void check_read(arv__op *op, int status, const arv_error *err)
{
    check *c = op->user_data;
    if (check_stopped(c, status, err))
        return;
    c->request.check.done[ARV_CHECK_READ] = true;
    check_delete(c);
}

static void check_written(arv__op *op, int status, const arv_error *err)
{
    check *c = op->user_data;
    arv__get *get = &c->get;
    if (check_stopped(c, status, err))
        return;
    c->request.check.done[ARV_CHECK_WRITE] = true;
    if (arv__storage_can(c->request.storage, ARV_STORAGE_NO_RETRIEVE)) {
        check_delete(c);
        return;
    }
    get->storage = c->request.storage;
    get->key = c->request.key;
    get->version = c->object.version;
    get->expected = &c->digests;
    get->algorithms = c->digests.present;
    get->object = &c->object;
    arv__get_start(get, check_op(c, check_read));
}

/* ---- connect, write -------------------------------------------------------------------------- */

static void check_proven(arv__op *op, int status, const arv_error *err)
{
    check *c = op->user_data;
    if (!check_stopped(c, status, err))
        c->put.sink.ops->commit(&c->put.sink, check_op(c, check_written));
}

static void check_sent(arv__op *op, int status, const arv_error *err)
{
    check *c = op->user_data;
    if (!check_stopped(c, status, err))
        c->put.sink.ops->prove(&c->put.sink, &c->digests, sizeof c->data, check_op(c, check_proven));
}

static void check_connected(arv__op *op, int status, const arv_error *err)
{
    check *c = op->user_data;
    if (check_stopped(c, status, err))
        return;
    c->request.check.done[ARV_CHECK_CONNECT] = true;
    c->span = (arv__span){c->data, sizeof c->data};
    c->put.sink.ops->write(&c->put.sink, &c->span, 1, check_op(c, check_sent));
}

/* The object's text tells a person who finds it what it is. */
static int check_fill(check *c, const char *uuid, arv_error *err)
{
    char line[128];
    int n = snprintf(line, sizeof line, "Archivist checks this storage with this object. %s\n", uuid);
    for (size_t i = 0; i < sizeof c->data; i++)
        c->data[i] = line[i % (size_t)n];
    return arv__digest_bytes(ARV_DIGEST_SHA256, c->data, sizeof c->data, &c->digests, err);
}

int arv_storage_check(arv_storage *storage, arv_task_cb callback, void *user_data, arv_task **task,
                      arv_error *err)
{
    char uuid[37], key[ARV_KEY_BYTES];
    void *made = NULL;
    int rc;
    if ((rc = arv_uuid_random(uuid, err)) < 0 || (rc = arv_key_from_uuid(uuid, ".check", key, err)) < 0 ||
        (rc = arv__request_new(&made, sizeof(check), storage, key, callback, user_data, err)) < 0)
        return rc;
    check *c = made;
    arv_error error;
    arv__put_init(&c->put, storage, key, sizeof c->data, &c->object, NULL); /* the key is one */
    c->request.cancel = check_cancel;
    c->request.cleanup = check_cleanup;
    c->request.has_check = true;
    c->request.call.call.detail = c->request.check.detail;
    arv__request_give(&c->request, task);
    if ((rc = check_fill(c, uuid, &error)) < 0)
        arv__task_complete(&c->request.task, rc, &error);
    else
        arv__call_start(&c->request.call, storage->ops->connect, check_connected);
    return 0;
}
