/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Reads tar, tar.gz and tar.zst. libarchive parses the headers (ustar and pax) and is lenient. So the
 * reader watches the stream that it feeds to libarchive: padding must be zeros, the end must be marked,
 * only zeros may follow, and headers must hold nothing that other programs understand in another way
 * (tar_headers.c). unpack.c unpacks compressed streams, since libarchive neither compares gzip's checksums
 * nor reports bytes behind them.
 */

#include "package/formats.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <errno.h>
#include <string.h>
#include <arv/sys/alloc.h>
#include "package/tar_headers.h"

enum { TAR_BLOCK = 512, TAR_END_BYTES = 2 * TAR_BLOCK, TAR_PADDING_MAX = 2 << 20 };

typedef struct tar_state {
    arv__unpack unpack;
    arv__tar_headers headers;
    struct archive *archive;
    locale_t utf8;
    const unsigned char *block; /* libarchive reads it now */
    uint64_t block_at;          /* in the tar stream */
    size_t block_length;
    uint64_t zeros_from; /* everything from here to the end of the block is zero */
    uint64_t data_end, padded_end;
    uint64_t data_read;
    int failure; /* of the source, inside a callback */
    arv_error error;
    bool padding_told;
    bool lost; /* the place of the next header is unknown: the archive is bad already */
} tar_state;

/* ---- what libarchive is fed with ------------------------------------------------------------- */

static bool tar_is_zero(const unsigned char *data, size_t length)
{
    return length == 0 || (data[0] == 0 && memcmp(data, data + 1, length - 1) == 0);
}

/* The part of the entry's padding that stands in the current block must be zero. */
static void tar_check_padding(arv__reader *reader)
{
    tar_state *tar = reader->state;
    uint64_t from = tar->data_end > tar->block_at ? tar->data_end : tar->block_at;
    uint64_t to = tar->padded_end < tar->block_at + tar->block_length ? tar->padded_end
                                                                      : tar->block_at + tar->block_length;
    if (from >= to || tar->padding_told ||
        tar_is_zero(tar->block + (from - tar->block_at), (size_t)(to - from)))
        return;
    tar->padding_told = true;
    arv__reader_find(reader, ARV_FINDING_GAP, "The padding behind it holds bytes that belong to no entry.");
}

static void tar_count_zeros(tar_state *tar)
{
    size_t length = tar->block_length;
    while (length > 0 && tar->block[length - 1] == 0)
        length--;
    if (length > 0)
        tar->zeros_from = tar->block_at + length;
}

static int64_t tar_feed(arv__reader *reader, const unsigned char **data)
{
    tar_state *tar = reader->state;
    int64_t got = arv__unpack_next(&tar->unpack, data, &tar->error);
    if (got < 0) {
        tar->failure = (int)got;
        return got;
    }
    tar->block_at += tar->block_length;
    tar->block = *data;
    tar->block_length = (size_t)got;
    tar_count_zeros(tar);
    tar_check_padding(reader);
    arv__tar_headers_see(&tar->headers, tar->block, tar->block_at, tar->block_length);
    return got;
}

static la_ssize_t tar_feed_archive(struct archive *archive, void *client, const void **data)
{
    const unsigned char *block = NULL;
    int64_t got = tar_feed(client, &block);
    *data = block;
    if (got < 0)
        archive_set_error(archive, EIO, "the source failed");
    return got < 0 ? ARCHIVE_FATAL : (la_ssize_t)got;
}

/* ---- opening --------------------------------------------------------------------------------- */

static int tar_open(arv__reader *reader, arv_error *err)
{
    tar_state *tar = reader->state = arv_calloc(1, sizeof *tar);
    if (!tar)
        return arv_error_nomem(err, "a tar reader");
    arv__tar_headers_init(&tar->headers);
    int status = arv__unpack_init(&tar->unpack, reader, err);
    if (status < 0)
        return status;
    tar->utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    tar->archive = archive_read_new();
    if (!tar->utf8 || !tar->archive || archive_read_support_format_tar(tar->archive) != ARCHIVE_OK)
        return arv_error_nomem(err, "a tar reader");
    if (archive_read_open(tar->archive, reader, NULL, tar_feed_archive, NULL) == ARCHIVE_OK)
        return ARV_OK;
    if (tar->failure < 0) {
        if (err)
            *err = tar->error;
        return tar->failure;
    }
    if (!tar->unpack.damaged)
        arv__reader_find(reader, ARV_FINDING_STRUCTURE, "There is no tar in the container: %s.",
                         archive_error_string(tar->archive));
    reader->stopped = true;
    return ARV_OK;
}

static void tar_free(arv__reader *reader)
{
    tar_state *tar = reader->state;
    if (tar->archive)
        archive_read_free(tar->archive);
    if (tar->utf8)
        freelocale(tar->utf8);
    arv__tar_headers_cleanup(&tar->headers);
    arv__unpack_cleanup(&tar->unpack);
    arv_free(tar);
}

/* ---- entries --------------------------------------------------------------------------------- */

/* libarchive gave up: the source failed, the stream is cut off, or the tar is damaged. */
static int tar_gave_up(arv__reader *reader, arv_error *err)
{
    tar_state *tar = reader->state;
    reader->intact = false;
    reader->stopped = true;
    if (tar->failure < 0) {
        if (err)
            *err = tar->error;
        return tar->failure;
    }
    if (tar->unpack.damaged)
        return ARV_OK; /* that finding says why */
    const char *why = archive_error_string(tar->archive);
    if (tar->block_length == 0)
        arv__reader_find(reader, ARV_FINDING_TRUNCATED, "The tar ends in the middle, at byte %llu.",
                         (unsigned long long)tar->block_at);
    else
        arv__reader_find(reader, ARV_FINDING_STRUCTURE, "The tar is damaged: %s.",
                         why ? why : "a header was expected");
    return ARV_OK;
}

static arv__entry_type tar_type(arv__reader *reader, struct archive_entry *header)
{
    const char *what = NULL;
    mode_t type = archive_entry_filetype(header);
    if (archive_entry_hardlink(header))
        what = "hard link";
    else if (archive_entry_sparse_count(header) > 0)
        what = "sparse file";
    else if (type == AE_IFLNK)
        what = "symbolic link";
    else if (type == AE_IFCHR || type == AE_IFBLK)
        what = "device";
    else if (type != AE_IFREG && type != AE_IFDIR)
        what = "special file";
    else if (type == AE_IFDIR && archive_entry_size(header) > 0)
        what = "folder with content";
    if (what)
        arv__reader_find(reader, ARV_FINDING_TYPE, "It is a %s.", what);
    return what ? ARV__ENTRY_OTHER : type == AE_IFDIR ? ARV__ENTRY_FOLDER : ARV__ENTRY_FILE;
}

static void tar_take_name(arv__reader_entry *entry, struct archive_entry *header)
{
    const char *name = archive_entry_pathname(header);
    entry->name = name ? name : "";
    entry->name_length = strlen(entry->name);
    if (archive_entry_filetype(header) == AE_IFDIR && entry->name_length > 1 &&
        entry->name[entry->name_length - 1] == '/')
        entry->name_length--;
}

static int tar_next(arv__reader *reader, arv__reader_entry *entry, arv_error *err)
{
    tar_state *tar = reader->state;
    struct archive_entry *header = NULL;
    if (!tar->lost) {
        arv__tar_headers_begin(&tar->headers, tar->padded_end);
        arv__tar_headers_see(&tar->headers, tar->block, tar->block_at, tar->block_length);
    }
    locale_t before = uselocale(tar->utf8);
    int result = archive_read_next_header(tar->archive, &header);
    if (result == ARCHIVE_OK || result == ARCHIVE_WARN)
        tar_take_name(entry, header);
    uselocale(before);
    if (result == ARCHIVE_EOF && !tar->unpack.damaged && tar->failure >= 0)
        return 0;
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
        int status = tar_gave_up(reader, err);
        return status < 0 ? status : 0;
    }
    reader->entry = *entry; /* so that findings name it */
    entry->size_bytes = archive_entry_size(header) > 0 ? (uint64_t)archive_entry_size(header) : 0;
    if (result == ARCHIVE_WARN)
        arv__reader_find(reader, ARV_FINDING_HEADER, "Its header is questionable: %s.",
                         archive_error_string(tar->archive));
    entry->type = tar_type(reader, header);
    if (entry->type != ARV__ENTRY_OTHER && tar->headers.odd)
        arv__reader_find(reader, ARV_FINDING_HEADER, "It has %s.", tar->headers.odd);
    if (entry->type != ARV__ENTRY_OTHER && !tar->headers.odd && tar->headers.foreign)
        arv__reader_find(reader, ARV_FINDING_FOREIGN, "It has %s, which no manifest covers.",
                         tar->headers.foreign);
    tar->data_read = 0;
    tar->padding_told = false;
    tar->data_end = (uint64_t)archive_filter_bytes(tar->archive, 0);
    if (!archive_entry_hardlink(header))
        tar->data_end += entry->size_bytes;
    tar->padded_end = (tar->data_end + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK;
    if (entry->type == ARV__ENTRY_OTHER || tar->headers.odd)
        tar->lost = true;
    if (entry->type == ARV__ENTRY_OTHER)
        tar->padded_end = tar->data_end;
    tar_check_padding(reader);
    return 1;
}

static int64_t tar_read(arv__reader *reader, const unsigned char **data, arv_error *err)
{
    tar_state *tar = reader->state;
    const void *block = NULL;
    size_t length = 0;
    la_int64_t offset = 0;
    for (;;) {
        int result = archive_read_data_block(tar->archive, &block, &length, &offset);
        if (result == ARCHIVE_EOF)
            break;
        if (result != ARCHIVE_OK && result != ARCHIVE_WARN)
            return tar_gave_up(reader, err);
        if ((uint64_t)offset != tar->data_read)
            reader->intact = false; /* a hole: reported before */
        tar->data_read = (uint64_t)offset + length;
        if (length == 0)
            continue;
        *data = block;
        return (int64_t)length;
    }
    if (tar->data_read != reader->entry.size_bytes)
        reader->intact = false;
    return 0;
}

/* ---- the end --------------------------------------------------------------------------------- */

static int tar_finish(arv__reader *reader, arv_error *err)
{
    tar_state *tar = reader->state;
    const unsigned char *data = NULL;
    uint64_t end = tar->padded_end;
    while (tar->block_length > 0) {
        int64_t got = tar_feed(reader, &data);
        if (got < 0) {
            if (err)
                *err = tar->error;
            return (int)got;
        }
        if (tar->zeros_from > end || tar->block_at + tar->block_length > end + TAR_PADDING_MAX)
            break;
    }
    uint64_t length = tar->block_at + tar->block_length;
    if (tar->zeros_from > end)
        arv__reader_find(reader, ARV_FINDING_TRAILING, "Bytes stand behind the end mark of the tar.");
    else if (length < end + TAR_END_BYTES && !tar->unpack.damaged) {
        arv__reader_find(reader, ARV_FINDING_TRUNCATED, "The tar has no end mark: it ends too early.");
        reader->stopped = true;
    } else if (length > end + TAR_PADDING_MAX)
        arv__reader_find(reader, ARV_FINDING_TRAILING,
                         "More than %d bytes of zeros stand behind the end mark of the tar.",
                         TAR_PADDING_MAX - TAR_END_BYTES);
    return ARV_OK;
}

const arv__reader_ops arv__reader_tar = {
    .open = tar_open, .next = tar_next, .read = tar_read, .finish = tar_finish, .free = tar_free};
