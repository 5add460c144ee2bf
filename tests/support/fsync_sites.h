/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FSYNC_SITES_H
#define FSYNC_SITES_H

/*
 * Included by force in front of every core source that syncs, for programs that switch single syncs
 * off (power_fs.h). The macros take calls only: neither the slots of the table nor their types.
 */

#include <unistd.h> /* declares what the macros below would break */
#include "loop/fileops.h"

int power_fs_site(int fd, const char *file, int line);

#define arv__fs_fsync_retry(fd) arv__fs_fsync_retry(power_fs_site((fd), __FILE__, __LINE__))
#define fsync(fd) fsync(power_fs_site((fd), __FILE__, __LINE__))
#define fdatasync(fd) fdatasync(power_fs_site((fd), __FILE__, __LINE__))

#endif
