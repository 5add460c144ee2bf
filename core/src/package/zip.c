/* SPDX-License-Identifier: Apache-2.0 */
#include <time.h>
#include <arv/sys/alloc.h>
#include "package/deflate.h"
#include "package/formats.h"

/*
 * ZIP (APPNOTE 6.3.9): deflated or stored, ZIP64 where needed.
 *
 * A whole entry's local header carries its CRC and sizes: encode knows them. An entry of several units
 * has bit 3 instead, zeros in the local header, and a data descriptor behind its data. Place appends the
 * descriptor, since it sees all chunks. Such an entry is always deflated, in stored blocks if it does not
 * compress: a program that reads the zip as a stream finds the end of the data by nothing else. Each
 * chunk is a part of the one deflate stream that refers to no other, so that threads need nothing from
 * each other.
 *
 * Such an entry is wide, with a ZIP64 field of zeros in the local header and 64-bit sizes in the
 * descriptor, only where its size is unknown at first or its stored blocks could have 4 GiB: many
 * readers of streams know no wide descriptor, or not one of an entry that is small in the end. The
 * table in docs/container-formats.md lists every field; the reader accepts nothing else.
 *
 * The central directory grows record by record in a spool while place runs, so its memory is bounded
 * however many entries there are.
 *
 * Every entry has the same time and the modes 0644 or 0755; names are marked as UTF-8 where they
 * are not plain ASCII.
 */

enum {
    LOCAL_BYTES = 30,
    CENTRAL_BYTES = 46,
    LOCAL_SIGNATURE = 0x04034b50,
    CENTRAL_SIGNATURE = 0x02014b50,
    DESCRIPTOR_SIGNATURE = 0x08074b50,
    END_SIGNATURE = 0x06054b50,
    END64_SIGNATURE = 0x06064b50,
    LOCATOR_SIGNATURE = 0x07064b50,
    VERSION = 20,
    VERSION_ZIP64 = 45,
    MADE_BY = 3 << 8 | VERSION_ZIP64, /* Unix: the external attributes are modes */
    FLAG_DESCRIPTOR = 1 << 3,
    FLAG_UTF8 = 1 << 11,
    STORED = 0,
    DEFLATED = 8,
    ZIP64_FIELD = 1,
    LOCAL_FIELD_BYTES = 20, /* of a wide entry: ZIP64 with both sizes */
    PORTION_BYTES = 1 << 20,
    DIRECTORY_SCRATCH_BYTES = 8 << 20, /* records of one unit's entries at the most */
    LEARN_FROM_PIECES = 16             /* fewer small files are not worth a table */
};

#define ZIP_MAX32 UINT32_C(0xFFFFFFFF)
#define ZIP_MAX16 0xFFFFu
#define ZIP_MODE_FILE (UINT32_C(0100644) << 16)
#define ZIP_MODE_FOLDER (UINT32_C(040755) << 16 | 0x10)

typedef struct zip_entry {
    uint64_t header_at; /* in the container */
    uint64_t packed_bytes, raw_bytes;
    uint32_t crc32;
    unsigned method;
    bool several; /* units: has a descriptor */
    bool wide;    /* its sizes have 64 bits */
} zip_entry;

struct arv__format {
    int level;
    bool reproducible;
    uint16_t dos_time, dos_date;
    uint64_t offset; /* of the next unit in the container */
    uint64_t entries;
    bool open;       /* the last placed chunk was not its entry's last */
    zip_entry entry; /* being placed */
    arv__spool directory;
    arv__buf records; /* of the unit being placed */
    uint64_t directory_read;
};

struct arv__worker {
    arv__deflater *deflater;
};

/* ---- open, close --------------------------------------------------------------------- */

static void zip_set_time(arv__format *zip, int64_t at_unix)
{
    time_t at = (time_t)at_unix;
    struct tm tm = {0};
    if (!gmtime_r(&at, &tm) || tm.tm_year < 80 || tm.tm_year > 80 + 127)
        tm = (struct tm){.tm_year = 80, .tm_mday = 1};
    zip->dos_date = (uint16_t)((tm.tm_year - 80) << 9 | (tm.tm_mon + 1) << 5 | tm.tm_mday);
    zip->dos_time = (uint16_t)(tm.tm_hour << 11 | tm.tm_min << 5 | tm.tm_sec / 2);
}

static int zip_open(arv__format **format, const arv__format_settings *settings, arv_error *err)
{
    arv__format *zip = arv_calloc(1, sizeof *zip);
    *format = zip;
    if (!zip)
        return arv_error_nomem(err, "a ZIP writer");
    zip->level = settings->level;
    zip->reproducible = settings->reproducible;
    zip_set_time(zip, settings->modified_at_unix);
    arv__spool_init(&zip->directory, settings->memory_bytes, settings->temp_directory);
    arv__buf_init(&zip->records, DIRECTORY_SCRATCH_BYTES);
    return 0;
}

static void zip_close(arv__format *zip)
{
    if (!zip)
        return;
    arv__spool_cleanup(&zip->directory);
    arv__buf_cleanup(&zip->records);
    arv_free(zip);
}

static void zip_worker_free(arv__worker *worker)
{
    if (!worker)
        return;
    arv__deflater_free(worker->deflater);
    arv_free(worker);
}

static int zip_worker_new(arv__worker **out, const arv__format *zip, arv_error *err)
{
    int rc = 0;
    arv__worker *worker = arv_calloc(1, sizeof *worker);
    if (!worker) {
        rc = arv_error_nomem(err, "a compressor");
        goto out;
    }
    rc = arv__deflater_new(&worker->deflater, zip->level, zip->reproducible, err);
out:
    if (rc < 0) {
        zip_worker_free(worker);
        worker = NULL;
    }
    *out = worker;
    return rc;
}

/* ---- encode --------------------------------------------------------------------------- */

static bool zip_whole(const arv__piece *piece)
{
    return piece->first && piece->last;
}

/* Returns whether the sizes of an entry of several units may need 64 bits; known at its first unit. */
static bool zip_wide(const arv__piece *piece)
{
    return !zip_whole(piece) &&
           (piece->entry_bytes == UINT64_MAX || arv__deflate_parts_max(piece->entry_bytes) >= ZIP_MAX32);
}

static const unsigned char *zip_data(const arv__unit *unit, const arv__piece *piece)
{
    return piece->length ? unit->in.data + piece->offset : NULL;
}

static unsigned zip_flags(const arv__piece *piece, bool several)
{
    unsigned flags = several ? FLAG_DESCRIPTOR : 0;
    for (uint32_t i = 0; i < piece->name_length; i++)
        if ((unsigned char)piece->name[i] >= 0x80)
            return flags | FLAG_UTF8;
    return flags;
}

static unsigned char *zip_put16(unsigned char *at, unsigned value)
{
    at[0] = (unsigned char)value;
    at[1] = (unsigned char)(value >> 8);
    return at + 2;
}

static unsigned char *zip_put32(unsigned char *at, uint32_t value)
{
    return zip_put16(zip_put16(at, value & 0xFFFF), value >> 16);
}

/* The fields that both headers have in common, "version needed" to "file name length". */
static unsigned char *zip_put_common(unsigned char *at, const arv__format *zip, const arv__piece *piece,
                                     const zip_entry *entry, unsigned version)
{
    bool later = entry->several && !piece->last; /* local header of an entry with a descriptor */
    uint64_t packed = entry->packed_bytes, raw = entry->raw_bytes;
    if (later)
        packed = raw = entry->wide ? ZIP_MAX32 : 0;
    at = zip_put16(at, version);
    at = zip_put16(at, zip_flags(piece, entry->several));
    at = zip_put16(at, entry->method);
    at = zip_put16(at, zip->dos_time);
    at = zip_put16(at, zip->dos_date);
    at = zip_put32(at, later ? 0 : entry->crc32);
    at = zip_put32(at, packed >= ZIP_MAX32 ? ZIP_MAX32 : (uint32_t)packed);
    at = zip_put32(at, raw >= ZIP_MAX32 ? ZIP_MAX32 : (uint32_t)raw);
    return zip_put16(at, piece->name_length + piece->folder);
}

/* Writes over the room that zip_encode_piece() left for it. */
static void zip_put_local(const arv__format *zip, const arv__piece *piece, unsigned char *at)
{
    zip_entry entry = {.packed_bytes = piece->packed_bytes,
                       .raw_bytes = piece->length,
                       .crc32 = piece->crc32,
                       .method = piece->method,
                       .several = !zip_whole(piece),
                       .wide = zip_wide(piece)};
    at = zip_put32(at, LOCAL_SIGNATURE);
    at = zip_put_common(at, zip, piece, &entry, entry.wide ? VERSION_ZIP64 : VERSION);
    at = zip_put16(at, entry.wide ? LOCAL_FIELD_BYTES : 0);
    memcpy(at, piece->name, piece->name_length);
    at += piece->name_length;
    if (piece->folder)
        *at++ = '/';
    if (entry.wide) {
        at = zip_put16(at, ZIP64_FIELD);
        at = zip_put16(at, LOCAL_FIELD_BYTES - 4);
        memset(at, 0, LOCAL_FIELD_BYTES - 4);
    }
}

/* A whole entry is stored when that is not larger. */
static int zip_encode_whole(const arv__format *zip, arv__worker *worker, const arv__unit *unit,
                            arv__piece *piece, arv__buf *out, arv_error *err)
{
    const unsigned char *data = zip_data(unit, piece);
    size_t start = out->length;
    int rc = 0;
    piece->method = STORED;
    if (zip->level > 0 && !piece->no_compress && piece->length > 0) {
        rc = arv__deflate(worker->deflater, data, piece->length, out, err);
        if (rc == 0 && out->length - start < piece->length)
            piece->method = DEFLATED;
        else
            out->length = start;
    }
    if (piece->method == STORED)
        arv__buf_append(out, data, piece->length);
    return rc;
}

static int zip_encode_chunk(const arv__format *zip, arv__worker *worker, arv__unit *unit, arv__piece *piece,
                            arv_error *err)
{
    const unsigned char *data = zip_data(unit, piece);
    piece->method = DEFLATED;
    if (unit->framed) {
        unit->out_is_in = true;
        arv__deflate_frame(unit->in.data, unit->in.length);
        return 0;
    }
    if (zip->level > 0 && !piece->no_compress && !arv__incompressible_bytes(data, piece->length))
        return arv__deflate_part(worker->deflater, data, piece->length, piece->last, &unit->out, err);
    return arv__deflate_stored(data, piece->length, piece->last, &unit->out, err);
}

static uint32_t zip_crc32(const arv__unit *unit, const arv__piece *piece)
{
    uint32_t crc = 0;
    size_t at = 0, length;
    if (!unit->framed)
        return piece->length ? arv__crc32(0, zip_data(unit, piece), piece->length) : 0;
    for (const unsigned char *block; (block = arv__unit_block(unit, &at, &length)) != NULL;)
        crc = arv__crc32(crc, block, length);
    return crc;
}

static int zip_encode_piece(const arv__format *zip, arv__worker *worker, arv__unit *unit, arv__piece *piece,
                            arv_error *err)
{
    arv__buf *out = &unit->out;
    size_t data_at;
    int rc;
    piece->crc32 = zip_crc32(unit, piece);
    piece->header_at = out->length;
    if (piece->first) {
        size_t header =
            LOCAL_BYTES + piece->name_length + piece->folder + (zip_wide(piece) ? LOCAL_FIELD_BYTES : 0);
        if (!arv__buf_reserve(out, header + piece->length))
            return arv__buf_status(out, "a unit of a ZIP archive", err);
        out->length += header;
    }
    data_at = out->length;
    if (zip_whole(piece))
        rc = zip_encode_whole(zip, worker, unit, piece, out, err);
    else
        rc = zip_encode_chunk(zip, worker, unit, piece, err);
    if (rc == 0)
        rc = arv__buf_status(out, "a unit of a ZIP archive", err);
    if (rc < 0)
        return rc;
    piece->packed_bytes = unit->out_is_in ? unit->in.length : out->length - data_at;
    if (piece->first)
        zip_put_local(zip, piece, out->data + piece->header_at);
    return 0;
}

static bool zip_small(const arv__piece *piece)
{
    return zip_whole(piece) && !piece->no_compress && piece->length > 0 &&
           piece->length <= ARV__DEFLATE_SMALL_BYTES;
}

/* Takes samples at equal distances, so that one kind of file does not stand for all. */
static void zip_learn(arv__worker *worker, const arv__unit *unit)
{
    arv__deflate_sample samples[ARV__DEFLATE_SAMPLES];
    unsigned small = 0, seen = 0, count = 0;
    for (unsigned i = 0; i < unit->piece_count; i++)
        small += zip_small(&unit->pieces[i]);
    for (unsigned i = 0; small >= LEARN_FROM_PIECES && i < unit->piece_count; i++) {
        const arv__piece *piece = &unit->pieces[i];
        if (!zip_small(piece) || count == ARV__DEFLATE_SAMPLES)
            continue;
        if (seen++ * ARV__DEFLATE_SAMPLES < count * small)
            continue;
        samples[count++] = (arv__deflate_sample){zip_data(unit, piece), piece->length};
    }
    arv__deflate_learn(worker->deflater, samples, count);
}

static int zip_encode(const arv__format *zip, arv__worker *worker, arv__unit *unit, arv_error *err)
{
    int rc = 0;
    unit->verbatim = unit->out_is_in = false;
    unit->verbatim_at = 0;
    if (zip->level > 0)
        zip_learn(worker, unit);
    for (unsigned i = 0; rc == 0 && i < unit->piece_count; i++)
        rc = zip_encode_piece(zip, worker, unit, &unit->pieces[i], err);
    return rc;
}

/* ---- place ---------------------------------------------------------------------------- */

static void zip_append_central(arv__format *zip, const arv__piece *piece)
{
    const zip_entry *entry = &zip->entry;
    arv__buf *out = &zip->records;
    bool raw64 = entry->raw_bytes >= ZIP_MAX32, packed64 = entry->packed_bytes >= ZIP_MAX32;
    bool at64 = entry->header_at >= ZIP_MAX32;
    unsigned field = 8u * (raw64 + packed64 + at64);
    unsigned version = entry->wide || field ? VERSION_ZIP64 : VERSION;
    unsigned char fixed[CENTRAL_BYTES], *at = fixed;
    at = zip_put32(at, CENTRAL_SIGNATURE);
    at = zip_put16(at, MADE_BY);
    at = zip_put_common(at, zip, piece, entry, version);
    at = zip_put16(at, field ? 4 + field : 0);
    at = zip_put16(at, 0); /* comment */
    at = zip_put16(at, 0); /* disk */
    at = zip_put16(at, 0); /* internal attributes */
    at = zip_put32(at, piece->folder ? ZIP_MODE_FOLDER : ZIP_MODE_FILE);
    zip_put32(at, at64 ? ZIP_MAX32 : (uint32_t)entry->header_at);
    arv__buf_append(out, fixed, sizeof fixed);
    arv__buf_append(out, piece->name, piece->name_length);
    if (piece->folder)
        arv__buf_byte(out, '/');
    if (field) {
        arv__buf_le16(out, ZIP64_FIELD);
        arv__buf_le16(out, (uint16_t)field);
    }
    if (raw64)
        arv__buf_le64(out, entry->raw_bytes);
    if (packed64)
        arv__buf_le64(out, entry->packed_bytes);
    if (at64)
        arv__buf_le64(out, entry->header_at);
}

static void zip_append_descriptor(const zip_entry *entry, arv__buf *out)
{
    arv__buf_le32(out, DESCRIPTOR_SIGNATURE);
    arv__buf_le32(out, entry->crc32);
    if (entry->wide) {
        arv__buf_le64(out, entry->packed_bytes);
        arv__buf_le64(out, entry->raw_bytes);
    } else {
        arv__buf_le32(out, (uint32_t)entry->packed_bytes);
        arv__buf_le32(out, (uint32_t)entry->raw_bytes);
    }
}

static int zip_place_piece(arv__format *zip, arv__unit *unit, unsigned index, arv_error *err)
{
    const arv__piece *piece = &unit->pieces[index];
    zip_entry *entry = &zip->entry;
    bool at_end = index + 1 == unit->piece_count && !unit->out_is_in;
    if (piece->first == zip->open || (piece->last && !piece->first && !at_end))
        return arv_error_set(err, ARV_EINTERNAL,
                             "The chunks of an entry came out of order; this is a defect of "
                             "Archivist, please report it.");
    if (piece->first)
        *entry = (zip_entry){.header_at = zip->offset + piece->header_at,
                             .method = piece->method,
                             .several = !piece->last,
                             .wide = zip_wide(piece)};
    entry->crc32 =
        piece->first ? piece->crc32 : arv__crc32_combine(entry->crc32, piece->crc32, piece->length);
    entry->packed_bytes += piece->packed_bytes;
    entry->raw_bytes += piece->length;
    zip->open = !piece->last;
    if (!piece->last)
        return 0;
    zip->entries++;
    if (entry->several && !entry->wide && (entry->packed_bytes >= ZIP_MAX32 || entry->raw_bytes >= ZIP_MAX32))
        return arv_error_set(err, ARV_EINTERNAL,
                             "An entry became larger than its size had told; this is a defect of "
                             "Archivist, please report it.");
    if (entry->several)
        zip_append_descriptor(entry, &unit->out);
    zip_append_central(zip, piece);
    return 0;
}

static int zip_place(arv__format *zip, arv__unit *unit, arv_error *err)
{
    int rc = 0;
    arv__buf_clear(&zip->records);
    for (unsigned i = 0; rc == 0 && i < unit->piece_count; i++)
        rc = zip_place_piece(zip, unit, i, err);
    if (rc == 0)
        rc = arv__buf_status(&unit->out, "a unit of a ZIP archive", err);
    if (rc == 0)
        rc = arv__buf_status(&zip->records, "the directory of a ZIP archive", err);
    if (rc == 0 && zip->records.length > 0)
        rc = arv__spool_append(&zip->directory, zip->records.data, zip->records.length, err);
    zip->offset += unit->out_is_in ? unit->in.length : unit->out.length;
    return rc;
}

/* ---- finish --------------------------------------------------------------------------- */

static void zip_append_end(const arv__format *zip, arv__buf *out)
{
    uint64_t at = zip->offset, bytes = zip->directory_read, end64_at = at + bytes;
    uint16_t entries = (uint16_t)(zip->entries < ZIP_MAX16 ? zip->entries : ZIP_MAX16);
    if (zip->entries >= ZIP_MAX16 || bytes >= ZIP_MAX32 || at >= ZIP_MAX32) {
        arv__buf_le32(out, END64_SIGNATURE);
        arv__buf_le64(out, 44); /* bytes that follow in this record */
        arv__buf_le16(out, MADE_BY);
        arv__buf_le16(out, VERSION_ZIP64);
        arv__buf_le32(out, 0); /* this disk, the directory's disk */
        arv__buf_le32(out, 0);
        arv__buf_le64(out, zip->entries);
        arv__buf_le64(out, zip->entries);
        arv__buf_le64(out, bytes);
        arv__buf_le64(out, at);
        arv__buf_le32(out, LOCATOR_SIGNATURE);
        arv__buf_le32(out, 0);
        arv__buf_le64(out, end64_at);
        arv__buf_le32(out, 1); /* disks */
    }
    arv__buf_le32(out, END_SIGNATURE);
    arv__buf_le32(out, 0); /* disks */
    arv__buf_le16(out, entries);
    arv__buf_le16(out, entries);
    arv__buf_le32(out, bytes < ZIP_MAX32 ? (uint32_t)bytes : ZIP_MAX32);
    arv__buf_le32(out, at < ZIP_MAX32 ? (uint32_t)at : ZIP_MAX32);
    arv__buf_le16(out, 0); /* comment */
}

static int zip_finish(arv__format *zip, arv__worker *worker, arv__buf *out, arv_error *err)
{
    uint64_t left = arv__spool_length(&zip->directory) - zip->directory_read;
    size_t n = left < PORTION_BYTES ? (size_t)left : PORTION_BYTES;
    int rc;
    (void)worker;
    if (zip->open)
        return arv_error_set(err, ARV_EINTERNAL,
                             "The archive was ended inside an entry; this is a defect of "
                             "Archivist, please report it.");
    if (n > 0 && arv__buf_reserve(out, n)) {
        int64_t got = arv__spool_read(&zip->directory, out->data + out->length, n, zip->directory_read, err);
        if (got < 0)
            return (int)got;
        if ((uint64_t)got != n)
            return arv_error_set(err, ARV_EIO,
                                 "The directory of the archive could not be read back from its "
                                 "temporary file; check the disk of the temporary folder.");
        out->length += n;
        zip->directory_read += n;
    }
    if (left <= PORTION_BYTES)
        zip_append_end(zip, out);
    rc = arv__buf_status(out, "the directory of a ZIP archive", err);
    return rc < 0 ? rc : left > PORTION_BYTES;
}

static const char *const zip_suffixes[] = {".zip", NULL};

const arv__format_ops arv__format_zip = {
    .format = ARV_FORMAT_ZIP,
    .name = "zip",
    .suffixes = zip_suffixes,
    .level_default = 1,
    .level_max = ARV__DEFLATE_LEVEL_MAX,
    .needs_size = false,
    .root_entries = true,
    .frames = true,
    .compressor = arv__deflater_name,
    .open = zip_open,
    .close = zip_close,
    .worker_new = zip_worker_new,
    .worker_free = zip_worker_free,
    .encode = zip_encode,
    .place = zip_place,
    .finish = zip_finish,
};
