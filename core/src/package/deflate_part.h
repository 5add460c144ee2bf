/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_DEFLATE_PART_H
#define ARV_PACKAGE_DEFLATE_PART_H

/*
 * Makes a part out of a whole deflate stream: it takes back the mark of the last block, and ends the
 * stream on a byte with an empty stored block, as a full flush does. libdeflate cannot end a block
 * without ending the stream; so it can still make parts, faster and smaller than zlib's.
 *
 * To find the start of the last block, it must read all blocks: zlib inflates them, which takes a third
 * of libdeflate's time and proves the part on the way.
 *
 * Ownership: one thread's state, made on first use. Errors: ARV_ENOMEM, ARV_EINTERNAL.
 */

#include <stdbool.h>
#include <zlib.h>
#include "util/buf.h"

typedef struct arv__deflate_opener {
    bool ready;
    z_stream inflate;
    arv__buf scratch; /* for inflated bytes, which nothing reads */
} arv__deflate_opener;

/* Makes a part of the stream that begins at `start` of `out` and was made of `length` bytes. The caller
 * must reserve room for 5 more bytes. */
int arv__deflate_open_end(arv__deflate_opener *opener, size_t length, size_t start, arv__buf *out,
                          arv_error *err);
void arv__deflate_opener_cleanup(arv__deflate_opener *opener); /* accepts a zeroed one */

#endif
