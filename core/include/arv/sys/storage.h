/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_SYS_STORAGE_H
#define ARV_SYS_STORAGE_H

/*
 * For authors of a storage driver. A driver is one const table and only speaks the protocol of its
 * storage. The front (core/src/storage: storage.c, put.c, get.c) checks arguments, states,
 * capabilities, keys, digests and progress for all drivers, and runs the protocol of a put:
 *
 *     put_open -> put_write … -> put_seal -> put_read … (compared) -> put_commit
 *        \-> put_abort, from any state, once; nothing is left afterwards
 *
 * There are two kinds of drivers; ARV_STORAGE_BLOCKING marks the first:
 *   blocking   a slot is a plain function and may block. The front calls it on its I/O threads, one
 *              call at a time per writer and reader; the return value is the result. The file system
 *              driver is one.
 *   evented    the front calls each slot on the engine's thread, from arv_engine_run(). A slot must not
 *              block. It returns < 0 to refuse. Or it returns 0 and calls arv_storage_done() exactly
 *              once, at once or later, on the engine's thread. Network drivers and drivers written in
 *              PHP are evented.
 *
 * Ownership: the front owns `instance`, `instance_size` zeroed bytes. The driver owns the object that a
 *   slot puts into call->handle until the slot that ends it (put_commit, put_abort, get_close), which the
 *   front always calls. A put_open or get_open that fails leaves no handle. Inputs of a call are valid
 *   until it is done.
 * Keys: "xx/<uuid><suffix>"; the front makes and checks them. A driver that cannot create exclusively
 *   may give the object a name of its own on the storage (the key and a random part). That part is the
 *   object's version; list, stat and tidy find the object by the UUID.
 * Threading: see above. Two calls on one instance may run at the same time. Two calls on one handle
 *   never do, except put_writes if put_open asked for that.
 * Errors: those named at each slot; any slot may return ARV_EIO, ARV_ENOSPACE, ARV_EACCESS,
 *   ARV_EOFFLINE, ARV_ENOMEM or ARV_ECANCELED. The sentence names the object by its key.
 */

#include <arv/storage.h>
#include <arv/sys/secret.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ARV_STORAGE_VERSION 2

enum { /* capabilities */
       ARV_STORAGE_BLOCKING = 1u << 0,
       ARV_STORAGE_STREAM = 1u << 1, /* put_open … put_abort are there; else put_file is */
       ARV_STORAGE_SPACE = 1u << 2,
       ARV_STORAGE_LIST = 1u << 3,
       /* WORM: remove may be missing; a check leaves its object behind */
       ARV_STORAGE_NO_DELETE = 1u << 4,
       ARV_STORAGE_NO_RETRIEVE = 1u << 5, /* no object can be read back: none ever counts as proven */
       /* An object is visible from put_seal on; put_commit keeps it, put_abort retracts it. */
       ARV_STORAGE_PUBLISHES = 1u << 6,
       /* Of puts of one key that race, one wins and the others get EEXISTS. Without this flag each may
     * make an object of its own version; even then none replaces another. */
       ARV_STORAGE_EXCLUSIVE = 1u << 7,
       /* Objects have versions: put_commit (or put_seal), stat, get_open and list set them; stat,
     * get_open, remove and list take them. */
       ARV_STORAGE_VERSIONS = 1u << 8,
       ARV_STORAGE_LOCKS = 1u << 9 /* retention and legal hold: lock_set, lock_get */
};

/* Bounds for piece_bytes and writes_at_once of put_open. */
enum { ARV_PIECE_BYTES_MIN = 4096, ARV_PIECE_BYTES_MAX = 64 << 20, ARV_WRITES_AT_ONCE_MAX = 16 };

/* Most bytes of the state of an interrupted put; with the front's head it has 64 KiB. */
enum { ARV_STATE_BYTES_MAX = (64 << 10) - 36 };

/* One request. The front fills the inputs; a slot fills the outputs. */
typedef struct arv_storage_call {
    /* inputs */
    const char *key;
    const char *version; /* stat, get_open, remove: ""; the newest */
    void *handle;        /* of the writer or reader; put_open and get_open set it */
    const void *data;    /* put_write */
    void *into;          /* put_read, get_read */
    size_t length;
    uint64_t offset;          /* put_write, put_read, get_read */
    const arv_lock *lock;     /* lock_set */
    uint64_t size_hint_bytes; /* put_open: 0 when unknown */
    /* put_open: the state that put_state wrote for the same key, URL and size, in this process or another;
     * NULL: begin anew */
    const void *state;
    size_t state_bytes;
    /* put_file, get_file: a local file; get_file creates it. put_open: a local file with the bytes that
     * the writes will bring, or NULL */
    const char *path;
    const char *temp_directory; /* put_open, get_open: for temporary files; NULL: TMPDIR */
    const char *after;          /* list: a key; NULL: from the start */
    const char *after_version;  /* list: of `after`; "": behind all of its versions */
    unsigned limit;
    bool proves;                /* get_open: after the reads the object counts as stored */
    const arv_digests *digests; /* put_file, put_seal: of the whole object, for drivers that send it */
    /* outputs */
    /* put_open: the size of every piece but the last (0: any up to 1 MiB), and for evented drivers the
     * number of put_writes that may run at once on the handle. The front may run fewer. */
    size_t piece_bytes;
    unsigned writes_at_once;
    /* put_open with a state also sets `offset` to the bytes from the start that the storage has; whole
     * pieces */
    arv_lock *found_lock; /* lock_get */
    size_t done;          /* put_read, get_read: bytes; 0 at the end. list: objects set */
    arv_object *object;   /* stat, get_open: size, time, version; put_seal, put_commit, put_file: version */
    arv_object *objects;  /* list: room for `limit` */
    arv_space *space;
    char *detail; /* connect: room for ARV_CHECK_DETAIL_BYTES; see arv_check.detail */
    /* private to the front */
    void *front;
} arv_storage_call;

/* The driver gives the result of an evented call. `err` may be NULL when status is 0. */
ARV_API void arv_storage_done(arv_storage_call *call, int status, const arv_error *err);
/* [any thread] Returns true when nobody waits for the result any more. Long slots should ask. */
ARV_API bool arv_storage_canceled(const arv_storage_call *call);

/* The value of an option that the driver declared. The front has checked it. Valid during open. */
typedef struct arv_option_value {
    const char *text;   /* as given, else the fallback, else NULL; NULL for a secret */
    uint64_t number;    /* of a number or a flag */
    arv_secret *secret; /* of a secret that was given: take a reference to keep it */
} arv_option_value;

typedef int (*arv_storage_slot)(void *instance, arv_storage_call *call, arv_error *err);

typedef struct arv_storage_ops {
    unsigned version;           /* ARV_STORAGE_VERSION */
    const char *name;           /* "filesystem" */
    const char *const *schemes; /* {"file", NULL} */
    unsigned capabilities;
    size_t instance_size;
    const arv_option_info *options; /* ended by one without a name; NULL: none */
    /* [engine thread, both kinds] Reads URL and options: values[i] is that of options[i]. The front
     * has checked each by itself; the driver returns ARV_EINVALID for other faults. No I/O. */
    int (*open)(void *instance, arv_engine *engine, const char *url, const arv_option_value *values,
                void *user_data, arv_error *err);
    /* [engine thread] The front calls it after a failed open, too. Must not block on the network. */
    void (*close)(void *instance);
    /* Reaches the storage and describes it in `detail`. EOFFLINE EACCESS EUNSUPPORTED EUNSAFE. */
    arv_storage_slot connect;
    /* Begins an object that nobody sees yet. EEXISTS EACCESS ENOSPACE EOFFLINE. With a state it goes on with
     * an upload: EINVALID for a state that it cannot read, ENOTFOUND when the upload is finished or gone. */
    arv_storage_slot put_open;
    arv_storage_slot put_write;
    /* Brings all written bytes onto the medium; no cache of the driver or the kernel may keep them. */
    arv_storage_slot put_seal;
    /* Reads the sealed bytes back from the medium. Sets object->size_bytes if the driver knows it: the
     * front then refuses an object of another size before it hashes it. */
    arv_storage_slot put_read;
    /* Gives the object its key, durably, never in place of another object: EEXISTS. Always ends the
     * handle. */
    arv_storage_slot put_commit;
    /* Removes everything that the put made. Always ends the handle. The front logs and reports a failure. */
    arv_storage_slot put_abort;
    /* Stores a whole file, for drivers without STREAM; EEXISTS as above. Must copy the bytes: neither it
     * nor get_file may make a link to the given file, since the front would then read back that file in
     * place of the stored object. */
    arv_storage_slot put_file;
    /* With `proves`, a killed process may have written the object, and the medium may not have it: if it
     * can, the driver flushes object and name and drops the caches before the first read. */
    arv_storage_slot get_open; /* ENOTFOUND; sets object->size_bytes */
    arv_storage_slot get_read;
    arv_storage_slot get_close; /* ends the handle */
    arv_storage_slot get_file;  /* for drivers without STREAM */
    arv_storage_slot stat;      /* ENOTFOUND */
    arv_storage_slot remove;    /* ENOTFOUND; durable */
    /* Removes the leftovers of killed puts of the key's UUID: parts, temporary names, uploads that were
     * begun. Must not touch objects, nor anything that a put of a live process needs. No other slot does
     * this; NULL: a put can leave nothing. */
    arv_storage_slot tidy;
    /* Sets retention and legal hold of an object. Must not shorten a retention: EACCESS. The front reads
     * the lock back. */
    arv_storage_slot lock_set; /* ENOTFOUND EACCESS EUNSUPPORTED */
    arv_storage_slot lock_get; /* ENOTFOUND */
    arv_storage_slot list;
    arv_storage_slot space;
    /* [engine thread, evented drivers; may be NULL] Nobody waits for this call any more: the driver should
     * soon end its wait for the network. It must still answer the call, once, at once or later. */
    void (*cancel)(void *instance, arv_storage_call *call);
    /* [engine thread, evented drivers; may be NULL] Writes the state with which a put_open in another process
     * can go on with this handle: an upload's id, the size of its parts, their number. It must cover only
     * parts that the storage has safely, and hold no secret. Returns its length, 0 when there is none worth
     * keeping. Must not block; put_writes may be under way. */
    size_t (*put_state)(void *instance, void *handle, unsigned char *into, size_t room);
} arv_storage_ops;

/*
 * Adds a driver to the registry. Returns ARV_EINVALID for a wrong version, a missing required slot
 * (the sentence names it), a bad name or scheme; ARV_EEXISTS when the registry has a driver of this name
 * or scheme. The front passes `user_data` to open. The table must stay valid. Call this before you open
 * storages of the driver; not thread-safe.
 */
ARV_API int arv_storage_register(const arv_storage_ops *ops, void *user_data, arv_error *err);

/* Opens a storage with a table that stands in no registry. The extension wraps a PHP object so. The front
 * calls `release` with `user_data` when the storage is gone, never when this function fails. Schemes of
 * such a table may be NULL. */
ARV_API int arv_storage_open_with(arv_storage **storage, arv_engine *engine, const arv_storage_ops *ops,
                                  const char *url, void *user_data, void (*release)(void *user_data),
                                  arv_error *err);

#ifdef __cplusplus
}
#endif
#endif
