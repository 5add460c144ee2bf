/* SPDX-License-Identifier: Apache-2.0 */
#include "package/entries.h"

#include <string.h>
#include "util/names.h"

/* Writes an entry as a record of the sorter, and reads it from one: see entries.h. */

enum { RECORD_OWNER_BYTES = 1024 };

enum { /* the first number of a value; the low three bits are an arv__from */
       VALUE_FROM = 7,
       VALUE_SAFE = 1 << 3, /* the safe name is not the original */
       VALUE_SIZE = 1 << 4,
       VALUE_TIME = 1 << 5,
       VALUE_OWNER = 1 << 6, /* follows */
       VALUE_PERSONS = 1 << 7,
       VALUE_OWNER_SHARED = 1 << 8, /* stands in entries->owners */
       VALUE_MUST_SUFFIX = 1 << 9
};

enum { PATH_LINKLESS = 1, PATH_MODIFIED_SEEN = 2 }; /* last byte of a value with a path */

static void value_uint(arv__buf *value, uint64_t number)
{
    unsigned char bytes[10];
    size_t count = 0;
    for (; number >= 128; number >>= 7)
        bytes[count++] = (unsigned char)(number | 128);
    bytes[count++] = (unsigned char)number;
    arv__buf_append(value, bytes, count);
}

static void value_text(arv__buf *value, const char *text, size_t length)
{
    value_uint(value, length);
    arv__buf_append(value, text, length);
    arv__buf_byte(value, 0);
}

/*
 * Entries of one owner mostly come one after the other. So an entry refers to the shared text of an owner
 * if the last entry had the same one; a new owner joins the shared ones while there is room.
 */
static int value_owner_share(arv_entries *entries, const char *owner, size_t length, bool *shared,
                             arv_error *err)
{
    arv__buf *owners = &entries->owners;
    size_t bad;
    if (length > RECORD_OWNER_BYTES || !arv__utf8_valid(owner, length, &bad)) {
        char quote[ARV__QUOTE_BYTES];
        return arv_error_set(err, ARV_ENAME, "The owner %s is not UTF-8 or longer than %d bytes.",
                             arv__quote(quote, sizeof quote, owner, length), RECORD_OWNER_BYTES);
    }
    bool same = owners->length > 0 && entries->owner_length == length &&
                memcmp(owners->data + entries->owner_at, owner, length) == 0;
    if (!same && owners->limit - owners->length > length && arv__buf_reserve(owners, length + 1)) {
        entries->owner_at = owners->length;
        entries->owner_length = length;
        arv__buf_append(owners, owner, length);
        arv__buf_byte(owners, 0);
        same = true;
    }
    if (!same)
        owners->failed = 0; /* sharing saves room, and that is all */
    *shared = same;
    return 0;
}

static void value_owner(arv_entries *entries, const arv__plan_item *item, bool shared)
{
    if (shared) {
        value_uint(&entries->value, entries->owner_at);
        value_uint(&entries->value, item->owner_length);
    } else {
        value_text(&entries->value, item->owner, item->owner_length);
    }
}

static unsigned value_flags(const arv__plan_item *item, bool lossless, bool must_suffix)
{
    return (unsigned)item->from | (lossless ? 0u : VALUE_SAFE) | (must_suffix ? VALUE_MUST_SUFFIX : 0u) |
           (item->size_bytes >= 0 ? VALUE_SIZE : 0u) |
           (item->modified_at_unix != ARV_TIME_UNKNOWN ? VALUE_TIME : 0u) |
           (item->persons_length > 0 ? VALUE_PERSONS : 0u);
}

static void value_source(arv__buf *value, const arv__plan_item *item)
{
    if (item->from == ARV__FROM_PATH) {
        value_text(value, item->path, strlen(item->path));
        arv__buf_byte(value, (unsigned char)((item->linkless ? PATH_LINKLESS : 0) |
                                             (item->modified_seen ? PATH_MODIFIED_SEEN : 0)));
    } else if (item->from == ARV__FROM_MEMORY) {
        arv__buf_append(value, &item->data, sizeof item->data);
    } else if (item->from == ARV__FROM_CALLBACK) {
        value_uint(value, item->callback_index);
    } else if (item->from == ARV__FROM_LINK) {
        value_text(value, item->target, strlen(item->target));
    } else if (item->from == ARV__FROM_FAILURE) {
        value_uint(value, (uint64_t)-item->failure_code);
        value_text(value, item->failure, strlen(item->failure));
    }
}

static int entries_value(arv_entries *entries, const arv__plan_item *item, bool lossless, bool must_suffix,
                         arv_error *err)
{
    arv__buf *value = &entries->value;
    bool owned = item->owner && item->owner_length > 0, shared = false;
    int status = owned ? value_owner_share(entries, item->owner, item->owner_length, &shared, err) : 0;
    if (status < 0)
        return status;
    arv__buf_clear(value);
    value_uint(value, value_flags(item, lossless, must_suffix) | (owned ? VALUE_OWNER : 0u) |
                          (shared ? VALUE_OWNER_SHARED : 0u));
    if (item->size_bytes >= 0)
        value_uint(value, (uint64_t)item->size_bytes);
    if (item->modified_at_unix != ARV_TIME_UNKNOWN)
        value_uint(value, (uint64_t)item->modified_at_unix << 1 ^ (uint64_t)(item->modified_at_unix >> 63));
    if (owned)
        value_owner(entries, item, shared);
    if (item->persons_length > 0) {
        value_uint(value, item->persons_length);
        arv__buf_append(value, item->persons, item->persons_length);
    }
    if (!lossless)
        value_text(value, (const char *)entries->safe.data, entries->safe.length);
    value_source(value, item);
    return arv__buf_status(value, "the record of an entry", err);
}

/* Makes the key and the safe name. */
static int entries_key(arv_entries *entries, const arv__plan_item *item, bool *lossless, bool *must_suffix,
                       arv_error *err)
{
    arv__buf *safe = &entries->safe, *key = &entries->key;
    arv__buf_clear(safe);
    arv__buf_clear(key);
    int status = arv__name_safe(safe, item->original, item->original_length, lossless, must_suffix, err);
    if (status == 0)
        status = arv__name_fold(key, (const char *)safe->data, safe->length, err);
    if (status < 0)
        return status;
    arv__buf_byte(key, 0);
    arv__buf_append(key, item->original, item->original_length);
    arv__buf_byte(key, 0);
    return arv__buf_status(key, "the key of an entry", err);
}

int arv__entries_record(arv_entries *entries, const arv__plan_item *item, arv__record *record, arv_error *err)
{
    bool lossless = false, must_suffix = false;
    int status = entries_key(entries, item, &lossless, &must_suffix, err);
    if (status == 0)
        status = entries_value(entries, item, lossless, must_suffix, err);
    if (status < 0)
        return status;
    *record = (arv__record){.key = entries->key.data,
                            .value = entries->value.data,
                            .key_length = (uint32_t)entries->key.length,
                            .value_length = (uint32_t)entries->value.length};
    return 0;
}

typedef struct value_cursor {
    const unsigned char *at, *end;
    bool bad;
} value_cursor;

static uint64_t cursor_uint(value_cursor *cursor)
{
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 64 && cursor->at < cursor->end; shift += 7) {
        unsigned char byte = *cursor->at++;
        number |= (uint64_t)(byte & 127) << shift;
        if (byte < 128)
            return number;
    }
    cursor->bad = true;
    return 0;
}

static const char *cursor_bytes(value_cursor *cursor, size_t length)
{
    const char *bytes = (const char *)cursor->at;
    if (length > (size_t)(cursor->end - cursor->at)) {
        cursor->bad = true;
        return "";
    }
    cursor->at += length;
    return bytes;
}

static const char *cursor_text(value_cursor *cursor, size_t *length)
{
    *length = cursor_uint(cursor);
    const char *text = *length < SIZE_MAX ? cursor_bytes(cursor, *length + 1) : "";
    if (!cursor->bad && text[*length] == '\0')
        return text;
    cursor->bad = true;
    *length = 0;
    return "";
}

static void cursor_owner(value_cursor *cursor, const arv_entries *entries, bool shared, arv__plan_item *item)
{
    if (!shared) {
        item->owner = cursor_text(cursor, &item->owner_length);
        return;
    }
    uint64_t at = cursor_uint(cursor);
    item->owner_length = cursor_uint(cursor);
    if (at < entries->owners.length && item->owner_length < entries->owners.length - at)
        item->owner = (const char *)entries->owners.data + at;
    else
        cursor->bad = true;
}

static void cursor_source(value_cursor *cursor, const arv_entries *entries, arv__plan_item *item)
{
    size_t length;
    if (item->from == ARV__FROM_PATH) {
        item->path = cursor_text(cursor, &length);
        unsigned char traits = (unsigned char)*cursor_bytes(cursor, 1);
        item->linkless = (traits & PATH_LINKLESS) != 0;
        item->modified_seen = (traits & PATH_MODIFIED_SEEN) != 0;
    } else if (item->from == ARV__FROM_MEMORY) {
        const char *bytes = cursor_bytes(cursor, sizeof item->data);
        if (!cursor->bad)
            memcpy(&item->data, bytes, sizeof item->data);
    } else if (item->from == ARV__FROM_CALLBACK) {
        item->callback_index = cursor_uint(cursor);
        cursor->bad = cursor->bad || item->callback_index >= entries->callback_count;
        if (!cursor->bad) {
            arv_async *source = &entries->callbacks[item->callback_index];
            item->read = source->read;
            item->user_data = source->user_data;
            item->async = source->begin ? source : NULL;
        }
    } else if (item->from == ARV__FROM_LINK) {
        item->target = cursor_text(cursor, &length);
    } else if (item->from == ARV__FROM_FAILURE) {
        item->failure_code = -(int)(cursor_uint(cursor) & INT16_MAX);
        item->failure = cursor_text(cursor, &length);
    }
}

bool arv__entries_is_failure(const arv__record *record)
{
    return record->value_length > 0 && (record->value[0] & VALUE_FROM) == ARV__FROM_FAILURE;
}

int arv__entries_item(const arv_entries *entries, const arv__record *record, arv__plan_item *item,
                      bool *must_suffix, arv_error *err)
{
    value_cursor cursor = {record->value, record->value + record->value_length, false};
    size_t fold_length = arv__entries_fold_length(record);
    unsigned flags = (unsigned)cursor_uint(&cursor);
    *item = (arv__plan_item){.from = (arv__from)(flags & VALUE_FROM),
                             .size_bytes = ARV_SIZE_UNKNOWN,
                             .modified_at_unix = ARV_TIME_UNKNOWN};
    cursor.bad = cursor.bad || item->from > ARV__FROM_FAILURE || record->key_length < fold_length + 2;
    if (!cursor.bad) {
        item->original = (const char *)record->key + fold_length + 1;
        item->original_length = record->key_length - fold_length - 2;
    }
    *must_suffix = flags & VALUE_MUST_SUFFIX;
    if (flags & VALUE_SIZE)
        item->size_bytes = (int64_t)cursor_uint(&cursor);
    if (flags & VALUE_TIME) {
        uint64_t number = cursor_uint(&cursor);
        item->modified_at_unix = (int64_t)(number >> 1 ^ (0 - (number & 1)));
    }
    if (flags & VALUE_OWNER)
        cursor_owner(&cursor, entries, flags & VALUE_OWNER_SHARED, item);
    if (flags & VALUE_PERSONS) {
        item->persons_length = cursor_uint(&cursor);
        item->persons = cursor_bytes(&cursor, item->persons_length);
        cursor.bad =
            cursor.bad || item->persons_length == 0 || item->persons[item->persons_length - 1] != '\0';
    }
    item->name = item->original;
    item->name_length = item->original_length;
    if (flags & VALUE_SAFE)
        item->name = cursor_text(&cursor, &item->name_length);
    cursor_source(&cursor, entries, item);
    if (cursor.bad)
        return arv_error_set(err, ARV_EIO,
                             "A temporary file does not hold what was written to it; look into the "
                             "system's log for its medium.");
    return 0;
}
