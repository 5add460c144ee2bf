/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

/* The engine of one command, how it waits, and what it reads from. */

#include "cli.h"

/* From now on a signal asks instead of ending the program. */
int session_open(arv_engine **engine, const cli_options *options, unsigned threads, arv_error *err);

/* One turn of the engine, with cancellation by signals told through `cancel`. */
void session_turn(arv_engine *engine, void (*cancel)(void *subject), void *subject);

/* Waits for a task with a progress line; returns its status. */
int session_wait(arv_engine *engine, arv_task *task, const char *what, arv_error *err);

int session_storage_open(arv_storage **storage, arv_engine *engine, const cli_options *options,
                         const char *url, arv_error *err);

/* All that a storage holds, in the order of the keys; a page of it is in memory at a time. What `visit`
 * returns below 0 ends the walk. */
typedef int (*session_visit)(void *user_data, const arv_object *object, const char *name, const char *address,
                             arv_error *err);
int session_storage_walk(arv_engine *engine, arv_storage *storage, session_visit visit, void *user_data,
                         arv_error *err);

/* A container that is read: a file, or an object by its address ("scheme://…"). */
typedef struct session_origin {
    arv_origin origin;
    arv_storage *storage;
    arv_address address;
} session_origin;

int session_origin_open(session_origin *origin, arv_engine *engine, const cli_options *options,
                        const char *argument, arv_error *err);
void session_origin_close(session_origin *origin);
/* Which archive it is, as it says itself: its UUID, or "" when it is none. ARV_EMISMATCH: it is not the
 * one of its address. Its end may have to be read for it. */
int session_identify(arv_engine *engine, const arv_origin *origin, char uuid[ARV_UUID_BYTES],
                     arv_format *format, arv_error *err);
bool session_is_address(const char *argument);
/* A URL without a key behind it: a storage as a whole. */
bool session_is_storage(const char *argument);

/* The exit code of an error, by its group in error.h. */
int session_exit(int code);
/* The same where the error belongs to what is being archived. */
int session_exit_source(int code);
/* The same of an error that a job has, or that a command about one has. */
int session_exit_job(int code);
/* The same of a job that has ended or rests, as its state says. */
int session_exit_state(arv_job_state state, int code);

#endif
