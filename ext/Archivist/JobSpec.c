/* SPDX-License-Identifier: Apache-2.0 */

/* Archivist\JobSpec: what is given to Engine::start(). */

#include "php_archivist.h"
#include "Archivist/internal.h"
#include "JobSpec_arginfo.h"

enum { SPEC_STORAGES_MAX = 8, SPEC_INTERVAL_MAX_MS = 3600000 };

zend_class_entry *php_arv_ce_JobSpec;
static zend_object_handlers spec_handlers;

php_arv_spec *php_arv_spec_of(zend_object *object)
{
    return (php_arv_spec *)((char *)object - XtOffsetOf(php_arv_spec, std));
}

static zend_object *spec_create(zend_class_entry *ce)
{
    php_arv_spec *spec = zend_object_alloc(sizeof *spec, ce);
    memset(spec, 0, XtOffsetOf(php_arv_spec, std));
    zend_object_std_init(&spec->std, ce);
    object_properties_init(&spec->std, ce);
    spec->std.handlers = &spec_handlers;
    return &spec->std;
}

static void spec_free(zend_object *object)
{
    php_arv_spec *spec = php_arv_spec_of(object);
    php_arv_callback_drop(&spec->on_state);
    php_arv_callback_drop(&spec->on_progress);
    php_arv_callback_drop(&spec->on_done);
    zend_object_std_dtor(object);
}

static HashTable *spec_gc(zend_object *object, zval **table, int *count)
{
    php_arv_spec *spec = php_arv_spec_of(object);
    zend_get_gc_buffer *buffer = zend_get_gc_buffer_create();
    php_arv_callback_gc(&spec->on_state, buffer);
    php_arv_callback_gc(&spec->on_progress, buffer);
    php_arv_callback_gc(&spec->on_done, buffer);
    return php_arv_gc_end(object, buffer, table, count);
}

static bool spec_check(zend_string *path, HashTable *storages, zend_long interval_ms)
{
    zval *driver;
    uint32_t at = 0;
    if (!path && zend_hash_num_elements(storages) == 0) {
        php_arv_throw_format(ARV_EINVALID,
                             "A job needs a target: give a path, or at least one storage.");
        return false;
    }
    if (zend_hash_num_elements(storages) > SPEC_STORAGES_MAX) {
        php_arv_throw_format(ARV_EINVALID, "A job was given %u storages; %d are allowed.",
                             zend_hash_num_elements(storages), SPEC_STORAGES_MAX);
        return false;
    }
    if (interval_ms < 0 || interval_ms > SPEC_INTERVAL_MAX_MS) {
        php_arv_throw_format(ARV_EINVALID, "The argument $progressIntervalMs is " ZEND_LONG_FMT
                                           "; 0 (the default) to %d are allowed.",
                             interval_ms, SPEC_INTERVAL_MAX_MS);
        return false;
    }
    ZEND_HASH_FOREACH_VAL(storages, driver) {
        at++;
        ZVAL_DEREF(driver);
        if (Z_TYPE_P(driver) != IS_OBJECT ||
            !instanceof_function(Z_OBJCE_P(driver), php_arv_ce_StorageDriver)) {
            php_arv_throw_format(ARV_EINVALID,
                                 "Element %u of the storages is of type %s; a StorageDriver is "
                                 "needed.", at, zend_zval_type_name(driver));
            return false;
        }
    } ZEND_HASH_FOREACH_END();
    return !path || php_arv_path_allowed(path);
}

ZEND_METHOD(Archivist_JobSpec, __construct)
{
    php_arv_spec *spec = php_arv_spec_of(Z_OBJ_P(ZEND_THIS));
    zend_object *entries, *package;
    zend_string *path = NULL;
    HashTable *storages = NULL;
    zend_fcall_info state = {0}, progress = {0}, done = {0};
    zend_fcall_info_cache state_cache = {0}, progress_cache = {0}, done_cache = {0};
    zend_long interval_ms = 0;
    zval *driver, *into;

    ZEND_PARSE_PARAMETERS_START(2, 8)
        Z_PARAM_OBJ_OF_CLASS(entries, php_arv_ce_EntryList)
        Z_PARAM_OBJ_OF_CLASS(package, php_arv_ce_PackageOptions)
        Z_PARAM_OPTIONAL
        Z_PARAM_STR_OR_NULL(path)
        Z_PARAM_ARRAY_HT(storages)
        Z_PARAM_FUNC_OR_NULL(state, state_cache)
        Z_PARAM_FUNC_OR_NULL(progress, progress_cache)
        Z_PARAM_FUNC_OR_NULL(done, done_cache)
        Z_PARAM_LONG(interval_ms)
    ZEND_PARSE_PARAMETERS_END();

    if (Z_TYPE_P(OBJ_PROP_NUM(&spec->std, PHP_ARV_SPEC_ENTRIES)) != IS_UNDEF) {
        php_arv_throw_format(ARV_ESTATE, "The job's specification was constructed already.");
        RETURN_THROWS();
    }
    if (!storages)
        storages = (HashTable *)&zend_empty_array;
    if (!spec_check(path, storages, interval_ms))
        RETURN_THROWS();

    ZVAL_OBJ_COPY(OBJ_PROP_NUM(&spec->std, PHP_ARV_SPEC_ENTRIES), entries);
    ZVAL_OBJ_COPY(OBJ_PROP_NUM(&spec->std, PHP_ARV_SPEC_PACKAGE), package);
    if (path)
        ZVAL_STR_COPY(OBJ_PROP_NUM(&spec->std, PHP_ARV_SPEC_PATH), path);
    else
        ZVAL_NULL(OBJ_PROP_NUM(&spec->std, PHP_ARV_SPEC_PATH));
    into = OBJ_PROP_NUM(&spec->std, PHP_ARV_SPEC_STORAGES);
    array_init_size(into, zend_hash_num_elements(storages));
    ZEND_HASH_FOREACH_VAL(storages, driver) {
        ZVAL_DEREF(driver);
        Z_ADDREF_P(driver);
        add_next_index_zval(into, driver);
    } ZEND_HASH_FOREACH_END();
    php_arv_callback_set(&spec->on_state, &state, &state_cache);
    php_arv_callback_set(&spec->on_progress, &progress, &progress_cache);
    php_arv_callback_set(&spec->on_done, &done, &done_cache);
    spec->progress_interval_ms = (unsigned)interval_ms;
}

void php_arv_register_JobSpec(void)
{
    php_arv_ce_JobSpec = register_class_Archivist_JobSpec();
    php_arv_ce_JobSpec->create_object = spec_create;
    memcpy(&spec_handlers, zend_get_std_object_handlers(), sizeof spec_handlers);
    spec_handlers.offset = XtOffsetOf(php_arv_spec, std);
    spec_handlers.free_obj = spec_free;
    spec_handlers.get_gc = spec_gc;
    spec_handlers.clone_obj = NULL;
}
