/* SPDX-License-Identifier: Apache-2.0 */
#include "package/entries.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <arv/sys/alloc.h>
#include "loop/fileops.h"
#include "package/links.h"
#include "util/names.h"
#include "util/options.h"
#include "util/utf8.h"

/*
 * The walk keeps one open folder per level and looks at all names relative to it. It never follows a link
 * by name, so nobody who renames meanwhile can lead it astray. It records real paths. The packer accepts
 * no link in them when it opens them later: a folder that was exchanged for a link meanwhile leads
 * nowhere.
 *
 * The walk opens a link's target for its identity only (O_PATH), and asks the kernel for its real path
 * (/proc/self/fd). Only if that path lies below the folder's own real path, and still names the same
 * file, it becomes the source; so the packer meets no link later on. The walk goes through a folder that
 * a link names under the link's name. It knows the folders above the current one by device and inode,
 * which ends every circle. It limits the number of folders that it walks through links, since links can
 * multiply without circles, too.
 *
 * If this process may read everything, the walk follows a link only if the link's owner can read the
 * target (links.h). Below a folder that a link names, the same rule holds for everything.
 */

enum {
    WALK_DEPTH_DEFAULT = 128,
    WALK_DEPTH_MAX = 512,
    WALK_LINKED_FOLDERS_MAX = 10000,
    WALK_PATH_BYTES = 256 << 10, /* all paths of the open folders together */
    WALK_REAL_BYTES = 4096,
    WALK_SHOWN_BYTES = 3500 /* of a name that cannot be recorded, from its start and its end */
};

typedef struct walk_folder {
    DIR *dir;
    int fd; /* belongs to dir */
    dev_t device;
    ino_t inode;
    size_t name_length;             /* of walk->name up to here, without a final "/" */
    size_t path_start, path_length; /* of its path in walk->path */
    bool empty;
    bool linked; /* it is looked into for the owner of a link */
    uid_t link_owner;
} walk_folder;

typedef struct walk {
    arv_entries *entries;
    const arv_folder_options *options;
    arv__plan_item shared; /* the persons of all entries */
    unsigned depth_max;
    walk_folder *folders;
    unsigned depth, capacity;
    size_t prefix_length; /* of walk->name, that no pattern sees */
    unsigned linked_folders;
    bool guarded;               /* this process may read everything */
    arv__buf name;              /* of the entry: prefix, "/", relative path */
    arv__buf path;              /* paths of sources: a link begins a new one behind the old */
    char root[WALK_REAL_BYTES]; /* real path; "" when the kernel does not know it */
} walk;

/* ---- sentences ---------------------------------------------------------------------------------
 */

/* The current source path, for messages and system calls; NULL: no memory. */
static const char *walk_path(walk *w, size_t start)
{
    const char *text = arv__buf_text_z(&w->path);
    return text ? text + start : NULL;
}

static int walk_error(walk *w, size_t start, int code, const char *what, arv_error *err)
{
    char quote[ARV__QUOTE_BYTES];
    const char *path = walk_path(w, start);
    if (!path)
        return arv__buf_status(&w->path, "a path", err);
    arv_error_set(err, code, "%s %s", arv__quote(quote, sizeof quote, path, strlen(path)), what);
    if (err && code == ARV_ELIMIT) { /* of names and folders, as a system has it, and not of memory */
        err->domain = ARV_DOMAIN_SYSTEM;
        err->detail = ENAMETOOLONG;
    }
    return code;
}

static int walk_system_error(walk *w, size_t start, int system_errno, arv_error *err)
{
    const char *path = walk_path(w, start);
    if (!path)
        return arv__buf_status(&w->path, "a path", err);
    if (system_errno == ELOOP)
        return walk_error(w, start, ARV_ECHANGED,
                          "was replaced by a link during the walk; begin again when nobody works "
                          "in the folder.",
                          err);
    return arv__entries_unreadable(system_errno, path, err);
}

/* ---- folders -----------------------------------------------------------------------------------
 */

static bool walk_excluded(const walk *w, const char *relative, const char *component)
{
    for (size_t i = 0; i < w->options->exclude_count; i++)
        if (fnmatch(w->options->exclude[i], relative, 0) == 0 ||
            fnmatch(w->options->exclude[i], component, 0) == 0)
            return true;
    return false;
}

static int walk_check_circle(walk *w, const struct stat *st, size_t start, arv_error *err)
{
    for (unsigned i = 0; i < w->depth; i++)
        if (w->folders[i].device == st->st_dev && w->folders[i].inode == st->st_ino)
            return walk_error(w, start, ARV_ELOOP,
                              "contains itself through a symbolic link; leave links out or remove "
                              "this one.",
                              err);
    return 0;
}

static int walk_grow(walk *w, arv_error *err)
{
    if (w->depth < w->capacity)
        return 0;
    unsigned capacity = w->capacity ? 2 * w->capacity : 16;
    walk_folder *folders = arv_reallocarray(w->folders, capacity, sizeof *folders);
    if (!folders)
        return arv_error_nomem(err, "the walk through a folder");
    w->folders = folders;
    w->capacity = capacity;
    return 0;
}

static int walk_forbidden(walk *w, size_t start, arv_error *err)
{
    return walk_error(w, start, ARV_ELINK,
                      "is reached through a symbolic link whose owner may not read it, so that it is not "
                      "read for them with the rights of this process; remove the link, or leave links "
                      "out or record them.",
                      err);
}

/* Applies the rule of a followed link to everything below the folder that the link names. */
static bool walk_allowed(const walk *w, const struct stat *st)
{
    const walk_folder *folder = w->depth > 0 ? &w->folders[w->depth - 1] : NULL;
    return !folder || !folder->linked || arv__links_readable(folder->link_owner, st);
}

/* Goes into an open folder, whose descriptor it takes in every case. walk->name and, from `start`
 * on, walk->path name it. */
static int walk_enter_adopt(walk *w, int fd, size_t start, arv_error *err)
{
    struct stat st;
    int error = 0, status;
    if (w->depth > w->depth_max) {
        status = walk_error(w, start, ARV_ELIMIT,
                            "lies too deep; leave it out, or "
                            "archive a folder further down by itself.",
                            err);
        goto out;
    }
    status = arv__fs->fstat(fd, &st);
    if (status < 0) {
        status = walk_system_error(w, start, -status, err);
        goto out;
    }
    status = walk_check_circle(w, &st, start, err);
    if (status == 0 && !walk_allowed(w, &st))
        status = walk_forbidden(w, start, err);
    if (status == 0)
        status = walk_grow(w, err);
    if (status < 0)
        goto out;
    DIR *dir = arv__fs->fdopendir(fd, &error);
    if (!dir) {
        status = walk_system_error(w, start, error < 0 ? -error : error, err);
        goto out;
    }
    const walk_folder *above = w->depth > 0 ? &w->folders[w->depth - 1] : NULL;
    w->folders[w->depth++] = (walk_folder){.dir = dir,
                                           .fd = fd,
                                           .device = st.st_dev,
                                           .inode = st.st_ino,
                                           .name_length = w->name.length,
                                           .path_start = start,
                                           .path_length = w->path.length - start,
                                           .empty = true,
                                           .linked = above && above->linked,
                                           .link_owner = above ? above->link_owner : 0};
    fd = -1;
out:
    if (fd >= 0)
        arv__fs_close(fd);
    return status;
}

static void walk_name(const walk *w, arv__plan_item *item)
{
    item->original = (const char *)w->name.data;
    item->original_length = w->name.length;
    item->owner = w->options->owner;
    item->owner_length = item->owner ? strlen(item->owner) : 0;
    item->persons = w->shared.persons;
    item->persons_length = w->shared.persons_length;
}

static int walk_put(walk *w, arv__plan_item *item, arv_error *err)
{
    walk_name(w, item);
    return arv__entries_put(w->entries, item, err);
}

/* A name for people that stands for one that is not UTF-8 or too long: escaped, its middle left out. */
static int walk_shown_name(walk *w, arv__buf *into, arv_error *err)
{
    const char *name = (const char *)w->name.data;
    size_t length = w->name.length, at = 0;
    while (at < length) {
        uint32_t point;
        size_t width = arv_utf8_decode(name + at, length - at, &point);
        if (at >= WALK_SHOWN_BYTES && length - at > WALK_SHOWN_BYTES) {
            arv__buf_literal(into, "\xE2\x80\xA6"); /* an ellipsis */
            at = length - WALK_SHOWN_BYTES;
            while (at < length && ((unsigned char)name[at] & 0xC0) == 0x80)
                at++;
        } else if (width == 0) {
            arv__buf_printf(into, "\\x%02x", (unsigned)(unsigned char)name[at++]);
        } else {
            arv__buf_append(into, name + at, width);
            at += width;
        }
    }
    return arv__buf_status(into, "the name of an entry", err);
}

/* The walk could not look at walk->name: it goes on where it may. A folder that is too deep and a name that
 * cannot be recorded do not end the walk either. */
static int walk_failed(walk *w, int status, arv_error *err)
{
    arv__plan_item item = {.size_bytes = ARV_SIZE_UNKNOWN};
    arv__buf shown;
    if (!w->entries->keep_going)
        return status;
    walk_name(w, &item);
    if (status == ARV_ELIMIT || status == ARV_ENAME)
        status = err->code = ARV_EUNREADABLE;
    arv__buf_init(&shown, WALK_PATH_BYTES);
    if (item.original_length > ARV__NAME_ORIGINAL_BYTES ||
        !arv__utf8_valid(item.original, item.original_length, NULL)) {
        arv_error why = *err;
        int rc = walk_shown_name(w, &shown, err);
        if (rc < 0)
            status = rc;
        else
            *err = why;
        item.original = (const char *)shown.data;
        item.original_length = shown.length;
    }
    status = arv__entries_put_failure(w->entries, &item, status, err);
    arv__buf_cleanup(&shown);
    return status;
}

/* Leaves the innermost folder; an empty one becomes an entry, but for a root without a name. */
static int walk_leave(walk *w, arv_error *err)
{
    walk_folder *folder = &w->folders[w->depth - 1];
    int status = 0;
    w->name.length = folder->name_length;
    if (folder->empty && w->name.length > 0) {
        arv__plan_item item = {.from = ARV__FROM_NOTHING,
                               .size_bytes = ARV_SIZE_UNKNOWN,
                               .modified_at_unix = ARV_TIME_UNKNOWN};
        status = walk_put(w, &item, err);
    }
    arv__fs->closedir(folder->dir);
    w->depth--;
    return status;
}

/* ---- what a folder holds -----------------------------------------------------------------------
 */

/* A regular file or something special; `start`: of its path. */
static int walk_file(walk *w, const struct stat *st, size_t start, arv_error *err)
{
    arv__plan_item item = {.from = ARV__FROM_PATH, .modified_at_unix = ARV_TIME_UNKNOWN};
    item.path = walk_path(w, start);
    if (!item.path)
        return arv__buf_status(&w->path, "a path", err);
    if (w->path.length - start >= WALK_REAL_BYTES)
        return walk_error(w, start, ARV_ELIMIT,
                          "has a path that is too long to be opened; leave it out, or "
                          "archive a folder further down by itself.",
                          err);
    if (!walk_allowed(w, st))
        return walk_forbidden(w, start, err);
    item.linkless = w->root[0] != '\0';
    int status = arv__entries_stat(st, item.path, &item, err);
    if (status == 0)
        status = arv__doubled_note(&w->entries->doubled, st, err);
    return status < 0 ? status : walk_put(w, &item, err);
}

static int walk_into(walk *w, int dir_fd, const char *path, const struct stat *expected, size_t start,
                     arv_error *err)
{
    struct stat st;
    int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    int fd = arv__fs_openat(dir_fd, path, flags, 0);
    if (fd < 0)
        return walk_system_error(w, start, -fd, err);
    if (expected &&
        (arv__fs->fstat(fd, &st) < 0 || st.st_dev != expected->st_dev || st.st_ino != expected->st_ino)) {
        arv__fs_close(fd);
        return walk_system_error(w, start, ELOOP, err);
    }
    return walk_enter_adopt(w, fd, start, err);
}

/* Writes the real path of an open file to `into`; returns false when the kernel gives none. */
static bool walk_real_path(int fd, char into[WALK_REAL_BYTES])
{
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = arv__fs->readlinkat(AT_FDCWD, link, into, WALK_REAL_BYTES - 1);
    if (length <= 0 || length >= WALK_REAL_BYTES - 1 || into[0] != '/')
        length = 0;
    into[length] = '\0';
    return length > 0;
}

static bool walk_is_below_root(const walk *w, const char *real)
{
    size_t length = strlen(w->root);
    if (length == 1)
        return true; /* the whole system */
    return strncmp(real, w->root, length) == 0 && (real[length] == '/' || real[length] == '\0');
}

static bool walk_reachable(const walk *w, uid_t owner, const struct stat *st, const char *real)
{
    return arv__links_readable(owner, st) && arv__links_passable(owner, w->root, real);
}

/* Checks the rule for one link, whose target is known; a breach is an error. */
static int walk_link_allowed(walk *w, const struct stat *link, const struct stat *st, const char *real,
                             size_t start, arv_error *err)
{
    const walk_folder *folder = &w->folders[w->depth - 1];
    if (!w->guarded || (walk_reachable(w, link->st_uid, st, real) &&
                        (!folder->linked || walk_reachable(w, folder->link_owner, st, real))))
        return 0;
    return walk_error(w, start, ARV_ELINK,
                      "is a symbolic link whose owner may not read what it names, so that it is not "
                      "followed with the rights of this process; remove it, or leave links out or "
                      "record them.",
                      err);
}

/* The link's target is open for its identity: checks its place, and records it or goes in. */
static int walk_link_target(walk *w, int fd, const struct stat *link, size_t start, arv_error *err)
{
    char real[WALK_REAL_BYTES];
    struct stat st, again;
    int status = arv__fs->fstat(fd, &st);
    if (status < 0)
        return walk_system_error(w, start, -status, err);
    if (!w->root[0] || !walk_real_path(fd, real))
        return walk_error(w, start, ARV_EUNSUPPORTED,
                          "is a symbolic link whose target cannot be told without /proc; mount it, "
                          "or leave links out.",
                          err);
    if (!walk_is_below_root(w, real))
        return walk_error(w, start, ARV_ELINK,
                          "is a symbolic link that leaves the folder; copy what it names into the "
                          "folder, or leave links out.",
                          err);
    status = arv__fs->fstatat(AT_FDCWD, real, &again, AT_SYMLINK_NOFOLLOW);
    if (status < 0 || again.st_dev != st.st_dev || again.st_ino != st.st_ino)
        return walk_error(w, start, ARV_ECHANGED,
                          "is a symbolic link whose target changed during the walk; begin again "
                          "when nobody works in the folder.",
                          err);
    if ((status = walk_link_allowed(w, link, &st, real, start, err)) < 0)
        return status;
    if (S_ISDIR(st.st_mode)) {
        status = walk_check_circle(w, &st, start, err);
        if (status == 0 && ++w->linked_folders > WALK_LINKED_FOLDERS_MAX)
            status = walk_error(w, start, ARV_ELIMIT, "is one of too many links to folders; leave links out.",
                                err);
        if (status < 0)
            return status;
    }
    arv__buf_byte(&w->path, 0);
    start = w->path.length;
    arv__buf_text(&w->path, real);
    if (!S_ISDIR(st.st_mode))
        return walk_file(w, &st, start, err);
    if ((status = walk_into(w, AT_FDCWD, real, &st, start, err)) < 0)
        return status;
    walk_folder *inner = &w->folders[w->depth - 1];
    if (w->guarded && !inner->linked && link->st_uid != 0) {
        inner->linked = true;
        inner->link_owner = link->st_uid;
    }
    return 0;
}

static int walk_link(walk *w, int dir_fd, const char *component, size_t start, arv_error *err)
{
    struct stat link, again;
    int status = arv__fs->fstatat(dir_fd, component, &link, AT_SYMLINK_NOFOLLOW);
    if (status < 0)
        return walk_system_error(w, start, -status, err);
    int fd = arv__fs_openat(dir_fd, component, O_PATH | O_CLOEXEC, 0);
    if (fd == -ENOENT || fd == -ELOOP || fd == -ENOTDIR)
        return walk_error(w, start, ARV_ELINK,
                          "is a symbolic link that leads nowhere; remove it, or leave links out.", err);
    if (fd < 0)
        return walk_system_error(w, start, -fd, err);
    /* The owner of the link is known only if the same link still stands there. */
    status = arv__fs->fstatat(dir_fd, component, &again, AT_SYMLINK_NOFOLLOW);
    if (status == 0 &&
        (again.st_dev != link.st_dev || again.st_ino != link.st_ino || again.st_uid != link.st_uid ||
         again.st_ctim.tv_sec != link.st_ctim.tv_sec || again.st_ctim.tv_nsec != link.st_ctim.tv_nsec))
        status = -ELOOP;
    status =
        status < 0 ? walk_system_error(w, start, -status, err) : walk_link_target(w, fd, &link, start, err);
    arv__fs_close(fd);
    return status;
}

/* Records the link as a line of the list: its target is text, and nothing follows it. */
static int walk_link_record(walk *w, int dir_fd, const char *component, size_t start, arv_error *err)
{
    char target[ARV_LINK_BYTES_MAX + 2];
    arv__plan_item item = {.from = ARV__FROM_LINK,
                           .target = target,
                           .size_bytes = ARV_SIZE_UNKNOWN,
                           .modified_at_unix = ARV_TIME_UNKNOWN};
    ssize_t length = arv__fs->readlinkat(dir_fd, component, target, sizeof target - 1);
    if (length < 0)
        return walk_system_error(w, start, length == -EINVAL ? ELOOP : (int)-length, err);
    target[length] = '\0';
    if (length > ARV_LINK_BYTES_MAX)
        return walk_error(w, start, ARV_ELIMIT,
                          "is a symbolic link with a target that is too long to be recorded; leave it "
                          "out, or leave links out.",
                          err);
    if (length == 0 || !arv__utf8_valid(target, (size_t)length, NULL))
        return walk_error(w, start, ARV_ENAME,
                          "is a symbolic link whose target is not UTF-8, so that it cannot be recorded "
                          "as text; leave it out, or leave links out.",
                          err);
    return walk_put(w, &item, err);
}

/* Looks at one name in the innermost folder. A folder of that name becomes the innermost one. */
static int walk_one(walk *w, const char *component, unsigned char type, arv_error *err)
{
    walk_folder folder = w->folders[w->depth - 1];
    struct stat st = {.st_mode = S_IFDIR};
    w->name.length = folder.name_length;
    w->path.length = folder.path_start + folder.path_length;
    if (w->name.length > 0)
        arv__buf_byte(&w->name, '/');
    arv__buf_text(&w->name, component);
    if (w->path.data[w->path.length - 1] != '/')
        arv__buf_byte(&w->path, '/');
    arv__buf_text(&w->path, component);
    const char *name = arv__buf_text_z(&w->name);
    if (!name || !walk_path(w, 0)) {
        int status = arv__buf_status(&w->name, "the name of an entry", err);
        return status < 0 ? status : arv__buf_status(&w->path, "a path", err);
    }
    if (walk_excluded(w, name + w->prefix_length, component))
        return 0;
    if (type == DT_LNK)
        st.st_mode = S_IFLNK;
    else if (type != DT_DIR) {
        int status = arv__fs->fstatat(folder.fd, component, &st, AT_SYMLINK_NOFOLLOW);
        if (status < 0)
            return walk_system_error(w, folder.path_start, -status, err);
    }
    arv_links links = w->options->links;
    if (S_ISLNK(st.st_mode) && links == ARV_LINKS_SKIP)
        return 0;
    w->folders[w->depth - 1].empty = false;
    if (S_ISLNK(st.st_mode) && links == ARV_LINKS_RECORD)
        return walk_link_record(w, folder.fd, component, folder.path_start, err);
    if (S_ISLNK(st.st_mode))
        return walk_link(w, folder.fd, component, folder.path_start, err);
    if (S_ISDIR(st.st_mode))
        return walk_into(w, folder.fd, component, NULL, folder.path_start, err);
    return walk_file(w, &st, folder.path_start, err);
}

static int walk_all(walk *w, arv_error *err)
{
    int status = 0;
    while (status == 0 && w->depth > 0) {
        walk_folder *folder = &w->folders[w->depth - 1];
        int error = 0;
        const struct dirent *found = arv__fs->readdir(folder->dir, &error);
        if (!found && error != 0) {
            w->path.length = folder->path_start + folder->path_length;
            status = walk_system_error(w, folder->path_start, error < 0 ? -error : error, err);
            if (w->depth == 1)
                break; /* the root failed: nothing is left to walk */
            w->name.length = folder->name_length;
            folder->empty = false;
            if ((status = walk_failed(w, status, err)) == 0)
                status = walk_leave(w, err);
        } else if (!found) {
            status = walk_leave(w, err);
            if (status < 0)
                status = walk_failed(w, status, err);
        } else if (strcmp(found->d_name, ".") != 0 && strcmp(found->d_name, "..") != 0) {
            status = walk_one(w, found->d_name, found->d_type, err);
            if (status < 0)
                status = walk_failed(w, status, err);
        }
    }
    return status;
}

/* ---- the root ----------------------------------------------------------------------------------
 */

static int walk_check_options(const arv_folder_options *options, const char *folder, arv_error *err)
{
    if (!folder || !*folder)
        return arv_error_set(err, ARV_EINVALID, "A folder to archive was not given.");
    if (options->depth_max > WALK_DEPTH_MAX)
        return arv_error_set(err, ARV_EINVALID,
                             "A folder cannot be walked %u levels deep; at most %d are allowed.",
                             options->depth_max, WALK_DEPTH_MAX);
    if ((unsigned)options->links > ARV_LINKS_RECORD)
        return arv_error_set(err, ARV_EINVALID,
                             "What becomes of symbolic links is not known: %d; follow, skip or record "
                             "them.",
                             (int)options->links);
    for (size_t i = 0; i < options->exclude_count; i++)
        if (!options->exclude || !options->exclude[i])
            return arv_error_set(err, ARV_EINVALID,
                                 "A pattern of what to leave out is missing; give a text.");
    return 0;
}

static int walk_begin(walk *w, const char *prefix, const char *folder, arv_error *err)
{
    size_t length = prefix ? strlen(prefix) : 0;
    while (length > 0 && prefix[length - 1] == '/')
        length--;
    arv__buf_append(&w->name, prefix, length);
    w->prefix_length = length > 0 ? length + 1 : 0;
    arv__buf_text(&w->path, folder);
    if (!arv__buf_text_z(&w->name) || !walk_path(w, 0))
        return arv_error_nomem(err, "the walk through a folder");
    int fd = arv__fs_openat(AT_FDCWD, folder, O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC, 0);
    if (fd == -ENOTDIR)
        return walk_error(w, 0, ARV_ESPECIAL, "is not a folder; give a folder, or add it as a file.", err);
    if (fd == -ENOENT)
        return walk_error(w, 0, ARV_EVANISHED, "does not exist; give a folder that does.", err);
    if (fd < 0)
        return walk_system_error(w, 0, -fd, err);
    if (walk_real_path(fd, w->root)) {
        w->path.length = 0;
        arv__buf_text(&w->path, w->root);
    }
    return walk_enter_adopt(w, fd, 0, err);
}

int arv_entries_add_folder(arv_entries *entries, const char *prefix, const char *folder,
                           const arv_folder_options *options, arv_error *err)
{
    arv_folder_options known = {0};
    int status = options ? ARV__OPTIONS_TAKE(&known, options, "arv_folder_options", err) : 0;
    if (status == 0)
        status = walk_check_options(&known, folder, err);
    arv__plan_item shared = {.persons = NULL};
    if (status == 0)
        status = arv__entries_check(entries, err);
    if (status == 0)
        status = arv__entries_persons(entries, known.persons, known.person_count, &shared, err);
    if (status < 0)
        return status;
    uint64_t before = arv_entries_count(entries);
    arv_error own;
    walk w = {.entries = entries, .options = &known, .shared = shared};
    if (!err)
        err = &own;
    w.guarded = arv__links_guarded();
    w.depth_max = known.depth_max ? known.depth_max : WALK_DEPTH_DEFAULT;
    arv__buf_init(&w.name, WALK_PATH_BYTES);
    arv__buf_init(&w.path, WALK_PATH_BYTES);
    status = walk_begin(&w, prefix, folder, err);
    if (status == 0)
        status = walk_all(&w, err);
    while (w.depth > 0)
        arv__fs->closedir(w.folders[--w.depth].dir);
    arv_free(w.folders);
    arv__buf_cleanup(&w.name);
    arv__buf_cleanup(&w.path);
    if (status < 0 && arv_entries_count(entries) != before)
        arv__entries_spoil(entries);
    return status;
}
