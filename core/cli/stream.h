/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_STREAM_H
#define CLI_STREAM_H

/* An archive on stdout ("-o -"). */

#include "cli.h"

bool stream_wanted(const cli_options *options);
/* Gives the descriptor for the archive. From now on all other output to stdout goes to stderr, and a closed
 * pipe is an error instead of a signal. Returns ARV_EINVALID at a terminal. */
int stream_open(int *descriptor, arv_error *err);
/* Accepts -1. A file system may report only now that it could not write. */
int stream_close(int *descriptor, arv_error *err);

#endif
