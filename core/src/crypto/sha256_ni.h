/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_CRYPTO_SHA256_NI_H
#define ARV_CRYPTO_SHA256_NI_H

/*
 * The compression function of SHA-256 on the SHA extensions of x86 CPUs; private to sha256.c.
 *
 * Threading: pure functions. Units: whole blocks of 64 bytes, at any alignment. The others must not be
 * called where arv__sha256_ni_available() returns false.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool arv__sha256_ni_available(void);
void arv__sha256_ni_blocks(uint32_t h[8], const unsigned char *data, size_t block_count);
/* Two streams, each with its own blocks. */
void arv__sha256_ni_blocks_pair(uint32_t a[8], const unsigned char *data_a, uint32_t b[8],
                                const unsigned char *data_b, size_t block_count);
/* Two streams that take in the same blocks: computes the message schedule once. */
void arv__sha256_ni_blocks_same(uint32_t a[8], uint32_t b[8], const unsigned char *data, size_t block_count);

#endif
