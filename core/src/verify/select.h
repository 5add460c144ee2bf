/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_VERIFY_SELECT_H
#define ARV_VERIFY_SELECT_H

/*
 * Selects the entries of the payload that an extraction writes. A selector is an original name, a folder
 * above names, or a shell pattern on the whole name (fnmatch, "*" crosses "/"). Names are compared first, so
 * that "a[1].txt" selects the file of that name.
 *
 * Ownership: embedded; copies the selectors. Threading: one thread at a time.
 * Memory: the selectors, at most ARV__SELECTORS_MAX of at most ARV__SELECTOR_BYTES_MAX bytes.
 * Errors: ARV_EINVALID (an empty selector), ARV_ELIMIT, ARV_ENOMEM.
 */

#include "util/buf.h"

enum { ARV__SELECTORS_MAX = 4096, ARV__SELECTOR_BYTES_MAX = 64 << 10 };

typedef struct arv__select {
    char **selectors;
    bool *met; /* for each selector: it has selected something */
    size_t count;
} arv__select;

/* count 0 selects everything. Call _cleanup() also after an error. */
int arv__select_init(arv__select *select, const char *const *selectors, size_t count, arv_error *err);
void arv__select_cleanup(arv__select *select);
/* Returns 1 when the entry is selected, 0, or ARV_ENOMEM; marks the selectors that select it. `name` need not
 * be NUL-ended. */
int arv__select_takes(arv__select *select, const char *name, size_t length, arv_error *err);
/* Returns the first selector that has selected nothing, or NULL. */
const char *arv__select_unmet(const arv__select *select);

#endif
