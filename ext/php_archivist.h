/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PHP_ARCHIVIST_H
#define PHP_ARCHIVIST_H

/*
 * The extension shows the core to PHP. No protocol, no format, no policy lives here. The folders are
 * the namespaces. A stub is one class and its documentation; the exceptions share one. A C file
 * implements a class with the value objects that it returns, or what several classes use (Callback.c,
 * Held.c, Pump.c, OwnEngine.c, PhpDriver.c).
 *
 * Threading: PHP code runs only inside wait() and poll(), on PHP's own thread. A callback that
 *   throws leaves its exception in EG(exception): the pump stops (php_arv_pump), the job or task
 *   that it belongs to is cancelled, the caller gets the exception.
 * Life: an engine starts no thread in MINIT or in a constructor, since php-fpm forks later; it
 *   starts on first use and is made anew in a forked child (php_arv_engine_get).
 */

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "php.h"
#include "zend_exceptions.h"
#include "zend_enum.h"

#include <arv/archivist.h>
#include <arv/sys/alloc.h>
#include <arv/sys/storage.h>

extern zend_module_entry archivist_module_entry;
#define phpext_archivist_ptr &archivist_module_entry
#define PHP_ARCHIVIST_VERSION ARV_VERSION

struct php_arv_pump_frame;
struct php_arv_dropped;
struct php_arv_held;
struct php_arv_handle;
struct php_arv_wrapped;

ZEND_BEGIN_MODULE_GLOBALS(archivist)
    zend_long threads;      /* archivist.threads */
    zend_long memory_bytes; /* archivist.memory_bytes */
    zend_long jobs;         /* archivist.jobs */
    struct php_arv_pump_frame *pumps; /* the engines that run now, innermost first (Pump.c) */
    struct php_arv_handle *handles;   /* of all Engine objects (Engine.c) */
    struct php_arv_wrapped *wrapped;  /* storages that PHP objects are (PhpDriver.c) */
    int64_t causes;                   /* exceptions that became errors of theirs */
    struct php_arv_dropped *dropped;  /* waits until no frame of the core is left (Callback.c) */
    struct php_arv_held *held;        /* what engines hold (Held.c) */
    struct php_arv_held *lost;        /* memory that engines of another process may name (Held.c) */
    unsigned silent;                  /* > 0: no PHP code is called, since something is being freed */
    bool bailout;                     /* one was caught inside the core and will go on */
ZEND_END_MODULE_GLOBALS(archivist)
ZEND_EXTERN_MODULE_GLOBALS(archivist)
#define ARCHIVIST_G(v) ZEND_MODULE_GLOBALS_ACCESSOR(archivist, v)

#if defined(ZTS) && defined(COMPILE_DL_ARCHIVIST)
ZEND_TSRMLS_CACHE_EXTERN()
#endif

/* ---- the one border for errors (Exception/Exception.c) ------------------------------------------ */

/* Throws the exception class that the error's code belongs to, with message, code and name. Keeps an
 * exception that is already thrown as the previous one. */
void php_arv_throw(const arv_error *err);
/* Throws with a code and a sentence of the extension's own. */
void php_arv_throw_format(int code, const char *format, ...) ARV_PRINTF(2, 3);
/* True when the call succeeded; otherwise throws and returns false. */
static inline bool php_arv_ok(int rc, const arv_error *err)
{
    if (rc >= 0)
        return true;
    php_arv_throw(err);
    return false;
}
/* Makes an exception object of an error without throwing it. */
void php_arv_exception_make(zval *into, const arv_error *err);
/* From now on isRetryable() of it is true, if it is one of ours. */
void php_arv_exception_is_retryable(zend_object *exception);
/* Turns a pending PHP exception into an error (code CALLBACK, or its ARV code when it is one of ours),
 * without clearing it. */
void php_arv_error_from_exception(arv_error *err);

/* ---- calling PHP (Callback.c) -------------------------------------------------------------------- */

/* A callable that is kept, with the scope in which it was given. Zeroed: none. */
typedef struct php_arv_callback {
    zval callable;
    zend_fcall_info_cache cache;
} php_arv_callback;

/* From Z_PARAM_FUNC or Z_PARAM_FUNC_OR_NULL; null gives none. */
void php_arv_callback_set(php_arv_callback *callback, const zend_fcall_info *info,
                          const zend_fcall_info_cache *cache);
bool php_arv_callback_given(const php_arv_callback *callback);
void php_arv_callback_drop(php_arv_callback *callback);
void php_arv_callback_gc(php_arv_callback *callback, zend_get_gc_buffer *buffer);

/*
 * Runs `run(arg)`, which may run PHP code, safely inside a callback of the core: a bailout never
 * passes over frames of the core. False: it did not run because an exception is pending or objects
 * are being freed, or it left an exception or bailed out; then return an error to the core
 * (php_arv_error_from_exception tells which), the pump does the rest.
 */
bool php_arv_guard(void (*run)(void *arg), void *arg);
/* The same for one callable; `result` may be NULL, else it is set when true is returned. */
bool php_arv_call(php_arv_callback *callback, zval *result, uint32_t count, zval *arguments);

/* End of a get_gc handler: adds the declared properties, gives the table and what to return. */
HashTable *php_arv_gc_end(zend_object *object, zend_get_gc_buffer *buffer, zval **table, int *count);

/* ---- classes ------------------------------------------------------------------------------------ */

/* X(class entry's suffix, registration function): in the order of registration. */
extern zend_class_entry *php_arv_ce_ArchivistException, *php_arv_ce_InvalidArgumentException,
    *php_arv_ce_StateException, *php_arv_ce_UnsupportedException, *php_arv_ce_SourceException,
    *php_arv_ce_StorageException, *php_arv_ce_ExistsException, *php_arv_ce_NotFoundException,
    *php_arv_ce_IntegrityException, *php_arv_ce_CanceledException, *php_arv_ce_TimeoutException,
    *php_arv_ce_LimitException, *php_arv_ce_CallbackException, *php_arv_ce_InternalException;
extern zend_class_entry *php_arv_ce_Engine, *php_arv_ce_IoPriority, *php_arv_ce_EntryList,
    *php_arv_ce_PackageOptions, *php_arv_ce_Format, *php_arv_ce_Staging, *php_arv_ce_JobSpec, *php_arv_ce_Job,
    *php_arv_ce_JobResult, *php_arv_ce_State, *php_arv_ce_Progress, *php_arv_ce_LogLevel, *php_arv_ce_LogRecord;
extern zend_class_entry *php_arv_ce_StorageDriver, *php_arv_ce_Artifact, *php_arv_ce_Filesystem,
    *php_arv_ce_StorageCheck, *php_arv_ce_StorageSpace, *php_arv_ce_StoredObject,
    *php_arv_ce_StorageDriverFactory, *php_arv_ce_Operation, *php_arv_ce_StorageTask,
    *php_arv_ce_AsyncTask, *php_arv_ce_StorageApi;
extern zend_class_entry *php_arv_ce_Verifier, *php_arv_ce_Report, *php_arv_ce_Finding;

/* Each class file has one: registers its class and handlers. */
void php_arv_register_exceptions(void);
void php_arv_register_Engine(void);         /* and IoPriority */
void php_arv_register_EntryList(void);
void php_arv_register_PackageOptions(void); /* and Format */
void php_arv_register_Staging(void);        /* and StagedStatus, StagedTarget, StagingSwept */
void php_arv_register_JobSpec(void);
void php_arv_register_Job(void);            /* and JobResult, State, Progress */
void php_arv_register_Log(void);            /* LogLevel and LogRecord */
void php_arv_register_StorageDriver(void);  /* and Artifact, StoredObject, StorageCheck, StorageSpace */
void php_arv_register_Filesystem(void);
void php_arv_register_StorageDriverFactory(void);
void php_arv_register_StorageTask(void);    /* and Operation */
void php_arv_register_AsyncTask(void);
void php_arv_register_StorageApi(void);
void php_arv_register_Verifier(void);       /* and Report and Finding */

/* ---- what classes share ------------------------------------------------------------------------- */

/* Value objects: sets the n-th declared (readonly) property. */
#define php_arv_property(object, n) OBJ_PROP_NUM(object, n)

/* The case of an int- or string-backed enum by its name; borrowed. */
zend_object *php_arv_enum_case(zend_class_entry *ce, const char *name);

/* Engine.c: the engine of an Archivist\Engine object, started or made anew after a fork. NULL and an
 * exception on failure. */
arv_engine *php_arv_engine_get(zend_object *engine);
/*
 * What holds something of the core that belongs to an engine (a task, a storage) holds the engine
 * by this too, since objects are freed in any order when a request ends. _hold after a successful
 * php_arv_engine_get(); _let after the last reference to the core's object was given back.
 */
typedef struct php_arv_handle php_arv_handle;
php_arv_handle *php_arv_engine_hold(zend_object *engine);
void php_arv_engine_let(php_arv_handle *handle); /* accepts NULL */
/*
 * Runs the engine until `done(arg)` is true or the time is over; lets PHP's interrupts run at least
 * every 100 ms. Returns false and leaves EG(exception) set when a callback threw, or when the engine
 * runs already (a callback of it calls this); otherwise true, whether done or not: nothing may be
 * under way any more. timeout_ms < 0: as long as it takes. Any arv_engine, also a private one.
 */
bool php_arv_pump(arv_engine *engine, bool (*done)(void *arg), void *arg, zend_long timeout_ms);

/* EntryList.c: borrowed. */
arv_entries *php_arv_entries_get(zend_object *list);
/* PackageOptions.c: fills a struct whose strings are borrowed from the object. */
bool php_arv_package_options_get(zend_object *options, arv_package_options *into);
bool php_arv_package_has_uuid(zend_object *options);
arv_format php_arv_format_get(zend_object *format_case);
zend_object *php_arv_format_case(arv_format format);

/*
 * StorageDriver.c: an arv_storage for any StorageDriver object: a native one opens by URL, one
 * written in PHP is wrapped by a table whose calls run on this thread. The caller unrefs it.
 */
arv_storage *php_arv_storage_of(arv_engine *engine, zend_object *driver);
/* StoredObject from the core's; address may be NULL. */
void php_arv_stored_object_make(zval *into, const arv_object *object, const char *address);

/* A path of PHP: open_basedir is obeyed, NUL refused; false and an exception when not allowed. */
bool php_arv_path_allowed(zend_string *path);

#endif
