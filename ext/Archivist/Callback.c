/* SPDX-License-Identifier: Apache-2.0 */

/*
 * How PHP code is called. Two things must never happen: that an exception is lost, and that a
 * bailout (a fatal error, the time limit) jumps over frames of the core, which would leave locks
 * held, files open and counters wrong. So everything that may run PHP code from inside the core
 * passes php_arv_guard(). It catches a bailout, remembers it, and makes the core return; the pump
 * (Pump.c) lets it go on once no frame of the core is left.
 */

#include "php_archivist.h"
#include "Archivist/internal.h"

void php_arv_callback_set(php_arv_callback *callback, const zend_fcall_info *info,
                          const zend_fcall_info_cache *cache)
{
    memset(callback, 0, sizeof *callback);
    if (!info->size)
        return;
    ZVAL_COPY(&callback->callable, &info->function_name);
    /* The cache keeps what was callable in the scope of the one who gave it, such as a private
     * method. It is empty for __call() and the like, which are looked up at each call. */
    callback->cache = *cache;
    if (!callback->cache.function_handler)
        callback->cache.object = NULL;
    if (callback->cache.object)
        GC_ADDREF(callback->cache.object);
}

bool php_arv_callback_given(const php_arv_callback *callback)
{
    return Z_TYPE(callback->callable) != IS_UNDEF;
}

void php_arv_callback_drop(php_arv_callback *callback)
{
    php_arv_callback held = *callback;
    memset(callback, 0, sizeof *callback);
    if (held.cache.object)
        OBJ_RELEASE(held.cache.object);
    zval_ptr_dtor(&held.callable);
}

void php_arv_callback_gc(php_arv_callback *callback, zend_get_gc_buffer *buffer)
{
    zend_get_gc_buffer_add_zval(buffer, &callback->callable);
    if (callback->cache.object)
        zend_get_gc_buffer_add_obj(buffer, callback->cache.object);
}

HashTable *php_arv_gc_end(zend_object *object, zend_get_gc_buffer *buffer, zval **table, int *count)
{
    if (!object->properties)
        for (int i = 0; i < object->ce->default_properties_count; i++)
            zend_get_gc_buffer_add_zval(buffer, OBJ_PROP_NUM(object, i));
    zend_get_gc_buffer_use(buffer, table, count);
    return object->properties;
}

/* ---- the guard ---------------------------------------------------------------------------------- */

/* Apart, so that no local variable of a caller lives across the jump. */
static bool guard_run(void (*run)(void *arg), void *arg)
{
    volatile bool whole = true;
    zend_try {
        run(arg);
    } zend_catch {
        whole = false;
    } zend_end_try();
    return whole;
}

bool php_arv_exits(void)
{
    return EG(exception) && (zend_is_unwind_exit(EG(exception)) || zend_is_graceful_exit(EG(exception)));
}

bool php_arv_try(void (*run)(void *arg), void *arg)
{
    if (!guard_run(run, arg))
        ARCHIVIST_G(bailout) = true;
    php_arv_pumps_look_for_fork();
    return !ARCHIVIST_G(bailout) && !EG(exception);
}

bool php_arv_guard(void (*run)(void *arg), void *arg)
{
    if (ARCHIVIST_G(silent) || ARCHIVIST_G(bailout) || EG(exception))
        return false;
    php_arv_handle *handle = ARCHIVIST_G(pumps) ? php_arv_handle_find(ARCHIVIST_G(pumps)->engine) : NULL;
    if (handle)
        handle->activity++;
    if (php_arv_try(run, arg))
        return true;
    if (handle && (ARCHIVIST_G(bailout) || php_arv_exits()))
        php_arv_jobs_interrupt_staged(handle);
    /* What else is due waits until the caller of wait() or poll() has dealt with this. */
    if (ARCHIVIST_G(pumps))
        arv_engine_yield(ARCHIVIST_G(pumps)->engine);
    return false;
}

struct call {
    php_arv_callback *callback;
    zval *result;
    uint32_t count;
    zval *arguments;
};

static void call_run(void *arg)
{
    struct call *call = arg;
    php_arv_call_plain(call->callback, call->result, call->count, call->arguments);
}

void php_arv_call_plain(php_arv_callback *callback, zval *result, uint32_t count, zval *arguments)
{
    zend_fcall_info info;
    zval unused, callable;
    ZVAL_UNDEF(&unused);
    memset(&info, 0, sizeof info);
    info.size = sizeof info;
    ZVAL_COPY(&callable, &callback->callable); /* the call may drop it */
    ZVAL_COPY_VALUE(&info.function_name, &callable);
    info.retval = result ? result : &unused;
    info.params = arguments;
    info.param_count = count;
    if (callback->cache.function_handler) {
        zend_fcall_info_cache cache = callback->cache;
        zend_call_function(&info, &cache);
    } else {
        zend_call_function(&info, NULL);
    }
    zval_ptr_dtor(&unused);
    zval_ptr_dtor(&callable);
}

bool php_arv_call(php_arv_callback *callback, zval *result, uint32_t count, zval *arguments)
{
    struct call call = {callback, result, count, arguments};
    if (result)
        ZVAL_UNDEF(result);
    return php_arv_guard(call_run, &call);
}

/* ---- values that the core lets go ---------------------------------------------------------------- */

void php_arv_later_drop(php_arv_dropped *dropped)
{
    dropped->next = ARCHIVIST_G(dropped);
    ARCHIVIST_G(dropped) = dropped;
}

void php_arv_drop_now(void)
{
    while (ARCHIVIST_G(dropped)) {
        php_arv_dropped *dropped = ARCHIVIST_G(dropped);
        ARCHIVIST_G(dropped) = dropped->next;
        dropped->drop(dropped);
    }
}
