/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_DEFLATE_ISAL_H
#define ARV_PACKAGE_DEFLATE_ISAL_H

/* ISA-L behind deflate.c; in a build without it arv__isal_usable() returns false. The caller must reserve
 * arv__deflate_bound() bytes in `out`. */

#include "package/deflate.h"

enum { ARV__ISAL_LEVEL_MAX = 3 };

typedef struct arv__isal arv__isal;

bool arv__isal_usable(void); /* built in, and fast on this CPU */
int arv__isal_new(arv__isal **isal, int level, arv_error *err);
void arv__isal_free(arv__isal *isal); /* accepts NULL */
int arv__isal_deflate(arv__isal *isal, const void *data, size_t length, bool last, arv__buf *out,
                      arv_error *err);
void arv__isal_learn(arv__isal *isal, const arv__deflate_sample *samples, unsigned count);

#endif
