/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_LOOP_OP_H
#define ARV_LOOP_OP_H

/*
 * arv__op: one asynchronous request of any kind: a call of a driver, a write into a sink, a program. A task
 * of the public API (task.h) is one with references.
 *
 * The server of a request calls arv__op_complete() exactly once, from any callback on the loop thread or
 * already inside the start function. The loop always calls the owner back later, from arv__loop_run().
 * The owner may cancel the request at any time in between.
 *
 *     idle --start--> running --complete--> completing --loop--> idle (callback runs)
 *                        \--cancel: on_cancel of the server is called once, on the loop thread
 *
 * Ownership: embedded in the owner's request; must stay valid until the callback ran.
 * Threading: loop thread only, but for arv__op_cancel_asked() and a look at `cancel_asked`.
 * Errors: completing twice is a defect and aborts the process in every build.
 */

#include "loop/loop.h"

typedef struct arv__op arv__op;

typedef void (*arv__op_cb)(arv__op *op, int status, const arv_error *err);
/* Of the server, on the loop thread, once. */
typedef void (*arv__op_cancel_cb)(arv__op *op, void *server_data);

struct arv__op {
    void *user_data;  /* the owner's */
    int cancel_asked; /* read with __atomic, also through a pointer */
    /* private */
    arv__loop *loop;
    arv__op_cb callback;
    arv__op_cancel_cb on_cancel;
    void *server_data;
    arv__mail mail;
    arv__op *next, **link; /* among the loop's requests under way */
    int state;
    int status;
    arv_error error; /* of the last request, until the next one begins */
};

/* The owner: before handing the op to a start function. */
void arv__op_init(arv__op *op, arv__loop *loop, arv__op_cb callback, void *user_data);
/* The owner: asks the server to stop; no effect unless running. */
void arv__op_cancel(arv__op *op);
bool arv__op_running(const arv__op *op);
/* Returns true before the request begins, and from its callback on. */
bool arv__op_idle(const arv__op *op);
/* Cancels all requests of the loop. An engine or loop that closes calls it. */
void arv__ops_cancel(arv__loop *loop);

/* The server: accepts the request; `on_cancel` may be NULL. */
void arv__op_begin(arv__op *op, arv__op_cancel_cb on_cancel, void *server_data);
/* The server: gives the result. With status < 0 and err NULL the op uses the code's default sentence. */
void arv__op_complete(arv__op *op, int status, const arv_error *err);
/* The server: takes back arv__op_begin(), since the start failed. Nothing is called back. */
void arv__op_withdraw(arv__op *op);
/* [any] */
bool arv__op_cancel_asked(const arv__op *op);

#endif
