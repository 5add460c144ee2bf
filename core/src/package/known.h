/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_PACKAGE_KNOWN_H
#define ARV_PACKAGE_KNOWN_H

/*
 * The entries that an archive of ours may hold besides payload, documents and README.txt, by exact name
 * and place. A version of the form adds its entries to this one table. The packer refuses every other
 * name, and the verifier reports it.
 *
 * An entry that comes FIRST moves README.txt: a version that brings one must ensure again that no zip of
 * ours is a tar, too (bag_readme.c).
 *
 * Threading: constants.
 */

#include <stdbool.h>
#include <stddef.h>

typedef enum {
    ARV__KNOWN_NOWHERE,   /* ends the table */
    ARV__KNOWN_FIRST,     /* beside the base folder, before everything else (zip only) */
    ARV__KNOWN_LATE_ROOT, /* beside the base folder, behind the tag manifests (zip only) */
    ARV__KNOWN_LATE_BASE  /* in the base folder, behind the tag manifests */
} arv__known_place;

typedef struct arv__known {
    arv__known_place place;
    const char *name; /* beside the base folder, or relative to it */
} arv__known;

/* Late entries stand in the order of the table. Tests put a table of their own in its place. */
extern const arv__known *arv__known_entries;

/* Returns the line of a name at its place, from 0, or -1. */
int arv__known_find(arv__known_place place, const char *name, size_t length);

#endif
