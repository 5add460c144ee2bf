/* SPDX-License-Identifier: Apache-2.0 */
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "alloc_fail.h"
#include "loop/fileops.h"
#include "package/sorter.h"

/* A reference to sort with: records in an array, the value holds the number of arrival. */
typedef struct sample {
    unsigned char *key;
    uint32_t key_length;
    uint32_t arrival;
} sample;

static int sample_compare(const void *left, const void *right)
{
    const sample *a = left, *b = right;
    uint32_t common = a->key_length < b->key_length ? a->key_length : b->key_length;
    int order = memcmp(a->key, b->key, common);
    if (order != 0)
        return order;
    if (a->key_length != b->key_length)
        return a->key_length < b->key_length ? -1 : 1;
    return a->arrival < b->arrival ? -1 : 1;
}

static void sorter_check_reading(arv__sorter *sorter, const sample *samples, uint32_t count)
{
    arv_error err;
    arv__record record;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t arrival;
        CHECK_INT(arv__sorter_next(sorter, &record, &err), 1);
        CHECK(record.value_length >= 4);
        memcpy(&arrival, record.value, 4);
        CHECK_INT(arrival, samples[i].arrival);
        CHECK_INT(record.key_length, samples[i].key_length);
        CHECK_MEM(record.key, samples[i].key, record.key_length);
    }
    CHECK_INT(arv__sorter_next(sorter, &record, &err), 0);
    CHECK_INT(arv__sorter_next(sorter, &record, &err), 0);
}

/* Sorts the samples with a memory bound, compares with qsort, twice, and frees them. */
static void sorter_check(sample *samples, uint32_t count, size_t memory, uint32_t value_length)
{
    arv_error err;
    arv__sorter *sorter;
    unsigned char *value = calloc(1, value_length);
    CHECK_OK(arv__sorter_new(&sorter, memory, test_dir(), &err), &err);
    for (uint32_t i = 0; i < count; i++) {
        arv__record record = {samples[i].key, value, samples[i].key_length, value_length};
        samples[i].arrival = i;
        memcpy(value, &i, 4);
        CHECK_OK(arv__sorter_add(sorter, &record, &err), &err);
    }
    CHECK_INT(arv__sorter_count(sorter), count);
    qsort(samples, count, sizeof *samples, sample_compare);
    CHECK_OK(arv__sorter_rewind(sorter, &err), &err);
    sorter_check_reading(sorter, samples, count);
    CHECK_OK(arv__sorter_rewind(sorter, &err), &err);
    sorter_check_reading(sorter, samples, count);
    arv__sorter_free(sorter);
    free(value);
    for (uint32_t i = 0; i < count; i++)
        free(samples[i].key);
    free(samples);
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525 + 1013904223;
    return *state >> 8;
}

/* Keys of few different bytes, zeros among them: many are equal, or begin others. */
static sample *samples_random(uint32_t count, uint32_t longest, uint32_t letters, uint32_t seed)
{
    sample *samples = calloc(count, sizeof *samples);
    for (uint32_t i = 0; i < count; i++) {
        samples[i].key_length = next_random(&seed) % (longest + 1);
        samples[i].key = malloc(samples[i].key_length + 1);
        for (uint32_t k = 0; k < samples[i].key_length; k++)
            samples[i].key[k] = (unsigned char)(next_random(&seed) % letters * 85);
    }
    return samples;
}

static sample *samples_printed(uint32_t count, const char *format, uint32_t step)
{
    sample *samples = calloc(count, sizeof *samples);
    for (uint32_t i = 0; i < count; i++) {
        char text[200];
        int length = snprintf(text, sizeof text, format, (unsigned)((uint64_t)i * step % count));
        samples[i].key_length = (uint32_t)length;
        samples[i].key = (unsigned char *)strdup(text);
    }
    return samples;
}

TEST(sorter_of_nothing_ends_at_once)
{
    sorter_check(malloc(sizeof(sample)), 0, 0, 4);
}

TEST(sorter_keeps_the_order_of_memcmp_and_of_arrival)
{
    for (uint32_t seed = 1; seed <= 30; seed++) {
        sorter_check(samples_random(500, 3, 2, seed), 500, 1 << 20, 4);
        sorter_check(samples_random(500, 9, 2, seed), 500, 1 << 20, 4);
        sorter_check(samples_random(500, 40, 3, seed), 500, 1 << 20, 4);
        sorter_check(samples_random(13, 20, 4, seed), 13, 1 << 20, 4);
    }
}

TEST(sorter_takes_empty_keys_and_values_that_point_nowhere)
{
    static const arv__record added[] = {{NULL, (const unsigned char *)"v", 0, 1},
                                        {(const unsigned char *)"k", NULL, 1, 0},
                                        {NULL, NULL, 0, 0}};
    arv_error err;
    arv__sorter *sorter;
    arv__record record;
    CHECK_OK(arv__sorter_new(&sorter, 0, test_dir(), &err), &err);
    for (size_t i = 0; i < 3; i++)
        CHECK_OK(arv__sorter_add(sorter, &added[i], &err), &err);
    CHECK_OK(arv__sorter_rewind(sorter, &err), &err);
    CHECK_INT(arv__sorter_next(sorter, &record, &err), 1);
    CHECK_INT(record.key_length, 0);
    CHECK_INT(record.value_length, 1);
    CHECK_MEM(record.value, "v", 1);
    CHECK_INT(arv__sorter_next(sorter, &record, &err), 1);
    CHECK_INT(record.key_length + record.value_length, 0);
    CHECK(record.key && record.value);
    CHECK_INT(arv__sorter_next(sorter, &record, &err), 1);
    CHECK_INT(record.key_length, 1);
    CHECK_MEM(record.key, "k", 1);
    CHECK_INT(record.value_length, 0);
    CHECK_INT(arv__sorter_next(sorter, &record, &err), 0);
    arv__sorter_free(sorter);
}

TEST(sorter_sorts_what_arrives_in_order_against_it_and_shuffled)
{
    const char *format = "students/of/a/long/folder/name/%07u/submission.html";
    sorter_check(samples_printed(20000, format, 1), 20000, 8 << 20, 20);
    sorter_check(samples_printed(20000, format, 19999), 20000, 8 << 20, 20);
    sorter_check(samples_printed(20000, format, 7919), 20000, 8 << 20, 20);
}

TEST(sorter_sorts_equal_keys_by_arrival)
{
    sorter_check(samples_printed(20000, "the same%.0u", 1), 20000, 8 << 20, 4);
    sorter_check(samples_printed(20000, "the same%.0u", 1), 20000, 0, 4);
}

TEST(sorter_merges_runs_in_order)
{
    sorter_check(samples_printed(20000, "students/%07u", 7919), 20000, 0, 100);
    sorter_check(samples_printed(20000, "students/%07u", 1), 20000, 0, 100);
    sorter_check(samples_random(30000, 4, 3, 9), 30000, 0, 100);
    CHECK_INT(test_count_dir(test_dir()), 0);
}

TEST(sorter_merges_runs_of_several_tiers)
{
    /* 20,000 records of 16 KiB in blocks of 256 KiB: more than 1,024 runs */
    sorter_check(samples_random(20000, 5, 3, 4), 20000, 0, 16000);
}

TEST(sorter_takes_the_longest_record_and_refuses_a_longer_one)
{
    arv_error err;
    arv__sorter *sorter;
    unsigned char *bytes = calloc(1, ARV__SORTER_RECORD_BYTES);
    arv__record record = {bytes, bytes, 1000, ARV__SORTER_RECORD_BYTES - 1000};
    CHECK_OK(arv__sorter_new(&sorter, 0, test_dir(), &err), &err);
    for (int i = 0; i < 100; i++)
        CHECK_OK(arv__sorter_add(sorter, &record, &err), &err);
    record.value_length++;
    CHECK_ERR(arv__sorter_add(sorter, &record, &err), &err, ARV_ELIMIT, NULL);
    CHECK(!arv__sorter_failed(sorter));
    CHECK_OK(arv__sorter_rewind(sorter, &err), &err);
    for (int i = 0; i < 100; i++) {
        CHECK_INT(arv__sorter_next(sorter, &record, &err), 1);
        CHECK_INT(record.value_length, ARV__SORTER_RECORD_BYTES - 1000);
    }
    CHECK_INT(arv__sorter_next(sorter, &record, &err), 0);
    arv__sorter_free(sorter);
    free(bytes);
}

TEST(sorter_refuses_to_add_after_reading_began)
{
    arv_error err;
    arv__sorter *sorter;
    const arv__record record = {(const unsigned char *)"k", (const unsigned char *)"v", 1, 1};
    CHECK_OK(arv__sorter_new(&sorter, 0, NULL, &err), &err);
    CHECK_OK(arv__sorter_rewind(sorter, &err), &err);
    CHECK_ERR(arv__sorter_add(sorter, &record, &err), &err, ARV_ESTATE, NULL);
    arv__sorter_free(sorter);
}

TEST(sorter_writes_out_what_a_lowered_bound_does_not_hold)
{
    arv_error err;
    arv__sorter *sorter;
    arv__record record;
    char key[16];
    CHECK_OK(arv__sorter_new(&sorter, 8 << 20, test_dir(), &err), &err);
    for (int i = 0; i < 40000; i++) {
        record = (arv__record){(const unsigned char *)key, (const unsigned char *)"v",
                               (uint32_t)snprintf(key, sizeof key, "%08d", i * 7919 % 40000), 1};
        CHECK_OK(arv__sorter_add(sorter, &record, &err), &err);
        if (i == 20000)
            CHECK_OK(arv__sorter_bound(sorter, 300000, &err), &err);
    }
    CHECK_OK(arv__sorter_rewind(sorter, &err), &err);
    for (int i = 0; i < 40000; i++) {
        CHECK_INT(arv__sorter_next(sorter, &record, &err), 1);
        snprintf(key, sizeof key, "%08d", i);
        CHECK_MEM(record.key, key, 8);
    }
    CHECK_INT(arv__sorter_next(sorter, &record, &err), 0);
    arv__sorter_free(sorter);
}

static ssize_t pwrite_full_disk(int fd, const void *data, size_t length, uint64_t offset)
{
    (void)fd, (void)data, (void)length, (void)offset;
    return -ENOSPC;
}

TEST(sorter_that_lost_records_says_so_ever_after)
{
    arv_error err;
    arv__sorter *sorter;
    static unsigned char value[60000];
    const arv__record record = {(const unsigned char *)"k", value, 1, sizeof value};
    static arv__fileops full;
    int status = 0;
    full = arv__fs_system;
    full.pwrite = pwrite_full_disk;
    arv__fs_set(&full);
    CHECK_OK(arv__sorter_new(&sorter, 0, test_dir(), &err), &err);
    for (int i = 0; i < 10 && status == 0; i++)
        status = arv__sorter_add(sorter, &record, &err);
    CHECK_ERR(status, &err, ARV_ENOSPACE, NULL);
    CHECK(arv__sorter_failed(sorter));
    arv__fs_set(NULL);
    CHECK_ERR(arv__sorter_add(sorter, &record, &err), &err, ARV_ENOSPACE, "lost");
    CHECK_ERR(arv__sorter_rewind(sorter, &err), &err, ARV_ENOSPACE, "lost");
    arv__sorter_free(sorter);
}

static void sort_some(void *ud, bool must_succeed)
{
    arv_error err;
    arv__sorter *sorter = NULL;
    static unsigned char value[50000];
    arv__record record = {(const unsigned char *)"k", value, 1, sizeof value};
    int count = 0;
    (void)ud;
    int status = arv__sorter_new(&sorter, 0, test_dir(), &err);
    for (int i = 0; i < 12 && status == 0; i++)
        status = arv__sorter_add(sorter, &record, &err);
    if (status == 0)
        status = arv__sorter_rewind(sorter, &err);
    while (status == 0 && (status = arv__sorter_next(sorter, &record, &err)) > 0) {
        status = 0;
        count++;
    }
    if (must_succeed)
        CHECK_OK(status, &err);
    if (status < 0)
        CHECK_ERR(status, &err, ARV_ENOMEM, NULL);
    else
        CHECK_INT(count, 12);
    arv__sorter_free(sorter);
}

TEST(sorter_survives_every_failed_allocation)
{
    CHECK(test_each_allocation(sort_some, NULL) > 5);
}
