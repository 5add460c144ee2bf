/* SPDX-License-Identifier: Apache-2.0 */

/* Which errors are worth another run of the same job. A medium, a network, a full disk or another
 * program may have caused them, and may do better next time. The next run would meet the caller's
 * mistakes, objects that exist already and missing permissions again, so it is not worth it. */

#include "job/staged.h"

bool arv__retry_wanted(const arv_error *error)
{
    if (error->flags & ARV_ERROR_RETRYABLE)
        return true;
    switch (error->code) {
    case ARV_ECHANGED: /* a source that somebody was writing */
    case ARV_ENOSPACE:
    case ARV_EIO:
    case ARV_EREADBACK:
    case ARV_EOFFLINE:
    case ARV_ETIMEOUT:
    case ARV_ENOMEM:
    case ARV_ELIMIT:
    case ARV_ESYSTEM:
        return true;
    default:
        return false;
    }
}
