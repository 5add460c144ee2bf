/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_WEB_SERVER_H
#define TEST_WEB_SERVER_H

/*
 * A real web server (nginx) for one test: over HTTP and, with a certificate of an authority of its
 * own for 127.0.0.1, over HTTPS. It ends with the test. Its sockets listen before it starts, so
 * nobody waits for it.
 *
 * It serves what stands below `root`, takes PUT and DELETE there, and answers /redirect with 302.
 */

#include <sys/types.h>

typedef struct web_server {
    pid_t pid;
    int port, tls_port;
    char root[256], ca_file[256], log[256]; /* the log: connection, method, path, status */
} web_server;

void web_server_start(web_server *server);
/* Kills it, as a crash would. */
void web_server_kill(web_server *server);
/* A socket of 127.0.0.1 that listens, and its port: for servers that misbehave. */
int web_listen(int *port);

#endif
