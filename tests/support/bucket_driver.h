/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BUCKET_DRIVER_H
#define BUCKET_DRIVER_H

/*
 * An object store in memory, as a server over a network would be: it answers later and parts in any
 * order, an object is visible as soon as it is sealed, every put of a key makes a version, and versions
 * can be locked. A test may make it misbehave.
 */

#include <arv/sys/storage.h>

enum { BUCKET_PIECE_BYTES = 64 << 10 };

extern const arv_storage_ops bucket_driver_ops; /* bucket: */

typedef struct bucket_faults {
    bool flips, full, ignores_locks;
    unsigned fail_part;  /* the part of this number fails */
    const char *silent;  /* this slot never answers, until it is cancelled */
    const char *version; /* told in place of the true one */
    bool asks;           /* put_open asks for these */
    size_t piece_bytes;
    unsigned writes_at_once;
    size_t state_bytes; /* put_state says so many */
    size_t resumes_at;  /* put_open goes on there */
} bucket_faults;

extern bucket_faults bucket_fault;
extern struct bucket_seen {
    unsigned at_once, most_at_once, silences, writes;
} bucket_seen;

unsigned bucket_objects(void);
unsigned bucket_uploads(void); /* that are under way or were left */
void bucket_leave(const char *key);

#endif
