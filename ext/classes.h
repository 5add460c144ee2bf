/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PHP_ARCHIVIST_CLASSES_H
#define PHP_ARCHIVIST_CLASSES_H

/*
 * Shared by the classes of Archivist/. Each function stands in the file of its class.
 *
 * "Throws": leaves an exception in EG(exception) and returns false or NULL.
 */

#include "glue.h"

/* ---- EntryList, PackageOptions, Format ----------------------------------------------------------- */

/* Borrowed. */
arv_entries *php_arv_entries_get(zend_object *list);
/* Throws when the list was given to a job. */
bool php_arv_entries_free(zend_object *list);
/* Gives the list to a job that has begun on the engine: nothing can be added any more. */
void php_arv_entries_give(zend_object *list, php_arv_running *job, const arv_engine *engine);
/* Drops the read callbacks. Must be called when the job has ended. */
void php_arv_entries_ended(zend_object *list);

/* Fills a struct whose strings are borrowed from the object. */
bool php_arv_package_options_get(zend_object *options, arv_package_options *into);
bool php_arv_package_has_uuid(zend_object *options);
arv_format php_arv_format_get(zend_object *format_case);
zend_object *php_arv_format_case(arv_format format);

/* ---- JobSpec, Limits, Retry ------------------------------------------------------------------------ */

typedef struct php_arv_spec {
    php_arv_callback collect, on_state, on_progress, on_done;
    unsigned progress_interval_ms;
    zend_object std;
} php_arv_spec;

enum {
    PHP_ARV_SPEC_ENTRIES, /* an EntryList, or null */
    PHP_ARV_SPEC_PACKAGE,
    PHP_ARV_SPEC_PATH,
    PHP_ARV_SPEC_STORAGES,
    PHP_ARV_SPEC_STAGING, /* a Staging, or null */
    PHP_ARV_SPEC_STREAMS,
    PHP_ARV_SPEC_LIMITS, /* a Limits, or null */
    PHP_ARV_SPEC_RETRY   /* a Retry, or null */
};
enum { PHP_ARV_LIMITS_TIME_MS, PHP_ARV_LIMITS_STALL_MS };
enum { PHP_ARV_RETRY_ATTEMPTS, PHP_ARV_RETRY_DELAY_MS };

php_arv_spec *php_arv_spec_of(zend_object *object);

/* ---- Job and its results --------------------------------------------------------------------------- */

/* Begins a job and makes its object. Throws on failure. */
bool php_arv_job_begin(zval *into, php_arv_handle *handle, zend_object *spec);
void php_arv_state_make(zval *into, arv_job_state state);
/* `staged`: the job stores its container after it is packed. */
void php_arv_progress_make(zval *into, const arv_job_progress *progress, bool staged);
void php_arv_failure_make(zval *into, const arv_failure *failure);
/* `native` says for each location whether its storage has addresses. */
void php_arv_job_result_make(zval *into, const arv_job_result *result, zend_string *path, const bool *native);

/* ---- Staging --------------------------------------------------------------------------------------- */

/* Returns the staging, borrowed. Throws when it cannot be used. */
arv_staging *php_arv_staging_get(zend_object *staging);
void php_arv_staged_status_make(zval *into, const arv_staged_status *status);

/* ---- storages -------------------------------------------------------------------------------------- */

/*
 * Makes an arv_storage of any StorageDriver object: opens a native one by URL, and wraps one written in PHP
 * by a table whose calls run on this thread. The caller owns the storage.
 */
arv_storage *php_arv_storage_of(arv_engine *engine, zend_object *driver);
/* Makes an object of the storage. `address` may be NULL. */
void php_arv_stored_object_make(zval *into, const arv_object *object, const char *address);
void php_arv_stored_object_of(zval *into, const arv_object *object, arv_storage *storage);
void php_arv_storage_check_make(zval *into, const arv_check *check, const arv_error *err);
void php_arv_storage_space_make(zval *into, const arv_space *space);

enum { PHP_ARV_ARTIFACT_PATH, PHP_ARV_ARTIFACT_SIZE, PHP_ARV_ARTIFACT_SHA256 };

arv_storage *php_arv_filesystem_open(arv_engine *engine, zend_object *filesystem);
/* Makes a new object, or throws. `options` are by name, as php_arv_option_value() makes them. */
bool php_arv_filesystem_make(zval *into, zend_string *path, const HashTable *options);

/* Returns the value of an option as the core takes it: borrowed, or written to `number`. */
enum { PHP_ARV_OPTION_NUMBER_BYTES = 24 };
const char *php_arv_option_text(const zval *value, char number[PHP_ARV_OPTION_NUMBER_BYTES]);
/* The reverse: makes a bool, an int or a string. */
void php_arv_option_value(zval *into, arv_option_kind kind, const char *text);
void php_arv_option_make(zval *into, const arv_option_info *info);

/* The declarations of an array of StorageOption objects, as the core takes them. The last one has no name. */
typedef struct php_arv_declared {
    arv_option_info infos[ARV_OPTIONS_MAX + 2];
    char numbers[ARV_OPTIONS_MAX + 1][PHP_ARV_OPTION_NUMBER_BYTES];
} php_arv_declared;
/* Throws when a value is no StorageOption. The texts are borrowed from the objects. */
bool php_arv_options_read(HashTable *list, php_arv_declared *declared);

enum {
    PHP_ARV_TASK_DRIVER,
    PHP_ARV_TASK_OPERATION,
    PHP_ARV_TASK_PATH,
    PHP_ARV_TASK_KEY,
    PHP_ARV_TASK_SHA256
};
typedef enum {
    PHP_ARV_Store,
    PHP_ARV_Retrieve,
    PHP_ARV_Delete,
    PHP_ARV_Stat,
    PHP_ARV_Check,
    PHP_ARV_Space
} php_arv_operation;
php_arv_operation php_arv_operation_of(zend_object *task);

void php_arv_factory_get(zend_object *factory, zend_string *type, HashTable *settings, zval *into);
/* Begins the task, makes its AsyncTask and moves the callbacks into it. Throws when nothing was begun. */
bool php_arv_async_begin(zval *into, zend_object *engine, zend_object *task, php_arv_callback *success,
                         php_arv_callback *failure);

/* ---- Verifier and its results ---------------------------------------------------------------------- */

void php_arv_finding_make(zval *into, const arv_finding *finding);
void php_arv_report_make(zval *into, const arv_report *report);
void php_arv_entry_make(zval *into, const arv_item *item);
/* Makes an Entries object of the archive. */
void php_arv_entries_list(zval *into, zend_string *path, const arv_verify_options *options);

/* ---- kinds of objects, for the registration -------------------------------------------------------- */

extern php_arv_kind php_arv_kind_Engine, php_arv_kind_EntryList, php_arv_kind_PackageOptions,
    php_arv_kind_Staging, php_arv_kind_JobSpec, php_arv_kind_Job, php_arv_kind_Filesystem,
    php_arv_kind_StorageDriverFactory, php_arv_kind_AsyncTask, php_arv_kind_StorageApi, php_arv_kind_Verifier,
    php_arv_kind_Entries;

#endif
