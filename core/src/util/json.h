/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_UTIL_JSON_H
#define ARV_UTIL_JSON_H

/*
 * JSON in both directions: arv/json.h, and more that only the library needs. jansson reads; only json.c
 * includes it and applies limits on size and depth before and while it parses. A streaming writer of ours
 * writes, since documents such as entries.jsonl have no bound and their bytes must be the same on every
 * machine (members in call order, no blanks, UTF-8 unescaped).
 *
 * Ownership, threading, errors: as in arv/json.h.
 */

#include <arv/json.h>
#include "util/buf.h"

typedef struct arv__json_limits {
    size_t bytes;
    unsigned depth;   /* 1 to 64 */
    unsigned members; /* of one object; 0: as many as fit */
} arv__json_limits;

/* Why the parser refused a text, and where. */
typedef struct arv__json_fault {
    const char *what; /* "a member stands there twice": static, repeats nothing of the text */
    size_t at;        /* bytes that were read */
    unsigned line;
    size_t column;  /* of the byte behind them, from 1 */
    int64_t detail; /* jansson's number */
    bool syntax;    /* JSON itself does not allow it */
    bool overflow;  /* a number is too large */
} arv__json_fault;

/* arv_json_parse() for callers with sentences of their own: fills `fault` for ARV_EFORMAT and ARV_ELIMIT.
 * Accepts a value of any kind as a document. */
int arv__json_load(arv_json **document, const char *text, size_t length, const arv__json_limits *limits,
                   arv__json_fault *fault);

/* The place of a value in its text. A document does not keep places: arv__json_place() looks for the value
 * again, for an error or to copy a member as it was written. `steps` are positions from the document down:
 * 2, 0 is the first value of the third member. If they lead to no value, or the text is no JSON, the span
 * is some other one within `length`. */
typedef struct arv__json_span {
    size_t name; /* of its name's quote, in an object */
    size_t from, end;
    unsigned line;
} arv__json_span;
arv__json_span arv__json_place(const char *text, size_t length, const size_t *steps, unsigned depth);
/* Sets the steps to the value in which the text ends, such as where its parser stopped. Returns how many,
 * at `most`. */
unsigned arv__json_place_last(const char *text, size_t length, size_t *steps, unsigned most);

/* Lookups: NULL or false when the member is missing or of another type. */
bool arv__json_integer(const arv_json *object, const char *member, int64_t *value);
bool arv__json_bool(const arv_json *object, const char *member, bool *value);
bool arv__json_is_object(const arv_json *value);
bool arv__json_is_array(const arv_json *value);
size_t arv__json_array_size(const arv_json *array);
size_t arv__json_object_size(const arv_json *object);
/* Returns the text of the value itself, such as one of an array. `length` may be NULL. */
const char *arv__json_text(const arv_json *value, size_t *length);
const arv_json *arv__json_at(const arv_json *array, size_t index);
/* Returns the name of the n-th member, to refuse unknown ones; NULL behind the last. */
const char *arv__json_member_name(const arv_json *object, size_t index);
typedef enum {
    ARV__JSON_NULL,
    ARV__JSON_BOOL,
    ARV__JSON_NUMBER,
    ARV__JSON_TEXT,
    ARV__JSON_LIST,
    ARV__JSON_OBJECT
} arv__json_kind;
arv__json_kind arv__json_kind_of(const arv_json *value);
const char *arv__json_kind_text(arv__json_kind kind); /* "a text", for sentences */

arv_json_writer arv__json_into(arv__buf *buf);
void arv__json_put_hex(arv_json_writer *w, const char *key, const unsigned char *data, size_t length);

#endif
