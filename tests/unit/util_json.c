/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arv/sys/alloc.h>

#include "alloc_fail.h"
#include "test.h"
#include "util/json.h"

static arv__json *parsed(const char *text)
{
    arv__json *document = NULL;
    arv_error err = {0};
    CHECK_OK(arv__json_parse(&document, text, strlen(text), 1u << 20, &err), &err);
    CHECK(document != NULL);
    return document;
}

static void check_refused(const char *text, size_t length, int code, const char *part)
{
    arv__json *document = (arv__json *)&code;
    arv_error err = {0};
    CHECK_ERR(arv__json_parse(&document, text, length, 1u << 20, &err), &err, code, part);
    CHECK(document == NULL);
    CHECK_INT(arv__json_parse(&document, text, length, 1u << 20, NULL), code);
}
#define CHECK_REFUSED(text, part) check_refused(text, sizeof(text) - 1, ARV_EFORMAT, part)

TEST(members_are_found_by_name_and_type)
{
    arv__json *d = parsed("{\"s\":\"\\u00e9\\n\",\"i\":-9223372036854775808,\"t\":true,\"f\":false,"
                          "\"n\":null,\"r\":1.5,\"o\":{\"x\":1},\"a\":[{\"y\":2},3]}");
    size_t length;
    int64_t integer;
    bool flag;
    CHECK(arv__json_is_object(d));
    CHECK_STR(arv__json_string(d, "s", &length), "é\n");
    CHECK_INT(length, 3);
    CHECK(arv__json_integer(d, "i", &integer) && integer == INT64_MIN);
    CHECK(arv__json_bool(d, "t", &flag) && flag);
    CHECK(arv__json_bool(d, "f", &flag) && !flag);
    CHECK(!arv__json_integer(d, "r", &integer) && !arv__json_integer(d, "s", &integer));
    CHECK(!arv__json_bool(d, "n", &flag) && !arv__json_bool(d, "missing", &flag));
    CHECK(arv__json_string(d, "i", NULL) == NULL && arv__json_string(d, "missing", NULL) == NULL);
    CHECK(arv__json_integer(arv__json_get(d, "o"), "x", &integer) && integer == 1);
    const arv__json *array = arv__json_get(d, "a");
    CHECK(!arv__json_is_object(array));
    CHECK_INT(arv__json_array_size(array), 2);
    CHECK(arv__json_integer(arv__json_at(array, 0), "y", &integer) && integer == 2);
    CHECK(arv__json_at(array, 2) == NULL);
    arv__json_free(d);
}

TEST(lookups_in_nothing_find_nothing)
{
    int64_t integer;
    bool flag;
    CHECK(arv__json_get(NULL, "x") == NULL && arv__json_string(NULL, "x", NULL) == NULL);
    CHECK(!arv__json_integer(NULL, "x", &integer) && !arv__json_bool(NULL, "x", &flag));
    CHECK(!arv__json_is_object(NULL));
    CHECK_INT(arv__json_array_size(NULL), 0);
    CHECK(arv__json_at(NULL, 0) == NULL && arv__json_member_name(NULL, 0) == NULL);
    arv__json_free(NULL);
    arv__json *d = parsed("[1]");
    CHECK(arv__json_get(d, "x") == NULL && arv__json_member_name(d, 0) == NULL);
    arv__json_free(d);
}

TEST(member_names_come_in_their_order)
{
    arv__json *d = parsed("{\"z\":1,\"a\":2,\"m\":3}");
    CHECK_STR(arv__json_member_name(d, 0), "z");
    CHECK_STR(arv__json_member_name(d, 1), "a");
    CHECK_STR(arv__json_member_name(d, 2), "m");
    CHECK(arv__json_member_name(d, 3) == NULL);
    arv__json_free(d);
}

TEST(what_is_not_json_is_refused_with_its_place)
{
    CHECK_REFUSED("", "ends too early");
    CHECK_REFUSED("{\n  \"a\": 1,\n  \"b\" 2}", "line 3, column");
    CHECK_REFUSED("{\"a\":", "ends too early");
    CHECK_REFUSED("{\"a\":1,\"a\":2}", "a member stands there twice");
    CHECK_REFUSED("{} x", "something follows");
    CHECK_REFUSED("{\"a\":1}{", "something follows");
    CHECK_REFUSED("[\"\xFF\"]", "not valid UTF-8");
    CHECK_REFUSED("[\"\xED\xA0\x80\"]", "not valid UTF-8");
    CHECK_REFUSED("[\"a\\u0000b\"]", "contains a NUL");
    CHECK_REFUSED("[\"a\0b\"]", "line 1, column");
    CHECK_REFUSED("[99999999999999999999999]", "too large");
    CHECK_REFUSED("[1e999]", "too large");
    CHECK_REFUSED("[01]", "syntax is wrong");
    CHECK_REFUSED("[nil]", "syntax is wrong");
    CHECK_REFUSED("[1,]", "syntax is wrong");
    CHECK_REFUSED("42", "syntax is wrong");
    CHECK_REFUSED("]]]]", "syntax is wrong");
}

TEST(no_content_of_the_text_stands_in_the_message)
{
    static const char text[] = "{\"password\":\"hunter2\" hunter2}";
    arv__json *d;
    arv_error err = {0};
    CHECK_INT(arv__json_parse(&d, text, sizeof text - 1, 1000, &err), ARV_EFORMAT);
    CHECK(!strstr(err.message, "hunter2"));
    CHECK_INT(err.domain, ARV_DOMAIN_JSON);
}

TEST(size_and_depth_are_limited)
{
    char deep[400];
    arv__json *d;
    arv_error err = {0};
    CHECK_ERR(arv__json_parse(&d, "[1,2]", 5, 4, &err), &err, ARV_ELIMIT, "at most 4");
    CHECK_OK(arv__json_parse(&d, "[1,2]", 5, 5, &err), &err);
    arv__json_free(d);
    memset(deep, '[', 64);
    memset(deep + 64, ']', 64);
    CHECK_OK(arv__json_parse(&d, deep, 128, 1000, &err), &err);
    arv__json_free(d);
    memset(deep, '[', 65);
    memset(deep + 65, ']', 65);
    check_refused(deep, 130, ARV_ELIMIT, "deeper than 64");
    memset(deep, '[', sizeof deep);
    check_refused(deep, sizeof deep, ARV_ELIMIT, "deeper than 64");
    memset(deep + 2, '[', 300);
    memcpy(deep, "[\"", 2);
    memcpy(deep + 302, "\\\"[\"]", 5);
    CHECK_OK(arv__json_parse(&d, deep, 307, 1000, &err), &err);
    arv__json_free(d);
}

static const char *written(arv__buf *buf)
{
    const char *text = arv__buf_text_z(buf);
    CHECK(text != NULL);
    return text;
}

TEST(the_writer_sets_every_comma)
{
    arv__buf buf;
    arv__json_writer w;
    arv__buf_init(&buf, 10000);
    arv__jw_init(&w, &buf);
    arv__jw_object(&w);
    arv__jw_key(&w, "a");
    arv__jw_string(&w, "x\"é");
    arv__jw_key(&w, "null");
    arv__jw_string(&w, NULL);
    arv__jw_key(&w, "list");
    arv__jw_array(&w);
    arv__jw_end(&w, ']');
    arv__jw_key(&w, "more");
    arv__jw_array(&w);
    arv__jw_integer(&w, INT64_MIN);
    arv__jw_uinteger(&w, UINT64_MAX);
    arv__jw_bool(&w, true);
    arv__jw_bool(&w, false);
    arv__jw_null(&w);
    arv__jw_hex(&w, (const unsigned char *)"\x01\xfe", 2);
    arv__jw_object(&w);
    arv__jw_end(&w, '}');
    arv__jw_object(&w);
    arv__jw_key(&w, "k\n");
    arv__jw_string_n(&w, "abc", 2);
    arv__jw_end(&w, '}');
    arv__jw_end(&w, ']');
    arv__jw_key(&w, "z");
    arv__jw_integer(&w, 0);
    arv__jw_end(&w, '}');
    CHECK_STR(written(&buf),
              "{\"a\":\"x\\\"é\",\"null\":null,\"list\":[],\"more\":[-9223372036854775808,"
              "18446744073709551615,true,false,null,\"01fe\",{},{\"k\\n\":\"ab\"}],\"z\":0}");
    arv__buf_cleanup(&buf);
}

TEST(one_writer_writes_line_after_line)
{
    arv__buf buf;
    arv__json_writer w;
    arv__buf_init(&buf, 10000);
    arv__jw_init(&w, &buf);
    for (int i = 0; i < 3; i++) {
        arv__jw_array(&w);
        arv__jw_integer(&w, i);
        arv__jw_integer(&w, i);
        arv__jw_end(&w, ']');
        arv__buf_byte(&buf, '\n');
    }
    CHECK_STR(written(&buf), "[0,0]\n[1,1]\n[2,2]\n");
    arv__buf_cleanup(&buf);
}

TEST(the_writer_refuses_to_nest_deeper_than_it_can_count)
{
    arv__buf buf;
    arv__json_writer w;
    arv__buf_init(&buf, 10000);
    arv__jw_init(&w, &buf);
    for (int i = 0; i < 63; i++)
        arv__jw_array(&w);
    CHECK_INT(arv__buf_status(&buf, "a test", NULL), 0);
    for (int i = 0; i < 63; i++)
        arv__jw_end(&w, ']');
    arv__json_free(parsed(written(&buf)));
    arv__buf_clear(&buf);
    for (int i = 0; i < 64; i++)
        arv__jw_array(&w);
    CHECK_INT(arv__buf_status(&buf, "a test", NULL), ARV_ELIMIT);
    arv__buf_cleanup(&buf);
}

TEST(every_string_that_is_written_is_read_back)
{
    char text[256];
    for (uint64_t round = 0; round < 2000; round++) {
        arv__buf buf;
        arv__json_writer w;
        size_t length = round % 200, back;
        test_fill_random(text, length, round);
        for (size_t i = 0; i < length; i++)
            text[i] = (char)(1 + (unsigned char)text[i] % 127);
        arv__buf_init(&buf, 10000);
        arv__jw_init(&w, &buf);
        arv__jw_object(&w);
        arv__jw_key(&w, "text");
        arv__jw_string_n(&w, text, length);
        arv__jw_end(&w, '}');
        arv__json *d = parsed(written(&buf));
        const char *read = arv__json_string(d, "text", &back);
        CHECK_INT(back, length);
        CHECK_MEM(read, text, length);
        arv__json_free(d);
        arv__buf_cleanup(&buf);
    }
}

TEST(damaged_documents_are_refused_or_read_and_nothing_else)
{
    static const char good[] =
        "{\"name\":\"Straße \\\"1\\\"\",\"list\":[1,2.5,-3e2,true,null,{\"a\":[]}],"
        "\"long\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}";
    char text[sizeof good];
    unsigned char dice[4];
    for (uint64_t round = 0; round < 50000; round++) {
        arv__json *d = NULL;
        arv_error err = {0};
        memcpy(text, good, sizeof good);
        test_fill_random(dice, sizeof dice, round);
        text[dice[0] % (sizeof good - 1)] = (char)dice[1];
        size_t length = dice[2] < 128 ? sizeof good - 1 : dice[3] % sizeof good;
        int status = arv__json_parse(&d, text, length, 1000, &err);
        CHECK(status == 0 || status == ARV_EFORMAT);
        CHECK((status == 0) == (d != NULL));
        arv__json_free(d);
    }
}

TEST(parsing_allocates_from_our_table)
{
    alloc_fail_install();
    arv__json *d = parsed("{\"a\":[1,2,3],\"b\":\"c\"}");
    CHECK(alloc_fail_count() > 5);
    CHECK(alloc_fail_live() > 5);
    arv__json_free(d);
    CHECK_INT(alloc_fail_live(), 0);
}

/* A failure may strike at any byte of a token, so that tokens of many lengths are tried. */
typedef struct document {
    char text[4096];
    size_t length;
} document;

static void make_document(document *doc, size_t token)
{
    int n = snprintf(doc->text, sizeof doc->text,
                     "{\"%0*d\":[\"%0*d\\n\",\"é%0*d€\",{\"%0*d\":%0*d}],\"x\":[1.5,2]}",
                     (int)token, 0, (int)token + 3, 0, (int)token * 2, 0, 3, 0, 1, 7);
    CHECK(n > 0 && (size_t)n < sizeof doc->text);
    doc->length = (size_t)n;
}

static void parse_body(void *ud, bool must_succeed)
{
    document *doc = ud;
    arv__json *d = NULL;
    arv_error err = {0};
    int status = arv__json_parse(&d, doc->text, doc->length, 100000, &err);
    if (must_succeed)
        CHECK_OK(status, &err);
    else if (status < 0)
        CHECK_ERR(status, &err, ARV_ENOMEM, "memory for a JSON text");
    CHECK((status == 0) == (d != NULL));
    CHECK(!alloc_fail_happened() || status == ARV_ENOMEM);
    arv__json_free(d);
}

TEST(every_failed_allocation_while_parsing_is_reported)
{
    document doc = {.length = 0};
    make_document(&doc, 40);
    CHECK(test_each_allocation(parse_body, &doc) > 15);
}

TEST(a_failed_allocation_loses_no_byte_of_any_token)
{
    static document doc;
    alloc_fail_install();
    for (size_t token = 1; token < 300; token++) {
        make_document(&doc, token);
        for (long nth = 1;; nth++) {
            alloc_fail_at(nth);
            parse_body(&doc, false);
            CHECK_INT(alloc_fail_live(), 0);
            if (!alloc_fail_happened())
                break;
        }
    }
}

static size_t memory_left;

static void *scarce_malloc(size_t size)
{
    if (size > memory_left)
        return memory_left = 0, NULL;
    memory_left -= size;
    return malloc(size);
}

static void *scarce_calloc(size_t count, size_t size)
{
    void *block = scarce_malloc(count * size);
    return block ? memset(block, 0, count * size) : NULL;
}

TEST(memory_that_is_used_up_for_good_is_reported)
{
    static const arv_alloc_table scarce = {scarce_malloc, scarce_calloc, realloc, free};
    static document doc;
    arv_error err = {0};
    CHECK_OK(arv_alloc_set(&scarce, &err), &err);
    for (size_t token = 1; token < 300; token += 7) {
        make_document(&doc, token);
        for (size_t bytes = 0; bytes < 5000; bytes += 3) {
            arv__json *d = NULL;
            memory_left = bytes;
            int status = arv__json_parse(&d, doc.text, doc.length, 100000, NULL);
            CHECK(status == 0 || status == ARV_ENOMEM);
            arv__json_free(d);
        }
    }
}
