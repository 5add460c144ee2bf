/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_STORAGE_H
#define ARV_STORAGE_H

/*
 * Storages: where archives are kept. One front for all drivers; drivers are chosen by URL scheme.
 *
 * A stored object has a key that the front makes: "xx/<uuid><suffix>" with the UUID of the job, xx
 * its last two digits (a UUID's first ones may be a time). Nothing that a person named becomes part
 * of it. Where the storage has versions, an object is one version of a key: its name is the key, or
 * key "#version=" version, with every byte of the version but letters, digits, '-', '.', '_' and '~'
 * as %XX. Its address is the storage's URL, "/" and the name: "file:///srv/archive/3f/0192….zip". A
 * storage is its URL, which has no '?' and no '#'. Requests take names; without a version they mean
 * the newest one.
 * Promises of every put: nothing is overwritten; the object is visible complete or not at all
 * (where the driver can); it counts as stored only after it was read back from the medium and its
 * digest compared.
 *
 * Ownership: arv_storage is counted; a task or job on it holds a reference. Objects in results are
 *   borrowed from the task.
 * Threading: the engine's thread.
 * Errors: ARV_ESCHEME, ARV_EINVALID (URL, option, key), ARV_EEXISTS, ARV_ENOTFOUND, ARV_EACCESS,
 *   ARV_ENOSPACE, ARV_EREADBACK, ARV_EOFFLINE, ARV_EUNSAFE, ARV_EFORMAT, ARV_EIO, ARV_ECANCELED.
 * Units: bytes; seconds since 1970-01-01 UTC.
 */

#include <arv/task.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct arv_storage arv_storage;

/* With the terminator. */
enum {
    ARV_KEY_BYTES = 72,
    ARV_VERSION_BYTES = 256,
    ARV_NAME_BYTES = ARV_KEY_BYTES + 9 + 3 * (ARV_VERSION_BYTES - 1),
    ARV_ADDRESS_BYTES = 2048
};

typedef struct arv_object {
    char key[ARV_KEY_BYTES];
    char version[ARV_VERSION_BYTES]; /* the storage's own version id; "" where it has none */
    uint64_t size_bytes;
    int64_t stored_at_unix;
    arv_digests digests; /* present only when they were computed by this request */
} arv_object;

typedef struct arv_storage_option {
    const char *name;
    const char *value;
} arv_storage_option;

/* `url` without secrets (user info is refused with ARV_EINVALID). Options that the driver does not
 * declare, that lack, are given twice or break their bounds are refused, with a sentence that shows no
 * value. Opening does no I/O that can block for long; arv_storage_check() does. */
ARV_API int arv_storage_open(arv_storage **storage, arv_engine *engine, const char *url,
                             const arv_storage_option *options, size_t option_count, arv_error *err);
ARV_API arv_storage *arv_storage_ref(arv_storage *storage);
ARV_API void arv_storage_unref(arv_storage *storage);
ARV_API const char *arv_storage_url(const arv_storage *storage);
ARV_API const char *arv_storage_driver_name(const arv_storage *storage);

typedef struct arv_address {
    char url[ARV_ADDRESS_BYTES]; /* of the storage */
    char name[ARV_NAME_BYTES];   /* of the object, as requests take it: key and version */
    char key[ARV_KEY_BYTES];
    char version[ARV_VERSION_BYTES]; /* ""; none is named */
} arv_address;

/* Takes an address apart. ARV_EINVALID with what is expected. */
ARV_API int arv_address_parse(arv_address *address, const char *text, arv_error *err);
/* The name of an object; `version` "" or NULL: of the newest. ARV_EINVALID: no key, no version. */
ARV_API int arv_object_name(const char *key, const char *version, char name[ARV_NAME_BYTES], arv_error *err);
/* The address of an object's name, which may be a key; ARV_ELIMIT when it does not fit. */
ARV_API int arv_storage_address(const arv_storage *storage, const char *name, char address[ARV_ADDRESS_BYTES],
                                arv_error *err);

/* Whether a text has a URL with a user name, and so maybe a password, in it: it must be neither kept nor
 * told. Also finds slips, such as a slash too few. A path that looks so begins with "/" or ".". */
ARV_API bool arv_url_has_login(const char *text);

/* A random UUID (RFC 9562, version 4) and the key for one; `suffix` such as ".zip". */
ARV_API int arv_uuid_random(char uuid[37], arv_error *err);
/* The UUID that bytes have, in any process: in the form of version 5 (RFC 9562, a name's digest) the first
 * ones of their SHA-256. Version 8 is left to what an archive's content gives. */
ARV_API int arv_uuid_derive(const void *data, size_t length, char uuid[37], arv_error *err);
ARV_API int arv_key_from_uuid(const char *uuid, const char *suffix, char key[ARV_KEY_BYTES], arv_error *err);
/* Which archive a key or name promises: false where it promises none, as "ffffffff-" and what stands
 * beside an archive do, or is no key. */
ARV_API bool arv_key_to_uuid(const char *key, char uuid[37]);
/* The key of what stands beside the archive of a key: "xx/<uuid>.json" says what the archive is
 * (number 0); later objects have numbers from 1 to 9999: "xx/<uuid>.0001.tsr". */
ARV_API int arv_key_beside(const char *archive, unsigned number, const char *suffix, char key[ARV_KEY_BYTES],
                           arv_error *err);
/* Returns whether a key is that of something beside an archive, and which: 0, or its number. */
ARV_API bool arv_key_is_beside(const char *key, unsigned *number);

/* Stores a file under a key (NULL: made from random bits behind "ffffffff-", so that it promises no
 * archive, and the file's suffix; for an archive give the key of its UUID); the file is read once,
 * hashed as it flows; `expected` (NULL: none) is compared with what was read. */
ARV_API int arv_storage_put_file(arv_storage *storage, const char *path, const char *key,
                                 const arv_digests *expected, arv_task_cb callback, void *user_data,
                                 arv_task **task, arv_error *err);
/* Writes the object to a new file, complete or not at all; digests are in the result and compared
 * with `expected` (NULL: none) before the file gets its name. `path` NULL: the object is read,
 * hashed and compared, and nothing stays on the disk. */
ARV_API int arv_storage_get_file(arv_storage *storage, const char *name, const char *path,
                                 const arv_digests *expected, arv_task_cb callback, void *user_data,
                                 arv_task **task, arv_error *err);
ARV_API int arv_storage_stat(arv_storage *storage, const char *name, arv_task_cb callback, void *user_data,
                             arv_task **task, arv_error *err);
/* Removes this object only. What stands beside an archive (arv_key_beside()) stays: remove it first. */
ARV_API int arv_storage_remove(arv_storage *storage, const char *name, arv_task_cb callback, void *user_data,
                               arv_task **task, arv_error *err);
/* Removes what killed puts of this key have left: parts and uploads, never an object. arv_storage_remove()
 * and arv_storage_get_file() without a path begin with it; whoever was killed between the begin of a put and
 * its end calls it before putting again, unless it goes on with that put. */
ARV_API int arv_storage_tidy(arv_storage *storage, const char *name, arv_task_cb callback, void *user_data,
                             arv_task **task, arv_error *err);
/* Up to `limit` objects (at most 1000) behind the name `after` (NULL: from the start), sorted by key;
 * versions of a key in the order of the storage. */
ARV_API int arv_storage_list(arv_storage *storage, const char *after, unsigned limit, arv_task_cb callback,
                             void *user_data, arv_task **task, arv_error *err);
/* Connect, write, read, delete: each step is done for real with an object of a few KiB. */
ARV_API int arv_storage_check(arv_storage *storage, arv_task_cb callback, void *user_data, arv_task **task,
                              arv_error *err);
ARV_API int arv_storage_space(arv_storage *storage, arv_task_cb callback, void *user_data, arv_task **task,
                              arv_error *err);

/* Until when an object can be neither removed nor replaced, and whether that can be changed. */
typedef enum {
    ARV_LOCK_NONE,
    ARV_LOCK_GOVERNANCE, /* whoever is allowed to may shorten it */
    ARV_LOCK_COMPLIANCE  /* nobody may */
} arv_lock_mode;
typedef struct arv_lock {
    arv_lock_mode mode;
    int64_t retain_until_unix; /* with a mode; else 0 */
    bool legal_hold;           /* until it is taken back, whatever the date */
} arv_lock;
/* Sets it and reads back what was set: ARV_EREADBACK where that is less. ARV_EUNSUPPORTED: the storage
 * has no locks. Lock an object when it counts as stored: one that is locked cannot be taken back. */
ARV_API int arv_storage_set_lock(arv_storage *storage, const char *name, const arv_lock *lock,
                                 arv_task_cb callback, void *user_data, arv_task **task, arv_error *err);
ARV_API int arv_storage_get_lock(arv_storage *storage, const char *name, arv_task_cb callback,
                                 void *user_data, arv_task **task, arv_error *err);
/* Returns whether what this storage is given can be read back, and so be proven. Where it cannot, a
 * stored object never counts as a copy. */
ARV_API bool arv_storage_proves(const arv_storage *storage);

/* Results, valid when the task is done and while it is held. */
ARV_API const arv_object *arv_task_object(const arv_task *task);
ARV_API const arv_object *arv_task_objects(const arv_task *task, size_t *count);
ARV_API const arv_lock *arv_task_lock(const arv_task *task); /* as it was found */

typedef enum {
    ARV_CHECK_CONNECT,
    ARV_CHECK_WRITE,
    ARV_CHECK_READ,
    ARV_CHECK_DELETE,
    ARV_CHECK_STEPS
} arv_check_step;
enum { ARV_CHECK_DETAIL_BYTES = 320 };
typedef struct arv_check {
    bool done[ARV_CHECK_STEPS]; /* steps that succeeded; the task's error belongs to the first that did not */
    /* What the driver found: "files get their names by O_TMPFILE; the folder's mode is 0700". */
    char detail[ARV_CHECK_DETAIL_BYTES];
} arv_check;
ARV_API const arv_check *arv_task_check(const arv_task *task);
ARV_API const char *arv_check_step_name(arv_check_step step);

typedef struct arv_space {
    bool known;
    uint64_t free_bytes;
    uint64_t total_bytes;
} arv_space;
ARV_API const arv_space *arv_task_space(const arv_task *task);

/* Names of the registered drivers, ended by NULL. Static until the next registration. */
ARV_API const char *const *arv_storage_drivers(void);

typedef enum {
    ARV_OPTION_TEXT,   /* least and most: bytes */
    ARV_OPTION_FLAG,   /* "0" or "1" */
    ARV_OPTION_NUMBER, /* decimal; least and most: the value */
    ARV_OPTION_UUID    /* in lower case */
} arv_option_kind;

enum { ARV_OPTIONS_MAX = 32 };

/* What a driver declares about one of its options: help, forms and checks are made from it. */
typedef struct arv_option_info {
    const char *name; /* lower-case letters, digits and '_' */
    arv_option_kind kind;
    bool secret; /* Must not be shown, logged or kept in a specification. */
    bool required;
    const char *fallback; /* the value when none is given; NULL: none */
    uint64_t least, most; /* of text and numbers */
    const char *help;     /* one sentence */
} arv_option_info;

/* Returns the options of a registered driver, ended by one without a name; NULL: no such driver. */
ARV_API const arv_option_info *arv_storage_options(const char *driver);
/* Checks a declaration, as the registration of a driver does: ARV_EINVALID names the first option that
 * makes no sense. At most ARV_OPTIONS_MAX options; `driver` stands in the sentence. */
ARV_API int arv_option_infos_check(const char *driver, const arv_option_info *infos, arv_error *err);
/* Checks options against a declaration that was checked, as arv_storage_open() does: the same sentences,
 * none of which shows a value. Opens nothing. */
ARV_API int arv_options_check(const char *driver, const arv_option_info *infos,
                              const arv_storage_option *options, size_t count, arv_error *err);
/* Returns "text", "flag", "number" or "uuid". */
ARV_API const char *arv_option_kind_name(arv_option_kind kind);

#ifdef __cplusplus
}
#endif
#endif
