/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_LINKS_H
#define ARV_PACKAGE_LINKS_H

/*
 * When the walk through a folder may follow a symbolic link: the rule of arv/entry.h.
 *
 * Anybody who may write into the folder can put a link there. A process that reads everything would
 * then archive, under that person's name, files that the person cannot read. Groups do not count, since
 * the members of a group are not known here: only files that everybody may read, or that the link's owner
 * owns, count.
 *
 * Threading: any. Errors: none; a file that cannot be looked at counts as not readable.
 */

#include <stdbool.h>
#include <sys/stat.h>

/* Returns whether this process can read files that other users cannot: then the rule holds. */
bool arv__links_guarded(void);
/* Returns whether the link's owner may read this file, or read and pass this folder. */
bool arv__links_readable(uid_t owner, const struct stat *st);
/* Returns whether the link's owner may pass all folders between `root` and the last name of `real`, a
 * path without links below it. */
bool arv__links_passable(uid_t owner, const char *root, const char *real);

#endif
