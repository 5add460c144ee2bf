/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_UTIL_HEX_H
#define ARV_UTIL_HEX_H

/* Hexadecimal digits as others wrote them. What we write ourselves has lower-case digits only. */

#include <stdbool.h>
#include <stddef.h>

/* Returns the value of a digit in lower case, or -1. */
static inline int arv__hex_lower(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Returns the value of a digit in either case, or -1. */
static inline int arv__hex_digit(char c)
{
    return arv__hex_lower(c >= 'A' && c <= 'F' ? (char)(c | 0x20) : c);
}

/* Reads `count` bytes from twice as many digits. Returns false at the first other character. */
static inline bool arv__hex_bytes(const char *text, size_t count, int (*digit)(char c), unsigned char *into)
{
    for (size_t i = 0; i < count; i++) {
        int high = digit(text[2 * i]), low = high < 0 ? -1 : digit(text[2 * i + 1]);
        if (low < 0)
            return false;
        into[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

#endif
