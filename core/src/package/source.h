/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_SOURCE_H
#define ARV_PACKAGE_SOURCE_H

/*
 * Where the bytes of a container come from when it is read: a file (source_file.c), memory (for
 * fuzzing and tests), or an object of a storage (storage/source.c). Random access.
 *
 * Threading: blocking, for pool threads; one thread at a time.
 * Errors: negative codes with a sentence; reading behind the end returns 0.
 */

#include <stdint.h>
#include <stddef.h>
#include <arv/error.h>

typedef struct arv__source arv__source;

struct arv__source {
    /* NULL, or what must be waited for before `size_bytes` is known; arv__source_begin() calls it. */
    int (*begin)(arv__source *source, arv_error *err);
    /* Bytes read (short only at the end), 0 at the end, or < 0. */
    int64_t (*read_at)(arv__source *source, void *into, size_t length, uint64_t offset, arv_error *err);
    void (*free)(arv__source *source);
    uint64_t size_bytes;
    const char *shown; /* for messages, behind "The archive": a path, "object 'KEY'" */
};

/* To be called once, on the thread that reads, before anything else is asked of a source. */
static inline int arv__source_begin(arv__source *source, arv_error *err)
{
    return source->begin ? source->begin(source, err) : 0;
}

int arv__source_file_open(arv__source **source, const char *path, arv_error *err);
/* A file that is open already; the descriptor stays the caller's. `path` is for messages. */
int arv__source_descriptor_new(arv__source **source, int descriptor, const char *path, arv_error *err);
int arv__source_memory_new(arv__source **source, const void *data, size_t length, arv_error *err);
void arv__source_free(arv__source *source); /* accepts NULL */

#endif
