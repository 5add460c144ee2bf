/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>

#include "names_result.h"
#include "test.h"
#include "util/names.h"

/* Properties of safe names, checked on generated ones: the generator is seeded with the round. */

static uint64_t random_state;

static uint32_t random_below(uint32_t limit)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((random_state >> 33) % limit);
}

static size_t put_point(char *out, uint32_t p)
{
    if (p < 0x80) {
        out[0] = (char)p;
        return 1;
    }
    size_t width = p < 0x800 ? 2 : p < 0x10000 ? 3 : 4;
    for (size_t i = width - 1; i > 0; i--, p >>= 6)
        out[i] = (char)(0x80 | (p & 0x3F));
    out[0] = (char)((0xF00u >> width & 0xFF) | p);
    return width;
}

static uint32_t random_point(void)
{
    static const uint32_t ranges[][2] = {{0x20, 0x7E},       {1, 0x2FF},         {0x300, 0x36F},
                                         {0x590, 0x6FF},     {0x2000, 0x206F},   {0x1100, 0x11FF},
                                         {0xAC00, 0xD7A3},   {0x1E00, 0x1FFF},   {0xF900, 0xFFFF},
                                         {0x1F300, 0x1F6FF}, {0x1D100, 0x1D7FF}, {0x2F800, 0x2FA1D},
                                         {1, 0xD7FF},        {0xE000, 0x10FFFF}};
    const uint32_t *range = ranges[random_below(sizeof ranges / sizeof *ranges)];
    return range[0] + random_below(range[1] - range[0] + 1);
}

/* A name of pieces, each of which has hurt somebody; without `broken`, it is valid UTF-8. */
static size_t hostile_name(char *out, size_t room, bool broken)
{
    static const char *const pieces[] = {"/",
                                         "..",
                                         ".",
                                         " ",
                                         "~",
                                         "$",
                                         "'",
                                         "\"",
                                         "CON",
                                         "con.txt",
                                         "NUL",
                                         "COM1",
                                         "lpt9",
                                         "aux",
                                         "\\",
                                         ":",
                                         "a",
                                         "A",
                                         "ß",
                                         "SS",
                                         "é",
                                         "e\xCC\x81",
                                         "Å",
                                         "\xE2\x84\xAB",
                                         ".pdf",
                                         ".tar.gz",
                                         "~abcdefghijklmnop",
                                         "～ABCDEFGHIJKLMNOP",
                                         "\xE2\x80\xAE",
                                         "\xEF\xBB\xBF",
                                         "\n",
                                         "\x7F",
                                         "*?<>|",
                                         "-rf",
                                         "%2e%2e%2f",
                                         "\xCC\xB8",
                                         "=",
                                         ".verylongextension",
                                         "COM\xC2\xB9",
                                         "conin$",
                                         "／",
                                         "___"};
    static const char *const bad[] = {"\xFF", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                                      "\x80", "\xE2\x82"};
    size_t count = 1 + random_below(random_below(8) == 0 ? 600 : 14), length = 0;
    for (size_t i = 0; i < count && length + 220 < room; i++) {
        uint32_t kind = random_below(20);
        if (kind < 11) {
            const char *piece = pieces[random_below(sizeof pieces / sizeof *pieces)];
            memcpy(out + length, piece, strlen(piece));
            length += strlen(piece);
        } else if (kind < 19) {
            length += put_point(out + length, random_point());
        } else {
            size_t fill = random_below(200);
            memset(out + length, 'a' + (int)random_below(26), fill);
            length += fill;
        }
        if (broken && random_below(6) == 0) {
            const char *piece = bad[random_below(6)];
            memcpy(out + length, piece, strlen(piece));
            length += strlen(piece);
        }
        if (broken && random_below(12) == 0)
            out[length++] = '\0';
    }
    return length;
}

static void check_component(const char *name, size_t length)
{
    char upper[8] = "";
    CHECK(length >= 1 && length <= ARV__NAME_COMPONENT_BYTES);
    CHECK(name[0] != ' ' && name[length - 1] != ' ' && name[length - 1] != '.');
    size_t base = 0;
    while (base < length && name[base] != '.')
        base++;
    while (base > 0 && name[base - 1] == ' ')
        base--;
    for (size_t i = 0; i < base && base < sizeof upper; i++)
        upper[i] = (char)toupper((unsigned char)name[i]);
    static const char *const devices[] = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"};
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++)
        CHECK(strcmp(upper, devices[i]) != 0);
    CHECK(!((strncmp(upper, "COM", 3) == 0 || strncmp(upper, "LPT", 3) == 0) &&
            ((base == 4 && isdigit((unsigned char)upper[3])) ||
             (base == 5 && upper[3] == '\xC2' && strchr("\xB9\xB2\xB3", upper[4])))));
}

static void check_safe(const text *out)
{
    CHECK(out->length >= 1 && out->length <= ARV__NAME_PATH_BYTES);
    CHECK(arv__utf8_valid(out->bytes, out->length, NULL));
    size_t start = 0;
    for (size_t i = 0; i <= out->length; i++) {
        unsigned char c = (unsigned char)out->bytes[i];
        if (i < out->length && c != '/') {
            CHECK(c >= 0x20 && c != 0x7F && !strchr("<>:\"|?*\\", c));
            CHECK(!(c == 0xC2 && (unsigned char)out->bytes[i + 1] < 0xA0));
            continue;
        }
        check_component(out->bytes + start, i - start);
        start = i + 1;
    }
    static const char *const nowhere[] = {"\xE2\x80\x8B", "\xE2\x80\x8E", "\xE2\x80\xA8", "\xE2\x80\xAE",
                                          "\xE2\x81\xA6", "\xEF\xBB\xBF", "\xEF\xBF\xBF", "\xD8\x9C"};
    for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++)
        CHECK(!strstr(out->bytes, nowhere[i]));
}

TEST(hostile_names_become_safe_and_stay_so)
{
    static char name[8192];
    static text once, twice, suffixed, again, key, key_again;
    for (int round = 0; round < 60000; round++) {
        arv_error err = {0};
        random_state = (uint64_t)round;
        size_t length = hostile_name(name, random_below(40) == 0 ? sizeof name : 4096, false);
        if (length == 0)
            continue;
        CHECK_OK(try_safe(&once, name, length, &err), &err);
        check_safe(&once);
        CHECK_INT(once.lossless, once.length == length && memcmp(once.bytes, name, length) == 0);

        CHECK_OK(try_safe(&twice, once.bytes, once.length, &err), &err);
        CHECK_STR(twice.bytes, once.bytes);
        CHECK(twice.lossless);
        CHECK_INT(twice.must_suffix, once.must_suffix);

        unsigned char ten[10];
        test_fill_random(ten, sizeof ten, (uint64_t)round);
        make_suffix(&suffixed, once.bytes, once.length, ten);
        check_safe(&suffixed);
        CHECK_OK(try_safe(&again, suffixed.bytes, suffixed.length, &err), &err);
        CHECK_STR(again.bytes, suffixed.bytes);
        CHECK(again.must_suffix);

        make_fold(&key, once.bytes, once.length);
        make_fold(&key_again, twice.bytes, twice.length);
        CHECK_STR(key_again.bytes, key.bytes);
        make_fold(&key, suffixed.bytes, suffixed.length);
        const char *last = strrchr(key.bytes, 1);
        CHECK(strchr(last ? last : key.bytes, '~') != NULL);
    }
}

TEST(no_name_folds_to_a_suffixed_one_unless_it_must_be_suffixed)
{
    static char name[4096];
    static text out, key;
    for (int round = 0; round < 60000; round++) {
        arv_error err = {0};
        random_state = (uint64_t)round * 77;
        size_t length = hostile_name(name, sizeof name, false);
        if (length == 0)
            continue;
        CHECK_OK(try_safe(&out, name, length, &err), &err);
        make_fold(&key, out.bytes, out.length);
        for (const char *at = key.bytes; (at = strchr(at, '~'));) {
            size_t run = strspn(++at, "abcdefghijklmnopqrstuvwxyz234567");
            bool ends = run == 16 && (at[16] == '\0' || at[16] == '.' || at[16] == 1);
            CHECK(!ends || (out.must_suffix && !strchr(at, 1)));
        }
    }
}

TEST(hostile_bytes_are_refused_or_become_safe)
{
    static char name[8192], raw[512];
    static text out;
    int refused = 0, accepted = 0;
    for (int round = 0; round < 60000; round++) {
        arv_error err = {0};
        random_state = (uint64_t)round + 1000000;
        size_t length = hostile_name(name, 4096, true);
        const char *in = name;
        if (round % 3 == 0) {
            length = random_below(sizeof raw);
            test_fill_random(raw, length, (uint64_t)round);
            in = raw;
        }
        int status = try_safe(&out, in, length, &err);
        bool valid = length > 0 && arv__utf8_valid(in, length, NULL);
        CHECK_INT(status, valid ? 0 : ARV_ENAME);
        if (status == 0) {
            check_safe(&out);
            accepted++;
            continue;
        }
        refused++;
        CHECK_INT(out.length, 0);
        CHECK(arv__utf8_valid(err.message, strlen(err.message), NULL));
        for (const char *c = err.message; *c; c++)
            CHECK((unsigned char)*c >= 0x20 && *c != 0x7F);
    }
    CHECK(refused > 1000 && accepted > 1000);
}

TEST(utf8_is_valid_exactly_when_it_encodes_a_character)
{
    char bytes[16];
    for (uint32_t p = 1; p < 0x110000; p++) {
        size_t bad = 99, width = put_point(bytes + 3, p);
        memcpy(bytes, "abc", 3);
        bool valid = p < 0xD800 || p > 0xDFFF;
        CHECK_INT(arv__utf8_valid(bytes, 3 + width, &bad), valid);
        CHECK_INT(bad, valid ? 99 : 3);
        if (width > 1)
            CHECK(!arv__utf8_valid(bytes, 3 + width - 1, NULL));
    }
    CHECK(arv__utf8_valid("", 0, NULL));
    for (size_t at = 0; at < 40; at++) {
        char text_bytes[40];
        size_t bad;
        for (int c = 0; c < 256; c++) {
            memset(text_bytes, 'x', sizeof text_bytes);
            text_bytes[at] = (char)c;
            bool valid = arv__utf8_valid(text_bytes, sizeof text_bytes, &bad);
            CHECK_INT(valid, c > 0 && c < 128);
            if (!valid)
                CHECK_INT(bad, at);
        }
    }
}

TEST(quotes_of_hostile_names_are_short_and_valid)
{
    static char name[8192];
    char into[ARV__QUOTE_BYTES];
    for (int round = 0; round < 20000; round++) {
        random_state = (uint64_t)round;
        size_t length = hostile_name(name, 2048, round % 2);
        const char *out = arv__quote(into, sizeof into, name, length);
        size_t shown = strlen(out);
        CHECK(shown >= 2 && shown <= 200);
        CHECK(arv__utf8_valid(out, shown, NULL));
        CHECK(out[0] == '\'' && out[shown - 1] == '\'');
    }
}
