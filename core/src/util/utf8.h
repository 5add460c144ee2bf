/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_UTIL_UTF8_H
#define ARV_UTIL_UTF8_H

/*
 * Single characters of UTF-8, which arv/utf8.h shows to programs, too; the validator and the quoting for
 * messages, which are made of the same, are declared in names.h. Pure functions.
 */

#include <arv/utf8.h>

/* The last border between two characters at or before `at`; the text is valid and longer. */
size_t arv__utf8_floor(const char *text, size_t at);

#endif
