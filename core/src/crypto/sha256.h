/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_CRYPTO_SHA256_H
#define ARV_CRYPTO_SHA256_H

/*
 * What digest.c does with a SHA-256 stream beyond its contract in digest.h: one that is used again
 * and again keeps its OpenSSL context.
 */

#include "crypto/digest.h"

void arv__sha256_final_keep(arv__sha256 *s, unsigned char out[ARV_SHA256_BYTES]);
/* On an object that saw _init(), at any point of its life before _cleanup(). */
void arv__sha256_reset(arv__sha256 *s);

#endif
