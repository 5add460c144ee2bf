/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A storage task that runs. The work is a request in C; the AsyncTask object gives its result. The object may
 * be gone before the request has ended: then the request goes on as long as the Engine object lives, and its
 * callbacks still come.
 *
 * The core reports the end from inside arv_engine_run(). The report only posts an event; PHP is called when
 * the pump delivers it.
 */

#include "classes.h"

typedef struct async async;

typedef struct request {
    php_arv_held held; /* first */
    php_arv_event event;
    async *owner; /* NULL when the object is gone */
    arv_engine *engine;
    php_arv_handle *handle;
    arv_task *task;
    arv_storage *storage;
    zend_object *what;                 /* StorageTask */
    php_arv_callback success, failure; /* the owner's, once it is gone */
} request;

struct async {
    zend_object *engine;
    php_arv_handle *handle;
    php_arv_callback success, failure;
    request *running;
    const char *lost;   /* why there is neither result nor error */
    zval result, error; /* else one of them, when the request has ended */
    zend_object std;
};

static async *async_of(zend_object *object)
{
    return PHP_ARV_OBJECT(async, object);
}

/* ---- end of a request ------------------------------------------------------------------------ */

/* Nobody will learn how the request ends: it is given up, or goes on in the parent of a fork. */
static void async_lose(async *a, bool forked)
{
    a->running->owner = NULL;
    a->running = NULL;
    a->lost = forked ? "The storage task belongs to the process that forked this one; it goes on there, and "
                       "cannot be waited for here."
                     : "The storage task was given up because the program ended.";
}

/* Releases the core's objects. */
static void request_release(request *r)
{
    if (!arv_engine_forked(r->engine)) {
        arv_task_unref(r->task);
        arv_storage_unref(r->storage);
    }
    r->task = NULL;
    r->storage = NULL;
}

static void request_drop(php_arv_dropped *dropped)
{
    request *r = (request *)dropped;
    if (r->owner)
        async_lose(r->owner, r->task && arv_engine_forked(r->engine));
    if (r->task) /* else it was released with its engine */
        request_release(r);
    php_arv_callback_drop(&r->success);
    php_arv_callback_drop(&r->failure);
    OBJ_RELEASE(r->what);
    efree(r);
}

static request *request_of(php_arv_event *event)
{
    return (request *)((char *)event - XtOffsetOf(request, event));
}

static void request_forget(php_arv_event *event)
{
    request *r = request_of(event);
    if (php_arv_let(&r->held))
        request_drop(&r->held.dropped);
}

/* Makes the result, or the error; both are undefined before. */
static void request_result(request *r, zval *result, zval *error)
{
    arv_error err;
    arv_error_clear(&err);
    int status = arv_task_status(r->task, &err);
    const arv_object *object = arv_task_object(r->task);
    const arv_check *check = arv_task_check(r->task);
    ZVAL_NULL(result);
    if (check && status != ARV_ECANCELED)
        php_arv_storage_check_make(result, check, &err); /* what it found is its answer */
    else if (status < 0)
        php_arv_storage_exception(error, &err, r->storage);
    else if (object)
        php_arv_stored_object_of(result, object, r->storage);
    else if (arv_task_space(r->task))
        php_arv_storage_space_make(result, arv_task_space(r->task));
}

/* Calls the callback. An error without a callback reaches the caller of wait() or poll(). */
static void request_tell(php_arv_callback *callback, zend_object *what, zval *value, bool orphan, bool failed)
{
    zval arguments[2];
    if (php_arv_callback_given(callback)) {
        ZVAL_OBJ(&arguments[0], what);
        ZVAL_COPY_VALUE(&arguments[1], value);
        php_arv_callback_call(callback, NULL, 2, arguments);
    } else if (orphan && failed) {
        zval thrown;
        ZVAL_COPY(&thrown, value);
        zend_throw_exception_object(&thrown);
    }
}

static void request_deliver(php_arv_event *event, php_arv_handle *handle)
{
    request *r = request_of(event);
    async *owner = r->owner;
    zend_object *holder = owner ? &owner->std : NULL;
    zval result, error;
    ZVAL_UNDEF(&error);
    if (!php_arv_let(&r->held))
        return;
    handle->activity++;
    request_result(r, &result, &error);
    request_release(r);
    bool failed = Z_TYPE(error) != IS_UNDEF;
    php_arv_callback *callback = failed ? &r->failure : &r->success;
    if (owner) {
        GC_ADDREF(holder);
        callback = failed ? &owner->failure : &owner->success;
        owner->running = NULL;
        ZVAL_COPY(&owner->result, &result);
        ZVAL_COPY(&owner->error, &error);
        r->owner = NULL;
    }
    request_tell(callback, r->what, failed ? &error : &result, !owner, failed);
    request_drop(&r->held.dropped);
    zval_ptr_dtor(&result);
    zval_ptr_dtor(&error);
    if (holder)
        OBJ_RELEASE(holder);
}

/* Called by the core. */
static void request_ended(void *user_data, arv_task *task)
{
    request *r = user_data;
    if (ARCHIVIST_NOW(silent)) { /* the engine is about to go */
        request_release(r);
        php_arv_let(&r->held);
        php_arv_later_drop(&r->held.dropped);
        return;
    }
    php_arv_event_post(r->handle, &r->event);
}

/* ---- begin ----------------------------------------------------------------------------------- */

static int request_submit(request *r, const zend_string *path, const zend_string *key,
                          const arv_digests *expected, arv_error *err)
{
    const char *name = key ? ZSTR_VAL(key) : NULL;
    switch (php_arv_operation_of(r->what)) {
    case PHP_ARV_Store:
        return arv_storage_put_file(r->storage, ZSTR_VAL(path), name, expected, request_ended, r, &r->task,
                                    err);
    case PHP_ARV_Retrieve:
        return arv_storage_get_file(r->storage, name, ZSTR_VAL(path), expected, request_ended, r, &r->task,
                                    err);
    case PHP_ARV_Delete:
        return arv_storage_remove(r->storage, name, request_ended, r, &r->task, err);
    case PHP_ARV_Stat:
        return arv_storage_stat(r->storage, name, request_ended, r, &r->task, err);
    case PHP_ARV_Check:
        return arv_storage_check(r->storage, request_ended, r, &r->task, err);
    case PHP_ARV_Space:
        return arv_storage_space(r->storage, request_ended, r, &r->task, err);
    }
    return arv_error_set(err, ARV_EINTERNAL, "A storage task has an operation that is none.");
}

/* Fills a zeroed request with engine and storage. Throws when nothing was begun. */
static bool request_begin(request *r)
{
    zval *path = php_arv_property(r->what, PHP_ARV_TASK_PATH);
    zval *key = php_arv_property(r->what, PHP_ARV_TASK_KEY);
    zval *sha256 = php_arv_property(r->what, PHP_ARV_TASK_SHA256);
    zend_string *taken = NULL;
    arv_digests expected;
    arv_error err;
    arv_error_clear(&err);
    if (Z_TYPE_P(path) == IS_STRING && !(taken = php_arv_path_take(Z_STR_P(path))))
        return false;
    bool compare = Z_TYPE_P(sha256) == IS_STRING;
    bool begun = (!compare || php_arv_sha256_get(Z_STR_P(sha256), "sha256", &expected)) &&
                 php_arv_ok(request_submit(r, taken, Z_TYPE_P(key) == IS_STRING ? Z_STR_P(key) : NULL,
                                           compare ? &expected : NULL, &err),
                            &err);
    if (taken)
        zend_string_release(taken);
    return begun;
}

static void async_look_for_fork(async *a)
{
    if (a->running && arv_engine_forked(a->running->engine))
        async_lose(a, true);
}

/* Makes a request. Throws when nothing was begun. */
static request *request_new(php_arv_handle *handle, arv_engine *engine, zend_object *what)
{
    arv_storage *storage = php_arv_storage_of(engine, Z_OBJ_P(php_arv_property(what, PHP_ARV_TASK_DRIVER)));
    if (!storage)
        return NULL;
    request *r = ecalloc(1, sizeof *r);
    r->held.dropped.drop = request_drop;
    r->event.deliver = request_deliver;
    r->event.forget = request_forget;
    r->engine = engine;
    r->storage = storage;
    r->what = what;
    if (!request_begin(r)) {
        arv_storage_unref(storage);
        efree(r);
        return NULL;
    }
    r->handle = handle;
    GC_ADDREF(what);
    php_arv_hold(&r->held, engine);
    return r;
}

bool php_arv_async_begin(zval *into, zend_object *engine, zend_object *what, php_arv_callback *success,
                         php_arv_callback *failure)
{
    if (Z_TYPE_P(php_arv_property(what, PHP_ARV_TASK_DRIVER)) != IS_OBJECT) {
        php_arv_throw_format(ARV_ESTATE, "The storage task's constructor has not run.");
        return false;
    }
    arv_engine *core = php_arv_engine_get(engine);
    request *r = core ? request_new(php_arv_handle_of(engine), core, what) : NULL;
    if (!r)
        return false;
    async *a = async_of(php_arv_value_make(into, php_arv_ce_AsyncTask));
    GC_ADDREF(engine);
    a->engine = engine;
    a->handle = php_arv_engine_hold(r->handle);
    a->success = *success;
    a->failure = *failure;
    memset(success, 0, sizeof *success);
    memset(failure, 0, sizeof *failure);
    a->running = r;
    r->owner = a;
    return true;
}

/* ---- object ---------------------------------------------------------------------------------- */

static void async_free(zend_object *object)
{
    async *a = async_of(object);
    request *r = a->running;
    if (r) {
        r->owner = NULL;
        r->success = a->success;
        r->failure = a->failure;
        memset(&a->success, 0, sizeof a->success);
        memset(&a->failure, 0, sizeof a->failure);
    }
    php_arv_callback_drop(&a->success);
    php_arv_callback_drop(&a->failure);
    zval_ptr_dtor(&a->result);
    zval_ptr_dtor(&a->error);
    php_arv_engine_let(a->handle);
    if (a->engine) /* else nothing was begun */
        OBJ_RELEASE(a->engine);
    zend_object_std_dtor(object);
}

static HashTable *async_gc(zend_object *object, zval **table, int *count)
{
    async *a = async_of(object);
    zend_get_gc_buffer *buffer = zend_get_gc_buffer_create();
    if (a->engine)
        zend_get_gc_buffer_add_obj(buffer, a->engine);
    php_arv_callback_gc(&a->success, buffer);
    php_arv_callback_gc(&a->failure, buffer);
    zend_get_gc_buffer_add_zval(buffer, &a->result);
    zend_get_gc_buffer_add_zval(buffer, &a->error);
    if (a->running)
        zend_get_gc_buffer_add_obj(buffer, a->running->what);
    return php_arv_gc_end(object, buffer, table, count);
}

php_arv_kind php_arv_kind_AsyncTask = PHP_ARV_KIND(async, .free = async_free, .gc = async_gc);

/* ---- methods --------------------------------------------------------------------------------- */

ZEND_METHOD(Archivist_AsyncTask, isDone)
{
    async *a = async_of(Z_OBJ_P(ZEND_THIS));
    ZEND_PARSE_PARAMETERS_NONE();
    async_look_for_fork(a);
    RETURN_BOOL(!a->running);
}

ZEND_METHOD(Archivist_AsyncTask, cancel)
{
    async *a = async_of(Z_OBJ_P(ZEND_THIS));
    ZEND_PARSE_PARAMETERS_NONE();
    async_look_for_fork(a);
    if (a->running)
        arv_task_cancel(a->running->task);
}

static bool async_ended(void *arg)
{
    return !((async *)arg)->running;
}

ZEND_METHOD(Archivist_AsyncTask, wait)
{
    async *a = async_of(Z_OBJ_P(ZEND_THIS));
    zend_long timeout = -1;
    bool endless = true;

    ZEND_PARSE_PARAMETERS_START(0, 1)
    Z_PARAM_OPTIONAL
    Z_PARAM_LONG_OR_NULL(timeout, endless)
    ZEND_PARSE_PARAMETERS_END();

    if (!endless && !php_arv_timeout_allowed(timeout))
        RETURN_THROWS();
    async_look_for_fork(a);
    if (a->running && !php_arv_pump(a->running->engine, a->handle, async_ended, a, endless ? -1 : timeout))
        RETURN_THROWS();
    if (a->running) {
        php_arv_throw_format(ARV_ETIMEOUT,
                             "The storage task was not done within " ZEND_LONG_FMT " ms; it goes on.",
                             timeout);
        RETURN_THROWS();
    }
    if (a->lost) {
        php_arv_throw_format(ARV_ECANCELED, "%s", a->lost);
        RETURN_THROWS();
    }
    if (Z_TYPE(a->error) == IS_OBJECT && !php_arv_callback_given(&a->failure)) {
        zval thrown;
        ZVAL_COPY(&thrown, &a->error);
        zend_throw_exception_object(&thrown);
        RETURN_THROWS();
    }
    if (Z_TYPE(a->result) != IS_UNDEF)
        RETURN_COPY(&a->result);
}
