/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Writes pieces of the size that a driver wants, several at once. The put copies bytes into one piece and
 * hands a full piece to put_write. There are as many buffers as writes at once: while all are being written,
 * arv__pieces_take() takes nothing.
 */

#include "storage/internal.h"

#include <string.h>

#include <arv/sys/alloc.h>

struct arv__piece {
    arv__call call;
    arv__pieces *pieces;
    unsigned char *data;
    size_t length;
    bool busy;
};

int arv__pieces_check(const arv_storage *storage, const arv_storage_call *call, arv_error *err)
{
    bool blocking = arv__storage_can(storage, ARV_STORAGE_BLOCKING);
    if (call->piece_bytes <= ARV_PIECE_BYTES_MAX && call->writes_at_once <= ARV_WRITES_AT_ONCE_MAX &&
        (call->piece_bytes ? call->piece_bytes >= ARV_PIECE_BYTES_MIN : call->writes_at_once <= 1) &&
        !(blocking && call->writes_at_once > 1))
        return 0;
    return arv_error_set(err, ARV_EINTERNAL,
                         "The storage driver '%s' asks for pieces of %zu bytes, %u at once; %d to %d bytes "
                         "and up to %d at once are possible, one where slots block.",
                         storage->ops->name, call->piece_bytes, call->writes_at_once, ARV_PIECE_BYTES_MIN,
                         ARV_PIECE_BYTES_MAX, ARV_WRITES_AT_ONCE_MAX);
}

/* Returns how many pieces the engine's memory allows, at least one. */
static unsigned pieces_afford(const arv__context *context, size_t piece_bytes, unsigned wanted)
{
    size_t used = context->piece_bytes_used, all = context->piece_bytes_most;
    size_t left = used < all ? all - used : 0;
    unsigned most = (unsigned)(left / piece_bytes);
    return most < 1 ? 1 : most < wanted ? most : wanted;
}

int arv__pieces_init(arv__pieces *p, const arv__call *put, arv_error *err)
{
    const arv_storage_call *call = &put->call;
    arv__context *context = put->storage->context;
    p->count = pieces_afford(context, call->piece_bytes, call->writes_at_once ? call->writes_at_once : 1);
    p->piece_bytes = call->piece_bytes;
    p->offset = call->offset;
    p->context = context;
    p->pieces = arv_calloc(p->count, sizeof *p->pieces);
    for (unsigned i = 0; p->pieces && i < p->count; i++) {
        struct arv__piece *piece = &p->pieces[i];
        piece->pieces = p;
        piece->call.storage = put->storage;
        piece->call.call.key = call->key;
        piece->call.call.handle = call->handle;
        piece->call.user_data = piece;
        piece->data = arv_malloc(p->piece_bytes);
        if (!piece->data) {
            arv__pieces_cleanup(p);
            return arv_error_nomem(err, "the pieces of a stored object");
        }
        context->piece_bytes_used += p->piece_bytes;
    }
    return p->pieces ? 0 : arv_error_nomem(err, "the pieces of a stored object");
}

void arv__pieces_cleanup(arv__pieces *p)
{
    for (unsigned i = 0; p->pieces && i < p->count; i++) {
        if (p->pieces[i].data)
            p->context->piece_bytes_used -= p->piece_bytes;
        arv_free(p->pieces[i].data);
    }
    arv_free(p->pieces);
    p->pieces = NULL;
}

static void piece_written(arv__op *op, int status, const arv_error *err)
{
    struct arv__piece *piece = op->user_data;
    arv__pieces *p = piece->pieces;
    piece->busy = false;
    piece->length = 0;
    p->busy--;
    if (status < 0 && p->status == 0) {
        p->status = status;
        p->error = *err;
    }
    p->went(p);
}

static void piece_send(struct arv__piece *piece)
{
    arv__pieces *p = piece->pieces;
    piece->busy = true;
    p->busy++;
    p->filling = NULL;
    piece->call.call.data = piece->data;
    piece->call.call.length = piece->length;
    piece->call.call.offset = p->offset;
    p->offset += piece->length;
    arv__call_start(&piece->call, piece->call.storage->ops->put_write, piece_written);
}

size_t arv__pieces_take(arv__pieces *p, const void *data, size_t length)
{
    for (unsigned i = 0; !p->filling && i < p->count; i++)
        if (!p->pieces[i].busy)
            p->filling = &p->pieces[i];
    struct arv__piece *piece = p->filling;
    if (!piece || p->status < 0)
        return 0;
    size_t room = p->piece_bytes - piece->length, taken = length < room ? length : room;
    memcpy(piece->data + piece->length, data, taken);
    piece->length += taken;
    if (piece->length == p->piece_bytes)
        piece_send(piece);
    return taken;
}

void arv__pieces_flush(arv__pieces *p)
{
    if (p->filling && p->filling->length && p->status == 0)
        piece_send(p->filling);
}

void arv__pieces_cancel(arv__pieces *p)
{
    for (unsigned i = 0; p->pieces && i < p->count; i++)
        if (p->pieces[i].busy)
            arv__op_cancel(&p->pieces[i].call.op);
}
