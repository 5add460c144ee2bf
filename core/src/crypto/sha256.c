/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sha256.h"

#include <stdatomic.h>
#include <string.h>

#include "crypto/openssl.h"
#include "crypto/sha256_ni.h"

/*
 * A SHA-256 stream has one of two kinds from its start: our own compression function (sha256_ni.c) with
 * the state in the object, or an OpenSSL context.
 *
 * A pair first brings each stream to the border of a block by itself, then runs the blocks that
 * both have through the interleaved code, and ends each with the rest. Streams that arrive at their
 * border at the same address read the same blocks. A plain tar does so all the time, since its
 * headers and its padding are multiples of 512 bytes.
 */

enum { KIND_UNKNOWN, KIND_NI, KIND_OPENSSL };

static atomic_int sha256_chosen; /* KIND_*; every thread that finds it unknown finds the same */

static int sha256_choose(void)
{
    int kind = atomic_load_explicit(&sha256_chosen, memory_order_relaxed);
    if (kind == KIND_UNKNOWN) {
        kind = arv__sha256_ni_available() ? KIND_NI : KIND_OPENSSL;
        atomic_store_explicit(&sha256_chosen, kind, memory_order_relaxed);
    }
    return kind;
}

const char *arv__sha256_kind(void)
{
    return sha256_choose() == KIND_NI ? "sha-ni" : "openssl";
}

int arv__sha256_force(const char *kind)
{
    if (!kind)
        atomic_store(&sha256_chosen, KIND_UNKNOWN);
    else if (strcmp(kind, "openssl") == 0)
        atomic_store(&sha256_chosen, KIND_OPENSSL);
    else if (strcmp(kind, "sha-ni") == 0 && arv__sha256_ni_available())
        atomic_store(&sha256_chosen, KIND_NI);
    else
        return ARV_EUNSUPPORTED;
    return 0;
}

/* Empties OpenSSL's queue, since a stream reports its error much later. */
static void sha256_fail(arv__sha256 *s)
{
    if (!s->failed)
        s->failed = arv__openssl_seterr(NULL, ARV_EINTERNAL, "SHA-256");
}

static void sha256_begin(arv__sha256 *s)
{
    static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    s->length_bytes = 0;
    s->failed = 0;
    memcpy(s->h, start, sizeof start);
}

static void sha256_begin_evp(arv__sha256 *s)
{
    const EVP_MD *md = arv__openssl_sha256();
    if (!s->evp)
        s->evp = EVP_MD_CTX_new();
    if (!md || !s->evp || EVP_DigestInit_ex2(s->evp, md, NULL) != 1)
        sha256_fail(s);
}

void arv__sha256_init(arv__sha256 *s)
{
    s->evp = NULL;
    s->openssl = sha256_choose() == KIND_OPENSSL;
    sha256_begin(s);
    if (s->openssl)
        sha256_begin_evp(s);
}

void arv__sha256_reset(arv__sha256 *s)
{
    sha256_begin(s);
    if (s->openssl)
        sha256_begin_evp(s);
}

void arv__sha256_cleanup(arv__sha256 *s)
{
    if (!s)
        return;
    EVP_MD_CTX_free(s->evp);
    s->evp = NULL;
}

int arv__sha256_status(const arv__sha256 *s, arv_error *err)
{
    if (!s->failed)
        return 0;
    return arv_error_set(err, s->failed, "The SHA-256 digest could not be computed, since OpenSSL %s.",
                         s->failed == ARV_ENOMEM ? "had not enough memory; give the process more"
                                                 : "refused the algorithm; check its configuration");
}

/* Returns the bytes that the stream took to complete its open block, or all if that stays open. */
static size_t ni_align(arv__sha256 *s, const unsigned char *data, size_t length)
{
    size_t waiting = s->length_bytes % sizeof s->block;
    size_t take = sizeof s->block - waiting;

    if (waiting == 0)
        return 0;
    if (take > length)
        take = length;
    memcpy(s->block + waiting, data, take);
    s->length_bytes += take;
    if (waiting + take == sizeof s->block)
        arv__sha256_ni_blocks(s->h, s->block, 1);
    return take;
}

/* The rest of an update, from the border of a block on. */
static void ni_finish(arv__sha256 *s, const unsigned char *data, size_t length)
{
    size_t tail = length % sizeof s->block;
    if (length >= sizeof s->block)
        arv__sha256_ni_blocks(s->h, data, length / sizeof s->block);
    memcpy(s->block, data + length - tail, tail);
    s->length_bytes += length;
}

void arv__sha256_update(arv__sha256 *s, const void *data, size_t length)
{
    const unsigned char *bytes = data;

    if (s->failed || length == 0)
        return;
    if (s->openssl) {
        if (!s->evp || EVP_DigestUpdate(s->evp, data, length) != 1)
            sha256_fail(s);
        return;
    }
    size_t taken = ni_align(s, bytes, length);
    if (taken < length)
        ni_finish(s, bytes + taken, length - taken);
}

void arv__sha256_pair(arv__sha256 *a, const void *data_a, size_t length_a, arv__sha256 *b, const void *data_b,
                      size_t length_b)
{
    const unsigned char *bytes_a = data_a, *bytes_b = data_b;
    size_t taken_a, taken_b, blocks;

    if (a->openssl || b->openssl || length_a < 64 || length_b < 64) {
        arv__sha256_update(a, data_a, length_a);
        arv__sha256_update(b, data_b, length_b);
        return;
    }
    taken_a = ni_align(a, bytes_a, length_a);
    taken_b = ni_align(b, bytes_b, length_b);
    bytes_a += taken_a, length_a -= taken_a;
    bytes_b += taken_b, length_b -= taken_b;
    blocks = (length_a < length_b ? length_a : length_b) / 64;
    if (blocks && bytes_a == bytes_b)
        arv__sha256_ni_blocks_same(a->h, b->h, bytes_a, blocks);
    else if (blocks)
        arv__sha256_ni_blocks_pair(a->h, bytes_a, b->h, bytes_b, blocks);
    a->length_bytes += blocks * 64;
    b->length_bytes += blocks * 64;
    ni_finish(a, bytes_a + blocks * 64, length_a - blocks * 64);
    ni_finish(b, bytes_b + blocks * 64, length_b - blocks * 64);
}

static void ni_final(arv__sha256 *s, unsigned char out[ARV_SHA256_BYTES])
{
    uint64_t bits = s->length_bytes * 8;
    size_t waiting = s->length_bytes % sizeof s->block;
    unsigned char end[128] = {0};
    size_t blocks = waiting < 56 ? 1 : 2;

    memcpy(end, s->block, waiting);
    end[waiting] = 0x80;
    for (int i = 0; i < 8; i++)
        end[blocks * 64 - 1 - i] = (unsigned char)(bits >> (8 * i));
    arv__sha256_ni_blocks(s->h, end, blocks);
    for (int i = 0; i < ARV_SHA256_BYTES; i++)
        out[i] = (unsigned char)(s->h[i / 4] >> (24 - 8 * (i % 4)));
}

void arv__sha256_final_keep(arv__sha256 *s, unsigned char out[ARV_SHA256_BYTES])
{
    if (!s->openssl)
        ni_final(s, out);
    else if (!s->failed && (!s->evp || EVP_DigestFinal_ex(s->evp, out, NULL) != 1))
        sha256_fail(s);
    if (s->failed)
        memset(out, 0, ARV_SHA256_BYTES);
}

void arv__sha256_final(arv__sha256 *s, unsigned char out[ARV_SHA256_BYTES])
{
    arv__sha256_final_keep(s, out);
    arv__sha256_cleanup(s);
}
