/* SPDX-License-Identifier: Apache-2.0 */

/*
 * One HTTP exchange: options for libcurl, bodies through the owner's callbacks, limits, and the
 * sentence of an error.
 *
 * libcurl's own limit for slow transfers runs while sending is paused, so a timer of ours limits a
 * stall. The transfer does not move the timer for each piece: when it fires, it looks at the time of the
 * last byte.
 */

#include "net/private.h"

#include <stdio.h>
#include <string.h>

#include <arv/sys/alloc.h>
#include "util/libraries.h"
#include "util/time.h"

/* ---- bodies ---------------------------------------------------------------------------------- */

static void transfer_moved(arv__transfer *t)
{
    t->moved_ns = arv__monotonic_ns();
}

/* [libcurl] */
static size_t transfer_send(char *into, size_t size, size_t count, void *user_data)
{
    arv__transfer *t = user_data;
    uint64_t left = t->send_bytes - t->sent_bytes;
    size_t room = size * count;
    transfer_moved(t);
    if (arv__op_cancel_asked(t->op))
        return CURL_READFUNC_ABORT;
    if (left == 0)
        return 0;
    size_t given = t->send(t, into, left < room ? (size_t)left : room);
    if (given == 0) {
        t->paused |= CURLPAUSE_SEND;
        return CURL_READFUNC_PAUSE;
    }
    t->sent_bytes += given;
    return given;
}

/* [libcurl] */
static size_t transfer_receive(char *data, size_t size, size_t count, void *user_data)
{
    arv__transfer *t = user_data;
    size_t length = size * count;
    transfer_moved(t);
    if (arv__op_cancel_asked(t->op))
        return CURL_WRITEFUNC_ERROR;
    if (t->receive && !t->receive(t, data, length)) {
        t->paused |= CURLPAUSE_RECV;
        return CURL_WRITEFUNC_PAUSE;
    }
    t->received_bytes += length;
    return length;
}

/* [libcurl] libcurl keeps headers itself; their arrival counts as movement. */
static size_t transfer_head(char *data, size_t size, size_t count, void *user_data)
{
    (void)data;
    transfer_moved(user_data);
    return size * count;
}

/* ---- the end --------------------------------------------------------------------------------- */

static int transfer_code(CURLcode result)
{
    switch (result) {
    case CURLE_URL_MALFORMAT:
    case CURLE_BAD_FUNCTION_ARGUMENT:
        return ARV_EINVALID;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
        return ARV_EACCESS;
    case CURLE_OPERATION_TIMEDOUT:
        return ARV_ETIMEOUT;
    case CURLE_OUT_OF_MEMORY:
        return ARV_ENOMEM;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
        return ARV_EOFFLINE;
    default:
        return ARV_EIO;
    }
}

static int transfer_fault(arv__transfer *t, CURLcode result, arv_error *err)
{
    int code = transfer_code(result);
    const char *told = t->told[0] ? t->told : curl_easy_strerror(result);
    switch (code) {
    case ARV_EACCESS:
        arv_error_set(err, code,
                      "The certificate of %s was not accepted: %s. Name the file of the authority that "
                      "signed it, or renew it.",
                      t->host, told);
        break;
    case ARV_EOFFLINE:
        arv_error_set(err, code,
                      "%s cannot be reached: %s. Look whether the server runs and the network "
                      "lets it be reached.",
                      t->host, told);
        break;
    case ARV_ETIMEOUT:
        arv_error_set(err, code, "%s took longer than its limit: %s.", t->host, told);
        break;
    default:
        arv_error_set(err, code, "A transfer with %s failed: %s.", t->host, told);
    }
    err->domain = ARV_DOMAIN_CURL;
    err->detail = (int64_t)result;
    arv_error_about(err, t->host);
    return code;
}

static void transfer_over(arv__transfer *t, CURLcode result)
{
    arv_error err;
    long status = 0;
    arv_error_clear(&err);
    arv__timer_stop(t->net->loop, &t->stall);
    if (result == CURLE_OK) {
        curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
        t->http_status = (int)status;
        arv__op_complete(t->op, 0, NULL);
    } else if (arv__op_cancel_asked(t->op)) {
        arv__op_complete(t->op, ARV_ECANCELED, NULL);
    } else if (t->stalled) {
        arv_error_set(&err, ARV_ETIMEOUT,
                      "%s neither sent nor took a byte for %u s. Look whether the server is overloaded or "
                      "the network loses packets.",
                      t->host, (t->stall_ms + 999) / 1000);
        arv_error_about(&err, t->host);
        arv__op_complete(t->op, ARV_ETIMEOUT, &err);
    } else {
        arv__op_complete(t->op, transfer_fault(t, result, &err), &err);
    }
}

/* ---- what the owner asks for ----------------------------------------------------------------- */

static void transfer_stall(arv__timer *timer)
{
    arv__transfer *t = timer->user_data;
    uint64_t still_ms = (arv__monotonic_ns() - t->moved_ns) / 1000000;
    if (t->paused)
        return; /* until it goes on */
    if (still_ms < t->stall_ms) {
        arv__timer_start(t->net->loop, timer, t->stall_ms - still_ms);
        return;
    }
    t->stalled = true;
    arv__net_look_soon(t->net);
}

static bool transfer_look(arv__transfer *t)
{
    if (arv__op_cancel_asked(t->op) || t->stalled)
        return false;
    if (t->resumed) {
        t->resumed = false;
        t->paused = 0;
        transfer_moved(t);
        arv__timer_start(t->net->loop, &t->stall, t->stall_ms);
        curl_easy_pause(t->easy, CURLPAUSE_CONT); /* may call receive, which may pause again */
    }
    return true;
}

void arv__transfer_resume(arv__transfer *t)
{
    if (!t->link || !t->paused)
        return;
    t->resumed = true;
    arv__net_look_soon(t->net);
}

static void transfer_cancel(arv__op *op, void *server_data)
{
    arv__transfer *t = server_data;
    (void)op;
    arv__net_look_soon(t->net);
}

/* ---- start ----------------------------------------------------------------------------------- */

/* Takes the host for sentences, and refuses parts that must not stand in a URL. */
static int transfer_check_url(arv__transfer *t, arv_error *err)
{
    char *host = NULL, *user = NULL, *scheme = NULL;
    CURLU *url = curl_url();
    if (!url)
        return arv_error_nomem(err, "a URL");
    CURLUcode rc = curl_url_set(url, CURLUPART_URL, t->url, 0);
    if (rc == CURLUE_OK)
        rc = curl_url_get(url, CURLUPART_HOST, &host, 0);
    if (rc == CURLUE_OK)
        rc = curl_url_get(url, CURLUPART_SCHEME, &scheme, 0);
    bool login = curl_url_get(url, CURLUPART_USER, &user, 0) == CURLUE_OK ||
                 curl_url_get(url, CURLUPART_PASSWORD, &user, 0) == CURLUE_OK;
    snprintf(t->host, sizeof t->host, "%s", host ? host : "");
    int status = 0;
    if (rc == CURLUE_OUT_OF_MEMORY)
        status = arv_error_nomem(err, "a URL");
    else if (login)
        status = arv_error_set(err, ARV_EINVALID, "A URL has a user name in it; give it apart.");
    else if (rc != CURLUE_OK || (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0))
        status =
            arv_error_set(err, ARV_EINVALID, "A URL does not begin with http:// or https:// and a host.");
    curl_free(host);
    curl_free(user);
    curl_free(scheme);
    curl_url_cleanup(url);
    return status;
}

static int transfer_add_header(struct curl_slist **list, const char *header, arv_error *err)
{
    if (strpbrk(header, "\r\n") || !strpbrk(header, ":;"))
        return arv_error_set(err, ARV_EINVALID, "A header of a request has no colon, or a line break.");
    struct curl_slist *longer = curl_slist_append(*list, header);
    if (!longer)
        return arv_error_nomem(err, "the headers of a request");
    *list = longer;
    return 0;
}

static int transfer_headers(arv__transfer *t, arv_error *err)
{
    struct curl_slist *list = NULL;
    int rc = 0;
    for (const char *const *header = t->headers; rc == 0 && header && *header; header++)
        rc = transfer_add_header(&list, *header, err);
    t->header_list = list;
    return rc;
}

/* The same for every transfer. */
static const struct {
    CURLoption option;
    long value;
} transfer_fixed[] = {
    {CURLOPT_NOSIGNAL, 1}, /* the process has one handler of SIGALRM, and it is not ours */
    {CURLOPT_FOLLOWLOCATION, 0},
    {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
    {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2}, /* or newer */
    {CURLOPT_SSL_VERIFYPEER, 1},
    {CURLOPT_SSL_VERIFYHOST, 2},
    {CURLOPT_BUFFERSIZE, ARV__TRANSFER_RECEIVE_BYTES},
};

static CURLcode transfer_set_fixed(CURL *easy)
{
    CURLcode rc = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    rc = rc ? rc : curl_easy_setopt(easy, CURLOPT_PROXY, ""); /* none of the environment */
    rc = rc ? rc : curl_easy_setopt(easy, CURLOPT_USERAGENT, "archivist/" ARV_VERSION);
    for (size_t i = 0; rc == CURLE_OK && i < sizeof transfer_fixed / sizeof transfer_fixed[0]; i++)
        rc = curl_easy_setopt(easy, transfer_fixed[i].option, transfer_fixed[i].value);
    return rc;
}

static CURLcode transfer_set_bodies(arv__transfer *t)
{
    CURL *easy = t->easy;
    CURLcode rc = curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, transfer_head);
    rc = rc ? rc : curl_easy_setopt(easy, CURLOPT_HEADERDATA, t);
    rc = rc ? rc : curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, transfer_receive);
    rc = rc ? rc : curl_easy_setopt(easy, CURLOPT_WRITEDATA, t);
    if (rc == CURLE_OK && t->send) {
        rc = curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
        rc = rc ? rc : curl_easy_setopt(easy, CURLOPT_READFUNCTION, transfer_send);
        rc = rc ? rc : curl_easy_setopt(easy, CURLOPT_READDATA, t);
        rc = rc ? rc : curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)t->send_bytes);
        rc = rc ? rc : curl_easy_setopt(easy, CURLOPT_UPLOAD_BUFFERSIZE, (long)ARV__TRANSFER_SEND_BYTES);
    } else if (rc == CURLE_OK && t->method && strcmp(t->method, "HEAD") == 0) {
        rc = curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    }
    return rc;
}

static CURLcode transfer_set(arv__transfer *t)
{
    CURL *easy = t->easy;
    CURLcode rc = transfer_set_fixed(easy);
    rc = rc ? rc : curl_easy_setopt(easy, CURLOPT_URL, t->url);
    rc = rc ? rc : curl_easy_setopt(easy, CURLOPT_PRIVATE, t);
    rc = rc ? rc : curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, t->told);
    rc = rc ? rc : curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, t->method);
    rc = rc ? rc : curl_easy_setopt(easy, CURLOPT_HTTPHEADER, (struct curl_slist *)t->header_list);
    rc = rc ? rc : curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)t->connect_ms);
    rc = rc ? rc : curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)t->total_ms);
    if (t->ca_file) {
        rc = rc ? rc : curl_easy_setopt(easy, CURLOPT_CAINFO, t->ca_file);
        rc = rc ? rc : curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
    return rc ? rc : transfer_set_bodies(t);
}

static int transfer_prepare(arv__transfer *t, arv_error *err)
{
    int rc = transfer_check_url(t, err);
    if (rc == 0)
        rc = transfer_headers(t, err);
    if (rc < 0)
        return rc;
    t->easy = curl_easy_init();
    if (!t->easy)
        return arv_error_nomem(err, "a transfer");
    CURLcode set = transfer_set(t);
    if (set != CURLE_OK)
        return transfer_fault(t, set, err);
    return arv__net_add(t->net, t, err);
}

static unsigned transfer_limit(unsigned given_ms, unsigned else_ms)
{
    return given_ms ? given_ms : else_ms;
}

void arv__transfer_start(arv__net *net, arv__transfer *t, arv__op *op)
{
    arv_error err;
    arv_error_clear(&err);
    arv__transfer_cleanup(t);
    t->net = net;
    t->op = op;
    t->connect_ms = transfer_limit(t->connect_ms, ARV__TRANSFER_CONNECT_MS);
    t->stall_ms = transfer_limit(t->stall_ms, ARV__TRANSFER_STALL_MS);
    t->total_ms = transfer_limit(t->total_ms, ARV__TRANSFER_TOTAL_MS);
    arv__op_begin(op, transfer_cancel, t);
    int rc = transfer_prepare(t, &err);
    if (rc < 0) {
        arv__op_complete(op, rc, &err);
        return;
    }
    t->stall = (arv__timer){.fire = transfer_stall, .user_data = t};
    transfer_moved(t);
    arv__timer_start(net->loop, &t->stall, t->stall_ms);
}

void arv__library_libcurl(arv_library *library)
{
    library->name = "libcurl";
    library->version = curl_version_info(CURLVERSION_NOW)->version;
}

const char *arv__transfer_header(const arv__transfer *t, const char *name)
{
    struct curl_header *header = NULL;
    if (!t->easy || curl_easy_header(t->easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK ||
        (header->index + 1 < header->amount &&
         curl_easy_header(t->easy, name, header->amount - 1, CURLH_HEADER, -1, &header) != CURLHE_OK))
        return NULL;
    return header->value;
}

void arv__transfer_cleanup(arv__transfer *t)
{
    if (t->easy)
        curl_easy_cleanup(t->easy);
    curl_slist_free_all(t->header_list);
    t->easy = t->header_list = NULL;
    t->http_status = 0;
    t->sent_bytes = t->received_bytes = 0;
    t->paused = 0;
    t->resumed = t->stalled = false;
    t->host[0] = t->told[0] = '\0';
}

int arv__net_new(arv__net **net, arv__loop *loop, arv_error *err)
{
    CURLcode rc = curl_global_init(CURL_GLOBAL_DEFAULT);
    *net = NULL;
    if (rc != CURLE_OK)
        return arv_error_set(err, rc == CURLE_OUT_OF_MEMORY ? ARV_ENOMEM : ARV_ESYSTEM,
                             "libcurl cannot be used here: %s.", curl_easy_strerror(rc));
    *net = arv_calloc(1, sizeof **net);
    if (!*net) {
        curl_global_cleanup();
        return arv_error_nomem(err, "connections");
    }
    (*net)->loop = loop;
    (*net)->over = transfer_over;
    (*net)->look = transfer_look;
    return 0;
}
