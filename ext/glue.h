/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PHP_ARCHIVIST_GLUE_H
#define PHP_ARCHIVIST_GLUE_H

/*
 * Shared by the classes: PHP values that the core holds, engines, and the ways into PHP code.
 *
 *     Engine object ---> handle <--- job <--- Job object ---> Engine object
 *                          |          |
 *                          |          +---> JobSpec object, until the job has ended
 *                          +---> jobs that run, events that wait
 *
 * A Job object keeps its Engine object alive. The handle keeps the running jobs with their specs; the Job
 * objects may be gone. When a request ends, PHP frees objects in any order; so the core's engine belongs to
 * the handle, which is counted in C.
 *
 * No PHP code runs while the core reports the states of a job: the core's callbacks put events into the
 * handle's queue, and the pump delivers them when arv_engine_run() has returned.
 *
 * Forks. A child that was forked between two runs leaves the engine to its parent: at their next use,
 * handles, tasks and objects notice the fork, drop the PHP values that the engine holds, and begin anew. A
 * child that was forked inside a callback has frames of the core and of the pump on its stack, to which it
 * must not return: every use of the engine is refused there, and when the callback returns, the script ends
 * (php_arv_try). When the request ends, the child leaves that engine like any other engine of the parent.
 *
 * "Throws": leaves an exception in EG(exception) and returns false or NULL.
 */

#include "php_archivist.h"

typedef struct php_arv_handle php_arv_handle;
typedef struct php_arv_event php_arv_event;
typedef struct php_arv_running php_arv_running;

/* ---- callback.c ---------------------------------------------------------------------------------- */

/* A callable that is kept, with the scope of its giver. Zeroed: none. */
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
/* Must be called where no frame of the core is on the stack, or behind the guard. `result` may be NULL. */
void php_arv_callback_call(php_arv_callback *callback, zval *result, uint32_t count, zval *arguments);
/* Returns whether exit() is under way, which only PHP's own engine sees as an exception. */
bool php_arv_exits(void);

/* PHP values that the core released while it ran. They are dropped later, since dropping may run
 * destructors. */
typedef struct php_arv_dropped {
    struct php_arv_dropped *next;
    void (*drop)(struct php_arv_dropped *dropped);
} php_arv_dropped;
void php_arv_later_drop(php_arv_dropped *dropped);
void php_arv_drop_now(void);

/* ---- held.c -------------------------------------------------------------------------------------- */

/*
 * The head of memory with PHP values that the core reaches through the user data of a callback. The core lets
 * it go when its job, task or storage has ended. That never comes in the child of a fork, which drops the
 * values when it leaves the engine.
 */
typedef struct php_arv_held {
    php_arv_dropped dropped;           /* first; its drop() drops the values and frees the memory */
    struct php_arv_held *next, **link; /* among all; NULL: not held */
    const arv_engine *engine;
} php_arv_held;

/* From now on the engine may use it. `dropped.drop` must be set before. */
void php_arv_hold(php_arv_held *held, const arv_engine *engine);
/* From now on nobody uses it. Returns true when the caller must drop it; false: the engine was left, which
 * drops it. */
bool php_arv_let(php_arv_held *held);
/* In the child of a fork, between two runs: abandons the engine and drops the PHP values that it holds. */
void php_arv_engine_leave(arv_engine *engine);

/* ---- handle.c ------------------------------------------------------------------------------------ */

/* A job that has not ended, as its engine knows it. */
typedef struct php_arv_running_ops {
    /* Called when nobody can wait for the job any more. Interrupts a journalled job, which goes on when it is
     * started again; cancels any other one. `cause` stands behind "because": "the program ended". */
    void (*interrupt)(php_arv_running *running, const char *cause);
    /* Forgets a job that stays with the parent of a fork, or that did not end; `cause` as above. */
    void (*lose)(php_arv_running *running, const char *cause);
    /* Called when an exception of one of the job's callbacks is pending. Cancels the job with it, or
     * interrupts the job when it is exit(). */
    void (*blame)(php_arv_running *running);
    void (*gc)(php_arv_running *running, zend_get_gc_buffer *buffer);
} php_arv_running_ops;

struct php_arv_running {
    php_arv_running *next, **link; /* NULL: the job runs no more */
    const php_arv_running_ops *ops;
    bool staged;    /* journalled */
    bool ended;     /* in the core */
    bool tolerates; /* entries whose sources fail may be missing */
};

struct php_arv_handle {
    unsigned references;
    zend_object *object; /* the Engine object; NULL when it was freed */
    arv_engine *core;    /* NULL until the first job */
    arv_engine_options options;
    php_arv_callback logger;
    php_arv_event *event_head, *event_tail;
    php_arv_running *jobs;
    uint64_t activity; /* grows with each event that an application may see */
    bool busy;         /* something was under way when the pump last looked */
};

typedef struct php_arv_engine_object {
    php_arv_handle *handle; /* NULL until the constructor succeeded */
    zend_object std;
} php_arv_engine_object;

php_arv_handle *php_arv_handle_new(zend_object *engine);
/* Returns the handle of an Engine object. Throws when its constructor has not run. */
php_arv_handle *php_arv_handle_of(zend_object *engine);
/* Must be called when the Engine object is being freed. */
void php_arv_handle_close(php_arv_handle *handle);
/* In the child of a fork, between two runs: leaves the parent's work to the parent. */
void php_arv_handle_look_for_fork(php_arv_handle *handle);
/* Returns whether the core may be called, since this process made the engine. False for NULL. */
bool php_arv_engine_here(const arv_engine *engine);

/* Returns the engine of an Archivist\Engine object; starts it, or makes it anew after a fork. Throws on
 * failure. */
arv_engine *php_arv_engine_get(zend_object *engine);
/*
 * An object that holds a task or a storage of an engine must hold the engine, too, since PHP frees objects in
 * any order when a request ends. Call _hold after a successful php_arv_engine_get(), and _let after the last
 * reference to the core's object was given back.
 */
php_arv_handle *php_arv_engine_hold(php_arv_handle *handle);
void php_arv_engine_let(php_arv_handle *handle); /* accepts NULL */

void php_arv_running_add(php_arv_handle *handle, php_arv_running *running);
/* Returns false when the job ran no more. */
bool php_arv_running_remove(php_arv_running *running);
/* Interrupts the jobs, or only journalled ones. */
void php_arv_jobs_interrupt(php_arv_handle *handle, bool only_staged);
/* Loses all jobs, or only those that have ended and whose events were forgotten. */
void php_arv_jobs_lose(php_arv_handle *handle, const char *cause, bool only_ended);

struct php_arv_event {
    php_arv_event *next;
    /* Runs PHP code. Frees the event, which has left the queue. */
    void (*deliver)(php_arv_event *event, php_arv_handle *handle);
    void (*forget)(php_arv_event *event); /* instead of deliver */
    bool queued;
};
void php_arv_event_post(php_arv_handle *handle, php_arv_event *event);
php_arv_event *php_arv_event_take(php_arv_handle *handle);
/* Forgets the events that wait. */
void php_arv_events_clear(php_arv_handle *handle);

typedef struct php_arv_pump_frame {
    struct php_arv_pump_frame *outer;
    arv_engine *engine;
    php_arv_handle *handle; /* of the engine, or NULL for a private one */
} php_arv_pump_frame;
void php_arv_pump_enter(php_arv_pump_frame *frame);
void php_arv_pump_leave(php_arv_pump_frame *frame);
/* Returns true while the engine is inside arv_engine_run() or delivers an event. */
bool php_arv_pump_runs(const arv_engine *engine);

/* ---- guard.c ------------------------------------------------------------------------------------- */

/*
 * Runs `run(arg)`, which may run PHP code, safely inside a callback of the core: a bailout never passes over
 * frames of the core that are returned to. Returns false when `run` did not run, because an exception is
 * pending or objects are being freed, or when it left an exception or bailed out. The caller then returns an
 * error to the core (php_arv_error_from_exception makes it), and the pump does the rest. In a child that was
 * forked meanwhile it does not return: the script ends there.
 */
bool php_arv_guard(void (*run)(void *arg), void *arg);
/* The same where no frame of the core is on the stack. An exception may be pending already. */
bool php_arv_try(void (*run)(void *arg), void *arg);
/* Lets a caught bailout go on. Must be called when no frame of the core is left. */
void php_arv_bailout_goes_on(void);

/* ---- pump.c -------------------------------------------------------------------------------------- */

/*
 * Runs the engine until `done(arg)` is true, the time is over, or nothing is under way any more. Lets PHP's
 * interrupts run at least every 100 ms. Throws when a callback threw, or when the engine runs already (one of
 * its callbacks calls this); otherwise returns true, whether done or not. timeout_ms < 0: no limit. `handle`
 * is the engine's, or NULL for a private one.
 */
bool php_arv_pump(arv_engine *engine, php_arv_handle *handle, bool (*done)(void *arg), void *arg,
                  zend_long timeout_ms);

/* ---- own.c: the engine of an object whose methods wait -------------------------------------------- */

typedef struct php_arv_own {
    arv_engine *engine;     /* the object's own; NULL until first used, and when it was given one */
    php_arv_handle *handle; /* of the given engine, from first use on */
    arv_task *task;         /* for which a method waits */
} php_arv_own;

/* Returns the engine to use now: that of `given`, an Engine object, or, for NULL, one of its own. The own
 * engine is made on first use, and anew in the child of a fork. The latter sets `left` (may be NULL): tasks
 * and storages of the old engine are of no use then. Throws on failure, and while another method of the
 * object waits. */
arv_engine *php_arv_own_begin(php_arv_own *own, zend_object *given, bool *left);
/* Returns false when the engine is the parent's, and so are its tasks and storages. */
bool php_arv_own_here(const php_arv_own *own);
void php_arv_own_close(php_arv_own *own);
/* Runs the engine until `done(arg)`, or throws. */
bool php_arv_own_pump(php_arv_own *own, bool (*done)(void *arg), void *arg);
/* Runs the engine until own->task has ended. Throws when PHP code threw meanwhile: the task is then
 * cancelled. php_arv_own_end() gives it back. */
bool php_arv_own_run(php_arv_own *own);
/* The same, and returns true only when the task succeeded. */
bool php_arv_own_wait(php_arv_own *own);
/* Gives the task back. Does nothing when the task is the parent's. */
void php_arv_own_end(php_arv_own *own);

/* ---- log.c --------------------------------------------------------------------------------------- */

/* The sink of an engine; user_data is its handle. */
void php_arv_log_sink(void *user_data, const arv_log_record *record);
void php_arv_log_record_make(zval *into, const arv_log_record *record);

/* ---- driver.c: a storage driver that is a PHP object --------------------------------------------- */

arv_storage *php_arv_storage_wrap(arv_engine *engine, zend_object *driver);
/* When `err` comes from an exception of the storage's driver: makes that exception if it is one of ours, else
 * one of ours with it as the previous. Returns false when `err` comes from elsewhere. */
bool php_arv_storage_cause(zval *into, const arv_error *err, const arv_storage *storage);
/* The same, or else makes the exception of `err`. */
void php_arv_storage_exception(zval *into, const arv_error *err, const arv_storage *storage);

/* ---- secrets.c ----------------------------------------------------------------------------------- */

/* Removes values of the settings from the traces of the exception that is thrown. */
void php_arv_secrets_hide(const HashTable *settings);
/* At start: marks a method's parameter as #[\SensitiveParameter], if PHP has that. */
void php_arv_secrets_mark(zend_class_entry *ce, const char *method, size_t length, uint32_t parameter);

#endif
