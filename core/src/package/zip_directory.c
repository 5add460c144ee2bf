/* SPDX-License-Identifier: Apache-2.0 */
#include "package/zip_directory.h"
#include "package/zip_form.h"

#include <string.h>

enum {
    DIRECTORY_WINDOW_BYTES = 1 << 19, /* holds the longest record, 192 KiB */
    DIRECTORY_TAIL_BYTES = 1 << 17,   /* holds the longest comment and both end records */
    DIRECTORY_SORT_BYTES = 8 << 20,
    END_BYTES = 22,
    END64_BYTES = 56,
    LOCATOR_BYTES = 20,
    RECORD_BYTES = 46
};

#define SATURATED UINT32_MAX /* "see the ZIP64 field" */

/* ---- end records ----------------------------------------------------------------------------- */

static int directory_damaged(arv__reader *reader, arv_finding_kind kind, const char *message)
{
    arv__reader_find(reader, kind, "%s", message);
    reader->stopped = true;
    return 0;
}

/* Returns the end record that fits the end of the file exactly, else the last one. */
static const unsigned char *directory_find_end(const unsigned char *tail, size_t length)
{
    const unsigned char *last = NULL;
    for (size_t i = length; i >= END_BYTES; i--) {
        const unsigned char *at = tail + i - END_BYTES;
        if (memcmp(at, "PK\5\6", 4) != 0)
            continue;
        if (i + arv__le16(at + 20) == length)
            return at;
        if (!last)
            last = at;
    }
    return last;
}

/* Reads the last bytes and finds the end record in them. Returns 1, 0 when there is none, or < 0. */
static int directory_end(arv__zip_directory *directory, arv__reader *reader, unsigned char end[END_BYTES],
                         uint64_t *end_at, arv_error *err)
{
    uint64_t size = directory->window.source->size_bytes;
    size_t want = size < DIRECTORY_TAIL_BYTES ? (size_t)size : DIRECTORY_TAIL_BYTES;
    const unsigned char *tail = NULL;
    int64_t got = arv__window_get(&directory->window, size - want, want, &tail, err);
    if (got < 0)
        return (int)got;
    const unsigned char *at = directory_find_end(tail, want);
    if (!at)
        return directory_damaged(reader, ARV_FINDING_TRUNCATED,
                                 "There is no end record in the last 128 KiB: the container ends "
                                 "too early, or many bytes stand behind its end.");
    *end_at = size - want + (uint64_t)(at - tail);
    uint64_t behind = size - *end_at - END_BYTES;
    memcpy(end, at, END_BYTES);
    if (arv__le16(end + 20) > behind)
        return directory_damaged(reader, ARV_FINDING_TRUNCATED,
                                 "The comment behind the end record is cut off.");
    if (behind > 0)
        arv__reader_find(reader, ARV_FINDING_TRAILING, "%llu bytes stand behind the end record.",
                         (unsigned long long)behind);
    return 1;
}

static bool directory_contradicts(uint64_t field, uint64_t saturated, uint64_t large)
{
    return field != saturated && field != large;
}

/* Reads the ZIP64 end record, if there is one. The directory must end at `*limit`. */
static int directory_end64(arv__zip_directory *directory, arv__reader *reader,
                           const unsigned char end[END_BYTES], uint64_t end_at, uint64_t *limit,
                           arv_error *err)
{
    *limit = end_at;
    if (end_at < LOCATOR_BYTES)
        return 1;
    const unsigned char *at = NULL;
    int64_t got = arv__window_get(&directory->window, end_at - LOCATOR_BYTES, LOCATOR_BYTES, &at, err);
    if (got < 0)
        return (int)got;
    if (memcmp(at, "PK\6\7", 4) != 0)
        return 1;
    uint64_t end64_at = arv__le64(at + 8);
    if (arv__le32(at + 4) != 0 || arv__le32(at + 16) > 1 || end64_at > end_at - LOCATOR_BYTES ||
        end_at - LOCATOR_BYTES - end64_at < END64_BYTES)
        return directory_damaged(reader, ARV_FINDING_STRUCTURE,
                                 "The ZIP64 locator points outside of the container.");
    got = arv__window_get(&directory->window, end64_at, END64_BYTES, &at, err);
    if (got < 0)
        return (int)got;
    if (memcmp(at, "PK\6\6", 4) != 0 || arv__le64(at + 4) != end_at - LOCATOR_BYTES - end64_at - 12)
        return directory_damaged(reader, ARV_FINDING_STRUCTURE,
                                 "The ZIP64 end record does not stand where its locator says.");
    if (end_at - LOCATOR_BYTES - end64_at != END64_BYTES)
        arv__reader_find(reader, ARV_FINDING_FOREIGN,
                         "The ZIP64 end record has a field of its own, which no manifest covers.");
    directory->count = arv__le64(at + 32);
    directory->bytes = arv__le64(at + 40);
    directory->at = arv__le64(at + 48);
    *limit = end64_at;
    if (directory_contradicts(arv__le16(end + 10), UINT16_MAX, directory->count) ||
        directory_contradicts(arv__le32(end + 12), SATURATED, directory->bytes) ||
        directory_contradicts(arv__le32(end + 16), SATURATED, directory->at) ||
        arv__le64(at + 24) != directory->count || arv__le32(at + 16) || arv__le32(at + 20))
        arv__reader_find(reader, ARV_FINDING_STRUCTURE,
                         "The end record and the ZIP64 end record contradict each other.");
    return 1;
}

static int directory_locate(arv__zip_directory *directory, arv__reader *reader, arv_error *err)
{
    unsigned char end[END_BYTES] = {0};
    uint64_t end_at = 0, limit = 0;
    int found = directory_end(directory, reader, end, &end_at, err);
    if (found <= 0)
        return found;
    directory->count = arv__le16(end + 10);
    directory->bytes = arv__le32(end + 12);
    directory->at = arv__le32(end + 16);
    if (arv__le16(end + 4) != 0 || arv__le16(end + 6) != 0 || arv__le16(end + 8) != arv__le16(end + 10))
        arv__reader_find(reader, ARV_FINDING_STRUCTURE, "The end record speaks of several volumes.");
    found = directory_end64(directory, reader, end, end_at, &limit, err);
    if (found <= 0)
        return found;
    if (directory->at > limit || directory->bytes > limit - directory->at)
        return directory_damaged(reader, ARV_FINDING_STRUCTURE,
                                 "The directory does not lie inside of the container.");
    if (directory->at + directory->bytes < limit)
        arv__reader_find(reader, ARV_FINDING_GAP,
                         "%llu bytes stand between the directory and the end record.",
                         (unsigned long long)(limit - directory->at - directory->bytes));
    return 1;
}

/* ---- records --------------------------------------------------------------------------------- */

/* Takes the next 8 bytes of a ZIP64 field if the short field refers to it. */
static bool record_widen(uint64_t *value, const unsigned char **field, size_t *length)
{
    if (*value != SATURATED)
        return true;
    if (*length < 8)
        return false;
    *value = arv__le64(*field);
    *field += 8;
    *length -= 8;
    return true;
}

/* Returns the fault of a record, or NULL. */
static const char *record_parse(arv__zip_record *record, const unsigned char *at, arv__buf *name)
{
    size_t name_length = arv__le16(at + 28), extra_length = arv__le16(at + 30);
    const unsigned char *extra = at + RECORD_BYTES + name_length;
    *record = (arv__zip_record){
        .made_by = at[5],
        .flags = arv__le16(at + 8),
        .method = arv__le16(at + 10),
        .dos_time = arv__le32(at + 12),
        .crc32 = arv__le32(at + 16),
        .packed_bytes = arv__le32(at + 20),
        .size_bytes = arv__le32(at + 24),
        .attributes = arv__le32(at + 38),
        .offset = arv__le32(at + 42),
        .name_length = name_length,
        .foreign = arv__zip_foreign_record(at, extra),
    };
    size_t field_length;
    bool well_formed;
    const unsigned char *field = arv__zip_extra(extra, extra_length, 1, &field_length, &well_formed);
    if (!well_formed)
        return "The extra field of a directory record is malformed.";
    if (!record_widen(&record->size_bytes, &field, &field_length) ||
        !record_widen(&record->packed_bytes, &field, &field_length) ||
        !record_widen(&record->offset, &field, &field_length))
        return "A directory record lacks its ZIP64 field.";
    if (field_length > 0 && !record->foreign)
        record->foreign = "more in its ZIP64 field than it needs";
    if (arv__le16(at + 34) != 0)
        return "A directory record points to another volume.";
    if (arv__zip_renames(extra, extra_length, at + RECORD_BYTES, name_length))
        return "A directory record gives its entry two different names.";
    arv__buf_clear(name);
    arv__buf_append(name, at + RECORD_BYTES, name_length);
    record->name = arv__buf_text_z(name);
    return NULL;
}

/* Gives the next record's bytes in the directory's own order. Returns 1, 0 at the end, or < 0. */
static int record_bytes(arv__zip_directory *directory, const unsigned char **at, size_t *length,
                        const char **problem, arv_error *err)
{
    uint64_t left = directory->at + directory->bytes - directory->walk_at;
    if (left == 0)
        return 0;
    *problem = "The directory is damaged: a record was expected where none is.";
    if (left < RECORD_BYTES)
        return 1;
    int64_t got = arv__window_get(&directory->window, directory->walk_at, RECORD_BYTES, at, err);
    if (got < 0)
        return (int)got;
    if (memcmp(*at, "PK\1\2", 4) != 0)
        return 1;
    *length = (size_t)RECORD_BYTES + arv__le16(*at + 28) + arv__le16(*at + 30) + arv__le16(*at + 32);
    if (*length > left)
        return 1;
    if ((size_t)got < *length) {
        got = arv__window_get(&directory->window, directory->walk_at, *length, at, err);
        if (got < 0)
            return (int)got;
    }
    directory->walk_at += *length;
    *problem = NULL;
    return 1;
}

static bool name_ends(const arv__zip_record *record, const char *end)
{
    size_t length = strlen(end);
    return record->name_length >= length &&
           memcmp(record->name + record->name_length - length, end, length) == 0;
}

/* Looks at every record once. Returns 1 when all are well, 0 when the reader stopped, or < 0. */
static int directory_prove(arv__zip_directory *directory, arv__reader *reader, bool *in_order, arv_error *err)
{
    uint64_t count = 0, last_offset = 0;
    const unsigned char *at = NULL;
    size_t length = 0;
    const char *problem = NULL;
    int more;
    *in_order = true;
    directory->walk_at = directory->at;
    while ((more = record_bytes(directory, &at, &length, &problem, err)) > 0) {
        arv__zip_record record;
        if (!problem)
            problem = record_parse(&record, at, &directory->name);
        int status = arv__buf_status(&directory->name, "a name in a zip", err);
        if (status < 0)
            return status;
        if (problem)
            return directory_damaged(reader, ARV_FINDING_STRUCTURE, problem);
        if (record.offset < last_offset)
            *in_order = false;
        last_offset = record.offset;
        if (name_ends(&record, "/manifest-sha512.txt"))
            reader->holds_sha512 = true;
        count++;
    }
    if (more == 0 && count != directory->count)
        arv__reader_find(reader, ARV_FINDING_STRUCTURE,
                         "The end record promises %llu entries, the directory has %llu.",
                         (unsigned long long)directory->count, (unsigned long long)count);
    return more < 0 ? more : 1;
}

static int directory_sort(arv__zip_directory *directory, arv__reader *reader, arv_error *err)
{
    int status =
        arv__sorter_new(&directory->by_offset, DIRECTORY_SORT_BYTES, reader->options.temp_directory, err);
    if (status < 0)
        return status;
    const unsigned char *at = NULL;
    size_t length = 0;
    const char *problem = NULL;
    directory->walk_at = directory->at;
    while ((status = record_bytes(directory, &at, &length, &problem, err)) > 0) {
        arv__zip_record record;
        if (problem || record_parse(&record, at, &directory->name))
            return arv_error_set(err, ARV_EIO, "The archive %s changed while it was read.",
                                 reader->window.source->shown);
        unsigned char key[8];
        uint64_t place = directory->walk_at - length;
        for (unsigned i = 0; i < 8; i++)
            key[i] = (unsigned char)(record.offset >> (56 - 8 * i));
        status = arv__sorter_add(directory->by_offset,
                                 &(arv__record){key, (unsigned char *)&place, sizeof key, sizeof place}, err);
        if (status < 0)
            return status;
    }
    return status < 0 ? status : arv__sorter_rewind(directory->by_offset, err);
}

/* In an archive of ours the directory has the order of the entries, and the bytes behind it follow from
 * it. Returns 1, or < 0. */
static int directory_compare_end(arv__zip_directory *directory, arv__reader *reader, bool in_order,
                                 arv_error *err)
{
    arv__buf end;
    const unsigned char *at = NULL;
    uint64_t from = directory->at + directory->bytes;
    uint64_t left = directory->window.source->size_bytes - from;
    arv__buf_init(&end, 4096);
    arv__zip_form_end(directory->count, directory->at, directory->bytes, &end);
    int status = arv__buf_status(&end, "the end of a zip", err);
    int64_t got = status < 0 ? status : arv__window_get(&directory->window, from, end.length, &at, err);
    if (got >= 0 &&
        (left != end.length || (size_t)got < end.length || !at || memcmp(at, end.data, end.length) != 0))
        arv__reader_find(reader, ARV_FINDING_FOREIGN,
                         "What stands behind the directory is not what Archivist writes.");
    if (got >= 0 && !in_order)
        arv__reader_find(reader, ARV_FINDING_STRUCTURE,
                         "The directory lists the entries in another order than they stand in.");
    arv__buf_cleanup(&end);
    return got < 0 ? (int)got : 1;
}

int arv__zip_directory_open(arv__zip_directory *directory, arv__reader *reader, arv_error *err)
{
    bool in_order = true;
    arv__buf_init(&directory->name, UINT16_MAX + 1);
    int status =
        arv__window_init(&directory->window, reader->window.source, DIRECTORY_WINDOW_BYTES, false, err);
    if (status < 0)
        return status;
    directory->window.cancel = reader->options.cancel;
    status = directory_locate(directory, reader, err);
    if (status > 0)
        status = directory_prove(directory, reader, &in_order, err);
    if (status > 0 && !reader->options.foreign && !reader->options.quick)
        status = directory_compare_end(directory, reader, in_order, err);
    if (status > 0 && !in_order)
        status = directory_sort(directory, reader, err);
    directory->walk_at = directory->at;
    return status < 0 ? status : ARV_OK;
}

int arv__zip_directory_next(arv__zip_directory *directory, arv__zip_record *record, arv_error *err)
{
    const unsigned char *at = NULL;
    size_t length = 0;
    const char *problem = NULL;
    arv__record sorted;
    int more;
    if (directory->by_offset) {
        more = arv__sorter_next(directory->by_offset, &sorted, err);
        if (more <= 0)
            return more;
        memcpy(&directory->walk_at, sorted.value, sizeof directory->walk_at);
    }
    more = record_bytes(directory, &at, &length, &problem, err);
    if (more <= 0)
        return more;
    if (problem || record_parse(record, at, &directory->name))
        return arv_error_set(err, ARV_EIO, "The archive %s changed while it was read.",
                             directory->window.source->shown);
    record->raw = at;
    record->raw_length = length;
    int status = arv__buf_status(&directory->name, "a name in a zip", err);
    return status < 0 ? status : 1;
}

void arv__zip_directory_cleanup(arv__zip_directory *directory)
{
    arv__window_cleanup(&directory->window);
    arv__sorter_free(directory->by_offset);
    arv__buf_cleanup(&directory->name);
}
