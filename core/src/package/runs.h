/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_RUNS_H
#define ARV_PACKAGE_RUNS_H

/*
 * Sorted runs of records in unlinked temporary files, and the merge that reads them as one: a sorter
 * (sorter.h) uses them when its memory is full. Equal keys keep the order in which
 * they were appended. Memory: at most about 2 MiB while merging, one buffer while appending.
 *
 * Ownership: heap; a record handed out is valid until the next call.
 * Threading: one thread at a time.
 * Errors: ENOMEM, ENOSPACE, EIO; after one of append, end or next only _free is of use.
 */

#include "package/sorter.h"

typedef struct arv__runs arv__runs;

int arv__runs_new(arv__runs **runs, const char *temp_directory, arv_error *err);
/* Appends the records of a run in the order of their keys; _end() ends the run. */
int arv__runs_append(arv__runs *runs, const arv__record *record, arv_error *err);
int arv__runs_end(arv__runs *runs, arv_error *err);
/* Reads from the start; do not append afterwards. */
int arv__runs_rewind(arv__runs *runs, arv_error *err);
int arv__runs_next(arv__runs *runs, arv__record *record, arv_error *err);
void arv__runs_free(arv__runs *runs);

/* Order of two keys: < 0, 0, > 0. */
static inline int arv__record_compare(const arv__record *a, const arv__record *b)
{
    uint32_t common = a->key_length < b->key_length ? a->key_length : b->key_length;
    int order = common > 0 ? memcmp(a->key, b->key, common) : 0;
    if (order != 0 || a->key_length == b->key_length)
        return order;
    return a->key_length < b->key_length ? -1 : 1;
}

#endif
