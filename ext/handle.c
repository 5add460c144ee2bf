/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Engines as PHP has them. An Engine object is thin: everything belongs to its handle, which lives as long as
 * one of its jobs (glue.h). The first job makes the core's engine, and with it every thread; the child of a
 * fork makes it anew.
 */

#include "glue.h"

/* ---- engines that run ---------------------------------------------------------------------------- */

void php_arv_pump_enter(php_arv_pump_frame *frame)
{
    frame->outer = ARCHIVIST_NOW(pumps);
    ARCHIVIST_NOW(pumps) = frame;
}

/* A list and not a stack, because fibers may leave in any order. */
void php_arv_pump_leave(php_arv_pump_frame *frame)
{
    php_arv_pump_frame **link = &ARCHIVIST_NOW(pumps);
    while (*link && *link != frame)
        link = &(*link)->outer;
    if (*link)
        *link = frame->outer;
}

bool php_arv_pump_runs(const arv_engine *engine)
{
    for (php_arv_pump_frame *frame = ARCHIVIST_NOW(pumps); frame; frame = frame->outer)
        if (frame->engine == engine)
            return true;
    return false;
}

/* ---- handles --------------------------------------------------------------------------------------- */

php_arv_handle *php_arv_handle_new(zend_object *object)
{
    php_arv_handle *handle = ecalloc(1, sizeof *handle);
    handle->references = 1;
    handle->object = object;
    return handle;
}

php_arv_handle *php_arv_handle_of(zend_object *engine)
{
    php_arv_handle *handle = PHP_ARV_OBJECT(php_arv_engine_object, engine)->handle;
    if (!handle)
        php_arv_throw_format(ARV_ESTATE, "The engine's constructor has not run.");
    return handle;
}

bool php_arv_engine_here(const arv_engine *engine)
{
    return engine && !arv_engine_forked(engine);
}

void php_arv_handle_look_for_fork(php_arv_handle *handle)
{
    if (!handle->core || !arv_engine_forked(handle->core) || php_arv_pump_runs(handle->core))
        return;
    php_arv_engine_leave(handle->core);
    handle->core = NULL;
    php_arv_events_clear(handle); /* the parent delivers them */
    php_arv_jobs_lose(handle, "the process was forked", false);
}

arv_engine *php_arv_engine_get(zend_object *engine)
{
    arv_error err;
    php_arv_handle *handle = php_arv_handle_of(engine);
    if (!handle)
        return NULL;
    php_arv_handle_look_for_fork(handle);
    if (handle->core && arv_engine_forked(handle->core)) {
        php_arv_throw_format(ARV_ESTATE, "The engine belongs to the process that forked this one inside a "
                                         "callback; make a new Engine here.");
        return NULL;
    }
    arv_error_clear(&err);
    if (!handle->core && !php_arv_ok(arv_engine_new(&handle->core, &handle->options, &err), &err))
        handle->core = NULL;
    return handle->core;
}

php_arv_handle *php_arv_engine_hold(php_arv_handle *handle)
{
    handle->references++;
    return handle;
}

void php_arv_engine_let(php_arv_handle *handle)
{
    if (!handle || --handle->references)
        return;
    php_arv_handle_look_for_fork(handle);
    ARCHIVIST_NOW(silent)++;
    arv_engine_free(handle->core);
    ARCHIVIST_NOW(silent)--;
    php_arv_events_clear(handle);
    efree(handle);
    php_arv_drop_now();
}

/* Ends all jobs. They end soon: only local work is waited for. */
static void handle_end_jobs(php_arv_handle *handle)
{
    php_arv_jobs_interrupt(handle, false);
    while (handle->jobs && arv_engine_run(handle->core, 1000))
        ;
}

void php_arv_handle_close(php_arv_handle *handle)
{
    php_arv_handle_look_for_fork(handle);
    handle->object = NULL;
    if (handle->core && php_arv_pump_runs(handle->core)) {
        /* The handle stays for the frames that use it: those of a fiber that is never resumed inside a
         * callback, and those of the parent in the child of a fork. */
        handle->references++;
        return;
    }
    ARCHIVIST_NOW(silent)++;
    if (handle->core)
        handle_end_jobs(handle);
    php_arv_events_clear(handle);
    php_arv_jobs_lose(handle, "its engine was freed", false);
    ARCHIVIST_NOW(silent)--;
    php_arv_callback_drop(&handle->logger);
}

/* ---- jobs ------------------------------------------------------------------------------------------ */

void php_arv_running_add(php_arv_handle *handle, php_arv_running *running)
{
    running->next = handle->jobs;
    running->link = &handle->jobs;
    if (running->next)
        running->next->link = &running->next;
    handle->jobs = running;
}

bool php_arv_running_remove(php_arv_running *running)
{
    if (!running->link)
        return false;
    *running->link = running->next;
    if (running->next)
        running->next->link = running->link;
    running->link = NULL;
    return true;
}

void php_arv_jobs_interrupt(php_arv_handle *handle, bool only_staged)
{
    const char *cause = handle->object ? "the program ended" : "its engine was freed";
    for (php_arv_running *job = handle->jobs; job; job = job->next)
        if (job->staged || !only_staged)
            job->ops->interrupt(job, cause);
}

void php_arv_jobs_lose(php_arv_handle *handle, const char *cause, bool only_ended)
{
    php_arv_running *job, *next;
    for (job = handle->jobs; job; job = next) {
        next = job->next;
        if (job->ended || !only_ended)
            job->ops->lose(job, cause);
    }
}

/* ---- events ---------------------------------------------------------------------------------------- */

void php_arv_event_post(php_arv_handle *handle, php_arv_event *event)
{
    event->next = NULL;
    event->queued = true;
    if (handle->event_tail)
        handle->event_tail->next = event;
    else
        handle->event_head = event;
    handle->event_tail = event;
}

php_arv_event *php_arv_event_take(php_arv_handle *handle)
{
    php_arv_event *event = handle->event_head;
    if (!event)
        return NULL;
    handle->event_head = event->next;
    if (!handle->event_head)
        handle->event_tail = NULL;
    event->queued = false;
    return event;
}

void php_arv_events_clear(php_arv_handle *handle)
{
    php_arv_event *event;
    while ((event = php_arv_event_take(handle)) != NULL)
        event->forget(event);
}
