/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_LOOP_LEFTOVER_H
#define ARV_LOOP_LEFTOVER_H

/*
 * Leftovers: files and folders with a temporary name of ours that killed processes have left.
 *
 * The maker of a temporary file or folder holds a lock (flock) on it for as long as it uses the name. A
 * process that dies loses its locks. So if a lock can be taken, the name is a leftover; the maker of a new
 * one beside it removes it.
 *
 * Two processes may do this at once, and one may find a name after its making and before its locking.
 * So the maker checks, once it has the lock, whether the name is still there (arv__leftover_claim()),
 * and takes another name if not. The remover checks, while it holds the lock, whether the name still
 * leads to the file that it has locked.
 *
 * The remover removes only files of this user, and only from a folder in which nobody else can give
 * names: the folder belongs to this user or to root and is not writable for group or others, or it is
 * sticky. Elsewhere a name of ours proves nothing, and the file stays. Where a file system has no locks,
 * the remover removes nothing. Where hosts share a file system without its locks (NFS mounted with
 * nolock), a writer on another host may lose its file; it then fails.
 *
 * Work is bounded: the remover looks at 4096 names of a folder, and at 16 that are ours.
 *
 * Threading: any thread; blocks.
 */

#include "loop/fileops.h"

typedef struct arv__leftover {
    const char *prefix, *suffix; /* of the names; may be "" */
    size_t digits;               /* between them: hexadecimal digits and hyphens */
    bool folder;
    /* For a folder: removes its content. Returns 0 or -errno; `fd` is borrowed. */
    int (*empty)(int fd);
} arv__leftover;

/* Locks a file or folder that was just made under a temporary name; `fd` is open for writing, or a
 * folder. Returns 0 when it is locked, or the file system has no locks, and the name still leads to it.
 * Returns -ESTALE when another process has removed it as a leftover: take another name. */
int arv__leftover_claim(int fd, int dir_fd, const char *name);
/* Removes the leftovers of a kind in a folder. Passes over errors: the next call tries again. */
void arv__leftover_remove(int dir_fd, const arv__leftover *kind);

#endif
