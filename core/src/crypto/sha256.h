/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_CRYPTO_SHA256_H
#define ARV_CRYPTO_SHA256_H

/*
 * For digest.c, beyond the contract in digest.h: a SHA-256 stream that is used again and again keeps
 * its OpenSSL context.
 */

#include "crypto/digest.h"

void arv__sha256_final_keep(arv__sha256 *s, unsigned char out[ARV_SHA256_BYTES]);
/* For an object after _init(), at any point of its life before _cleanup(). */
void arv__sha256_reset(arv__sha256 *s);

#endif
