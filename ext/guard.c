/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The ways into PHP code. Three things must never happen:
 *
 *   - an exception is lost;
 *   - a bailout (a fatal error, the time limit) jumps over frames of the core that go on, which would leave
 *     locks held, files open and counters wrong;
 *   - the child of a fork goes on with its parent's work.
 *
 * So all code that may run PHP code from inside the core passes php_arv_guard(). It catches a bailout,
 * remembers it, and makes the core return. The pump (pump.c) lets it go on once no frame of the core is left.
 * A child that was forked by the callback does not return to the frames below: the script ends.
 */

#include "glue.h"

/* A function of its own, so that no local variable of a caller lives across the jump. */
static bool guard_run(void (*run)(void *arg), void *arg)
{
    volatile bool whole = true;
    zend_try
    {
        run(arg);
    }
    zend_catch
    {
        whole = false;
    }
    zend_end_try();
    return whole;
}

/*
 * Ends a child that was forked by the callback that just returned. The bailout passes over frames of the core
 * and of the pump, to which nobody returns. They hold objects of the parent; the child's own ones end with
 * the process. exit() keeps its code and runs shutdown functions and destructors.
 */
static void child_ends(php_arv_pump_frame *frame, bool whole)
{
    php_arv_pump_leave(frame);
    if (whole && !php_arv_exits())
        zend_error(E_ERROR, "A callback of Archivist forked, and the child returned from it. The child must "
                            "end inside the callback, by exit() or pcntl_exec(); to go on in a child, fork "
                            "before the engine runs or between two calls of wait() and poll().");
    if (EG(exception))
        zend_clear_exception();
    zend_bailout();
}

bool php_arv_try(void (*run)(void *arg), void *arg)
{
    php_arv_pump_frame *frame = ARCHIVIST_NOW(pumps); /* that this is called from */
    bool here = frame && !arv_engine_forked(frame->engine);
    bool whole = guard_run(run, arg);
    if (here && arv_engine_forked(frame->engine))
        child_ends(frame, whole);
    if (!whole)
        ARCHIVIST_NOW(bailout) = true;
    return !ARCHIVIST_NOW(bailout) && !EG(exception);
}

bool php_arv_guard(void (*run)(void *arg), void *arg)
{
    if (ARCHIVIST_NOW(silent) || ARCHIVIST_NOW(bailout) || EG(exception))
        return false;
    php_arv_pump_frame *frame = ARCHIVIST_NOW(pumps);
    php_arv_handle *handle = frame ? frame->handle : NULL;
    if (handle)
        handle->activity++;
    if (php_arv_try(run, arg))
        return true;
    if (handle && (ARCHIVIST_NOW(bailout) || php_arv_exits()))
        php_arv_jobs_interrupt(handle, true);
    /* Other events wait until the caller of wait() or poll() has dealt with this exception. */
    if (frame)
        arv_engine_yield(frame->engine);
    return false;
}

void php_arv_bailout_goes_on(void)
{
    if (!ARCHIVIST_NOW(bailout))
        return;
    ARCHIVIST_NOW(bailout) = false;
    zend_bailout();
}
