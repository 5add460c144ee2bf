/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_LOOP_NAMELESS_H
#define ARV_LOOP_NAMELESS_H

/*
 * Files without a name, which get one when they are complete (O_TMPFILE and linkat). A process that is
 * killed meanwhile leaves nothing.
 *
 * linkat() takes such a file by descriptor (needs a capability on older kernels) or through /proc
 * (which a chroot may lack). arv__nameless_open() tries both with "." as the target: the kernel first
 * looks for the file, then refuses the target with EEXIST.
 *
 * Threading: any thread; blocks.
 */

#include "loop/fileops.h"

/* How a file without a name gets one in a folder; 0: not tried yet. */
typedef enum {
    ARV__NAMELESS_UNTRIED,
    ARV__NAMELESS_BY_FD,
    ARV__NAMELESS_BY_PROC,
    ARV__NAMELESS_NEVER
} arv__nameless;

/* Opens a new file; `access` is O_RDWR or O_WRONLY. Returns its descriptor, -EOPNOTSUPP where no way
 * works, or -errno. `*way` keeps the way that works. */
int arv__nameless_open(int dir_fd, int access, mode_t mode, arv__nameless *way);
/* Gives the file a name, never in place of another file. Returns 0, -EEXIST, or -errno. */
int arv__nameless_link(int fd, arv__nameless way, int dir_fd, const char *name);

#endif
