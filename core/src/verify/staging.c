/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/staging.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <arv/sys/alloc.h>
#include "loop/fileops.h"
#include "loop/leftover.h"
#include "util/names.h"

enum {
    STAGING_FOLDER_FLAGS = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
    STAGING_TRIES = 8,
    STAGING_LEAF_BYTES = 80, /* of the folder's name, in the name of the folder beside it */
    STAGING_DIGITS = 16,
    STAGING_MOVED_BYTES = 64 << 10
};

typedef struct staging_moved { /* as the spool keeps it */
    uint64_t device, inode;
    char name[NAME_MAX + 1];
} staging_moved;

void arv__staging_init(arv__staging *staging)
{
    *staging = (arv__staging){.fd = -1, .place_fd = -1};
    arv__spool_init(&staging->moved, STAGING_MOVED_BYTES, NULL);
}

void arv__staging_cleanup(arv__staging *staging)
{
    if (staging->fd >= 0)
        arv__fs_close(staging->fd);
    if (staging->place_fd >= 0)
        arv__fs_close(staging->place_fd);
    arv__spool_cleanup(&staging->moved);
    arv_free(staging->shown);
    arv_free(staging->path);
    arv_free(staging->given);
    arv__staging_init(staging);
}

#define STAGING_SUFFIX ".partial"

static bool staging_is_dot(const char *name)
{
    return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

/* ---- emptying -------------------------------------------------------------------------------- */

static int staging_empty(int fd);

/* Removes a folder and its content. Tries to remove it first, and opens it only if it is not empty: a mount
 * point is busy, and nobody else's folder is emptied. Returns 0 or -errno. */
static int staging_remove_folder(int fd, const char *name)
{
    struct stat st;
    int result = arv__fs->unlinkat(fd, name, AT_REMOVEDIR);
    if (result != -ENOTEMPTY && result != -EEXIST)
        return result;
    int inside = arv__fs_openat(fd, name, STAGING_FOLDER_FLAGS | O_NOFOLLOW, 0);
    if (inside < 0)
        return inside;
    result = arv__fs->fstat(inside, &st);
    if (result == 0 && st.st_uid != geteuid())
        result = -EACCES;
    if (result < 0) {
        arv__fs_close(inside);
        return result;
    }
    result = staging_empty(inside);
    return result < 0 ? result : arv__fs->unlinkat(fd, name, AT_REMOVEDIR);
}

/* Removes the content of a folder; takes over its descriptor. Returns 0, or the first -errno. */
static int staging_empty(int fd)
{
    int first = 0, error = 0;
    DIR *dir = arv__fs->fdopendir(fd, &error);
    if (!dir) {
        arv__fs_close(fd);
        return error;
    }
    struct dirent *found;
    while ((found = arv__fs->readdir(dir, &error))) {
        if (staging_is_dot(found->d_name))
            continue;
        int result = arv__fs->unlinkat(fd, found->d_name, 0);
        if (result == -EISDIR || result == -EPERM)
            result = staging_remove_folder(fd, found->d_name);
        if (result < 0 && first == 0)
            first = result;
    }
    if (error < 0 && first == 0)
        first = error;
    arv__fs->closedir(dir);
    return first;
}

static int staging_empty_at(int fd)
{
    int again = arv__fs_openat(fd, ".", STAGING_FOLDER_FLAGS | O_NOFOLLOW, 0);
    return again < 0 ? again : staging_empty(again);
}

/* ---- opening --------------------------------------------------------------------------------- */

/* Returns 1 when the folder is empty, 0 when not, or -errno. Takes over the descriptor. */
static int staging_is_empty(int fd)
{
    int error = 0;
    DIR *dir = arv__fs->fdopendir(fd, &error);
    if (!dir) {
        arv__fs_close(fd);
        return error;
    }
    int empty = 1;
    struct dirent *found;
    while (empty && (found = arv__fs->readdir(dir, &error)))
        if (!staging_is_dot(found->d_name))
            empty = 0;
    arv__fs->closedir(dir);
    return error < 0 ? error : empty;
}

static int staging_open_place(arv__staging *staging, const char *folder, arv_error *err)
{
    /* The folder itself may be given by a link; in it no link is followed. */
    int fd = arv__fs_openat(AT_FDCWD, folder, STAGING_FOLDER_FLAGS, 0);
    if (fd < 0)
        return arv_error_system(err, -fd, "The folder %s cannot be opened", staging->shown);
    staging->place_fd = fd;
    int again = arv__fs_openat(fd, ".", STAGING_FOLDER_FLAGS | O_NOFOLLOW, 0);
    int empty = again < 0 ? again : staging_is_empty(again);
    if (empty < 0)
        return arv_error_system(err, -empty, "The folder %s cannot be read", staging->shown);
    if (empty == 0)
        return arv_error_set(err, ARV_EEXISTS,
                             "The folder %s is not empty; choose a new one, since nothing is ever "
                             "overwritten.",
                             staging->shown);
    return ARV_OK;
}

static int staging_open_above(arv__staging *staging, const char *folder, arv_error *err)
{
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/')
        length--;
    staging->path = arv_strndup(folder, length);
    if (!staging->path)
        return arv_error_nomem(err, "the name of a folder");
    char *slash = strrchr(staging->path, '/');
    const char *above = !slash ? "." : slash == staging->path ? "/" : staging->path;
    if (slash)
        *slash = '\0';
    staging->leaf = slash ? slash + 1 : staging->path;
    int fd = *staging->leaf ? arv__fs_openat(AT_FDCWD, above, O_PATH | O_DIRECTORY | O_CLOEXEC, 0) : -ENOENT;
    if (fd < 0)
        return arv_error_system(err, -fd, "The folder %s cannot be made", staging->shown);
    staging->place_fd = fd;
    return ARV_OK;
}

/* The name of a folder beside the target begins with the target's name, as far as there is room. */
static void staging_prefix(const arv__staging *staging, char prefix[ARV__STAGING_NAME_BYTES])
{
    const char *leaf = staging->leaf ? staging->leaf : "archivist";
    size_t length = strlen(leaf);
    if (length > STAGING_LEAF_BYTES)
        length = STAGING_LEAF_BYTES;
    while (leaf[length] && length > 0 && ((unsigned char)leaf[length] & 0xC0) == 0x80)
        length--; /* not in the middle of a character */
    snprintf(prefix, ARV__STAGING_NAME_BYTES, ".%.*s%c", (int)length, leaf, staging->leaf ? '.' : '-');
}

/* Makes a folder and locks it. Returns its descriptor, or -errno. */
static int staging_make_locked(const arv__staging *staging)
{
    int result = arv__fs->mkdirat(staging->place_fd, staging->name, 0777);
    if (result < 0)
        return result;
    int fd = result = arv__fs_openat(staging->place_fd, staging->name, STAGING_FOLDER_FLAGS | O_NOFOLLOW, 0);
    if (fd >= 0)
        result = arv__leftover_claim(fd, staging->place_fd, staging->name);
    if (result >= 0)
        return fd;
    arv__fs->unlinkat(staging->place_fd, staging->name, AT_REMOVEDIR);
    arv__fs_close(fd < 0 ? -1 : fd);
    return result == -ENOENT ? -ESTALE : result; /* another process swept it before it was locked */
}

static int staging_make(arv__staging *staging, arv_error *err)
{
    char prefix[ARV__STAGING_NAME_BYTES];
    const arv__leftover folders = {prefix, STAGING_SUFFIX, STAGING_DIGITS, true, staging_empty_at};
    uint64_t number = 0;
    int result = -EEXIST;
    staging_prefix(staging, prefix);
    if (staging->leaf)
        arv__leftover_remove(staging->place_fd, &folders);
    for (int i = 0; i < STAGING_TRIES && (result == -EEXIST || result == -ESTALE); i++) {
        result = arv__fs_random(&number);
        if (result < 0)
            break;
        snprintf(staging->name, sizeof staging->name, "%.*s%0*" PRIx64 STAGING_SUFFIX, STAGING_LEAF_BYTES + 2,
                 prefix, STAGING_DIGITS, number);
        result = staging_make_locked(staging);
    }
    if (result < 0)
        return arv_error_system(err, -result,
                                staging->leaf ? "The folder %s cannot be made"
                                              : "Nothing can be written to the folder %s",
                                staging->shown);
    staging->fd = result;
    return ARV_OK;
}

int arv__staging_open(arv__staging *staging, const char *folder, arv_error *err)
{
    char shown[ARV__QUOTE_BYTES];
    struct stat st;
    arv__quote(shown, sizeof shown, folder, strlen(folder));
    staging->shown = arv_strdup(shown);
    staging->given = arv_strdup(folder);
    if (!staging->shown || !staging->given)
        return arv_error_nomem(err, "the name of a folder");
    int result = arv__fs->fstatat(AT_FDCWD, folder, &st, AT_SYMLINK_NOFOLLOW), status;
    if (result == 0)
        status = staging_open_place(staging, folder, err);
    else if (result == -ENOENT)
        status = staging_open_above(staging, folder, err);
    else
        status = arv_error_system(err, -result, "The folder %s cannot be made", shown);
    return status == 0 ? staging_make(staging, err) : status;
}

/* ---- settling -------------------------------------------------------------------------------- */

/*
 * Moves without replacing. If the file system has no such call, an empty file takes the name first and the
 * move replaces that file. A folder replaces an empty folder at most, which loses nothing.
 */
static int staging_move(int from_fd, const char *from, int to_fd, const char *to, bool folder)
{
    int result = arv__fs->renameat_noreplace(from_fd, from, to_fd, to);
    if (result != -EINVAL && result != -ENOSYS && result != -EOPNOTSUPP)
        return result;
    if (!folder) {
        int fd = arv__fs_openat(to_fd, to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd < 0)
            return fd;
        arv__fs_close(fd);
    }
    result = arv__fs->renameat(from_fd, from, to_fd, to);
    if (result < 0 && !folder)
        arv__fs->unlinkat(to_fd, to, 0);
    return result == -ENOTEMPTY || (folder && result == -ENOTDIR) ? -EEXIST : result;
}

static int staging_move_up(arv__staging *staging, const char *name, arv_error *err)
{
    char quoted[ARV__QUOTE_BYTES];
    struct stat st;
    staging_moved moved = {.name = ""};
    snprintf(moved.name, sizeof moved.name, "%s", name);
    int result = arv__fs->fstatat(staging->fd, name, &st, AT_SYMLINK_NOFOLLOW);
    if (result == 0) {
        moved.device = (uint64_t)st.st_dev;
        moved.inode = (uint64_t)st.st_ino;
        /* Noted before the move, so that _undo() finds it if the move fails half way. */
        int status = arv__spool_append(&staging->moved, &moved, sizeof moved, err);
        if (status < 0)
            return status;
        result = staging_move(staging->fd, name, staging->place_fd, name, S_ISDIR(st.st_mode));
    }
    if (result == 0)
        return ARV_OK;
    arv__quote(quoted, sizeof quoted, name, strlen(name));
    if (result == -EEXIST)
        return arv_error_set(err, ARV_EEXISTS,
                             "Somebody put %s into the folder %s while it was extracted to; nothing "
                             "is ever overwritten, and nothing was extracted. Choose another folder.",
                             quoted, staging->shown);
    return arv_error_system(err, -result, "%s cannot be moved to its place in %s", quoted, staging->shown);
}

/* Walks through the folder once and moves its entries up. Returns their number, or < 0. */
static int64_t staging_move_all(arv__staging *staging, arv_error *err)
{
    int error = 0, status = 0;
    int64_t count = 0;
    int fd = arv__fs_openat(staging->fd, ".", STAGING_FOLDER_FLAGS | O_NOFOLLOW, 0);
    DIR *dir = fd < 0 ? NULL : arv__fs->fdopendir(fd, &error);
    if (!dir && fd >= 0)
        arv__fs_close(fd);
    if (fd < 0)
        error = fd;
    struct dirent *found;
    while (dir && status == 0 && (found = arv__fs->readdir(dir, &error))) {
        if (staging_is_dot(found->d_name))
            continue;
        status = staging_move_up(staging, found->d_name, err);
        count++;
    }
    if (dir)
        arv__fs->closedir(dir);
    if (status == 0 && error < 0)
        status = arv_error_system(err, -error, "What was extracted to %s cannot be read", staging->shown);
    return status < 0 ? status : count;
}

static int staging_settle_inside(arv__staging *staging, arv_error *err)
{
    int result;
    int64_t count;
    do { /* a walk through a folder that changes may pass over an entry */
        count = staging_move_all(staging, err);
        if (count < 0)
            return (int)count;
        result = arv__fs->unlinkat(staging->place_fd, staging->name, AT_REMOVEDIR);
    } while ((result == -ENOTEMPTY || result == -EEXIST) && count > 0);
    return result == 0 ? ARV_OK
                       : arv_error_system(err, -result, "The folder %s in %s cannot be removed",
                                          staging->name, staging->shown);
}

/* Walks the path to the folder anew: somebody may have mounted another disk there meanwhile, or moved the
 * folder away. Then the result would not stand at its path. */
static int staging_find_again(const arv__staging *staging, arv_error *err)
{
    struct stat held, named;
    const char *path = staging->leaf == NULL            ? staging->given
                       : staging->leaf == staging->path ? "."
                       : *staging->path                 ? staging->path
                                                        : "/";
    int result = arv__fs->fstat(staging->place_fd, &held);
    if (result == 0)
        result = arv__fs->fstatat(AT_FDCWD, path, &named, 0);
    if (result == 0 && held.st_dev == named.st_dev && held.st_ino == named.st_ino)
        return ARV_OK;
    return arv_error_set(err, ARV_EOFFLINE,
                         "The place of %s is another one than when its extraction began: something was "
                         "mounted or unmounted there, or moved. Nothing was extracted; begin again.",
                         staging->shown);
}

int arv__staging_settle(arv__staging *staging, arv_error *err)
{
    int status = staging_find_again(staging, err);
    if (status < 0)
        return status;
    if (!staging->leaf) {
        status = staging_settle_inside(staging, err);
    } else {
        int result = staging_move(staging->place_fd, staging->name, staging->place_fd, staging->leaf, true);
        if (result == -EEXIST)
            status = arv_error_set(err, ARV_EEXISTS,
                                   "Somebody made %s while it was extracted to; nothing is ever "
                                   "overwritten, and nothing was extracted. Choose another folder.",
                                   staging->shown);
        else if (result < 0)
            status = arv_error_system(err, -result, "The folder %s cannot be given its name", staging->shown);
    }
    if (status < 0)
        return status;
    arv__fs_close(staging->fd);
    staging->fd = -1;
    return ARV_OK;
}

/* ---- taking back ----------------------------------------------------------------------------- */

/* Moves back the entries that moved up, if they are still the same. Returns 0, or the first -errno. */
static int staging_move_back(arv__staging *staging)
{
    int first = 0;
    staging_moved moved;
    for (uint64_t at = 0; at < arv__spool_length(&staging->moved); at += sizeof moved) {
        struct stat st;
        if (arv__spool_read(&staging->moved, &moved, sizeof moved, at, NULL) != (int64_t)sizeof moved)
            return -EIO;
        int result = arv__fs->fstatat(staging->place_fd, moved.name, &st, AT_SYMLINK_NOFOLLOW);
        if (result == -ENOENT)
            continue;
        if (result == 0 && ((uint64_t)st.st_dev != moved.device || (uint64_t)st.st_ino != moved.inode))
            continue;
        if (result == 0)
            result =
                staging_move(staging->place_fd, moved.name, staging->fd, moved.name, S_ISDIR(st.st_mode));
        if (result < 0 && first == 0)
            first = result;
    }
    return first;
}

int arv__staging_undo(arv__staging *staging, arv_error *err)
{
    if (staging->fd < 0)
        return ARV_OK;
    int first = staging_move_back(staging);
    int result = staging_empty(staging->fd);
    staging->fd = -1;
    if (result == 0)
        result = arv__fs->unlinkat(staging->place_fd, staging->name, AT_REMOVEDIR);
    if (result == -ENOENT)
        result = 0; /* empty and unlocked, it was another extraction's to remove */
    if (first == 0)
        first = result;
    if (first == 0)
        return ARV_OK;
    return arv_error_system(err, -first, "What was written for %s to the folder %s cannot be removed",
                            staging->shown, staging->name);
}
