/* SPDX-License-Identifier: Apache-2.0 */
#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "text.h"

enum { PROGRESS_EVERY_MS = 100, PROGRESS_COLUMNS_MAX = 240, PROGRESS_BAR_MIN = 8 };

/* Seconds over which the rate is smoothed. */
#define PROGRESS_SMOOTH_S 3.0

static struct {
    bool on;
    int64_t drawn_ms; /* when it was drawn last; 0: never */
    uint64_t drawn_bytes;
    double bytes_per_second;
    int shown; /* columns that are on the screen now */
} progress;

static int64_t progress_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int progress_columns(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return 80;
    return size.ws_col < PROGRESS_COLUMNS_MAX ? size.ws_col : PROGRESS_COLUMNS_MAX;
}

void progress_start(bool wanted)
{
    progress.on = wanted && isatty(STDERR_FILENO);
    progress.drawn_ms = 0;
}

static void progress_rate(int64_t now_ms, uint64_t done_bytes)
{
    double seconds = (double)(now_ms - progress.drawn_ms) / 1000;
    if (progress.drawn_ms == 0 || done_bytes < progress.drawn_bytes) {
        progress.bytes_per_second = 0; /* the first pass begins, or a second one */
        return;
    }
    double rate = (double)(done_bytes - progress.drawn_bytes) / seconds;
    double weight = progress.bytes_per_second > 0 ? seconds / (seconds + PROGRESS_SMOOTH_S) : 1;
    progress.bytes_per_second += (rate - progress.bytes_per_second) * weight;
}

/* Writes "1.2 GB of 2.6 GB  350 MB/s  4 s left", as far as the numbers are known. */
static size_t progress_numbers(char *into, size_t room, uint64_t done_bytes, uint64_t total_bytes)
{
    char done[TEXT_SIZE_BYTES], total[TEXT_SIZE_BYTES], rate[TEXT_SIZE_BYTES];
    size_t length = (size_t)snprintf(into, room, "%s", text_size(done_bytes, done));
    if (total_bytes)
        length += (size_t)snprintf(into + length, room - length, " of %s", text_size(total_bytes, total));
    if (progress.bytes_per_second < 1)
        return length;
    length += (size_t)snprintf(into + length, room - length, "  %s/s",
                               text_size((uint64_t)progress.bytes_per_second, rate));
    if (total_bytes > done_bytes) {
        double left = (double)(total_bytes - done_bytes) / progress.bytes_per_second;
        if (left < 120)
            length += (size_t)snprintf(into + length, room - length, "  %.0f s left", left + 0.5);
        else if (left < 7200)
            length += (size_t)snprintf(into + length, room - length, "  %.0f min left", left / 60);
        else if (left < 1e7)
            length += (size_t)snprintf(into + length, room - length, "  %.0f h left", left / 3600);
    }
    return length;
}

static size_t progress_bar(char *into, size_t width, uint64_t done_bytes, uint64_t total_bytes)
{
    double share = total_bytes ? (double)done_bytes / (double)total_bytes : 0;
    size_t full = (size_t)((double)(width - 2) * (share > 1 ? 1 : share));
    into[0] = '[';
    memset(into + 1, '#', full);
    memset(into + 1 + full, '.', width - 2 - full);
    into[width - 1] = ']';
    return width;
}

void progress_draw(const char *what, uint64_t done_bytes, uint64_t total_bytes)
{
    char line[PROGRESS_COLUMNS_MAX + 1], numbers[4 * TEXT_SIZE_BYTES];
    if (!progress.on)
        return;
    int64_t now_ms = progress_now_ms();
    if (progress.drawn_ms && now_ms - progress.drawn_ms < PROGRESS_EVERY_MS)
        return;
    progress_rate(now_ms, done_bytes);
    progress.drawn_ms = now_ms;
    progress.drawn_bytes = done_bytes;

    size_t columns = (size_t)progress_columns() - 1; /* the last one would wrap in some terminals */
    size_t length = progress_numbers(numbers, sizeof numbers, done_bytes, total_bytes);
    size_t at = (size_t)snprintf(line, sizeof line, "%s  ", what);
    if (total_bytes && at + length + 2 + PROGRESS_BAR_MIN <= columns) {
        size_t width = columns - at - length - 2;
        at += progress_bar(line + at, width < 40 ? width : 40, done_bytes, total_bytes);
        at += (size_t)snprintf(line + at, sizeof line - at, "  ");
    }
    at += (size_t)snprintf(line + at, sizeof line - at, "%s", numbers);
    int shown = (int)(at < columns ? at : columns);
    int wipe = progress.shown > shown ? progress.shown - shown : 0;
    fprintf(stderr, "\r%.*s%*s", shown, line, wipe, "");
    fflush(stderr);
    progress.shown = shown;
}

void progress_clear(void)
{
    if (progress.shown == 0)
        return;
    fprintf(stderr, "\r%*s\r", progress.shown, "");
    fflush(stderr);
    progress.shown = 0;
}
