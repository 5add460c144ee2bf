/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_MADE_H
#define CLI_MADE_H

/*
 * The places of the archives that a command made: paths and addresses on their way to stdout. They may be
 * lost there, on a full disk or when the reader has gone. main.c prints them on stderr then.
 *
 * Threading: the main thread only. Memory: a copy of each place until it is known to be on stdout.
 */

#include <stdbool.h>
#include <stdio.h>

/* Copies `place`; NULL is none. Without memory for the copy, it prints the place on stderr at once. */
void made_note(const char *place);
/* Flushes stdout and forgets the places that arrived there. Returns 0, or the errno of the first failure, now
 * and at each later call. */
int made_flush(void);
/* Returns whether there are places that did not arrive. */
bool made_any(void);
/* Writes them in one sentence with a blank before it; writes nothing when there are none. */
void made_write(FILE *to);

#endif
