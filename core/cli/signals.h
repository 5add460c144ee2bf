/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

/*
 * SIGINT, SIGTERM, SIGHUP, and SIGPIPE when nobody reads stdout any more. As long as nothing was
 * made that would have to be removed, they end the program at once. While work is under way they
 * only ask: the command cancels it, cleans up and ends; the process then dies of the signal, so that
 * shells and their loops see what happened. One more signal, over a second after the first, ends it
 * at once.
 */

#include <stdbool.h>

void signals_install(bool json);
/* Writing to a pipe that nobody reads is an error from now on. */
void signals_ignore_pipe(void);
/* From now on signals ask. */
void signals_ask(void);
/* The signal that came, or 0. */
int signals_taken(void);
/* Ends the process by the signal that came. */
void signals_die(void);

#endif
