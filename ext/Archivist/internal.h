/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PHP_ARCHIVIST_INTERNAL_H
#define PHP_ARCHIVIST_INTERNAL_H

/*
 * What Engine, Job, JobSpec, EntryList and the pump know of each other.
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
 */

#include "php_archivist.h"

typedef struct php_arv_job php_arv_job;
typedef struct php_arv_event php_arv_event;
typedef struct php_arv_reader php_arv_reader;

/* ---- Callback.c ---------------------------------------------------------------------------------- */

/* Like php_arv_guard(), where no frame of the core is: an exception may be pending already. */
bool php_arv_try(void (*run)(void *arg), void *arg);
void php_arv_call_plain(php_arv_callback *callback, zval *result, uint32_t count, zval *arguments);
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

/* ---- Held.c -------------------------------------------------------------------------------------- */

/*
 * PHP values that the core reaches through the user data of a callback, in memory that begins with
 * this. The core lets it go when what it belongs to has ended; in the child of a fork, where that
 * never comes, it is lost: its values are dropped, and its memory stays until the request ends.
 */
typedef struct php_arv_held {
    php_arv_dropped dropped;          /* first; its drop() drops the values, then php_arv_held_free() */
    struct php_arv_held *next, **link; /* among all; NULL: not held */
    const arv_engine *engine;
    bool lost;
} php_arv_held;

/* From now on the engine may use it. `dropped.drop` is set before. */
void php_arv_hold(php_arv_held *held, const arv_engine *engine);
/* Nobody will use it any more, and it can be dropped. False: it is lost, and that is seen to. */
bool php_arv_let(php_arv_held *held);
/* Gives back the memory, now or when the request ends. */
void php_arv_held_free(php_arv_held *held);
/* In the child of a fork: abandons the engine and loses what it holds. */
void php_arv_engine_leave(arv_engine *engine);
void php_arv_lost_free(void);

/* ---- Engine.c ------------------------------------------------------------------------------------ */

struct php_arv_handle {
    unsigned references;
    struct php_arv_handle *next, **link; /* in the module's list */
    zend_object *object;                 /* the Engine object; NULL when it was freed */
    arv_engine *core;                    /* NULL until the first job */
    arv_engine_options options;
    php_arv_callback logger;
    php_arv_event *event_head, *event_tail;
    php_arv_job *jobs;  /* that have not ended */
    uint64_t activity;  /* grows with everything that an application may see */
    bool busy;          /* something was under way when the pump looked last */
};

php_arv_handle *php_arv_handle_of(zend_object *engine);
/* The handle of an engine, or NULL for a private one. */
php_arv_handle *php_arv_handle_find(const arv_engine *engine);
/* In the child of a fork: leaves the parent's work to the parent. */
void php_arv_handle_look_for_fork(php_arv_handle *handle);

/* ---- Pump.c -------------------------------------------------------------------------------------- */

typedef struct php_arv_pump_frame {
    struct php_arv_pump_frame *outer;
    arv_engine *engine;
} php_arv_pump_frame;

/* True while the engine is inside arv_engine_run() or delivers an event. */
bool php_arv_pump_runs(const arv_engine *engine);
void php_arv_pumps_look_for_fork(void);

struct php_arv_event {
    php_arv_event *next;
    /* Runs PHP code; frees the event, which is not in the queue any more. */
    void (*deliver)(php_arv_event *event, php_arv_handle *handle);
    void (*forget)(php_arv_event *event); /* instead of deliver */
    bool queued;
};
void php_arv_event_post(php_arv_handle *handle, php_arv_event *event);
/* Forgets those that wait. */
void php_arv_events_clear(php_arv_handle *handle);

/* ---- Job.c --------------------------------------------------------------------------------------- */

/* Begins a job and makes its object; false and an exception on failure. */
bool php_arv_job_begin(zval *into, zend_object *engine, zend_object *spec);
/* Forgets a job that stays with the parent of a fork, or that did not end; `cause` as above. */
void php_arv_job_lose(php_arv_job *job, const char *cause);
/* The same for those of a handle that have ended, but whose events were forgotten. */
void php_arv_jobs_lose_ended(php_arv_handle *handle);
void php_arv_job_ask_stop(php_arv_job *job, const arv_error *reason);
/* Nobody can wait for it any more: a journalled job is interrupted, to go on when it is started
 * again; any other is cancelled. `cause` stands behind "because": "the program ended". */
void php_arv_job_interrupt(php_arv_job *job, const char *cause);
/* The same for all journalled jobs of an engine, inside the core: exit() or a bailout is under way,
 * and what the core is told by the callback must not count as an error of theirs. */
void php_arv_jobs_interrupt_staged(php_arv_handle *handle);
/* An exception of one of its callbacks is pending: the job is cancelled with it, or interrupted when
 * it is exit(). */
void php_arv_job_blame(php_arv_job *job);
/* Whether entries may be missing in its archive. NULL: no job. */
bool php_arv_job_tolerates(const php_arv_job *job);
php_arv_job *php_arv_job_next(const php_arv_job *job);
/* What a running job holds, for the collector of cycles. */
void php_arv_job_gc(php_arv_job *job, zend_get_gc_buffer *buffer);

/* ---- JobResult.c (and State, Progress) ------------------------------------------------------------ */

void php_arv_register_JobResult(void);
void php_arv_state_make(zval *into, arv_job_state state);
/* `staged`: what is packed is stored afterwards. */
void php_arv_progress_make(zval *into, const arv_job_progress *progress, bool staged);
/* `native`: for each location, whether its storage has addresses. */
void php_arv_job_result_make(zval *into, const arv_job_result *result, zend_string *path,
                             const bool *native);

/* ---- JobSpec.c ----------------------------------------------------------------------------------- */

typedef struct php_arv_spec {
    php_arv_callback on_state, on_progress, on_done;
    unsigned progress_interval_ms, attempts_max, retry_delay_ms;
    uint64_t time_limit_ms, stall_limit_ms;
    zend_object std;
} php_arv_spec;

enum {
    PHP_ARV_SPEC_ENTRIES, /* an EntryList, or null */
    PHP_ARV_SPEC_PACKAGE,
    PHP_ARV_SPEC_PATH,
    PHP_ARV_SPEC_STORAGES,
    PHP_ARV_SPEC_STAGING, /* a Staging, or null */
    PHP_ARV_SPEC_STREAMS
};

php_arv_spec *php_arv_spec_of(zend_object *object);

/* ---- EntryList.c --------------------------------------------------------------------------------- */

/* False and an exception when the list was given to a job. */
bool php_arv_entries_free(zend_object *list);
/* Gives the list to a job that has begun on the engine: nothing can be added any more. */
void php_arv_entries_give(zend_object *list, php_arv_job *job, const arv_engine *engine);
/* The job has ended: the read callbacks are dropped. */
void php_arv_entries_ended(zend_object *list);

/* ---- Log.c --------------------------------------------------------------------------------------- */

/* The sink of an engine; user_data is its handle. */
void php_arv_log_sink(void *user_data, const arv_log_record *record);
void php_arv_log_record_make(zval *into, const arv_log_record *record);

/* ---- Staging.c, StagedStatus.c ------------------------------------------------------------------- */

/* Borrowed; NULL and an exception when it cannot be used. */
arv_staging *php_arv_staging_get(zend_object *staging);
void php_arv_staged_status_make(zval *into, const arv_staged_status *status);
void php_arv_swept_make(zval *into, const arv_staging_swept *swept);
void php_arv_register_StagedStatus(void); /* and StagedTarget and StagingSwept */

/* A path of PHP as the core takes it: allowed and absolute; NULL and an exception otherwise. */
zend_string *php_arv_path_take(zend_string *path);
/* The strings of an argument as the core takes them, borrowed from the array; the caller frees the
 * list with efree(). NULL and an exception that names the argument when one is no string or holds
 * a NUL byte. */
const char **php_arv_strings_take(HashTable *array, const char *argument, size_t *count);

#endif
