/* SPDX-License-Identifier: Apache-2.0 */
#include "power_fs.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "test.h"

enum { CHANGES_MOST = 1 << 16, NODES_MOST = 1 << 14, PATH_BYTES = 400, STORY_BYTES = 16384 };
#define ARENA_BYTES ((size_t)1 << 30) /* of address space; pages are taken as they are used */
#define LIMBO ".power"

typedef enum { GONE, WRITE, CUT, MAKE, REMOVE, RENAME, MAKE_FOLDER, REMOVE_FOLDER } change_kind;

typedef struct power_node { /* a regular file, by identity */
    dev_t device;
    ino_t inode;
    bool used, in_limbo;
    unsigned names;        /* that it has or that a cut may give back */
    char path[PATH_BYTES]; /* one of them, or in limbo */
} power_node;

typedef struct power_change {
    change_kind kind;
    unsigned node, replaced;              /* 0: none */
    char *folder, *name, *from;           /* of changes of folders */
    uint64_t offset, length, size_before; /* of changes of files */
    unsigned char *old, *data; /* what stood there, as far as the file went, and what was written */
} power_change;

typedef struct power_site {
    char name[120];
    unsigned calls;
} power_site;

typedef struct power_state { /* shared with children */
    char root[PATH_BYTES];
    size_t root_length;
    bool lies;
    char ignored[120];
    unsigned change_count, node_count, limbo_folders;
    size_t arena_used;
    power_site sites[POWER_SITES_MOST];
    power_change changes[CHANGES_MOST];
    power_node nodes[NODES_MOST]; /* the first is nobody */
    unsigned char arena[];
} power_state;

static power_state *state;
static pid_t state_owner;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static arv__fileops power_table;
static _Thread_local const char *site_file;
static _Thread_local int site_line;
static char story[STORY_BYTES];

/* ---- what is known --------------------------------------------------------------------------- */

static void *arena_take(size_t length)
{
    size_t at = (state->arena_used + 15) & ~(size_t)15;
    CHECK(at + length <= ARENA_BYTES);
    state->arena_used = at + length;
    return state->arena + at;
}

static char *arena_text(const char *text)
{
    return memcpy(arena_take(strlen(text) + 1), text, strlen(text) + 1);
}

/* With nothing pending, all of the room is free again. */
static void state_tidy(void)
{
    while (state->change_count && state->changes[state->change_count - 1].kind == GONE)
        state->change_count--;
    if (state->change_count == 0)
        state->arena_used = 0;
}

static power_change *change_new(change_kind kind)
{
    CHECK(state->change_count < CHANGES_MOST);
    power_change *change = &state->changes[state->change_count++];
    *change = (power_change){.kind = kind};
    return change;
}

static bool is_watched(const char *path)
{
    return strncmp(path, state->root, state->root_length) == 0 && path[state->root_length] == '/';
}

/* The folder and the name that a path means, without "." at its end. False: not watched. */
static bool path_split(int dir_fd, const char *path, char folder[PATH_BYTES], char name[256])
{
    char link[48], base[PATH_BYTES] = "", real[PATH_MAX];
    const char *slash = strrchr(path, '/');
    int n;
    if (path[0] != '/' && dir_fd != AT_FDCWD) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", dir_fd);
        ssize_t length = readlink(link, base, sizeof base - 1);
        if (length < 0)
            return false;
        base[length] = '\0';
    }
    if (slash)
        n = snprintf(folder, PATH_BYTES, "%s%s%.*s", base, base[0] ? "/" : "", (int)(slash - path), path);
    else
        n = snprintf(folder, PATH_BYTES, "%s", base);
    if (n < 0 || n >= PATH_BYTES || strlen(slash ? slash + 1 : path) > 255)
        return false;
    snprintf(name, 256, "%s", slash ? slash + 1 : path);
    if (slash && realpath(folder, real) && strlen(real) < PATH_BYTES)
        strcpy(folder, real);
    return strcmp(folder, state->root) == 0 || is_watched(folder);
}

static void limbo_path(char into[PATH_BYTES], unsigned number, char kind)
{
    int n = snprintf(into, PATH_BYTES, "%s/" LIMBO "/%c%u", state->root, kind, number);
    CHECK(n > 0 && n < PATH_BYTES);
}

static void path_join(char into[PATH_BYTES], const char *folder, const char *name)
{
    int n = snprintf(into, PATH_BYTES, "%s/%s", folder, name);
    CHECK(n > 0 && n < PATH_BYTES);
}

static void node_forget_writes(unsigned node)
{
    for (unsigned i = 0; i < state->change_count; i++) {
        power_change *c = &state->changes[i];
        if ((c->kind == WRITE || c->kind == CUT) && c->node == node)
            c->kind = GONE;
    }
    state_tidy();
}

static unsigned node_find(const struct stat *st)
{
    for (unsigned i = 1; i < state->node_count; i++) {
        const power_node *n = &state->nodes[i];
        if (n->used && n->device == st->st_dev && n->inode == st->st_ino)
            return i;
    }
    return 0;
}

static unsigned node_add(const struct stat *st, const char *path)
{
    unsigned at = 1;
    while (at < state->node_count && state->nodes[at].used)
        at++;
    CHECK(at < NODES_MOST);
    if (at == state->node_count)
        state->node_count++;
    power_node *n = &state->nodes[at];
    *n = (power_node){.device = st->st_dev, .inode = st->st_ino, .used = true};
    snprintf(n->path, sizeof n->path, "%s", path);
    return at;
}

static void node_drop(unsigned node)
{
    if (state->nodes[node].in_limbo)
        unlink(state->nodes[node].path);
    node_forget_writes(node);
    state->nodes[node].used = false;
}

/* A file that has just been made: whoever had its number before is gone. */
static unsigned node_made(int fd, const char *path)
{
    struct stat st;
    CHECK_INT(fstat(fd, &st), 0);
    unsigned stale = node_find(&st);
    if (stale)
        node_drop(stale);
    return node_add(&st, path);
}

/* The node of an open file, if it is a regular one that is watched; else 0. */
static unsigned node_of_fd(int fd)
{
    char link[48], path[PATH_BYTES];
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return 0;
    unsigned node = node_find(&st);
    if (node)
        return node;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = '\0';
    if (!is_watched(path) || st.st_nlink == 0)
        return 0;
    node = node_add(&st, path);
    state->nodes[node].names = (unsigned)st.st_nlink;
    return node;
}

/* The node that a name means, which may be known by nobody yet. */
static unsigned node_of_name(const char *path)
{
    struct stat st;
    if (lstat(path, &st) != 0 || !S_ISREG(st.st_mode))
        return 0;
    unsigned node = node_find(&st);
    if (!node) {
        node = node_add(&st, path);
        state->nodes[node].names = (unsigned)st.st_nlink;
    }
    return node;
}

/* Keeps a file whose name goes. */
static void node_keep(unsigned node, const char *path)
{
    power_node *n = &state->nodes[node];
    char kept[PATH_BYTES];
    if (n->in_limbo)
        return;
    limbo_path(kept, node, 'f');
    CHECK_INT(link(path, kept), 0);
    snprintf(n->path, sizeof n->path, "%s", kept);
    n->in_limbo = true;
}

/* The change is on the disk; of a folder that is gone for good, what happened in it as well. */
static void folder_settle(const char *folder)
{
    char inner[PATH_BYTES];
    for (unsigned i = 0; i < state->change_count; i++) {
        power_change *c = &state->changes[i];
        if (c->kind < MAKE || strcmp(c->folder, folder) != 0)
            continue;
        unsigned gone = c->kind == REMOVE ? c->node : c->kind == RENAME ? c->replaced : 0;
        bool was_folder = c->kind == REMOVE_FOLDER;
        c->kind = GONE;
        if (gone && --state->nodes[gone].names == 0)
            node_drop(gone);
        if (was_folder) {
            path_join(inner, folder, c->name);
            folder_settle(inner);
        }
    }
}

/* ---- the table ------------------------------------------------------------------------------- */

static void note_made(int fd, const char *folder, const char *name)
{
    char path[PATH_BYTES];
    path_join(path, folder, name);
    unsigned node = node_made(fd, path);
    state->nodes[node].names = 1;
    power_change *c = change_new(MAKE);
    c->node = node;
    c->folder = arena_text(folder);
    c->name = arena_text(name);
}

/* Keeps what stands in a file from `offset` on, and notes a change of it. */
static power_change *note_content(change_kind kind, int fd, unsigned node, uint64_t offset, uint64_t length)
{
    struct stat st;
    char path[48];
    CHECK_INT(fstat(fd, &st), 0);
    power_change *c = change_new(kind);
    c->node = node;
    c->offset = offset;
    c->length = length;
    c->size_before = (uint64_t)st.st_size;
    uint64_t until = offset + length < c->size_before ? offset + length : c->size_before;
    if (until <= offset)
        return c;
    c->old = arena_take(until - offset);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd); /* it may be open for writing only */
    int again = open(path, O_RDONLY | O_CLOEXEC);
    CHECK(again >= 0);
    CHECK_INT(pread(again, c->old, until - offset, (off_t)offset), until - offset);
    close(again);
    return c;
}

static int power_ftruncate_locked(int fd, uint64_t length)
{
    struct stat st;
    unsigned node = node_of_fd(fd);
    if (node && fstat(fd, &st) == 0 && (uint64_t)st.st_size != length)
        note_content(CUT, fd, node, length,
                     (uint64_t)st.st_size > length ? (uint64_t)st.st_size - length : 0);
    return arv__fs_system.ftruncate(fd, length);
}

static int power_open_any(int (*opens)(int, const char *, int, mode_t), int dir_fd, const char *path,
                          int flags, mode_t mode)
{
    char folder[PATH_BYTES], name[256];
    struct stat st;
    int without = flags & ~((flags & O_CREAT) ? O_TRUNC : 0);
    if ((flags & O_TMPFILE) != O_TMPFILE && !(flags & (O_CREAT | O_TRUNC)))
        return opens(dir_fd, path, flags, mode);
    pthread_mutex_lock(&lock);
    bool watched = path_split(dir_fd, path, folder, name);
    bool there = watched && fstatat(dir_fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0;
    int fd = opens(dir_fd, path, without, mode);
    if (fd >= 0 && watched && (flags & O_TMPFILE) == O_TMPFILE)
        node_made(fd, "");
    else if (fd >= 0 && watched && !there)
        note_made(fd, folder, name);
    else if (fd >= 0 && (flags & O_TRUNC))
        CHECK_INT(power_ftruncate_locked(fd, 0), 0);
    pthread_mutex_unlock(&lock);
    return fd;
}

static int power_openat(int dir_fd, const char *path, int flags, mode_t mode)
{
    return power_open_any(arv__fs_system.openat, dir_fd, path, flags, mode);
}

static int power_open_beneath(int dir_fd, const char *path, int flags, mode_t mode)
{
    return power_open_any(arv__fs_system.open_beneath, dir_fd, path, flags, mode);
}

/* A file without a name is gone with its descriptor. */
static int power_close(int fd)
{
    struct stat st;
    pthread_mutex_lock(&lock);
    unsigned node = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? node_find(&st) : 0;
    if (node && st.st_nlink == 0 && !state->nodes[node].in_limbo)
        node_drop(node);
    int rc = arv__fs_system.close(fd);
    pthread_mutex_unlock(&lock);
    return rc;
}

static ssize_t power_pwrite(int fd, const void *data, size_t length, uint64_t offset)
{
    pthread_mutex_lock(&lock);
    unsigned node = node_of_fd(fd);
    power_change *c = NULL;
    if (node) {
        struct stat st;
        if ((fcntl(fd, F_GETFL) & O_APPEND) && fstat(fd, &st) == 0)
            offset = (uint64_t)st.st_size;
        c = note_content(WRITE, fd, node, offset, length);
        c->data = memcpy(arena_take(length), data, length);
    }
    ssize_t n = arv__fs_system.pwrite(fd, data, length, offset);
    if (c && n <= 0)
        c->kind = GONE;
    else if (c)
        c->length = (uint64_t)n;
    pthread_mutex_unlock(&lock);
    return n;
}

static int power_ftruncate(int fd, uint64_t length)
{
    pthread_mutex_lock(&lock);
    int rc = power_ftruncate_locked(fd, length);
    pthread_mutex_unlock(&lock);
    return rc;
}

/* Whether this sync happens; counts it for its site. */
static bool site_enter(void)
{
    char name[sizeof state->ignored];
    const char *file = site_file ? strstr(site_file, "core/src/") : NULL;
    bool ignored = state->lies;
    if (file) {
        snprintf(name, sizeof name, "%s:%d", file, site_line);
        unsigned i = 0;
        while (i < POWER_SITES_MOST - 1 && state->sites[i].name[0] && strcmp(state->sites[i].name, name) != 0)
            i++;
        snprintf(state->sites[i].name, sizeof state->sites[i].name, "%s", name);
        state->sites[i].calls++;
        ignored = ignored || strcmp(state->ignored, name) == 0;
    }
    site_file = NULL;
    return !ignored;
}

static int power_fsync(int fd)
{
    char link[48], path[PATH_BYTES];
    struct stat st;
    pthread_mutex_lock(&lock);
    if (!site_enter() || fstat(fd, &st) != 0)
        goto out;
    if (S_ISREG(st.st_mode)) {
        node_forget_writes(node_of_fd(fd));
        goto out;
    }
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length > 0) {
        path[length] = '\0';
        folder_settle(path);
        state_tidy();
    }
out:
    pthread_mutex_unlock(&lock);
    return 0;
}

static int power_linkat(int from_dir_fd, const char *from, int to_dir_fd, const char *to, int flags)
{
    char folder[PATH_BYTES], name[256], path[PATH_BYTES];
    pthread_mutex_lock(&lock);
    bool watched = path_split(to_dir_fd, to, folder, name);
    int rc = arv__fs_system.linkat(from_dir_fd, from, to_dir_fd, to, flags);
    if (rc == 0 && watched) {
        path_join(path, folder, name);
        unsigned node = node_of_name(path);
        power_change *c = change_new(MAKE);
        c->node = node;
        c->folder = arena_text(folder);
        c->name = arena_text(name);
        state->nodes[node].names++;
        if (!state->nodes[node].in_limbo)
            snprintf(state->nodes[node].path, PATH_BYTES, "%s", path);
    }
    pthread_mutex_unlock(&lock);
    return rc;
}

static int power_rename_any(int (*renames)(int, const char *, int, const char *), int from_dir_fd,
                            const char *from, int to_dir_fd, const char *to)
{
    char folder[PATH_BYTES], name[256], path[PATH_BYTES], from_folder[PATH_BYTES], from_name[256];
    unsigned replaced = 0;
    pthread_mutex_lock(&lock);
    bool watched =
        path_split(to_dir_fd, to, folder, name) && path_split(from_dir_fd, from, from_folder, from_name);
    if (watched) {
        path_join(path, folder, name);
        CHECK_STR(from_folder, folder); /* other renames are not modelled */
        if (renames == arv__fs_system.renameat && (replaced = node_of_name(path)) != 0)
            node_keep(replaced, path);
    }
    int rc = renames(from_dir_fd, from, to_dir_fd, to);
    if (rc == 0 && watched) {
        power_change *c = change_new(RENAME);
        c->node = node_of_name(path);
        c->replaced = replaced;
        c->folder = arena_text(folder);
        c->name = arena_text(name);
        c->from = arena_text(from_name);
        if (c->node && !state->nodes[c->node].in_limbo)
            snprintf(state->nodes[c->node].path, PATH_BYTES, "%s", path);
    }
    pthread_mutex_unlock(&lock);
    return rc;
}

static int power_renameat(int from_dir_fd, const char *from, int to_dir_fd, const char *to)
{
    return power_rename_any(arv__fs_system.renameat, from_dir_fd, from, to_dir_fd, to);
}

static int power_renameat_noreplace(int from_dir_fd, const char *from, int to_dir_fd, const char *to)
{
    return power_rename_any(arv__fs_system.renameat_noreplace, from_dir_fd, from, to_dir_fd, to);
}

static int power_unlinkat(int dir_fd, const char *path, int flags)
{
    char folder[PATH_BYTES], name[256], full[PATH_BYTES];
    unsigned node = 0;
    pthread_mutex_lock(&lock);
    bool watched = path_split(dir_fd, path, folder, name);
    if (watched) {
        path_join(full, folder, name);
        if (!(flags & AT_REMOVEDIR) && (node = node_of_name(full)) != 0)
            node_keep(node, full);
    }
    int rc = arv__fs_system.unlinkat(dir_fd, path, flags);
    if (rc == 0 && watched && (node || (flags & AT_REMOVEDIR))) {
        power_change *c = change_new(flags & AT_REMOVEDIR ? REMOVE_FOLDER : REMOVE);
        c->node = node;
        c->folder = arena_text(folder);
        c->name = arena_text(name);
    }
    pthread_mutex_unlock(&lock);
    return rc;
}

static int power_mkdirat(int dir_fd, const char *path, mode_t mode)
{
    char folder[PATH_BYTES], name[256];
    pthread_mutex_lock(&lock);
    bool watched = path_split(dir_fd, path, folder, name);
    int rc = arv__fs_system.mkdirat(dir_fd, path, mode);
    if (rc == 0 && watched) {
        power_change *c = change_new(MAKE_FOLDER);
        c->folder = arena_text(folder);
        c->name = arena_text(name);
    }
    pthread_mutex_unlock(&lock);
    return rc;
}

/* ---- the failure ----------------------------------------------------------------------------- */

static uint64_t dice_state;

static unsigned dice(unsigned sides)
{
    dice_state ^= dice_state << 13;
    dice_state ^= dice_state >> 7;
    dice_state ^= dice_state << 17;
    return (unsigned)(dice_state >> 33) % sides;
}

__attribute__((format(printf, 1, 2))) static void tell(const char *format, ...)
{
    size_t used = strlen(story);
    va_list args;
    va_start(args, format);
    vsnprintf(story + used, sizeof story - used, format, args);
    va_end(args);
}

static void content_undo(int fd, const power_change *c)
{
    uint64_t until = c->offset + c->length < c->size_before ? c->offset + c->length : c->size_before;
    CHECK_INT(ftruncate(fd, (off_t)c->size_before), 0);
    if (until > c->offset)
        CHECK_INT(pwrite(fd, c->old, until - c->offset, (off_t)c->offset), until - c->offset);
}

/* How much of a write reaches the disk; zeros stand only where the file had nothing. */
static bool write_redo(int fd, const power_change *c, power_kept kept)
{
    struct stat st;
    unsigned fate = kept == POWER_ALL ? 0 : kept == POWER_NONE ? 1 : dice(10);
    uint64_t length = c->length;
    const char *name = strrchr(state->nodes[c->node].path, '/');
    name = name ? name : "(no name)";
    if (fate == 1 || (fate >= 2 && fate <= 4)) {
        tell("  write of %llu at %llu in %s: lost\n", (unsigned long long)c->length,
             (unsigned long long)c->offset, name);
        return false;
    }
    if (fate == 8 && length > 1)
        length = 1 + dice((unsigned)(length - 1));
    if (fate == 9) {
        CHECK_INT(fstat(fd, &st), 0);
        if ((uint64_t)st.st_size < c->offset + length)
            CHECK_INT(ftruncate(fd, (off_t)(c->offset + length)), 0);
    } else {
        CHECK_INT(pwrite(fd, c->data, length, (off_t)c->offset), length);
    }
    tell("  write of %llu at %llu in %s: %s\n", (unsigned long long)c->length, (unsigned long long)c->offset,
         name,
         fate == 9            ? "zeros"
         : length < c->length ? "a part"
                              : "kept");
    return fate != 9 && length == c->length;
}

static int contents_cut(power_kept kept)
{
    int lost = 0;
    for (unsigned node = 1; node < state->node_count; node++) {
        int fd = -1;
        if (!state->nodes[node].used || !state->nodes[node].path[0])
            continue;
        for (unsigned i = state->change_count; i-- > 0;) {
            power_change *c = &state->changes[i];
            if ((c->kind != WRITE && c->kind != CUT) || c->node != node)
                continue;
            if (fd < 0 && (fd = open(state->nodes[node].path, O_RDWR | O_NOFOLLOW)) < 0)
                break;
            content_undo(fd, c);
        }
        for (unsigned i = 0; fd >= 0 && i < state->change_count; i++) {
            power_change *c = &state->changes[i];
            if (c->kind == WRITE && c->node == node)
                lost += !write_redo(fd, c, kept);
            else if (c->kind == CUT && c->node == node) {
                bool stays = kept == POWER_ALL || (kept == POWER_SOME && dice(2));
                if (stays)
                    CHECK_INT(ftruncate(fd, (off_t)c->offset), 0);
                lost += !stays;
            }
        }
        if (fd >= 0)
            close(fd);
    }
    return lost;
}

static void folder_undo(power_change *c)
{
    char path[PATH_BYTES], other[PATH_BYTES];
    path_join(path, c->folder, c->name);
    if (c->kind == MAKE) {
        limbo_path(other, c->node, 'f');
        if (access(other, F_OK) == 0)
            unlink(path);
        else
            rename(path, other);
    } else if (c->kind == REMOVE) {
        limbo_path(other, c->node, 'f');
        CHECK_INT(link(other, path), 0);
    } else if (c->kind == RENAME) {
        path_join(other, c->folder, c->from);
        CHECK_INT(rename(path, other), 0);
        limbo_path(other, c->replaced, 'f');
        if (c->replaced)
            CHECK_INT(link(other, path), 0);
    } else if (c->kind == MAKE_FOLDER) {
        c->node = ++state->limbo_folders;
        limbo_path(other, c->node, 'd');
        CHECK_INT(rename(path, other), 0);
    } else if (c->kind == REMOVE_FOLDER) {
        CHECK_INT(mkdir(path, 0700), 0);
    }
}

/* What cannot happen any more, since something before it did not, is lost with that. */
static void folder_redo(const power_change *c)
{
    char path[PATH_BYTES], other[PATH_BYTES];
    path_join(path, c->folder, c->name);
    if (c->kind == MAKE) {
        limbo_path(other, c->node, 'f');
        (void)!link(other, path);
    } else if (c->kind == REMOVE) {
        unlink(path);
    } else if (c->kind == RENAME) {
        path_join(other, c->folder, c->from);
        rename(other, path);
    } else if (c->kind == MAKE_FOLDER) {
        limbo_path(other, c->node, 'd');
        rename(other, path);
    } else if (c->kind == REMOVE_FOLDER) {
        rmdir(path);
    }
}

static int folders_cut(power_kept kept)
{
    static const char *const verbs[] = {[MAKE] = "name made",
                                        [REMOVE] = "name removed",
                                        [RENAME] = "renamed",
                                        [MAKE_FOLDER] = "folder made",
                                        [REMOVE_FOLDER] = "folder removed"};
    int lost = 0;
    for (unsigned i = state->change_count; i-- > 0;)
        if (state->changes[i].kind >= MAKE)
            folder_undo(&state->changes[i]);
    for (unsigned i = 0; i < state->change_count; i++) {
        const power_change *c = &state->changes[i];
        if (c->kind < MAKE)
            continue;
        bool stays = kept == POWER_ALL || (kept == POWER_SOME && dice(2));
        tell("  %s/%s %s: %s\n", c->folder + state->root_length, c->name, verbs[c->kind],
             stays ? "kept" : "lost");
        if (stays)
            folder_redo(c);
        lost += !stays;
    }
    return lost;
}

static int limbo_remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
    (void)st;
    if (walk->level == 0)
        return 0;
    return type == FTW_DP ? rmdir(path) : unlink(path);
}

void power_fs_sync_all(void)
{
    char limbo[PATH_BYTES];
    path_join(limbo, state->root, LIMBO);
    nftw(limbo, limbo_remove_one, 32, FTW_DEPTH | FTW_PHYS);
    state->change_count = state->limbo_folders = 0;
    state->node_count = 1;
    state->arena_used = 0;
}

int power_fs_cut_some(power_kept kept, uint64_t seed)
{
    arv__fs_set(NULL);
    story[0] = '\0';
    dice_state = seed * 0x9E3779B97F4A7C15u + 0x7654321u;
    int lost = contents_cut(kept);
    lost += folders_cut(kept);
    power_fs_sync_all();
    return lost;
}

int power_fs_cut(void)
{
    return power_fs_cut_some(POWER_NONE, 0);
}

const char *power_fs_story(void)
{
    return story;
}

/* ---- life ------------------------------------------------------------------------------------ */

/* Several processes may each have one; children share that of their parent until they open one. */
static void state_own(void)
{
    if (state && state_owner == getpid())
        return;
    state_owner = getpid();
    state = mmap(NULL, sizeof *state + ARENA_BYTES, PROT_READ | PROT_WRITE,
                 MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    CHECK(state != MAP_FAILED);
}

const arv__fileops *power_fs_open(const char *root)
{
    char limbo[PATH_BYTES], real[PATH_MAX];
    state_own();
    CHECK(realpath(root, real) && strlen(real) < PATH_BYTES - 64);
    strcpy(state->root, real);
    state->root_length = strlen(real);
    state->lies = false;
    path_join(limbo, real, LIMBO);
    mkdir(limbo, 0700);
    power_fs_sync_all();
    power_table = arv__fs_system;
    power_table.openat = power_openat;
    power_table.open_beneath = power_open_beneath;
    power_table.close = power_close;
    power_table.pwrite = power_pwrite;
    power_table.ftruncate = power_ftruncate;
    power_table.fsync = power_table.fdatasync = power_fsync;
    power_table.linkat = power_linkat;
    power_table.renameat = power_renameat;
    power_table.renameat_noreplace = power_renameat_noreplace;
    power_table.unlinkat = power_unlinkat;
    power_table.mkdirat = power_mkdirat;
    return &power_table;
}

void power_fs_install(bool ignores_fsync)
{
    arv__fs_set(power_fs_open(test_dir()));
    state->lies = ignores_fsync;
}

void power_fs_freeze(void)
{
    pthread_mutex_lock(&lock);
}

int power_fs_site(int fd, const char *file, int line)
{
    site_file = file;
    site_line = line;
    return fd;
}

void power_fs_ignore_site(const char *site)
{
    state_own();
    snprintf(state->ignored, sizeof state->ignored, "%s", site);
}

unsigned power_fs_site_calls(const char *site)
{
    for (unsigned i = 0; i < POWER_SITES_MOST; i++)
        if (strcmp(state->sites[i].name, site) == 0)
            return state->sites[i].calls;
    return 0;
}
