/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_TAR_NAME_H
#define ARV_PACKAGE_TAR_NAME_H

/*
 * The two fields of a ustar header that hold a name.
 *
 * A name stands there whole where it fits, whatever its bytes. Beside it a pax header says the same
 * where it is not ASCII, since ustar has no character set, or where it does not fit. There are
 * readers that know no pax header, PHP's PharData among them: for a name that does not fit they get
 * a short one that no other entry has, so that none hides another.
 */

#include <stdbool.h>
#include <stddef.h>

enum { ARV__TAR_NAME_BYTES = 100, ARV__TAR_PREFIX_BYTES = 155 };

/* Fills both fields, NULs behind what they hold. `name` is UTF-8, a folder's ends with "/". Returns
 * whether a pax header must say it, too. */
bool arv__tar_name(char field[ARV__TAR_NAME_BYTES], char prefix[ARV__TAR_PREFIX_BYTES], const char *name,
                   size_t length);

#endif
