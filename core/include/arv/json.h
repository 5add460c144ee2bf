/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_JSON_H
#define ARV_JSON_H

/*
 * JSON in both directions, as far as programs on this library need it. They read the record of an archive
 * about itself (arv_report.job_json), and write results one value after the other, without holding
 * them. The library reads and writes its own documents with the same code.
 *
 * Ownership: arv_json_parse() returns a document that the caller frees with arv_json_free(); values and
 *   texts are borrowed from it. A writer is a value that holds no memory.
 * Threading: a document and a writer belong to one thread at a time.
 * Errors: ARV_EFORMAT with line and column, ARV_ELIMIT (size; more than 64 levels), ARV_ENOMEM. A
 *   message never repeats the text. A writer has `failed`, which stays.
 * Units: bytes.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <arv/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- reading ---- */

typedef struct arv_json arv_json; /* one value inside a document, or the document itself */

/* Parses RFC 8259, UTF-8 without a byte order mark; the document is an object or a list. Refuses members
 * that stand there twice, NUL in texts, whole numbers beyond 64 bits, and text behind the end. */
ARV_API int arv_json_parse(arv_json **document, const char *text, size_t length, size_t limit_bytes,
                           arv_error *err);
ARV_API void arv_json_free(arv_json *document);
/* Returns a member of an object; NULL when it is missing, or `object` is NULL or no object. */
ARV_API const arv_json *arv_json_get(const arv_json *object, const char *member);
/* Returns the text of a member, NUL-ended; NULL also when it is no text. `length` may be NULL. */
ARV_API const char *arv_json_string(const arv_json *object, const char *member, size_t *length);

/* ---- writing ---- */

typedef void (*arv_json_write_cb)(void *user_data, const char *bytes, size_t length);

/* Begins as {.write = …, .user_data = …}. Writes members in the order of the calls, without blanks. */
typedef struct arv_json_writer {
    arv_json_write_cb write;
    void *user_data;
    bool guarded;          /* for texts that anybody may have made: invalid bytes become U+FFFD, unsafe
                     characters (arv/utf8.h) \uXXXX; else texts must be UTF-8, and of their characters only
                     controls, '"' and '\' are escaped */
    bool failed;           /* opened more than 63 levels; nothing was written from there on */
    unsigned depth;        /* open levels; 0: the value is complete */
    uint64_t lists, begun; /* the writer's own: bit n is about depth n */
} arv_json_writer;

/* `key` is the member's name, NULL in a list and for the outermost value. */
ARV_API void arv_json_open(arv_json_writer *writer, const char *key, char bracket); /* '{' or '[' */
ARV_API void arv_json_close(arv_json_writer *writer); /* closes the level that was opened last */
ARV_API void arv_json_put_text(arv_json_writer *writer, const char *key, const char *text); /* NULL: null */
ARV_API void arv_json_put_bytes(arv_json_writer *writer, const char *key, const char *text, size_t length);
ARV_API void arv_json_put_signed(arv_json_writer *writer, const char *key, int64_t number);
ARV_API void arv_json_put_unsigned(arv_json_writer *writer, const char *key, uint64_t number);
ARV_API void arv_json_put_bool(arv_json_writer *writer, const char *key, bool value);

#ifdef __cplusplus
}
#endif
#endif
