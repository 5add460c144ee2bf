/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Listing finds metadata/entries.jsonl and reads it in batches. The pool fills a batch, the engine's thread
 * delivers it and asks for the next one. So one batch at most is in memory, and the application may cancel
 * between two items.
 */

#include "verify/listing.h"
#include "verify/verify.h"

#include <stdio.h>
#include <string.h>
#include <arv/entry.h>
#include <arv/sys/alloc.h>
#include "util/json.h"

/* ---- batches --------------------------------------------------------------------------------- */

void arv__batch_init(arv__batch *batch)
{
    batch->items = 0;
    arv__buf_init(&batch->text, (size_t)ARV__BATCH_BYTES + 4 * ARV__LINE_BYTES_MAX);
}

void arv__batch_cleanup(arv__batch *batch)
{
    arv__buf_cleanup(&batch->text);
}

void arv__batch_clear(arv__batch *batch)
{
    arv__buf_clear(&batch->text);
    batch->items = 0;
}

bool arv__batch_full(const arv__batch *batch)
{
    return batch->items >= ARV__BATCH_ITEMS || batch->text.length >= ARV__BATCH_BYTES;
}

int arv__batch_add(arv__batch *batch, const char *line, size_t length, const char *written, arv_error *err)
{
    uint32_t count = (uint32_t)length;
    arv__buf_append(&batch->text, &count, sizeof count);
    arv__buf_append(&batch->text, line, length);
    arv__buf_byte(&batch->text, '\0');
    arv__buf_text(&batch->text, written ? written : "");
    arv__buf_byte(&batch->text, '\0');
    batch->items++;
    return arv__buf_status(&batch->text, "a list of entries", err);
}

static int batch_deliver_item(char *line, size_t length, const char *written, arv_item_cb on_item,
                              void *user_data, arv_error *err)
{
    arv__listed listed;
    arv_error why = {.code = 0};
    const char *problem = arv__listed_parse(&listed, line, length, &why);
    int status = ARV_OK;
    if (problem) {
        status = why.code == ARV_ENOMEM
                     ? arv_error_nomem(err, "a list of entries")
                     : arv_error_set(err, ARV_EFORMAT,
                                     "A line of metadata/entries.jsonl %s; verify the archive to "
                                     "learn what else is damaged.",
                                     problem);
    } else {
        const char *persons[ARV_PERSONS_MAX];
        arv__listed_persons(&listed, persons);
        arv_item item = {
            .name = listed.name,
            .original = listed.original,
            .original_length = listed.original_length,
            .owner = listed.owner,
            .persons = persons,
            .person_count = listed.person_count,
            .size_bytes = listed.size_bytes,
            .modified_at_unix = listed.modified_at_unix,
            .sha256 = listed.sha256,
            .folder = listed.folder,
            .target = listed.target,
            .target_length = listed.target_length,
            .written = *written ? written : NULL,
        };
        status = on_item(user_data, &item);
        if (status < 0)
            arv_error_set(err, status, "The application stopped the reading at an entry.");
    }
    arv__listed_cleanup(&listed);
    return status < 0 ? status : ARV_OK;
}

int arv__batch_deliver(arv__batch *batch, arv_item_cb on_item, void *user_data, arv_error *err)
{
    char *at = (char *)batch->text.data;
    int status = ARV_OK;
    for (unsigned i = 0; i < batch->items && status == 0; i++) {
        uint32_t length;
        memcpy(&length, at, sizeof length);
        char *line = at + sizeof length;
        char *written = line + length + 1;
        at = written + strlen(written) + 1;
        status = batch_deliver_item(line, length, written, on_item, user_data, err);
    }
    return status;
}

/* ---- the request ----------------------------------------------------------------------------- */

enum { LIST_SLICE_BYTES = 32 << 10 };

typedef struct list_request {
    arv__verify_request request;
    arv_item_cb on_item;
    arv__reader *reader;
    arv__lines lines;
    arv__batch batch;
    const unsigned char *block; /* of the list; not split into lines yet */
    size_t block_length;
    bool found, ended;
    char damage[256]; /* the first finding, if the list is not reached */
    arv_report seen;  /* only the identity of the archive is set */
} list_request;

static void list_destroy(arv_task *task)
{
    list_request *list = (list_request *)(void *)task;
    arv__reader_free(list->reader);
    arv__lines_cleanup(&list->lines);
    arv__batch_cleanup(&list->batch);
    arv__source_free(list->request.source);
    arv_free(list);
}

static void list_finding(void *user_data, arv_finding_kind kind, const char *entry, size_t entry_length,
                         const char *format, va_list args)
{
    list_request *list = user_data;
    (void)kind;
    (void)entry;
    (void)entry_length;
    if (!list->damage[0])
        vsnprintf(list->damage, sizeof list->damage, format, args);
}

static int list_on_line(void *user_data, char *text, size_t length, arv_error *err)
{
    list_request *list = user_data;
    if (!text)
        return arv_error_set(err, ARV_EFORMAT, "Line %llu of metadata/entries.jsonl is too long.",
                             (unsigned long long)list->lines.number);
    return arv__batch_add(&list->batch, text, length, NULL, err);
}

static bool list_is(const arv__reader_entry *entry, const char *end)
{
    const char *slash = memchr(entry->name, '/', entry->name_length);
    return slash && entry->type == ARV__ENTRY_FILE &&
           entry->name_length - (size_t)(slash - entry->name) == strlen(end) &&
           memcmp(slash, end, strlen(end)) == 0;
}

/* Reads the UUID of job.json, which stands before the list. Any other document has no UUID. */
static int list_identify(list_request *list, arv_error *err)
{
    size_t most = (size_t)list->request.limits.document_bytes_max;
    const unsigned char *block;
    arv_json *job = NULL;
    arv_error why = {.code = 0};
    arv__buf text;
    int64_t got;
    arv__buf_init(&text, most);
    while ((got = arv__reader_read(list->reader, &block, NULL, err)) > 0 && !text.failed)
        arv__buf_append(&text, block, (size_t)got);
    int status = got < 0 ? (int)got : ARV_OK;
    if (status == 0 && text.failed == ARV_ENOMEM)
        status = arv__buf_status(&text, "a document of the bag", err);
    int parsed = status == 0 && !text.failed
                     ? arv_json_parse(&job, (const char *)text.data, text.length, most, &why)
                     : ARV_EFORMAT;
    if (parsed == 0) {
        const char *uuid = arv_json_string(job, "uuid", NULL);
        if (uuid && strlen(uuid) == ARV_UUID_BYTES - 1)
            memcpy(list->seen.uuid, uuid, ARV_UUID_BYTES);
        arv_json_free(job);
    } else if (parsed == ARV_ENOMEM) {
        status = arv_error_nomem(err, "a document of the bag");
    }
    arv__buf_cleanup(&text);
    return status;
}

static int list_find(list_request *list, arv_error *err)
{
    arv__reader_options options = {
        .limits = list->request.limits,
        .foreign = list->request.options.foreign,
        .quick = true,
        .cancel = &list->request.task.op.cancel_asked,
        .done_bytes = &list->request.task.done_bytes,
        .finding = list_finding,
        .user_data = list,
    };
    char text[ARV__IDENTITY_BYTES];
    int more = arv__reader_open(&list->reader, list->request.source, &options, err);
    if (more < 0)
        return more;
    list->seen.format = arv__reader_format(list->reader);
    arv__reader_entry entry;
    while ((more = arv__reader_next(list->reader, &entry, err)) > 0) {
        if (list_is(&entry, "/metadata/job.json")) {
            if ((more = list_identify(list, err)) < 0)
                return more;
            continue;
        }
        if (!list_is(&entry, "/metadata/entries.jsonl"))
            continue;
        list->found = true;
        if (!arv__verify_compare_uuid(&list->request.options, list->seen.uuid, text))
            return ARV_OK;
        return arv_error_set(err, ARV_EMISMATCH,
                             "The archive %s is not what it should be: %s Nothing was read of it; "
                             "look for another copy.",
                             list->request.source->shown, text);
    }
    if (more < 0)
        return more;
    return arv_error_set(err, ARV_EFORMAT,
                         "The archive %s has no list of entries (metadata/entries.jsonl): it was not "
                         "made by Archivist or is damaged. %s",
                         list->request.source->shown, list->damage);
}

static int list_run(arv__work *work, arv_error *err)
{
    list_request *list = (list_request *)arv__verify_request_of(work);
    int status = arv__verify_request_begin(&list->request, err);
    if (status == 0 && !list->found)
        status = list_find(list, err);
    while (status == 0 && !list->ended && !arv__batch_full(&list->batch)) {
        if (list->block_length == 0) {
            int64_t got = arv__reader_read(list->reader, &list->block, NULL, err);
            if (got < 0)
                return (int)got;
            list->block_length = (size_t)got;
            list->ended = got == 0;
        }
        size_t slice = list->block_length < LIST_SLICE_BYTES ? list->block_length : LIST_SLICE_BYTES;
        status = arv__lines_feed(&list->lines, list->block, slice, err);
        list->block += slice;
        list->block_length -= slice;
    }
    if (status == 0 && list->ended)
        status = arv__lines_end(&list->lines, err);
    if (status == 0 && list->ended && !arv__reader_intact(list->reader))
        status = arv_error_set(err, ARV_EFORMAT, "The list of entries in %s is damaged. %s",
                               list->request.source->shown, list->damage);
    return status;
}

static void list_done(arv__work *work, int status, const arv_error *err)
{
    list_request *list = (list_request *)arv__verify_request_of(work);
    arv_error own = {.code = 0};
    list->request.report = &list->seen;
    if (status == 0) {
        err = &own;
        status = arv__batch_deliver(&list->batch, list->on_item, list->request.task.op.user_data, &own);
        arv__batch_clear(&list->batch);
    }
    if (status == 0 && !list->ended) {
        if (list->request.task.op.cancel_asked)
            status =
                arv_error_set(&own, ARV_ECANCELED, "Listing %s was cancelled.", list->request.source->shown);
        else
            status = arv__verify_request_submit(&list->request, &own);
        if (status == 0)
            return;
    }
    arv__task_complete(&list->request.task, status, err);
}

int arv__list_start_adopt(arv__context *context, arv__source *source, const arv_verify_options *options,
                          arv_item_cb on_item, arv_task_cb callback, void *user_data, arv_task **task,
                          arv_error *err)
{
    *task = NULL;
    if (!on_item)
        return arv_error_set(err, ARV_EINVALID, "Listing needs a callback for the entries.");
    list_request *list = arv_calloc(1, sizeof *list);
    if (!list)
        return arv_error_nomem(err, "a list");
    arv__verify_request_init(&list->request, context, options, callback, user_data, list_destroy, list_run,
                             list_done);
    list->on_item = on_item;
    arv__batch_init(&list->batch);
    arv__lines_init(&list->lines, ARV__LINE_BYTES_MAX, list_on_line, list);
    list->request.source = source;
    int status = arv__verify_request_submit(&list->request, err);
    if (status < 0) {
        arv__op_withdraw(&list->request.task.op);
        arv_free(list);
        return status;
    }
    *task = &list->request.task;
    return ARV_OK;
}
