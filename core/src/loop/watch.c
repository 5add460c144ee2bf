/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Watches have an epoll object of their own, and libuv watches that one. uv_poll_t would need a
 * handle per descriptor that outlives its stop until a close callback ran, it switches descriptors
 * to non-blocking behind their owner's back, and it aborts the process in its next turn when a
 * descriptor was closed too early. Here epoll_ctl() answers the caller at once.
 *
 * The kernel's set holds pointers to watches, so a stopped watch must not stay in it. If a watch cannot
 * be taken out, since its descriptor was closed before (the description may live on behind a copy and
 * report for ever), the loop makes the set anew from the watches that it knows.
 */

#include "loop/private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "loop/fileops.h"

enum { BATCH = 64 }; /* events a turn; the kernel takes turns among those that are ready */

/* ---- calling back ---------------------------------------------------------------------------- */

static unsigned events_ours(const arv__watch *watch, uint32_t seen)
{
    unsigned events = (seen & EPOLLIN ? ARV__WATCH_READ : 0) | (seen & EPOLLOUT ? ARV__WATCH_WRITE : 0);
    events &= watch->events; /* they may have been changed since the batch was taken */
    if (seen & (EPOLLHUP | EPOLLERR))
        events = watch->events | (seen & EPOLLHUP ? ARV__WATCH_HANGUP : 0) |
                 (seen & EPOLLERR ? ARV__WATCH_ERROR : 0);
    return events;
}

static void watched_cb(uv_poll_t *handle, int status, int unused)
{
    arv__loop *loop = handle->data;
    struct epoll_event ready[BATCH];
    unsigned called = 0;
    (void)status;
    (void)unused;
    if (loop->yielded)
        return;
    int count = epoll_wait(loop->watch_fd, ready, BATCH, 0);
    loop->ready = ready;
    loop->ready_count = count > 0 ? count : 0;
    for (int i = 0; i < loop->ready_count && arv__loop_goes_on(loop); i++) {
        arv__watch *watch = ready[i].data.ptr;
        unsigned events = watch ? events_ours(watch, ready[i].events) : 0;
        if (!events)
            continue;
        called++;
        watch->ready(watch, events);
    }
    loop->ready = NULL;
    loop->ready_count = 0;
    loop->stirred += called;
    loop->stray = loop->stray || called == 0;
}

/* ---- the kernel's set ------------------------------------------------------------------------ */

static int set_open(arv__loop *loop, arv_error *err)
{
    if (loop->watch_fd >= 0)
        return 0;
    int fd = epoll_create1(EPOLL_CLOEXEC);
    int rc = fd < 0 ? -errno : uv_poll_init(&loop->uv, &loop->watched, fd);
    if (rc == 0) {
        loop->watched.data = loop;
        loop->watch_fd = fd;
        uv_poll_start(&loop->watched, UV_READABLE, watched_cb);
        return 0;
    }
    arv__fs_close(fd);
    return arv_error_system(err, -rc,
                            "Descriptors cannot be watched; raise the limit of open files "
                            "if it was reached");
}

/* 0 or an errno. */
static int set_control(const arv__loop *loop, int operation, arv__watch *watch, unsigned events)
{
    struct epoll_event event = {.data.ptr = watch};
    event.events = (events & ARV__WATCH_READ ? EPOLLIN : 0) | (events & ARV__WATCH_WRITE ? EPOLLOUT : 0);
    return epoll_ctl(loop->watch_fd, operation, watch->fd, &event) < 0 ? errno : 0;
}

/* The new object takes the descriptor of the old one, which ends the old one. If the new object refuses a
 * watch, the descriptor of that watch was closed. */
static void set_renew(arv__loop *loop)
{
    int fd = epoll_create1(EPOLL_CLOEXEC);
    uv_poll_stop(&loop->watched);
    if (fd < 0 || dup3(fd, loop->watch_fd, O_CLOEXEC) < 0)
        arv__loop_defect("a descriptor was closed before its watch was stopped, and the watches "
                         "cannot be started anew");
    arv__fs_close(fd);
    uv_poll_start(&loop->watched, UV_READABLE, watched_cb);
    for (arv__watch *watch = loop->watches; watch; watch = watch->next)
        if (watch->fd >= 0)
            set_control(loop, EPOLL_CTL_ADD, watch, watch->events);
}

void arv__watches_close(arv__loop *loop)
{
    arv__fs_close(loop->watch_fd);
    loop->watch_fd = -1;
}

/* ---- start and stop -------------------------------------------------------------------------- */

static int start_error(int fd, int error, arv_error *err)
{
    switch (error) {
    case EBADF:
        return arv_error_set(err, ARV_EINVALID, "Descriptor %d cannot be watched: it is not open.", fd);
    case EPERM:
        return arv_error_set(err, ARV_EUNSUPPORTED,
                             "Descriptor %d cannot be watched: it is a file or a folder, which is "
                             "always ready; read it on a pool.",
                             fd);
    case EEXIST:
        return arv_error_set(err, ARV_ESTATE,
                             "Descriptor %d cannot be watched twice; stop its other watch first.", fd);
    case ENOSPC:
        return arv_error_set(err, ARV_ELIMIT,
                             "Descriptor %d cannot be watched: the system's limit of watched "
                             "descriptors was reached; raise fs.epoll.max_user_watches.",
                             fd);
    default:
        return arv_error_system(err, error, "Descriptor %d cannot be watched", fd);
    }
}

/* If the kernel took a descriptor that a former watch has as well, the descriptor was closed in between and
 * its number was given again. */
static void former_drop(const arv__watch *watch)
{
    for (arv__watch *former = watch->next; former; former = former->next) {
        if (former->fd == watch->fd) {
            former->fd = -1;
            set_renew(watch->loop);
            return;
        }
    }
}

int arv__watch_start(arv__loop *loop, arv__watch *watch, int fd, unsigned events, arv_error *err)
{
    events &= ARV__WATCH_READ | ARV__WATCH_WRITE;
    arv__loop_check_fork(loop);
    bool same = watch->link && watch->fd == fd;
    if (!events || !same)
        arv__watch_stop(watch);
    if (!events)
        return 0;
    int rc = set_open(loop, err);
    if (rc < 0)
        return rc;
    watch->loop = loop;
    watch->fd = fd;
    int error = set_control(loop, same ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, watch, events);
    if (error) {
        if (same)
            arv__watch_stop(watch);
        watch->fd = -1;
        return start_error(fd, error, err);
    }
    watch->events = events;
    if (same)
        return 0;
    watch->next = loop->watches;
    watch->link = &loop->watches;
    if (watch->next)
        watch->next->link = &watch->next;
    loop->watches = watch;
    former_drop(watch);
    return 0;
}

void arv__watch_stop(arv__watch *watch)
{
    arv__loop *loop = watch->loop;
    if (!watch->link)
        return;
    *watch->link = watch->next;
    if (watch->next)
        watch->next->link = watch->link;
    watch->next = NULL;
    watch->link = NULL;
    for (int i = 0; i < loop->ready_count; i++)
        if (loop->ready[i].data.ptr == watch)
            loop->ready[i].data.ptr = NULL;
    arv__loop_check_fork(loop); /* the set would be the parent's */
    if (watch->fd >= 0 && set_control(loop, EPOLL_CTL_DEL, watch, 0) != 0)
        set_renew(loop);
}

void arv__watch_close(arv__watch *watch)
{
    arv__watch_stop(watch);
    if (watch->loop)
        arv__fs_close(watch->fd);
    watch->fd = -1;
}

bool arv__watch_started(const arv__watch *watch)
{
    return watch->link != NULL;
}
