/* SPDX-License-Identifier: Apache-2.0 */
#include "util/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <arv/sys/alloc.h>

enum { BUF_FIRST_BYTES = 256 };

static const char buf_hex_lower[] = "0123456789abcdef";
static const char buf_hex_upper[] = "0123456789ABCDEF";

void arv__buf_init(arv__buf *buf, size_t limit_bytes)
{
    *buf = (arv__buf){.limit = limit_bytes};
}

void arv__buf_init_counting(arv__buf *buf)
{
    *buf = (arv__buf){.counting = true};
}

void arv__buf_cleanup(arv__buf *buf)
{
    arv_free(buf->data);
    *buf = (arv__buf){.limit = buf->limit, .counting = buf->counting};
}

/* One byte more than the capacity is allocated, so that a final NUL always finds room. */
static bool buf_grow(arv__buf *buf, size_t wanted)
{
    size_t capacity = buf->capacity < BUF_FIRST_BYTES ? BUF_FIRST_BYTES : buf->capacity;
    while (capacity < wanted)
        capacity = capacity > SIZE_MAX / 2 ? wanted : capacity * 2;
    if (capacity > buf->limit)
        capacity = buf->limit;
    unsigned char *data = capacity < SIZE_MAX ? arv_realloc(buf->data, capacity + 1) : NULL;
    if (!data) {
        buf->failed = ARV_ENOMEM;
        return false;
    }
    buf->data = data;
    buf->capacity = capacity;
    return true;
}

bool arv__buf_reserve(arv__buf *buf, size_t extra_bytes)
{
    if (buf->failed)
        return false;
    if (buf->counting || (buf->data && buf->capacity - buf->length >= extra_bytes))
        return true;
    if (extra_bytes > buf->limit - buf->length) {
        buf->failed = ARV_ELIMIT;
        return false;
    }
    return buf_grow(buf, buf->length + extra_bytes);
}

void arv__buf_append_slow(arv__buf *buf, const void *data, size_t length)
{
    if (buf->counting) {
        buf->counted += length;
        return;
    }
    if (length == 0 || !arv__buf_reserve(buf, length))
        return;
    memcpy(buf->data + buf->length, data, length);
    buf->length += length;
}

/* Counts `length` bytes and returns NULL (write nothing), or makes room for them and returns their place. */
static unsigned char *buf_extend(arv__buf *buf, size_t length)
{
    if (buf->counting) {
        buf->counted += length;
        return NULL;
    }
    if (!arv__buf_reserve(buf, length))
        return NULL;
    unsigned char *at = buf->data + buf->length;
    buf->length += length;
    return at;
}

void arv__buf_text(arv__buf *buf, const char *text)
{
    arv__buf_append(buf, text, strlen(text));
}

void arv__buf_uint(arv__buf *buf, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    arv__buf_append(buf, digits + at, sizeof digits - at);
}

void arv__buf_int(arv__buf *buf, int64_t value)
{
    if (value < 0)
        arv__buf_byte(buf, '-');
    arv__buf_uint(buf, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void arv__buf_hex(arv__buf *buf, const unsigned char *data, size_t length)
{
    if (length > SIZE_MAX / 2) {
        if (!buf->failed)
            buf->failed = ARV_ELIMIT;
        return;
    }
    unsigned char *at = buf_extend(buf, length * 2);
    for (size_t i = 0; at && i < length; i++) {
        *at++ = (unsigned char)buf_hex_lower[data[i] >> 4];
        *at++ = (unsigned char)buf_hex_lower[data[i] & 15];
    }
}

void arv__buf_fill(arv__buf *buf, unsigned char byte, size_t count)
{
    unsigned char *at = buf_extend(buf, count);
    if (at)
        memset(at, byte, count);
}

static void buf_vprintf(arv__buf *buf, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    size_t room = buf->counting ? 0 : buf->capacity - buf->length;
    int wanted = vsnprintf(room ? (char *)buf->data + buf->length : NULL, room ? room + 1 : 0, format, args);
    if (wanted < 0) {
        buf->failed = ARV_ENOMEM; /* the only way in which our formats can fail */
    } else if (!buf->counting && (size_t)wanted <= room) {
        buf->length += (size_t)wanted;
    } else {
        unsigned char *at = buf_extend(buf, (size_t)wanted);
        if (at)
            vsnprintf((char *)at, (size_t)wanted + 1, format, again);
    }
    va_end(again);
}

void arv__buf_printf(arv__buf *buf, const char *format, ...)
{
    if (buf->failed)
        return;
    va_list args;
    va_start(args, format);
    buf_vprintf(buf, format, args);
    va_end(args);
}

static void buf_little_endian(arv__buf *buf, uint64_t value, size_t bytes)
{
    unsigned char out[8];
    for (size_t i = 0; i < bytes; i++)
        out[i] = (unsigned char)(value >> (8 * i));
    arv__buf_append(buf, out, bytes);
}

void arv__buf_le16(arv__buf *buf, uint16_t value)
{
    buf_little_endian(buf, value, 2);
}

void arv__buf_le32(arv__buf *buf, uint32_t value)
{
    buf_little_endian(buf, value, 4);
}

void arv__buf_le64(arv__buf *buf, uint64_t value)
{
    buf_little_endian(buf, value, 8);
}

/*
 * All escaping printers are one loop over a table of the bytes that they escape. It copies runs of other
 * bytes at once, since nearly every name consists of nothing else.
 */
typedef void (*buf_escape_fn)(arv__buf *buf, unsigned char byte);

static void buf_escaped(arv__buf *buf, const char *text, size_t length, const bool special[256],
                        buf_escape_fn escape)
{
    size_t start = 0;
    for (size_t i = 0; i < length; i++) {
        if (!special[(unsigned char)text[i]])
            continue;
        arv__buf_append(buf, text + start, i - start);
        escape(buf, (unsigned char)text[i]);
        start = i + 1;
    }
    if (start < length)
        arv__buf_append(buf, text + start, length - start);
}

static void buf_escape_html(arv__buf *buf, unsigned char byte)
{
    switch (byte) {
    case '&':
        arv__buf_literal(buf, "&amp;");
        break;
    case '<':
        arv__buf_literal(buf, "&lt;");
        break;
    case '>':
        arv__buf_literal(buf, "&gt;");
        break;
    case '"':
        arv__buf_literal(buf, "&quot;");
        break;
    case '\'':
        arv__buf_literal(buf, "&#39;");
        break;
    default:
        arv__buf_literal(buf, "\xEF\xBF\xBD");
        break;
    }
}

void arv__buf_html(arv__buf *buf, const char *text, size_t length)
{
    static const bool special[256] = {
        [0 ... 31] = true, ['&'] = true, ['<'] = true, ['>'] = true, ['"'] = true, ['\''] = true};
    buf_escaped(buf, text, length, special, buf_escape_html);
}

static void buf_escape_percent(arv__buf *buf, unsigned char byte)
{
    char out[3] = {'%', buf_hex_upper[byte >> 4], buf_hex_upper[byte & 15]};
    arv__buf_append(buf, out, sizeof out);
}

void arv__buf_url_path(arv__buf *buf, const char *text, size_t length)
{
    static const bool special[256] = {[0 ... ','] = true, [':' ... '@'] = true, ['[' ... '^'] = true,
                                      ['`'] = true,       ['{' ... '}'] = true, [127 ... 255] = true};
    buf_escaped(buf, text, length, special, buf_escape_percent);
}

void arv__buf_bag_path(arv__buf *buf, const char *text, size_t length)
{
    static const bool special[256] = {['\r'] = true, ['\n'] = true, ['%'] = true};
    buf_escaped(buf, text, length, special, buf_escape_percent);
}

char *arv__buf_text_z(arv__buf *buf)
{
    if (buf->counting || !arv__buf_reserve(buf, 0))
        return NULL;
    buf->data[buf->length] = '\0';
    return (char *)buf->data;
}

char *arv__buf_take(arv__buf *buf, size_t *length)
{
    char *text = arv__buf_text_z(buf);
    if (length)
        *length = text ? buf->length : 0;
    if (text)
        *buf = (arv__buf){.limit = buf->limit};
    return text;
}

int arv__buf_status(const arv__buf *buf, const char *what, arv_error *err)
{
    if (buf->failed == ARV_ENOMEM)
        return arv_error_nomem(err, what);
    if (buf->failed)
        return arv_error_set(err, buf->failed,
                             "The limit of %zu bytes was reached while %s was being built; archive "
                             "less at once or raise the limit.",
                             buf->limit, what);
    return 0;
}
