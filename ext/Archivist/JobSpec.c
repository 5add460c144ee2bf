/* SPDX-License-Identifier: Apache-2.0 */

/* Archivist\JobSpec: the argument of Engine::start(). */

#include "classes.h"

enum { SPEC_INTERVAL_MAX_MS = 3600000 };

php_arv_spec *php_arv_spec_of(zend_object *object)
{
    return PHP_ARV_OBJECT(php_arv_spec, object);
}

static void spec_free(zend_object *object)
{
    php_arv_spec *spec = php_arv_spec_of(object);
    php_arv_callback_drop(&spec->collect);
    php_arv_callback_drop(&spec->on_state);
    php_arv_callback_drop(&spec->on_progress);
    php_arv_callback_drop(&spec->on_done);
    zend_object_std_dtor(object);
}

static HashTable *spec_gc(zend_object *object, zval **table, int *count)
{
    php_arv_spec *spec = php_arv_spec_of(object);
    zend_get_gc_buffer *buffer = zend_get_gc_buffer_create();
    php_arv_callback_gc(&spec->collect, buffer);
    php_arv_callback_gc(&spec->on_state, buffer);
    php_arv_callback_gc(&spec->on_progress, buffer);
    php_arv_callback_gc(&spec->on_done, buffer);
    return php_arv_gc_end(object, buffer, table, count);
}

php_arv_kind php_arv_kind_JobSpec = PHP_ARV_KIND(php_arv_spec, .free = spec_free, .gc = spec_gc);

/* The core refuses such a job when it is started. This check throws where the spec is written. */
static bool spec_check_staging(bool has_entries, zend_object *package, zend_string *path, HashTable *storages,
                               zend_object *staging, bool streams)
{
    if (!staging && !has_entries)
        php_arv_throw_format(ARV_EINVALID, "A job needs a list of entries; only a journalled one whose "
                                           "container is complete goes on without.");
    else if (!staging && streams)
        php_arv_throw_format(ARV_EINVALID, "The argument $streams is for journalled jobs: give a "
                                           "staging too. Any other job streams always.");
    else if (staging && (path || zend_hash_num_elements(storages) == 0))
        php_arv_throw_format(ARV_EINVALID, "A journalled job goes to storages: give at least one, and "
                                           "no path.");
    else if (staging && !php_arv_package_has_uuid(package))
        php_arv_throw_format(ARV_EINVALID, "A journalled job is found again by its UUID: give one to the "
                                           "package options.");
    else
        return true;
    return false;
}

static bool spec_check_collect(zend_object *entries, bool collects)
{
    if (!entries || !collects)
        return true;
    php_arv_throw_format(ARV_EINVALID,
                         "The argument $collect stands in place of a list of entries: give one of "
                         "both.");
    return false;
}

static bool spec_check_retry(zend_object *staging, zend_object *retry)
{
    if (staging || !retry)
        return true;
    php_arv_throw_format(ARV_EINVALID, "The argument $retry is for journalled jobs: give a staging too. Any "
                                       "other job runs once.");
    return false;
}

static bool spec_check_targets(zend_string *path, HashTable *storages)
{
    zval *driver;
    uint32_t at = 0;
    if (!path && zend_hash_num_elements(storages) == 0) {
        php_arv_throw_format(ARV_EINVALID, "A job needs a target: give a path, or at least one storage.");
        return false;
    }
    if (zend_hash_num_elements(storages) > ARV_JOB_STORAGES_MAX) {
        php_arv_throw_format(ARV_EINVALID, "A job was given %u storages; %d are allowed.",
                             zend_hash_num_elements(storages), ARV_JOB_STORAGES_MAX);
        return false;
    }
    ZEND_HASH_FOREACH_VAL(storages, driver)
    {
        at++;
        ZVAL_DEREF(driver);
        if (Z_TYPE_P(driver) != IS_OBJECT ||
            !instanceof_function(Z_OBJCE_P(driver), php_arv_ce_StorageDriver)) {
            php_arv_throw_format(ARV_EINVALID,
                                 "Element %u of the storages is of type %s; a StorageDriver is "
                                 "needed.",
                                 at, zend_zval_type_name(driver));
            return false;
        }
    }
    ZEND_HASH_FOREACH_END();
    return true;
}

static void spec_set_object(php_arv_spec *spec, int property, zend_object *object)
{
    if (object)
        ZVAL_OBJ_COPY(OBJ_PROP_NUM(&spec->std, property), object);
    else
        ZVAL_NULL(OBJ_PROP_NUM(&spec->std, property));
}

static void spec_set_storages(php_arv_spec *spec, const HashTable *storages)
{
    zval *driver, *into = OBJ_PROP_NUM(&spec->std, PHP_ARV_SPEC_STORAGES);
    array_init_size(into, zend_hash_num_elements(storages));
    ZEND_HASH_FOREACH_VAL((HashTable *)storages, driver)
    {
        ZVAL_DEREF(driver);
        Z_ADDREF_P(driver);
        add_next_index_zval(into, driver);
    }
    ZEND_HASH_FOREACH_END();
}

ZEND_METHOD(Archivist_JobSpec, __construct)
{
    php_arv_spec *spec = php_arv_spec_of(Z_OBJ_P(ZEND_THIS));
    zend_object *entries, *package, *staging = NULL, *limits = NULL, *retry = NULL;
    zend_string *given = NULL, *path = NULL;
    HashTable *storages = (HashTable *)&zend_empty_array;
    zend_fcall_info collect = {0}, state = {0}, progress = {0}, done = {0};
    zend_fcall_info_cache collect_cache = {0}, state_cache = {0}, progress_cache = {0}, done_cache = {0};
    zend_long interval_ms = 0;
    bool streams = false;

    ZEND_PARSE_PARAMETERS_START(2, 13)
    Z_PARAM_OBJ_OF_CLASS_OR_NULL(entries, php_arv_ce_EntryList)
    Z_PARAM_OBJ_OF_CLASS(package, php_arv_ce_PackageOptions)
    Z_PARAM_OPTIONAL
    Z_PARAM_STR_OR_NULL(given)
    Z_PARAM_ARRAY_HT(storages)
    Z_PARAM_OBJ_OF_CLASS_OR_NULL(staging, php_arv_ce_Staging)
    Z_PARAM_BOOL(streams)
    Z_PARAM_OBJ_OF_CLASS_OR_NULL(limits, php_arv_ce_Limits)
    Z_PARAM_OBJ_OF_CLASS_OR_NULL(retry, php_arv_ce_Retry)
    Z_PARAM_FUNC_OR_NULL(collect, collect_cache)
    Z_PARAM_FUNC_OR_NULL(state, state_cache)
    Z_PARAM_FUNC_OR_NULL(progress, progress_cache)
    Z_PARAM_FUNC_OR_NULL(done, done_cache)
    Z_PARAM_LONG(interval_ms)
    ZEND_PARSE_PARAMETERS_END();

    if (Z_TYPE_P(OBJ_PROP_NUM(&spec->std, PHP_ARV_SPEC_ENTRIES)) != IS_UNDEF) {
        php_arv_throw_format(ARV_ESTATE, "The job's specification was constructed already.");
        RETURN_THROWS();
    }
    bool collects = collect.size > 0;
    if (!spec_check_collect(entries, collects) ||
        !spec_check_staging(entries || collects, package, given, storages, staging, streams) ||
        !spec_check_retry(staging, retry) || !spec_check_targets(given, storages) ||
        !php_arv_number_allowed("progressIntervalMs", interval_ms, SPEC_INTERVAL_MAX_MS) ||
        (given && !(path = php_arv_path_take(given))))
        RETURN_THROWS();

    spec->progress_interval_ms = (unsigned)interval_ms;
    spec_set_object(spec, PHP_ARV_SPEC_ENTRIES, entries);
    spec_set_object(spec, PHP_ARV_SPEC_PACKAGE, package);
    spec_set_object(spec, PHP_ARV_SPEC_STAGING, staging);
    spec_set_object(spec, PHP_ARV_SPEC_LIMITS, limits);
    spec_set_object(spec, PHP_ARV_SPEC_RETRY, retry);
    spec_set_storages(spec, storages);
    ZVAL_BOOL(OBJ_PROP_NUM(&spec->std, PHP_ARV_SPEC_STREAMS), streams);
    if (path)
        ZVAL_STR(OBJ_PROP_NUM(&spec->std, PHP_ARV_SPEC_PATH), path);
    else
        ZVAL_NULL(OBJ_PROP_NUM(&spec->std, PHP_ARV_SPEC_PATH));
    php_arv_callback_set(&spec->collect, &collect, &collect_cache);
    php_arv_callback_set(&spec->on_state, &state, &state_cache);
    php_arv_callback_set(&spec->on_progress, &progress, &progress_cache);
    php_arv_callback_set(&spec->on_done, &done, &done_cache);
}
