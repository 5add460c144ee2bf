/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_UTIL_ERROR_H
#define ARV_UTIL_ERROR_H

#include <stdbool.h>
#include <arv/error.h>

/* Whether the same may succeed later. A medium, a network, a full disk or another program may have caused
 * the error, and may do better next time. The next time would meet the caller's mistakes, objects that
 * exist already and missing permissions again. Threading: any. */
bool arv__error_may_pass(const arv_error *error);

#endif
