/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRATE_DRIVER_H
#define CRATE_DRIVER_H

/* A blocking driver of whole files, in the folder of the test. */

#include <arv/sys/storage.h>

extern const arv_storage_ops crate_driver_ops; /* crate: */
extern bool crate_flips, crate_full;
unsigned crate_parts(void);

#endif
