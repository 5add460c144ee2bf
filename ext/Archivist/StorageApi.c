/* SPDX-License-Identifier: Apache-2.0 */

/* The front of all storages. Each request is logged by the core, through the engine's logger. */

#include "Archivist/drivers.h"

#include "StorageApi_arginfo.h"

typedef struct api {
    zend_object *engine, *factory;
    zend_object std;
} api;

zend_class_entry *php_arv_ce_StorageApi;
static zend_object_handlers api_handlers;

static api *api_of(zend_object *object)
{
    return (api *)((char *)object - XtOffsetOf(api, std));
}

static zend_object *api_create(zend_class_entry *ce)
{
    api *a = zend_object_alloc(sizeof *a, ce);
    zend_object_std_init(&a->std, ce);
    object_properties_init(&a->std, ce);
    a->std.handlers = &api_handlers;
    return &a->std;
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

    ZEND_PARSE_PARAMETERS_START(1, 3)
        Z_PARAM_OBJ_OF_CLASS(task, php_arv_ce_StorageTask)
        Z_PARAM_OPTIONAL
        Z_PARAM_FUNC_OR_NULL(success, success_cache)
        Z_PARAM_FUNC_OR_NULL(failure, failure_cache)
    ZEND_PARSE_PARAMETERS_END();

    object_init_ex(return_value, php_arv_ce_AsyncTask);
    php_arv_async_set(Z_OBJ_P(return_value), a->engine, &success, &success_cache, &failure,
                      &failure_cache);
    if (!php_arv_async_begin(Z_OBJ_P(return_value), task))
        RETURN_THROWS();
}

void php_arv_register_StorageApi(void)
{
    php_arv_ce_StorageApi = register_class_Archivist_StorageApi();
    php_arv_ce_StorageApi->create_object = api_create;
    php_arv_secrets_mark(php_arv_ce_StorageApi, ZEND_STRL("getstoragedriver"), 1);
    memcpy(&api_handlers, &std_object_handlers, sizeof api_handlers);
    api_handlers.offset = XtOffsetOf(api, std);
    api_handlers.free_obj = api_free;
    api_handlers.get_gc = api_gc;
    api_handlers.clone_obj = NULL;
}
