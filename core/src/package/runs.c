/* SPDX-License-Identifier: Apache-2.0 */
#include "package/runs.h"

#include <string.h>
#include <arv/sys/alloc.h>
#include "package/spool.h"

/*
 * Runs lie in tiers. New ones join tier 0. When a tier is full, its runs merge into one run of the next
 * tier, and its file is closed. So every record is written once per tier, the number of open runs is
 * bounded, and one file per tier is enough. A higher tier holds earlier records: so equal keys keep
 * their order.
 */

enum {
    RUNS_FAN = 32,  /* runs in a tier */
    RUNS_TIERS = 6, /* 32^6 runs: beyond every disk */
    RUNS_WINDOW_BYTES = 32 << 10,
    RUNS_HEADER_BYTES = 8
};

typedef struct runs_tier {
    arv__spool spool;
    uint64_t starts[RUNS_FAN + 1]; /* run n: from starts[n] to starts[n + 1] */
    unsigned count;
} runs_tier;

typedef struct runs_reader {
    arv__spool *spool;
    uint64_t offset, end; /* the part that is not in the window yet */
    unsigned char *window;
    size_t capacity, filled, at; /* `at`: of the current record */
    size_t size;                 /* of the current record with its header; 0 before the first */
    arv__record record;
    unsigned order; /* of equal keys */
} runs_reader;

typedef struct runs_merge { /* a heap: the first reader has the least record */
    runs_reader *readers;
    unsigned count, capacity;
    bool handed_out; /* the first reader's record was */
} runs_merge;

struct arv__runs {
    runs_tier tiers[RUNS_TIERS];
    runs_merge merge;
};

/* ---- one run -----------------------------------------------------------------------------------
 */

/* Makes the window hold `wanted` bytes from `at` on, or all up to the end of the run. */
static int reader_fill(runs_reader *reader, size_t wanted, arv_error *err)
{
    size_t left = reader->filled - reader->at;
    if (left >= wanted || reader->offset == reader->end)
        return 0;
    if (wanted > reader->capacity) {
        unsigned char *window = arv_malloc(wanted);
        if (!window)
            return arv_error_nomem(err, "a record of an entry");
        memcpy(window, reader->window + reader->at, left);
        arv_free(reader->window);
        reader->window = window;
        reader->capacity = wanted;
    } else {
        memmove(reader->window, reader->window + reader->at, left);
    }
    reader->at = 0;
    reader->filled = left;
    size_t room = reader->capacity - left;
    if (room > reader->end - reader->offset)
        room = (size_t)(reader->end - reader->offset);
    int64_t n = arv__spool_read(reader->spool, reader->window + left, room, reader->offset, err);
    if (n < 0)
        return (int)n;
    reader->filled += (size_t)n;
    reader->offset += (uint64_t)n;
    return 0;
}

static int reader_damaged(arv_error *err)
{
    return arv_error_set(err, ARV_EIO,
                         "A temporary file does not hold what was written to it; look into the "
                         "system's log for its medium.");
}

/* Returns 1 and the next record in reader->record, 0 at the end of the run. */
static int reader_next(runs_reader *reader, arv_error *err)
{
    uint32_t lengths[2];
    reader->at += reader->size;
    reader->size = 0;
    int status = reader_fill(reader, RUNS_HEADER_BYTES, err);
    if (status < 0)
        return status;
    size_t left = reader->filled - reader->at;
    if (left == 0 && reader->offset == reader->end)
        return 0;
    if (left < RUNS_HEADER_BYTES)
        return reader_damaged(err);
    memcpy(lengths, reader->window + reader->at, sizeof lengths);
    if (lengths[0] > ARV__SORTER_RECORD_BYTES || lengths[1] > ARV__SORTER_RECORD_BYTES)
        return reader_damaged(err);
    size_t size = RUNS_HEADER_BYTES + (size_t)lengths[0] + lengths[1];
    status = reader_fill(reader, size, err);
    if (status < 0)
        return status;
    if (reader->filled - reader->at < size)
        return reader_damaged(err);
    reader->size = size;
    reader->record.key_length = lengths[0];
    reader->record.value_length = lengths[1];
    reader->record.key = reader->window + reader->at + RUNS_HEADER_BYTES;
    reader->record.value = reader->record.key + lengths[0];
    return 1;
}

/* ---- merging -----------------------------------------------------------------------------------
 */

static bool merge_before(const runs_reader *a, const runs_reader *b)
{
    int order = arv__record_compare(&a->record, &b->record);
    return order != 0 ? order < 0 : a->order < b->order;
}

static void merge_sift(runs_merge *merge, unsigned at)
{
    runs_reader moved = merge->readers[at];
    for (;;) {
        unsigned child = 2 * at + 1;
        if (child >= merge->count)
            break;
        if (child + 1 < merge->count && merge_before(&merge->readers[child + 1], &merge->readers[child]))
            child++;
        if (!merge_before(&merge->readers[child], &moved))
            break;
        merge->readers[at] = merge->readers[child];
        at = child;
    }
    merge->readers[at] = moved;
}

static void merge_cleanup(runs_merge *merge)
{
    for (unsigned i = 0; i < merge->count; i++)
        arv_free(merge->readers[i].window);
    arv_free(merge->readers);
    *merge = (runs_merge){0};
}

static int merge_add_run(runs_merge *merge, runs_tier *tier, unsigned run, unsigned order, arv_error *err)
{
    runs_reader reader = {.spool = &tier->spool,
                          .offset = tier->starts[run],
                          .end = tier->starts[run + 1],
                          .capacity = RUNS_WINDOW_BYTES,
                          .order = order};
    reader.window = arv_malloc(reader.capacity);
    if (!reader.window)
        return arv_error_nomem(err, "the merging of entries");
    int status = reader_next(&reader, err);
    if (status <= 0) {
        arv_free(reader.window);
        return status;
    }
    merge->readers[merge->count++] = reader;
    return 0;
}

/* Begins to merge the runs of `count` tiers, those of the last tier first. */
static int merge_init(runs_merge *merge, runs_tier *tiers, unsigned count, arv_error *err)
{
    unsigned capacity = 0, order = 0;
    int status = 0;
    for (unsigned t = 0; t < count; t++)
        capacity += tiers[t].count;
    *merge = (runs_merge){.capacity = capacity};
    merge->readers = arv_calloc(capacity ? capacity : 1, sizeof *merge->readers);
    if (!merge->readers)
        return arv_error_nomem(err, "the merging of entries");
    for (unsigned t = count; t-- > 0 && status == 0;)
        for (unsigned run = 0; run < tiers[t].count && status == 0; run++)
            status = merge_add_run(merge, &tiers[t], run, order++, err);
    if (status < 0) {
        merge_cleanup(merge);
        return status;
    }
    for (unsigned at = merge->count / 2; at-- > 0;)
        merge_sift(merge, at);
    return 0;
}

static int merge_next(runs_merge *merge, arv__record *record, arv_error *err)
{
    if (merge->handed_out) {
        merge->handed_out = false;
        int status = reader_next(&merge->readers[0], err);
        if (status < 0)
            return status;
        if (status == 0) {
            arv_free(merge->readers[0].window);
            merge->readers[0] = merge->readers[--merge->count];
        }
        if (merge->count > 0)
            merge_sift(merge, 0);
    }
    if (merge->count == 0)
        return 0;
    *record = merge->readers[0].record;
    merge->handed_out = true;
    return 1;
}

/* ---- tiers -------------------------------------------------------------------------------------
 */

int arv__runs_new(arv__runs **runs, const char *temp_directory, arv_error *err)
{
    *runs = arv_calloc(1, sizeof **runs);
    if (!*runs)
        return arv_error_nomem(err, "the sorting of entries");
    for (unsigned t = 0; t < RUNS_TIERS; t++)
        arv__spool_init(&(*runs)->tiers[t].spool, 2 * RUNS_WINDOW_BYTES, temp_directory);
    return 0;
}

void arv__runs_free(arv__runs *runs)
{
    if (!runs)
        return;
    merge_cleanup(&runs->merge);
    for (unsigned t = 0; t < RUNS_TIERS; t++)
        arv__spool_cleanup(&runs->tiers[t].spool);
    arv_free(runs);
}

static int tier_append(runs_tier *tier, const arv__record *record, arv_error *err)
{
    uint32_t lengths[2] = {record->key_length, record->value_length};
    int status = arv__spool_append(&tier->spool, lengths, sizeof lengths, err);
    if (status == 0)
        status = arv__spool_append(&tier->spool, record->key, record->key_length, err);
    if (status == 0)
        status = arv__spool_append(&tier->spool, record->value, record->value_length, err);
    return status;
}

static void tier_end_run(runs_tier *tier)
{
    tier->starts[++tier->count] = arv__spool_length(&tier->spool);
}

static int tier_merge_into(runs_tier *tier, runs_tier *next, arv_error *err)
{
    runs_merge merge;
    arv__record record;
    int status = merge_init(&merge, tier, 1, err);
    if (status < 0)
        return status;
    while ((status = merge_next(&merge, &record, err)) > 0) {
        status = tier_append(next, &record, err);
        if (status < 0)
            break;
    }
    merge_cleanup(&merge);
    if (status < 0)
        return status;
    tier_end_run(next);
    arv__spool_cleanup(&tier->spool);
    tier->count = 0;
    return 0;
}

int arv__runs_append(arv__runs *runs, const arv__record *record, arv_error *err)
{
    return tier_append(&runs->tiers[0], record, err);
}

int arv__runs_end(arv__runs *runs, arv_error *err)
{
    int status = 0;
    tier_end_run(&runs->tiers[0]);
    for (unsigned t = 0; status == 0 && runs->tiers[t].count == RUNS_FAN; t++) {
        if (t + 1 == RUNS_TIERS)
            return arv_error_set(err, ARV_ELIMIT,
                                 "There are more entries than can be sorted; "
                                 "archive less at once.");
        status = tier_merge_into(&runs->tiers[t], &runs->tiers[t + 1], err);
    }
    return status;
}

int arv__runs_rewind(arv__runs *runs, arv_error *err)
{
    merge_cleanup(&runs->merge);
    return merge_init(&runs->merge, runs->tiers, RUNS_TIERS, err);
}

int arv__runs_next(arv__runs *runs, arv__record *record, arv_error *err)
{
    return merge_next(&runs->merge, record, err);
}
