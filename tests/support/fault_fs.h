/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAULT_FS_H
#define FAULT_FS_H

/*
 * A table of file operations that counts and, when told to, fails, shortens or kills.
 *
 *     fault_fs_install();
 *     fault_fs_fail(FAULT_FSYNC, 2, EIO);          the second fsync fails, once
 *     fault_fs_lack(FAULT_OPEN_TMPFILE, EOPNOTSUPP); as on a file system without it
 *
 * Rules apply in the order in which they were made; the first that fits decides. A call that fails
 * is not made. Calls are counted whether they fail or not.
 *
 * Threading: rules are made before the threads start; counting is atomic.
 */

#include "loop/fileops.h"

typedef enum fault_op {
    FAULT_ANY = -1, /* all operations together */
    FAULT_OPENAT,
    FAULT_OPEN_TMPFILE, /* openat with O_TMPFILE, which is no FAULT_OPENAT */
    FAULT_OPEN_BENEATH,
    FAULT_CLOSE,
    FAULT_READ,
    FAULT_PREAD,
    FAULT_PWRITE,
    FAULT_WRITE,
    FAULT_FSYNC,
    FAULT_FDATASYNC,
    FAULT_FSTAT,
    FAULT_FSTATAT,
    FAULT_FSTATVFS,
    FAULT_LINKAT,
    FAULT_LINK_EMPTY, /* linkat with AT_EMPTY_PATH, which is no FAULT_LINKAT */
    FAULT_RENAMEAT,   /* renameat_noreplace */
    FAULT_RENAMEAT_REPLACING,
    FAULT_UNLINKAT,
    FAULT_MKDIRAT,
    FAULT_READLINKAT,
    FAULT_FALLOCATE,
    FAULT_FTRUNCATE,
    FAULT_FADVISE,
    FAULT_SETFL,
    FAULT_FLOCK,
    FAULT_FUTIMENS,
    FAULT_LOCK,
    FAULT_FDOPENDIR,
    FAULT_READDIR,
    FAULT_CLOSEDIR,
    FAULT_OPS
} fault_op;

/* Puts the table in force, without rules and with all counters 0. */
void fault_fs_install(void);
/* The same, over another table than the system's. */
void fault_fs_install_over(const arv__fileops *below);
/* Restores the system's table. */
void fault_fs_remove(void);
/* Forgets rules and counters. */
void fault_fs_reset(void);

/* Rules in force. */
unsigned fault_fs_rules(void);
/* Calls of an operation so far, or of all. */
unsigned fault_fs_calls(fault_op op);
const char *fault_fs_name(fault_op op);

/* The nth call from now on (1 is the next) fails with this errno. */
void fault_fs_fail(fault_op op, unsigned nth, int system_errno);
/* Every call from the nth on fails. */
void fault_fs_fail_from(fault_op op, unsigned nth, int system_errno);
/* From the nth call of `op` on every call of every operation fails, as on a disk that dies. */
void fault_fs_die(fault_op op, unsigned nth, int system_errno);
/* Every call fails, as where the operation does not exist. */
void fault_fs_lack(fault_op op, int system_errno);
/* Opening this path, given as it is here, finds nothing; `slot` 0 to 7, NULL: nothing is hidden. The
 * text is borrowed. */
void fault_fs_hide(unsigned slot, const char *path);
/* The same with another error: for one file of several that threads open in no certain order. */
void fault_fs_refuse(unsigned slot, const char *path, int system_errno);
/* The nth read or write moves at most so many bytes. */
void fault_fs_shorten(fault_op op, unsigned nth, size_t bytes);
void fault_fs_shorten_all(fault_op op, size_t bytes);
/* The process is killed (SIGKILL) instead of the nth call. */
void fault_fs_kill(fault_op op, unsigned nth);
/* The nth call takes effect; then it is answered with this errno, or the process is killed. */
void fault_fs_fail_after(fault_op op, unsigned nth, int system_errno);
void fault_fs_kill_after(fault_op op, unsigned nth);
/* Called before the process is killed, such as to wait for other threads; NULL: none. */
void fault_fs_before_kill(void (*prepare)(void));

#endif
