/* SPDX-License-Identifier: Apache-2.0 */
#include "fault_fs.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include "test.h"

enum { RULES_MOST = 16, HIDDEN_MOST = 8 };

typedef enum { RULE_FAIL, RULE_SHORTEN, RULE_KILL, RULE_DIE } rule_kind;

typedef struct rule {
    rule_kind kind;
    bool after; /* the call takes effect first */
    fault_op op;
    unsigned first, last; /* counts of the operation, or of all */
    int system_errno;
    size_t bytes;
} rule;

typedef struct verdict {
    int fail; /* -errno, or 0 */
    const rule *after;
} verdict;

static rule rules[RULES_MOST];
static unsigned rule_count, total;
static unsigned counts[FAULT_OPS];
static const arv__fileops *base = &arv__fs_system;
static void (*before_kill)(void);
static int dead_errno; /* 0: the disk lives */
static struct {
    const char *path;
    int system_errno;
} hidden[HIDDEN_MOST];

static const char *const names[FAULT_OPS] = {
    [FAULT_OPENAT] = "openat",
    [FAULT_OPEN_TMPFILE] = "openat(O_TMPFILE)",
    [FAULT_OPEN_BENEATH] = "open_beneath",
    [FAULT_CLOSE] = "close",
    [FAULT_READ] = "read",
    [FAULT_PREAD] = "pread",
    [FAULT_PWRITE] = "pwrite",
    [FAULT_WRITE] = "write",
    [FAULT_FSYNC] = "fsync",
    [FAULT_FDATASYNC] = "fdatasync",
    [FAULT_FSTAT] = "fstat",
    [FAULT_FSTATAT] = "fstatat",
    [FAULT_FSTATVFS] = "fstatvfs",
    [FAULT_LINKAT] = "linkat",
    [FAULT_LINK_EMPTY] = "linkat(AT_EMPTY_PATH)",
    [FAULT_RENAMEAT] = "renameat_noreplace",
    [FAULT_RENAMEAT_REPLACING] = "renameat",
    [FAULT_UNLINKAT] = "unlinkat",
    [FAULT_MKDIRAT] = "mkdirat",
    [FAULT_READLINKAT] = "readlinkat",
    [FAULT_FALLOCATE] = "fallocate",
    [FAULT_FTRUNCATE] = "ftruncate",
    [FAULT_FADVISE] = "fadvise",
    [FAULT_SETFL] = "fcntl_setfl",
    [FAULT_FLOCK] = "flock",
    [FAULT_FUTIMENS] = "futimens",
    [FAULT_LOCK] = "lock",
    [FAULT_FDOPENDIR] = "fdopendir",
    [FAULT_READDIR] = "readdir",
    [FAULT_CLOSEDIR] = "closedir",
};

const char *fault_fs_name(fault_op op)
{
    return op == FAULT_ANY ? "any call" : names[op];
}

unsigned fault_fs_rules(void)
{
    return rule_count;
}

unsigned fault_fs_calls(fault_op op)
{
    return __atomic_load_n(op == FAULT_ANY ? &total : &counts[op], __ATOMIC_RELAXED);
}

static void fault_kill(void)
{
    if (before_kill)
        before_kill();
    kill(getpid(), SIGKILL);
}

/* Counts the call and tells what becomes of it; `length` may become less. */
static verdict fault_ask(fault_op op, size_t *length)
{
    unsigned all = __atomic_add_fetch(&total, 1, __ATOMIC_RELAXED);
    unsigned own = __atomic_add_fetch(&counts[op], 1, __ATOMIC_RELAXED);
    int dead = __atomic_load_n(&dead_errno, __ATOMIC_RELAXED);
    if (dead)
        return (verdict){-dead, NULL};
    for (unsigned i = 0; i < rule_count; i++) {
        const rule *r = &rules[i];
        unsigned count = r->op == FAULT_ANY ? all : own;
        if ((r->op != FAULT_ANY && r->op != op) || count < r->first || count > r->last)
            continue;
        if (r->after)
            return (verdict){0, r};
        if (r->kind == RULE_KILL)
            fault_kill();
        if (r->kind == RULE_DIE)
            __atomic_store_n(&dead_errno, r->system_errno, __ATOMIC_RELAXED);
        if (r->kind == RULE_FAIL || r->kind == RULE_DIE)
            return (verdict){-r->system_errno, NULL};
        if (length && *length > r->bytes)
            *length = r->bytes;
        break;
    }
    return (verdict){0, NULL};
}

/* What the caller is told of a call that was made. */
static ssize_t fault_answer(verdict v, ssize_t result)
{
    if (v.after && v.after->kind == RULE_KILL)
        fault_kill();
    return v.after && result >= 0 ? -v.after->system_errno : result;
}

static int fault_answer_open(verdict v, int fd)
{
    int answer = (int)fault_answer(v, fd);
    if (fd >= 0 && answer < 0)
        base->close(fd);
    return answer;
}

static rule *rule_add(rule_kind kind, fault_op op, unsigned nth, bool further)
{
    if (rule_count == RULES_MOST || nth == 0)
        test_fail(__FILE__, __LINE__, "too many faults, or a call number of 0");
    rule *r = &rules[rule_count++];
    *r = (rule){.kind = kind, .op = op};
    r->first = fault_fs_calls(op) + nth;
    r->last = further ? (unsigned)-1 : r->first;
    return r;
}

void fault_fs_fail(fault_op op, unsigned nth, int system_errno)
{
    rule_add(RULE_FAIL, op, nth, false)->system_errno = system_errno;
}

void fault_fs_fail_from(fault_op op, unsigned nth, int system_errno)
{
    rule_add(RULE_FAIL, op, nth, true)->system_errno = system_errno;
}

void fault_fs_die(fault_op op, unsigned nth, int system_errno)
{
    rule_add(RULE_DIE, op, nth, false)->system_errno = system_errno;
}

void fault_fs_lack(fault_op op, int system_errno)
{
    fault_fs_fail_from(op, 1, system_errno);
}

void fault_fs_hide(unsigned slot, const char *path)
{
    fault_fs_refuse(slot, path, ENOENT);
}

void fault_fs_refuse(unsigned slot, const char *path, int system_errno)
{
    hidden[slot % HIDDEN_MOST].system_errno = system_errno;
    hidden[slot % HIDDEN_MOST].path = path;
}

void fault_fs_shorten(fault_op op, unsigned nth, size_t bytes)
{
    rule_add(RULE_SHORTEN, op, nth, false)->bytes = bytes;
}

void fault_fs_shorten_all(fault_op op, size_t bytes)
{
    rule_add(RULE_SHORTEN, op, 1, true)->bytes = bytes;
}

void fault_fs_kill(fault_op op, unsigned nth)
{
    rule_add(RULE_KILL, op, nth, false);
}

void fault_fs_fail_after(fault_op op, unsigned nth, int system_errno)
{
    rule *r = rule_add(RULE_FAIL, op, nth, false);
    r->system_errno = system_errno;
    r->after = true;
}

void fault_fs_kill_after(fault_op op, unsigned nth)
{
    rule_add(RULE_KILL, op, nth, false)->after = true;
}

void fault_fs_before_kill(void (*prepare)(void))
{
    before_kill = prepare;
}

/* ---- the table ------------------------------------------------------------------------------- */

#define FAULT_OR(op, call)                                                                                   \
    do {                                                                                                     \
        verdict v_ = fault_ask((op), NULL);                                                                  \
        return v_.fail < 0 ? v_.fail : (int)fault_answer(v_, base->call);                                    \
    } while (0)

#define FAULT_OPEN_OR(op, call)                                                                              \
    do {                                                                                                     \
        verdict v_ = fault_ask((op), NULL);                                                                  \
        return v_.fail < 0 ? v_.fail : fault_answer_open(v_, base->call);                                    \
    } while (0)

#define FAULT_LENGTH_OR(op, length, call)                                                                    \
    do {                                                                                                     \
        verdict v_ = fault_ask((op), &(length));                                                             \
        return v_.fail < 0 ? v_.fail : fault_answer(v_, base->call);                                         \
    } while (0)

static int fault_openat(int dir_fd, const char *path, int flags, mode_t mode)
{
    for (int i = 0; i < HIDDEN_MOST; i++)
        if (hidden[i].path && strcmp(hidden[i].path, path) == 0)
            return -hidden[i].system_errno;
    FAULT_OPEN_OR((flags & O_TMPFILE) == O_TMPFILE ? FAULT_OPEN_TMPFILE : FAULT_OPENAT,
                  openat(dir_fd, path, flags, mode));
}

static int fault_open_beneath(int dir_fd, const char *path, int flags, mode_t mode)
{
    FAULT_OPEN_OR(FAULT_OPEN_BENEATH, open_beneath(dir_fd, path, flags, mode));
}

/* The descriptor is gone after a failed close as well. */
static int fault_close(int fd)
{
    verdict v = fault_ask(FAULT_CLOSE, NULL);
    int rc = (int)fault_answer(v, base->close(fd));
    return v.fail < 0 ? v.fail : rc;
}

static ssize_t fault_read(int fd, void *into, size_t length)
{
    FAULT_LENGTH_OR(FAULT_READ, length, read(fd, into, length));
}

static ssize_t fault_pread(int fd, void *into, size_t length, uint64_t offset)
{
    FAULT_LENGTH_OR(FAULT_PREAD, length, pread(fd, into, length, offset));
}

static ssize_t fault_pwrite(int fd, const void *data, size_t length, uint64_t offset)
{
    FAULT_LENGTH_OR(FAULT_PWRITE, length, pwrite(fd, data, length, offset));
}

static ssize_t fault_write(int fd, const void *data, size_t length)
{
    FAULT_LENGTH_OR(FAULT_WRITE, length, write(fd, data, length));
}

static int fault_fsync(int fd)
{
    FAULT_OR(FAULT_FSYNC, fsync(fd));
}

static int fault_fdatasync(int fd)
{
    FAULT_OR(FAULT_FDATASYNC, fdatasync(fd));
}

static int fault_fstat(int fd, struct stat *st)
{
    FAULT_OR(FAULT_FSTAT, fstat(fd, st));
}

static int fault_fstatat(int dir_fd, const char *path, struct stat *st, int flags)
{
    FAULT_OR(FAULT_FSTATAT, fstatat(dir_fd, path, st, flags));
}

static int fault_fstatvfs(int fd, struct statvfs *st)
{
    FAULT_OR(FAULT_FSTATVFS, fstatvfs(fd, st));
}

static int fault_linkat(int from_dir_fd, const char *from, int to_dir_fd, const char *to, int flags)
{
    FAULT_OR(flags & AT_EMPTY_PATH ? FAULT_LINK_EMPTY : FAULT_LINKAT,
             linkat(from_dir_fd, from, to_dir_fd, to, flags));
}

static int fault_renameat(int from_dir_fd, const char *from, int to_dir_fd, const char *to)
{
    FAULT_OR(FAULT_RENAMEAT, renameat_noreplace(from_dir_fd, from, to_dir_fd, to));
}

static int fault_renameat_replacing(int from_dir_fd, const char *from, int to_dir_fd, const char *to)
{
    FAULT_OR(FAULT_RENAMEAT_REPLACING, renameat(from_dir_fd, from, to_dir_fd, to));
}

static int fault_unlinkat(int dir_fd, const char *path, int flags)
{
    FAULT_OR(FAULT_UNLINKAT, unlinkat(dir_fd, path, flags));
}

static int fault_mkdirat(int dir_fd, const char *path, mode_t mode)
{
    FAULT_OR(FAULT_MKDIRAT, mkdirat(dir_fd, path, mode));
}

static ssize_t fault_readlinkat(int dir_fd, const char *path, char *into, size_t length)
{
    FAULT_LENGTH_OR(FAULT_READLINKAT, length, readlinkat(dir_fd, path, into, length));
}

static int fault_fallocate(int fd, uint64_t offset, uint64_t length)
{
    FAULT_OR(FAULT_FALLOCATE, fallocate(fd, offset, length));
}

static int fault_ftruncate(int fd, uint64_t length)
{
    FAULT_OR(FAULT_FTRUNCATE, ftruncate(fd, length));
}

static int fault_fadvise(int fd, uint64_t offset, uint64_t length, int advice)
{
    FAULT_OR(FAULT_FADVISE, fadvise(fd, offset, length, advice));
}

static int fault_setfl(int fd, int flags)
{
    FAULT_OR(FAULT_SETFL, fcntl_setfl(fd, flags));
}

static int fault_flock(int fd, int operation)
{
    FAULT_OR(FAULT_FLOCK, flock(fd, operation));
}

static int fault_futimens(int fd, const struct timespec times[2])
{
    FAULT_OR(FAULT_FUTIMENS, futimens(fd, times));
}

static int fault_lock(int fd, bool ask)
{
    FAULT_OR(FAULT_LOCK, lock(fd, ask));
}

static DIR *fault_fdopendir(int fd, int *error)
{
    *error = fault_ask(FAULT_FDOPENDIR, NULL).fail;
    return *error < 0 ? NULL : base->fdopendir(fd, error);
}

static struct dirent *fault_readdir(DIR *dir, int *error)
{
    *error = fault_ask(FAULT_READDIR, NULL).fail;
    return *error < 0 ? NULL : base->readdir(dir, error);
}

static int fault_closedir(DIR *dir)
{
    int fault = fault_ask(FAULT_CLOSEDIR, NULL).fail;
    int rc = base->closedir(dir);
    return fault < 0 ? fault : rc;
}

static const arv__fileops fault_table = {
    .openat = fault_openat,
    .open_beneath = fault_open_beneath,
    .close = fault_close,
    .read = fault_read,
    .pread = fault_pread,
    .pwrite = fault_pwrite,
    .write = fault_write,
    .fsync = fault_fsync,
    .fdatasync = fault_fdatasync,
    .fstat = fault_fstat,
    .fstatat = fault_fstatat,
    .fstatvfs = fault_fstatvfs,
    .linkat = fault_linkat,
    .renameat = fault_renameat_replacing,
    .renameat_noreplace = fault_renameat,
    .unlinkat = fault_unlinkat,
    .mkdirat = fault_mkdirat,
    .readlinkat = fault_readlinkat,
    .fallocate = fault_fallocate,
    .ftruncate = fault_ftruncate,
    .fadvise = fault_fadvise,
    .fcntl_setfl = fault_setfl,
    .flock = fault_flock,
    .futimens = fault_futimens,
    .lock = fault_lock,
    .fdopendir = fault_fdopendir,
    .readdir = fault_readdir,
    .closedir = fault_closedir,
};

void fault_fs_reset(void)
{
    rule_count = 0;
    dead_errno = 0;
    total = 0;
    for (int i = 0; i < FAULT_OPS; i++)
        counts[i] = 0;
}

void fault_fs_install(void)
{
    fault_fs_install_over(&arv__fs_system);
}

void fault_fs_install_over(const arv__fileops *below)
{
    fault_fs_reset();
    base = below;
    arv__fs_set(&fault_table);
}

void fault_fs_remove(void)
{
    arv__fs_set(NULL);
    fault_fs_reset();
}
