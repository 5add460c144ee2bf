/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_SORTER_H
#define ARV_PACKAGE_SORTER_H

/*
 * Sorts records by key within a memory bound. It writes records that do not fit as sorted runs to an
 * unlinked temporary file and merges them while it reads. A record is a key and a value, both bytes;
 * either may be empty, and NULL then when it is added. The order is memcmp of the key (a shorter prefix
 * first), then arrival. A record that arrives in order costs one comparison.
 *
 * Ownership: records are copied; those handed out are valid until the next call of _next.
 * Threading: one thread at a time; any.
 * Errors: ENOMEM, ENOSPACE, EIO; ELIMIT for a record of more than ARV__SORTER_RECORD_BYTES; ESTATE
 *   for adding after the first rewind. A failed add leaves the sorter usable only when it was
 *   ENOMEM, ELIMIT or ESTATE: arv__sorter_failed().
 */

#include "util/buf.h"

typedef struct arv__sorter arv__sorter;

enum { ARV__SORTER_RECORD_BYTES = 128 << 10 }; /* longest record, key and value together */

typedef struct arv__record {
    const unsigned char *key;
    const unsigned char *value;
    uint32_t key_length;
    uint32_t value_length;
} arv__record;

int arv__sorter_new(arv__sorter **sorter, size_t memory_bytes, const char *temp_directory, arv_error *err);
int arv__sorter_add(arv__sorter *sorter, const arv__record *record, arv_error *err);
/* Changes the memory bound while records are added; writes out records beyond it at once. A bound
 * below the size of two longest records counts as that size. */
int arv__sorter_bound(arv__sorter *sorter, size_t memory_bytes, arv_error *err);
bool arv__sorter_failed(const arv__sorter *sorter); /* an earlier error has lost records */
uint64_t arv__sorter_count(const arv__sorter *sorter);
/* Ends the adding. May be called again to read from the start once more. */
int arv__sorter_rewind(arv__sorter *sorter, arv_error *err);
/* Returns 1 and the next record, 0 at the end, or < 0. */
int arv__sorter_next(arv__sorter *sorter, arv__record *record, arv_error *err);
void arv__sorter_free(arv__sorter *sorter);

#endif
