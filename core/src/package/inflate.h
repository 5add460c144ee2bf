/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_INFLATE_H
#define ARV_PACKAGE_INFLATE_H

/*
 * Unpacks a small entry in one call, two to three times as fast as zlib's stream.
 *
 * It has no opinion on what is wrong: whatever is not exactly the stream that was promised, and a
 * build without libdeflate, is left to the caller, who goes on with zlib as if nothing had been.
 *
 * Ownership: heap; borrows the buffers for the call. Threading: one thread at a time.
 */

#include <stdbool.h>
#include <stddef.h>

typedef struct arv__inflater arv__inflater;

/* NULL where there is none, which is no error. */
arv__inflater *arv__inflater_new(void);
void arv__inflater_free(arv__inflater *inflater);
/* True: `packed` is one whole deflate stream and nothing more, and `out` holds its `length` bytes.
 * False: what `out` holds is of no use. `inflater` may be NULL. */
bool arv__inflate_whole(arv__inflater *inflater, const void *packed, size_t packed_length,
                        void *out, size_t length);

#endif
