/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PHP_ARCHIVIST_DRIVERS_H
#define PHP_ARCHIVIST_DRIVERS_H

/* What the classes of storages and the verifier know of each other. */

#include "php_archivist.h"

/* ---- OwnEngine.c: an engine that one object has for itself ----------------------------------- */

typedef struct php_arv_own {
    arv_engine *engine; /* NULL until first used */
    arv_task *task;     /* that a method waits for */
} php_arv_own;

/* The engine, made on first use and anew in the child of a fork; `forked` (may be NULL) tells the
 * latter, when what belonged to the old engine is of no further use. NULL and an exception on
 * failure, and while another method of the object waits. */
arv_engine *php_arv_own_begin(php_arv_own *own, bool *forked);
void php_arv_own_close(php_arv_own *own);
/* Runs `engine`, which may be another one, until own->task has ended; false and an exception when
 * it did not, since PHP code threw meanwhile: the task is then cancelled. php_arv_own_end() gives
 * it back. */
bool php_arv_own_run(php_arv_own *own, arv_engine *engine);
/* The same, and true only when it succeeded. */
bool php_arv_own_wait(php_arv_own *own, arv_engine *engine);
void php_arv_own_end(php_arv_own *own);

/* ---- StorageDriver.c ------------------------------------------------------------------------- */

/* The digest of 64 hexadecimal digits; false and an exception that names the argument. */
bool php_arv_sha256_get(zend_string *hex, const char *argument, arv_digests *into);
void php_arv_storage_check_make(zval *into, const arv_check *check, const arv_error *err);
void php_arv_storage_space_make(zval *into, const arv_space *space);

/* ---- PhpDriver.c: a storage driver that is a PHP object -------------------------------------- */

arv_storage *php_arv_storage_wrap(arv_engine *engine, zend_object *driver);
/* When `err` comes from what the storage's driver threw: that exception, if it is one of ours, or
 * one of ours with it as the previous. False: it does not. */
bool php_arv_storage_cause(zval *into, const arv_error *err, const arv_storage *storage);
/* The same, else the exception that belongs to `err`. */
void php_arv_storage_exception(zval *into, const arv_error *err, const arv_storage *storage);

/* ---- Storage/Filesystem.c -------------------------------------------------------------------- */

arv_storage *php_arv_filesystem_open(arv_engine *engine, zend_object *filesystem);
/* A new object; false and an exception. */
typedef struct php_arv_filesystem_options {
    bool create, marked, adopt;
    zend_string *owner, *expect; /* NULL: none */
} php_arv_filesystem_options;
bool php_arv_filesystem_make(zval *into, zend_string *path,
                             const php_arv_filesystem_options *options);

/* ---- StorageTask.c --------------------------------------------------------------------------- */

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

/* ---- StorageDriverFactory.c, AsyncTask.c ----------------------------------------------------- */

void php_arv_factory_get(zend_object *factory, zend_string *type, HashTable *settings, zval *into);
/* Begins the task of an AsyncTask that was just made. */
void php_arv_async_set(zend_object *async, zend_object *engine, const zend_fcall_info *success,
                       const zend_fcall_info_cache *success_cache, const zend_fcall_info *failure,
                       const zend_fcall_info_cache *failure_cache);
bool php_arv_async_begin(zend_object *async, zend_object *task);

/* Secrets.c: takes what comes from the settings out of the traces of the exception that is thrown. */
void php_arv_secrets_hide(const HashTable *settings);
/* At start: #[\SensitiveParameter] of a method's parameter, where PHP has it. */
void php_arv_secrets_mark(zend_class_entry *ce, const char *method, size_t length,
                          uint32_t parameter);

#endif
