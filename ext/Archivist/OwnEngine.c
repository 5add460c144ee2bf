/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Methods that run to their end before they return need an engine; an object that was given none
 * has one for itself, made on first use. The task stands in the object and not on the stack, since
 * a time limit may jump out of the method; whoever frees the object then gives it back.
 */

#include "Archivist/drivers.h"
#include "Archivist/internal.h"

static void own_abandon(php_arv_own *own)
{
    /* The task is the parent's, too; its memory stays as it is. */
    php_arv_engine_leave(own->engine);
    own->engine = NULL;
    own->task = NULL;
}

arv_engine *php_arv_own_begin(php_arv_own *own, bool *forked)
{
    arv_engine_options options;
    arv_error err;
    bool left = own->engine && arv_engine_forked(own->engine);
    if (forked)
        *forked = left;
    if (left)
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

void php_arv_own_close(php_arv_own *own)
{
    if (own->engine && arv_engine_forked(own->engine)) {
        own_abandon(own);
        if (!ARCHIVIST_G(pumps))
            php_arv_drop_now();
        return;
    }
    php_arv_own_end(own);
    ARCHIVIST_G(silent)++;
    arv_engine_free(own->engine);
    ARCHIVIST_G(silent)--;
    own->engine = NULL;
}

static bool own_task_done(void *arg)
{
    return arv_task_done(arg);
}

bool php_arv_own_run(php_arv_own *own, arv_engine *engine)
{
    if (!php_arv_pump(engine, own_task_done, own->task, -1)) {
        if (!arv_engine_forked(engine)) /* else its pools are gone, and the task is the parent's */
            arv_task_cancel(own->task);
        return false;
    }
    if (!arv_task_done(own->task)) {
        php_arv_throw_format(ARV_ECANCELED,
                             "The request belongs to the process that forked this one; it goes on "
                             "there.");
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
