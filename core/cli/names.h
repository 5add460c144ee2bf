/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_NAMES_H
#define CLI_NAMES_H

/*
 * The names in a folder in the order of their bytes, however many there are: a bounded number is in memory
 * at once, and a folder with more is read several times.
 */

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct names {
    char **all; /* from `next` on those that were not given yet */
    size_t count, next;
    bool cut;  /* there are more behind the last one */
    int error; /* an errno that ended the reading early */
} names;

/* *name: the next one, owned by `names` until the next call; NULL: there is none. 0, or an errno. */
int names_next(names *names, DIR *folder, const char **name);
void names_free(names *names);

#endif
