/* SPDX-License-Identifier: Apache-2.0 */

/* Archivist\JobSpec: what is given to Engine::start(). */

#include "php_archivist.h"
#include "Archivist/internal.h"
#include "JobSpec_arginfo.h"

enum { SPEC_STORAGES_MAX = 8, SPEC_INTERVAL_MAX_MS = 3600000, SPEC_ATTEMPTS_MAX = 1000 };

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

/* The core says the same when such a job is started: here it is told where it was written. */
static bool spec_check_staging(zend_object *entries, zend_object *package, zend_string *path,
                               HashTable *storages, zend_object *staging, bool streams)
{
    if (!staging && !entries)
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

static bool spec_number(const char *name, zend_long value, zend_long most)
{
    if (value >= 0 && value <= most)
        return true;
    php_arv_throw_format(ARV_EINVALID, "The argument $%s is " ZEND_LONG_FMT
                                       "; 0 (the default) to " ZEND_LONG_FMT " are allowed.",
                         name, value, most);
    return false;
}

static bool spec_check(zend_string *path, HashTable *storages)
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

static void spec_set_object(php_arv_spec *spec, int property, zend_object *object)
{
    if (object)
        ZVAL_OBJ_COPY(OBJ_PROP_NUM(&spec->std, property), object);
    else
        ZVAL_NULL(OBJ_PROP_NUM(&spec->std, property));
}

static void spec_set_targets(php_arv_spec *spec, zend_string *path, const HashTable *storages)
{
    zval *driver, *into = OBJ_PROP_NUM(&spec->std, PHP_ARV_SPEC_STORAGES);
    if (path)
        ZVAL_STR_COPY(OBJ_PROP_NUM(&spec->std, PHP_ARV_SPEC_PATH), path);
    else
        ZVAL_NULL(OBJ_PROP_NUM(&spec->std, PHP_ARV_SPEC_PATH));
    array_init_size(into, zend_hash_num_elements(storages));
    ZEND_HASH_FOREACH_VAL((HashTable *)storages, driver) {
        ZVAL_DEREF(driver);
        Z_ADDREF_P(driver);
        add_next_index_zval(into, driver);
    } ZEND_HASH_FOREACH_END();
}

/* False and an exception: one is out of its bounds. */
static bool spec_set_numbers(php_arv_spec *spec, zend_long interval_ms, zend_long attempts,
                             zend_long delay_ms, zend_long time_ms, zend_long stall_ms)
{
    if (!spec_number("progressIntervalMs", interval_ms, SPEC_INTERVAL_MAX_MS) ||
        !spec_number("attemptsMax", attempts, SPEC_ATTEMPTS_MAX) ||
        !spec_number("retryDelayMs", delay_ms, SPEC_INTERVAL_MAX_MS) ||
        !spec_number("timeLimitMs", time_ms, ZEND_LONG_MAX) ||
        !spec_number("stallLimitMs", stall_ms, ZEND_LONG_MAX))
        return false;
    spec->progress_interval_ms = (unsigned)interval_ms;
    spec->attempts_max = (unsigned)attempts;
    spec->retry_delay_ms = (unsigned)delay_ms;
    spec->time_limit_ms = (uint64_t)time_ms;
    spec->stall_limit_ms = (uint64_t)stall_ms;
    return true;
}

ZEND_METHOD(Archivist_JobSpec, __construct)
{
    php_arv_spec *spec = php_arv_spec_of(Z_OBJ_P(ZEND_THIS));
    zend_object *entries, *package, *staging = NULL;
    zend_string *path = NULL;
    HashTable *storages = NULL;
    zend_fcall_info state = {0}, progress = {0}, done = {0};
    zend_fcall_info_cache state_cache = {0}, progress_cache = {0}, done_cache = {0};
    zend_long interval_ms = 0, attempts = 5, delay_ms = 60000, time_ms = 0, stall_ms = 0;
    bool streams = false;

    ZEND_PARSE_PARAMETERS_START(2, 14)
        Z_PARAM_OBJ_OF_CLASS_OR_NULL(entries, php_arv_ce_EntryList)
        Z_PARAM_OBJ_OF_CLASS(package, php_arv_ce_PackageOptions)
        Z_PARAM_OPTIONAL
        Z_PARAM_STR_OR_NULL(path)
        Z_PARAM_ARRAY_HT(storages)
        Z_PARAM_FUNC_OR_NULL(state, state_cache)
        Z_PARAM_FUNC_OR_NULL(progress, progress_cache)
        Z_PARAM_FUNC_OR_NULL(done, done_cache)
        Z_PARAM_LONG(interval_ms)
        Z_PARAM_OBJ_OF_CLASS_OR_NULL(staging, php_arv_ce_Staging)
        Z_PARAM_BOOL(streams)
        Z_PARAM_LONG(attempts)
        Z_PARAM_LONG(delay_ms)
        Z_PARAM_LONG(time_ms)
        Z_PARAM_LONG(stall_ms)
    ZEND_PARSE_PARAMETERS_END();

    if (Z_TYPE_P(OBJ_PROP_NUM(&spec->std, PHP_ARV_SPEC_ENTRIES)) != IS_UNDEF) {
        php_arv_throw_format(ARV_ESTATE, "The job's specification was constructed already.");
        RETURN_THROWS();
    }
    if (!storages)
        storages = (HashTable *)&zend_empty_array;
    if (!spec_check_staging(entries, package, path, storages, staging, streams) ||
        !spec_check(path, storages) ||
        !spec_set_numbers(spec, interval_ms, attempts, delay_ms, time_ms, stall_ms))
        RETURN_THROWS();

    spec_set_object(spec, PHP_ARV_SPEC_ENTRIES, entries);
    spec_set_object(spec, PHP_ARV_SPEC_STAGING, staging);
    ZVAL_BOOL(OBJ_PROP_NUM(&spec->std, PHP_ARV_SPEC_STREAMS), streams);
    ZVAL_OBJ_COPY(OBJ_PROP_NUM(&spec->std, PHP_ARV_SPEC_PACKAGE), package);
    spec_set_targets(spec, path, storages);
    php_arv_callback_set(&spec->on_state, &state, &state_cache);
    php_arv_callback_set(&spec->on_progress, &progress, &progress_cache);
    php_arv_callback_set(&spec->on_done, &done, &done_cache);
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
