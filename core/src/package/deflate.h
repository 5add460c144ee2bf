/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_DEFLATE_H
#define ARV_PACKAGE_DEFLATE_H

/*
 * Deflate streams (RFC 1951), made by the library that is best for each case; deflate.c explains the
 * choice.
 *
 * Ownership: a deflater is one thread's state, made once and reused. It appends its output to the
 *   caller's buffer.
 * Threading: one thread at a time per deflater; arv__deflate_stored() and below: any.
 * Errors: ARV_ENOMEM, ARV_ELIMIT (the buffer's), ARV_EINTERNAL. After an error the buffer holds
 *   what it held before.
 */

#include <stdbool.h>
#include <stdint.h>
#include "util/buf.h"

enum {
    ARV__DEFLATE_LEVEL_MAX = 9,
    ARV__DEFLATE_SMALL_BYTES = 2048, /* see arv__deflate_learn() */
    ARV__DEFLATE_SAMPLES = 32
};

typedef struct arv__deflater arv__deflater;

typedef struct arv__deflate_sample {
    const void *data;
    size_t length;
} arv__deflate_sample;

int arv__deflater_new(arv__deflater **deflater, int level, bool reproducible, arv_error *err);
void arv__deflater_free(arv__deflater *deflater);
/* Returns "isal", "libdeflate" or "zlib"; NULL for level 0, which stores. */
const char *arv__deflater_name(int level, bool reproducible);

/* Appends one whole stream. */
int arv__deflate(arv__deflater *deflater, const void *data, size_t length, arv__buf *out, arv_error *err);
/* Appends a part of a stream. It refers to no earlier part and ends on a byte, so parts of different
 * deflaters make one stream; make its last part with `last`. A part is never larger than the same bytes
 * in stored blocks. */
int arv__deflate_part(arv__deflater *deflater, const void *data, size_t length, bool last, arv__buf *out,
                      arv_error *err);
/* The same without compressing. */
int arv__deflate_stored(const void *data, size_t length, bool last, arv__buf *out, arv_error *err);
/* Writes the headers of all blocks of a framed unit (format.h), none of which is the last. */
void arv__deflate_frame(unsigned char *framed, size_t length);
/* Returns the room that any of these needs for so many bytes. zlib's own worst case is the largest of
 * all, and a part ends with up to 5 bytes more. */
static inline size_t arv__deflate_bound(size_t length)
{
    return length + length / 8 + length / 64 + 64;
}
/* Returns the most bytes that a stream of parts can have, one part for each unit of an entry. */
uint64_t arv__deflate_parts_max(uint64_t entry_bytes);

/*
 * Says that the next streams of up to ARV__DEFLATE_SMALL_BYTES will be like these samples (up to
 * ARV__DEFLATE_SAMPLES of them). A deflater that can makes one table of codes for all of them, since a
 * table costs far more than the compression of a tiny file. Count 0 forgets the table.
 */
void arv__deflate_learn(arv__deflater *deflater, const arv__deflate_sample *samples, unsigned count);

#endif
