/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_ZIP_DIRECTORY_H
#define ARV_PACKAGE_ZIP_DIRECTORY_H

/*
 * The end of a zip for its reader: end records, then the central directory, one record at a time and in
 * the order in which the entries stand in the file.
 *
 * _open walks the directory once before the reader reads anything else: that proves its own structure and
 * shows whether it is in file order. If it is not, the places of its records go through a sorter.
 */

#include "package/reader.h"
#include "package/sorter.h"

typedef struct arv__zip_record {
    const char *name; /* NUL-ended, with the "/" behind a folder; valid until the next record */
    size_t name_length;
    unsigned made_by, flags, method;
    uint32_t dos_time, crc32, attributes;
    uint64_t packed_bytes, size_bytes, offset;
    const unsigned char *raw; /* its bytes, valid as long */
    size_t raw_length;
    const char *foreign; /* bytes of it that no manifest covers, as text, or NULL */
} arv__zip_record;

typedef struct arv__zip_directory {
    arv__window window;
    uint64_t at, bytes, count; /* its place, and the numbers that its end record promises */
    uint64_t walk_at;
    arv__sorter *by_offset; /* NULL: it is in file order */
    arv__buf name;
} arv__zip_directory;

int arv__zip_directory_open(arv__zip_directory *directory, arv__reader *reader, arv_error *err);
/* Returns 1 and the next record, 0 at the end, or < 0. */
int arv__zip_directory_next(arv__zip_directory *directory, arv__zip_record *record, arv_error *err);
void arv__zip_directory_cleanup(arv__zip_directory *directory);

/* ---- zip_fields.c ---------------------------------------------------------------------------- */

/* Returns an extra field; NULL when there is none. Sets `*well_formed` if the area consists of fields. */
const unsigned char *arv__zip_extra(const unsigned char *extra, size_t length, unsigned id,
                                    size_t *field_length, bool *well_formed);
/* Returns whether any of the extra fields gives the entry another name than this one. */
bool arv__zip_renames(const unsigned char *extra, size_t length, const unsigned char *name,
                      size_t name_length);
/* These return the name of a part of a local header, or of a record of the directory, with its extra
 * fields, that no manifest covers and our packer never writes ("a comment"), or NULL. */
const char *arv__zip_foreign_local(const unsigned char *at, const unsigned char *extra);
const char *arv__zip_foreign_record(const unsigned char *at, const unsigned char *extra);

#endif
