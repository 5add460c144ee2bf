/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_SPACE_H
#define CLI_SPACE_H

/*
 * Checks whether an archive can fit, before its first byte is written. Nobody knows how far it will compress:
 * the check refuses an archive that cannot fit, and warns about one that might not fit. It looks at each
 * target by itself, and says nothing when the free space is unknown.
 */

#include "cli.h"

/* Returns ARV_ENOSPACE with both numbers, or ARV_ECANCELED. `payload_bytes` is the sum of the known sizes. */
int space_check(const cli_options *options, const arv_package_options *package, uint64_t payload_bytes,
                arv_engine *engine, arv_storage *const *storages, arv_error *err);

#endif
