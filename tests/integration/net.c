/* SPDX-License-Identifier: Apache-2.0 */

/* Transfers with a real server, and with sockets that behave as no server should. */

#include "test.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <arv/sys/alloc.h>
#include "alloc_fail.h"
#include "net/net.h"
#include "util/time.h"
#include "web_server.h"

enum { LONG_MS = 60000, BODY = 3 * 1024 * 1024 + 7, LARGE = 64 * 1024 * 1024 };

typedef struct fetching {
    arv__transfer transfer;
    arv__op op;
    unsigned char *got;
    const unsigned char *give;
    size_t length, room;
    int called, status;
    unsigned pauses;   /* how many pieces are refused first, each way … */
    unsigned pause_ms; /* … for how long */
    bool cancels;      /* at the first byte of a body */
    arv__timer timer;
    char message[ARV_ERROR_MESSAGE_BYTES], url[200];
} fetching;

static arv_error err;
static arv__loop *loop;
static arv__net *net;
static web_server server;

static void fetching_done(arv__op *op, int status, const arv_error *error)
{
    fetching *f = op->user_data;
    f->called++;
    f->status = status;
    snprintf(f->message, sizeof f->message, "%s", error->message);
}

static void fetching_goes_on(arv__timer *timer)
{
    fetching *f = timer->user_data;
    arv__transfer_resume(&f->transfer);
}

static bool fetching_pauses(fetching *f)
{
    if (f->cancels)
        arv__op_cancel(&f->op);
    if (f->pauses == 0)
        return false;
    f->pauses--;
    f->timer = (arv__timer){.fire = fetching_goes_on, .user_data = f};
    arv__timer_start(loop, &f->timer, f->pause_ms);
    return true;
}

static bool fetching_receive(arv__transfer *transfer, const void *data, size_t length)
{
    fetching *f = transfer->user_data;
    if (fetching_pauses(f))
        return false;
    CHECK(length <= ARV__TRANSFER_RECEIVE_BYTES);
    CHECK(f->length + length <= f->room);
    memcpy(f->got + f->length, data, length);
    f->length += length;
    return true;
}

static size_t fetching_send(arv__transfer *transfer, void *into, size_t room)
{
    fetching *f = transfer->user_data;
    if (fetching_pauses(f))
        return 0;
    CHECK(room <= ARV__TRANSFER_SEND_BYTES);
    memcpy(into, f->give + transfer->sent_bytes, room);
    return room;
}

static void fetching_init(fetching *f, const char *scheme, int port, const char *path)
{
    memset(f, 0, sizeof *f);
    f->room = BODY;
    f->got = malloc(f->room);
    CHECK(f->got);
    snprintf(f->url, sizeof f->url, "%s://127.0.0.1:%d/%s", scheme, port, path);
    f->transfer.url = f->url;
    f->transfer.receive = fetching_receive;
    f->transfer.user_data = f;
    arv__op_init(&f->op, loop, fetching_done, f);
}

static void fetching_start(fetching *f)
{
    arv__transfer_start(net, &f->transfer, &f->op);
    CHECK_INT(f->called, 0);
}

static int fetching_wait(fetching *f)
{
    while (!f->called)
        CHECK(arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS) || f->called);
    return f->status;
}

static int fetching_run(fetching *f)
{
    fetching_start(f);
    return fetching_wait(f);
}

static void fetching_free(fetching *f)
{
    CHECK_INT(f->called, 1);
    arv__transfer_cleanup(&f->transfer);
    free(f->got);
}

static void give(fetching *f, const void *data, size_t length)
{
    f->give = data;
    f->transfer.send = fetching_send;
    f->transfer.send_bytes = length;
}

static void start(void)
{
    CHECK_OK(arv__loop_new(&loop, &err), &err);
    CHECK_OK(arv__net_new(&net, loop, &err), &err);
}

static unsigned char *start_with_file(void)
{
    unsigned char *data = malloc(BODY);
    CHECK(data);
    test_fill_random(data, BODY, 7);
    web_server_start(&server);
    test_write_file(test_path("web/root/file"), data, BODY);
    start();
    return data;
}

/* Nothing is under way: the loop would return at once, and does not wait for sockets kept open. */
static void end(void)
{
    while (arv__loop_run(loop, ARV__LOOP_POLL, 0))
        ;
    CHECK(!arv__loop_busy(loop));
    arv__net_free(net);
    CHECK(!arv__loop_busy(loop));
    arv__loop_free(loop);
}

static int count_threads(void)
{
    return test_count_dir("/proc/self/task");
}

TEST(net_gets_a_file_whole)
{
    unsigned char *data = start_with_file();
    fetching f;
    fetching_init(&f, "http", server.port, "file");
    CHECK_INT(fetching_run(&f), 0);
    CHECK_INT(f.transfer.http_status, 200);
    CHECK_INT(f.length, BODY);
    CHECK_INT(f.transfer.received_bytes, BODY);
    CHECK_MEM(f.got, data, BODY);
    CHECK_STR(arv__transfer_header(&f.transfer, "content-length"), "3145735");
    CHECK_STR(arv__transfer_header(&f.transfer, "X-Twice"), "two");
    CHECK(!arv__transfer_header(&f.transfer, "X-Never"));
    fetching_free(&f);
    free(data);
    end();
}

TEST(net_puts_a_body_and_pauses_both_ways)
{
    unsigned char *data = start_with_file();
    fetching put, get;
    size_t length;
    fetching_init(&put, "http", server.port, "new");
    give(&put, data, BODY);
    put.pauses = 5;
    CHECK_INT(fetching_run(&put), 0);
    CHECK_INT(put.transfer.http_status, 201);
    CHECK_INT(put.transfer.sent_bytes, BODY);
    char *stored = test_read_file(test_path("web/root/new"), &length);
    CHECK_INT(length, BODY);
    CHECK_MEM(stored, data, BODY);
    free(stored);
    fetching_init(&get, "http", server.port, "new");
    get.pauses = 5;
    CHECK_INT(fetching_run(&get), 0);
    CHECK_INT(get.length, BODY);
    CHECK_MEM(get.got, data, BODY);
    fetching_free(&put);
    fetching_free(&get);
    free(data);
    end();
}

/* A busy machine may move nothing for a while, so the limit is long, and both ways wait at once. */
TEST(net_pausing_is_not_stalling)
{
    unsigned char *data = start_with_file();
    fetching get, put;
    fetching_init(&get, "http", server.port, "file");
    fetching_init(&put, "http", server.port, "new");
    give(&put, data, BODY);
    get.transfer.stall_ms = put.transfer.stall_ms = 1500;
    get.pauses = put.pauses = 1;
    get.pause_ms = put.pause_ms = 2000;
    fetching_start(&get);
    fetching_start(&put);
    CHECK_INT(fetching_wait(&get), 0);
    CHECK_INT(fetching_wait(&put), 0);
    CHECK_INT(get.length, BODY);
    CHECK_INT(put.transfer.http_status, 201);
    fetching_free(&get);
    fetching_free(&put);
    free(data);
    end();
}

/* The server has logged two transfers, both over one connection. */
static void check_one_connection(void)
{
    unsigned first, second;
    char *log = test_read_file(server.log, NULL);
    CHECK_INT(sscanf(log, "%u GET /file 200\n%u GET /file 200\n", &first, &second), 2);
    CHECK_INT(first, second);
    free(log);
}

static void get_over_tls(void)
{
    fetching f;
    fetching_init(&f, "https", server.tls_port, "file");
    f.transfer.ca_file = server.ca_file;
    CHECK_INT(fetching_run(&f), 0);
    fetching_free(&f);
}

TEST(net_keeps_a_connection_for_the_next_transfer)
{
    unsigned char *data = start_with_file();
    for (int i = 0; i < 2; i++) {
        get_over_tls();
        CHECK(!arv__loop_run(loop, ARV__LOOP_POLL, 0));
    }
    end();
    check_one_connection();
    free(data);
}

TEST(net_serves_many_at_once_without_threads)
{
    enum { MANY = 60 };
    unsigned char *data = start_with_file();
    static fetching f[MANY];
    int threads = count_threads();
    for (int i = 0; i < MANY; i++) {
        fetching_init(&f[i], "http", server.port, "file");
        fetching_start(&f[i]);
    }
    for (int i = 0; i < MANY; i++) {
        CHECK_SCENE("transfer %d", i);
        CHECK_INT(fetching_wait(&f[i]), 0);
        CHECK_INT(f[i].length, BODY);
        CHECK_MEM(f[i].got, data, BODY);
        CHECK_INT(count_threads(), threads);
        fetching_free(&f[i]);
    }
    free(data);
    end();
}

TEST(net_tells_the_status_and_follows_no_redirect)
{
    unsigned char *data = start_with_file();
    fetching f;
    fetching_init(&f, "http", server.port, "redirect");
    CHECK_INT(fetching_run(&f), 0);
    CHECK_INT(f.transfer.http_status, 302);
    fetching_free(&f);
    fetching_init(&f, "http", server.port, "nothing");
    f.transfer.receive = NULL;
    CHECK_INT(fetching_run(&f), 0);
    CHECK_INT(f.transfer.http_status, 404);
    fetching_free(&f);
    fetching_init(&f, "http", server.port, "file");
    f.transfer.method = "HEAD";
    CHECK_INT(fetching_run(&f), 0);
    CHECK_INT(f.transfer.http_status, 200);
    CHECK_INT(f.length, 0);
    fetching_free(&f);
    fetching_init(&f, "http", server.port, "file");
    f.transfer.method = "DELETE";
    CHECK_INT(fetching_run(&f), 0);
    CHECK_INT(f.transfer.http_status, 204);
    CHECK(!test_exists(test_path("web/root/file")));
    fetching_free(&f);
    free(data);
    end();
}

TEST(net_takes_no_proxy_from_the_environment)
{
    unsigned char *data = start_with_file();
    fetching f;
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("all_proxy", "http://127.0.0.1:1", 1);
    fetching_init(&f, "http", server.port, "file");
    CHECK_INT(fetching_run(&f), 0);
    fetching_free(&f);
    free(data);
    end();
}

TEST(net_refuses_a_certificate_that_it_does_not_know)
{
    unsigned char *data = start_with_file();
    fetching f;
    fetching_init(&f, "https", server.tls_port, "secret-path?secret-query");
    CHECK_INT(fetching_run(&f), ARV_EACCESS);
    CHECK_HAS(f.message, "The certificate of 127.0.0.1 was not accepted");
    CHECK(!strstr(f.message, "secret"));
    fetching_free(&f);
    fetching_init(&f, "https", server.tls_port, "file");
    f.transfer.ca_file = server.ca_file;
    snprintf(f.url, sizeof f.url, "https://localhost:%d/file", server.tls_port);
    CHECK_INT(fetching_run(&f), ARV_EACCESS); /* the certificate's name is another one */
    CHECK_HAS(f.message, "localhost");
    fetching_free(&f);
    fetching_init(&f, "https", server.tls_port, "file");
    f.transfer.ca_file = "/no/such/file";
    CHECK_INT(fetching_run(&f), ARV_EACCESS);
    fetching_free(&f);
    free(data);
    end();
}

TEST(net_tells_that_a_server_cannot_be_reached)
{
    fetching f;
    int port, fd = web_listen(&port);
    close(fd);
    start();
    fetching_init(&f, "http", port, "secret-path");
    CHECK_INT(fetching_run(&f), ARV_EOFFLINE);
    CHECK_HAS(f.message, "127.0.0.1 cannot be reached: ");
    CHECK(!strstr(f.message, "secret"));
    fetching_free(&f);
    end();
}

TEST(net_refuses_what_must_not_stand_in_a_request)
{
    static const struct {
        const char *url, *header, *part;
    } bad[] = {
        {"http://user:secret@127.0.0.1/", NULL, "user name"},
        {"http://user@127.0.0.1/", NULL, "user name"},
        {"ftp://127.0.0.1/", NULL, "http:// or https://"},
        {"file:///etc/passwd", NULL, "http:// or https://"},
        {"http://", NULL, "and a host"},
        {"", NULL, "and a host"},
        {"http://127.0.0.1/", "X: a\r\nsecret: b", "line break"},
        {"http://127.0.0.1/", "secret", "no colon"},
    };
    start();
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        CHECK_SCENE("case %zu", i);
        const char *headers[] = {bad[i].header, NULL};
        fetching f;
        fetching_init(&f, "http", 1, "");
        f.transfer.url = bad[i].url;
        f.transfer.headers = headers;
        CHECK_INT(fetching_run(&f), ARV_EINVALID);
        CHECK_HAS(f.message, bad[i].part);
        CHECK(!strstr(f.message, "secret"));
        fetching_free(&f);
    }
    end();
}

TEST(net_sends_the_headers_that_it_was_given)
{
    static const char *const headers[] = {"Range: bytes=2-5", NULL};
    unsigned char *data = start_with_file();
    fetching f;
    fetching_init(&f, "http", server.port, "file");
    f.transfer.headers = headers;
    CHECK_INT(fetching_run(&f), 0);
    CHECK_INT(f.transfer.http_status, 206);
    CHECK_INT(f.length, 4);
    CHECK_MEM(f.got, data + 2, 4);
    fetching_free(&f);
    free(data);
    end();
}

/* The kernel takes the connection; nobody ever reads from it. */
TEST(net_ends_a_transfer_that_stalls)
{
    int port, fd = web_listen(&port);
    fetching f;
    start();
    fetching_init(&f, "http", port, "");
    f.transfer.stall_ms = 30;
    CHECK_INT(fetching_run(&f), ARV_ETIMEOUT);
    CHECK_HAS(f.message, "127.0.0.1 neither sent nor took a byte");
    fetching_free(&f);
    fetching_init(&f, "http", port, "");
    f.transfer.total_ms = 30;
    CHECK_INT(fetching_run(&f), ARV_ETIMEOUT);
    CHECK_HAS(f.message, "127.0.0.1 took longer than its limit");
    fetching_free(&f);
    close(fd);
    end();
}

TEST(net_tells_that_an_answer_was_cut_off)
{
    static const char half[] = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf";
    int port, fd = web_listen(&port);
    fetching f;
    start();
    pid_t pid = fork();
    if (pid == 0) {
        char asked[1024];
        int other = accept(fd, NULL, NULL);
        ssize_t n = read(other, asked, sizeof asked);
        _exit(n > 0 && write(other, half, sizeof half - 1) == sizeof half - 1 ? 0 : 1);
    }
    fetching_init(&f, "http", port, "");
    CHECK_INT(fetching_run(&f), ARV_EOFFLINE);
    CHECK_INT(f.length, 4);
    fetching_free(&f);
    CHECK_CHILD(pid);
    close(fd);
    end();
}

/* The file is larger than what the kernel holds on the way. */
TEST(net_tells_that_its_server_died)
{
    unsigned char *data = start_with_file();
    fetching f;
    CHECK_INT(truncate(test_path("web/root/file"), LARGE), 0);
    fetching_init(&f, "http", server.port, "file");
    f.room = LARGE;
    f.got = realloc(f.got, f.room);
    CHECK(f.got);
    f.pauses = 1;
    f.pause_ms = LONG_MS;
    fetching_start(&f);
    while (f.pauses)
        CHECK(arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS) && !f.called);
    web_server_kill(&server);
    arv__timer_stop(loop, &f.timer);
    arv__transfer_resume(&f.transfer);
    CHECK_INT(fetching_wait(&f), ARV_EOFFLINE);
    CHECK(f.length < LARGE);
    fetching_free(&f);
    free(data);
    end();
}

/* After each number of turns; a transfer that is done by then does not mind. */
TEST(net_cancels_after_any_turn)
{
    unsigned char *data = start_with_file();
    int canceled = 0;
    for (int turns = 0, whole = 0; !whole; turns++) {
        CHECK_SCENE("turn %d", turns);
        fetching f;
        fetching_init(&f, "https", server.tls_port, "file");
        f.transfer.ca_file = server.ca_file;
        f.pauses = 8;
        f.pause_ms = 1;
        fetching_start(&f);
        for (int i = 0; i < turns && !f.called; i++)
            arv__loop_run(loop, ARV__LOOP_ONCE, LONG_MS);
        whole = f.called;
        arv__op_cancel(&f.op);
        int called = f.called;
        fetching_wait(&f);
        CHECK(f.status == (called ? 0 : ARV_ECANCELED) || f.status == 0);
        canceled += f.status == ARV_ECANCELED;
        arv__timer_stop(loop, &f.timer);
        fetching_free(&f);
    }
    CHECK(canceled > 5);
    free(data);
    end();
}

TEST(net_cancels_from_inside_a_body)
{
    unsigned char *data = start_with_file();
    for (int pauses = 0; pauses < 2; pauses++) {
        CHECK_SCENE("pauses %d", pauses);
        fetching f;
        fetching_init(&f, "http", server.port, "file");
        f.cancels = true;
        f.pauses = (unsigned)pauses;
        CHECK_INT(fetching_run(&f), ARV_ECANCELED);
        fetching_free(&f);
        arv__timer_stop(loop, &f.timer);
        fetching_init(&f, "http", server.port, "new");
        give(&f, data, BODY);
        f.cancels = true;
        f.pauses = (unsigned)pauses;
        CHECK_INT(fetching_run(&f), ARV_ECANCELED);
        fetching_free(&f);
        arv__timer_stop(loop, &f.timer);
    }
    free(data);
    end();
}

TEST(net_transfers_end_with_their_loop)
{
    int port, fd = web_listen(&port);
    fetching f;
    start();
    fetching_init(&f, "http", port, "");
    fetching_start(&f);
    arv__loop_run(loop, ARV__LOOP_POLL, 0);
    CHECK(arv__loop_busy(loop));
    arv__op_cancel(&f.op);
    CHECK_INT(fetching_wait(&f), ARV_ECANCELED);
    fetching_free(&f);
    close(fd);
    end();
}

static fetching next;

static void next_starts(arv__op *op, int status, const arv_error *error)
{
    fetching *f = op->user_data;
    fetching_done(op, status, error);
    arv__transfer_cleanup(&f->transfer);
    fetching_init(&next, "http", server.port, "file");
    fetching_start(&next);
}

TEST(net_transfer_may_be_freed_and_another_begun_where_it_is_done)
{
    unsigned char *data = start_with_file();
    fetching f;
    fetching_init(&f, "http", server.port, "file");
    arv__op_init(&f.op, loop, next_starts, &f);
    CHECK_INT(fetching_run(&f), 0);
    CHECK_INT(fetching_wait(&next), 0);
    CHECK_INT(next.length, BODY);
    fetching_free(&f);
    fetching_free(&next);
    free(data);
    end();
}

static int count_descriptors(void)
{
    return test_count_dir("/proc/self/fd");
}

TEST(net_gives_back_every_descriptor)
{
    unsigned char *data = start_with_file();
    end();
    int before = count_descriptors();
    start();
    for (int i = 0; i < 3; i++) {
        fetching f;
        fetching_init(&f, i % 2 ? "https" : "http", i % 2 ? server.tls_port : server.port, "file");
        f.transfer.ca_file = server.ca_file;
        CHECK_INT(fetching_run(&f), 0);
        fetching_free(&f);
    }
    CHECK(count_descriptors() > before);
    end();
    CHECK_INT(count_descriptors(), before);
    free(data);
}

TEST(net_child_of_a_fork_leaves_connections_to_the_parent)
{
    unsigned char *data = start_with_file();
    for (int i = 0; i < 2; i++) {
        get_over_tls();
        if (i == 0) {
            pid_t pid = fork();
            if (pid == 0) {
                arv__net_abandon(net);
                arv__loop_abandon(loop);
                _exit(0);
            }
            CHECK_CHILD(pid);
        }
    }
    end();
    check_one_connection();
    free(data);
}

static void gets_twice(void *ud, bool must_succeed)
{
    fetching f;
    (void)ud;
    if (arv__loop_new(&loop, &err) < 0) {
        CHECK_INT(err.code, ARV_ENOMEM);
        return;
    }
    if (arv__net_new(&net, loop, &err) < 0) {
        CHECK_INT(err.code, ARV_ENOMEM);
        arv__loop_free(loop);
        return;
    }
    fetching_init(&f, "http", server.port, "file");
    int status = fetching_run(&f);
    CHECK(status == 0 || (!must_succeed && status == ARV_ENOMEM));
    fetching_free(&f);
    if (status < 0) { /* the failure was that one: the next one finds everything as new */
        fetching_init(&f, "http", server.port, "file");
        CHECK_INT(fetching_run(&f), 0);
        fetching_free(&f);
    }
    end();
}

TEST(net_survives_every_failed_allocation)
{
    unsigned char *data = start_with_file();
    end();
    CHECK(test_each_allocation(gets_twice, NULL) >= 3);
    free(data);
}
