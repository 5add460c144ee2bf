/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_UTIL_OPTIONS_H
#define ARV_UTIL_OPTIONS_H

/*
 * Structs of options of other versions: <arv/archivist.h> has the rules. Every function of the public
 * headers that takes one calls ARV__OPTIONS_TAKE() first and then looks at its copy only.
 *
 * Ownership: the copy borrows all that it points at. Threading: values. Units: bytes.
 * Errors: ARV_EINVALID for NULL or a struct_bytes that no version has; ARV_EUNSUPPORTED when a field
 *   is set that this version does not know. The message names the struct.
 */

#include <stddef.h>
#include <arv/error.h>

/* Copies `given`, of any size, into `known`, a struct of this version; missing fields become 0. */
int arv__options_take(void *known, size_t known_bytes, const void *given, const char *type, arv_error *err);
#define ARV__OPTIONS_TAKE(known, given, type, err)                                                           \
    arv__options_take((known), sizeof *(known), (given), (type), (err))

/* Fills `struct_bytes` bytes at `options` with `defaults` (NULL: none) and zeros behind them. */
void arv__options_init(void *options, size_t struct_bytes, const void *defaults, size_t defaults_bytes);

#endif
