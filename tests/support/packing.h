/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_PACKING_H
#define TEST_PACKING_H

/*
 * Drives a packer without an engine: a loop, a pool, a list of entries and a sink.
 *
 *     packing p;
 *     packing_open(&p, 2);
 *     packing_memory(&p, "a.txt", "hello");
 *     CHECK_OK(packing_run(&p, test_path("out.zip")), &p.error);
 *     packing_close(&p);
 */

#include "loop/loop.h"
#include "package/packer.h"

typedef struct packing {
    arv__loop *loop;
    arv__pool *pool, *io; /* as an engine has them */
    arv__slots *cpu;
    arv__lane lane, io_lane;
    arv_entries *entries;
    arv_package_options options;
    unsigned threads;
    arv__packer *packer;
    unsigned phases; /* a bit for each that was reported */
    int dones;
    int status;
    arv_error error;
    arv__packer_totals totals;
    int cancel_phase; /* cancels when this one is reported; -1: never */
    long cancel_turn; /* cancels before this turn of the loop; -1: never */
} packing;

/* < 0 only where memory lacks; `p` can be closed in every case. */
int packing_open(packing *p, unsigned threads);
void packing_close(packing *p);
int packing_memory(packing *p, const char *name, const char *text);
int packing_bytes(packing *p, const char *name, const void *data, size_t length);
/* With the size as it is now. */
int packing_path(packing *p, const char *name, const char *path);
int packing_path_size(packing *p, const char *name, const char *path, int64_t size);
/* Packs into a new file; the status of the packer, or of its start. */
int packing_run(packing *p, const char *path);
int packing_run_sink(packing *p, arv__sink *sink);

/* A callback source over bytes that counts its releases. */
typedef struct packing_source {
    const unsigned char *data;
    size_t length, at;
    size_t step;    /* bytes per call at most; 0: as many as asked for */
    int fail_code;  /* at the end instead of 0 */
    bool overshoot; /* claims more than was asked for */
    int released;
} packing_source;
int packing_callback(packing *p, const char *name, int64_t size, packing_source *source);

#endif
