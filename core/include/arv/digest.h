/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_DIGEST_H
#define ARV_DIGEST_H

/*
 * Message digests (FIPS 180-4) as the core computes them beside its other work.
 *
 * Ownership: an arv_digests value holds no pointer. Threading: values. Units: bytes.
 */

#include <stdbool.h>
#include <stddef.h>
#include <arv/error.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {                              /* a set of these is an `unsigned` */
       ARV_DIGEST_SHA256 = 1u << 0, /* always made */
       ARV_DIGEST_SHA512 = 1u << 1  /* option */
};

#define ARV_SHA256_BYTES 32
#define ARV_SHA512_BYTES 64

typedef struct arv_digests {
    unsigned present; /* which of the fields are set */
    unsigned char sha256[ARV_SHA256_BYTES];
    unsigned char sha512[ARV_SHA512_BYTES];
} arv_digests;

/* Returns true if both have an algorithm in common and are equal in every such algorithm. */
ARV_API bool arv_digests_equal(const arv_digests *a, const arv_digests *b);
/* Writes one algorithm's digest as lower-case hexadecimal, NUL-ended, or "" when it is not present.
 * Returns `into`. */
ARV_API const char *arv_digests_hex(const arv_digests *digests, unsigned algorithm, char into[129]);

#ifdef __cplusplus
}
#endif
#endif
