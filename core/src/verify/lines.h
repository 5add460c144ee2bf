/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_VERIFY_LINES_H
#define ARV_VERIFY_LINES_H

/*
 * Splits blocks into lines, and parses the lines of a bag's documents. Lines end with LF, CR or CRLF; the
 * last one may lack its end. A line longer than its limit is reported and passed over.
 *
 * Ownership: embedded; a line is valid, and may be written to, during the callback.
 */

#include "util/buf.h"
#include "util/json.h"
#include <arv/digest.h>

typedef struct arv__lines {
    arv__buf line;
    uint64_t number; /* of the current line, from 1 */
    bool overlong;
    bool after_cr;
    /* `text` is NUL-ended; NULL: the line was too long. Returns 0, or < 0, which _feed returns. */
    int (*on_line)(void *user_data, char *text, size_t length, arv_error *err);
    void *user_data;
} arv__lines;

enum { ARV__LINE_BYTES_MAX = 256 << 10 };

void arv__lines_init(arv__lines *lines, size_t line_bytes_max,
                     int (*on_line)(void *, char *, size_t, arv_error *), void *user_data);
int arv__lines_feed(arv__lines *lines, const void *data, size_t length, arv_error *err);
/* Ends the last line. Another document may be fed afterwards. */
int arv__lines_end(arv__lines *lines, arv_error *err);
void arv__lines_cleanup(arv__lines *lines);

/* Parses a line of manifest-*.txt: the digest, of `digest_bytes`, and the path with its percent-encoding
 * undone. Returns NULL, or what is wrong with the line. */
const char *arv__manifest_line(char *text, size_t length, size_t digest_bytes, unsigned char *digest,
                               const char **path, size_t *path_length);

/* Finds the path in a line of fetch.txt, "URL LENGTH PATH". Returns NULL, or what is wrong with the line. */
const char *arv__fetch_line(char *text, size_t length, const char **path, size_t *path_length);

/* A line of metadata/entries.jsonl. */
typedef struct arv__listed {
    const char *name; /* relative to the base folder: "data/…" */
    size_t name_length;
    const char *original;
    size_t original_length;
    const char *owner;
    char *persons; /* person_count keys, one behind the other, each NUL-ended; unless in the document */
    size_t person_count;
    uint64_t size_bytes;
    int64_t modified_at_unix;
    const char *sha256; /* hexadecimal, checked; NULL unless a file */
    arv_digests digests;
    bool folder;
    const char *target; /* of a symbolic link, which has no file in the container; else NULL */
    size_t target_length;
    arv_json *document; /* NULL when the line was simple */
} arv__listed;

/* Parses a line of metadata/entries.jsonl. Its strings are in `text` or in the document, and valid while both
 * are. Returns NULL, or what is wrong with the line; a lack of memory is such a reason, too (ARV_ENOMEM in
 * err). */
const char *arv__listed_parse(arv__listed *listed, char *text, size_t length, arv_error *err);
void arv__listed_cleanup(arv__listed *listed);
/* Writes the keys of the person_count persons into an array with room for ARV_PERSONS_MAX. */
void arv__listed_persons(const arv__listed *listed, const char **into);

/* Returns why a name of a container is unsafe, or NULL. */
const char *arv__name_unsafe(const char *name, size_t length);

#endif
