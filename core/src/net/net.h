/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_NET_NET_H
#define ARV_NET_NET_H

/*
 * Transfers over the network: libcurl's multi interface on the loop's watches and timers. No
 * transfer has a thread; libcurl starts one to resolve a name.
 *
 * arv__net holds the connections that transfers share; an engine has one. arv__transfer is one HTTP
 * exchange, served as an arv__op (loop/op.h). It completes once, from the loop: with 0 if the server
 * answered, with whatever status, or with the error that kept it from answering.
 *
 * Bodies flow through two callbacks of the owner. Each may give or take nothing now: then the transfer
 * pauses until arv__transfer_resume(), and no limit but the total one runs.
 *
 * Every transfer uses TLS 1.2 or newer and HTTP/1.1, and verifies certificate and name. It follows no
 * redirect, takes no proxy from the environment, reads no .netrc and keeps no cookies.
 *
 * Ownership: a transfer is embedded in its owner, zeroed before its first use, and must stay valid
 *   until its op has completed; then arv__transfer_cleanup().
 * Threading: loop thread only. Never blocks, but for the first arv__net_new() of a process, which reads
 *   the configuration of OpenSSL.
 * Errors: ARV_EINVALID (URL, header), ARV_EOFFLINE (name, connection, answer cut off), ARV_EACCESS
 *   (certificate), ARV_ETIMEOUT, ARV_ECANCELED, ARV_ENOMEM, ARV_EIO. The sentence names the host and never
 *   the path or the query of the URL. `domain` is ARV_DOMAIN_CURL and `detail` the CURLcode.
 * Memory: a transfer holds at most ARV__TRANSFER_RECEIVE_BYTES + ARV__TRANSFER_SEND_BYTES (where it
 *   sends a body) besides the memory of TLS (some 50 KiB). libcurl allocates by itself, not by
 *   arv/sys/alloc.h, since other code of the process may use it too.
 */

#include "loop/op.h"

typedef struct arv__net arv__net;
typedef struct arv__transfer arv__transfer;

enum {
    ARV__TRANSFER_RECEIVE_BYTES = 64 << 10,
    ARV__TRANSFER_SEND_BYTES = 512 << 10,
    ARV__TRANSFER_HOST_BYTES = 256, /* of the host in a sentence, with the terminator */
    /* The limits of a transfer that sets none. */
    ARV__TRANSFER_CONNECT_MS = 30000,
    ARV__TRANSFER_STALL_MS = 60000,
    ARV__TRANSFER_TOTAL_MS = 24 * 3600 * 1000
};

/* ARV_ENOMEM, ARV_ESYSTEM (libcurl could not be initialised). The loop must outlive it. */
int arv__net_new(arv__net **net, arv__loop *loop, arv_error *err);
/* Closes all connections. No transfer may be under way. Accepts NULL. */
void arv__net_free(arv__net *net);
/* In the child of a fork, before arv__loop_abandon(): closes no connection, since that would end the
 * parent's TLS sessions. The memory of libcurl stays allocated. Transfers never complete. */
void arv__net_abandon(arv__net *net);

struct arv__transfer {
    /* The owner sets these before start; the start copies them all. */
    const char *url;                         /* http or https, without user info */
    const char *method;                      /* NULL: GET, or PUT with a body */
    const char *const *headers;              /* "Name: value", ended by NULL; or NULL */
    const char *ca_file;                     /* PEM; NULL: the certificates of the system */
    uint64_t send_bytes;                     /* length of the body, if there is `send` */
    unsigned connect_ms, stall_ms, total_ms; /* 0: the constant above */
    /* Copies up to `room` bytes of the body and returns how many; 0 pauses. NULL: no body. */
    size_t (*send)(arv__transfer *transfer, void *into, size_t room);
    /* Takes all of the bytes and returns true, or takes none and returns false: that pauses, and the
     * same bytes come again. NULL: the transfer drops the answer's body. */
    bool (*receive)(arv__transfer *transfer, const void *data, size_t length);
    void *user_data;
    /* Results, valid from completion until the next start or cleanup. */
    int http_status;
    uint64_t sent_bytes, received_bytes;
    /* private */
    arv__net *net;
    arv__op *op;
    arv__transfer *next, **link; /* among those under way */
    void *easy, *header_list;
    arv__timer stall;
    uint64_t moved_ns; /* when the last byte went or came */
    unsigned paused;   /* bits of libcurl */
    bool resumed, stalled;
    char host[ARV__TRANSFER_HOST_BYTES], told[256];
};

/* Begins the transfer; serves `op` and sets its on_cancel. The op reports a wrong URL, too. */
void arv__transfer_start(arv__net *net, arv__transfer *transfer, arv__op *op);
/* Goes on after `send` returned 0 or `receive` false. Never calls back inside. */
void arv__transfer_resume(arv__transfer *transfer);
/* Returns the value of a header of the answer, the last one if there are several; NULL without one.
 * Valid as long as the results are. */
const char *arv__transfer_header(const arv__transfer *transfer, const char *name);
/* Frees the results. Accepts a zeroed one; must not be called while the transfer is under way. */
void arv__transfer_cleanup(arv__transfer *transfer);

#endif
