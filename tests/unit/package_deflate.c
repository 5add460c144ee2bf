/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "container.h"
#include "package/deflate.h"
#include "test.h"

enum { MIB = 1 << 20 };

typedef struct sample {
    unsigned char *data;
    size_t length;
} sample;

enum { SAMPLES = 9 };

static void samples_make(sample samples[SAMPLES])
{
    static const size_t lengths[SAMPLES] = {0, 1, 100, 1024, 70000, MIB, MIB, MIB, 300001};
    for (unsigned i = 0; i < SAMPLES; i++) {
        samples[i] = (sample){calloc(1, lengths[i] + 1), lengths[i]};
        CHECK(samples[i].data);
        if (i == 6)
            test_fill_random(samples[i].data, MIB, i);
        else if (i != 7)
            container_fill_text(samples[i].data, lengths[i], i);
    }
    test_fill_random(samples[8].data + 100000, 100000, 8);
}

static void samples_free(sample samples[SAMPLES])
{
    for (unsigned i = 0; i < SAMPLES; i++)
        free(samples[i].data);
}

/* The stream ends exactly at the end of the buffer and holds exactly these bytes. */
static void check_inflates(const arv__buf *stream, const unsigned char *data, size_t length)
{
    unsigned char *out = malloc(length + 1);
    z_stream z = {.next_in = stream->data,
                  .avail_in = (unsigned)stream->length,
                  .next_out = out,
                  .avail_out = (unsigned)length + 1};
    CHECK(out);
    CHECK_INT(inflateInit2(&z, -15), Z_OK);
    CHECK_INT(inflate(&z, Z_FINISH), Z_STREAM_END);
    CHECK_INT(z.total_out, length);
    CHECK_INT(z.avail_in, 0);
    CHECK_MEM(out, data, length);
    inflateEnd(&z);
    free(out);
}

TEST(whole_streams_of_every_level_inflate_to_what_went_in)
{
    sample samples[SAMPLES];
    arv_error err = {0};
    samples_make(samples);
    for (int level = 0; level <= 9; level++)
        for (int reproducible = 0; reproducible < 2; reproducible++) {
            CHECK_SCENE("level %d, reproducible %d", level, reproducible);
            arv__deflater *deflater;
            CHECK_OK(arv__deflater_new(&deflater, level, reproducible, &err), &err);
            for (unsigned i = 0; i < SAMPLES; i++) {
                CHECK_SCENE("sample %u", i);
                arv__buf out;
                arv__buf_init(&out, 4 * MIB);
                CHECK_OK(arv__deflate(deflater, samples[i].data, samples[i].length, &out, &err), &err);
                CHECK(out.length <= arv__deflate_bound(samples[i].length));
                check_inflates(&out, samples[i].data, samples[i].length);
                if (level > 0 && i == 5)
                    CHECK(out.length < MIB / 3);
                arv__buf_cleanup(&out);
            }
            arv__deflater_free(deflater);
        }
    samples_free(samples);
}

TEST(parts_of_different_deflaters_join_to_one_stream)
{
    sample samples[SAMPLES];
    arv_error err = {0};
    samples_make(samples);
    for (int level = 0; level <= 9; level++) {
        CHECK_SCENE("level %d", level);
        arv__deflater *deflaters[2];
        arv__buf out, all;
        arv__buf_init(&out, 16 * MIB);
        arv__buf_init(&all, 16 * MIB);
        for (int i = 0; i < 2; i++)
            CHECK_OK(arv__deflater_new(&deflaters[i], level, level == 2, &err), &err);
        for (unsigned i = SAMPLES; i-- > 0;) { /* ends with the empty one */
            size_t before = out.length;
            CHECK_OK(arv__deflate_part(deflaters[i % 2], samples[i].data, samples[i].length, i == 0, &out,
                                       &err),
                     &err);
            CHECK(out.length - before <= arv__deflate_bound(samples[i].length));
            arv__buf_append(&all, samples[i].data, samples[i].length);
        }
        check_inflates(&out, all.data, all.length);
        for (int i = 0; i < 2; i++)
            arv__deflater_free(deflaters[i]);
        arv__buf_cleanup(&out);
        arv__buf_cleanup(&all);
    }
    samples_free(samples);
}

/* Lengths and kinds of content move the end of the last block over all bits of a byte. */
TEST(parts_of_libdeflate_end_on_a_byte_wherever_their_last_block_ends)
{
    enum { LONGEST = 40000 };
    unsigned char *data = malloc(LONGEST);
    arv__deflater *deflater;
    arv_error err = {0};
    arv__buf out, all;
    CHECK(data);
    arv__buf_init(&out, 16 * MIB);
    arv__buf_init(&all, 16 * MIB);
    CHECK_OK(arv__deflater_new(&deflater, 6, true, &err), &err);
    for (unsigned i = 1; i < 300; i++) {
        size_t length = i < 150 ? i : i * 131;
        container_fill_text(data, length, i);
        if (i % 5 == 0)
            test_fill_random(data + length / 2, length / 3, i);
        size_t before = out.length;
        CHECK_OK(arv__deflate_part(deflater, data, length, false, &out, &err), &err);
        CHECK(out.length - before <= length + 5 * (1 + length / 65535));
        arv__buf_append(&all, data, length);
    }
    CHECK_OK(arv__deflate_part(deflater, data, 10, true, &out, &err), &err);
    arv__buf_append(&all, data, 10);
    check_inflates(&out, all.data, all.length);
    arv__deflater_free(deflater);
    arv__buf_cleanup(&out);
    arv__buf_cleanup(&all);
    free(data);
}

TEST(bytes_do_not_depend_on_what_was_compressed_before)
{
    sample samples[SAMPLES];
    arv_error err = {0};
    samples_make(samples);
    for (int level = 1; level <= 6; level += level < 3 ? 1 : 3)
        for (int part = 0; part < 2; part++)
            for (unsigned i = 0; i < SAMPLES; i++) {
                CHECK_SCENE("level %d, part %d, sample %u", level, part, i);
                arv__deflater *fresh, *used;
                arv__buf a, b;
                arv__buf_init(&a, 4 * MIB);
                arv__buf_init(&b, 4 * MIB);
                CHECK_OK(arv__deflater_new(&fresh, level, false, &err), &err);
                CHECK_OK(arv__deflater_new(&used, level, false, &err), &err);
                for (unsigned k = 0; k < 4; k++)
                    CHECK_OK(arv__deflate(used, samples[(i + 2 * k) % SAMPLES].data,
                                          samples[(i + 2 * k) % SAMPLES].length, &b, &err),
                             &err);
                arv__buf_clear(&b);
                if (part) {
                    CHECK_OK(arv__deflate_part(fresh, samples[i].data, samples[i].length, false, &a, &err),
                             &err);
                    CHECK_OK(arv__deflate_part(used, samples[i].data, samples[i].length, false, &b, &err),
                             &err);
                } else {
                    CHECK_OK(arv__deflate(fresh, samples[i].data, samples[i].length, &a, &err), &err);
                    CHECK_OK(arv__deflate(used, samples[i].data, samples[i].length, &b, &err), &err);
                }
                CHECK_INT(a.length, b.length);
                CHECK_MEM(a.data, b.data, a.length);
                arv__deflater_free(fresh);
                arv__deflater_free(used);
                arv__buf_cleanup(&a);
                arv__buf_cleanup(&b);
            }
    samples_free(samples);
}

/* ISA-L hashes an address by mistake (deflate_isal.c): some ten thousand calls show it. */
TEST_TIMEOUT(bytes_do_not_depend_on_where_the_memory_lies, 300)
{
    enum { DEFLATERS = 4, CALLS = 20000, BYTES_MAX = 700 };
    unsigned char *data = malloc(BYTES_MAX);
    CHECK(data);
    for (int level = 1; level <= 3; level++) {
        CHECK_SCENE("level %d", level);
        arv__deflater *deflaters[DEFLATERS];
        arv__buf out[DEFLATERS];
        arv_error err;
        for (int d = 0; d < DEFLATERS; d++) {
            CHECK_OK(arv__deflater_new(&deflaters[d], level, false, &err), &err);
            arv__buf_init(&out[d], 1 << 16);
        }
        for (uint32_t i = 0; i < CALLS; i++) {
            CHECK_SCENE("call %u", i);
            size_t length = 40 + i * 7919u % (BYTES_MAX - 40);
            container_fill_text(data, length, i);
            for (int d = 0; d < DEFLATERS; d++) {
                arv__buf_clear(&out[d]);
                CHECK_OK(arv__deflate_part(deflaters[d], data, length, i & 1, &out[d], &err), &err);
                CHECK_INT(out[d].length, out[0].length);
                CHECK_MEM(out[d].data, out[0].data, out[0].length);
            }
        }
        for (int d = 0; d < DEFLATERS; d++) {
            arv__deflater_free(deflaters[d]);
            arv__buf_cleanup(&out[d]);
        }
    }
    free(data);
}

TEST(small_streams_with_a_learned_table_inflate_and_are_small)
{
    enum { FILES = 200, BYTES = 1024 };
    unsigned char *data = malloc(FILES * BYTES);
    arv__deflate_sample learn[ARV__DEFLATE_SAMPLES];
    arv__deflater *deflater;
    arv_error err = {0};
    size_t total = 0;
    CHECK(data);
    container_fill_text(data, FILES * BYTES, 3);
    for (unsigned i = 0; i < ARV__DEFLATE_SAMPLES; i++)
        learn[i] = (arv__deflate_sample){data + i * 3 * BYTES, BYTES};
    CHECK_OK(arv__deflater_new(&deflater, 1, false, &err), &err);
    arv__buf plain, out;
    arv__buf_init(&plain, 2 * MIB);
    arv__buf_init(&out, 2 * MIB);
    CHECK_OK(arv__deflate(deflater, data, BYTES, &plain, &err), &err);
    arv__deflate_learn(deflater, learn, ARV__DEFLATE_SAMPLES);
    for (unsigned i = 0; i < FILES; i++) {
        arv__buf_clear(&out);
        CHECK_OK(arv__deflate(deflater, data + i * BYTES, BYTES - i, &out, &err), &err);
        check_inflates(&out, data + i * BYTES, BYTES - i);
        total += out.length;
    }
    CHECK(total < FILES * BYTES * 6 / 10);
    unsigned char noise[BYTES]; /* nothing like the samples */
    test_fill_random(noise, BYTES, 9);
    arv__buf_clear(&out);
    CHECK_OK(arv__deflate(deflater, noise, BYTES, &out, &err), &err);
    check_inflates(&out, noise, BYTES);
    arv__deflate_learn(deflater, NULL, 0);
    arv__buf_clear(&out);
    CHECK_OK(arv__deflate(deflater, data, BYTES, &out, &err), &err);
    CHECK_INT(out.length, plain.length);
    CHECK_MEM(out.data, plain.data, plain.length);
    arv__buf_cleanup(&plain);
    arv__buf_cleanup(&out);
    arv__deflater_free(deflater);
    free(data);
}

TEST(incompressible_parts_become_stored_blocks)
{
    unsigned char *data = malloc(MIB);
    arv_error err = {0};
    arv__deflater *deflater;
    arv__buf out;
    CHECK(data);
    test_fill_random(data, MIB, 4);
    arv__buf_init(&out, 4 * MIB);
    CHECK_OK(arv__deflater_new(&deflater, 9, false, &err), &err);
    CHECK_OK(arv__deflate_part(deflater, data, MIB, true, &out, &err), &err);
    CHECK_INT(out.length, MIB + 17 * 5);
    CHECK_INT(out.data[0], 0);
    CHECK_INT(out.data[16 * 65540], 1);
    check_inflates(&out, data, MIB);
    arv__deflater_free(deflater);
    arv__buf_cleanup(&out);
    free(data);
}

TEST(a_full_buffer_is_an_error_and_not_an_overrun)
{
    static unsigned char data[100000];
    arv_error err = {0};
    arv__deflater *deflater;
    arv__buf out;
    arv__buf_init(&out, 1000);
    CHECK_OK(arv__deflater_new(&deflater, 1, false, &err), &err);
    CHECK_ERR(arv__deflate(deflater, data, sizeof data, &out, &err), &err, ARV_ELIMIT, "limit");
    CHECK_INT(out.length, 0);
    arv__deflater_free(deflater);
    arv__buf_cleanup(&out);
}

TEST(crc32_has_the_check_value_and_combines)
{
    unsigned char data[5000];
    CHECK_INT(arv__crc32(0, "123456789", 9), 0xCBF43926);
    test_fill_random(data, sizeof data, 1);
    uint32_t whole = arv__crc32(0, data, sizeof data);
    CHECK_INT(arv__crc32(arv__crc32(0, data, 1234), data + 1234, sizeof data - 1234), whole);
    CHECK_INT(arv__crc32_combine(arv__crc32(0, data, 1234), arv__crc32(0, data + 1234, sizeof data - 1234),
                                 sizeof data - 1234),
              whole);
    CHECK_INT(arv__crc32_combine(whole, 0, 0), whole);
}

TEST(random_bytes_are_incompressible_and_everything_else_is_not)
{
    enum { BYTES = 200000 };
    unsigned char *data = malloc(BYTES);
    CHECK(data);
    for (uint64_t seed = 1; seed < 200; seed++) {
        CHECK_SCENE("seed %u", (unsigned)seed);
        test_fill_random(data, 8192, seed);
        CHECK(arv__incompressible(data, 8192));
        CHECK(arv__incompressible(data, 1024));
        CHECK(!arv__incompressible(data, 511));
        container_fill_text(data, 8192, seed);
        CHECK(!arv__incompressible(data, 8192));
    }
    test_fill_random(data, BYTES, 7);
    CHECK(arv__incompressible_bytes(data, BYTES));
    container_fill_text(data, BYTES / 2, 7);
    CHECK(!arv__incompressible_bytes(data, BYTES));
    for (unsigned i = 0; i < BYTES; i++) /* base64 has 6 bits a byte */
        data[i] = (unsigned char)("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
                                      [(i * 2654435761u) >> 26]);
    CHECK(!arv__incompressible_bytes(data, BYTES));
    test_fill_random(data, BYTES, 7);
    for (unsigned i = 0; i < BYTES; i++) /* 7 bits of 8 */
        data[i] &= 0x7F;
    CHECK(!arv__incompressible_bytes(data, BYTES));
    CHECK(!arv__incompressible_bytes(NULL, 0));
    free(data);
}

TEST(formats_are_found_by_name_and_by_file_name)
{
    CHECK_STR(arv_format_name(ARV_FORMAT_TAR_ZST), "tar.zst");
    CHECK(arv_format_name(ARV_FORMAT_UNKNOWN) == NULL);
    CHECK_INT(arv_format_parse("tar.gz"), ARV_FORMAT_TAR_GZ);
    CHECK_INT(arv_format_parse("zip"), ARV_FORMAT_ZIP);
    CHECK_INT(arv_format_parse("a/b.tzst"), ARV_FORMAT_TAR_ZST);
    CHECK_INT(arv_format_parse("rar"), ARV_FORMAT_UNKNOWN);
    CHECK_INT(arv_format_parse(NULL), ARV_FORMAT_UNKNOWN);
    CHECK_INT(arv_format_of_file("Exam.ZIP"), ARV_FORMAT_ZIP);
    CHECK_INT(arv_format_of_file("x.tar"), ARV_FORMAT_TAR);
    CHECK_INT(arv_format_of_file("x.tgz"), ARV_FORMAT_TAR_GZ);
    CHECK_INT(arv_format_of_file("x.tar.gz"), ARV_FORMAT_TAR_GZ);
    CHECK_INT(arv_format_of_file("zip"), ARV_FORMAT_UNKNOWN);
    for (arv_format f = ARV_FORMAT_ZIP; f <= ARV_FORMAT_TAR; f++) {
        CHECK_SCENE("format %d", f);
        CHECK_INT(arv_format_parse(arv_format_name(f)), f);
        CHECK_INT(arv__format_find(f)->format, f);
    }
}
