/* SPDX-License-Identifier: Apache-2.0 */
#include "loop/leftover.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { LEFTOVER_NAMES_MAX = 4096, LEFTOVER_TAKEN_MAX = 16, LEFTOVER_TRIES = 3 };

static int leftover_lock(int fd)
{
    int rc = -EINTR;
    for (int i = 0; i < LEFTOVER_TRIES && rc == -EINTR; i++)
        rc = arv__fs->flock(fd, LOCK_EX | LOCK_NB);
    return rc;
}

static bool leftover_is(int fd, int dir_fd, const char *name, struct stat *there)
{
    struct stat open;
    return arv__fs->fstat(fd, &open) == 0 &&
           arv__fs->fstatat(dir_fd, name, there, AT_SYMLINK_NOFOLLOW) == 0 && open.st_dev == there->st_dev &&
           open.st_ino == there->st_ino;
}

int arv__leftover_claim(int fd, int dir_fd, const char *name)
{
    struct stat st;
    if (leftover_lock(fd) == -EWOULDBLOCK)
        return -ESTALE;
    return leftover_is(fd, dir_fd, name, &st) ? 0 : -ESTALE;
}

static bool leftover_name_fits(const arv__leftover *kind, const char *name)
{
    size_t before = strlen(kind->prefix), length = strlen(name);
    return length == before + kind->digits + strlen(kind->suffix) &&
           strncmp(name, kind->prefix, before) == 0 &&
           strspn(name + before, "0123456789abcdef-") >= kind->digits &&
           strcmp(name + before + kind->digits, kind->suffix) == 0;
}

/*
 * A name proves nothing where other users may rename: they could give it to a file that we must not
 * remove. So the folder must belong to us or to root, and nobody else may write to it unless it is sticky.
 */
static bool leftover_is_proven(int dir_fd)
{
    struct stat st;
    return arv__fs->fstat(dir_fd, &st) == 0 && (st.st_uid == geteuid() || st.st_uid == 0) &&
           ((st.st_mode & (S_IWGRP | S_IWOTH)) == 0 || (st.st_mode & S_ISVTX));
}

/* Opens a file for writing, since NFS demands that for a lock; with O_NONBLOCK, since a FIFO may stand in
 * its place. */
static void leftover_take(int dir_fd, const char *name, const arv__leftover *kind)
{
    struct stat st;
    mode_t type = kind->folder ? S_IFDIR : S_IFREG;
    int flags = kind->folder ? O_RDONLY | O_DIRECTORY : O_RDWR | O_NONBLOCK | O_NOCTTY;
    if (arv__fs->fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || (st.st_mode & S_IFMT) != type ||
        st.st_uid != geteuid())
        return;
    int fd = arv__fs_openat(dir_fd, name, flags | O_NOFOLLOW | O_CLOEXEC, 0);
    if (fd < 0)
        return;
    if (leftover_lock(fd) == 0 && leftover_is(fd, dir_fd, name, &st) && (st.st_mode & S_IFMT) == type &&
        (!kind->folder || kind->empty(fd) == 0))
        arv__fs->unlinkat(dir_fd, name, kind->folder ? AT_REMOVEDIR : 0);
    arv__fs_close(fd);
}

void arv__leftover_remove(int dir_fd, const arv__leftover *kind)
{
    int error = 0, taken = 0;
    struct dirent *found;
    if (!leftover_is_proven(dir_fd))
        return;
    int fd = arv__fs_openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    DIR *dir = fd < 0 ? NULL : arv__fs->fdopendir(fd, &error);
    if (!dir) {
        arv__fs_close(fd < 0 ? -1 : fd);
        return;
    }
    for (int i = 0;
         i < LEFTOVER_NAMES_MAX && taken < LEFTOVER_TAKEN_MAX && (found = arv__fs->readdir(dir, &error));
         i++) {
        if (!leftover_name_fits(kind, found->d_name))
            continue;
        leftover_take(dir_fd, found->d_name, kind);
        taken++;
    }
    if (taken) /* or they are there again when the power fails */
        arv__fs_fsync_retry(dir_fd);
    arv__fs->closedir(dir);
}
