/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ARV_LOOP_PROCESS_H
#define ARV_LOOP_PROCESS_H

/*
 * arv__process: one run of another program, as a request (op.h). arv__process_start() begins it,
 * arv__op_cancel() cancels it, and it is done when the op calls back.
 *
 * The program gets exactly the arguments, the environment and the folder that the options name. No
 * shell reads them, and no PATH is searched. It begins with default signal dispositions, an empty
 * signal mask, no descriptors but 0, 1 and 2, and leads a session and process group of its own, so
 * no terminal stops it and a signal reaches its children too.
 *
 * The host's signal handlers and masks stay as they are; only the start blocks all signals, in the
 * calling thread. The loop learns a program's end from a pidfd, and sends input without SIGPIPE to a
 * program that does not read. The kernel sends SIGCHLD to the host as for every child. A host must not
 * ignore SIGCHLD, nor wait for children that it did not start, since that takes the exit status away:
 * then the start fails, or the op ends, with ARV_ESTATE.
 *
 * How it ends:
 *   - By itself: the loop kills the rest of its group (SIGKILL) and hands over the content of its
 *     pipes; the op ends with 0. arv__process_result has exit code or signal, arv__process_check()
 *     makes a sentence of it.
 *   - The time limit passes (ARV_ETIMEOUT), it writes more than its limit (ARV_ELIMIT), or the op is
 *     cancelled (ARV_ECANCELED): the loop closes its pipes, hands over nothing more, and sends SIGTERM
 *     to its group and, after the grace, SIGKILL. The op ends when the program has ended. If it does not
 *     end even then (a driver of the kernel holds it, or it changed its user), the loop gives it up
 *     after 5 s, with ARV_ERROR_PARTIAL in the flags. So a cancel, or arv__loop_free(), takes at most
 *     the grace and 5 s.
 *   - The host dies, by kill -9 too: the kernel kills the program (PR_SET_PDEATHSIG), not its
 *     children, and not a program that is set-user-ID or has file capabilities.
 *
 * The thread caveat: for the kernel, the parent of a process is the thread that started it. If that
 * thread ends before the program, the kernel kills the program. So the thread that starts it must live
 * until the op has called back, as a thread does that runs the loop until then.
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
     * /dev/null; a program that writes beyond another limit is ended. */
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
    bool input_refused; /* it closed its standard input before it got all of it */
    uint64_t input_bytes, output_bytes[ARV__PROCESS_STREAMS]; /* written; handed over */
    uint64_t user_us, system_us, memory_peak_bytes;           /* with those of its children it waited for */
} arv__process_result;

/*
 * Starts the program and begins the op. May block while the kernel opens and loads it, as
 * posix_spawn() does. On success *process is set and the op calls back exactly once.
 * Errors: no program runs and the op is idle. ARV_EINVALID (options), ARV_ENOTFOUND and
 * ARV_EACCESS (program or folder), ARV_EUNSUPPORTED (not an executable of this machine; a kernel
 * without pidfd or close_range), ARV_ELIMIT (arguments too long, too many open files), ARV_ENOMEM
 * (memory, or the limit of processes), ARV_ESTATE (SIGCHLD is ignored), ARV_ECLOSED.
 */
int arv__process_start(arv__process **process, arv__loop *loop, const arv__process_options *options,
                       arv__op *op, arv_error *err);
/* Accepts NULL. Freeing one whose op has not called back is a defect, except in the child of a fork
 * that has abandoned the loop. */
void arv__process_free(arv__process *process);

/* Back pressure: the loop does not read a paused stream, so a program that writes on waits. The time
 * limit goes on; after the program's end, a paused stream waits for resume until that limit. */
void arv__process_pause(arv__process *process, arv__process_stream stream);
void arv__process_resume(arv__process *process, arv__process_stream stream);
/* After feed() returned ARV__PROCESS_LATER: makes the loop call feed() again. */
void arv__process_feed(arv__process *process);

void *arv__process_user_data(const arv__process *process);
/* Complete once the op has called back. */
const arv__process_result *arv__process_result_of(const arv__process *process);
/* For a program that ended by itself: returns 0 for exit code 0, else ARV_ESYSTEM with a sentence. */
int arv__process_check(const arv__process *process, arv_error *err);

#endif
