/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_SPACE_H
#define CLI_SPACE_H

/*
 * Whether an archive can fit, before its first byte is written. How far it will compress is unknown:
 * what cannot fit by any chance is refused, what might not fit is a warning. Each target is looked at
 * by itself; where the free space cannot be told, nothing is said.
 */

#include "cli.h"

/* ARV_ENOSPACE with both numbers, ARV_ECANCELED. `payload_bytes`: the sizes that are known. */
int space_check(const cli_options *options, const arv_package_options *package, uint64_t payload_bytes,
                arv_engine *engine, arv_storage *const *storages, arv_error *err);

#endif
