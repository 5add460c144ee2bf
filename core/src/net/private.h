/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_NET_PRIVATE_H
#define ARV_NET_PRIVATE_H

/* Between multi.c and transfer.c: only these two know libcurl. */

#include <curl/curl.h>

#include "loop/watch.h"
#include "net/net.h"

struct arv__net {
    arv__loop *loop;
    CURLM *multi; /* NULL until the first transfer, and after libcurl gave it up */
    arv__timer timer;
    arv__mail settle; /* makes the loop look at the transfers */
    bool settling, failed;
    arv__transfer *transfers;
    struct arv__net_socket *sockets; /* those watched now */
    /* The transfer has ended, with 0 or a CURLcode, and libcurl no longer has it. */
    void (*over)(arv__transfer *transfer, CURLcode result);
    /* Does what the owner asked for meanwhile; returns false once the transfer is to end. */
    bool (*look)(arv__transfer *transfer);
};

/* Gives transfer->easy to libcurl. After success `over` comes once, from the loop. */
int arv__net_add(arv__net *net, arv__transfer *transfer, arv_error *err);
/* Makes the loop call `look` soon for all transfers that are under way. */
void arv__net_look_soon(arv__net *net);

#endif
