/* SPDX-License-Identifier: Apache-2.0 */

/* The front of all storages. The core logs each request, through the engine's logger. */

#include "classes.h"

typedef struct api {
    zend_object *engine, *factory;
    zend_object std;
} api;

static api *api_of(zend_object *object)
{
    return PHP_ARV_OBJECT(api, object);
}

static void api_free(zend_object *object)
{
    api *a = api_of(object);
    if (a->engine)
        OBJ_RELEASE(a->engine);
    if (a->factory)
        OBJ_RELEASE(a->factory);
    zend_object_std_dtor(object);
}

static HashTable *api_gc(zend_object *object, zval **table, int *count)
{
    api *a = api_of(object);
    zend_get_gc_buffer *buffer = zend_get_gc_buffer_create();
    if (a->engine)
        zend_get_gc_buffer_add_obj(buffer, a->engine);
    if (a->factory)
        zend_get_gc_buffer_add_obj(buffer, a->factory);
    return php_arv_gc_end(object, buffer, table, count);
}

php_arv_kind php_arv_kind_StorageApi = PHP_ARV_KIND(api, .free = api_free, .gc = api_gc);

ZEND_METHOD(Archivist_StorageApi, __construct)
{
    api *a = api_of(Z_OBJ_P(ZEND_THIS));
    zend_object *engine, *factory = NULL;

    ZEND_PARSE_PARAMETERS_START(1, 2)
    Z_PARAM_OBJ_OF_CLASS(engine, php_arv_ce_Engine)
    Z_PARAM_OPTIONAL
    Z_PARAM_OBJ_OF_CLASS_OR_NULL(factory, php_arv_ce_StorageDriverFactory)
    ZEND_PARSE_PARAMETERS_END();

    if (a->engine) {
        php_arv_throw_format(ARV_ESTATE, "The StorageApi was constructed already.");
        RETURN_THROWS();
    }
    if (factory) {
        GC_ADDREF(factory);
    } else {
        zval made;
        object_init_ex(&made, php_arv_ce_StorageDriverFactory);
        factory = Z_OBJ(made);
    }
    GC_ADDREF(engine);
    a->engine = engine;
    a->factory = factory;
}

ZEND_METHOD(Archivist_StorageApi, getStorageDriver)
{
    api *a = api_of(Z_OBJ_P(ZEND_THIS));
    zend_string *type;
    HashTable *settings = (HashTable *)&zend_empty_array;

    ZEND_PARSE_PARAMETERS_START(1, 2)
    Z_PARAM_STR(type)
    Z_PARAM_OPTIONAL
    Z_PARAM_ARRAY_HT(settings)
    ZEND_PARSE_PARAMETERS_END();

    php_arv_factory_get(a->factory, type, settings, return_value);
    if (EG(exception)) {
        php_arv_secrets_hide(settings);
        RETURN_THROWS();
    }
}

ZEND_METHOD(Archivist_StorageApi, processTask)
{
    api *a = api_of(Z_OBJ_P(ZEND_THIS));
    zend_object *task;
    zend_fcall_info success = {0}, failure = {0};
    zend_fcall_info_cache success_cache = {0}, failure_cache = {0};
    php_arv_callback on_success, on_failure;

    ZEND_PARSE_PARAMETERS_START(1, 3)
    Z_PARAM_OBJ_OF_CLASS(task, php_arv_ce_StorageTask)
    Z_PARAM_OPTIONAL
    Z_PARAM_FUNC_OR_NULL(success, success_cache)
    Z_PARAM_FUNC_OR_NULL(failure, failure_cache)
    ZEND_PARSE_PARAMETERS_END();

    php_arv_callback_set(&on_success, &success, &success_cache);
    php_arv_callback_set(&on_failure, &failure, &failure_cache);
    bool begun = php_arv_async_begin(return_value, a->engine, task, &on_success, &on_failure);
    php_arv_callback_drop(&on_success);
    php_arv_callback_drop(&on_failure);
    if (!begun)
        RETURN_THROWS();
}
