/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_STREAM_H
#define CLI_STREAM_H

/* An archive on stdout ("-o -"). */

#include "cli.h"

bool stream_wanted(const cli_options *options);
/* The descriptor for the archive. From now on everything else that goes to stdout comes out on stderr,
 * and a pipe that closes is an error instead of a signal. ARV_EINVALID at a terminal. */
int stream_open(int *descriptor, arv_error *err);
/* Accepts -1. A file system may tell only now what it could not write. */
int stream_close(int *descriptor, arv_error *err);

#endif
