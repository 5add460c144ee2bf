/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_LOOP_FILEOPS_H
#define ARV_LOOP_FILEOPS_H

/*
 * The one table of file operations. The core opens, reads, writes, syncs, links and removes every file
 * through it. So a test can fail, shorten, delay or kill at each call, and simulate a power failure by
 * dropping data that was not synced. Calls that libraries make by themselves do not pass here (tests
 * inject into those from outside).
 *
 * Each slot does the same as the system call of its name, but returns a result >= 0 or -errno (not -1
 * and errno). The table never restarts a call: arv__fs_read_full() and friends below retry EINTR and
 * short counts.
 *
 * Threading: set once before the first engine; any thread may call the slots.
 */

#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <arv/error.h>

typedef struct arv__fileops {
    int (*openat)(int dir_fd, const char *path, int flags, mode_t mode);
    /* openat2 with RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS; where the kernel
     * lacks it, component by component with O_NOFOLLOW. `path` is relative. */
    int (*open_beneath)(int dir_fd, const char *path, int flags, mode_t mode);
    int (*close)(int fd);
    ssize_t (*read)(int fd, void *into, size_t length);
    ssize_t (*pread)(int fd, void *into, size_t length, uint64_t offset);
    ssize_t (*pwrite)(int fd, const void *data, size_t length, uint64_t offset);
    ssize_t (*write)(int fd, const void *data, size_t length); /* where its description stands: pipes */
    int (*fsync)(int fd);
    int (*fdatasync)(int fd);
    int (*fstat)(int fd, struct stat *st);
    int (*fstatat)(int dir_fd, const char *path, struct stat *st, int flags);
    int (*fstatvfs)(int fd, struct statvfs *st);
    int (*linkat)(int from_dir_fd, const char *from, int to_dir_fd, const char *to, int flags);
    int (*renameat)(int from_dir_fd, const char *from, int to_dir_fd, const char *to); /* replaces */
    int (*renameat_noreplace)(int from_dir_fd, const char *from, int to_dir_fd, const char *to);
    int (*unlinkat)(int dir_fd, const char *path, int flags);
    int (*mkdirat)(int dir_fd, const char *path, mode_t mode);
    ssize_t (*readlinkat)(int dir_fd, const char *path, char *into, size_t length);
    /* Reserves space without making the file longer; never emulated: -EOPNOTSUPP. */
    int (*fallocate)(int fd, uint64_t offset, uint64_t length);
    int (*ftruncate)(int fd, uint64_t length);
    int (*fadvise)(int fd, uint64_t offset, uint64_t length, int advice);
    int (*fcntl_setfl)(int fd, int flags);
    int (*flock)(int fd, int operation);
    int (*futimens)(int fd, const struct timespec times[2]);
    /* Takes an exclusive lock of the whole file for this open description (F_OFD_SETLK). The lock ends
     * with the description, also by kill -9. Never waits: -EAGAIN when another one has the lock. `ask`:
     * does not take it. The file must be open for writing. */
    int (*lock)(int fd, bool ask);
    DIR *(*fdopendir)(int fd, int *error);           /* owns fd on success; NULL and -errno in *error */
    struct dirent *(*readdir)(DIR *dir, int *error); /* NULL at the end with *error 0 */
    int (*closedir)(DIR *dir);
} arv__fileops;

/* The table in force; never NULL. */
extern const arv__fileops *arv__fs;
/* The system's own table, for wrapping. */
extern const arv__fileops arv__fs_system;
/* Replaces the table; NULL restores the system's. Every slot must be set. */
void arv__fs_set(const arv__fileops *table);

/* The system's open_beneath calls this where the kernel lacks openat2; a function of its own, so that
 * tests reach it on other kernels. Unlike openat2 it refuses every "..". */
int arv__fs_beneath_by_steps(int dir_fd, const char *path, int flags, mode_t mode);

/* These loop over EINTR and short counts; they return the bytes read (less only at the end), or -errno. */
ssize_t arv__fs_pread_full(int fd, void *into, size_t length, uint64_t offset);
ssize_t arv__fs_read_full(int fd, void *into, size_t length);
/* 0 or -errno; a write of 0 bytes is -EIO. */
int arv__fs_pwrite_full(int fd, const void *data, size_t length, uint64_t offset);
/* These retry EINTR only; a file system behind a network or a process may answer so to any of them. */
int arv__fs_openat(int dir_fd, const char *path, int flags, mode_t mode);
int arv__fs_open_beneath(int dir_fd, const char *path, int flags, mode_t mode);
int arv__fs_fsync_retry(int fd);
int arv__fs_ftruncate(int fd, uint64_t length);
int arv__fs_fstatvfs(int fd, struct statvfs *st);
/* Returns the bytes that this process may still write: some file systems reserve a part for root. */
uint64_t arv__fs_free_bytes(const struct statvfs *st);
int arv__fs_close(int fd); /* accepts -1; EINTR counts as closed */

/* Sets a random number, for a name that nothing else has. Returns 0 or -errno. */
int arv__fs_random(uint64_t *number);

/* Opens an unlinked temporary file in `directory` (NULL: TMPDIR, else /var/tmp), 0600, O_CLOEXEC. */
int arv__fs_temporary(const char *directory, arv_error *err); /* fd, or ARV_E* */

#endif
