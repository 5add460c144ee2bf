/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <arv/sys/alloc.h>

#include "alloc_fail.h"
#include "test.h"
#include "util/buf.h"

typedef void (*printer)(arv__buf *buf, const char *text, size_t length);

static const char *printed(printer print, const char *text, size_t length)
{
    static char out[512];
    arv__buf buf, count;
    arv__buf_init(&buf, sizeof out - 1);
    arv__buf_init_counting(&count);
    print(&buf, text, length);
    print(&count, text, length);
    CHECK_INT(buf.failed, 0);
    CHECK_INT(arv__buf_total(&count), buf.length);
    CHECK(count.data == NULL);
    memcpy(out, arv__buf_text_z(&buf), buf.length + 1);
    arv__buf_cleanup(&buf);
    return out;
}
#define PRINTED(print, literal) printed(print, literal, sizeof(literal) - 1)

TEST(it_grows_and_keeps_every_byte)
{
    arv__buf buf;
    unsigned char data[1000];
    test_fill_random(data, sizeof data, 3);
    arv__buf_init(&buf, 1u << 20);
    for (size_t n = 0; n <= sizeof data; n++)
        arv__buf_append(&buf, data, n);
    CHECK_INT(buf.length, 1000u * 1001 / 2);
    size_t at = 0;
    for (size_t n = 0; n <= sizeof data; at += n++)
        CHECK_MEM(buf.data + at, data, n);
    arv__buf_cleanup(&buf);
}

TEST(it_refuses_beyond_its_limit_and_stays_failed)
{
    arv__buf buf;
    arv_error err = {0};
    arv__buf_init(&buf, 10);
    arv__buf_text(&buf, "0123456789");
    CHECK_OK(arv__buf_status(&buf, "a test", &err), &err);
    CHECK_STR(arv__buf_text_z(&buf), "0123456789");
    arv__buf_byte(&buf, 'x');
    CHECK_ERR(arv__buf_status(&buf, "a test", &err), &err, ARV_ELIMIT,
              "limit of 10 bytes was reached while a test");
    arv__buf_append(&buf, "", 0);
    arv__buf_clear(&buf);
    CHECK_OK(arv__buf_status(&buf, "a test", &err), &err);
    arv__buf_text(&buf, "abcdefghij");
    CHECK_STR(arv__buf_text_z(&buf), "abcdefghij");
    CHECK(!arv__buf_reserve(&buf, SIZE_MAX));
    CHECK(arv__buf_text_z(&buf) == NULL);
    CHECK(arv__buf_take(&buf, NULL) == NULL);
    arv__buf_printf(&buf, "%d", 1);
    CHECK_INT(buf.length, 10);
    CHECK_INT(arv__buf_status(&buf, "a test", NULL), ARV_ELIMIT);
    arv__buf_cleanup(&buf);
}

TEST(a_small_append_after_a_refused_one_does_nothing)
{
    arv__buf buf;
    arv__buf_init(&buf, 300);
    arv__buf_fill(&buf, 'a', 290);
    arv__buf_fill(&buf, 'b', 20);
    arv__buf_byte(&buf, 'c');
    arv__buf_uint(&buf, 5);
    CHECK_INT(buf.length, 290);
    CHECK_INT(buf.failed, ARV_ELIMIT);
    arv__buf_cleanup(&buf);
}

TEST(an_empty_one_is_an_empty_text)
{
    arv__buf buf;
    size_t length = 9;
    arv__buf_init(&buf, 0);
    CHECK_STR(arv__buf_text_z(&buf), "");
    char *text = arv__buf_take(&buf, &length);
    CHECK_STR(text, "");
    CHECK_INT(length, 0);
    arv_free(text);
    CHECK(buf.data == NULL);
    arv__buf_cleanup(&buf);
}

TEST(take_hands_over_and_leaves_an_empty_buffer_of_the_same_limit)
{
    arv__buf buf;
    size_t length;
    arv__buf_init(&buf, 100);
    arv__buf_append(&buf, "a\0b", 3);
    char *text = arv__buf_take(&buf, &length);
    CHECK_INT(length, 3);
    CHECK_MEM(text, "a\0b", 4);
    CHECK_INT(buf.limit, 100);
    arv__buf_text(&buf, "again");
    CHECK_STR(arv__buf_text_z(&buf), "again");
    CHECK_STR(text, "a");
    arv_free(text);
    arv__buf_cleanup(&buf);
}

static void print_numbers(arv__buf *buf, const char *text, size_t length)
{
    (void)text;
    (void)length;
    arv__buf_uint(buf, 0);
    arv__buf_byte(buf, ' ');
    arv__buf_uint(buf, UINT64_MAX);
    arv__buf_byte(buf, ' ');
    arv__buf_int(buf, INT64_MIN);
    arv__buf_byte(buf, ' ');
    arv__buf_int(buf, INT64_MAX);
    arv__buf_literal(buf, " ");
    arv__buf_hex(buf, (const unsigned char *)"\x00\x9f\xA5", 3);
    arv__buf_fill(buf, '.', 3);
    arv__buf_fill(buf, '.', 0);
    arv__buf_printf(buf, "%s-%05d", "x", 42);
}

TEST(numbers_are_decimal_and_bytes_lower_case_hex)
{
    CHECK_STR(PRINTED(print_numbers, ""),
              "0 18446744073709551615 -9223372036854775808 9223372036854775807 009fa5...x-00042");
}

TEST(printf_fits_in_whatever_room_is_left)
{
    for (size_t before = 240; before < 270; before++) {
        arv__buf buf;
        arv__buf_init(&buf, 1000);
        arv__buf_fill(&buf, 'a', before);
        arv__buf_printf(&buf, "%s", "0123456789");
        CHECK_INT(buf.length, before + 10);
        CHECK_MEM(buf.data + before, "0123456789", 10);
        arv__buf_cleanup(&buf);
    }
}

TEST(integers_for_zip_are_little_endian)
{
    arv__buf buf;
    arv__buf_init(&buf, 14);
    arv__buf_le16(&buf, 0x1234);
    arv__buf_le32(&buf, 0x89ABCDEF);
    arv__buf_le64(&buf, UINT64_C(0xF123456789ABCDEF));
    CHECK_INT(buf.length, 14);
    CHECK_MEM(buf.data, "\x34\x12\xEF\xCD\xAB\x89\xEF\xCD\xAB\x89\x67\x45\x23\xF1", 14);
    arv__buf_cleanup(&buf);
}

TEST(json_strings_escape_controls_quotes_and_nothing_else)
{
    CHECK_STR(PRINTED(arv__buf_json, "a\"b\\c/\b\t\n\f\r\x01\x1f\x7f\0é<€"),
              "\"a\\\"b\\\\c/\\b\\t\\n\\f\\r\\u0001\\u001f\\u007f\\u0000é<€\"");
    CHECK_STR(PRINTED(arv__buf_json, ""), "\"\"");
}

TEST(html_escapes_markup_and_shows_controls_as_replacement)
{
    CHECK_STR(PRINTED(arv__buf_html, "<a href=\"x\">&'é\x01\n</a>\x7f"),
              "&lt;a href=&quot;x&quot;&gt;&amp;&#39;é\xEF\xBF\xBD\xEF\xBF\xBD&lt;/a&gt;\x7f");
}

TEST(url_paths_keep_only_unreserved_characters_and_slashes)
{
    CHECK_STR(PRINTED(arv__buf_url_path, "aZ09-._~/ %?#:@+é\x7f\\"),
              "aZ09-._~/%20%25%3F%23%3A%40%2B%C3%A9%7F%5C");
}

TEST(every_byte_of_a_url_path_is_either_allowed_or_encoded)
{
    for (int c = 0; c < 256; c++) {
        char byte = (char)c;
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                     (c && strchr("-._~/", c));
        CHECK_INT(strlen(printed(arv__buf_url_path, &byte, 1)), plain ? 1 : 3);
    }
}

TEST(bag_paths_encode_line_ends_and_percent_only)
{
    CHECK_STR(PRINTED(arv__buf_bag_path, "a\rb\nc%d é\t*"), "a%0Db%0Ac%25d é\t*");
}

TEST(counting_adds_up_beyond_any_memory)
{
    arv__buf buf;
    arv__buf_init_counting(&buf);
    arv__buf_fill(&buf, 0, (size_t)1 << 40);
    arv__buf_literal(&buf, "abc");
    CHECK_INT(arv__buf_total(&buf), ((uint64_t)1 << 40) + 3);
    CHECK(arv__buf_text_z(&buf) == NULL);
    CHECK_INT(arv__buf_status(&buf, "a test", NULL), 0);
    arv__buf_clear(&buf);
    CHECK_INT(arv__buf_total(&buf), 0);
    arv__buf_cleanup(&buf);
}

static void build_something(void *ud, bool must_succeed)
{
    (void)ud;
    arv_error err = {0};
    arv__buf buf;
    arv__buf_init(&buf, 100000);
    for (int i = 0; i < 2000; i++) {
        arv__buf_printf(&buf, "%d ", i);
        arv__buf_json(&buf, "text", 4);
    }
    int status = arv__buf_status(&buf, "the list", &err);
    if (must_succeed)
        CHECK_OK(status, &err);
    else if (status < 0)
        CHECK_ERR(status, &err, ARV_ENOMEM, "memory for the list");
    arv__buf_cleanup(&buf);
}

TEST(every_failed_allocation_is_reported_once_at_the_end)
{
    CHECK(test_each_allocation(build_something, NULL) > 3);
}
