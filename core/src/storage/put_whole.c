/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A put with a driver that takes whole files: what is written is staged in a private folder (or
 * stands in a file already), sent with put_file, fetched again with get_file, compared. The object
 * has its key before it is proven, so a failed proof, and a cancellation, removes it again.
 */

#include "storage/internal.h"

#include <fcntl.h>

/* ---- write: into the staged file ------------------------------------------------------------- */

static int whole_stage(arv__call *call, arv_error *err)
{
    arv__put *put = call->user_data;
    int rc = put->staged_fd < 0 ? arv__scratch_make(&put->scratch, put->temp_directory, err) : 0;
    if (rc < 0)
        return rc;
    if (put->staged_fd < 0) {
        rc = arv__fs_openat(AT_FDCWD, put->scratch.file,
                            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (rc < 0)
            return arv_error_system(err, -rc, "The temporary file for the object '%s' cannot be "
                                              "made", put->key);
        put->staged_fd = rc;
    }
    uint64_t at = put->written_bytes;
    while (arv__put_next_piece(put)) {
        rc = arv__fs_pwrite_full(put->staged_fd, put->call.call.data, put->call.call.length, at);
        if (rc < 0)
            return arv_error_system(err, -rc, "The temporary file for the object '%s' cannot be "
                                              "written; free some space or set TMPDIR to another "
                                              "folder", put->key);
        at = put->written_bytes;
    }
    return __atomic_load_n(&put->canceled, __ATOMIC_RELAXED)
               ? arv_error_set(err, ARV_ECANCELED, "%s", arv_error_text(ARV_ECANCELED))
               : 0;
}

static void whole_staged(arv__op *op, int status, const arv_error *err)
{
    arv__put_end(op->user_data, status, err);
}

void arv__put_whole_write(arv__put *put)
{
    arv__call_local(&put->local, put->storage->context->io, whole_stage, whole_staged);
}

/* ---- prove: send, fetch, compare ------------------------------------------------------------ */

/*
 * Before a byte is hashed: a file of another size is none of ours, and one that is the very file that
 * was sent, or that was sent and is kept as a link by the driver, proves nothing about what is stored.
 */
static int whole_judge(arv__get *get, const struct stat *wrote, arv_error *err)
{
    const arv__put *put = get->user_data;
    struct stat now;
    int rc = arv__put_compare_size(put, (uint64_t)wrote->st_size, err);
    if (rc < 0)
        return rc;
    bool same = wrote->st_dev == put->given.st_dev && wrote->st_ino == put->given.st_ino;
    bool linked = !same && arv__fs->fstatat(AT_FDCWD, put->call.call.path, &now, 0) == 0 &&
                  now.st_dev == put->given.st_dev && now.st_ino == put->given.st_ino &&
                  now.st_nlink > put->given.st_nlink;
    if (!same && !linked)
        return 0;
    return arv_error_set(err, ARV_EUNSUPPORTED,
                         "The storage driver '%s' %s the very file that it was given for the object "
                         "'%s', which proves nothing; it does not count as stored. A driver must copy "
                         "the bytes and make no link.",
                         put->storage->ops->name, same ? "gave back" : "keeps a link to", put->key);
}

static void whole_fetched(arv__op *op, int status, const arv_error *error)
{
    arv__put *put = op->user_data;
    arv_error err;
    if (status < 0)
        err = *error;
    else
        status = arv__put_compare(put, &put->object->digests, put->get.length_bytes, &err);
    arv__put_end(put, status, &err);
}

static void whole_sent(arv__op *op, int status, const arv_error *err)
{
    arv__put *put = op->user_data;
    if (status < 0) {
        arv__put_end(put, status, err);
        return;
    }
    put->stored = true;
    if (__atomic_load_n(&put->canceled, __ATOMIC_RELAXED)) {
        arv__put_end(put, ARV_ECANCELED, NULL);
        return;
    }
    if (arv__storage_can(put->storage, ARV_STORAGE_NO_RETRIEVE)) {
        arv__put_unproven(put);
        arv__put_end(put, 0, NULL);
        return;
    }
    arv__get *get = &put->get;
    get->storage = put->storage;
    get->key = put->key;
    get->temp_directory = put->temp_directory;
    get->algorithms = put->digests.present;
    get->object = put->object;
    get->judge = whole_judge;
    get->user_data = put;
    arv__op_init(&put->get_op, put->storage->context->loop, whole_fetched, put);
    arv__get_start(get, &put->get_op);
}

static int whole_close(arv__put *put, arv__call *call, arv_error *err)
{
    int rc = put->staged_fd < 0 ? whole_stage(call, err) : 0;
    if (rc < 0)
        return rc;
    rc = arv__fs_close(put->staged_fd);
    put->staged_fd = -1;
    return rc < 0 ? arv_error_system(err, -rc, "The temporary file for the object '%s' cannot be "
                                               "closed", put->key)
                  : 0;
}

static int whole_ready(arv__call *call, arv_error *err)
{
    arv__put *put = call->user_data;
    int rc = put->path ? 0 : whole_close(put, call, err);
    if (rc < 0)
        return rc;
    put->call.call.path = put->path ? put->path : put->scratch.file;
    rc = arv__fs->fstatat(AT_FDCWD, put->call.call.path, &put->given, 0);
    return rc < 0 ? arv_error_system(err, -rc, "The file for the object '%s' cannot be examined",
                                     put->key)
                  : 0;
}

static void whole_readied(arv__op *op, int status, const arv_error *err)
{
    arv__put *put = op->user_data;
    if (status < 0) {
        arv__put_end(put, status, err);
        return;
    }
    put->call.more = NULL;
    put->call.must_run = false;
    put->call.call.size_hint_bytes = put->length_bytes;
    arv__call_start(&put->call, put->storage->ops->put_file, whole_sent);
}

void arv__put_whole_prove(arv__put *put)
{
    put->span_count = 0;
    arv__call_local(&put->local, put->storage->context->io, whole_ready, whole_readied);
}

/* ---- commit: the object has its key; what was staged goes ------------------------------------- */

static int whole_clean(arv__call *call, arv_error *err)
{
    arv__put *put = call->user_data;
    (void)err;
    arv__fs_close(put->staged_fd);
    put->staged_fd = -1;
    arv__scratch_remove(&put->scratch);
    return 0;
}

static void whole_cleaned(arv__op *op, int status, const arv_error *err)
{
    (void)status;
    (void)err;
    arv__put_success(op->user_data);
}

void arv__put_whole_commit(arv__put *put)
{
    put->local.must_run = true;
    arv__call_local(&put->local, put->storage->context->io, whole_clean, whole_cleaned);
}

/* ---- abort: the object was removed already --------------------------------------------------- */

static void whole_aborted(arv__op *op, int status, const arv_error *err)
{
    arv__put *put = op->user_data;
    (void)status;
    (void)err;
    arv__put_aborted(put, put->abort_status, &put->abort_error);
}

void arv__put_whole_abort(arv__put *put)
{
    put->local.must_run = true;
    arv__call_local(&put->local, put->storage->context->io, whole_clean, whole_aborted);
}
