/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_LOOP_PROCESS_H
#define ARV_LOOP_PROCESS_H

/*
 * arv__process: one run of another program, as a request (op.h): begun by arv__process_start(),
 * cancelled by arv__op_cancel(), done when the op calls back.
 *
 * The program gets exactly the arguments, the environment and the folder that the options name. No
 * shell reads them, and no PATH is searched. It begins with default signal dispositions, an empty
 * signal mask, no descriptors but 0, 1 and 2, and leads a session and process group of its own, so
 * no terminal stops it and a signal reaches its children too.
 *
 * The host's signal handlers and masks stay as they are; only during the start are all signals
 * blocked in the calling thread. A program's end is learned from a pidfd, and what it does not read
 * is sent without SIGPIPE. The kernel sends SIGCHLD to the host as for every child. A host must not
 * ignore SIGCHLD, nor wait for children that it did not start, since that takes the exit status
 * away: no program is started, or the op ends with ARV_ESTATE.
 *
 * How it ends:
 *   - By itself: the rest of its group is killed (SIGKILL), what stands in its pipes is handed
 *     over, and the op ends with 0. arv__process_result tells exit code or signal,
 *     arv__process_check() makes a sentence of it.
 *   - The time limit passes (ARV_ETIMEOUT), it writes more than its limit (ARV_ELIMIT), the op is
 *     cancelled (ARV_ECANCELED): its pipes are closed, SIGTERM goes to its group and, after the
 *     grace, SIGKILL; nothing is handed over any more. The op ends when the program has ended.
 *     One that does not even then (a driver of the kernel holds it, or it changed its user) is
 *     given up after 5 s, with ARV_ERROR_PARTIAL in the flags. So cancelling, and arv__loop_free(),
 *     take the grace and 5 s at most.
 *   - The host dies, by kill -9 too: the kernel kills the program (PR_SET_PDEATHSIG), not its
 *     children, and not a program that is set-user-ID or has file capabilities.
 *
 * The thread caveat: for the kernel, the parent of a process is the thread that started it. If that
 * thread ends before the program does, the program is killed. So it must be started by a thread
 * that lives until the op has called back, as one does that runs the loop until then.
 *
 * Ownership: heap; arv__process_free() in the op's callback or later, before the loop is freed or
 *   after. Options are borrowed during start, `input` until the op is done.
 * Threading: loop thread only.
 * Memory: one piece for output and, with `feed`, one for input.
 * Source: Linux 5.11 or newer (pidfd, close_range).
 */

#include "loop/op.h"

typedef struct arv__process arv__process;

typedef enum { ARV__PROCESS_OUTPUT = 0, ARV__PROCESS_ERRORS = 1 } arv__process_stream;

enum {
    ARV__PROCESS_STREAMS = 2,
    ARV__PROCESS_LATER = -1, /* of feed(): nothing now; arv__process_feed() when there is */
    ARV__PROCESS_PIECE_MIN_BYTES = 512,
    ARV__PROCESS_PIECE_MAX_BYTES = 1024 * 1024
};

typedef struct arv__process_options {
    const char *const *argv;        /* NULL-ended; argv[0] is the absolute path of the program */
    const char *const *environment; /* NULL-ended "NAME=value"; all that the program gets */
    const char *folder;             /* its working directory, absolute; NULL: "/" */

    /* Standard input is a socket: `input`, or what `feed` gives, else /dev/null. feed() writes up
     * to `room` bytes and returns how many, 0 at the end, or ARV__PROCESS_LATER. */
    const void *input;
    size_t input_bytes;
    int64_t (*feed)(arv__process *process, void *into, size_t room); /* [loop] */

    /* Standard output and standard error. The bytes are valid during the call. A limit of 0 means
     * /dev/null; what is written beyond another one ends the program. */
    void (*output)(arv__process *process, arv__process_stream stream, const void *data,
                   size_t length); /* [loop] */
    uint64_t limit_bytes[ARV__PROCESS_STREAMS];

    size_t piece_bytes;     /* most bytes of one call of feed() or output() */
    unsigned time_limit_ms; /* from start to the op's end; not 0 */
    unsigned grace_ms;      /* between SIGTERM and SIGKILL; 0: SIGKILL at once */
    void *user_data;
} arv__process_options;

typedef struct arv__process_result {
    int exit_code;      /* -1: a signal ended it, or it is not known */
    int signal;         /* that ended it, or 0 */
    bool input_refused; /* it closed its standard input before it was given all of it */
    uint64_t input_bytes, output_bytes[ARV__PROCESS_STREAMS]; /* written; handed over */
    uint64_t user_us, system_us, memory_peak_bytes;           /* with those of its children it waited for */
} arv__process_result;

/*
 * Starts the program and begins the op. May block while the kernel opens and loads it, as
 * posix_spawn() does. On success *process is set and the op calls back exactly once.
 * Errors: nothing is left running and the op is idle. ARV_EINVALID (options), ARV_ENOTFOUND and
 * ARV_EACCESS (program or folder), ARV_EUNSUPPORTED (not an executable of this machine; a kernel
 * without pidfd or close_range), ARV_ELIMIT (arguments too long, too many open files), ARV_ENOMEM
 * (memory, or the limit of processes), ARV_ESTATE (SIGCHLD is ignored), ARV_ECLOSED.
 */
int arv__process_start(arv__process **process, arv__loop *loop, const arv__process_options *options,
                       arv__op *op, arv_error *err);
/* Accepts NULL. Freeing one whose op has not called back is a defect, except in the child of a fork
 * that has abandoned the loop. */
void arv__process_free(arv__process *process);

/* Back pressure: a paused stream is not read, so a program that writes on waits. The time limit
 * goes on; what is paused when the program has ended waits for resume until then. */
void arv__process_pause(arv__process *process, arv__process_stream stream);
void arv__process_resume(arv__process *process, arv__process_stream stream);
/* After feed() returned ARV__PROCESS_LATER: it is asked again, from the loop. */
void arv__process_feed(arv__process *process);

void *arv__process_user_data(const arv__process *process);
/* Complete once the op has called back. */
const arv__process_result *arv__process_result_of(const arv__process *process);
/* Of a program that ended by itself: 0 for exit code 0, else ARV_ESYSTEM with a sentence. */
int arv__process_check(const arv__process *process, arv_error *err);

#endif
