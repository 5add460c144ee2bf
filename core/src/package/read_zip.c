/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Reads zip. The reader walks the entries in the order in which they stand in the file, and the end of
 * each must be the start of the next. So it reads no byte twice and passes over none; bombs that quote
 * the same data many times cannot work. It compares every local header and every data descriptor with
 * the directory, and never believes the directory alone.
 */

#include "package/formats.h"

#include <string.h>
#include <zlib.h>
#include <arv/sys/alloc.h>
#include "package/tar_headers.h"
#include "package/zip_directory.h"
#include "package/zip_form.h"
#include "util/names.h"

enum {
    ZIP_OUT_BYTES = 1 << 18,
    ZIP_LOCAL_BYTES = 30,
    ZIP_STORED = 0,
    ZIP_DEFLATED = 8,
    ZIP_UNIX = 3, /* the systems that made the entry (APPNOTE 4.4.2.2) */
    ZIP_DARWIN = 19,
    ZIP_ENCRYPTED = 1 << 0,
    ZIP_DESCRIPTOR = 1 << 3,
    ZIP_UTF8 = 1 << 11,
    /* of the flags the ones that change how an entry is understood */
    ZIP_COMPARED = ZIP_ENCRYPTED | ZIP_DESCRIPTOR | 1 << 5 | 1 << 6 | ZIP_UTF8 | 1 << 13,
    ZIP_DOS_FOLDER = 0x10,
    ZIP_RATIO_FREE_BYTES = 1 << 20
};

typedef struct zip_state {
    arv__zip_directory directory;
    arv__zip_record record;
    uint64_t previous_end; /* where the next entry must begin */
    uint64_t data_at, packed_read;
    bool opened;   /* the local header was looked at */
    bool readable; /* the data can be unpacked */
    bool wide;     /* the local header has a ZIP64 field */
    bool ended;    /* the deflate stream has ended */
    uint32_t crc32;
    z_stream inflate;
    bool inflate_ready;
    unsigned char *out;
    arv__buf form; /* the bytes that must stand there */
    bool formed;   /* the form is that of the entry: its descriptor can be computed */
    arv__zip_form entry;
} zip_state;

static void *zip_alloc(void *opaque, unsigned count, unsigned size)
{
    (void)opaque;
    return arv_calloc(count, size);
}

static void zip_release(void *opaque, void *block)
{
    (void)opaque;
    arv_free(block);
}

static int zip_open(arv__reader *reader, arv_error *err)
{
    const unsigned char *head = NULL;
    int64_t got = arv__window_get(&reader->window, 0, 512, &head, err);
    if (got < 0)
        return (int)got;
    if (arv__tar_has_sum(head, (size_t)got))
        arv__reader_find(reader, ARV_FINDING_STRUCTURE,
                         "Its first 512 bytes are those of a tar too: some programs read this file as "
                         "another archive.");
    zip_state *zip = reader->state = arv_calloc(1, sizeof *zip);
    if (!zip)
        return arv_error_nomem(err, "a zip reader");
    arv__buf_init(&zip->form, 1 << 18);
    zip->inflate = (z_stream){.zalloc = zip_alloc, .zfree = zip_release};
    zip->out = arv_malloc(ZIP_OUT_BYTES);
    if (!zip->out || inflateInit2(&zip->inflate, -MAX_WBITS) != Z_OK)
        return arv_error_nomem(err, "a zip reader");
    zip->inflate_ready = true;
    return arv__zip_directory_open(&zip->directory, reader, err);
}

static void zip_free(arv__reader *reader)
{
    zip_state *zip = reader->state;
    if (zip->inflate_ready)
        inflateEnd(&zip->inflate);
    arv__zip_directory_cleanup(&zip->directory);
    arv__buf_cleanup(&zip->form);
    arv_free(zip->out);
    arv_free(zip);
}

/* ---- the local header ------------------------------------------------------------------------ */

static void zip_compare_sizes(arv__reader *reader, const unsigned char *at, size_t name_length)
{
    zip_state *zip = reader->state;
    const arv__zip_record *record = &zip->record;
    uint64_t packed = arv__le32(at + 18), size = arv__le32(at + 22);
    size_t length;
    bool well_formed;
    const unsigned char *wide =
        arv__zip_extra(at + ZIP_LOCAL_BYTES + name_length, arv__le16(at + 28), 1, &length, &well_formed);
    if (!well_formed)
        arv__reader_find(reader, ARV_FINDING_HEADER, "The entry's extra field is malformed.");
    zip->wide = wide != NULL;
    if (wide && length >= 16) {
        if (size == UINT32_MAX)
            size = arv__le64(wide);
        if (packed == UINT32_MAX)
            packed = arv__le64(wide + 8);
    }
    bool later = (record->flags & ZIP_DESCRIPTOR) != 0; /* then zeros or the true numbers may stand here */
    bool unknown = later && (size == 0 || size == UINT32_MAX || size == record->size_bytes) &&
                   (packed == 0 || packed == UINT32_MAX || packed == record->packed_bytes);
    if ((size != record->size_bytes || packed != record->packed_bytes) && !unknown)
        arv__reader_find(reader, ARV_FINDING_HEADER,
                         "Its own header says %llu bytes packed into %llu, the directory says %llu "
                         "packed into %llu.",
                         (unsigned long long)size, (unsigned long long)packed,
                         (unsigned long long)record->size_bytes, (unsigned long long)record->packed_bytes);
    uint32_t crc = arv__le32(at + 14);
    if (crc != record->crc32 && !(later && crc == 0))
        arv__reader_find(reader, ARV_FINDING_HEADER,
                         "Its own header says CRC-32 %08x, the directory says %08x.", crc, record->crc32);
}

static void zip_compare_local(arv__reader *reader, const unsigned char *at)
{
    zip_state *zip = reader->state;
    const arv__zip_record *record = &zip->record;
    size_t name_length = arv__le16(at + 26);
    char shown[ARV__QUOTE_BYTES];
    if (name_length != record->name_length || memcmp(at + ZIP_LOCAL_BYTES, record->name, name_length) != 0)
        arv__reader_find(reader, ARV_FINDING_HEADER, "Its own header names it %s.",
                         arv__quote(shown, sizeof shown, (const char *)at + ZIP_LOCAL_BYTES, name_length));
    if (arv__zip_renames(at + ZIP_LOCAL_BYTES + name_length, arv__le16(at + 28),
                         (const unsigned char *)record->name, record->name_length))
        arv__reader_find(reader, ARV_FINDING_HEADER, "A field of its own header gives it a second name.");
    if (arv__le16(at + 8) != record->method)
        arv__reader_find(reader, ARV_FINDING_HEADER, "Its own header says method %u, the directory says %u.",
                         arv__le16(at + 8), record->method);
    if ((arv__le16(at + 6) & ZIP_COMPARED) != (record->flags & ZIP_COMPARED))
        arv__reader_find(reader, ARV_FINDING_HEADER,
                         "Its own header has the flags %04x, the directory has %04x.", arv__le16(at + 6),
                         record->flags);
    if (arv__le32(at + 10) != record->dos_time)
        arv__reader_find(reader, ARV_FINDING_HEADER,
                         "Its own header and the directory give different times.");
    zip_compare_sizes(reader, at, name_length);
    const char *foreign = arv__zip_foreign_local(at, at + ZIP_LOCAL_BYTES + name_length);
    if (foreign)
        arv__reader_find(reader, ARV_FINDING_FOREIGN, "Its own header has %s, which no manifest covers.",
                         foreign);
}

/* Returns the place where bytes differ from those in zip->form; SIZE_MAX: nowhere. If there was no memory for
 * the form, nothing differs: the function that made it returns that error. */
static size_t zip_differs(const zip_state *zip, const unsigned char *at, size_t length)
{
    size_t i = 0;
    if (zip->form.failed)
        return SIZE_MAX;
    while (i < length && i < zip->form.length && at[i] == zip->form.data[i])
        i++;
    return i == length && i == zip->form.length ? SIZE_MAX : i;
}

/* Compares local header and record of an archive of ours with those that the packer writes. */
static int zip_compare_form(arv__reader *reader, const unsigned char *local, size_t length, arv_error *err)
{
    zip_state *zip = reader->state;
    const arv__zip_record *record = &zip->record;
    zip->entry = (arv__zip_form){
        .name = record->name,
        .name_length = record->name_length,
        .size_bytes = record->size_bytes,
        .packed_bytes = record->packed_bytes,
        .offset = record->offset,
        .crc32 = record->crc32,
        .method = record->method,
        .later = (record->flags & ZIP_DESCRIPTOR) != 0,
        .wide = arv__le16(local + 28) > 0,
    };
    zip->formed = true;
    const char *odd = arv__zip_form_odd(&zip->entry);
    if (odd)
        arv__reader_find(reader, ARV_FINDING_FOREIGN, "It has %s.", odd);
    arv__buf_clear(&zip->form);
    arv__zip_form_local(&zip->entry, &zip->form);
    size_t at = zip_differs(zip, local, length);
    if (at != SIZE_MAX)
        arv__reader_find(reader, ARV_FINDING_FOREIGN, "Its own header has another %s than Archivist writes.",
                         arv__zip_form_field(false, at));
    int status = arv__buf_status(&zip->form, "the headers of a zip", err);
    if (status < 0)
        return status;
    arv__buf_clear(&zip->form);
    arv__zip_form_record(&zip->entry, &zip->form);
    at = zip_differs(zip, record->raw, record->raw_length);
    if (at != SIZE_MAX)
        arv__reader_find(reader, ARV_FINDING_FOREIGN,
                         "Its record in the directory has another %s than Archivist writes.",
                         arv__zip_form_field(true, at));
    return arv__buf_status(&zip->form, "the headers of a zip", err);
}

/* Checks that the entry begins where the one before ended. */
static bool zip_check_begin(arv__reader *reader)
{
    zip_state *zip = reader->state;
    const arv__zip_record *record = &zip->record;
    uint64_t limit = zip->directory.at;
    if (record->offset > limit || limit - record->offset < ZIP_LOCAL_BYTES) {
        arv__reader_find(reader, ARV_FINDING_STRUCTURE,
                         "The directory says that it begins at byte %llu, behind the entries.",
                         (unsigned long long)record->offset);
        return false;
    }
    if (record->offset < zip->previous_end) {
        arv__reader_find(reader, ARV_FINDING_OVERLAP,
                         "It begins at byte %llu, where the entry before it has not ended (%llu). "
                         "Its bytes were not read.",
                         (unsigned long long)record->offset, (unsigned long long)zip->previous_end);
        return false;
    }
    if (record->offset > zip->previous_end)
        arv__reader_find(reader, ARV_FINDING_GAP,
                         "%llu bytes before it, from byte %llu on, belong to no entry.",
                         (unsigned long long)(record->offset - zip->previous_end),
                         (unsigned long long)zip->previous_end);
    return true;
}

static bool zip_check_method(arv__reader *reader)
{
    const arv__zip_record *record = &((zip_state *)reader->state)->record;
    if (record->flags & (ZIP_ENCRYPTED | 1 << 6 | 1 << 13)) {
        arv__reader_find(reader, ARV_FINDING_STRUCTURE, "It is encrypted and cannot be read.");
        return false;
    }
    if (record->method != ZIP_STORED && record->method != ZIP_DEFLATED) {
        arv__reader_find(reader, ARV_FINDING_STRUCTURE,
                         "It is compressed with method %u; only stored (0) and deflate (8) are "
                         "read.",
                         record->method);
        return false;
    }
    if (record->method == ZIP_STORED && record->size_bytes != record->packed_bytes) {
        arv__reader_find(reader, ARV_FINDING_STRUCTURE, "It is stored, but has %llu bytes in %llu.",
                         (unsigned long long)record->size_bytes, (unsigned long long)record->packed_bytes);
        return false;
    }
    return true;
}

/* For other programs' bags: a name that is not ASCII must have the mark of UTF-8, else each program assumes
 * a character set of its own. Info-ZIP's unzip does so even with the mark if the entry was not made on
 * Unix. */
static void zip_check_name(arv__reader *reader)
{
    const arv__zip_record *record = &((zip_state *)reader->state)->record;
    unsigned char seen = 0;
    for (size_t i = 0; i < record->name_length; i++)
        seen |= (unsigned char)record->name[i];
    if (seen >= 0x80 && !(record->flags & ZIP_UTF8))
        arv__reader_find(reader, ARV_FINDING_NAME,
                         "The name has other characters than ASCII and is not marked as UTF-8: "
                         "programs read it differently.");
    else if (seen >= 0x80 && record->made_by != ZIP_UNIX && record->made_by != ZIP_DARWIN)
        arv__reader_find(reader, ARV_FINDING_NAME,
                         "The name has other characters than ASCII, and the entry was not made on Unix: "
                         "unzip reads the name differently than other programs.");
}

/* Looks at the local header and finds the data. */
static int zip_open_entry(arv__reader *reader, arv_error *err)
{
    zip_state *zip = reader->state;
    const arv__zip_record *record = &zip->record;
    const unsigned char *at = NULL;
    zip->opened = true;
    zip->readable = zip->ended = zip->wide = zip->formed = false;
    zip->packed_read = 0;
    zip->crc32 = 0;
    if (!reader->options.quick && !zip_check_begin(reader))
        return ARV_OK;
    if (record->offset > zip->directory.at || zip->directory.at - record->offset < ZIP_LOCAL_BYTES)
        return ARV_OK;
    int64_t got = arv__window_get(&reader->window, record->offset, ZIP_LOCAL_BYTES, &at, err);
    if (got < 0)
        return (int)got;
    zip->previous_end = record->offset + ZIP_LOCAL_BYTES;
    if (memcmp(at, "PK\3\4", 4) != 0) {
        arv__reader_find(reader, ARV_FINDING_HEADER,
                         "There is no header of an entry where the directory says.");
        return ARV_OK;
    }
    size_t header = (size_t)ZIP_LOCAL_BYTES + arv__le16(at + 26) + arv__le16(at + 28);
    zip->data_at = record->offset + header;
    if (zip->data_at > zip->directory.at || record->packed_bytes > zip->directory.at - zip->data_at) {
        arv__reader_find(reader, ARV_FINDING_OVERLAP, "It reaches into the directory.");
        return ARV_OK;
    }
    if ((size_t)got < header) {
        got = arv__window_get(&reader->window, record->offset, header, &at, err);
        if (got < 0)
            return (int)got;
    }
    zip_compare_local(reader, at);
    if (!reader->options.foreign && !reader->options.quick) {
        int status = zip_compare_form(reader, at, header, err);
        if (status < 0)
            return status;
    }
    zip->previous_end = zip->data_at + record->packed_bytes;
    zip->readable = zip_check_method(reader);
    if (zip->readable && record->method == ZIP_DEFLATED)
        inflateReset(&zip->inflate);
    return ARV_OK;
}

/* ---- entries --------------------------------------------------------------------------------- */

static arv__entry_type zip_type(arv__reader *reader, bool slash)
{
    const arv__zip_record *record = &((zip_state *)reader->state)->record;
    /* Programs look at a mode whatever system the record names, some at the bit of DOS alone. */
    unsigned kind = record->attributes >> 28;
    if (kind != 0 && kind != 010 && kind != 04) {
        arv__reader_find(reader, ARV_FINDING_TYPE,
                         "Its mode %o is that of a link, device or other special file.",
                         record->attributes >> 16);
        return ARV__ENTRY_OTHER;
    }
    if (kind != 0 && (kind == 04) != slash) {
        arv__reader_find(reader, ARV_FINDING_TYPE,
                         "Its mode and its name disagree on whether it is a folder.");
        return ARV__ENTRY_OTHER;
    }
    if (!slash && (record->attributes & ZIP_DOS_FOLDER)) {
        arv__reader_find(reader, ARV_FINDING_TYPE,
                         "Its attributes are those of a folder, its name is that of a file.");
        return ARV__ENTRY_OTHER;
    }
    if (record->attributes >> 16 & 07000) {
        arv__reader_find(reader, ARV_FINDING_TYPE, "Its mode %o would give rights to whoever runs it.",
                         record->attributes >> 16);
        return ARV__ENTRY_OTHER;
    }
    if (slash && record->size_bytes > 0) {
        arv__reader_find(reader, ARV_FINDING_TYPE, "It is a folder, but has %llu bytes.",
                         (unsigned long long)record->size_bytes);
        return ARV__ENTRY_OTHER;
    }
    return slash ? ARV__ENTRY_FOLDER : ARV__ENTRY_FILE;
}

static int zip_next(arv__reader *reader, arv__reader_entry *entry, arv_error *err)
{
    zip_state *zip = reader->state;
    int more = arv__zip_directory_next(&zip->directory, &zip->record, err);
    if (more <= 0)
        return more;
    const arv__zip_record *record = &zip->record;
    bool slash = record->name_length > 0 && record->name[record->name_length - 1] == '/';
    *entry = (arv__reader_entry){
        .name = record->name,
        .name_length = record->name_length,
        .size_bytes = record->size_bytes,
    };
    reader->entry = *entry; /* so that findings name it */
    entry->type = zip_type(reader, slash);
    zip->opened = false;
    if (!reader->options.quick) {
        if (reader->options.foreign)
            zip_check_name(reader);
        if (record->foreign)
            arv__reader_find(reader, ARV_FINDING_FOREIGN,
                             "Its record in the directory has %s, which no manifest covers.",
                             record->foreign);
        int status = zip_open_entry(reader, err);
        if (status < 0)
            return status;
    }
    if (slash) {
        zip->directory.name.data[record->name_length - 1] = '\0';
        entry->name_length--;
    }
    return 1;
}

/* Tries one form of the descriptor; returns its length when it agrees with the directory. */
static size_t zip_try_descriptor(const arv__zip_record *record, const unsigned char *at, size_t length,
                                 bool signature, bool wide)
{
    size_t need = (signature ? 4u : 0u) + (wide ? 20u : 12u);
    if (length < need || (signature && memcmp(at, "PK\7\10", 4) != 0))
        return 0;
    if (signature)
        at += 4;
    if (arv__le32(at) != record->crc32)
        return 0;
    uint64_t packed = wide ? arv__le64(at + 4) : arv__le32(at + 4);
    uint64_t size = wide ? arv__le64(at + 12) : arv__le32(at + 8);
    return packed == record->packed_bytes && size == record->size_bytes ? need : 0;
}

/* Behind the data, checks that the descriptor, if there is one, agrees too. */
static int zip_close_entry(arv__reader *reader, arv_error *err)
{
    zip_state *zip = reader->state;
    const arv__zip_record *record = &zip->record;
    if (!(record->flags & ZIP_DESCRIPTOR))
        return ARV_OK;
    const unsigned char *at = NULL;
    uint64_t left = zip->directory.at - zip->previous_end;
    int64_t got = arv__window_get(&reader->window, zip->previous_end, 24, &at, err);
    if (got < 0)
        return (int)got;
    size_t length = (uint64_t)got < left ? (size_t)got : (size_t)left;
    size_t taken = zip_try_descriptor(record, at, length, true, zip->wide);
    if (zip->formed) {
        arv__buf_clear(&zip->form);
        arv__zip_form_descriptor(&zip->entry, &zip->form);
        int status = arv__buf_status(&zip->form, "the headers of a zip", err);
        if (status < 0)
            return status;
        if (length < zip->form.length || zip_differs(zip, at, zip->form.length) != SIZE_MAX)
            arv__reader_find(reader, ARV_FINDING_FOREIGN,
                             "What stands behind its data is not what Archivist writes.");
    }
    if (!taken)
        taken = zip_try_descriptor(record, at, length, true, !zip->wide);
    if (!taken)
        taken = zip_try_descriptor(record, at, length, false, zip->wide);
    if (!taken)
        taken = zip_try_descriptor(record, at, length, false, !zip->wide);
    if (!taken)
        arv__reader_find(reader, ARV_FINDING_HEADER,
                         "The data descriptor behind it does not agree with the directory.");
    zip->previous_end += taken;
    return ARV_OK;
}

/* All bytes came: do their number and checksum agree with the directory? */
static int64_t zip_end_data(arv__reader *reader, arv_error *err)
{
    zip_state *zip = reader->state;
    const arv__zip_record *record = &zip->record;
    if (reader->entry_bytes != record->size_bytes) {
        arv__reader_find(reader, ARV_FINDING_CHECKSUM, "The directory promises %llu bytes, %llu came out.",
                         (unsigned long long)record->size_bytes, (unsigned long long)reader->entry_bytes);
        reader->intact = false;
    } else if (zip->crc32 != record->crc32) {
        arv__reader_find(reader, ARV_FINDING_CHECKSUM, "The directory says CRC-32 %08x, the bytes have %08x.",
                         record->crc32, zip->crc32);
        reader->intact = false;
    }
    return zip_close_entry(reader, err);
}

static int64_t zip_spoiled(arv__reader *reader, const char *message, arv_error *err)
{
    arv__reader_find(reader, ARV_FINDING_CHECKSUM, "%s", message);
    reader->intact = false;
    return zip_close_entry(reader, err);
}

static int64_t zip_read_stored(arv__reader *reader, const unsigned char **data, arv_error *err)
{
    zip_state *zip = reader->state;
    uint64_t left = zip->record.packed_bytes - zip->packed_read;
    if (left == 0)
        return zip_end_data(reader, err);
    int64_t got = arv__window_get(&reader->window, zip->data_at + zip->packed_read, 1, data, err);
    if (got <= 0)
        return got;
    if ((uint64_t)got > left)
        got = (int64_t)left;
    zip->packed_read += (uint64_t)got;
    zip->crc32 = arv__crc32(zip->crc32, *data, (size_t)got);
    return got;
}

/* Returns whether more bytes came out than honest compression can have put in. */
static bool zip_is_bomb(arv__reader *reader, uint64_t unpacked)
{
    zip_state *zip = reader->state;
    uint64_t ratio = reader->options.limits.ratio_max;
    if (unpacked <= ZIP_RATIO_FREE_BYTES || unpacked / ratio <= zip->record.packed_bytes)
        return false;
    arv__reader_find(reader, ARV_FINDING_BOMB, "It unpacks to more than %llu times its %llu packed bytes.",
                     (unsigned long long)ratio, (unsigned long long)zip->record.packed_bytes);
    reader->stopped = true;
    reader->intact = false;
    return true;
}

/*
 * zlib inflates every stream, also small ones. libdeflate is two to three times as fast, but takes the
 * lengths 286 and 287, which the format does not have, for 285; other programs refuse them.
 */
static int64_t zip_read_deflated(arv__reader *reader, const unsigned char **data, arv_error *err)
{
    zip_state *zip = reader->state;
    z_stream *z = &zip->inflate;
    z->next_out = zip->out;
    z->avail_out = ZIP_OUT_BYTES;
    while (z->avail_out > 0 && !zip->ended) {
        const unsigned char *in = NULL;
        uint64_t left = zip->record.packed_bytes - zip->packed_read;
        int64_t got = 0;
        if (left > 0) {
            got = arv__window_get(&reader->window, zip->data_at + zip->packed_read, 1, &in, err);
            if (got < 0)
                return got;
        }
        if ((uint64_t)got > left)
            got = (int64_t)left;
        z->next_in = (unsigned char *)in;
        z->avail_in = (unsigned)got;
        int result = inflate(z, Z_NO_FLUSH);
        zip->packed_read += (uint64_t)got - z->avail_in;
        if (result == Z_MEM_ERROR)
            return arv_error_nomem(err, "unpacking an entry");
        zip->ended = result == Z_STREAM_END;
        if (result != Z_OK && !zip->ended)
            return zip_spoiled(reader,
                               left == 0 ? "Its compressed bytes end too early."
                                         : "Its compressed bytes are damaged.",
                               err);
    }
    size_t made = ZIP_OUT_BYTES - z->avail_out;
    if (made == 0) {
        if (zip->packed_read != zip->record.packed_bytes)
            return zip_spoiled(reader, "Bytes stand behind the end of its compressed bytes.", err);
        return zip_end_data(reader, err);
    }
    /* More bytes than promised are wrong already; a promise of many bytes does not lift the limits. */
    if (reader->entry_bytes + made > zip->record.size_bytes) {
        if (zip_is_bomb(reader, reader->entry_bytes + made))
            return 0;
        return zip_spoiled(reader, "More bytes come out than the directory promises.", err);
    }
    if (zip_is_bomb(reader, reader->entry_bytes + made))
        return 0;
    zip->crc32 = arv__crc32(zip->crc32, zip->out, made);
    *data = zip->out;
    return (int64_t)made;
}

static int64_t zip_read(arv__reader *reader, const unsigned char **data, arv_error *err)
{
    zip_state *zip = reader->state;
    if (!zip->opened) {
        int status = zip_open_entry(reader, err);
        if (status < 0)
            return status;
    }
    if (!zip->readable) {
        reader->intact = false;
        return 0;
    }
    return zip->record.method == ZIP_STORED ? zip_read_stored(reader, data, err)
                                            : zip_read_deflated(reader, data, err);
}

static int zip_finish(arv__reader *reader, arv_error *err)
{
    (void)err;
    zip_state *zip = reader->state;
    if (zip->previous_end < zip->directory.at)
        arv__reader_find(reader, ARV_FINDING_GAP,
                         "%llu bytes between the last entry and the directory belong to none.",
                         (unsigned long long)(zip->directory.at - zip->previous_end));
    return ARV_OK;
}

static bool zip_begins(const unsigned char *head, size_t length)
{
    return length >= 4 && (!memcmp(head, "PK\3\4", 4) || !memcmp(head, "PK\5\6", 4));
}

static bool zip_ends(const unsigned char *tail, size_t length)
{
    for (size_t i = length; i >= 22; i--)
        if (memcmp(tail + i - 22, "PK\5\6", 4) == 0)
            return true;
    return false;
}

const arv__reader_ops arv__reader_zip = {.begins = zip_begins,
                                         .ends = zip_ends,
                                         .open = zip_open,
                                         .next = zip_next,
                                         .read = zip_read,
                                         .finish = zip_finish,
                                         .free = zip_free};
