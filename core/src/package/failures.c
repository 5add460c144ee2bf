/* SPDX-License-Identifier: Apache-2.0 */
#include "package/failures.h"

#include <inttypes.h>
#include <string.h>

#include <arv/sys/alloc.h>
#include "package/bag_internal.h"

/* The flat form: this head, then name, owner and message without terminators, and the persons. */
typedef struct failure_head {
    uint32_t length; /* of the whole record */
    uint32_t line_bytes, row_bytes;
    uint32_t name_length, owner_length, message_length, persons_length;
    int32_t code, domain;
    uint32_t flags, has_owner, reserved;
    int64_t detail;
} failure_head;

enum { FAILURES_SPOOL_BYTES = 256 << 10 };

bool arv__failure_of_source(int code)
{
    return code <= ARV_EVANISHED && code > ARV_EEXISTS; /* their group in arv/error.h */
}

/* ---- one ---------------------------------------------------------------------------------------- */

void arv__failure_print_line(arv__buf *out, const arv__failure *failure)
{
    arv__buf_literal(out, "{\"name\":");
    arv__buf_json(out, failure->name, failure->name_length);
    if (failure->owner) {
        arv__buf_literal(out, ",\"owner\":");
        arv__buf_json(out, failure->owner, failure->owner_length);
    }
    arv__bag_print_persons(out, failure->persons, failure->persons_length);
    arv__buf_printf(out, ",\"error\":\"%s\",\"code\":%d,\"message\":", arv_error_name(failure->code),
                    failure->code);
    arv__buf_json(out, failure->message, failure->message_length);
    arv__buf_literal(out, "}\n");
}

void arv__failure_print_row(arv__buf *out, const arv__failure *failure)
{
    arv__buf_literal(out, "<tr><td dir=auto>");
    arv__buf_html(out, failure->name, failure->name_length);
    arv__buf_literal(out, "<td dir=auto>");
    if (failure->owner)
        arv__buf_html(out, failure->owner, failure->owner_length);
    arv__buf_literal(out, "<td>");
    arv__buf_html(out, failure->message, failure->message_length);
    arv__buf_byte(out, '\n');
}

static uint32_t failure_measure(void (*print)(arv__buf *, const arv__failure *), const arv__failure *failure)
{
    arv__buf counter;
    arv__buf_init_counting(&counter);
    print(&counter, failure);
    return (uint32_t)arv__buf_total(&counter);
}

int arv__failure_make(arv__buf *into, const arv__plan_item *item, const arv_error *why, arv_error *err)
{
    arv__failure view = {
        .name = item->original,
        .owner = item->owner,
        .message = why->message,
        .name_length = item->original_length,
        .owner_length = item->owner ? item->owner_length : 0,
        .message_length = strlen(why->message),
        .persons = item->persons,
        .persons_length = item->persons_length,
        .code = why->code,
    };
    failure_head head = {
        .length = (uint32_t)(sizeof head + view.name_length + view.owner_length + view.message_length +
                             view.persons_length),
        .line_bytes = failure_measure(arv__failure_print_line, &view),
        .row_bytes = failure_measure(arv__failure_print_row, &view),
        .name_length = (uint32_t)view.name_length,
        .owner_length = (uint32_t)view.owner_length,
        .message_length = (uint32_t)view.message_length,
        .persons_length = (uint32_t)view.persons_length,
        .code = why->code,
        .domain = why->domain,
        .flags = why->flags,
        .has_owner = view.owner != NULL,
        .detail = why->detail,
    };
    if (head.length > ARV__FLAT_BYTES_MAX)
        return arv_error_set(err, ARV_EINTERNAL, "The record of a failure has %u bytes.",
                             (unsigned)head.length);
    arv__buf_append(into, &head, sizeof head);
    arv__buf_append(into, view.name, view.name_length);
    if (view.owner)
        arv__buf_append(into, view.owner, view.owner_length);
    arv__buf_append(into, view.message, view.message_length);
    arv__buf_append(into, view.persons, view.persons_length);
    return arv__buf_status(into, "the record of a failure", err);
}

/* Returns the bytes of the first record, or 0 when `length` holds no whole one. */
static size_t failure_parse(const void *flat, size_t length, arv__failure *failure)
{
    failure_head head;
    if (!arv__flat_length(flat, length))
        return 0;
    memcpy(&head, flat, sizeof head);
    const char *text = (const char *)flat + sizeof head;
    *failure = (arv__failure){
        .name = text,
        .owner = head.has_owner ? text + head.name_length : NULL,
        .message = text + head.name_length + head.owner_length,
        .persons = text + head.name_length + head.owner_length + head.message_length,
        .persons_length = head.persons_length,
        .name_length = head.name_length,
        .owner_length = head.owner_length,
        .message_length = head.message_length,
        .code = head.code,
        .domain = head.domain,
        .flags = head.flags,
        .detail = head.detail,
        .line_bytes = head.line_bytes,
        .row_bytes = head.row_bytes,
    };
    return head.length;
}

static void failure_error(arv_error *into, const arv__failure *failure)
{
    *into = (arv_error){
        .code = failure->code,
        .domain = failure->domain,
        .flags = failure->flags,
        .detail = failure->detail,
    };
    memcpy(into->message, failure->message, failure->message_length);
}

/* ---- all ---------------------------------------------------------------------------------------- */

void arv__failures_init(arv__failures *failures, uint64_t max, const char *temp_directory)
{
    *failures = (arv__failures){.max = max};
    arv__flat_init(&failures->flat, FAILURES_SPOOL_BYTES, temp_directory);
}

void arv__failures_cleanup(arv__failures *failures)
{
    arv__flat_cleanup(&failures->flat);
}

int arv__failures_too_many(uint64_t max, const arv_error *first, arv_error *err)
{
    return arv_error_set(err, first->code,
                         "More entries cannot be archived than the %" PRIu64
                         " that may be missing. The first one: %s",
                         max, first->message);
}

int arv__failures_append(arv__failures *failures, const void *records, size_t length, arv_error *err)
{
    const unsigned char *at = records;
    size_t left = length;
    arv__failure failure;

    while (left) {
        size_t bytes = failure_parse(at, left, &failure);
        if (!bytes)
            return arv_error_set(err, ARV_EINTERNAL, "A record of a failure was cut short.");
        if (!failures->count)
            failure_error(&failures->first, &failure);
        if (failures->count == failures->max)
            return arv__failures_too_many(failures->max, &failures->first, err);
        if (failures->count++ < ARV__FAILURES_ROWS)
            failures->row_bytes += failure.row_bytes;
        failures->line_bytes += failure.line_bytes;
        at += bytes;
        left -= bytes;
    }
    return arv__spool_append(&failures->flat.spool, records, length, err);
}

void arv__failures_rewind(arv__failures *failures)
{
    arv__flat_rewind(&failures->flat);
}

int arv__failures_next(arv__failures *failures, arv__failure *failure, arv_error *err)
{
    const void *record;
    int rc = arv__flat_next(&failures->flat, &record, err);
    if (rc == 0)
        failure_parse(record, failures->flat.length, failure);
    return rc;
}

/* Counts the records first, so that one block holds the array and all names behind it. */
int arv__failures_keep(arv__failures *failures, arv_failure **kept, size_t *count, arv_error *err)
{
    size_t wanted = failures->count < ARV__FAILURES_KEPT ? (size_t)failures->count : ARV__FAILURES_KEPT;
    size_t name_bytes = 0;
    arv__failure failure = {0};
    int rc = 0;

    *kept = NULL;
    *count = 0;
    if (!wanted)
        return 0;
    arv__failures_rewind(failures);
    for (size_t i = 0; i < wanted; i++) {
        if ((rc = arv__failures_next(failures, &failure, err)) < 0)
            return rc;
        name_bytes += failure.name_length + 1;
    }
    arv_failure *list = arv_malloc(wanted * sizeof *list + name_bytes);
    if (!list)
        return arv_error_nomem(err, "the list of failures");
    char *name = (char *)(list + wanted);
    arv__failures_rewind(failures);
    for (size_t i = 0; i < wanted && rc == 0; i++) {
        if ((rc = arv__failures_next(failures, &failure, err)) < 0)
            break;
        memcpy(name, failure.name, failure.name_length);
        name[failure.name_length] = '\0';
        list[i].name = name;
        list[i].name_length = failure.name_length;
        failure_error(&list[i].error, &failure);
        name += failure.name_length + 1;
    }
    if (rc < 0) {
        arv_free(list);
        return rc;
    }
    *kept = list;
    *count = wanted;
    return 0;
}
