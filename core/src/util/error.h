/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_UTIL_ERROR_H
#define ARV_UTIL_ERROR_H

#include <stdbool.h>
#include <arv/error.h>

/* Returns whether the same request may succeed later: if a medium, a network, a full disk or another program
 * caused the error. Returns false for mistakes of the caller, objects that exist already and missing
 * permissions, which the next attempt would meet again. Threading: any. */
bool arv__error_may_pass(const arv_error *error);

#endif
