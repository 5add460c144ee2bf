/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_UTIL_JSON_H
#define ARV_UTIL_JSON_H

/*
 * JSON in both directions. Reading: jansson, which is included in json.c only; limits on size and
 * depth are applied before and while parsing, duplicate keys are refused. Writing: a streaming
 * writer of ours into an arv__buf, since documents such as entries.jsonl have no bound and their
 * bytes must be the same on every machine (members in call order, no blanks, UTF-8 unescaped).
 *
 * Ownership: arv__json_parse() returns a document that the caller frees; values read from it are
 *   borrowed from it. Threading: a document belongs to one thread at a time.
 * Errors: ARV_EFORMAT with line and column; ARV_ELIMIT; ARV_ENOMEM.
 */

#include <stdbool.h>
#include "util/buf.h"

typedef struct arv__json arv__json; /* one value inside a document, or the document itself */

int arv__json_parse(arv__json **document, const char *text, size_t length, size_t limit_bytes,
                    arv_error *err);
void arv__json_free(arv__json *document);

/* Lookups: NULL or false when the member is missing or of another type. */
const arv__json *arv__json_get(const arv__json *object, const char *member);
const char *arv__json_string(const arv__json *object, const char *member, size_t *length);
bool arv__json_integer(const arv__json *object, const char *member, int64_t *value);
bool arv__json_bool(const arv__json *object, const char *member, bool *value);
bool arv__json_is_object(const arv__json *value);
bool arv__json_is_array(const arv__json *value);
size_t arv__json_array_size(const arv__json *array);
/* The value itself as a text, such as one of an array. */
const char *arv__json_text(const arv__json *value, size_t *length);
const arv__json *arv__json_at(const arv__json *array, size_t index);
/* Name of the n-th member, for refusing unknown ones; NULL behind the last. */
const char *arv__json_member_name(const arv__json *object, size_t index);

/* The writer keeps only where commas go; depth is bounded by the bits of `first`. */
typedef struct arv__json_writer {
    arv__buf *out;
    uint64_t first; /* bit n: the next member at depth n is its first */
    unsigned depth;
    bool after_key;
} arv__json_writer;

void arv__jw_init(arv__json_writer *w, arv__buf *out);
void arv__jw_object(arv__json_writer *w); /* { */
void arv__jw_array(arv__json_writer *w);  /* [ */
void arv__jw_end(arv__json_writer *w, char bracket); /* '}' or ']' */
void arv__jw_key(arv__json_writer *w, const char *name);
void arv__jw_string(arv__json_writer *w, const char *text); /* NULL becomes null */
void arv__jw_string_n(arv__json_writer *w, const char *text, size_t length);
void arv__jw_integer(arv__json_writer *w, int64_t value);
void arv__jw_uinteger(arv__json_writer *w, uint64_t value);
void arv__jw_bool(arv__json_writer *w, bool value);
void arv__jw_null(arv__json_writer *w);
void arv__jw_hex(arv__json_writer *w, const unsigned char *data, size_t length);

#endif
