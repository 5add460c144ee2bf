/* SPDX-License-Identifier: Apache-2.0 */
#include "text.h"

#include <string.h>
#include <time.h>
#include <arv/utf8.h>

static void text_write(FILE *out, const char *text, size_t length, bool backslash)
{
    while (length > 0) {
        uint32_t character = 0;
        size_t taken = arv_utf8_decode(text, length, &character);
        if (taken == 0) {
            fprintf(out, "\\x%02x", (unsigned char)*text);
            taken = 1;
        } else if (character == '\n') {
            fputs("\\n", out);
        } else if (character == '\\' && backslash) {
            fputs("\\\\", out);
        } else if (arv_utf8_unsafe(character)) {
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
    snprintf(into, TEXT_SIZE_BYTES, unit == 0 || value >= 99.95 ? "%.0f %s" : "%.1f %s", value, units[unit]);
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
