/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_VERIFY_LISTING_H
#define ARV_VERIFY_LISTING_H

/*
 * Items on their way from the pool, which reads them, to the engine's thread, which calls the application. A
 * batch holds the raw lines of some entries, one after the other. For extract it also holds the paths under
 * which they were written.
 */

#include "verify/lines.h"
#include <arv/verify.h>

enum { ARV__BATCH_BYTES = 512 << 10, ARV__BATCH_ITEMS = 512 };

typedef struct arv__batch {
    arv__buf text; /* for each item: length (uint32_t), line, NUL, path written, NUL */
    unsigned items;
} arv__batch;

void arv__batch_init(arv__batch *batch);
void arv__batch_cleanup(arv__batch *batch);
void arv__batch_clear(arv__batch *batch);
bool arv__batch_full(const arv__batch *batch);
/* `written` may be NULL. */
int arv__batch_add(arv__batch *batch, const char *line, size_t length, const char *written, arv_error *err);
/* Calls back for each item. Stops at the first result < 0 and returns it as an error. */
int arv__batch_deliver(arv__batch *batch, arv_item_cb on_item, void *user_data, arv_error *err);

#endif
