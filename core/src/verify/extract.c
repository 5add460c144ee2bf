/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Extracting: the first reading verifies the archive, the second writes its entries. Both take the
 * container's digest; the task compares them, which proves that the second reading saw the verified bytes.
 * Only then the result gets its place (staging.c).
 *
 * The list of entries stands behind the payload, so the first reading keeps its lines in a spool. The second
 * takes one line for each entry, in the same order (verified). Lines of symbolic links, which have no entry,
 * are reported to the application and passed over.
 */

#include "verify/listing.h"
#include "verify/select.h"
#include "verify/staging.h"
#include "verify/target.h"
#include "verify/verify.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <arv/entry.h>
#include <arv/sys/alloc.h>
#include "loop/fileops.h"
#include "util/names.h"

enum { EXTRACT_LISTING_BYTES = 4 << 20, EXTRACT_BUFFER_BYTES = 2 * ARV__LINE_BYTES_MAX };

typedef enum { EXTRACT_VERIFY, EXTRACT_WRITE, EXTRACT_SETTLE, EXTRACT_UNDO } extract_phase;

typedef struct extract_request {
    arv__verify_request request;
    extract_phase phase;
    char *folder;
    bool safe_names;
    arv__select select;
    arv_item_cb on_item;
    arv__report report;
    arv__spool listing;
    uint64_t listing_at;
    arv__buf ahead; /* of the listing */
    size_t ahead_at;
    arv__reader *reader;
    arv__digest digest; /* for bags without a list of entries */
    arv__staging staging;
    arv__target target; /* below it */
    arv__buf line, name;
    arv__batch batch;
    arv__reader_entry entry; /* waits for its line of the list */
    bool waiting, read;      /* an entry waits; all entries were read */
    bool ended;
    int failure;
    arv_error error;
} extract_request;

static void extract_destroy(arv_task *task)
{
    extract_request *extract = (extract_request *)(void *)task;
    arv__reader_free(extract->reader);
    arv__report_cleanup(&extract->report);
    arv__spool_cleanup(&extract->listing);
    arv__select_cleanup(&extract->select);
    arv__target_cleanup(&extract->target);
    arv__staging_cleanup(&extract->staging);
    arv__digest_cleanup(&extract->digest);
    arv__batch_cleanup(&extract->batch);
    arv__buf_cleanup(&extract->ahead);
    arv__buf_cleanup(&extract->line);
    arv__buf_cleanup(&extract->name);
    arv__source_free(extract->request.source);
    arv_free(extract->folder);
    arv_free(extract);
}

/* ---- the list beside the entries ------------------------------------------------------------- */

/* Reads the next line into extract->line. Returns 1, or 0 behind the last one. */
static int extract_next_line(extract_request *extract, arv_error *err)
{
    for (;;) {
        size_t left = extract->ahead.length - extract->ahead_at;
        char *from = left ? (char *)extract->ahead.data + extract->ahead_at : NULL;
        char *end = left ? memchr(from, '\n', left) : NULL;
        if (end) {
            arv__buf_clear(&extract->line);
            arv__buf_append(&extract->line, from, (size_t)(end - from));
            extract->ahead_at += (size_t)(end - from) + 1;
            int status = arv__buf_status(&extract->line, "a line of the list of entries", err);
            return status < 0 ? status : 1;
        }
        if (left)
            memmove(extract->ahead.data, from, left);
        extract->ahead.length = left;
        extract->ahead_at = 0;
        if (!arv__buf_reserve(&extract->ahead, ARV__LINE_BYTES_MAX))
            return arv__buf_status(&extract->ahead, "the list of entries", err);
        int64_t got = arv__spool_read(&extract->listing, extract->ahead.data + left, ARV__LINE_BYTES_MAX,
                                      extract->listing_at, err);
        if (got < 0)
            return (int)got;
        if (got == 0)
            return 0;
        extract->ahead.length += (size_t)got;
        extract->listing_at += (uint64_t)got;
    }
}

/* Makes a line like those of the list, for a bag that has no list. */
static int extract_make_line(extract_request *extract, const char *name, size_t length, uint64_t size_bytes,
                             bool folder, const arv_digests *digests, arv_error *err)
{
    arv_json_writer w = arv__json_into(&extract->line);
    arv__buf_clear(&extract->line);
    arv_json_open(&w, NULL, '{');
    arv_json_put_bytes(&w, "name", name, length);
    if (folder) {
        arv_json_put_text(&w, "type", "folder");
    } else {
        arv_json_put_unsigned(&w, "size", size_bytes);
        arv__json_put_hex(&w, "sha256", digests->sha256, ARV_SHA256_BYTES);
    }
    arv_json_close(&w);
    return arv__buf_status(&extract->line, "a line of the list of entries", err);
}

/* ---- writing --------------------------------------------------------------------------------- */

static int extract_try(extract_request *extract, bool folder, int nameless)
{
    const char *name = (const char *)extract->name.data;
    size_t length = extract->name.length;
    if (extract->name.failed)
        return -ENOMEM;
    return nameless >= 0 ? arv__target_name(&extract->target, name, length, nameless)
                         : arv__target_create(&extract->target, name, length, folder);
}

/*
 * Creates under the original name, else the container's, else that one with a number: at its end, or,
 * where a file stands in place of one of its folders, behind the first of these. The name that it
 * got is in extract->name. `nameless`: a complete file that is to get such a name, or -1.
 */
static int extract_create(extract_request *extract, const arv__listed *listed, bool folder, int nameless,
                          arv_error *err)
{
    const char *safe = listed->name + 5; /* without data/ */
    size_t safe_length = listed->name_length - 5;
    int result = -EEXIST;
    arv__buf_clear(&extract->name);
    if (!extract->safe_names && arv__target_can_name(listed->original, listed->original_length)) {
        arv__buf_append(&extract->name, listed->original, listed->original_length);
        result = extract_try(extract, folder, nameless);
    }
    for (unsigned i = 1; i <= 99 && arv__target_is_taken(result); i++) {
        const char *slash = result == -ENOTDIR ? memchr(safe, '/', safe_length) : NULL;
        size_t cut = slash ? (size_t)(slash - safe) : safe_length;
        arv__buf_clear(&extract->name);
        arv__buf_append(&extract->name, safe, cut);
        if (i > 1)
            arv__buf_printf(&extract->name, "~%u", i);
        arv__buf_append(&extract->name, safe + cut, safe_length - cut);
        result = extract_try(extract, folder, nameless);
    }
    if (result < 0) {
        char shown[ARV__QUOTE_BYTES];
        return arv_error_system(err, -result, "%s cannot be written to %s",
                                arv__quote(shown, sizeof shown, safe, safe_length), extract->staging.shown);
    }
    return result;
}

static int extract_copy(extract_request *extract, int fd, uint64_t *size, bool hashed, arv_error *err)
{
    const unsigned char *data = NULL;
    int64_t got;
    while ((got = arv__reader_read(extract->reader, &data, hashed ? &extract->digest : NULL, err)) > 0) {
        int result = arv__fs_pwrite_full(fd, data, (size_t)got, *size);
        if (result < 0) {
            char shown[ARV__QUOTE_BYTES];
            return arv_error_system(err, -result, "%s cannot be written to %s",
                                    arv__quote(shown, sizeof shown, (char *)extract->name.data,
                                               extract->name.length),
                                    extract->staging.shown);
        }
        *size += (uint64_t)got;
    }
    return got < 0 ? (int)got : ARV_OK;
}

static int extract_close(extract_request *extract, int fd, int64_t modified_at_unix, int status,
                         arv_error *err)
{
    int result = 0;
    if (status == 0 && modified_at_unix != ARV_TIME_UNKNOWN) {
        struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = modified_at_unix}};
        result = arv__fs->futimens(fd, times);
    }
    int closed = arv__fs_close(fd);
    if (result == 0)
        result = closed;
    if (status == 0 && result < 0)
        return arv_error_system(err, -result, "A file in %s cannot be finished", extract->staging.shown);
    return status;
}

static int extract_file(extract_request *extract, const arv__listed *listed, bool hashed, uint64_t *size,
                        arv_error *err)
{
    int fd = arv__target_nameless(&extract->target);
    bool nameless = fd >= 0;
    if (fd == -EOPNOTSUPP) {
        fd = extract_create(extract, listed, false, -1, err);
        if (fd < 0)
            return fd;
    } else if (fd < 0) {
        return arv_error_system(err, -fd, "No file can be written to %s", extract->staging.shown);
    } else {
        arv__buf_clear(&extract->name); /* for messages, until it has one */
        arv__buf_append(&extract->name, listed->name + 5, listed->name_length - 5);
    }
    int status = extract_copy(extract, fd, size, hashed, err);
    if (status == 0 && nameless)
        status = extract_create(extract, listed, false, fd, err);
    return extract_close(extract, fd, listed->modified_at_unix, status, err);
}

static int extract_tell(extract_request *extract, arv_error *err)
{
    if (!extract->on_item)
        return ARV_OK;
    char *written = arv__buf_text_z(&extract->name);
    if (!written)
        return arv__buf_status(&extract->name, "a file's name", err);
    return arv__batch_add(&extract->batch, (char *)extract->line.data, extract->line.length, written, err);
}

static int extract_changed(const extract_request *extract, arv_error *err)
{
    return arv_error_set(err, ARV_EMISMATCH, "The archive %s changed while it was extracted.",
                         extract->request.source->shown);
}

/* Selecting a file that the archive does not have is an error. */
static int extract_check_selected(const extract_request *extract, arv_error *err)
{
    char shown[ARV__QUOTE_BYTES];
    const char *unmet = arv__select_unmet(&extract->select);
    if (!unmet)
        return ARV_OK;
    return arv_error_set(err, ARV_ENOTFOUND,
                         "Nothing was extracted: no entry has the name %s, and none lies in a folder of "
                         "that name, in %s. The list of its entries shows the names.",
                         arv__quote(shown, sizeof shown, unmet, strlen(unmet)),
                         extract->request.source->shown);
}

/* The second reading must have seen what the first one verified. */
static int extract_finish(extract_request *extract, arv_error *err)
{
    arv_digests again;
    extract->ended = true;
    int status = arv__reader_finish(extract->reader, &again, err);
    if (status < 0)
        return status;
    if (extract->report.shown.finding_total > 0 ||
        !arv_digests_equal(&again, &extract->report.shown.container))
        return extract_changed(extract, err);
    return extract_check_selected(extract, err);
}

/* Takes a selected line of the list with its entry. A link has no entry. */
static int extract_selected(extract_request *extract, const arv__listed *listed, arv_error *err)
{
    uint64_t size = 0;
    int status = ARV_OK;
    if (listed->target)
        arv__buf_clear(&extract->name); /* a link is written nowhere */
    else if (listed->folder)
        status = extract_create(extract, listed, true, -1, err);
    else
        status = extract_file(extract, listed, false, &size, err);
    return status < 0 ? status : extract_tell(extract, err);
}

/* Returns whether the line belongs to the entry that waits. */
static bool extract_is_of_entry(const extract_request *extract, const arv__listed *listed, const char *name,
                                size_t length)
{
    return extract->waiting && name && listed->name_length == length &&
           listed->folder == (extract->entry.type == ARV__ENTRY_FOLDER) &&
           memcmp(listed->name, name, length) == 0;
}

/* Takes the next line of the list and the entry that waits for it. Does nothing at the end of the list. */
static int extract_listed(extract_request *extract, const char *name, size_t length, arv_error *err)
{
    arv__listed listed = {.document = NULL};
    arv__buf line = {.data = NULL};
    int selected = 0, status = extract_next_line(extract, err);
    if (status < 0)
        return status;
    if (status == 0)
        return extract->waiting ? extract_changed(extract, err) : extract_finish(extract, err);
    arv__buf_init(&line, ARV__LINE_BYTES_MAX + 1); /* parsing writes into it */
    arv__buf_append(&line, extract->line.data, extract->line.length);
    char *text = arv__buf_text_z(&line);
    status = text ? ARV_OK : arv__buf_status(&line, "a line of the list of entries", err);
    if (status == 0 && (arv__listed_parse(&listed, text, line.length, err) ||
                        (!listed.target && !extract_is_of_entry(extract, &listed, name, length))))
        status = extract_changed(extract, err);
    if (status == 0) {
        selected = arv__select_takes(&extract->select, listed.original, listed.original_length, err);
        if (selected < 0)
            status = selected;
    }
    if (status == 0 && selected)
        status = extract_selected(extract, &listed, err);
    if (!listed.target)
        extract->waiting = false;
    arv__listed_cleanup(&listed);
    arv__buf_cleanup(&line);
    return status;
}

/* Takes one entry of a bag that has no list. */
static int extract_unlisted(extract_request *extract, const char *name, size_t length, arv_error *err)
{
    bool folder = extract->entry.type == ARV__ENTRY_FOLDER;
    arv_digests digests = {.present = 0};
    arv__listed listed = {
        .name = name,
        .name_length = length,
        .original = name + 5,
        .original_length = length - 5,
        .modified_at_unix = ARV_TIME_UNKNOWN,
    };
    uint64_t size = 0;
    int selected = arv__select_takes(&extract->select, listed.original, listed.original_length, err);
    extract->waiting = false;
    if (selected <= 0)
        return selected;
    arv__digest_reset(&extract->digest);
    int status = folder ? extract_create(extract, &listed, true, -1, err)
                        : extract_file(extract, &listed, true, &size, err);
    if (status == 0 && !folder)
        status = arv__digest_final(&extract->digest, &digests, err);
    if (status == 0)
        status = extract_make_line(extract, name, length, size, folder, &digests, err);
    return status < 0 ? status : extract_tell(extract, err);
}

static bool extract_is_payload(const extract_request *extract, const arv__reader_entry *entry, size_t *skip)
{
    const char *slash = memchr(entry->name, '/', entry->name_length);
    const char *base = extract->report.shown.base_folder;
    if (!slash || strncmp(entry->name, base, strlen(base)) != 0)
        return false;
    *skip = (size_t)(slash - entry->name) + 1;
    return entry->name_length - *skip > 5 && memcmp(slash + 1, "data/", 5) == 0 &&
           entry->type != ARV__ENTRY_OTHER;
}

/* ---- the two readings ------------------------------------------------------------------------ */

static void extract_finding(void *user_data, arv_finding_kind kind, const char *entry, size_t entry_length,
                            const char *format, va_list args)
{
    arv__report_addv(&((extract_request *)user_data)->report, kind, entry, entry_length, format, args);
}

static int extract_verify(extract_request *extract, arv_error *err)
{
    arv__verify_request *request = &extract->request;
    int status = arv__verify_run(request->source, &request->options, &request->task.op.cancel_asked,
                                 &request->task.done_bytes, &extract->report, &extract->listing, err);
    if (status < 0)
        return status;
    const arv_report *shown = &extract->report.shown;
    if (!shown->valid) {
        const arv_finding *first = shown->finding_count ? &shown->findings[0] : NULL;
        const char *entry = first && first->entry ? first->entry : "";
        return arv_error_set(err, ARV_EMISMATCH,
                             "The archive %s is not valid (findings: %llu), nothing was extracted. "
                             "%s%s%.300s",
                             request->source->shown, (unsigned long long)shown->finding_total, entry,
                             *entry ? ": " : "", first ? first->message : "");
    }
    arv__reader_options options = {
        .limits = request->limits,
        .foreign = request->options.foreign,
        .cancel = &request->task.op.cancel_asked,
        .done_bytes = &request->task.done_bytes,
        .finding = extract_finding,
        .user_data = extract,
    };
    status = arv__reader_open(&extract->reader, request->source, &options, err);
    if (status == 0)
        status = arv__digest_init(&extract->digest, ARV_DIGEST_SHA256, err);
    if (status == 0)
        status = arv__staging_open(&extract->staging, extract->folder, err);
    arv__target_init(&extract->target, extract->staging.fd);
    extract->phase = EXTRACT_WRITE;
    return status;
}

static int extract_write(extract_request *extract, arv_error *err)
{
    const arv__reader_entry *entry = &extract->entry;
    bool listed = arv__spool_length(&extract->listing) > 0;
    while (!extract->ended && !arv__batch_full(&extract->batch)) {
        size_t skip = 0;
        if (!extract->waiting && !extract->read) {
            int more = arv__reader_next(extract->reader, &extract->entry, err);
            if (more < 0)
                return more;
            extract->read = more == 0;
            extract->waiting = more > 0;
        }
        if (extract->waiting && !extract_is_payload(extract, entry, &skip)) {
            extract->waiting = false;
            continue;
        }
        const char *name = extract->waiting ? entry->name + skip : NULL;
        size_t length = extract->waiting ? entry->name_length - skip : 0;
        int status = listed             ? extract_listed(extract, name, length, err)
                     : extract->waiting ? extract_unlisted(extract, name, length, err)
                                        : extract_finish(extract, err);
        if (status < 0)
            return status;
    }
    return ARV_OK;
}

/* Closes open folders first: some file systems keep the content of an open folder. */
static int extract_undo(extract_request *extract, arv_error *err)
{
    arv__target_cleanup(&extract->target);
    return arv__staging_undo(&extract->staging, err);
}

static int extract_run(arv__work *work, arv_error *err)
{
    extract_request *extract = (extract_request *)arv__verify_request_of(work);
    if (extract->phase == EXTRACT_UNDO)
        return extract_undo(extract, err);
    if (extract->phase == EXTRACT_SETTLE) {
        arv__target_cleanup(&extract->target);
        return arv__staging_settle(&extract->staging, err);
    }
    int status = arv__verify_request_begin(&extract->request, err);
    if (status == 0 && extract->phase == EXTRACT_VERIFY)
        status = extract_verify(extract, err);
    if (status == 0)
        status = extract_write(extract, err);
    return status;
}

/* ---- on the loop ----------------------------------------------------------------------------- */

/* Takes back what was written, on the pool if that still accepts work. Then the task ends. */
static void extract_fail(extract_request *extract, int status, const arv_error *err)
{
    arv_error undo = {.code = 0};
    if (extract->phase != EXTRACT_UNDO) {
        extract->failure = status;
        if (err)
            extract->error = *err;
        if (extract->staging.fd >= 0) {
            extract->phase = EXTRACT_UNDO;
            if (arv__verify_request_submit(&extract->request, NULL) == 0)
                return;
        }
    } else if (status < 0 && err) {
        undo = *err;
    }
    if (extract->staging.fd >= 0)
        extract_undo(extract, &undo);
    if (undo.code < 0 && undo.code != ARV_ECANCELED) {
        size_t length = strlen(extract->error.message);
        snprintf(extract->error.message + length, sizeof extract->error.message - length, " %s",
                 undo.message);
    }
    arv__task_complete(&extract->request.task, extract->failure, &extract->error);
}

static void extract_done(arv__work *work, int status, const arv_error *err)
{
    extract_request *extract = (extract_request *)arv__verify_request_of(work);
    arv__verify_request *request = &extract->request;
    arv_error own = {.code = 0};
    if (extract->report.shown.format)
        request->report = &extract->report.shown;
    if (status < 0 || extract->phase == EXTRACT_UNDO) {
        extract_fail(extract, status, err);
        return;
    }
    if (extract->on_item)
        status = arv__batch_deliver(&extract->batch, extract->on_item, request->task.op.user_data, &own);
    arv__batch_clear(&extract->batch);
    if (status == 0 && extract->phase != EXTRACT_SETTLE) {
        if (extract->ended)
            extract->phase = EXTRACT_SETTLE;
        if (request->task.op.cancel_asked)
            status =
                arv_error_set(&own, ARV_ECANCELED, "Extracting %s was cancelled.", request->source->shown);
        else
            status = arv__verify_request_submit(request, &own);
        if (status == 0)
            return;
    }
    if (status < 0)
        extract_fail(extract, status, &own);
    else
        arv__task_complete(&request->task, ARV_OK, NULL);
}

int arv__extract_start_adopt(arv__context *context, arv__source *source, const char *folder,
                             const arv_extract_options *options, arv_task_cb callback, void *user_data,
                             arv_task **task, arv_error *err)
{
    *task = NULL;
    extract_request *extract = arv_calloc(1, sizeof *extract);
    if (!extract)
        return arv_error_nomem(err, "an extraction");
    arv__verify_request_init(&extract->request, context, options ? options->verify : NULL, callback,
                             user_data, extract_destroy, extract_run, extract_done);
    extract->safe_names = options && options->safe_names;
    extract->on_item = options ? options->on_item : NULL;
    arv__report_init(&extract->report, extract->request.limits.findings_max);
    arv__spool_init(&extract->listing, EXTRACT_LISTING_BYTES, NULL);
    arv__staging_init(&extract->staging);
    arv__target_init(&extract->target, -1);
    arv__batch_init(&extract->batch);
    arv__buf_init(&extract->ahead, EXTRACT_BUFFER_BYTES);
    arv__buf_init(&extract->line, ARV__LINE_BYTES_MAX + 1);
    arv__buf_init(&extract->name, 1 << 16);
    extract->folder = arv_strdup(folder);
    int status = extract->folder ? ARV_OK : arv_error_nomem(err, "the name of a folder");
    if (status == 0 && options)
        status = arv__select_init(&extract->select, options->select, options->select_count, err);
    if (status == 0) {
        extract->request.source = source;
        status = arv__verify_request_submit(&extract->request, err);
    }
    if (status < 0) {
        extract->request.source = NULL; /* stays the caller's */
        arv__op_withdraw(&extract->request.task.op);
        extract_destroy(&extract->request.task);
        return status;
    }
    *task = &extract->request.task;
    return ARV_OK;
}
