/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_UTF8_H
#define ARV_UTF8_H

/*
 * Characters of UTF-8, for programs that show names to people. Archives come from anybody: a name may
 * hold bytes that are no text, and characters that steer a terminal. The library decides both in one
 * place, and so do its messages and its JSON (arv/json.h).
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
/* Controls, bidirectional controls, line separators, invisible format characters and non-characters:
 * what may stand neither in a name of an archive nor in a message. */
ARV_API bool arv_utf8_unsafe(uint32_t point);

#ifdef __cplusplus
}
#endif
#endif
