/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_SPOOL_H
#define ARV_PACKAGE_SPOOL_H

/*
 * A spool keeps bytes that are written once and read back in order (several times if need be): in memory
 * up to a bound, beyond it in an unlinked temporary file. Records per entry live in spools, so that memory
 * does not grow with the number of entries. Payload never goes to the file, but for a source of
 * unknown size in a tar, whose header has the size before the data.
 *
 * Ownership: embedded. Threading: one thread at a time.
 * Errors: ENOMEM, ENOSPACE, EIO; sticky.
 */

#include "util/buf.h"

typedef struct arv__spool {
    size_t memory_bytes; /* bound */
    const char *temp_directory;
    unsigned char *memory; /* tail that is not in the file yet */
    size_t used, capacity;
    uint64_t filed; /* bytes in the file */
    int fd;
    int failed; /* 0, or the code of the first failure */
} arv__spool;

void arv__spool_init(arv__spool *spool, size_t memory_bytes, const char *temp_directory);
int arv__spool_append(arv__spool *spool, const void *data, size_t length, arv_error *err);
uint64_t arv__spool_length(const arv__spool *spool);
/* Returns the bytes read (fewer only at the end), 0 at the end, or < 0. Appending afterwards is allowed. */
int64_t arv__spool_read(arv__spool *spool, void *into, size_t length, uint64_t offset, arv_error *err);
void arv__spool_cleanup(arv__spool *spool);

#endif
