/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_VERIFY_SELECT_H
#define ARV_VERIFY_SELECT_H

/*
 * Which entries of the payload an extraction writes. A selector is an original name, a folder that
 * stands above names, or a shell pattern on the whole name (fnmatch, "*" crosses "/"). A name is
 * compared first, so that "a[1].txt" selects the file that is called so.
 *
 * Ownership: embedded; copies the selectors. Threading: one thread at a time.
 * Memory: the selectors, at most ARV__SELECTORS_MAX of at most ARV__SELECTOR_BYTES_MAX bytes.
 * Errors: ARV_EINVALID (an empty selector), ARV_ELIMIT, ARV_ENOMEM.
 */

#include "util/buf.h"

enum { ARV__SELECTORS_MAX = 4096, ARV__SELECTOR_BYTES_MAX = 64 << 10 };

typedef struct arv__select {
    char **selectors;
    bool *met; /* for each: something was selected by it */
    size_t count;
} arv__select;

/* count 0: everything is selected. After an error, _cleanup() all the same. */
int arv__select_init(arv__select *select, const char *const *selectors, size_t count, arv_error *err);
void arv__select_cleanup(arv__select *select);
/* Whether an entry is selected; remembers what selected it. `name` need not be NUL-ended. Returns
 * 1, 0, or ARV_ENOMEM. */
int arv__select_takes(arv__select *select, const char *name, size_t length, arv_error *err);
/* The first selector that selected nothing, or NULL. */
const char *arv__select_unmet(const arv__select *select);

#endif
