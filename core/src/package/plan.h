/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_PLAN_H
#define ARV_PACKAGE_PLAN_H

/*
 * The plan brings the list of entries into the order of the container: it sorts all entries by their
 * collision key, resolves collisions and hands the entries out one by one with their final names.
 *
 * The order of the container is the order of the keys (names.h), then of the originals, so one sort
 * serves both. In a group of equal keys the first original keeps the plain name, every other gets
 * its suffix. A file with the key of a folder always gets one (the entry of an empty folder does not:
 * it is that folder). For equal originals _prepare returns ARV_EDUPLICATE with the name.
 *
 * Ownership: the plan holds a reference to the entries; an item is valid until the next call.
 * Threading: _prepare blocks (sorting): pool; _next is quick: any one thread at a time.
 */

#include <arv/entry.h>
#include "package/sorter.h"

typedef enum {
    ARV__FROM_PATH,
    ARV__FROM_MEMORY,
    ARV__FROM_CALLBACK,
    ARV__FROM_NOTHING,
    ARV__FROM_LINK,   /* recorded as data: a line of the list, no entry of the container */
    ARV__FROM_FAILURE /* the source had failed when it was added: the entry is missing */
} arv__from;

typedef struct arv__plan_item {
    arv__from from;   /* NOTHING: an empty folder, its name without a final "/" */
    const char *name; /* safe, relative to data/, NUL-ended */
    size_t name_length;
    const char *original;
    size_t original_length;
    const char *owner; /* NUL-ended or NULL */
    size_t owner_length;
    const char *persons; /* keys, one behind the other, each NUL-ended; NULL: none */
    size_t persons_length;
    int64_t size_bytes;       /* or ARV_SIZE_UNKNOWN (callbacks only) */
    int64_t modified_at_unix; /* or ARV_TIME_UNKNOWN */
    bool modified_seen;       /* PATH: the caller gave no time; the packer takes that of the file it reads */
    const char *path;         /* PATH: NUL-ended */
    bool linkless;            /* PATH: absolute, and no link stood in it; none may when it is opened */
    const char *target;       /* LINK: NUL-ended; the content of the symbolic link */
    const void *data;         /* MEMORY: lives as long as the entries */
    arv_read_cb read;         /* CALLBACK */
    void *user_data;
    arv_async *async;        /* CALLBACK: it answers later; NULL: it can be read at once */
    uint64_t callback_index; /* CALLBACK: for arv__entries_release() */
    int failure_code;        /* FAILURE */
    const char *failure;     /* its sentence */
} arv__plan_item;

typedef struct arv__plan arv__plan;

/* Closes the list for adding. ARV_ESTATE when another plan was made from it. */
int arv__plan_new(arv__plan **plan, arv_entries *entries, arv_error *err);
/* May be called again: the plan then begins anew. */
int arv__plan_prepare(arv__plan *plan, arv_error *err);
/* Returns 1 and the next item, 0 at the end, or < 0. */
int arv__plan_next(arv__plan *plan, arv__plan_item *item, arv_error *err);
void arv__plan_free(arv__plan *plan);

/* Calls the release of a callback entry now (once). The last reference releases the rest. Engine's thread
 * only. */
void arv__entries_release(arv_entries *entries, uint64_t callback_index);

#endif
