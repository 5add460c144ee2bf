/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_DOUBLED_H
#define ARV_PACKAGE_DOUBLED_H

/*
 * Notices files that take less room on their disk than in an archive: hard links and sparse files
 * (arv_entries_doubled). It remembers files with several names only, by device and inode, and at most
 * ARV__DOUBLED_MAX of them: 1 MiB.
 */

#include <arv/entry.h>
#include <sys/stat.h>

enum { ARV__DOUBLED_MAX = 32768 };

typedef struct arv__identity {
    dev_t device;
    ino_t inode; /* 0: a free place */
} arv__identity;

typedef struct arv__doubled {
    arv_entries_doubled found;
    arv__identity *known; /* a hash table, at most half full */
    size_t capacity, count;
} arv__doubled;

/* Notes a regular file that an archive will hold. Returns ARV_ENOMEM. */
int arv__doubled_note(arv__doubled *doubled, const struct stat *st, arv_error *err);
void arv__doubled_cleanup(arv__doubled *doubled); /* accepts all zeros */

#endif
