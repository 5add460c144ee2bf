/* SPDX-License-Identifier: Apache-2.0 */
#include "loop/nameless.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

int arv__nameless_link(int fd, arv__nameless way, int dir_fd, const char *name)
{
    char path[32];
    if (way == ARV__NAMELESS_BY_FD)
        return arv__fs->linkat(fd, "", dir_fd, name, AT_EMPTY_PATH);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return arv__fs->linkat(AT_FDCWD, path, dir_fd, name, AT_SYMLINK_FOLLOW);
}

int arv__nameless_open(int dir_fd, int access, mode_t mode, arv__nameless *way)
{
    int fd = -EOPNOTSUPP;
#ifdef O_TMPFILE
    if (*way != ARV__NAMELESS_NEVER)
        fd = arv__fs_openat(dir_fd, ".", O_TMPFILE | access | O_CLOEXEC, mode);
#endif
    if (fd >= 0 && *way == ARV__NAMELESS_UNTRIED) {
        if (arv__nameless_link(fd, ARV__NAMELESS_BY_FD, dir_fd, ".") == -EEXIST)
            *way = ARV__NAMELESS_BY_FD;
        else if (arv__nameless_link(fd, ARV__NAMELESS_BY_PROC, dir_fd, ".") == -EEXIST)
            *way = ARV__NAMELESS_BY_PROC;
    }
    if (fd >= 0 && *way != ARV__NAMELESS_UNTRIED)
        return fd;
    /* Kernels and file systems that do not know the flag return EISDIR, EINVAL or ENOENT. */
    if (fd < 0 && fd != -EOPNOTSUPP && fd != -EISDIR && fd != -EINVAL && fd != -ENOENT && fd != -ENOSYS)
        return fd;
    if (fd >= 0)
        arv__fs_close(fd);
    *way = ARV__NAMELESS_NEVER;
    return -EOPNOTSUPP;
}
