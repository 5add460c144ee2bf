/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Drivers that take and give whole files are handed a path. It stands in a folder that only this
 * user can enter, because such a driver may create the file with any mode, and the content is
 * personal.
 */

#include "storage/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "util/names.h"

int arv__scratch_make(arv__scratch *scratch, const char *directory, arv_error *err)
{
    char uuid[37], quoted[ARV__QUOTE_BYTES];
    int rc = arv_uuid_random(uuid, err);
    if (rc < 0)
        return rc;
    if (!directory || !directory[0])
        directory = getenv("TMPDIR");
    if (!directory || !directory[0])
        directory = "/var/tmp";
    int n = snprintf(scratch->folder, sizeof scratch->folder, "%s/.archivist-%s", directory, uuid);
    if (n < 0 || (size_t)n >= sizeof scratch->folder) {
        scratch->folder[0] = '\0';
        return arv_error_set(err, ARV_ENAME, "The path of the temporary folder is too long.");
    }
    snprintf(scratch->file, sizeof scratch->file, "%s/object", scratch->folder);
    rc = arv__fs->mkdirat(AT_FDCWD, scratch->folder, 0700);
    if (rc < 0) {
        arv__quote(quoted, sizeof quoted, scratch->folder, strlen(scratch->folder));
        scratch->folder[0] = '\0';
        return arv_error_system(err, -rc, "The temporary folder %s cannot be made; set TMPDIR to a "
                                          "folder with enough space", quoted);
    }
    return 0;
}

void arv__scratch_remove(arv__scratch *scratch)
{
    if (!scratch->folder[0])
        return;
    arv__fs->unlinkat(AT_FDCWD, scratch->file, 0);
    arv__fs->unlinkat(AT_FDCWD, scratch->folder, AT_REMOVEDIR);
    scratch->folder[0] = '\0';
}
