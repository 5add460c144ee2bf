/* SPDX-License-Identifier: Apache-2.0 */
#include "space.h"

#include <inttypes.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <arv/sys/alloc.h>

#include "progress.h"
#include "session.h"
#include "stream.h"
#include "text.h"

/* Deflate makes at most 258 bytes of two bits (RFC 1951); of zstd no such bound is known. */
enum { SPACE_DEFLATE_RATIO_MAX = 1032 };

/* Returns the least size of a container of this payload, without its documents. */
static uint64_t space_least(const arv_package_options *package, uint64_t payload_bytes)
{
    bool deflates = package->format == ARV_FORMAT_ZIP || package->format == ARV_FORMAT_TAR_GZ;
    if (package->format == ARV_FORMAT_TAR || (deflates && package->level == 0))
        return payload_bytes;
    return deflates ? payload_bytes / SPACE_DEFLATE_RATIO_MAX : 0;
}

static int space_judge(const cli_options *o, uint64_t least, uint64_t payload, uint64_t left,
                       const char *where, arv_error *err)
{
    char needed[TEXT_SIZE_BYTES], there[TEXT_SIZE_BYTES];
    text_size(left, there);
    if (least > left)
        return arv_error_set(err, ARV_ENOSPACE,
                             "The archive needs at least %s (%" PRIu64 " bytes), but only %s (%" PRIu64
                             " bytes) are free at \"%s\"; make room%s, or give --no-space-check "
                             "to try all the same.",
                             text_size(least, needed), least, there, left, where,
                             least == payload ? ", choose a format and level that compress" : "");
    if (payload > left && !o->quiet) {
        progress_clear();
        fprintf(stderr,
                "archivist: warning: %s (%" PRIu64 " bytes) are to be archived, but only %s "
                "(%" PRIu64 " bytes) are free at \"",
                text_size(payload, needed), payload, there, left);
        text_write_sentence(stderr, where);
        fputs("\"; if they do not compress enough, it will fail\n", stderr);
    }
    return 0;
}

/* Sets *left to the free bytes where a new file would stand. Returns false when they are unknown. */
static bool space_of_folder(const char *file, uint64_t *left)
{
    struct statvfs st;
    const char *slash = strrchr(file, '/');
    size_t length = slash ? (size_t)(slash - file) : 0;
    char *folder = arv_malloc(length + 2);
    if (!folder)
        return false;
    memcpy(folder, length ? file : slash ? "/" : ".", length ? length : 1);
    folder[length ? length : 1] = '\0';
    bool known = statvfs(folder, &st) == 0 && st.f_blocks > 0;
    arv_free(folder);
    if (known)
        *left = (uint64_t)(geteuid() == 0 ? st.f_bfree : st.f_bavail) * st.f_frsize; /* some is root's */
    return known;
}

static int space_of_storage(arv_engine *engine, arv_storage *storage, uint64_t *left, bool *known,
                            arv_error *err)
{
    arv_task *task = NULL;
    int rc = arv_storage_space(storage, NULL, NULL, &task, NULL);
    if (rc == 0)
        rc = session_wait(engine, task, "looking", err);
    const arv_space *space = rc == 0 ? arv_task_space(task) : NULL;
    *known = space && space->known;
    if (*known)
        *left = space->free_bytes;
    arv_task_unref(task);
    return rc == ARV_ECANCELED ? rc : 0; /* storing reports any other error */
}

int space_check(const cli_options *o, const arv_package_options *package, uint64_t payload_bytes,
                arv_engine *engine, arv_storage *const *storages, arv_error *err)
{
    uint64_t least = space_least(package, payload_bytes), left = 0;
    bool known;
    int rc = 0;
    if (o->no_space_check)
        return 0;
    if (o->output && !stream_wanted(o) && space_of_folder(o->output, &left))
        rc = space_judge(o, least, payload_bytes, left, o->output, err);
    for (size_t i = 0; rc == 0 && i < o->store_count; i++) {
        rc = space_of_storage(engine, storages[i], &left, &known, err);
        if (rc == 0 && known)
            rc = space_judge(o, least, payload_bytes, left, arv_storage_url(storages[i]), err);
    }
    return rc;
}
