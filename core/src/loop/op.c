/* SPDX-License-Identifier: Apache-2.0 */
#include "loop/private.h"

#include <string.h>

enum { OP_IDLE = 0, OP_RUNNING, OP_COMPLETING };

void arv__op_init(arv__op *op, arv__loop *loop, arv__op_cb callback, void *user_data)
{
    memset(op, 0, sizeof *op);
    op->loop = loop;
    op->callback = callback;
    op->user_data = user_data;
}

void arv__op_begin(arv__op *op, arv__op_cancel_cb on_cancel, void *server_data)
{
    if (op->state != OP_IDLE)
        arv__loop_defect("a request was begun while it is under way");
    op->state = OP_RUNNING;
    op->on_cancel = on_cancel;
    op->server_data = server_data;
    __atomic_store_n(&op->cancel_asked, 0, __ATOMIC_RELAXED);
    op->next = op->loop->ops;
    op->link = &op->loop->ops;
    if (op->next)
        op->next->link = &op->next;
    op->loop->ops = op;
}

static void op_unlist(arv__op *op)
{
    *op->link = op->next;
    if (op->next)
        op->next->link = op->link;
    op->state = OP_IDLE;
}

/* Copies the error to the stack: the callback may free the request or start it again. */
static void op_deliver(arv__mail *mail)
{
    arv__op *op = mail->user_data;
    int status = op->status;
    arv_error error = {0};
    if (status < 0)
        error = op->error;
    op_unlist(op);
    op->callback(op, status, &error);
}

void arv__op_complete(arv__op *op, int status, const arv_error *err)
{
    if (op->state != OP_RUNNING)
        arv__loop_defect("a request was completed that is not running");
    op->state = OP_COMPLETING;
    op->status = status;
    if (status < 0 && err && err->code == status)
        op->error = *err;
    else if (status < 0)
        arv_error_set(&op->error, status, "%s", arv_error_text(status));
    op->mail.deliver = op_deliver;
    op->mail.user_data = op;
    arv__loop_post(op->loop, &op->mail);
}

void arv__op_withdraw(arv__op *op)
{
    if (op->state == OP_RUNNING)
        op_unlist(op);
}

void arv__op_cancel(arv__op *op)
{
    if (op->state != OP_RUNNING || op->cancel_asked)
        return;
    __atomic_store_n(&op->cancel_asked, 1, __ATOMIC_RELAXED);
    if (op->on_cancel)
        op->on_cancel(op, op->server_data);
}

bool arv__op_running(const arv__op *op)
{
    return op->state == OP_RUNNING;
}

bool arv__op_idle(const arv__op *op)
{
    return op->state == OP_IDLE;
}

/* Begins again after each one, since cancelling a request may end others. */
void arv__ops_cancel(arv__loop *loop)
{
    arv__op *op = loop->ops;
    while (op) {
        if (arv__op_running(op) && !op->cancel_asked) {
            arv__op_cancel(op);
            op = loop->ops;
        } else {
            op = op->next;
        }
    }
}

bool arv__op_cancel_asked(const arv__op *op)
{
    return __atomic_load_n(&op->cancel_asked, __ATOMIC_RELAXED);
}
