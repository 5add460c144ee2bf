/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_LOOP_WATCH_H
#define ARV_LOOP_WATCH_H

/*
 * arv__watch: a descriptor (socket, pipe, pidfd, eventfd) and the events that its owner waits for.
 *
 * Level-triggered: the loop reports a ready descriptor in every turn until its owner has read or
 * written, or has stopped the watch. So events that a yield left undelivered come with the next run.
 * For back pressure, stop the watch and start it again later.
 *
 * A started watch keeps the loop busy, as an armed timer does. arv__loop_free() does not wait for it:
 * the server of a request must stop its watches when the request is cancelled.
 *
 * When the descriptor goes bad:
 *   - The other side hung up, or an error is pending: ready() comes with HANGUP or ERROR besides
 *     all events of the watch, since a read or write returns the cause. This repeats each turn, so the
 *     owner must read to the end and stop.
 *   - It is not open when the watch is started: ARV_EINVALID. A regular file: ARV_EUNSUPPORTED.
 *   - Its owner closed it before stopping the watch, which it must not do: the loop never calls the
 *     watch back again if no copy of the descriptor is open elsewhere. Stopping it is harmless, and
 *     another watch can watch a new descriptor of the same number.
 *
 * The callbacks of libcurl's multi interface map to this and to arv__timer: CURL_POLL_IN, _OUT and
 * _INOUT are arv__watch_start() of a watch per socket, _NONE and _REMOVE are arv__watch_stop().
 *
 * Ownership: embedded in its owner, zero-initialised before its first start. May be freed as soon
 *   as it is stopped, also inside its own callback. Borrows the descriptor; arv__watch_close()
 *   closes it.
 * Threading: loop thread only.
 * Errors: a watch whose start failed is stopped and has no descriptor; the caller still has it.
 */

#include "loop/loop.h"

typedef struct arv__watch arv__watch;

enum {
    ARV__WATCH_READ = 1u << 0,
    ARV__WATCH_WRITE = 1u << 1,
    /* These come unasked, never without one of the others. */
    ARV__WATCH_HANGUP = 1u << 2,
    ARV__WATCH_ERROR = 1u << 3
};

struct arv__watch {
    void (*ready)(arv__watch *watch, unsigned events); /* [loop] from arv__loop_run() only */
    void *user_data;
    arv__loop *loop;          /* private from here */
    arv__watch *next, **link; /* among the loop's; `link` is NULL while stopped */
    int fd;
    unsigned events;
};

/*
 * Starts the watch, or changes the events of one that is started; with another descriptor, it
 * leaves the former one. `events`: READ, WRITE or both; 0 stops. Never calls back inside. A loop
 * has at most one watch per descriptor (ARV_ESTATE).
 */
int arv__watch_start(arv__loop *loop, arv__watch *watch, int fd, unsigned events, arv_error *err);
/* Stops the watch. The loop never calls it back after that, not even if its descriptor was ready before.
 * No effect on a stopped one. */
void arv__watch_stop(arv__watch *watch);
/* Stops the watch, then closes the descriptor that it was last started with. No effect on a watch that
 * was never started or is closed already. */
void arv__watch_close(arv__watch *watch);
bool arv__watch_started(const arv__watch *watch);

#endif
