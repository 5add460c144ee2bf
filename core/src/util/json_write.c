/* SPDX-License-Identifier: Apache-2.0 */
#include "util/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <arv/utf8.h>

/* A writer keeps no bytes and no names, only two bits for each open level, which place the commas. */

enum { WRITER_DEPTH = 63 };

static void writer_put(arv_json_writer *w, const char *bytes, size_t length)
{
    if (length > 0 && !w->failed)
        w->write(w->user_data, bytes, length);
}

/* Writes the escape of the character at `text`; returns the bytes of that character. */
static size_t writer_escape(arv_json_writer *w, const char *text, size_t length)
{
    static const char letters[] = "\"\"\\\\\bb\tt\nn\ff\rr";
    char out[8];
    uint32_t point = (unsigned char)*text;
    size_t width = point < 0x80 ? 1 : arv_utf8_decode(text, length, &point);
    if (width == 0) {
        writer_put(w, "\xEF\xBF\xBD", 3);
        return 1;
    }
    for (const char *known = letters; *known; known += 2)
        if (point == (unsigned char)known[0]) {
            writer_put(w, (char[]){'\\', known[1]}, 2);
            return width;
        }
    writer_put(w, out, (size_t)snprintf(out, sizeof out, "\\u%04x", (unsigned)point & 0xFFFF));
    return width;
}

/* Returns the number of bytes from `text` on that need no escape. Nearly every text is one such run. */
static size_t writer_plain(const arv_json_writer *w, const char *text, size_t length)
{
    static const bool special[256] = {[0 ... 31] = true, ['"'] = true, ['\\'] = true, [127] = true};
    size_t at = 0;
    while (at < length && !special[(unsigned char)text[at]]) {
        uint32_t point = 0;
        size_t width = 1;
        if (w->guarded && (unsigned char)text[at] >= 0x80)
            width = arv_utf8_decode(text + at, length - at, &point);
        if (width == 0 || (width > 1 && point < 0x10000 && arv_utf8_unsafe(point)))
            break;
        at += width;
    }
    return at;
}

static void writer_quote(arv_json_writer *w, const char *text, size_t length)
{
    writer_put(w, "\"", 1);
    for (size_t at = 0; at < length;) {
        size_t plain = writer_plain(w, text + at, length - at);
        writer_put(w, text + at, plain);
        at += plain;
        if (at < length)
            at += writer_escape(w, text + at, length - at);
    }
    writer_put(w, "\"", 1);
}

/* Writes the comma before a value, unless it is the first one here, and its name. */
static void writer_begin(arv_json_writer *w, const char *key)
{
    uint64_t bit = UINT64_C(1) << w->depth;
    if (w->depth > 0 && w->begun & bit)
        writer_put(w, ",", 1);
    w->begun |= bit;
    if (key) {
        writer_quote(w, key, strlen(key));
        writer_put(w, ":", 1);
    }
}

void arv_json_open(arv_json_writer *w, const char *key, char bracket)
{
    w->failed = w->failed || w->depth == WRITER_DEPTH;
    writer_begin(w, key);
    if (w->failed)
        return;
    writer_put(w, &bracket, 1);
    w->depth++;
    uint64_t bit = UINT64_C(1) << w->depth;
    w->begun &= ~bit;
    w->lists = bracket == '[' ? w->lists | bit : w->lists & ~bit;
}

void arv_json_close(arv_json_writer *w)
{
    if (w->depth == 0)
        return;
    writer_put(w, w->lists >> w->depth & 1 ? "]" : "}", 1);
    w->depth--;
}

void arv_json_put_text(arv_json_writer *w, const char *key, const char *text)
{
    arv_json_put_bytes(w, key, text, text ? strlen(text) : 0);
}

void arv_json_put_bytes(arv_json_writer *w, const char *key, const char *text, size_t length)
{
    writer_begin(w, key);
    if (text)
        writer_quote(w, text, length);
    else
        writer_put(w, "null", 4);
}

void arv_json_put_unsigned(arv_json_writer *w, const char *key, uint64_t number)
{
    char digits[24];
    writer_begin(w, key);
    writer_put(w, digits, (size_t)snprintf(digits, sizeof digits, "%" PRIu64, number));
}

void arv_json_put_signed(arv_json_writer *w, const char *key, int64_t number)
{
    char digits[24];
    writer_begin(w, key);
    writer_put(w, digits, (size_t)snprintf(digits, sizeof digits, "%" PRId64, number));
}

void arv_json_put_bool(arv_json_writer *w, const char *key, bool value)
{
    writer_begin(w, key);
    writer_put(w, value ? "true" : "false", value ? 4 : 5);
}

void arv__json_put_hex(arv_json_writer *w, const char *key, const unsigned char *data, size_t length)
{
    static const char hex[] = "0123456789abcdef";
    writer_begin(w, key);
    writer_put(w, "\"", 1);
    for (size_t i = 0; i < length; i++)
        writer_put(w, (char[]){hex[data[i] >> 4], hex[data[i] & 15]}, 2);
    writer_put(w, "\"", 1);
}

static void writer_to_buf(void *buf, const char *bytes, size_t length)
{
    arv__buf_append(buf, bytes, length);
}

arv_json_writer arv__json_into(arv__buf *buf)
{
    return (arv_json_writer){.write = writer_to_buf, .user_data = buf};
}

void arv__buf_json(arv__buf *buf, const char *text, size_t length)
{
    arv_json_writer w = arv__json_into(buf);
    writer_quote(&w, text, length);
}
