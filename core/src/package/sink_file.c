/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A sink over arv__newfile. It touches the disk on the pool only. It opens the file with the first write,
 * so that it refuses an existing target before much was read. One piece of work is under way at a time;
 * an abort meanwhile waits for it.
 */

#include "package/sink.h"

#include <fcntl.h>
#include <string.h>

#include <arv/sys/alloc.h>
#include "loop/newfile.h"
#include "util/names.h"

typedef enum { STEP_WRITE, STEP_PROVE, STEP_COMMIT, STEP_ABORT } sink_step;

typedef struct file_sink {
    arv__sink base;
    arv__pool *pool;
    arv__lane *lane;
    arv__work work;
    bool working;
    sink_step step;
    arv__op *op;       /* of the work under way */
    arv__op *abort_op; /* waits for it */
    const arv__span *spans;
    unsigned span_count;
    uint64_t size_hint_bytes;
    uint64_t length_bytes; /* as given to prove */
    int dir_fd;
    arv__newfile *file;
    const char *name; /* in path */
    char shown[ARV__QUOTE_BYTES];
    char path[];
} file_sink;

static int file_sink_open(file_sink *sink, arv_error *err)
{
    const char *folder = ".";
    char *slash = strrchr(sink->path, '/');
    arv__newfile_options options;

    sink->name = slash ? slash + 1 : sink->path;
    if (slash == sink->path)
        folder = "/";
    else if (slash)
        folder = sink->path;
    if (slash && slash != sink->path)
        *slash = '\0';
    sink->dir_fd = arv__fs_openat(AT_FDCWD, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    if (slash)
        *slash = '/';
    if (sink->dir_fd < 0) {
        int error = -sink->dir_fd;
        sink->dir_fd = -1;
        return arv_error_system(err, error, "The folder of the new archive %s cannot be opened", sink->shown);
    }
    options = (arv__newfile_options){
        .dir_fd = sink->dir_fd,
        .name = sink->name,
        .shown = sink->path,
        .size_hint_bytes = sink->size_hint_bytes,
    };
    return arv__newfile_open(&sink->file, &options, err);
}

/* At most an unlink and a flush of the folder. */
static int file_sink_give_up(file_sink *sink, arv_error *err)
{
    return sink->file ? arv__newfile_retract(sink->file, err) : 0;
}

static int file_sink_step(file_sink *sink, arv_error *err)
{
    int rc = 0;

    if (sink->step == STEP_ABORT)
        return file_sink_give_up(sink, err);
    if (sink->step == STEP_COMMIT && (rc = arv__newfile_commit(sink->file, err)) == 0)
        return arv__newfile_find(sink->file, sink->path, err);
    if (sink->step == STEP_COMMIT)
        return rc;
    if (!sink->file && (rc = file_sink_open(sink, err)) < 0)
        return rc;
    for (unsigned i = 0; i < sink->span_count && rc == 0; i++)
        rc = arv__newfile_write(sink->file, sink->spans[i].data, sink->spans[i].length, err);
    if (rc < 0 || sink->step == STEP_WRITE)
        return rc;
    if (arv__newfile_length(sink->file) != sink->length_bytes)
        return arv_error_set(err, ARV_EINTERNAL, "The new archive %s has %llu bytes instead of %llu.",
                             sink->shown, (unsigned long long)arv__newfile_length(sink->file),
                             (unsigned long long)sink->length_bytes);
    return arv__newfile_seal(sink->file, err);
}

static int file_sink_run(arv__work *work, arv_error *err)
{
    file_sink *sink = work->user_data;
    int rc = file_sink_step(sink, err);
    if (rc < 0)
        arv_error_about(err, sink->path);
    return rc;
}

static void file_sink_done(arv__work *work, int status, const arv_error *err);

static void file_sink_submit(file_sink *sink, sink_step step, arv__op *op)
{
    arv_error err;
    int rc;

    sink->step = step;
    sink->op = op;
    sink->working = true;
    rc = arv__work_start(sink->pool, sink->lane, &sink->work, file_sink_run, file_sink_done, sink, &err);
    if (rc < 0) {
        sink->working = false;
        if (step == STEP_ABORT) /* no later step can take the file back */
            rc = file_sink_give_up(sink, &err);
        arv__op_complete(op, rc, &err);
    }
}

static void file_sink_done(arv__work *work, int status, const arv_error *err)
{
    file_sink *sink = work->user_data;
    arv__op *op = sink->op;
    arv__op *abort_op = sink->abort_op;
    arv_error error;

    sink->working = false;
    if (sink->step == STEP_ABORT && status == ARV_ECANCELED) { /* the pool ended before the abort ran */
        status = file_sink_give_up(sink, &error);
        err = &error;
    }
    sink->abort_op = NULL;
    arv__op_complete(op, status, err);
    if (abort_op)
        file_sink_submit(sink, STEP_ABORT, abort_op);
}

static void file_sink_write(arv__sink *base, const arv__span *spans, unsigned count, arv__op *op)
{
    file_sink *sink = (file_sink *)base;
    arv__op_begin(op, NULL, NULL);
    sink->spans = spans;
    sink->span_count = count;
    file_sink_submit(sink, STEP_WRITE, op);
}

static void file_sink_prove(arv__sink *base, const arv_digests *digests, uint64_t length_bytes, arv__op *op)
{
    file_sink *sink = (file_sink *)base;
    (void)digests;
    arv__op_begin(op, NULL, NULL);
    sink->length_bytes = length_bytes;
    sink->span_count = 0;
    file_sink_submit(sink, STEP_PROVE, op);
}

static void file_sink_cancel(arv__op *op, void *server_data)
{
    file_sink *sink = server_data;
    (void)op;
    if (sink->working)
        arv__work_cancel(&sink->work);
}

static void file_sink_commit(arv__sink *base, arv__op *op)
{
    file_sink *sink = (file_sink *)base;
    arv__op_begin(op, file_sink_cancel, sink);
    file_sink_submit(sink, STEP_COMMIT, op);
}

static void file_sink_abort(arv__sink *base, arv__op *op)
{
    file_sink *sink = (file_sink *)base;
    arv__op_begin(op, NULL, NULL);
    if (sink->working) {
        sink->abort_op = op;
        arv__work_cancel(&sink->work);
    } else {
        file_sink_submit(sink, STEP_ABORT, op);
    }
}

static void file_sink_free(arv__sink *base)
{
    file_sink *sink = (file_sink *)base;
    arv__newfile_free(sink->file);
    arv__fs_close(sink->dir_fd);
    arv_free(sink);
}

static const arv__sink_ops file_sink_ops = {
    .write = file_sink_write,
    .prove = file_sink_prove,
    .commit = file_sink_commit,
    .abort = file_sink_abort,
    .free = file_sink_free,
};

int arv__sink_file_new(arv__sink **out, arv__loop *loop, arv__pool *pool, arv__lane *lane, const char *path,
                       uint64_t size_hint_bytes, arv_error *err)
{
    size_t length = strlen(path);
    file_sink *sink;

    (void)loop;
    if (!length || path[length - 1] == '/')
        return arv_error_set(err, ARV_EINVALID, "The path of the new archive has no file name at its end.");
    sink = arv_calloc(1, sizeof *sink + length + 1);
    if (!sink)
        return arv_error_nomem(err, "a new archive");
    memcpy(sink->path, path, length);
    arv__quote(sink->shown, sizeof sink->shown, path, length);
    sink->base.ops = &file_sink_ops;
    sink->pool = pool;
    sink->lane = lane;
    sink->size_hint_bytes = size_hint_bytes;
    sink->dir_fd = -1;
    *out = &sink->base;
    return 0;
}
