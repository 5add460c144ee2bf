/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_STORAGE_H
#define ARV_STORAGE_H

/*
 * Storages keep archives. One front serves all drivers; the scheme of the URL chooses the driver.
 *
 * The front makes the key of an object: "xx/<uuid><suffix>". The UUID is the job's; xx is its last two
 * digits, since the first ones may be a time. No name that a person gave becomes part of a key.
 * In a storage with versions, an object is one version of a key. Its name is the key, or
 * key "#version=" version; the name holds letters, digits, '-', '.', '_' and '~' of the version as they
 * are and every other byte as %XX. Its address is the storage's URL, "/" and the name:
 * "file:///srv/archive/3f/0192….zip". The URL names the storage and has no '?' and no '#'. Requests take
 * names; a name without a version means the newest one.
 *
 * Every put promises: it overwrites nothing; the object becomes visible complete or not at all (where
 * the driver can do that); the object counts as stored only after the front has read it back from the
 * medium and compared its digest.
 *
 * Ownership: arv_storage is counted; a task or job on it holds a reference. The task owns the objects in
 *   its result.
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

/* `url` must hold no secret: returns ARV_EINVALID for user info. Returns ARV_EINVALID for an option that
 * the driver does not declare, that is required and missing, is given twice or breaks its bounds; the
 * sentence shows no value. Does no I/O that can block for long; arv_storage_check() does. */
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

/* Takes an address apart. Returns ARV_EINVALID with a sentence that shows the expected form. */
ARV_API int arv_address_parse(arv_address *address, const char *text, arv_error *err);
/* Makes the name of an object; `version` "" or NULL: of the newest. Returns ARV_EINVALID when `key` is no
 * key or `version` no version. */
ARV_API int arv_object_name(const char *key, const char *version, char name[ARV_NAME_BYTES], arv_error *err);
/* Makes the address of an object's name, which may be a key. Returns ARV_ELIMIT when it does not fit. */
ARV_API int arv_storage_address(const arv_storage *storage, const char *name, char address[ARV_ADDRESS_BYTES],
                                arv_error *err);

/* Returns whether a text holds a URL with a user name, and so maybe a password. The caller must neither
 * keep nor show such a text. Also finds slips, such as a missing slash. A path that looks like such a URL
 * must begin with "/" or ".". */
ARV_API bool arv_url_has_login(const char *text);

/* Makes a random UUID (RFC 9562, version 4). */
ARV_API int arv_uuid_random(char uuid[37], arv_error *err);
/* Makes a UUID from bytes; the same bytes give the same UUID in any process. It holds the first bytes of
 * their SHA-256 in the form of version 5 (RFC 9562, a name's digest). Version 8 is for UUIDs that come
 * from an archive's content. */
ARV_API int arv_uuid_derive(const void *data, size_t length, char uuid[37], arv_error *err);
/* Makes the key of a UUID; `suffix` such as ".zip". */
ARV_API int arv_key_from_uuid(const char *uuid, const char *suffix, char key[ARV_KEY_BYTES], arv_error *err);
/* Sets `uuid` to that of the archive that a key or name promises. Returns false when it promises none (it
 * begins with "ffffffff-", or names an object beside an archive) or is no key. */
ARV_API bool arv_key_to_uuid(const char *key, char uuid[37]);
/* Makes the key of an object beside the archive of a key. Number 0, "xx/<uuid>.json", describes the
 * archive; later objects have numbers from 1 to 9999: "xx/<uuid>.0001.tsr". */
ARV_API int arv_key_beside(const char *archive, unsigned number, const char *suffix, char key[ARV_KEY_BYTES],
                           arv_error *err);
/* Returns whether a key names an object beside an archive, and sets *number: 0, or its number. */
ARV_API bool arv_key_is_beside(const char *key, unsigned *number);

/* Stores a file under a key. NULL: the front makes a key from "ffffffff-", random bits and the file's
 * suffix, which promises no archive; for an archive give the key of its UUID. Reads the file once and
 * hashes it meanwhile. Compares `expected` (NULL: none) with the digests. */
ARV_API int arv_storage_put_file(arv_storage *storage, const char *path, const char *key,
                                 const arv_digests *expected, arv_task_cb callback, void *user_data,
                                 arv_task **task, arv_error *err);
/* Writes the object to a new file, complete or not at all. The result has its digests; the front compares
 * them with `expected` (NULL: none) before the file gets its name. With `path` NULL, it reads, hashes and
 * compares the object, and leaves nothing on the disk. */
ARV_API int arv_storage_get_file(arv_storage *storage, const char *name, const char *path,
                                 const arv_digests *expected, arv_task_cb callback, void *user_data,
                                 arv_task **task, arv_error *err);
ARV_API int arv_storage_stat(arv_storage *storage, const char *name, arv_task_cb callback, void *user_data,
                             arv_task **task, arv_error *err);
/* Removes this object only. Objects beside an archive (arv_key_beside()) stay: remove them first. */
ARV_API int arv_storage_remove(arv_storage *storage, const char *name, arv_task_cb callback, void *user_data,
                               arv_task **task, arv_error *err);
/* Removes the parts and uploads that killed puts of this key have left, never an object.
 * arv_storage_remove() and arv_storage_get_file() without a path begin with it. A process that follows one
 * killed during a put calls it before it puts again, unless it goes on with that put. */
ARV_API int arv_storage_tidy(arv_storage *storage, const char *name, arv_task_cb callback, void *user_data,
                             arv_task **task, arv_error *err);
/* Lists up to `limit` objects (at most 1000) behind the name `after` (NULL: from the start), sorted by
 * key; versions of a key stand in the order of the storage. */
ARV_API int arv_storage_list(arv_storage *storage, const char *after, unsigned limit, arv_task_cb callback,
                             void *user_data, arv_task **task, arv_error *err);
/* Connects, then writes, reads and deletes an object of a few KiB. */
ARV_API int arv_storage_check(arv_storage *storage, arv_task_cb callback, void *user_data, arv_task **task,
                              arv_error *err);
ARV_API int arv_storage_space(arv_storage *storage, arv_task_cb callback, void *user_data, arv_task **task,
                              arv_error *err);

/* Nobody can remove or replace a locked object before its time. The mode says who may shorten that. */
typedef enum {
    ARV_LOCK_NONE,
    ARV_LOCK_GOVERNANCE, /* accounts with a permission for it */
    ARV_LOCK_COMPLIANCE  /* nobody */
} arv_lock_mode;
typedef struct arv_lock {
    arv_lock_mode mode;
    int64_t retain_until_unix; /* with a mode; else 0 */
    bool legal_hold;           /* until it is taken back, whatever the date */
} arv_lock;
/* Sets the lock and reads it back. Fails with ARV_EREADBACK when the storage set less, with
 * ARV_EUNSUPPORTED when it has no locks. Lock an object only when it counts as stored: nobody can take
 * back a locked one. */
ARV_API int arv_storage_set_lock(arv_storage *storage, const char *name, const arv_lock *lock,
                                 arv_task_cb callback, void *user_data, arv_task **task, arv_error *err);
ARV_API int arv_storage_get_lock(arv_storage *storage, const char *name, arv_task_cb callback,
                                 void *user_data, arv_task **task, arv_error *err);
/* Returns whether the front can read objects back from this storage, and so prove them. If not, a stored
 * object never counts as a copy. */
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
    /* Findings of the driver: "files get their names by O_TMPFILE; the folder's mode is 0700". */
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

/* A driver's declaration of one option. Help, forms and checks are made from it. */
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
/* Checks a declaration, as the registration of a driver does: at most ARV_OPTIONS_MAX options. Returns
 * ARV_EINVALID with a sentence that names `driver` and the first option that is wrong. */
ARV_API int arv_option_infos_check(const char *driver, const arv_option_info *infos, arv_error *err);
/* Checks options against a checked declaration, as arv_storage_open() does and with the same sentences,
 * none of which shows a value. Opens nothing. */
ARV_API int arv_options_check(const char *driver, const arv_option_info *infos,
                              const arv_storage_option *options, size_t count, arv_error *err);
/* Returns "text", "flag", "number" or "uuid". */
ARV_API const char *arv_option_kind_name(arv_option_kind kind);

#ifdef __cplusplus
}
#endif
#endif
