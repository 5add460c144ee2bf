/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_WINDOW_H
#define ARV_PACKAGE_WINDOW_H

/*
 * A window onto a source gives bytes at any offset through one buffer, and makes the digest of the
 * whole container. Readers go forward through a container; the window hashes every byte once, in
 * order, even if they skip it or look at it twice.
 *
 * Hashing is lazy: unhashed bytes in the buffer wait for arv__window_pair(), which hashes them together
 * with the bytes of an entry, since two streams at once cost far less than one after the other. Before
 * the window fills the buffer again, it hashes the rest.
 *
 * Ownership: embedded; borrows the source. Threading: one thread at a time; blocks.
 * Errors: those of the source; ARV_ECANCELED when `*cancel` was set; ARV_ENOMEM.
 */

#include <stdbool.h>
#include "crypto/digest.h"
#include "package/source.h"

typedef struct arv__window {
    arv__source *source;
    unsigned char *buffer;
    size_t capacity;
    uint64_t at; /* offset of buffer[0] in the source */
    size_t length;
    bool hashing;
    uint64_t hashed_to; /* every byte before it is in the digest */
    arv__digest digest;
    const int *cancel;    /* may be NULL; read with __atomic */
    uint64_t *done_bytes; /* may be NULL; written with __atomic */
} arv__window;

int arv__window_init(arv__window *window, arv__source *source, size_t capacity, bool hashing, arv_error *err);
void arv__window_cleanup(arv__window *window);

/*
 * Gives bytes at `offset`: at least `want` of them unless the source ends before; `want` is at most the
 * capacity. Returns their number, 0 at the end, or < 0. Valid until the next call.
 */
int64_t arv__window_get(arv__window *window, uint64_t offset, size_t want, const unsigned char **data,
                        arv_error *err);
/* Feeds `data` to `digest`, and about as many waiting bytes of the container to its own. */
void arv__window_pair(arv__window *window, arv__digest *digest, const void *data, size_t length);
/* Reads and hashes the rest, and gives the digest of the whole source. */
int arv__window_finish(arv__window *window, arv_digests *digests, arv_error *err);

#endif
