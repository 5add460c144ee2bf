/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_STORAGE_INTERNAL_H
#define ARV_STORAGE_INTERNAL_H

/* What the files of the storage module know of each other. Drivers need keys and addresses only. */

#include <stdio.h>

#include "crypto/digest.h"
#include "loop/fileops.h"
#include "loop/newfile.h"
#include "loop/task.h"
#include "storage/storage.h"

struct arv_storage {
    unsigned references;
    arv_engine *engine;
    arv__context *context;
    const arv_storage_ops *driver;
    const arv_storage_ops *ops; /* the driver's, or as whole.c shows it */
    arv_storage_ops shown;
    void *instance;
    char *url; /* without a slash at its end */
    void *user_data;
    void (*release)(void *user_data);
};

static inline bool arv__storage_can(const arv_storage *storage, unsigned capability)
{
    return (storage->ops->capabilities & capability) != 0;
}

/* ---- address.c: URLs, keys, UUIDs ------------------------------------------------------------ */

/* ARV_EINVALID with what a key looks like. */
int arv__key_check(const char *key, arv_error *err);
/* One that is free and promises no archive. */
int arv__key_make(const char *suffix, char key[ARV_KEY_BYTES], arv_error *err);
/* Key and version of an object's name, as requests take it. ARV_EINVALID. */
int arv__name_parse(const char *name, char key[ARV_KEY_BYTES], char version[ARV_VERSION_BYTES],
                    arv_error *err);
/* ARV_EINTERNAL where a driver gave a version that is none. */
int arv__version_check(const arv_storage *storage, const char *key, const char *version, arv_error *err);
/* The suffix for a file of this name: its extension in lower case, or "" where it is unusual. */
void arv__suffix_of_file(const char *path, char suffix[33]);
/* "file" of "file:///srv": lower case, ARV_EINVALID when the text is no URL or carries user info.
 */
int arv__url_scheme(const char *url, char scheme[32], arv_error *err);
/* Decodes %XX into `into`; ARV_EINVALID for a bad one, %00, invalid UTF-8 or what does not fit. */
int arv__url_decode(const char *text, size_t length, char *into, size_t capacity, arv_error *err);

/* A key that was checked, from an array of at least ARV_KEY_BYTES or a literal. */
static inline void arv__key_copy(char into[ARV_KEY_BYTES], const char *key)
{
    snprintf(into, ARV_KEY_BYTES, "%s", key);
}

/* ---- registry.c ------------------------------------------------------------------------------ */

int arv__driver_find(const char *scheme, const arv_storage_ops **ops, void **user_data, arv_error *err);
/* `registered`: name and schemes are checked too. */
int arv__driver_check(const arv_storage_ops *ops, bool registered, arv_error *err);

/* ---- options.c ------------------------------------------------------------------------------- */

/* NULL, with a sentence that names those that there are. */
const arv_option_info *arv__option_find(const char *driver, const arv_option_info *infos, const char *name,
                                        arv_error *err);
/* Checks options and opens the driver's instance with them. */
int arv__options_open(const arv_storage *storage, const arv_storage_option *options, size_t count,
                      arv_error *err);

/* ---- call.c: one slot, or one local function on a pool
 * ------------------------------------------- */

/*
 * Runs a slot of a driver where its kind wants it (a blocking one on the I/O pool, an evented one
 * on the loop thread), or a function of ours on a pool. A call is a request: its op is begun by the
 * start, with the call's user_data, and calls `done` back as any op does.
 *
 * `more` turns one call into several: after each success it is asked, on the thread that ran the
 * slot, whether to run it again with the inputs that it has just set.
 * `must_run` is for what releases something: it runs even when pools refuse work, then in place,
 * and cannot be cancelled.
 * A call is zeroed, given its fields, and reused as often as one likes.
 */
typedef struct arv__call arv__call;
struct arv__call {
    arv__op op; /* first */
    arv_storage_call call;
    arv_storage *storage;
    void *user_data;
    bool (*more)(arv__call *call);
    bool must_run;
    /* private */
    arv_storage_slot slot;
    int (*local)(arv__call *call, arv_error *err);
    arv__work work;
    arv__mail mail;
    bool ran, asked; /* asked: an evented driver has not answered yet */
};

void arv__call_start(arv__call *call, arv_storage_slot slot, arv__op_cb done);
void arv__call_local(arv__call *call, arv__pool *pool, int (*run)(arv__call *call, arv_error *err),
                     arv__op_cb done);
static inline arv__call *arv__call_of(arv__op *op)
{
    return (arv__call *)(void *)op;
}

/* ---- pump.c: two buffers between one that fills and one that drains
 * ------------------------------- */

/*
 * While one buffer is filled the other is drained. Each side starts something and reports its end
 * with arv__pump_filled() or _drained(), from a callback or already inside. The pump's op completes
 * when neither side is busy any more.
 */
typedef struct arv__pump arv__pump;
struct arv__pump {
    arv__op op; /* initialised by the owner, begun by the start */
    void (*fill)(arv__pump *pump, void *into, size_t length, uint64_t offset);
    void (*drain)(arv__pump *pump, const void *data, size_t length);
    void *user_data;
    /* private */
    unsigned char *block, *buffers[2];
    size_t capacity, lengths[2];
    unsigned fill_at, drain_at;
    uint64_t offset; /* of the next fill: bytes so far */
    bool filling, draining, ended, stepping, finished;
    int status;
    arv_error error;
};

/* `size_hint_bytes` 0: unknown. A small object gets small buffers. */
int arv__pump_init(arv__pump *pump, uint64_t size_hint_bytes, arv_error *err);
void arv__pump_cleanup(arv__pump *pump); /* accepts a zeroed one */
void arv__pump_start(arv__pump *pump);
/* `length` 0 with status 0 is the end. */
void arv__pump_filled(arv__pump *pump, int status, const arv_error *err, size_t length);
void arv__pump_drained(arv__pump *pump, int status, const arv_error *err);

/* ---- scratch.c: a private folder for one file ------------------------------------------------ */

enum { ARV__SCRATCH_BYTES = 4096 + 64 };
typedef struct arv__scratch {
    char folder[ARV__SCRATCH_BYTES];   /* "" while there is none */
    char file[ARV__SCRATCH_BYTES + 8]; /* inside it; not made */
    int fd;                            /* of the folder, locked; while there is one */
} arv__scratch;

/* Makes a folder of mode 0700 in `directory` (NULL: TMPDIR, else /var/tmp), and removes those that
 * killed processes left there. Blocks. */
int arv__scratch_make(arv__scratch *scratch, const char *directory, arv_error *err);
/* Removes the file, if there is one, and the folder. Blocks. Accepts a zeroed one. */
void arv__scratch_remove(arv__scratch *scratch);

/* ---- whole.c --------------------------------------------------------------------------------- */

/* Fills in the table that shows a driver of whole files as a stream. */
void arv__whole_show(arv_storage_ops *shown, const arv_storage_ops *driver);

/* ---- get.c: an object comes back
 * ------------------------------------------------------------------ */

/*
 * Reads an object, hashes it, compares it with `expected`, and writes it to a new file if there is
 * a path. Its op completes when nothing is open and nothing is left but the finished file.
 */
typedef struct arv__get arv__get;
struct arv__get {
    arv_storage *storage;        /* borrowed, as all inputs */
    const char *key, *version;   /* version "": the newest */
    const char *path;            /* NULL: only hashed */
    const arv_digests *expected; /* NULL: none */
    unsigned algorithms;
    arv_object *object; /* filled */
    arv_task *task;     /* shows the progress; may be NULL */
    /* private */
    arv__op *op;
    bool opened;
    arv__call call, local;
    arv__pump pump;
    arv__digest digest;
    arv__newfile *file;
    char *folder; /* of path; NULL without one */
    int folder_fd;
    uint64_t length_bytes;
    int status;
    arv_error error;
};

void arv__get_start(arv__get *get, arv__op *op);

/* ---- pieces.c -------------------------------------------------------------------------------- */

typedef struct arv__pieces arv__pieces;
struct arv__pieces {
    void (*went)(arv__pieces *p); /* a write has ended */
    /* read only */
    unsigned busy; /* writes under way */
    int status;    /* of the first that failed */
    arv_error error;
    /* private */
    struct arv__piece *pieces, *filling;
    unsigned count;
    size_t piece_bytes;
    uint64_t offset;
    arv__context *context;
};

/* Whether what a driver asks for is within bounds: ARV_EINTERNAL. */
int arv__pieces_check(const arv_storage *storage, const arv_storage_call *call, arv_error *err);
/* After a put_open whose call is `put`. */
int arv__pieces_init(arv__pieces *p, const arv__call *put, arv_error *err); /* goes on at its offset */
void arv__pieces_cleanup(arv__pieces *p); /* accepts a zeroed one; when no write is under way */
/* Copies bytes and begins to write each piece that is full. Returns how many it took: 0 while all
 * pieces are under way, or after an error. */
size_t arv__pieces_take(arv__pieces *p, const void *data, size_t length);
void arv__pieces_flush(arv__pieces *p); /* writes what is left: the last piece */
void arv__pieces_cancel(arv__pieces *p);

/* ---- put.c, resume.c: an object goes in
 * --------------------------------------------------------- */

/*
 * The protocol of a put. A put is a sink (package/sink.h), so the packer
 * writes into one as the requests here do:
 *
 *     write … -> prove -> commit    or abort, once, after any failure, and also after a commit
 *                                   that succeeded, which then removes the object again
 *
 * Errors are sticky: after one only abort makes sense, and it must be called.
 */
typedef struct arv__put arv__put;
struct arv__put {
    arv__sink sink;       /* first */
    arv_storage *storage; /* referenced */
    char key[ARV_KEY_BYTES];
    uint64_t size_hint_bytes;
    const char *path;     /* a file that holds what is written, or NULL; borrowed */
    char *temp_directory; /* owned, or NULL */
    void *state;          /* of an interrupted put, as its driver gave it; owned, or NULL */
    arv_object *object;   /* filled by commit; borrowed */
    /* private */
    arv__op *op;       /* write, prove or commit under way */
    arv__op *abort_op; /* waits for it, or runs */
    bool canceled, opened, published, stored, feeding, sealing;
    arv__pieces pieces; /* where the driver wants them */
    const arv__span *spans;
    unsigned span_count, span_at;
    size_t span_offset;
    arv_digests digests;
    uint64_t length_bytes, written_bytes, resumed_bytes;
    arv__call call, local;
    arv__pump pump;
    arv__digest digest;
    arv_object found;
    int status;
    arv_error error, abort_error;
};

int arv__put_init(arv__put *put, arv_storage *storage, const char *key, uint64_t size_hint_bytes,
                  arv_object *object, arv_error *err);
void arv__put_cleanup(arv__put *put); /* accepts a zeroed one; free of the sink does it, too */
/* Makes what is under way end soon, with ARV_ECANCELED or its real result; cancelling the op of a
 * write, prove or commit does the same. */
void arv__put_cancel(arv__put *put);

enum { ARV__PUT_STATE_BYTES = 64 << 10 };
/* [loop thread] What a later put needs to go on where this one is; *length 0: there is nothing, since nothing was sent
 * or the driver cannot. ARV_EINTERNAL: the driver tells nonsense. */
int arv__put_state(const arv__put *put, unsigned char into[ARV__PUT_STATE_BYTES], size_t *length,
                   arv_error *err);
/* Before the first write, which then begins at the first byte again: what the storage has is not sent. Copies the
 * state. EINVALID: that of another upload; EUNSUPPORTED ELIMIT ENOMEM. A put_open that refuses it fails the first
 * write, with ENOTFOUND where the upload is gone. */
int arv__put_resume(arv__put *put, const void *state, size_t length, arv_error *err);
/* After put_open: takes over where the driver goes on. ARV_EINTERNAL. */
int arv__put_resumed(arv__put *put, arv_error *err);

/* ---- storage.c: the requests of the public API
 * ------------------------------------------------------ */

/* A task with the results of a storage. */
typedef struct arv__request arv__request;
struct arv__request {
    arv_task task; /* first */
    arv_storage *storage;
    char key[ARV_KEY_BYTES];
    char version[ARV_VERSION_BYTES];
    char after[ARV_KEY_BYTES], after_version[ARV_VERSION_BYTES];
    bool has_object, has_objects, has_check, has_space, has_lock;
    arv_lock lock, wished;
    arv_object object;
    arv_object *objects;
    size_t object_count;
    arv_check check;
    arv_space space;
    arv__call call;
    void (*cancel)(arv__request *request);  /* NULL: the call's own is enough */
    void (*cleanup)(arv__request *request); /* NULL: nothing of its own */
};

/* A zeroed request of `size` bytes that begins with an arv__request; `name` may be NULL. */
int arv__request_new(void **request, size_t size, arv_storage *storage, const char *name,
                     arv_task_cb callback, void *user_data, arv_error *err);
/* ARV_EINTERNAL where a driver answers for another version than was asked for, or a bad one. */
int arv__object_check(const arv_storage *storage, const char *key, const char *version,
                      const arv_object *object, arv_error *err);
/* Begins with tidy where the driver has it, then goes on with `done`; status as of tidy. */
void arv__request_tidy(arv__request *request, arv__op_cb done);
/* The storage does not outlive its tasks, and the caller gets its reference. */
static inline void arv__request_give(arv__request *request, arv_task **task)
{
    if (task)
        *task = &request->task;
    else
        arv_task_unref(&request->task);
}

#endif
