/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The pump: the only place that runs an engine for PHP.
 *
 *     deliver events -> done or time over? -> arv_engine_run() for at most 100 ms -> interrupts -> …
 *
 * PHP code runs in "deliver" and "interrupts", where no frame of the core is on the stack. Behind
 * php_arv_guard() it also runs for calls that need an answer at once (reading from a callback, drivers
 * written in PHP). An exception ends the pump before anything else is called. On a bailout, the pump first
 * cancels the jobs of the engine, or interrupts the journalled ones, and runs the engine until they have
 * ended, so that nothing half-made stays behind. Then the bailout goes on.
 *
 * An engine must not run inside itself: a list (handle.c) holds the active pumps.
 */

#include "glue.h"

#include <time.h>

enum { PUMP_STEP_MS = 100, PUMP_CANCEL_MS = 10000 };

static uint64_t pump_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void events_deliver(void *arg)
{
    php_arv_handle *handle = arg;
    php_arv_event *event;
    while (!EG(exception) && !arv_engine_forked(handle->core) &&
           (event = php_arv_event_take(handle)) != NULL) {
        handle->activity++;
        event->deliver(event, handle);
    }
    php_arv_drop_now();
}

/* ---- interrupts ----------------------------------------------------------------------------------- */

#if PHP_VERSION_ID >= 80200
#define interrupt_asked() zend_atomic_bool_load_ex(&EG(vm_interrupt))
#define interrupt_taken() zend_atomic_bool_store_ex(&EG(vm_interrupt), false)
#define time_is_over() zend_atomic_bool_load_ex(&EG(timed_out))
#else
#define interrupt_asked() EG(vm_interrupt)
#define interrupt_taken() (EG(vm_interrupt) = 0)
#define time_is_over() EG(timed_out)
#endif

/* Runs the interrupts that the virtual machine runs between two opcodes. */
static void interrupts_run(void *unused)
{
    interrupt_taken();
    if (time_is_over())
        zend_timeout();
    else if (zend_interrupt_function)
        zend_interrupt_function(EG(current_execute_data));
}

/* ---- run ------------------------------------------------------------------------------------------ */

/* A bailout is under way: ends the jobs, without PHP code, before it goes on. */
static void pump_cancel_all(php_arv_handle *handle)
{
    uint64_t end = pump_now_ms() + PUMP_CANCEL_MS;
    ARCHIVIST_NOW(silent)++;
    php_arv_jobs_interrupt(handle, false);
    while (handle->jobs && pump_now_ms() < end && arv_engine_run(handle->core, PUMP_STEP_MS))
        ;
    php_arv_events_clear(handle);
    php_arv_jobs_lose(handle, "the program ended", true);
    ARCHIVIST_NOW(silent)--;
}

/* Returns false after an exception or a bailout. */
static bool pump_turn(arv_engine *engine, unsigned step_ms, bool *busy)
{
    *busy = arv_engine_run(engine, step_ms);
    if (ARCHIVIST_NOW(bailout) || EG(exception))
        return false;
    return !interrupt_asked() || php_arv_try(interrupts_run, NULL);
}

static bool pump_loop(arv_engine *engine, php_arv_handle *handle, bool (*done)(void *arg), void *arg,
                      zend_long timeout_ms)
{
    uint64_t begun = pump_now_ms(), passed = 0;
    bool busy = true, ran = false;
    for (;;) {
        uint64_t activity = handle ? handle->activity : 0;
        if (handle && !php_arv_try(events_deliver, handle))
            return false;
        if (handle)
            handle->busy = busy || handle->activity != activity; /* a callback may begin a job */
        if (done(arg) || !(handle ? handle->busy : busy))
            return true;
        passed = pump_now_ms() - begun;
        if (ran && timeout_ms >= 0 && passed >= (uint64_t)timeout_ms)
            return true;
        unsigned step = PUMP_STEP_MS;
        if (timeout_ms >= 0 && (uint64_t)timeout_ms < passed + step)
            step = (uint64_t)timeout_ms > passed ? (unsigned)((uint64_t)timeout_ms - passed) : 0;
        if (!pump_turn(engine, step, &busy))
            return false;
        ran = true;
    }
}

bool php_arv_pump(arv_engine *engine, php_arv_handle *handle, bool (*done)(void *arg), void *arg,
                  zend_long timeout_ms)
{
    php_arv_pump_frame frame = {NULL, engine, handle};
    if (php_arv_pump_runs(engine)) {
        php_arv_throw_format(ARV_ESTATE, "The engine is running already: wait() and poll() cannot be called "
                                         "from inside one of its callbacks; return from the callback first.");
        return false;
    }
    php_arv_pump_enter(&frame);
    bool whole = pump_loop(engine, handle, done, arg, timeout_ms);
    if (ARCHIVIST_NOW(bailout) && handle)
        pump_cancel_all(handle);
    php_arv_pump_leave(&frame);
    php_arv_bailout_goes_on();
    if (!ARCHIVIST_NOW(pumps))
        php_arv_drop_now();
    return whole;
}
