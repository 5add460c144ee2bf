/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_LOOP_WATCH_H
#define ARV_LOOP_WATCH_H

/*
 * arv__watch: a descriptor (socket, pipe, pidfd, eventfd) and the events that its owner waits for.
 *
 * Level-triggered: a descriptor that stays ready is reported in every turn of the loop until its
 * owner has read or written, or has stopped the watch. So what a yield leaves undelivered comes
 * with the next run, and whoever wants back pressure stops the watch and starts it again later.
 *
 * A watch that is started keeps the loop busy, as an armed timer does. arv__loop_free() does not
 * wait for it: whoever serves a request stops its watches when the request is cancelled.
 *
 * When the descriptor goes bad:
 *   - The other side hung up, or an error is pending: ready() comes with HANGUP or ERROR besides
 *     all events that were asked for, since reading or writing tells the cause. This repeats each
 *     turn, so the owner must read to the end and stop.
 *   - It is not open when the watch is started: ARV_EINVALID. A regular file: ARV_EUNSUPPORTED.
 *   - It was closed before the watch was stopped, which its owner must not do: the watch is called
 *     back no more, if no copy of the descriptor is open elsewhere. Stopping it is harmless, and a
 *     new descriptor of the same number can be watched by another watch.
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
/* Never called back after that, not even with what is ready already. No effect on a stopped one. */
void arv__watch_stop(arv__watch *watch);
/* Stops, and closes the descriptor that it was started with last: in the order that is needed. No
 * effect on one that was never started or is closed already. */
void arv__watch_close(arv__watch *watch);
bool arv__watch_started(const arv__watch *watch);

#endif
