/* SPDX-License-Identifier: Apache-2.0 */
#include "web_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "test.h"

int web_listen(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(fd >= 0);
    CHECK_INT(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    CHECK_INT(listen(fd, 128), 0);
    CHECK_INT(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static void server_certificate(const char *folder)
{
    char key[300], certificate[300];
    snprintf(key, sizeof key, "%s/key.pem", folder);
    snprintf(certificate, sizeof certificate, "%s/certificate.pem", folder);
    CHECK_INT(test_run(NULL,
                       (const char *const[]){"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                                             "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out",
                                             certificate, "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
                                             "subjectAltName=IP:127.0.0.1", NULL}),
              0);
}

static void server_configure(const web_server *s, const char *folder, const char *file)
{
    static const char form[] =
        "daemon off;\nworker_processes 1;\n%4$s\npid %1$s/pid;\nerror_log %1$s/error.log;\nevents {}\n"
        "http {\n"
        "  log_format told '$connection $request_method $uri $status';\n"
        "  access_log %1$s/access.log told;\n"
        "  client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy; fastcgi_temp_path %1$s/fastcgi;\n"
        "  uwsgi_temp_path %1$s/uwsgi; scgi_temp_path %1$s/scgi;\n"
        "  client_max_body_size 0;\n"
        "  server {\n"
        "    listen 127.0.0.1:%2$d; listen 127.0.0.1:%3$d ssl;\n"
        "    ssl_certificate %1$s/certificate.pem; ssl_certificate_key %1$s/key.pem;\n"
        "    root %1$s/root;\n"
        "    location / { dav_methods PUT DELETE; add_header X-Twice one; add_header X-Twice two; }\n"
        "    location = /redirect { return 302 http://127.0.0.1:%2$d/file; }\n"
        "  }\n"
        "}\n";
    char text[4096];
    int length =
        snprintf(text, sizeof text, form, folder, s->port, s->tls_port, geteuid() == 0 ? "user root;" : "");
    CHECK(length > 0 && (size_t)length < sizeof text);
    test_write_file(file, text, (size_t)length);
}

/* nginx takes sockets that listen already, if their addresses are those of its configuration. */
static void server_run(const char *file, const char *errors, int fd, int tls_fd)
{
    char sockets[40];
    int nothing = open("/dev/null", O_RDWR);
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* then it ends its worker too */
    setpgid(0, 0);
    dup2(nothing, 1); /* nobody who reads our output waits for it */
    dup2(nothing, 2);
    snprintf(sockets, sizeof sockets, "%d;%d;", dup(fd), dup(tls_fd)); /* copies stay open in exec */
    setenv("NGINX", sockets, 1);
    execlp("nginx", "nginx", "-e", errors, "-c", file, (char *)NULL);
    _exit(127);
}

void web_server_start(web_server *s)
{
    char folder[200], file[300], errors[300];
    int fd = web_listen(&s->port), tls_fd = web_listen(&s->tls_port);
    snprintf(folder, sizeof folder, "%s", test_path("web"));
    snprintf(s->root, sizeof s->root, "%s/root", folder);
    snprintf(s->ca_file, sizeof s->ca_file, "%s/certificate.pem", folder);
    snprintf(s->log, sizeof s->log, "%s/access.log", folder);
    snprintf(file, sizeof file, "%s/nginx.conf", folder);
    snprintf(errors, sizeof errors, "%s/error.log", folder);
    CHECK_INT(mkdir(folder, 0755), 0);
    CHECK_INT(mkdir(s->root, 0755), 0);
    server_certificate(folder);
    server_configure(s, folder, file);
    s->pid = fork();
    CHECK(s->pid >= 0);
    if (s->pid == 0)
        server_run(file, errors, fd, tls_fd);
    setpgid(s->pid, s->pid); /* whoever of both is first */
    close(fd);
    close(tls_fd);
}

void web_server_kill(web_server *s)
{
    kill(-s->pid, SIGKILL);
    waitpid(s->pid, NULL, 0);
}
