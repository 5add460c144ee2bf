/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

/* Text for people and for programs. Anybody may have made an archive, so none of its names reaches a terminal
 * with a character that could steer it. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { TEXT_SIZE_BYTES = 32, TEXT_TIME_BYTES = 48 };

/* Escapes unsafe characters (arv/utf8.h), invalid bytes and backslashes: \n, \x1b, \u202e, \\. */
void text_write_safe(FILE *out, const char *text, size_t length);
/* For a sentence, whose names are quoted already: the same, but backslashes stay. */
void text_write_sentence(FILE *out, const char *text);

/* "1.2 GB", of 1000. */
const char *text_size(uint64_t bytes, char into[TEXT_SIZE_BYTES]);
/* "2026-07-15T08:30:00Z"; "" for a time that no calendar has. */
const char *text_time(int64_t at_unix, char into[TEXT_TIME_BYTES]);

#endif
