/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/internal.h"

#include <arv/sys/alloc.h>

enum { PUMP_BYTES = 1 << 20, PUMP_ALIGN = 4096 }; /* aligned for O_DIRECT */

int arv__pump_init(arv__pump *pump, uint64_t size_hint_bytes, arv_error *err)
{
    size_t capacity = PUMP_BYTES;
    if (size_hint_bytes && size_hint_bytes < PUMP_BYTES)
        capacity = ((size_t)size_hint_bytes + PUMP_ALIGN) / PUMP_ALIGN * PUMP_ALIGN;
    pump->block = arv_malloc(2 * capacity + PUMP_ALIGN);
    if (!pump->block)
        return arv_error_nomem(err, "the buffers of a transfer");
    pump->capacity = capacity;
    pump->buffers[0] = pump->block + PUMP_ALIGN - (uintptr_t)pump->block % PUMP_ALIGN;
    pump->buffers[1] = pump->buffers[0] + capacity;
    return 0;
}

void arv__pump_cleanup(arv__pump *pump)
{
    arv_free(pump->block);
    pump->block = NULL;
}

static void pump_fail(arv__pump *pump, int status, const arv_error *err)
{
    if (pump->status < 0)
        return;
    pump->status = status;
    if (err && err->code == status)
        pump->error = *err;
    else
        arv_error_set(&pump->error, status, "%s", arv_error_text(status));
}

static bool pump_turn(arv__pump *pump)
{
    if (arv__op_cancel_asked(&pump->op))
        pump_fail(pump, ARV_ECANCELED, NULL);
    if (pump->status < 0)
        return false;
    if (!pump->draining && pump->lengths[pump->drain_at]) {
        pump->draining = true;
        pump->drain(pump, pump->buffers[pump->drain_at], pump->lengths[pump->drain_at]);
        return true;
    }
    if (!pump->filling && !pump->ended && !pump->lengths[pump->fill_at]) {
        pump->filling = true;
        pump->fill(pump, pump->buffers[pump->fill_at], pump->capacity, pump->offset);
        return true;
    }
    return false;
}

/* A side may report its end from inside its start: the report then only sets a flag; this loop goes on. */
static void pump_step(arv__pump *pump)
{
    if (pump->stepping || pump->finished)
        return;
    pump->stepping = true;
    while (pump_turn(pump))
        ;
    pump->stepping = false;
    bool drained = !pump->lengths[0] && !pump->lengths[1];
    if (pump->filling || pump->draining || (pump->status == 0 && !(pump->ended && drained)))
        return;
    pump->finished = true;
    arv__op_complete(&pump->op, pump->status, &pump->error);
}

void arv__pump_start(arv__pump *pump)
{
    pump->fill_at = pump->drain_at = 0;
    pump->lengths[0] = pump->lengths[1] = 0;
    pump->offset = 0;
    pump->filling = pump->draining = pump->ended = pump->stepping = pump->finished = false;
    pump->status = 0;
    arv__op_begin(&pump->op, NULL, NULL);
    pump_step(pump);
}

void arv__pump_filled(arv__pump *pump, int status, const arv_error *err, size_t length)
{
    pump->filling = false;
    if (status < 0) {
        pump_fail(pump, status, err);
    } else if (length == 0) {
        pump->ended = true;
    } else {
        pump->lengths[pump->fill_at] = length;
        pump->offset += length;
        pump->fill_at ^= 1;
    }
    pump_step(pump);
}

void arv__pump_drained(arv__pump *pump, int status, const arv_error *err)
{
    pump->draining = false;
    pump->lengths[pump->drain_at] = 0;
    pump->drain_at ^= 1;
    if (status < 0)
        pump_fail(pump, status, err);
    pump_step(pump);
}
