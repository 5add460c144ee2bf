/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A driver of whole files gets a path in a folder that only this user can enter: the driver may create the
 * file with any mode, and the content is personal. The folder is locked while it is in use, so that the
 * next process recognises what a killed one left.
 */

#include "storage/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loop/leftover.h"
#include "util/names.h"

enum { SCRATCH_TRIES = 8, SCRATCH_FOLDER = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };

#define SCRATCH_PREFIX ".archivist-"

static int scratch_empty(int fd)
{
    int rc = arv__fs->unlinkat(fd, "object", 0);
    return rc == -ENOENT ? 0 : rc;
}

/* Makes a folder and locks it. Returns its descriptor, or -errno. */
static int scratch_make_locked(int dir_fd, const char *name)
{
    int rc = arv__fs->mkdirat(dir_fd, name, 0700);
    if (rc < 0)
        return rc;
    int fd = rc = arv__fs_openat(dir_fd, name, SCRATCH_FOLDER, 0);
    if (fd >= 0)
        rc = arv__leftover_claim(fd, dir_fd, name);
    if (rc >= 0)
        return fd;
    arv__fs->unlinkat(dir_fd, name, AT_REMOVEDIR);
    arv__fs_close(fd < 0 ? -1 : fd);
    return rc == -ENOENT ? -ESTALE : rc; /* another process swept it before it was locked */
}

static int scratch_make_in(arv__scratch *scratch, int dir_fd, const char *directory, arv_error *err)
{
    static const arv__leftover folders = {SCRATCH_PREFIX, "", 36, true, scratch_empty};
    char uuid[37], name[64], quoted[ARV__QUOTE_BYTES];
    int rc = -ESTALE;
    arv__leftover_remove(dir_fd, &folders);
    for (int i = 0; i < SCRATCH_TRIES && rc == -ESTALE; i++) {
        if ((rc = arv_uuid_random(uuid, err)) < 0)
            return rc;
        snprintf(name, sizeof name, SCRATCH_PREFIX "%s", uuid);
        rc = scratch_make_locked(dir_fd, name);
    }
    int n = snprintf(scratch->folder, sizeof scratch->folder, "%s/%s", directory, name);
    snprintf(scratch->file, sizeof scratch->file, "%s/object", scratch->folder);
    scratch->fd = rc;
    if (rc >= 0 && (n < 0 || (size_t)n >= sizeof scratch->folder)) {
        arv__fs->unlinkat(dir_fd, name, AT_REMOVEDIR);
        arv__fs_close(scratch->fd);
        rc = -ENAMETOOLONG;
    }
    if (rc >= 0)
        return 0;
    arv__quote(quoted, sizeof quoted, scratch->folder, strlen(scratch->folder));
    scratch->folder[0] = '\0';
    return arv_error_system(err, -rc,
                            "The temporary folder %s cannot be made; set TMPDIR to a "
                            "folder with enough space",
                            quoted);
}

int arv__scratch_make(arv__scratch *scratch, const char *directory, arv_error *err)
{
    char quoted[ARV__QUOTE_BYTES];
    if (!directory || !directory[0])
        directory = getenv("TMPDIR");
    if (!directory || !directory[0])
        directory = "/var/tmp";
    int dir_fd = arv__fs_openat(AT_FDCWD, directory, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
    if (dir_fd < 0)
        return arv_error_system(err, -dir_fd,
                                "A temporary folder cannot be made in %s; set TMPDIR to a folder "
                                "with enough space",
                                arv__quote(quoted, sizeof quoted, directory, strlen(directory)));
    int rc = scratch_make_in(scratch, dir_fd, directory, err);
    arv__fs_close(dir_fd);
    return rc;
}

void arv__scratch_remove(arv__scratch *scratch)
{
    if (!scratch->folder[0])
        return;
    arv__fs->unlinkat(AT_FDCWD, scratch->file, 0);
    arv__fs->unlinkat(AT_FDCWD, scratch->folder, AT_REMOVEDIR);
    arv__fs_close(scratch->fd);
    scratch->folder[0] = '\0';
}
