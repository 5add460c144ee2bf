/* SPDX-License-Identifier: Apache-2.0 */
#include "job/jobfolder.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "job/journal.h"
#include "job/journalhead.h"
#include "loop/newfile.h"
#include "util/names.h"

enum {
    FOLDER_FLAGS = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW,
    FOLDER_LOCK_TRIES = 8,
    FOLDER_LOCK_BYTES = 64
};

/* In the order of their removal. The journal goes after them: without it the folder is no job. */
static const char *const folder_files[] = {"container", "beside", "log", "document", "cancel"};

void arv__jobfolder_init(arv__jobfolder *folder)
{
    *folder = (arv__jobfolder){.fd = -1, .lock_fd = -1};
}

void arv__jobfolder_close(arv__jobfolder *folder)
{
    arv__fs_close(folder->lock_fd);
    arv__fs_close(folder->fd);
    folder->fd = folder->lock_fd = -1;
}

bool arv__jobfolder_path(const arv__jobfolder *folder, const char *name, char *into, size_t room)
{
    int length = snprintf(into, room, "%s/%s/%s", folder->staging->path, folder->uuid, name);
    return length > 0 && (size_t)length < room;
}

/* ---- lock ----------------------------------------------------------------------------------- */

static int folder_is_run(const arv__jobfolder *folder, int fd, arv_error *err)
{
    char text[FOLDER_LOCK_BYTES] = "";
    ssize_t length = arv__fs_pread_full(fd, text, sizeof text - 1, 0);
    long pid = length > 0 ? strtol(text, NULL, 10) : 0;
    if (pid > 0)
        return arv_error_set(err, ARV_ESTATE,
                             "Another process, with the number %ld if it is on this machine, works "
                             "on the job %s; wait for it, or cancel the job.",
                             pid, folder->uuid);
    return arv_error_set(err, ARV_ESTATE,
                         "Another process works on the job %s; wait for it, or cancel the job.",
                         folder->uuid);
}

/* A lock on a file that was removed meanwhile is worth nothing. Returns 0, or 1 to try again, or an error. */
static int folder_lock_once(arv__jobfolder *folder, arv_error *err)
{
    struct stat mine, named;
    int fd = arv__fs_openat(folder->fd, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd == -ENOENT)
        return arv_error_set(err, ARV_ENOTFOUND, "There is no job %s in this staging folder.", folder->uuid);
    if (fd < 0)
        return arv_error_system(err, -fd, "The lock of the job %s cannot be opened", folder->uuid);
    int result = arv__fs->lock(fd, false);
    if (result == -EAGAIN) {
        int rc = folder_is_run(folder, fd, err);
        arv__fs_close(fd);
        return rc;
    }
    if (result == 0)
        result = arv__fs->fstat(fd, &mine);
    if (result == 0)
        result = arv__fs->fstatat(folder->fd, "lock", &named, AT_SYMLINK_NOFOLLOW);
    if (result == 0 && mine.st_dev == named.st_dev && mine.st_ino == named.st_ino) {
        folder->lock_fd = fd;
        arv__jobfolder_set_aside(folder, 0);
        return 0;
    }
    arv__fs_close(fd);
    if (result == 0 || result == -ENOENT)
        return 1;
    return arv_error_system(err, -result, "The job %s cannot be locked", folder->uuid);
}

static int folder_lock(arv__jobfolder *folder, arv_error *err)
{
    for (int i = 0; i < FOLDER_LOCK_TRIES; i++) {
        int rc = folder_lock_once(folder, err);
        if (rc <= 0)
            return rc;
    }
    return arv_error_set(err, ARV_ESTATE, "Others make and remove the job %s all the time; try again.",
                         folder->uuid);
}

int arv__jobfolder_is_locked(const arv__jobfolder *folder, bool *locked, arv_error *err)
{
    int fd = arv__fs_openat(folder->fd, "lock", O_RDWR | O_NOFOLLOW | O_CLOEXEC, 0);
    int result = fd < 0 ? fd : arv__fs->lock(fd, true);
    if (fd >= 0)
        arv__fs_close(fd);
    *locked = result == -EAGAIN;
    if (result == 0 || result == -EAGAIN || result == -ENOENT)
        return 0;
    return arv_error_system(err, -result, "Whether somebody runs the job %s cannot be told", folder->uuid);
}

void arv__jobfolder_set_aside(arv__jobfolder *folder, uint64_t bytes)
{
    char text[FOLDER_LOCK_BYTES];
    int length = snprintf(text, sizeof text, "%ld %" PRIu64 "\n", (long)getpid(), bytes);
    /* Best effort: readers take what is there, and no job depends on it. */
    if (arv__fs_pwrite_full(folder->lock_fd, text, (size_t)length, 0) == 0)
        arv__fs_ftruncate(folder->lock_fd, (uint64_t)length);
}

/* ---- open ----------------------------------------------------------------------------------- */

static int folder_check_uuid(const char *uuid, arv_error *err)
{
    char key[ARV_KEY_BYTES];
    return arv_key_from_uuid(uuid, "", key, err);
}

static int folder_open_once(arv__jobfolder *folder, arv__jobfolder_mode mode, arv_error *err)
{
    int rc = 0;
    int fd = arv__fs_openat(folder->staging->fd, folder->uuid, FOLDER_FLAGS, 0);
    if (fd == -ENOENT)
        return arv_error_set(err, ARV_ENOTFOUND, "There is no job %s in this staging folder.", folder->uuid);
    if (fd < 0)
        return arv_error_system(err, -fd, "The folder of the job %s cannot be opened", folder->uuid);
    folder->fd = fd;
    if (mode != ARV__JOBFOLDER_LOOK && (rc = folder_lock(folder, err)) < 0)
        arv__jobfolder_close(folder);
    return rc;
}

int arv__jobfolder_open(arv__jobfolder *folder, arv_staging *staging, const char *uuid,
                        arv__jobfolder_mode mode, arv_error *err)
{
    char journal[ARV__JOBFOLDER_SHOWN_BYTES];
    arv__jobfolder_init(folder);
    int rc = folder_check_uuid(uuid, err);
    if (rc < 0)
        return rc;
    folder->staging = staging;
    memcpy(folder->uuid, uuid, ARV_UUID_BYTES);
    snprintf(journal, sizeof journal, "%s/%s/journal", staging->path, uuid);
    arv__quote(folder->shown, sizeof folder->shown, journal, strlen(journal));
    /* Another process that sweeps may remove the new folder before it is locked: then it is made again. */
    rc = ARV_ENOTFOUND;
    for (int i = 0; i < FOLDER_LOCK_TRIES && rc == ARV_ENOTFOUND; i++) {
        if (mode == ARV__JOBFOLDER_MAKE) {
            int made = arv__fs->mkdirat(staging->fd, uuid, 0700);
            if (made < 0 && made != -EEXIST)
                return arv_error_system(err, -made, "A folder for the job %s cannot be made", uuid);
        }
        rc = folder_open_once(folder, mode, err);
        if (mode != ARV__JOBFOLDER_MAKE)
            break;
    }
    if (rc < 0)
        arv_error_about(err, uuid);
    return rc;
}

/* ---- content -------------------------------------------------------------------------------- */

int arv__jobfolder_look(const arv__jobfolder *folder, const char *name, bool *there, arv_error *err)
{
    struct stat st;
    int result = arv__fs->fstatat(folder->fd, name, &st, AT_SYMLINK_NOFOLLOW);
    *there = result == 0;
    if (result == 0 || result == -ENOENT)
        return 0;
    return arv_error_system(err, -result, "Whether the job %s has a file '%s' cannot be told", folder->uuid,
                            name);
}

int arv__jobfolder_write(arv__jobfolder *folder, const char *name, const void *data, size_t length,
                         arv_error *err)
{
    arv__newfile_options options = {.dir_fd = folder->fd,
                                    .name = name,
                                    .size_hint_bytes = 1,
                                    .no_direct = true};
    arv__newfile *file = NULL;
    int rc = arv__newfile_open(&file, &options, err);
    if (rc == 0 && (rc = arv__newfile_write(file, data, length, err)) == 0 &&
        (rc = arv__newfile_seal(file, err)) == 0)
        rc = arv__newfile_commit(file, err);
    arv__newfile_free(file);
    return rc;
}

int arv__jobfolder_unlink(arv__jobfolder *folder, const char *name, arv_error *err)
{
    int result = arv__fs->unlinkat(folder->fd, name, 0);
    if (result == -EISDIR) /* somebody made an empty folder of it */
        result = arv__fs->unlinkat(folder->fd, name, AT_REMOVEDIR);
    if (result == 0 || result == -ENOENT)
        return 0;
    return arv_error_system(err, -result, "The file '%s' of the job %s cannot be removed", name,
                            folder->uuid);
}

int arv__jobfolder_flush(arv__jobfolder *folder, arv_error *err)
{
    int result = arv__fs_fsync_retry(folder->fd);
    if (result == 0)
        result = arv__fs_fsync_retry(folder->staging->fd); /* its own name */
    if (result < 0)
        return arv_error_system(err, -result, "The folder of the job %s cannot be flushed", folder->uuid);
    return 0;
}

int arv__jobfolder_ask_cancel(arv__jobfolder *folder, arv_error *err)
{
    int fd = arv__fs_openat(folder->fd, "cancel", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd >= 0)
        arv__fs_close(fd);
    if (fd < 0 && fd != -EEXIST)
        return arv_error_system(err, -fd, "The job %s cannot be cancelled", folder->uuid);
    return arv__jobfolder_flush(folder, err);
}

static bool folder_is_part(const char *name)
{
    static const char prefix[] = ".archivist-";
    return strncmp(name, prefix, sizeof prefix - 1) == 0;
}

/* Calls back for each name in a folder; `what` names the folder in an error. */
static int folder_each(int dir_fd, const char *what, arv__jobfolders_cb callback, void *user_data,
                       arv_error *err)
{
    int error = 0, rc = 0;
    struct dirent *found;
    int fd = arv__fs_openat(dir_fd, ".", FOLDER_FLAGS, 0);
    DIR *dir = fd < 0 ? NULL : arv__fs->fdopendir(fd, &error);
    if (!dir) {
        if (fd >= 0)
            arv__fs_close(fd);
        return arv_error_system(err, fd < 0 ? -fd : -error, "%s cannot be read", what);
    }
    while (rc == 0 && (found = arv__fs->readdir(dir, &error)))
        rc = callback(user_data, found->d_name, err);
    if (rc == 0 && error < 0)
        rc = arv_error_system(err, -error, "%s cannot be read", what);
    arv__fs->closedir(dir);
    return rc;
}

typedef struct folder_parts {
    arv__jobfolder *folder;
    bool removes;
    uint64_t files, bytes;
} folder_parts;

static int folder_take_part(void *user_data, const char *name, arv_error *err)
{
    folder_parts *parts = user_data;
    struct stat st;
    if (!folder_is_part(name))
        return 0;
    int rc = arv__fs->fstatat(parts->folder->fd, name, &st, AT_SYMLINK_NOFOLLOW);
    if (rc < 0 && rc != -ENOENT)
        return arv_error_system(err, -rc, "What is unfinished of the job %s cannot be looked at",
                                parts->folder->uuid);
    if (rc < 0 || !S_ISREG(st.st_mode))
        return 0;
    if (parts->removes && (rc = arv__jobfolder_unlink(parts->folder, name, err)) < 0)
        return rc;
    parts->files++;
    parts->bytes += (uint64_t)st.st_size;
    return 0;
}

static int folder_walk_parts(folder_parts *parts, arv_error *err)
{
    char what[80];
    snprintf(what, sizeof what, "The folder of the job %s", parts->folder->uuid);
    return folder_each(parts->folder->fd, what, folder_take_part, parts, err);
}

/* Under the lock nobody else writes here, so every unfinished file is a dead process's. */
int arv__jobfolder_tidy(arv__jobfolder *folder, uint64_t *files, uint64_t *bytes, arv_error *err)
{
    folder_parts parts = {.folder = folder, .removes = true};
    int rc = folder_walk_parts(&parts, err);
    *files += parts.files;
    *bytes += parts.bytes;
    return rc;
}

bool arv__jobfolder_has_parts(arv__jobfolder *folder)
{
    folder_parts parts = {.folder = folder};
    return folder_walk_parts(&parts, NULL) < 0 || parts.files > 0;
}

/* A journal without its head counts as damaged, and a head without its journal as well. So the head is
 * renamed first, which says that both are being removed. It is removed when the journal's removal was
 * flushed. */
static int folder_remove_journal(arv__jobfolder *folder, arv_error *err)
{
    int result = arv__fs->renameat(folder->fd, ARV__HEAD_NAME, folder->fd, ARV__JOURNAL_GOING);
    if (result == 0 || result == -ENOENT)
        result = arv__fs_fsync_retry(folder->fd);
    int rc = result < 0 ? 0 : arv__jobfolder_unlink(folder, "journal", err);
    if (rc == 0 && result == 0)
        result = arv__fs_fsync_retry(folder->fd);
    if (result < 0)
        return arv_error_system(err, -result, "The job %s cannot be deleted", folder->uuid);
    return rc < 0 ? rc : arv__jobfolder_unlink(folder, ARV__JOURNAL_GOING, err);
}

int arv__jobfolder_remove(arv__jobfolder *folder, arv_error *err)
{
    uint64_t files = 0, bytes = 0;
    int rc = arv__jobfolder_tidy(folder, &files, &bytes, err);
    for (size_t i = 0; rc == 0 && i < sizeof folder_files / sizeof folder_files[0]; i++)
        rc = arv__jobfolder_unlink(folder, folder_files[i], err);
    if (rc == 0)
        rc = folder_remove_journal(folder, err);
    if (rc == 0)
        rc = arv__jobfolder_unlink(folder, "lock", err);
    if (rc < 0)
        return rc;
    int result = arv__fs->unlinkat(folder->staging->fd, folder->uuid, AT_REMOVEDIR);
    /* The deleted job must not come back after a power failure. */
    if (result == 0 || result == -ENOENT)
        result = arv__fs_fsync_retry(folder->staging->fd);
    if (result < 0)
        return arv_error_system(err, -result,
                                "The folder of the job %s cannot be removed; look into %s/%s for what "
                                "does not belong there",
                                folder->uuid, folder->staging->path, folder->uuid);
    return 0;
}

/* ---- the staging as a whole ------------------------------------------------------------------ */

typedef struct staging_walk {
    arv__jobfolders_cb callback;
    void *user_data;
} staging_walk;

static int staging_take_name(void *user_data, const char *name, arv_error *err)
{
    const staging_walk *walk = user_data;
    return folder_check_uuid(name, NULL) == 0 ? walk->callback(walk->user_data, name, err) : 0;
}

int arv__jobfolders_walk(arv_staging *staging, arv__jobfolders_cb callback, void *user_data, arv_error *err)
{
    staging_walk walk = {callback, user_data};
    return folder_each(staging->fd, "The staging folder", staging_take_name, &walk, err);
}

typedef struct staging_sum {
    arv_staging *staging;
    const char *but_uuid;
    uint64_t bytes;
} staging_sum;

/* A job that cannot be read counts as nothing: it vanished, or its owner will find out. Bytes that a run set
 * aside do not count after that run. */
static int staging_add(void *user_data, const char *uuid, arv_error *err)
{
    staging_sum *sum = user_data;
    char path[ARV_UUID_BYTES + 16], text[FOLDER_LOCK_BYTES] = "";
    struct stat st;
    (void)err;
    if (strcmp(uuid, sum->but_uuid) == 0)
        return 0;
    snprintf(path, sizeof path, "%s/container", uuid);
    if (arv__fs->fstatat(sum->staging->fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0) {
        sum->bytes += (uint64_t)st.st_size;
        return 0;
    }
    snprintf(path, sizeof path, "%s/lock", uuid);
    int fd = arv__fs_openat(sum->staging->fd, path, O_RDWR | O_NOFOLLOW | O_CLOEXEC, 0);
    if (fd < 0)
        return 0;
    if (arv__fs->lock(fd, true) == -EAGAIN && arv__fs_pread_full(fd, text, sizeof text - 1, 0) > 0) {
        const char *space = strchr(text, ' ');
        sum->bytes += space ? strtoull(space + 1, NULL, 10) : 0;
    }
    arv__fs_close(fd);
    return 0;
}

int arv__jobfolders_used(arv_staging *staging, const char *but_uuid, uint64_t *bytes, arv_error *err)
{
    staging_sum sum = {staging, but_uuid, 0};
    int rc = arv__jobfolders_walk(staging, staging_add, &sum, err);
    *bytes = sum.bytes;
    return rc;
}

int arv__jobfolders_free_bytes(arv_staging *staging, uint64_t *bytes, arv_error *err)
{
    struct statvfs st;
    int result = arv__fs_fstatvfs(staging->fd, &st);
    if (result < 0)
        return arv_error_system(err, -result, "The free space of the staging folder is not known");
    *bytes = arv__fs_free_bytes(&st);
    return 0;
}
