/* SPDX-License-Identifier: Apache-2.0 */

/* Archivist\Engine: the methods of an object that is a handle (handle.c). */

#include "classes.h"

/* ---- object --------------------------------------------------------------------------------------- */

static void engine_free(zend_object *object)
{
    php_arv_handle *handle = PHP_ARV_OBJECT(php_arv_engine_object, object)->handle;
    if (handle) {
        php_arv_handle_close(handle);
        php_arv_engine_let(handle);
        php_arv_drop_now();
    }
    zend_object_std_dtor(object);
}

static HashTable *engine_gc(zend_object *object, zval **table, int *count)
{
    php_arv_handle *handle = PHP_ARV_OBJECT(php_arv_engine_object, object)->handle;
    zend_get_gc_buffer *buffer = zend_get_gc_buffer_create();
    if (handle) {
        php_arv_callback_gc(&handle->logger, buffer);
        for (php_arv_running *job = handle->jobs; job; job = job->next)
            job->ops->gc(job, buffer);
    }
    return php_arv_gc_end(object, buffer, table, count);
}

php_arv_kind php_arv_kind_Engine = PHP_ARV_KIND(php_arv_engine_object, .free = engine_free, .gc = engine_gc);

/* ---- methods -------------------------------------------------------------------------------------- */

static bool engine_number(const char *name, zend_long value, zend_long least, zend_long most)
{
    if (value == 0 || (value >= least && value <= most))
        return true;
    php_arv_throw_format(ARV_EINVALID,
                         "The argument $%s of the engine is " ZEND_LONG_FMT
                         "; 0 (the default) and " ZEND_LONG_FMT " to " ZEND_LONG_FMT " are allowed.",
                         name, value, least, most);
    return false;
}

ZEND_METHOD(Archivist_Engine, __construct)
{
    php_arv_engine_object *engine = PHP_ARV_OBJECT(php_arv_engine_object, Z_OBJ_P(ZEND_THIS));
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

    php_arv_handle *handle = php_arv_handle_new(&engine->std);
    arv_engine_options *options = &handle->options;
    engine->handle = handle;
    arv_engine_options_init(options, sizeof *options);
    /* Settings of the administrator are silently limited to the core's range. */
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
        !php_arv_job_begin(return_value, php_arv_handle_of(Z_OBJ_P(ZEND_THIS)), spec))
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

/* Sets `busy` when something is under way. Returns false when an exception is pending. */
static bool engine_pump(zend_object *object, bool until_activity, zend_long timeout_ms, bool *busy)
{
    php_arv_handle *handle = php_arv_handle_of(object);
    *busy = false;
    if (!handle)
        return false;
    php_arv_handle_look_for_fork(handle);
    if (!handle->core)
        return true;
    struct engine_wait wait = {handle, handle->activity, until_activity};
    handle->busy = true;
    if (!php_arv_pump(handle->core, handle, engine_done, &wait, timeout_ms))
        return false;
    *busy = handle->core && handle->busy;
    return true;
}

ZEND_METHOD(Archivist_Engine, poll)
{
    zend_long timeout_ms = 0;
    bool busy;
    ZEND_PARSE_PARAMETERS_START(0, 1)
    Z_PARAM_OPTIONAL
    Z_PARAM_LONG(timeout_ms)
    ZEND_PARSE_PARAMETERS_END();
    if (!php_arv_timeout_allowed(timeout_ms) || !engine_pump(Z_OBJ_P(ZEND_THIS), true, timeout_ms, &busy))
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
    if ((!forever && !php_arv_timeout_allowed(timeout_ms)) ||
        !engine_pump(Z_OBJ_P(ZEND_THIS), false, forever ? -1 : timeout_ms, &busy))
        RETURN_THROWS();
    RETURN_BOOL(!busy);
}
