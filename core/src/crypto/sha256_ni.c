/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sha256_ni.h"

/*
 * SHA-256 (FIPS 180-4, 6.2) with the SHA extensions.
 *
 * SHA256RNDS2 does two rounds on the state, which it takes as two vectors, (a,b,e,f) and (c,d,g,h).
 * Each waits four cycles for the one before it, while the unit could start one every two cycles. So a
 * single stream leaves half of the unit idle. A second stream between the instructions of the first
 * fills the gaps.
 *
 * A quad is four rounds: four words of the message schedule plus their constants go in. The first
 * four quads read the block, each of the other twelve makes four more words out of the 16 before
 * them, which four vectors hold in turn.
 */

#if defined(__GNUC__) && (defined(__x86_64__) || defined(__i386__))

#include <cpuid.h>
#include <immintrin.h>

#define NI_TARGET __attribute__((target("sha,sse4.1,ssse3")))
#define NI_INLINE NI_TARGET __attribute__((always_inline)) static inline

typedef struct ni_state {
    __m128i abef;
    __m128i cdgh;
} ni_state;

/* clang-format off */
static const uint32_t ni_constants[64] __attribute__((aligned(64))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
/* clang-format on */

bool arv__sha256_ni_available(void)
{
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3) || !(c & bit_SSE4_1))
        return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}

NI_INLINE ni_state ni_load(const uint32_t h[8])
{
    __m128i dcba = _mm_loadu_si128((const __m128i *)h);
    __m128i hgfe = _mm_loadu_si128((const __m128i *)(h + 4));
    __m128i cdab = _mm_shuffle_epi32(dcba, 0xb1);
    __m128i efgh = _mm_shuffle_epi32(hgfe, 0x1b);
    return (ni_state){_mm_alignr_epi8(cdab, efgh, 8), _mm_blend_epi16(efgh, cdab, 0xf0)};
}

NI_INLINE void ni_store(ni_state s, uint32_t h[8])
{
    __m128i feba = _mm_shuffle_epi32(s.abef, 0x1b);
    __m128i dchg = _mm_shuffle_epi32(s.cdgh, 0xb1);
    _mm_storeu_si128((__m128i *)h, _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128((__m128i *)(h + 4), _mm_alignr_epi8(dchg, feba, 8));
}

NI_INLINE __m128i ni_word(const unsigned char *data, int quad)
{
    const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
    return _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)data + quad), big_endian);
}

NI_INLINE __m128i ni_keyed(__m128i words, int quad)
{
    return _mm_add_epi32(words, _mm_load_si128((const __m128i *)ni_constants + quad));
}

/* The words 16 places after w[0], from the four vectors that hold the 16 before them. */
NI_INLINE __m128i ni_next(__m128i w0, __m128i w1, __m128i w2, __m128i w3)
{
    __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), _mm_alignr_epi8(w3, w2, 4));
    return _mm_sha256msg2_epu32(sum, w3);
}

NI_INLINE void ni_rounds(ni_state *s, __m128i keyed)
{
    s->cdgh = _mm_sha256rnds2_epu32(s->cdgh, s->abef, keyed);
    s->abef = _mm_sha256rnds2_epu32(s->abef, s->cdgh, _mm_shuffle_epi32(keyed, 0x0e));
}

NI_INLINE void ni_rounds_same(ni_state *s, ni_state *t, __m128i keyed)
{
    __m128i upper = _mm_shuffle_epi32(keyed, 0x0e);
    s->cdgh = _mm_sha256rnds2_epu32(s->cdgh, s->abef, keyed);
    t->cdgh = _mm_sha256rnds2_epu32(t->cdgh, t->abef, keyed);
    s->abef = _mm_sha256rnds2_epu32(s->abef, s->cdgh, upper);
    t->abef = _mm_sha256rnds2_epu32(t->abef, t->cdgh, upper);
}

NI_INLINE void ni_add(ni_state *s, const ni_state *saved)
{
    s->abef = _mm_add_epi32(s->abef, saved->abef);
    s->cdgh = _mm_add_epi32(s->cdgh, saved->cdgh);
}

/* `step` gets the number of the quad and which of the four vectors hold its words (w0, which it
 * sets) and, oldest first, the others. */
#define NI_ALL_QUADS(step)                                                                                   \
    step(0, 0, 1, 2, 3) step(1, 1, 2, 3, 0) step(2, 2, 3, 0, 1) step(3, 3, 0, 1, 2) step(4, 0, 1, 2, 3)      \
        step(5, 1, 2, 3, 0) step(6, 2, 3, 0, 1) step(7, 3, 0, 1, 2) step(8, 0, 1, 2, 3) step(9, 1, 2, 3, 0)  \
            step(10, 2, 3, 0, 1) step(11, 3, 0, 1, 2) step(12, 0, 1, 2, 3) step(13, 1, 2, 3, 0)              \
                step(14, 2, 3, 0, 1) step(15, 3, 0, 1, 2)

#define NI_WORDS(w, data, quad, w0, w1, w2, w3)                                                              \
    w[w0] = (quad) < 4 ? ni_word(data, (quad)&3) : ni_next(w[w0], w[w1], w[w2], w[w3])

NI_TARGET void arv__sha256_ni_blocks(uint32_t h[8], const unsigned char *data, size_t block_count)
{
    ni_state s = ni_load(h);
    for (; block_count; block_count--, data += 64) {
        const ni_state saved = s;
        __m128i w[4];
#define NI_STEP(quad, w0, w1, w2, w3)                                                                        \
    NI_WORDS(w, data, quad, w0, w1, w2, w3);                                                                 \
    ni_rounds(&s, ni_keyed(w[w0], quad));
        NI_ALL_QUADS(NI_STEP)
#undef NI_STEP
        ni_add(&s, &saved);
    }
    ni_store(s, h);
}

NI_TARGET void arv__sha256_ni_blocks_pair(uint32_t a[8], const unsigned char *data_a, uint32_t b[8],
                                          const unsigned char *data_b, size_t block_count)
{
    ni_state s = ni_load(a), t = ni_load(b);
    for (; block_count; block_count--, data_a += 64, data_b += 64) {
        const ni_state saved_s = s, saved_t = t;
        __m128i w[4], v[4];
#define NI_STEP(quad, w0, w1, w2, w3)                                                                        \
    NI_WORDS(w, data_a, quad, w0, w1, w2, w3);                                                               \
    NI_WORDS(v, data_b, quad, w0, w1, w2, w3);                                                               \
    ni_rounds(&s, ni_keyed(w[w0], quad));                                                                    \
    ni_rounds(&t, ni_keyed(v[w0], quad));
        NI_ALL_QUADS(NI_STEP)
#undef NI_STEP
        ni_add(&s, &saved_s);
        ni_add(&t, &saved_t);
    }
    ni_store(s, a);
    ni_store(t, b);
}

NI_TARGET void arv__sha256_ni_blocks_same(uint32_t a[8], uint32_t b[8], const unsigned char *data,
                                          size_t block_count)
{
    ni_state s = ni_load(a), t = ni_load(b);
    for (; block_count; block_count--, data += 64) {
        const ni_state saved_s = s, saved_t = t;
        __m128i w[4];
#define NI_STEP(quad, w0, w1, w2, w3)                                                                        \
    NI_WORDS(w, data, quad, w0, w1, w2, w3);                                                                 \
    ni_rounds_same(&s, &t, ni_keyed(w[w0], quad));
        NI_ALL_QUADS(NI_STEP)
#undef NI_STEP
        ni_add(&s, &saved_s);
        ni_add(&t, &saved_t);
    }
    ni_store(s, a);
    ni_store(t, b);
}

#else

bool arv__sha256_ni_available(void)
{
    return false;
}

/* Never called: callers must not use a unit that is not available. */
void arv__sha256_ni_blocks(uint32_t h[8], const unsigned char *data, size_t block_count)
{
    (void)h, (void)data, (void)block_count;
}

void arv__sha256_ni_blocks_pair(uint32_t a[8], const unsigned char *data_a, uint32_t b[8],
                                const unsigned char *data_b, size_t block_count)
{
    (void)a, (void)data_a, (void)b, (void)data_b, (void)block_count;
}

void arv__sha256_ni_blocks_same(uint32_t a[8], uint32_t b[8], const unsigned char *data, size_t block_count)
{
    (void)a, (void)b, (void)data, (void)block_count;
}

#endif
