/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_TAR_HEADERS_H
#define ARV_PACKAGE_TAR_HEADERS_H

/*
 * Watches the headers of a tar while libarchive reads them. It looks for headers that other programs
 * understand in another way: global headers that rename later entries, sparse files, names in two
 * versions. It also looks for bytes that no manifest covers and that our packer never writes.
 *
 * Before each entry, call _begin with the place where its first header must stand, then _see with each
 * block of the stream, in order; blocks begin at multiples of 512. After the header, `odd` and `foreign`
 * are NULL or describe the entry ("It has …").
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "util/buf.h"

typedef struct arv__tar_headers {
    uint64_t at;        /* of the next byte to look at, in the stream */
    uint64_t body_left; /* of an extended header */
    bool body_global;
    bool done;
    const char *odd;     /* programs understand it differently */
    const char *foreign; /* no manifest covers it */
    arv__buf body;
} arv__tar_headers;

void arv__tar_headers_init(arv__tar_headers *headers);
void arv__tar_headers_cleanup(arv__tar_headers *headers);
void arv__tar_headers_begin(arv__tar_headers *headers, uint64_t at);
void arv__tar_headers_see(arv__tar_headers *headers, const unsigned char *block, uint64_t block_at,
                          size_t length);

/* Returns whether the first block has the checksum of a tar's header. */
bool arv__tar_has_sum(const unsigned char *head, size_t length);

/* tar.c: appends the headers that the packer writes for an entry, with a pax header if it needs one, to
 * `out`. A folder's name comes without its "/". */
int arv__tar_write_headers(const char *name, size_t length, bool folder, uint64_t size_bytes, arv__buf *out,
                           arv_error *err);

#endif
