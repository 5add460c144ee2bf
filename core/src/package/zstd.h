/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_ZSTD_H
#define ARV_PACKAGE_ZSTD_H

/*
 * Zstandard frames (RFC 8878), one per unit: with content size and checksum, so that a reader can
 * unpack and prove each alone.
 *
 * Ownership: one thread's state, made once and reused. It appends its output to the caller's buffer.
 * Errors: ARV_ENOMEM, ARV_ELIMIT (the buffer's), ARV_EINTERNAL.
 */

#include <stdbool.h>
#include "util/buf.h"

enum { ARV__ZSTD_LEVEL_DEFAULT = 3, ARV__ZSTD_LEVEL_MAX = 19 };

typedef struct arv__zstd arv__zstd;

int arv__zstd_new(arv__zstd **zstd, int level, arv_error *err);
void arv__zstd_free(arv__zstd *zstd);
/* Appends one frame. At level 0, or with `packed` (the bytes will not get smaller), it spends as little
 * time as possible. */
int arv__zstd_frame(arv__zstd *zstd, const void *data, size_t length, bool packed, arv__buf *out,
                    arv_error *err);

#endif
