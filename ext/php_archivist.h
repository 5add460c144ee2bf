/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PHP_ARCHIVIST_H
#define PHP_ARCHIVIST_H

/*
 * The extension shows the core to PHP. No protocol, no format, no policy lives here.
 *
 * Archivist/ holds the classes. Its folders are the namespaces. A stub is one class and its documentation
 * (the exceptions share one); a C file implements one class, and small values may have no C file. The glue,
 * which the classes share, stands beside this file and below all of them: it calls no function of theirs.
 * Only classes.c and archivist.c stand above. From the bottom up:
 *
 *     value, error, argument     class entries, values, exceptions, arguments       php_archivist.h
 *     callback, held, handle     PHP values that the core holds; engines            glue.h
 *     guard, pump, own           the only ways into PHP code and into an engine     glue.h
 *     log, secrets, driver       records, settings, drivers that PHP objects are    glue.h
 *     Archivist/                 the classes; functions that they share             classes.h
 *     classes, archivist         the registration of all of them, the module
 *
 * Threading: PHP code runs only inside wait() and poll(), on PHP's own thread. A callback that throws leaves
 *   its exception in EG(exception): the pump stops (php_arv_pump), the callback's job or task is cancelled,
 *   and the caller gets the exception.
 * Life: an engine starts no thread in MINIT or in a constructor, since php-fpm forks later. It starts on
 *   first use and is made anew in a forked child (php_arv_engine_get).
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

ZEND_BEGIN_MODULE_GLOBALS(archivist)
zend_long threads;                    /* archivist.threads */
zend_long memory_bytes;               /* archivist.memory_bytes */
zend_long jobs;                       /* archivist.jobs */
struct php_arv_request {              /* zeroed when a request begins */
    struct php_arv_pump_frame *pumps; /* the engines that run now, innermost first (handle.c) */
    int64_t causes;                   /* exceptions of drivers that became errors (driver.c) */
    struct php_arv_dropped *dropped;  /* waits until no frame of the core is left (callback.c) */
    struct php_arv_held *held;        /* PHP values that engines hold (held.c) */
    unsigned silent;                  /* > 0: no PHP code is called, since something is being freed */
    bool bailout;                     /* a bailout was caught inside the core and will go on */
} now;
ZEND_END_MODULE_GLOBALS(archivist)
ZEND_EXTERN_MODULE_GLOBALS(archivist)
#define ARCHIVIST_G(v) ZEND_MODULE_GLOBALS_ACCESSOR(archivist, v)
#define ARCHIVIST_NOW(v) (ARCHIVIST_G(now).v)

#if defined(ZTS) && defined(COMPILE_DL_ARCHIVIST)
ZEND_TSRMLS_CACHE_EXTERN()
#endif

/* ---- classes (value.c) --------------------------------------------------------------------------- */

#define PHP_ARV_CLASSES(X)                                                                                   \
    X(ArchivistException)                                                                                    \
    X(InvalidArgumentException)                                                                              \
    X(StateException)                                                                                        \
    X(UnsupportedException)                                                                                  \
    X(SourceException)                                                                                       \
    X(StorageException)                                                                                      \
    X(ExistsException)                                                                                       \
    X(NotFoundException)                                                                                     \
    X(IntegrityException)                                                                                    \
    X(CanceledException)                                                                                     \
    X(TimeoutException)                                                                                      \
    X(LimitException)                                                                                        \
    X(CallbackException)                                                                                     \
    X(InternalException)                                                                                     \
    X(Engine)                                                                                                \
    X(IoPriority)                                                                                            \
    X(LogLevel)                                                                                              \
    X(LogRecord)                                                                                             \
    X(EntryList)                                                                                             \
    X(PackageOptions)                                                                                        \
    X(Format)                                                                                                \
    X(Uuid)                                                                                                  \
    X(Staging)                                                                                               \
    X(StagedStatus)                                                                                          \
    X(StagedTarget)                                                                                          \
    X(StagingSwept)                                                                                          \
    X(JobSpec)                                                                                               \
    X(Limits)                                                                                                \
    X(Retry)                                                                                                 \
    X(Job)                                                                                                   \
    X(JobResult)                                                                                             \
    X(Failure)                                                                                               \
    X(State)                                                                                                 \
    X(Progress)                                                                                              \
    X(StorageDriver)                                                                                         \
    X(Artifact)                                                                                              \
    X(StoredObject)                                                                                          \
    X(StorageCheck)                                                                                          \
    X(StorageSpace)                                                                                          \
    X(Filesystem)                                                                                            \
    X(StorageOptionKind)                                                                                     \
    X(StorageOption)                                                                                         \
    X(StorageDriverFactory)                                                                                  \
    X(Operation)                                                                                             \
    X(StorageTask)                                                                                           \
    X(AsyncTask)                                                                                             \
    X(StorageApi)                                                                                            \
    X(Verifier)                                                                                              \
    X(Report)                                                                                                \
    X(Finding)                                                                                               \
    X(FindingKind)                                                                                           \
    X(Entries)                                                                                               \
    X(Entry)

/* Declares php_arv_ce_NAME of each class. classes.c registers them, in one table. */
#define PHP_ARV_CLASS_ENTRY(name) extern zend_class_entry *php_arv_ce_##name;
PHP_ARV_CLASSES(PHP_ARV_CLASS_ENTRY)
#undef PHP_ARV_CLASS_ENTRY
void php_arv_classes_register(void);

/* Objects with a part in C: a struct, zeroed when the object is made, with `zend_object std` at its end. */
typedef struct php_arv_kind {
    size_t bytes, offset;                                            /* of the struct; of `std` in it */
    void (*free)(zend_object *object);                               /* ends with zend_object_std_dtor() */
    HashTable *(*gc)(zend_object *object, zval **table, int *count); /* NULL: it holds no PHP values */
    zend_object *(*clone)(zend_object *object);                      /* NULL: it cannot be cloned */
    zend_class_entry *ce;                                            /* private from here */
    struct php_arv_kind *next;
    zend_object_handlers handlers;
} php_arv_kind;

#define PHP_ARV_KIND(type, ...)                                                                              \
    {                                                                                                        \
        .bytes = sizeof(type), .offset = XtOffsetOf(type, std), __VA_ARGS__                                  \
    }
#define PHP_ARV_OBJECT(type, object) ((type *)((char *)(object)-XtOffsetOf(type, std)))

void php_arv_kind_add(php_arv_kind *kind, zend_class_entry *ce);
/* Ends a get_gc handler: adds the declared properties, sets the table and returns the handler's result. */
HashTable *php_arv_gc_end(zend_object *object, zend_get_gc_buffer *buffer, zval **table, int *count);

/* ---- values (value.c) ---------------------------------------------------------------------------- */

/* Returns the case of an int- or string-backed enum by its name, borrowed. */
zend_object *php_arv_enum_case(zend_class_entry *ce, const char *name);
/* Makes a new object, whose properties the caller sets. Returns it, borrowed. */
zend_object *php_arv_value_make(zval *into, zend_class_entry *ce);
/* The n-th declared (readonly) property. */
#define php_arv_property(object, n) OBJ_PROP_NUM(object, n)
/* Set a property of a new object. NULL, the time `none`, and a missing digest become null. */
void php_arv_set_text(zend_object *object, int property, const char *text);
void php_arv_set_string(zend_object *object, int property, zend_string *text);
void php_arv_set_number(zend_object *object, int property, int64_t number);
void php_arv_set_time(zend_object *object, int property, int64_t at_unix, int64_t none);
void php_arv_set_digest(zend_object *object, int property, const arv_digests *digests, unsigned which);

/* ---- the one border for errors (error.c) --------------------------------------------------------- */

/* Throws the exception class of the error's code, with message, code and name. An exception that is already
 * thrown becomes the previous one. */
void php_arv_throw(const arv_error *err);
/* Throws with a code and a sentence of the extension's own. */
void php_arv_throw_format(int code, const char *format, ...) ARV_PRINTF(2, 3);
/* Returns true when the call succeeded; otherwise throws and returns false. */
static inline bool php_arv_ok(int rc, const arv_error *err)
{
    if (rc >= 0)
        return true;
    php_arv_throw(err);
    return false;
}
/* Makes an exception object of an error without throwing it. */
void php_arv_exception_make(zval *into, const arv_error *err);
/* Makes isRetryable() of the exception true, if it is one of ours. */
void php_arv_exception_is_retryable(zend_object *exception);
/* Makes an error of the pending PHP exception (code CALLBACK, or its ARV code when it is one of ours). Does
 * not clear the exception. */
void php_arv_error_from_exception(arv_error *err);

/* ---- arguments (argument.c) ---------------------------------------------------------------------- */

/* Returns true for a path that open_basedir allows and that has no NUL; otherwise throws. */
bool php_arv_path_allowed(zend_string *path);
/* The same, and returns the path absolute: a relative one belongs to the working directory of this moment.
 * Throws otherwise. Every path that an application gives passes here once, when it is given. */
zend_string *php_arv_path_take(zend_string *path);
/* Returns the strings of an argument as the core takes them, borrowed from the array; the caller frees the
 * list with efree(). Throws, naming the argument, when one is no string or has a NUL byte. */
const char **php_arv_strings_take(HashTable *array, const char *argument, size_t *count);
/* Returns true for 0 to `most`; otherwise throws, naming the argument. */
bool php_arv_number_allowed(const char *name, zend_long value, zend_long most);
bool php_arv_timeout_allowed(zend_long timeout_ms);
/* Reads the digest of 64 hexadecimal digits; otherwise throws, naming the argument. */
bool php_arv_sha256_get(zend_string *hex, const char *argument, arv_digests *into);

#endif
