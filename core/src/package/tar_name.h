/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_TAR_NAME_H
#define ARV_PACKAGE_TAR_NAME_H

/*
 * The two fields of a ustar header that hold a name.
 *
 * A name that fits stands there whole, whatever its bytes. A pax header repeats a name that is not ASCII,
 * since ustar has no character set, or that does not fit. Some readers know no pax header, PHP's PharData
 * among them: instead of a name that does not fit, they get a short one that no other entry has, so that
 * no entry hides another.
 */

#include <stdbool.h>
#include <stddef.h>

enum { ARV__TAR_NAME_BYTES = 100, ARV__TAR_PREFIX_BYTES = 155 };

/* Fills both fields, with NULs at their ends. `name` is UTF-8, a folder's ends with "/". Returns
 * whether a pax header must repeat it. */
bool arv__tar_name(char field[ARV__TAR_NAME_BYTES], char prefix[ARV__TAR_PREFIX_BYTES], const char *name,
                   size_t length);

#endif
