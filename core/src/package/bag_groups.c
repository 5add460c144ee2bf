/* SPDX-License-Identifier: Apache-2.0 */
#include "package/bag_groups.h"

#include <string.h>

#include <arv/sys/alloc.h>
#include "package/sorter.h"
#include "util/names.h"
#include "util/utf8.h"

enum {
    GROUPS_MEMORY_BYTES = 8 << 20,
    GROUPS_ORDERED_BYTES = 256, /* of an owner that decide its place; equal ones go by all bytes */
    GROUPS_KEY_BYTES = 100 << 10
};

/* Behind every owner: no byte of UTF-8. */
static const unsigned char nobody[] = {0xff};

struct arv__bag_groups {
    arv__sorter *sorter;
    arv__buf key;  /* of the record that is added */
    arv__buf last; /* key of the row before */
    uint64_t group;
    bool begun;
};

typedef struct groups_value { /* as it stands in the sorter */
    uint64_t offset, size_bytes;
    uint32_t length, row_bytes;
    uint32_t owner_length;
    uint32_t file;
} groups_value;

int arv__bag_groups_new(arv__bag_groups **out, const char *temp_directory, arv_error *err)
{
    arv__bag_groups *groups = arv_calloc(1, sizeof *groups);
    if (!groups)
        return arv_error_nomem(err, "the groups of the index");
    arv__buf_init(&groups->key, GROUPS_KEY_BYTES);
    arv__buf_init(&groups->last, GROUPS_KEY_BYTES);
    int rc = arv__sorter_new(&groups->sorter, GROUPS_MEMORY_BYTES, temp_directory, err);
    if (rc < 0) {
        arv__bag_groups_free(groups);
        return rc;
    }
    *out = groups;
    return 0;
}

void arv__bag_groups_free(arv__bag_groups *groups)
{
    if (!groups)
        return;
    arv__sorter_free(groups->sorter);
    arv__buf_cleanup(&groups->key);
    arv__buf_cleanup(&groups->last);
    arv_free(groups);
}

/* Its place among the owners, a NUL, and the owner. */
static int groups_key(arv__bag_groups *groups, const arv__bag_record *record, arv_error *err)
{
    size_t ordered = record->owner_length;
    int rc;
    arv__buf_clear(&groups->key);
    if (!record->owner) {
        arv__buf_append(&groups->key, nobody, sizeof nobody);
        return arv__buf_status(&groups->key, "the key of an owner", err);
    }
    if (ordered > GROUPS_ORDERED_BYTES)
        ordered = arv__utf8_floor(record->owner, GROUPS_ORDERED_BYTES);
    if ((rc = arv__name_order(&groups->key, record->owner, ordered, err)) < 0)
        return rc;
    arv__buf_byte(&groups->key, 0);
    arv__buf_append(&groups->key, record->owner, record->owner_length);
    return arv__buf_status(&groups->key, "the key of an owner", err);
}

int arv__bag_groups_add(arv__bag_groups *groups, const arv__bag_record *record, uint64_t offset,
                        size_t length, arv_error *err)
{
    groups_value value = {.offset = offset,
                          .size_bytes = record->size_bytes,
                          .length = (uint32_t)length,
                          .row_bytes = record->row_bytes,
                          .owner_length = record->owner ? (uint32_t)record->owner_length : 0,
                          .file = arv__bag_record_is_file(record)};
    int rc = groups_key(groups, record, err);
    if (rc < 0)
        return rc;
    return arv__sorter_add(groups->sorter,
                           &(arv__record){groups->key.data, (const unsigned char *)&value,
                                          (uint32_t)groups->key.length, sizeof value},
                           err);
}

int arv__bag_groups_rewind(arv__bag_groups *groups, arv_error *err)
{
    groups->group = 0;
    groups->begun = false;
    return arv__sorter_rewind(groups->sorter, err);
}

int arv__bag_groups_next(arv__bag_groups *groups, arv__bag_row *row, arv_error *err)
{
    groups_value value;
    arv__record record;
    int rc = arv__sorter_next(groups->sorter, &record, err);
    if (rc <= 0)
        return rc;
    memcpy(&value, record.value, sizeof value);
    bool first = !groups->begun || groups->last.length != record.key_length ||
                 memcmp(groups->last.data, record.key, record.key_length) != 0;
    if (first) {
        groups->group += groups->begun;
        groups->begun = true;
        arv__buf_clear(&groups->last);
        arv__buf_append(&groups->last, record.key, record.key_length);
        if ((rc = arv__buf_status(&groups->last, "the key of an owner", err)) < 0)
            return rc;
    }
    const unsigned char *key = groups->last.data;
    size_t length = groups->last.length;
    *row = (arv__bag_row){
        .owner = key[0] == nobody[0] ? NULL : (const char *)key + length - value.owner_length,
        .owner_length = value.owner_length,
        .group = groups->group,
        .first = first,
        .file = value.file != 0,
        .length = value.length,
        .offset = value.offset,
        .row_bytes = value.row_bytes,
        .size_bytes = value.size_bytes,
    };
    return 1;
}
