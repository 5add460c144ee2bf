/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The front of all storages. It checks once for all of them: arguments, keys, capabilities, and the answers
 * of drivers. A request is a task with one call (here) or with a protocol of its own (put_file.c, get_file.c,
 * check.c). It holds its storage until it is done.
 */

#include "storage/internal.h"

#include <stdio.h>
#include <string.h>

#include <arv/sys/alloc.h>

enum { LIST_MAX = 1000 };

/* ---- opening --------------------------------------------------------------------------------- */

static void storage_free(arv_storage *storage)
{
    if (storage->instance)
        storage->ops->close(storage->instance);
    if (storage->release)
        storage->release(storage->user_data);
    arv_free(storage->instance);
    arv_free(storage->url);
    arv_free(storage);
}

static int storage_check_url(const char *url, char scheme[32], arv_error *err)
{
    int rc = arv__url_scheme(url, scheme, err);
    if (rc == 0 && strpbrk(url, "?#"))
        rc = arv_error_set(err, ARV_EINVALID,
                           "The URL of a storage of the scheme %s has a query or a fragment ('?', "
                           "'#'); give settings as options.",
                           scheme);
    return rc;
}

static int storage_new(arv_storage **out, arv_engine *engine, const arv_storage_ops *ops, const char *url,
                       arv_error *err)
{
    if (!engine || !arv__context_of(engine)->loop)
        return arv_error_set(err, ARV_ECLOSED, "A storage needs an engine that is in use.");
    arv_storage *storage = arv_calloc(1, sizeof *storage);
    if (!storage)
        return arv_error_nomem(err, "a storage");
    size_t length = strlen(url), least = (size_t)(strstr(url, "://") - url) + 3;
    while (length > least && url[length - 1] == '/')
        length--;
    storage->references = 1;
    storage->engine = engine;
    storage->context = arv__context_of(engine);
    storage->driver = storage->ops = ops;
    if (!arv__storage_can(storage, ARV_STORAGE_STREAM)) {
        arv__whole_show(&storage->shown, ops);
        storage->ops = &storage->shown;
    }
    storage->url = arv_strndup(url, length);
    if (!storage->url) {
        storage_free(storage);
        return arv_error_nomem(err, "the URL of a storage");
    }
    *out = storage;
    return 0;
}

static int storage_open_instance(arv_storage *storage, const arv_storage_option *options, size_t option_count,
                                 arv_error *err)
{
    size_t size = storage->ops->instance_size;
    storage->instance = arv_calloc(1, size ? size : 1);
    if (!storage->instance)
        return arv_error_nomem(err, "a storage");
    return arv__options_open(storage, options, option_count, err);
}

int arv_storage_open(arv_storage **out, arv_engine *engine, const char *url,
                     const arv_storage_option *options, size_t option_count, arv_error *err)
{
    char scheme[32];
    const arv_storage_ops *ops;
    void *user_data;
    arv_storage *storage = NULL;
    int rc;
    *out = NULL;
    if ((rc = storage_check_url(url, scheme, err)) < 0 ||
        (rc = arv__driver_find(scheme, &ops, &user_data, err)) < 0)
        return rc;
    rc = storage_new(&storage, engine, ops, url, err);
    if (!storage)
        return rc;
    storage->user_data = user_data;
    if ((rc = storage_open_instance(storage, options, option_count, err)) < 0)
        storage_free(storage);
    else
        *out = storage;
    return rc;
}

int arv_storage_open_with(arv_storage **out, arv_engine *engine, const arv_storage_ops *ops, const char *url,
                          void *user_data, void (*release)(void *user_data), arv_error *err)
{
    char scheme[32];
    arv_storage *storage = NULL;
    int rc;
    *out = NULL;
    if ((rc = arv__driver_check(ops, false, err)) < 0 || (rc = storage_check_url(url, scheme, err)) < 0)
        return rc;
    rc = storage_new(&storage, engine, ops, url, err);
    if (!storage)
        return rc;
    storage->user_data = user_data;
    if ((rc = storage_open_instance(storage, NULL, 0, err)) < 0) {
        storage_free(storage); /* without release: on an error user_data stays the caller's */
        return rc;
    }
    storage->release = release;
    *out = storage;
    return 0;
}

arv_storage *arv_storage_ref(arv_storage *storage)
{
    storage->references++;
    return storage;
}

void arv_storage_unref(arv_storage *storage)
{
    if (storage && --storage->references == 0)
        storage_free(storage);
}

const char *arv_storage_url(const arv_storage *storage)
{
    return storage->url;
}

const char *arv_storage_driver_name(const arv_storage *storage)
{
    return storage->ops->name;
}

/* ---- requests -------------------------------------------------------------------------------- */

static void request_destroy(arv_task *task)
{
    arv__request *request = (arv__request *)task;
    if (request->cleanup)
        request->cleanup(request);
    arv_storage_unref(request->storage);
    arv_free(request->objects);
    arv_free(request);
}

static void request_cancel(arv__op *op, void *server_data)
{
    arv__request *request = server_data;
    (void)op;
    arv__op_cancel(&request->call.op);
    if (request->cancel)
        request->cancel(request);
}

int arv__request_new(void **out, size_t size, arv_storage *storage, const char *name, arv_task_cb callback,
                     void *user_data, arv_error *err)
{
    char key[ARV_KEY_BYTES], version[ARV_VERSION_BYTES] = "";
    int rc = name ? arv__name_parse(name, key, version, err) : 0;
    if (rc < 0)
        return rc;
    if (version[0] && !arv__storage_can(storage, ARV_STORAGE_VERSIONS))
        return arv_error_set(err, ARV_EUNSUPPORTED,
                             "A version of the object '%s' was asked for, but a storage of the driver "
                             "'%s' has none.",
                             key, storage->ops->name);
    if (!storage->context->loop)
        return arv_error_set(err, ARV_ECLOSED, "The engine of this storage is no longer in use.");
    arv__request *request = arv_calloc(1, size);
    if (!request)
        return arv_error_nomem(err, "a request to a storage");
    arv__task_begin(&request->task, ARV__TASK_STORAGE, storage->context, callback, user_data, request_cancel,
                    request_destroy);
    request->storage = arv_storage_ref(storage);
    if (name)
        arv__key_copy(request->key, key);
    memcpy(request->version, version, sizeof version);
    request->call.storage = storage;
    request->call.user_data = request;
    request->call.call.key = request->key;
    request->call.call.version = request->version;
    request->call.call.object = &request->object;
    request->call.call.space = &request->space;
    request->call.call.found_lock = &request->lock;
    *out = request;
    return 0;
}

static void request_done(arv__op *op, int status, const arv_error *err)
{
    arv__request *request = op->user_data;
    arv__task_complete(&request->task, status, err);
}

/* ---- requests of one call -------------------------------------------------------------------- */

/* A request that has nothing of its own; its task is given. */
static int request_begin(arv__request **request, arv_storage *storage, const char *name, arv_task_cb callback,
                         void *user_data, arv_task **task, arv_error *err)
{
    void *made;
    int rc = arv__request_new(&made, sizeof(arv__request), storage, name, callback, user_data, err);
    if (rc < 0)
        return rc;
    *request = made;
    arv__request_give(*request, task);
    return 0;
}

static int name_check(const char *name, arv_error *err)
{
    char key[ARV_KEY_BYTES], version[ARV_VERSION_BYTES];
    return arv__name_parse(name, key, version, err);
}

/* Checks that a driver's answer is about the version that was asked for. */
int arv__object_check(const arv_storage *storage, const char *key, const char *version,
                      const arv_object *object, arv_error *err)
{
    int rc = arv__version_check(storage, key, object->version, err);
    if (rc == 0 && version[0] && strcmp(version, object->version) != 0)
        rc = arv_error_set(err, ARV_EINTERNAL,
                           "The storage driver '%s' was asked for a version of the object '%s' and gave "
                           "another one.",
                           storage->ops->name, key);
    return rc;
}

static void stat_done(arv__op *op, int status, const arv_error *err)
{
    arv__request *request = op->user_data;
    arv_error defect;
    if (status == 0 && (status = arv__object_check(request->storage, request->key, request->version,
                                                   &request->object, &defect)) < 0)
        err = &defect;
    arv__key_copy(request->object.key, request->key);
    request->object.digests.present = 0;
    request->has_object = true;
    request_done(op, status, err);
}

int arv_storage_stat(arv_storage *storage, const char *name, arv_task_cb callback, void *user_data,
                     arv_task **task, arv_error *err)
{
    arv__request *request;
    int rc = name_check(name, err);
    if (rc < 0 || (rc = request_begin(&request, storage, name, callback, user_data, task, err)) < 0)
        return rc;
    arv__call_start(&request->call, storage->ops->stat, stat_done);
    return 0;
}

void arv__request_tidy(arv__request *request, arv__op_cb done)
{
    request->call.op.user_data = request;
    if (request->storage->ops->tidy)
        arv__call_start(&request->call, request->storage->ops->tidy, done);
    else
        done(&request->call.op, 0, NULL);
}

int arv_storage_tidy(arv_storage *storage, const char *name, arv_task_cb callback, void *user_data,
                     arv_task **task, arv_error *err)
{
    arv__request *request;
    int rc = name_check(name, err);
    if (rc < 0 || (rc = request_begin(&request, storage, name, callback, user_data, task, err)) < 0)
        return rc;
    arv__request_tidy(request, request_done);
    return 0;
}

static void remove_done(arv__op *op, int status, const arv_error *err)
{
    arv__request *request = op->user_data;
    if (status == 0)
        arv__log(&request->storage->context->log, ARV_LOG_INFO, "storage", NULL, "An object was removed.",
                 ARV__TEXT("driver", request->storage->ops->name), ARV__TEXT("key", request->key));
    request_done(op, status, err);
}

static void remove_tidied(arv__op *op, int status, const arv_error *err)
{
    arv__request *request = op->user_data;
    if (status < 0)
        request_done(op, status, err);
    else
        arv__call_start(&request->call, request->storage->ops->remove, remove_done);
}

int arv_storage_remove(arv_storage *storage, const char *name, arv_task_cb callback, void *user_data,
                       arv_task **task, arv_error *err)
{
    arv__request *request;
    int rc = name_check(name, err);
    if (rc < 0)
        return rc;
    if (arv__storage_can(storage, ARV_STORAGE_NO_DELETE))
        return arv_error_set(err, ARV_EUNSUPPORTED,
                             "The object '%s' cannot be removed: a storage of the driver '%s' keeps "
                             "what it was given.",
                             name, storage->ops->name);
    if ((rc = request_begin(&request, storage, name, callback, user_data, task, err)) < 0)
        return rc;
    arv__request_tidy(request, remove_tidied);
    return 0;
}

/* A driver must list rising keys behind `after`, since callers page by them. Versions of a key stand
 * together. */
static bool list_rises(const arv__request *request, const arv_object *before, const arv_object *object)
{
    const char *key = before ? before->key : request->after;
    const char *version = before ? before->version : request->after_version;
    int order = strcmp(object->key, key);
    return order > 0 ||
           (order == 0 && version[0] && arv__storage_can(request->storage, ARV_STORAGE_VERSIONS) &&
            strcmp(object->version, version) != 0);
}

static int list_check(const arv__request *request, size_t count, arv_error *err)
{
    const char *driver = request->storage->ops->name;
    if (count > request->call.call.limit)
        return arv_error_set(err, ARV_EINTERNAL,
                             "The storage driver '%s' listed more objects than it was asked for.", driver);
    for (size_t i = 0; i < count; i++) {
        const arv_object *object = &request->objects[i];
        if (!memchr(object->key, '\0', sizeof object->key) || arv__key_check(object->key, NULL) < 0)
            return arv_error_set(err, ARV_EINTERNAL,
                                 "The storage driver '%s' listed an object whose name is no key.", driver);
        int rc = arv__version_check(request->storage, object->key, object->version, err);
        if (rc < 0)
            return rc;
        if (!list_rises(request, i ? object - 1 : NULL, object))
            return arv_error_set(err, ARV_EINTERNAL,
                                 "The storage driver '%s' did not list its objects in the order of "
                                 "their keys: '%s' stands behind '%s'.",
                                 driver, object->key, i ? object[-1].key : request->after);
    }
    return 0;
}

static void list_done(arv__op *op, int status, const arv_error *err)
{
    arv__request *request = op->user_data;
    arv_error error;
    if (status == 0) {
        request->object_count = arv__call_of(op)->call.done;
        request->has_objects = true;
        status = list_check(request, arv__call_of(op)->call.done, &error);
        err = &error;
    }
    request_done(op, status, err);
}

int arv_storage_list(arv_storage *storage, const char *after, unsigned limit, arv_task_cb callback,
                     void *user_data, arv_task **task, arv_error *err)
{
    arv__request *request;
    char key[ARV_KEY_BYTES] = "", version[ARV_VERSION_BYTES] = "";
    int rc = after && after[0] ? arv__name_parse(after, key, version, err) : 0;
    if (rc < 0)
        return rc;
    if (limit == 0 || limit > LIST_MAX)
        return arv_error_set(err, ARV_EINVALID,
                             "A page of a storage's list has 1 to %d objects, "
                             "not %u.",
                             LIST_MAX, limit);
    if (!arv__storage_can(storage, ARV_STORAGE_LIST))
        return arv_error_set(err, ARV_EUNSUPPORTED, "A storage of the driver '%s' cannot list its objects.",
                             storage->ops->name);
    if ((rc = request_begin(&request, storage, NULL, callback, user_data, task, err)) < 0)
        return rc;
    arv__key_copy(request->after, key);
    memcpy(request->after_version, version, sizeof version);
    request->call.call.after = request->after[0] ? request->after : NULL;
    request->call.call.after_version = request->after_version;
    request->call.call.limit = limit;
    request->objects = arv_calloc(limit, sizeof *request->objects);
    request->call.call.objects = request->objects;
    if (request->objects)
        arv__call_start(&request->call, storage->ops->list, list_done);
    else
        arv__task_complete(&request->task, ARV_ENOMEM, NULL);
    return 0;
}

/* For a storage that does not report its space the answer is "unknown". */
int arv_storage_space(arv_storage *storage, arv_task_cb callback, void *user_data, arv_task **task,
                      arv_error *err)
{
    arv__request *request;
    int rc = request_begin(&request, storage, NULL, callback, user_data, task, err);
    if (rc < 0)
        return rc;
    request->has_space = true;
    if (arv__storage_can(storage, ARV_STORAGE_SPACE))
        arv__call_start(&request->call, storage->ops->space, request_done);
    else
        arv__task_complete(&request->task, 0, NULL);
    return 0;
}

/* ---- locks ----------------------------------------------------------------------------------- */

bool arv_storage_proves(const arv_storage *storage)
{
    return !arv__storage_can(storage, ARV_STORAGE_NO_RETRIEVE);
}

static void lock_got(arv__op *op, int status, const arv_error *err)
{
    arv__request *request = op->user_data;
    const arv_lock *found = &request->lock, *wished = &request->wished;
    bool weaker = found->mode < wished->mode || found->retain_until_unix < wished->retain_until_unix ||
                  found->legal_hold != wished->legal_hold;
    arv_error defect;
    if (status == 0 && request->call.call.lock && weaker) { /* some servers say yes and do nothing */
        status = arv_error_set(&defect, ARV_EREADBACK,
                               "The storage of the driver '%s' took a lock of the object '%s', but it is not "
                               "locked as asked for; look whether locks are enabled there.",
                               request->storage->ops->name, request->key);
        err = &defect;
    }
    request->has_lock = true;
    request_done(op, status, err);
}

static void lock_done(arv__op *op, int status, const arv_error *err)
{
    arv__request *request = op->user_data;
    if (status < 0)
        request_done(op, status, err);
    else
        arv__call_start(&request->call, request->storage->ops->lock_get, lock_got);
}

static int lock_start(arv_storage *storage, const char *name, const arv_lock *lock, arv_task_cb callback,
                      void *user_data, arv_task **task, arv_error *err)
{
    arv__request *request;
    int rc = name_check(name, err);
    if (rc < 0)
        return rc;
    if (!arv__storage_can(storage, ARV_STORAGE_LOCKS))
        return arv_error_set(err, ARV_EUNSUPPORTED,
                             "The object '%s' has no lock: a storage of the driver '%s' knows neither "
                             "retention nor legal hold.",
                             name, storage->ops->name);
    if (lock && (lock->mode > ARV_LOCK_COMPLIANCE ||
                 (lock->mode == ARV_LOCK_NONE ? lock->retain_until_unix != 0 : lock->retain_until_unix <= 0)))
        return arv_error_set(err, ARV_EINVALID,
                             "A lock of the object '%s' has a mode and a date until which it is kept, or "
                             "neither.",
                             name);
    if ((rc = request_begin(&request, storage, name, callback, user_data, task, err)) < 0)
        return rc;
    if (lock) {
        request->wished = *lock;
        request->call.call.lock = &request->wished;
    }
    if (lock)
        arv__call_start(&request->call, storage->ops->lock_set, lock_done);
    else
        arv__call_start(&request->call, storage->ops->lock_get, lock_got);
    return 0;
}

int arv_storage_set_lock(arv_storage *storage, const char *name, const arv_lock *lock, arv_task_cb callback,
                         void *user_data, arv_task **task, arv_error *err)
{
    if (!lock)
        return arv_error_set(err, ARV_EINVALID, "Setting a lock needs one.");
    return lock_start(storage, name, lock, callback, user_data, task, err);
}

int arv_storage_get_lock(arv_storage *storage, const char *name, arv_task_cb callback, void *user_data,
                         arv_task **task, arv_error *err)
{
    return lock_start(storage, name, NULL, callback, user_data, task, err);
}

/* ---- results --------------------------------------------------------------------------------- */

static const arv__request *request_of(const arv_task *task)
{
    return task->kind == ARV__TASK_STORAGE && arv_task_done(task) ? (const arv__request *)task : NULL;
}

const arv_object *arv_task_object(const arv_task *task)
{
    const arv__request *request = request_of(task);
    return request && request->has_object && task->op.status == 0 ? &request->object : NULL;
}

const arv_object *arv_task_objects(const arv_task *task, size_t *count)
{
    const arv__request *request = request_of(task);
    bool there = request && request->has_objects && task->op.status == 0;
    *count = there ? request->object_count : 0;
    return there ? request->objects : NULL;
}

const arv_check *arv_task_check(const arv_task *task)
{
    const arv__request *request = request_of(task);
    return request && request->has_check ? &request->check : NULL;
}

const arv_lock *arv_task_lock(const arv_task *task)
{
    const arv__request *request = request_of(task);
    return request && request->has_lock && task->op.status == 0 ? &request->lock : NULL;
}

const arv_space *arv_task_space(const arv_task *task)
{
    const arv__request *request = request_of(task);
    return request && request->has_space && task->op.status == 0 ? &request->space : NULL;
}

const char *arv_check_step_name(arv_check_step step)
{
    static const char *const names[ARV_CHECK_STEPS] = {"connect", "write", "read", "delete"};
    return (unsigned)step < ARV_CHECK_STEPS ? names[step] : "unknown";
}
