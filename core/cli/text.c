/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"

#include <string.h>
#include <time.h>

size_t text_decode(const char *text, size_t length, uint32_t *character)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *at = (const unsigned char *)text;
    size_t wanted = length == 0    ? 0
                    : at[0] < 0x80 ? 1
                    : at[0] < 0xC2 ? 0
                    : at[0] < 0xE0 ? 2
                    : at[0] < 0xF0 ? 3
                    : at[0] < 0xF5 ? 4
                                   : 0;
    if (wanted == 0 || wanted > length)
        return 0;
    uint32_t value = wanted == 1 ? at[0] : at[0] & (0x7Fu >> wanted);
    for (size_t i = 1; i < wanted; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return 0;
        value = value << 6 | (at[i] & 0x3Fu);
    }
    if (value < smallest[wanted] || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000))
        return 0;
    *character = value;
    return wanted;
}

bool text_steers(uint32_t character)
{
    return character < 0x20 || (character >= 0x7F && character < 0xA0) || character == 0x2028 ||
           character == 0x2029 || (character >= 0x202A && character <= 0x202E) ||
           (character >= 0x2066 && character <= 0x2069);
}

static void text_write(FILE *out, const char *text, size_t length, bool backslash)
{
    while (length > 0) {
        uint32_t character = 0;
        size_t taken = text_decode(text, length, &character);
        if (taken == 0) {
            fprintf(out, "\\x%02x", (unsigned char)*text);
            taken = 1;
        } else if (character == '\n') {
            fputs("\\n", out);
        } else if (character == '\\' && backslash) {
            fputs("\\\\", out);
        } else if (text_steers(character)) {
            fprintf(out, character < 0x80 ? "\\x%02x" : "\\u%04x", (unsigned)character);
        } else {
            fwrite(text, 1, taken, out);
        }
        text += taken;
        length -= taken;
    }
}

void text_write_safe(FILE *out, const char *text, size_t length)
{
    text_write(out, text, length, true);
}

void text_write_sentence(FILE *out, const char *text)
{
    text_write(out, text, strlen(text), false);
}

const char *text_size(uint64_t bytes, char into[TEXT_SIZE_BYTES])
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    double value = (double)bytes;
    unsigned unit = 0;
    while (value >= 999.5 && unit < sizeof units / sizeof *units - 1) {
        value /= 1000;
        unit++;
    }
    snprintf(into, TEXT_SIZE_BYTES, unit == 0 || value >= 99.95 ? "%.0f %s" : "%.1f %s", value,
             units[unit]);
    return into;
}

const char *text_time(int64_t at_unix, char into[TEXT_TIME_BYTES])
{
    struct tm tm;
    time_t at = (time_t)at_unix;
    if (!gmtime_r(&at, &tm) || strftime(into, TEXT_TIME_BYTES, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
        into[0] = '\0';
    return into;
}
