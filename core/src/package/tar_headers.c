/* SPDX-License-Identifier: Apache-2.0 */
#include "package/tar_headers.h"

#include <string.h>

enum {
    HEADER_BYTES = 512,
    HEADER_SIZE_AT = 124,
    HEADER_SIZE_BYTES = 12,
    HEADER_TYPE_AT = 156,
    HEADER_LINK_AT = 157,
    HEADER_MAGIC_AT = 257,
    HEADER_USER_AT = 265, /* then the group's name, 32 bytes each */
    HEADER_DEVICE_AT = 329,
    HEADER_PREFIX_AT = 345,
    HEADER_PADDING_AT = 500,
    HEADER_BODY_BYTES_MAX = 1 << 20
};

/* Taken with its own field as blanks; some programs take signed bytes. */
bool arv__tar_has_sum(const unsigned char *head, size_t length)
{
    if (length < 512)
        return false;
    unsigned sum = 0, told = 0;
    int other = 0;
    for (unsigned i = 0; i < 512; i++) {
        sum += i >= 148 && i < 156 ? ' ' : head[i];
        other += i >= 148 && i < 156 ? ' ' : (signed char)head[i];
    }
    for (unsigned i = 148; i < 156; i++) {
        if (head[i] >= '0' && head[i] <= '7')
            told = told * 8 + (unsigned)(head[i] - '0');
        else if (told)
            break;
    }
    return told > 0 && (sum == told || other == (int)told);
}

void arv__tar_headers_init(arv__tar_headers *headers)
{
    *headers = (arv__tar_headers){.done = true};
    arv__buf_init(&headers->body, HEADER_BODY_BYTES_MAX);
}

void arv__tar_headers_cleanup(arv__tar_headers *headers)
{
    arv__buf_cleanup(&headers->body);
}

void arv__tar_headers_begin(arv__tar_headers *headers, uint64_t at)
{
    headers->at = at;
    headers->body_left = 0;
    headers->done = false;
    headers->odd = headers->foreign = NULL;
}

static void headers_find(arv__tar_headers *headers, const char *odd)
{
    if (!headers->odd)
        headers->odd = odd;
}

static void headers_find_foreign(arv__tar_headers *headers, const char *foreign)
{
    if (!headers->foreign)
        headers->foreign = foreign;
}

static uint64_t headers_round(uint64_t bytes)
{
    return (bytes + HEADER_BYTES - 1) & ~(uint64_t)(HEADER_BYTES - 1);
}

/* Of an extended header or long name; those are short, so base-256 numbers are not expected. */
static uint64_t headers_size(const unsigned char *header)
{
    uint64_t size = 0;
    const unsigned char *at = header + HEADER_SIZE_AT, *end = at + HEADER_SIZE_BYTES;
    while (at < end && *at == ' ')
        at++;
    for (; at < end && *at >= '0' && *at <= '7'; at++)
        size = size * 8 + (unsigned)(*at - '0');
    return size;
}

/* ---- extended headers ------------------------------------------------------------------------ */

static bool headers_key_begins(const char *key, size_t length, const char *with)
{
    size_t count = strlen(with);
    return length >= count && memcmp(key, with, count) == 0;
}

static bool headers_key_is(const char *key, size_t length, const char *name)
{
    return length == strlen(name) && memcmp(key, name, length) == 0;
}

static bool headers_are_digits(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return length > 0 && length <= 18;
}

/* Keys of other programs for times and owners. */
static bool headers_key_is_usual(const char *key, size_t length)
{
    static const char *const usual[] = {"mtime", "atime", "ctime", "uid", "gid", "uname", "gname"};
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (headers_key_is(key, length, usual[i]))
            return true;
    return false;
}

static void headers_see_key(arv__tar_headers *headers, const char *key, size_t length, size_t value_length,
                            unsigned *paths)
{
    bool path = headers_key_is(key, length, "path");
    if (headers->body_global && !headers_key_is(key, length, "comment"))
        headers_find(headers, "a global header before it that not every program obeys");
    else if (headers_key_begins(key, length, "GNU.sparse."))
        headers_find(headers, "the header of a sparse file, which programs unpack differently");
    else if (headers_key_is(key, length, "hdrcharset"))
        headers_find(headers, "a name in a character set of its own");
    else if (headers_key_is(key, length, "linkpath"))
        headers_find(headers, "the target of a link");
    else if (path && memchr(key + length, '\0', value_length + 1))
        headers_find(headers, "a NUL in its name");
    else if (path && ++*paths > 1)
        headers_find(headers, "two names");
    if (headers_key_is(key, length, "size") && !headers_are_digits(key + length + 1, value_length))
        headers_find(headers, "a size in its extended header that is no number");
    if (headers->body_global ||
        !(path || headers_key_is(key, length, "size") || headers_key_is_usual(key, length)))
        headers_find_foreign(headers, "more in its extended header than a name and a size");
}

/* One record, "<length> <key>=<value>\n"; returns its length, or 0 when it is malformed. */
static size_t headers_record(arv__tar_headers *headers, const char *at, size_t left, unsigned *paths)
{
    size_t length = 0, digits = 0;
    while (digits < left && digits < 8 && at[digits] >= '0' && at[digits] <= '9')
        length = length * 10 + (size_t)(at[digits++] - '0');
    if (digits == 0 || digits >= left || at[digits] != ' ' || length > left || length < digits + 4 ||
        at[length - 1] != '\n')
        return 0;
    const char *key = at + digits + 1;
    const char *equals = memchr(key, '=', length - digits - 2);
    if (!equals || equals == key)
        return 0;
    headers_see_key(headers, key, (size_t)(equals - key), (size_t)(at + length - 2 - equals), paths);
    return length;
}

static void headers_see_body(arv__tar_headers *headers)
{
    const char *at = (const char *)headers->body.data;
    size_t left = headers->body.length;
    unsigned paths = 0;
    while (left > 0) {
        size_t length = headers_record(headers, at, left, &paths);
        if (length == 0) {
            headers_find(headers, "an extended header that is malformed");
            return;
        }
        at += length;
        left -= length;
    }
}

/* ---- what no manifest covers ----------------------------------------------------------------- */

static bool headers_are_zero(const unsigned char *at, size_t length)
{
    return length == 0 || (at[0] == 0 && memcmp(at, at + 1, length - 1) == 0);
}

/* A name that is shorter than its field ends with NUL, and nothing stands behind that. */
static bool headers_name_ends(const unsigned char *at, size_t length)
{
    const unsigned char *end = memchr(at, '\0', length);
    return !end || headers_are_zero(end, length - (size_t)(end - at));
}

/* An octal field that says 0. */
static bool headers_is_nothing(const unsigned char *at, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (at[i] != '0' && at[i] != ' ' && at[i] != '\0')
            return false;
    return true;
}

/* Digits with blanks or zeros before them, and nothing but blanks and NULs behind. Programs read any other
 * form differently. */
static bool headers_is_number(const unsigned char *at, size_t length)
{
    size_t i = 0;
    while (i < length && at[i] == ' ')
        i++;
    while (i < length && at[i] >= '0' && at[i] <= '7')
        i++;
    while (i < length && (at[i] == ' ' || at[i] == '\0'))
        i++;
    return i == length;
}

/* GNU's binary form of a number that every program takes: an owner below 2^31, else below 2^43. */
static bool headers_is_binary(const unsigned char *at, size_t length)
{
    uint64_t value = 0;
    if (at[0] != 0x80)
        return false;
    for (size_t i = 1; i < length; i++) {
        if (value >> 43)
            return false;
        value = value << 8 | at[i];
    }
    return value < (length == 8 ? UINT64_C(1) << 31 : UINT64_C(1) << 43);
}

static void headers_see_numbers(arv__tar_headers *headers, const unsigned char *header)
{
    static const struct {
        unsigned short at, length;
        bool large; /* GNU's binary form is usual for numbers that do not fit in octal digits */
    } fields[] = {
        {100, 8, false}, {108, 8, true},  {116, 8, true}, {124, 12, true}, {136, 12, true},
        {148, 8, false}, {329, 8, false}, {337, 8, false}}; /* Python stops at an odd device number */
    unsigned char type = header[HEADER_TYPE_AT];
    bool entry = type == '\0' || type == '0' || type == '5'; /* the others are never so large */
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const unsigned char *at = header + fields[i].at;
        bool binary = fields[i].large && (entry || fields[i].at != HEADER_SIZE_AT) &&
                      headers_is_binary(at, fields[i].length);
        if (!binary && !headers_is_number(at, fields[i].length))
            headers_find(headers, "a number in its header that programs read differently");
    }
    unsigned mode = 0;
    for (unsigned i = 100; i < 108; i++)
        if (header[i] >= '0' && header[i] <= '7')
            mode = mode * 8 + (unsigned)(header[i] - '0');
    if (mode & 07000)
        headers_find(headers, "a mode that would give rights to whoever runs it");
}

static void headers_see_fields(arv__tar_headers *headers, const unsigned char *header)
{
    unsigned char type = header[HEADER_TYPE_AT];
    headers_see_numbers(headers, header);
    if (memcmp(header + HEADER_MAGIC_AT, "ustar  ", 8) == 0)
        return; /* GNU's: other fields */
    if (memcmp(header + HEADER_MAGIC_AT, "ustar\00000", 8) != 0) {
        headers_find_foreign(headers, "a header of an older kind");
        return;
    }
    if ((type == '\0' || type == '0' || type == '5' || type == 'x' || type == 'g') &&
        (!headers_are_zero(header + HEADER_LINK_AT, HEADER_MAGIC_AT - HEADER_LINK_AT) ||
         !headers_is_nothing(header + HEADER_DEVICE_AT, 16)))
        headers_find_foreign(headers, "the target of a link or device in its header");
    if (!headers_name_ends(header, 100) ||
        !headers_name_ends(header + HEADER_PREFIX_AT, HEADER_PADDING_AT - HEADER_PREFIX_AT) ||
        !headers_are_zero(header + HEADER_PADDING_AT, HEADER_BYTES - HEADER_PADDING_AT))
        headers_find_foreign(headers, "bytes in its header that belong to no field");
}

/* ---- the walk -------------------------------------------------------------------------------- */

static void headers_see_header(arv__tar_headers *headers, const unsigned char *header)
{
    uint64_t size = headers_size(header);
    unsigned char type = header[HEADER_TYPE_AT];
    headers->at += HEADER_BYTES;
    if (!headers_are_zero(header, HEADER_BYTES))
        headers_see_fields(headers, header);
    if (type == 'x' || type == 'X' || type == 'g') {
        headers->body_global = type == 'g';
        headers->body_left = size;
        arv__buf_clear(&headers->body);
        if (size <= HEADER_BODY_BYTES_MAX)
            return;
        headers_find(headers, "an extended header of more than 1 MiB");
    } else if (type == 'L' || type == 'K') {
        headers->at += headers_round(size); /* at most 12 octal digits: no overflow */
        return;
    } else if (type != '0' && type != '5' && (type != '\0' || header[0] == '\0')) {
        if (type != '\0')
            headers_find(headers, "a type that programs understand differently");
    }
    headers->done = true;
}

void arv__tar_headers_see(arv__tar_headers *headers, const unsigned char *block, uint64_t block_at,
                          size_t length)
{
    while (!headers->done && headers->at >= block_at && headers->at - block_at < length) {
        size_t skip = (size_t)(headers->at - block_at), left = length - skip;
        if (headers->body_left == 0) {
            if (left < HEADER_BYTES)
                return; /* the stream is cut off */
            headers_see_header(headers, block + skip);
            continue;
        }
        if (left > headers->body_left)
            left = (size_t)headers->body_left;
        arv__buf_append(&headers->body, block + skip, left);
        headers->at += left;
        headers->body_left -= left;
        if (headers->body_left > 0)
            continue;
        size_t behind = (size_t)(headers_round(headers->at) - headers->at);
        if (behind > length - skip - left)
            behind = length - skip - left; /* cut off */
        if (!headers_are_zero(block + skip + left, behind))
            headers_find_foreign(headers, "bytes behind its extended header");
        headers->at = headers_round(headers->at);
        if (headers->body.failed)
            headers_find(headers, "an extended header for which there is not enough memory");
        headers_see_body(headers);
    }
}
