/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The root of the driver "filesystem", its folders of digits and the files there: opens and flushes them,
 * and makes their errors.
 */

#include "storage/filesystem.h"

#include <errno.h>
#include <string.h>

#include <arv/sys/alloc.h>

/* ---- folders --------------------------------------------------------------------------------- */

/* Some file systems cannot flush a folder. One that is mounted read-only flushes without an error; a file
 * system answers EROFS when it has failed and lost what it had not written. */
int arv__folder_flush(int fd)
{
    int rc = arv__fs_fsync_retry(fd);
    return rc == -EINVAL || rc == -EOPNOTSUPP || rc == -ENOSYS ? 0 : rc;
}

/* The root's own name must last before anything in it does. The folder above may be closed to us; then the
 * root was there before. */
static int folder_flush_above(const arv__folder *folder, arv_error *err)
{
    const char *slash = strrchr(folder->path, '/');
    char *parent = arv_strndup(folder->path, slash == folder->path ? 1 : (size_t)(slash - folder->path));
    if (!parent)
        return arv_error_nomem(err, "the path of a storage");
    int fd = arv__fs_openat(AT_FDCWD, parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    int rc = fd == -EACCES ? 0 : fd < 0 ? fd : arv__folder_flush(fd);
    if (fd >= 0)
        arv__fs_close(fd);
    arv_free(parent);
    return rc < 0 ? arv_error_system(err, -rc, "The folder above %s cannot be flushed to the disk",
                                     folder->quoted)
                  : 0;
}

/* A link to a folder has an error of its own. */
int arv__folder_refuse(const arv__folder *folder, int at_fd, const char *path, int error, const char *what,
                       arv_error *err)
{
    struct stat st;
    if (error == ENOTDIR && arv__fs->fstatat(at_fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISLNK(st.st_mode))
        error = ELOOP;
    if (error == ELOOP || error == EXDEV)
        return arv_error_set(err, ARV_EUNSAFE,
                             "%s%s of the storage %s is a symbolic link; nothing is followed there: "
                             "put a real folder in its place.",
                             what[0] ? "The folder " : "The folder", what, folder->quoted);
    if (error == ENOTDIR)
        return arv_error_set(err, ARV_EUNSAFE,
                             "%s%s of the storage %s is not a folder; put a folder in its place.",
                             what[0] ? "The folder " : "The folder", what, folder->quoted);
    return arv_error_system(err, error, "The folder%s%s of the storage %s cannot be opened",
                            what[0] ? " " : "", what, folder->quoted);
}

int arv__folder_open_root(const arv__folder *folder, arv_error *err)
{
    int fd = arv__fs_openat(AT_FDCWD, folder->path, ARV__FOLDER_FLAGS, 0);
    int rc = 0;
    if (fd == -ENOENT && folder->create && !folder->marked) {
        rc = arv__fs->mkdirat(AT_FDCWD, folder->path, 0700);
        if (rc < 0 && rc != -EEXIST)
            return arv_error_system(err, -rc,
                                    rc == -ENOENT ? "The folder %s of the storage cannot be made, as the "
                                                    "one around it does not exist; make that one, or "
                                                    "mount what holds it"
                                                  : "The folder %s of the storage cannot be made; see "
                                                    "who may write to the folder around it",
                                    folder->quoted);
        fd = arv__fs_openat(AT_FDCWD, folder->path, ARV__FOLDER_FLAGS, 0);
    }
    if (fd >= 0 && (rc = arv__mark_expect(folder, fd, err)) < 0) {
        arv__fs_close(fd);
        return rc;
    }
    if (fd >= 0)
        return fd;
    if (fd == -ENOENT) {
        rc = arv_error_set(err, ARV_EOFFLINE,
                           "The folder %s of the storage does not exist; make it, or mount what holds it.",
                           folder->quoted);
        if (err) {
            err->domain = ARV_DOMAIN_SYSTEM;
            err->detail = ENOENT;
        }
        return rc;
    }
    return arv__folder_refuse(folder, AT_FDCWD, folder->path, -fd, "", err);
}

int arv__folder_flush_names(const arv__folder *folder, int root_fd, arv_error *err)
{
    int rc = arv__folder_flush(root_fd);
    if (rc < 0)
        return arv_error_system(err, -rc, "The storage %s cannot be flushed to the disk", folder->quoted);
    return folder->create ? folder_flush_above(folder, err) : 0;
}

int arv__folder_open_shard(const arv__folder *folder, const char *key, arv__folder_purpose purpose,
                           arv_error *err)
{
    char shard[3] = {key[0], key[1], '\0'};
    bool make = purpose == ARV__FOR_WRITING;
    int root_fd = arv__folder_open_root(folder, err), fd, rc;
    if (root_fd < 0)
        return root_fd;
    if (purpose != ARV__FOR_READING && (rc = arv__mark_allow_change(folder, root_fd, false, err)) < 0) {
        fd = rc;
        goto out;
    }
    fd = arv__fs_open_beneath(root_fd, shard, ARV__FOLDER_FLAGS, 0);
    if (fd == -ENOENT && make) {
        rc = arv__fs->mkdirat(root_fd, shard, 0700);
        if (rc < 0 && rc != -EEXIST) {
            fd = arv_error_system(err, -rc, "The folder %s cannot be made in the storage %s", shard,
                                  folder->quoted);
            goto out;
        }
        fd = arv__fs_open_beneath(root_fd, shard, ARV__FOLDER_FLAGS, 0);
    }
    if (fd == -ENOENT) {
        fd = arv_error_set(err, ARV_ENOTFOUND, "There is no object '%s' in the storage %s.", key,
                           folder->quoted);
    } else if (fd < 0) {
        fd = arv__folder_refuse(folder, root_fd, shard, -fd, shard, err);
    } else if (make && (rc = arv__folder_flush_names(folder, root_fd, err)) < 0) {
        /* The folder's name must last before the object's does. Another process may have made the folder
         * and not flushed it yet. */
        arv__fs_close(fd);
        fd = rc;
    }
out:
    arv__fs_close(root_fd);
    return fd;
}

/* ---- objects --------------------------------------------------------------------------------- */

int arv__folder_no_object(const arv__folder *folder, const char *key, int error, arv_error *err)
{
    if (error == ENOENT)
        return arv_error_set(err, ARV_ENOTFOUND, "There is no object '%s' in the storage %s.", key,
                             folder->quoted);
    if (error == ELOOP || error == EXDEV || error == ENXIO)
        return arv_error_set(err, ARV_EUNSAFE,
                             "The object '%s' in the storage %s is not a regular file, but a link or "
                             "a device; it is neither followed nor removed: look who put it there.",
                             key, folder->quoted);
    return arv_error_system(err, error, "The object '%s' in the storage %s cannot be opened", key,
                            folder->quoted);
}

int arv__folder_fill_object(const arv__folder *folder, const char *key, const struct stat *st,
                            arv_object *object, arv_error *err)
{
    if (!S_ISREG(st->st_mode))
        return arv__folder_no_object(folder, key, ELOOP, err);
    if (object) {
        object->size_bytes = (uint64_t)st->st_size;
        object->stored_at_unix = (int64_t)st->st_mtim.tv_sec;
    }
    return 0;
}

int arv__folder_examine(const arv__folder *folder, int shard_fd, const char *key, arv_object *object,
                        arv_error *err)
{
    struct stat st;
    int rc = arv__fs->fstatat(shard_fd, key + 3, &st, AT_SYMLINK_NOFOLLOW);
    if (rc < 0)
        return arv__folder_no_object(folder, key, -rc, err);
    return arv__folder_fill_object(folder, key, &st, object, err);
}
