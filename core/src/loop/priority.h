/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_LOOP_PRIORITY_H
#define ARV_LOOP_PRIORITY_H

/*
 * How much the threads of pools step back behind the rest of the machine. Each thread sets its own
 * priority as it begins; the thread that runs the loop keeps its own. When the system refuses, work goes
 * on, and the log says so once.
 *
 * Ownership: embedded; it must live as long as the loop and the pools that it was given to.
 * Threading: filled before the first pool has it.
 */

#include <arv/engine.h>
#include "loop/loop.h"
#include "util/log.h"

typedef struct arv__priority {
    unsigned nice; /* added to what the thread inherits */
    arv_io_priority io;
    const arv__logger *log;
    /* private */
    bool refused; /* atomic: the thread that sets it owns the rest and the letter */
    int nice_errno, io_errno;
    arv__mail letter;
} arv__priority;

/* [pool] Sets the priority of the calling thread; NULL: changes nothing. Returns NULL, or, once, the
 * letter that logs a refusal: the caller must post it to the loop. */
arv__mail *arv__priority_enter(arv__priority *priority);

#endif
