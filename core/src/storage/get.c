/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A get, in the order in which it happens: get_open; the new file; get_read, while the bytes before are
 * written; get_close; the conclusion. The conclusion compares the final digests before the file gets its
 * name.
 *
 * The conclusion runs in every case and alone releases what the get holds.
 */

#include "storage/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include <arv/sys/alloc.h>
#include "util/names.h"

static bool get_canceled(const arv__get *get)
{
    return arv__op_cancel_asked(get->op);
}

static void get_remember(arv__get *get, int status, const arv_error *err)
{
    if (status == 0 || get->status < 0)
        return;
    get->status = status;
    if (err && err->code == status)
        get->error = *err;
    else
        arv_error_set(&get->error, status, "%s", arv_error_text(status));
}

/* ---- conclusion ------------------------------------------------------------------------------ */

static int get_compare(arv__get *get, arv_error *err)
{
    char is[129], should[129];
    int rc = arv__digest_final(&get->digest, &get->object->digests, err);
    if (rc < 0)
        return rc;
    if (get->expected && !arv_digests_equal(get->expected, &get->object->digests)) {
        unsigned a = get->expected->present & ARV_DIGEST_SHA256 ? ARV_DIGEST_SHA256 : ARV_DIGEST_SHA512;
        return arv_error_set(err, ARV_EMISMATCH,
                             "The object '%s' has the digest %s, expected was %s; the storage holds "
                             "something else than what was stored.",
                             get->key, arv_digests_hex(&get->object->digests, a, is),
                             arv_digests_hex(get->expected, a, should));
    }
    return 0;
}

static int get_conclude(arv__call *call, arv_error *err)
{
    arv__get *get = call->user_data;
    int rc = get->status;
    if (rc < 0 && err)
        *err = get->error;
    if (rc == 0)
        rc = get_compare(get, err);
    if (rc == 0 && get->file && (rc = arv__newfile_seal(get->file, err)) == 0)
        rc = arv__newfile_commit(get->file, err);
    if (rc == 0 && get->file)
        rc = arv__newfile_find(get->file, get->path, err);
    arv__newfile_free(get->file);
    get->file = NULL;
    arv__fs_close(get->folder_fd);
    get->folder_fd = -1;
    return rc;
}

static void get_concluded(arv__op *op, int status, const arv_error *err)
{
    arv__get *get = op->user_data;
    arv__pump_cleanup(&get->pump);
    arv__digest_cleanup(&get->digest);
    arv_free(get->folder);
    get->folder = NULL;
    if (status == 0) {
        arv_object *object = get->object;
        arv__key_copy(object->key, get->key);
        object->size_bytes = get->length_bytes;
    }
    arv__op_complete(get->op, status, err);
}

static void get_end(arv__get *get)
{
    get->local.must_run = true;
    arv__call_local(&get->local, get->storage->context->io, get_conclude, get_concluded);
}

/* Returns true when an error or a cancel request ends the get; it then goes to its end. */
static bool get_stopped(arv__get *get, int status, const arv_error *err)
{
    if (status == 0 && get_canceled(get))
        status = ARV_ECANCELED;
    get_remember(get, status, err);
    if (status < 0)
        get_end(get);
    return status < 0;
}

/* ---- the new file ---------------------------------------------------------------------------- */

static int get_make_file(arv__call *call, arv_error *err)
{
    arv__get *get = call->user_data;
    char quoted[ARV__QUOTE_BYTES];
    uint64_t size_bytes = get->object->size_bytes;
    if (!get->path)
        return 0;
    const char *slash = strrchr(get->path, '/');
    int rc = arv__fs_openat(AT_FDCWD, get->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    if (rc < 0)
        return arv_error_system(err, -rc, "The folder %s for the new file cannot be opened",
                                arv__quote(quoted, sizeof quoted, get->folder, strlen(get->folder)));
    get->folder_fd = rc;
    arv__newfile_options options = {
        .dir_fd = get->folder_fd,
        .name = slash ? slash + 1 : get->path,
        .shown = get->path,
        .mode = 0600,
        .size_hint_bytes = size_bytes ? size_bytes : 1,
    };
    return arv__newfile_open(&get->file, &options, err);
}

static int get_take(arv__get *get, const void *data, size_t length, arv_error *err)
{
    int rc = get->file ? arv__newfile_write(get->file, data, length, err) : 0;
    arv__digest_update(&get->digest, data, length);
    get->length_bytes += length;
    if (get->task)
        __atomic_store_n(&get->task->done_bytes, get->length_bytes, __ATOMIC_RELAXED);
    return rc;
}

/* ---- the object ----------------------------------------------------------------------------- */

static void get_closed(arv__op *op, int status, const arv_error *err)
{
    arv__get *get = op->user_data;
    get->opened = false;
    get_remember(get, status, err);
    get_end(get);
}

static void get_close(arv__get *get, int status, const arv_error *err)
{
    get_remember(get, status, err);
    get->call.must_run = true;
    arv__call_start(&get->call, get->storage->ops->get_close, get_closed);
}

static void get_pumped(arv__op *op, int status, const arv_error *error)
{
    arv__get *get = op->user_data;
    arv_error err;
    if (status < 0)
        err = *error;
    else if (get->pump.offset != get->object->size_bytes)
        status = arv_error_set(&err, ARV_EIO,
                               "The object '%s' was announced with %llu bytes, but %llu came; try "
                               "again, and verify the archive if it stays so.",
                               get->key, (unsigned long long)get->object->size_bytes,
                               (unsigned long long)get->pump.offset);
    get_close(get, status, &err);
}

static int get_drain_run(arv__call *call, arv_error *err)
{
    return get_take(call->user_data, call->call.data, call->call.length, err);
}

static void get_drained(arv__op *op, int status, const arv_error *err)
{
    arv__get *get = op->user_data;
    arv__pump_drained(&get->pump, status, err);
}

static void get_drain(arv__pump *pump, const void *data, size_t length)
{
    arv__get *get = pump->user_data;
    arv__context *context = get->storage->context;
    get->local.call.data = data;
    get->local.call.length = length;
    arv__call_local(&get->local, get->file ? context->io : context->pool, get_drain_run, get_drained);
}

static void get_filled(arv__op *op, int status, const arv_error *err)
{
    arv__get *get = op->user_data;
    arv_error defect;
    if (status == 0 && arv__call_of(op)->call.done > arv__call_of(op)->call.length) {
        status = arv_error_set(&defect, ARV_EINTERNAL,
                               "The storage driver '%s' says it read more bytes than it was asked "
                               "for.",
                               get->storage->ops->name);
        err = &defect;
    }
    arv__pump_filled(&get->pump, status, err, arv__call_of(op)->call.done);
}

/* Reads an object that is longer than it should be one piece further, not for ever. */
static void get_fill(arv__pump *pump, void *into, size_t length, uint64_t offset)
{
    arv__get *get = pump->user_data;
    if (offset > get->object->size_bytes) {
        arv__pump_filled(pump, 0, NULL, 0);
        return;
    }
    get->call.call.into = into;
    get->call.call.length = length;
    get->call.call.offset = offset;
    arv__call_start(&get->call, get->storage->ops->get_read, get_filled);
}

static void get_prepared(arv__op *op, int status, const arv_error *error)
{
    arv__get *get = op->user_data;
    arv_error err = {0};
    if (status < 0)
        err = *error;
    else if (get_canceled(get))
        status = ARV_ECANCELED;
    else
        status = arv__pump_init(&get->pump, get->object->size_bytes, &err);
    if (status < 0) {
        get_close(get, status, &err);
        return;
    }
    get->pump.fill = get_fill;
    get->pump.drain = get_drain;
    get->pump.user_data = get;
    arv__op_init(&get->pump.op, get->storage->context->loop, get_pumped, get);
    arv__pump_start(&get->pump);
}

static void get_opened(arv__op *op, int status, const arv_error *err)
{
    arv__get *get = op->user_data;
    arv_error defect;
    get->opened = status == 0;
    if (status < 0) {
        get_stopped(get, status, err);
        return;
    }
    status = arv__object_check(get->storage, get->key, get->version, get->object, &defect);
    if (status < 0) {
        get_close(get, status, &defect);
        return;
    }
    if (get->task)
        get->task->total_bytes = get->object->size_bytes;
    arv__call_local(&get->local, get->storage->context->io, get_make_file, get_prepared);
}

/* ---- start and cancel ------------------------------------------------------------------------ */

static void get_cancel(arv__op *op, void *server_data)
{
    arv__get *get = server_data;
    (void)op;
    arv__op_cancel(&get->call.op);
    arv__op_cancel(&get->local.op);
    arv__op_cancel(&get->pump.op);
}

static int get_name_folder(arv__get *get, arv_error *err)
{
    const char *slash = get->path ? strrchr(get->path, '/') : NULL;
    if (!get->path)
        return 0;
    get->folder = slash ? arv_strndup(get->path, slash == get->path ? 1 : (size_t)(slash - get->path))
                        : arv_strdup(".");
    get->call.call.temp_directory = get->folder;
    return get->folder ? 0 : arv_error_nomem(err, "the path of a new file");
}

void arv__get_start(arv__get *get, arv__op *op)
{
    arv_error err;
    get->op = op;
    arv__op_begin(op, get_cancel, get);
    get->folder_fd = -1;
    get->call.storage = get->local.storage = get->storage;
    get->call.user_data = get->local.user_data = get;
    get->call.call.key = get->key;
    get->call.call.version = get->version;
    get->call.call.object = get->object;
    get->call.call.proves = !get->path;
    memset(get->object, 0, sizeof *get->object);
    int rc = arv__digest_init(&get->digest, get->algorithms, &err);
    if (rc == 0)
        rc = get_name_folder(get, &err);
    if (!get_stopped(get, rc, &err))
        arv__call_start(&get->call, get->storage->ops->get_open, get_opened);
}
