/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A process while it runs, and its end.
 *
 *     running --it ends--> reading the rest of its pipes --> done
 *        \--limit, cancel: TERM, grace, KILL--> ended: done;  still there after 5 s: given up, done
 *
 * A signal reaches a process group by its number, which the kernel may give anew after the wait for its
 * leader. So this file kills the group while the leader runs or is a zombie, and then waits for the leader.
 */

#include "loop/private.h"
#include "loop/process_private.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <arv/sys/alloc.h>
#include "loop/fileops.h"

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

enum { PHASE_LIMIT = 0, PHASE_GRACE, PHASE_KILLED }; /* of the timer */
enum { GIVE_UP_MS = 5000 };
enum { SIGNAL_THE_GROUP = 1 << 2 }; /* PIDFD_SIGNAL_PROCESS_GROUP, since Linux 6.9 */

/* ---- closing --------------------------------------------------------------------------------- */

static void pipe_close(arv__process_pipe *pipe)
{
    arv__watch_stop(&pipe->watch);
    arv__fs_close(pipe->fd);
    pipe->fd = -1;
}

static void pidfd_close(arv__process *p)
{
    arv__watch_stop(&p->end);
    arv__fs_close(p->pidfd);
    p->pidfd = -1;
}

static void pipes_close(arv__process *p)
{
    pipe_close(&p->input);
    for (int i = 0; i < ARV__PROCESS_STREAMS; i++)
        pipe_close(&p->streams[i]);
}

static void process_unlink(arv__process *p)
{
    *p->link = p->next;
    if (p->next)
        p->next->link = p->link;
    p->link = NULL;
}

void arv__process_close(arv__process *p)
{
    arv__timer_stop(p->loop, &p->timer);
    pipes_close(p);
    pidfd_close(p);
    process_unlink(p);
}

/* Does not touch the set of watches, the timers and the letters: they end with the loop. */
void arv__process_forget(arv__process *p)
{
    arv__fs_close(p->input.fd);
    for (int i = 0; i < ARV__PROCESS_STREAMS; i++)
        arv__fs_close(p->streams[i].fd);
    arv__fs_close(p->pidfd);
    process_unlink(p);
}

void arv__process_free(arv__process *p)
{
    if (!p)
        return;
    if (p->link)
        arv__loop_defect("a program is freed that still runs");
    arv_free(p);
}

/* ---- the end --------------------------------------------------------------------------------- */

static void process_finish(arv__process *p)
{
    arv__process_close(p);
    p->done = true;
    arv__op_complete(p->op, p->status, &p->error);
}

/* -ECHILD: other code has waited for it, and another process may have its number by now. */
static int leader_look(const arv__process *p, bool *ended)
{
    siginfo_t info = {0};
    int rc = arv__process_system->wait(P_PIDFD, p->pidfd, &info, WEXITED | WNOHANG | WNOWAIT, NULL);
    *ended = rc == -ECHILD || (rc == 0 && info.si_pid != 0);
    return rc;
}

static void group_signal(const arv__process *p, int number)
{
    bool ended;
    if (leader_look(p, &ended) != -ECHILD)
        arv__process_system->kill(-p->pid, number);
    else /* without a number; a kernel that cannot do that leaves the group's rest alone */
        syscall(SYS_pidfd_send_signal, p->pidfd, number, NULL, SIGNAL_THE_GROUP);
}

/* Ends the program for a reason of ours; `status` and the sentence in p->error are the op's. */
static void process_end(arv__process *p)
{
    arv__loop_check_fork(p->loop); /* the program would be the parent's */
    pipes_close(p);
    if (p->exited) {
        process_finish(p);
        return;
    }
    group_signal(p, p->options.grace_ms ? SIGTERM : SIGKILL);
    p->phase = p->options.grace_ms ? PHASE_GRACE : PHASE_KILLED;
    arv__timer_start(p->loop, &p->timer, p->options.grace_ms ? p->options.grace_ms : GIVE_UP_MS);
}

static bool process_ending(const arv__process *p)
{
    return p->status < 0 || p->done;
}

void arv__process_canceled(arv__op *op, void *process)
{
    arv__process *p = process;
    (void)op;
    if (process_ending(p))
        return;
    p->status = arv_error_set(&p->error, ARV_ECANCELED,
                              "The program %s was ended, since it was "
                              "cancelled.",
                              p->shown);
    process_end(p);
}

static void time_passed(arv__process *p)
{
    p->status = arv_error_set(&p->error, ARV_ETIMEOUT,
                              p->exited ? "The program %s has ended, but its output was not taken "
                                          "within %u ms; take it sooner or raise the time limit."
                                        : "The program %s did not end within %u ms and was ended; "
                                          "raise its time limit, or look for what it waits for.",
                              p->shown, p->options.time_limit_ms);
    process_end(p);
}

static void given_up(arv__process *p)
{
    arv_error_append(&p->error,
                     "Process %d does not end although it was killed; it stays until the "
                     "system lets go of it.",
                     (int)p->pid);
    p->error.flags |= ARV_ERROR_PARTIAL;
    process_finish(p);
}

void arv__process_timer_fired(arv__timer *timer)
{
    arv__process *p = timer->user_data;
    switch (p->phase) {
    case PHASE_LIMIT:
        time_passed(p);
        break;
    case PHASE_GRACE:
        group_signal(p, SIGKILL);
        p->phase = PHASE_KILLED;
        arv__timer_start(p->loop, timer, GIVE_UP_MS);
        break;
    default:
        given_up(p);
    }
}

static void result_fill(arv__process *p, const siginfo_t *info, const struct rusage *usage)
{
    arv__process_result *r = &p->result;
    if (info->si_code == CLD_EXITED)
        r->exit_code = info->si_status;
    else
        r->signal = info->si_status;
    r->user_us = (uint64_t)usage->ru_utime.tv_sec * 1000000 + (uint64_t)usage->ru_utime.tv_usec;
    r->system_us = (uint64_t)usage->ru_stime.tv_sec * 1000000 + (uint64_t)usage->ru_stime.tv_usec;
    r->memory_peak_bytes = (uint64_t)usage->ru_maxrss * 1024;
}

static void result_lost(arv__process *p)
{
    if (p->status == 0)
        p->status = arv_error_set(&p->error, ARV_ESTATE,
                                  "It is not known how the program %s ended: the host program "
                                  "ignores SIGCHLD or waits for children that it did not start; it "
                                  "has to leave both.",
                                  p->shown);
}

static void process_read_on(arv__process *p);

void arv__process_end_ready(arv__watch *watch, unsigned events)
{
    arv__process *p = watch->user_data;
    siginfo_t info = {0};
    struct rusage usage = {0};
    bool ended;
    (void)events;
    leader_look(p, &ended);
    if (!ended)
        return;
    group_signal(p, SIGKILL);
    if (arv__process_system->wait(P_PIDFD, p->pidfd, &info, WEXITED | WNOHANG, &usage) == 0 &&
        info.si_pid != 0)
        result_fill(p, &info, &usage);
    else
        result_lost(p);
    p->exited = true;
    pidfd_close(p);
    pipe_close(&p->input);
    process_read_on(p);
}

/* ---- output ---------------------------------------------------------------------------------- */

static void output_too_much(arv__process *p, arv__process_stream stream)
{
    p->status = arv_error_set(&p->error, ARV_ELIMIT,
                              "The program %s wrote more than %llu bytes to its standard %s and was "
                              "ended; raise the limit, or look at what it writes.",
                              p->shown, (unsigned long long)p->options.limit_bytes[stream],
                              stream == ARV__PROCESS_OUTPUT ? "output" : "error");
    process_end(p);
}

static void output_failed(arv__process *p, int error)
{
    p->status = arv_error_system(&p->error, error, "The output of the program %s cannot be read", p->shown);
    process_end(p);
}

/* One piece. A callback may pause or cancel. */
static void stream_read(arv__process *p, arv__process_stream stream)
{
    arv__process_pipe *pipe = &p->streams[stream];
    uint64_t *taken = &p->result.output_bytes[stream], left = p->options.limit_bytes[stream] - *taken;
    ssize_t n = arv__fs->read(pipe->fd, p->buffer, p->options.piece_bytes);
    if (n == -EAGAIN && p->exited)
        n = 0; /* all output was read; a child that left its group may still hold the other end */
    if (n == -EAGAIN || n == -EINTR)
        return;
    if (n < 0) {
        output_failed(p, (int)-n);
        return;
    }
    if (n == 0) {
        pipe_close(pipe);
        return;
    }
    bool too_much = (uint64_t)n > left;
    size_t length = too_much ? (size_t)left : (size_t)n;
    *taken += length;
    if (length)
        p->options.output(p, stream, p->buffer, length);
    if (too_much && !process_ending(p))
        output_too_much(p, stream);
}

void arv__process_stream_ready(arv__watch *watch, unsigned events)
{
    arv__process *p = watch->user_data;
    (void)events;
    stream_read(p,
                watch == &p->streams[ARV__PROCESS_ERRORS].watch ? ARV__PROCESS_ERRORS : ARV__PROCESS_OUTPUT);
}

/* After the program's end nothing may write any more, so a watch would not fire. A letter to ourselves
 * reads a piece in each turn. */
static void read_on(arv__mail *mail)
{
    arv__process *p = mail->user_data;
    arv__loop *loop = p->loop;
    p->posted = false;
    for (int i = 0; i < ARV__PROCESS_STREAMS && arv__loop_goes_on(loop); i++)
        if (p->streams[i].fd >= 0 && !p->streams[i].paused)
            stream_read(p, (arv__process_stream)i);
    if (!p->done)
        process_read_on(p);
}

static void process_read_on(arv__process *p)
{
    bool open = false, readable = false;
    for (int i = 0; i < ARV__PROCESS_STREAMS; i++) {
        arv__watch_stop(&p->streams[i].watch);
        open = open || p->streams[i].fd >= 0;
        readable = readable || (p->streams[i].fd >= 0 && !p->streams[i].paused);
    }
    if (p->posted)
        return;
    if (!open) {
        process_finish(p);
    } else if (readable) {
        p->posted = true;
        p->mail.deliver = read_on;
        p->mail.user_data = p;
        arv__loop_post(p->loop, &p->mail);
    }
}

static void pipe_listen(arv__process *p, arv__process_pipe *pipe, unsigned events)
{
    arv_error err;
    int rc = arv__watch_start(p->loop, &pipe->watch, pipe->fd, events, &err);
    if (rc < 0) {
        p->status = rc;
        p->error = err;
        process_end(p);
    }
}

void arv__process_pause(arv__process *p, arv__process_stream stream)
{
    p->streams[stream].paused = true;
    arv__watch_stop(&p->streams[stream].watch);
}

void arv__process_resume(arv__process *p, arv__process_stream stream)
{
    arv__process_pipe *pipe = &p->streams[stream];
    if (!pipe->paused)
        return;
    pipe->paused = false;
    if (pipe->fd < 0)
        return;
    if (p->exited)
        process_read_on(p);
    else
        pipe_listen(p, pipe, ARV__WATCH_READ);
}

/* ---- input ----------------------------------------------------------------------------------- */

/* False: nothing to be sent now. */
static bool input_refill(arv__process *p)
{
    if (p->pending_bytes)
        return true;
    if (!p->options.feed) {
        pipe_close(&p->input);
        return false;
    }
    int64_t n = p->options.feed(p, p->feed_buffer, p->options.piece_bytes);
    arv__loop_check_fork(p->loop);
    if (p->input.fd < 0)
        return false;
    if (n > (int64_t)p->options.piece_bytes)
        arv__loop_defect("a program's input was fed with more bytes than there is room for");
    if (n == 0)
        pipe_close(&p->input);
    else if (n < 0)
        arv__watch_stop(&p->input.watch);
    p->pending = p->feed_buffer;
    p->pending_bytes = n > 0 ? (size_t)n : 0;
    return n > 0;
}

void arv__process_input_ready(arv__watch *watch, unsigned events)
{
    arv__process *p = watch->user_data;
    (void)events;
    if (!input_refill(p))
        return;
    size_t piece = p->pending_bytes < p->options.piece_bytes ? p->pending_bytes : p->options.piece_bytes;
    ssize_t n = send(p->input.fd, p->pending, piece, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n >= 0) {
        p->pending += n;
        p->pending_bytes -= (size_t)n;
        p->result.input_bytes += (uint64_t)n;
    } else if (errno != EAGAIN && errno != EINTR) { /* EPIPE, or ECONNRESET with bytes unread */
        p->result.input_refused = true;
        pipe_close(&p->input);
    }
}

void arv__process_feed(arv__process *p)
{
    if (p->input.fd >= 0)
        pipe_listen(p, &p->input, ARV__WATCH_WRITE);
}

/* ---- result ---------------------------------------------------------------------------------- */

void *arv__process_user_data(const arv__process *p)
{
    return p->options.user_data;
}

const arv__process_result *arv__process_result_of(const arv__process *p)
{
    return &p->result;
}

int arv__process_check(const arv__process *p, arv_error *err)
{
    const arv__process_result *r = &p->result;
    const char *refused = r->input_refused ? " It had closed its standard input before it was given "
                                             "all of it."
                                           : "";
    if (r->signal)
        return arv_error_set(err, ARV_ESYSTEM,
                             "The program %s was ended by signal %d (%s); look at the system's log, "
                             "at its limits of memory and CPU time, and at who ends it.%s",
                             p->shown, r->signal, strsignal(r->signal), refused);
    if (r->exit_code != 0)
        return arv_error_set(err, ARV_ESYSTEM,
                             "The program %s failed with exit code %d; what it wrote to its standard "
                             "error tells why.%s",
                             p->shown, r->exit_code, refused);
    return 0;
}
