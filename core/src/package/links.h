/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_LINKS_H
#define ARV_PACKAGE_LINKS_H

/*
 * For whom a symbolic link may be followed: the rule of arv/entry.h, for the walk through a folder.
 *
 * Whoever may write into the folder can put a link there, and a process that reads everything would
 * archive under that person's name what the person cannot read. Groups are not asked: who is in
 * which one is not known here, so only what everybody may read counts, or what is the owner's own.
 *
 * Threading: any. Errors: none; what cannot be looked at is not readable.
 */

#include <stdbool.h>
#include <sys/stat.h>

/* Whether this process reads what its user could not: then the rule holds. */
bool arv__links_guarded(void);
/* Whether the link's owner may read this file, or read and pass this folder. */
bool arv__links_readable(uid_t owner, const struct stat *st);
/* Whether the link's owner may pass all folders between `root` and the last name of `real`, a path
 * without links below it. */
bool arv__links_passable(uid_t owner, const char *root, const char *real);

#endif
