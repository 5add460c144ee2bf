/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Archivist\Job. The core's reports become events (pump.c), so that an application sees a job change only
 * inside wait() and poll(). state() is the state that was delivered last; when it is final, result() and
 * error() are there.
 *
 *     core: on_state … on_state(final)       on_done
 *              |           |                    |
 *     event: state      state: job_settle()   done: onDone, then job_leave()
 *
 * A journalled job may come to rest in a state that is not a final one; job_settle() then comes
 * with done.
 *
 * A job that has left holds neither objects of the core nor its spec, so that no cycle of PHP values goes
 * through memory that PHP's collector cannot see.
 */

#include "classes.h"

enum { JOB_STATES = 24 };

typedef struct php_arv_job php_arv_job;

typedef struct job_state_event {
    php_arv_event event;
    php_arv_job *job;
    arv_job_state state;
} job_state_event;

struct php_arv_job {
    php_arv_running running; /* first */
    unsigned references;     /* one of its object, and one of its own while it runs */
    php_arv_handle *handle;
    arv_job *core;       /* until it has left */
    zend_object *spec;   /* until it has left */
    zend_object *object; /* NULL when nobody holds it */
    php_arv_dropped dropped;

    job_state_event states[JOB_STATES]; /* used again once delivered */
    php_arv_event progress_event, done_event;
    arv_job_progress progress;
    arv_job_state state; /* the last one that was delivered */
    int status;
    arv_error error;
    zval result, thrown;
    zval collected; /* what $collect gave, until it has left; an array */
    zend_string *path;
    bool native[ARV_JOB_STORAGES_MAX];
    arv_storage *storages[ARV_JOB_STORAGES_MAX]; /* until it has left */
    size_t storage_count;
    bool stores;  /* it stores what it has packed in the staging folder */
    bool settled; /* status and error are there */
    bool over;    /* onDone was called */
    bool lost;    /* the core's job is another process's */
};

typedef struct job_object {
    php_arv_job *job;
    zend_object *engine;
    zend_object std;
} job_object;

static job_object *job_object_of(zend_object *object)
{
    return PHP_ARV_OBJECT(job_object, object);
}

static php_arv_job *job_of(php_arv_running *running)
{
    return (php_arv_job *)running;
}

/* ---- life ------------------------------------------------------------------------------------------ */

static void job_release(php_arv_job *job)
{
    if (--job->references)
        return;
    zval_ptr_dtor(&job->result);
    zval_ptr_dtor(&job->thrown);
    if (job->path)
        zend_string_release(job->path);
    php_arv_engine_let(job->handle);
    efree(job);
}

static void job_drop_storages(php_arv_job *job)
{
    while (job->storage_count) {
        job->storage_count--;
        if (php_arv_engine_here(job->handle->core))
            arv_storage_unref(job->storages[job->storage_count]);
    }
}

static void job_entries_ended(zval *list)
{
    if (Z_TYPE_P(list) == IS_OBJECT && Z_OBJCE_P(list) == php_arv_ce_EntryList)
        php_arv_entries_ended(Z_OBJ_P(list));
}

static void job_drop_collected(php_arv_job *job)
{
    zval collected = job->collected, *value;
    ZVAL_UNDEF(&job->collected);
    if (Z_TYPE(collected) != IS_ARRAY)
        return;
    ZEND_HASH_FOREACH_VAL(Z_ARRVAL(collected), value)
    {
        job_entries_ended(value);
    }
    ZEND_HASH_FOREACH_END();
    zval_ptr_dtor(&collected);
}

static void job_drop(php_arv_dropped *dropped)
{
    php_arv_job *job = (php_arv_job *)((char *)dropped - XtOffsetOf(php_arv_job, dropped));
    zend_object *spec = job->spec;
    job->spec = NULL;
    if (php_arv_engine_here(job->handle->core))
        arv_job_unref(job->core);
    job->core = NULL;
    job_drop_storages(job);
    job_drop_collected(job);
    job_entries_ended(OBJ_PROP_NUM(spec, PHP_ARV_SPEC_ENTRIES));
    OBJ_RELEASE(spec);
    job_release(job);
}

/* The job runs no more. Its PHP values are dropped when no frame of the core is left. */
static void job_leave(php_arv_job *job)
{
    if (!php_arv_running_remove(&job->running))
        return;
    job->dropped.drop = job_drop;
    php_arv_later_drop(&job->dropped);
}

static void job_interruption(const php_arv_job *job, const char *cause, arv_error *err)
{
    arv_error_clear(err);
    if (job->lost)
        arv_error_set(err, job->running.staged ? ARV_ECLOSED : ARV_ECANCELED,
                      "The job belongs to the process that forked this one; it goes on there, and "
                      "cannot be waited for here.");
    else if (job->running.staged)
        arv_error_set(err, ARV_ECLOSED,
                      "The job was interrupted because %s; it goes on when it is started again.", cause);
    else
        arv_error_set(err, ARV_ECANCELED, "The job was cancelled because %s.", cause);
}

/* Loses the job. Starting a journalled job again shows how it has ended. */
static void job_lose(php_arv_running *running, const char *cause)
{
    php_arv_job *job = job_of(running);
    job->lost = !job->handle->core; /* the engine stayed with the parent of a fork */
    if (!job->settled) {
        job->settled = true;
        job->state = running->staged ? ARV_JOB_QUEUED : ARV_JOB_ABORTED;
        job_interruption(job, cause, &job->error);
        job->status = job->error.code;
    }
    job->over = true;
    job_leave(job);
}

static void job_ask_stop(php_arv_job *job, const arv_error *reason)
{
    if (job->core && php_arv_engine_here(job->handle->core))
        arv_job_cancel(job->core, reason);
}

static void job_interrupt(php_arv_running *running, const char *cause)
{
    arv_error reason;
    job_interruption(job_of(running), cause, &reason);
    job_ask_stop(job_of(running), &reason);
}

static void job_blame(php_arv_running *running)
{
    php_arv_job *job = job_of(running);
    arv_error reason;
    if (!running->link || !EG(exception))
        return;
    if (php_arv_exits()) {
        job_interrupt(running, "the program ended");
        return;
    }
    arv_error_clear(&reason);
    php_arv_error_from_exception(&reason);
    if (Z_TYPE(job->thrown) == IS_UNDEF && instanceof_function(EG(exception)->ce, zend_ce_throwable))
        ZVAL_OBJ_COPY(&job->thrown, EG(exception));
    job_ask_stop(job, &reason);
}

static void job_running_gc(php_arv_running *running, zend_get_gc_buffer *buffer)
{
    php_arv_job *job = job_of(running);
    if (job->spec)
        zend_get_gc_buffer_add_obj(buffer, job->spec);
    zend_get_gc_buffer_add_zval(buffer, &job->collected);
    zend_get_gc_buffer_add_zval(buffer, &job->result);
    zend_get_gc_buffer_add_zval(buffer, &job->thrown);
}

static const php_arv_running_ops job_ops = {job_interrupt, job_lose, job_blame, job_running_gc};

/* ---- object ---------------------------------------------------------------------------------------- */

/* Gives the Job object for callbacks; makes it anew when nobody held it. */
static void job_object_get(zval *into, php_arv_job *job)
{
    if (job->object) {
        ZVAL_OBJ_COPY(into, job->object);
        return;
    }
    object_init_ex(into, php_arv_ce_Job);
    job_object *object = job_object_of(Z_OBJ_P(into));
    object->job = job;
    object->engine = job->handle->object;
    GC_ADDREF(object->engine);
    job->object = &object->std;
    job->references++;
}

static void job_free(zend_object *std)
{
    job_object *object = job_object_of(std);
    if (object->job) {
        object->job->object = NULL;
        job_release(object->job);
        OBJ_RELEASE(object->engine);
    }
    zend_object_std_dtor(std);
}

static HashTable *job_gc(zend_object *std, zval **table, int *count)
{
    job_object *object = job_object_of(std);
    zend_get_gc_buffer *buffer = zend_get_gc_buffer_create();
    if (object->job) {
        zend_get_gc_buffer_add_obj(buffer, object->engine);
        if (!object->job->running.link) { /* else the engine lists it */
            zend_get_gc_buffer_add_zval(buffer, &object->job->result);
            zend_get_gc_buffer_add_zval(buffer, &object->job->thrown);
        }
    }
    return php_arv_gc_end(std, buffer, table, count);
}

php_arv_kind php_arv_kind_Job = PHP_ARV_KIND(job_object, .free = job_free, .gc = job_gc);

/* ---- events ---------------------------------------------------------------------------------------- */

static void job_call(php_arv_job *job, php_arv_callback *callback, zval *second)
{
    zval arguments[2];
    if (!php_arv_callback_given(callback))
        return;
    job_object_get(&arguments[0], job);
    if (second)
        ZVAL_COPY_VALUE(&arguments[1], second);
    php_arv_callback_call(callback, NULL, second ? 2 : 1, arguments);
    if (EG(exception))
        job_blame(&job->running);
    zval_ptr_dtor(&arguments[0]);
}

/* Called before the last state is delivered: from now on there is a result or an error. */
static void job_settle(php_arv_job *job)
{
    const arv_job_result *result = arv_job_get_result(job->core);
    job->settled = true;
    arv_job_get_progress(job->core, &job->progress);
    job->status = arv_job_error(job->core, &job->error);
    if (result)
        php_arv_job_result_make(&job->result, result, job->path, job->native);
    /* An exception of a driver written in PHP becomes the error, or its previous one. */
    for (size_t i = 0; job->status < 0 && i < job->storage_count; i++)
        if (Z_TYPE(job->thrown) == IS_UNDEF)
            php_arv_storage_cause(&job->thrown, &job->error, job->storages[i]);
    if (job->state == ARV_JOB_RECOVERABLE_ERROR) {
        job->error.flags |= ARV_ERROR_RETRYABLE;
        if (Z_TYPE(job->thrown) == IS_OBJECT)
            php_arv_exception_is_retryable(Z_OBJ(job->thrown));
    }
}

static void job_deliver_state(php_arv_event *event, php_arv_handle *handle)
{
    job_state_event *change = (job_state_event *)event;
    php_arv_job *job = change->job;
    zval state;
    job->state = change->state;
    if (arv_job_state_final(job->state))
        job_settle(job);
    php_arv_state_make(&state, job->state);
    job_call(job, &php_arv_spec_of(job->spec)->on_state, &state);
    zval_ptr_dtor(&state);
}

static void job_deliver_progress(php_arv_event *event, php_arv_handle *handle)
{
    php_arv_job *job = (php_arv_job *)((char *)event - XtOffsetOf(php_arv_job, progress_event));
    zval progress;
    php_arv_progress_make(&progress, &job->progress, job->stores);
    job_call(job, &php_arv_spec_of(job->spec)->on_progress, &progress);
    zval_ptr_dtor(&progress);
}

static void job_deliver_done(php_arv_event *event, php_arv_handle *handle)
{
    php_arv_job *job = (php_arv_job *)((char *)event - XtOffsetOf(php_arv_job, done_event));
    if (!job->settled) {
        job->state = arv_job_get_state(job->core);
        job_settle(job);
    }
    job->over = true;
    job_leave(job);
    job_call(job, &php_arv_spec_of(job->spec)->on_done, NULL);
}

static void job_forget(php_arv_event *event)
{
}

/* A job that begins again and again has any number of states. When they come faster than they are delivered,
 * some are left out, but never the last one, for which one event is kept. */
static job_state_event *job_state_free(php_arv_job *job, arv_job_state state)
{
    for (unsigned i = 0; i < JOB_STATES - 1; i++)
        if (!job->states[i].event.queued)
            return &job->states[i];
    return arv_job_state_final(state) ? &job->states[JOB_STATES - 1] : NULL;
}

/* Called by the core. */
static void job_on_state(void *user_data, arv_job *core, arv_job_state state)
{
    php_arv_job *job = user_data;
    job_state_event *change = job_state_free(job, state);
    if (!change)
        return;
    change->event.deliver = job_deliver_state;
    change->event.forget = job_forget;
    change->job = job;
    change->state = state;
    php_arv_event_post(job->handle, &change->event);
}

static void job_on_progress(void *user_data, arv_job *core, const arv_job_progress *progress)
{
    php_arv_job *job = user_data;
    job->progress = *progress;
    if (!job->progress_event.queued)
        php_arv_event_post(job->handle, &job->progress_event);
}

static void job_on_done(void *user_data, arv_job *core, int status, const arv_error *err)
{
    php_arv_job *job = user_data;
    job->running.ended = true;
    php_arv_event_post(job->handle, &job->done_event);
}

/* ---- collect --------------------------------------------------------------------------------------- */

typedef struct job_collection {
    php_arv_job *job;
    arv_entries **entries;
    arv_package_options *package;
    arv_error *err;
    int rc;
} job_collection;

/* Returns false when a value has the wrong type, or with an exception. */
static bool collection_take(job_collection *c, zval *list, zval *options)
{
    php_arv_job *job = c->job;
    if (!list || Z_TYPE_P(list) != IS_OBJECT || Z_OBJCE_P(list) != php_arv_ce_EntryList ||
        (options && (Z_TYPE_P(options) != IS_OBJECT || Z_OBJCE_P(options) != php_arv_ce_PackageOptions))) {
        php_arv_throw_format(ARV_ECALLBACK, "The callback $collect must return an EntryList, or an array "
                                            "of an EntryList and PackageOptions.");
        return false;
    }
    if (!php_arv_entries_free(Z_OBJ_P(list)) ||
        (options && !php_arv_package_options_get(Z_OBJ_P(options), c->package)))
        return false;
    job->running.tolerates = c->package->failures_max > 0;
    php_arv_entries_give(Z_OBJ_P(list), &job->running, job->handle->core);
    *c->entries = arv_entries_ref(php_arv_entries_get(Z_OBJ_P(list)));
    return true;
}

/* Keeps both: the core reads from the list, and copies the texts of the options. */
static void collection_keep(php_arv_job *job, zval *list, zval *options)
{
    if (Z_TYPE(job->collected) != IS_ARRAY)
        array_init(&job->collected);
    Z_ADDREF_P(list);
    add_next_index_zval(&job->collected, list);
    if (options) {
        Z_ADDREF_P(options);
        add_next_index_zval(&job->collected, options);
    }
}

/* An exception of $collect is the error of the job, and no defect of the program. */
static void collection_failed(job_collection *c)
{
    if (php_arv_exits())
        return;
    php_arv_error_from_exception(c->err);
    if (Z_TYPE(c->job->thrown) == IS_UNDEF)
        ZVAL_OBJ_COPY(&c->job->thrown, EG(exception));
    zend_clear_exception();
    c->rc = c->err->code;
}

static void collection_run(void *arg)
{
    job_collection *c = arg;
    zval argument, given;
    ZVAL_UNDEF(&given);
    job_object_get(&argument, c->job);
    php_arv_callback_call(&php_arv_spec_of(c->job->spec)->collect, &given, 1, &argument);
    if (!EG(exception)) {
        bool pair = Z_TYPE(given) == IS_ARRAY;
        zval *list = pair ? zend_hash_index_find_deref(Z_ARRVAL(given), 0) : &given;
        zval *options = pair ? zend_hash_index_find_deref(Z_ARRVAL(given), 1) : NULL;
        if (collection_take(c, list, options))
            collection_keep(c->job, list, options);
    }
    if (EG(exception))
        collection_failed(c);
    zval_ptr_dtor(&given);
    zval_ptr_dtor(&argument);
}

/* Called by the core. */
static int job_on_collect(void *user_data, arv_job *core, arv_entries **entries, arv_package_options *package,
                          arv_error *err)
{
    job_collection c = {user_data, entries, package, err, 0};
    if (php_arv_guard(collection_run, &c))
        return c.rc;
    job_interruption(c.job, "the program ended", err);
    return err->code;
}

/* ---- begin ----------------------------------------------------------------------------------------- */

/* Opens the storages of the spec. Throws when one cannot be opened. */
static bool job_open_storages(php_arv_job *job, arv_engine *engine, zval *drivers)
{
    zval *driver;
    ZEND_HASH_FOREACH_VAL(Z_ARRVAL_P(drivers), driver)
    {
        size_t i = job->storage_count;
        job->native[i] = Z_OBJCE_P(driver) == php_arv_ce_Filesystem;
        job->storages[i] = php_arv_storage_of(engine, Z_OBJ_P(driver));
        if (!job->storages[i])
            return false;
        job->storage_count++;
    }
    ZEND_HASH_FOREACH_END();
    return true;
}

static php_arv_job *job_new(php_arv_handle *handle, zend_object *spec)
{
    php_arv_job *job = ecalloc(1, sizeof *job);
    zval *path = OBJ_PROP_NUM(spec, PHP_ARV_SPEC_PATH);
    job->running.ops = &job_ops;
    job->references = 1;
    job->handle = php_arv_engine_hold(handle);
    job->spec = spec;
    job->state = ARV_JOB_QUEUED;
    job->running.staged = Z_TYPE_P(OBJ_PROP_NUM(spec, PHP_ARV_SPEC_STAGING)) == IS_OBJECT;
    job->stores = job->running.staged && Z_TYPE_P(OBJ_PROP_NUM(spec, PHP_ARV_SPEC_STREAMS)) == IS_FALSE;
    job->progress_event.deliver = job_deliver_progress;
    job->done_event.deliver = job_deliver_done;
    job->progress_event.forget = job->done_event.forget = job_forget;
    if (Z_TYPE_P(path) == IS_STRING)
        job->path = zend_string_copy(Z_STR_P(path));
    return job;
}

#define JOB_NUMBER(value, property) Z_LVAL_P(php_arv_property(Z_OBJ_P(value), property))

/* Fills the members of the core's spec that need no memory, or throws. */
static bool job_fill_limits(php_arv_job *job, arv_job_spec *core)
{
    const php_arv_spec *spec = php_arv_spec_of(job->spec);
    zval *staging = OBJ_PROP_NUM(job->spec, PHP_ARV_SPEC_STAGING);
    zval *limits = OBJ_PROP_NUM(job->spec, PHP_ARV_SPEC_LIMITS);
    zval *retry = OBJ_PROP_NUM(job->spec, PHP_ARV_SPEC_RETRY);
    if (job->running.staged && !(core->staging = php_arv_staging_get(Z_OBJ_P(staging))))
        return false;
    core->streams = job->running.staged && !job->stores;
    if (Z_TYPE_P(limits) == IS_OBJECT) {
        core->time_limit_ms = (uint64_t)JOB_NUMBER(limits, PHP_ARV_LIMITS_TIME_MS);
        core->stall_limit_ms = (uint64_t)JOB_NUMBER(limits, PHP_ARV_LIMITS_STALL_MS);
    }
    if (Z_TYPE_P(retry) == IS_OBJECT) {
        core->attempts_max = (unsigned)JOB_NUMBER(retry, PHP_ARV_RETRY_ATTEMPTS);
        core->retry_delay_ms = (unsigned)JOB_NUMBER(retry, PHP_ARV_RETRY_DELAY_MS);
    }
    core->progress_interval_ms = spec->progress_interval_ms;
    core->on_collect = php_arv_callback_given(&spec->collect) ? job_on_collect : NULL;
    core->on_state = job_on_state;
    core->on_progress = php_arv_callback_given(&spec->on_progress) ? job_on_progress : NULL;
    core->on_done = job_on_done;
    core->user_data = job;
    return true;
}

/* Fills the core's spec and starts the job. When it returns false, nothing was begun. */
static bool job_start(php_arv_job *job, arv_engine *engine)
{
    arv_job_spec core;
    arv_package_options package;
    arv_error err;
    zend_object *spec = job->spec;
    zval *entries = OBJ_PROP_NUM(spec, PHP_ARV_SPEC_ENTRIES);
    bool begun = false;

    arv_error_clear(&err);
    arv_job_spec_init(&core, sizeof core);
    arv_package_options_init(&package, sizeof package);
    if (Z_TYPE_P(entries) == IS_OBJECT)
        core.entries = php_arv_entries_get(Z_OBJ_P(entries));
    if (!job_fill_limits(job, &core))
        goto out;
    if (job->path && !php_arv_path_allowed(job->path)) /* open_basedir may have become narrower */
        goto out;
    if (!php_arv_package_options_get(Z_OBJ_P(OBJ_PROP_NUM(spec, PHP_ARV_SPEC_PACKAGE)), &package) ||
        !job_open_storages(job, engine, OBJ_PROP_NUM(spec, PHP_ARV_SPEC_STORAGES)))
        goto out;
    core.package = &package;
    job->running.tolerates = package.failures_max > 0;
    core.path = job->path ? ZSTR_VAL(job->path) : NULL;
    core.storages = job->storages;
    core.storage_count = job->storage_count;
    begun = php_arv_ok(arv_job_start(&job->core, engine, &core, &err), &err);
out:
    if (!begun)
        job_drop_storages(job);
    return begun;
}

bool php_arv_job_begin(zval *into, php_arv_handle *handle, zend_object *spec)
{
    zval *entries = OBJ_PROP_NUM(spec, PHP_ARV_SPEC_ENTRIES);
    if (Z_TYPE_P(entries) == IS_UNDEF) {
        php_arv_throw_format(ARV_ESTATE, "The constructor of the job's specification has not run.");
        return false;
    }
    if (Z_TYPE_P(entries) == IS_OBJECT && !php_arv_entries_free(Z_OBJ_P(entries)))
        return false;
    php_arv_job *job = job_new(handle, spec);
    if (!job_start(job, handle->core)) {
        job_release(job);
        php_arv_drop_now();
        return false;
    }
    GC_ADDREF(spec);
    if (Z_TYPE_P(entries) == IS_OBJECT)
        php_arv_entries_give(Z_OBJ_P(entries), &job->running, handle->core);
    php_arv_running_add(handle, &job->running);
    job_object_get(into, job);
    return true;
}

/* ---- methods --------------------------------------------------------------------------------------- */

static php_arv_job *job_this(zval *this)
{
    php_arv_job *job = job_object_of(Z_OBJ_P(this))->job;
    if (!job)
        php_arv_throw_format(ARV_ESTATE, "Only Engine::start() makes jobs.");
    else
        php_arv_handle_look_for_fork(job->handle);
    return job;
}

#define JOB_THIS(job)                                                                                        \
    php_arv_job *job;                                                                                        \
    ZEND_PARSE_PARAMETERS_NONE();                                                                            \
    if (!(job = job_this(ZEND_THIS)))                                                                        \
    RETURN_THROWS()

/* Returns the error, borrowed; NULL while the job runs, and when it completed, in part or in full. */
static zval *job_error(php_arv_job *job)
{
    if (!job->settled || job->status >= 0)
        return NULL;
    if (Z_TYPE(job->thrown) == IS_UNDEF)
        php_arv_exception_make(&job->thrown, &job->error);
    return &job->thrown;
}

ZEND_METHOD(Archivist_Job, state)
{
    JOB_THIS(job);
    php_arv_state_make(return_value, job->state);
}

ZEND_METHOD(Archivist_Job, progress)
{
    JOB_THIS(job);
    if (job->core && !job->settled && php_arv_engine_here(job->handle->core))
        arv_job_get_progress(job->core, &job->progress);
    job->progress.state = job->state;
    php_arv_progress_make(return_value, &job->progress, job->stores);
}

ZEND_METHOD(Archivist_Job, cancel)
{
    JOB_THIS(job);
    job_ask_stop(job, NULL);
}

ZEND_METHOD(Archivist_Job, check)
{
    arv_error err;
    JOB_THIS(job);
    arv_error_clear(&err);
    if (job->core && php_arv_engine_here(job->handle->core) && arv_job_check(job->core, &err) < 0)
        php_arv_throw(&err);
}

ZEND_METHOD(Archivist_Job, result)
{
    JOB_THIS(job);
    if (Z_TYPE(job->result) != IS_UNDEF)
        RETURN_COPY(&job->result);
}

ZEND_METHOD(Archivist_Job, error)
{
    JOB_THIS(job);
    zval *error = job_error(job);
    if (error)
        RETURN_COPY(error);
}

static bool job_is_over(void *arg)
{
    return ((php_arv_job *)arg)->over;
}

ZEND_METHOD(Archivist_Job, wait)
{
    zend_long timeout_ms = 0;
    bool forever = true;
    ZEND_PARSE_PARAMETERS_START(0, 1)
    Z_PARAM_OPTIONAL
    Z_PARAM_LONG_OR_NULL(timeout_ms, forever)
    ZEND_PARSE_PARAMETERS_END();
    php_arv_job *job = job_this(ZEND_THIS);
    if (!job)
        RETURN_THROWS();
    if (!forever && !php_arv_timeout_allowed(timeout_ms))
        RETURN_THROWS();
    if (!job->over && job->handle->core &&
        !php_arv_pump(job->handle->core, job->handle, job_is_over, job, forever ? -1 : timeout_ms))
        RETURN_THROWS();
    if (!job->over) {
        php_arv_throw_format(ARV_ETIMEOUT,
                             "The job did not end within " ZEND_LONG_FMT
                             " ms; it goes on: wait again, or cancel it.",
                             timeout_ms);
        RETURN_THROWS();
    }
    zval *error = job_error(job);
    if (error) {
        zval thrown;
        ZVAL_COPY(&thrown, error);
        zend_throw_exception_object(&thrown);
        RETURN_THROWS();
    }
    RETURN_COPY(&job->result);
}
