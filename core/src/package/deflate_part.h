/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_DEFLATE_PART_H
#define ARV_PACKAGE_DEFLATE_PART_H

/*
 * Makes a part out of a whole deflate stream: the mark of its last block is taken back, and an empty
 * stored block ends it on a byte, as a full flush does. libdeflate cannot end a block without ending
 * the stream; this lets it make parts all the same, faster and smaller than zlib's.
 *
 * Where the last block begins is known only when all are read: zlib inflates them, which takes a
 * third of libdeflate's time, and proves the part on the way.
 *
 * Ownership: one thread's state, made on first use. Errors: ARV_ENOMEM, ARV_EINTERNAL.
 */

#include <stdbool.h>
#include <zlib.h>
#include "util/buf.h"

typedef struct arv__deflate_opener {
    bool ready;
    z_stream inflate;
    arv__buf scratch; /* what is inflated: nobody needs it */
} arv__deflate_opener;

/* The stream that begins at `start` of `out` and was made of `length` bytes; room for 5 more bytes
 * was reserved. */
int arv__deflate_open_end(arv__deflate_opener *opener, size_t length, size_t start, arv__buf *out,
                          arv_error *err);
void arv__deflate_opener_cleanup(arv__deflate_opener *opener); /* accepts a zeroed one */

#endif
