/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_FORMAT_H
#define ARV_PACKAGE_FORMAT_H

/*
 * A container format: it makes bytes of the container out of pieces of entries. One file per format
 * (zip.c, tar.c) and one per compressor (deflate.c, zstd.c). A new format needs a table, a row of formats.c
 * and changes at the places that docs/container-formats.md lists.
 *
 * The packer cuts the sorted entries into units of about ARV__UNIT_BYTES: many small entries, or
 * one chunk of a large one. One pool thread fills a unit (reads bytes, hashes small entries) and
 * encodes it; then the chain places units in order:
 *
 *     encode  [pool, parallel]  unit->in and its pieces  ->  unit->out, the container's bytes
 *     place   [pool, in order]  accounts for them: offsets for a directory, totals. Puts the bytes that
 *                               depend on the order before or behind unit->out (the header of the one
 *                               gzip member; the data descriptor behind a zip entry of several
 *                               units, which needs the CRC of all of them). So it comes before the
 *                               container's digest. It must not change the bytes that encode made;
 *                               after place nothing changes. A unit whose entries are all left out
 *                               has neither pieces nor bytes, and was not encoded
 *     finish  [pool, in order]  the container's end, in portions
 *
 * Ownership: the format object is heap; units and their buffers belong to the packer. A worker is
 *   one thread's compressor state, made on first use and reused.
 * Threading: encode from several threads at once with different units and workers, reads the
 *   format object only; place and finish one at a time.
 * Errors: ENOMEM, ELIMIT, EINTERNAL; place and finish also ENOSPACE, EIO (their spool).
 */

#include <stdbool.h>
#include "crypto/digest.h"
#include "package/spool.h"
#include <arv/package.h>

enum {
    ARV__UNIT_BYTES = 1 << 20, /* of payload in a unit; a large entry's chunk has just this */
    ARV__UNIT_PIECES = 2048,   /* entries in a unit at the most */
    ARV__BLOCK_BYTES = 65535,  /* of a stored block of deflate at the most */
    ARV__BLOCK_HEADER_BYTES = 5,
    ARV__UNIT_BLOCKS = (ARV__UNIT_BYTES + ARV__BLOCK_BYTES - 1) / ARV__BLOCK_BYTES,
    ARV__UNIT_FRAMED_BYTES = ARV__UNIT_BYTES + ARV__UNIT_BLOCKS * ARV__BLOCK_HEADER_BYTES
};

/* One entry's part in a unit. */
typedef struct arv__piece {
    const char *name; /* full name in the container, with the base folder; in every piece */
    uint32_t name_length;
    bool folder;          /* an empty folder: no data; the name has no final "/" */
    bool first, last;     /* chunk of the entry; both for a whole one */
    bool no_compress;     /* compressing is not worth trying: first entry, or by the entropy check; the
                              same for all chunks of an entry */
    uint64_t entry_bytes; /* size of the whole entry; UINT64_MAX: unknown (zip only),
                              and then never whole */
    size_t offset;        /* of its bytes in unit->in */
    size_t length;
    /* set by encode, used by place (zip's directory) */
    uint32_t crc32;        /* of this piece's bytes */
    uint64_t packed_bytes; /* of this piece's data, without headers */
    size_t header_at;      /* of the local header in unit->out, when first */
    unsigned method;
} arv__piece;

typedef struct arv__unit {
    arv__piece *pieces;
    unsigned piece_count;
    arv__buf in;  /* raw bytes of all pieces */
    arv__buf out; /* the container's bytes made from them */
    /* The unit is one inner chunk, and `in` holds its raw bytes in blocks of ARV__BLOCK_BYTES, with room
     * for a header before each. The packer sets it before encode if the format's `frames` allows it. */
    bool framed;
    /* The unit is one chunk, and its raw bytes stand unchanged in `out` (tar) at this place. So the
     * packer can make the entry's and the container's digest in one pass. */
    bool verbatim;
    size_t verbatim_at;
    /* The container's bytes are those of `in` and nothing else, and `out` is empty: encode does not copy
     * the chunk of a large entry that needs neither header nor end. Comes with verbatim, at 0, or with
     * framed. */
    bool out_is_in;
    /* set by encode, used by place (tar.gz): of all bytes that were compressed */
    uint32_t crc32;
    uint64_t raw_bytes;
} arv__unit;

/* Returns the next block of raw bytes of a framed unit, NULL behind the last. `*at` begins at 0. */
static inline unsigned char *arv__unit_block(const arv__unit *unit, size_t *at, size_t *length)
{
    if (*at >= unit->in.length)
        return NULL;
    unsigned char *block = unit->in.data + *at + ARV__BLOCK_HEADER_BYTES;
    size_t left = unit->in.length - *at - ARV__BLOCK_HEADER_BYTES;
    *length = left < ARV__BLOCK_BYTES ? left : ARV__BLOCK_BYTES;
    *at += ARV__BLOCK_HEADER_BYTES + *length;
    return block;
}

typedef struct arv__format arv__format;
typedef struct arv__worker arv__worker; /* compressor state of one thread */

typedef struct arv__format_settings {
    arv_format format;
    int level; /* resolved: never ARV_LEVEL_DEFAULT */
    bool reproducible;
    int64_t modified_at_unix; /* of every entry: 315532800, 1980-01-01 */
    size_t memory_bytes;      /* for the directory, before it goes to a spool */
    const char *temp_directory;
} arv__format_settings;

typedef struct arv__format_ops {
    arv_format format;
    const char *name;
    const char *const *suffixes; /* the first is the one that we write */
    int level_default, level_max;
    bool needs_size;   /* an entry's size must be known before its first byte */
    bool root_entries; /* entries may stand beside the base folder */
    bool frames;       /* uncompressed chunks stand in stored blocks of deflate: see `framed` */
    /* Returns the compressor's name for job.json, since two compressors give different bytes. NULL: the
     * format does not compress at this level. Without the slot it never compresses. */
    const char *(*compressor)(int level, bool reproducible);

    int (*open)(arv__format **format, const arv__format_settings *settings, arv_error *err);
    void (*close)(arv__format *format);
    int (*worker_new)(arv__worker **worker, const arv__format *format, arv_error *err);
    void (*worker_free)(arv__worker *worker);
    int (*encode)(const arv__format *format, arv__worker *worker, arv__unit *unit, arv_error *err);
    int (*place)(arv__format *format, arv__unit *unit, arv_error *err);
    /* Appends up to about 1 MiB to `out` (cleared by the caller). Returns 1: more to come, 0: the end. */
    int (*finish)(arv__format *format, arv__worker *worker, arv__buf *out, arv_error *err);
} arv__format_ops;

const arv__format_ops *arv__format_find(arv_format format); /* NULL: unknown */
/* Returns the largest unit->out that encode can make from a unit with these limits. Buffers grow as
 * needed but never beyond it. */
size_t arv__unit_out_bytes(const arv__format_ops *ops);
/* Returns whether bytes look incompressible: histogram of samples (8 of 1 KiB), > 7.9 bit a byte. False
 * for fewer than 512 bytes: trying them is cheaper. */
bool arv__incompressible(const unsigned char *samples, size_t length);
/* The same for bytes in memory; takes 8 samples of 1 KiB at equal distances. */
bool arv__incompressible_bytes(const unsigned char *data, size_t length);
/* CRC-32 (ISO-HDLC) by the fastest available code. */
uint32_t arv__crc32(uint32_t crc, const void *data, size_t length);
uint32_t arv__crc32_combine(uint32_t first, uint32_t second, uint64_t second_length);

#endif
