/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A method that runs to its end before it returns needs an engine. An object that was given none makes its
 * own on first use. The task stands in the object and not on the stack, since a time limit may jump out of
 * the method: freeing the object then gives the task back.
 */

#include "glue.h"

/* Leaves the engine to the parent of a fork. Does nothing inside a callback that forked: the method that runs
 * the engine is on the stack. */
static bool own_leave(php_arv_own *own)
{
    if (!own->engine || !arv_engine_forked(own->engine) || php_arv_pump_runs(own->engine))
        return false;
    php_arv_engine_leave(own->engine);
    own->engine = NULL;
    own->task = NULL; /* the task is the parent's, too; its memory stays as it is */
    return true;
}

static arv_engine *own_engine(php_arv_own *own)
{
    arv_engine_options options;
    arv_error err;
    if (own->engine)
        return own->engine;
    arv_error_clear(&err);
    arv_engine_options_init(&options, sizeof options);
    options.threads = (unsigned)MIN(ARCHIVIST_G(threads), 256);
    return php_arv_ok(arv_engine_new(&own->engine, &options, &err), &err) ? own->engine : NULL;
}

arv_engine *php_arv_own_begin(php_arv_own *own, zend_object *given, bool *left)
{
    bool leaves = own_leave(own);
    if (left)
        *left = leaves;
    if (own->task) {
        php_arv_throw_format(ARV_ESTATE,
                             "Another method of this object has not returned yet; wait for it, or "
                             "use a second object.");
        return NULL;
    }
    if (!given)
        return own_engine(own);
    arv_engine *engine = php_arv_engine_get(given);
    if (engine && !own->handle)
        own->handle = php_arv_engine_hold(php_arv_handle_of(given));
    return engine;
}

bool php_arv_own_here(const php_arv_own *own)
{
    return own->handle ? php_arv_engine_here(own->handle->core)
                       : !own->engine || !arv_engine_forked(own->engine);
}

void php_arv_own_close(php_arv_own *own)
{
    own_leave(own);
    if (!ARCHIVIST_NOW(pumps))
        php_arv_drop_now();
    if (php_arv_own_here(own)) {
        php_arv_own_end(own);
        ARCHIVIST_NOW(silent)++;
        arv_engine_free(own->engine);
        ARCHIVIST_NOW(silent)--;
        own->engine = NULL;
    }
    php_arv_engine_let(own->handle);
    own->handle = NULL;
}

static bool own_task_done(void *arg)
{
    return arv_task_done(arg);
}

bool php_arv_own_pump(php_arv_own *own, bool (*done)(void *arg), void *arg)
{
    return php_arv_pump(own->handle ? own->handle->core : own->engine, own->handle, done, arg, -1);
}

bool php_arv_own_run(php_arv_own *own)
{
    if (php_arv_own_pump(own, own_task_done, own->task))
        return true;
    arv_task_cancel(own->task);
    return false;
}

bool php_arv_own_wait(php_arv_own *own)
{
    arv_error err;
    arv_error_clear(&err);
    return php_arv_own_run(own) && php_arv_ok(arv_task_status(own->task, &err), &err);
}

void php_arv_own_end(php_arv_own *own)
{
    if (php_arv_own_here(own))
        arv_task_unref(own->task);
    own->task = NULL;
}
