/* SPDX-License-Identifier: Apache-2.0 */
#include "package/reader.h"

#include <string.h>
#include <arv/sys/alloc.h>
#include "package/formats.h"

enum { READER_WINDOW_BYTES = 1 << 20, READER_TAIL_BYTES = 1 << 17 };

void arv__limits_resolve(arv_limits *resolved, const arv_limits *given)
{
    arv_limits limits = given ? *given : (arv_limits){0};
    if (!limits.entries_max)
        limits.entries_max = 10000000;
    if (!limits.entry_bytes_max)
        limits.entry_bytes_max = UINT64_C(1) << 43;
    if (!limits.total_bytes_max)
        limits.total_bytes_max = UINT64_C(1) << 44;
    if (!limits.document_bytes_max)
        limits.document_bytes_max = 1 << 20;
    if (!limits.ratio_max)
        limits.ratio_max = 1100;
    if (!limits.depth_max)
        limits.depth_max = 512;
    if (!limits.name_bytes_max)
        limits.name_bytes_max = 4096;
    if (!limits.findings_max)
        limits.findings_max = 1000;
    *resolved = limits;
}

static bool reader_is_of(const arv__format_row *row, const unsigned char *head, size_t length)
{
    return row->unpack ? row->unpack->begins(head, length) : row->reader->begins(head, length);
}

/* Finds the row of the format whose end the container has; a row of NULL: none. Returns < 0 on error. */
static int reader_detect_end(arv__source *source, const arv__format_row **row, arv_error *err)
{
    uint64_t size = source->size_bytes;
    uint64_t from = size > READER_TAIL_BYTES ? size - READER_TAIL_BYTES : 0;
    unsigned char *tail = arv_malloc(READER_TAIL_BYTES);
    if (!tail)
        return arv_error_nomem(err, "a buffer for reading a container");
    int64_t got = source->read_at(source, tail, READER_TAIL_BYTES, from, err);
    for (*row = arv__formats; (*row)->writer; ++*row)
        if (got > 0 && (*row)->reader->ends && (*row)->reader->ends(tail, (size_t)got))
            break;
    arv_free(tail);
    return got < 0 ? (int)got : ARV_OK;
}

static int reader_detect(arv__reader *reader, arv_error *err)
{
    const unsigned char *data = NULL;
    arv__source *source = reader->window.source;
    const arv__format_row *row = arv__formats;
    int64_t got = arv__window_get(&reader->window, 0, 512, &data, err);
    if (got < 0)
        return (int)got;
    while (row->writer && !reader_is_of(row, data, (size_t)got))
        row++;
    int status = row->writer ? ARV_OK : reader_detect_end(source, &row, err);
    if (status < 0)
        return status;
    if (!row->writer)
        return arv_error_set(err, ARV_EFORMAT,
                             "The archive %s is not a container that can be read: it is neither zip "
                             "nor tar, tar.gz or tar.zst, or its first bytes are damaged.",
                             source->shown);
    reader->format = row->writer->format;
    reader->ops = reader->options.foreign ? row->foreign : row->reader;
    reader->unpack = row->unpack;
    return ARV_OK;
}

int arv__reader_open(arv__reader **result, arv__source *source, const arv__reader_options *options,
                     arv_error *err)
{
    arv__reader *reader = arv_calloc(1, sizeof *reader);
    if (!reader)
        return arv_error_nomem(err, "a reader");
    reader->options = *options;
    int status = arv__window_init(&reader->window, source, READER_WINDOW_BYTES, !options->quick, err);
    if (status < 0)
        goto out;
    reader->window.cancel = options->cancel;
    reader->window.done_bytes = options->done_bytes;
    status = reader_detect(reader, err);
    if (status < 0)
        goto out;
    status = reader->ops->open(reader, err);
out:
    if (status < 0) {
        arv__reader_free(reader);
        reader = NULL;
    }
    *result = reader;
    return status;
}

void arv__reader_free(arv__reader *reader)
{
    if (!reader)
        return;
    if (reader->state)
        reader->ops->free(reader);
    arv__window_cleanup(&reader->window);
    arv_free(reader);
}

arv_format arv__reader_format(const arv__reader *reader)
{
    return reader->format;
}

bool arv__reader_holds_sha512(const arv__reader *reader)
{
    return reader->holds_sha512;
}

/* Returns whether the container goes beyond a limit with this; then the reader stops. */
static bool reader_exceeds(arv__reader *reader)
{
    const arv_limits *limits = &reader->options.limits;
    if (reader->entry_bytes > limits->entry_bytes_max)
        arv__reader_find(reader, ARV_FINDING_BOMB,
                         "The entry has more than the %llu bytes that may be unpacked.",
                         (unsigned long long)limits->entry_bytes_max);
    else if (reader->total_bytes > limits->total_bytes_max)
        arv__reader_find(reader, ARV_FINDING_BOMB,
                         "The container has more than the %llu bytes that may be unpacked.",
                         (unsigned long long)limits->total_bytes_max);
    else
        return false;
    reader->stopped = true;
    return true;
}

int arv__reader_next(arv__reader *reader, arv__reader_entry *entry, arv_error *err)
{
    while (reader->in_entry && !reader->options.quick) {
        const unsigned char *data = NULL;
        int64_t got = arv__reader_read(reader, &data, NULL, err);
        if (got < 0)
            return (int)got;
    }
    reader->entry = (arv__reader_entry){.name = NULL};
    if (reader->stopped)
        return 0;
    if (reader->entries >= reader->options.limits.entries_max) {
        int more = reader->ops->next(reader, entry, err);
        if (more <= 0)
            return more;
        arv__reader_find(reader, ARV_FINDING_BOMB,
                         "The container has more than the %llu entries that may be read.",
                         (unsigned long long)reader->options.limits.entries_max);
        reader->stopped = true;
        return 0;
    }
    reader->entry_bytes = 0;
    reader->intact = true;
    int more = reader->ops->next(reader, &reader->entry, err);
    if (more <= 0) {
        reader->entry = (arv__reader_entry){.name = NULL};
        return more;
    }
    reader->in_entry = true;
    reader->entries++;
    *entry = reader->entry;
    return 1;
}

int64_t arv__reader_read(arv__reader *reader, const unsigned char **data, arv__digest *digest, arv_error *err)
{
    if (!reader->in_entry)
        return 0;
    int64_t got = reader->ops->read(reader, data, err);
    if (got <= 0) {
        reader->in_entry = false;
        if (got < 0)
            reader->intact = false;
        return got;
    }
    reader->entry_bytes += (uint64_t)got;
    reader->total_bytes += (uint64_t)got;
    if (reader_exceeds(reader)) {
        reader->in_entry = reader->intact = false;
        return 0;
    }
    if (digest)
        arv__window_pair(&reader->window, digest, *data, (size_t)got);
    return got;
}

bool arv__reader_intact(const arv__reader *reader)
{
    return reader->intact;
}

bool arv__reader_complete(const arv__reader *reader)
{
    return !reader->stopped;
}

int arv__reader_finish(arv__reader *reader, arv_digests *container, arv_error *err)
{
    reader->entry = (arv__reader_entry){.name = NULL};
    if (!reader->stopped) {
        int status = reader->ops->finish(reader, err);
        if (status < 0)
            return status;
    }
    return arv__window_finish(&reader->window, container, err);
}
