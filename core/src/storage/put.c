/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A put, in the order in which it happens. The same code stores a file, a container while the packer
 * makes it, and the object of a check:
 *
 *     write   calls put_open before the first piece, then put_write per piece: of at most 1 MiB from
 *             where the bytes lie, or of the size that the driver wants, several at once (pieces.c)
 *     prove   calls put_seal, reads everything back (put_read), hashes each piece while the driver
 *             reads the next one, and compares
 *     commit  calls put_commit
 *     abort   calls put_abort, or remove once the object was committed
 *
 * An object counts only after it was compared, even if the driver publishes it in put_seal; put_abort then
 * takes it back. An abort may come while another request is under way: that request is asked to end soon,
 * and its callback comes first.
 */

#include "storage/internal.h"

#include <stddef.h>
#include <string.h>

#include <arv/sys/alloc.h>
#include "util/time.h"

enum { PUT_PIECE_BYTES = 1 << 20 };

static bool put_canceled(const arv__put *put)
{
    return __atomic_load_n(&put->canceled, __ATOMIC_RELAXED);
}

static void put_take_back(arv__put *put);

static void put_end(arv__put *put, int status, const arv_error *err)
{
    if (status < 0 && put->status == 0) {
        put->status = status;
        if (err && err->code == status)
            put->error = *err;
        else
            arv_error_set(&put->error, status, "%s", arv_error_text(status));
    }
    arv__op *op = put->op;
    put->op = NULL;
    arv__op_complete(op, status, &put->error);
    if (put->abort_op && put->pieces.busy == 0)
        put_take_back(put);
}

static void put_ask(arv__put *put, arv_storage_slot slot, arv__op_cb done)
{
    put->call.more = NULL;
    put->call.must_run = false;
    arv__call_start(&put->call, slot, done);
}

/* Returns true when an error or a cancel request has ended the put. */
static bool put_stopped(arv__put *put, int status, const arv_error *err)
{
    if (status == 0 && put_canceled(put))
        status = ARV_ECANCELED;
    if (status < 0)
        put_end(put, status, err);
    return status < 0;
}

static void put_cancel(arv__op *op, void *server_data)
{
    (void)op;
    arv__put_cancel(server_data);
}

/* Returns false when an earlier error or cancel request has ended the put already. */
static bool put_begin(arv__put *put, arv__op *op)
{
    put->op = op;
    arv__op_begin(op, put_cancel, put);
    return !put_stopped(put, put->status, &put->error);
}

/* ---- write ----------------------------------------------------------------------------------- */

static void put_open(arv__put *put);
static void put_seal(arv__put *put);

static bool put_next_piece(arv__put *put)
{
    while (put->span_at < put->span_count && !put_canceled(put)) {
        const arv__span *span = &put->spans[put->span_at];
        size_t left = span->length - put->span_offset;
        if (left > 0 && put->written_bytes < put->resumed_bytes) { /* the storage has it */
            uint64_t known = put->resumed_bytes - put->written_bytes;
            left = known < left ? (size_t)known : left;
            put->span_offset += left;
            put->written_bytes += left;
            continue;
        }
        if (left > 0) {
            size_t length = left < PUT_PIECE_BYTES ? left : PUT_PIECE_BYTES;
            put->call.call.data = (const unsigned char *)span->data + put->span_offset;
            put->call.call.length = length;
            put->call.call.offset = put->written_bytes;
            put->span_offset += length;
            put->written_bytes += length;
            return true;
        }
        put->span_at++;
        put->span_offset = 0;
    }
    return false;
}

static bool put_more(arv__call *call)
{
    return put_next_piece(call->user_data);
}

static void put_written(arv__op *op, int status, const arv_error *err)
{
    arv__put *put = op->user_data;
    if (!put_stopped(put, status, err))
        put_end(put, 0, NULL);
}

/* ---- write in pieces: nothing is reported, sealed or aborted while one is under way */

static void put_feed(arv__put *put)
{
    size_t taken = 1;
    while (taken > 0 && put_next_piece(put)) {
        taken = arv__pieces_take(&put->pieces, put->call.call.data, put->call.call.length);
        put->span_offset -= put->call.call.length - taken;
        put->written_bytes -= put->call.call.length - taken;
    }
    if (taken == 0 && put->pieces.status == 0)
        return; /* a written piece goes on */
    put->feeding = put->pieces.busy > 0 && (put->pieces.status < 0 || put_canceled(put));
    if (!put->feeding && !put_stopped(put, put->pieces.status, &put->pieces.error))
        put_end(put, 0, NULL);
}

static void put_flush(arv__put *put)
{
    put->sealing = put->pieces.busy > 0;
    if (put->sealing)
        return;
    if (!put_stopped(put, put->pieces.status, &put->pieces.error))
        put_seal(put);
}

static void put_went(arv__pieces *pieces)
{
    arv__put *put = (arv__put *)(void *)((char *)pieces - offsetof(arv__put, pieces));
    if (put->feeding && (pieces->status == 0 || pieces->busy == 0))
        put_feed(put);
    else if (put->sealing)
        put_flush(put);
    else if (put->abort_op && !put->op && pieces->busy == 0)
        put_take_back(put);
}

static void put_send(arv__put *put)
{
    if (put->pieces.pieces) {
        put->feeding = true;
        put_feed(put);
    } else if (put_next_piece(put)) {
        put->call.more = put_more;
        put->call.must_run = false;
        arv__call_start(&put->call, put->storage->ops->put_write, put_written);
    } else {
        put_end(put, put_canceled(put) ? ARV_ECANCELED : 0, NULL);
    }
}

static void put_finish(arv__put *put)
{
    if (put->pieces.pieces)
        arv__pieces_flush(&put->pieces);
    put_flush(put);
}

static void put_write(arv__sink *sink, const arv__span *spans, unsigned count, arv__op *op)
{
    arv__put *put = (arv__put *)sink;
    put->spans = spans;
    put->span_count = count;
    put->span_at = 0;
    put->span_offset = 0;
    if (!put_begin(put, op))
        return;
    if (!put->opened)
        put_open(put);
    else
        put_send(put);
}

/* For an empty object nothing is written, and prove opens the handle. */
static void put_opened(arv__op *op, int status, const arv_error *err)
{
    arv__put *put = op->user_data;
    arv_error defect;
    put->opened = status == 0;
    if (status == 0) {
        err = &defect;
        status = arv__pieces_check(put->storage, &put->call.call, &defect);
    }
    if (status == 0)
        status = arv__put_resumed(put, &defect);
    if (status == 0 && put->call.call.piece_bytes) {
        put->pieces.went = put_went;
        status = arv__pieces_init(&put->pieces, &put->call, &defect);
    }
    if (put_stopped(put, status, err))
        return;
    if (put->spans)
        put_send(put);
    else
        put_finish(put);
}

static void put_open(arv__put *put)
{
    put->call.call.path = put->path;
    put->call.call.temp_directory = put->temp_directory;
    put->call.call.piece_bytes = put->call.call.writes_at_once = 0;
    put->call.call.offset = 0;
    put_ask(put, put->storage->ops->put_open, put_opened);
}

/* ---- prove: seal, read back, compare; then commit --------------------------------------------- */

static void put_success(arv__put *put)
{
    arv_object *object = put->object;
    memset(object, 0, sizeof *object);
    arv__key_copy(object->key, put->key);
    memcpy(object->version, put->found.version, sizeof object->version);
    object->size_bytes = put->length_bytes;
    object->stored_at_unix = arv__now_unix_us() / 1000000;
    object->digests = put->digests;
    arv__log(&put->storage->context->log, ARV_LOG_INFO, "storage", NULL, "An object was stored.",
             ARV__TEXT("driver", put->storage->ops->name), ARV__TEXT("key", put->key),
             ARV__INT("bytes", put->length_bytes));
    put_end(put, 0, NULL);
}

static void put_committed(arv__op *op, int status, const arv_error *err)
{
    arv__put *put = op->user_data;
    arv_error defect;
    if (arv__call_of(op)->ran) /* else it was taken from its queue, and the handle waits for its abort */
        put->opened = false;
    put->stored = status == 0;
    if (status == 0 && (status = arv__version_check(put->storage, put->key, put->found.version, &defect)) < 0)
        err = &defect;
    if (status < 0)
        put_end(put, status, err);
    else
        put_success(put);
}

static void put_commit(arv__sink *sink, arv__op *op)
{
    arv__put *put = (arv__put *)sink;
    if (put_begin(put, op))
        put_ask(put, put->storage->ops->put_commit, put_committed);
}

static int put_compare_size(const arv__put *put, uint64_t length_bytes, arv_error *err)
{
    if (length_bytes == put->length_bytes)
        return 0;
    return arv_error_set(err, ARV_EREADBACK,
                         "The object '%s' was read back with %llu bytes, but %llu were written; "
                         "it does not count as stored: check the medium and store it again.",
                         put->key, (unsigned long long)length_bytes, (unsigned long long)put->length_bytes);
}

static int put_compare(arv__put *put, const arv_digests *found, uint64_t length_bytes, arv_error *err)
{
    char wrote[129], read[129];
    int rc = put_compare_size(put, length_bytes, err);
    if (rc < 0)
        return rc;
    if (!arv_digests_equal(found, &put->digests))
        return arv_error_set(err, ARV_EREADBACK,
                             "The object '%s' was read back with the SHA-256 %s, but it was written "
                             "with %s; it does not count as stored: check the medium and store it "
                             "again.",
                             put->key, arv_digests_hex(found, ARV_DIGEST_SHA256, read),
                             arv_digests_hex(&put->digests, ARV_DIGEST_SHA256, wrote));
    return 0;
}

static void put_read_back(arv__op *op, int status, const arv_error *error)
{
    arv__put *put = op->user_data;
    arv_digests found;
    arv_error err;
    if (put_stopped(put, status, error))
        return;
    status = arv__digest_final(&put->digest, &found, &err);
    if (status == 0)
        status = put_compare(put, &found, put->pump.offset, &err);
    if (!put_stopped(put, status, &err))
        put_end(put, 0, NULL);
}

static int put_hash(arv__call *call, arv_error *err)
{
    arv__put *put = call->user_data;
    (void)err;
    arv__digest_update(&put->digest, call->call.data, call->call.length);
    return 0;
}

static void put_hashed(arv__op *op, int status, const arv_error *err)
{
    arv__put *put = op->user_data;
    arv__pump_drained(&put->pump, status, err);
}

static void put_drain(arv__pump *pump, const void *data, size_t length)
{
    arv__put *put = pump->user_data;
    put->local.call.data = data;
    put->local.call.length = length;
    arv__call_local(&put->local, put->storage->context->pool, put_hash, put_hashed);
}

static int put_read_defect(const arv__put *put, const arv_storage_call *call, arv_error *err)
{
    if (call->done > call->length)
        return arv_error_set(err, ARV_EINTERNAL,
                             "The storage driver '%s' says it read more bytes than it was asked for.",
                             put->storage->ops->name);
    return put->found.size_bytes ? put_compare_size(put, put->found.size_bytes, err) : 0;
}

/* Once the driver has given more than was written, the lengths differ, and prove reads no further. */
static void put_filled(arv__op *op, int status, const arv_error *err)
{
    arv__put *put = op->user_data;
    const arv_storage_call *call = &arv__call_of(op)->call;
    arv_error defect;
    if (status == 0) {
        status = put_read_defect(put, call, &defect);
        err = &defect;
    }
    arv__pump_filled(&put->pump, status, err, call->done);
}

static void put_fill(arv__pump *pump, void *into, size_t length, uint64_t offset)
{
    arv__put *put = pump->user_data;
    if (offset > put->length_bytes) {
        arv__pump_filled(pump, 0, NULL, 0);
        return;
    }
    put->call.call.into = into;
    put->call.call.length = length;
    put->call.call.offset = offset;
    put_ask(put, put->storage->ops->put_read, put_filled);
}

static void put_unproven(arv__put *put)
{
    arv__log(&put->storage->context->log, ARV_LOG_WARNING, "storage", NULL,
             "This storage gives nothing back: the stored object could not be proven.",
             ARV__TEXT("driver", put->storage->ops->name), ARV__TEXT("key", put->key));
}

static void put_sealed(arv__op *op, int status, const arv_error *err)
{
    arv__put *put = op->user_data;
    arv_error error;
    put->published = arv__call_of(op)->ran && arv__storage_can(put->storage, ARV_STORAGE_PUBLISHES);
    if (put_stopped(put, status, err))
        return;
    if (arv__storage_can(put->storage, ARV_STORAGE_NO_RETRIEVE)) {
        put_unproven(put);
        put_end(put, 0, NULL);
        return;
    }
    status = arv__digest_init(&put->digest, put->digests.present, &error);
    if (status == 0)
        status = arv__pump_init(&put->pump, put->length_bytes, &error);
    if (put_stopped(put, status, &error))
        return;
    put->pump.fill = put_fill;
    put->pump.drain = put_drain;
    put->pump.user_data = put;
    arv__op_init(&put->pump.op, put->storage->context->loop, put_read_back, put);
    arv__pump_start(&put->pump);
}

static void put_seal(arv__put *put)
{
    put_ask(put, put->storage->ops->put_seal, put_sealed);
}

static void put_prove(arv__sink *sink, const arv_digests *digests, uint64_t length_bytes, arv__op *op)
{
    arv__put *put = (arv__put *)sink;
    arv_error err;
    int rc = 0;
    put->digests = *digests;
    put->length_bytes = length_bytes;
    put->spans = NULL;
    if (!put_begin(put, op))
        return;
    if (put->written_bytes != length_bytes)
        rc =
            arv_error_set(&err, ARV_EINTERNAL,
                          "The object '%s' was announced with %llu bytes at its end, but %llu were "
                          "written.",
                          put->key, (unsigned long long)length_bytes, (unsigned long long)put->written_bytes);
    if (put_stopped(put, rc, &err))
        return;
    if (!put->opened)
        put_open(put);
    else
        put_finish(put);
}

/* ---- abort and cancel ------------------------------------------------------------------------ */

static void put_aborted(arv__put *put, int status, const arv_error *err)
{
    arv__op *op = put->abort_op;
    put->abort_op = NULL;
    arv__op_complete(op, status, err);
}

static void put_taken_back(arv__put *put, int status, const arv_error *err)
{
    bool visible = put->stored || put->published;
    put->opened = put->stored = put->published = false;
    if (status == ARV_ENOTFOUND && visible)
        status = 0;
    if (status < 0) {
        put->abort_error = *err;
        if (visible)
            arv_error_prefix(&put->abort_error,
                             "What was stored may still be in %s: ", arv_storage_url(put->storage));
        arv__log(&put->storage->context->log, ARV_LOG_WARNING, "storage", NULL,
                 "What was left of an object could not be removed.",
                 ARV__TEXT("driver", put->storage->ops->name), ARV__TEXT("key", put->key),
                 ARV__TEXT("reason", err->message));
    }
    put_aborted(put, status, &put->abort_error);
}

static void put_removed(arv__op *op, int status, const arv_error *err)
{
    put_taken_back(op->user_data, status, err);
}

static void put_take_back(arv__put *put)
{
    const arv_storage_ops *ops = put->storage->ops;
    arv_error err;
    put->call.more = NULL;
    put->call.must_run = true; /* the abort waits for this call */
    if (put->opened) {
        arv__call_start(&put->call, ops->put_abort, put_removed);
    } else if (put->stored && ops->remove && !arv__storage_can(put->storage, ARV_STORAGE_NO_DELETE)) {
        arv__call_start(&put->call, ops->remove, put_removed);
    } else if (put->stored) {
        arv_error_set(&err, ARV_EUNSUPPORTED,
                      "The object '%s' cannot be removed: this storage keeps what it was given.", put->key);
        put_taken_back(put, ARV_EUNSUPPORTED, &err);
    } else {
        put_aborted(put, 0, NULL);
    }
}

static void put_abort(arv__sink *sink, arv__op *op)
{
    arv__put *put = (arv__put *)sink;
    put->abort_op = op;
    arv__op_begin(op, NULL, NULL);
    if (put->op || put->pieces.busy > 0)
        arv__put_cancel(put);
    else
        put_take_back(put);
}

void arv__put_cancel(arv__put *put)
{
    __atomic_store_n(&put->canceled, true, __ATOMIC_RELAXED);
    arv__op_cancel(&put->call.op);
    arv__op_cancel(&put->local.op);
    arv__op_cancel(&put->pump.op);
    arv__pieces_cancel(&put->pieces);
}

/* ---- begin and end --------------------------------------------------------------------------- */

void arv__put_cleanup(arv__put *put)
{
    arv__pieces_cleanup(&put->pieces);
    arv__pump_cleanup(&put->pump);
    arv__digest_cleanup(&put->digest);
    arv_free(put->temp_directory);
    arv_free(put->state);
    arv_storage_unref(put->storage);
    put->storage = NULL;
}

static void put_free(arv__sink *sink)
{
    arv__put_cleanup((arv__put *)sink);
    arv_free(sink);
}

static const arv__sink_ops put_ops = {
    .write = put_write,
    .prove = put_prove,
    .commit = put_commit,
    .abort = put_abort,
    .free = put_free,
};

int arv__put_init(arv__put *put, arv_storage *storage, const char *key, uint64_t size_hint_bytes,
                  arv_object *object, arv_error *err)
{
    memset(put, 0, sizeof *put);
    put->sink.ops = &put_ops;
    put->object = object;
    int rc = arv__key_check(key, err);
    if (rc < 0)
        return rc;
    arv__key_copy(put->key, key);
    put->size_hint_bytes = size_hint_bytes;
    put->storage = arv_storage_ref(storage);
    put->call.storage = put->local.storage = storage;
    put->call.user_data = put->local.user_data = put;
    put->call.call.key = put->key;
    put->call.call.version = put->found.version;
    put->call.call.size_hint_bytes = size_hint_bytes;
    put->call.call.digests = &put->digests;
    put->call.call.object = &put->found;
    return 0;
}

int arv__sink_storage_new(arv__sink **sink, arv_storage *storage, const char *key, uint64_t size_hint_bytes,
                          const char *temp_directory, arv_object *object, arv_error *err)
{
    arv__put *put = arv_calloc(1, sizeof *put);
    if (!put)
        return arv_error_nomem(err, "a put into a storage");
    int rc = arv__put_init(put, storage, key, size_hint_bytes, object, err);
    if (rc == 0 && temp_directory && !(put->temp_directory = arv_strdup(temp_directory)))
        rc = arv_error_nomem(err, "the path of a temporary folder");
    if (rc < 0)
        put_free(&put->sink);
    else
        *sink = &put->sink;
    return rc;
}
