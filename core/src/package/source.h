/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_SOURCE_H
#define ARV_PACKAGE_SOURCE_H

/*
 * A source gives the bytes of a container to a reader: a file (source_file.c), memory (for fuzzing and
 * tests), or an object of a storage (storage/source.c). Random access.
 *
 * Threading: blocking, for pool threads; one thread at a time.
 * Errors: negative codes with a sentence; reading behind the end returns 0.
 */

#include <stdint.h>
#include <stddef.h>
#include <arv/error.h>

typedef struct arv__source arv__source;

struct arv__source {
    /* Waits until `size_bytes` is known; NULL: it is. arv__source_begin() calls it. */
    int (*begin)(arv__source *source, arv_error *err);
    /* Returns the bytes read (short only at the end), 0 at the end, or < 0. */
    int64_t (*read_at)(arv__source *source, void *into, size_t length, uint64_t offset, arv_error *err);
    void (*free)(arv__source *source);
    uint64_t size_bytes;
    const char *shown; /* for messages, behind "The archive": a path, "object 'KEY'" */
};

/* The reading thread must call it once, before it uses the source in any other way. */
static inline int arv__source_begin(arv__source *source, arv_error *err)
{
    return source->begin ? source->begin(source, err) : 0;
}

int arv__source_file_open(arv__source **source, const char *path, arv_error *err);
/* Reads a file that is open already; the caller still owns the descriptor. `path` is for messages. */
int arv__source_descriptor_new(arv__source **source, int descriptor, const char *path, arv_error *err);
int arv__source_memory_new(arv__source **source, const void *data, size_t length, arv_error *err);
void arv__source_free(arv__source *source); /* accepts NULL */

#endif
