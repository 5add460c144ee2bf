/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_CRYPTO_DIGEST_H
#define ARV_CRYPTO_DIGEST_H

/*
 * Streaming digests: several algorithms over the same bytes in one pass, and two streams at once.
 *
 * On CPUs with SHA-NI one SHA-256 stream leaves half of the unit idle: arv__digest_pair() feeds
 * two streams with their own bytes interleaved, 1.45 times as fast as one after the other. It is
 * what an entry's and the container's digest run through. sha256_ni.c holds that code; everything
 * else, and every other CPU, goes through OpenSSL.
 *
 * Ownership: embedded; _cleanup() accepts a zeroed object. The EVP algorithms are fetched once per
 *   process by arv__digest_global_init() and reference counted by OpenSSL.
 * Threading: one thread at a time per object.
 * Errors: ARV_ENOMEM, ARV_EINTERNAL when OpenSSL refuses. Errors in update are sticky and reported
 *   by final.
 */

#include <stdint.h>
#include <arv/digest.h>

typedef struct arv__sha256 { /* our own state, so that two can be fed at once and copied freely */
    uint32_t h[8];
    uint64_t length_bytes;
    unsigned char block[64]; /* length_bytes % 64 bytes wait here */
} arv__sha256;

void arv__sha256_init(arv__sha256 *s);
void arv__sha256_update(arv__sha256 *s, const void *data, size_t length);
void arv__sha256_final(arv__sha256 *s, unsigned char out[ARV_SHA256_BYTES]);
/* Feeds `a` with the first bytes and `b` with the second, interleaved where the CPU gains by it.
 * The ranges may overlap or be the same, and may differ in length. */
void arv__sha256_pair(arv__sha256 *a, const void *data_a, size_t length_a,
                      arv__sha256 *b, const void *data_b, size_t length_b);
/* "sha-ni" or "openssl": which code runs. */
const char *arv__sha256_kind(void);

typedef struct arv__digest {
    unsigned algorithms; /* set of ARV_DIGEST_* */
    arv__sha256 sha256;
    void *sha512; /* EVP_MD_CTX, NULL unless asked for */
    int failed;
} arv__digest;

int arv__digest_init(arv__digest *d, unsigned algorithms, arv_error *err);
void arv__digest_reset(arv__digest *d); /* as after _init, without allocating */
void arv__digest_update(arv__digest *d, const void *data, size_t length);
void arv__digest_pair(arv__digest *a, const void *data_a, size_t length_a,
                      arv__digest *b, const void *data_b, size_t length_b);
int arv__digest_final(arv__digest *d, arv_digests *out, arv_error *err); /* then _reset or _cleanup */
void arv__digest_cleanup(arv__digest *d);

/* One call for bytes in memory. */
int arv__digest_bytes(unsigned algorithms, const void *data, size_t length, arv_digests *out,
                      arv_error *err);

#endif
