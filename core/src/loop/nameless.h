/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_LOOP_NAMELESS_H
#define ARV_LOOP_NAMELESS_H

/*
 * Files without a name, which get one when they are complete (O_TMPFILE and linkat): whoever is killed
 * meanwhile leaves nothing.
 *
 * linkat() takes such a file by descriptor (needs a capability on older kernels) or through /proc
 * (which a chroot may lack). Both are tried with "." as the target: whether the file is found is decided
 * first, then the target is refused with EEXIST.
 *
 * Threading: any thread; blocks.
 */

#include "loop/fileops.h"

/* How a file without a name gets one in a folder; 0: that was not tried yet. */
typedef enum {
    ARV__NAMELESS_UNTRIED,
    ARV__NAMELESS_BY_FD,
    ARV__NAMELESS_BY_PROC,
    ARV__NAMELESS_NEVER
} arv__nameless;

/* A new file; `access` is O_RDWR or O_WRONLY. Its descriptor, -EOPNOTSUPP where there is no way, or
 * -errno. `*way` remembers what was found. */
int arv__nameless_open(int dir_fd, int access, mode_t mode, arv__nameless *way);
/* Gives it a name, never in place of another: 0, -EEXIST, or -errno. */
int arv__nameless_link(int fd, arv__nameless way, int dir_fd, const char *name);

#endif
