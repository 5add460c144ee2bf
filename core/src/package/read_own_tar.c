/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Reads the tar of an archive of ours, plain or compressed. It reads name, kind and size from the
 * headers, then computes the headers anew by the packer's own code and compares every byte. So no byte
 * can stand there that one program reads and another does not.
 */

#include "package/formats.h"

#include <string.h>
#include <arv/sys/alloc.h>
#include "package/tar_headers.h"

enum { OWN_BLOCK = 512, OWN_BODY_MAX = 8192, OWN_NAME_MAX = 2048 };

typedef struct own_tar {
    arv__unpack unpack;
    const unsigned char *block;
    size_t block_left;
    uint64_t at; /* in the stream, of the next byte */
    uint64_t data_left, data_length;
    arv__buf headers, expected, name;
    bool ended; /* the end mark was read */
} own_tar;

static int own_open(arv__reader *reader, arv_error *err)
{
    own_tar *tar = reader->state = arv_calloc(1, sizeof *tar);
    if (!tar)
        return arv_error_nomem(err, "a tar reader");
    arv__buf_init(&tar->headers, 2 * OWN_BLOCK + OWN_BODY_MAX + OWN_BLOCK);
    arv__buf_init(&tar->expected, 4 * OWN_BODY_MAX);
    arv__buf_init(&tar->name, OWN_BODY_MAX);
    return arv__unpack_init(&tar->unpack, reader, err);
}

static void own_free(arv__reader *reader)
{
    own_tar *tar = reader->state;
    arv__unpack_cleanup(&tar->unpack);
    arv__buf_cleanup(&tar->headers);
    arv__buf_cleanup(&tar->expected);
    arv__buf_cleanup(&tar->name);
    arv_free(tar);
}

/* Gives the next bytes of the stream, at most `most`. Returns 0 at its end. */
static int64_t own_take(arv__reader *reader, size_t most, const unsigned char **data, arv_error *err)
{
    own_tar *tar = reader->state;
    if (tar->block_left == 0) {
        int64_t got = arv__unpack_next(&tar->unpack, &tar->block, err);
        if (got <= 0)
            return got;
        tar->block_left = (size_t)got;
    }
    size_t taken = most < tar->block_left ? most : tar->block_left;
    *data = tar->block;
    tar->block += taken;
    tar->block_left -= taken;
    tar->at += taken;
    return (int64_t)taken;
}

/* The stream ends or breaks off: the reader looks at nothing behind it. */
static int own_stop(arv__reader *reader, arv_finding_kind kind, const char *what)
{
    own_tar *tar = reader->state;
    reader->intact = false;
    reader->stopped = true;
    if (!tar->unpack.damaged)
        arv__reader_find(reader, kind, "%s (At byte %llu of the tar.)", what, (unsigned long long)tar->at);
    return 0;
}

/* Reads exactly `count` bytes behind those in tar->headers. Returns 0 when they are not there. */
static int own_fetch(arv__reader *reader, size_t count, arv_error *err)
{
    own_tar *tar = reader->state;
    while (count > 0) {
        const unsigned char *data = NULL;
        int64_t got = own_take(reader, count, &data, err);
        if (got < 0)
            return (int)got;
        if (got == 0)
            return own_stop(reader, ARV_FINDING_TRUNCATED, "The tar ends in the middle.");
        arv__buf_append(&tar->headers, data, (size_t)got);
        count -= (size_t)got;
    }
    int status = arv__buf_status(&tar->headers, "the headers of a tar", err);
    return status < 0 ? status : 1;
}

static bool own_zero(const unsigned char *data, size_t length)
{
    return length == 0 || (data[0] == 0 && memcmp(data, data + 1, length - 1) == 0);
}

/* Exactly `digits` octal digits and a NUL. */
static bool own_octal(const unsigned char *field, unsigned digits, uint64_t *value)
{
    *value = 0;
    for (unsigned i = 0; i < digits; i++) {
        if (field[i] < '0' || field[i] > '7')
            return false;
        *value = *value * 8 + (unsigned)(field[i] - '0');
    }
    return field[digits] == '\0';
}

static bool own_checksum(const unsigned char *header)
{
    uint64_t sum = 0, told;
    for (unsigned i = 0; i < OWN_BLOCK; i++)
        sum += i >= 148 && i < 156 ? ' ' : header[i];
    return own_octal(header + 148, 6, &told) && told == sum && header[155] == ' ';
}

/* Parses "<length> <key>=<value>\n": returns the value, and the record's length; NULL when malformed. */
static const char *own_record(const char *at, size_t left, const char *key, size_t *value_length,
                              size_t *record_length)
{
    size_t length = 0, digits = 0, key_length = strlen(key);
    while (digits < left && digits < 5 && at[digits] >= '0' && at[digits] <= '9')
        length = length * 10 + (size_t)(at[digits++] - '0');
    if (digits == 0 || length > left || length < digits + key_length + 3 || at[digits] != ' ' ||
        memcmp(at + digits + 1, key, key_length) != 0 || at[digits + 1 + key_length] != '=' ||
        at[length - 1] != '\n')
        return NULL;
    *record_length = length;
    *value_length = length - digits - key_length - 3;
    return at + digits + key_length + 2;
}

/* Takes name and size of a pax header; the comparison with the computed header finds malformed ones. */
static void own_extended(own_tar *tar, const char *body, size_t length, bool *named, bool *sized,
                         uint64_t *size)
{
    size_t value_length, record_length;
    const char *value = own_record(body, length, "path", &value_length, &record_length);
    if (value) {
        arv__buf_append(&tar->name, value, value_length);
        *named = true;
        body += record_length;
        length -= record_length;
    }
    value = own_record(body, length, "size", &value_length, &record_length);
    if (!value || value_length > 18)
        return;
    *sized = true;
    *size = 0;
    for (size_t i = 0; i < value_length; i++) {
        if (value[i] < '0' || value[i] > '9')
            *sized = false;
        *size = *size * 10 + (unsigned)(value[i] - '0');
    }
}

static void own_plain_name(own_tar *tar, const unsigned char *header)
{
    size_t prefix = strnlen((const char *)header + 345, 155);
    if (prefix > 0) {
        arv__buf_append(&tar->name, header + 345, prefix);
        arv__buf_byte(&tar->name, '/');
    }
    arv__buf_append(&tar->name, header, strnlen((const char *)header, 100));
}

static const char *own_field(size_t at)
{
    static const struct {
        unsigned end;
        const char *name;
    } fields[] = {{100, "name"},      {108, "mode"},   {116, "uid"},       {124, "gid"},
                  {136, "size"},      {148, "mtime"},  {156, "checksum"},  {157, "type"},
                  {257, "link name"}, {265, "magic"},  {297, "user name"}, {329, "group name"},
                  {345, "device"},    {500, "prefix"}, {512, "padding"}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (at < fields[i].end)
            return fields[i].name;
    return "padding";
}

/* Compares the headers of the container with those that the packer writes. */
static int own_compare(arv__reader *reader, bool folder, uint64_t size, size_t header_at, arv_error *err)
{
    own_tar *tar = reader->state;
    arv__buf_clear(&tar->expected);
    int status = arv__tar_write_headers(reader->entry.name, reader->entry.name_length, folder, size,
                                        &tar->expected, err);
    if (status < 0)
        return status;
    const unsigned char *is = tar->headers.data, *must = tar->expected.data;
    size_t length = tar->headers.length, last = tar->expected.length - OWN_BLOCK, at = 0;
    if (length == tar->expected.length && memcmp(is, must, length) == 0)
        return ARV_OK;
    if (header_at != last) {
        arv__reader_find(reader, ARV_FINDING_HEADER,
                         last == 0 ? "It has a pax header, which it does not need."
                                   : "Its pax header is missing or not what Archivist writes.");
        return ARV_OK;
    }
    while (at < length && is[at] == must[at])
        at++;
    arv__reader_find(reader, ARV_FINDING_HEADER,
                     at < header_at
                         ? "Its pax header is not what Archivist writes for this name and size."
                         : "Its header has another %s than Archivist writes for this name and size.",
                     own_field(at - header_at));
    return ARV_OK;
}

/* Behind the data, checks zeros up to a whole block. Returns 1, 0 when the stream broke off, or < 0. */
static int own_padding(arv__reader *reader, arv_error *err)
{
    own_tar *tar = reader->state;
    size_t left = (size_t)(-tar->data_length & (OWN_BLOCK - 1));
    bool told = false;
    tar->data_length = 0;
    while (left > 0) {
        const unsigned char *data = NULL;
        int64_t got = own_take(reader, left, &data, err);
        if (got < 0)
            return (int)got;
        if (got == 0)
            return own_stop(reader, ARV_FINDING_TRUNCATED, "The tar ends in the middle.");
        if (!told && !own_zero(data, (size_t)got))
            arv__reader_find(reader, ARV_FINDING_GAP,
                             "The padding behind it holds bytes that belong to no entry.");
        told |= !own_zero(data, (size_t)got);
        left -= (size_t)got;
    }
    return 1;
}

static int64_t own_read(arv__reader *reader, const unsigned char **data, arv_error *err)
{
    own_tar *tar = reader->state;
    if (tar->data_left == 0) {
        int status = own_padding(reader, err);
        return status < 0 ? status : 0;
    }
    size_t most = tar->data_left < SIZE_MAX / 2 ? (size_t)tar->data_left : SIZE_MAX / 2;
    int64_t got = own_take(reader, most, data, err);
    if (got < 0)
        return got;
    if (got == 0)
        return own_stop(reader, ARV_FINDING_TRUNCATED, "The tar ends in the middle.");
    tar->data_left -= (uint64_t)got;
    return got;
}

/* Reads the headers of the next entry. Returns the place of its own header, 0 at the end, or < 0. */
static int own_headers(arv__reader *reader, size_t *header_at, bool *named, bool *sized, uint64_t *size,
                       arv_error *err)
{
    own_tar *tar = reader->state;
    uint64_t body = 0;
    arv__buf_clear(&tar->headers);
    arv__buf_clear(&tar->name);
    *header_at = 0;
    int status = own_fetch(reader, OWN_BLOCK, err);
    if (status <= 0)
        return status;
    if (own_zero(tar->headers.data, OWN_BLOCK)) {
        status = own_fetch(reader, OWN_BLOCK, err);
        if (status <= 0)
            return status;
        tar->ended = own_zero(tar->headers.data + OWN_BLOCK, OWN_BLOCK);
        return tar->ended ? 0
                          : own_stop(reader, ARV_FINDING_STRUCTURE,
                                     "A block of zeros stands where a header was expected.");
    }
    if (!own_checksum(tar->headers.data))
        return own_stop(reader, ARV_FINDING_STRUCTURE, "The tar is damaged: a header was expected.");
    if (tar->headers.data[156] != 'x')
        return 1;
    if (!own_octal(tar->headers.data + 124, 11, &body) || body == 0 || body > OWN_BODY_MAX)
        return own_stop(reader, ARV_FINDING_STRUCTURE,
                        "A pax header has a size that Archivist never writes.");
    size_t padded = (size_t)((body + OWN_BLOCK - 1) & ~(uint64_t)(OWN_BLOCK - 1));
    status = own_fetch(reader, padded + OWN_BLOCK, err);
    if (status <= 0)
        return status;
    *header_at = OWN_BLOCK + padded;
    own_extended(tar, (const char *)tar->headers.data + OWN_BLOCK, (size_t)body, named, sized, size);
    if (!own_checksum(tar->headers.data + *header_at))
        return own_stop(reader, ARV_FINDING_STRUCTURE, "The tar is damaged: a header was expected.");
    return 1;
}

static int own_next(arv__reader *reader, arv__reader_entry *entry, arv_error *err)
{
    own_tar *tar = reader->state;
    bool named = false, sized = false;
    uint64_t size = 0, told;
    size_t header_at;
    const unsigned char *skipped;
    while (tar->data_left > 0 || tar->data_length > 0) { /* of an entry that was passed over */
        int64_t got = own_read(reader, &skipped, err);
        if (got < 0)
            return (int)got;
        if (reader->stopped)
            return 0;
    }
    if (tar->ended)
        return 0;
    int more = own_headers(reader, &header_at, &named, &sized, &size, err);
    if (more <= 0)
        return more;
    const unsigned char *header = tar->headers.data + header_at;
    if (!named)
        own_plain_name(tar, header);
    entry->name = arv__buf_text_z(&tar->name);
    if (!entry->name)
        return arv__buf_status(&tar->name, "a name in a tar", err);
    entry->name_length = tar->name.length;
    bool folder = header[156] == '5';
    if (folder && entry->name_length > 1 && entry->name[entry->name_length - 1] == '/') {
        tar->name.data[--tar->name.length] = '\0';
        entry->name_length--;
    }
    reader->entry = *entry; /* so that findings name it */
    if (!own_octal(header + 124, 11, &told))
        return own_stop(reader, ARV_FINDING_HEADER,
                        "Its header has a size that is no number of 11 octal digits.");
    if (!sized)
        size = told;
    entry->size_bytes = size;
    entry->type = folder ? ARV__ENTRY_FOLDER : header[156] == '0' ? ARV__ENTRY_FILE : ARV__ENTRY_OTHER;
    if (entry->type == ARV__ENTRY_OTHER || entry->name_length >= OWN_NAME_MAX)
        return own_stop(reader, ARV_FINDING_TYPE,
                        "It is no file or folder as Archivist writes them; what stands behind it was "
                        "not read.");
    tar->data_left = tar->data_length = size;
    if (folder && size > 0)
        arv__reader_find(reader, ARV_FINDING_TYPE, "It is a folder with content.");
    int status = own_compare(reader, folder, size, header_at, err);
    return status < 0 ? status : 1;
}

/* In an archive of ours nothing follows the end mark but the end of the container. The reader does not
 * unpack bytes behind it, whatever they hold, so no limit has to bound them. */
static int own_finish(arv__reader *reader, arv_error *err)
{
    const unsigned char *data = NULL;
    int64_t got = own_take(reader, 1, &data, err);
    if (got < 0)
        return (int)got;
    if (got > 0)
        arv__reader_find(reader, ARV_FINDING_TRAILING, "Bytes stand behind the end mark of the tar.");
    return ARV_OK;
}

static bool own_begins(const unsigned char *head, size_t length)
{
    return arv__tar_has_sum(head, length) && memcmp(head + 257, "ustar", 5) == 0;
}

const arv__reader_ops arv__reader_own_tar = {.begins = own_begins,
                                             .open = own_open,
                                             .next = own_next,
                                             .read = own_read,
                                             .finish = own_finish,
                                             .free = own_free};
