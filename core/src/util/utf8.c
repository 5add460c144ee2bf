/* SPDX-License-Identifier: Apache-2.0 */
#include "util/utf8.h"

#include <string.h>

#include <arv/entry.h>
#include "util/names.h"

enum { QUOTE_LIMIT_BYTES = 200 };

size_t arv_utf8_decode(const char *text, size_t length, uint32_t *point)
{
    const unsigned char *in = (const unsigned char *)text;
    static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000};
    size_t width = in[0] < 0x80   ? 1
                   : in[0] < 0xC2 ? 0
                   : in[0] < 0xE0 ? 2
                   : in[0] < 0xF0 ? 3
                   : in[0] < 0xF5 ? 4
                                  : 0;
    if (width == 0 || width > length)
        return 0;
    uint32_t value = width == 1 ? in[0] : in[0] & (0xFFu >> (width + 1));
    for (size_t i = 1; i < width; i++) {
        if ((in[i] & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (in[i] & 0x3F);
    }
    if (value < smallest[width] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *point = value;
    return width;
}

size_t arv__utf8_floor(const char *text, size_t at)
{
    while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80)
        at--;
    return at;
}

bool arv_utf8_unsafe(uint32_t point)
{
    if (point < 0x7F)
        return point < 0x20;
    return point <= 0x9F || point == 0x061C || (point >= 0x200B && point <= 0x200F) ||
           (point >= 0x2028 && point <= 0x202E) || (point >= 0x2060 && point <= 0x206F) ||
           (point >= 0xFDD0 && point <= 0xFDEF) || point == 0xFEFF || (point >= 0xFFF9 && point <= 0xFFFB) ||
           (point & 0xFFFE) == 0xFFFE;
}

bool arv__person_valid(const char *text, size_t length)
{
    if (length == 0 || length > ARV_PERSON_BYTES_MAX)
        return false;
    for (size_t at = 0; at < length;) {
        uint32_t point;
        size_t width = arv_utf8_decode(text + at, length - at, &point);
        if (width == 0 || point < 0x20 || (point >= 0x7F && point <= 0x9F))
            return false;
        at += width;
    }
    return true;
}

bool arv__utf8_valid(const char *text, size_t length, size_t *bad_offset)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), highs = UINT64_C(0x8080808080808080);
    size_t at = 0;
    while (at < length) {
        uint64_t word;
        if (length - at >= sizeof word) {
            memcpy(&word, text + at, sizeof word);
            /* Neither a byte above 0x7F nor a NUL. */
            if (((word | (word - ones)) & highs) == 0) {
                at += sizeof word;
                continue;
            }
        }
        uint32_t point = 0;
        size_t width = arv_utf8_decode(text + at, length - at, &point);
        if (width == 0 || point == 0) {
            if (bad_offset)
                *bad_offset = at;
            return false;
        }
        at += width;
    }
    return true;
}

/* Writes the character or stray byte at `text` for a message: itself, or \xNN for each byte. Returns the
 * bytes written, at most 16; sets `*consumed` to the bytes read. */
static size_t quote_unit(char into[16], const char *text, size_t length, size_t *consumed)
{
    static const char hex[] = "0123456789abcdef";
    uint32_t point = 0;
    size_t width = arv_utf8_decode(text, length, &point), used = 0;
    *consumed = width ? width : 1;
    if (width && !arv_utf8_unsafe(point)) {
        memcpy(into, text, width);
        return width;
    }
    for (size_t i = 0; i < *consumed; i++) {
        unsigned char byte = (unsigned char)text[i];
        char out[4] = {'\\', 'x', hex[byte >> 4], hex[byte & 15]};
        memcpy(into + used, out, sizeof out);
        used += sizeof out;
    }
    return used;
}

/* One pass measures, the next writes the head and the tail with "…" between them. */
static size_t quote_text(char into[QUOTE_LIMIT_BYTES], const char *text, size_t length)
{
    static const char ellipsis[] = "…";
    const size_t room = QUOTE_LIMIT_BYTES - 2;
    const size_t part = (room - (sizeof ellipsis - 1)) / 2;
    char unit[16];
    size_t consumed, total = 0, seen = 0, used = 0;
    bool cut = false;
    for (size_t at = 0; at < length; at += consumed)
        total += quote_unit(unit, text + at, length - at, &consumed);
    into[used++] = '\'';
    for (size_t at = 0; at < length; at += consumed) {
        size_t width = quote_unit(unit, text + at, length - at, &consumed);
        bool head = !cut && seen + width <= part;
        if (total <= room || head || total - seen <= part) {
            memcpy(into + used, unit, width);
            used += width;
        } else if (!cut) {
            memcpy(into + used, ellipsis, sizeof ellipsis - 1);
            used += sizeof ellipsis - 1;
            cut = true;
        }
        seen += width;
    }
    into[used++] = '\'';
    return used;
}

const char *arv__quote(char *into, size_t capacity, const char *text, size_t length)
{
    char quoted[QUOTE_LIMIT_BYTES + 1];
    size_t used = quote_text(quoted, text, length);
    quoted[used] = '\0';
    if (capacity == 0)
        return "";
    if (used > capacity - 1)
        used = arv__utf8_floor(quoted, capacity - 1);
    memcpy(into, quoted, used);
    into[used] = '\0';
    return into;
}
