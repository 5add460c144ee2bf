/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Archivist\Engine. The object is thin: everything belongs to its handle, which lives as long as a
 * job of it does (internal.h). The core's engine, and with it every thread, is made by the first job
 * and made anew in the child of a fork.
 */

#include "php_archivist.h"
#include "Archivist/internal.h"
#include "Engine_arginfo.h"
#include "IoPriority_arginfo.h"

typedef struct engine_object {
    php_arv_handle *handle; /* NULL until the constructor succeeded */
    zend_object std;
} engine_object;

zend_class_entry *php_arv_ce_Engine, *php_arv_ce_IoPriority;
static zend_object_handlers engine_handlers;

static engine_object *engine_of(zend_object *object)
{
    return (engine_object *)((char *)object - XtOffsetOf(engine_object, std));
}

/* ---- handle --------------------------------------------------------------------------------------- */

php_arv_handle *php_arv_handle_of(zend_object *engine)
{
    return engine_of(engine)->handle;
}

php_arv_handle *php_arv_handle_find(const arv_engine *engine)
{
    for (php_arv_handle *handle = ARCHIVIST_G(handles); handle; handle = handle->next)
        if (handle->core == engine)
            return handle;
    return NULL;
}

php_arv_handle *php_arv_engine_hold(zend_object *engine)
{
    php_arv_handle *handle = php_arv_handle_of(engine);
    handle->references++;
    return handle;
}

static php_arv_handle *handle_new(zend_object *object)
{
    php_arv_handle *handle = ecalloc(1, sizeof *handle);
    handle->references = 1;
    handle->object = object;
    handle->next = ARCHIVIST_G(handles);
    handle->link = &ARCHIVIST_G(handles);
    if (handle->next)
        handle->next->link = &handle->next;
    ARCHIVIST_G(handles) = handle;
    return handle;
}

/* Ends all jobs. They end soon: only local work is waited for. */
static void handle_end_jobs(php_arv_handle *handle)
{
    for (php_arv_job *job = handle->jobs; job; job = php_arv_job_next(job))
        php_arv_job_interrupt(job, "its engine was freed");
    while (handle->jobs && arv_engine_run(handle->core, 1000))
        ;
}

/* The object is gone: nobody can wait any more. */
static void handle_close(php_arv_handle *handle)
{
    php_arv_handle_look_for_fork(handle);
    handle->object = NULL;
    if (handle->core && php_arv_pump_runs(handle->core)) {
        /* A fiber that is never resumed stands inside a callback: what it uses has to stay. */
        handle->references++;
        return;
    }
    ARCHIVIST_G(silent)++;
    if (handle->core)
        handle_end_jobs(handle);
    php_arv_events_clear(handle);
    while (handle->jobs)
        php_arv_job_lose(handle->jobs, "its engine was freed");
    ARCHIVIST_G(silent)--;
    php_arv_callback_drop(&handle->logger);
}

void php_arv_engine_let(php_arv_handle *handle)
{
    if (!handle || --handle->references)
        return;
    php_arv_handle_look_for_fork(handle);
    *handle->link = handle->next;
    if (handle->next)
        handle->next->link = handle->link;
    ARCHIVIST_G(silent)++;
    arv_engine_free(handle->core);
    ARCHIVIST_G(silent)--;
    php_arv_events_clear(handle);
    efree(handle);
    php_arv_drop_now();
}

void php_arv_handle_look_for_fork(php_arv_handle *handle)
{
    if (!handle->core || !arv_engine_forked(handle->core))
        return;
    php_arv_engine_leave(handle->core);
    handle->core = NULL;
    php_arv_events_clear(handle); /* the parent delivers them */
    while (handle->jobs)
        php_arv_job_lose(handle->jobs, "the process was forked");
}

arv_engine *php_arv_engine_get(zend_object *engine)
{
    arv_error err;
    php_arv_handle *handle = php_arv_handle_of(engine);
    if (!handle) {
        php_arv_throw_format(ARV_ESTATE, "The engine's constructor has not run.");
        return NULL;
    }
    php_arv_handle_look_for_fork(handle);
    arv_error_clear(&err);
    if (!handle->core && !php_arv_ok(arv_engine_new(&handle->core, &handle->options, &err), &err))
        handle->core = NULL;
    return handle->core;
}

/* ---- object --------------------------------------------------------------------------------------- */

static zend_object *engine_create(zend_class_entry *ce)
{
    engine_object *engine = zend_object_alloc(sizeof *engine, ce);
    engine->handle = NULL;
    zend_object_std_init(&engine->std, ce);
    object_properties_init(&engine->std, ce);
    engine->std.handlers = &engine_handlers;
    return &engine->std;
}

static void engine_free(zend_object *object)
{
    php_arv_handle *handle = engine_of(object)->handle;
    if (handle) {
        handle_close(handle);
        php_arv_engine_let(handle);
        php_arv_drop_now();
    }
    zend_object_std_dtor(object);
}

static HashTable *engine_gc(zend_object *object, zval **table, int *count)
{
    php_arv_handle *handle = engine_of(object)->handle;
    zend_get_gc_buffer *buffer = zend_get_gc_buffer_create();
    if (handle) {
        php_arv_callback_gc(&handle->logger, buffer);
        for (php_arv_job *job = handle->jobs; job; job = php_arv_job_next(job))
            php_arv_job_gc(job, buffer);
    }
    return php_arv_gc_end(object, buffer, table, count);
}

/* ---- methods -------------------------------------------------------------------------------------- */

static bool engine_number(const char *name, zend_long value, zend_long least, zend_long most)
{
    if (value == 0 || (value >= least && value <= most))
        return true;
    php_arv_throw_format(ARV_EINVALID,
                         "The argument $%s of the engine is " ZEND_LONG_FMT "; 0 (the default) and "
                         ZEND_LONG_FMT " to " ZEND_LONG_FMT " are allowed.",
                         name, value, least, most);
    return false;
}

ZEND_METHOD(Archivist_Engine, __construct)
{
    engine_object *engine = engine_of(Z_OBJ_P(ZEND_THIS));
    zend_long threads = 0, readers = 0, jobs = 0, memory = 0, nice = 0;
    zend_fcall_info logger = {0};
    zend_fcall_info_cache cache = {0};
    zend_object *level = NULL, *io = NULL;

    ZEND_PARSE_PARAMETERS_START(0, 8)
        Z_PARAM_OPTIONAL
        Z_PARAM_LONG(threads)
        Z_PARAM_LONG(readers)
        Z_PARAM_LONG(jobs)
        Z_PARAM_LONG(memory)
        Z_PARAM_FUNC_OR_NULL(logger, cache)
        Z_PARAM_OBJ_OF_CLASS(level, php_arv_ce_LogLevel)
        Z_PARAM_LONG(nice)
        Z_PARAM_OBJ_OF_CLASS(io, php_arv_ce_IoPriority)
    ZEND_PARSE_PARAMETERS_END();

    if (engine->handle) {
        php_arv_throw_format(ARV_ESTATE, "The engine was constructed already.");
        RETURN_THROWS();
    }
    if (!engine_number("threads", threads, 1, 256) || !engine_number("readers", readers, 1, 64) ||
        !engine_number("jobs", jobs, 1, 64) || !engine_number("nice", nice, 1, 19) ||
        !engine_number("memoryBytes", memory, 4 << 20, ZEND_LONG_MAX))
        RETURN_THROWS();

    php_arv_handle *handle = handle_new(&engine->std);
    arv_engine_options *options = &handle->options;
    engine->handle = handle;
    arv_engine_options_init(options, sizeof *options);
    /* Settings of the administrator are corrected silently to what the core takes. */
    options->threads = (unsigned)(threads ? threads : MIN(ARCHIVIST_G(threads), 256));
    options->readers = (unsigned)readers;
    options->jobs_max = (unsigned)(jobs ? jobs : MIN(ARCHIVIST_G(jobs), 64));
    options->memory_bytes = (size_t)(memory ? memory : ARCHIVIST_G(memory_bytes));
    if (options->memory_bytes && options->memory_bytes < 4 << 20)
        options->memory_bytes = 4 << 20;
    options->nice = (unsigned)nice;
    if (io)
        options->io_priority = (arv_io_priority)Z_LVAL_P(zend_enum_fetch_case_value(io));
    if (level)
        options->log_level = (arv_log_level)Z_LVAL_P(zend_enum_fetch_case_value(level));
    php_arv_callback_set(&handle->logger, &logger, &cache);
    if (php_arv_callback_given(&handle->logger)) {
        options->log = php_arv_log_sink;
        options->log_user_data = handle;
    }
}

ZEND_METHOD(Archivist_Engine, start)
{
    zend_object *spec;
    ZEND_PARSE_PARAMETERS_START(1, 1)
        Z_PARAM_OBJ_OF_CLASS(spec, php_arv_ce_JobSpec)
    ZEND_PARSE_PARAMETERS_END();
    if (!php_arv_engine_get(Z_OBJ_P(ZEND_THIS)) ||
        !php_arv_job_begin(return_value, Z_OBJ_P(ZEND_THIS), spec))
        RETURN_THROWS();
}

struct engine_wait {
    php_arv_handle *handle;
    uint64_t activity;
    bool until_activity;
};

static bool engine_done(void *arg)
{
    struct engine_wait *wait = arg;
    return wait->until_activity && wait->handle->activity != wait->activity;
}

/* Returns whether something is under way in `busy`; false: an exception is pending. */
static bool engine_pump(zend_object *object, bool until_activity, zend_long timeout_ms, bool *busy)
{
    php_arv_handle *handle = php_arv_handle_of(object);
    *busy = false;
    if (!handle) {
        php_arv_throw_format(ARV_ESTATE, "The engine's constructor has not run.");
        return false;
    }
    php_arv_handle_look_for_fork(handle);
    if (!handle->core)
        return true;
    struct engine_wait wait = {handle, handle->activity, until_activity};
    handle->busy = true;
    if (!php_arv_pump(handle->core, engine_done, &wait, timeout_ms))
        return false;
    *busy = handle->core && handle->busy;
    return true;
}

static bool engine_timeout(zend_long timeout_ms)
{
    if (timeout_ms >= 0)
        return true;
    php_arv_throw_format(ARV_EINVALID, "The argument $timeoutMs is " ZEND_LONG_FMT
                                       "; it must be 0 or more milliseconds.", timeout_ms);
    return false;
}

ZEND_METHOD(Archivist_Engine, poll)
{
    zend_long timeout_ms = 0;
    bool busy;
    ZEND_PARSE_PARAMETERS_START(0, 1)
        Z_PARAM_OPTIONAL
        Z_PARAM_LONG(timeout_ms)
    ZEND_PARSE_PARAMETERS_END();
    if (!engine_timeout(timeout_ms) ||
        !engine_pump(Z_OBJ_P(ZEND_THIS), true, timeout_ms, &busy))
        RETURN_THROWS();
    RETURN_BOOL(busy);
}

ZEND_METHOD(Archivist_Engine, wait)
{
    zend_long timeout_ms = 0;
    bool forever = true, busy;
    ZEND_PARSE_PARAMETERS_START(0, 1)
        Z_PARAM_OPTIONAL
        Z_PARAM_LONG_OR_NULL(timeout_ms, forever)
    ZEND_PARSE_PARAMETERS_END();
    if ((!forever && !engine_timeout(timeout_ms)) ||
        !engine_pump(Z_OBJ_P(ZEND_THIS), false, forever ? -1 : timeout_ms, &busy))
        RETURN_THROWS();
    RETURN_BOOL(!busy);
}

void php_arv_register_Engine(void)
{
    php_arv_ce_IoPriority = register_class_Archivist_IoPriority();
    php_arv_ce_Engine = register_class_Archivist_Engine();
    php_arv_ce_Engine->create_object = engine_create;
    memcpy(&engine_handlers, zend_get_std_object_handlers(), sizeof engine_handlers);
    engine_handlers.offset = XtOffsetOf(engine_object, std);
    engine_handlers.free_obj = engine_free;
    engine_handlers.get_gc = engine_gc;
    engine_handlers.clone_obj = NULL;
}
