/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_MADE_H
#define CLI_MADE_H

/*
 * Where what a command made is: paths and addresses that were written to stdout and may be lost there,
 * on a full disk or with a reader that has gone. main.c tells them on stderr then.
 *
 * Threading: the main thread only. Memory: a copy of each place until it is known to be on stdout.
 */

#include <stdbool.h>
#include <stdio.h>

/* `place` is copied; NULL is none. Without memory for it, it goes to stderr at once. */
void made_note(const char *place);
/* Flushes stdout; what arrived there is forgotten. 0, or the errno of the first failure, which stays. */
int made_flush(void);
/* Whether places are noted that did not arrive. */
bool made_any(void);
/* Writes them in one sentence, with a blank before it; nothing when there are none. */
void made_write(FILE *to);

#endif
