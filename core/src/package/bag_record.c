/* SPDX-License-Identifier: Apache-2.0 */
#include "package/bag_internal.h"

#include <string.h>

/*
 * The flat form: this head, the digests, then name, original, owner, persons and target. Only the persons
 * have terminators. The thread that fills the unit measures the lengths of the printed lines here, so that
 * appending to the bag is a copy and four additions.
 */
typedef struct record_head {
    uint32_t length; /* of the whole record */
    uint32_t line_bytes, row_bytes, path_bytes;
    uint32_t name_length, original_length, owner_length, persons_length;
    uint32_t flags, target_length;
    uint64_t size_bytes;
    int64_t modified_at_unix;
} record_head;

/* The years 1 to 9999, the range of RFC 3339. A record has no time outside of it. */
#define RECORD_TIME_MIN INT64_C(-62135596800)
#define RECORD_TIME_MAX INT64_C(253402300799)

enum { RECORD_FOLDER = 1, RECORD_ORIGINAL = 2, RECORD_OWNER = 4, RECORD_SHA512 = 8, RECORD_LINK = 16 };

static void record_view(arv__bag_record *view, const arv__plan_item *item, uint64_t size_bytes,
                        const arv_digests *digests)
{
    *view = (arv__bag_record){
        .name = item->name,
        .name_length = item->name_length,
        .original = item->original,
        .original_length = item->original_length,
        .owner = item->owner,
        .owner_length = item->owner ? item->owner_length : 0,
        .persons = item->persons,
        .persons_length = item->persons_length,
        .size_bytes = size_bytes,
        .modified_at_unix = ARV_TIME_UNKNOWN,
        .folder = item->from == ARV__FROM_NOTHING,
        .target = item->from == ARV__FROM_LINK ? item->target : NULL,
    };
    if (view->target)
        view->target_length = strlen(view->target);
    if (item->modified_at_unix >= RECORD_TIME_MIN && item->modified_at_unix <= RECORD_TIME_MAX)
        view->modified_at_unix = item->modified_at_unix;
    if (arv__bag_record_is_file(view)) {
        view->sha256 = digests->sha256;
        view->sha512 = digests->present & ARV_DIGEST_SHA512 ? digests->sha512 : NULL;
    }
}

static uint32_t record_measure(void (*print)(arv__buf *, const arv__bag_record *),
                               const arv__bag_record *record)
{
    arv__buf counter;
    arv__buf_init_counting(&counter);
    print(&counter, record);
    return (uint32_t)arv__buf_total(&counter);
}

static uint32_t record_path_bytes(const arv__bag_record *record)
{
    arv__buf counter;
    if (!memchr(record->name, '%', record->name_length)) /* safe names hold no line ends */
        return (uint32_t)record->name_length;
    arv__buf_init_counting(&counter);
    arv__buf_bag_path(&counter, record->name, record->name_length);
    return (uint32_t)arv__buf_total(&counter);
}

int arv__bag_record_make(arv__buf *into, const arv__plan_item *item, uint64_t size_bytes,
                         const arv_digests *digests, arv_error *err)
{
    arv__bag_record view;
    record_head head;

    if (item->name_length > ARV__BAG_NAME_BYTES)
        return arv_error_set(err, ARV_EINTERNAL, "A safe name of %zu bytes is longer than %d.",
                             item->name_length, ARV__BAG_NAME_BYTES);
    if (item->owner && item->owner_length > ARV__BAG_OWNER_BYTES)
        return arv_error_set(err, ARV_ELIMIT,
                             "The owner of entry '%.200s' has %zu bytes; at most %d are recorded.",
                             item->name, item->owner_length, ARV__BAG_OWNER_BYTES);
    record_view(&view, item, size_bytes, digests);
    bool renamed = arv__bag_record_renamed(&view);
    head = (record_head){
        .line_bytes = record_measure(arv__bag_print_line, &view),
        .row_bytes = record_measure(arv__bag_print_row, &view),
        .path_bytes = record_path_bytes(&view),
        .name_length = (uint32_t)view.name_length,
        .original_length = renamed ? (uint32_t)view.original_length : 0,
        .owner_length = (uint32_t)view.owner_length,
        .persons_length = (uint32_t)view.persons_length,
        .flags = (view.folder ? RECORD_FOLDER : 0u) | (renamed ? RECORD_ORIGINAL : 0u) |
                 (view.owner ? RECORD_OWNER : 0u) | (view.sha512 ? RECORD_SHA512 : 0u) |
                 (view.target ? RECORD_LINK : 0u),
        .target_length = (uint32_t)view.target_length,
        .size_bytes = size_bytes,
        .modified_at_unix = view.modified_at_unix,
    };
    head.length = (uint32_t)(sizeof head + (view.sha256 ? ARV_SHA256_BYTES : 0) +
                             (view.sha512 ? ARV_SHA512_BYTES : 0)) +
                  head.name_length + head.original_length + head.owner_length + head.persons_length +
                  head.target_length;
    arv__buf_append(into, &head, sizeof head);
    if (view.sha256)
        arv__buf_append(into, view.sha256, ARV_SHA256_BYTES);
    if (view.sha512)
        arv__buf_append(into, view.sha512, ARV_SHA512_BYTES);
    arv__buf_append(into, view.name, view.name_length);
    arv__buf_append(into, view.original, head.original_length);
    if (view.owner)
        arv__buf_append(into, view.owner, view.owner_length);
    arv__buf_append(into, view.persons, view.persons_length);
    if (view.target)
        arv__buf_append(into, view.target, view.target_length);
    return arv__buf_status(into, "an entry's record", err);
}

size_t arv__bag_record_parse(const void *flat, size_t length, arv__bag_record *record)
{
    const unsigned char *at = flat;
    record_head head;

    if (!arv__flat_length(flat, length))
        return 0;
    memcpy(&head, at, sizeof head);
    at += sizeof head;
    *record = (arv__bag_record){
        .size_bytes = head.size_bytes,
        .modified_at_unix = head.modified_at_unix,
        .folder = head.flags & RECORD_FOLDER,
        .line_bytes = head.line_bytes,
        .row_bytes = head.row_bytes,
        .path_bytes = head.path_bytes,
    };
    if (!(head.flags & (RECORD_FOLDER | RECORD_LINK))) {
        record->sha256 = at;
        at += ARV_SHA256_BYTES;
    }
    if (head.flags & RECORD_SHA512) {
        record->sha512 = at;
        at += ARV_SHA512_BYTES;
    }
    record->name = (const char *)at;
    record->name_length = head.name_length;
    at += head.name_length;
    record->original = record->name;
    record->original_length = record->name_length;
    if (head.flags & RECORD_ORIGINAL) {
        record->original = (const char *)at;
        record->original_length = head.original_length;
        at += head.original_length;
    }
    if (head.flags & RECORD_OWNER) {
        record->owner = (const char *)at;
        record->owner_length = head.owner_length;
        at += head.owner_length;
    }
    record->persons = (const char *)at;
    record->persons_length = head.persons_length;
    at += head.persons_length;
    record->target = head.flags & RECORD_LINK ? (const char *)at : NULL;
    record->target_length = head.target_length;
    return head.length;
}

int arv__bag_record_next(arv__flat *flat, arv__bag_record *record, arv_error *err)
{
    const void *at;
    int rc = arv__flat_next(flat, &at, err);
    if (rc == 0)
        arv__bag_record_parse(at, flat->length, record);
    return rc;
}

int arv__bag_record_at(arv__flat *flat, uint64_t offset, size_t length, arv__bag_record *record,
                       arv_error *err)
{
    const void *at;
    int rc = arv__flat_at(flat, offset, length, &at, err);
    if (rc == 0)
        arv__bag_record_parse(at, flat->length, record);
    return rc;
}
