/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_NAMES_H
#define CLI_NAMES_H

/*
 * Gives the names of a folder in the order of their bytes. Only a bounded number is in memory at once; a
 * folder with more names is read several times.
 */

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct names {
    char **all; /* those from `next` on were not given yet */
    size_t count, next;
    bool cut;  /* there are more behind the last one */
    int error; /* an errno that ended the reading early */
} names;

/* Sets *name to the next name, which `names` owns until the next call; NULL: no more. Returns 0, or an
 * errno. */
int names_next(names *names, DIR *folder, const char **name);
void names_free(names *names);

#endif
