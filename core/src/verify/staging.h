/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_VERIFY_STAGING_H
#define ARV_VERIFY_STAGING_H

/*
 * The folder that an extraction fills, and how the result gets its place: all at once, at the end.
 *
 * The target folder does not exist: the extraction fills ".<name>.<random>.partial" beside it and renames
 * that folder at the end. The result appears complete or not at all, also when a process is killed. The
 * folder is locked while it is filled; the next extraction to the same place removes one that a killed
 * process left (loop/leftover.h), unless others can make names there.
 *
 * The target folder exists and is empty (a mount point, or given by a link): the extraction fills
 * ".archivist-<random>.partial" inside of it, and moves the content up entry by entry. A killed process
 * leaves that folder as a sign. It stays, since nobody can tell which of the entries around it belong to it.
 *
 * An extraction replaces nothing and removes only its own: it touches neither other people's files nor
 * anything mounted in the folder. Before the result gets its place, the path is walked anew; _settle()
 * returns ARV_EOFFLINE if it leads elsewhere by now.
 *
 * Ownership: embedded; _cleanup() leaves what was written, _undo() removes it.
 * Threading: one thread at a time; may block.
 * Errors: those of the file system; ARV_EEXISTS when the folder is not empty at the beginning, or a
 *   name is taken at the end; ARV_ENOMEM.
 */

#include "package/spool.h"

enum { ARV__STAGING_NAME_BYTES = 128 };

typedef struct arv__staging {
    char *shown, *given; /* the folder, for messages and for walking there anew */
    int fd;              /* of the folder that is filled; -1: not open */
    int place_fd;        /* of the folder around that one */
    char *path;          /* of the target, cut at its last name; NULL: the folder was there */
    const char *leaf;    /* that name */
    char name[ARV__STAGING_NAME_BYTES];
    arv__spool moved; /* the names that moved up, to take them back */
} arv__staging;

void arv__staging_init(arv__staging *staging);
int arv__staging_open(arv__staging *staging, const char *folder, arv_error *err);
/* Gives the result its place. After success nothing can be undone; after an error call _undo(). */
int arv__staging_settle(arv__staging *staging, arv_error *err);
int arv__staging_undo(arv__staging *staging, arv_error *err);
void arv__staging_cleanup(arv__staging *staging);

#endif
