/* SPDX-License-Identifier: Apache-2.0 */
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "signals.h"

bool stream_wanted(const cli_options *options)
{
    return options->output && strcmp(options->output, "-") == 0;
}

int stream_open(int *descriptor, arv_error *err)
{
    if (isatty(STDOUT_FILENO))
        return arv_error_set(err, ARV_EINVALID,
                             "Stdout is a terminal, which is no place for an archive: send it into "
                             "a program, or give -o FILE. A file that is called \"-\" is \"./-\".");
    int flags = fcntl(STDOUT_FILENO, F_GETFL);
    if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY)
        return arv_error_set(err, ARV_EINVALID,
                             "Stdout is closed, or cannot be written to, so it is no place for an archive: "
                             "send it into a program or a file, or give -o FILE.");
    signals_ignore_pipe();
    *descriptor = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (*descriptor < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        return arv_error_system(err, errno, "Stdout cannot be set aside for the archive");
    return 0;
}

int stream_close(int *descriptor, arv_error *err)
{
    int fd = *descriptor;
    *descriptor = -1;
    if (fd < 0 || close(fd) == 0 || errno == EINTR)
        return 0;
    return arv_error_system(err, errno, "The archive could not be written to stdout; discard it");
}
