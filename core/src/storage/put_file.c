/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Stores a file: opens it, reads and hashes each piece while the piece before is written, looks at the file
 * again (a file that changed is not stored), and finishes like every put.
 */

#include "storage/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include <arv/sys/alloc.h>
#include "util/names.h"

typedef struct put_file {
    arv__request request; /* first */
    arv__put put;
    arv__op op; /* of the put */
    arv__pump pump;
    arv__call read; /* of the file */
    arv__span span;
    arv__digest digest;
    arv_digests digests, expected;
    char *path;
    char quoted[ARV__QUOTE_BYTES];
    int fd;
    struct stat before;
} put_file;

static arv__op *put_file_op(put_file *p, arv__op_cb done)
{
    arv__op_init(&p->op, p->request.storage->context->loop, done, p);
    return &p->op;
}

/* ---- end ------------------------------------------------------------------------------------- */

static void put_file_aborted(arv__op *op, int status, const arv_error *err)
{
    put_file *p = op->user_data;
    if (status < 0) { /* something stays in the storage: said behind the cause */
        arv_error_append(&p->put.error, " %s", err->message);
        p->put.error.flags |= ARV_ERROR_PARTIAL;
    }
    arv__task_complete(&p->request.task, p->put.status, &p->put.error);
}

/* Hands an error of the file to the put, which keeps the first error. */
static void put_file_fail(put_file *p, int status, const arv_error *err)
{
    if (p->put.status == 0) {
        p->put.status = status;
        p->put.error = *err;
        if (!err->subject[0])
            arv_error_about(&p->put.error, p->path);
    }
    p->put.sink.ops->abort(&p->put.sink, put_file_op(p, put_file_aborted));
}

static void put_file_cleanup(arv__request *request)
{
    put_file *p = (put_file *)request;
    arv__pump_cleanup(&p->pump);
    arv__digest_cleanup(&p->digest);
    arv__put_cleanup(&p->put);
    arv__fs_close(p->fd);
    arv_free(p->path);
}

static void put_file_cancel(arv__request *request)
{
    put_file *p = (put_file *)request;
    arv__op_cancel(&p->read.op);
    arv__op_cancel(&p->pump.op);
    arv__put_cancel(&p->put);
}

/* ---- open ------------------------------------------------------------------------------------ */

static int put_file_open(arv__call *call, arv_error *err)
{
    put_file *p = call->user_data;
    int rc = arv__fs_openat(AT_FDCWD, p->path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
    if (rc < 0) {
        int code = rc == -ENOENT || rc == -ENOTDIR ? ARV_EVANISHED : ARV_EUNREADABLE;
        arv_error_system(err, -rc, "The file %s cannot be opened to store it", p->quoted);
        if (err)
            err->code = code;
        return code;
    }
    p->fd = rc;
    rc = arv__fs->fstat(p->fd, &p->before);
    if (rc < 0)
        return arv_error_system(err, -rc, "The file %s cannot be examined", p->quoted);
    if (!S_ISREG(p->before.st_mode))
        return arv_error_set(err, ARV_ESPECIAL, "%s is not a regular file; only files can be stored.",
                             p->quoted);
    arv__fs->fadvise(p->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    return 0;
}

/* ---- read and hash, write -------------------------------------------------------------------- */

static int put_file_read(arv__call *call, arv_error *err)
{
    put_file *p = call->user_data;
    ssize_t n = arv__fs_pread_full(p->fd, call->call.into, call->call.length, call->call.offset);
    if (n < 0) {
        arv_error_system(err, (int)-n, "The file %s cannot be read", p->quoted);
        if (err)
            err->code = ARV_EUNREADABLE;
        return ARV_EUNREADABLE;
    }
    call->call.done = (size_t)n;
    if (call->call.offset + (uint64_t)n > (uint64_t)p->before.st_size)
        return arv_error_set(err, ARV_ECHANGED,
                             "The file %s grew while it was stored; try again when nothing writes "
                             "to it any more.",
                             p->quoted);
    arv__digest_update(&p->digest, call->call.into, (size_t)n);
    return 0;
}

static void put_file_filled(arv__op *op, int status, const arv_error *err)
{
    put_file *p = op->user_data;
    arv__pump_filled(&p->pump, status, err, arv__call_of(op)->call.done);
}

static void put_file_fill(arv__pump *pump, void *into, size_t length, uint64_t offset)
{
    put_file *p = pump->user_data;
    p->read.call.into = into;
    p->read.call.length = length;
    p->read.call.offset = offset;
    arv__call_local(&p->read, p->request.storage->context->pool, put_file_read, put_file_filled);
}

static void put_file_written(arv__op *op, int status, const arv_error *err)
{
    put_file *p = op->user_data;
    if (status == 0)
        p->request.task.done_bytes += p->span.length;
    arv__pump_drained(&p->pump, status, err);
}

static void put_file_drain(arv__pump *pump, const void *data, size_t length)
{
    put_file *p = pump->user_data;
    p->span = (arv__span){data, length};
    p->put.sink.ops->write(&p->put.sink, &p->span, 1, put_file_op(p, put_file_written));
}

/* ---- look again, finish ---------------------------------------------------------------------- */

static int put_file_unchanged(arv__call *call, arv_error *err)
{
    put_file *p = call->user_data;
    const struct stat *was = &p->before;
    struct stat now;
    int rc = arv__fs->fstat(p->fd, &now);
    if (rc < 0)
        return arv_error_system(err, -rc, "The file %s cannot be examined", p->quoted);
    if (p->pump.offset != (uint64_t)was->st_size || now.st_size != was->st_size ||
        now.st_mtim.tv_sec != was->st_mtim.tv_sec || now.st_mtim.tv_nsec != was->st_mtim.tv_nsec)
        return arv_error_set(err, ARV_ECHANGED,
                             "The file %s changed while it was stored; try again when nothing "
                             "writes to it any more.",
                             p->quoted);
    return 0;
}

static int put_file_settle(arv__call *call, arv_error *err)
{
    put_file *p = call->user_data;
    char is[129], should[129];
    int rc = put_file_unchanged(call, err);
    if (rc == 0)
        rc = arv__digest_final(&p->digest, &p->digests, err);
    if (rc == 0 && p->expected.present && !arv_digests_equal(&p->expected, &p->digests)) {
        unsigned a = p->expected.present & ARV_DIGEST_SHA256 ? ARV_DIGEST_SHA256 : ARV_DIGEST_SHA512;
        rc = arv_error_set(err, ARV_EMISMATCH,
                           "The file %s has the digest %s, expected was %s; it was not stored.", p->quoted,
                           arv_digests_hex(&p->digests, a, is), arv_digests_hex(&p->expected, a, should));
    }
    return rc;
}

static void put_file_committed(arv__op *op, int status, const arv_error *err)
{
    put_file *p = op->user_data;
    if (status < 0)
        put_file_fail(p, status, err);
    else
        arv__task_complete(&p->request.task, 0, NULL);
}

static void put_file_proven(arv__op *op, int status, const arv_error *err)
{
    put_file *p = op->user_data;
    if (status < 0)
        put_file_fail(p, status, err);
    else
        p->put.sink.ops->commit(&p->put.sink, put_file_op(p, put_file_committed));
}

static void put_file_settled(arv__op *op, int status, const arv_error *err)
{
    put_file *p = op->user_data;
    if (status < 0)
        put_file_fail(p, status, err);
    else
        p->put.sink.ops->prove(&p->put.sink, &p->digests, (uint64_t)p->before.st_size,
                               put_file_op(p, put_file_proven));
}

static void put_file_pumped(arv__op *op, int status, const arv_error *err)
{
    put_file *p = op->user_data;
    if (status < 0)
        put_file_fail(p, status, err);
    else
        arv__call_local(&p->read, p->request.storage->context->io, put_file_settle, put_file_settled);
}

static void put_file_opened(arv__op *op, int status, const arv_error *error)
{
    put_file *p = op->user_data;
    unsigned algorithms = ARV_DIGEST_SHA256 | p->expected.present;
    uint64_t size = (uint64_t)p->before.st_size;
    arv_error err;
    if (status < 0)
        err = *error;
    else if (arv__op_cancel_asked(&p->request.task.op))
        status = arv_error_set(&err, ARV_ECANCELED, "%s", arv_error_text(ARV_ECANCELED));
    else if ((status = arv__digest_init(&p->digest, algorithms, &err)) == 0)
        status = arv__pump_init(&p->pump, size, &err);
    if (status < 0) {
        put_file_fail(p, status, &err);
        return;
    }
    p->request.task.total_bytes = size;
    p->put.size_hint_bytes = p->put.call.call.size_hint_bytes = size;
    p->pump.fill = put_file_fill;
    p->pump.drain = put_file_drain;
    p->pump.user_data = p;
    arv__op_init(&p->pump.op, p->request.storage->context->loop, put_file_pumped, p);
    arv__pump_start(&p->pump);
}

/* ---- start ----------------------------------------------------------------------------------- */

static int put_file_key(const char *path, const char *key, char made[ARV_KEY_BYTES], arv_error *err)
{
    char suffix[33];
    int rc;
    if (!path || !path[0])
        return arv_error_set(err, ARV_EINVALID, "Storing a file needs its path.");
    if (key) {
        if ((rc = arv__key_check(key, err)) == 0)
            arv__key_copy(made, key);
        return rc;
    }
    arv__suffix_of_file(path, suffix);
    return arv__key_make(suffix, made, err);
}

int arv_storage_put_file(arv_storage *storage, const char *path, const char *key, const arv_digests *expected,
                         arv_task_cb callback, void *user_data, arv_task **task, arv_error *err)
{
    char made_key[ARV_KEY_BYTES];
    void *made = NULL;
    int rc = put_file_key(path, key, made_key, err);
    if (rc < 0)
        return rc;
    if (expected && !(expected->present & (ARV_DIGEST_SHA256 | ARV_DIGEST_SHA512)))
        return arv_error_set(err, ARV_EINVALID, "The expected digests of a file hold none.");
    char *copy = arv_strdup(path);
    if (!copy)
        return arv_error_nomem(err, "the path of a file to store");
    rc = arv__request_new(&made, sizeof(put_file), storage, made_key, callback, user_data, err);
    if (rc < 0) {
        arv_free(copy);
        return rc;
    }
    put_file *p = made;
    p->fd = -1;
    p->path = copy;
    arv__quote(p->quoted, sizeof p->quoted, path, strlen(path));
    arv__put_init(&p->put, storage, made_key, 0, &p->request.object, NULL); /* the key was checked */
    p->put.path = p->path;
    if (expected)
        p->expected = *expected;
    p->read.storage = storage;
    p->read.user_data = p;
    p->request.cancel = put_file_cancel;
    p->request.cleanup = put_file_cleanup;
    p->request.has_object = true;
    arv__request_give(&p->request, task);
    arv__call_local(&p->read, storage->context->io, put_file_open, put_file_opened);
    return 0;
}
