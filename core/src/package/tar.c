/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <arv/sys/alloc.h>
#include "package/deflate.h"
#include "package/formats.h"
#include "package/tar_headers.h"
#include "package/tar_name.h"
#include "package/zstd.h"

/*
 * tar (POSIX.1-2017 pax interchange format), plain or compressed.
 *
 * A header is plain ustar if name and size fit into it; else an extended header with "path" or "size"
 * precedes it (tar_name.h). Owners are 0 without names, modes 0644 or 0755, the time is the same for all:
 * nothing depends on the machine.
 *
 * Encode lays out a unit's tar bytes in a buffer of the worker. They become one part of the deflate
 * stream of one gzip member (RFC 1952), or one zstd frame. A part refers to no other and ends on a
 * byte, so that threads need nothing from each other. Place puts the member's header before the first
 * part and combines the checksums; finish writes its end. Many members would be as valid, but common
 * readers take the end of the first one for the end of the file. Frames concatenate to one valid file.
 * For plain tar, encode lays out the bytes in unit->out itself. The inner chunks of a large entry are
 * nothing but its bytes: the packer compresses, or writes, them without a copy.
 */

enum {
    BLOCK_BYTES = 512,
    PAX_RECORD_BYTES_MAX = 4096,
    GZIP_HEADER_BYTES = 10,
    USUAL_EXTRA_BYTES = BLOCK_BYTES + BLOCK_BYTES / 2 /* header and padding of most entries */
};

#define TAR_1980 315532800
#define TAR_SIZE_MAX (UINT64_C(1) << 33) /* exclusive: 11 octal digits */

typedef struct tar_header { /* ustar, as it stands in the container */
    char name[ARV__TAR_NAME_BYTES];
    char mode[8], uid[8], gid[8];
    char size[12], modified[12];
    char checksum[8];
    char type;
    char link[100];
    char magic[6], version[2];
    char user[32], group[32];
    char device_major[8], device_minor[8];
    char prefix[ARV__TAR_PREFIX_BYTES];
    char padding[12];
} tar_header;
_Static_assert(sizeof(tar_header) == BLOCK_BYTES, "a tar header has one block");

struct arv__format {
    arv_format format;
    int level;
    bool reproducible;
    tar_header blank; /* of a file without name and size */
    bool begun;       /* tar.gz: the member's header was placed */
    uint32_t crc32;   /* tar.gz: of all bytes placed */
    uint64_t raw_bytes;
};

struct arv__worker {
    arv__deflater *deflater;
    arv__zstd *zstd;
    arv__buf raw;
};

/* ---- open, close ---------------------------------------------------------------------- */

static void tar_octal(char *field, unsigned digits, uint64_t value)
{
    while (digits-- > 0) {
        field[digits] = (char)('0' + (value & 7));
        value >>= 3;
    }
}

static void tar_set_blank(tar_header *h, int64_t at)
{
    *h = (tar_header){.type = '0'};
    tar_octal(h->mode, 7, 0644);
    tar_octal(h->uid, 7, 0);
    tar_octal(h->gid, 7, 0);
    tar_octal(h->modified, 11, at > 0 ? (uint64_t)at : 0);
    memcpy(h->magic, "ustar", sizeof h->magic);
    memcpy(h->version, "00", sizeof h->version);
    tar_octal(h->device_major, 7, 0);
    tar_octal(h->device_minor, 7, 0);
}

static int tar_open(arv__format **format, const arv__format_settings *settings, arv_error *err)
{
    int64_t at = settings->modified_at_unix;
    arv__format *tar = arv_calloc(1, sizeof *tar);
    *format = tar;
    if (!tar)
        return arv_error_nomem(err, "a tar writer");
    tar->format = settings->format;
    tar->level = settings->level;
    tar->reproducible = settings->reproducible;
    tar_set_blank(&tar->blank, at);
    return 0;
}

static void tar_close(arv__format *tar)
{
    arv_free(tar);
}

static void tar_worker_free(arv__worker *worker)
{
    if (!worker)
        return;
    arv__deflater_free(worker->deflater);
    arv__zstd_free(worker->zstd);
    arv__buf_cleanup(&worker->raw);
    arv_free(worker);
}

static int tar_worker_new(arv__worker **out, const arv__format *tar, arv_error *err)
{
    int rc = 0;
    arv__worker *worker = arv_calloc(1, sizeof *worker);
    if (!worker) {
        rc = arv_error_nomem(err, "a compressor");
        goto out;
    }
    arv__buf_init(&worker->raw, arv__unit_out_bytes(&arv__format_tar));
    if (tar->format == ARV_FORMAT_TAR_GZ)
        rc = arv__deflater_new(&worker->deflater, tar->level, tar->reproducible, err);
    else if (tar->format == ARV_FORMAT_TAR_ZST)
        rc = arv__zstd_new(&worker->zstd, tar->level, err);
out:
    if (rc < 0) {
        tar_worker_free(worker);
        worker = NULL;
    }
    *out = worker;
    return rc;
}

/* ---- headers -------------------------------------------------------------------------- */

static void tar_append_header(tar_header *h, arv__buf *out)
{
    const unsigned char *bytes = (const unsigned char *)h;
    unsigned sum = 0;
    memset(h->checksum, ' ', sizeof h->checksum);
    for (unsigned i = 0; i < sizeof *h; i++)
        sum += bytes[i];
    tar_octal(h->checksum, 6, sum);
    h->checksum[6] = '\0';
    arv__buf_append(out, h, sizeof *h);
}

static void tar_append_padding(uint64_t length, arv__buf *out)
{
    size_t rest = (size_t)(length % BLOCK_BYTES);
    if (rest)
        arv__buf_fill(out, 0, BLOCK_BYTES - rest);
}

/* "<length> <key>=<value>\n", where length counts its own digits too. */
static int tar_append_record(arv__buf *record, const char *key, const char *value, size_t length)
{
    size_t rest = 1 + strlen(key) + 1 + length + 1, total = rest + 1;
    for (size_t digits = 1, limit = 10; total >= limit; limit *= 10)
        total = rest + ++digits;
    arv__buf_uint(record, total);
    arv__buf_byte(record, ' ');
    arv__buf_text(record, key);
    arv__buf_byte(record, '=');
    arv__buf_append(record, value, length);
    arv__buf_byte(record, '\n');
    return record->failed;
}

/* Writes the extended header for a name or size that ustar cannot hold; `name` NULL or `size` UINT64_MAX
 * where it can. */
static int tar_append_extended(const arv__format *tar, const char *name, size_t length, uint64_t size,
                               arv__buf *out, arv_error *err)
{
    tar_header h = tar->blank;
    arv__buf record;
    char text[24];
    int rc;
    arv__buf_init(&record, PAX_RECORD_BYTES_MAX);
    if (name)
        tar_append_record(&record, "path", name, length);
    if (size != UINT64_MAX) {
        int n = snprintf(text, sizeof text, "%llu", (unsigned long long)size);
        tar_append_record(&record, "size", text, (size_t)n);
    }
    rc = arv__buf_status(&record, "the name of an entry", err);
    if (rc < 0)
        goto out;
    h.type = 'x';
    memcpy(h.name, "././@PaxHeader", 14);
    tar_octal(h.size, 11, record.length);
    tar_append_header(&h, out);
    arv__buf_append(out, record.data, record.length);
    tar_append_padding(record.length, out);
out:
    arv__buf_cleanup(&record);
    return rc;
}

static int tar_append_headers(const arv__format *tar, const arv__piece *piece, arv__buf *out, arv_error *err)
{
    tar_header h = tar->blank;
    char folder[PAX_RECORD_BYTES_MAX];
    const char *name = piece->name;
    size_t length = piece->name_length;
    uint64_t size = piece->folder ? 0 : piece->entry_bytes;
    bool extended, fits_size = size < TAR_SIZE_MAX;
    int rc = 0;
    if (size == UINT64_MAX || length >= sizeof folder)
        return arv_error_set(err, ARV_EINTERNAL,
                             "An entry came to the tar writer without its size or with an "
                             "overlong name; this is a defect of Archivist, please report it.");
    if (piece->folder) {
        memcpy(folder, name, length);
        folder[length++] = '/';
        name = folder;
        h.type = '5';
        tar_octal(h.mode, 7, 0755);
    }
    extended = arv__tar_name(h.name, h.prefix, name, length);
    if (extended || !fits_size)
        rc =
            tar_append_extended(tar, extended ? name : NULL, length, fits_size ? UINT64_MAX : size, out, err);
    if (rc < 0)
        return rc;
    tar_octal(h.size, 11, fits_size ? size : 0);
    tar_append_header(&h, out);
    return 0;
}

int arv__tar_write_headers(const char *name, size_t length, bool folder, uint64_t size_bytes, arv__buf *out,
                           arv_error *err)
{
    arv__format tar;
    arv__piece piece = {.name = name,
                        .name_length = (uint32_t)length,
                        .folder = folder,
                        .first = true,
                        .entry_bytes = size_bytes};
    tar_set_blank(&tar.blank, TAR_1980);
    int rc = tar_append_headers(&tar, &piece, out, err);
    return rc < 0 ? rc : arv__buf_status(out, "the headers of an entry", err);
}

/* ---- encode --------------------------------------------------------------------------- */

static bool tar_is_chunk(const arv__unit *unit)
{
    return unit->piece_count == 1 && !(unit->pieces[0].first && unit->pieces[0].last);
}

/* The unit's tar bytes are its raw bytes. */
static bool tar_is_bare(const arv__unit *unit)
{
    const arv__piece *piece = unit->pieces;
    return tar_is_chunk(unit) && !piece->first && piece->offset == 0 && piece->length == unit->in.length &&
           (!piece->last || piece->entry_bytes % BLOCK_BYTES == 0);
}

static int tar_lay_out(const arv__format *tar, const arv__unit *unit, arv__buf *out, arv_error *err)
{
    int rc = 0;
    arv__buf_reserve(out, unit->in.length + (size_t)unit->piece_count * USUAL_EXTRA_BYTES);
    for (unsigned i = 0; rc == 0 && i < unit->piece_count; i++) {
        const arv__piece *piece = &unit->pieces[i];
        if (piece->first)
            rc = tar_append_headers(tar, piece, out, err);
        if (rc < 0)
            break;
        if (piece->length > 0)
            arv__buf_append(out, unit->in.data + piece->offset, piece->length);
        if (piece->last && !piece->folder)
            tar_append_padding(piece->entry_bytes, out);
    }
    return rc < 0 ? rc : arv__buf_status(out, "a unit of a tar archive", err);
}

/* Nothing would be gained by compressing: nearly all of the unit's bytes are packed already. */
static bool tar_is_packed(const arv__unit *unit, size_t raw_bytes)
{
    size_t packed = 0;
    for (unsigned i = 0; i < unit->piece_count; i++)
        packed += unit->pieces[i].no_compress ? unit->pieces[i].length : 0;
    if (packed >= raw_bytes - raw_bytes / 32)
        return true;
    return tar_is_chunk(unit) && arv__incompressible_bytes(unit->in.data, unit->in.length);
}

static int tar_compress(const arv__format *tar, arv__worker *worker, const arv__buf *raw, arv__unit *unit,
                        arv_error *err)
{
    bool packed = tar_is_packed(unit, raw->length);
    arv__buf *out = &unit->out;
    if (tar->format == ARV_FORMAT_TAR_ZST)
        return arv__zstd_frame(worker->zstd, raw->data, raw->length, packed, out, err);
    unit->crc32 = arv__crc32(0, raw->data, raw->length);
    unit->raw_bytes = raw->length;
    if (packed)
        return arv__deflate_stored(raw->data, raw->length, false, out, err);
    return arv__deflate_part(worker->deflater, raw->data, raw->length, false, out, err);
}

static int tar_encode_plain(const arv__format *tar, arv__unit *unit, arv_error *err)
{
    const arv__piece *piece = unit->pieces;
    int rc = 0;
    unit->out_is_in = tar_is_bare(unit);
    if (!unit->out_is_in)
        rc = tar_lay_out(tar, unit, &unit->out, err);
    if (rc < 0)
        return rc;
    unit->verbatim = tar_is_chunk(unit);
    if (unit->verbatim && piece->first)
        unit->verbatim_at = unit->out.length - piece->length; /* its end is in a later unit */
    return 0;
}

static int tar_encode(const arv__format *tar, arv__worker *worker, arv__unit *unit, arv_error *err)
{
    const arv__buf *raw = &unit->in;
    int rc = 0;
    unit->verbatim = unit->out_is_in = false;
    unit->verbatim_at = 0;
    if (tar->format == ARV_FORMAT_TAR)
        return tar_encode_plain(tar, unit, err);
    if (!tar_is_bare(unit)) {
        arv__buf_clear(&worker->raw);
        rc = tar_lay_out(tar, unit, &worker->raw, err);
        raw = &worker->raw;
    }
    if (rc < 0 || raw->length == 0)
        return rc;
    return tar_compress(tar, worker, raw, unit, err);
}

/* ---- place, finish -------------------------------------------------------------------- */

/* Puts the header of the member before the content of `out`, once per container. */
static void tar_begin_member(arv__format *tar, arv__buf *out)
{
    static const unsigned char header[GZIP_HEADER_BYTES] = {0x1f, 0x8b, 8, [9] = 255};
    tar->begun = true;
    if (!arv__buf_reserve(out, sizeof header))
        return;
    memmove(out->data + sizeof header, out->data, out->length);
    memcpy(out->data, header, sizeof header);
    out->length += sizeof header;
}

static void tar_count(arv__format *tar, uint32_t crc32, uint64_t raw_bytes)
{
    tar->crc32 = tar->raw_bytes ? arv__crc32_combine(tar->crc32, crc32, raw_bytes) : crc32;
    tar->raw_bytes += raw_bytes;
}

static int tar_place(arv__format *tar, arv__unit *unit, arv_error *err)
{
    if (tar->format != ARV_FORMAT_TAR_GZ || unit->out.length == 0)
        return 0;
    if (!tar->begun)
        tar_begin_member(tar, &unit->out);
    tar_count(tar, unit->crc32, unit->raw_bytes);
    return arv__buf_status(&unit->out, "the beginning of a gzip member", err);
}

static int tar_finish_member(arv__format *tar, arv__worker *worker, const void *end, size_t length,
                             arv__buf *out, arv_error *err)
{
    int rc;
    if (!tar->begun)
        tar_begin_member(tar, out);
    rc = arv__deflate_part(worker->deflater, end, length, true, out, err);
    if (rc < 0)
        return rc;
    tar_count(tar, arv__crc32(0, end, length), length);
    arv__buf_le32(out, tar->crc32);
    arv__buf_le32(out, (uint32_t)tar->raw_bytes);
    return arv__buf_status(out, "the end of a gzip member", err);
}

static int tar_finish(arv__format *tar, arv__worker *worker, arv__buf *out, arv_error *err)
{
    static const unsigned char end[2 * BLOCK_BYTES];
    if (tar->format == ARV_FORMAT_TAR_GZ)
        return tar_finish_member(tar, worker, end, sizeof end, out, err);
    if (tar->format == ARV_FORMAT_TAR_ZST)
        return arv__zstd_frame(worker->zstd, end, sizeof end, false, out, err);
    arv__buf_append(out, end, sizeof end);
    return arv__buf_status(out, "the end of a tar archive", err);
}

static const char *const tar_suffixes[] = {".tar", NULL};
static const char *const tar_gz_suffixes[] = {".tar.gz", ".tgz", NULL};
static const char *const tar_zst_suffixes[] = {".tar.zst", ".tzst", NULL};

/* Level 0 is made of frames, too. */
static const char *tar_zstd_name(int level, bool reproducible)
{
    (void)level, (void)reproducible;
    return "zstd";
}

#define TAR_OPS(format_, name_, suffixes_, default_, max_, compressor_)                                      \
    {                                                                                                        \
        .format = (format_), .name = (name_), .suffixes = (suffixes_), .level_default = (default_),          \
        .level_max = (max_), .needs_size = true, .compressor = (compressor_), .open = tar_open,              \
        .close = tar_close, .worker_new = tar_worker_new, .worker_free = tar_worker_free,                    \
        .encode = tar_encode, .place = tar_place, .finish = tar_finish,                                      \
    }

/* Level 3 for gzip: its units are large, and ISA-L's third level costs a fifth more than its first
 * there and makes a tenth less. */
const arv__format_ops arv__format_tar_zst =
    TAR_OPS(ARV_FORMAT_TAR_ZST, "tar.zst", tar_zst_suffixes, ARV__ZSTD_LEVEL_DEFAULT, ARV__ZSTD_LEVEL_MAX,
            tar_zstd_name);
const arv__format_ops arv__format_tar_gz =
    TAR_OPS(ARV_FORMAT_TAR_GZ, "tar.gz", tar_gz_suffixes, 3, ARV__DEFLATE_LEVEL_MAX, arv__deflater_name);
const arv__format_ops arv__format_tar = TAR_OPS(ARV_FORMAT_TAR, "tar", tar_suffixes, 0, 0, NULL);
