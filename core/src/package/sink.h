/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_SINK_H
#define ARV_PACKAGE_SINK_H

/*
 * A sink takes a container's bytes: a new file (sink_file.c), a storage (storage/put.c), a descriptor
 * (sink_descriptor.c), or several at once (sink_tee.c). The packer knows only this interface.
 *
 *     write … -> prove -> commit        or abort, once, from any state; then free
 *
 * Every function starts something and returns; the op completes exactly once, on the loop thread,
 * from arv__loop_run(), never inside the call. One call at a time per sink. Abort may be called while
 * another call is under way: that one's callback still comes first, then abort's. Nobody sees the
 * container before commit: the tee proves all targets before it commits the first one.
 *
 * Ownership: buffers of a write stay the caller's and must stay valid until the callback.
 * Errors: sticky; after an error only abort and free are allowed.
 */

#include "loop/op.h"
#include <arv/digest.h>

typedef struct arv__sink arv__sink;

typedef struct arv__span {
    const void *data;
    size_t length;
} arv__span;

typedef struct arv__sink_ops {
    void (*write)(arv__sink *sink, const arv__span *spans, unsigned count, arv__op *op);
    /* Makes the container durable and, if the target demands it, reads it back. `digests` are those of
     * all bytes written, `length_bytes` their number. */
    void (*prove)(arv__sink *sink, const arv_digests *digests, uint64_t length_bytes, arv__op *op);
    /* Gives the container its name. Cancelling the op stops steps that have not begun. */
    void (*commit)(arv__sink *sink, arv__op *op);
    /* Takes back all that the sink did, even a commit that succeeded. Fails only when something stays,
     * with a sentence that names it and its place. */
    void (*abort)(arv__sink *sink, arv__op *op);
    void (*free)(arv__sink *sink); /* after commit or abort completed, or before any write */
} arv__sink_ops;

struct arv__sink {
    const arv__sink_ops *ops;
};

/* Makes a new file at `path`, named only when it is complete; does I/O on `pool` in `lane`
 * (of that pool; NULL: the common one). */
int arv__sink_file_new(arv__sink **sink, arv__loop *loop, arv__pool *pool, arv__lane *lane, const char *path,
                       uint64_t size_hint_bytes, arv_error *err);
/* Writes into a descriptor. The caller owns it and must keep it open; I/O as above. */
int arv__sink_descriptor_new(arv__sink **sink, arv__pool *pool, arv__lane *lane, int fd, arv_error *err);
/* Takes over the sinks. The first error of one sink is the error of all; abort reaches all. */
int arv__sink_tee_adopt(arv__sink **sink, arv__loop *loop, arv__sink *const *sinks, unsigned count,
                        arv_error *err);

#endif
