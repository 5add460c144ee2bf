/* SPDX-License-Identifier: Apache-2.0 */
#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t signals_first, signals_asks, signals_json;
static volatile time_t signals_first_s; /* written before signals_first, read after it */

static void signals_end(int number)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigset_t set;
    sigaction(number, &action, NULL);
    sigemptyset(&set);
    sigaddset(&set, number);
    raise(number);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static void signals_say(int fd, const char *text)
{
    ssize_t written = write(fd, text, strlen(text));
    (void)written; /* nothing can be done about a failure here */
}

/* A signal handler: must call async-signal-safe functions only. */
static void signals_handle(int number)
{
    int kept = errno;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (!signals_asks && number == SIGPIPE) {
        signals_end(number);
    } else if (!signals_asks) {
        signals_say(STDERR_FILENO, "archivist: The operation was cancelled by a signal before it "
                                   "wrote anything.\n");
        if (signals_json)
            signals_say(STDOUT_FILENO, "{\"error\":{\"name\":\"CANCELED\",\"code\":-80,\"message\":\"The "
                                       "operation was cancelled by a signal before it wrote anything.\","
                                       "\"exit\":6}}\n");
        signals_end(number);
    } else if (!signals_first) {
        signals_first_s = now.tv_sec;
        signals_first = number;
    } else if (number != SIGPIPE && now.tv_sec - signals_first_s > 1) {
        signals_end(number); /* not at once: timeout(1) and some terminals send each signal twice */
    }
    errno = kept;
}

void signals_install(bool json)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
    struct sigaction action = {.sa_handler = signals_handle, .sa_flags = SA_RESTART}, old;
    sigfillset(&action.sa_mask);
    signals_json = json;
    for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++)
        /* nohup and background jobs of old shells ignore signals on purpose */
        if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(numbers[i], &action, NULL);
    action.sa_handler = SIG_IGN; /* a limit of file sizes is an error like a full disk */
    sigaction(SIGXFSZ, &action, NULL);
}

void signals_ignore_pipe(void)
{
    struct sigaction action = {.sa_handler = SIG_IGN};
    sigaction(SIGPIPE, &action, NULL);
}

void signals_ask(void)
{
    signals_asks = 1;
}

int signals_taken(void)
{
    return signals_first;
}

void signals_die(void)
{
    signals_end(signals_first);
}
