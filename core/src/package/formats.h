/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_FORMATS_H
#define ARV_PACKAGE_FORMATS_H

/*
 * The one table of formats, with the writer and reader of each. A new format is a row in formats.c.
 *
 * Threading: constants.
 */

#include "package/format.h"
#include "package/reader.h"
#include "package/unpack.h"

typedef struct arv__format_row {
    const arv__format_ops *writer;
    const arv__reader_ops *reader;
    const arv__reader_ops *foreign; /* of the bags of other programs */
    const arv__unpack_ops *unpack;  /* of the compressed stream that a tar stands in; NULL: none */
} arv__format_row;

extern const arv__format_row arv__formats[]; /* ends with a row of NULL */

extern const arv__format_ops arv__format_zip;     /* zip.c */
extern const arv__format_ops arv__format_tar_zst; /* tar.c */
extern const arv__format_ops arv__format_tar_gz;
extern const arv__format_ops arv__format_tar;
extern const arv__reader_ops arv__reader_zip;     /* read_zip.c */
extern const arv__reader_ops arv__reader_own_tar; /* read_own_tar.c */
extern const arv__reader_ops arv__reader_tar;     /* read_tar.c */
extern const arv__unpack_ops arv__unpack_gzip;    /* unpack.c */
extern const arv__unpack_ops arv__unpack_zstd;

#endif
