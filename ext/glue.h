/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PHP_ARCHIVIST_GLUE_H
#define PHP_ARCHIVIST_GLUE_H

/*
 * What classes share: PHP values that the core holds, engines, and the ways into PHP code.
 *
 *     Engine object ---> handle <--- job <--- Job object ---> Engine object
 *                          |          |
 *                          |          +---> JobSpec object, until the job has ended
 *                          +---> jobs that run, events that wait
 *
 * A Job object keeps its Engine object alive. The handle keeps what runs: the jobs, whose objects
 * may be gone, with their specs. When a request ends, PHP frees objects in any order; so the core's
 * engine belongs to the handle, which is counted in C.
 *
 * Nothing of PHP runs while the core reports the states of a job: its callbacks put events into the
 * handle's queue, and the pump delivers them when arv_engine_run() has returned.
 *
 * Forks. Between two runs, the child leaves the engine to its parent: handles, tasks and objects look
 * for that when they are used, drop what it holds of PHP, and begin anew. A child that was forked
 * inside a callback has frames of the core and of the pump on its stack, to which it must not return:
 * there every use of the engine is refused, and when the callback returns, the script ends
 * (php_arv_try). Then, as the request ends, the engine is left like any other one of the parent's.
 */

#include "php_archivist.h"

typedef struct php_arv_handle php_arv_handle;
typedef struct php_arv_event php_arv_event;
typedef struct php_arv_running php_arv_running;

/* ---- callback.c ---------------------------------------------------------------------------------- */

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
/* Where no frame of the core is, or behind the guard. `result` may be NULL. */
void php_arv_callback_call(php_arv_callback *callback, zval *result, uint32_t count, zval *arguments);
/* exit() is under way, which is an exception for the engine of PHP only. */
bool php_arv_exits(void);

/* The core released something that holds PHP values while it runs: it is dropped afterwards, since
 * dropping may run destructors. */
typedef struct php_arv_dropped {
    struct php_arv_dropped *next;
    void (*drop)(struct php_arv_dropped *dropped);
} php_arv_dropped;
void php_arv_later_drop(php_arv_dropped *dropped);
void php_arv_drop_now(void);

/* ---- held.c -------------------------------------------------------------------------------------- */

/*
 * PHP values that the core reaches through the user data of a callback, in memory that begins with
 * this. The core lets it go when what it belongs to has ended; in the child of a fork, where that
 * never comes, the values are dropped when the engine is left.
 */
typedef struct php_arv_held {
    php_arv_dropped dropped;           /* first; its drop() drops the values and frees the memory */
    struct php_arv_held *next, **link; /* among all; NULL: not held */
    const arv_engine *engine;
} php_arv_held;

/* From now on the engine may use it. `dropped.drop` is set before. */
void php_arv_hold(php_arv_held *held, const arv_engine *engine);
/* Nobody will use it any more, and it can be dropped. False: the engine was left, and that is seen to. */
bool php_arv_let(php_arv_held *held);
/* In the child of a fork, between two runs: abandons the engine and drops what it holds. */
void php_arv_engine_leave(arv_engine *engine);

/* ---- handle.c ------------------------------------------------------------------------------------ */

/* A job that has not ended, as its engine knows it. */
typedef struct php_arv_running_ops {
    /* Nobody can wait for it any more: a journalled job is interrupted, to go on when it is started
     * again; any other is cancelled. `cause` stands behind "because": "the program ended". */
    void (*interrupt)(php_arv_running *running, const char *cause);
    /* Forgets one that stays with the parent of a fork, or that did not end; `cause` as above. */
    void (*lose)(php_arv_running *running, const char *cause);
    /* An exception of one of its callbacks is pending: the job is cancelled with it, or interrupted
     * when it is exit(). */
    void (*blame)(php_arv_running *running);
    void (*gc)(php_arv_running *running, zend_get_gc_buffer *buffer);
} php_arv_running_ops;

struct php_arv_running {
    php_arv_running *next, **link; /* NULL: it runs no more */
    const php_arv_running_ops *ops;
    bool staged;    /* journalled */
    bool ended;     /* in the core */
    bool tolerates; /* sources that fail */
};

struct php_arv_handle {
    unsigned references;
    zend_object *object; /* the Engine object; NULL when it was freed */
    arv_engine *core;    /* NULL until the first job */
    arv_engine_options options;
    php_arv_callback logger;
    php_arv_event *event_head, *event_tail;
    php_arv_running *jobs;
    uint64_t activity; /* grows with everything that an application may see */
    bool busy;         /* something was under way when the pump looked last */
};

typedef struct php_arv_engine_object {
    php_arv_handle *handle; /* NULL until the constructor succeeded */
    zend_object std;
} php_arv_engine_object;

php_arv_handle *php_arv_handle_new(zend_object *engine);
/* Of an Engine object; NULL and an exception when its constructor has not run. */
php_arv_handle *php_arv_handle_of(zend_object *engine);
/* The Engine object is being freed. */
void php_arv_handle_close(php_arv_handle *handle);
/* In the child of a fork, between two runs: leaves the parent's work to the parent. */
void php_arv_handle_look_for_fork(php_arv_handle *handle);
/* Whether the core may be called: it was made by this process. False for NULL. */
bool php_arv_engine_here(const arv_engine *engine);

/* The engine of an Archivist\Engine object, started or made anew after a fork. NULL and an exception
 * on failure. */
arv_engine *php_arv_engine_get(zend_object *engine);
/*
 * What holds something of the core that belongs to an engine (a task, a storage) holds the engine
 * by this too, since objects are freed in any order when a request ends. _hold after a successful
 * php_arv_engine_get(); _let after the last reference to the core's object was given back.
 */
php_arv_handle *php_arv_engine_hold(php_arv_handle *handle);
void php_arv_engine_let(php_arv_handle *handle); /* accepts NULL */

void php_arv_running_add(php_arv_handle *handle, php_arv_running *running);
/* False: it ran no more. */
bool php_arv_running_remove(php_arv_running *running);
/* Interrupts the jobs, or only journalled ones. */
void php_arv_jobs_interrupt(php_arv_handle *handle, bool only_staged);
/* Loses the jobs, or only those that have ended, but whose events were forgotten. */
void php_arv_jobs_lose(php_arv_handle *handle, const char *cause, bool only_ended);

struct php_arv_event {
    php_arv_event *next;
    /* Runs PHP code; frees the event, which is not in the queue any more. */
    void (*deliver)(php_arv_event *event, php_arv_handle *handle);
    void (*forget)(php_arv_event *event); /* instead of deliver */
    bool queued;
};
void php_arv_event_post(php_arv_handle *handle, php_arv_event *event);
php_arv_event *php_arv_event_take(php_arv_handle *handle);
/* Forgets those that wait. */
void php_arv_events_clear(php_arv_handle *handle);

typedef struct php_arv_pump_frame {
    struct php_arv_pump_frame *outer;
    arv_engine *engine;
    php_arv_handle *handle; /* of the engine, or NULL for a private one */
} php_arv_pump_frame;
void php_arv_pump_enter(php_arv_pump_frame *frame);
void php_arv_pump_leave(php_arv_pump_frame *frame);
/* True while the engine is inside arv_engine_run() or delivers an event. */
bool php_arv_pump_runs(const arv_engine *engine);

/* ---- guard.c ------------------------------------------------------------------------------------- */

/*
 * Runs `run(arg)`, which may run PHP code, safely inside a callback of the core: a bailout never
 * passes over frames of the core that are returned to. False: it did not run because an exception is
 * pending or objects are being freed, or it left an exception or bailed out; then return an error to
 * the core (php_arv_error_from_exception tells which), the pump does the rest. Does not return in a
 * child that was forked meanwhile: the script ends there.
 */
bool php_arv_guard(void (*run)(void *arg), void *arg);
/* The same where no frame of the core is: an exception may be pending already. */
bool php_arv_try(void (*run)(void *arg), void *arg);
/* Lets a bailout that was caught go on its way. No frame of the core is left. */
void php_arv_bailout_goes_on(void);

/* ---- pump.c -------------------------------------------------------------------------------------- */

/*
 * Runs the engine until `done(arg)` is true or the time is over; lets PHP's interrupts run at least
 * every 100 ms. Returns false and leaves EG(exception) set when a callback threw, or when the engine
 * runs already (a callback of it calls this); otherwise true, whether done or not: nothing may be
 * under way any more. timeout_ms < 0: as long as it takes. `handle` is the engine's, or NULL for a
 * private one.
 */
bool php_arv_pump(arv_engine *engine, php_arv_handle *handle, bool (*done)(void *arg), void *arg,
                  zend_long timeout_ms);

/* ---- own.c: the engine of an object whose methods wait -------------------------------------------- */

typedef struct php_arv_own {
    arv_engine *engine;     /* of its own; NULL until first used, and where it was given one */
    php_arv_handle *handle; /* of the one that it was given, from first use on */
    arv_task *task;         /* that a method waits for */
} php_arv_own;

/* The engine to use now: that of `given`, an Engine object, or, for NULL, one of its own, which is made on
 * first use and anew in the child of a fork; `left` (may be NULL) tells the latter, when what belonged to
 * the old engine is of no further use. NULL and an exception on failure, and while another method of the
 * object waits. */
arv_engine *php_arv_own_begin(php_arv_own *own, zend_object *given, bool *left);
/* False: the engine is the parent's, and so is all that belongs to it. */
bool php_arv_own_here(const php_arv_own *own);
void php_arv_own_close(php_arv_own *own);
/* Runs the engine until `done(arg)`; false and an exception. */
bool php_arv_own_pump(php_arv_own *own, bool (*done)(void *arg), void *arg);
/* Runs the engine until own->task has ended; false and an exception when it did not, since PHP code
 * threw meanwhile: the task is then cancelled. php_arv_own_end() gives it back. */
bool php_arv_own_run(php_arv_own *own);
/* The same, and true only when it succeeded. */
bool php_arv_own_wait(php_arv_own *own);
/* Gives the task back; where it is the parent's, nothing is done. */
void php_arv_own_end(php_arv_own *own);

/* ---- log.c --------------------------------------------------------------------------------------- */

/* The sink of an engine; user_data is its handle. */
void php_arv_log_sink(void *user_data, const arv_log_record *record);
void php_arv_log_record_make(zval *into, const arv_log_record *record);

/* ---- driver.c: a storage driver that is a PHP object --------------------------------------------- */

arv_storage *php_arv_storage_wrap(arv_engine *engine, zend_object *driver);
/* When `err` comes from what the storage's driver threw: that exception, if it is one of ours, or
 * one of ours with it as the previous. False: it does not. */
bool php_arv_storage_cause(zval *into, const arv_error *err, const arv_storage *storage);
/* The same, else the exception that belongs to `err`. */
void php_arv_storage_exception(zval *into, const arv_error *err, const arv_storage *storage);

/* ---- secrets.c ----------------------------------------------------------------------------------- */

/* Takes what comes from the settings out of the traces of the exception that is thrown. */
void php_arv_secrets_hide(const HashTable *settings);
/* At start: #[\SensitiveParameter] of a method's parameter, where PHP has it. */
void php_arv_secrets_mark(zend_class_entry *ce, const char *method, size_t length, uint32_t parameter);

#endif
