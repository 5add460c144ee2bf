/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

/* One line on stderr that is redrawn in place, only where stderr is a terminal. */

#include <stdbool.h>
#include <stdint.h>

void progress_start(bool wanted);
/* `what` is one word; total 0: unknown. Draws at most ten times a second. */
void progress_draw(const char *what, uint64_t done_bytes, uint64_t total_bytes);
/* Removes the line; the next draw brings it back. */
void progress_clear(void);

#endif
