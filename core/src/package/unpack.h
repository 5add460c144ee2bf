/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_UNPACK_H
#define ARV_PACKAGE_UNPACK_H

/*
 * The stream inside a tar, tar.gz or tar.zst: bytes of the tar in blocks. Members and frames that
 * follow each other are one stream, as the standards say. This file checks everything that a compressed
 * stream proves about itself, down to its last byte: checksums, lengths, no bytes behind the end, no
 * extra bytes in headers.
 *
 * Ownership: embedded; borrows the reader. Threading: one thread at a time.
 * Errors: those of the source, ARV_ENOMEM; damage is a finding and the end of the stream.
 * Memory: 1 MiB for blocks; zstd's window, at most 8 MiB.
 */

#include "package/reader.h"

typedef struct arv__unpack arv__unpack;

/* One compression. `in` has the bytes from unpack->packed_at on, `length` of them. */
typedef struct arv__unpack_ops {
    bool (*begins)(const unsigned char *head, size_t length); /* whether a container is of it */
    int (*init)(arv__unpack *unpack, arv_error *err);         /* sets unpack->decoder */
    void (*free)(void *decoder);
    /* Returns whether a new member or frame begins here; reports oddities as findings. */
    bool (*enter)(arv__unpack *unpack, const unsigned char *in, size_t length);
    /* Compares the header with the one that its content gives: docs/container-formats.md. Returns NULL, or
     * the name of a difference. */
    const char *(*check)(const unsigned char *in, size_t length);
    /* Takes from `in`, fills the block from `made` on, and returns the bytes taken. */
    size_t (*step)(arv__unpack *unpack, const unsigned char *in, size_t length, size_t *made);
    uint64_t ratio_max; /* of the whole; 0: that of the reader's limits */
} arv__unpack_ops;

struct arv__unpack {
    arv__reader *reader;
    const arv__unpack_ops *ops; /* NULL for a plain tar */
    void *decoder;
    unsigned char *block; /* NULL for a plain tar: blocks are the window's */
    uint64_t packed_at;   /* of the next byte of the source */
    uint64_t unpacked;    /* bytes handed out */
    bool inside;          /* of a member or frame */
    bool filled;          /* it held bytes */
    uint64_t ended;       /* members or frames that were read to their end */
    bool foreign_told;    /* reported once, which is enough: each megabyte may be a member */
    bool no_memory;       /* the decoder lacks memory, which is no damage */
    bool damaged;
};

int arv__unpack_init(arv__unpack *unpack, arv__reader *reader, arv_error *err);
/* Gives the next block: a multiple of 512 bytes unless it is the last. Returns 0 at the end, or < 0. */
int64_t arv__unpack_next(arv__unpack *unpack, const unsigned char **data, arv_error *err);
void arv__unpack_cleanup(arv__unpack *unpack);

#endif
