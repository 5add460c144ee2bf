/* SPDX-License-Identifier: Apache-2.0 */

/*
 * From the host's process to the program: clone, the child's settings, execve.
 *
 * Why not posix_spawn(): it can neither set a death signal nor close descriptors that others left open.
 * Why not fork(): it copies the page tables of a host that may hold gigabytes, fails where memory must
 * not be overcommitted, and runs the host's pthread_atfork() handlers. So this is
 * clone(CLONE_VM | CLONE_VFORK) on a stack of its own, as in posix_spawn() of glibc: the child borrows
 * the memory, and the calling thread waits until the child has executed the program or ended. The other
 * threads of the host run on, with any lock in any state. Hence the rules here:
 *
 *   - Between clone and execve the child makes bare system calls only: nothing that allocates,
 *     locks, or has a cancellation point or a wrapper of a sanitizer.
 *   - All signals are blocked in the calling thread meanwhile, so that no handler of the host runs
 *     in the child. The child sets all dispositions to the default before it empties its mask.
 *   - The child reports an error through a pipe that execve closes, not through memory: valgrind makes
 *     a fork of such a clone, and under the thread sanitizer, which keeps account of all memory
 *     accesses, we use clone without the sharing.
 *   - The pidfd comes from clone itself: without one no program starts, and no other code can wait for
 *     the child before we have it.
 *   - The child sets the death signal and then compares its parent: if the parent had died before, the
 *     signal would never come.
 */

#include "loop/process_private.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <arv/sys/alloc.h>
#include "loop/fileops.h"
#include "util/names.h"

/* The same on every architecture; not every C library has them. */
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x00001000
#endif
#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

#if defined(__SANITIZE_THREAD__)
#define SHARES_MEMORY 0
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SHARES_MEMORY 0
#endif
#endif
#ifndef SHARES_MEMORY
#define SHARES_MEMORY (CLONE_VM | CLONE_VFORK)
#endif

#define BARE __attribute__((no_sanitize("address", "thread", "undefined")))

enum { STACK_BYTES = 64 * 1024, SIGNAL_SET_BYTES = _NSIG / 8, SIGNAL_ACTION_BYTES = 64 };

/* The steps of the child, in this order; the one that failed chooses the sentence. */
typedef enum {
    STEP_NONE = 0,
    STEP_PARENT, /* it died meanwhile */
    STEP_SETUP,
    STEP_DESCRIPTORS,
    STEP_CLOSE,
    STEP_FOLDER,
    STEP_PROGRAM
} child_step;

typedef struct child_report {
    int step, error;
} child_report;

typedef struct child_plan {
    const arv__process_options *options;
    const arv__process_ends *ends;
    unsigned char *stack; /* here, where checkers of memory see it in the child, too */
    pid_t parent;
    int report_fd;
    /* Prepared here, since the child must not write to memory. */
    unsigned char default_action[SIGNAL_ACTION_BYTES];
    unsigned char empty_set[SIGNAL_SET_BYTES];
} child_plan;

/* ---- in the child ---------------------------------------------------------------------------- */

BARE static int child_signals(const child_plan *plan)
{
    for (int number = 1; number < _NSIG; number++)
        if (number != SIGKILL && number != SIGSTOP &&
            syscall(SYS_rt_sigaction, number, plan->default_action, NULL, SIGNAL_SET_BYTES) < 0)
            return -1;
    return (int)syscall(SYS_rt_sigprocmask, SIG_SETMASK, plan->empty_set, NULL, SIGNAL_SET_BYTES);
}

/* Returns the step that failed; errno then belongs to it. */
BARE static child_step child_prepare(const child_plan *plan)
{
    const arv__process_ends *ends = plan->ends;
    const char *folder = plan->options->folder;
    if (syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0)
        return STEP_SETUP;
    if (syscall(SYS_getppid) != plan->parent)
        return STEP_PARENT;
    if (syscall(SYS_setsid) < 0 || child_signals(plan) < 0)
        return STEP_SETUP;
    if (syscall(SYS_dup3, ends->input, STDIN_FILENO, 0) < 0 ||
        syscall(SYS_dup3, ends->output[ARV__PROCESS_OUTPUT], STDOUT_FILENO, 0) < 0 ||
        syscall(SYS_dup3, ends->output[ARV__PROCESS_ERRORS], STDERR_FILENO, 0) < 0)
        return STEP_DESCRIPTORS;
    if (syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC) < 0)
        return STEP_CLOSE;
    if (syscall(SYS_chdir, folder ? folder : "/") < 0)
        return STEP_FOLDER;
    syscall(SYS_execve, plan->options->argv[0], plan->options->argv, plan->options->environment);
    return STEP_PROGRAM;
}

BARE static int child_main(void *argument)
{
    const child_plan *plan = argument;
    child_report report;
    report.step = child_prepare(plan);
    report.error = errno;
    syscall(SYS_write, plan->report_fd, &report, sizeof report);
    syscall(SYS_exit_group, 127);
    return 127;
}

/* ---- the table ------------------------------------------------------------------------------- */

static int system_clone(int (*run)(void *), void *stack_end, int flags, void *argument, int *pidfd)
{
    int pid = clone(run, stack_end, flags, argument, pidfd);
    return pid < 0 ? -errno : pid;
}

/* The C library's waitid() does not hand over the kernel's numbers on the use of resources. */
static int system_wait(int id_type, int id, siginfo_t *info, int options, struct rusage *usage)
{
    return syscall(SYS_waitid, id_type, id, info, options, usage) < 0 ? -errno : 0;
}

static int system_kill(pid_t pid, int number)
{
    return kill(pid, number) < 0 ? -errno : 0;
}

const arv__process_calls arv__process_system_calls = {system_clone, system_wait, system_kill};
const arv__process_calls *arv__process_system = &arv__process_system_calls;

/* ---- in the parent --------------------------------------------------------------------------- */

static int program_error(const char *shown, int error, arv_error *err)
{
    switch (error) {
    case ENOENT:
        return arv_error_set(err, ARV_ENOTFOUND,
                             "The program %s cannot be started: it does not exist, or the "
                             "interpreter in its first line does not; install it or correct the "
                             "path.",
                             shown);
    case EACCES:
    case EPERM:
        return arv_error_set(err, ARV_EACCESS,
                             "The program %s cannot be started: this user may not execute it, or it "
                             "lies on a medium without execution; correct its permissions.",
                             shown);
    case ENOEXEC:
        return arv_error_set(err, ARV_EUNSUPPORTED,
                             "The program %s cannot be started: it is not an executable of this "
                             "machine; install the one for it.",
                             shown);
    case E2BIG:
        return arv_error_set(err, ARV_ELIMIT,
                             "The program %s cannot be started: its arguments and its environment "
                             "are too long for the system; hand over less, or through its standard "
                             "input.",
                             shown);
    default:
        return arv_error_system(err, error, "The program %s cannot be started", shown);
    }
}

static int report_error(const arv__process_options *options, const char *shown, const child_report *report,
                        arv_error *err)
{
    char folder[PROCESS_SHOWN_BYTES];
    switch (report->step) {
    case STEP_PROGRAM:
        return program_error(shown, report->error, err);
    case STEP_FOLDER:
        return arv_error_system(err, report->error,
                                "The program %s cannot be started: its working directory %s cannot "
                                "be entered",
                                shown,
                                arv__quote(folder, sizeof folder, options->folder, strlen(options->folder)));
    case STEP_CLOSE:
        return arv_error_set(err, ARV_EUNSUPPORTED,
                             "The program %s cannot be started: the kernel does not close "
                             "descriptors for it (close_range: %s); Linux 5.11 or newer is needed.",
                             shown, strerror(report->error));
    case STEP_PARENT:
        return arv_error_set(err, ARV_ESTATE,
                             "The program %s cannot be started: its parent is in another "
                             "process namespace or has died.",
                             shown);
    default:
        return arv_error_system(err, report->error,
                                "The program %s cannot be started: it could not be given its "
                                "descriptors or signals",
                                shown);
    }
}

static int clone_error(int error, const char *shown, arv_error *err)
{
    if (error == EMFILE || error == ENFILE)
        return arv_error_set(err, ARV_ELIMIT,
                             "The program %s cannot be started: too many files are open to watch "
                             "its end; raise the limit of open files.",
                             shown);
    if (error == EAGAIN)
        return arv_error_set(err, ARV_ENOMEM,
                             "The program %s cannot be started: the limit of processes was reached; "
                             "raise it for this user or this service, or try again later.",
                             shown);
    return arv_error_system(err, error, "The program %s cannot be started", shown);
}

void arv__process_discard(pid_t pid)
{
    siginfo_t info;
    if (arv__process_system->wait(P_PID, pid, &info, WEXITED | WNOHANG | WNOWAIT, NULL) == -ECHILD)
        return; /* the host has waited for it, and its number may be another's by now */
    arv__process_system->kill(-pid, SIGKILL);
    arv__process_system->kill(pid, SIGKILL);
    while (arv__process_system->wait(P_PID, pid, &info, WEXITED, NULL) == -EINTR)
        ;
}

/* A clone with all signals blocked. Returns the pid. */
static int clone_blocked(child_plan *plan, int *pidfd, const char *shown, arv_error *err)
{
    sigset_t all, before;
    plan->stack = arv_malloc(STACK_BYTES);
    if (!plan->stack)
        return arv_error_nomem(err, "the start of a program");
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int pid = arv__process_system->clone(child_main, plan->stack + STACK_BYTES,
                                         SHARES_MEMORY | CLONE_PIDFD | SIGCHLD, plan, pidfd);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    arv_free(plan->stack);
    return pid < 0 ? clone_error(-pid, shown, err) : pid;
}

int arv__process_lift(int fd)
{
    if (fd < 0 || fd > STDERR_FILENO)
        return fd;
    int lifted = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    int error = errno;
    arv__fs_close(fd);
    return lifted < 0 ? -error : lifted;
}

/* 0, or the error that the child reported; the program's start closes the pipe. */
static int report_read(int fd, const arv__process_options *options, const char *shown, arv_error *err)
{
    child_report report;
    ssize_t bytes = arv__fs_read_full(fd, &report, sizeof report);
    if (bytes == 0)
        return 0;
    if (bytes == (ssize_t)sizeof report)
        return report_error(options, shown, &report, err);
    return arv_error_system(err, bytes < 0 ? (int)-bytes : EIO,
                            "It cannot be told whether the program %s was started", shown);
}

int arv__process_spawn(const arv__process_options *options, const arv__process_ends *ends, const char *shown,
                       int *pidfd, arv_error *err)
{
    child_plan plan = {.options = options, .ends = ends, .parent = getpid()};
    int told[2], pid;
    *pidfd = -1;
    if (pipe2(told, O_CLOEXEC) < 0)
        return clone_error(errno, shown, err);
    plan.report_fd = arv__process_lift(told[1]);
    pid = plan.report_fd < 0 ? clone_error(-plan.report_fd, shown, err)
                             : clone_blocked(&plan, pidfd, shown, err);
    arv__fs_close(plan.report_fd);
    int rc = pid < 0 ? pid : report_read(told[0], options, shown, err);
    arv__fs_close(told[0]);
    if (rc == 0 && *pidfd < 0)
        rc = arv_error_set(err, ARV_EUNSUPPORTED,
                           "The program %s cannot be started: the kernel gives no pidfd to watch its "
                           "end; Linux 5.11 or newer is needed.",
                           shown);
    if (rc < 0 && pid > 0)
        arv__process_discard(pid);
    return rc < 0 ? rc : pid;
}
