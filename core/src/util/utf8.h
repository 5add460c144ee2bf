/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_UTIL_UTF8_H
#define ARV_UTIL_UTF8_H

/*
 * Single characters of UTF-8. arv/utf8.h shows some of it to programs; names.h declares the validator and
 * the quoting for messages, which use the same decoder. Pure functions.
 */

#include <arv/utf8.h>

/* Returns the last border between two characters at or before `at`. The text must be valid and longer. */
size_t arv__utf8_floor(const char *text, size_t at);

#endif
