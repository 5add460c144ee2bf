/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_VERIFY_TARGET_H
#define ARV_VERIFY_TARGET_H

/*
 * The folder that is extracted into. Everything is made relative to open folders, exclusively and
 * without following a link, so nothing can be led out of it; and all of it can be taken back, since
 * the folder was new or empty. Where the file system can, a file gets its name when it is complete:
 * whoever is killed meanwhile leaves whole files only.
 *
 * Ownership: embedded; _cleanup() leaves what was written, _undo() removes it.
 * Threading: one thread at a time; blocks.
 */

#include "util/buf.h"

typedef struct arv__target {
    char *shown;
    int fd;        /* -1: not open */
    bool created;  /* the folder itself is ours */
    int nameless;  /* how a file without a name gets one: see target.c */
    int parent_fd; /* of the last name; -1: none */
    arv__buf parent, path;
} arv__target;

void arv__target_init(arv__target *target);
/* ARV_EEXISTS when it is not empty. */
int arv__target_open(arv__target *target, const char *folder, arv_error *err);
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
/* `folder` as it was given to _open(). */
int arv__target_undo(arv__target *target, const char *folder, arv_error *err);
void arv__target_cleanup(arv__target *target);

#endif
