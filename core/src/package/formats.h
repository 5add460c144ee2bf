/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_FORMATS_H
#define ARV_PACKAGE_FORMATS_H

/* The tables of the formats, for formats.c: one per file that ends with it. */

#include "package/format.h"

extern const arv__format_ops arv__format_zip;     /* zip.c */
extern const arv__format_ops arv__format_tar_zst; /* tar.c */
extern const arv__format_ops arv__format_tar_gz;
extern const arv__format_ops arv__format_tar;

#endif
