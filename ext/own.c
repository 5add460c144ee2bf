/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Methods that run to their end before they return need an engine; an object that was given none
 * has one for itself, made on first use. The task stands in the object and not on the stack, since
 * a time limit may jump out of the method; whoever frees the object then gives it back.
 */

#include "glue.h"

static void own_abandon(php_arv_own *own)
{
    /* The task is the parent's, too; its memory stays as it is. */
    php_arv_engine_leave(own->engine);
    own->engine = NULL;
    own->task = NULL;
}

/* Inside a callback that forked, it stays as it is: the method that runs it is on the stack. */
static bool own_leaves(const php_arv_own *own)
{
    return own->engine && arv_engine_forked(own->engine) && !php_arv_pump_runs(own->engine);
}

arv_engine *php_arv_own_begin(php_arv_own *own, bool *left)
{
    arv_engine_options options;
    arv_error err;
    bool leaves = own_leaves(own);
    if (left)
        *left = leaves;
    if (leaves)
        own_abandon(own);
    if (own->task) {
        php_arv_throw_format(ARV_ESTATE,
                             "Another method of this object has not returned yet; wait for it, or "
                             "use a second object.");
        return NULL;
    }
    if (own->engine)
        return own->engine;
    arv_error_clear(&err);
    arv_engine_options_init(&options, sizeof options);
    options.threads = (unsigned)MIN(ARCHIVIST_G(threads), 256);
    return php_arv_ok(arv_engine_new(&own->engine, &options, &err), &err) ? own->engine : NULL;
}

bool php_arv_own_here(const php_arv_own *own)
{
    return !own->engine || !arv_engine_forked(own->engine);
}

void php_arv_own_close(php_arv_own *own)
{
    if (own_leaves(own))
        own_abandon(own);
    if (!ARCHIVIST_NOW(pumps))
        php_arv_drop_now();
    if (!php_arv_own_here(own))
        return;
    php_arv_own_end(own);
    ARCHIVIST_NOW(silent)++;
    arv_engine_free(own->engine);
    ARCHIVIST_NOW(silent)--;
    own->engine = NULL;
}

static bool own_task_done(void *arg)
{
    return arv_task_done(arg);
}

bool php_arv_own_run(php_arv_own *own, arv_engine *engine)
{
    if (!php_arv_pump(engine, own_task_done, own->task, -1)) {
        arv_task_cancel(own->task);
        return false;
    }
    return true;
}

bool php_arv_own_wait(php_arv_own *own, arv_engine *engine)
{
    arv_error err;
    arv_error_clear(&err);
    return php_arv_own_run(own, engine) && php_arv_ok(arv_task_status(own->task, &err), &err);
}

void php_arv_own_end(php_arv_own *own)
{
    arv_task_unref(own->task);
    own->task = NULL;
}
