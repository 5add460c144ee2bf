/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A storage driver that is an object of the application: one more table of slots. PHP methods answer its
 * calls, on PHP's thread, inside wait() and poll(). It takes and gives whole files, so the front stages the
 * bytes that a job streams, and reads a stored object back through retrieve(). An object that lost or changed
 * bytes on its way never counts as stored.
 *
 * An exception of the driver becomes the error of the request that needed it, and stays with the storage.
 * php_arv_storage_exception() throws that exception again for the error.
 */

#include "glue.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "main/php_open_temporary_file.h"
#include "zend_interfaces.h"

typedef struct wrapped {
    php_arv_held held; /* first */
    arv_storage *storage;
    zend_object *driver;
    zend_object *cause; /* the driver's last exception, or NULL */
    int64_t number;     /* of the error that it became */
} wrapped;

/* One question to the driver. */
typedef struct ask {
    wrapped *driver;
    const char *class_name;
    arv_storage_call *call;
    int status;
    arv_error error;
    char folder[MAXPATHLEN]; /* of stat; "" while there is none */
    char file[MAXPATHLEN + 8];
} ask;

/* ---- exceptions ------------------------------------------------------------------------------ */

static void wrapped_forget_cause(wrapped *w)
{
    zend_object *cause = w->cause;
    w->cause = NULL;
    if (cause)
        OBJ_RELEASE(cause);
}

/* exit() inside a driver is no exception: it stays pending and ends the pump. */
static void ask_take_exception(ask *a)
{
    wrapped *w = a->driver;
    if (!EG(exception) || php_arv_exits())
        return;
    php_arv_error_from_exception(&a->error);
    a->status = a->error.code;
    zend_object *thrown = EG(exception);
    GC_ADDREF(thrown);
    zend_clear_exception();
    wrapped_forget_cause(w);
    w->cause = thrown;
    a->error.domain = ARV_DOMAIN_APPLICATION; /* its number identifies it, wherever the error travels */
    a->error.detail = w->number = ++ARCHIVIST_NOW(causes);
}

static void wrapped_drop(php_arv_dropped *dropped);

static wrapped *wrapped_find(const arv_storage *storage)
{
    for (php_arv_held *held = ARCHIVIST_NOW(held); held; held = held->next)
        if (held->dropped.drop == wrapped_drop && ((wrapped *)held)->storage == storage)
            return (wrapped *)held;
    return NULL;
}

/* The exception leaves the storage: its trace may hold an object that holds the storage, and PHP's collector
 * would not see that cycle. */
bool php_arv_storage_cause(zval *into, const arv_error *err, const arv_storage *storage)
{
    wrapped *w = wrapped_find(storage);
    if (!w || !w->cause || err->domain != ARV_DOMAIN_APPLICATION || err->detail != w->number)
        return false;
    zend_object *cause = w->cause;
    w->cause = NULL;
    if (instanceof_function(cause->ce, php_arv_ce_ArchivistException)) {
        ZVAL_OBJ(into, cause);
        return true;
    }
    php_arv_exception_make(into, err);
    zend_exception_set_previous(Z_OBJ_P(into), cause);
    return true;
}

void php_arv_storage_exception(zval *into, const arv_error *err, const arv_storage *storage)
{
    if (!php_arv_storage_cause(into, err, storage))
        php_arv_exception_make(into, err);
}

/* ---- questions ------------------------------------------------------------------------------- */

static int ask_driver(void *instance, arv_storage_call *call, void (*run)(void *), arv_error *err)
{
    wrapped *w = *(wrapped **)instance;
    ask a = {.driver = w, .class_name = ZSTR_VAL(w->driver->ce->name), .call = call};
    bool ran = php_arv_guard(run, &a);
    if (a.folder[0]) {
        unlink(a.file);
        rmdir(a.folder);
    }
    if (!ran)
        return arv_error_set(err, ARV_ECANCELED,
                             "The storage driver did not answer, since the program was interrupted.");
    if (a.status < 0) {
        *err = a.error;
        return a.status;
    }
    arv_storage_done(call, 0, NULL);
    return 0;
}

static void ask_method(ask *a, const char *name, uint32_t count, zval *first, zval *second)
{
    zend_object *driver = a->driver->driver;
    zval result;
    ZVAL_UNDEF(&result);
    zend_call_method(driver, driver->ce, NULL, name, strlen(name), &result, count, first, second);
    zval_ptr_dtor(&result);
    ask_take_exception(a);
}

static void ask_store(void *arg)
{
    ask *a = arg;
    zval artifact, key;
    char hex[129];
    object_init_ex(&artifact, php_arv_ce_Artifact);
    ZVAL_STRING(php_arv_property(Z_OBJ(artifact), 0), a->call->path);
    ZVAL_LONG(php_arv_property(Z_OBJ(artifact), 1), (zend_long)a->call->size_hint_bytes);
    ZVAL_STRING(php_arv_property(Z_OBJ(artifact), 2),
                arv_digests_hex(a->call->digests, ARV_DIGEST_SHA256, hex));
    ZVAL_STRING(&key, a->call->key);
    ask_method(a, "store", 2, &artifact, &key);
    zval_ptr_dtor(&artifact);
    zval_ptr_dtor(&key);
}

static void ask_retrieve_to(ask *a, const char *path)
{
    zval key, target;
    struct stat found;
    ZVAL_STRING(&key, a->call->key);
    ZVAL_STRING(&target, path);
    ask_method(a, "retrieve", 2, &key, &target);
    zval_ptr_dtor(&key);
    zval_ptr_dtor(&target);
    if (a->status < 0 || EG(exception))
        return;
    if (lstat(path, &found) != 0 || !S_ISREG(found.st_mode))
        a->status = arv_error_set(&a->error, ARV_EIO,
                                  "The storage driver %s wrote no file for the object '%s'; its "
                                  "retrieve() must write one or throw a NotFoundException.",
                                  a->class_name, a->call->key);
    else
        a->call->object->size_bytes = (uint64_t)found.st_size;
}

static void ask_retrieve(void *arg)
{
    ask *a = arg;
    ask_retrieve_to(a, a->call->path);
}

/* The interface has no method for stat, so the object is fetched. */
static void ask_stat(void *arg)
{
    ask *a = arg;
    snprintf(a->folder, sizeof a->folder, "%s/archivist-XXXXXX", php_get_temporary_directory());
    if (!mkdtemp(a->folder)) {
        a->status = arv_error_system(&a->error, errno, "A temporary folder in '%s' cannot be made",
                                     php_get_temporary_directory());
        a->folder[0] = '\0';
        return;
    }
    snprintf(a->file, sizeof a->file, "%s/object", a->folder);
    ask_retrieve_to(a, a->file);
}

static void ask_delete(void *arg)
{
    ask *a = arg;
    zval key;
    ZVAL_STRING(&key, a->call->key);
    ask_method(a, "delete", 1, &key, NULL);
    zval_ptr_dtor(&key);
}

/* ---- slots ----------------------------------------------------------------------------------- */

static int driver_open(void *instance, arv_engine *engine, const char *url, const arv_option_value *values,
                       void *user_data, arv_error *err)
{
    *(wrapped **)instance = user_data;
    return 0;
}

static void driver_close(void *instance)
{
}

static int driver_connect(void *instance, arv_storage_call *call, arv_error *err)
{
    const wrapped *w = *(wrapped **)instance;
    if (call->detail)
        snprintf(call->detail, ARV_CHECK_DETAIL_BYTES, "PHP class %s", ZSTR_VAL(w->driver->ce->name));
    arv_storage_done(call, 0, NULL);
    return 0;
}

static int driver_put_file(void *instance, arv_storage_call *call, arv_error *err)
{
    if (arv_storage_canceled(call))
        return ARV_ECANCELED;
    if (call->object)
        call->object->stored_at_unix = (int64_t)time(NULL);
    return ask_driver(instance, call, ask_store, err);
}

static int driver_get_file(void *instance, arv_storage_call *call, arv_error *err)
{
    return arv_storage_canceled(call) ? ARV_ECANCELED : ask_driver(instance, call, ask_retrieve, err);
}

static int driver_stat(void *instance, arv_storage_call *call, arv_error *err)
{
    return arv_storage_canceled(call) ? ARV_ECANCELED : ask_driver(instance, call, ask_stat, err);
}

/* Runs also after a cancel request: it removes objects that were not proven. */
static int driver_remove(void *instance, arv_storage_call *call, arv_error *err)
{
    return ask_driver(instance, call, ask_delete, err);
}

static const arv_storage_ops driver_ops = {
    .version = ARV_STORAGE_VERSION,
    .name = "php",
    .capabilities = ARV_STORAGE_EXCLUSIVE,
    .instance_size = sizeof(wrapped *),
    .open = driver_open,
    .close = driver_close,
    .connect = driver_connect,
    .put_file = driver_put_file,
    .get_file = driver_get_file,
    .stat = driver_stat,
    .remove = driver_remove,
};

/* ---- life ------------------------------------------------------------------------------------ */

static void wrapped_drop(php_arv_dropped *dropped)
{
    wrapped *w = (wrapped *)dropped;
    wrapped_forget_cause(w);
    OBJ_RELEASE(w->driver);
    efree(w);
}

/* The storage is gone, maybe inside the core: a destructor of the driver runs when no frame of the core is
 * left. */
static void wrapped_release(void *user_data)
{
    wrapped *w = user_data;
    if (!php_arv_let(&w->held))
        return;
    if (ARCHIVIST_NOW(pumps))
        php_arv_later_drop(&w->held.dropped);
    else
        wrapped_drop(&w->held.dropped);
}

arv_storage *php_arv_storage_wrap(arv_engine *engine, zend_object *driver)
{
    arv_error err;
    wrapped *w = ecalloc(1, sizeof *w);
    arv_error_clear(&err);
    if (!php_arv_ok(arv_storage_open_with(&w->storage, engine, &driver_ops, "php://driver", w,
                                          wrapped_release, &err),
                    &err)) {
        efree(w);
        return NULL;
    }
    GC_ADDREF(driver);
    w->driver = driver;
    w->held.dropped.drop = wrapped_drop;
    php_arv_hold(&w->held, engine);
    return w->storage;
}
