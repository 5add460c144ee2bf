/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_VERIFY_TARGET_H
#define ARV_VERIFY_TARGET_H

/*
 * Files and folders below an open folder. Everything is made relative to open folders, exclusively
 * and without following a link, so nothing can be led out of it. Where the file system can, a file
 * gets its name when it is complete: whoever is killed meanwhile leaves whole files only.
 *
 * Ownership: embedded; borrows the folder. Threading: one thread at a time; blocks.
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
/* Whether a file can have this name here. */
bool arv__target_can_name(const char *name, size_t length);
/* A new file, or folder (then 0), with the folders above it. -errno on failure. */
int arv__target_create(arv__target *target, const char *name, size_t length, bool folder);
/* A new file without a name; -EOPNOTSUPP where there is none: then _create() it. */
int arv__target_nameless(arv__target *target);
/* Gives it the name that _create() would have made it under. 0, or -errno. */
int arv__target_name(arv__target *target, const char *name, size_t length, int fd);
/* Whether the name, and not the medium, was the reason of this failure. */
bool arv__target_is_taken(int negative_errno);

#endif
