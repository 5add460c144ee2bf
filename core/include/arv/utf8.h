/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_UTF8_H
#define ARV_UTF8_H

/*
 * Characters of UTF-8, for programs that show names to people. Anybody can make an archive: a name in it
 * may hold bytes that are no text, and characters that steer a terminal. These functions recognise both;
 * the library's messages and JSON (arv/json.h) use them.
 *
 * Threading: pure functions. Units: bytes.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <arv/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Returns the bytes of the well-formed character at `text` (1 to 4) and its number in *point, or 0.
 * Overlong forms, surrogates and all above U+10FFFF are not well-formed; NUL is a character. `length`
 * must be at least 1. */
ARV_API size_t arv_utf8_decode(const char *text, size_t length, uint32_t *point);
/* Returns true for controls, bidirectional controls, line separators, invisible format characters and
 * non-characters. They may stand neither in a name of an archive nor in a message. */
ARV_API bool arv_utf8_unsafe(uint32_t point);

#ifdef __cplusplus
}
#endif
#endif
