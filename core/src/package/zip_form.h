/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_ZIP_FORM_H
#define ARV_PACKAGE_ZIP_FORM_H

/*
 * Computes the headers that a zip of ours has around an entry of this name, size and place
 * (docs/container-formats.md). The reader compares bytes with them.
 *
 * Ownership: the functions append to the caller's buffer. Threading: pure functions.
 */

#include <stdbool.h>
#include "util/buf.h"

typedef struct arv__zip_form {
    const char *name; /* a folder's ends with "/" */
    size_t name_length;
    uint64_t size_bytes, packed_bytes, offset;
    uint32_t crc32;
    unsigned method;
    bool later; /* has a descriptor */
    bool wide;  /* whose sizes have 64 bits */
} arv__zip_form;

/* Returns the part of the entry itself that differs from the packer's, or NULL. */
const char *arv__zip_form_odd(const arv__zip_form *form);
void arv__zip_form_local(const arv__zip_form *form, arv__buf *out);
void arv__zip_form_descriptor(const arv__zip_form *form, arv__buf *out);
void arv__zip_form_record(const arv__zip_form *form, arv__buf *out);
/* Appends everything behind the directory. */
void arv__zip_form_end(uint64_t entries, uint64_t directory_at, uint64_t directory_bytes, arv__buf *out);
/* Returns the name of the field at a place where a local header or a record differs. */
const char *arv__zip_form_field(bool record, size_t at);

#endif
