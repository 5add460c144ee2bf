/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/digest.h"

#include <string.h>

#include "crypto/openssl.h"
#include "crypto/sha256.h"

enum { DIGEST_ALL = ARV_DIGEST_SHA256 | ARV_DIGEST_SHA512 };

bool arv_digests_equal(const arv_digests *a, const arv_digests *b)
{
    unsigned both = a->present & b->present & DIGEST_ALL;

    if (!both)
        return false;
    if ((both & ARV_DIGEST_SHA256) && memcmp(a->sha256, b->sha256, ARV_SHA256_BYTES) != 0)
        return false;
    return !(both & ARV_DIGEST_SHA512) || memcmp(a->sha512, b->sha512, ARV_SHA512_BYTES) == 0;
}

const char *arv_digests_hex(const arv_digests *digests, unsigned algorithm, char into[129])
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *bytes = digests->sha256;
    size_t count = 0;

    if ((digests->present & algorithm) && algorithm == ARV_DIGEST_SHA256) {
        count = ARV_SHA256_BYTES;
    } else if ((digests->present & algorithm) && algorithm == ARV_DIGEST_SHA512) {
        bytes = digests->sha512;
        count = ARV_SHA512_BYTES;
    }
    for (size_t i = 0; i < count; i++) {
        into[2 * i] = digits[bytes[i] >> 4];
        into[2 * i + 1] = digits[bytes[i] & 15];
    }
    into[2 * count] = '\0';
    return into;
}

static void digest_begin_sha512(arv__digest *d)
{
    const EVP_MD *md = arv__openssl_sha512();
    if (!md || !d->sha512 || EVP_DigestInit_ex2(d->sha512, md, NULL) != 1)
        d->failed = arv__openssl_seterr(NULL, ARV_EINTERNAL, "SHA-512");
}

static int digest_status(const arv__digest *d, arv_error *err)
{
    if (d->sha256.failed)
        return arv__sha256_status(&d->sha256, err);
    if (!d->failed)
        return 0;
    return arv_error_set(err, d->failed, "The SHA-512 digest could not be computed, since OpenSSL %s.",
                         d->failed == ARV_ENOMEM ? "had not enough memory; give the process more"
                                                 : "refused the algorithm; check its configuration");
}

int arv__digest_init(arv__digest *d, unsigned algorithms, arv_error *err)
{
    int rc;

    memset(d, 0, sizeof *d);
    if (algorithms & ~(unsigned)DIGEST_ALL)
        return arv_error_set(err, ARV_EINVALID,
                             "The set of digest algorithms %#x names one that is not known; use "
                             "SHA-256 and SHA-512.",
                             algorithms);
    d->algorithms = algorithms | ARV_DIGEST_SHA256;
    arv__sha256_init(&d->sha256);
    if (d->algorithms & ARV_DIGEST_SHA512) {
        d->sha512 = EVP_MD_CTX_new();
        digest_begin_sha512(d);
    }
    rc = digest_status(d, err);
    if (rc < 0)
        arv__digest_cleanup(d);
    return rc;
}

void arv__digest_reset(arv__digest *d)
{
    d->failed = 0;
    arv__sha256_reset(&d->sha256);
    if (d->algorithms & ARV_DIGEST_SHA512)
        digest_begin_sha512(d);
}

static void digest_update_sha512(arv__digest *d, const void *data, size_t length)
{
    if (d->sha512 && !d->failed && length && EVP_DigestUpdate(d->sha512, data, length) != 1)
        d->failed = arv__openssl_seterr(NULL, ARV_EINTERNAL, "SHA-512");
}

void arv__digest_update(arv__digest *d, const void *data, size_t length)
{
    arv__sha256_update(&d->sha256, data, length);
    digest_update_sha512(d, data, length);
}

void arv__digest_pair(arv__digest *a, const void *data_a, size_t length_a, arv__digest *b, const void *data_b,
                      size_t length_b)
{
    arv__sha256_pair(&a->sha256, data_a, length_a, &b->sha256, data_b, length_b);
    digest_update_sha512(a, data_a, length_a);
    digest_update_sha512(b, data_b, length_b);
}

int arv__digest_final(arv__digest *d, arv_digests *out, arv_error *err)
{
    int rc;

    memset(out, 0, sizeof *out);
    arv__sha256_final_keep(&d->sha256, out->sha256);
    if (d->sha512 && !d->failed && EVP_DigestFinal_ex(d->sha512, out->sha512, NULL) != 1)
        d->failed = arv__openssl_seterr(NULL, ARV_EINTERNAL, "SHA-512");
    rc = digest_status(d, err);
    if (rc < 0)
        memset(out, 0, sizeof *out);
    else
        out->present = d->algorithms;
    return rc;
}

void arv__digest_cleanup(arv__digest *d)
{
    if (!d)
        return;
    arv__sha256_cleanup(&d->sha256);
    EVP_MD_CTX_free(d->sha512);
    d->sha512 = NULL;
}

int arv__digest_bytes(unsigned algorithms, const void *data, size_t length, arv_digests *out, arv_error *err)
{
    arv__digest d;
    int rc = arv__digest_init(&d, algorithms, err);

    memset(out, 0, sizeof *out);
    if (rc < 0)
        return rc;
    arv__digest_update(&d, data, length);
    rc = arv__digest_final(&d, out, err);
    arv__digest_cleanup(&d);
    return rc;
}
