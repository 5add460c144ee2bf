/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A new file, complete under its name or not there at all.
 *
 * The name. Open chooses the way with the empty file, so that it refuses a file system that offers none
 * before the first byte and not after the last:
 *
 *   O_TMPFILE  has no name until linkat() gives it one (nameless.h).
 *   link       a temporary name, made exclusively; link() refuses to replace. Tried by linking
 *              the empty file to a second temporary name.
 *   renameat2  the same with RENAME_NOREPLACE, for file systems without hard links (FAT, exFAT,
 *              many of FUSE).
 *
 * Some file systems that lack a call answer EIO, as a broken disk does. If a call fails twice with EIO
 * and a byte can be written and flushed, the call is missing; if that fails too, the disk is broken.
 *
 * With the last two ways a killed process leaves its temporary name; the next newfile in the same folder
 * removes it (leftover.h).
 *
 * The bytes. The direct writer fills an aligned buffer and writes it past the page cache. It writes the
 * last bytes, which are no whole block, through the cache with O_DIRECT switched off, so the file is
 * never longer than its content. The first EINVAL makes a file buffered for good: a device that demands
 * an alignment beyond 4 KiB answers so.
 *
 * States: OPEN -> SEALED -> DONE; a failed write, seal or commit leads to FAILED, and only abort leads on
 * from there. Never repeat a failed fsync: the kernel may have dropped the very pages that it could not
 * write, and the next fsync would succeed without them.
 */

#include "loop/newfile.h"

#include <errno.h>
#include <inttypes.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <arv/sys/alloc.h>
#include "loop/leftover.h"
#include "loop/nameless.h"
#include "util/names.h"

enum {
    BLOCK_BYTES = 4096,
    DIRECT_FROM_BYTES = 8 << 20,
    BUFFER_BYTES = 4 << 20,
    BUFFER_LEAST_BYTES = 64 << 10,
    RESERVE_FIRST_BYTES = 8 << 20,
    RESERVE_MOST_BYTES = 64 << 20,
    PART_NAME_BYTES = 40,
    PART_TRIES = 8,
    REMOVE_TRIES = 3
};

typedef enum { WAY_NONE, WAY_NAMELESS, WAY_LINK, WAY_RENAME } newfile_way;
typedef enum { STATE_OPEN, STATE_SEALED, STATE_DONE, STATE_FAILED, STATE_ABORTED } newfile_state;

struct arv__newfile {
    int dir_fd;
    int fd;
    char *name;
    char *shown;                /* quoted */
    char part[PART_NAME_BYTES]; /* "" when there is no temporary name */
    newfile_way way;
    arv__nameless nameless;
    newfile_state state;

    bool direct_wanted;
    bool direct; /* O_DIRECT is on */
    bool reserving;
    uint64_t length; /* given by the caller */
    uint64_t written;
    uint64_t reserved;
    uint64_t reserve_step;
    uint64_t size_hint;

    unsigned char *block;  /* as allocated */
    unsigned char *buffer; /* aligned */
    size_t buffer_bytes;
    size_t used;
    uint64_t window_at; /* reading back: the part of the file in `buffer` */
    size_t window_length;
};

static int newfile_error(const arv__newfile *file, int system_errno, const char *what, arv_error *err)
{
    if (system_errno == EEXIST)
        return arv_error_set(err, ARV_EEXISTS,
                             "The file %s exists already, and nothing is ever overwritten; choose "
                             "another name.",
                             file->shown);
    return arv_error_system(err, system_errno, "The file %s %s", file->shown, what);
}

static int newfile_fail(arv__newfile *file, int system_errno, const char *what, arv_error *err)
{
    file->state = STATE_FAILED;
    return newfile_error(file, system_errno, what, err);
}

static int state_error(const arv__newfile *file, const char *what, arv_error *err)
{
    return arv_error_set(err, ARV_ESTATE,
                         "The file %s cannot be %s at this point; after an error it can only be "
                         "given up.",
                         file->shown, what);
}

/* ---- names ----------------------------------------------------------------------------------- */

#define PART_PREFIX ".archivist-"
#define PART_SUFFIX ".part"

static int part_name(char into[PART_NAME_BYTES])
{
    uint64_t number = 0;
    int rc = arv__fs_random(&number);
    if (rc == 0)
        snprintf(into, PART_NAME_BYTES, PART_PREFIX "%016" PRIx64 PART_SUFFIX, number);
    return rc;
}

/* Tries more than once, since a passing error must not leave a file behind. */
static int name_remove(int dir_fd, const char *name)
{
    int rc = -EIO;
    for (int i = 0; i < REMOVE_TRIES && rc != 0; i++) {
        rc = arv__fs->unlinkat(dir_fd, name, 0);
        if (rc == -ENOENT)
            rc = 0;
    }
    return rc;
}

static int part_remove(arv__newfile *file)
{
    int rc = file->part[0] ? name_remove(file->dir_fd, file->part) : 0;
    if (rc == 0)
        file->part[0] = '\0';
    return rc;
}

/* A server may carry out a call and lose the answer. Returns 1 if `name` is our file, 0 if not, or -errno,
 * -ENOENT where nothing has that name. */
static int name_is_ours(const arv__newfile *file, const char *name)
{
    struct stat ours, there;
    int rc = arv__fs->fstat(file->fd, &ours);
    if (rc == 0)
        rc = arv__fs->fstatat(file->dir_fd, name, &there, AT_SYMLINK_NOFOLLOW);
    return rc < 0 ? rc : ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

/* Returns true for answers of file systems that lack the call; false for a call that was tried and failed. */
static bool call_is_missing(int rc)
{
    return rc == -EPERM || rc == -EOPNOTSUPP || rc == -ENOSYS || rc == -EINVAL || rc == -EMLINK ||
           rc == -EXDEV;
}

typedef int (*part_call)(int from_dir_fd, const char *from, int to_dir_fd, const char *to);

static int part_call_link(int from_dir_fd, const char *from, int to_dir_fd, const char *to)
{
    return arv__fs->linkat(from_dir_fd, from, to_dir_fd, to, 0);
}

static int part_call_rename(int from_dir_fd, const char *from, int to_dir_fd, const char *to)
{
    return arv__fs->renameat_noreplace(from_dir_fd, from, to_dir_fd, to);
}

/* Links or renames to a second temporary name; tries again after EIO. Returns 0, or -errno and leaves no
 * `second`. */
static int part_try(const arv__newfile *file, part_call call, char second[PART_NAME_BYTES])
{
    int rc = -EIO;
    for (int i = 0; i < 2 && rc == -EIO; i++) {
        rc = part_name(second);
        if (rc == 0)
            rc = call(file->dir_fd, file->part, file->dir_fd, second);
        if (rc < 0 && !call_is_missing(rc))
            name_remove(file->dir_fd, second); /* only the answer may have been lost */
    }
    return rc;
}

/* Returns whether the empty part takes a byte and flushes it; on a broken disk it does not. */
static bool part_lives(const arv__newfile *file)
{
    return arv__fs->pwrite(file->fd, "", 1, 0) == 1 && arv__fs_fsync_retry(file->fd) == 0 &&
           arv__fs_ftruncate(file->fd, 0) == 0;
}

/* Tries link or rename with the empty file. Returns 0 or -errno; call_is_missing() of it: there is no way. */
static int part_choose(arv__newfile *file)
{
    char second[PART_NAME_BYTES];
    int rc = part_try(file, part_call_link, second);
    if (rc == 0) {
        file->way = WAY_LINK;
        return name_remove(file->dir_fd, second);
    }
    if (!call_is_missing(rc) && rc != -EIO)
        return rc;
    rc = part_try(file, part_call_rename, second);
    if (rc == 0) {
        file->way = WAY_RENAME;
        memcpy(file->part, second, sizeof file->part);
    }
    return rc == -EIO && part_lives(file) ? -EOPNOTSUPP : rc;
}

/* Makes a new, locked part. Returns 0 or -errno; -ESTALE, and removes the part, if another process took it
 * for a leftover before it was locked. */
static int part_make(arv__newfile *file, mode_t mode)
{
    int rc = part_name(file->part);
    int fd = rc < 0 ? rc
                    : arv__fs_openat(file->dir_fd, file->part,
                                     O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd >= 0) {
        file->fd = fd;
        rc = arv__leftover_claim(fd, file->dir_fd, file->part);
        if (rc == 0)
            return 0;
        part_remove(file);
        arv__fs_close(fd);
        file->fd = -1;
        return rc;
    }
    if (rc == 0 && fd != -EEXIST) /* the name is ours: only the answer may have been lost */
        name_remove(file->dir_fd, file->part);
    file->part[0] = '\0';
    return fd;
}

void arv__newfile_tidy(int dir_fd)
{
    static const arv__leftover parts = {PART_PREFIX, PART_SUFFIX, 16, false, NULL};
    arv__leftover_remove(dir_fd, &parts);
}

static int part_open(arv__newfile *file, mode_t mode, arv_error *err)
{
    int rc = -EEXIST;
    arv__newfile_tidy(file->dir_fd);
    for (int i = 0; i < PART_TRIES && (rc == -EEXIST || rc == -ESTALE); i++)
        rc = part_make(file, mode);
    if (rc < 0)
        return newfile_error(file, -rc, "cannot be created", err);
    rc = part_choose(file);
    if (call_is_missing(rc))
        return arv_error_set(err, ARV_EUNSUPPORTED,
                             "The file %s cannot be created safely: its file system offers neither "
                             "O_TMPFILE with linkat, nor link, nor renameat2 with "
                             "RENAME_NOREPLACE. Use another file system for this storage.",
                             file->shown);
    return rc < 0 ? newfile_error(file, -rc, "cannot be created", err) : 0;
}

/* ---- open ------------------------------------------------------------------------------------ */

static int buffer_provide(arv__newfile *file, arv_error *err)
{
    if (file->buffer)
        return 0;
    file->block = arv_malloc(file->buffer_bytes + BLOCK_BYTES);
    if (!file->block)
        return arv_error_nomem(err, "the buffer of a file");
    uintptr_t at = ((uintptr_t)file->block + BLOCK_BYTES - 1) & ~(uintptr_t)(BLOCK_BYTES - 1);
    file->buffer = (unsigned char *)at;
    return 0;
}

static void buffer_drop(arv__newfile *file)
{
    arv_free(file->block);
    file->block = file->buffer = NULL;
    file->used = file->window_length = 0;
}

static bool direct_set(arv__newfile *file, bool on)
{
#ifdef O_DIRECT
    if (arv__fs->fcntl_setfl(file->fd, on ? O_DIRECT : 0) == 0) {
        file->direct = on;
        return true;
    }
#endif
    return file->direct == on;
}

/* False when there is nothing to give up. */
static bool direct_give_up(arv__newfile *file)
{
    file->direct_wanted = false;
    return file->direct && direct_set(file, false);
}

static int newfile_make(arv__newfile **file, const arv__newfile_options *options, arv_error *err)
{
    char quoted[ARV__QUOTE_BYTES];
    const char *shown = options->shown ? options->shown : options->name;
    arv__newfile *f = arv_calloc(1, sizeof *f);
    if (f) {
        f->fd = -1;
        f->name = arv_strdup(options->name);
        f->shown = arv_strdup(arv__quote(quoted, sizeof quoted, shown, strlen(shown)));
    }
    *file = f;
    if (!f || !f->name || !f->shown)
        return arv_error_nomem(err, "a new file");
    size_t bytes = options->buffer_bytes ? options->buffer_bytes : BUFFER_BYTES;
    if (bytes < BUFFER_LEAST_BYTES)
        bytes = BUFFER_LEAST_BYTES;
    f->buffer_bytes = bytes & ~(size_t)(BLOCK_BYTES - 1);
    f->dir_fd = options->dir_fd;
    f->size_hint = options->size_hint_bytes;
    f->reserve_step = RESERVE_FIRST_BYTES;
    f->direct_wanted = !options->no_direct;
    return 0;
}

int arv__newfile_open(arv__newfile **file, const arv__newfile_options *options, arv_error *err)
{
    const char *name = options->name;
    struct stat st;
    arv__newfile *f = NULL;
    *file = NULL;
    if (!name || !*name || strchr(name, '/') || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return arv_error_set(err, ARV_EINVALID, "The name of a new file is not one component.");
    int rc = newfile_make(&f, options, err);
    if (rc < 0)
        goto out;
    rc = arv__fs->fstatat(f->dir_fd, name, &st, AT_SYMLINK_NOFOLLOW);
    if (rc != -ENOENT) {
        rc = newfile_error(f, rc == 0 ? EEXIST : -rc, "cannot be created", err);
        goto out;
    }
    mode_t mode = options->mode ? options->mode : 0600;
    rc = arv__nameless_open(f->dir_fd, O_RDWR, mode, &f->nameless);
    if (rc >= 0) {
        f->fd = rc;
        f->way = WAY_NAMELESS;
        rc = 0;
    } else {
        rc = rc == -EOPNOTSUPP ? part_open(f, mode, err) : newfile_error(f, -rc, "cannot be created", err);
    }
    if (rc < 0)
        goto out;
    if (f->direct_wanted && (f->size_hint == 0 || f->size_hint >= DIRECT_FROM_BYTES) && direct_set(f, true)) {
        f->reserving = true;
        rc = buffer_provide(f, err);
    }
out:
    if (rc < 0) {
        arv__newfile_free(f);
        return rc;
    }
    *file = f;
    return 0;
}

/* ---- write ----------------------------------------------------------------------------------- */

/* Reserving helps against fragmented files only; a write fails if there is no space. */
static void space_reserve(arv__newfile *file, uint64_t until)
{
    while (file->reserving && file->reserved < until) {
        uint64_t step = file->reserve_step;
        if (file->size_hint > file->reserved && file->size_hint - file->reserved < step)
            step = file->size_hint - file->reserved;
        if (arv__fs->fallocate(file->fd, file->reserved, step) < 0) {
            file->reserving = false;
            break;
        }
        file->reserved += step;
        if (file->reserve_step < RESERVE_MOST_BYTES)
            file->reserve_step *= 2;
    }
}

/* All of it, at `written`. 0 or -errno. */
static int bytes_out(arv__newfile *file, const unsigned char *data, size_t length)
{
    while (length > 0) {
        /* A short count may have left the alignment. */
        bool aligned = ((file->written | length | (uintptr_t)data) & (BLOCK_BYTES - 1)) == 0;
        if (file->direct && !aligned && !direct_set(file, false))
            return -EIO;
        ssize_t n = arv__fs->pwrite(file->fd, data, length, file->written);
        if (n == -EINTR)
            continue;
        if (n == -EINVAL && direct_give_up(file))
            continue;
        if (n <= 0)
            return n < 0 ? (int)n : -EIO;
        data += n;
        length -= (size_t)n;
        file->written += (uint64_t)n;
    }
    return 0;
}

static int buffer_flush(arv__newfile *file)
{
    space_reserve(file, file->written + file->used);
    int rc = bytes_out(file, file->buffer, file->used);
    file->used = 0;
    return rc;
}

int arv__newfile_write(arv__newfile *file, const void *data, size_t length, arv_error *err)
{
    const unsigned char *from = data;
    int rc = 0;
    if (file->state != STATE_OPEN)
        return state_error(file, "written", err);
    if (!file->buffer) {
        rc = bytes_out(file, from, length);
        file->length += length;
    } else {
        while (length > 0 && rc == 0) {
            size_t room = file->buffer_bytes - file->used;
            size_t part = length < room ? length : room;
            memcpy(file->buffer + file->used, from, part);
            file->used += part;
            file->length += part;
            from += part;
            length -= part;
            if (file->used == file->buffer_bytes)
                rc = buffer_flush(file);
        }
    }
    return rc < 0 ? newfile_fail(file, -rc, "cannot be written", err) : 0;
}

uint64_t arv__newfile_length(const arv__newfile *file)
{
    return file->length;
}

/* Whole blocks past the cache, the rest through it. */
static int tail_out(arv__newfile *file)
{
    if (file->used == 0)
        return 0;
    size_t whole = file->direct ? file->used & ~(size_t)(BLOCK_BYTES - 1) : 0;
    int rc = whole ? bytes_out(file, file->buffer, whole) : 0;
    if (rc == 0)
        rc = bytes_out(file, file->buffer + whole, file->used - whole);
    file->used = 0;
    return rc;
}

int arv__newfile_seal(arv__newfile *file, arv_error *err)
{
    if (file->state != STATE_OPEN)
        return state_error(file, "sealed", err);
    int rc = tail_out(file);
    if (rc < 0)
        return newfile_fail(file, -rc, "cannot be written", err);
    if (file->reserved > 0) {
        rc = arv__fs_ftruncate(file->fd, file->length);
        if (rc < 0)
            return newfile_fail(file, -rc, "cannot be cut to its length", err);
    }
    rc = arv__fs_fsync_retry(file->fd);
    if (rc < 0)
        return newfile_fail(file, -rc, "cannot be flushed to its medium", err);
#ifdef POSIX_FADV_DONTNEED
    arv__fs->fadvise(file->fd, 0, 0, POSIX_FADV_DONTNEED);
#endif
    file->state = STATE_SEALED;
    return 0;
}

/* ---- read back ------------------------------------------------------------------------------- */

/* Fills the window that covers `offset`. 0 or -errno. */
static int window_fill(arv__newfile *file, uint64_t offset)
{
    file->window_length = 0;
    file->window_at = offset & ~(uint64_t)(BLOCK_BYTES - 1);
    size_t got = 0;
    while (got < file->buffer_bytes && file->window_at + got < file->length) {
        if (file->direct && got % BLOCK_BYTES && !direct_set(file, false))
            return -EIO;
        ssize_t n =
            arv__fs->pread(file->fd, file->buffer + got, file->buffer_bytes - got, file->window_at + got);
        if (n == -EINTR)
            continue;
        if (n == -EINVAL && direct_give_up(file))
            continue;
        if (n < 0)
            return (int)n;
        if (n == 0)
            break;
        got += (size_t)n;
    }
    file->window_length = got;
    return 0;
}

int64_t arv__newfile_read(arv__newfile *file, void *into, size_t length, uint64_t offset, arv_error *err)
{
    if (file->state != STATE_SEALED)
        return state_error(file, "read back", err);
    if (!file->buffer) {
        uint64_t enough = (file->length | (BLOCK_BYTES - 1)) + 1;
        if (enough < file->buffer_bytes)
            file->buffer_bytes = (size_t)enough;
    }
    int rc = buffer_provide(file, err);
    if (rc < 0)
        return rc;
    if (file->direct_wanted && !file->direct)
        file->direct_wanted = direct_set(file, true);
    size_t done = 0;
    while (done < length && offset < file->length) {
        if (offset < file->window_at || offset - file->window_at >= file->window_length) {
            rc = window_fill(file, offset);
            if (rc < 0)
                return newfile_error(file, -rc, "cannot be read back", err);
            if (offset - file->window_at >= file->window_length)
                return arv_error_set(err, ARV_EREADBACK,
                                     "The file %s is shorter on its medium than what was written.",
                                     file->shown);
        }
        size_t skip = (size_t)(offset - file->window_at);
        size_t part = file->window_length - skip;
        part = part < length - done ? part : length - done;
        memcpy((char *)into + done, file->buffer + skip, part);
        done += part;
        offset += part;
    }
    return (int64_t)done;
}

/* ---- commit ---------------------------------------------------------------------------------- */

/* Returns whether the file system makes no links at all. O_TMPFILE at open does not show that, and the errno
 * of its link may be that of a broken disk or of a closed folder. So this tries with a part of its own. */
static bool links_are_missing(const arv__newfile *file, int rc)
{
    arv__newfile scratch = {.dir_fd = file->dir_fd, .fd = -1};
    if (file->way == WAY_RENAME || (!call_is_missing(rc) && rc != -EIO) || part_make(&scratch, 0600) < 0)
        return false;
    rc = part_choose(&scratch);
    bool missing = call_is_missing(rc) || (rc == 0 && scratch.way == WAY_RENAME);
    part_remove(&scratch);
    arv__fs_close(scratch.fd);
    return missing;
}

static int name_give(arv__newfile *file)
{
    int rc;
    if (file->way == WAY_NAMELESS)
        rc = arv__nameless_link(file->fd, file->nameless, file->dir_fd, file->name);
    else if (file->way == WAY_LINK)
        rc = arv__fs->linkat(file->dir_fd, file->part, file->dir_fd, file->name, 0);
    else
        rc = arv__fs->renameat_noreplace(file->dir_fd, file->part, file->dir_fd, file->name);
    if (rc < 0 && name_is_ours(file, file->name) == 1)
        rc = 0;
    if (rc == 0 && file->way == WAY_RENAME)
        file->part[0] = '\0';
    return rc;
}

/* Some file systems cannot flush a folder and do not need to. */
static int folder_flush(arv__newfile *file)
{
    int rc = arv__fs_fsync_retry(file->dir_fd);
    return rc == -EINVAL || rc == -EOPNOTSUPP || rc == -ENOSYS ? 0 : rc;
}

/* Returns 0 when the name does not lead to our file any more, durably. After a commit that failed half way,
 * the caller does not know that the file is there. */
static int name_take_back(arv__newfile *file)
{
    int rc = name_is_ours(file, file->name);
    if (rc == 1 && (rc = name_remove(file->dir_fd, file->name)) == 0)
        rc = folder_flush(file);
    return rc == -ENOENT ? 0 : rc;
}

/* After a failed commit the name may still be there. */
static int newfile_fail_commit(arv__newfile *file, int system_errno, const char *what, arv_error *err)
{
    int back = name_take_back(file), code = newfile_fail(file, system_errno, what, err);
    if (back < 0 && err) {
        arv_error_append(err, " It may be there all the same: look, before it is relied on or missed.");
        err->flags |= ARV_ERROR_PARTIAL;
    }
    return code;
}

int arv__newfile_commit(arv__newfile *file, arv_error *err)
{
    if (file->state != STATE_SEALED)
        return state_error(file, "given its name", err);
    int rc = name_give(file);
    if (rc < 0 && links_are_missing(file, rc)) {
        file->state = STATE_FAILED;
        return arv_error_set(err, ARV_EUNSUPPORTED,
                             "The file %s cannot be given its name: its file system makes no hard "
                             "links, without which a name could replace another file. Use another "
                             "file system for this storage.",
                             file->shown);
    }
    if (rc < 0)
        return newfile_fail(file, -rc, "cannot be given its name", err);
    rc = part_remove(file);
    if (rc == 0)
        rc = folder_flush(file);
    if (rc < 0)
        return newfile_fail_commit(file, -rc, "was not kept, since its folder could not be flushed", err);
    file->state = STATE_DONE;
    buffer_drop(file);
    return 0;
}

/* ---- end ------------------------------------------------------------------------------------- */

void arv__newfile_abort(arv__newfile *file)
{
    if (file->state == STATE_DONE || file->state == STATE_ABORTED)
        return;
    part_remove(file);
    arv__fs_close(file->fd);
    file->fd = -1;
    buffer_drop(file);
    file->state = STATE_ABORTED;
}

int arv__newfile_retract(arv__newfile *file, arv_error *err)
{
    if (file->state != STATE_DONE) {
        arv__newfile_abort(file);
        return 0;
    }
    int rc = name_take_back(file);
    if (rc < 0)
        return newfile_error(file, -rc, "is complete and may stay, since its removal failed", err);
    arv__fs_close(file->fd);
    file->fd = -1;
    file->state = STATE_ABORTED;
    return 0;
}

int arv__newfile_find(arv__newfile *file, const char *path, arv_error *err)
{
    struct stat held, named;
    int rc = arv__fs->fstat(file->fd, &held);
    if (rc == 0)
        rc = arv__fs->fstatat(AT_FDCWD, path, &named, AT_SYMLINK_NOFOLLOW);
    if (rc == 0 && held.st_dev == named.st_dev && held.st_ino == named.st_ino)
        return 0;
    if (rc < 0 && rc != -ENOENT && rc != -ENOTDIR)
        rc = newfile_error(file, -rc, "cannot be found where it was written", err);
    else
        rc = arv_error_set(err, ARV_EOFFLINE,
                           "The file %s was written, but is not at its path: something was mounted "
                           "over its folder or unmounted meanwhile, or the folder was replaced. "
                           "Nothing was kept.",
                           file->shown);
    arv_error why;
    if (arv__newfile_retract(file, &why) < 0 && err) {
        arv_error_append(err, " %s", why.message);
        err->flags |= ARV_ERROR_PARTIAL;
    }
    return rc;
}

void arv__newfile_free(arv__newfile *file)
{
    if (!file)
        return;
    arv__newfile_abort(file);
    arv__fs_close(file->fd);
    arv_free(file->name);
    arv_free(file->shown);
    arv_free(file);
}

const char *arv__newfile_probe(int dir_fd, const char *shown, arv_error *err)
{
    static const char *const ways[] = {
        [WAY_NAMELESS] = "O_TMPFILE",
        [WAY_LINK] = "link",
        [WAY_RENAME] = "renameat2",
    };
    char name[PART_NAME_BYTES];
    arv__newfile *file;
    int rc = part_name(name);
    if (rc < 0) {
        arv_error_system(err, -rc, "No random name could be made for a new file");
        return NULL;
    }
    const arv__newfile_options options = {.dir_fd = dir_fd, .name = name, .shown = shown, .no_direct = true};
    arv__newfile_open(&file, &options, err);
    if (!file) /* as after every error */
        return NULL;
    const char *way = ways[file->way];
    arv__newfile_free(file);
    return way;
}
