/* SPDX-License-Identifier: Apache-2.0 */

/* Callables that are kept and called, and values that are dropped when no frame of the core is left. */

#include "glue.h"

void php_arv_callback_set(php_arv_callback *callback, const zend_fcall_info *info,
                          const zend_fcall_info_cache *cache)
{
    memset(callback, 0, sizeof *callback);
    if (!info->size)
        return;
    ZVAL_COPY(&callback->callable, &info->function_name);
    /* The cache keeps a callable of its giver's scope, such as a private method. It is empty for __call()
     * and the like, which are looked up at each call. */
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

void php_arv_callback_call(php_arv_callback *callback, zval *result, uint32_t count, zval *arguments)
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

bool php_arv_exits(void)
{
    return EG(exception) && (zend_is_unwind_exit(EG(exception)) || zend_is_graceful_exit(EG(exception)));
}

/* ---- values that the core lets go ---------------------------------------------------------------- */

void php_arv_later_drop(php_arv_dropped *dropped)
{
    dropped->next = ARCHIVIST_NOW(dropped);
    ARCHIVIST_NOW(dropped) = dropped;
}

void php_arv_drop_now(void)
{
    while (ARCHIVIST_NOW(dropped)) {
        php_arv_dropped *dropped = ARCHIVIST_NOW(dropped);
        ARCHIVIST_NOW(dropped) = dropped->next;
        dropped->drop(dropped);
    }
}
