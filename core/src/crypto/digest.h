/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_CRYPTO_DIGEST_H
#define ARV_CRYPTO_DIGEST_H

/*
 * Streaming digests: several algorithms over the same bytes in one pass, and two streams at once.
 *
 * On CPUs with SHA-NI one SHA-256 stream leaves part of the unit idle. arv__digest_pair() feeds two
 * streams with their own bytes interleaved, faster than one after the other. The packer makes the
 * digests of an entry and of the container so. sha256_ni.c holds that code; OpenSSL does everything
 * else, and all on other CPUs.
 *
 * Ownership: embedded; _cleanup() accepts a zeroed object. An arv__sha256 holds resources between
 *   _init() and _final() only: a finished stream needs no _cleanup(), an abandoned one does. Neither
 *   object may be copied. OpenSSL's algorithms are fetched once per process, at first use, from any
 *   thread.
 * Threading: one thread at a time per object.
 * Errors: ARV_ENOMEM, ARV_EINTERNAL when OpenSSL refuses. Errors of arv__digest are sticky;
 *   arv__digest_final() returns them. Those of a bare arv__sha256 stand in `failed`, and its digest
 *   is then all zeros: its user must call arv__sha256_status() after _final().
 */

#include <stdbool.h>
#include <stdint.h>
#include <arv/digest.h>

typedef struct arv__sha256 {
    uint64_t length_bytes;
    bool openssl; /* an EVP_MD_CTX holds the state, not the fields `h` and `block` */
    void *evp;
    int failed; /* 0, ARV_ENOMEM or ARV_EINTERNAL */
    uint32_t h[8];
    unsigned char block[64]; /* length_bytes % 64 bytes wait here */
} arv__sha256;

void arv__sha256_init(arv__sha256 *s);
void arv__sha256_update(arv__sha256 *s, const void *data, size_t length);
void arv__sha256_final(arv__sha256 *s, unsigned char out[ARV_SHA256_BYTES]);
/* Feeds `a` with the first bytes and `b` with the second, interleaved where the CPU gains by it. It
 * gains most if both streams stand at the border of a block and get the same memory. The ranges may
 * overlap or be the same, and may differ in length. */
void arv__sha256_pair(arv__sha256 *a, const void *data_a, size_t length_a, arv__sha256 *b, const void *data_b,
                      size_t length_b);
void arv__sha256_cleanup(arv__sha256 *s);
/* Returns 0, or the error that made the digest worthless; valid after _final() and _cleanup(), too. */
int arv__sha256_status(const arv__sha256 *s, arv_error *err);
/* Returns "sha-ni" or "openssl", the code that runs. */
const char *arv__sha256_kind(void);
/* For tests: sets the code that streams use from their _init() on; NULL leaves it to the CPU again.
 * Returns ARV_EUNSUPPORTED, and changes nothing, when this CPU does not have it. */
int arv__sha256_force(const char *kind);

typedef struct arv__digest {
    unsigned algorithms; /* set of ARV_DIGEST_* */
    arv__sha256 sha256;
    void *sha512; /* EVP_MD_CTX, NULL unless asked for */
    int failed;
} arv__digest;

/* ARV_DIGEST_SHA256 need not be named. Returns ARV_EINVALID for a bit that is no algorithm. After a
 * failure there is nothing to clean up. */
int arv__digest_init(arv__digest *d, unsigned algorithms, arv_error *err);
void arv__digest_reset(arv__digest *d); /* as after _init, and reuses its memory */
void arv__digest_update(arv__digest *d, const void *data, size_t length);
void arv__digest_pair(arv__digest *a, const void *data_a, size_t length_a, arv__digest *b, const void *data_b,
                      size_t length_b);
int arv__digest_final(arv__digest *d, arv_digests *out, arv_error *err); /* then _reset or _cleanup */
void arv__digest_cleanup(arv__digest *d);

/* One call for bytes in memory. */
int arv__digest_bytes(unsigned algorithms, const void *data, size_t length, arv_digests *out, arv_error *err);

#endif
