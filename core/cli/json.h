/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_JSON_H
#define CLI_JSON_H

/*
 * Writes one JSON object after the other to stdout, each in a line. `key` is NULL inside an array.
 * Texts are UTF-8; invalid bytes become U+FFFD, characters that steer a terminal \uXXXX.
 */

#include <arv/digest.h>
#include <arv/error.h>
#include <stdbool.h>
#include <stdint.h>

void json_open(const char *key, char bracket); /* '{' or '[' */
void json_close(char bracket);                 /* '}' or ']'; the outermost one ends the line */
void json_text(const char *key, const char *text); /* NULL: null */
void json_bytes(const char *key, const char *text, size_t length);
void json_unsigned(const char *key, uint64_t number);
void json_signed(const char *key, int64_t number);
void json_bool(const char *key, bool value);
/* "sha256" and, where it was made, "sha512". */
void json_digests(const arv_digests *digests);
/* Closes what is open (an error may come in the middle) and writes {"error": …} as an object of
 * its own when nothing is open, else as the last member of the outermost object. */
/* `hint` may be NULL. */
void json_error(const arv_error *err, const char *hint, int exit_code);

#endif
