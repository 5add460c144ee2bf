/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Several sinks as one. A request goes to all of them at once and completes when the slowest has
 * answered. If one of them fails, the others end their step, and the packer's abort then reaches all:
 * committed ones take their archive back.
 */

#include "package/sink.h"

#include <arv/sys/alloc.h>

typedef struct tee_child {
    struct tee_sink *tee;
    arv__sink *sink;
    arv__op op, abort_op;
} tee_child;

typedef struct tee_sink {
    arv__sink base;
    arv__loop *loop;
    arv__op *op, *abort_op;
    unsigned waiting, aborting;
    int status, abort_status;
    arv_error error, abort_error;
    unsigned count;
    tee_child children[];
} tee_sink;

static void tee_answer(tee_sink *tee)
{
    arv__op *op = tee->op;
    if (tee->waiting)
        return;
    tee->op = NULL;
    arv__op_complete(op, tee->status, tee->status < 0 ? &tee->error : NULL);
}

static void tee_child_done(arv__op *op, int status, const arv_error *err)
{
    tee_child *child = op->user_data;
    tee_sink *tee = child->tee;

    if (status < 0 && tee->status == 0) {
        tee->status = status;
        if (err)
            tee->error = *err;
        else
            arv_error_set(&tee->error, status, "%s", arv_error_text(status));
    }
    tee->waiting--;
    tee_answer(tee);
}

static void tee_cancel(arv__op *op, void *server_data)
{
    tee_sink *tee = server_data;
    (void)op;
    for (unsigned i = 0; i < tee->count; i++)
        arv__op_cancel(&tee->children[i].op);
}

static void tee_begin(tee_sink *tee, arv__op *op)
{
    arv__op_begin(op, tee_cancel, tee);
    tee->op = op;
    tee->waiting = tee->count;
    for (unsigned i = 0; i < tee->count; i++)
        arv__op_init(&tee->children[i].op, tee->loop, tee_child_done, &tee->children[i]);
}

static void tee_write(arv__sink *base, const arv__span *spans, unsigned count, arv__op *op)
{
    tee_sink *tee = (tee_sink *)base;
    tee_begin(tee, op);
    for (unsigned i = 0; i < tee->count; i++) {
        arv__sink *sink = tee->children[i].sink;
        sink->ops->write(sink, spans, count, &tee->children[i].op);
    }
}

static void tee_prove(arv__sink *base, const arv_digests *digests, uint64_t length_bytes, arv__op *op)
{
    tee_sink *tee = (tee_sink *)base;
    tee_begin(tee, op);
    for (unsigned i = 0; i < tee->count; i++) {
        arv__sink *sink = tee->children[i].sink;
        sink->ops->prove(sink, digests, length_bytes, &tee->children[i].op);
    }
}

static void tee_commit(arv__sink *base, arv__op *op)
{
    tee_sink *tee = (tee_sink *)base;
    tee_begin(tee, op);
    for (unsigned i = 0; i < tee->count; i++) {
        arv__sink *sink = tee->children[i].sink;
        sink->ops->commit(sink, &tee->children[i].op);
    }
}

static void tee_child_aborted(arv__op *op, int status, const arv_error *err)
{
    tee_sink *tee = ((tee_child *)op->user_data)->tee;
    if (status < 0 && tee->abort_status == 0) {
        tee->abort_status = status;
        tee->abort_error = *err;
    } else if (status < 0) {
        arv_error_append(&tee->abort_error, " %s", err->message);
    }
    if (--tee->aborting)
        return;
    op = tee->abort_op;
    tee->abort_op = NULL;
    arv__op_complete(op, tee->abort_status, &tee->abort_error);
}

/* Calls each child at once, even while its write is under way. By the contract of a sink that write
 * answers first, so the tee's own write does, too. */
static void tee_abort(arv__sink *base, arv__op *op)
{
    tee_sink *tee = (tee_sink *)base;
    arv__op_begin(op, NULL, NULL);
    tee->abort_op = op;
    tee->aborting = tee->count;
    for (unsigned i = 0; i < tee->count; i++) {
        tee_child *child = &tee->children[i];
        arv__op_init(&child->abort_op, tee->loop, tee_child_aborted, child);
        child->sink->ops->abort(child->sink, &child->abort_op);
    }
}

static void tee_free(arv__sink *base)
{
    tee_sink *tee = (tee_sink *)base;
    for (unsigned i = 0; i < tee->count; i++)
        tee->children[i].sink->ops->free(tee->children[i].sink);
    arv_free(tee);
}

static const arv__sink_ops tee_ops = {
    .write = tee_write,
    .prove = tee_prove,
    .commit = tee_commit,
    .abort = tee_abort,
    .free = tee_free,
};

int arv__sink_tee_adopt(arv__sink **sink, arv__loop *loop, arv__sink *const *sinks, unsigned count,
                        arv_error *err)
{
    tee_sink *tee = arv_calloc(1, sizeof *tee + count * sizeof tee->children[0]);
    if (!tee)
        return arv_error_nomem(err, "the targets of an archive");
    tee->base.ops = &tee_ops;
    tee->loop = loop;
    tee->count = count;
    for (unsigned i = 0; i < count; i++) {
        tee->children[i].tee = tee;
        tee->children[i].sink = sinks[i];
    }
    *sink = &tee->base;
    return 0;
}
