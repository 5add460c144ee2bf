/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_FLAT_H
#define ARV_PACKAGE_FLAT_H

/*
 * Flat records. Each begins with its own length (uint32_t). Any thread makes them in a buffer; a spool
 * takes them in order; a window reads them back one after the other.
 *
 * Ownership: embedded. Threading: one thread at a time. A record is valid until the next is read.
 * Errors: those of the spool; ENOMEM for the window, which is allocated at first use.
 */

#include <string.h>
#include "package/spool.h"

enum { ARV__FLAT_BYTES_MAX = (128 << 10) + 4096 }; /* no record is longer */

typedef struct arv__flat {
    arv__spool spool;
    unsigned char *window;
    uint64_t offset; /* of the window's first byte in the spool */
    size_t used, at; /* of the window; behind the last record */
    size_t length;   /* of the last record */
} arv__flat;

/* Returns the bytes of the first record, or 0 when `length` holds no whole one. */
static inline size_t arv__flat_length(const void *records, size_t length)
{
    uint32_t bytes = 0;
    if (length >= sizeof bytes)
        memcpy(&bytes, records, sizeof bytes);
    return bytes <= length ? bytes : 0;
}

void arv__flat_init(arv__flat *flat, size_t memory_bytes, const char *temp_directory);
void arv__flat_cleanup(arv__flat *flat);
void arv__flat_rewind(arv__flat *flat);
/* Reads the next record; there must be one. */
int arv__flat_next(arv__flat *flat, const void **record, arv_error *err);
/* Returns the place of the record that was read last. */
uint64_t arv__flat_offset(const arv__flat *flat);
/* Reads the record at this place; cheap for one that follows the last one. */
int arv__flat_at(arv__flat *flat, uint64_t offset, size_t length, const void **record, arv_error *err);

#endif
