/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_VERIFY_STAGING_H
#define ARV_VERIFY_STAGING_H

/*
 * The folder that an extraction fills, and how the result gets its place: all at once, at the end.
 *
 * Where the folder that was asked for does not exist, what is filled stands beside it as
 * ".<name>.<random>.partial" and is renamed: it appears complete or not at all, whoever is killed.
 * Where it exists and is empty (a mount point, or given by a link) it is ".archivist-<random>.partial"
 * inside of it, and what is in there moves up entry by entry; whoever is killed meanwhile leaves
 * that folder as the sign. The former is locked while it is filled; one that a killed process left is
 * removed by the next extraction to the same place (loop/leftover.h), the latter stays, since nobody
 * can tell which of the entries around it belong to it. Nothing is ever replaced, and nothing is removed but what is ours: other
 * people's files and what is mounted in it are not touched, and where others can give names to things, a
 * folder that a killed process left stays. Before the result gets its place the way to it is walked anew:
 * ARV_EOFFLINE if it leads elsewhere by now.
 *
 * Ownership: embedded; _cleanup() leaves what was written, _undo() removes it.
 * Threading: one thread at a time; blocks.
 * Errors: those of the file system; ARV_EEXISTS when the folder is not empty at the beginning, or a
 *   name is taken at the end; ARV_ENOMEM.
 */

#include "package/spool.h"

enum { ARV__STAGING_NAME_BYTES = 128 };

typedef struct arv__staging {
    char *shown, *given; /* the folder, for messages and for walking there anew */
    int fd;              /* of the folder that is filled; -1: not open */
    int place_fd;        /* of the folder in which that one stands */
    char *path;          /* as it was asked for, cut at its last name; NULL: the folder was there */
    const char *leaf;    /* that name */
    char name[ARV__STAGING_NAME_BYTES];
    arv__spool moved; /* what moved up, to take it back */
} arv__staging;

void arv__staging_init(arv__staging *staging);
int arv__staging_open(arv__staging *staging, const char *folder, arv_error *err);
/* Gives the result its place; then nothing can be undone any more. After an error: _undo(). */
int arv__staging_settle(arv__staging *staging, arv_error *err);
int arv__staging_undo(arv__staging *staging, arv_error *err);
void arv__staging_cleanup(arv__staging *staging);

#endif
