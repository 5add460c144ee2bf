/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The system's table of file operations. Each slot is one system call and a translation of its
 * result. Two functions do more: open_beneath walks by itself where openat2 is missing, and so does
 * arv__fs_temporary() where O_TMPFILE is. A slot that the platform lacks returns -ENOSYS; its callers
 * have another way.
 */

#include "loop/fileops.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>
#if defined(__linux__) && defined(SYS_openat2)
#include <linux/openat2.h>
#endif

#include "util/names.h"
#include "util/time.h"

enum {
    BENEATH_TRIES = 8, /* openat2 answers EAGAIN when a rename elsewhere disturbed it */
    TEMPORARY_TRIES = 16
};

static int result_of(long rc)
{
    return rc < 0 ? -errno : (int)rc;
}

static int system_openat(int dir_fd, const char *path, int flags, mode_t mode)
{
    return result_of(openat(dir_fd, path, flags, mode));
}

/* ---- open beneath ---------------------------------------------------------------------------- */

#if defined(__linux__) && defined(SYS_openat2)
/* A filter may refuse the call with EPERM or others, so the answer for "." decides. */
static bool openat2_works(void)
{
    static int known; /* 0 not asked, 1 yes, -1 no */
    int answer = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (answer == 0) {
        struct open_how how = {.flags = O_PATH | O_CLOEXEC};
        long fd = syscall(SYS_openat2, AT_FDCWD, ".", &how, sizeof how);
        if (fd < 0 && (errno == EMFILE || errno == ENFILE))
            return true; /* does not show whether the call works */
        answer = fd >= 0 || (errno != ENOSYS && errno != EPERM) ? 1 : -1;
        if (fd >= 0)
            close((int)fd);
        __atomic_store_n(&known, answer, __ATOMIC_RELAXED);
    }
    return answer > 0;
}

static int beneath_by_kernel(int dir_fd, const char *path, int flags, mode_t mode)
{
    struct open_how how = {
        .flags = (unsigned)flags,
        .mode = (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE ? mode & 07777 : 0,
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };
    int rc = -EAGAIN;
    for (int i = 0; i < BENEATH_TRIES && rc == -EAGAIN; i++)
        rc = result_of(syscall(SYS_openat2, dir_fd, path, &how, sizeof how));
    return rc;
}
#endif

/* Translates an error of openat with O_NOFOLLOW, which calls a link to a folder "not a folder", into that
 * of openat2. */
static int beneath_component(int dir_fd, const char *name, int flags, mode_t mode)
{
    struct stat st;
    int fd = result_of(openat(dir_fd, name, flags | O_NOFOLLOW, mode));
    if (fd == -ENOTDIR && fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(st.st_mode))
        return -ELOOP;
    if (fd >= 0 && (flags & O_PATH) && !(flags & O_NOFOLLOW) && fstat(fd, &st) == 0 && S_ISLNK(st.st_mode)) {
        close(fd);
        return -ELOOP;
    }
    return fd;
}

int arv__fs_beneath_by_steps(int dir_fd, const char *path, int flags, mode_t mode)
{
    char name[NAME_MAX + 1];
    int at = dir_fd, rc;
    if (*path == '/')
        return -EXDEV;
    if (!*path)
        return -ENOENT;
    for (;;) {
        size_t length = strcspn(path, "/");
        const char *rest = path + length + strspn(path + length, "/");
        bool last = !*rest;
        if (length > NAME_MAX) {
            rc = -ENAMETOOLONG;
            break;
        }
        memcpy(name, path, length);
        name[length] = '\0';
        if (strcmp(name, "..") == 0) {
            rc = -EXDEV;
            break;
        }
        int step = last ? flags | (path[length] ? O_DIRECTORY : 0) : O_PATH | O_DIRECTORY | O_CLOEXEC;
        rc = beneath_component(at, name, step, mode);
        if (rc < 0 || last)
            break;
        if (at != dir_fd)
            close(at);
        at = rc;
        path = rest;
    }
    if (at != dir_fd)
        close(at);
    return rc;
}

static int system_open_beneath(int dir_fd, const char *path, int flags, mode_t mode)
{
#if defined(__linux__) && defined(SYS_openat2)
    if (openat2_works())
        return beneath_by_kernel(dir_fd, path, flags, mode);
#endif
    return arv__fs_beneath_by_steps(dir_fd, path, flags, mode);
}

/* ---- one call each --------------------------------------------------------------------------- */

static int system_close(int fd)
{
    return result_of(close(fd));
}

static ssize_t system_read(int fd, void *into, size_t length)
{
    ssize_t n = read(fd, into, length);
    return n < 0 ? -errno : n;
}

static ssize_t system_pread(int fd, void *into, size_t length, uint64_t offset)
{
    ssize_t n = pread(fd, into, length, (off_t)offset);
    return n < 0 ? -errno : n;
}

static ssize_t system_pwrite(int fd, const void *data, size_t length, uint64_t offset)
{
    ssize_t n = pwrite(fd, data, length, (off_t)offset);
    return n < 0 ? -errno : n;
}

static ssize_t system_write(int fd, const void *data, size_t length)
{
    ssize_t n = write(fd, data, length);
    return n < 0 ? -errno : n;
}

static int system_fsync(int fd)
{
    return result_of(fsync(fd));
}

static int system_fdatasync(int fd)
{
    return result_of(fdatasync(fd));
}

static int system_fstat(int fd, struct stat *st)
{
    return result_of(fstat(fd, st));
}

static int system_fstatat(int dir_fd, const char *path, struct stat *st, int flags)
{
    return result_of(fstatat(dir_fd, path, st, flags));
}

static int system_fstatvfs(int fd, struct statvfs *st)
{
    return result_of(fstatvfs(fd, st));
}

static int system_linkat(int from_dir_fd, const char *from, int to_dir_fd, const char *to, int flags)
{
    return result_of(linkat(from_dir_fd, from, to_dir_fd, to, flags));
}

static int system_renameat(int from_dir_fd, const char *from, int to_dir_fd, const char *to)
{
    return result_of(renameat(from_dir_fd, from, to_dir_fd, to));
}

static int system_renameat_noreplace(int from_dir_fd, const char *from, int to_dir_fd, const char *to)
{
#if defined(__linux__) && defined(SYS_renameat2)
    return result_of(syscall(SYS_renameat2, from_dir_fd, from, to_dir_fd, to, 1u /* NOREPLACE */));
#else
    (void)from_dir_fd, (void)from, (void)to_dir_fd, (void)to;
    return -ENOSYS;
#endif
}

static int system_unlinkat(int dir_fd, const char *path, int flags)
{
    return result_of(unlinkat(dir_fd, path, flags));
}

static int system_mkdirat(int dir_fd, const char *path, mode_t mode)
{
    return result_of(mkdirat(dir_fd, path, mode));
}

static ssize_t system_readlinkat(int dir_fd, const char *path, char *into, size_t length)
{
    ssize_t n = readlinkat(dir_fd, path, into, length);
    return n < 0 ? -errno : n;
}

static int system_fallocate(int fd, uint64_t offset, uint64_t length)
{
#if defined(__linux__) && defined(FALLOC_FL_KEEP_SIZE)
    return result_of(fallocate(fd, FALLOC_FL_KEEP_SIZE, (off_t)offset, (off_t)length));
#else
    (void)fd, (void)offset, (void)length;
    return -EOPNOTSUPP;
#endif
}

static int system_ftruncate(int fd, uint64_t length)
{
    return result_of(ftruncate(fd, (off_t)length));
}

static int system_fadvise(int fd, uint64_t offset, uint64_t length, int advice)
{
#ifdef POSIX_FADV_DONTNEED
    return -posix_fadvise(fd, (off_t)offset, (off_t)length, advice);
#else
    (void)fd, (void)offset, (void)length, (void)advice;
    return -ENOSYS;
#endif
}

static int system_fcntl_setfl(int fd, int flags)
{
    return result_of(fcntl(fd, F_SETFL, flags));
}

static int system_flock(int fd, int operation)
{
    return result_of(flock(fd, operation));
}

static int system_futimens(int fd, const struct timespec times[2])
{
    return result_of(futimens(fd, times));
}

static int system_lock(int fd, bool ask)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int rc = result_of(fcntl(fd, ask ? F_OFD_GETLK : F_OFD_SETLK, &whole));
    if (rc == -EACCES)
        return -EAGAIN;
    return rc < 0 ? rc : ask && whole.l_type != F_UNLCK ? -EAGAIN : 0;
}

static DIR *system_fdopendir(int fd, int *error)
{
    DIR *dir = fdopendir(fd);
    *error = dir ? 0 : -errno;
    return dir;
}

static struct dirent *system_readdir(DIR *dir, int *error)
{
    errno = 0;
    struct dirent *entry = readdir(dir);
    *error = entry ? 0 : -errno;
    return entry;
}

static int system_closedir(DIR *dir)
{
    return result_of(closedir(dir));
}

const arv__fileops arv__fs_system = {
    .openat = system_openat,
    .open_beneath = system_open_beneath,
    .close = system_close,
    .read = system_read,
    .pread = system_pread,
    .pwrite = system_pwrite,
    .write = system_write,
    .fsync = system_fsync,
    .fdatasync = system_fdatasync,
    .fstat = system_fstat,
    .fstatat = system_fstatat,
    .fstatvfs = system_fstatvfs,
    .linkat = system_linkat,
    .renameat = system_renameat,
    .renameat_noreplace = system_renameat_noreplace,
    .unlinkat = system_unlinkat,
    .mkdirat = system_mkdirat,
    .readlinkat = system_readlinkat,
    .fallocate = system_fallocate,
    .ftruncate = system_ftruncate,
    .fadvise = system_fadvise,
    .fcntl_setfl = system_fcntl_setfl,
    .flock = system_flock,
    .futimens = system_futimens,
    .lock = system_lock,
    .fdopendir = system_fdopendir,
    .readdir = system_readdir,
    .closedir = system_closedir,
};

const arv__fileops *arv__fs = &arv__fs_system;

void arv__fs_set(const arv__fileops *table)
{
    arv__fs = table ? table : &arv__fs_system;
}

/* ---- whole reads and writes ------------------------------------------------------------------ */

ssize_t arv__fs_pread_full(int fd, void *into, size_t length, uint64_t offset)
{
    size_t done = 0;
    while (done < length) {
        ssize_t n = arv__fs->pread(fd, (char *)into + done, length - done, offset + done);
        if (n == -EINTR)
            continue;
        if (n < 0)
            return n;
        if (n == 0)
            break;
        done += (size_t)n;
    }
    return (ssize_t)done;
}

ssize_t arv__fs_read_full(int fd, void *into, size_t length)
{
    size_t done = 0;
    while (done < length) {
        ssize_t n = arv__fs->read(fd, (char *)into + done, length - done);
        if (n == -EINTR)
            continue;
        if (n < 0)
            return n;
        if (n == 0)
            break;
        done += (size_t)n;
    }
    return (ssize_t)done;
}

int arv__fs_pwrite_full(int fd, const void *data, size_t length, uint64_t offset)
{
    size_t done = 0;
    while (done < length) {
        ssize_t n = arv__fs->pwrite(fd, (const char *)data + done, length - done, offset + done);
        if (n == -EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? (int)n : -EIO;
        done += (size_t)n;
    }
    return 0;
}

int arv__fs_openat(int dir_fd, const char *path, int flags, mode_t mode)
{
    int fd;
    do
        fd = arv__fs->openat(dir_fd, path, flags, mode);
    while (fd == -EINTR);
    return fd;
}

int arv__fs_open_beneath(int dir_fd, const char *path, int flags, mode_t mode)
{
    int fd;
    do
        fd = arv__fs->open_beneath(dir_fd, path, flags, mode);
    while (fd == -EINTR);
    return fd;
}

int arv__fs_ftruncate(int fd, uint64_t length)
{
    int rc;
    do
        rc = arv__fs->ftruncate(fd, length);
    while (rc == -EINTR);
    return rc;
}

uint64_t arv__fs_free_bytes(const struct statvfs *st)
{
    return (uint64_t)(geteuid() == 0 ? st->f_bfree : st->f_bavail) * st->f_frsize;
}

int arv__fs_fstatvfs(int fd, struct statvfs *st)
{
    int rc;
    do
        rc = arv__fs->fstatvfs(fd, st);
    while (rc == -EINTR);
    return rc;
}

int arv__fs_fsync_retry(int fd)
{
    int rc;
    do
        rc = arv__fs->fsync(fd);
    while (rc == -EINTR);
    return rc;
}

int arv__fs_close(int fd)
{
    int rc = fd < 0 ? 0 : arv__fs->close(fd);
    return rc == -EINTR ? 0 : rc;
}

int arv__fs_random(uint64_t *number)
{
    ssize_t n;
    do
        n = getrandom(number, sizeof *number, 0);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return -errno;
    return n == (ssize_t)sizeof *number ? 0 : -EIO;
}

/* ---- temporary files ------------------------------------------------------------------------- */

/* Creates a file exclusively, so that guessing its name gains nothing, and removes the name at once. A
 * process that is killed in between leaves an empty file. */
static int temporary_named(const char *directory)
{
    char path[PATH_MAX];
    int fd = -EEXIST;
    for (int i = 0; i < TEMPORARY_TRIES && fd == -EEXIST; i++) {
        int n = snprintf(path, sizeof path, "%s/.archivist-%ld-%llx.tmp", directory, (long)getpid(),
                         (unsigned long long)arv__monotonic_ns());
        if (n < 0 || (size_t)n >= sizeof path)
            return -ENAMETOOLONG;
        fd = arv__fs_openat(AT_FDCWD, path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    }
    if (fd < 0)
        return fd;
    int rc = arv__fs->unlinkat(AT_FDCWD, path, 0);
    if (rc < 0)
        rc = arv__fs->unlinkat(AT_FDCWD, path, 0);
    if (rc < 0) {
        arv__fs_close(fd);
        return rc;
    }
    return fd;
}

int arv__fs_temporary(const char *directory, arv_error *err)
{
    char quoted[ARV__QUOTE_BYTES];
    int fd = -EOPNOTSUPP;
    if (!directory)
        directory = getenv("TMPDIR");
    if (!directory || !*directory)
        directory = "/var/tmp";
#ifdef O_TMPFILE
    fd = arv__fs_openat(AT_FDCWD, directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
#endif
    /* Older kernels that do not know the flag return EISDIR, EINVAL or ENOENT. */
    if (fd == -EOPNOTSUPP || fd == -EISDIR || fd == -EINVAL || fd == -ENOSYS || fd == -ENOENT)
        fd = temporary_named(directory);
    if (fd < 0)
        return arv_error_system(err, -fd,
                                "A temporary file cannot be made in %s; free space there or set "
                                "TMPDIR to another folder",
                                arv__quote(quoted, sizeof quoted, directory, strlen(directory)));
    return fd;
}
