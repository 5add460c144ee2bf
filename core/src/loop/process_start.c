/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The start of a process: checks the options, makes the pipes, spawns the program, watches its end.
 *
 * Standard input is a socket, not a pipe. Input for a program that has closed it must not raise SIGPIPE
 * in the host: send() has a flag for that, while write() would need a change of the thread's signal mask.
 */

#include "loop/private.h"
#include "loop/process_private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arv/sys/alloc.h>
#include "loop/fileops.h"
#include "util/names.h"

/* ---- options --------------------------------------------------------------------------------- */

static int options_check(const arv__process_options *o, arv_error *err)
{
    if (!o->argv || !o->argv[0] || o->argv[0][0] != '/')
        return arv_error_set(err, ARV_EINVALID,
                             "A program is named by its absolute path, since none is searched for; "
                             "give its whole path.");
    if (!o->environment)
        return arv_error_set(err, ARV_EINVALID,
                             "A program gets the environment that is named for it, which may be "
                             "empty; name one.");
    if (o->folder && o->folder[0] != '/')
        return arv_error_set(err, ARV_EINVALID,
                             "The working directory of a program is an absolute path; give it whole.");
    if (o->piece_bytes < ARV__PROCESS_PIECE_MIN_BYTES || o->piece_bytes > ARV__PROCESS_PIECE_MAX_BYTES)
        return arv_error_set(err, ARV_EINVALID,
                             "A program's input and output come in pieces of %d to %d bytes, not %zu.",
                             ARV__PROCESS_PIECE_MIN_BYTES, ARV__PROCESS_PIECE_MAX_BYTES, o->piece_bytes);
    if (o->time_limit_ms == 0)
        return arv_error_set(err, ARV_EINVALID,
                             "A program is not started without a limit of its time; set one.");
    if (o->feed && o->input)
        return arv_error_set(err, ARV_EINVALID,
                             "The input of a program is a buffer or comes from a callback, not both.");
    if (!o->output && (o->limit_bytes[0] || o->limit_bytes[1]))
        return arv_error_set(err, ARV_EINVALID,
                             "The output of a program that has a limit needs a callback that takes it.");
    return 0;
}

/* ---- pipes ----------------------------------------------------------------------------------- */

/* Our end is the first; both are above 2 and closed by every exec. Returns 0 or -errno; then none is open. */
static int ends_lift(int ends[2])
{
    for (int i = 0; i < 2; i++)
        ends[i] = arv__process_lift(ends[i]);
    int error = ends[0] < 0 ? ends[0] : ends[1] < 0 ? ends[1] : 0;
    if (error) {
        arv__fs_close(ends[0]);
        arv__fs_close(ends[1]);
    }
    return error;
}

static int null_open(int flags)
{
    int fd = arv__fs_openat(AT_FDCWD, "/dev/null", flags | O_CLOEXEC, 0);
    return fd < 0 ? fd : arv__process_lift(fd);
}

static int input_open(arv__process *p, int *theirs)
{
    int ends[2];
    if (!p->options.input && !p->options.feed)
        return (*theirs = null_open(O_RDONLY)) < 0 ? *theirs : 0;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return -errno;
    int rc = ends_lift(ends);
    if (rc < 0)
        return rc;
    shutdown(ends[0], SHUT_RD); /* bytes that the program writes to its input go nowhere */
    p->input.fd = ends[0];
    *theirs = ends[1];
    return 0;
}

static int output_open(arv__process *p, arv__process_stream stream, int *theirs)
{
    int ends[2];
    if (!p->options.limit_bytes[stream])
        return (*theirs = null_open(O_WRONLY)) < 0 ? *theirs : 0;
    if (pipe2(ends, O_CLOEXEC) < 0)
        return -errno;
    int rc = ends_lift(ends);
    if (rc < 0)
        return rc;
    p->streams[stream].fd = ends[0];
    *theirs = ends[1];
    return arv__fs->fcntl_setfl(ends[0], O_NONBLOCK); /* of our end alone */
}

static int pipes_open(arv__process *p, arv__process_ends *ends, arv_error *err)
{
    int rc = input_open(p, &ends->input);
    for (int i = 0; rc == 0 && i < ARV__PROCESS_STREAMS; i++)
        rc = output_open(p, (arv__process_stream)i, &ends->output[i]);
    if (rc == 0)
        return 0;
    if (rc == -EMFILE || rc == -ENFILE)
        return arv_error_set(err, ARV_ELIMIT,
                             "The program %s cannot be started: too many files are open for its "
                             "pipes; raise the limit of open files.",
                             p->shown);
    return arv_error_system(err, -rc, "The program %s cannot be started: no pipe could be made for it",
                            p->shown);
}

static void ends_close(arv__process_ends *ends)
{
    arv__fs_close(ends->input);
    for (int i = 0; i < ARV__PROCESS_STREAMS; i++)
        arv__fs_close(ends->output[i]);
}

/* ---- start ----------------------------------------------------------------------------------- */

/* Before the start, checks that the loop can learn of the program's end. */
static int end_probe(const arv__process *p, arv_error *err)
{
    struct sigaction action;
    if (sigaction(SIGCHLD, NULL, &action) < 0 ||
        (!(action.sa_flags & SA_NOCLDWAIT) && action.sa_handler != SIG_IGN))
        return 0;
    return arv_error_set(err, ARV_ESTATE,
                         "The program %s cannot be started: the host program ignores SIGCHLD, so it "
                         "would not be known how the program ends; it has to set it to its default.",
                         p->shown);
}

static void watch_init(arv__process *p, arv__watch *watch, void (*ready)(arv__watch *watch, unsigned events))
{
    watch->ready = ready;
    watch->user_data = p;
}

static int pipes_watch(arv__process *p, arv_error *err)
{
    int rc = 0;
    watch_init(p, &p->input.watch, arv__process_input_ready);
    if (p->input.fd >= 0)
        rc = arv__watch_start(p->loop, &p->input.watch, p->input.fd, ARV__WATCH_WRITE, err);
    for (int i = 0; rc == 0 && i < ARV__PROCESS_STREAMS; i++) {
        watch_init(p, &p->streams[i].watch, arv__process_stream_ready);
        if (p->streams[i].fd >= 0)
            rc = arv__watch_start(p->loop, &p->streams[i].watch, p->streams[i].fd, ARV__WATCH_READ, err);
    }
    return rc;
}

static int process_run(arv__process *p, const arv__process_ends *ends, arv_error *err)
{
    int rc = pipes_watch(p, err);
    if (rc == 0)
        rc = end_probe(p, err);
    if (rc < 0)
        return rc;
    int pid = arv__process_spawn(&p->options, ends, p->shown, &p->pidfd, err);
    if (pid < 0)
        return pid;
    p->pid = pid;
    p->pidfd = arv__process_lift(p->pidfd);
    watch_init(p, &p->end, arv__process_end_ready);
    rc = arv__watch_start(p->loop, &p->end, p->pidfd, ARV__WATCH_READ, err);
    if (rc < 0)
        arv__process_discard(pid);
    return rc;
}

static arv__process *process_new(arv__loop *loop, const arv__process_options *options, arv__op *op)
{
    size_t buffers = options->feed ? 2 * options->piece_bytes : options->piece_bytes;
    arv__process *p = arv_calloc(1, sizeof *p + buffers);
    if (!p)
        return NULL;
    p->loop = loop;
    p->options = *options;
    p->op = op;
    p->feed_buffer = options->feed ? p->buffer + options->piece_bytes : NULL;
    p->pending = options->input;
    p->pending_bytes = options->input ? options->input_bytes : 0;
    p->pidfd = p->input.fd = p->streams[0].fd = p->streams[1].fd = -1;
    p->result.exit_code = -1;
    p->timer.fire = arv__process_timer_fired;
    p->timer.user_data = p;
    arv__quote(p->shown, sizeof p->shown, options->argv[0], strlen(options->argv[0]));
    p->next = loop->processes;
    p->link = &loop->processes;
    if (p->next)
        p->next->link = &p->next;
    loop->processes = p;
    return p;
}

int arv__process_start(arv__process **process, arv__loop *loop, const arv__process_options *options,
                       arv__op *op, arv_error *err)
{
    arv__process_ends ends = {-1, {-1, -1}};
    *process = NULL;
    if (loop->closing)
        return arv_error_set(err, ARV_ECLOSED, "A program was refused because the engine is shutting down.");
    arv__loop_check_fork(loop);
    int rc = options_check(options, err);
    if (rc < 0)
        return rc;
    arv__process *p = process_new(loop, options, op);
    if (!p)
        return arv_error_nomem(err, "a program to be run");
    rc = pipes_open(p, &ends, err);
    if (rc == 0)
        rc = process_run(p, &ends, err);
    ends_close(&ends);
    if (rc < 0) {
        arv__process_close(p);
        arv_free(p);
        return rc;
    }
    arv__op_begin(op, arv__process_canceled, p);
    arv__timer_start(loop, &p->timer, options->time_limit_ms);
    *process = p;
    return 0;
}
