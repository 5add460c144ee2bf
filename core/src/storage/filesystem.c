/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The driver "filesystem": a folder, in it one folder per last two digits of the UUIDs, in those
 * the objects, with nothing else in names or content. An archive is found with `ls` and checked
 * with `sha256sum` should this software not exist any more.
 *
 * The root is opened by its path once per call (filesystem_folder.c), and may not be a symbolic link
 * itself; whatever lies below is opened through it and follows no link at all, since the folder may
 * be shared with somebody who is not to be trusted. New files get their names only when they are
 * complete (loop/newfile.h). The driver flushes the folders above an object before the object counts.
 * A mark in the root names the owner of the storage (filesystem_mark.c).
 *
 * Folders of digits are never removed: another process may be about to name a file in one.
 */

#include "storage/filesystem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <arv/sys/alloc.h>

/* ---- URL and options ------------------------------------------------------------------------- */

/* "..", "." and a path without a name would lead where the URL does not say. */
static int folder_check_path(const arv__folder *folder, arv_error *err)
{
    bool named = false;
    for (const char *at = folder->path; *at;) {
        at += strspn(at, "/");
        size_t length = strcspn(at, "/");
        if ((length == 1 && at[0] == '.') || (length == 2 && at[0] == '.' && at[1] == '.'))
            return arv_error_set(err, ARV_EINVALID,
                                 "The path %s of the storage's URL has a component '.' or '..'; "
                                 "write the path without it.",
                                 folder->quoted);
        named = named || length > 0;
        at += length;
    }
    if (!named)
        return arv_error_set(err, ARV_EINVALID,
                             "The URL of the storage names no folder; it looks like "
                             "\"file:///srv/archive\".");
    return 0;
}

static int folder_parse(arv__folder *folder, const char *url, arv_error *err)
{
    char path[4096];
    const char *host = strstr(url, "://") + 3;
    size_t host_length = strcspn(host, "/");
    if (host_length && !(host_length == 9 && strncasecmp(host, "localhost", 9) == 0))
        return arv_error_set(err, ARV_EINVALID,
                             "The URL of the storage names another host; a folder of this machine "
                             "has three slashes, such as \"file:///srv/archive\".");
    int rc = arv__url_decode(host + host_length, strlen(host + host_length), path, sizeof path, err);
    if (rc < 0)
        return rc;
    folder->path = arv_strdup(path);
    if (!folder->path)
        return arv_error_nomem(err, "the path of a storage");
    arv__quote(folder->quoted, sizeof folder->quoted, path, strlen(path));
    return folder_check_path(folder, err);
}

enum { OPTION_CREATE, OPTION_OWNER, OPTION_MARKED, OPTION_EXPECT, OPTION_ADOPT };

static const arv_option_info folder_options[] = {
    [OPTION_CREATE] = {.name = "create",
                       .kind = ARV_OPTION_FLAG,
                       .fallback = "0",
                       .help = "1 makes the root folder when it is missing."},
    [OPTION_OWNER] = {.name = "owner",
                      .most = ARV__OWNER_BYTES - 1,
                      .least = 1,
                      .help = "Whose archives these are, such as a site's address; nothing is written or "
                              "removed where the storage's mark names another owner."},
    [OPTION_MARKED] = {.name = "marked",
                       .kind = ARV_OPTION_FLAG,
                       .fallback = "0",
                       .help = "1: without its mark the storage counts as offline."},
    [OPTION_EXPECT] = {.name = "expect",
                       .kind = ARV_OPTION_UUID,
                       .help = "The id of the mark that must be there, as a check of the storage shows it."},
    [OPTION_ADOPT] = {.name = "adopt",
                      .kind = ARV_OPTION_FLAG,
                      .fallback = "0",
                      .help = "1 makes the storage that of the owner, whoever had it."},
    {.name = NULL},
};

static int folder_open(void *instance, arv_engine *engine, const char *url, const arv_option_value *values,
                       void *user_data, arv_error *err)
{
    arv__folder *folder = instance;
    const char *owner = values[OPTION_OWNER].text, *expect = values[OPTION_EXPECT].text;
    (void)engine;
    (void)user_data;
    folder->create = values[OPTION_CREATE].number;
    folder->marked = values[OPTION_MARKED].number || expect;
    folder->adopt = values[OPTION_ADOPT].number;
    snprintf(folder->owner, sizeof folder->owner, "%s", owner ? owner : "");
    snprintf(folder->expect, sizeof folder->expect, "%s", expect ? expect : "");
    if (folder->adopt && !owner)
        return arv_error_set(err, ARV_EINVALID,
                             "The option 'adopt' of the storage driver 'filesystem' needs the option "
                             "'owner', which tells whose the storage becomes.");
    return folder_parse(folder, url, err);
}

static void folder_close(void *instance)
{
    arv__folder *folder = instance;
    arv_free(folder->path);
}

static int folder_connect(void *instance, arv_storage_call *call, arv_error *err)
{
    arv__folder *folder = instance;
    struct stat st;
    char owner[48] = "", mark[180];
    int rc, fd = arv__folder_open_root(folder, err);
    if (fd < 0)
        return fd;
    rc = arv__fs->fstat(fd, &st);
    if (rc < 0) {
        rc = arv_error_system(err, -rc, "The folder %s of the storage cannot be examined", folder->quoted);
        goto out;
    }
    const char *way = arv__newfile_probe(fd, folder->path, err);
    if (!way) {
        rc = err && err->code < 0 ? err->code : ARV_EUNSUPPORTED;
        goto out;
    }
    if (st.st_uid != geteuid())
        snprintf(owner, sizeof owner, "; it belongs to user %lu", (unsigned long)st.st_uid);
    arv__mark_describe(folder, fd, mark, sizeof mark);
    if (call->detail)
        snprintf(call->detail, ARV_CHECK_DETAIL_BYTES,
                 "files get their names by %s; the folder's mode is %04o%s%s%s", way,
                 (unsigned)st.st_mode & 07777, owner,
                 st.st_mode & 0002 ? "; WARNING: everybody may write to it" : "", mark);
out:
    arv__fs_close(fd);
    return rc < 0 ? rc : 0;
}

/* ---- put ------------------------------------------------------------------------------------- */

typedef struct folder_writer {
    int shard_fd;
    arv__newfile *file;
    char *shown;
} folder_writer;

static void folder_writer_free(folder_writer *writer)
{
    arv__newfile_free(writer->file);
    arv__fs_close(writer->shard_fd);
    arv_free(writer->shown);
    arv_free(writer);
}

static int folder_put_open(void *instance, arv_storage_call *call, arv_error *err)
{
    const arv__folder *folder = instance;
    size_t length = strlen(folder->path) + ARV_KEY_BYTES + 1;
    folder_writer *writer = arv_calloc(1, sizeof *writer);
    char *shown = arv_malloc(length);
    int rc;
    if (!writer || !shown) {
        arv_free(writer);
        arv_free(shown);
        return arv_error_nomem(err, "the writer of a storage");
    }
    snprintf(shown, length, "%s/%s", folder->path, call->key);
    writer->shown = shown;
    rc = writer->shard_fd = arv__folder_open_shard(folder, call->key, ARV__FOR_WRITING, err);
    if (rc >= 0) {
        arv__newfile_options options = {
            .dir_fd = writer->shard_fd,
            .name = call->key + 3,
            .shown = shown,
            .mode = 0600,
            .size_hint_bytes = call->size_hint_bytes,
        };
        rc = arv__newfile_open(&writer->file, &options, err);
    } else {
        writer->shard_fd = -1;
    }
    if (rc < 0)
        folder_writer_free(writer);
    else
        call->handle = writer;
    return rc < 0 ? rc : 0;
}

static int folder_put_write(void *instance, arv_storage_call *call, arv_error *err)
{
    folder_writer *writer = call->handle;
    (void)instance;
    return arv__newfile_write(writer->file, call->data, call->length, err);
}

static int folder_put_seal(void *instance, arv_storage_call *call, arv_error *err)
{
    folder_writer *writer = call->handle;
    (void)instance;
    return arv__newfile_seal(writer->file, err);
}

static int folder_put_read(void *instance, arv_storage_call *call, arv_error *err)
{
    folder_writer *writer = call->handle;
    (void)instance;
    int64_t n = arv__newfile_read(writer->file, call->into, call->length, call->offset, err);
    if (n < 0)
        return (int)n;
    call->done = (size_t)n;
    return 0;
}

/* Returns ARV_EOFFLINE when the path leads to another root than the one that was opened. Somebody mounted a
 * disk there while the object was written; the object would have no address. */
static int folder_find_again(const arv__folder *folder, int shard_fd, arv_error *err)
{
    struct stat held, named;
    int rc = arv__fs->fstatat(shard_fd, "..", &held, 0);
    if (rc == 0)
        rc = arv__fs->fstatat(AT_FDCWD, folder->path, &named, AT_SYMLINK_NOFOLLOW);
    if (rc == 0 && held.st_dev == named.st_dev && held.st_ino == named.st_ino)
        return 0;
    if (rc < 0 && rc != -ENOENT && rc != -ENOTDIR)
        return arv_error_system(err, -rc, "The folder %s of the storage cannot be examined", folder->quoted);
    return arv_error_set(err, ARV_EOFFLINE,
                         "The folder %s of the storage is another one than when writing began: "
                         "something was mounted there or unmounted, or it was replaced. Nothing was "
                         "stored.",
                         folder->quoted);
}

/* The mark is written just before the object gets its name, so that a put that fails or is cancelled leaves
 * no mark. A check leaves none either, unless it adopts. The folder above the object's is the root that was
 * opened, whatever is mounted there by now. */
static int folder_put_mark(const arv__folder *folder, const char *key, int shard_fd, arv_error *err)
{
    const char *dot = strchr(key, '.');
    if (!folder->adopt && dot && strcmp(dot, ".check") == 0)
        return 0;
    int root_fd = arv__fs_openat(shard_fd, "..", ARV__FOLDER_FLAGS, 0);
    if (root_fd < 0)
        return arv__folder_refuse(folder, shard_fd, "..", -root_fd, "", err);
    int rc = arv__mark_allow_change(folder, root_fd, true, err);
    arv__fs_close(root_fd);
    return rc;
}

static int folder_put_commit(void *instance, arv_storage_call *call, arv_error *err)
{
    folder_writer *writer = call->handle;
    int rc = folder_find_again(instance, writer->shard_fd, err);
    if (rc == 0)
        rc = folder_put_mark(instance, call->key, writer->shard_fd, err);
    if (rc == 0 && (rc = arv__newfile_commit(writer->file, err)) == 0)
        rc = arv__newfile_find(writer->file, writer->shown, err);
    folder_writer_free(writer);
    call->handle = NULL;
    return rc;
}

static int folder_put_abort(void *instance, arv_storage_call *call, arv_error *err)
{
    folder_writer *writer = call->handle;
    (void)instance;
    (void)err;
    arv__newfile_abort(writer->file);
    folder_writer_free(writer);
    call->handle = NULL;
    return 0;
}

/* ---- get ------------------------------------------------------------------------------------- */

typedef struct folder_reader {
    int fd;
} folder_reader;

/* A killed process may have left the object in the page cache only. */
static int folder_make_sure(const arv__folder *folder, int shard_fd, int fd, const char *key, arv_error *err)
{
    int rc = arv__folder_flush(fd);
    if (rc == 0)
        rc = arv__folder_flush(shard_fd);
    if (rc < 0)
        return arv_error_system(err, -rc,
                                "The object '%s' in the storage %s cannot be flushed to "
                                "the disk",
                                key, folder->quoted);
    int root_fd = arv__folder_open_root(folder, err);
    if (root_fd < 0)
        return root_fd;
    rc = arv__folder_flush_names(folder, root_fd, err);
    arv__fs_close(root_fd);
    arv__fs->fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    return rc;
}

static int folder_get_open(void *instance, arv_storage_call *call, arv_error *err)
{
    const arv__folder *folder = instance;
    struct stat st;
    int rc, shard_fd = arv__folder_open_shard(folder, call->key, ARV__FOR_READING, err);
    if (shard_fd < 0)
        return shard_fd;
    int fd = arv__fs_open_beneath(shard_fd, call->key + 3,
                                  O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
    if (fd < 0) {
        arv__fs_close(shard_fd);
        return arv__folder_no_object(folder, call->key, -fd, err);
    }
    rc = arv__fs->fstat(fd, &st);
    rc = rc < 0 ? arv__folder_no_object(folder, call->key, -rc, err)
                : arv__folder_fill_object(folder, call->key, &st, call->object, err);
    if (rc == 0 && call->proves)
        rc = folder_make_sure(folder, shard_fd, fd, call->key, err);
    arv__fs_close(shard_fd);
    folder_reader *reader = rc == 0 ? arv_malloc(sizeof *reader) : NULL;
    if (!reader) {
        arv__fs_close(fd);
        return rc < 0 ? rc : arv_error_nomem(err, "the reader of a storage");
    }
    arv__fs->fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    reader->fd = fd;
    call->handle = reader;
    return 0;
}

static int folder_get_read(void *instance, arv_storage_call *call, arv_error *err)
{
    const arv__folder *folder = instance;
    folder_reader *reader = call->handle;
    ssize_t n = arv__fs_pread_full(reader->fd, call->into, call->length, call->offset);
    if (n < 0)
        return arv_error_system(err, (int)-n, "The object '%s' in the storage %s cannot be read", call->key,
                                folder->quoted);
    call->done = (size_t)n;
    return 0;
}

static int folder_get_close(void *instance, arv_storage_call *call, arv_error *err)
{
    folder_reader *reader = call->handle;
    (void)instance;
    (void)err;
    arv__fs_close(reader->fd);
    arv_free(reader);
    call->handle = NULL;
    return 0;
}

/* ---- stat, remove, tidy, space --------------------------------------------------------------------- */

static int folder_stat(void *instance, arv_storage_call *call, arv_error *err)
{
    const arv__folder *folder = instance;
    int shard_fd = arv__folder_open_shard(folder, call->key, ARV__FOR_READING, err);
    if (shard_fd < 0)
        return shard_fd;
    int rc = arv__folder_examine(folder, shard_fd, call->key, call->object, err);
    arv__fs_close(shard_fd);
    return rc;
}

static int folder_unlink(const arv__folder *folder, int shard_fd, const char *key, arv_error *err)
{
    int rc = arv__folder_examine(folder, shard_fd, key, NULL, err);
    if (rc < 0)
        return rc;
    rc = arv__fs->unlinkat(shard_fd, key + 3, 0);
    if (rc == -ENOENT)
        return arv__folder_no_object(folder, key, ENOENT, err);
    return rc < 0 ? arv_error_system(err, -rc, "The object '%s' in the storage %s cannot be removed", key,
                                     folder->quoted)
                  : 0;
}

/* When the object is missing, a process may have removed it and been killed before it flushed the folder. */
static int folder_remove(void *instance, arv_storage_call *call, arv_error *err)
{
    const arv__folder *folder = instance;
    int shard_fd = arv__folder_open_shard(folder, call->key, ARV__FOR_REMOVING, err);
    if (shard_fd < 0)
        return shard_fd;
    int rc = folder_unlink(folder, shard_fd, call->key, err);
    int flushed = rc == 0 || rc == ARV_ENOTFOUND ? arv__folder_flush(shard_fd) : 0;
    if (flushed < 0)
        rc = arv_error_system(err, -flushed,
                              "The object '%s' was removed, but the storage %s cannot "
                              "be flushed to the disk",
                              call->key, folder->quoted);
    arv__fs_close(shard_fd);
    return rc;
}

/* Temporary names do not show the key, so all leftovers in its folder of digits go, and those of the mark. */
static int folder_tidy(void *instance, arv_storage_call *call, arv_error *err)
{
    const arv__folder *folder = instance;
    int root_fd = arv__folder_open_root(folder, err);
    if (root_fd < 0)
        return root_fd;
    arv__newfile_tidy(root_fd);
    arv__fs_close(root_fd);
    int shard_fd = arv__folder_open_shard(folder, call->key, ARV__FOR_READING, err);
    if (shard_fd < 0)
        return shard_fd == ARV_ENOTFOUND ? 0 : shard_fd;
    arv__newfile_tidy(shard_fd);
    arv__fs_close(shard_fd);
    return 0;
}

static int folder_space(void *instance, arv_storage_call *call, arv_error *err)
{
    const arv__folder *folder = instance;
    struct statvfs fs;
    int fd = arv__folder_open_root(folder, err);
    if (fd < 0)
        return fd;
    int rc = arv__fs_fstatvfs(fd, &fs);
    arv__fs_close(fd);
    if (rc < 0)
        return arv_error_system(err, -rc, "The space of the storage %s cannot be read", folder->quoted);
    call->space->known = true;
    call->space->free_bytes = arv__fs_free_bytes(&fs);
    call->space->total_bytes = (uint64_t)fs.f_blocks * fs.f_frsize;
    return 0;
}

/* ---- the table ------------------------------------------------------------------------------- */

static const char *const folder_schemes[] = {"file", NULL};

const arv_storage_ops arv__storage_filesystem = {
    .version = ARV_STORAGE_VERSION,
    .name = "filesystem",
    .schemes = folder_schemes,
    .capabilities = ARV_STORAGE_BLOCKING | ARV_STORAGE_STREAM | ARV_STORAGE_SPACE | ARV_STORAGE_LIST |
                    ARV_STORAGE_EXCLUSIVE,
    .instance_size = sizeof(arv__folder),
    .options = folder_options,
    .open = folder_open,
    .close = folder_close,
    .connect = folder_connect,
    .put_open = folder_put_open,
    .put_write = folder_put_write,
    .put_seal = folder_put_seal,
    .put_read = folder_put_read,
    .put_commit = folder_put_commit,
    .put_abort = folder_put_abort,
    .get_open = folder_get_open,
    .get_read = folder_get_read,
    .get_close = folder_get_close,
    .stat = folder_stat,
    .remove = folder_remove,
    .tidy = folder_tidy,
    .list = arv__folder_list,
    .space = folder_space,
};
