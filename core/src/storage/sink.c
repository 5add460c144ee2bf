/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A sink that is a put: the packer's container goes straight into the storage. An abort may come
 * while another request is under way; that one is then asked to end soon, and its callback comes
 * first.
 */

#include "storage/internal.h"

#include <string.h>

#include <arv/sys/alloc.h>

typedef struct storage_sink {
    arv__sink sink; /* first */
    arv__put put;
    arv_object *object;
    char *temp_directory;
    arv__op *op;       /* write, prove or commit under way */
    arv__op *abort_op; /* waits for it, or runs */
} storage_sink;

static void sink_aborted(arv__put *put, int status, const arv_error *err)
{
    storage_sink *s = put->user_data;
    arv__op *op = s->abort_op;
    s->abort_op = NULL;
    arv__op_complete(op, status, err);
}

static void sink_done(arv__put *put, int status, const arv_error *err)
{
    storage_sink *s = put->user_data;
    arv__op *op = s->op;
    s->op = NULL;
    arv__op_complete(op, status, err);
    if (s->abort_op)
        arv__put_abort(put, sink_aborted);
}

static void sink_cancel(arv__op *op, void *server_data)
{
    storage_sink *s = server_data;
    (void)op;
    arv__put_cancel(&s->put);
}

static void sink_write(arv__sink *sink, const arv__span *spans, unsigned count, arv__op *op)
{
    storage_sink *s = (storage_sink *)sink;
    s->op = op;
    arv__op_begin(op, sink_cancel, s);
    arv__put_write(&s->put, spans, count, sink_done);
}

static void sink_prove(arv__sink *sink, const arv_digests *digests, uint64_t length_bytes,
                       arv__op *op)
{
    storage_sink *s = (storage_sink *)sink;
    s->op = op;
    arv__op_begin(op, sink_cancel, s);
    arv__put_prove(&s->put, digests, length_bytes, s->object, sink_done);
}

static void sink_commit(arv__sink *sink, arv__op *op)
{
    storage_sink *s = (storage_sink *)sink;
    s->op = op;
    arv__op_begin(op, sink_cancel, s);
    arv__put_commit(&s->put, sink_done);
}

static void sink_abort(arv__sink *sink, arv__op *op)
{
    storage_sink *s = (storage_sink *)sink;
    s->abort_op = op;
    arv__op_begin(op, NULL, NULL);
    if (s->op)
        arv__put_cancel(&s->put);
    else
        arv__put_abort(&s->put, sink_aborted);
}

static void sink_free(arv__sink *sink)
{
    storage_sink *s = (storage_sink *)sink;
    arv__put_cleanup(&s->put);
    arv_free(s->temp_directory);
    arv_free(s);
}

static const arv__sink_ops storage_sink_ops = {
    .write = sink_write,
    .prove = sink_prove,
    .commit = sink_commit,
    .abort = sink_abort,
    .free = sink_free,
};

int arv__sink_storage_new(arv__sink **sink, arv_storage *storage, const char *key,
                          uint64_t size_hint_bytes, const char *temp_directory, arv_object *object,
                          arv_error *err)
{
    storage_sink *s = arv_calloc(1, sizeof *s);
    if (!s)
        return arv_error_nomem(err, "a put into a storage");
    s->sink.ops = &storage_sink_ops;
    s->object = object;
    int rc = arv__put_init(&s->put, storage, key, size_hint_bytes, err);
    if (rc == 0 && temp_directory && !(s->temp_directory = arv_strdup(temp_directory)))
        rc = arv_error_nomem(err, "the path of a temporary folder");
    if (rc < 0) {
        sink_free(&s->sink);
        return rc;
    }
    s->put.user_data = s;
    s->put.temp_directory = s->temp_directory;
    *sink = &s->sink;
    return 0;
}
