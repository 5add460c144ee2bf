/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_LOOP_LEFTOVER_H
#define ARV_LOOP_LEFTOVER_H

/*
 * What killed processes leave: files and folders with a temporary name of ours.
 *
 * Whoever makes one holds a lock (flock) on it for as long as the name means something. A process that
 * dies loses its locks; so a name whose lock can be taken has nobody any more, and whoever makes a new
 * one beside it removes it.
 *
 * Two processes may do this at once, and one may meet a name between its making and its locking.
 * Hence the maker looks after it has the lock whether the name is still there (arv__leftover_claim()),
 * and takes another one if not; and the remover looks, while it holds the lock, whether the name still
 * means what it has locked. Only what belongs to this user is removed, and only from a folder in which
 * nobody else can give names: it belongs to this user or to root and is not writable for group or others,
 * or it is sticky. Elsewhere a name of ours proves nothing, and what has it stays. Where a file system has no
 * locks, nothing is; where hosts share one without sharing locks (NFS mounted with nolock), a writer
 * on another host may lose its file and fails.
 *
 * Work is bounded: of a folder 4096 names are looked at, and 16 that are ours.
 *
 * Threading: any thread; blocks.
 */

#include "loop/fileops.h"

typedef struct arv__leftover {
    const char *prefix, *suffix; /* of the names; may be "" */
    size_t digits;               /* between them: hexadecimal digits and hyphens */
    bool folder;
    /* Of a folder: removes what is in it. 0 or -errno; `fd` is borrowed. */
    int (*empty)(int fd);
} arv__leftover;

/* Locks what was just made under a name of its own: `fd` is open for writing, or a folder. 0: it is
 * locked, or the file system has no locks, and the name means it; -ESTALE: it is somebody's
 * leftover already, take another name. */
int arv__leftover_claim(int fd, int dir_fd, const char *name);
/* Errors are passed over: it is a help, and the next one tries again. */
void arv__leftover_remove(int dir_fd, const arv__leftover *kind);

#endif
