/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_JSON_H
#define CLI_JSON_H

/* JSON to stdout by the library's writer (arv/json.h): one object after the other, each in a line. Texts
 * come from anybody, so that the writer guards the terminal. `key` is NULL inside a list. */

#include <arv/digest.h>
#include <arv/json.h>

extern arv_json_writer json_out;

static inline void json_open(const char *key, char bracket)
{
    arv_json_open(&json_out, key, bracket);
}

static inline void json_text(const char *key, const char *text) /* NULL: null */
{
    arv_json_put_text(&json_out, key, text);
}

static inline void json_bytes(const char *key, const char *text, size_t length)
{
    arv_json_put_bytes(&json_out, key, text, length);
}

static inline void json_unsigned(const char *key, uint64_t number)
{
    arv_json_put_unsigned(&json_out, key, number);
}

static inline void json_signed(const char *key, int64_t number)
{
    arv_json_put_signed(&json_out, key, number);
}

static inline void json_bool(const char *key, bool value)
{
    arv_json_put_bool(&json_out, key, value);
}

void json_close(void); /* closing the outermost one ends the line */
/* Writes "sha256" and, if there is one, "sha512". */
void json_digests(const arv_digests *digests);
/* Closes inner objects and lists (an error may come in the middle). Writes {"error": …} as the last member
 * of the outermost object, or as an object of its own when none is open. `hint` may be NULL. */
void json_error(const arv_error *err, const char *hint, int exit_code);

#endif
