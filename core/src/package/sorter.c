/* SPDX-License-Identifier: Apache-2.0 */
#include "package/sorter.h"

#include <endian.h>
#include <string.h>
#include <arv/sys/alloc.h>
#include "package/runs.h"

/*
 * One block of memory as large as the bound. Records fill it from the front in the order of their
 * arrival, their items (place of the record, eight bytes of its key) from the back. When the two meet,
 * the sorter sorts the items, writes the records in that order as a run (runs.h), and empties the block.
 * Pages of the block that were never reached cost nothing.
 *
 * The sort is a quicksort in three ways on eight bytes of the keys at a time. Names in an archive share
 * long prefixes; the sort compares those once for a whole part and not in every comparison. Items are 16
 * bytes and hold the eight bytes that the sort compares, so a pass touches no record.
 */

enum {
    SORTER_HEADER_BYTES = 8,
    SORTER_BOUND_MIN_BYTES = 2 * ARV__SORTER_RECORD_BYTES,
    SORTER_SMALL_PART = 12
};

#define SORTER_BOUND_MAX_BYTES ((size_t)1 << 31)
#define SORTER_BY_ITEM SIZE_MAX /* a depth: compare the eight bytes in the items, and nothing else */

typedef struct sorter_item {
    uint64_t bytes; /* of the key, from the depth that is being sorted; big endian */
    uint32_t at;    /* of the record in the block; grows with arrival */
    uint32_t key_length;
} sorter_item;

struct arv__sorter {
    size_t bound_bytes;
    unsigned char *block;
    size_t block_bytes, used;
    size_t items;  /* in the block */
    bool in_order; /* of their keys, as they arrived */
    bool ended;
    int failed;
    uint64_t count;
    uint64_t random;
    size_t cursor;
    arv__runs *runs; /* NULL until the bound was reached */
    const char *temp_directory;
    char temp_directory_copy[];
};

static size_t sorter_bound_clamp(size_t bytes)
{
    if (bytes < SORTER_BOUND_MIN_BYTES)
        bytes = SORTER_BOUND_MIN_BYTES;
    if (bytes > SORTER_BOUND_MAX_BYTES)
        bytes = SORTER_BOUND_MAX_BYTES;
    return bytes & ~(size_t)15;
}

int arv__sorter_new(arv__sorter **sorter, size_t memory_bytes, const char *temp_directory, arv_error *err)
{
    size_t length = temp_directory ? strlen(temp_directory) + 1 : 0;
    arv__sorter *s = arv_calloc(1, sizeof *s + length);
    *sorter = s;
    if (!s)
        return arv_error_nomem(err, "a sorter of entries");
    s->bound_bytes = sorter_bound_clamp(memory_bytes);
    s->in_order = true;
    s->random = 0x9E3779B97F4A7C15u;
    if (temp_directory) {
        memcpy(s->temp_directory_copy, temp_directory, length);
        s->temp_directory = s->temp_directory_copy;
    }
    return 0;
}

void arv__sorter_free(arv__sorter *sorter)
{
    if (!sorter)
        return;
    arv__runs_free(sorter->runs);
    arv_free(sorter->block);
    arv_free(sorter);
}

uint64_t arv__sorter_count(const arv__sorter *sorter)
{
    return sorter->count;
}

bool arv__sorter_failed(const arv__sorter *sorter)
{
    return sorter->failed != 0;
}

static sorter_item *sorter_items(const arv__sorter *s)
{
    return (sorter_item *)(void *)(s->block + s->block_bytes) - s->items;
}

static void sorter_record(const arv__sorter *s, uint32_t at, arv__record *record)
{
    const unsigned char *from = s->block + at;
    memcpy(&record->key_length, from, 4);
    memcpy(&record->value_length, from + 4, 4);
    record->key = from + SORTER_HEADER_BYTES;
    record->value = record->key + record->key_length;
}

/* ---- the sort ----------------------------------------------------------------------------------
 */

/* Puts zeros behind the end of a key; sorter_finished_first() distinguishes them from real ones. */
static uint64_t sorter_key_bytes(const arv__sorter *s, const sorter_item *item, size_t depth)
{
    uint64_t bytes = 0;
    const unsigned char *key = s->block + item->at + SORTER_HEADER_BYTES;
    size_t left = item->key_length > depth ? item->key_length - depth : 0;
    if (left > 0)
        memcpy(&bytes, key + depth, left < 8 ? left : 8);
    return be64toh(bytes);
}

static bool sorter_before(const arv__sorter *s, const sorter_item *a, const sorter_item *b, size_t depth)
{
    if (a->bytes != b->bytes || depth == SORTER_BY_ITEM)
        return a->bytes < b->bytes;
    size_t common = a->key_length < b->key_length ? a->key_length : b->key_length;
    if (common > depth + 8) {
        size_t skip = SORTER_HEADER_BYTES + depth + 8;
        int order = memcmp(s->block + a->at + skip, s->block + b->at + skip, common - depth - 8);
        if (order != 0)
            return order < 0;
    }
    return a->key_length != b->key_length ? a->key_length < b->key_length : a->at < b->at;
}

static void sorter_sort_small(const arv__sorter *s, sorter_item *items, size_t count, size_t depth)
{
    for (size_t i = 1; i < count; i++) {
        sorter_item moved = items[i];
        size_t at = i;
        for (; at > 0 && sorter_before(s, &moved, &items[at - 1], depth); at--)
            items[at] = items[at - 1];
        items[at] = moved;
    }
}

static uint64_t sorter_any(arv__sorter *s, const sorter_item *items, size_t count)
{
    s->random ^= s->random << 13;
    s->random ^= s->random >> 7;
    s->random ^= s->random << 17;
    return items[s->random % count].bytes;
}

/* Returns the middle of three random ones, so that nobody can make an order of arrival that is slow. */
static uint64_t sorter_pivot(arv__sorter *s, const sorter_item *items, size_t count)
{
    uint64_t a = sorter_any(s, items, count), b = sorter_any(s, items, count);
    uint64_t c = sorter_any(s, items, count), low = a < b ? a : b, high = a < b ? b : a;
    return c <= low ? low : c < high ? c : high;
}

static void sorter_swap(sorter_item *a, sorter_item *b)
{
    sorter_item swap = *a;
    *a = *b;
    *b = swap;
}

/*
 * The items agree in their bytes up to `depth`. Puts those whose keys end here before all others, shorter
 * ones first, equal ones as they arrived. Returns their number; gives the rest their next eight bytes.
 */
static size_t sorter_finished_first(const arv__sorter *s, sorter_item *items, size_t count, size_t depth)
{
    size_t finished = 0;
    for (size_t i = 0; i < count; i++)
        if (items[i].key_length <= depth)
            sorter_swap(&items[i], &items[finished++]);
    for (size_t i = 0; i < finished; i++)
        items[i].bytes = (uint64_t)items[i].key_length << 32 | items[i].at;
    for (size_t i = finished; i < count; i++)
        items[i].bytes = sorter_key_bytes(s, &items[i], depth);
    return finished;
}

typedef struct sorter_part {
    sorter_item *items;
    size_t count, depth;
} sorter_part;

/* Cuts a part into the items before the pivot, those behind it, and two parts of items equal to it. */
static void sorter_split(arv__sorter *s, const sorter_part *part, sorter_part into[4])
{
    sorter_item *items = part->items;
    uint64_t pivot = sorter_pivot(s, items, part->count);
    size_t before = 0, at = 0, behind = part->count;
    while (at < behind) {
        if (items[at].bytes < pivot)
            sorter_swap(&items[at++], &items[before++]);
        else if (items[at].bytes > pivot)
            sorter_swap(&items[at], &items[--behind]);
        else
            at++;
    }
    into[0] = (sorter_part){items, before, part->depth};
    into[1] = (sorter_part){items + behind, part->count - behind, part->depth};
    into[2] = into[3] = (sorter_part){items + before, 0, SORTER_BY_ITEM};
    if (part->depth == SORTER_BY_ITEM)
        return; /* no two are equal there */
    size_t depth = part->depth + 8;
    size_t finished = sorter_finished_first(s, items + before, behind - before, depth);
    into[2].count = finished;
    into[3] = (sorter_part){items + before + finished, behind - before - finished, depth};
}

/* Goes on with the largest part itself, so the stack stays as deep as the logarithm of the count.
 */
static void sorter_sort_part(arv__sorter *s, sorter_part part)
{
    while (part.count > SORTER_SMALL_PART) {
        sorter_part parts[4];
        unsigned largest = 0;
        sorter_split(s, &part, parts);
        for (unsigned i = 1; i < 4; i++)
            if (parts[i].count > parts[largest].count)
                largest = i;
        for (unsigned i = 0; i < 4; i++)
            if (i != largest)
                sorter_sort_part(s, parts[i]);
        part = parts[largest];
    }
    sorter_sort_small(s, part.items, part.count, part.depth);
}

/* The items stand in the reverse order of arrival. */
static void sorter_sort(arv__sorter *s)
{
    sorter_item *items = sorter_items(s);
    if (s->in_order) {
        for (size_t i = 0; i < s->items / 2; i++)
            sorter_swap(&items[i], &items[s->items - 1 - i]);
    } else {
        sorter_sort_part(s, (sorter_part){items, s->items, 0});
    }
}

/* ---- adding ------------------------------------------------------------------------------------
 */

static int sorter_spill(arv__sorter *s, arv_error *err)
{
    int status = 0;
    if (s->items == 0)
        goto out;
    if (!s->runs)
        status = arv__runs_new(&s->runs, s->temp_directory, err);
    if (status < 0)
        return status; /* nothing is lost yet */
    sorter_sort(s);
    const sorter_item *items = sorter_items(s);
    for (size_t i = 0; status == 0 && i < s->items; i++) {
        arv__record record;
        sorter_record(s, items[i].at, &record);
        status = arv__runs_append(s->runs, &record, err);
    }
    s->items = s->used = 0;
    s->in_order = true;
    arv_free(s->block); /* its pages are needed for merging, and the bound may have changed */
    s->block = NULL;
    if (status == 0)
        status = arv__runs_end(s->runs, err);
    if (status < 0)
        s->failed = status;
out:
    return status;
}

static int sorter_usable(const arv__sorter *s, arv_error *err)
{
    if (s->failed)
        return arv_error_set(err, s->failed,
                             "Entries were lost when they were written to a temporary file (%s); "
                             "begin again once the cause is removed.",
                             arv_error_name(s->failed));
    return 0;
}

int arv__sorter_bound(arv__sorter *sorter, size_t memory_bytes, arv_error *err)
{
    sorter->bound_bytes = sorter_bound_clamp(memory_bytes);
    if (sorter->used + sorter->items * sizeof(sorter_item) > sorter->bound_bytes)
        return sorter_spill(sorter, err);
    if (sorter->items == 0) {
        arv_free(sorter->block);
        sorter->block = NULL;
    }
    return 0;
}

/* Room for one more record of `size` bytes and its item. */
static int sorter_room(arv__sorter *s, size_t size, arv_error *err)
{
    size_t taken = s->used + s->items * sizeof(sorter_item);
    size_t limit = s->block && s->block_bytes < s->bound_bytes ? s->block_bytes : s->bound_bytes;
    if (taken + size + sizeof(sorter_item) > limit) {
        int status = sorter_spill(s, err);
        if (status < 0)
            return status;
    }
    if (s->block)
        return 0;
    s->block = arv_malloc(s->bound_bytes);
    if (!s->block)
        return arv_error_nomem(err, "the records of entries");
    s->block_bytes = s->bound_bytes;
    return 0;
}

int arv__sorter_add(arv__sorter *sorter, const arv__record *record, arv_error *err)
{
    arv__sorter *s = sorter;
    int status = sorter_usable(s, err);
    if (status < 0)
        return status;
    if (s->ended)
        return arv_error_set(err, ARV_ESTATE, "Entries cannot be added any more: they are sorted.");
    if (record->key_length > ARV__SORTER_RECORD_BYTES ||
        record->value_length > ARV__SORTER_RECORD_BYTES - record->key_length)
        return arv_error_set(err, ARV_ELIMIT,
                             "The record of an entry takes more than %d bytes; shorten its name, "
                             "owner or path.",
                             ARV__SORTER_RECORD_BYTES);
    size_t size = SORTER_HEADER_BYTES + (size_t)record->key_length + record->value_length;
    status = sorter_room(s, size, err);
    if (status < 0)
        return status;
    sorter_item item = {0, (uint32_t)s->used, record->key_length};
    if (s->in_order && s->items > 0) {
        arv__record last;
        sorter_record(s, sorter_items(s)->at, &last);
        s->in_order = arv__record_compare(&last, record) <= 0;
    }
    unsigned char *to = s->block + s->used;
    memcpy(to, &record->key_length, 4);
    memcpy(to + 4, &record->value_length, 4);
    to += SORTER_HEADER_BYTES;
    if (record->key_length > 0)
        memcpy(to, record->key, record->key_length);
    if (record->value_length > 0)
        memcpy(to + record->key_length, record->value, record->value_length);
    item.bytes = sorter_key_bytes(s, &item, 0);
    s->used += size;
    s->items++;
    *sorter_items(s) = item;
    s->count++;
    return 0;
}

/* ---- reading -----------------------------------------------------------------------------------
 */

int arv__sorter_rewind(arv__sorter *sorter, arv_error *err)
{
    int status = sorter_usable(sorter, err);
    if (status < 0)
        return status;
    if (!sorter->ended) {
        if (sorter->runs)
            status = sorter_spill(sorter, err);
        else if (sorter->items > 0)
            sorter_sort(sorter);
        if (status < 0)
            return status;
        sorter->ended = true;
    }
    sorter->cursor = 0;
    return sorter->runs ? arv__runs_rewind(sorter->runs, err) : 0;
}

int arv__sorter_next(arv__sorter *sorter, arv__record *record, arv_error *err)
{
    if (sorter->runs)
        return arv__runs_next(sorter->runs, record, err);
    if (sorter->cursor >= sorter->items)
        return 0;
    sorter_record(sorter, sorter_items(sorter)[sorter->cursor++].at, record);
    return 1;
}
