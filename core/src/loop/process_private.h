/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_LOOP_PROCESS_PRIVATE_H
#define ARV_LOOP_PROCESS_PRIVATE_H

/* Shared by process.c, process_start.c and process_child.c; tests replace the table. */

#include <signal.h>
#include <sys/resource.h>
#include <sys/types.h>
#include "loop/process.h"
#include "loop/watch.h"

/* The calls of the system that tests fail. Each returns a result >= 0 or -errno. */
typedef struct arv__process_calls {
    int (*clone)(int (*run)(void *), void *stack_end, int flags, void *argument, int *pidfd);
    int (*wait)(int id_type, int id, siginfo_t *info, int options, struct rusage *usage);
    int (*kill)(pid_t pid, int number); /* of a group: -pid */
} arv__process_calls;

/* The table in force; set while no process runs. */
extern const arv__process_calls *arv__process_system;
extern const arv__process_calls arv__process_system_calls;

enum { PROCESS_SHOWN_BYTES = 256 };

typedef struct arv__process_pipe {
    arv__watch watch;
    int fd; /* -1 once closed */
    bool paused;
} arv__process_pipe;

struct arv__process {
    arv__loop *loop;
    arv__process *next, **link;   /* among the loop's; NULL once its descriptors are closed */
    arv__process_options options; /* argv, environment and folder are not valid after the start */
    arv__op *op;
    arv__process_result result;

    pid_t pid;
    int pidfd;
    arv__watch end; /* of pidfd */
    arv__timer timer;
    int phase; /* the purpose of the timer */

    arv__process_pipe input, streams[ARV__PROCESS_STREAMS];
    const unsigned char *pending; /* input that was not sent yet */
    size_t pending_bytes;
    arv__mail mail; /* to read on after the program has ended */
    bool posted, exited, done;
    int status; /* of the op, once the program is being ended */
    arv_error error;
    char shown[PROCESS_SHOWN_BYTES]; /* the program, quoted */

    unsigned char *feed_buffer; /* behind `buffer`, with feed */
    unsigned char buffer[];     /* of output */
};

/* process_child.c: the descriptors become 0, 1 and 2 of the program. */
typedef struct arv__process_ends {
    int input, output[ARV__PROCESS_STREAMS];
} arv__process_ends;
/* Takes the descriptor. Returns it, or a copy above 0, 1 and 2, which a host may have closed; or -errno. */
int arv__process_lift(int fd);
/* Returns the pid, or ARV_E*. The caller owns *pidfd in both cases; -1 where there is none. */
int arv__process_spawn(const arv__process_options *options, const arv__process_ends *ends, const char *shown,
                       int *pidfd, arv_error *err);
/* Kills a program that nobody watches, its group too, and waits for its end. */
void arv__process_discard(pid_t pid);

/* process.c: the loop's side. Closes all that is open and leaves the loop. */
void arv__process_close(arv__process *process);
void arv__process_input_ready(arv__watch *watch, unsigned events);
void arv__process_stream_ready(arv__watch *watch, unsigned events);
void arv__process_end_ready(arv__watch *watch, unsigned events);
void arv__process_timer_fired(arv__timer *timer);
void arv__process_canceled(arv__op *op, void *process);

#endif
