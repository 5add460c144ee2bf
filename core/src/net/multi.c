/* SPDX-License-Identifier: Apache-2.0 */

/*
 * libcurl's multi interface on the loop. libcurl names the sockets that it waits for, one timer, and,
 * after each call of curl_multi_socket_action(), the transfers that have ended.
 *
 * Almost no function of libcurl may be called inside one of its callbacks. So the transfer notes a
 * request of its owner (cancel, resume), and a letter of the loop carries it out.
 */

#include "net/private.h"

#include <arv/sys/alloc.h>

struct arv__net_socket {
    arv__watch watch;
    arv__net *net;
    struct arv__net_socket *next, **link;
};

/* ---- what is over ---------------------------------------------------------------------------- */

static void net_end(arv__net *net, arv__transfer *transfer, CURLcode result)
{
    curl_multi_remove_handle(net->multi, transfer->easy);
    *transfer->link = transfer->next;
    if (transfer->next)
        transfer->next->link = transfer->link;
    transfer->link = NULL;
    net->over(transfer, result);
}

static void socket_free(struct arv__net_socket *s)
{
    arv__watch_stop(&s->watch);
    *s->link = s->next;
    if (s->next)
        s->next->link = s->link;
    arv_free(s);
}

/* Forgets the sockets that libcurl watches; libcurl closes them. */
static void net_close(arv__net *net)
{
    if (!net->multi)
        return;
    curl_multi_setopt(net->multi, CURLMOPT_SOCKETFUNCTION, NULL);
    curl_multi_setopt(net->multi, CURLMOPT_TIMERFUNCTION, NULL);
    while (net->sockets)
        socket_free(net->sockets);
    arv__timer_stop(net->loop, &net->timer);
    curl_multi_cleanup(net->multi);
    net->multi = NULL;
    net->failed = false;
}

/* After a callback of ours has failed, libcurl is of no further use: ends every transfer; the next one
 * begins with a new handle. */
static void net_give_up(arv__net *net)
{
    while (net->transfers)
        net_end(net, net->transfers, CURLE_OUT_OF_MEMORY);
    net_close(net);
}

static void net_act(arv__net *net, curl_socket_t socket, int events)
{
    int running, left;
    CURLMcode rc = curl_multi_socket_action(net->multi, socket, events, &running);
    if (rc != CURLM_OK)
        net->failed = true;
    for (CURLMsg *message; (message = curl_multi_info_read(net->multi, &left));) {
        arv__transfer *transfer = NULL;
        CURLcode result = message->data.result; /* the message is gone with the handle */
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
        net_end(net, transfer, result);
    }
    if (net->failed)
        net_give_up(net);
}

static void net_settle(arv__mail *mail)
{
    arv__net *net = mail->user_data;
    net->settling = false;
    if (net->failed)
        net_give_up(net);
    for (arv__transfer *transfer = net->transfers, *next; transfer; transfer = next) {
        next = transfer->next;
        if (!net->look(transfer))
            net_end(net, transfer, CURLE_ABORTED_BY_CALLBACK);
    }
}

void arv__net_look_soon(arv__net *net)
{
    if (net->settling)
        return;
    net->settling = true;
    arv__loop_post(net->loop, &net->settle);
}

/* ---- what libcurl asks for ------------------------------------------------------------------- */

static void socket_ready(arv__watch *watch, unsigned events)
{
    struct arv__net_socket *s = watch->user_data;
    int asked = 0;
    if (events & ARV__WATCH_READ)
        asked |= CURL_CSELECT_IN;
    if (events & ARV__WATCH_WRITE)
        asked |= CURL_CSELECT_OUT;
    if (events & ARV__WATCH_ERROR)
        asked |= CURL_CSELECT_ERR;
    net_act(s->net, watch->fd, asked); /* may free the socket */
}

static struct arv__net_socket *socket_new(arv__net *net, curl_socket_t fd)
{
    struct arv__net_socket *s = arv_calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->net = net;
    s->watch.ready = socket_ready;
    s->watch.user_data = s;
    s->next = net->sockets;
    s->link = &net->sockets;
    if (s->next)
        s->next->link = &s->next;
    net->sockets = s;
    curl_multi_assign(net->multi, fd, s);
    return s;
}

/* [libcurl] When it returns another value than 0, libcurl fails all transfers. Our caller does the rest. */
static int net_socket(CURL *easy, curl_socket_t fd, int what, void *user_data, void *socket_data)
{
    arv__net *net = user_data;
    struct arv__net_socket *s = socket_data;
    unsigned events =
        (what & CURL_POLL_IN ? ARV__WATCH_READ : 0u) | (what & CURL_POLL_OUT ? ARV__WATCH_WRITE : 0u);
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        if (s) {
            curl_multi_assign(net->multi, fd, NULL);
            socket_free(s);
        }
        return 0;
    }
    if ((s || (s = socket_new(net, fd))) && arv__watch_start(net->loop, &s->watch, fd, events, NULL) == 0)
        return 0;
    net->failed = true;
    arv__net_look_soon(net);
    return -1;
}

static void timer_fired(arv__timer *timer)
{
    net_act(timer->user_data, CURL_SOCKET_TIMEOUT, 0);
}

/* [libcurl] */
static int net_timer(CURLM *multi, long timeout_ms, void *user_data)
{
    arv__net *net = user_data;
    (void)multi;
    if (timeout_ms < 0)
        arv__timer_stop(net->loop, &net->timer);
    else
        arv__timer_start(net->loop, &net->timer, (uint64_t)timeout_ms);
    return 0;
}

/* ---- life ------------------------------------------------------------------------------------ */

static int net_open(arv__net *net, arv_error *err)
{
    if (net->multi)
        return 0;
    net->settle = (arv__mail){.deliver = net_settle, .user_data = net};
    net->timer = (arv__timer){.fire = timer_fired, .user_data = net};
    net->multi = curl_multi_init();
    if (!net->multi)
        return arv_error_nomem(err, "connections");
    curl_multi_setopt(net->multi, CURLMOPT_SOCKETFUNCTION, net_socket);
    curl_multi_setopt(net->multi, CURLMOPT_SOCKETDATA, net);
    curl_multi_setopt(net->multi, CURLMOPT_TIMERFUNCTION, net_timer);
    curl_multi_setopt(net->multi, CURLMOPT_TIMERDATA, net);
    return 0;
}

int arv__net_add(arv__net *net, arv__transfer *transfer, arv_error *err)
{
    int rc = net_open(net, err);
    if (rc < 0)
        return rc;
    CURLMcode added = curl_multi_add_handle(net->multi, transfer->easy);
    if (added != CURLM_OK) {
        rc = arv_error_set(err, ARV_ENOMEM, "A transfer cannot begin: %s.", curl_multi_strerror(added));
        err->domain = ARV_DOMAIN_CURL;
        return rc;
    }
    transfer->next = net->transfers;
    transfer->link = &net->transfers;
    if (transfer->next)
        transfer->next->link = &transfer->next;
    net->transfers = transfer;
    return 0;
}

void arv__net_free(arv__net *net)
{
    if (!net)
        return;
    net_close(net);
    arv_free(net);
    curl_global_cleanup();
}

void arv__net_abandon(arv__net *net)
{
    while (net->sockets)
        socket_free(net->sockets);
    arv__timer_stop(net->loop, &net->timer);
    arv_free(net);
}
