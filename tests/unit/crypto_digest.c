/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include <arv/digest.h>
#include "crypto/digest.h"
#include "test.h"

/* Every behaviour of a SHA-256 stream is checked with both kinds of code. */
#define TEST_BOTH_KINDS(id)                                                                                  \
    static void id(void);                                                                                    \
    TEST_TIMEOUT(id##_with_sha_ni, 300)                                                                      \
    {                                                                                                        \
        if (arv__sha256_force("sha-ni") < 0)                                                                 \
            test_skip("this CPU has no SHA extensions");                                                     \
        CHECK_STR(arv__sha256_kind(), "sha-ni");                                                             \
        id();                                                                                                \
    }                                                                                                        \
    TEST_TIMEOUT(id##_with_openssl, 300)                                                                     \
    {                                                                                                        \
        CHECK_INT(arv__sha256_force("openssl"), 0);                                                          \
        CHECK_STR(arv__sha256_kind(), "openssl");                                                            \
        id();                                                                                                \
    }                                                                                                        \
    static void id(void)

static void reference(const EVP_MD *md, const void *data, size_t length, unsigned char *out)
{
    if (EVP_Digest(data, length, out, NULL, md, NULL) != 1)
        test_fail(__FILE__, __LINE__, "OpenSSL cannot digest");
}

static void check_sha256(arv__sha256 *s, const void *data, size_t length)
{
    unsigned char actual[ARV_SHA256_BYTES], expected[ARV_SHA256_BYTES];
    arv_error err;

    arv__sha256_final(s, actual);
    CHECK_OK(arv__sha256_status(s, &err), &err);
    reference(EVP_sha256(), data, length, expected);
    CHECK_MEM(actual, expected, sizeof actual);
}

static unsigned char *random_bytes(size_t length, uint64_t seed)
{
    unsigned char *data = malloc(length);
    CHECK(data);
    test_fill_random(data, length, seed);
    return data;
}

static uint64_t random_step(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

TEST_BOTH_KINDS(sha256_and_sha512_give_the_published_digests)
{
    static const struct {
        const char *text, *sha256, *sha512;
    } vectors[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
         "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
         "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
         "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
         "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
         "204a8fc6dda82f0a0ced7beb8e08a41657c16ef468b228a8279be331a703c335"
         "96fd15c13b1b07f9aa1d3bea57789ca031ad85c7a71dd70354ec631238ca3445"},
        {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
         "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
         "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1",
         "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018"
         "501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909"},
    };
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        CHECK_SCENE("text '%s'", vectors[i].text);
        arv_digests digests;
        arv_error err;
        char hex[129];
        CHECK_OK(arv__digest_bytes(ARV_DIGEST_SHA256 | ARV_DIGEST_SHA512, vectors[i].text,
                                   strlen(vectors[i].text), &digests, &err),
                 &err);
        CHECK_STR(arv_digests_hex(&digests, ARV_DIGEST_SHA256, hex), vectors[i].sha256);
        CHECK_STR(arv_digests_hex(&digests, ARV_DIGEST_SHA512, hex), vectors[i].sha512);
    }
}

TEST_BOTH_KINDS(sha256_of_a_million_a_is_the_published_one)
{
    char *data = malloc(1000000), hex[129];
    arv_digests digests;
    arv_error err;
    CHECK(data);
    memset(data, 'a', 1000000);
    CHECK_OK(arv__digest_bytes(ARV_DIGEST_SHA256, data, 1000000, &digests, &err), &err);
    CHECK_STR(arv_digests_hex(&digests, ARV_DIGEST_SHA256, hex),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(data);
}

TEST_BOTH_KINDS(sha256_does_not_depend_on_where_the_bytes_are_split)
{
    unsigned char *data = random_bytes(300, 1);
    for (size_t length = 0; length <= 300; length += 1 + length / 150)
        for (size_t split = 0; split <= length; split++) {
            CHECK_SCENE("%zu bytes split at %zu", length, split);
            arv__sha256 s;
            arv__sha256_init(&s);
            arv__sha256_update(&s, data, split);
            arv__sha256_update(&s, data + split, length - split);
            check_sha256(&s, data, length);
        }
    free(data);
}

TEST_BOTH_KINDS(sha256_of_random_lengths_and_pieces_agrees_with_openssl)
{
    enum { MOST = 200000 };
    unsigned char *data = random_bytes(MOST + 64, 2);
    uint64_t state = 88172645463325252u;
    for (int round = 0; round < 500; round++) {
        size_t length = random_step(&state) % (round % 2 ? MOST : 2000);
        const unsigned char *from = data + random_step(&state) % 64;
        size_t at = 0;
        arv__sha256 s;
        arv__sha256_init(&s);
        while (at < length) {
            size_t piece = random_step(&state) % (round % 3 ? 5000 : 130);
            if (piece > length - at)
                piece = length - at;
            arv__sha256_update(&s, from + at, piece);
            at += piece;
        }
        check_sha256(&s, from, length);
    }
    free(data);
}

TEST_BOTH_KINDS(sha256_accepts_no_data)
{
    arv__sha256 a, b;
    arv__sha256_init(&a);
    arv__sha256_init(&b);
    arv__sha256_update(&a, NULL, 0);
    arv__sha256_pair(&a, NULL, 0, &b, NULL, 0);
    arv__sha256_pair(&a, "x", 1, &b, NULL, 0);
    check_sha256(&a, "x", 1);
    check_sha256(&b, "", 0);
}

/* Two streams of which `before` bytes each went ahead, then the two ranges as a pair, in pieces. */
static void check_pair(const unsigned char *from_a, size_t length_a, size_t before_a,
                       const unsigned char *from_b, size_t length_b, size_t before_b)
{
    arv__sha256 a, b;
    arv__sha256_init(&a);
    arv__sha256_init(&b);
    arv__sha256_update(&a, from_a, before_a);
    arv__sha256_update(&b, from_b, before_b);
    arv__sha256_pair(&a, from_a + before_a, length_a - before_a, &b, from_b + before_b, length_b - before_b);
    check_sha256(&a, from_a, length_a);
    check_sha256(&b, from_b, length_b);
}

TEST_BOTH_KINDS(pair_gives_what_two_streams_give_at_every_phase)
{
    enum { LENGTH = 64 * 7 + 13 };
    unsigned char *data = random_bytes(2 * LENGTH, 3);
    for (size_t a = 0; a < 130; a++)
        for (size_t b = 0; b < 130; b++)
            check_pair(data, LENGTH, a, data + LENGTH, LENGTH, b);
    free(data);
}

TEST_BOTH_KINDS(pair_may_be_given_the_same_bytes_twice)
{
    unsigned char *data = random_bytes(5000, 4);
    for (size_t before = 0; before < 130; before++)
        for (size_t length = 130; length < 5000; length += 301)
            check_pair(data, length, before, data, length, before);
    free(data);
}

TEST_BOTH_KINDS(pair_of_one_memory_keeps_two_streams_apart)
{
    /* The streams began differently, as a container's and an entry's do, and share what follows. */
    unsigned char *data = random_bytes(4096 + 512 + 64, 5);
    for (size_t header = 0; header <= 512; header += 32)
        for (size_t length = 0; length <= 4096; length += 61) {
            arv__sha256 container, entry;
            arv__sha256_init(&container);
            arv__sha256_init(&entry);
            arv__sha256_update(&container, data, header);
            arv__sha256_pair(&container, data + header, length, &entry, data + header, length);
            arv__sha256_update(&container, data + header + length, 17);
            check_sha256(&container, data, header + length + 17);
            check_sha256(&entry, data + header, length);
        }
    free(data);
}

TEST_BOTH_KINDS(pair_that_overlaps_at_one_address_after_alignment_is_right)
{
    /* `a` takes 40 bytes to its border and `b` none: both then stand at the same address. */
    unsigned char *data = random_bytes(2000, 6);
    arv__sha256 a, b;
    arv__sha256_init(&a);
    arv__sha256_init(&b);
    arv__sha256_update(&a, data, 24);
    arv__sha256_pair(&a, data + 24, 1500, &b, data + 64, 1700);
    check_sha256(&a, data, 1524);
    check_sha256(&b, data + 64, 1700);
    free(data);
}

TEST_BOTH_KINDS(pair_of_random_overlaps_lengths_and_alignments_agrees_with_openssl)
{
    enum { MOST = 40000 };
    unsigned char *data = random_bytes(2 * MOST + 128, 7);
    uint64_t state = 2463534242u;
    for (int round = 0; round < 1500; round++) {
        size_t most = round % 4 ? 700 : MOST;
        size_t length_a = random_step(&state) % most, length_b = random_step(&state) % most;
        const unsigned char *from_a = data + random_step(&state) % 128;
        const unsigned char *from_b = from_a + random_step(&state) % most;
        check_pair(from_a, length_a, length_a ? random_step(&state) % length_a : 0, from_b, length_b,
                   length_b ? random_step(&state) % length_b : 0);
    }
    free(data);
}

TEST_BOTH_KINDS(pair_goes_on_over_many_calls)
{
    unsigned char *data = random_bytes(100000, 8);
    size_t at_a = 0, at_b = 50000;
    uint64_t state = 99;
    arv__sha256 a, b;
    arv__sha256_init(&a);
    arv__sha256_init(&b);
    while (at_a < 49000 && at_b < 99000) {
        size_t piece_a = random_step(&state) % 1000, piece_b = random_step(&state) % 1000;
        arv__sha256_pair(&a, data + at_a, piece_a, &b, data + at_b, piece_b);
        at_a += piece_a;
        at_b += piece_b;
    }
    check_sha256(&a, data, at_a);
    check_sha256(&b, data + 50000, at_b - 50000);
    free(data);
}

TEST_BOTH_KINDS(sha256_counts_more_than_2_to_the_32_bits)
{
    /* 513 MiB: the length in bits needs more than 32 bits. */
    enum { PIECE = 1 << 20, PIECES = 513 };
    unsigned char *data = random_bytes(PIECE, 9), expected[ARV_SHA256_BYTES], actual[32];
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    arv__sha256 a, b;
    CHECK(ctx && EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) == 1);
    arv__sha256_init(&a);
    arv__sha256_init(&b);
    for (int i = 0; i < PIECES; i++) {
        CHECK_INT(EVP_DigestUpdate(ctx, data, PIECE), 1);
        arv__sha256_pair(&a, data, PIECE, &b, data, PIECE);
    }
    CHECK_INT(EVP_DigestFinal_ex(ctx, expected, NULL), 1);
    arv__sha256_final(&a, actual);
    CHECK_MEM(actual, expected, sizeof actual);
    arv__sha256_final(&b, actual);
    CHECK_MEM(actual, expected, sizeof actual);
    EVP_MD_CTX_free(ctx);
    free(data);
}

TEST_BOTH_KINDS(digest_computes_sha512_beside_sha256)
{
    const unsigned both = ARV_DIGEST_SHA256 | ARV_DIGEST_SHA512;
    unsigned char *data = random_bytes(70000, 10), sha256[32], sha512[64];
    arv__digest a, b;
    arv_digests out;
    arv_error err;
    CHECK_OK(arv__digest_init(&a, both, &err), &err);
    CHECK_OK(arv__digest_init(&b, ARV_DIGEST_SHA256, &err), &err);
    arv__digest_update(&a, data, 1);
    arv__digest_pair(&a, data + 1, 60000, &b, data, 70000);
    arv__digest_update(&a, data + 60001, 9999);
    reference(EVP_sha256(), data, 70000, sha256);
    reference(EVP_sha512(), data, 70000, sha512);
    CHECK_OK(arv__digest_final(&a, &out, &err), &err);
    CHECK_INT(out.present, both);
    CHECK_MEM(out.sha256, sha256, sizeof sha256);
    CHECK_MEM(out.sha512, sha512, sizeof sha512);
    CHECK_OK(arv__digest_final(&b, &out, &err), &err);
    CHECK_INT(out.present, ARV_DIGEST_SHA256);
    CHECK_MEM(out.sha256, sha256, sizeof sha256);
    for (int turn = 0; turn < 2; turn++) { /* as the first of a pair, and as the second */
        arv__digest_reset(&a);
        arv__digest_reset(&b);
        arv__digest_pair(turn ? &b : &a, data, 70000, turn ? &a : &b, data, 70000);
        CHECK_OK(arv__digest_final(&a, &out, &err), &err);
        CHECK_MEM(out.sha512, sha512, sizeof sha512);
    }
    arv__digest_cleanup(&a);
    arv__digest_cleanup(&b);
    free(data);
}

TEST_BOTH_KINDS(digest_starts_afresh_after_reset)
{
    unsigned char *data = random_bytes(1000, 11), sha256[32], sha512[64];
    arv__digest d;
    arv_digests out;
    arv_error err;
    reference(EVP_sha256(), data, 1000, sha256);
    reference(EVP_sha512(), data, 1000, sha512);
    CHECK_OK(arv__digest_init(&d, ARV_DIGEST_SHA512, &err), &err);
    for (int i = 0; i < 4; i++) {
        arv__digest_update(&d, data, 1000);
        if (i % 2) { /* after a final, and in the middle of a stream */
            arv__digest_reset(&d);
            continue;
        }
        CHECK_OK(arv__digest_final(&d, &out, &err), &err);
        CHECK_MEM(out.sha256, sha256, sizeof sha256);
        CHECK_MEM(out.sha512, sha512, sizeof sha512);
        arv__digest_reset(&d);
    }
    arv__digest_cleanup(&d);
    free(data);
}

TEST_BOTH_KINDS(streams_that_are_abandoned_are_cleaned_up)
{
    arv__sha256 s, zeroed = {0};
    arv__digest d, zeroed_digest = {0};
    arv_error err;
    arv__sha256_init(&s);
    arv__sha256_update(&s, "abc", 3);
    arv__sha256_cleanup(&s);
    arv__sha256_cleanup(&s);
    arv__sha256_cleanup(&zeroed);
    arv__sha256_cleanup(NULL);
    CHECK_OK(arv__digest_init(&d, ARV_DIGEST_SHA512, &err), &err);
    arv__digest_update(&d, "abc", 3);
    arv__digest_cleanup(&d);
    arv__digest_cleanup(&d);
    arv__digest_cleanup(&zeroed_digest);
    arv__digest_cleanup(NULL);
}

TEST(pair_of_two_kinds_works)
{
    unsigned char *data = random_bytes(1000, 12);
    arv__sha256 a, b;
    if (arv__sha256_force("sha-ni") < 0)
        test_skip("this CPU has no SHA extensions");
    arv__sha256_init(&a);
    CHECK_INT(arv__sha256_force("openssl"), 0);
    arv__sha256_init(&b);
    arv__sha256_pair(&a, data, 900, &b, data + 10, 990);
    check_sha256(&a, data, 900);
    check_sha256(&b, data + 10, 990);
    free(data);
}

TEST(an_unknown_kind_of_code_is_refused)
{
    CHECK_INT(arv__sha256_force("openssl"), 0);
    CHECK_INT(arv__sha256_force("abacus"), ARV_EUNSUPPORTED);
    CHECK_STR(arv__sha256_kind(), "openssl");
    CHECK_INT(arv__sha256_force(NULL), 0);
    CHECK(arv__sha256_kind() != NULL);
}

TEST(a_failed_stream_says_so_and_gives_no_digest)
{
    unsigned char out[ARV_SHA256_BYTES], zero[ARV_SHA256_BYTES] = {0};
    arv__sha256 s;
    arv_error err;
    CHECK_INT(arv__sha256_force("openssl"), 0);
    arv__sha256_init(&s);
    arv__sha256_update(&s, "abc", 3);
    arv__sha256_cleanup(&s); /* what a stream without its context looks like */
    arv__sha256_update(&s, "abc", 3);
    memset(out, 1, sizeof out);
    arv__sha256_final(&s, out);
    CHECK_MEM(out, zero, sizeof out);
    CHECK_ERR(arv__sha256_status(&s, &err), &err, ARV_EINTERNAL, "SHA-256");
}

TEST(a_failed_digest_is_reported_by_final_and_gives_nothing)
{
    arv__digest d;
    arv_digests out;
    arv_error err;
    CHECK_INT(arv__sha256_force("openssl"), 0);
    CHECK_OK(arv__digest_init(&d, ARV_DIGEST_SHA512, &err), &err);
    arv__sha256_cleanup(&d.sha256);
    arv__digest_update(&d, "abc", 3);
    memset(&out, 1, sizeof out);
    CHECK_ERR(arv__digest_final(&d, &out, &err), &err, ARV_EINTERNAL, "SHA-256");
    CHECK_INT(out.present, 0);
    arv__digest_reset(&d); /* the next stream has a context of its own again */
    CHECK_OK(arv__digest_final(&d, &out, &err), &err);
    arv__digest_cleanup(&d);
}

TEST(digest_refuses_an_unknown_algorithm)
{
    arv__digest d;
    arv_digests out;
    arv_error err;
    CHECK_ERR(arv__digest_init(&d, 1u << 7, &err), &err, ARV_EINVALID, "0x80");
    CHECK_ERR(arv__digest_bytes(1u << 7, "", 0, &out, &err), &err, ARV_EINVALID, NULL);
    CHECK_INT(out.present, 0);
}

TEST(digests_are_equal_in_all_that_both_have)
{
    arv_digests a = {0}, b = {0};
    CHECK(!arv_digests_equal(&a, &b)); /* nothing in common proves nothing */
    a.present = ARV_DIGEST_SHA256 | ARV_DIGEST_SHA512;
    b.present = ARV_DIGEST_SHA256;
    CHECK(arv_digests_equal(&a, &b));
    a.sha512[63] = 1; /* `b` does not have it */
    CHECK(arv_digests_equal(&a, &b));
    b.present = ARV_DIGEST_SHA256 | ARV_DIGEST_SHA512;
    CHECK(!arv_digests_equal(&a, &b));
    b.sha512[63] = 1;
    CHECK(arv_digests_equal(&a, &b));
    b.sha256[31] = 1;
    CHECK(!arv_digests_equal(&a, &b));
    a.present = ARV_DIGEST_SHA256;
    b.present = ARV_DIGEST_SHA512;
    CHECK(!arv_digests_equal(&a, &b));
}

TEST(hex_of_an_absent_digest_is_empty)
{
    arv_digests digests = {.present = ARV_DIGEST_SHA256, .sha256 = {0xab, 0x01}};
    char hex[129] = "x";
    CHECK_STR(arv_digests_hex(&digests, ARV_DIGEST_SHA512, hex), "");
    CHECK_STR(arv_digests_hex(&digests, ARV_DIGEST_SHA256, hex),
              "ab01000000000000000000000000000000000000000000000000000000000000");
}
