/* SPDX-License-Identifier: Apache-2.0 */

/*
 * On Linux, nice values and I/O priorities belong to threads, whatever POSIX says of nice values.
 * Elsewhere setpriority() would change the whole process, the application's threads included, so
 * it is not used there.
 */

#include "loop/priority.h"

#include <errno.h>
#include <string.h>
#if defined(__linux__)
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

enum { NICE_MOST = 19 };

#if defined(__linux__)
/* The C library has neither the call nor the numbers of linux/ioprio.h. */
enum { IO_WHO_PROCESS = 1, IO_CLASS_SHIFT = 13, IO_BEST_EFFORT = 2, IO_IDLE = 3, IO_LOWEST = 7 };

/* 0 or an errno. */
static int priority_nice(unsigned nice)
{
    errno = 0;
    int now = getpriority(PRIO_PROCESS, 0); /* 0: this thread */
    if (now == -1 && errno)
        return errno;
    int wanted = now + (int)nice < NICE_MOST ? now + (int)nice : NICE_MOST;
    return wanted > now && setpriority(PRIO_PROCESS, 0, wanted) < 0 ? errno : 0;
}

/* Never raises: a process that was started by `ionice -c3` keeps its class. */
static int priority_io(arv_io_priority io)
{
    long now = syscall(SYS_ioprio_get, IO_WHO_PROCESS, 0);
    if (now < 0)
        return errno;
    if (now >> IO_CLASS_SHIFT == IO_IDLE)
        return 0;
    int wanted = io == ARV_IO_IDLE ? IO_IDLE << IO_CLASS_SHIFT : IO_BEST_EFFORT << IO_CLASS_SHIFT | IO_LOWEST;
    return syscall(SYS_ioprio_set, IO_WHO_PROCESS, 0, wanted) < 0 ? errno : 0;
}
#else
static int priority_nice(unsigned nice)
{
    (void)nice;
    return ENOSYS;
}

static int priority_io(arv_io_priority io)
{
    (void)io;
    return ENOSYS;
}
#endif

static void priority_tell(arv__mail *mail)
{
    const arv__priority *priority = mail->user_data;
    if (priority->nice_errno)
        arv__log(priority->log, ARV_LOG_WARNING, "engine", NULL,
                 "The system refuses to lower the priority of the engine's threads; they work with "
                 "that of their process. Start the process with nice instead.",
                 ARV__TEXT("cause", strerror(priority->nice_errno)));
    if (priority->io_errno)
        arv__log(priority->log, ARV_LOG_WARNING, "engine", NULL,
                 "The system refuses to lower the I/O priority of the engine's threads; they work "
                 "with that of their process. Start the process with ionice instead.",
                 ARV__TEXT("cause", strerror(priority->io_errno)));
}

arv__mail *arv__priority_enter(arv__priority *priority)
{
    if (!priority)
        return NULL;
    int nice_errno = priority->nice ? priority_nice(priority->nice) : 0;
    int io_errno = priority->io != ARV_IO_NORMAL ? priority_io(priority->io) : 0;
    if ((!nice_errno && !io_errno) || __atomic_exchange_n(&priority->refused, true, __ATOMIC_RELAXED))
        return NULL;
    priority->nice_errno = nice_errno;
    priority->io_errno = io_errno;
    priority->letter.deliver = priority_tell;
    priority->letter.user_data = priority;
    return &priority->letter;
}
