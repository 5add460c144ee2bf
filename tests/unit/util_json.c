/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arv/sys/alloc.h>

#include "alloc_fail.h"
#include "test.h"
#include "util/json.h"

static arv_json *parsed(const char *text)
{
    arv_json *document = NULL;
    arv_error err = {0};
    CHECK_OK(arv_json_parse(&document, text, strlen(text), 1u << 20, &err), &err);
    CHECK(document != NULL);
    return document;
}

static void check_refused(const char *text, size_t length, int code, const char *part)
{
    arv_json *document = (arv_json *)&code;
    arv_error err = {0};
    CHECK_ERR(arv_json_parse(&document, text, length, 1u << 20, &err), &err, code, part);
    CHECK(document == NULL);
    CHECK_INT(arv_json_parse(&document, text, length, 1u << 20, NULL), code);
}
#define CHECK_REFUSED(text, part) check_refused(text, sizeof(text) - 1, ARV_EFORMAT, part)

TEST(members_are_found_by_name_and_type)
{
    arv_json *d = parsed("{\"s\":\"\\u00e9\\n\",\"i\":-9223372036854775808,\"t\":true,\"f\":false,"
                         "\"n\":null,\"r\":1.5,\"o\":{\"x\":1},\"a\":[{\"y\":2},3]}");
    size_t length;
    int64_t integer;
    bool flag;
    CHECK(arv__json_is_object(d));
    CHECK_STR(arv_json_string(d, "s", &length), "é\n");
    CHECK_INT(length, 3);
    CHECK(arv__json_integer(d, "i", &integer) && integer == INT64_MIN);
    CHECK(arv__json_bool(d, "t", &flag) && flag);
    CHECK(arv__json_bool(d, "f", &flag) && !flag);
    CHECK(!arv__json_integer(d, "r", &integer) && !arv__json_integer(d, "s", &integer));
    CHECK(!arv__json_bool(d, "n", &flag) && !arv__json_bool(d, "missing", &flag));
    CHECK(arv_json_string(d, "i", NULL) == NULL && arv_json_string(d, "missing", NULL) == NULL);
    CHECK(arv__json_integer(arv_json_get(d, "o"), "x", &integer) && integer == 1);
    const arv_json *array = arv_json_get(d, "a");
    CHECK(!arv__json_is_object(array));
    CHECK_INT(arv__json_array_size(array), 2);
    CHECK(arv__json_integer(arv__json_at(array, 0), "y", &integer) && integer == 2);
    CHECK(arv__json_at(array, 2) == NULL);
    arv_json_free(d);
}

TEST(lookups_in_nothing_find_nothing)
{
    int64_t integer;
    bool flag;
    CHECK(arv_json_get(NULL, "x") == NULL && arv_json_string(NULL, "x", NULL) == NULL);
    CHECK(!arv__json_integer(NULL, "x", &integer) && !arv__json_bool(NULL, "x", &flag));
    CHECK(!arv__json_is_object(NULL));
    CHECK_INT(arv__json_array_size(NULL), 0);
    CHECK(arv__json_at(NULL, 0) == NULL && arv__json_member_name(NULL, 0) == NULL);
    arv_json_free(NULL);
    arv_json *d = parsed("[1]");
    CHECK(arv_json_get(d, "x") == NULL && arv__json_member_name(d, 0) == NULL);
    arv_json_free(d);
}

TEST(member_names_come_in_their_order)
{
    arv_json *d = parsed("{\"z\":1,\"a\":2,\"m\":3}");
    CHECK_STR(arv__json_member_name(d, 0), "z");
    CHECK_STR(arv__json_member_name(d, 1), "a");
    CHECK_STR(arv__json_member_name(d, 2), "m");
    CHECK(arv__json_member_name(d, 3) == NULL);
    arv_json_free(d);
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
    arv_json *d;
    arv_error err = {0};
    CHECK_INT(arv_json_parse(&d, text, sizeof text - 1, 1000, &err), ARV_EFORMAT);
    CHECK(!strstr(err.message, "hunter2"));
    CHECK_INT(err.domain, ARV_DOMAIN_JSON);
}

TEST(size_and_depth_are_limited)
{
    char deep[400];
    arv_json *d;
    arv_error err = {0};
    CHECK_ERR(arv_json_parse(&d, "[1,2]", 5, 4, &err), &err, ARV_ELIMIT, "at most 4");
    CHECK_OK(arv_json_parse(&d, "[1,2]", 5, 5, &err), &err);
    arv_json_free(d);
    memset(deep, '[', 64);
    memset(deep + 64, ']', 64);
    CHECK_OK(arv_json_parse(&d, deep, 128, 1000, &err), &err);
    arv_json_free(d);
    memset(deep, '[', 65);
    memset(deep + 65, ']', 65);
    check_refused(deep, 130, ARV_ELIMIT, "deeper than 64");
    memset(deep, '[', sizeof deep);
    check_refused(deep, sizeof deep, ARV_ELIMIT, "deeper than 64");
    memset(deep + 2, '[', 300);
    memcpy(deep, "[\"", 2);
    memcpy(deep + 302, "\\\"[\"]", 5);
    CHECK_OK(arv_json_parse(&d, deep, 307, 1000, &err), &err);
    arv_json_free(d);
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
    arv_json_writer w = arv__json_into(&buf);
    arv__buf_init(&buf, 10000);
    arv_json_open(&w, NULL, '{');
    arv_json_put_text(&w, "a", "x\"é");
    arv_json_put_text(&w, "null", NULL);
    arv_json_open(&w, "list", '[');
    arv_json_close(&w);
    arv_json_open(&w, "more", '[');
    arv_json_put_signed(&w, NULL, INT64_MIN);
    arv_json_put_unsigned(&w, NULL, UINT64_MAX);
    arv_json_put_bool(&w, NULL, true);
    arv_json_put_bool(&w, NULL, false);
    arv_json_put_text(&w, NULL, NULL);
    arv__json_put_hex(&w, NULL, (const unsigned char *)"\x01\xfe", 2);
    arv_json_open(&w, NULL, '{');
    arv_json_close(&w);
    arv_json_open(&w, NULL, '{');
    arv_json_put_bytes(&w, "k\n", "abc", 2);
    arv_json_close(&w);
    arv_json_close(&w);
    arv_json_put_signed(&w, "z", 0);
    arv_json_close(&w);
    CHECK_STR(written(&buf), "{\"a\":\"x\\\"é\",\"null\":null,\"list\":[],\"more\":[-9223372036854775808,"
                             "18446744073709551615,true,false,null,\"01fe\",{},{\"k\\n\":\"ab\"}],\"z\":0}");
    arv__buf_cleanup(&buf);
}

TEST(one_writer_writes_line_after_line)
{
    arv__buf buf;
    arv_json_writer w = arv__json_into(&buf);
    arv__buf_init(&buf, 10000);
    for (int i = 0; i < 3; i++) {
        arv_json_open(&w, NULL, '[');
        arv_json_put_signed(&w, NULL, i);
        arv_json_put_signed(&w, NULL, i);
        arv_json_close(&w);
        arv__buf_byte(&buf, '\n');
    }
    CHECK_STR(written(&buf), "[0,0]\n[1,1]\n[2,2]\n");
    arv__buf_cleanup(&buf);
}

TEST(the_writer_refuses_to_nest_deeper_than_it_can_count)
{
    arv__buf buf;
    arv_json_writer w = arv__json_into(&buf);
    arv__buf_init(&buf, 10000);
    for (int i = 0; i < 63; i++)
        arv_json_open(&w, NULL, '[');
    CHECK(!w.failed);
    for (int i = 0; i < 63; i++)
        arv_json_close(&w);
    arv_json_free(parsed(written(&buf)));
    arv__buf_clear(&buf);
    for (int i = 0; i < 64; i++)
        arv_json_open(&w, NULL, '[');
    CHECK(w.failed);
    size_t length = buf.length;
    arv_json_put_text(&w, NULL, "more");
    CHECK_INT(buf.length, length);
    arv__buf_cleanup(&buf);
}

TEST(every_string_that_is_written_is_read_back)
{
    char text[256];
    for (uint64_t round = 0; round < 2000; round++) {
        arv__buf buf;
        arv_json_writer w = arv__json_into(&buf);
        size_t length = round % 200, back;
        test_fill_random(text, length, round);
        for (size_t i = 0; i < length; i++)
            text[i] = (char)(1 + (unsigned char)text[i] % 127);
        arv__buf_init(&buf, 10000);
        arv_json_open(&w, NULL, '{');
        arv_json_put_bytes(&w, "text", text, length);
        arv_json_close(&w);
        arv_json *d = parsed(written(&buf));
        const char *read = arv_json_string(d, "text", &back);
        CHECK_INT(back, length);
        CHECK_MEM(read, text, length);
        arv_json_free(d);
        arv__buf_cleanup(&buf);
    }
}

TEST(a_guarded_writer_lets_no_character_steer_a_terminal)
{
    arv__buf buf;
    arv_json_writer w = arv__json_into(&buf);
    w.guarded = true;
    arv__buf_init(&buf, 10000);
    arv_json_open(&w, NULL, '[');
    arv_json_put_text(&w, NULL, "a\x1b[1m\n\t\x7f\"\\/é€😀");
    arv_json_put_text(&w, NULL, "\xC2\x9B\xE2\x80\xAE\xE2\x80\x8D\xEF\xBB\xBF");
    arv_json_put_text(&w, NULL,
                      "\xFF"
                      "a\xE2\x82"
                      "b\xED\xA0\x80");
    arv_json_put_bytes(&w, NULL, "a\0b", 3);
    arv_json_close(&w);
    CHECK_STR(written(&buf), "[\"a\\u001b[1m\\n\\t\\u007f\\\"\\\\/é€😀\",\"\\u009b\\u202e\\u200d\\ufeff\","
                             "\"\xEF\xBF\xBD"
                             "a\xEF\xBF\xBD\xEF\xBF\xBD"
                             "b\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\","
                             "\"a\\u0000b\"]");
    arv__buf_cleanup(&buf);
}

TEST(a_writer_that_has_nothing_open_closes_nothing)
{
    arv__buf buf;
    arv_json_writer w = arv__json_into(&buf);
    arv__buf_init(&buf, 10000);
    arv_json_close(&w);
    arv_json_put_text(&w, NULL, "x");
    arv_json_put_bool(&w, NULL, true);
    CHECK_STR(written(&buf), "\"x\"true");
    CHECK_INT(w.depth, 0);
    arv__buf_cleanup(&buf);
}

TEST(a_load_takes_any_value_and_tells_why_it_does_not)
{
    static const struct {
        const char *text;
        arv__json_kind kind;
        const char *says;
    } values[] = {{"null", ARV__JSON_NULL, "null"},
                  {"false", ARV__JSON_BOOL, "true or false"},
                  {"-1.5", ARV__JSON_NUMBER, "a number"},
                  {"7", ARV__JSON_NUMBER, "a number"},
                  {"\"a\"", ARV__JSON_TEXT, "a text"},
                  {"[1]", ARV__JSON_LIST, "a list"},
                  {"{\"a\":1,\"b\":2}", ARV__JSON_OBJECT, "an object"}};
    static const arv__json_limits limits = {.bytes = 100, .depth = 2, .members = 2};
    arv__json_fault fault;
    arv_json *d;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        CHECK_SCENE("%s", values[i].text);
        CHECK_INT(arv__json_load(&d, values[i].text, strlen(values[i].text), &limits, &fault), 0);
        CHECK_INT(arv__json_kind_of(d), values[i].kind);
        CHECK_STR(arv__json_kind_text(arv__json_kind_of(d)), values[i].says);
        CHECK_INT(arv__json_object_size(d), values[i].kind == ARV__JSON_OBJECT ? 2 : 0);
        arv_json_free(d);
    }
    CHECK_INT(arv__json_load(&d, "[[]]", 4, &limits, &fault), 0);
    arv_json_free(d);
    CHECK_INT(arv__json_load(&d, "[\n[[]]]", 7, &limits, &fault), ARV_ELIMIT);
    CHECK_STR(fault.what, "it is nested too deep");
    CHECK_INT(fault.line, 2);
    CHECK_INT(fault.column, 2);
    CHECK_INT(arv__json_load(&d, "{\"a\":{\"b\":0,\":\":0},\"c\":0}", 25, &limits, &fault), 0);
    arv_json_free(d);
    CHECK_INT(arv__json_load(&d, "{\"a\":{},\"b\":0,\"c\":0}", 20, &limits, &fault), ARV_ELIMIT);
    CHECK_STR(fault.what, "an object has too many members");
    CHECK_INT(arv__json_load(&d, "[1,1e999]", 9, &limits, &fault), ARV_EFORMAT);
    CHECK(fault.overflow && !fault.syntax && d == NULL);
    CHECK_INT(fault.at, 8);
    CHECK_INT(arv__json_load(&d, "[1,]", 4, &limits, &fault), ARV_EFORMAT);
    CHECK(!fault.overflow && fault.syntax);
}

static const char *placed(const char *text, const size_t *steps, unsigned depth, unsigned line)
{
    static char found[100];
    arv__json_span span = arv__json_place(text, strlen(text), steps, depth);
    CHECK_INT(span.line, line);
    snprintf(found, sizeof found, "%.*s", (int)(span.end - span.from), text + span.from);
    return found;
}

TEST(every_value_is_found_where_it_stands)
{
    static const char text[] =
        " {\"a\" : 1.5 ,\n\"b\":[ \"x]\\\"\" , {} ,\n[[],{\"}\":[2]}]\n],\n\"c\":null}\n";
    CHECK_STR(placed(text, (size_t[]){0}, 1, 1), "1.5");
    CHECK_STR(placed(text, (size_t[]){1, 0}, 2, 2), "\"x]\\\"\"");
    CHECK_STR(placed(text, (size_t[]){1, 1}, 2, 2), "{}");
    CHECK_STR(placed(text, (size_t[]){1, 2}, 2, 3), "[[],{\"}\":[2]}]");
    CHECK_STR(placed(text, (size_t[]){1, 2, 1, 0}, 4, 3), "[2]");
    CHECK_STR(placed(text, (size_t[]){2}, 1, 5), "null");
    CHECK_STR(placed(" [1] ", NULL, 0, 1), "[1]");
    CHECK_INT(arv__json_place(text, strlen(text), (size_t[]){0}, 1).name, 2);
    /* What is not there ends with the text. */
    CHECK_INT(arv__json_place("{\"a\":1", 6, (size_t[]){3}, 1).end, 6);
    CHECK_INT(arv__json_place("{", 1, (size_t[]){0}, 1).end, 1);
    size_t steps[4] = {0};
    CHECK_INT(arv__json_place_last("{\"a\":1,\"b\":[{},{\"c\":12", 22, steps, 4), 3);
    CHECK_INT(steps[0], 1);
    CHECK_INT(steps[1], 1);
    CHECK_INT(steps[2], 0);
    CHECK_INT(arv__json_place_last("[[[[[[", 6, steps, 2), 2);
    CHECK_INT(arv__json_place_last("12", 2, steps, 4), 0);
    CHECK_INT(arv__json_place_last("", 0, steps, 4), 0);
}

TEST(damaged_documents_are_refused_or_read_and_nothing_else)
{
    static const char good[] = "{\"name\":\"Straße \\\"1\\\"\",\"list\":[1,2.5,-3e2,true,null,{\"a\":[]}],"
                               "\"long\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}";
    char text[sizeof good];
    unsigned char dice[4];
    for (uint64_t round = 0; round < 50000; round++) {
        arv_json *d = NULL;
        arv_error err = {0};
        memcpy(text, good, sizeof good);
        test_fill_random(dice, sizeof dice, round);
        text[dice[0] % (sizeof good - 1)] = (char)dice[1];
        size_t length = dice[2] < 128 ? sizeof good - 1 : dice[3] % sizeof good;
        int status = arv_json_parse(&d, text, length, 1000, &err);
        CHECK(status == 0 || status == ARV_EFORMAT);
        CHECK((status == 0) == (d != NULL));
        arv_json_free(d);
    }
}

TEST(parsing_allocates_from_our_table)
{
    alloc_fail_install();
    arv_json *d = parsed("{\"a\":[1,2,3],\"b\":\"c\"}");
    CHECK(alloc_fail_count() > 5);
    CHECK(alloc_fail_live() > 5);
    arv_json_free(d);
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
                     "{\"%0*d\":[\"%0*d\\n\",\"é%0*d€\",{\"%0*d\":%0*d}],\"x\":[1.5,2]}", (int)token, 0,
                     (int)token + 3, 0, (int)token * 2, 0, 3, 0, 1, 7);
    CHECK(n > 0 && (size_t)n < sizeof doc->text);
    doc->length = (size_t)n;
}

static void parse_body(void *ud, bool must_succeed)
{
    document *doc = ud;
    arv_json *d = NULL;
    arv_error err = {0};
    int status = arv_json_parse(&d, doc->text, doc->length, 100000, &err);
    if (must_succeed)
        CHECK_OK(status, &err);
    else if (status < 0)
        CHECK_ERR(status, &err, ARV_ENOMEM, "memory for a JSON text");
    CHECK((status == 0) == (d != NULL));
    CHECK(!alloc_fail_happened() || status == ARV_ENOMEM);
    arv_json_free(d);
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
        CHECK_SCENE("a token of %zu bytes", token);
        make_document(&doc, token);
        for (long nth = 1;; nth++) {
            CHECK_SCENE("allocation %ld fails", nth);
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
        CHECK_SCENE("a token of %zu bytes", token);
        make_document(&doc, token);
        for (size_t bytes = 0; bytes < 5000; bytes += 3) {
            arv_json *d = NULL;
            memory_left = bytes;
            int status = arv_json_parse(&d, doc.text, doc.length, 100000, NULL);
            CHECK(status == 0 || status == ARV_ENOMEM);
            arv_json_free(d);
        }
    }
}
