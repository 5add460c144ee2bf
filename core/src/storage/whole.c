/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Shows a driver of whole files as a stream, so that the front knows streams only. put_write stages the
 * bytes in a private folder, unless a file has them already. put_seal hands the file to the driver; the
 * object is visible from then on. put_read fetches it again. put_abort removes it.
 *
 * The slots here are of the driver's own kind. Each is a row of steps: local functions and slots of the
 * driver. With a blocking driver they run one after the other in place; with an evented one the local
 * steps run on the I/O pool.
 */

#include "storage/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include <arv/sys/alloc.h>

/* The handle of a writer or reader. */
typedef struct whole {
    const struct step *step; /* that comes next */
    arv_storage_call *call;  /* of the front, that is served */
    arv__call asked, local;  /* of the driver; of ours */
    bool opens, ends;        /* what the row of steps does with the handle */
    int status;
    arv_error error;
    arv__scratch staged, fetched;
    int staged_fd, fetched_fd;
    const char *given; /* a file that holds what is written, or NULL */
    struct stat sent;  /* the file that is sent, as it was before */
    uint64_t written_bytes;
    bool published;
} whole;

/* An empty step ends a row. `always`: the step runs also after an error. */
typedef struct step {
    int (*local)(whole *w, arv_error *err);
    size_t slot; /* its offset in the driver's table */
    bool always;
} step;

#define DRIVER(name) offsetof(arv_storage_ops, name)

/* ---- steps ----------------------------------------------------------------------------------- */

static const arv_storage_ops *whole_driver(const whole *w)
{
    return w->local.storage->driver;
}

static arv_storage_slot whole_slot(const whole *w, const step *s)
{
    arv_storage_slot slot;
    memcpy(&slot, (const char *)whole_driver(w) + s->slot, sizeof slot);
    return slot;
}

static const step *whole_next(whole *w)
{
    while (w->step->local || w->step->slot) {
        const step *s = w->step++;
        if (w->status == 0 || s->always)
            return s;
    }
    return NULL;
}

static void whole_take(whole *w, int status, const arv_error *err)
{
    if (status >= 0 || w->status < 0)
        return;
    w->status = status;
    w->error = *err;
}

static int whole_end(whole *w, arv_error *err)
{
    int status = w->status;
    bool gone = w->ends || (w->opens && status < 0);
    if (status < 0 && err)
        *err = w->error;
    if (w->opens || w->ends)
        w->call->handle = gone ? NULL : w;
    w->opens = false;
    if (gone)
        arv_free(w);
    return status;
}

static void whole_go_on(whole *w);

static void whole_went(arv__op *op, int status, const arv_error *err)
{
    whole *w = op->user_data;
    whole_take(w, status, err);
    whole_go_on(w);
}

static int whole_run_local(arv__call *call, arv_error *err)
{
    whole *w = call->user_data;
    return w->step[-1].local(w, err);
}

static void whole_go_on(whole *w)
{
    if (w->status == 0 && w->step->slot && arv_storage_canceled(w->call)) /* the driver is not asked */
        w->status = arv_error_set(&w->error, ARV_ECANCELED, "%s", arv_error_text(ARV_ECANCELED));
    const step *s = whole_next(w);
    if (s && s->local) {
        arv__call_local(&w->local, w->local.storage->context->io, whole_run_local, whole_went);
    } else if (s) {
        arv__call_start(&w->asked, whole_slot(w, s), whole_went);
    } else {
        arv_storage_call *call = w->call;
        arv_error err;
        int status = whole_end(w, &err);
        arv_storage_done(call, status, &err);
    }
}

static int whole_start(whole *w, arv_storage_call *call, const step *row, arv_error *err)
{
    const arv__call *front = call->front;
    arv_error failure;
    w->call = call;
    w->step = row;
    w->status = 0;
    w->asked.must_run = w->local.must_run = front->must_run;
    if (!arv__storage_can(w->local.storage, ARV_STORAGE_BLOCKING)) {
        whole_go_on(w);
        return 0;
    }
    w->asked.call.front = call->front; /* tells whether it was cancelled */
    for (const step *s; (s = whole_next(w));)
        whole_take(w,
                   s->local ? s->local(w, &failure)
                            : whole_slot(w, s)(w->local.storage->instance, &w->asked.call, &failure),
                   &failure);
    return whole_end(w, err);
}

static int whole_open(arv_storage_call *call, const step *row, arv_error *err)
{
    arv__call *front = call->front;
    whole *w = arv_calloc(1, sizeof *w);
    if (!w)
        return arv_error_nomem(err, "a file for a storage");
    w->opens = true;
    call->handle = w; /* for a cancellation meanwhile */
    w->staged_fd = w->fetched_fd = -1;
    w->given = call->path;
    w->asked.storage = w->local.storage = front->storage;
    w->asked.user_data = w->local.user_data = w;
    w->asked.call.key = call->key;
    w->asked.call.object = call->object;
    return whole_start(w, call, row, err);
}

static int whole_close_files(whole *w, arv_error *err)
{
    (void)err;
    arv__fs_close(w->staged_fd);
    arv__fs_close(w->fetched_fd);
    w->staged_fd = w->fetched_fd = -1;
    arv__scratch_remove(&w->staged);
    arv__scratch_remove(&w->fetched);
    return 0;
}

static int whole_close_if_failed(whole *w, arv_error *err)
{
    return w->status < 0 ? whole_close_files(w, err) : 0;
}

/* ---- put: staged ----------------------------------------------------------------------------- */

static int whole_examine(whole *w, arv_error *err)
{
    int rc = arv__fs->fstatat(AT_FDCWD, w->asked.call.path, &w->sent, 0);
    return rc < 0 ? arv_error_system(err, -rc, "The file for the object '%s' cannot be examined",
                                     w->asked.call.key)
                  : 0;
}

static int whole_stage(whole *w, arv_error *err)
{
    w->asked.call.path = w->given ? w->given : w->staged.file;
    if (w->given)
        return whole_examine(w, err);
    int rc = arv__scratch_make(&w->staged, w->call->temp_directory, err);
    if (rc < 0)
        return rc;
    rc = arv__fs_openat(AT_FDCWD, w->staged.file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (rc < 0)
        return arv_error_system(err, -rc, "The temporary file for the object '%s' cannot be made",
                                w->asked.call.key);
    w->staged_fd = rc;
    return 0;
}

static int whole_put_open(void *instance, arv_storage_call *call, arv_error *err)
{
    static const step row[] = {{.local = whole_stage}, {.local = whole_close_if_failed, .always = true}, {0}};
    (void)instance;
    return whole_open(call, row, err);
}

static int whole_write(whole *w, arv_error *err)
{
    int rc =
        w->given ? 0 : arv__fs_pwrite_full(w->staged_fd, w->call->data, w->call->length, w->written_bytes);
    if (rc < 0)
        return arv_error_system(err, -rc,
                                "The temporary file for the object '%s' cannot be "
                                "written; free some space or set TMPDIR to another "
                                "folder",
                                w->asked.call.key);
    w->written_bytes += w->call->length;
    return 0;
}

static int whole_put_write(void *instance, arv_storage_call *call, arv_error *err)
{
    static const step row[] = {{.local = whole_write}, {0}};
    (void)instance;
    return whole_start(call->handle, call, row, err);
}

/* ---- put: sent, fetched, compared ------------------------------------------------------------ */

static int whole_ready(whole *w, arv_error *err)
{
    int rc = w->given ? 0 : arv__fs_close(w->staged_fd);
    w->staged_fd = -1;
    w->asked.call.size_hint_bytes = w->written_bytes;
    w->asked.call.digests = w->call->digests;
    if (rc < 0)
        return arv_error_system(err, -rc, "The temporary file for the object '%s' cannot be closed",
                                w->asked.call.key);
    return w->given ? 0 : whole_examine(w, err);
}

/* The driver has read the caller's file: it must be unchanged since it was hashed. */
static int whole_sent(whole *w, arv_error *err)
{
    const struct stat was = w->sent;
    w->published = true;
    int rc = w->given ? whole_examine(w, err) : 0;
    if (rc == 0 && (w->sent.st_size != was.st_size || w->sent.st_mtim.tv_sec != was.st_mtim.tv_sec ||
                    w->sent.st_mtim.tv_nsec != was.st_mtim.tv_nsec))
        rc = arv_error_set(err, ARV_ECHANGED,
                           "The file for the object '%s' changed while it was stored; try again when "
                           "nothing writes to it any more.",
                           w->asked.call.key);
    w->sent = was;
    return rc;
}

static int whole_put_seal(void *instance, arv_storage_call *call, arv_error *err)
{
    static const step row[] = {{.local = whole_ready},
                               {.slot = DRIVER(put_file)},
                               {.local = whole_sent},
                               {0}};
    (void)instance;
    return whole_start(call->handle, call, row, err);
}

/* The fetched file proves nothing when it is the very file that was sent, or when the driver keeps a link to
 * that file. */
static int whole_judge(const whole *w, const struct stat *found, arv_error *err)
{
    struct stat now;
    bool same = found->st_dev == w->sent.st_dev && found->st_ino == w->sent.st_ino;
    bool linked = !same && arv__fs->fstatat(AT_FDCWD, w->given ? w->given : w->staged.file, &now, 0) == 0 &&
                  now.st_dev == w->sent.st_dev && now.st_ino == w->sent.st_ino &&
                  now.st_nlink > w->sent.st_nlink;
    if (!same && !linked)
        return 0;
    return arv_error_set(err, ARV_EUNSUPPORTED,
                         "The storage driver '%s' %s the very file that it was given for the object "
                         "'%s', which proves nothing; it does not count as stored. A driver must copy "
                         "the bytes and make no link.",
                         whole_driver(w)->name, same ? "gave back" : "keeps a link to", w->asked.call.key);
}

/* ---- fetch: for put_read and for a reader ---------------------------------------------------- */

static int whole_make_room(whole *w, arv_error *err)
{
    int rc = arv__scratch_make(&w->fetched, w->call->temp_directory, err);
    w->asked.call.path = w->fetched.file;
    return rc;
}

/* The file loses its name as soon as it is open. */
static int whole_open_fetched(whole *w, arv_error *err)
{
    struct stat st;
    int rc = arv__fs_openat(AT_FDCWD, w->fetched.file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
    w->fetched_fd = rc < 0 ? -1 : rc;
    if (rc < 0 || (rc = arv__fs->fstat(w->fetched_fd, &st)) < 0 || !S_ISREG(st.st_mode))
        return arv_error_system(err, rc < 0 ? -rc : EINVAL,
                                "The file that the storage driver '%s' made for the object '%s' "
                                "cannot be read",
                                whole_driver(w)->name, w->asked.call.key);
    if (w->published && (rc = whole_judge(w, &st, err)) < 0)
        return rc;
    arv__scratch_remove(&w->fetched);
    w->call->object->size_bytes = (uint64_t)st.st_size;
    return 0;
}

static int whole_read(whole *w, arv_error *err)
{
    arv_storage_call *call = w->call;
    ssize_t n = arv__fs_pread_full(w->fetched_fd, call->into, call->length, call->offset);
    if (n < 0)
        return arv_error_system(err, (int)-n, "The copy of the object '%s' cannot be read",
                                w->asked.call.key);
    call->done = (size_t)n;
    return 0;
}

static int whole_put_read(void *instance, arv_storage_call *call, arv_error *err)
{
    static const step row[] = {{.local = whole_make_room},
                               {.slot = DRIVER(get_file)},
                               {.local = whole_open_fetched},
                               {.local = whole_read},
                               {0}};
    whole *w = call->handle;
    (void)instance;
    return whole_start(w, call, w->fetched_fd < 0 ? row : row + 3, err);
}

/* ---- end of a put ---------------------------------------------------------------------------- */

static int whole_put_commit(void *instance, arv_storage_call *call, arv_error *err)
{
    static const step row[] = {{.local = whole_close_files}, {0}};
    whole *w = call->handle;
    (void)instance;
    w->ends = true;
    return whole_start(w, call, row, err);
}

static int whole_cannot_remove(whole *w, arv_error *err)
{
    return arv_error_set(err, ARV_EUNSUPPORTED,
                         "The object '%s' cannot be removed: this storage keeps what it was given.",
                         w->asked.call.key);
}

static int whole_put_abort(void *instance, arv_storage_call *call, arv_error *err)
{
    static const step clean[] = {{.local = whole_close_files}, {0}};
    static const step retract[] = {{.local = whole_close_files}, {.slot = DRIVER(remove)}, {0}};
    static const step keep[] = {{.local = whole_close_files}, {.local = whole_cannot_remove}, {0}};
    whole *w = call->handle;
    bool keeps = arv__storage_can(w->local.storage, ARV_STORAGE_NO_DELETE) || !whole_driver(w)->remove;
    (void)instance;
    w->ends = true;
    return whole_start(w, call, !w->published ? clean : keeps ? keep : retract, err);
}

/* ---- get ------------------------------------------------------------------------------------- */

static int whole_get_open(void *instance, arv_storage_call *call, arv_error *err)
{
    static const step row[] = {{.local = whole_make_room},
                               {.slot = DRIVER(get_file)},
                               {.local = whole_open_fetched},
                               {.local = whole_close_if_failed, .always = true},
                               {0}};
    (void)instance;
    return whole_open(call, row, err);
}

static int whole_get_read(void *instance, arv_storage_call *call, arv_error *err)
{
    static const step row[] = {{.local = whole_read}, {0}};
    (void)instance;
    return whole_start(call->handle, call, row, err);
}

/* Cancels the driver's own call for this handle. */
static void whole_cancel(void *instance, arv_storage_call *call)
{
    whole *w = call->handle;
    const arv_storage_ops *driver = ((arv__call *)call->front)->storage->driver;
    if (w)
        arv__op_cancel(&w->asked.op);
    else if (driver->cancel)
        driver->cancel(instance, call);
}

void arv__whole_show(arv_storage_ops *shown, const arv_storage_ops *driver)
{
    bool reads = !(driver->capabilities & ARV_STORAGE_NO_RETRIEVE);
    *shown = *driver;
    shown->capabilities |= ARV_STORAGE_STREAM | ARV_STORAGE_PUBLISHES;
    shown->put_open = whole_put_open;
    shown->put_write = whole_put_write;
    shown->put_seal = whole_put_seal;
    shown->put_read = reads ? whole_put_read : NULL;
    shown->put_commit = whole_put_commit;
    shown->put_abort = whole_put_abort;
    shown->get_open = reads ? whole_get_open : NULL;
    shown->get_read = reads ? whole_get_read : NULL;
    shown->get_close = reads ? whole_put_commit : NULL;
    shown->cancel = whole_cancel;
}
