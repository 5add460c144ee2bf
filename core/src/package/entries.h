/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_ENTRIES_H
#define ARV_PACKAGE_ENTRIES_H

/*
 * The inside of an arv_entries (arv/entry.h). entries.c, record.c, walk.c and list.c fill it, plan.c reads
 * it. Its records live in a sorter:
 *
 *     key    collision key of the safe name, 0x00, original name, 0x00
 *     value  flags, size, time, owner, persons, safe name if it is not the original, source
 *
 * so that the order of the keys is the order of the container, and equal keys are equal originals.
 */

#include <sys/stat.h>
#include <arv/entry.h>
#include "package/doubled.h"
#include "package/plan.h"

typedef struct arv__entries_chunk arv__entries_chunk;

struct arv__pack_parked;

struct arv_async { /* a source that the application reads, now or later */
    arv_read_cb read;
    arv_release_cb release;
    void *user_data;
    void (*begin)(void *user_data, arv_async *async); /* NULL: it can be read at once */
    void (*cancel)(void *user_data);
    struct arv__pack_parked *parked; /* of the packer that waits for its answer; NULL: none waits */
    bool released;
};

struct arv_entries {
    unsigned references;
    bool closed; /* a plan was made */
    bool keep_going;
    bool spoilt; /* incomplete: a folder or list was added in part */
    size_t memory_bytes;
    size_t reserved_bytes; /* of it, taken from the sorter for bytes and callbacks */
    char *temp_directory;  /* NULL: the default */
    arv__sorter *sorter;
    arv__buf safe, key, value;     /* of the entry that is being added */
    arv__buf owners;               /* NUL-ended, as many as there is room for */
    size_t owner_at, owner_length; /* in `owners`: the one used last */
    arv__buf persons;              /* of the entry that is being added: keys, each NUL-ended */
    arv__entries_chunk *chunks;
    arv_async *callbacks;
    size_t callback_count, callback_capacity;
    uint64_t total_bytes;
    arv__doubled doubled;
    bool size_unknown; /* of some entry: total_bytes is less than there is */
};

/* Records an entry: original, owner, size, time and source of the item. Copies all but the bytes in
 * memory. */
int arv__entries_put(arv_entries *entries, const arv__plan_item *item, arv_error *err);
/* The item's source failed with `status` and `err` (not NULL). Returns 0 when the list has recorded it as a
 * failure, which needs the entry's name and owner, else the error. */
int arv__entries_put_failure(arv_entries *entries, const arv__plan_item *item, int status, arv_error *err);
/* Checks the keys and keeps them in entries->persons; the item refers to them until the next call. */
int arv__entries_persons(arv_entries *entries, const char *const *persons, size_t count, arv__plan_item *item,
                         arv_error *err);
/* Returns 0, or an error when nothing may be added now. */
int arv__entries_check(const arv_entries *entries, arv_error *err);
/* Marks the list as incomplete: a part of a folder or list was added and cannot be taken back. */
void arv__entries_spoil(arv_entries *entries);
/* Sets size and time of the regular file that `st` describes in `item`; else returns ARV_ESPECIAL. */
int arv__entries_stat(const struct stat *st, const char *shown, arv__plan_item *item, arv_error *err);

/* Returns ARV_EVANISHED or ARV_EUNREADABLE with a sentence. */
int arv__entries_unreadable(int system_errno, const char *shown, arv_error *err);

/* Makes the sorter's record of an entry; it points into the entries, until the next call. */
int arv__entries_record(arv_entries *entries, const arv__plan_item *item, arv__record *record,
                        arv_error *err);
/* Makes an item from a record; `item` points into the record and the entries. `*must_suffix`: see
 * names.h. Sets name and length unless the entry gets a suffix. */
int arv__entries_item(const arv_entries *entries, const arv__record *record, arv__plan_item *item,
                      bool *must_suffix, arv_error *err);
bool arv__entries_is_failure(const arv__record *record);
/* Returns the length of the collision key at the start of a record's key. */
static inline size_t arv__entries_fold_length(const arv__record *record)
{
    const unsigned char *end = memchr(record->key, 0, record->key_length);
    return end ? (size_t)(end - record->key) : record->key_length;
}

#endif
