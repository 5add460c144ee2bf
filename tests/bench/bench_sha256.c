/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/evp.h>

#include "crypto/digest.h"

/*
 * How fast SHA-256 runs, in GB of digested bytes a second of CPU time: a pair digests two bytes for
 * each byte that it is told of. Ways are measured in turns, and the median of all turns is printed
 * with its gain over OpenSSL, since only ratios of one run can be compared.
 *
 *     bench_sha256 [bytes a call (262144)] [turns (15)]
 */

enum { WAYS = 5, MOST_TURNS = 101 };

typedef struct bench {
    unsigned char *data; /* twice `length` */
    size_t length;
    EVP_MD *md;
    EVP_MD_CTX *ctx;
} bench;

static void digest_openssl(bench *b)
{
    unsigned char out[ARV_SHA256_BYTES];
    for (int i = 0; i < 2; i++) {
        EVP_DigestInit_ex2(b->ctx, b->md, NULL);
        EVP_DigestUpdate(b->ctx, b->data + (size_t)i * b->length, b->length);
        EVP_DigestFinal_ex(b->ctx, out, NULL);
    }
}

static void digest_single(bench *b)
{
    unsigned char out[ARV_SHA256_BYTES];
    for (int i = 0; i < 2; i++) {
        arv__sha256 s;
        arv__sha256_init(&s);
        arv__sha256_update(&s, b->data + (size_t)i * b->length, b->length);
        arv__sha256_final(&s, out);
    }
}

static void digest_two(bench *b, size_t before, const unsigned char *second)
{
    unsigned char out[ARV_SHA256_BYTES];
    arv__sha256 s, t;
    arv__sha256_init(&s);
    arv__sha256_init(&t);
    arv__sha256_update(&s, b->data, before);
    arv__sha256_pair(&s, b->data, b->length, &t, second, b->length);
    arv__sha256_final(&s, out);
    arv__sha256_final(&t, out);
}

static void digest_pair(bench *b)
{
    digest_two(b, 0, b->data + b->length);
}

static void digest_pair_off_border(bench *b)
{
    digest_two(b, 30, b->data); /* as a stored entry of a zip after its header */
}

static void digest_pair_shared(bench *b)
{
    digest_two(b, 0, b->data);
}

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double speed(bench *b, void (*way)(bench *))
{
    int rounds = (int)((64u << 20) / (2 * b->length)) + 1;
    double start = cpu_seconds();
    for (int i = 0; i < rounds; i++)
        way(b);
    return 2e-9 * (double)b->length * rounds / (cpu_seconds() - start);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(bench *);
    } ways[WAYS] = {{"OpenSSL, single", digest_openssl},
                    {"ours, single", digest_single},
                    {"ours, pair of different bytes", digest_pair},
                    {"ours, pair of the same bytes off a border", digest_pair_off_border},
                    {"ours, pair with a shared schedule", digest_pair_shared}};
    static double results[WAYS][MOST_TURNS];
    size_t length = argc > 1 ? strtoul(argv[1], NULL, 10) : 262144;
    int turns = argc > 2 ? atoi(argv[2]) : 15;
    bench b = {.length = length};

    if (length < 64 || length > (1u << 30) || turns < 1 || turns > MOST_TURNS) {
        fprintf(stderr, "usage: bench_sha256 [bytes a call: 64 to 2^30] [turns: 1 to 101]\n");
        return 2;
    }
    b.data = malloc(2 * length);
    b.md = EVP_MD_fetch(NULL, "SHA2-256", NULL);
    b.ctx = EVP_MD_CTX_new();
    if (!b.data || !b.md || !b.ctx) {
        fprintf(stderr, "There is not enough memory.\n");
        return 1;
    }
    for (size_t i = 0; i < 2 * length; i++)
        b.data[i] = (unsigned char)((i * 2654435761u) >> 13);
    for (int turn = 0; turn < turns; turn++)
        for (int way = 0; way < WAYS; way++)
            results[way][turn] = speed(&b, ways[way].run);
    printf("kind: %s, %zu bytes a call, median of %d turns\n", arv__sha256_kind(), length, turns);
    for (int way = 0; way < WAYS; way++) {
        qsort(results[way], (size_t)turns, sizeof(double), ascending);
        printf("%-44s %6.2f GB/s  %5.2fx\n", ways[way].name, results[way][turns / 2],
               results[way][turns / 2] / results[0][turns / 2]);
    }
    EVP_MD_CTX_free(b.ctx);
    EVP_MD_free(b.md);
    free(b.data);
    return 0;
}
