/* SPDX-License-Identifier: Apache-2.0 */

/* The staging folder as the application sees it (arv/staging.h): everything about jobs but running them;
 * journalled.c does that. */

#include <arv/staging.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <arv/sys/alloc.h>
#include "job/jobfolder.h"
#include "job/history.h"
#include "job/journal.h"
#include "loop/newfile.h"
#include "util/names.h"
#include "util/options.h"

enum { STAGING_DOCUMENT_BYTES_MAX = 1 << 20, STAGING_RESERVE_BYTES = 64 << 20 };

/* ---- life ----------------------------------------------------------------------------------- */

void arv_staging_options_init(arv_staging_options *options, size_t struct_bytes)
{
    arv__options_init(options, struct_bytes, NULL, 0);
}

static arv_staging *staging_new(const char *folder)
{
    char here[PATH_MAX];
    size_t before = 0, length = strlen(folder);
    if (folder[0] != '/' && getcwd(here, sizeof here - 1)) {
        before = strlen(here);
        here[before++] = '/';
    }
    while (length > 1 && folder[length - 1] == '/')
        length--;
    arv_staging *staging = arv_calloc(1, sizeof *staging + before + length + 1);
    if (!staging)
        return NULL;
    memcpy(staging->path, here, before);
    memcpy(staging->path + before, folder, length);
    staging->references = 1;
    staging->fd = -1;
    return staging;
}

/* Flushes the new folder's name, without which its jobs would be lost. Returns 0 or -errno. */
static int staging_flush_above(arv_staging *staging)
{
    int fd = arv__fs_openat(staging->fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    int result = fd < 0 ? fd : arv__fs_fsync_retry(fd);
    if (fd >= 0)
        arv__fs_close(fd);
    return result;
}

int arv_staging_open(arv_staging **out, const char *folder, const arv_staging_options *options,
                     arv_error *err)
{
    char quoted[ARV__QUOTE_BYTES];
    if (!folder || !*folder)
        return arv_error_set(err, ARV_EINVALID, "The staging folder is missing.");
    arv_staging_options known = {0};
    int rc = options ? ARV__OPTIONS_TAKE(&known, options, "arv_staging_options", err) : 0;
    if (rc < 0)
        return rc;
    arv_staging *staging = staging_new(folder);
    if (!staging)
        return arv_error_nomem(err, "a staging folder");
    staging->limit_bytes = known.limit_bytes;
    staging->reserve_bytes = known.reserve_bytes ? known.reserve_bytes : STAGING_RESERVE_BYTES;
    arv__quote(quoted, sizeof quoted, folder, strlen(folder));
    int made = arv__fs->mkdirat(AT_FDCWD, staging->path, 0700);
    bool is_new = made == 0;
    if (made == 0 || made == -EEXIST)
        made = staging->fd = arv__fs_openat(AT_FDCWD, staging->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    /* Another process may have made the folder and been killed before the flush. If we may not open the
     * folder above, its owner made both. */
    if (made >= 0) {
        int flushed = staging_flush_above(staging);
        bool is_closed = !is_new && (flushed == -EACCES || flushed == -EPERM);
        made = flushed < 0 && !is_closed ? flushed : made;
    }
    if (made < 0) {
        arv_staging_unref(staging);
        return arv_error_system(err, -made, "The staging folder %s cannot be opened", quoted);
    }
    *out = staging;
    return 0;
}

arv_staging *arv_staging_ref(arv_staging *staging)
{
    staging->references++;
    return staging;
}

void arv_staging_unref(arv_staging *staging)
{
    if (!staging || --staging->references)
        return;
    arv__fs_close(staging->fd);
    arv_free(staging);
}

const char *arv_staging_folder(const arv_staging *staging)
{
    return staging->path;
}

/* ---- make ----------------------------------------------------------------------------------- */

int arv__jobfolder_begin(arv__jobfolder *folder, const void *document, size_t length, arv_error *err)
{
    static const char *const leftovers[] = {"container", "beside", "log", "document", "cancel"};
    uint64_t files = 0, bytes = 0;
    arv__buf record;
    bool there;
    int rc = arv__jobfolder_look(folder, "journal", &there, err);
    if (rc < 0)
        return rc;
    if (there)
        return arv_error_set(err, ARV_EEXISTS, "The job %s is there already.", folder->uuid);
    if ((rc = arv__journal_clear(folder->fd, folder->uuid, folder->shown, err)) < 0 ||
        (rc = arv__jobfolder_tidy(folder, &files, &bytes, err)) < 0)
        return rc;
    for (size_t i = 0; i < sizeof leftovers / sizeof leftovers[0]; i++)
        if ((rc = arv__jobfolder_unlink(folder, leftovers[i], err)) < 0)
            return rc;
    if (document && (rc = arv__jobfolder_write(folder, "document", document, length, err)) < 0)
        return rc;
    arv__buf_init(&record, ARV__JOURNAL_RECORD_BYTES_MAX);
    arv__record_created(&record, folder->uuid);
    rc = arv__journal_create(folder->fd, folder->uuid, folder->shown, &record, err);
    arv__buf_cleanup(&record);
    if (rc < 0)
        return rc;
    int result = arv__fs_fsync_retry(folder->staging->fd);
    if (result < 0)
        return arv_error_system(err, -result, "The staging folder cannot be flushed");
    return 0;
}

/* The subject of an error is the job; a lack of memory has no subject. */
static int staging_told(const char *uuid, int rc, arv_error *err)
{
    if (rc < 0 && rc != ARV_ENOMEM)
        arv_error_about(err, uuid);
    return rc;
}

int arv_staging_create(arv_staging *staging, const char *uuid, const void *document, size_t length,
                       arv_error *err)
{
    arv__jobfolder folder;
    if (document && length > STAGING_DOCUMENT_BYTES_MAX)
        return arv_error_set(err, ARV_ELIMIT, "The document of a job has %zu bytes; at most 1 MiB is kept.",
                             length);
    int rc = arv__jobfolder_open(&folder, staging, uuid, ARV__JOBFOLDER_MAKE, err);
    if (rc == 0)
        rc = arv__jobfolder_begin(&folder, document, length, err);
    arv__jobfolder_close(&folder);
    return staging_told(uuid, rc, err);
}

int arv_staging_document_take(arv_staging *staging, const char *uuid, char **document, size_t *length,
                              arv_error *err)
{
    arv__jobfolder folder;
    arv__buf text;
    struct stat st;
    int fd = -1, rc = arv__jobfolder_open(&folder, staging, uuid, ARV__JOBFOLDER_LOOK, err);
    if (rc < 0)
        return rc;
    arv__buf_init(&text, STAGING_DOCUMENT_BYTES_MAX + 1);
    int result = fd = arv__fs_openat(folder.fd, "document", ARV__JOBFOLDER_READ, 0);
    if (result >= 0)
        result = arv__fs->fstat(fd, &st);
    if (result >= 0 && (!S_ISREG(st.st_mode) || st.st_size > STAGING_DOCUMENT_BYTES_MAX)) {
        rc = arv_error_set(err, ARV_EFORMAT,
                           "The document of the job %s is not one that was given to it; restore it, or "
                           "delete the job by force.",
                           uuid);
        goto out;
    }
    if (result < 0) {
        rc = arv_error_system(err, -result, "The document of the job %s cannot be read", uuid);
        goto out;
    }
    if (!arv__buf_reserve(&text, (size_t)st.st_size + 1)) {
        rc = arv_error_nomem(err, "the document of a job");
        goto out;
    }
    ssize_t got = arv__fs_pread_full(fd, text.data, (size_t)st.st_size, 0);
    if (got < 0) {
        rc = arv_error_system(err, (int)-got, "The document of the job %s cannot be read", uuid);
        goto out;
    }
    text.length = (size_t)got;
    *document = arv__buf_take(&text, length);
    if (!*document)
        rc = arv_error_nomem(err, "the document of a job");
out:
    arv__buf_cleanup(&text);
    arv__fs_close(fd);
    arv__jobfolder_close(&folder);
    return staging_told(uuid, rc, err);
}

/* ---- look ----------------------------------------------------------------------------------- */

int arv_staging_status(arv_staging *staging, const char *uuid, arv_staged_status *status, arv_error *err)
{
    arv__jobfolder folder;
    int rc = arv__jobfolder_open(&folder, staging, uuid, ARV__JOBFOLDER_LOOK, err);
    arv__history *history = arv_calloc(1, sizeof *history);
    if (rc == 0 && !history)
        rc = arv_error_nomem(err, "the state of a job");
    if (rc == 0)
        rc = arv__journal_read(folder.fd, uuid, folder.shown, arv__history_apply, history, err);
    if (rc == ARV_ENOTFOUND)
        arv_error_set(err, rc, "There is no job %s in this staging folder.", uuid);
    if (rc == 0) {
        arv__history_status(history, status);
        if ((rc = arv__jobfolder_is_locked(&folder, &status->running, err)) == 0)
            rc = arv__jobfolder_look(&folder, "cancel", &status->cancel_asked, err);
    }
    arv_free(history);
    arv__jobfolder_close(&folder);
    return staging_told(uuid, rc, err);
}

int arv_staging_each(arv_staging *staging, arv_staged_cb callback, void *user_data, arv_error *err)
{
    return arv__jobfolders_walk(staging, callback, user_data, err);
}

int arv_staging_log(arv_staging *staging, const char *uuid, arv_staged_record_cb callback, void *user_data,
                    arv_error *err)
{
    arv__jobfolder folder;
    int rc = arv__jobfolder_open(&folder, staging, uuid, ARV__JOBFOLDER_LOOK, err);
    if (rc == 0)
        rc = arv__joblog_read(&folder, callback, user_data, err);
    arv__jobfolder_close(&folder);
    return rc;
}

/* ---- change --------------------------------------------------------------------------------- */

int arv_staging_cancel(arv_staging *staging, const char *uuid, arv_error *err)
{
    arv_staged_status *status = arv_calloc(1, sizeof *status);
    arv__jobfolder folder;
    arv__jobfolder_init(&folder);
    int rc =
        status ? arv_staging_status(staging, uuid, status, err) : arv_error_nomem(err, "the state of a job");
    if (rc == 0 && arv_job_state_final(status->state))
        rc = arv_error_set(err, ARV_ESTATE, "The job %s has ended already: it is %s.", uuid,
                           arv_job_state_text(status->state));
    if (rc == 0)
        rc = arv__jobfolder_open(&folder, staging, uuid, ARV__JOBFOLDER_LOOK, err);
    if (rc == 0)
        rc = arv__jobfolder_ask_cancel(&folder, err);
    arv__jobfolder_close(&folder);
    arv_free(status);
    return staging_told(uuid, rc, err);
}

/* A job under its lock, with its journal read. */
typedef struct staging_job {
    arv__jobfolder folder;
    arv__journal journal;
    arv__history *history;
} staging_job;

static void staging_job_close(staging_job *job)
{
    arv__journal_close(&job->journal);
    arv__jobfolder_close(&job->folder);
    arv_free(job->history);
}

static int staging_job_open(staging_job *job, arv_staging *staging, const char *uuid, arv_error *err)
{
    *job = (staging_job){.journal = {.fd = -1, .head_fd = -1}};
    int rc = arv__jobfolder_open(&job->folder, staging, uuid, ARV__JOBFOLDER_LOCK, err);
    if (rc < 0)
        return rc;
    job->history = arv_calloc(1, sizeof *job->history);
    if (!job->history)
        return arv_error_nomem(err, "the state of a job");
    return arv__journal_open(&job->journal, job->folder.fd, uuid, job->folder.shown, arv__history_apply,
                             job->history, err);
}

int arv_staging_requeue(arv_staging *staging, const char *uuid, arv_error *err)
{
    staging_job job;
    arv__buf record;
    int rc = staging_job_open(&job, staging, uuid, err);
    arv__buf_init(&record, ARV__JOURNAL_RECORD_BYTES_MAX);
    if (rc == 0 && !arv_job_state_may(job.history->state, ARV_JOB_QUEUED))
        rc = arv_error_set(err, ARV_ESTATE,
                           "The job %s is %s; only one that failed, waits for a retry, was cancelled or is "
                           "complete in part is begun anew.",
                           uuid, arv_job_state_text(job.history->state));
    /* Flushed: a cancel request that came back after a power failure would end the job. */
    if (rc == 0 && (rc = arv__jobfolder_unlink(&job.folder, "cancel", err)) == 0)
        rc = arv__jobfolder_flush(&job.folder, err);
    if (rc == 0) {
        arv__record_requeued(&record);
        rc = arv__journal_append(&job.journal, &record, err);
    }
    arv__buf_cleanup(&record);
    staging_job_close(&job);
    return staging_told(uuid, rc, err);
}

int arv_staging_delete(arv_staging *staging, const char *uuid, bool force, arv_error *err)
{
    staging_job job;
    int rc = staging_job_open(&job, staging, uuid, err);
    bool mine = job.folder.lock_fd >= 0;
    if (rc == 0 && !force && !arv_job_state_final(job.history->state))
        rc = arv_error_set(err, ARV_ESTATE,
                           "The job %s is %s; cancel it and let it end before it is deleted. Where that "
                           "cannot be, such as without its storage, delete it by force: what it has "
                           "stored stays.",
                           uuid, arv_job_state_text(job.history->state));
    if (mine && (rc == 0 || rc == ARV_ENOTFOUND || (force && rc != ARV_ESTATE)))
        rc = arv__jobfolder_remove(&job.folder, err);
    staging_job_close(&job);
    /* A process may have deleted the job and been killed before the flush: the job must not come back. */
    int flushed = rc == ARV_ENOTFOUND ? arv__fs_fsync_retry(staging->fd) : 0;
    if (flushed < 0)
        rc = arv_error_system(err, -flushed,
                              "The job %s is gone, but its staging folder cannot be "
                              "flushed",
                              uuid);
    return staging_told(uuid, rc, err);
}

/* ---- sweep ---------------------------------------------------------------------------------- */

typedef struct staging_sweeper {
    arv_staging *staging;
    arv_staging_swept *swept;
    int status;
    arv_error error;
} staging_sweeper;

/* Sets the bytes of the container; 0 when there is none. */
static int staging_container(const arv__jobfolder *folder, uint64_t *bytes, arv_error *err)
{
    struct stat st;
    int result = arv__fs->fstatat(folder->fd, "container", &st, AT_SYMLINK_NOFOLLOW);
    *bytes = result == 0 ? (uint64_t)st.st_size : 0;
    if (result == 0 || result == -ENOENT)
        return 0;
    return arv_error_system(err, -result, "The container of the job %s cannot be looked at", folder->uuid);
}

static bool staging_needs_container(const arv__history *history)
{
    return history->archive.packaged && !arv_job_state_final(history->state);
}

/* Takes the lock, then sweeps the job. */
static int staging_sweep_locked(arv_staging *staging, const char *uuid, arv_staging_swept *swept,
                                arv_error *err)
{
    staging_job job;
    uint64_t bytes = 0;
    int rc = staging_job_open(&job, staging, uuid, err);
    if (rc == ARV_ENOTFOUND && job.folder.lock_fd >= 0) {
        if ((rc = staging_container(&job.folder, &bytes, err)) == 0)
            rc = arv__jobfolder_remove(&job.folder, err);
        swept->bytes += rc == 0 ? bytes : 0;
        swept->jobs += rc == 0;
    } else if (rc == ARV_EFORMAT) {
        swept->damaged++;
        rc = 0;
    } else if (rc == ARV_ESTATE || rc == ARV_ENOTFOUND) {
        rc = 0; /* somebody works on it, or has just removed it */
    } else if (rc == 0) {
        rc = arv__jobfolder_tidy(&job.folder, &swept->files, &swept->bytes, err);
        if (rc == 0 && !staging_needs_container(job.history))
            rc = staging_container(&job.folder, &bytes, err);
        if (rc == 0 && bytes && (rc = arv__jobfolder_unlink(&job.folder, "container", err)) == 0) {
            swept->files++;
            swept->bytes += bytes;
        }
    }
    staging_job_close(&job);
    return rc;
}

/* Returns whether there is something to sweep. Looks without the lock: a process that runs or deletes the job
 * meanwhile would get ARV_ESTATE. */
static bool staging_wants_sweep(arv_staging *staging, const char *uuid)
{
    arv__jobfolder folder;
    arv__history *history = arv_calloc(1, sizeof *history);
    uint64_t bytes;
    bool wants = true;
    if (history && arv__jobfolder_open(&folder, staging, uuid, ARV__JOBFOLDER_LOOK, NULL) == 0) {
        if (arv__journal_read(folder.fd, uuid, folder.shown, arv__history_apply, history, NULL) == 0)
            wants = arv__jobfolder_has_parts(&folder) ||
                    (!staging_needs_container(history) &&
                     (staging_container(&folder, &bytes, NULL) < 0 || bytes));
        arv__jobfolder_close(&folder);
    }
    arv_free(history);
    return wants;
}

/* A folder that cannot be swept does not stop the others; the first error is returned at the end. */
static int staging_sweep_job(void *user_data, const char *uuid, arv_error *err)
{
    staging_sweeper *sweeper = user_data;
    arv_error failure;
    (void)err;
    if (!staging_wants_sweep(sweeper->staging, uuid))
        return 0;
    int rc = staging_sweep_locked(sweeper->staging, uuid, sweeper->swept, &failure);
    if (rc < 0 && sweeper->status == 0) {
        sweeper->status = rc;
        sweeper->error = failure;
    }
    return 0;
}

int arv_staging_sweep(arv_staging *staging, arv_staging_swept *swept, arv_error *err)
{
    arv_staging_swept ignored;
    staging_sweeper sweeper = {.staging = staging, .swept = swept ? swept : &ignored};
    *sweeper.swept = (arv_staging_swept){0};
    int rc = arv__jobfolders_walk(staging, staging_sweep_job, &sweeper, err);
    if (rc == 0 && sweeper.status < 0) {
        rc = sweeper.status;
        if (err)
            *err = sweeper.error;
    }
    return rc;
}
