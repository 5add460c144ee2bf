/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <arv/sys/alloc.h>

/* Finds the staging folder and lists the jobs in it. */

/* ---- the folder ---- */

/* Makes the folders above a default place, behind its first `from` bytes. A home is never made. The parent of
 * a folder that was given must be there. */
static void staging_make_parents(const char *path, size_t from)
{
    char part[PATH_MAX];
    for (const char *slash = strchr(path + from, '/'); slash; slash = strchr(slash + 1, '/')) {
        snprintf(part, sizeof part, "%.*s", (int)(slash - path), path);
        mkdir(part, 0700); /* opening the folder itself reports a failure */
    }
}

static int staging_default(char path[PATH_MAX], size_t *from, arv_error *err)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int length = -1;
    if (geteuid() == 0) {
        length = snprintf(path, PATH_MAX, "/var/lib/archivist");
        *from = sizeof "/var/lib/" - 1;
    } else if (state && state[0] == '/') {
        length = snprintf(path, PATH_MAX, "%s/archivist", state);
        *from = strlen(state);
    } else if (home && home[0] == '/') {
        length = snprintf(path, PATH_MAX, "%s/.local/state/archivist", home);
        *from = strlen(home) + 1;
    }
    if (length < 0 || length >= PATH_MAX)
        return arv_error_set(err, ARV_EINVALID,
                             "There is no home for a staging folder; give --staging DIR, or set "
                             "ARCHIVIST_STAGING.");
    return 0;
}

int job_staging_open(arv_staging **staging, const cli_options *options, bool make, arv_error *err)
{
    char path[PATH_MAX];
    struct stat st;
    const char *folder = options->staging ? options->staging : getenv("ARCHIVIST_STAGING");
    if (!folder || !*folder) {
        size_t from = 0;
        int rc = staging_default(path, &from, err);
        if (rc < 0)
            return rc;
        folder = path;
        if (make)
            staging_make_parents(path, from);
    }
    if (!make && stat(folder, &st) != 0 && errno == ENOENT)
        return arv_error_set(err, ARV_ENOTFOUND,
                             "There is no staging folder \"%s\": no job was run there yet. Give "
                             "the right one with --staging or ARCHIVIST_STAGING.",
                             folder);
    return arv_staging_open(staging, folder, NULL, err);
}

/* ---- the jobs in it ---- */

typedef struct name_list {
    arv_staging *staging;
    job_name *names;
    size_t count, room;
} name_list;

static int names_add(void *user_data, const char *uuid, arv_error *err)
{
    name_list *list = user_data;
    if (list->count == list->room) {
        size_t room = list->room ? 2 * list->room : 64;
        job_name *grown = arv_reallocarray(list->names, room, sizeof *grown);
        if (!grown)
            return arv_error_nomem(err, "a list of jobs");
        list->names = grown;
        list->room = room;
    }
    arv_staged_status *status = arv_malloc(sizeof *status);
    if (!status)
        return arv_error_nomem(err, "a list of jobs");
    int rc = arv_staging_status(list->staging, uuid, status, NULL);
    if (rc != ARV_ENOTFOUND) { /* removed meanwhile, or not begun: no job */
        job_name *name = &list->names[list->count++];
        memcpy(name->uuid, uuid, ARV_UUID_BYTES);
        name->requested_at_unix = rc == 0 ? status->requested_at_unix : 0;
    }
    arv_free(status);
    return 0;
}

static int names_compare(const void *a, const void *b)
{
    const job_name *left = a, *right = b;
    if (left->requested_at_unix != right->requested_at_unix)
        return left->requested_at_unix < right->requested_at_unix ? -1 : 1;
    return strcmp(left->uuid, right->uuid);
}

int job_names_take(arv_staging *staging, job_name **names, size_t *count, arv_error *err)
{
    name_list list = {.staging = staging};
    int rc = arv_staging_each(staging, names_add, &list, err);
    if (rc < 0) {
        arv_free(list.names);
        return rc;
    }
    if (list.count > 1)
        qsort(list.names, list.count, sizeof *list.names, names_compare);
    *names = list.names;
    *count = list.count;
    return 0;
}
