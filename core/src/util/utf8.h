/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_UTIL_UTF8_H
#define ARV_UTIL_UTF8_H

/*
 * Single characters of UTF-8, for names.c; the validator and the quoting for messages, which are
 * made of the same, are declared in names.h. Pure functions.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the well-formed character at `text` (1 to 4), or 0. Overlong forms, surrogates and all
 * above U+10FFFF are not well-formed; NUL is a character. `length` is at least 1. */
size_t arv__utf8_decode(const char *text, size_t length, uint32_t *point);
/* The last border between two characters at or before `at`; the text is valid and longer. */
size_t arv__utf8_floor(const char *text, size_t at);
/* Controls, bidirectional controls, invisible format characters and non-characters: what may stand
 * neither in a name nor in a message. */
bool arv__utf8_unsafe(uint32_t point);

#endif
