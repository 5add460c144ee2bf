/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

/* The engine of one command, how the command waits, and the archives that it reads. */

#include "cli.h"

/* Makes the engine. From now on a signal asks the command to end, instead of ending the program. */
int session_open(arv_engine **engine, const cli_options *options, unsigned threads, arv_error *err);

/* Runs the engine for one turn. Calls `cancel` when a signal came. */
void session_turn(arv_engine *engine, void (*cancel)(void *subject), void *subject);

/* Waits for a task with a progress line; returns its status. */
int session_wait(arv_engine *engine, arv_task *task, const char *what, arv_error *err);

int session_storage_open(arv_storage **storage, arv_engine *engine, const cli_options *options,
                         const char *url, arv_error *err);

/* Visits all objects of a storage in the order of their keys; one page of them is in memory at a time. A
 * result of `visit` below 0 ends the walk. */
typedef int (*session_visit)(void *user_data, const arv_object *object, const char *name, const char *address,
                             arv_error *err);
int session_storage_walk(arv_engine *engine, arv_storage *storage, session_visit visit, void *user_data,
                         arv_error *err);

/* A container to read: a file, or an object by its address ("scheme://…"). */
typedef struct session_origin {
    arv_origin origin;
    arv_storage *storage;
    arv_address address;
} session_origin;

int session_origin_open(session_origin *origin, arv_engine *engine, const cli_options *options,
                        const char *argument, arv_error *err);
void session_origin_close(session_origin *origin);
/* Reads from an archive which one it is: its UUID, or "" when it is no archive. Returns ARV_EMISMATCH when it
 * is not the archive of its address. May read to the end of the container. */
int session_identify(arv_engine *engine, const arv_origin *origin, char uuid[ARV_UUID_BYTES],
                     arv_format *format, arv_error *err);
bool session_is_address(const char *argument);
/* Returns whether it is a URL without a key: a storage as a whole. */
bool session_is_storage(const char *argument);

/* Returns the exit code of an error, by its group in error.h. */
int session_exit(int code);
/* The same for an error of a source. */
int session_exit_source(int code);
/* The same for an error of a job, or of a command about a job. */
int session_exit_job(int code);
/* The same for a job that has ended or rests, by its state. */
int session_exit_state(arv_job_state state, int code);

#endif
