/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONTAINER_H
#define CONTAINER_H

/*
 * Drives a container format as the packer does, on one thread: cuts units, encodes them with two
 * workers in turn, places and writes them. Fails the test on any error and checks what a format
 * promises about its units on the way.
 */

#include <stdio.h>
#include "package/format.h"

typedef struct container {
    const arv__format_ops *ops;
    arv__format *format;
    arv__worker *workers[2];
    unsigned turn;
    arv__unit unit;
    char *names[ARV__UNIT_PIECES];
    FILE *file;
    uint64_t written;
    unsigned copied, uncopied; /* units written from out, from in */
} container;

void container_open(container *c, const char *path, arv_format format, int level, bool reproducible);
void container_add(container *c, const char *name, const void *data, size_t length);
void container_add_packed(container *c, const char *name, const void *data, size_t length);
/* As a source that does not tell its size: in units of its own, the last one may be empty. */
void container_add_unknown(container *c, const char *name, const void *data, size_t length);
void container_add_folder(container *c, const char *name);
/* `units` times a whole unit of zero bytes, encoded once for all but the first and the last. */
void container_add_zeros(container *c, const char *name, uint64_t length, bool packed);
void container_close(container *c);

/* Runs a program that must succeed; its output is shown if it does not. */
void container_judge(const char *const argv[]);
#define JUDGE(...) container_judge((const char *const[]){__VA_ARGS__, NULL})

/* Deterministic text like that of a web page. */
void container_fill_text(void *into, size_t length, uint64_t seed);

#endif
