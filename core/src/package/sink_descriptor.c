/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A sink over a descriptor that the application opened, such as a pipe. Bytes go out in order; the sink
 * cannot read them back, name them or take them back. It waits for the pipe's reader in short steps on
 * the pool, so that an abort never waits for a reader that has stopped.
 */

#include "package/sink.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include <arv/sys/alloc.h>
#include "loop/fileops.h"

enum {
    SINK_WAIT_MS = 100,
    SINK_PIECE_BYTES = 4096, /* PIPE_BUF: a writable pipe takes as many without waiting */
    SINK_FILE_PIECE_BYTES = 1 << 20
};

typedef struct descriptor_sink {
    arv__sink base;
    arv__pool *pool;
    arv__lane *lane;
    arv__work work;
    bool working, proving;
    bool regular;
    int fd;
    arv__op *op;       /* of the work under way */
    arv__op *abort_op; /* waits for it */
    const arv__span *spans;
    unsigned span_count;
    uint64_t length_bytes; /* as given to prove */
    uint64_t written_bytes;
} descriptor_sink;

static int descriptor_failed(int system_errno, arv_error *err)
{
    if (system_errno != EPIPE)
        return arv_error_system(err, system_errno,
                                "The archive cannot be written to its stream; see that it is open "
                                "for writing and that there is room");
    return arv_error_set(err, ARV_EIO,
                         "Whoever reads the archive has closed the pipe before its end; see why "
                         "that program ended.");
}

static int descriptor_write(descriptor_sink *sink, const arv__span *span, arv_error *err)
{
    size_t done = 0, piece_most = sink->regular ? SINK_FILE_PIECE_BYTES : SINK_PIECE_BYTES;
    while (done < span->length) {
        struct pollfd ready = {.fd = sink->fd, .events = POLLOUT};
        if (arv__work_stop_asked(&sink->work))
            return arv_error_set(err, ARV_ECANCELED, "The operation was cancelled.");
        int found = poll(&ready, 1, SINK_WAIT_MS);
        if (found < 0 && errno != EINTR)
            return descriptor_failed(errno, err);
        if (found <= 0)
            continue;
        size_t piece = span->length - done < piece_most ? span->length - done : piece_most;
        ssize_t n = arv__fs->write(sink->fd, (const char *)span->data + done, piece);
        if (n == 0)
            n = -EIO;
        if (n < 0 && n != -EINTR && n != -EAGAIN)
            return descriptor_failed((int)-n, err);
        if (n > 0) {
            done += (size_t)n;
            sink->written_bytes += (size_t)n;
        }
    }
    return 0;
}

static int descriptor_prove(const descriptor_sink *sink, arv_error *err)
{
    if (sink->written_bytes != sink->length_bytes)
        return arv_error_set(err, ARV_EINTERNAL, "The new archive has %llu bytes instead of %llu.",
                             (unsigned long long)sink->written_bytes, (unsigned long long)sink->length_bytes);
    int rc = sink->regular ? arv__fs_fsync_retry(sink->fd) : 0;
    return rc < 0 ? descriptor_failed(-rc, err) : 0;
}

static int descriptor_run(arv__work *work, arv_error *err)
{
    descriptor_sink *sink = work->user_data;
    int rc = 0;
    for (unsigned i = 0; i < sink->span_count && rc == 0; i++)
        rc = descriptor_write(sink, &sink->spans[i], err);
    return rc == 0 && sink->proving ? descriptor_prove(sink, err) : rc;
}

/* Reports the bytes that an abort cannot take back. */
static void descriptor_give_up(descriptor_sink *sink, arv__op *op)
{
    arv_error err;
    int rc = 0;
    if (sink->written_bytes)
        rc = arv_error_set(&err, ARV_EIO,
                           "The %llu bytes that went out before cannot be taken back: discard "
                           "them.",
                           (unsigned long long)sink->written_bytes);
    arv__op_complete(op, rc, rc < 0 ? &err : NULL);
}

static void descriptor_done(arv__work *work, int status, const arv_error *err)
{
    descriptor_sink *sink = work->user_data;
    arv__op *abort_op = sink->abort_op;
    sink->working = false;
    sink->abort_op = NULL;
    arv__op_complete(sink->op, status, err);
    if (abort_op)
        descriptor_give_up(sink, abort_op);
}

static void descriptor_submit(descriptor_sink *sink, const arv__span *spans, unsigned count, arv__op *op)
{
    arv_error err;
    arv__op_begin(op, NULL, NULL);
    sink->op = op;
    sink->spans = spans;
    sink->span_count = count;
    int rc =
        arv__work_start(sink->pool, sink->lane, &sink->work, descriptor_run, descriptor_done, sink, &err);
    sink->working = rc == 0;
    if (rc < 0)
        arv__op_complete(op, rc, &err);
}

static void descriptor_sink_write(arv__sink *base, const arv__span *spans, unsigned count, arv__op *op)
{
    descriptor_submit((descriptor_sink *)base, spans, count, op);
}

static void descriptor_sink_prove(arv__sink *base, const arv_digests *digests, uint64_t length_bytes,
                                  arv__op *op)
{
    descriptor_sink *sink = (descriptor_sink *)base;
    (void)digests;
    sink->proving = true;
    sink->length_bytes = length_bytes;
    descriptor_submit(sink, NULL, 0, op);
}

static void descriptor_sink_commit(arv__sink *base, arv__op *op)
{
    (void)base;
    arv__op_begin(op, NULL, NULL);
    arv__op_complete(op, 0, NULL); /* there is no name to give */
}

static void descriptor_sink_abort(arv__sink *base, arv__op *op)
{
    descriptor_sink *sink = (descriptor_sink *)base;
    arv__op_begin(op, NULL, NULL);
    if (sink->working) {
        sink->abort_op = op;
        arv__work_cancel(&sink->work);
    } else {
        descriptor_give_up(sink, op);
    }
}

static void descriptor_sink_free(arv__sink *base)
{
    arv_free(base);
}

static const arv__sink_ops descriptor_sink_ops = {
    .write = descriptor_sink_write,
    .prove = descriptor_sink_prove,
    .commit = descriptor_sink_commit,
    .abort = descriptor_sink_abort,
    .free = descriptor_sink_free,
};

int arv__sink_descriptor_new(arv__sink **out, arv__pool *pool, arv__lane *lane, int fd, arv_error *err)
{
    struct stat st;
    int rc = arv__fs->fstat(fd, &st);
    if (rc < 0)
        return arv_error_system(err, -rc, "The archive's stream cannot be looked at");
    descriptor_sink *sink = arv_calloc(1, sizeof *sink);
    if (!sink)
        return arv_error_nomem(err, "a new archive");
    sink->base.ops = &descriptor_sink_ops;
    sink->pool = pool;
    sink->lane = lane;
    sink->fd = fd;
    sink->regular = S_ISREG(st.st_mode);
    *out = &sink->base;
    return 0;
}
