/* SPDX-License-Identifier: Apache-2.0 */
#include "util/json.h"
#include "util/libraries.h"

#include <jansson.h>
#include <pthread.h>
#include <arv/sys/alloc.h>

/*
 * jansson allocates through our table. Its lexer ignores a failure to grow the text of a token: a
 * byte would be lost in silence, or the closing quote and with it the end of a copy. So a parse
 * holds a block in reserve that is large enough for the longest token. The first allocation that
 * fails is answered with it, and from then on the lexer, which is fed byte by byte, reads the end
 * of the input: it never grows a text again, and the parse ends in ARV_ENOMEM.
 *
 * The functions are set for the whole process, where others may use jansson as well. What they
 * hand out is plain arv_malloc(), libc's unless the application replaced it, so that a block may
 * come from before and be freed after; a library that is unloaded takes them back.
 */

enum { JSON_DEPTH = 64 };

typedef struct json_parse {
    const char *text;
    size_t length;
    size_t at;
    void *reserve;
    size_t reserve_bytes;
    bool no_memory;
} json_parse;

static _Thread_local json_parse *json_current;
static pthread_once_t json_once = PTHREAD_ONCE_INIT;
static json_malloc_t json_malloc_before;
static json_free_t json_free_before;

static void *json_allocate(size_t size)
{
    json_parse *parse = json_current;
    void *block = arv_malloc(size);
    if (block || !parse)
        return block;
    parse->no_memory = true;
    if (size > parse->reserve_bytes)
        return NULL;
    block = parse->reserve;
    parse->reserve = NULL;
    parse->reserve_bytes = 0;
    return block;
}

static void json_set_up(void)
{
    json_get_alloc_funcs(&json_malloc_before, &json_free_before);
    json_set_alloc_funcs(json_allocate, arv_free);
    json_object_seed(0);
}

__attribute__((destructor)) static void json_tear_down(void)
{
    if (json_malloc_before)
        json_set_alloc_funcs(json_malloc_before, json_free_before);
}

static size_t json_next_byte(void *into, size_t room, void *user_data)
{
    json_parse *parse = user_data;
    if (room == 0 || parse->no_memory || parse->at == parse->length)
        return 0;
    *(char *)into = parse->text[parse->at++];
    return 1;
}

/* Depth and longest token, before anything is allocated for either. */
static int json_measure(const char *text, size_t length, size_t *longest, arv_error *err)
{
    size_t depth = 0, run = 0;
    bool in_string = false;
    *longest = 0;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        run++;
        if (in_string && c == '\\') {
            i++;
            run++;
        } else if (c == '"') {
            in_string = !in_string;
        } else if (!in_string && (c == '{' || c == '[')) {
            if (++depth > JSON_DEPTH)
                return arv_error_set(err, ARV_ELIMIT,
                                     "The JSON text is nested deeper than %d levels at byte %zu; "
                                     "it is not one that Archivist wrote.",
                                     JSON_DEPTH, i);
        } else if (!in_string && (c == '}' || c == ']')) {
            depth -= depth > 0;
        }
        *longest = run > *longest ? run : *longest;
        if (!in_string && strchr("\",:{}[] \t\r\n", c))
            run = 0;
    }
    return 0;
}

/* jansson's own sentences quote the text, in which a secret may stand. */
static const char *json_reason(enum json_error_code code)
{
    switch (code) {
    case json_error_invalid_utf8:
        return "the text is not valid UTF-8";
    case json_error_premature_end_of_input:
        return "the text ends too early";
    case json_error_end_of_input_expected:
        return "something follows the end of the value";
    case json_error_duplicate_key:
        return "a member stands there twice";
    case json_error_numeric_overflow:
        return "a number is too large";
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return "a string contains a NUL";
    default:
        return "the syntax is wrong";
    }
}

int arv__json_parse(arv__json **document, const char *text, size_t length, size_t limit_bytes,
                    arv_error *err)
{
    json_error_t error;
    json_parse parse = {.text = text, .length = length};
    size_t longest;
    *document = NULL;
    if (length > limit_bytes)
        return arv_error_set(err, ARV_ELIMIT,
                             "The JSON text has %zu bytes, but at most %zu are accepted.", length,
                             limit_bytes);
    int status = json_measure(text, length, &longest, err);
    if (status < 0)
        return status;
    /* The lexer doubles its text, from 16 bytes on. */
    parse.reserve_bytes = longest * 2 + 64;
    parse.reserve = arv_malloc(parse.reserve_bytes);
    if (!parse.reserve)
        return arv_error_nomem(err, "a JSON text");
    pthread_once(&json_once, json_set_up);
    json_current = &parse;
    json_t *root = json_load_callback(json_next_byte, &parse, JSON_REJECT_DUPLICATES, &error);
    json_current = NULL;
    arv_free(parse.reserve);
    if (root && !parse.no_memory) {
        *document = (arv__json *)root;
        return 0;
    }
    json_decref(root);
    if (parse.no_memory)
        return arv_error_nomem(err, "a JSON text");
    status = arv_error_set(err, ARV_EFORMAT,
                           "The JSON text is not valid at line %d, column %d: %s; correct it "
                           "there or restore the file.",
                           error.line, error.column, json_reason(json_error_code(&error)));
    if (err) {
        err->domain = ARV_DOMAIN_JSON;
        err->detail = json_error_code(&error);
    }
    return status;
}

void arv__json_free(arv__json *document)
{
    json_decref((json_t *)document);
}

static const json_t *json_member(const arv__json *object, const char *member)
{
    return json_object_get((const json_t *)object, member);
}

const arv__json *arv__json_get(const arv__json *object, const char *member)
{
    return (const arv__json *)json_member(object, member);
}

const char *arv__json_string(const arv__json *object, const char *member, size_t *length)
{
    const json_t *value = json_member(object, member);
    if (!json_is_string(value))
        return NULL;
    if (length)
        *length = json_string_length(value);
    return json_string_value(value);
}

bool arv__json_integer(const arv__json *object, const char *member, int64_t *value)
{
    const json_t *found = json_member(object, member);
    if (!json_is_integer(found))
        return false;
    *value = json_integer_value(found);
    return true;
}

bool arv__json_bool(const arv__json *object, const char *member, bool *value)
{
    const json_t *found = json_member(object, member);
    if (!json_is_boolean(found))
        return false;
    *value = json_is_true(found);
    return true;
}

bool arv__json_is_object(const arv__json *value)
{
    return json_is_object((const json_t *)value);
}

bool arv__json_is_array(const arv__json *value)
{
    return json_is_array((const json_t *)value);
}

size_t arv__json_array_size(const arv__json *array)
{
    return json_array_size((const json_t *)array);
}

const char *arv__json_text(const arv__json *value, size_t *length)
{
    if (!json_is_string((const json_t *)value))
        return NULL;
    *length = json_string_length((const json_t *)value);
    return json_string_value((const json_t *)value);
}

const arv__json *arv__json_at(const arv__json *array, size_t index)
{
    return (const arv__json *)json_array_get((const json_t *)array, index);
}

const char *arv__json_member_name(const arv__json *object, size_t index)
{
    json_t *value = (json_t *)object;
    void *member = json_object_iter(value);
    while (member && index-- > 0)
        member = json_object_iter_next(value, member);
    return member ? json_object_iter_key(member) : NULL;
}

void arv__jw_init(arv__json_writer *w, arv__buf *out)
{
    *w = (arv__json_writer){.out = out};
}

/* What stands before a value or a key: nothing behind a key and at the top, else the comma. */
static void jw_begin(arv__json_writer *w)
{
    uint64_t bit = UINT64_C(1) << w->depth;
    if (!w->after_key && w->depth > 0 && !(w->first & bit))
        arv__buf_byte(w->out, ',');
    w->first &= ~bit;
    w->after_key = false;
}

static void jw_open(arv__json_writer *w, unsigned char bracket)
{
    jw_begin(w);
    arv__buf_byte(w->out, bracket);
    if (w->depth == JSON_DEPTH - 1) {
        w->out->failed = ARV_ELIMIT;
        return;
    }
    w->depth++;
    w->first |= UINT64_C(1) << w->depth;
}

void arv__jw_object(arv__json_writer *w)
{
    jw_open(w, '{');
}

void arv__jw_array(arv__json_writer *w)
{
    jw_open(w, '[');
}

void arv__jw_end(arv__json_writer *w, char bracket)
{
    w->depth -= w->depth > 0;
    arv__buf_byte(w->out, (unsigned char)bracket);
}

void arv__jw_key(arv__json_writer *w, const char *name)
{
    jw_begin(w);
    arv__buf_json(w->out, name, strlen(name));
    arv__buf_byte(w->out, ':');
    w->after_key = true;
}

void arv__jw_string(arv__json_writer *w, const char *text)
{
    if (text)
        arv__jw_string_n(w, text, strlen(text));
    else
        arv__jw_null(w);
}

void arv__jw_string_n(arv__json_writer *w, const char *text, size_t length)
{
    jw_begin(w);
    arv__buf_json(w->out, text, length);
}

void arv__jw_integer(arv__json_writer *w, int64_t value)
{
    jw_begin(w);
    arv__buf_int(w->out, value);
}

void arv__jw_uinteger(arv__json_writer *w, uint64_t value)
{
    jw_begin(w);
    arv__buf_uint(w->out, value);
}

void arv__jw_bool(arv__json_writer *w, bool value)
{
    jw_begin(w);
    arv__buf_text(w->out, value ? "true" : "false");
}

void arv__jw_null(arv__json_writer *w)
{
    jw_begin(w);
    arv__buf_literal(w->out, "null");
}

void arv__jw_hex(arv__json_writer *w, const unsigned char *data, size_t length)
{
    jw_begin(w);
    arv__buf_byte(w->out, '"');
    arv__buf_hex(w->out, data, length);
    arv__buf_byte(w->out, '"');
}

void arv__library_jansson(arv_library *library)
{
    *library = (arv_library){"jansson", jansson_version_str()};
}
