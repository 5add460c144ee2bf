/* SPDX-License-Identifier: Apache-2.0 */
#include "util/json.h"
#include "util/libraries.h"

#include <jansson.h>
#include <pthread.h>
#include <arv/sys/alloc.h>

/*
 * jansson allocates through our table. Its lexer ignores a failure to grow the text of a token: it would
 * silently lose a byte, or the closing quote and with it the end of a copy. So a parse holds a block in
 * reserve that is large enough for the longest token. The first allocation that fails gets this block.
 * From then on the lexer, which gets its input byte by byte, reads the end of the input: it never grows
 * a text again, and the parse ends in ARV_ENOMEM.
 *
 * jansson has these functions for the whole process, where other code may use jansson too. They hand out
 * plain arv_malloc(), libc's unless the application replaced it. So jansson may free a block from before
 * with them, or free one of theirs later without them. When the library is unloaded, it takes them back.
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

/* Checks depth, members and longest token before jansson allocates anything for them. */
static const char *json_measure(const char *text, size_t length, const arv__json_limits *limits,
                                size_t *longest, size_t *at)
{
    unsigned members[JSON_DEPTH + 1] = {0};
    size_t depth = 0, run = 0;
    bool in_string = false;
    *longest = 0;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        *at = i;
        run++;
        if (in_string && c == '\\') {
            i++;
            run++;
        } else if (c == '"') {
            in_string = !in_string;
        } else if (!in_string && (c == '{' || c == '[')) {
            if (++depth > limits->depth)
                return "it is nested too deep";
            members[depth] = 0;
        } else if (!in_string && (c == '}' || c == ']')) {
            depth -= depth > 0;
        } else if (!in_string && c == ':' && limits->members && ++members[depth] > limits->members) {
            return "an object has too many members";
        }
        *longest = run > *longest ? run : *longest;
        if (!in_string && strchr("\",:{}[] \t\r\n", c))
            run = 0;
    }
    return NULL;
}

/* jansson has one number for all of these. Its own sentences quote the text, which may hold a secret, so
 * this compares their beginnings only. If jansson rewords one, our sentence is less precise. */
static const char *json_syntax(const char *theirs, const char *text, size_t at)
{
    static const char *const known[][2] = {
        {"string or '}' expected", "here the name of a member should stand, in \"…\""},
        {"':' expected", "a colon is missing behind the name of a member"},
        {"'}' expected", "a comma or the end of an object is missing"},
        {"']' expected", "a comma or the end of a list is missing"},
        {"unexpected newline", "a text has a line break or another control character in it; write "
                               "\\n, \\t, or \\u and its number"},
        {"control character", "a text has a line break or another control character in it; write "
                              "\\n, \\t, or \\u and its number"},
        {"invalid escape", "a backslash is followed by what is no character; write \\\\ for a "
                           "backslash itself"},
        {"invalid Unicode", "a backslash is followed by what is no character; write \\\\ for a "
                            "backslash itself"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strncmp(theirs, known[i][0], strlen(known[i][0])) == 0)
            return known[i][1];
    size_t end = at > 1 && (text[at - 1] | 0x20) == 'e' ? at - 1 : at; /* a power without digits, or "True" */
    if (end > 0 && text[end - 1] && strchr("0123456789+-.", text[end - 1]))
        return "a number is not complete, has a 0 too many before it, or lacks a comma behind it";
    return "here a value should stand: a text in \"…\", a number, true, false, null, […] or {…}";
}

static void json_explain(arv__json_fault *fault, const json_error_t *error, const char *text)
{
    static const char nul[] =
        "a text contains a NUL, a backslash followed by u0000, which is no character here";
    static const char *const reasons[] = {
        [json_error_invalid_utf8] = "the text is not valid UTF-8",
        [json_error_premature_end_of_input] =
            "the text ends too early: a text, a list or an object in it has no end",
        [json_error_end_of_input_expected] = "something follows the end of the value",
        [json_error_duplicate_key] = "a member stands there twice",
        [json_error_numeric_overflow] = "a number is too large",
        [json_error_null_character] = nul,
        [json_error_null_byte_in_key] = nul,
    };
    enum json_error_code code = json_error_code(error);
    fault->detail = code;
    fault->at = (size_t)error->position;
    fault->overflow = code == json_error_numeric_overflow;
    fault->what = code < sizeof reasons / sizeof reasons[0] ? reasons[code] : NULL;
    fault->syntax = !fault->what;
    if (fault->syntax)
        fault->what = json_syntax(error->text, text, fault->at);
}

static int json_fault(arv__json_fault *fault, int code, const char *text)
{
    size_t line_at = 0;
    fault->line = 1;
    for (size_t i = 0; i < fault->at; i++)
        if (text[i] == '\n') {
            fault->line++;
            line_at = i + 1;
        }
    fault->column = fault->at - line_at + 1;
    return code;
}

int arv__json_load(arv_json **document, const char *text, size_t length, const arv__json_limits *limits,
                   arv__json_fault *fault)
{
    json_error_t error;
    json_parse parse = {.text = text, .length = length};
    size_t longest;
    *document = NULL;
    *fault = (arv__json_fault){.what = "the text is too large"};
    if (length > limits->bytes || (fault->what = json_measure(text, length, limits, &longest, &fault->at)))
        return json_fault(fault, ARV_ELIMIT, text);
    /* The lexer doubles its text, from 16 bytes on. */
    parse.reserve_bytes = longest * 2 + 64;
    parse.reserve = arv_malloc(parse.reserve_bytes);
    if (!parse.reserve)
        return ARV_ENOMEM;
    pthread_once(&json_once, json_set_up);
    json_current = &parse;
    json_t *root =
        json_load_callback(json_next_byte, &parse, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    json_current = NULL;
    arv_free(parse.reserve);
    if (root && !parse.no_memory) {
        *document = (arv_json *)root;
        return 0;
    }
    json_decref(root);
    if (parse.no_memory)
        return ARV_ENOMEM;
    json_explain(fault, &error, text);
    return json_fault(fault, ARV_EFORMAT, text);
}

int arv_json_parse(arv_json **document, const char *text, size_t length, size_t limit_bytes, arv_error *err)
{
    const arv__json_limits limits = {.bytes = limit_bytes, .depth = JSON_DEPTH};
    arv__json_fault fault;
    int rc = arv__json_load(document, text, length, &limits, &fault);
    if (rc == 0 && !arv__json_is_object(*document) && !arv__json_is_array(*document)) {
        arv_json_free(*document);
        *document = NULL;
        fault = (arv__json_fault){.what = "it is no object or list", .line = 1, .column = 1, .syntax = true};
        rc = ARV_EFORMAT;
    }
    if (rc == ARV_ENOMEM)
        return arv_error_nomem(err, "a JSON text");
    if (rc == ARV_ELIMIT && length > limit_bytes)
        return arv_error_set(err, ARV_ELIMIT, "The JSON text has %zu bytes, but at most %zu are accepted.",
                             length, limit_bytes);
    if (rc == ARV_ELIMIT)
        return arv_error_set(err, ARV_ELIMIT,
                             "The JSON text is nested deeper than %d levels at byte %zu; it is not "
                             "one that Archivist wrote.",
                             JSON_DEPTH, fault.at);
    if (rc == 0)
        return 0;
    arv_error_set(err, ARV_EFORMAT,
                  "The JSON text is not valid at line %u, column %zu: %s%s; correct it there or "
                  "restore the file.",
                  fault.line, fault.column, fault.syntax ? "the syntax is wrong: " : "", fault.what);
    if (err) {
        err->domain = ARV_DOMAIN_JSON;
        err->detail = fault.detail;
    }
    return rc;
}

void arv_json_free(arv_json *document)
{
    json_decref((json_t *)document);
}

/* ---- where values stand ---- */

static size_t place_blanks(const char *text, size_t length, size_t at)
{
    while (at < length && strchr(" \t\r\n", text[at]))
        at++;
    return at < length ? at : length;
}

/* From the first byte of a value or of a name to behind it. */
static size_t place_skip(const char *text, size_t length, size_t at)
{
    size_t depth = 0;
    bool in_string = false;
    for (; at < length; at++) {
        char c = text[at];
        if (in_string && c == '\\')
            at++;
        else if (c == '"')
            in_string = !in_string;
        else if (!in_string && (c == '{' || c == '['))
            depth++;
        else if (!in_string && depth == 0 && strchr(",:]} \t\r\n", c))
            return at;
        else if (!in_string && (c == '}' || c == ']'))
            depth--;
    }
    return length;
}

/* Goes from a container to its child of this number, or to the last one. Returns the child's number. */
static size_t place_child(const char *text, size_t length, size_t wanted, arv__json_span *span)
{
    bool object = span->from < length && text[span->from] == '{';
    size_t at = place_blanks(text, length, span->from + 1);
    for (size_t i = 0;; i++) {
        span->name = at;
        if (object) {
            at = place_blanks(text, length, place_skip(text, length, at));
            at = place_blanks(text, length, at + 1); /* behind the colon */
        }
        span->from = at;
        span->end = place_skip(text, length, at);
        if (i == wanted || span->end == length)
            return i;
        at = place_blanks(text, length, span->end);
        at = place_blanks(text, length, at + 1); /* behind the comma */
    }
}

arv__json_span arv__json_place(const char *text, size_t length, const size_t *steps, unsigned depth)
{
    arv__json_span span = {.from = place_blanks(text, length, 0), .line = 1};
    span.end = place_skip(text, length, span.from);
    for (unsigned step = 0; step < depth; step++)
        place_child(text, length, steps[step], &span);
    for (size_t i = 0; i < span.from; i++)
        span.line += text[i] == '\n';
    return span;
}

unsigned arv__json_place_last(const char *text, size_t length, size_t *steps, unsigned most)
{
    arv__json_span span = {.from = place_blanks(text, length, 0)};
    unsigned depth = 0;
    while (depth < most && span.from < length && (text[span.from] == '{' || text[span.from] == '['))
        steps[depth++] = place_child(text, length, SIZE_MAX, &span);
    return depth;
}

/* ---- lookups ---- */

static const json_t *json_member(const arv_json *object, const char *member)
{
    return json_object_get((const json_t *)object, member);
}

const arv_json *arv_json_get(const arv_json *object, const char *member)
{
    return (const arv_json *)json_member(object, member);
}

const char *arv_json_string(const arv_json *object, const char *member, size_t *length)
{
    const json_t *value = json_member(object, member);
    if (!json_is_string(value))
        return NULL;
    if (length)
        *length = json_string_length(value);
    return json_string_value(value);
}

bool arv__json_integer(const arv_json *object, const char *member, int64_t *value)
{
    const json_t *found = json_member(object, member);
    if (!json_is_integer(found))
        return false;
    *value = json_integer_value(found);
    return true;
}

bool arv__json_bool(const arv_json *object, const char *member, bool *value)
{
    const json_t *found = json_member(object, member);
    if (!json_is_boolean(found))
        return false;
    *value = json_is_true(found);
    return true;
}

bool arv__json_is_object(const arv_json *value)
{
    return json_is_object((const json_t *)value);
}

bool arv__json_is_array(const arv_json *value)
{
    return json_is_array((const json_t *)value);
}

size_t arv__json_object_size(const arv_json *object)
{
    return json_object_size((const json_t *)object);
}

size_t arv__json_array_size(const arv_json *array)
{
    return json_array_size((const json_t *)array);
}

const char *arv__json_text(const arv_json *value, size_t *length)
{
    if (!json_is_string((const json_t *)value))
        return NULL;
    if (length)
        *length = json_string_length((const json_t *)value);
    return json_string_value((const json_t *)value);
}

const arv_json *arv__json_at(const arv_json *array, size_t index)
{
    return (const arv_json *)json_array_get((const json_t *)array, index);
}

const char *arv__json_member_name(const arv_json *object, size_t index)
{
    json_t *value = (json_t *)object;
    void *member = json_object_iter(value);
    while (member && index-- > 0)
        member = json_object_iter_next(value, member);
    return member ? json_object_iter_key(member) : NULL;
}

arv__json_kind arv__json_kind_of(const arv_json *value)
{
    static const arv__json_kind kinds[] = {
        [JSON_OBJECT] = ARV__JSON_OBJECT,  [JSON_ARRAY] = ARV__JSON_LIST,  [JSON_STRING] = ARV__JSON_TEXT,
        [JSON_INTEGER] = ARV__JSON_NUMBER, [JSON_REAL] = ARV__JSON_NUMBER, [JSON_TRUE] = ARV__JSON_BOOL,
        [JSON_FALSE] = ARV__JSON_BOOL,     [JSON_NULL] = ARV__JSON_NULL};
    return kinds[json_typeof((const json_t *)value)];
}

const char *arv__json_kind_text(arv__json_kind kind)
{
    static const char *const texts[] = {"null", "true or false", "a number", "a text", "a list", "an object"};
    return texts[kind];
}

void arv__library_jansson(arv_library *library)
{
    *library = (arv_library){"jansson", jansson_version_str()};
}
