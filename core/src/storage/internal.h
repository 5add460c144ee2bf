/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_STORAGE_INTERNAL_H
#define ARV_STORAGE_INTERNAL_H

/*
 * Shared by the files of the storage module. A driver needs only the keys and addresses from here.
 *
 * Ownership: structs are embedded in their owner; the owner cleans them up when nothing is under way.
 * Threading: the loop thread, unless a comment names another one. Blocking work runs in an arv__call.
 */

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

/* Returns ARV_EINVALID with a sentence that says how a key looks. */
int arv__key_check(const char *key, arv_error *err);
/* Makes a key of a new random UUID, whose form says that no archive stands there. */
int arv__key_make(const char *suffix, char key[ARV_KEY_BYTES], arv_error *err);
/* Splits an object's name, as requests take it, into key and version. Returns ARV_EINVALID for any other
 * text. */
int arv__name_parse(const char *name, char key[ARV_KEY_BYTES], char version[ARV_VERSION_BYTES],
                    arv_error *err);
/* Returns ARV_EINTERNAL when the driver gave an invalid version. */
int arv__version_check(const arv_storage *storage, const char *key, const char *version, arv_error *err);
/* Writes the suffix for a file of this name: its extension in lower case, or "" if that is unusual. */
void arv__suffix_of_file(const char *path, char suffix[33]);
/* Writes the scheme in lower case: "file" of "file:///srv". Returns ARV_EINVALID when the text is no URL or
 * has user info. */
int arv__url_scheme(const char *url, char scheme[32], arv_error *err);
/* Decodes %XX into `into`. Returns ARV_EINVALID for a bad %XX, %00, invalid UTF-8, or a text that does not
 * fit. */
int arv__url_decode(const char *text, size_t length, char *into, size_t capacity, arv_error *err);

/* Copies a key that was checked. `key` is an array of at least ARV_KEY_BYTES or a literal. */
static inline void arv__key_copy(char into[ARV_KEY_BYTES], const char *key)
{
    snprintf(into, ARV_KEY_BYTES, "%s", key);
}

/* ---- registry.c ------------------------------------------------------------------------------ */

int arv__driver_find(const char *scheme, const arv_storage_ops **ops, void **user_data, arv_error *err);
/* Checks a table of functions; with `registered` also its name and schemes. */
int arv__driver_check(const arv_storage_ops *ops, bool registered, arv_error *err);

/* ---- options.c ------------------------------------------------------------------------------- */

/* Returns NULL, and a sentence that lists the driver's options, when it has none of this name. */
const arv_option_info *arv__option_find(const char *driver, const arv_option_info *infos, const char *name,
                                        arv_error *err);
/* Checks options and opens the driver's instance with them. */
int arv__options_open(const arv_storage *storage, const arv_storage_option *options, size_t count,
                      arv_error *err);

/* ---- call.c: one slot, or one local function on a pool --------------------------------------- */

/*
 * Runs one slot of a driver (a blocking driver's on the I/O pool, an evented one's on the loop thread), or
 * a function of ours on a pool. A call is a request: the start begins its op with the call's user_data, and
 * the op calls `done` back as any op does.
 *
 * `more` turns one call into several: after each success the thread that ran the slot calls it. `more` sets
 * the next inputs and returns whether to run the slot again.
 * `must_run` is for a slot that releases something: when the pools refuse work it runs in place, and it
 * cannot be cancelled.
 * Zero a call, then set its fields. It may be started again and again.
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
    bool ran, asked; /* asked: the evented driver has been asked and has not answered */
};

void arv__call_start(arv__call *call, arv_storage_slot slot, arv__op_cb done);
void arv__call_local(arv__call *call, arv__pool *pool, int (*run)(arv__call *call, arv_error *err),
                     arv__op_cb done);
static inline arv__call *arv__call_of(arv__op *op)
{
    return (arv__call *)(void *)op;
}

/* ---- pump.c: two buffers between one that fills and one that drains -------------------------- */

/*
 * While one buffer is filled the other is drained. Each side starts its work and reports the end
 * with arv__pump_filled() or _drained(), from a callback or from inside fill and drain. The pump's op
 * completes when neither side is busy any more.
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
 * killed processes left there. May block. */
int arv__scratch_make(arv__scratch *scratch, const char *directory, arv_error *err);
/* Removes the file, if there is one, and the folder. May block. Accepts a zeroed scratch. */
void arv__scratch_remove(arv__scratch *scratch);

/* ---- whole.c --------------------------------------------------------------------------------- */

/* Fills in the table that shows a driver of whole files as a stream. */
void arv__whole_show(arv_storage_ops *shown, const arv_storage_ops *driver);

/* ---- get.c: an object comes back ------------------------------------------------------------- */

/*
 * Reads an object, hashes it, compares it with `expected`, and writes it to a new file if there is
 * a path. When its op completes, everything is closed and only a finished file is left.
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

/* Returns ARV_EINTERNAL when the pieces that a driver asks for are out of bounds. */
int arv__pieces_check(const arv_storage *storage, const arv_storage_call *call, arv_error *err);
/* Call it after the put_open that `put` ran; the pieces begin at that call's offset. */
int arv__pieces_init(arv__pieces *p, const arv__call *put, arv_error *err);
/* Accepts zeroed pieces. Must not run while a write is under way. */
void arv__pieces_cleanup(arv__pieces *p);
/* Copies bytes and begins to write each piece that is full. Returns how many bytes it took: 0 while all
 * pieces are under way, or after an error. */
size_t arv__pieces_take(arv__pieces *p, const void *data, size_t length);
void arv__pieces_flush(arv__pieces *p); /* writes what is left: the last piece */
void arv__pieces_cancel(arv__pieces *p);

/* ---- put.c, resume.c: an object goes in ------------------------------------------------------ */

/*
 * The protocol of a put. A put is a sink (package/sink.h): the packer and the requests here write into it
 * in the same way:
 *
 *     write … -> prove -> commit
 *     abort                        once, after any failure; after a commit that succeeded it removes
 *                                  the object again
 *
 * Errors are sticky: after an error the caller must call abort, and nothing else.
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
/* Accepts a zeroed put. The sink's free calls it, too. */
void arv__put_cleanup(arv__put *put);
/* Asks the step under way to end soon, with ARV_ECANCELED or its real result. Cancelling the op of a write,
 * prove or commit does the same. */
void arv__put_cancel(arv__put *put);

enum { ARV__PUT_STATE_BYTES = 64 << 10 };
/* [loop thread] Writes the state from which a later put continues this one. *length is 0 when nothing was
 * sent or the driver has no put_state. Returns ARV_EINTERNAL when the driver gives an invalid state. */
int arv__put_state(const arv__put *put, unsigned char into[ARV__PUT_STATE_BYTES], size_t *length,
                   arv_error *err);
/* Must be called before the first write. The caller then writes from the first byte on, and the put sends
 * only what the storage lacks. Copies the state. Returns ARV_EINVALID for the state of another upload,
 * ARV_EUNSUPPORTED, ARV_ELIMIT or ARV_ENOMEM. A put_open that refuses the state fails the first write, with
 * ARV_ENOTFOUND when the upload is gone. */
int arv__put_resume(arv__put *put, const void *state, size_t length, arv_error *err);
/* Must be called after put_open: takes over the offset at which the driver continues. Returns ARV_EINTERNAL
 * for an impossible offset. */
int arv__put_resumed(arv__put *put, arv_error *err);

/* ---- storage.c: the requests of the public API ----------------------------------------------- */

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

/* Makes a zeroed request of `size` bytes, which begins with an arv__request. `name` may be NULL. */
int arv__request_new(void **request, size_t size, arv_storage *storage, const char *name,
                     arv_task_cb callback, void *user_data, arv_error *err);
/* Returns ARV_EINTERNAL when a driver answers for another version than was asked for, or an invalid one. */
int arv__object_check(const arv_storage *storage, const char *key, const char *version,
                      const arv_object *object, arv_error *err);
/* Runs tidy if the driver has it, then calls `done` with its status. */
void arv__request_tidy(arv__request *request, arv__op_cb done);
/* Gives the caller its reference to the task; without `task` nobody needs it and it is released. */
static inline void arv__request_give(arv__request *request, arv_task **task)
{
    if (task)
        *task = &request->task;
    else
        arv_task_unref(&request->task);
}

#endif
