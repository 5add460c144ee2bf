/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_VERIFY_TARGET_H
#define ARV_VERIFY_TARGET_H

/*
 * Makes files and folders below an open folder: relative to open folders, exclusively and without following
 * a link, so that no name leads out of the folder. If the file system allows it, a file gets its name only
 * when it is complete: a killed process then leaves whole files only.
 *
 * Ownership: embedded; borrows the folder. Threading: one thread at a time; may block.
 */

#include "loop/nameless.h"
#include "util/buf.h"

typedef struct arv__target {
    int fd; /* of the folder */
    arv__nameless nameless;
    int parent_fd; /* of the last name; -1: none */
    arv__buf parent, path;
} arv__target;

void arv__target_init(arv__target *target, int fd);
void arv__target_cleanup(arv__target *target);
/* Returns whether a file can have this name here. */
bool arv__target_can_name(const char *name, size_t length);
/* Makes a new file or folder, and the folders above it. Returns the file's descriptor, 0 for a folder, or
 * -errno. */
int arv__target_create(arv__target *target, const char *name, size_t length, bool folder);
/* Makes a new file without a name. Returns its descriptor, or -EOPNOTSUPP when the file system has no such
 * files: then call _create(). */
int arv__target_nameless(arv__target *target);
/* Names that file as _create() would. Returns 0, or -errno. */
int arv__target_name(arv__target *target, const char *name, size_t length, int fd);
/* Returns whether the name, not the medium, caused this failure. */
bool arv__target_is_taken(int negative_errno);

#endif
