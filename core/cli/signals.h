/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

/*
 * SIGINT, SIGTERM, SIGHUP, and SIGPIPE when nobody reads stdout any more. Before a command has made anything
 * that it would have to remove, they end the program at once. Later they only ask: the command cancels its
 * work, cleans up and ends. The process then dies of the signal, so that shells and their loops see it. A
 * further signal, over a second after the first, ends the process at once.
 */

#include <stdbool.h>

void signals_install(bool json);
/* From now on, writing to a pipe that nobody reads is an error. */
void signals_ignore_pipe(void);
/* From now on signals ask. */
void signals_ask(void);
/* Returns the signal that came, or 0. */
int signals_taken(void);
/* Ends the process by the signal that came. */
void signals_die(void);

#endif
